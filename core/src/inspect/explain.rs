//! What each fault means: its code, and the sentence for a person.
//!
//! A fault gets the sentence of its [`Error`], or a better one where the token shows more than
//! verify tells: which project, which defect of which SDK. Faults that only follow from another one
//! are left out.

use super::finding::{Finding, FindingCode};
use super::inspection::SignatureState;
use super::reader::{Reading, value_of};
use super::text::quoted;
use crate::error::{AlgorithmFault, Error, StartFault, TokenFault};
use crate::limits::{MAX_LIFETIME, MAX_TIME};
use crate::role::Role;
use crate::session_id::SessionId;
use crate::token::TokenFormat;

/// The findings about what was repaired, then those about faults.
pub(super) fn explain(reading: &Reading<'_>, repairs: &[FindingCode]) -> Vec<Finding> {
    let mut findings: Vec<Finding> =
        repairs.iter().map(|&code| of_repair(code, reading.signature)).collect();
    for &fault in &reading.faults {
        let finding = of_fault(fault, reading);
        if findings.iter().all(|other| other.code != finding.code) {
            findings.push(finding);
        }
    }
    findings
}

/// Drops the findings that say nothing new beside another one.
pub(super) fn drop_consequences(findings: &mut Vec<Finding>) {
    for (cause, consequences) in CONSEQUENCES {
        if findings.iter().any(|finding| finding.code == *cause) {
            findings.retain(|finding| !consequences.contains(&finding.code));
        }
    }
}

/// The consequences of each cause. Every cause has severity refused, so dropping consequences
/// cannot change the verdict.
const CONSEQUENCES: &[(FindingCode, &[FindingCode])] = {
    use FindingCode::{
        ApplicationToken, DefaultExpiry, IgnoredField, InvalidSignature, MalformedBase64,
        MalformedFields, MalformedHead, MalformedHeader, MalformedIssuer, MalformedPayload,
        MalformedSignature, MissingCreateTime, MissingRole, MissingSessionId, NotAClientToken,
        RestToken, TokenOfOtherProject, Truncated,
    };
    &[
        (
            Truncated,
            &[
                MalformedHeader, MalformedPayload, MalformedSignature, MalformedBase64,
                MalformedHead, MalformedFields, InvalidSignature, NotAClientToken,
                MissingSessionId, MissingRole, MissingCreateTime, DefaultExpiry, IgnoredField,
            ],
        ),
        (MalformedFields, &[IgnoredField]),
        (MalformedHeader, &[InvalidSignature]),
        (MalformedPayload, &[InvalidSignature]),
        (MalformedSignature, &[InvalidSignature]),
        (
            MalformedBase64,
            &[
                MalformedHead, MalformedFields, InvalidSignature, MissingSessionId, MissingRole,
                MissingCreateTime, DefaultExpiry,
            ],
        ),
        (TokenOfOtherProject, &[InvalidSignature]),
        (RestToken, &[MalformedIssuer, MissingSessionId, MissingRole, TokenOfOtherProject]),
        (ApplicationToken, &[MalformedIssuer, NotAClientToken]),
    ]
};

fn of_repair(code: FindingCode, signature: SignatureState) -> Finding {
    if code == FindingCode::Truncated && signature == SignatureState::Valid {
        return Finding::new(
            code,
            "the = at the end of the token are missing, and nothing else; pass it whole, and do not split a string that \
             holds it at =",
        );
    }
    Finding::of_code(code)
}

