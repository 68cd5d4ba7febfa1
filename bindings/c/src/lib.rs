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
mod inspection;
mod options;
mod status;
mod token;

use std::ffi::c_char;
use std::ptr;

use crate::boundary::{boundary, buffer, bytes, place, reference, string_into_raw, text};
use crate::inspection::{Field, Finding, Inspection, Signature, element, read};
use crate::options::{Classes, InspectOptions, TokenOptions, VerifyOptions};
use crate::status::{Fault, Status};
use crate::token::{OwnedToken, Token};

/// Room for all but the longest tokens. They are made on the stack and copied once, to where the NUL has its place: a
/// string of core's costs an allocation more, which is 5 % of a token.
const USUAL_TOKEN_BYTES: usize = 1024;

/// Data of so many bytes makes nearly every token longer than the usual, so that trying the stack first would only waste a
/// nonce and a signature.
const LONG_DATA_BYTES: usize = 400;

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
            let token = place(token, "token")?;
            let generate = |opentok: &tokmint::OpenTok,
                            session_id: &str,
                            options: &tokmint::TokenOptions<'_>| {
                if options.data.len() < LONG_DATA_BYTES {
                    let mut usual = [0; USUAL_TOKEN_BYTES];
                    let length = opentok.generate_token_into(session_id, options, &mut usual)?;
                    if let Some(generated) = usual.get(..length) {
                        return Ok((string_into_raw(generated), length));
                    }
                }
                let longer = opentok.generate_token(session_id, options)?;
                Ok((string_into_raw(longer.as_bytes()), longer.len()))
            };
            let (generated, length) =
                generate_with(opentok, session_id, session_id_length, options, generate)?;
            if !token_length.is_null() {
                token_length.write(length);
            }
            token.write(generated);
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
            let token_length = place(token_length, "token_length")?;
            let buffer = self::buffer(buffer, buffer_size, tokmint::limits::MAX_TOKEN_BYTES)?;
            let room = buffer.len().saturating_sub(1);
            let generate = |opentok: &tokmint::OpenTok,
                            session_id: &str,
                            options: &tokmint::TokenOptions<'_>| {
                opentok.generate_token_into(session_id, options, &mut buffer[..room])
            };
            let length = generate_with(opentok, session_id, session_id_length, options, generate)?;
            token_length.write(length);
            // If core found no room, the length is beyond the buffer.
            let nul = buffer.get_mut(length);
            *nul.ok_or(Fault::BufferTooShort { length })? = 0;
            Ok(())
        })
    }
}

/// Reads what both functions that generate are given, and calls core with it.
///
/// # Safety
/// As for those functions.
unsafe fn generate_with<T>(
    opentok: *const OpenTok,
    session_id: *const c_char,
    session_id_length: usize,
    options: *const TokenOptions,
    generate: impl FnOnce(
        &tokmint::OpenTok,
        &str,
        &tokmint::TokenOptions<'_>,
    ) -> Result<T, tokmint::Error>,
) -> Result<T, Fault> {
    // SAFETY: the caller says so.
    unsafe {
        let opentok = reference(opentok, "opentok")?;
        let session_id = text(session_id, session_id_length, "session_id")?;
        let mut classes = Classes::new();
        let options = boundary::options(options, "options.size")?.to_core(&mut classes)?;
        Ok(generate(&opentok.0, session_id, &options)?)
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

/// Inspects a token with the credentials of a project: what it says, and everything for which a server would refuse it.
/// `tokmint_verify_token` accepts a token, without leeway, exactly if no finding is `TOKMINT_SEVERITY_REFUSED`.
///
/// Takes any bytes as a token. `options` may be NULL, for the current time and any session of the project.
/// `inspection` receives what was found, whatever it is; free it with `tokmint_inspection_free`.
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
            let opentok = reference(opentok, "opentok")?;
            let inspection = place(inspection, "inspection")?;
            let token = bytes(token, token_length, "token")?;
            let options = boundary::options(options, "options.size")?.to_core()?;
            inspection.write(Inspection::into_raw(
                opentok.0.inspect_token(token, &options),
            ));
            Ok(())
        })
    }
}

/// Inspects a token without credentials: its signature stays unchecked, and its project is the one that it names. Trust
/// nothing that the inspection shows.
///
/// The rest is as for `tokmint_inspect_token`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tokmint_inspect_token_unchecked(
    token: *const c_char,
    token_length: usize,
    options: *const InspectOptions,
    inspection: *mut *mut Inspection,
    message: *mut *mut c_char,
) -> Status {
    // SAFETY: the caller keeps the conventions of the header.
    unsafe {
        boundary(message, || {
            let inspection = place(inspection, "inspection")?;
            let token = bytes(token, token_length, "token")?;
            let options = boundary::options(options, "options.size")?.to_core()?;
            inspection.write(Inspection::into_raw(tokmint::inspect_token(
                token, &options,
            )));
            Ok(())
        })
    }
}

/// Frees an inspection, with everything that was read from it. NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tokmint_inspection_free(inspection: *mut Inspection) {
    // SAFETY: the caller keeps the conventions of the header.
    unsafe { boundary::free(inspection) }
}

/// Whether verify would refuse the token: whether there is a finding of that severity. True for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tokmint_inspection_is_refused(inspection: *const Inspection) -> bool {
    // SAFETY: the caller keeps the conventions of the header.
    unsafe {
        read(inspection, true, |inspection| {
            inspection.core().is_refused()
        })
    }
}

