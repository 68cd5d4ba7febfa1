//! A session behind a handle, and its functions.

use std::ffi::{CString, c_char, c_int, c_void};
use std::ptr;

use tokmint::Batch;

use crate::OpenTok;
use crate::boundary::{self, boundary, buffer, options_array, output, reference, string};
use crate::generate::{Scratch, give_token, into_buffer, with_options};
use crate::options::{TokenOptions, VerifyOptions};
use crate::status::{Fault, Status};
use crate::token::{Token, give_verified};

/// One session of a project or of an application, prepared so that each of its tokens takes less
/// time. Immutable, and safe to use from many threads at once.
pub struct Session {
    core: tokmint::Session,
    /// Its ID, as C reads it.
    id: CString,
}

/// Takes one result of `tokmint_session_generate_tokens`. Returns 0 to go on; any other value ends
/// the batch.
///
/// `user_data` is what was passed to the call. `index` is that of the options, from 0. On success
/// `status` is `TOKMINT_STATUS_OK`, `token` the token, `token_length` its length in bytes, and
/// `message` NULL. Otherwise `status` is the error of these options, `token` NULL, `token_length`
/// 0, and `message` a sentence for a person. Both strings end with NUL, belong to the call, and are
/// valid until the callback returns.
///
/// It must return: an exception that leaves it ends the process, and `longjmp` out of it is
/// undefined.
pub type TokenCallback = Option<
    unsafe extern "C-unwind" fn(
        user_data: *mut c_void,
        index: usize,
        status: Status,
        token: *const c_char,
        token_length: usize,
        message: *const c_char,
    ) -> c_int,
>;

/// Prepares a session. Worth it from about five tokens on.
///
/// `session` receives the handle; free it with `tokmint_session_free`. It keeps what it needs of
/// the credentials, so `opentok` may be freed before it. It wipes what follows from the key when
/// it is freed.
///
/// Errors: those of session.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tokmint_opentok_session(
    opentok: *const OpenTok,
    session_id: *const c_char,
    session_id_length: usize,
    session: *mut *mut Session,
    message: *mut *mut c_char,
) -> Status {
    // SAFETY: the caller keeps the conventions of the header.
    unsafe {
        boundary(message, || {
            let session = output(session, "session")?;
            let opentok = reference(opentok, "opentok")?;
            let session_id = string(session_id, session_id_length, "session_id")?;
            let core = opentok.core.session(session_id)?;
            let id = CString::new(session_id).expect("base64url holds no NUL");
            session.write(Box::into_raw(Box::new(Session { core, id })));
            Ok(())
        })
    }
}

/// The ID of the session, which is no secret; NULL for NULL. It belongs to the handle and ends with
/// it.
#[unsafe(no_mangle)]
pub extern "C" fn tokmint_session_id(session: Option<&Session>) -> *const c_char {
    session.map_or(ptr::null(), |session| session.id.as_ptr())
}

/// Frees a session, once no thread uses it any more. NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tokmint_session_free(session: *mut Session) {
    // SAFETY: the caller keeps the conventions of the header.
    unsafe { boundary::free(session) }
}

/// Generates a token as `tokmint_generate_token` does, for this session.
///
/// Errors: those of options and system, and `NO_PRIVATE_KEY`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tokmint_session_generate_token(
    session: *const Session,
    options: *const TokenOptions,
    token: *mut *mut c_char,
    token_length: *mut usize,
    message: *mut *mut c_char,
) -> Status {
    // SAFETY: the caller keeps the conventions of the header.
    unsafe {
        boundary(message, || {
            let token = output(token, "token")?;
            let session = reference(session, "session")?;
            let options = boundary::options(options)?;
            give_token(options, token, token_length, |options, buffer| {
                session.core.generate_token_into(options, buffer)
            })
        })
    }
}

/// Generates a token into a buffer of the caller's as `tokmint_generate_token_into` does, for this
/// session.
///
/// Errors: those of `tokmint_session_generate_token`, and `BUFFER_TOO_SHORT`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tokmint_session_generate_token_into(
    session: *const Session,
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
            let session = reference(session, "session")?;
            let options = boundary::options(options)?;
            into_buffer(options, buffer, token_length, |options, buffer| {
                session.core.generate_token_into(options, buffer)
            })
        })
    }
}

/// Generates many tokens for this session: for each element of an array of options, in order, the
/// callback gets the token or the error of this element. An error of an element does not end the
/// batch.
///
/// `options` is an array of `count` structs, each initialised like one that stands alone; it may be
/// NULL if `count` is 0. An element whose size is not that of the first has the error
/// `INVALID_SIZE`. `user_data` is passed to the callback.
///
/// The clock is read once a call. Tokens whose options differ only in their data take the least
/// time, and those of a project allocate nothing from the third on, up to 16 layout classes. The
/// tokens share one buffer, so that a million take no more memory than one. A program that does not
/// want to hold all options at once calls this for one block of them after the other.
///
/// A batch that the callback ends gives `TOKMINT_STATUS_OK`.
///
/// Errors, before the first callback: `NULL_POINTER`; `INVALID_SIZE` of the first element or of
/// `count`. Those of `tokmint_session_generate_token` come to the callback.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tokmint_session_generate_tokens(
    session: *const Session,
    options: *const TokenOptions,
    count: usize,
    callback: TokenCallback,
    user_data: *mut c_void,
    message: *mut *mut c_char,
) -> Status {
    // SAFETY: the caller keeps the conventions of the header.
    unsafe {
        boundary(message, || {
            let session = reference(session, "session")?;
            let callback = callback.ok_or(Fault::NullPointer { name: "callback" })?;
            let options = options_array(options, count)?;
            let mut batch = Batch::new(&session.core);
            let mut scratch = Scratch::new();
            for (index, options) in options.enumerate() {
                let generated = options.and_then(|options| {
                    with_options(options, |options| {
                        scratch.fill(|buffer| batch.generate_token_into(options, buffer))
                    })
                });
                let end = match generated {
                    Ok(token) => {
                        let (token, length) = (token.as_ptr().cast(), token.len() - 1);
                        callback(user_data, index, Status::OK, token, length, ptr::null())
                    }
                    Err(fault) => {
                        let message = format!("{fault}\0");
                        let message = message.as_ptr().cast();
                        callback(user_data, index, fault.status(), ptr::null(), 0, message)
                    }
                };
                if end != 0 {
                    break;
                }
            }
            Ok(())
        })
    }
}

/// Verifies a token as `tokmint_verify_token` does. It must be for this session.
///
/// Errors: those of `tokmint_verify_token`; `TOKEN_OF_OTHER_SESSION` also if the options name
/// another session.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tokmint_session_verify_token(
    session: *const Session,
    token: *const c_char,
    token_length: usize,
    options: *const VerifyOptions,
    verified: *mut *mut Token,
    message: *mut *mut c_char,
) -> Status {
    // SAFETY: the caller keeps the conventions of the header.
    unsafe {
        boundary(message, || {
            let session = reference(session, "session")?;
            give_verified(token, token_length, options, verified, |token, options| {
                session.core.verify_token(token, options)
            })
        })
    }
}
