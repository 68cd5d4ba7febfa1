//! Session IDs: which project or application owns a session.
//!
//! `1_` or `2_`, then base64url without padding of `1~<owner>~<location>~<created>~<random>~...` (read from the IDs in
//! the test suites of the official SDKs). The field at index 1 is the API key of the project, or the UUID of the
//! application. The prefix digit says nothing about the owner, and the fields after it differ by year; they are not
//! read.

use std::ops::Range;

use crate::base64;
use crate::error::{Error, SessionIdFault};
use crate::limits::MAX_SESSION_ID_LENGTH;

/// Length of `1_`.
const PREFIX_LENGTH: usize = 2;

/// Bytes of the longest decoded ID.
const MAX_DECODED_LENGTH: usize = (MAX_SESSION_ID_LENGTH - PREFIX_LENGTH) * 3 / 4;

/// A well-formed session ID and its owner.
#[derive(Clone)]
pub struct SessionId<'a> {
    text: &'a str,
    decoded: [u8; MAX_DECODED_LENGTH],
    owner: Range<usize>,
}

impl<'a> SessionId<'a> {
    /// Reads a session ID.
    ///
    /// # Errors
    /// [`Error::InvalidSessionId`] if it is longer than [`MAX_SESSION_ID_LENGTH`], does not start with `1_` or `2_`,
    /// is not canonical base64url of UTF-8 text, or names no owner.
    pub fn parse(text: &'a str) -> Result<SessionId<'a>, Error> {
        let invalid = |fault| Error::InvalidSessionId { fault };
        if text.len() > MAX_SESSION_ID_LENGTH {
            let length = text.len();
            return Err(invalid(SessionIdFault::TooLong { length }));
        }
        let (b"1_" | b"2_", body) = text.as_bytes().split_at(text.len().min(PREFIX_LENGTH)) else {
            return Err(invalid(SessionIdFault::Prefix));
        };
        let mut decoded = [0; MAX_DECODED_LENGTH];
        let length =
            base64::decode_url_into(body, &mut decoded).ok_or(invalid(SessionIdFault::Base64))?;
        let fields =
            str::from_utf8(&decoded[..length]).map_err(|_| invalid(SessionIdFault::Owner))?;
        let owner = field_at_index_1(fields).ok_or(invalid(SessionIdFault::Owner))?;
        Ok(SessionId {
            text,
            decoded,
            owner,
        })
    }

    /// The ID as it was given.
    #[must_use]
    pub fn as_str(&self) -> &'a str {
        self.text
    }

    /// The API key or the application ID that created the session.
    #[must_use]
    pub fn owner(&self) -> &str {
        str::from_utf8(&self.decoded[self.owner.clone()])
            .expect("the range ends at ASCII separators of text that parse() found to be UTF-8")
    }

    /// Whether this API key, or application ID in any case, created the session.
    #[must_use]
    pub fn belongs_to(&self, api_key: &str) -> bool {
        self.owner().eq_ignore_ascii_case(api_key)
    }
}

impl std::fmt::Debug for SessionId<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_tuple("SessionId")
            .field(&self.text)
            .finish()
    }
}

/// Where the field between the first and the second `~` stands, if it is not empty.
fn field_at_index_1(fields: &str) -> Option<Range<usize>> {
    let start = fields.find('~')? + 1;
    let length = fields[start..]
        .find('~')
        .unwrap_or_else(|| fields.len() - start);
    (length > 0).then(|| start..start + length)
}
