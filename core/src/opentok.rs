//! The credentials of a project or an application, and the flows: generate, verify and inspect.

use std::fmt;
use std::sync::Arc;

use crate::clock;
#[cfg(feature = "rs256")]
use crate::credentials::ApplicationId;
use crate::credentials::{ApiKey, ApiSecret, Credentials, Issuer};
use crate::error::Error;
use crate::format::{
    Buffer, Prefix, Prefixes, write_end, write_middle, write_rest_payload, write_start,
};
use crate::inspect::{Inspection, inspect};
use crate::keys::Key;
use crate::options::{InspectOptions, RestTokenOptions, TokenOptions, VerifyOptions};
use crate::session_id::owner_fault;
use crate::token::Token;
use crate::token_format::TokenFormat;
use crate::verify::{Expected, verify_token};

/// The credentials of one project or application. Immutable, and safe to share between threads.
///
/// It wipes the secret and the keys when it, its sessions and their batches are dropped. It cannot
/// be cloned, serialized or printed with them.
pub struct OpenTok(Arc<Account>);

/// What an [`OpenTok`] and its sessions share.
pub(crate) struct Account {
    credentials: Credentials,
    key: Key,
    /// Those of all tokens.
    pub(crate) prefixes: Prefixes,
}

impl Account {
    /// # Errors
    /// [`Error::NoPrivateKey`] for a verifier.
    pub(crate) fn check_can_sign(&self) -> Result<(), Error> {
        self.key.check_can_sign()
    }

    pub(crate) fn issuer(&self) -> Issuer<'_> {
        self.credentials.issuer()
    }

    /// Verifies a token, which must be for this session if one is given.
    pub(crate) fn verify_token(
        &self,
        token: &[u8],
        session_id: Option<&str>,
        options: &VerifyOptions<'_>,
    ) -> Result<Token, Error> {
        let expected = Expected {
            issuer: Some(self.issuer()),
            session_id,
            now: clock::given_or_now(options.now),
            leeway: options.checked_leeway()?,
        };
        verify_token(token, &self.key, &expected)
    }
}

impl OpenTok {
    /// Takes a project's API key and API secret, as the account page shows them.
    ///
    /// ```
    /// use tokmint::{ErrorCode, OpenTok};
    ///
    /// let opentok = OpenTok::new("123456", "1234567890abcdef1234567890abcdef1234567890")?;
    /// assert_eq!(opentok.api_key(), Some("123456"));
    ///
    /// let error = OpenTok::new("123456", "\"quoted in an env file\"").unwrap_err();
    /// assert_eq!(error.code(), ErrorCode::InvalidApiSecret);
    /// # Ok::<(), tokmint::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::InvalidApiKey`] if the key is not 1 to
    /// [`MAX_API_KEY_DIGITS`](crate::limits::MAX_API_KEY_DIGITS) ASCII digits;
    /// [`Error::InvalidApiSecret`] if the secret cannot be one issued on the account page (see
    /// [`SecretFault`](crate::SecretFault)).
    pub fn new(api_key: &str, api_secret: &str) -> Result<OpenTok, Error> {
        let api_key = ApiKey::parse(api_key)?;
        let api_secret = ApiSecret::parse(api_secret, &api_key)?;
        let key = Key::from_secret(api_secret.as_str().as_bytes());
        Ok(OpenTok::from(Credentials::Project(api_key, api_secret), key))
    }

