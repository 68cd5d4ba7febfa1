//! What a call answers: the numbers of core's error codes, and those of this border.

use std::ffi::{CStr, c_char};

use tokmint::{Error, ErrorCode};

/// What a call answers: 0, or the number of an error. Numbers are fixed for ever; new ones may come.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// The call did what it says.
    Ok = 0,
    /// The API key is not 1 to 20 ASCII digits.
    InvalidApiKey = 10,
    /// The API secret is empty, holds NUL, has white space around it, or is a key of another kind.
    InvalidApiSecret = 11,
    /// The text is not a session ID.
    InvalidSessionId = 20,
    /// Another project than the API key's created the session.
    SessionOfOtherProject = 21,
    /// The role is none of subscriber, publisher, publisheronly and moderator.
    InvalidRole = 30,
    /// The expiry is not after the creation time, too far from it, in milliseconds, or given twice.
    InvalidExpireTime = 31,
    /// The connection data is too long.
    DataTooLong = 32,
    /// The connection data is not UTF-8.
    InvalidData = 33,
    /// A layout class is empty or holds white space or a control character.
    InvalidLayoutClass = 34,
    /// The layout classes are too long together.
    LayoutClassListTooLong = 35,
    /// The creation time is negative, or in milliseconds.
    InvalidCreateTime = 36,
    /// The nonce is negative or above 2^53 - 1.
    InvalidNonce = 37,
    /// The token format is neither jwt nor t1.
    InvalidTokenFormat = 38,
    /// The leeway is negative or longer than an hour.
    InvalidLeeway = 39,
    /// The text is not a token.
    MalformedToken = 40,
    /// The token is signed in another way than HS256 or T1.
    UnsupportedAlgorithm = 41,
    /// The signature does not match.
    InvalidSignature = 42,
    /// The token was issued by another project.
    TokenOfOtherProject = 43,
    /// The token has expired.
    TokenExpired = 44,
    /// The token's time of issue lies in the future.
    TokenNotYetValid = 45,
    /// The token has no expiry.
    MissingExpiry = 46,
    /// The token is for another session than the expected one.
    TokenOfOtherSession = 47,
    /// The token is longer than any token can be.
    TokenTooLong = 48,
    /// The token lives longer than any token may.
    LifetimeTooLong = 49,
    /// The system clock is far off.
    SystemClock = 50,
    /// The operating system gave no random bytes.
    SystemRandom = 51,
    /// A pointer that must point to something is NULL.
    NullPointer = 90,
    /// A text is not UTF-8.
    InvalidUtf8 = 91,
    /// The size of an options struct is none that this library knows, or a length is larger than any memory.
    InvalidSize = 92,
    /// The buffer is too short; nothing was written to it.
    BufferTooShort = 93,
    /// A defect of tokmint was caught. The process can go on.
    Panic = 99,
}

impl From<ErrorCode> for Status {
    /// The one place where core's errors become numbers of C.
    fn from(code: ErrorCode) -> Status {
        match code {
            ErrorCode::InvalidApiKey => Status::InvalidApiKey,
            ErrorCode::InvalidApiSecret => Status::InvalidApiSecret,
            ErrorCode::InvalidSessionId => Status::InvalidSessionId,
            ErrorCode::SessionOfOtherProject => Status::SessionOfOtherProject,
            ErrorCode::InvalidRole => Status::InvalidRole,
            ErrorCode::InvalidExpireTime => Status::InvalidExpireTime,
            ErrorCode::DataTooLong => Status::DataTooLong,
            ErrorCode::InvalidData => Status::InvalidData,
            ErrorCode::InvalidLayoutClass => Status::InvalidLayoutClass,
            ErrorCode::LayoutClassListTooLong => Status::LayoutClassListTooLong,
            ErrorCode::InvalidCreateTime => Status::InvalidCreateTime,
            ErrorCode::InvalidNonce => Status::InvalidNonce,
            ErrorCode::InvalidTokenFormat => Status::InvalidTokenFormat,
            ErrorCode::InvalidLeeway => Status::InvalidLeeway,
            ErrorCode::MalformedToken => Status::MalformedToken,
            ErrorCode::UnsupportedAlgorithm => Status::UnsupportedAlgorithm,
            ErrorCode::InvalidSignature => Status::InvalidSignature,
            ErrorCode::TokenOfOtherProject => Status::TokenOfOtherProject,
            ErrorCode::TokenExpired => Status::TokenExpired,
            ErrorCode::TokenNotYetValid => Status::TokenNotYetValid,
            ErrorCode::MissingExpiry => Status::MissingExpiry,
            ErrorCode::TokenOfOtherSession => Status::TokenOfOtherSession,
            ErrorCode::TokenTooLong => Status::TokenTooLong,
            ErrorCode::LifetimeTooLong => Status::LifetimeTooLong,
            ErrorCode::SystemClock => Status::SystemClock,
            ErrorCode::SystemRandom => Status::SystemRandom,
            ErrorCode::NullPointer => Status::NullPointer,
            ErrorCode::InvalidUtf8 => Status::InvalidUtf8,
            ErrorCode::Panic => Status::Panic,
        }
    }
}