/// The format, `jwt` or `t1`; NULL if it cannot be told.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tokmint_inspection_format(inspection: *const Inspection) -> *const c_char {
    // SAFETY: the caller keeps the conventions of the header.
    unsafe { read(inspection, ptr::null(), |inspection| inspection.format) }
}

/// Whether the signature is that of the project; unchecked for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tokmint_inspection_signature(inspection: *const Inspection) -> Signature {
    // SAFETY: the caller keeps the conventions of the header.
    unsafe { read(inspection, Signature::Unchecked, Inspection::signature) }
}

/// The number of members of a JWT's header, or 1 for the `partner_id` of a T1 token.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tokmint_inspection_header_count(inspection: *const Inspection) -> usize {
    // SAFETY: the caller keeps the conventions of the header.
    unsafe { read(inspection, 0, |inspection| inspection.header.len()) }
}

/// A member of the header; NULL if the index is not below their number.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tokmint_inspection_header(
    inspection: *const Inspection,
    index: usize,
) -> *const Field {
    // SAFETY: the caller keeps the conventions of the header.
    unsafe {
        read(inspection, ptr::null(), |inspection| {
            element(&inspection.header, index)
        })
    }
}

/// The number of claims of a JWT or of fields of a T1 token.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tokmint_inspection_field_count(inspection: *const Inspection) -> usize {
    // SAFETY: the caller keeps the conventions of the header.
    unsafe { read(inspection, 0, |inspection| inspection.fields.len()) }
}

/// A claim or field, in the order of the token, one that stands there twice twice; NULL if the index is not below their
/// number.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tokmint_inspection_field(
    inspection: *const Inspection,
    index: usize,
) -> *const Field {
    // SAFETY: the caller keeps the conventions of the header.
    unsafe {
        read(inspection, ptr::null(), |inspection| {
            element(&inspection.fields, index)
        })
    }
}

/// The token with its types, if every field reads, whether it is valid or not; otherwise NULL. It belongs to the
/// inspection.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tokmint_inspection_token(inspection: *const Inspection) -> *const Token {
    // SAFETY: the caller keeps the conventions of the header.
    unsafe { read(inspection, ptr::null(), Inspection::token) }
}

/// When the token was issued, as RFC 3339 in UTC; NULL if it does not say so or beyond the year 9999.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tokmint_inspection_created_at(
    inspection: *const Inspection,
) -> *const c_char {
    // SAFETY: the caller keeps the conventions of the header.
    unsafe { read(inspection, ptr::null(), |inspection| inspection.created_at) }
}

/// The first second at which the token is no longer valid, in the same way.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tokmint_inspection_expires_at(
    inspection: *const Inspection,
) -> *const c_char {
    // SAFETY: the caller keeps the conventions of the header.
    unsafe { read(inspection, ptr::null(), |inspection| inspection.expires_at) }
}

/// The time before which a JWT is not valid, in the same way.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tokmint_inspection_not_before(
    inspection: *const Inspection,
) -> *const c_char {
    // SAFETY: the caller keeps the conventions of the header.
    unsafe { read(inspection, ptr::null(), |inspection| inspection.not_before) }
}

/// The address of the seconds until the token's expiry, 0 or less when it is over; NULL if it does not name one.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tokmint_inspection_remaining_lifetime(
    inspection: *const Inspection,
) -> *const i64 {
    // SAFETY: the caller keeps the conventions of the header.
    unsafe { read(inspection, ptr::null(), Inspection::remaining_lifetime) }
}

/// The number of findings.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tokmint_inspection_finding_count(inspection: *const Inspection) -> usize {
    // SAFETY: the caller keeps the conventions of the header.
    unsafe { read(inspection, 0, |inspection| inspection.findings.len()) }
}

/// A finding: first what makes verify refuse the token, in the order of its checks, then warnings, then notes; NULL if
/// the index is not below their number.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tokmint_inspection_finding(
    inspection: *const Inspection,
    index: usize,
) -> *const Finding {
    // SAFETY: the caller keeps the conventions of the header.
    unsafe {
        read(inspection, ptr::null(), |inspection| {
            element(&inspection.findings, index)
        })
    }
}

/// Writes an inspection as one JSON object, in one line. `json` receives it, to be freed with `tokmint_string_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tokmint_inspection_to_json(
    inspection: *const Inspection,
    json: *mut *mut c_char,
    message: *mut *mut c_char,
) -> Status {
    // SAFETY: the caller keeps the conventions of the header.
    unsafe {
        boundary(message, || {
            let inspection = reference(inspection, "inspection")?.core();
            let json = place(json, "json")?;
            json.write(string_into_raw(inspection.to_json().as_bytes()));
            Ok(())
        })
    }
}

/// Writes an inspection in lines for a person, with control characters escaped. `text` receives it, to be freed with
/// `tokmint_string_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tokmint_inspection_to_text(
    inspection: *const Inspection,
    text: *mut *mut c_char,
    message: *mut *mut c_char,
) -> Status {
    // SAFETY: the caller keeps the conventions of the header.
    unsafe {
        boundary(message, || {
            let inspection = reference(inspection, "inspection")?.core();
            let text = place(text, "text")?;
            text.write(string_into_raw(inspection.to_string().as_bytes()));
            Ok(())
        })
    }
}

/// Frees a token's text, a message, or the text of an inspection. NULL is allowed.
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
