//! What an inspection answers: core's fields, and core's text and JSON of them.

use tokmint::{Field, Severity, SignatureState, Token, TokenFormat};

/// Whether the signature of a token is that of a project.
#[uniffi::remote(Enum)]
pub enum SignatureState {
    /// It is.
    Valid,
    /// It is not.
    Invalid,
    /// There was no key, no signature that reads, or another algorithm.
    Unchecked,
}

/// How grave a finding is.
#[uniffi::remote(Enum)]
pub enum Severity {
    /// A server would refuse the token; verify does.
    Refused,
    /// The token is accepted, but probably does not do what its issuer meant.
    Warning,
    /// Something unusual that does no harm.
    Note,
}

/// A name and its value, as they stand in a token.
#[uniffi::remote(Record)]
pub struct Field {
    /// The name, unescaped in a JWT and still form-encoded in T1.
    pub name: String,
    /// The JSON of the value in a JWT, with the quotes of a text; the form-encoded value in T1.
    pub value: String,
}

/// One thing that an inspection found.
#[derive(uniffi::Record)]
pub struct Finding {
    /// What it is, for programs: a stable name such as `token_expired`, the same in every language.
    code: String,
    /// How grave it is. Every code has one severity.
    severity: Severity,
    /// What is wrong and what to do, in one sentence for a person. It may quote a few characters of the token, escaped
    /// and shortened, but never its signature and never connection data.
    message: String,
    /// What the server says to such a token, where that is known.
    server_message: Option<String>,
}

/// What a token says, as far as it reads, and everything that is wrong with it.
#[derive(uniffi::Record)]
pub struct Inspection {
    /// The format, if it can be told.
    format: Option<TokenFormat>,
    /// Whether the signature is that of the project.
    signature: SignatureState,
    /// The members of a JWT's header, or `partner_id` of a T1 token.
    header: Vec<Field>,
    /// The claims of a JWT or the fields of a T1 token, in their order.
    fields: Vec<Field>,
    /// The token with its types, if every field reads, whether it is valid or not.
    token: Option<Token>,
    /// When it was issued, as RFC 3339 in UTC.
    created_at: Option<String>,
    /// The first second at which it is no longer valid, in the same way.
    expires_at: Option<String>,
    /// The time before which a JWT is not valid, in the same way.
    not_before: Option<String>,
    /// Seconds until its expiry, 0 or less when it is over.
    remaining_lifetime: Option<i64>,
    /// What is wrong: refused findings first, then warnings, then notes.
    findings: Vec<Finding>,
    /// Whether verify would refuse the token.
    is_refused: bool,
    /// The whole of it for a person, with control characters escaped.
    text: String,
    /// The whole of it for a program.
    json: String,
}

impl From<tokmint::Inspection> for Inspection {
    fn from(inspection: tokmint::Inspection) -> Inspection {
        let (is_refused, text) = (inspection.is_refused(), inspection.to_string());
        let json = inspection.to_json();
        // Every field by its name, so that a new one fails the build.
        let tokmint::Inspection {
            format,
            signature,
            header,
            fields,
            token,
            created_at,
            expires_at,
            not_before,
            remaining_lifetime,
            findings,
        } = inspection;
        Inspection {
            format,
            signature,
            header,
            fields,
            token,
            created_at,
            expires_at,
            not_before,
            remaining_lifetime,
            findings: findings.into_iter().map(Finding::from).collect(),
            is_refused,
            text,
            json,
        }
    }
}

impl From<tokmint::Finding> for Finding {
    fn from(finding: tokmint::Finding) -> Finding {
        let tokmint::Finding {
            code,
            severity,
            message,
            server_message,
        } = finding;
        Finding {
            code: code.name().to_owned(),
            severity,
            message,
            server_message: server_message.map(str::to_owned),
        }
    }
}
