//! Session IDs: which project or application owns a session.
//!
//! `1_` or `2_`, then base64url without padding of `1~<owner>~<location>~<created>~<random>~...`
//! (read from the IDs in the test suites of the official SDKs). The field at index 1 is the API key
//! of the project, or the UUID of the application. The prefix digit says nothing about the owner,
//! and the fields after it differ by year; they are not read.

use arrayvec::ArrayString;

use crate::credentials::Issuer;
use crate::error::{Error, OwnerFault, SessionIdFault};
use crate::format::base64;
use crate::limits::MAX_SESSION_ID_LENGTH;
use crate::uuid::is_uuid;
use crate::wrapping::{is_absent, is_blank, is_quoted};

/// Length of `1_`.
const PREFIX_LENGTH: usize = 2;

/// Bytes of the longest decoded ID.
const MAX_DECODED_LENGTH: usize = (MAX_SESSION_ID_LENGTH - PREFIX_LENGTH) * 3 / 4;

/// A well-formed session ID and its owner.
///
/// ```
/// use tokmint::SessionId;
///
/// let id = "1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4";
/// let session = SessionId::parse(id)?;
/// assert_eq!(session.owner(), "123456");
/// assert!(session.belongs_to("123456"));
/// assert_eq!(session.decoded(), "1~123456~~Sat Mar 15 14:42:23 PDT 2014~0.49013025~");
/// # Ok::<(), tokmint::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SessionId<'a> {
    id: &'a str,
    owner: ArrayString<MAX_DECODED_LENGTH>,
}

impl<'a> SessionId<'a> {
    /// Reads a session ID, without allocating.
    ///
    /// # Errors
    /// [`Error::InvalidSessionId`] if it is longer than [`MAX_SESSION_ID_LENGTH`], does not start
    /// with `1_` or `2_`, is not canonical base64url of a UTF-8 string, or names no owner.
    pub fn parse(id: &'a str) -> Result<SessionId<'a>, Error> {
        let mut decoded = [0; MAX_DECODED_LENGTH];
        let owner = ArrayString::from(read_owner(id, &mut decoded)?);
        let owner = owner.expect("a part of the decoded ID is no longer than all of it");
        Ok(SessionId { id, owner })
    }

    /// The ID as it was given.
    #[must_use]
    pub fn as_str(&self) -> &'a str {
        self.id
    }

    /// The API key or the application ID that created the session.
    #[must_use]
    pub fn owner(&self) -> &str {
        &self.owner
    }

    /// The fields of the ID, separated by `~`, for a person. One is the owner; what the others are
    /// differs by year.
    ///
    /// # Panics
    /// Never: the ID was decoded when it was read.
    #[must_use]
    pub fn decoded(&self) -> String {
        let mut decoded = [0; MAX_DECODED_LENGTH];
        let body = &self.id.as_bytes()[PREFIX_LENGTH..];
        let length = base64::decode_url_into(body, &mut decoded).expect("it was decoded before");
        String::from_utf8_lossy(&decoded[..length]).into_owned()
    }

    /// Whether this API key, or application ID in any case, created the session.
    #[must_use]
    pub fn belongs_to(&self, owner: &str) -> bool {
        self.owner.eq_ignore_ascii_case(owner)
    }
}

/// How the owner of a session differs from an issuer of tokens; `None` if it is the same. Unlike
/// [`SessionId::belongs_to`] this copies no owner.
pub(crate) fn owner_fault(id: &str, issuer: Issuer<'_>) -> Result<Option<OwnerFault>, Error> {
    let mut decoded = [0; MAX_DECODED_LENGTH];
    let owner = read_owner(id, &mut decoded)?;
    let owner = if is_uuid(owner) { Issuer::Application(owner) } else { Issuer::Project(owner) };
    Ok(owner.fault(issuer))
}

fn read_owner<'d>(id: &str, decoded: &'d mut [u8; MAX_DECODED_LENGTH]) -> Result<&'d str, Error> {
    decode(id, decoded).map_err(|fault| Error::InvalidSessionId { fault: likely_fault(id, fault) })
}

fn decode<'d>(
    id: &str,
    decoded: &'d mut [u8; MAX_DECODED_LENGTH],
) -> Result<&'d str, SessionIdFault> {
    if id.len() > MAX_SESSION_ID_LENGTH {
        return Err(SessionIdFault::TooLong { length: id.len() });
    }
    let (b"1_" | b"2_", body) = id.as_bytes().split_at(id.len().min(PREFIX_LENGTH)) else {
        return Err(SessionIdFault::Prefix);
    };
    let length = base64::decode_url_into(body, decoded).ok_or(SessionIdFault::Base64)?;
    let fields = str::from_utf8(&decoded[..length]).map_err(|_| SessionIdFault::Owner)?;
    let separator = |string: &str| string.bytes().position(|byte| byte == b'~');
    let owner = &fields[separator(fields).ok_or(SessionIdFault::Owner)? + 1..];
    let owner = &owner[..separator(owner).unwrap_or(owner.len())];
    Some(owner).filter(|owner| !owner.is_empty()).ok_or(SessionIdFault::Owner)
}

/// What was done to a session ID, if that says more than where it is malformed.
fn likely_fault(id: &str, fault: SessionIdFault) -> SessionIdFault {
    if matches!(fault, SessionIdFault::TooLong { .. }) {
        fault
    } else if is_absent(id) {
        SessionIdFault::Placeholder
    } else if id.trim_matches(is_blank) != id {
        SessionIdFault::OuterWhitespace
    } else if is_quoted(id) {
        SessionIdFault::Quoted
    } else if fault == SessionIdFault::Base64
        && decode(&format!("{id}-"), &mut [0; MAX_DECODED_LENGTH]).is_ok()
    {
        SessionIdFault::MissingHyphen
    } else {
        fault
    }
}
