//! Arguments from JavaScript. One call of Node-API copies a string of usual length to the stack. A
//! string with half of a surrogate pair, for which Node-API would give U+FFFD, is refused, except
//! where a token is inspected: an inspection takes any string.

#![allow(
    unsafe_code,
    reason = "Node-API is a C API, and napi's own strings replace what they should refuse"
)]

use std::mem::MaybeUninit;
use std::{ptr, slice};

use napi::bindgen_prelude::{FromNapiValue, TypeName, ValidateNapiValue};
use napi::{Status, ValueType, sys};
use tokmint::ErrorCode;
use tokmint::limits::{MAX_KEY_BYTES, MAX_TOKEN_BYTES};
use zeroize::Zeroize;

use crate::{Exception, Result};

type Checked<T> = std::result::Result<T, sys::napi_status>;

/// Bytes of a string that cost no allocation: all but long connection data and long tokens. Asking
/// Node-API for the length first, to allocate it, takes a token with options 200 ns more, of 1,400.
const SHORT: usize = 1024;

/// Node-API cuts a string before the first character that does not fit with its final NUL, so a
/// string that was cut fills the buffer up to this.
const CUT: usize = SHORT - 1 - (char::MAX.len_utf8() - 1);

/// Where a string is copied to.
pub struct Buffer {
    short: [MaybeUninit<u8>; SHORT],
    long: Vec<u8>,
}

impl Buffer {
    pub fn new() -> Buffer {
        Buffer { short: [MaybeUninit::uninit(); SHORT], long: Vec::new() }
    }
}

impl Zeroize for Buffer {
    fn zeroize(&mut self) {
        self.short.as_mut_slice().zeroize();
        self.long.zeroize();
    }
}

/// An argument that has not been read yet. It lives only as long as the call that it is for.
///
/// Reading the value and treating a type error as `undefined` saves one Node-API call; index.js has
/// checked the types.
#[derive(Clone, Copy)]
pub struct Argument {
    pub env: sys::napi_env,
    pub value: sys::napi_value,
}

impl Argument {
    /// Reads a required string.
    pub fn string(
        self,
        buffer: &mut Buffer,
        ill_formed: impl FnOnce() -> Exception,
    ) -> Result<&str> {
        self.optional_string(buffer, ill_formed)?
            .ok_or_else(|| failure(sys::Status::napi_string_expected))
    }

    /// Reads a string into a buffer.
    pub fn optional_string(
        self,
        buffer: &mut Buffer,
        ill_formed: impl FnOnce() -> Exception,
    ) -> Result<Option<&str>> {
        let Some(bytes) = self.optional_bytes(buffer)? else {
            return Ok(None);
        };
        match str::from_utf8(bytes) {
            Ok(string)
                if string.is_ascii()
                    || !string.contains(char::REPLACEMENT_CHARACTER)
                    || self.is_well_formed().map_err(failure)? =>
            {
                Ok(Some(string))
            }
            _ => Err(ill_formed()),
        }
    }

    /// Reads the UTF-8 of a token, with U+FFFD for half of a surrogate pair. Of a token that is too
    /// long core reads nothing but the length, so it gets zeros, which no memory is touched for.
    pub fn token(self, buffer: &mut Buffer) -> Result<&[u8]> {
        let length = self.utf16_length()?;
        if length > MAX_TOKEN_BYTES {
            buffer.long = vec![0; length];
            return Ok(&buffer.long);
        }
        self.optional_bytes(buffer)?.ok_or_else(|| failure(sys::Status::napi_string_expected))
    }

    fn optional_bytes(self, buffer: &mut Buffer) -> Result<Option<&[u8]>> {
        let Buffer { short, long } = buffer;
        let length = match self.copy_utf8(Some(short)) {
            Err(sys::Status::napi_string_expected) => return Ok(None),
            result => result.map_err(failure)?,
        };
        let bytes = if length < CUT {
            // SAFETY: Node-API has written so many bytes.
            unsafe { slice::from_raw_parts(short.as_ptr().cast(), length) }
        } else {
            long.clear();
            long.reserve(self.copy_utf8(None).map_err(failure)? + 1);
            let length = self.copy_utf8(Some(long.spare_capacity_mut())).map_err(failure)?;
            // SAFETY: the same.
            unsafe { long.set_len(length) };
            long
        };
        #[cfg(feature = "deliberate-panic")]
        assert!(bytes != b"panic", "a deliberate panic");
        Ok(Some(bytes))
    }

