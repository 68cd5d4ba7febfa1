//! Session IDs: which project or application owns a session.
//!
//! `1_` or `2_`, then base64url without padding of `1~<owner>~<location>~<created>~<random>~...` (read from the IDs in
//! the test suites of the official SDKs). The field at index 1 is the API key of the project, or the UUID of the
//! application. The prefix digit says nothing about the owner, and the fields after it differ by year; they are not
//! read.

use crate::base64;
use crate::error::{Error, SessionIdFault};
use crate::limits::MAX_SESSION_ID_LENGTH;

/// Length of `1_`.
const PREFIX_LENGTH: usize = 2;

/// Bytes of the longest decoded ID.
const MAX_DECODED_LENGTH: usize = (MAX_SESSION_ID_LENGTH - PREFIX_LENGTH) * 3 / 4;

/// Room for any decoded session ID.
pub(crate) const ROOM: [u8; MAX_DECODED_LENGTH] = [0; MAX_DECODED_LENGTH];

/// A well-formed session ID and its owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionId<'a> {
    text: &'a str,
    owner: String,
}

impl<'a> SessionId<'a> {
    /// Reads a session ID.
    ///
    /// # Errors
    /// [`Error::InvalidSessionId`] if it is longer than [`MAX_SESSION_ID_LENGTH`], does not start with `1_` or `2_`,
    /// is not canonical base64url of UTF-8 text, or names no owner.
    pub fn parse(text: &'a str) -> Result<SessionId<'a>, Error> {
        let mut decoded = ROOM;
        let owner = read_owner(text, &mut decoded)?.to_owned();
        Ok(SessionId { text, owner })
    }

    /// The ID as it was given.
    #[must_use]
    pub fn as_str(&self) -> &'a str {
        self.text
    }

    /// The API key or the application ID that created the session.
    #[must_use]
    pub fn owner(&self) -> &str {
        &self.owner
    }

    /// Whether this API key, or application ID in any case, created the session.
    #[must_use]
    pub fn belongs_to(&self, api_key: &str) -> bool {
        is_owner(&self.owner, api_key)
    }
}

/// Checks a session ID as [`SessionId::parse`] does, and returns its owner without allocating.
pub(crate) fn read_owner<'d>(
    text: &str,
    decoded: &'d mut [u8; MAX_DECODED_LENGTH],
) -> Result<&'d str, Error> {
    let invalid = |fault| Error::InvalidSessionId { fault };
    if text.len() > MAX_SESSION_ID_LENGTH {
        let length = text.len();
        return Err(invalid(SessionIdFault::TooLong { length }));
    }
    let (b"1_" | b"2_", body) = text.as_bytes().split_at(text.len().min(PREFIX_LENGTH)) else {
        return Err(invalid(SessionIdFault::Prefix));
    };
    let length = base64::decode_url_into(body, decoded).ok_or(invalid(SessionIdFault::Base64))?;
    let fields = str::from_utf8(&decoded[..length]).map_err(|_| invalid(SessionIdFault::Owner))?;
    field_at_index_1(fields).ok_or(invalid(SessionIdFault::Owner))
}

/// Whether the owner of a session is this API key, or this application ID in any case.
pub(crate) fn is_owner(owner: &str, api_key: &str) -> bool {
    owner == api_key || owner.eq_ignore_ascii_case(api_key)
}

/// The field between the first and the second `~`, if it is not empty.
fn field_at_index_1(fields: &str) -> Option<&str> {
    let separator = |text: &str| text.bytes().position(|byte| byte == b'~');
    let rest = &fields[separator(fields)? + 1..];
    let owner = &rest[..separator(rest).unwrap_or(rest.len())];
    (!owner.is_empty()).then_some(owner)
}
