//! The functions of the C library: conversions, and core.
//!
//! Their documentation goes to `include/tokmint.h`, which also states the conventions that hold for
//! all of them; the test `header` writes and compares it. `boundary.rs` checks what is passed.

#![allow(unsafe_code, reason = "C passes pointers")]
#![allow(clippy::missing_safety_doc, reason = "the header states it once for all functions")]

mod boundary;
mod generate;
mod inspection;
mod inspection_exports;
mod options;
mod session;
mod status;
mod token;

use std::ffi::{CString, c_char};
use std::ptr;

use tokmint::Error;

use crate::boundary::{boundary, buffer, bytes, output, reference, string};
use crate::generate::{give_string, give_token, into_buffer};
use crate::inspection::Inspection;
use crate::options::{InspectOptions, RestTokenOptions, TokenOptions, VerifyOptions};
use crate::status::Status;
use crate::token::{OwnedToken, Token, give_verified};

/// The credentials of one project or of one application. Immutable, and safe to use from many
/// threads at once.
pub struct OpenTok {
    core: tokmint::OpenTok,
    /// The API key or the application ID, as C reads it.
    issuer: CString,
}

impl OpenTok {
    /// Puts credentials where C can hold them. [`crate::boundary::free`] frees them.
    fn into_raw(core: tokmint::OpenTok) -> *mut OpenTok {
        let issuer = core.api_key().or(core.application_id()).unwrap_or_default();
        let issuer = CString::new(issuer).expect("digits, letters and hyphens hold no NUL");
        Box::into_raw(Box::new(OpenTok { core, issuer }))
    }
}

/// Takes a project's API key and API secret, as the account page shows them. The handle keeps the
/// secret and the HMAC states made from it, and wipes both when it and its sessions are freed.
///
/// `opentok` receives the handle; free it with `tokmint_opentok_free`.
///
/// Errors: those of credentials.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tokmint_opentok_new(
    api_key: *const c_char,
    api_key_length: usize,
    api_secret: *const c_char,
    api_secret_length: usize,
    opentok: *mut *mut OpenTok,
    message: *mut *mut c_char,
) -> Status {
    // SAFETY: the caller keeps the conventions of the header.
    unsafe {
        boundary(message, || {
            let opentok = output(opentok, "opentok")?;
            let api_key = string(api_key, api_key_length, "api_key")?;
            let api_secret = string(api_secret, api_secret_length, "api_secret")?;
            let created = tokmint::OpenTok::new(api_key, api_secret)?;
            opentok.write(OpenTok::into_raw(created));
            Ok(())
        })
    }
}

/// Takes the ID of a Vonage application and its RSA private key. The handle keeps the key, and
/// wipes it when it and its sessions are freed.
///
/// `private_key` is what the key's file holds, never its path: PEM, also as environment variables
/// change it, or DER, which is binary and needs its length. PKCS #8 or PKCS #1, 2048 to 8192 bits.
///
/// `opentok` receives the handle; free it with `tokmint_opentok_free`.
///
/// Errors: those of credentials.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tokmint_opentok_new_application(
    application_id: *const c_char,
    application_id_length: usize,
    private_key: *const c_char,
    private_key_length: usize,
    opentok: *mut *mut OpenTok,
    message: *mut *mut c_char,
) -> Status {
    // SAFETY: the caller keeps the conventions of the header.
    unsafe {
        boundary(message, || {
            let opentok = output(opentok, "opentok")?;
            let application_id = string(application_id, application_id_length, "application_id")?;
            let private_key = bytes(private_key, private_key_length, "private_key")?;
            let created = tokmint::OpenTok::for_application(application_id, private_key)?;
            opentok.write(OpenTok::into_raw(created));
            Ok(())
        })
    }
}

