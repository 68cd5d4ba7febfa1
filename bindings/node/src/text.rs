//! Texts to and from JavaScript. One call of Node-API copies a text of usual length to the stack; texts that hold half
//! of a surrogate pair, for which Node-API would give U+FFFD, are refused.

#![allow(
    unsafe_code,
    reason = "Node-API is a C API, and napi's own text types replace what they should refuse"
)]

use std::mem::MaybeUninit;
use std::{ptr, slice};

use napi::bindgen_prelude::{FromNapiValue, ToNapiValue, TypeName, ValidateNapiValue};
use napi::{Status, ValueType, sys};
use tokmint::ErrorCode;
use zeroize::Zeroize;

use crate::{Exception, Result};

/// Bytes that a text may have without costing an allocation: all but long connection data and long tokens.
const SHORT: usize = 1024;

/// Node-API cuts a text before the first character that does not fit with its final NUL, so a text that was cut fills
/// the room up to this.
const CUT: usize = SHORT - 1 - (char::MAX.len_utf8() - 1);

/// Where a text is copied to.
pub struct Room {
    short: [MaybeUninit<u8>; SHORT],
    long: Vec<u8>,
}

impl Room {
    pub fn new() -> Room {
        Room {
            short: [MaybeUninit::uninit(); SHORT],
            long: Vec::new(),
        }
    }
}

impl Zeroize for Room {
    fn zeroize(&mut self) {
        self.short.zeroize();
        self.long.zeroize();
    }
}

/// A text argument that has not been copied yet. It lives only as long as the call that it is an argument of.
#[derive(Clone, Copy)]
pub struct Text {
    env: sys::napi_env,
    value: sys::napi_value,
}

impl Text {
    /// Copies the text into a room.
    pub fn read(self, room: &mut Room, ill_formed: impl FnOnce() -> Exception) -> Result<&str> {
        // SAFETY: the room holds SHORT bytes.
        let length = unsafe { self.copy(room.short.as_mut_ptr().cast(), SHORT) }?;
        let bytes = if length < CUT {
            // SAFETY: Node-API has written so many bytes.
            unsafe { slice::from_raw_parts(room.short.as_ptr().cast(), length) }
        } else {
            // SAFETY: without a buffer nothing is written, and the length of the text is returned.
            let length = unsafe { self.copy(ptr::null_mut(), 0) }?;
            room.long.resize(length + 1, 0);
            // SAFETY: the room holds the text and a final NUL.
            let length = unsafe { self.copy(room.long.as_mut_ptr(), room.long.len()) }?;
            &room.long[..length]
        };
        match str::from_utf8(bytes) {
            Ok(text)
                if text.is_ascii()
                    || !text.contains(char::REPLACEMENT_CHARACTER)
                    || self.is_well_formed()? =>
            {
                #[cfg(feature = "deliberate-panic")]
                assert_ne!(text, "panic", "a deliberate panic");
                Ok(text)
            }
            _ => Err(ill_formed()),
        }
    }

    /// Copies the text as UTF-8 with a final NUL, cut to whole characters, and returns its length without the NUL.
    ///
    /// # Safety
    /// `buffer` must be writable for `size` bytes, or null.
    unsafe fn copy(self, buffer: *mut u8, size: usize) -> Result<usize> {
        let mut length = 0;
        // SAFETY: the environment and the value are those of the running call; the caller vouches for the buffer.
        check(unsafe {
            sys::napi_get_value_string_utf8(
                self.env,
                self.value,
                buffer.cast(),
                size,
                &raw mut length,
            )
        })?;
        Ok(length)
    }

    /// Whether every surrogate has its other half. Asked only of texts that hold U+FFFD, which may be what they say.
    fn is_well_formed(self) -> Result<bool> {
        let mut length = 0;
        // SAFETY: as in `copy`; without a buffer nothing is written.
        check(unsafe {
            sys::napi_get_value_string_utf16(
                self.env,
                self.value,
                ptr::null_mut(),
                0,
                &raw mut length,
            )
        })?;
        let mut units = vec![0; length + 1];
        // SAFETY: as in `copy`; the buffer holds the text and a final NUL.
        check(unsafe {
            sys::napi_get_value_string_utf16(
                self.env,
                self.value,
                units.as_mut_ptr(),
                units.len(),
                &raw mut length,
            )
        })?;
        units.truncate(length);
        Ok(char::decode_utf16(units).all(|character| character.is_ok()))
    }
}

/// A failure of Node-API itself. The caller has checked the types, so it is a defect.
fn check(status: sys::napi_status) -> Result<()> {
    if status == sys::Status::napi_ok {
        return Ok(());
    }
    let status = Status::from(status);
    Err(Exception::new(
        ErrorCode::Panic.name(),
        format!("Node-API failed: {status}"),
    ))
}

impl FromNapiValue for Text {
    unsafe fn from_napi_value(env: sys::napi_env, value: sys::napi_value) -> napi::Result<Text> {
        Ok(Text { env, value })
    }
}

impl TypeName for Text {
    fn type_name() -> &'static str {
        "String"
    }

    fn value_type() -> ValueType {
        ValueType::String
    }
}

impl ValidateNapiValue for Text {}

/// An array of texts that have not been copied yet.
#[derive(Clone, Copy)]
pub struct Texts(Text);

impl Texts {
    /// Copies the texts, one behind the other, into a string, and gives back where each ends.
    pub fn read(
        self,
        joined: &mut String,
        ill_formed: impl Fn() -> Exception,
    ) -> Result<Vec<usize>> {
        let Texts(Text { env, value: array }) = self;
        let mut count = 0;
        // SAFETY: the environment and the value are those of the running call.
        check(unsafe { sys::napi_get_array_length(env, array, &raw mut count) })?;
        let mut room = Room::new();
        (0..count)
            .map(|index| {
                let mut value = ptr::null_mut();
                // SAFETY: as above.
                check(unsafe { sys::napi_get_element(env, array, index, &raw mut value) })?;
                joined.push_str(Text { env, value }.read(&mut room, &ill_formed)?);
                Ok(joined.len())
            })
            .collect()
    }
}

impl FromNapiValue for Texts {
    unsafe fn from_napi_value(env: sys::napi_env, value: sys::napi_value) -> napi::Result<Texts> {
        Ok(Texts(Text { env, value }))
    }
}

impl TypeName for Texts {
    fn type_name() -> &'static str {
        "Array"
    }

    fn value_type() -> ValueType {
        ValueType::Object
    }
}

impl ValidateNapiValue for Texts {}

/// A token on its way to JavaScript, which keeps a byte a character of it.
pub struct Ascii(pub String);

impl TypeName for Ascii {
    fn type_name() -> &'static str {
        "String"
    }

    fn value_type() -> ValueType {
        ValueType::String
    }
}

impl ToNapiValue for Ascii {
    unsafe fn to_napi_value(env: sys::napi_env, text: Ascii) -> napi::Result<sys::napi_value> {
        let mut value = ptr::null_mut();
        let length = text.0.len().cast_signed();
        // SAFETY: the environment is that of the running call, and the text has so many bytes.
        napi::check_status!(unsafe {
            sys::napi_create_string_latin1(env, text.0.as_ptr().cast(), length, &raw mut value)
        })?;
        Ok(value)
    }
}