    /// Reads a string, or the bytes of a `Uint8Array`: a copy of them, because other threads can
    /// write to the memory of a `SharedArrayBuffer`.
    pub fn string_or_bytes(
        self,
        buffer: &mut Buffer,
        ill_formed: impl FnOnce() -> Exception,
    ) -> Result<&[u8]> {
        let Argument { env, value } = self;
        let mut is_typed_array = false;
        // SAFETY: the environment and the value are those of the running call.
        check(unsafe { sys::napi_is_typedarray(env, value, &raw mut is_typed_array) })
            .map_err(failure)?;
        if !is_typed_array {
            return self.string(buffer, ill_formed).map(str::as_bytes);
        }
        let (mut kind, mut length, mut start) = (0, 0, ptr::null_mut());
        // SAFETY: the value is a typed array; what is not asked for may be null.
        check(unsafe {
            sys::napi_get_typedarray_info(
                env,
                value,
                &raw mut kind,
                &raw mut length,
                &raw mut start,
                ptr::null_mut(),
                ptr::null_mut(),
            )
        })
        .map_err(failure)?;
        if kind != sys::TypedarrayType::uint8_array {
            return Err(failure(sys::Status::napi_invalid_arg));
        }
        if length == 0 {
            return Ok(&[]);
        }
        // SAFETY: a `Uint8Array` of `length` bytes starts there, and no JavaScript of this thread
        // runs before the call ends. Of bytes that are too many core reads nothing but how many.
        let bytes = unsafe { slice::from_raw_parts(start.cast(), length) };
        if length > MAX_KEY_BYTES {
            return Ok(bytes);
        }
        buffer.long.extend_from_slice(bytes);
        Ok(&buffer.long)
    }

    /// Reads an integer. One beyond 64 bits becomes the nearest that is not.
    pub fn optional_integer(self) -> Result<Option<i64>> {
        let mut integer = 0;
        // SAFETY: the environment and the value are those of the running call.
        match unsafe { sys::napi_get_value_int64(self.env, self.value, &raw mut integer) } {
            sys::Status::napi_number_expected => Ok(None),
            status => check(status).map(|()| Some(integer)).map_err(failure),
        }
    }

    /// Length in UTF-16 code units, found without reading the string.
    pub fn utf16_length(self) -> Result<usize> {
        self.copy_utf16(None).map_err(failure)
    }

    /// Whether every surrogate has its other half. Asked only of strings that hold U+FFFD, perhaps
    /// their own.
    fn is_well_formed(self) -> Checked<bool> {
        let mut units = vec![0; self.copy_utf16(None)? + 1];
        let length = self.copy_utf16(Some(&mut units))?;
        units.truncate(length);
        Ok(char::decode_utf16(units).all(|character| character.is_ok()))
    }

    /// Copies the string as UTF-8 with a final NUL, cut to whole characters, and returns its length
    /// without the NUL. Without a buffer it returns the whole length.
    fn copy_utf8(self, buffer: Option<&mut [MaybeUninit<u8>]>) -> Checked<usize> {
        let Argument { env, value } = self;
        let (start, size) = buffer.map_or((ptr::null_mut(), 0), |b| (b.as_mut_ptr(), b.len()));
        let mut length = 0;
        // SAFETY: the environment and the value are those of the running call; the buffer has
        // `size` bytes, or is null.
        check(unsafe {
            sys::napi_get_value_string_utf8(env, value, start.cast(), size, &raw mut length)
        })?;
        Ok(length)
    }

    /// The same as UTF-16.
    fn copy_utf16(self, buffer: Option<&mut [u16]>) -> Checked<usize> {
        let Argument { env, value } = self;
        let (start, size) = buffer.map_or((ptr::null_mut(), 0), |b| (b.as_mut_ptr(), b.len()));
        let mut length = 0;
        // SAFETY: as in `copy_utf8`.
        check(unsafe {
            sys::napi_get_value_string_utf16(env, value, start, size, &raw mut length)
        })?;
        Ok(length)
    }
}

pub fn check(status: sys::napi_status) -> Checked<()> {
    if status == sys::Status::napi_ok { Ok(()) } else { Err(status) }
}

/// A failure of Node-API itself. index.js has checked the types, so it is a defect, as a panic is.
pub fn failure(status: impl Into<Status>) -> Exception {
    let status: Status = status.into();
    Exception::new(ErrorCode::Panic.name(), format!("Node-API failed: {status}"))
}

impl FromNapiValue for Argument {
    unsafe fn from_napi_value(
        env: sys::napi_env,
        value: sys::napi_value,
    ) -> napi::Result<Argument> {
        Ok(Argument { env, value })
    }
}

impl TypeName for Argument {
    fn type_name() -> &'static str {
        "Argument"
    }

    fn value_type() -> ValueType {
        ValueType::Unknown
    }
}

impl ValidateNapiValue for Argument {}
