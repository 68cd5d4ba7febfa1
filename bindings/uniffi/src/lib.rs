//! tokmint's core for Kotlin, Java and Swift: conversions and the mapping of errors.
//!
//! UniFFI generates the foreign side of what is exported here; `bindings/kotlin` and
//! `bindings/swift` wrap it for people. A caller's strings come in as bytes and are checked here,
//! because UniFFI takes the bytes of a `String` argument for UTF-8 without looking. Times are Unix
//! seconds. An option that is not given takes core's default. What has a name in core crosses as
//! that name: roles, formats, severities, codes.
//!
//! UniFFI catches a panic in its own functions, `crossing` in its one; the foreign side gets a
//! [`panic_error`] either way.

// UniFFI's macros export functions under fixed names, which counts as unsafe code. Only `crossing`
// has unsafe code that is written by hand.
#![allow(unsafe_code)]

mod crossing;
mod inspection;

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, PoisonError};

use inspection::InspectedToken;
use tokmint::{Claims, Error, ErrorCode, Role, TokenFormat};

uniffi::setup_scaffolding!("tokmint");

/// Options for a new token.
#[derive(uniffi::Record)]
pub struct TokenOptions {
    /// The name of what the holder may do in the session.
    #[uniffi(default)]
    role: Option<String>,
    /// When the token ends, in Unix seconds.
    #[uniffi(default)]
    expire_time: Option<i64>,
    /// The token's lifetime in seconds, instead of `expire_time`.
    #[uniffi(default)]
    expires_in: Option<i64>,
    /// Connection data in UTF-8.
    #[uniffi(default)]
    data: Option<Vec<u8>>,
    /// Layout classes in UTF-8.
    #[uniffi(default)]
    initial_layout_class_list: Option<Vec<Vec<u8>>>,
    /// The name of the token's format.
    #[uniffi(default)]
    token_format: Option<String>,
    /// When the token is issued, in Unix seconds.
    #[uniffi(default)]
    create_time: Option<i64>,
    /// A number that tells equal tokens of a project apart.
    #[uniffi(default)]
    nonce: Option<i64>,
    /// A UUID in UTF-8 that tells equal tokens of an application apart.
    #[uniffi(default)]
    jti: Option<Vec<u8>>,
}

impl TokenOptions {
    fn given(&self) -> GivenOptions<'_> {
        let classes = self.initial_layout_class_list.as_deref().unwrap_or_default();
        GivenOptions {
            role: self.role.as_deref(),
            expire_time: self.expire_time,
            expires_in: self.expires_in,
            data: self.data.as_deref(),
            initial_layout_class_list: classes.iter().map(Vec::as_slice).collect(),
            token_format: self.token_format.as_deref(),
            create_time: self.create_time,
            nonce: self.nonce,
            jti: self.jti.as_deref(),
        }
    }
}

/// Options for a new token as they were passed: nothing is checked yet.
struct GivenOptions<'a> {
    role: Option<&'a str>,
    expire_time: Option<i64>,
    expires_in: Option<i64>,
    data: Option<&'a [u8]>,
    initial_layout_class_list: Vec<&'a [u8]>,
    token_format: Option<&'a str>,
    create_time: Option<i64>,
    nonce: Option<i64>,
    jti: Option<&'a [u8]>,
}

impl GivenOptions<'_> {
    /// Generates a token by core's options, which borrow from these.
    fn generate(
        &self,
        generate: impl FnOnce(&tokmint::TokenOptions<'_>) -> Result<String, TokmintError>,
    ) -> Result<String, TokmintError> {
        #[cfg(feature = "test-panic")]
        panic_for_test(self.data);
        let role: Option<Role> = self.role.map(str::parse).transpose()?;
        let format: Option<TokenFormat> = self.token_format.map(str::parse).transpose()?;
        let data = str::from_utf8(self.data.unwrap_or_default()).map_err(|_| Error::InvalidData)?;
        let classes = self.initial_layout_class_list.iter();
        let classes =
            classes.map(|class| string(class, "layout class")).collect::<Result<Vec<_>, _>>()?;
        let jti = self.jti.map(|jti| string(jti, "jti")).transpose()?;
        let options = tokmint::TokenOptions::new()
            .role(role)
            .expire_time(self.expire_time)
            .expires_in(self.expires_in)
            .data(data)
            .initial_layout_class_list(&classes)
            .token_format(format)
            .create_time(self.create_time)
            .nonce(self.nonce)
            .jti(jti);
        generate(&options)
    }
}

/// Options for a new token for REST calls.
#[derive(uniffi::Record)]
pub struct RestTokenOptions {
    /// The token's lifetime in seconds.
    #[uniffi(default)]
    expires_in: Option<i64>,
    /// When the token is issued, in Unix seconds.
    #[uniffi(default)]
    create_time: Option<i64>,
    /// A UUID in UTF-8 that tells equal tokens apart.
    #[uniffi(default)]
    jti: Option<Vec<u8>>,
}

/// What a token is verified against.
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

