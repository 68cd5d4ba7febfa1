//! tokmint's core for Kotlin, Java and Swift: conversions, the mapping of errors and the guard against panics.
//!
//! UniFFI generates the foreign side of what is exported here; `bindings/kotlin` and `bindings/swift` wrap it for
//! people. Texts come in as bytes and are checked here, because UniFFI itself takes the bytes of a `String` argument
//! for UTF-8 without looking. Times are Unix seconds. An option that is not given takes core's default. Codes of errors
//! and findings cross as their names.

// UniFFI's macros export functions under fixed names, which counts as unsafe code. Nothing written here is unsafe but
// for `crossing`.
#![allow(unsafe_code)]

mod crossing;
mod inspection;

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

use inspection::Inspection;
use tokmint::{Error, ErrorCode, Role, Token, TokenFormat, data_from_utf8};

uniffi::setup_scaffolding!("tokmint");

/// What the holder of a token may do in the session.
#[uniffi::remote(Enum)]
pub enum Role {
    /// Subscribe to streams only.
    Subscriber,
    /// Publish and subscribe.
    Publisher,
    /// Publish only.
    PublisherOnly,
    /// Publish, subscribe, and mute or disconnect others.
    Moderator,
}

/// The two token formats.
#[uniffi::remote(Enum)]
pub enum TokenFormat {
    /// A JSON Web Token signed with HMAC-SHA256.
    Jwt,
    /// The older `T1==` format, signed with HMAC-SHA1.
    T1,
}

/// What a new token shall say. What is not given takes core's default.
#[derive(uniffi::Record)]
pub struct TokenOptions {
    /// What the holder may do in the session.
    #[uniffi(default)]
    role: Option<Role>,
    /// When the token ends, in Unix seconds.
    #[uniffi(default)]
    expire_time: Option<i64>,
    /// The same as a life in seconds.
    #[uniffi(default)]
    expires_in: Option<i64>,
    /// Connection data in UTF-8.
    #[uniffi(default)]
    data: Option<Vec<u8>>,
    /// Layout classes in UTF-8.
    #[uniffi(default)]
    initial_layout_class_list: Option<Vec<Vec<u8>>>,
    /// The format of the token.
    #[uniffi(default)]
    token_format: Option<TokenFormat>,
    /// When the token is issued, in Unix seconds.
    #[uniffi(default)]
    create_time: Option<i64>,
    /// A number that tells equal tokens apart.
    #[uniffi(default)]
    nonce: Option<i64>,
}

/// What a verified token is held against. What is not given takes core's default.
#[derive(uniffi::Record)]
pub struct VerifyOptions {
    /// The time of verification in Unix seconds.
    #[uniffi(default)]
    now: Option<i64>,
    /// How many seconds clocks may differ.
    #[uniffi(default)]
    leeway: Option<i64>,
    /// The session that the token must be for, in UTF-8.
    #[uniffi(default)]
    session_id: Option<Vec<u8>>,
}

/// What an inspected token is held against. What is not given takes core's default.
#[derive(uniffi::Record)]
pub struct InspectOptions {
    /// The time of inspection in Unix seconds.
    #[uniffi(default)]
    now: Option<i64>,
    /// The session that the token should be for, in UTF-8.
    #[uniffi(default)]
    session_id: Option<Vec<u8>>,
}

impl InspectOptions {
    fn borrowed(&self) -> Result<tokmint::InspectOptions<'_>, TokmintError> {
        Ok(tokmint::InspectOptions {
            now: self.now,
            session_id: optional_text(self.session_id.as_deref(), "session ID")?,
        })
    }
}

/// What a token says.
#[uniffi::remote(Record)]
pub struct Token {
    /// The format it is written in.
    pub format: TokenFormat,
    /// The API key of the project that issued it.
    pub api_key: String,
    /// The one session it admits to.
    pub session_id: String,
    /// What its holder may do there.
    pub role: Role,
    /// When it was issued, in Unix seconds.
    pub create_time: i64,
    /// The first second at which it is no longer valid, in Unix seconds.
    pub expire_time: i64,
    /// The connection data; empty if there is none.
    pub data: String,
    /// The layout classes.
    pub initial_layout_class_list: Vec<String>,
    /// The nonce as it stands in the token; empty if there is none.
    pub nonce: String,
}

/// Why a token was not generated or not accepted.
#[derive(Debug, uniffi::Error)]
pub enum TokmintError {
    /// The only kind: codes tell errors apart, so that a new one needs nothing here.
    Refused {
        /// The stable number of the error.
        number: i32,
        /// The stable name of the error.
        code: String,
        /// One sentence for a person, without the secret and without input.
        sentence: String,
    },
}

