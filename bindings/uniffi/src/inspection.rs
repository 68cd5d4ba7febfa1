//! The result of an inspection: core's fields, and core's text and JSON of them.

use crate::Token;

/// A name and its value, as written in a token.
#[derive(uniffi::Record)]
pub struct Field {
    /// The name, unescaped in a JWT and still form-encoded in T1.
    name: String,
    /// The JSON of the value in a JWT, quotes included; the form-encoded value in T1.
    value: String,
}

/// One thing that an inspection found.
#[derive(uniffi::Record)]
pub struct Finding {
    /// Its stable name for programs, such as `token_expired`, the same in every language.
    code: String,
    /// The name of its severity. Every code has one.
    severity: String,
    /// What is wrong and what to do, in one sentence for a person. It may quote a few characters
    /// of the token, escaped and shortened, but never its signature and never connection data.
    message: String,
    /// What the server says to such a token, where that is known.
    server_message: Option<String>,
}

/// The contents of a token, as far as they can be parsed, and everything that is wrong with it.
#[derive(uniffi::Record)]
pub struct Inspection {
    /// The name of the format, if it can be told.
    format: Option<String>,
    /// The name for whether the signature is that of the credentials.
    signature: String,
    /// The members of a JWT's header, or the fields of a T1 token's head without its signature.
    header: Vec<Field>,
    /// The claims of a JWT or the fields of a T1 token, in token order.
    fields: Vec<Field>,
    /// The typed token, valid or not, if every field can be read.
    token: Option<Token>,
    /// The time of inspection, in Unix seconds.
    now: Option<i64>,
    /// When it was issued, in Unix seconds.
    create_time: Option<i64>,
    /// The first second at which it is no longer valid, in Unix seconds.
    expire_time: Option<i64>,
    /// The time before which a JWT is not valid, in Unix seconds.
    not_before: Option<i64>,
    /// Seconds until its expiry, 0 or less after it.
    remaining_lifetime: Option<i64>,
    /// What is wrong: refused findings first, then warnings, then notes.
    findings: Vec<Finding>,
    /// Whether verify would refuse the token.
    is_refused: bool,
}

impl From<&tokmint::Inspection> for Inspection {
    fn from(inspection: &tokmint::Inspection) -> Inspection {
        Inspection {
            format: inspection.format.map(|format| format.to_string()),
            signature: inspection.signature.to_string(),
            header: inspection.header.iter().map(Field::from).collect(),
            fields: inspection.fields.iter().map(Field::from).collect(),
            token: inspection.token.as_ref().map(Token::from),
            now: inspection.now,
            create_time: inspection.create_time,
            expire_time: inspection.expire_time,
            not_before: inspection.not_before,
            remaining_lifetime: inspection.remaining_lifetime,
            findings: inspection.findings.iter().map(Finding::from).collect(),
            is_refused: inspection.is_refused(),
        }
    }
}

impl From<&tokmint::Field> for Field {
    fn from(field: &tokmint::Field) -> Field {
        Field { name: field.name.clone(), value: field.value.clone() }
    }
}

impl From<&tokmint::Finding> for Finding {
    fn from(finding: &tokmint::Finding) -> Finding {
        Finding {
            code: finding.code.to_string(),
            severity: finding.severity.to_string(),
            message: finding.message.clone(),
            server_message: finding.server_message.map(str::to_owned),
        }
    }
}

/// An inspection whose text and JSON are made when asked for.
#[derive(uniffi::Object)]
pub struct InspectedToken(pub(crate) tokmint::Inspection);

#[uniffi::export]
impl InspectedToken {
    /// The fields.
    pub fn inspection(&self) -> Inspection {
        (&self.0).into()
    }

    /// All of it for a person, with control characters escaped.
    pub fn text(&self) -> String {
        self.0.to_string()
    }

    /// All of it for a program.
    pub fn json(&self) -> String {
        self.0.to_json()
    }
}