/// Takes the ID of a Vonage application and its public key, for a service that verifies and
/// inspects tokens and must not be able to generate any: those calls give `NO_PRIVATE_KEY`.
///
/// `public_key` is what the key's file holds, never its path: PEM, an X.509 certificate, a JWK, or
/// DER, which is binary and needs its length. A private key is refused.
///
/// `opentok` receives the handle; free it with `tokmint_opentok_free`.
///
/// Errors: those of credentials.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tokmint_opentok_new_verifier(
    application_id: *const c_char,
    application_id_length: usize,
    public_key: *const c_char,
    public_key_length: usize,
    opentok: *mut *mut OpenTok,
    message: *mut *mut c_char,
) -> Status {
    // SAFETY: the caller keeps the conventions of the header.
    unsafe {
        boundary(message, || {
            let opentok = output(opentok, "opentok")?;
            let application_id = string(application_id, application_id_length, "application_id")?;
            let public_key = bytes(public_key, public_key_length, "public_key")?;
            let created = tokmint::OpenTok::verifier(application_id, public_key)?;
            opentok.write(OpenTok::into_raw(created));
            Ok(())
        })
    }
}

/// The API key of a project, which is no secret; NULL for an application and for NULL. It belongs
/// to the handle and ends with it.
#[unsafe(no_mangle)]
pub extern "C" fn tokmint_opentok_api_key(opentok: Option<&OpenTok>) -> *const c_char {
    let project = opentok.filter(|opentok| opentok.core.api_key().is_some());
    project.map_or(ptr::null(), |project| project.issuer.as_ptr())
}

/// The ID of an application in lower case, which is no secret; NULL for a project and for NULL. It
/// belongs to the handle and ends with it.
#[unsafe(no_mangle)]
pub extern "C" fn tokmint_opentok_application_id(opentok: Option<&OpenTok>) -> *const c_char {
    let application = opentok.filter(|opentok| opentok.core.application_id().is_some());
    application.map_or(ptr::null(), |application| application.issuer.as_ptr())
}

/// Frees a handle, once no thread uses it any more. NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tokmint_opentok_free(opentok: *mut OpenTok) {
    // SAFETY: the caller keeps the conventions of the header.
    unsafe { boundary::free(opentok) }
}

/// Initialises options with nothing set, as `TOKMINT_TOKEN_OPTIONS_INIT` does, for languages that
/// cannot use the macro. `size` is that of the struct in bytes, as the caller knows it.
///
/// Errors: `INVALID_SIZE` if no version of this library has such a struct.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tokmint_token_options_init(
    options: *mut TokenOptions,
    size: usize,
) -> Status {
    // SAFETY: the caller keeps the conventions of the header.
    unsafe { boundary(ptr::null_mut(), || boundary::init(options, size)) }
}

/// Initialises options with nothing set, as `TOKMINT_REST_TOKEN_OPTIONS_INIT` does. The rest is as
/// for `tokmint_token_options_init`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tokmint_rest_token_options_init(
    options: *mut RestTokenOptions,
    size: usize,
) -> Status {
    // SAFETY: the caller keeps the conventions of the header.
    unsafe { boundary(ptr::null_mut(), || boundary::init(options, size)) }
}

/// Initialises options with nothing set, as `TOKMINT_VERIFY_OPTIONS_INIT` does. The rest is as for
/// `tokmint_token_options_init`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tokmint_verify_options_init(
    options: *mut VerifyOptions,
    size: usize,
) -> Status {
    // SAFETY: the caller keeps the conventions of the header.
    unsafe { boundary(ptr::null_mut(), || boundary::init(options, size)) }
}

/// Initialises options with nothing set, as `TOKMINT_INSPECT_OPTIONS_INIT` does. The rest is as for
/// `tokmint_token_options_init`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tokmint_inspect_options_init(
    options: *mut InspectOptions,
    size: usize,
) -> Status {
    // SAFETY: the caller keeps the conventions of the header.
    unsafe { boundary(ptr::null_mut(), || boundary::init(options, size)) }
}