    /// Takes the ID of a Vonage application and its private key: the text or the DER of an RSA key
    /// of 2,048 to 8,192 bits in PKCS #8 or PKCS #1, never a path.
    ///
    /// PEM is read as env files and configurations change it: with `\n` for line feeds, on one
    /// line, indented, quoted, or as base64 of the whole file.
    ///
    /// ```
    /// use tokmint::{ErrorCode, OpenTok, TokenOptions, VerifyOptions};
    ///
    /// let application_id = "a98e12ca-f3e5-4df8-bc66-fd4b5f30b9e9";
    /// # let private_key = include_str!("../vectors/private_key.pem");
    /// let opentok = OpenTok::for_application(application_id, private_key)?;
    ///
    /// let session_id = "2_MX5hOThlMTJjYS1mM2U1LTRkZjgtYmM2Ni1mZDRiNWYzMGI5ZTl-fjE2NzI3MzY4Nz\
    ///     gxNjJ-bi9OeFVLbkNaVjBUUnpVSmxjbURqQ3J4flB-fg";
    /// let token = opentok.generate_token(session_id, &TokenOptions::new())?;
    /// let verified = opentok.verify_token(&token, &VerifyOptions::new())?;
    /// assert_eq!(verified.application_id(), Some(application_id));
    ///
    /// let error = OpenTok::for_application(application_id, "./private.key").unwrap_err();
    /// assert_eq!(
    ///     error.to_string(),
    ///     "the private key is the path of a file; read the file and pass what it holds"
    /// );
    /// # Ok::<(), tokmint::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::InvalidApplicationId`] if the ID is no UUID; [`Error::InvalidPrivateKey`] for each
    /// way in which a key cannot be used (see [`KeyFault`](crate::KeyFault)).
    #[cfg(feature = "rs256")]
    pub fn for_application(
        application_id: &str,
        private_key: impl AsRef<[u8]>,
    ) -> Result<OpenTok, Error> {
        let credentials = Credentials::Application(ApplicationId::parse(application_id)?);
        Ok(OpenTok::from(credentials, Key::from_private_key(private_key.as_ref())?))
    }

    /// Takes the ID of a Vonage application and its public key, for a service that verifies tokens
    /// and must not be able to generate any: text or DER, SubjectPublicKeyInfo or PKCS #1, an X.509
    /// certificate, or a JWK. A private key is refused.
    ///
    /// # Errors
    /// [`Error::InvalidApplicationId`] if the ID is no UUID; [`Error::InvalidPublicKey`] for each
    /// way in which a key cannot be used (see [`KeyFault`](crate::KeyFault)).
    #[cfg(feature = "rs256")]
    pub fn verifier(application_id: &str, public_key: impl AsRef<[u8]>) -> Result<OpenTok, Error> {
        let credentials = Credentials::Application(ApplicationId::parse(application_id)?);
        Ok(OpenTok::from(credentials, Key::from_public_key(public_key.as_ref())?))
    }

    fn from(credentials: Credentials, key: Key) -> OpenTok {
        let prefixes = Prefixes::new(credentials.issuer(), &key);
        OpenTok(Arc::new(Account { credentials, key, prefixes }))
    }

    /// The project's API key, which is no secret; `None` for an application.
    #[must_use]
    pub fn api_key(&self) -> Option<&str> {
        match self.issuer() {
            Issuer::Project(api_key) => Some(api_key),
            Issuer::Application(_) => None,
        }
    }

    /// The application's ID in lower case, which is no secret; `None` for a project.
    #[must_use]
    pub fn application_id(&self) -> Option<&str> {
        match self.issuer() {
            Issuer::Application(id) => Some(id),
            Issuer::Project(_) => None,
        }
    }

