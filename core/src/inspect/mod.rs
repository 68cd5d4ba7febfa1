//! Explaining a token: what it says, and why a server would refuse it.
//!
//! Inspection reads whatever it can of any bytes and never fails. A text whose outer form is at fault is unwrapped ([`repair`]) and read on, so that a token that was copied with its quotes still shows its expiry. What
//! would make verify refuse it comes from the one row of checks in [`crate::check`]; [`explain`] gives each fault its
//! code and sentence. [`clues`] looks for what servers accept and issuers did not mean.
//!
//! Codes of `refused` findings follow the observed answers of the servers (1004) and the rules of verify; the warnings
//! and notes name the known defects of the official SDKs. Left out: whether a session still exists, which only the
//! server knows, and the signatures of Vonage applications (RS256).

mod clues;
mod explain;
mod finding;
mod repair;
mod text;

use std::borrow::Cow;
use std::time::{Duration, SystemTime};

use serde::Serialize;

use self::repair::Repaired;
use crate::base64;
use crate::check::{Expected, check_token};
use crate::error::{Error, TokenFault};
use crate::format::{json, t1};
use crate::limits::MAX_INSPECTED_FIELDS;
use crate::moment;
use crate::named::shown_as_name;
use crate::observer::{Observer, Part, Statement};
use crate::options::InspectOptions;
use crate::signature::Signer;
use crate::token::{Token, TokenFormat};

pub use finding::{Finding, FindingCode, Severity};

/// Inspects a token without credentials: its signature stays unchecked, and its project is the one that it names.
///
/// Takes any bytes; of more than [`MAX_TOKEN_BYTES`](crate::limits::MAX_TOKEN_BYTES) nothing is read. Trust nothing that
/// an inspection shows: to admit somebody, use [`OpenTok::verify_token`](crate::OpenTok::verify_token).
///
/// ```
/// use tokmint::{FindingCode, InspectOptions, inspect_token};
///
/// let inspection = inspect_token("[object Promise]", &InspectOptions::default());
/// assert!(inspection.is_refused());
/// assert_eq!(inspection.findings[0].code, FindingCode::Promise);
/// assert_eq!(
///     inspection.findings[0].message,
///     "this is the text of a JavaScript promise; await the call that makes the token"
/// );
/// ```
#[must_use]
pub fn inspect_token(token: impl AsRef<[u8]>, options: &InspectOptions<'_>) -> Inspection {
    inspect(token.as_ref(), options, None)
}

/// What a token says, as far as it reads, and everything that is wrong with it.
///
/// `Display` shows it to a person, with control characters escaped; [`Inspection::to_json`] to a program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Inspection {
    /// The format; `None` if it cannot be told.
    pub format: Option<TokenFormat>,
    /// Whether the signature is that of the project.
    pub signature: SignatureState,
    /// The members of a JWT's header, or `partner_id` of a T1 token.
    pub header: Vec<Field>,
    /// The claims of a JWT or the fields of a T1 token, in their order, one that stands there twice twice; the first
    /// [`MAX_INSPECTED_FIELDS`](crate::limits::MAX_INSPECTED_FIELDS).
    pub fields: Vec<Field>,
    /// The token with its types, if every field reads, whether it is valid or not.
    pub token: Option<Token>,
    /// When it was issued, as RFC 3339 in UTC; `None` if it does not say so or beyond the year 9999.
    pub created_at: Option<String>,
    /// The first second at which it is no longer valid, in the same way.
    pub expires_at: Option<String>,
    /// The time before which a JWT is not valid, in the same way.
    pub not_before: Option<String>,
    /// Seconds until its expiry, 0 or less when it is over; `None` if it does not name one.
    pub remaining_lifetime: Option<i64>,
    /// What is wrong: first what makes verify refuse it, in the order of its checks, then warnings, then notes.
    pub findings: Vec<Finding>,
}

/// A name and its value, as they stand in a token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Field {
    /// The name, unescaped in a JWT and still form-encoded in T1.
    pub name: String,
    /// The JSON of the value in a JWT, with the quotes of a text; the form-encoded value in T1.
    pub value: String,
}

/// Whether the signature of a token is that of a project.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum SignatureState {
    /// It is.
    Valid,
    /// It is not.
    Invalid,
    /// There was no key, no signature that reads, or another algorithm.
    #[default]
    Unchecked,
}

impl SignatureState {
    /// The name: `valid`, `invalid` or `unchecked`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            SignatureState::Valid => "valid",
            SignatureState::Invalid => "invalid",
            SignatureState::Unchecked => "unchecked",
        }
    }
}

shown_as_name!(SignatureState);

impl Inspection {
    /// Whether verify would refuse the token: whether there is a finding of that severity.
    #[must_use]
    pub fn is_refused(&self) -> bool {
        self.findings
            .iter()
            .any(|finding| finding.severity == Severity::Refused)
    }

