//! What each fault means: its code, and the sentence for a person.
//!
//! A fault gets the sentence of its [`Error`], or a better one where the token shows more than
//! verify tells: which project, which defect of which SDK. Faults that only follow from another one
//! are left out.

use super::finding::{Finding, FindingCode};
use super::inspection::SignatureState;
use super::reader::{Reading, value_of};
use super::text::quoted;
use crate::credentials::Issuer;
use crate::error::{AlgorithmFault, Error, OwnerFault, StartFault, TokenFault};
use crate::limits::{MAX_LIFETIME, MAX_TIME};
use crate::role::Role;
use crate::session_id::SessionId;
use crate::token_format::TokenFormat;

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
        ProjectToken, RestToken, TokenOfOtherProject, Truncated, UnsupportedAlgorithm,
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
        (UnsupportedAlgorithm, &[MalformedIssuer]),
        (TokenOfOtherProject, &[InvalidSignature]),
        (RestToken, &[MalformedIssuer, MissingSessionId, MissingRole, TokenOfOtherProject]),
        (ApplicationToken, &[MalformedIssuer, NotAClientToken, TokenOfOtherProject]),
        (ProjectToken, &[MalformedIssuer, NotAClientToken, TokenOfOtherProject]),
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
    if let (Error::InvalidSignature, Some(mangled)) = (fault, &reading.mangled_secret) {
        return mangled.clone();
    }
    let code = code_of(fault, reading);
    Finding::new(code, sentence_of(code, reading).unwrap_or_else(|| fault.to_string()))
}

fn code_of(fault: Error, reading: &Reading<'_>) -> FindingCode {
    use FindingCode as Code;
    let names_application = reading.field("application_id").is_some();
    let is_milliseconds = |time: Option<i64>| time > Some(MAX_TIME);
    match fault {
        Error::MalformedToken { fault } => code_of_part(fault, reading),
        Error::UnsupportedAlgorithm { fault } => match fault {
            AlgorithmFault::Extension => Code::CriticalExtension,
            // Its claims are those that go with its algorithm.
            AlgorithmFault::Application if names_application => Code::ApplicationToken,
            AlgorithmFault::Project if !names_application => Code::ProjectToken,
            _ => Code::UnsupportedAlgorithm,
        },
        Error::TokenOfOtherProject { fault } => match fault {
            OwnerFault::Application => Code::ApplicationToken,
            OwnerFault::Project => Code::ProjectToken,
            OwnerFault::OtherProject | OwnerFault::OtherApplication => Code::TokenOfOtherProject,
        },
        Error::SessionOfOtherProject { fault } => match fault {
            OwnerFault::Application => Code::SessionOfApplication,
            OwnerFault::Project => Code::SessionOfProject,
            OwnerFault::OtherProject | OwnerFault::OtherApplication => Code::SessionOfOtherProject,
        },
        Error::LifetimeTooLong { .. } if is_milliseconds(reading.claims.expire_time) => {
            Code::Milliseconds
        }
        Error::TokenNotYetValid { fault } => match fault {
            StartFault::CreateTime { .. } if is_milliseconds(reading.claims.create_time) => {
                Code::Milliseconds
            }
            StartFault::CreateTime { .. } => Code::IssuedInTheFuture,
            StartFault::NotBefore { .. } if is_milliseconds(reading.claims.not_before) => {
                Code::Milliseconds
            }
            StartFault::NotBefore { .. } => Code::NotBefore,
        },
        // The other errors of tokens have a finding of the same name.
        _ => {
            let is_same = |code: &&Code| code.name() == fault.code().name();
            Code::ALL.iter().find(is_same).copied().unwrap_or(Code::MalformedToken)
        }
    }
}

fn code_of_part(part: TokenFault, reading: &Reading<'_>) -> FindingCode {
    use FindingCode as Code;
    let has = |name| reading.field(name).is_some();
    match part {
        TokenFault::Shape => Code::MalformedToken,
        TokenFault::HeaderBase64 | TokenFault::HeaderJson => Code::MalformedHeader,
        TokenFault::PayloadBase64 | TokenFault::PayloadJson => Code::MalformedPayload,
        TokenFault::SignatureBase64 => Code::MalformedSignature,
        TokenFault::T1Base64 => Code::MalformedBase64,
        TokenFault::T1Head => Code::MalformedHead,
        TokenFault::T1Field => Code::MalformedFields,
        TokenFault::DuplicateName => Code::DuplicateField,
        TokenFault::Scope
            if (has("ist") || has("application_id"))
                && !has("scope")
                && !has("role")
                && !has("session_id") =>
        {
            Code::RestToken
        }
        TokenFault::Scope => Code::NotAClientToken,
        TokenFault::IssuerType | TokenFault::Issuer | TokenFault::ApplicationId => {
            Code::MalformedIssuer
        }
        TokenFault::Subject => Code::MalformedSubject,
        TokenFault::MissingSessionId => Code::MissingSessionId,
        TokenFault::SessionId => Code::MalformedSessionId,
        TokenFault::MissingRole => Code::MissingRole,
        TokenFault::Role => code_of_role(reading),
        TokenFault::MissingCreateTime => Code::MissingCreateTime,
        TokenFault::CreateTime => Code::MalformedCreateTime,
        TokenFault::ExpireTime => Code::MalformedExpireTime,
        TokenFault::NotBefore => Code::MalformedNotBefore,
        TokenFault::Nonce => Code::MalformedNonce,
        TokenFault::Data => Code::MalformedData,
        TokenFault::Layout => Code::MalformedLayout,
    }
}