impl VerifyOptions {
    fn borrowed(&self) -> Result<tokmint::VerifyOptions<'_>, TokmintError> {
        verify_options(self.now, self.leeway, self.session_id.as_deref())
    }
}

fn verify_options(
    now: Option<i64>,
    leeway: Option<i64>,
    session_id: Option<&[u8]>,
) -> Result<tokmint::VerifyOptions<'_>, TokmintError> {
    let session_id = session_id.map(|id| string(id, "session ID")).transpose()?;
    Ok(tokmint::VerifyOptions::new().now(now).leeway(leeway).session_id(session_id))
}

/// What a token is inspected against.
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
        inspect_options(self.now, self.session_id.as_deref())
    }
}

fn inspect_options(
    now: Option<i64>,
    session_id: Option<&[u8]>,
) -> Result<tokmint::InspectOptions<'_>, TokmintError> {
    let session_id = session_id.map(|id| string(id, "session ID")).transpose()?;
    Ok(tokmint::InspectOptions::new().now(now).session_id(session_id))
}

/// What a token says.
#[derive(uniffi::Record)]
pub struct Token {
    /// The name of the format it is written in.
    format: String,
    /// The API key of the project that issued it; none if an application did.
    api_key: Option<String>,
    /// The ID of the application that issued it, in lower case; none if a project did.
    application_id: Option<String>,
    /// The one session it admits to.
    session_id: String,
    /// The name of what its holder may do there.
    role: String,
    /// When it was issued, in Unix seconds.
    create_time: i64,
    /// The first second at which it is no longer valid, in Unix seconds.
    expire_time: i64,
    /// The connection data; empty if there is none.
    data: String,
    /// The layout classes.
    initial_layout_class_list: Vec<String>,
    /// The nonce of a project's token or the `jti` of an application's, as written in the token;
    /// empty if there is none.
    nonce: String,
}

impl From<&Claims> for Token {
    fn from(claims: &Claims) -> Token {
        Token {
            format: claims.format().to_string(),
            api_key: claims.api_key().map(str::to_owned),
            application_id: claims.application_id().map(str::to_owned),
            session_id: claims.session_id().to_owned(),
            role: claims.role().to_string(),
            create_time: claims.create_time(),
            expire_time: claims.expire_time(),
            data: claims.data().to_owned(),
            initial_layout_class_list: claims
                .initial_layout_class_list()
                .map(str::to_owned)
                .collect(),
            nonce: claims.nonce().to_owned(),
        }
    }
}

/// Why a token was not generated or not accepted.
#[derive(Debug, uniffi::Error)]
pub enum TokmintError {
    /// The only variant: codes tell errors apart, so that a new one needs nothing here.
    Refused {
        /// The stable number of the error.
        number: i32,
        /// The stable name of the error.
        code: String,
        /// The name of the error's group.
        group: String,
        /// One sentence for a person, without secrets, keys and input.
        sentence: String,
    },
}