impl TokmintError {
    fn new(code: ErrorCode, sentence: String) -> TokmintError {
        TokmintError::Refused {
            number: code.number(),
            code: code.name().to_owned(),
            sentence,
        }
    }
}

impl fmt::Display for TokmintError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let TokmintError::Refused { sentence, .. } = self;
        formatter.write_str(sentence)
    }
}

impl From<Error> for TokmintError {
    fn from(error: Error) -> TokmintError {
        TokmintError::new(error.code(), error.to_string())
    }
}

/// The credentials of one project.
#[derive(uniffi::Object)]
pub struct OpenTok(tokmint::OpenTok);

#[uniffi::export]
impl OpenTok {
    /// Takes a project's API key and API secret in UTF-8. The secret is borrowed, so that no copy of it stays behind.
    #[uniffi::constructor]
    pub fn new(api_key: Vec<u8>, api_secret: &[u8]) -> Result<OpenTok, TokmintError> {
        guard(|| {
            Ok(OpenTok(tokmint::OpenTok::new(
                text(&api_key, "API key")?,
                text(api_secret, "API secret")?,
            )?))
        })
    }

    /// Generates a token that admits its holder to the session.
    pub fn generate_token(
        &self,
        session_id: Vec<u8>,
        options: TokenOptions,
    ) -> Result<String, TokmintError> {
        guard(|| {
            #[cfg(feature = "test-panic")]
            panic_for_test(options.data.as_deref());
            let default = tokmint::TokenOptions::default();
            let classes = options.initial_layout_class_list.unwrap_or_default();
            let classes = classes
                .iter()
                .map(|class| text(class, "layout class"))
                .collect::<Result<Vec<_>, _>>()?;
            let options = tokmint::TokenOptions {
                role: options.role.unwrap_or(default.role),
                expire_time: options.expire_time,
                expires_in: options.expires_in,
                data: match &options.data {
                    Some(data) => data_from_utf8(data)?,
                    None => default.data,
                },
                initial_layout_class_list: &classes,
                token_format: options.token_format.unwrap_or(default.token_format),
                create_time: options.create_time,
                nonce: options.nonce,
            };
            Ok(self
                .0
                .generate_token(text(&session_id, "session ID")?, &options)?)
        })
    }

    /// Verifies a token of this project and returns what it says.
    pub fn verify_token(
        &self,
        token: Vec<u8>,
        options: VerifyOptions,
    ) -> Result<Token, TokmintError> {
        guard(|| {
            let default = tokmint::VerifyOptions::default();
            let options = tokmint::VerifyOptions {
                now: options.now,
                leeway: options.leeway.unwrap_or(default.leeway),
                session_id: optional_text(options.session_id.as_deref(), "session ID")?,
            };
            Ok(self.0.verify_token(token, &options)?)
        })
    }

    /// Says what any bytes hold as a token, and everything for which verify would refuse it.
    pub fn inspect_token(
        &self,
        token: Vec<u8>,
        options: InspectOptions,
    ) -> Result<Inspection, TokmintError> {
        guard(|| Ok(self.0.inspect_token(token, &options.borrowed()?).into()))
    }
}

/// Inspects a token without credentials: its signature stays unchecked, and its project is the one that it names.
#[uniffi::export]
pub fn inspect_token(token: Vec<u8>, options: InspectOptions) -> Result<Inspection, TokmintError> {
    guard(|| Ok(tokmint::inspect_token(token, &options.borrowed()?).into()))
}

/// Text from the bytes that came over the border.
fn text<'a>(bytes: &'a [u8], name: &str) -> Result<&'a str, TokmintError> {
    str::from_utf8(bytes).map_err(|_| {
        TokmintError::new(
            ErrorCode::InvalidUtf8,
            format!(
                "the {name} is not well-formed Unicode text: it holds half of a surrogate pair or bytes that are not UTF-8"
            ),
        )
    })
}

fn optional_text<'a>(bytes: Option<&'a [u8]>, name: &str) -> Result<Option<&'a str>, TokmintError> {
    bytes.map(|bytes| text(bytes, name)).transpose()
}

/// Runs a call so that a panic, which would be a defect of tokmint, comes out as an error without its text.
fn guard<T>(call: impl FnOnce() -> Result<T, TokmintError>) -> Result<T, TokmintError> {
    catch_unwind(AssertUnwindSafe(call)).unwrap_or_else(|_| {
        Err(TokmintError::new(
            ErrorCode::Panic,
            "tokmint itself failed, which is a defect of tokmint; please report it".to_owned(),
        ))
    })
}

/// Panics for one input, with that input in its text, as a defect would.
#[cfg(feature = "test-panic")]
fn panic_for_test(data: Option<&[u8]>) {
    assert!(data != Some(b"panic"), "a test asked for it: {data:?}");
}