/// The role as its issuer meant it, without the quotes and escapes of JSON.
fn role(reading: &Reading<'_>) -> Option<String> {
    let role = reading.field("role")?;
    Some(serde_json::from_str(role).unwrap_or_else(|_| role.to_owned()))
}

fn code_of_role(reading: &Reading<'_>) -> FindingCode {
    let role = role(reading).unwrap_or_default();
    let is_role = |name: &str| Role::ALL.iter().any(|role| role.name() == name);
    // T1 writes a letter outside of ASCII percent-encoded.
    if is_role(&role.replace("ı", "i").replace("%C4%B1", "i")) {
        FindingCode::LocalizedRole
    } else if is_role(&role.to_ascii_lowercase()) {
        FindingCode::MiscasedRole
    } else {
        FindingCode::UnknownRole
    }
}

/// The sentence of a finding that says more than the error does.
fn sentence_of(code: FindingCode, reading: &Reading<'_>) -> Option<String> {
    use FindingCode as Code;
    let of_role = |advice| Some(format!("the token's role {} {advice}", quoted(&role(reading)?)));
    match code {
        _ if is_standard_base64(code, reading) => Some(
            "a part of the token is in standard base64, with +, / or =, where JWTs use base64url without padding; use \
             that encoding where the token is issued"
                .to_owned(),
        ),
        Code::DuplicateField => of_duplicates(reading),
        Code::UnsupportedAlgorithm => {
            let name = value_of(&reading.header, "alg").map_or("no algorithm".to_owned(), quoted);
            Some(format!(
                "the token is signed with {name}, but client tokens are signed with HS256 (projects) or RS256 \
                 (applications) only; generate it with the credentials of either"
            ))
        }
        Code::TokenOfOtherProject => Some(match reading.claims.issuer()? {
            Issuer::Project(api_key) => format!(
                "the token belongs to project {}, not to this API key; use the credentials of the project that issued it",
                quoted(api_key)
            ),
            Issuer::Application(id) => format!(
                "the token belongs to application {}, not to this one; use the credentials of the application that \
                 issued it",
                quoted(id)
            ),
        }),
        Code::SessionOfOtherProject => {
            let kind = match reading.claims.issuer()? {
                Issuer::Project(_) => "project",
                Issuer::Application(_) => "application",
            };
            Some(format!(
                "the session belongs to {kind} {}, the token to another one; use the credentials of the {kind} that \
                 created the session",
                quoted(&session_owner(reading))
            ))
        }
        Code::LocalizedRole => of_role(
            "has a dotless i: the Java SDK writes it so in a Turkish or Azeri locale; set the default locale to ROOT",
        ),
        Code::MiscasedRole => of_role("has upper-case letters; roles are in lower case"),
        Code::UnknownRole => {
            of_role("is none of subscriber, publisher, publisheronly and moderator; use one of them")
        }
        Code::MissingExpiry => Some(format!(
            "the token has no expiry, which servers read in different ways; the Ruby and PHP SDKs write none unless \
             told to: set it, at most {MAX_LIFETIME} s after the issue"
        )),
        Code::MalformedExpireTime if reading.field("expire_time") == Some("") => Some(
            "the token's expiry is empty, as the Node SDK writes for an expireTime that is no number; pass Unix seconds"
                .to_owned(),
        ),
        Code::Milliseconds => Some(format!(
            "a time of the token is above {MAX_TIME}, so it is in milliseconds, but the unit is Unix seconds; divide it \
             by 1000"
        )),
        Code::TokenExpired if reading.claims.expire_time <= reading.claims.create_time => Some(
            "the token's expiry is not after its issue; pass the expiry as a time in Unix seconds, not as a duration"
                .to_owned(),
        ),
        _ => code.sentence().map(str::to_owned),
    }
}

/// Whether the malformed part of a JWT is in standard base64. That form is the issuer's; anything
/// else happened on the way.
fn is_standard_base64(code: FindingCode, reading: &Reading<'_>) -> bool {
    use FindingCode::{MalformedHeader, MalformedPayload, MalformedSignature};
    let parts = reading.token.split(|&byte| byte == b'.');
    let codes = [MalformedHeader, MalformedPayload, MalformedSignature];
    let is_base64 = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/-_=".contains(byte);
    parts.zip(codes).any(|(part, of_part)| {
        let is_standard = part.iter().any(|byte| b"+/=".contains(byte));
        code == of_part && is_standard && part.iter().all(is_base64)
    })
}

/// The owner of the token's session; empty if it has none.
fn session_owner(reading: &Reading<'_>) -> String {
    let session_id = reading.claims.session_id.as_deref().unwrap_or_default();
    SessionId::parse(session_id).map_or(String::new(), |session| session.owner().to_owned())
}

fn of_duplicates(reading: &Reading<'_>) -> Option<String> {
    /// Those that say nothing about the holder.
    const QUOTED: [&str; 15] = [
        "session_id", "role", "scope", "iss", "ist", "application_id", "sub", "iat", "exp", "nbf",
        "nonce", "jti", "create_time", "expire_time", "alg",
    ];
    // Sorted, so that many names cost no more than n log n; the sort keeps equal names in the
    // token's order.
    let mut fields: Vec<_> = reading.fields.iter().collect();
    fields.sort_by_key(|field| &field.name);
    let twice = fields.windows(2).find(|pair| pair[0].name == pair[1].name);
    let [first, second] = twice? else { return None };
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
    Some(format!(
        "{} appears in the token twice{values}, and readers differ in which they believe; {advice}",
        quoted(&first.name)
    ))
}
