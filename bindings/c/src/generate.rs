//! What the calls that generate tokens share: options in, a token out.

use std::ffi::c_char;
use std::ptr::NonNull;

use tokmint::Error;

use crate::boundary::string_into_raw;
use crate::options::{Classes, TokenOptions};
use crate::status::Fault;

/// Calls core with options of C's.
///
/// # Safety
/// The pointers in `options` are as the header says, for as long as this takes.
pub(crate) unsafe fn with_options<T>(
    options: TokenOptions,
    generate: impl FnOnce(&tokmint::TokenOptions<'_>) -> Result<T, Error>,
) -> Result<T, Fault> {
    let mut classes = Classes::new();
    // SAFETY: the caller guarantees it.
    let options = unsafe { options.to_core(&mut classes) }?;
    Ok(generate(&options)?)
}

/// Writes a token as the outputs of a call that succeeded.
///
/// # Safety
/// Both can be written to; `token_length` may be NULL.
pub(crate) unsafe fn give_token(
    generated: &str,
    token: NonNull<*mut c_char>,
    token_length: *mut usize,
) {
    // SAFETY: the caller guarantees it.
    unsafe {
        if !token_length.is_null() {
            token_length.write(generated.len());
        }
        token.write(string_into_raw(generated.as_bytes()));
    }
}

/// Generates a token and its NUL into a buffer of the caller's. If it is too short, `token_length`
/// receives the length that core asks for.
///
/// # Safety
/// As for [`with_options`], and `token_length` can be written to.
pub(crate) unsafe fn into_buffer(
    options: TokenOptions,
    buffer: &mut [u8],
    token_length: NonNull<usize>,
    generate: impl FnOnce(&tokmint::TokenOptions<'_>, &mut [u8]) -> Result<usize, Error>,
) -> Result<(), Fault> {
    // Without the last byte, which is for the NUL.
    let without_nul = buffer.len().saturating_sub(1);
    // SAFETY: the caller guarantees it.
    unsafe {
        match with_options(options, |options| generate(options, &mut buffer[..without_nul])) {
            Ok(length) => {
                token_length.write(length);
                buffer[length] = 0;
                Ok(())
            }
            Err(Fault::Core(Error::BufferTooShort { length })) => {
                token_length.write(length);
                Err(Error::BufferTooShort { length: length + 1 }.into())
            }
            Err(fault) => Err(fault),
        }
    }
}
