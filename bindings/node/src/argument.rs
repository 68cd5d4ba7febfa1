//! Arguments from JavaScript, and the token to it. One call of Node-API copies a text of usual length to the stack;
//! texts that hold half of a surrogate pair, for which Node-API would give U+FFFD, are refused, except where a token is
//! inspected, which takes everything.

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

/// An argument that has not been read yet. It lives only as long as the call that it is an argument of.
///
/// Asking for the value at once and taking a refusal for `undefined` is faster than asking for the type first, and no
/// other type arrives here.
#[derive(Clone, Copy)]
pub struct Argument {
    env: sys::napi_env,
    value: sys::napi_value,
}

impl Argument {
    /// Reads a text that must be there.
    pub fn text(self, room: &mut Room, ill_formed: impl FnOnce() -> Exception) -> Result<&str> {
        self.optional_text(room, ill_formed)?
            .ok_or_else(|| failure(sys::Status::napi_string_expected))
    }

    /// Reads a text into a room.
    pub fn optional_text(
        self,
        room: &mut Room,
        ill_formed: impl FnOnce() -> Exception,
    ) -> Result<Option<&str>> {
        let Some(bytes) = self.optional_bytes(room)? else {
            return Ok(None);
        };
        match str::from_utf8(bytes) {
            Ok(text)
                if text.is_ascii()
                    || !text.contains(char::REPLACEMENT_CHARACTER)
                    || self.is_well_formed().map_err(failure)? =>
            {
                Ok(Some(text))
            }
            _ => Err(ill_formed()),
        }
    }

    /// Reads the UTF-8 of a text that must be there, with what Node-API makes of half of a surrogate pair.
    pub fn bytes(self, room: &mut Room) -> Result<&[u8]> {
        self.optional_bytes(room)?
            .ok_or_else(|| failure(sys::Status::napi_string_expected))
    }

    fn optional_bytes(self, room: &mut Room) -> Result<Option<&[u8]>> {
        // SAFETY: the room holds SHORT bytes.
        let length = match unsafe { self.copy_text(room.short.as_mut_ptr().cast(), SHORT) } {
            Err(sys::Status::napi_string_expected) => return Ok(None),
            result => result.map_err(failure)?,
        };
        let bytes = if length < CUT {
            // SAFETY: Node-API has written so many bytes.
            unsafe { slice::from_raw_parts(room.short.as_ptr().cast(), length) }
        } else {
            // SAFETY: without a buffer nothing is written, and the length of the text is returned.
            let length = unsafe { self.copy_text(ptr::null_mut(), 0) }.map_err(failure)?;
            room.long.resize(length + 1, 0);
            // SAFETY: the room holds the text and a final NUL.
            let length = unsafe { self.copy_text(room.long.as_mut_ptr(), room.long.len()) };
            &room.long[..length.map_err(failure)?]
        };
        #[cfg(feature = "deliberate-panic")]
        assert!(bytes != b"panic", "a deliberate panic");
        Ok(Some(bytes))
    }

    /// Reads an array of texts, each into a string of its own.
    pub fn texts(self, ill_formed: impl Fn() -> Exception) -> Result<Vec<String>> {
        let Argument { env, value: array } = self;
        let mut room = Room::new();
        let read = |index| {
            let mut value = ptr::null_mut();
            // SAFETY: the environment and the value are those of the running call.
            check(unsafe { sys::napi_get_element(env, array, index, &raw mut value) })
                .map_err(failure)?;
            let text = Argument { env, value }.text(&mut room, &ill_formed)?;
            Ok(text.to_owned())
        };
        (0..self.array_length()?).map(read).collect()
    }

    /// Length of an array; 0 if there is none.
    pub fn array_length(self) -> Result<u32> {
        let mut length = 0;
        // SAFETY: the environment and the value are those of the running call.
        match unsafe { sys::napi_get_array_length(self.env, self.value, &raw mut length) } {
            sys::Status::napi_array_expected => Ok(0),
            status => check(status).map(|()| length).map_err(failure),
        }
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

    /// Length in UTF-16 code units, found without reading the text.
    pub fn utf16_length(self) -> Result<usize> {
        // SAFETY: without a buffer nothing is written.
        unsafe { self.copy_utf16(ptr::null_mut(), 0) }.map_err(failure)
    }

    /// Whether every surrogate has its other half. Asked only of texts that hold U+FFFD, which may be what they say.
    fn is_well_formed(self) -> std::result::Result<bool, sys::napi_status> {
        // SAFETY: without a buffer nothing is written.
        let length = unsafe { self.copy_utf16(ptr::null_mut(), 0) }?;
        let mut units = vec![0; length + 1];
        // SAFETY: the buffer holds the text and a final NUL.
        let length = unsafe { self.copy_utf16(units.as_mut_ptr(), units.len()) }?;
        units.truncate(length);
        Ok(char::decode_utf16(units).all(|character| character.is_ok()))
    }

    /// Copies the text as UTF-8 with a final NUL, cut to whole characters, and returns its length without the NUL.
    ///
    /// # Safety
    /// `buffer` must be writable for `size` bytes, or null.
    unsafe fn copy_text(
        self,
        buffer: *mut u8,
        size: usize,
    ) -> std::result::Result<usize, sys::napi_status> {
        let Argument { env, value } = self;
        let mut length = 0;
        // SAFETY: the environment and the value are those of the running call; the caller vouches for the buffer.
        check(unsafe {
            sys::napi_get_value_string_utf8(env, value, buffer.cast(), size, &raw mut length)
        })?;
        Ok(length)
    }

    /// Copies the text as UTF-16 with a final NUL, cut to fit, and returns its length without the NUL.
    ///
    /// # Safety
    /// `buffer` must be writable for `size` units, or null.
    unsafe fn copy_utf16(
        self,
        buffer: *mut u16,
        size: usize,
    ) -> std::result::Result<usize, sys::napi_status> {
        let Argument { env, value } = self;
        let mut length = 0;
        // SAFETY: as in `copy_text`.
        check(unsafe {
            sys::napi_get_value_string_utf16(env, value, buffer, size, &raw mut length)
        })?;
        Ok(length)
    }
}

fn check(status: sys::napi_status) -> std::result::Result<(), sys::napi_status> {
    if status == sys::Status::napi_ok {
        Ok(())
    } else {
        Err(status)
    }
}

/// A failure of Node-API itself. The caller has checked the types, so it is a defect, as a panic is.
fn failure(status: sys::napi_status) -> Exception {
    Exception::new(
        ErrorCode::Panic.name(),
        format!("Node-API failed: {}", Status::from(status)),
    )
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
