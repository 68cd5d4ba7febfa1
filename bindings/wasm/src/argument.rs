//! Arguments from JavaScript. `wasm.js` writes them one behind the other into a buffer, each after
//! a byte that says what it is. Numbers are little-endian.

use tokmint::ErrorCode;

use crate::call::{Exception, Result};

/// One argument.
#[derive(Clone, Copy)]
pub enum Argument<'a> {
    /// `undefined` or `null`.
    None,
    String(&'a str),
    /// A string with U+FFFD in place of each half of a surrogate pair.
    IllFormed(&'a str),
    Number(f64),
    Bytes(&'a [u8]),
    /// The number of a handle.
    Handle(u32),
    /// The length in UTF-16 code units of a token of which core reads nothing else, because it is
    /// too long.
    LongToken(usize),
}

/// The arguments of a call that have not been read yet.
pub struct Arguments<'a>(pub &'a [u8]);

impl<'a> Arguments<'a> {
    pub fn next(&mut self) -> Result<Argument<'a>> {
        self.read().ok_or_else(unexpected)
    }

    fn read(&mut self) -> Option<Argument<'a>> {
        let [tag] = self.array()?;
        Some(match tag {
            0 => Argument::None,
            1 => Argument::String(str::from_utf8(self.bytes()?).ok()?),
            2 => Argument::IllFormed(str::from_utf8(self.bytes()?).ok()?),
            3 => Argument::Number(f64::from_le_bytes(self.array()?)),
            4 => Argument::Bytes(self.bytes()?),
            5 => Argument::Handle(u32::from_le_bytes(self.array()?)),
            6 => Argument::LongToken(u32::from_le_bytes(self.array()?).try_into().ok()?),
            _ => return None,
        })
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (array, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*array)
    }

    /// A length and as many bytes.
    fn bytes(&mut self) -> Option<&'a [u8]> {
        let length = u32::from_le_bytes(self.array()?).try_into().ok()?;
        let (bytes, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(bytes)
    }
}

impl<'a> Argument<'a> {
    /// A required string.
    pub fn string(self, ill_formed: impl FnOnce() -> Exception) -> Result<&'a str> {
        self.optional_string(ill_formed)?.ok_or_else(unexpected)
    }

    /// A string, if one was given.
    pub fn optional_string(
        self,
        ill_formed: impl FnOnce() -> Exception,
    ) -> Result<Option<&'a str>> {
        match self {
            Argument::None => Ok(None),
            Argument::String(string) => Ok(Some(string)),
            Argument::IllFormed(_) => Err(ill_formed()),
            _ => Err(unexpected()),
        }
    }

    /// A string, or the bytes of a `Uint8Array`.
    pub fn string_or_bytes(self, ill_formed: impl FnOnce() -> Exception) -> Result<&'a [u8]> {
        match self {
            Argument::Bytes(bytes) => Ok(bytes),
            _ => self.string(ill_formed).map(str::as_bytes),
        }
    }

    /// An integer, if one was given. One beyond 64 bits becomes the nearest that is not.
    pub fn optional_integer(self) -> Result<Option<i64>> {
        match self {
            Argument::None => Ok(None),
            #[allow(clippy::cast_possible_truncation, reason = "it saturates")]
            Argument::Number(number) => Ok(Some(number as i64)),
            _ => Err(unexpected()),
        }
    }
}

/// `wasm.js` has written the arguments and api.js has checked their types, so it is a defect, as a
/// panic is.
pub fn unexpected() -> Exception {
    Exception::new(ErrorCode::Panic, "an argument is not what the module expects")
}
