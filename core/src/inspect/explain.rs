//! What each fault means: its code, and the sentence for a person.
//!
//! A fault gets the sentence of its [`Error`], or a better one where the token shows more than verify tells: which
//! project, which defect of which SDK. Faults that only follow from another one are left out.

use super::finding::{Finding, FindingCode};
use super::text::quoted;
use super::{SignatureState, View, value_of};
use crate::base64;
use crate::error::{AlgorithmFault, Error, StartFault, TokenFault};
use crate::format::t1;
use crate::limits::{MAX_LIFETIME, MAX_TIME};
use crate::observer::Statement;
use crate::role::Role;
use crate::session_id::SessionId;
use crate::signature::HS256_SIGNATURE_LENGTH;
use crate::token::TokenFormat;

/// The findings about faults, after those about what had to be repaired.
pub(super) fn explain(
    view: &View<'_>,
    statement: &Statement,
    faults: &[Error],
    repairs: Vec<FindingCode>,
) -> Vec<Finding> {
    let mut findings: Vec<Finding> = repairs
        .into_iter()
        .map(|code| of_repair(code, view))
        .collect();
    let has = |findings: &[Finding], code| findings.iter().any(|finding| finding.code == code);
    for &fault in faults {
        let finding = of_fault(fault, view, statement);
        if !has(&findings, finding.code) {
            findings.push(finding);
        }
    }
    findings
}

/// Takes out the findings that say nothing more beside another one.
pub(super) fn drop_consequences(findings: &mut Vec<Finding>) {
    for (cause, consequences) in CONSEQUENCES {
        if findings.iter().any(|finding| finding.code == *cause) {
            findings.retain(|finding| !consequences.contains(&finding.code));
        }
    }
}

/// What follows from each cause. A cause is refused itself, so that a verdict stays.
const CONSEQUENCES: &[(FindingCode, &[FindingCode])] = {
    use FindingCode::{
        ApplicationToken, DefaultExpiry, InvalidSignature, MalformedBase64, MalformedFields,
        MalformedHead, MalformedHeader, MalformedIssuer, MalformedPayload, MalformedSignature,
        MissingCreateTime, MissingRole, MissingSessionId, NotAClientToken, RestToken,
        TokenOfOtherProject, Truncated,
    };
    &[
        (
            Truncated,
            &[
                MalformedHeader,
                MalformedPayload,
                MalformedSignature,
                MalformedBase64,
                MalformedHead,
                MalformedFields,
                InvalidSignature,
                NotAClientToken,
                MissingSessionId,
                MissingRole,
                MissingCreateTime,
                DefaultExpiry,
            ],
        ),
        (MalformedHeader, &[InvalidSignature]),
        (MalformedPayload, &[InvalidSignature]),
        (MalformedSignature, &[InvalidSignature]),
        (
            MalformedBase64,
            &[
                MalformedHead,
                MalformedFields,
                InvalidSignature,
                MissingSessionId,
                MissingRole,
                MissingCreateTime,
                DefaultExpiry,
            ],
        ),
        (TokenOfOtherProject, &[InvalidSignature]),
        (
            RestToken,
            &[
                MalformedIssuer,
                MissingSessionId,
                MissingRole,
                TokenOfOtherProject,
            ],
        ),
        (ApplicationToken, &[MalformedIssuer, NotAClientToken]),
    ]
};

/// Whether the end of the token is missing. Its faults say that something is.
pub(super) fn is_truncated(view: &View<'_>, faults: &[Error]) -> bool {
    let has = |fault: TokenFault| faults.contains(&fault.into());
    match view.token.strip_prefix(t1::PREFIX.as_bytes()) {
        Some(body) => {
            let symbols = base64::without_padding(body);
            let is_cut = match body.len() % 4 {
                0 => false,
                3 => true,
                _ => symbols.len() == body.len(),
            };
            let lacks_a_field = has(TokenFault::MissingSessionId)
                || has(TokenFault::MissingCreateTime)
                || has(TokenFault::MissingRole);
            let is_base64 = symbols
                .iter()
                .all(|byte| byte.is_ascii_alphanumeric() || b"+/-_".contains(byte));
            let is_start = has(TokenFault::T1Base64) && is_cut
                || has(TokenFault::T1Head) && t1::is_start_of_head(&base64::decode_start(body))
                || lacks_a_field && view.signature != SignatureState::Valid;
            is_base64 && is_start
        }
        None => {
            let signature = view.token.rsplit(|&byte| byte == b'.').next();
            let is_short = signature.is_some_and(|signature| {
                signature.len() < base64::encoded_length_url(HS256_SIGNATURE_LENGTH)
            });
            is_short
                && (has(TokenFault::SignatureBase64) || faults.contains(&Error::InvalidSignature))
        }
    }
}