/// Why a call failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Fault {
    /// Core refused.
    #[error(transparent)]
    Core(#[from] Error),
    #[error("the pointer {name} is NULL; pass the address of what its name says")]
    NullPointer { name: &'static str },
    #[error("the text {name} is not UTF-8; convert it first")]
    InvalidUtf8 { name: &'static str },
    #[error(
        "{name} is {size}, which cannot be; give texts their length in bytes, and initialise options \
         with the macro of the header that belongs to this library or to an older one"
    )]
    InvalidSize { name: &'static str, size: usize },
    #[error("the buffer is too short; pass one of {length} bytes and one more for the NUL")]
    BufferTooShort { length: usize },
    #[error("tokmint has a defect and caught it; please report what was called")]
    Panic,
}

impl Fault {
    pub(crate) fn status(self) -> Status {
        match self {
            Fault::Core(error) => error.code().into(),
            Fault::NullPointer { .. } => Status::NullPointer,
            Fault::InvalidUtf8 { .. } => Status::InvalidUtf8,
            Fault::InvalidSize { .. } => Status::InvalidSize,
            Fault::BufferTooShort { .. } => Status::BufferTooShort,
            Fault::Panic => Status::Panic,
        }
    }
}

/// Room for the longest name and its NUL; a longer one does not compile.
type Name = [u8; 32];

/// Core's names with a NUL behind each.
static NAMES: [Name; ErrorCode::ALL.len()] = {
    let mut names = [[0; 32]; ErrorCode::ALL.len()];
    let mut index = 0;
    while index < names.len() {
        names[index] = terminated(ErrorCode::ALL[index].name());
        index += 1;
    }
    names
};

const fn terminated(name: &str) -> Name {
    let mut terminated = [0; 32];
    let (text, _nul) = terminated.split_at_mut(31);
    text.split_at_mut(name.len())
        .0
        .copy_from_slice(name.as_bytes());
    terminated
}

/// The name of a status, or `unknown`.
pub(crate) fn name(status: i32) -> *const c_char {
    const OWN: [(Status, &CStr); 3] = [
        (Status::Ok, c"ok"),
        (Status::InvalidSize, c"invalid_size"),
        (Status::BufferTooShort, c"buffer_too_short"),
    ];
    let core = ErrorCode::ALL
        .iter()
        .zip(&NAMES)
        .find(|(code, _)| code.number() == status)
        .map(|(_, name)| name.as_ptr().cast());
    core.unwrap_or_else(|| {
        OWN.iter()
            .find(|(own, _)| *own as i32 == status)
            .map_or(c"unknown", |(_, name)| name)
            .as_ptr()
    })
}

#[cfg(test)]
mod tests {
    #![allow(unsafe_code, reason = "reads the static texts as a C program does")]

    use super::*;

    fn read(status: i32) -> &'static str {
        // SAFETY: every name is a static text with a NUL.
        unsafe { CStr::from_ptr(name(status)) }.to_str().unwrap()
    }

    #[test]
    fn numbers_and_names_are_those_of_core() {
        for &code in ErrorCode::ALL {
            assert_eq!(Status::from(code) as i32, code.number());
            assert_eq!(read(code.number()), code.name());
        }
    }

    #[test]
    fn numbers_of_this_border_are_free_in_core() {
        for (status, name) in [
            (Status::Ok, "ok"),
            (Status::InvalidSize, "invalid_size"),
            (Status::BufferTooShort, "buffer_too_short"),
        ] {
            assert!(
                ErrorCode::ALL
                    .iter()
                    .all(|code| code.number() != status as i32)
            );
            assert_eq!(read(status as i32), name);
        }
        for unknown in [-1, 1, 98, i32::MIN, i32::MAX] {
            assert_eq!(read(unknown), "unknown");
        }
    }
}
