//! What a call returns: a number of core's table of error codes.

use std::ffi::c_char;

use tokmint::{Error, ErrorCode};

/// 0 for success, or the number of an error. The test `header` writes `tokmint_status`, the enum
/// that C sees, from core's table.
#[repr(transparent)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Status(i32);

impl Status {
    pub(crate) const OK: Status = Status(0);
}

/// Why a call failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Fault {
    /// Core refused.
    #[error(transparent)]
    Core(#[from] Error),
    #[error("the pointer {name} is NULL; pass the address of what its name says")]
    NullPointer { name: &'static str },
    #[error("the string {name} is not UTF-8; convert it first")]
    InvalidUtf8 { name: &'static str },
    #[error(
        "{name} is {size}, which cannot be; give strings their length in bytes, and initialise \
         options with the macro or the function of this library or of an older one"
    )]
    InvalidSize { name: &'static str, size: usize },
    #[error("tokmint has a defect and caught it; please report what was called")]
    Panic,
}

impl Fault {
    pub(crate) fn status(self) -> Status {
        let code = match self {
            Fault::Core(error) => error.code(),
            Fault::NullPointer { .. } => ErrorCode::NullPointer,
            Fault::InvalidUtf8 { .. } => ErrorCode::InvalidUtf8,
            Fault::InvalidSize { .. } => ErrorCode::InvalidSize,
            Fault::Panic => ErrorCode::Panic,
        };
        Status(code.number())
    }
}

/// Holds the longest name and its NUL; a longer one does not compile.
type Name = [u8; 32];

/// Core's names with a NUL behind each.
static NAMES: [Name; ErrorCode::ALL.len()] = {
    let mut names = [[0; 32]; ErrorCode::ALL.len()];
    let mut index = 0;
    while index < names.len() {
        let name = ErrorCode::ALL[index].name().as_bytes();
        let (start, _nul) = names[index].split_at_mut(31);
        start.split_at_mut(name.len()).0.copy_from_slice(name);
        index += 1;
    }
    names
};

/// The name of a status, with a NUL.
pub(crate) fn name(status: Status) -> *const c_char {
    if status == Status::OK {
        return c"ok".as_ptr();
    }
    ErrorCode::ALL
        .iter()
        .zip(&NAMES)
        .find(|(code, _)| code.number() == status.0)
        .map_or(c"unknown".as_ptr(), |(_, name)| name.as_ptr().cast())
}

#[cfg(test)]
mod tests {
    #![allow(unsafe_code, reason = "reads the static strings as a C program does")]

    use std::ffi::CStr;

    use super::*;

    fn read(number: i32) -> &'static str {
        // SAFETY: every name is a static string with a NUL.
        unsafe { CStr::from_ptr(name(Status(number))) }.to_str().unwrap()
    }

    #[test]
    fn names_are_those_of_core() {
        for code in ErrorCode::ALL {
            assert_ne!(code.number(), Status::OK.0);
            assert_eq!(read(code.number()), code.name());
        }
        assert_eq!(read(0), "ok");
        for unknown in [-1, 1, 999_999, i32::MIN, i32::MAX] {
            assert_eq!(read(unknown), "unknown");
        }
    }
}