fn of_repair(code: FindingCode, view: &View<'_>) -> Finding {
    let message = match code {
        FindingCode::Truncated if view.signature == SignatureState::Valid => {
            "the = at the end of the token are missing, and nothing else; pass it whole, and split no text at = that \
             holds it"
        }
        FindingCode::WhiteSpaceAround => {
            "there is white space or a byte order mark around the token; trim what it is read from"
        }
        FindingCode::PythonBytes => {
            "the token is wrapped in b'...': a Python bytes object was formatted, as the vonage-video SDK returns; \
             decode it to text first"
        }
        FindingCode::QuotesAround => {
            "there are quotation marks around the token; pass the text itself, not its JSON or source form"
        }
        FindingCode::TextAround => {
            "there is other text around the token, such as Bearer, a name or the end of a message; pass the token alone"
        }
        FindingCode::Promise => {
            "this is the text of a JavaScript promise; await the call that makes the token"
        }
        FindingCode::NoToken => {
            "there is no token: the text is empty or stands for an absent value; look where the token gets lost"
        }
        FindingCode::UrlEncoded => {
            "the token holds percent-escapes; decode it once where it is taken from the URL or form"
        }
        FindingCode::WhiteSpaceInside => {
            "there is white space inside the token: it was wrapped into lines, or its plus signs were decoded to \
             spaces; pass it unchanged"
        }
        FindingCode::MissingPrefix => {
            "the token lacks T1== at its start; it is part of the token, so pass it too"
        }
        FindingCode::SessionIdAsToken => {
            "this is a session ID, not a token; pass the two in their own places"
        }
        _ => {
            "the end of the token is missing; look for a column, variable or message that is too short for it"
        }
    };
    Finding::new(code, message)
}