    /// The inspection as one JSON object with the names of the fields here; `null` stands for `None`.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("texts, numbers and lists always have a JSON form")
    }
}

/// The keys of the project whose tokens are inspected.
#[derive(Clone, Copy)]
pub(crate) struct Keys<'a> {
    pub(crate) api_key: &'a str,
    pub(crate) signer: &'a Signer,
    /// Those of the same secret with white space behind it.
    pub(crate) untrimmed: &'a [Signer],
}

/// Inspects a token, with the keys of a project or without.
pub(crate) fn inspect(
    token: &[u8],
    options: &InspectOptions<'_>,
    keys: Option<Keys<'_>>,
) -> Inspection {
    let expected = Expected {
        api_key: keys.map(|keys| keys.api_key),
        session_id: options.session_id,
        now: moment::given_or_now(options.now),
        leeway: 0,
    };
    let mut reading = Reading::of(token, &expected, keys);
    // Only a token that verify refuses for its spelling is repaired, so a finding about it is never against its verdict.
    let repaired = if reading.faults.iter().any(is_spelling) {
        repair::repair(token)
    } else {
        Repaired::default()
    };
    if !repaired.findings.is_empty() {
        reading = Reading::of(&repaired.token, &expected, keys);
    }
    if repaired.is_unreadable {
        reading.faults.clear();
    }
    let is_truncated = repaired.findings.contains(&FindingCode::Truncated)
        || explain::is_truncated(&reading.view, &reading.faults);
    if is_truncated && let Some(whole) = reading.whole_fields(&expected, keys) {
        (reading.statement, reading.faults) = whole;
    }
    let Reading {
        view,
        statement,
        faults,
    } = reading;
    let mut repairs = repaired.findings;
    if is_truncated && !repairs.contains(&FindingCode::Truncated) {
        repairs.push(FindingCode::Truncated);
    }
    let mut findings = explain::explain(&view, &statement, &faults, repairs);
    findings.extend(clues::clues(&view, &statement, expected.now.ok()));
    explain::drop_consequences(&mut findings);
    let time = |seconds: Option<i64>| seconds.and_then(rfc_3339);
    Inspection {
        format: view.format,
        signature: view.signature,
        created_at: time(statement.create_time),
        expires_at: time(statement.expire_time),
        not_before: time(statement.not_before),
        remaining_lifetime: statement
            .expire_time
            .and_then(|time| Some(time.saturating_sub(expected.now.ok()?))),
        header: view.header,
        fields: view.fields,
        token: statement
            .token()
            .filter(|_| !faults.iter().any(is_of_a_field)),
        findings,
    }
}

/// Whether a fault is one of the outer form, which copying and sending a token can bring about.
fn is_spelling(fault: &Error) -> bool {
    use TokenFault::{HeaderBase64, PayloadBase64, Shape, SignatureBase64, T1Base64};
    matches!(
        fault,
        Error::MalformedToken {
            fault: Shape | HeaderBase64 | PayloadBase64 | SignatureBase64 | T1Base64
        }
    )
}

/// Whether a fault leaves a token complete that does not read as one.
fn is_of_a_field(fault: &Error) -> bool {
    use TokenFault::{DuplicateName, NotBefore, SessionId, T1Field};
    matches!(
        fault,
        Error::MalformedToken {
            fault: DuplicateName | NotBefore | SessionId | T1Field
        }
    )
}

/// Unix seconds as RFC 3339 in UTC, where the year has four digits.
fn rfc_3339(seconds: i64) -> Option<String> {
    /// 9999-12-31T23:59:59Z.
    const LAST: u64 = 253_402_300_799;
    let seconds = u64::try_from(seconds)
        .ok()
        .filter(|&seconds| seconds <= LAST)?;
    let time = SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(seconds))?;
    Some(humantime::format_rfc3339_seconds(time).to_string())
}

/// What there is to see in a token, whatever its faults.
struct View<'a> {
    /// The text that was read.
    token: &'a [u8],
    format: Option<TokenFormat>,
    signature: SignatureState,
    /// Whether the signature matches the API secret with white space behind it.
    is_untrimmed: bool,
    header: Vec<Field>,
    fields: Vec<Field>,
    has_more_fields: bool,
}

impl View<'_> {
    /// The value of the first field with this name.
    fn field(&self, name: &str) -> Option<&str> {
        value_of(&self.fields, name)
    }

    /// The value of the first field with this name, in a JWT and unless it is null.
    fn claim(&self, name: &str) -> Option<&str> {
        self.field(name)
            .filter(|&value| self.format == Some(TokenFormat::Jwt) && value != "null")
    }
}

fn value_of<'f>(fields: &'f [Field], name: &str) -> Option<&'f str> {
    let field = fields.iter().find(|field| field.name == name)?;
    Some(&field.value)
}

/// One pass over a token.
struct Reading<'a> {
    view: View<'a>,
    statement: Statement,
    faults: Vec<Error>,
}

