//! What the calls that generate tokens share: options in, a token out.

use std::ffi::c_char;
use std::ptr::NonNull;

use smallvec::SmallVec;
use tokmint::Error;

use crate::boundary::string_into_raw;
use crate::options::{Classes, TokenOptions};
use crate::status::Fault;

/// Most tokens of projects fit in so many bytes, with a NUL.
const SCRATCH_BYTES: usize = 1024;

/// A buffer for tokens, which lies on the stack until a token needs more. Core's `String` would
/// take another allocation and a check of UTF-8: 30 ns of 480.
pub(crate) struct Scratch(SmallVec<[u8; SCRATCH_BYTES]>);

impl Scratch {
    pub(crate) fn new() -> Scratch {
        Scratch(SmallVec::from_buf([0; SCRATCH_BYTES]))
    }

    /// Generates a token, and returns it with a NUL behind it.
    pub(crate) fn fill(
        &mut self,
        mut generate: impl FnMut(&mut [u8]) -> Result<usize, Error>,
    ) -> Result<&[u8], Error> {
        let without_nul = self.0.len() - 1;
        let length = match generate(&mut self.0[..without_nul]) {
            Err(Error::BufferTooShort { length }) => {
                self.0.resize(length + 1, 0);
                generate(&mut self.0[..length])
            }
            result => result,
        }?;
        self.0[length] = 0;
        Ok(&self.0[..=length])
    }
}

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

/// Generates a token as the output of a call.
///
/// # Safety
/// As for [`with_options`], and both outputs can be written to; `token_length` may be NULL.
pub(crate) unsafe fn give_token(
    options: TokenOptions,
    token: NonNull<*mut c_char>,
    token_length: *mut usize,
    mut generate: impl FnMut(&tokmint::TokenOptions<'_>, &mut [u8]) -> Result<usize, Error>,
) -> Result<(), Fault> {
    let mut scratch = Scratch::new();
    // SAFETY: the caller guarantees it.
    unsafe {
        let generated =
            with_options(options, |options| scratch.fill(|buffer| generate(options, buffer)))?;
        give_string(&generated[..generated.len() - 1], token, token_length);
    }
    Ok(())
}

/// Writes a string as the outputs of a call that succeeded.
///
/// # Safety
/// Both can be written to; `length` may be NULL.
pub(crate) unsafe fn give_string(string: &[u8], place: NonNull<*mut c_char>, length: *mut usize) {
    // SAFETY: the caller guarantees it.
    unsafe {
        if !length.is_null() {
            length.write(string.len());
        }
        place.write(string_into_raw(string));
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
