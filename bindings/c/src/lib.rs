//! The functions of the C library: conversions, and core.
//!
//! Their documentation goes to `include/tokmint.h`, which also states the conventions that hold for all of them; the
//! test `header` writes and compares it. What crosses the border is checked in `boundary.rs`.

#![allow(unsafe_code, reason = "C passes pointers")]
#![allow(
    clippy::missing_safety_doc,
    reason = "the header states it once for all functions"
)]

mod boundary;
mod options;
mod status;
mod token;

use std::ffi::c_char;

use crate::boundary::{boundary, buffer, bytes, place, reference, text};
use crate::options::{Classes, TokenOptions, VerifyOptions};
use crate::status::{Fault, Status};
use crate::token::{OwnedToken, Token};

/// Room for all but the longest tokens. They are made on the stack and copied once, to where the NUL has its place;
/// appending it to a string of core's would move that.
const USUAL_TOKEN_BYTES: usize = 1024;

/// The credentials of one project. Immutable, and safe to use from many threads at once.
pub struct OpenTok(tokmint::OpenTok);

/// Takes a project's API key and API secret, as the account page shows them. The secret is not kept: the library keeps
/// what it computes from it, and wipes that when the handle is freed.
///
/// `opentok` receives the handle; free it with `tokmint_opentok_free`.
///
/// Errors: `INVALID_API_KEY`, `INVALID_API_SECRET`.
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
            let opentok = place(opentok, "opentok")?;
            let api_key = text(api_key, api_key_length, "api_key")?;
            let api_secret = text(api_secret, api_secret_length, "api_secret")?;
            let created = OpenTok(tokmint::OpenTok::new(api_key, api_secret)?);
            opentok.write(Box::into_raw(Box::new(created)));
            Ok(())
        })
    }
}

/// Frees a handle, once no thread uses it any more. NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tokmint_opentok_free(opentok: *mut OpenTok) {
    // SAFETY: the caller keeps the conventions of the header.
    unsafe { boundary::free(opentok) }
}

/// Generates a token that admits its holder to a session.
///
/// `options` may be NULL, for a publisher's JWT that lives for 24 hours. `token` receives the token, to be freed with
/// `tokmint_string_free`; `token_length` its length in bytes, and may be NULL.
///
/// Errors: `INVALID_SESSION_ID`, `SESSION_OF_OTHER_PROJECT`, those of the options (30 to 38), `SYSTEM_CLOCK` and
/// `SYSTEM_RANDOM`.
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
            let opentok = reference(opentok, "opentok")?;
            let token = place(token, "token")?;
            let session_id = text(session_id, session_id_length, "session_id")?;
            let mut classes = Classes::new();
            let options = boundary::options(options, "options.size")?.to_core(&mut classes)?;
            let mut usual = [0; USUAL_TOKEN_BYTES];
            let length = opentok
                .0
                .generate_token_into(session_id, &options, &mut usual)?;
            let longer;
            let generated = match usual.get(..length) {
                Some(generated) => generated,
                None => {
                    longer = opentok.0.generate_token(session_id, &options)?;
                    longer.as_bytes()
                }
            };
            if !token_length.is_null() {
                token_length.write(generated.len());
            }
            token.write(boundary::string_into_raw(generated));
            Ok(())
        })
    }
}

/// Generates a token into a buffer of the caller's, without any allocation up to 16 layout classes.
///
/// `token_length` receives the token's length in bytes; the buffer must hold one more, for the NUL. If it does not,
/// nothing is written to it, the answer is `BUFFER_TOO_SHORT`, and `token_length` receives a length with which any token
/// of these options fits. So a first call with a `buffer_size` of 0, for which `buffer` may be NULL, asks for the length.
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
            let opentok = reference(opentok, "opentok")?;
            let token_length = place(token_length, "token_length")?;
            let session_id = text(session_id, session_id_length, "session_id")?;
            let mut classes = Classes::new();
            let options = boundary::options(options, "options.size")?.to_core(&mut classes)?;
            let buffer = self::buffer(buffer, buffer_size, tokmint::limits::MAX_TOKEN_BYTES)?;
            let room = buffer.len().saturating_sub(1);
            let length =
                opentok
                    .0
                    .generate_token_into(session_id, &options, &mut buffer[..room])?;
            token_length.write(length);
            // If core found no room, the length is beyond the buffer.
            let nul = buffer.get_mut(length);
            *nul.ok_or(Fault::BufferTooShort { length })? = 0;
            Ok(())
        })
    }
}

/// Verifies a token of this project, JWT or T1: signature, project, session and time.
///
/// `options` may be NULL, for the current time, no leeway and any session of the project. `verified` receives what the
/// token says; free it with `tokmint_token_free`. Whether the session still exists, only the server knows.
///
/// Errors: 39 to 49, `SESSION_OF_OTHER_PROJECT` and `SYSTEM_CLOCK`.
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
            let verified = place(verified, "verified")?;
            let token = bytes(token, token_length, "token")?;
            let options = boundary::options(options, "options.size")?.to_core()?;
            let token = opentok.0.verify_token(token, &options)?;
            verified.write(OwnedToken::into_raw(&token));
            Ok(())
        })
    }
}

/// Frees what `tokmint_verify_token` gave, with everything it points to. NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tokmint_token_free(token: *mut Token) {
    // SAFETY: the caller keeps the conventions of the header, and an owned token begins with the public one.
    unsafe { boundary::free(token.cast::<OwnedToken>()) }
}

/// Frees a token's text or a message. NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tokmint_string_free(string: *mut c_char) {
    // SAFETY: the caller keeps the conventions of the header.
    unsafe { boundary::string_free(string) }
}

/// The version of the library that is running, such as `0.1.0`; `TOKMINT_VERSION` is that of the header. Static.
#[unsafe(no_mangle)]
pub extern "C" fn tokmint_version() -> *const c_char {
    concat!(env!("CARGO_PKG_VERSION"), "\0").as_ptr().cast()
}

/// The name of a status, such as `invalid_role`, which is the same in every language of tokmint; `unknown` for a number
/// that is none. Static.
#[unsafe(no_mangle)]
pub extern "C" fn tokmint_error_name(status: i32) -> *const c_char {
    status::name(status)
}
