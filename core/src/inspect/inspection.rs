//! What an inspection returns, and its JSON form.

use std::time::{Duration, SystemTime};

use serde::ser::{Serialize, SerializeStruct, Serializer};

use super::finding::{Finding, Severity};
use crate::claims::Claims;
use crate::names::named_enum;
use crate::token_format::TokenFormat;

/// The contents of a token, as far as they can be parsed, and everything that is wrong with it.
/// Times are Unix seconds.
///
/// `Display` shows it to a person, with control characters escaped; [`Inspection::to_json`] to a
/// program. Both write times as RFC 3339 in UTC.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Inspection {
    /// The format; `None` if it cannot be told.
    pub format: Option<TokenFormat>,
    /// Whether the signature is that of the credentials.
    pub signature: SignatureState,
    /// The members of a JWT's header, or the fields of a T1 token's head without its signature.
    pub header: Vec<Field>,
    /// The claims of a JWT or the fields of a T1 token, in token order; a repeated name appears
    /// each time. At most the first [`MAX_INSPECTED_FIELDS`](crate::limits::MAX_INSPECTED_FIELDS).
    pub fields: Vec<Field>,
    /// The claims with their types, if every one can be read, whether the token is valid or not.
    /// Anybody may have written them.
    pub token: Option<Claims>,
    /// The time of the inspection; `None` if none was given and the system clock has none.
    pub now: Option<i64>,
    /// When the token was issued; `None` if the token does not state it.
    pub create_time: Option<i64>,
    /// The first second at which it is no longer valid; `None` if the token does not state it.
    pub expire_time: Option<i64>,
    /// The time before which a JWT is not valid.
    pub not_before: Option<i64>,
    /// Seconds until its expiry, 0 or less when it has expired; `None` if the token states none.
    pub remaining_lifetime: Option<i64>,
    /// What is wrong: first what makes verify refuse it, in the order of its checks, then warnings,
    /// then notes.
    pub findings: Vec<Finding>,
}

/// A name and its value, as a token spells them.
#[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize)]
#[non_exhaustive]
pub struct Field {
    /// The name, unescaped in a JWT and still form-encoded in T1.
    pub name: String,
    /// The JSON of the value in a JWT, with the quotes of a string; the form-encoded value in T1.
    pub value: String,
}

named_enum! {
    /// Whether the signature of a token is that of the credentials.
    #[derive(Default)]
    SignatureState {
        /// It is.
        Valid = "valid",
        /// It is not.
        Invalid = "invalid",
        /// There was no key, no readable signature, or another algorithm.
        #[default]
        Unchecked = "unchecked",
    }
}

impl Inspection {
    /// Whether verify would refuse the token: whether a finding has [`Severity::Refused`].
    #[must_use]
    pub fn is_refused(&self) -> bool {
        self.findings.iter().any(|finding| finding.severity == Severity::Refused)
    }

    /// The inspection as one JSON object, with `null` for `None`. Its times are `created_at`,
    /// `expires_at` and `not_before`, as RFC 3339 in UTC (`null` beyond the year 9999);
    /// `is_refused` is its last member.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("strings, numbers and lists always have a JSON form")
    }
}

impl Serialize for Inspection {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_struct("Inspection", 11)?;
        object.serialize_field("format", &self.format)?;
        object.serialize_field("signature", &self.signature)?;
        object.serialize_field("header", &self.header)?;
        object.serialize_field("fields", &self.fields)?;
        object.serialize_field("token", &self.token)?;
        object.serialize_field("created_at", &self.create_time.and_then(rfc_3339))?;
        object.serialize_field("expires_at", &self.expire_time.and_then(rfc_3339))?;
        object.serialize_field("not_before", &self.not_before.and_then(rfc_3339))?;
        object.serialize_field("remaining_lifetime", &self.remaining_lifetime)?;
        object.serialize_field("findings", &self.findings)?;
        object.serialize_field("is_refused", &self.is_refused())?;
        object.end()
    }
}

/// Unix seconds as RFC 3339 in UTC, where the year has four digits.
pub(super) fn rfc_3339(seconds: i64) -> Option<String> {
    /// 9999-12-31T23:59:59Z.
    const LAST: u64 = 253_402_300_799;
    let seconds = u64::try_from(seconds).ok().filter(|&seconds| seconds <= LAST)?;
    let time = SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(seconds))?;
    Some(humantime::format_rfc3339_seconds(time).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rfc_3339_has_years_of_four_digits() {
        let shown = |seconds| rfc_3339(seconds).unwrap();
        assert_eq!(shown(0), "1970-01-01T00:00:00Z");
        assert_eq!(shown(951_826_154), "2000-02-29T12:09:14Z");
        assert_eq!(shown(253_402_300_799), "9999-12-31T23:59:59Z");
        for beyond in [253_402_300_800, i64::MAX, -1, i64::MIN] {
            assert_eq!(rfc_3339(beyond), None);
        }
    }
}