fn of_fault(fault: Error, reading: &Reading<'_>) -> Finding {
    let plain = |code| Finding::new(code, fault.to_string());
    match fault {
        Error::MalformedToken { fault: part } => of_part(part, fault, reading),
        Error::UnsupportedAlgorithm { fault: part } => match part {
            AlgorithmFault::Algorithm if reading.field("application_id").is_some() => Finding::new(
                FindingCode::ApplicationToken,
                "the token is that of a Vonage application (RS256, application_id) and no project's; use it with that \
                 application, or generate one with the project's API key and secret",
            ),
            AlgorithmFault::Algorithm => {
                let name =
                    value_of(&reading.header, "alg").map_or("no algorithm".to_owned(), quoted);
                Finding::new(
                    FindingCode::UnsupportedAlgorithm,
                    format!(
                        "the token is signed with {name}, but a project's API secret signs with HS256 only; \
                         generate it with the API secret"
                    ),
                )
            }
            AlgorithmFault::Extension => plain(FindingCode::CriticalExtension),
        },
        Error::InvalidSignature => {
            reading.mangled_secret.clone().unwrap_or_else(|| plain(FindingCode::InvalidSignature))
        }
        Error::TokenOfOtherProject => {
            let other = reading.claims.api_key.as_deref().unwrap_or_default();
            Finding::new(
                FindingCode::TokenOfOtherProject,
                format!(
                    "the token belongs to project {}, not to this API key; use the credentials of the project that \
                     issued it",
                    quoted(other)
                ),
            )
        }
        Error::SessionOfOtherProject => of_foreign_session(reading),
        Error::MissingExpiry => Finding::new(
            FindingCode::MissingExpiry,
            format!(
                "the token has no expiry, which servers read in different ways; the Ruby and PHP SDKs write none \
                 unless told to: set it, at most {MAX_LIFETIME} s after the issue"
            ),
        ),
        Error::LifetimeTooLong { .. } if reading.claims.expire_time > Some(MAX_TIME) => {
            of_milliseconds()
        }
        Error::TokenExpired { .. } if reading.claims.expire_time <= reading.claims.create_time => {
            Finding::new(
                FindingCode::TokenExpired,
                "the token's expiry is not after its issue; pass the expiry as a time in Unix seconds, not as a duration",
            )
        }
        Error::TokenNotYetValid { fault: start } => match start {
            StartFault::CreateTime { .. } if reading.claims.create_time > Some(MAX_TIME) => {
                of_milliseconds()
            }
            StartFault::CreateTime { .. } => plain(FindingCode::IssuedInTheFuture),
            StartFault::NotBefore { .. } if reading.claims.not_before > Some(MAX_TIME) => {
                of_milliseconds()
            }
            StartFault::NotBefore { .. } => plain(FindingCode::NotBefore),
        },
        _ => plain(same_code(fault)),
    }
}

/// The code of the finding that has the name of the error. Errors of tokens have one, but for those
/// explained above.
fn same_code(fault: Error) -> FindingCode {
    let name = fault.code().name();
    FindingCode::ALL
        .iter()
        .copied()
        .find(|code| code.name() == name)
        .unwrap_or(FindingCode::MalformedToken)
}

fn of_part(part: TokenFault, fault: Error, reading: &Reading<'_>) -> Finding {
    let plain = |code| Finding::new(code, fault.to_string());
    match part {
        TokenFault::Shape => plain(FindingCode::MalformedToken),
        TokenFault::HeaderBase64 => of_base64(FindingCode::MalformedHeader, 0, fault, reading),
        TokenFault::PayloadBase64 => of_base64(FindingCode::MalformedPayload, 1, fault, reading),
        TokenFault::SignatureBase64 => {
            of_base64(FindingCode::MalformedSignature, 2, fault, reading)
        }
        TokenFault::HeaderJson => plain(FindingCode::MalformedHeader),
        TokenFault::PayloadJson => plain(FindingCode::MalformedPayload),
        TokenFault::T1Base64 => plain(FindingCode::MalformedBase64),
        TokenFault::T1Head => plain(FindingCode::MalformedHead),
        TokenFault::T1Field => plain(FindingCode::MalformedFields),
        TokenFault::DuplicateName => of_duplicates(fault, reading),
        TokenFault::Scope
            if reading.field("ist").is_some()
                && ["scope", "role", "session_id"]
                    .iter()
                    .all(|name| reading.field(name).is_none()) =>
        {
            Finding::new(
                FindingCode::RestToken,
                "this is a token for REST calls, without session and role; generate a client token for the session",
            )
        }
        TokenFault::Scope => plain(FindingCode::NotAClientToken),
        TokenFault::IssuerType | TokenFault::Issuer => plain(FindingCode::MalformedIssuer),
        TokenFault::MissingSessionId => plain(FindingCode::MissingSessionId),
        TokenFault::SessionId => plain(FindingCode::MalformedSessionId),
        TokenFault::MissingRole => plain(FindingCode::MissingRole),
        TokenFault::Role => of_role(fault, reading),
        TokenFault::MissingCreateTime => plain(FindingCode::MissingCreateTime),
        TokenFault::CreateTime => plain(FindingCode::MalformedCreateTime),
        TokenFault::ExpireTime if reading.field("expire_time") == Some("") => Finding::new(
            FindingCode::MalformedExpireTime,
            "the token's expiry is empty, as the Node SDK writes for an expireTime that is no number; pass Unix \
             seconds",
        ),
        TokenFault::ExpireTime => plain(FindingCode::MalformedExpireTime),
        TokenFault::NotBefore => plain(FindingCode::MalformedNotBefore),
        TokenFault::Nonce => plain(FindingCode::MalformedNonce),
        TokenFault::Data => plain(FindingCode::MalformedData),
        TokenFault::Layout => plain(FindingCode::MalformedLayout),
    }
}

