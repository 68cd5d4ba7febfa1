//! A token as a struct that C reads field by field, and that is freed as one.

use std::ffi::c_char;
use std::ptr;

use tokmint::Error;

use crate::boundary::{self, bytes, output};
use crate::options::VerifyOptions;
use crate::status::Fault;

/// What a token says: a verified one if `tokmint_verify_token` or `tokmint_session_verify_token`
/// gave it, which `tokmint_token_free` frees; one of an inspection may be anybody's and belongs to
/// the inspection. The library makes it and may add fields at its end in a later version; read it,
/// and do not copy it.
///
/// A string with a length may hold NUL.
#[repr(C)]
pub struct Token {
    /// The format it is written in: `jwt` or `t1`.
    format: *const c_char,
    /// The API key of the project that issued it; NULL if an application did.
    api_key: *const c_char,
    /// Length of the API key in bytes.
    api_key_length: usize,
    /// The ID of the application that issued it; NULL if a project did.
    application_id: *const c_char,
    /// Length of the application ID in bytes.
    application_id_length: usize,
    /// The one session it admits to.
    session_id: *const c_char,
    /// Length of the session ID in bytes.
    session_id_length: usize,
    /// What its holder may do there: `subscriber`, `publisher`, `publisheronly` or `moderator`.
    role: *const c_char,
    /// When it was issued, in Unix seconds.
    create_time: i64,
    /// The first second at which it is no longer valid, in Unix seconds.
    expire_time: i64,
    /// The connection data; empty if there is none.
    data: *const c_char,
    /// Length of the data in bytes.
    data_length: usize,
    /// The layout classes; never NULL, even if there is none.
    initial_layout_class_list: *const *const c_char,
    /// The lengths of the layout classes in bytes.
    initial_layout_class_lengths: *const usize,
    /// The number of layout classes.
    initial_layout_class_count: usize,
    /// The nonce or, of an application's token, the `jti`, as the token holds it; empty if there is
    /// none.
    nonce: *const c_char,
    /// Length of the nonce in bytes.
    nonce_length: usize,
}

/// The struct together with what it points to.
///
/// Nothing is freed through the public fields, so a caller who overwrites them harms nobody else.
#[repr(C)]
pub(crate) struct OwnedToken {
    /// First, so that its address is that of the whole.
    token: Token,
    strings: Vec<u8>,
    classes: Vec<*const c_char>,
    lengths: Vec<usize>,
}

impl OwnedToken {
    /// Puts a token where C can read it. [`crate::boundary::free`] frees it.
    pub(crate) fn into_raw(token: &tokmint::Claims) -> *mut Token {
        let parts = [
            Some(token.format().name()),
            token.api_key(),
            token.application_id(),
            Some(token.session_id()),
            Some(token.role().name()),
            Some(token.data()),
            Some(token.nonce()),
        ];
        let classes = token.initial_layout_class_list();
        let all = parts.into_iter().flatten().chain(classes.clone());
        let mut strings = Vec::with_capacity(all.clone().map(|string| string.len() + 1).sum());
        for string in all {
            strings.extend_from_slice(string.as_bytes());
            strings.push(0);
        }

        // They do not move any more; each one is given out in the order in which it was put there.
        let mut next = strings.as_ptr();
        let mut at = |string: &str| {
            let start = next;
            next = next.wrapping_add(string.len() + 1);
            start.cast()
        };
        let [format, api_key, application_id, session_id, role, data, nonce] =
            parts.map(|part| part.map_or(ptr::null(), &mut at));
        let [
            _,
            api_key_length,
            application_id_length,
            session_id_length,
            _,
            data_length,
            nonce_length,
        ] = parts.map(|part| part.map_or(0, str::len));
        let lengths: Vec<usize> = classes.clone().map(str::len).collect();
        let classes: Vec<*const c_char> = classes.map(at).collect();
        let public = Token {
            format,
            api_key,
            api_key_length,
            application_id,
            application_id_length,
            session_id,
            session_id_length,
            role,
            create_time: token.create_time(),
            expire_time: token.expire_time(),
            data,
            data_length,
            initial_layout_class_list: classes.as_ptr(),
            initial_layout_class_lengths: lengths.as_ptr(),
            initial_layout_class_count: classes.len(),
            nonce,
            nonce_length,
        };
        let owned = OwnedToken { token: public, strings, classes, lengths };
        Box::into_raw(Box::new(owned)).cast()
    }
}

/// Verifies a token as the output of a call.
///
/// # Safety
/// The pointers are as the header says.
pub(crate) unsafe fn give_verified(
    token: *const c_char,
    token_length: usize,
    options: *const VerifyOptions,
    verified: *mut *mut Token,
    verify: impl FnOnce(&[u8], &tokmint::VerifyOptions<'_>) -> Result<tokmint::Token, Error>,
) -> Result<(), Fault> {
    // SAFETY: the caller guarantees it.
    unsafe {
        let verified = output(verified, "verified")?;
        let token = bytes(token, token_length, "token")?;
        let options = boundary::options(options)?.to_core()?;
        let token = verify(token, &options)?;
        verified.write(OwnedToken::into_raw(&token));
    }
    Ok(())
}
