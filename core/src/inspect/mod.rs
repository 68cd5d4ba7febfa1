//! Explaining a token: what it says, and why a server would refuse it.
//!
//! Inspection reads whatever it can of any bytes and never fails. A token whose outer form is at
//! fault is unwrapped ([`repair`]) and read on, so that a token that was copied with its quotes
//! still shows its expiry. What would make verify refuse it comes from the same checks
//! ([`crate::verify`]); [`explain`] gives each fault its code and sentence. [`hints`] looks for
//! what servers accept and issuers did not mean, [`secret`] for what was done to the API secret.
//! [`compare`] compares two inspections.
//!
//! Codes of `refused` findings follow the observed replies of the servers (1004) and the rules of
//! verify; the warnings and notes name the known defects of the official SDKs. Left out: whether a
//! session still exists, which only the server knows.

mod compare;
mod comparison;
mod explain;
mod finding;
mod hints;
mod inspection;
mod reader;
mod repair;
mod secret;
mod text;

use self::reader::{Inspector, Reading};
use self::repair::Repaired;
use crate::clock;
use crate::options::InspectOptions;
use crate::verify::Expected;

pub use comparison::{ComparedItem, ComparedPart, Comparison, Impact, Relation};
pub use finding::{Finding, FindingCode, Severity};
pub use inspection::{Field, Inspection, SignatureState};

/// Inspects a token without credentials: its signature stays unchecked, and its project or
/// application is the one that it names.
///
/// Takes any bytes; of more than [`MAX_TOKEN_BYTES`](crate::limits::MAX_TOKEN_BYTES) nothing is
/// read. Trust nothing that an inspection shows: to admit somebody, use
/// [`OpenTok::verify_token`](crate::OpenTok::verify_token).
///
/// ```
/// use tokmint::{FindingCode, InspectOptions, inspect_token};
///
/// let inspection = inspect_token("[object Promise]", &InspectOptions::new());
/// assert!(inspection.is_refused());
/// assert_eq!(inspection.findings[0].code, FindingCode::Promise);
/// assert_eq!(
///     inspection.findings[0].message,
///     "this is the string of a JavaScript promise; await the call that makes the token"
/// );
/// ```
#[must_use]
pub fn inspect_token(token: impl AsRef<[u8]>, options: &InspectOptions<'_>) -> Inspection {
    inspect(token.as_ref(), options, None)
}

/// Inspects a token, with credentials or without.
pub(crate) fn inspect(
    token: &[u8],
    options: &InspectOptions<'_>,
    inspector: Option<Inspector<'_>>,
) -> Inspection {
    let expected = Expected {
        issuer: inspector.map(|(credentials, _)| credentials.issuer()),
        session_id: options.session_id,
        now: clock::given_or_now(options.now),
        leeway: 0,
    };

    // As it is. Only a token that verify refuses for its spelling is repaired, so a repair is never
    // against the verdict of verify.
    let mut reading = Reading::of(token, &expected, inspector);
    let repaired =
        if reading.is_misspelled() { repair::repair(token) } else { Repaired::default() };

    // Once more, as it should have been spelled.
    if !repaired.findings.is_empty() {
        reading = Reading::of(&repaired.token, &expected, inspector);
    }
    if repaired.is_unreadable {
        reading.faults.clear();
    }

    // If it is cut off, without the field that may be cut.
    let mut repairs = repaired.findings;
    if !repairs.contains(&FindingCode::Truncated) && reading.is_truncated() {
        repairs.push(FindingCode::Truncated);
    }
    if repairs.contains(&FindingCode::Truncated) {
        reading.leave_out_last_field(&expected, inspector);
    }

    let now = expected.now.ok();
    let mut findings = explain::explain(&reading, &repairs);
    findings.extend(hints::hints(&reading, now));
    explain::drop_consequences(&mut findings);
    let is_complete = !reading.has_malformed_field();
    let claims = reading.claims;
    Inspection {
        format: reading.format,
        signature: reading.signature,
        header: reading.header,
        fields: reading.fields,
        now,
        create_time: claims.create_time,
        expire_time: claims.expire_time,
        not_before: claims.not_before,
        remaining_lifetime: claims.expire_time.and_then(|time| Some(time.saturating_sub(now?))),
        token: claims.complete().filter(|_| is_complete),
        findings,
    }
}