impl TokmintError {
    fn new(code: ErrorCode, sentence: String) -> TokmintError {
        TokmintError::Refused {
            number: code.number(),
            code: code.name().to_owned(),
            group: code.group().name().to_owned(),
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

/// The error for a panic. It lacks the panic's own message, which may hold input.
#[uniffi::export]
pub fn panic_error() -> TokmintError {
    let sentence = "tokmint itself failed, which is a defect of tokmint; please report it";
    TokmintError::new(ErrorCode::Panic, sentence.to_owned())
}

/// Turns a panic into its error.
fn guarded<T>(call: impl FnOnce() -> Result<T, TokmintError>) -> Result<T, TokmintError> {
    catch_unwind(AssertUnwindSafe(call)).unwrap_or_else(|_| Err(panic_error()))
}

/// Every error without its sentence, for the tests that each has a class of its group.
#[uniffi::export]
pub fn all_errors() -> Vec<TokmintError> {
    let error = |&code| TokmintError::new(code, String::new());
    ErrorCode::ALL.iter().map(error).collect()
}

/// What an [`OpenTok`] is made from.
#[derive(uniffi::Enum)]
pub enum CredentialsKind {
    /// An API key and an API secret.
    Project,
    /// An application ID and a private key.
    Application,
    /// An application ID and a public key.
    Verifier,
}

fn with_credentials(
    kind: CredentialsKind,
    id: &[u8],
    secret: &[u8],
) -> Result<tokmint::OpenTok, TokmintError> {
    let application_id = || string(id, "application ID");
    Ok(match kind {
        CredentialsKind::Project => {
            tokmint::OpenTok::new(string(id, "API key")?, string(secret, "API secret")?)
        }
        CredentialsKind::Application => {
            tokmint::OpenTok::for_application(application_id()?, secret)
        }
        CredentialsKind::Verifier => tokmint::OpenTok::verifier(application_id()?, secret),
    }?)
}

fn generate_rest_token(
    opentok: &tokmint::OpenTok,
    expires_in: Option<i64>,
    create_time: Option<i64>,
    jti: Option<&[u8]>,
) -> Result<String, TokmintError> {
    let jti = jti.map(|jti| string(jti, "jti")).transpose()?;
    let options = tokmint::RestTokenOptions::new();
    let options = options.expires_in(expires_in).create_time(create_time).jti(jti);
    Ok(opentok.generate_rest_token(&options)?)
}

/// The credentials of one project or application.
#[derive(uniffi::Object)]
pub struct OpenTok(tokmint::OpenTok);

#[uniffi::export]
impl OpenTok {
    /// Takes an API key or an application ID in UTF-8, and the secret or the key that belongs to
    /// it, borrowed, so that no copy of it stays behind.
    #[uniffi::constructor]
    pub fn new(kind: CredentialsKind, id: Vec<u8>, secret: &[u8]) -> Result<OpenTok, TokmintError> {
        Ok(OpenTok(with_credentials(kind, &id, secret)?))
    }

    /// The API key of a project.
    pub fn api_key(&self) -> Option<String> {
        self.0.api_key().map(str::to_owned)
    }

    /// The ID of an application, in lower case.
    pub fn application_id(&self) -> Option<String> {
        self.0.application_id().map(str::to_owned)
    }

    /// Generates a token that admits its holder to the session.
    pub fn generate_token(
        &self,
        session_id: Vec<u8>,
        options: TokenOptions,
    ) -> Result<String, TokmintError> {
        options.given().generate(|options| {
            Ok(self.0.generate_token(string(&session_id, "session ID")?, options)?)
        })
    }

    /// Prepares a session, given its ID in UTF-8.
    pub fn session(&self, session_id: Vec<u8>) -> Result<Session, TokmintError> {
        Ok(Session(self.0.session(string(&session_id, "session ID")?)?))
    }

    /// Generates a token for REST calls.
    pub fn generate_rest_token(&self, options: RestTokenOptions) -> Result<String, TokmintError> {
        let RestTokenOptions { expires_in, create_time, jti } = &options;
        generate_rest_token(&self.0, *expires_in, *create_time, jti.as_deref())
    }

    /// Verifies a token of this project or application and returns what it says.
    pub fn verify_token(
        &self,
        token: Vec<u8>,
        options: VerifyOptions,
    ) -> Result<Token, TokmintError> {
        Ok(Token::from(&*self.0.verify_token(token, &options.borrowed()?)?))
    }

    /// Explains what any bytes hold as a token, and everything for which verify would refuse it.
    pub fn inspect_token(
        &self,
        token: Vec<u8>,
        options: InspectOptions,
    ) -> Result<InspectedToken, TokmintError> {
        let inspection = self.0.inspect_token(token, &options.borrowed()?);
        Ok(InspectedToken(inspection))
    }
}

/// One session, to generate many tokens for it.
#[derive(uniffi::Object)]
pub struct Session(tokmint::Session);

#[uniffi::export]
impl Session {
    /// Generates a token that admits its holder to the session.
    pub fn generate_token(&self, options: TokenOptions) -> Result<String, TokmintError> {
        options.given().generate(|options| Ok(self.0.generate_token(options)?))
    }

    /// Reads the clock for a batch of tokens.
    pub fn batch(&self) -> Batch {
        Batch(Mutex::new(tokmint::Batch::new(&self.0)))
    }

    /// Verifies a token of this session and returns what it says.
    pub fn verify_token(
        &self,
        token: Vec<u8>,
        options: VerifyOptions,
    ) -> Result<Token, TokmintError> {
        Ok(Token::from(&*self.0.verify_token(token, &options.borrowed()?)?))
    }
}

/// Tokens with one reading of the clock. It keeps its session alive.
#[derive(uniffi::Object)]
pub struct Batch(Mutex<tokmint::Batch>);

#[uniffi::export]
impl Batch {
    /// Generates the next token.
    pub fn generate_token(&self, options: TokenOptions) -> Result<String, TokmintError> {
        self.generate(&options.given())
    }
}

impl Batch {
    fn generate(&self, options: &GivenOptions<'_>) -> Result<String, TokmintError> {
        // Core leaves a batch whole wherever it panics.
        let mut batch = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        options.generate(|options| Ok(batch.generate_token(options)?))
    }
}

/// Inspects a token without credentials: its signature stays unchecked, and its project or
/// application is the one that it names.
#[uniffi::export]
pub fn inspect_token(
    token: Vec<u8>,
    options: InspectOptions,
) -> Result<InspectedToken, TokmintError> {
    let inspection = tokmint::inspect_token(token, &options.borrowed()?);
    Ok(InspectedToken(inspection))
}

/// Checks that bytes received over FFI are UTF-8.
fn string<'a>(bytes: &'a [u8], name: &str) -> Result<&'a str, TokmintError> {
    str::from_utf8(bytes).map_err(|_| {
        let fault = "holds half of a surrogate pair or bytes that are not UTF-8";
        let sentence = format!("the {name} is not well-formed Unicode: it {fault}");
        TokmintError::new(ErrorCode::InvalidUtf8, sentence)
    })
}

/// Panics for one input, with that input in its message, as a defect would.
#[cfg(feature = "test-panic")]
fn panic_for_test(data: Option<&[u8]>) {
    assert!(data != Some(b"panic"), "a test asked for it: {data:?}");
}