impl<'a> Reading<'a> {
    fn of(token: &'a [u8], expected: &Expected<'_>, keys: Option<Keys<'_>>) -> Reading<'a> {
        let is_t1 = token.starts_with(t1::PREFIX.as_bytes());
        let mut inspector = Inspector {
            keys,
            faults: Vec::new(),
            view: View {
                token,
                format: Some(if is_t1 {
                    TokenFormat::T1
                } else {
                    TokenFormat::Jwt
                }),
                signature: SignatureState::Unchecked,
                is_untrimmed: false,
                header: Vec::new(),
                fields: Vec::new(),
                has_more_fields: false,
            },
        };
        let statement =
            check_token(token, expected, &mut inspector).expect("an inspector ends at no fault");
        let Inspector {
            mut view, faults, ..
        } = inspector;
        let is_unknown = |fault: &Error| {
            matches!(
                fault,
                Error::TokenTooLong { .. }
                    | Error::MalformedToken {
                        fault: TokenFault::Shape
                    }
            )
        };
        if faults.iter().any(is_unknown) {
            view.format = None;
        }
        Reading {
            view,
            statement,
            faults,
        }
    }

    /// What a T1 token says without its last field: if its end is missing, what is left of that field would be read as
    /// all of it. `None` if nothing is missing but padding, or for a token that no SDK wrote.
    fn whole_fields(
        &self,
        expected: &Expected<'_>,
        keys: Option<Keys<'_>>,
    ) -> Option<(Statement, Vec<Error>)> {
        let body = self.view.token.strip_prefix(t1::PREFIX.as_bytes())?;
        if self.view.signature == SignatureState::Valid || self.view.has_more_fields {
            return None;
        }
        let token = t1::without_last_field(&base64::decode_start(body))?;
        let Reading {
            mut statement,
            mut faults,
            ..
        } = Reading::of(&token, expected, keys);
        // The expiry may have stood in the part that is missing.
        if statement.is_default_expiry {
            statement.expire_time = None;
            faults.retain(|fault| !matches!(fault, Error::TokenExpired { .. }));
        }
        Some((statement, faults))
    }
}

/// The observer of inspect: notes everything and ends at nothing.
struct Inspector<'a, 'k> {
    keys: Option<Keys<'k>>,
    view: View<'a>,
    faults: Vec<Error>,
}

impl Observer for Inspector<'_, '_> {
    fn refuse(&mut self, fault: Error) -> Result<(), Error> {
        // A JWT that ends with its second dot has no signature that could be another one.
        let is_unsigned =
            self.view.format == Some(TokenFormat::Jwt) && self.view.token.ends_with(b".");
        let is_checked = self.keys.is_some() && !is_unsigned;
        if fault == Error::InvalidSignature && is_checked {
            self.view.signature = SignatureState::Invalid;
        }
        // Some faults can stand in a token thousands of times.
        if !self.faults.contains(&fault) {
            self.faults.push(fault);
        }
        Ok(())
    }

    fn check_signature(
        &mut self,
        check: impl Fn(&Signer) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let Some(keys) = self.keys else {
            return Ok(());
        };
        match check(keys.signer) {
            Ok(()) => {
                self.view.signature = SignatureState::Valid;
                Ok(())
            }
            Err(fault) => {
                self.view.is_untrimmed = keys.untrimmed.iter().any(|signer| check(signer).is_ok());
                self.refuse(fault)
            }
        }
    }

    fn salvage(&self, encoded: &[u8]) -> Option<Vec<u8>> {
        Some(base64::decode_start(encoded))
    }

    fn see(&mut self, part: Part<'_>) {
        match part {
            Part::JwtHeader(json) => {
                self.view.header = self.shown(json::members(json, READ_FIELDS));
            }
            Part::JwtPayload(json) => {
                self.view.fields = self.shown(json::members(json, READ_FIELDS));
            }
            Part::T1Key(key) => self.view.header = self.shown([("partner_id", key)]),
            Part::T1Data(data) => {
                let data = String::from_utf8_lossy(data);
                self.view.fields = self.shown(t1::fields(&data, READ_FIELDS));
            }
        }
    }
}

impl Inspector<'_, '_> {
    /// As many fields as are shown, of names and values.
    fn shown<'f, N: Into<Cow<'f, str>>>(
        &mut self,
        fields: impl IntoIterator<Item = (N, &'f str)>,
    ) -> Vec<Field> {
        let mut fields: Vec<Field> = fields
            .into_iter()
            .map(|(name, value)| Field {
                name: name.into().into_owned(),
                value: value.to_owned(),
            })
            .collect();
        self.view.has_more_fields |= fields.len() > MAX_INSPECTED_FIELDS;
        fields.truncate(MAX_INSPECTED_FIELDS);
        fields
    }
}

/// One more than are shown, to know whether there are more.
const READ_FIELDS: usize = MAX_INSPECTED_FIELDS + 1;

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