/// Generates a token that admits its holder to a session.
///
/// `options` may be NULL, for a publisher's JWT that lives for 24 hours. `token` receives the
/// token, to be freed with `tokmint_string_free`; `token_length` its length in bytes, and may be
/// NULL.
///
/// Errors: those of session, options and system, and `NO_PRIVATE_KEY`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tokmint_generate_token(
    opentok: *const OpenTok,
    session_id: *const c_char,
    session_id_length: usize,
    options: *const TokenOptions,
    token: *mut *mut c_char,
    token_length: *mut usize,
    message: *mut *mut c_char,
) -> Status {
    // SAFETY: the caller keeps the conventions of the header.
    unsafe {
        boundary(message, || {
            let token = output(token, "token")?;
            let opentok = reference(opentok, "opentok")?;
            let session_id = string(session_id, session_id_length, "session_id")?;
            let options = boundary::options(options)?;
            give_token(options, token, token_length, |options, buffer| {
                opentok.core.generate_token_into(session_id, options, buffer)
            })
        })
    }
}

/// Generates a token into a buffer of the caller's. For a project it allocates nothing up to 16
/// layout classes, except for the first token of a format in a process; for an application, RSA
/// allocates.
///
/// `token_length` receives the token's length in bytes; the buffer must hold one more, for the
/// NUL. If it does not, nothing is written to it, the status is `BUFFER_TOO_SHORT`, and
/// `token_length` receives a length with which any token of these options fits. So a first call
/// with a `buffer_size` of 0, for which `buffer` may be NULL, asks for the length.
///
/// Errors: those of `tokmint_generate_token`, and `BUFFER_TOO_SHORT`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tokmint_generate_token_into(
    opentok: *const OpenTok,
    session_id: *const c_char,
    session_id_length: usize,
    options: *const TokenOptions,
    buffer: *mut c_char,
    buffer_size: usize,
    token_length: *mut usize,
    message: *mut *mut c_char,
) -> Status {
    // SAFETY: the caller keeps the conventions of the header.
    unsafe {
        boundary(message, || {
            let token_length = output(token_length, "token_length")?;
            let buffer = self::buffer(buffer, buffer_size, tokmint::limits::MAX_TOKEN_BYTES)?;
            let opentok = reference(opentok, "opentok")?;
            let session_id = string(session_id, session_id_length, "session_id")?;
            let options = boundary::options(options)?;
            into_buffer(options, buffer, token_length, |options, buffer| {
                opentok.core.generate_token_into(session_id, options, buffer)
            })
        })
    }
}

/// Generates a JWT for the platform's REST calls, such as creating a session: the value of the
/// header `X-OPENTOK-AUTH` for a project, and what follows `Authorization: Bearer` for an
/// application. It is for servers only, and admits nobody to a session.
///
/// `options` may be NULL, for a token that lives 180 seconds for a project and 900 for an
/// application. `token` receives the token, to be freed with `tokmint_string_free`; `token_length`
/// its length in bytes, and may be NULL.
///
/// Errors: those of options and system, and `NO_PRIVATE_KEY`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tokmint_generate_rest_token(
    opentok: *const OpenTok,
    options: *const RestTokenOptions,
    token: *mut *mut c_char,
    token_length: *mut usize,
    message: *mut *mut c_char,
) -> Status {
    // SAFETY: the caller keeps the conventions of the header.
    unsafe {
        boundary(message, || {
            let token = output(token, "token")?;
            let opentok = reference(opentok, "opentok")?;
            let options = boundary::options(options)?.to_core()?;
            let generated = opentok.core.generate_rest_token(&options)?;
            give_string(generated.as_bytes(), token, token_length);
            Ok(())
        })
    }
}

/// Generates a JWT for REST calls into a buffer of the caller's. It allocates.
///
/// `token_length` and a buffer that is too short are as for `tokmint_generate_token_into`.
///
/// Errors: those of `tokmint_generate_rest_token`, and `BUFFER_TOO_SHORT`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tokmint_generate_rest_token_into(
    opentok: *const OpenTok,
    options: *const RestTokenOptions,
    buffer: *mut c_char,
    buffer_size: usize,
    token_length: *mut usize,
    message: *mut *mut c_char,
) -> Status {
    // SAFETY: the caller keeps the conventions of the header.
    unsafe {
        boundary(message, || {
            let token_length = output(token_length, "token_length")?;
            let buffer = self::buffer(buffer, buffer_size, tokmint::limits::MAX_TOKEN_BYTES)?;
            let opentok = reference(opentok, "opentok")?;
            let options = boundary::options(options)?.to_core()?;
            let generated = opentok.core.generate_rest_token(&options)?;
            let length = generated.len();
            token_length.write(length);
            let target = buffer.get_mut(..=length);
            let target = target.ok_or(Error::BufferTooShort { length: length + 1 })?;
            target[..length].copy_from_slice(generated.as_bytes());
            target[length] = 0;
            Ok(())
        })
    }
}