/// The base64 of a part of a JWT, counted from 0: the standard form is the issuer's, anything else
/// happened on the way.
fn of_base64(code: FindingCode, part: usize, fault: Error, reading: &Reading<'_>) -> Finding {
    let mut parts = reading.token.split(|&byte| byte == b'.');
    let encoded = parts.nth(part).unwrap_or_default();
    let is_base64 = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/-_=".contains(byte);
    let is_standard = |byte: &u8| b"+/=".contains(byte);
    if encoded.iter().all(is_base64) && encoded.iter().any(is_standard) {
        return Finding::new(
            code,
            "a part of the token is in standard base64, with +, / or =, where JWTs use base64url without padding; use \
             that encoding where the token is issued",
        );
    }
    Finding::new(code, fault.to_string())
}

fn of_foreign_session(reading: &Reading<'_>) -> Finding {
    let session_id = reading.claims.session_id.as_deref().unwrap_or_default();
    let session = SessionId::parse(session_id);
    let owner = session.as_ref().map_or("", SessionId::owner);
    if is_uuid(owner) {
        return Finding::new(
            FindingCode::SessionOfApplication,
            "the session was created by a Vonage application, not by a project; create it with the project's API key \
             and secret, or use a token of that application",
        );
    }
    Finding::new(
        FindingCode::SessionOfOtherProject,
        format!(
            "the session belongs to project {}, the token to another one; use the credentials of the project that \
             created the session",
            quoted(owner)
        ),
    )
}

/// Whether a string has the form of a UUID (RFC 9562 section 4): the ID of an application.
fn is_uuid(string: &str) -> bool {
    let groups: Vec<&str> = string.split('-').collect();
    groups.iter().map(|group| group.len()).eq([8, 4, 4, 4, 12])
        && groups.iter().all(|group| group.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

fn of_role(fault: Error, reading: &Reading<'_>) -> Finding {
    // T1 writes a letter outside of ASCII percent-encoded.
    const DOTLESS_I: [&str; 2] = ["ı", "%C4%B1"];
    let Some(role) = reading.field("role") else {
        return Finding::new(FindingCode::UnknownRole, fault.to_string());
    };
    let unquoted = serde_json::from_str::<String>(role);
    let role = unquoted.as_deref().unwrap_or(role);
    let is_role = |name: &str| Role::ALL.iter().any(|role| role.name() == name);
    let dotted = DOTLESS_I.iter().fold(role.to_owned(), |role, letter| role.replace(letter, "i"));
    let (code, advice) = if is_role(&dotted) {
        (
            FindingCode::LocalizedRole,
            "has a dotless i: the Java SDK writes it so in a Turkish or Azeri locale; set the default locale to ROOT",
        )
    } else if is_role(&role.to_ascii_lowercase()) {
        (FindingCode::MiscasedRole, "has upper-case letters; roles are in lower case")
    } else {
        (
            FindingCode::UnknownRole,
            "is none of subscriber, publisher, publisheronly and moderator; use one of them",
        )
    };
    Finding::new(code, format!("the token's role {} {advice}", quoted(role)))
}

fn of_duplicates(fault: Error, reading: &Reading<'_>) -> Finding {
    /// Those that say nothing about the holder.
    const QUOTED: [&str; 12] = [
        "session_id", "role", "scope", "iss", "ist", "iat", "exp", "nbf", "nonce", "create_time",
        "expire_time", "alg",
    ];
    // Sorted, so that many names cost no more than n log n; the sort keeps equal names in the
    // token's order.
    let mut fields: Vec<_> = reading.fields.iter().collect();
    fields.sort_by_key(|field| &field.name);
    let twice = fields.windows(2).find(|pair| pair[0].name == pair[1].name);
    let Some([first, second]) = twice else {
        return Finding::new(FindingCode::DuplicateField, fault.to_string());
    };
    let values = if QUOTED.contains(&&*first.name) {
        format!(", as {} and as {}", quoted(&first.value), quoted(&second.value))
    } else {
        String::new()
    };
    let advice = match reading.format {
        Some(TokenFormat::T1) => {
            "the Java and .NET SDKs let layout classes add fields: use classes without & and ="
        }
        _ => "write it once",
    };
    Finding::new(
        FindingCode::DuplicateField,
        format!(
            "{} appears in the token twice{values}, and readers differ in which they believe; {advice}",
            quoted(&first.name)
        ),
    )
}

fn of_milliseconds() -> Finding {
    Finding::new(
        FindingCode::Milliseconds,
        format!(
            "a time of the token is above {MAX_TIME}, so it is in milliseconds, but the unit is Unix seconds; divide it \
             by 1000"
        ),
    )
}