    fn issuer(&self) -> Issuer<'_> {
        self.0.issuer()
    }

    /// What this shares with its sessions.
    pub(crate) fn account(&self) -> &Arc<Account> {
        &self.0
    }

    /// Generates a token that admits its holder to a session.
    ///
    /// ```
    /// use tokmint::{OpenTok, Role, TokenOptions};
    ///
    /// let opentok = OpenTok::new("123456", "1234567890abcdef1234567890abcdef1234567890")?;
    /// let session_id = "1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4";
    ///
    /// let options = TokenOptions::new().role(Role::Moderator).data("name=Johnny");
    /// let token = opentok.generate_token(session_id, &options)?;
    /// assert!(token.starts_with("eyJ"));
    /// # Ok::<(), tokmint::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::InvalidSessionId`]; [`Error::SessionOfOtherProject`] if another project or
    /// application created the session; [`Error::NoPrivateKey`] for a
    /// [verifier](OpenTok::verifier); [`Error::UnsupportedOption`] for an option of the other kind
    /// of credentials; an error of the option that is out of its limits (see [`TokenOptions`]);
    /// [`Error::SystemClock`] and [`Error::SystemRandom`] if the time or the nonce is not given and
    /// the system has none.
    pub fn generate_token(
        &self,
        session_id: &str,
        options: &TokenOptions<'_>,
    ) -> Result<String, Error> {
        let mut unsigned = Buffer::new();
        self.write_unsigned(session_id, options, &mut unsigned)?.signed(&mut unsigned)
    }

    /// Generates a token as [`OpenTok::generate_token`] does, to the start of a buffer. Returns its
    /// length in bytes. For a project it allocates nothing but once per process and format, for the
    /// base64 engine.
    ///
    /// ```
    /// use tokmint::{Error, OpenTok, TokenOptions};
    ///
    /// let opentok = OpenTok::new("123456", "1234567890abcdef1234567890abcdef1234567890")?;
    /// let session_id = "1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4";
    ///
    /// let options = TokenOptions::new();
    /// let Err(Error::BufferTooShort { length }) =
    ///     opentok.generate_token_into(session_id, &options, &mut [])
    /// else {
    ///     panic!("no token has no bytes");
    /// };
    /// let mut buffer = vec![0; length];
    /// let length = opentok.generate_token_into(session_id, &options, &mut buffer)?;
    /// assert!(buffer[..length].starts_with(b"eyJ"));
    /// # Ok::<(), tokmint::Error>(())
    /// ```
    ///
    /// # Errors
    /// Those of [`OpenTok::generate_token`]; [`Error::BufferTooShort`], with a length that holds
    /// any token of these options, before anything is signed or written.
    pub fn generate_token_into(
        &self,
        session_id: &str,
        options: &TokenOptions<'_>,
        buffer: &mut [u8],
    ) -> Result<usize, Error> {
        let mut unsigned = Buffer::new();
        self.write_unsigned(session_id, options, &mut unsigned)?.signed_into(&mut unsigned, buffer)
    }

    /// Checks everything and puts the unsigned bytes of a token together.
    fn write_unsigned(
        &self,
        session_id: &str,
        options: &TokenOptions<'_>,
        unsigned: &mut Buffer,
    ) -> Result<&Prefix, Error> {
        let issuer = self.issuer();
        check_session(session_id, issuer)?;
        self.0.check_can_sign()?;
        let claims = options.claims(issuer, clock::now)?;
        let format = options.format();
        let prefix = self.0.prefixes.of(format);
        prefix.start(unsigned);
        write_start(format, issuer, session_id, unsigned);
        write_middle(format, &claims, unsigned);
        write_end(format, &claims, unsigned);
        Ok(prefix)
    }

    /// Generates a JWT for the platform's REST calls, such as creating a session: the value of the
    /// header `X-OPENTOK-AUTH` for a project, and what follows `Authorization: Bearer ` for an
    /// application. It is for servers only, and admits nobody to a session.
    ///
    /// ```
    /// use tokmint::{OpenTok, RestTokenOptions};
    ///
    /// let opentok = OpenTok::new("123456", "1234567890abcdef1234567890abcdef1234567890")?;
    /// let token = opentok.generate_rest_token(&RestTokenOptions::new())?;
    /// let header = match opentok.application_id() {
    ///     Some(_) => format!("Authorization: Bearer {token}"),
    ///     None => format!("X-OPENTOK-AUTH: {token}"),
    /// };
    /// # Ok::<(), tokmint::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::NoPrivateKey`] for a [verifier](OpenTok::verifier); an error of the option that is
    /// out of its limits (see [`RestTokenOptions`]); [`Error::SystemClock`] and
    /// [`Error::SystemRandom`] if the time or the `jti` is not given and the system has none.
    pub fn generate_rest_token(&self, options: &RestTokenOptions<'_>) -> Result<String, Error> {
        self.0.check_can_sign()?;
        let claims = options.claims(self.issuer())?;
        let prefix = self.0.prefixes.of(TokenFormat::Jwt);
        let mut unsigned = Buffer::new();
        prefix.start(&mut unsigned);
        write_rest_payload(&claims, &mut unsigned);
        prefix.signed(&mut unsigned)
    }

    /// Verifies a token of this project, JWT or T1, or of this application, and returns what it
    /// says. The signature is compared over the bytes as received, in constant time where the key
    /// is secret, and before anything that they say is read.
    ///
    /// A verified token is one that these credentials issued and that is valid now. Only the server
    /// knows whether its session still exists.
    ///
    /// ```
    /// use tokmint::{OpenTok, Role, TokenOptions, VerifyOptions};
    ///
    /// let opentok = OpenTok::new("123456", "1234567890abcdef1234567890abcdef1234567890")?;
    /// let session_id = "1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4";
    /// let token = opentok.generate_token(session_id, &TokenOptions::new().data("name=Johnny"))?;
    ///
    /// let verified = opentok.verify_token(&token, &VerifyOptions::new().session_id(session_id))?;
    /// assert_eq!(verified.role(), Role::Publisher);
    /// assert_eq!(verified.data(), "name=Johnny");
    /// # Ok::<(), tokmint::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::InvalidLeeway`]; [`Error::TokenTooLong`]; [`Error::MalformedToken`];
    /// [`Error::UnsupportedAlgorithm`]; [`Error::InvalidSignature`];
    /// [`Error::TokenOfOtherProject`]; [`Error::SessionOfOtherProject`];
    /// [`Error::TokenOfOtherSession`]; [`Error::MissingExpiry`]; [`Error::LifetimeTooLong`];
    /// [`Error::TokenExpired`]; [`Error::TokenNotYetValid`]; [`Error::SystemClock`] if no time is
    /// given and the system has none.
    pub fn verify_token(
        &self,
        token: impl AsRef<[u8]>,
        options: &VerifyOptions<'_>,
    ) -> Result<Token, Error> {
        self.0.verify_token(token.as_ref(), options.session_id, options)
    }

    /// Inspects a token: what it says, and everything for which verify would refuse it, each with
    /// what to do. Verify accepts a token (without leeway) if and only if no finding is
    /// [`Severity::Refused`](crate::Severity::Refused).
    ///
    /// Takes any bytes and never fails. Without credentials there is
    /// [`inspect_token`](crate::inspect_token).
    ///
    /// ```
    /// use tokmint::{FindingCode, InspectOptions, OpenTok, TokenOptions};
    ///
    /// let opentok = OpenTok::new("123456", "1234567890abcdef1234567890abcdef1234567890")?;
    /// let session_id = "1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4";
    /// let options = TokenOptions::new().create_time(1_700_000_000).expires_in(60);
    /// let token = opentok.generate_token(session_id, &options)?;
    ///
    /// let inspection = opentok.inspect_token(&token, &InspectOptions::new().now(1_700_003_600));
    /// assert!(inspection.is_refused());
    /// assert_eq!(inspection.findings[0].code, FindingCode::TokenExpired);
    /// assert_eq!(inspection.remaining_lifetime, Some(-3540));
    /// # Ok::<(), tokmint::Error>(())
    /// ```
    #[must_use]
    pub fn inspect_token(
        &self,
        token: impl AsRef<[u8]>,
        options: &InspectOptions<'_>,
    ) -> Inspection {
        inspect(token.as_ref(), options, Some((&self.0.credentials, &self.0.key)))
    }
}

/// Checks that a session is one of this issuer.
pub(crate) fn check_session(session_id: &str, issuer: Issuer<'_>) -> Result<(), Error> {
    match owner_fault(session_id, issuer)? {
        Some(fault) => Err(Error::SessionOfOtherProject { fault }),
        None => Ok(()),
    }
}

impl fmt::Debug for OpenTok {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, id) = self.issuer().named();
        formatter.debug_struct("OpenTok").field(name, &id).finish_non_exhaustive()
    }
}