fn of_fault(fault: Error, view: &View<'_>, statement: &Statement) -> Finding {
    let plain = |code| Finding::new(code, fault.to_string());
    match fault {
        Error::MalformedToken { fault: part } => of_part(part, fault, view),
        Error::TokenTooLong { .. } => plain(FindingCode::TokenTooLong),
        Error::UnsupportedAlgorithm { fault: part } => match part {
            AlgorithmFault::Algorithm if view.field("application_id").is_some() => Finding::new(
                FindingCode::ApplicationToken,
                "the token is that of a Vonage application (RS256, application_id) and no project's; use it with that \
                 application, or generate one with the project's API key and secret",
            ),
            AlgorithmFault::Algorithm => {
                let name = value_of(&view.header, "alg").map_or("no algorithm".to_owned(), quoted);
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
        Error::InvalidSignature if view.is_untrimmed => Finding::new(
            FindingCode::UntrimmedSecret,
            "the token was signed with this API secret and white space behind it; trim the secret where the token is \
             made",
        ),
        Error::InvalidSignature => plain(FindingCode::InvalidSignature),
        Error::TokenOfOtherProject => {
            let other = statement.api_key.as_deref().unwrap_or_default();
            Finding::new(
                FindingCode::TokenOfOtherProject,
                format!(
                    "the token belongs to project {}, not to this API key; use the credentials of the project that \
                     issued it",
                    quoted(other)
                ),
            )
        }
        Error::SessionOfOtherProject => of_foreign_session(statement),
        Error::TokenOfOtherSession => plain(FindingCode::TokenOfOtherSession),
        Error::MissingExpiry => Finding::new(
            FindingCode::MissingExpiry,
            format!(
                "the token has no expiry, which servers read in different ways; the Ruby and PHP SDKs write none \
                 unless told to: set it, at most {MAX_LIFETIME} s after the issue"
            ),
        ),
        Error::LifetimeTooLong { .. } if statement.expire_time > Some(MAX_TIME) => {
            of_milliseconds()
        }
        Error::LifetimeTooLong { .. } => plain(FindingCode::LifetimeTooLong),
        Error::TokenExpired { .. } if statement.expire_time <= statement.create_time => {
            Finding::new(
                FindingCode::TokenExpired,
                "the token's expiry is not after its issue; pass the expiry as a time in Unix seconds, not as a duration",
            )
        }
        Error::TokenExpired { .. } => plain(FindingCode::TokenExpired),
        Error::TokenNotYetValid { fault: start } => match start {
            StartFault::CreateTime { .. } if statement.create_time > Some(MAX_TIME) => {
                of_milliseconds()
            }
            StartFault::CreateTime { .. } => plain(FindingCode::IssuedInTheFuture),
            StartFault::NotBefore { .. } if statement.not_before > Some(MAX_TIME) => {
                of_milliseconds()
            }
            StartFault::NotBefore { .. } => plain(FindingCode::NotBefore),
        },
        Error::SystemClock => plain(FindingCode::SystemClock),
        // No check of a token answers these. They are named so that a new error has to be given its place.
        Error::InvalidApiKey { .. }
        | Error::InvalidApiSecret { .. }
        | Error::InvalidSessionId { .. }
        | Error::InvalidRole { .. }
        | Error::InvalidExpireTime { .. }
        | Error::DataTooLong { .. }
        | Error::InvalidData
        | Error::InvalidLayoutClass { .. }
        | Error::LayoutClassListTooLong { .. }
        | Error::InvalidCreateTime
        | Error::InvalidNonce
        | Error::InvalidTokenFormat { .. }
        | Error::InvalidLeeway
        | Error::SystemRandom => plain(FindingCode::MalformedToken),
    }
}

fn of_part(part: TokenFault, fault: Error, view: &View<'_>) -> Finding {
    let plain = |code| Finding::new(code, fault.to_string());
    match part {
        TokenFault::Shape => plain(FindingCode::MalformedToken),
        TokenFault::HeaderBase64 | TokenFault::HeaderJson => plain(FindingCode::MalformedHeader),
        TokenFault::PayloadBase64 | TokenFault::PayloadJson => plain(FindingCode::MalformedPayload),
        TokenFault::SignatureBase64 => plain(FindingCode::MalformedSignature),
        TokenFault::T1Base64 => plain(FindingCode::MalformedBase64),
        TokenFault::T1Head => plain(FindingCode::MalformedHead),
        TokenFault::T1Field => plain(FindingCode::MalformedFields),
        TokenFault::DuplicateName => of_duplicates(fault, view),
        TokenFault::Scope
            if view.field("ist").is_some()
                && ["scope", "role", "session_id"]
                    .iter()
                    .all(|name| view.field(name).is_none()) =>
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
        TokenFault::Role => of_role(fault, view),
        TokenFault::MissingCreateTime => plain(FindingCode::MissingCreateTime),
        TokenFault::CreateTime => plain(FindingCode::MalformedCreateTime),
        TokenFault::ExpireTime if view.field("expire_time") == Some("") => Finding::new(
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

fn of_foreign_session(statement: &Statement) -> Finding {
    let session_id = statement.session_id.as_deref().unwrap_or_default();
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

/// Whether a text has the form of a UUID (RFC 9562 section 4): the ID of an application.
fn is_uuid(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    groups.iter().map(|group| group.len()).eq([8, 4, 4, 4, 12])
        && groups
            .iter()
            .all(|group| group.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

fn of_role(fault: Error, view: &View<'_>) -> Finding {
    // T1 writes a letter outside of ASCII percent-encoded.
    const DOTLESS_I: [&str; 2] = ["ı", "%C4%B1"];
    let Some(role) = view.field("role") else {
        return Finding::new(FindingCode::UnknownRole, fault.to_string());
    };
    let text = serde_json::from_str::<String>(role);
    let role = text.as_deref().unwrap_or(role);
    let is_role = |name: &str| Role::ALL.iter().any(|role| role.name() == name);
    let dotted = DOTLESS_I
        .iter()
        .fold(role.to_owned(), |role, letter| role.replace(letter, "i"));
    let (code, advice) = if is_role(&dotted) {
        (
            FindingCode::LocalizedRole,
            "has a dotless i: the Java SDK writes it so in a Turkish or Azeri locale; set the default locale to ROOT",
        )
    } else if is_role(&role.to_ascii_lowercase()) {
        (
            FindingCode::MiscasedRole,
            "has upper-case letters; roles are in lower case",
        )
    } else {
        (
            FindingCode::UnknownRole,
            "is none of subscriber, publisher, publisheronly and moderator; use one of them",
        )
    };
    Finding::new(code, format!("the token's role {} {advice}", quoted(role)))
}

fn of_duplicates(fault: Error, view: &View<'_>) -> Finding {
    /// Those that say nothing about the holder.
    const QUOTED: [&str; 12] = [
        "session_id",
        "role",
        "scope",
        "iss",
        "ist",
        "iat",
        "exp",
        "nbf",
        "nonce",
        "create_time",
        "expire_time",
        "alg",
    ];
    // Sorted, so that many names cost no more than n log n; the sort keeps equal names in the token's order.
    let mut fields: Vec<_> = view.fields.iter().collect();
    fields.sort_by_key(|field| &field.name);
    let twice = fields.windows(2).find(|pair| pair[0].name == pair[1].name);
    let Some([first, second]) = twice else {
        return Finding::new(FindingCode::DuplicateField, fault.to_string());
    };
    let values = if QUOTED.contains(&&*first.name) {
        format!(
            ", as {} and as {}",
            quoted(&first.value),
            quoted(&second.value)
        )
    } else {
        String::new()
    };
    let advice = match view.format {
        Some(TokenFormat::T1) => {
            "the Java and .NET SDKs let layout classes add fields: use classes without & and ="
        }
        _ => "write it once",
    };
    Finding::new(
        FindingCode::DuplicateField,
        format!(
            "{} stands in the token twice{values}, and readers differ in which they believe; {advice}",
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