/// Verifies a token of this project, JWT or T1, or of this application: signature, issuer, session
/// and time.
///
/// `options` may be NULL, for the current time, no leeway and any session of the project or
/// application.
/// `verified` receives what the token says; free it with `tokmint_token_free`. Whether the session
/// still exists, only the server knows.
///
/// Errors: those of token, `INVALID_LEEWAY`, `SESSION_OF_OTHER_PROJECT` and `SYSTEM_CLOCK`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tokmint_verify_token(
    opentok: *const OpenTok,
    token: *const c_char,
    token_length: usize,
    options: *const VerifyOptions,
    verified: *mut *mut Token,
    message: *mut *mut c_char,
) -> Status {
    // SAFETY: the caller keeps the conventions of the header.
    unsafe {
        boundary(message, || {
            let opentok = reference(opentok, "opentok")?;
            give_verified(token, token_length, options, verified, |token, options| {
                opentok.core.verify_token(token, options)
            })
        })
    }
}

/// Frees what `tokmint_verify_token` or `tokmint_session_verify_token` gave, with everything it
/// points to. NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tokmint_token_free(token: *mut Token) {
    // SAFETY: the caller keeps the conventions of the header, and an owned token begins with the
    // public one.
    unsafe { boundary::free(token.cast::<OwnedToken>()) }
}

/// Inspects a token: what it says, and everything for which a server would refuse it.
/// `tokmint_verify_token` accepts a token, without leeway, if and only if no finding of the
/// inspection with the same credentials is `TOKMINT_SEVERITY_REFUSED`.
///
/// `opentok` may be NULL, for an inspection without credentials: the signature stays unchecked,
/// and the project or application is the one that the token names. Trust nothing that such an
/// inspection shows.
///
/// Takes any bytes as a token. `options` may be NULL, for the current time and any session of the
/// project or application. `inspection` receives what was found, whatever it is; free it with
/// `tokmint_inspection_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tokmint_inspect_token(
    opentok: *const OpenTok,
    token: *const c_char,
    token_length: usize,
    options: *const InspectOptions,
    inspection: *mut *mut Inspection,
    message: *mut *mut c_char,
) -> Status {
    // SAFETY: the caller keeps the conventions of the header.
    unsafe {
        boundary(message, || {
            let inspection = output(inspection, "inspection")?;
            let token = bytes(token, token_length, "token")?;
            let options = boundary::options(options)?.to_core()?;
            let found = match opentok.as_ref() {
                Some(opentok) => opentok.core.inspect_token(token, &options),
                None => tokmint::inspect_token(token, &options),
            };
            inspection.write(Inspection::into_raw(found));
            Ok(())
        })
    }
}

/// Frees a token, a message, or a form of an inspection. NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tokmint_string_free(string: *mut c_char) {
    // SAFETY: the caller keeps the conventions of the header.
    unsafe { boundary::string_free(string) }
}

/// The version of the library that is running, such as `1.2.3`; `TOKMINT_VERSION` is that of the
/// header. Static.
#[unsafe(no_mangle)]
pub extern "C" fn tokmint_version() -> *const c_char {
    concat!(env!("CARGO_PKG_VERSION"), "\0").as_ptr().cast()
}

/// The name of a status, such as `invalid_role`, which is the same in every language of tokmint;
/// `unknown` for a number that is none. Static.
#[unsafe(no_mangle)]
pub extern "C" fn tokmint_error_name(status: Status) -> *const c_char {
    status::name(status)
}
