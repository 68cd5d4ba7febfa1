//! The credentials of a project or an application, and the flows: generate, verify and inspect.

use std::fmt;

use crate::clock;
#[cfg(feature = "rs256")]
use crate::credentials::ApplicationId;
use crate::credentials::{ApiKey, ApiSecret, Credentials, Issuer};
use crate::error::Error;
use crate::format::{Buffer, sign_into, token_length, write_rest_payload, write_unsigned};
use crate::inspect::{Inspection, inspect};
use crate::keys::Key;
use crate::limits::MAX_NONCE;
use crate::options::{InspectOptions, RestTokenOptions, TokenOptions, VerifyOptions};
use crate::session_id::owner_fault;
use crate::token::Token;
use crate::token_format::TokenFormat;
use crate::verify::{Expected, verify_token};

/// The credentials of one project or application. Immutable, and safe to share between threads.
///
/// It wipes the secret and the keys when it is dropped. It cannot be cloned, serialized or printed
/// with them.
pub struct OpenTok {
    credentials: Credentials,
    key: Key,
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
        Ok(OpenTok { credentials: Credentials::Project(api_key, api_secret), key })
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
    /// # let private_key = include_str!("../../tests/vectors/private_key.pem");
    /// let opentok = OpenTok::for_application(application_id, private_key)?;
    ///
    /// let session_id = "2_MX5hOThlMTJjYS1mM2U1LTRkZjgtYmM2Ni1mZDRiNWYzMGI5ZTl-fjE2NzI3MzY4Nz\
    ///     gxNjJ-bi9OeFVLbkNaVjBUUnpVSmxjbURqQ3J4flB-fg";
    /// let token = opentok.generate_token(session_id, &TokenOptions::new())?;
    /// let verified = opentok.verify_token(&token, &VerifyOptions::new())?;
    /// assert_eq!(verified.application_id.as_deref(), Some(application_id));
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
        Ok(OpenTok { credentials, key: Key::from_private_key(private_key.as_ref())? })
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
        Ok(OpenTok { credentials, key: Key::from_public_key(public_key.as_ref())? })
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
        self.credentials.issuer()
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
    /// [`Error::NoPrivateKey`] for a [verifier](OpenTok::verifier); [`Error::InvalidSessionId`];
    /// [`Error::SessionOfOtherProject`] if another project or application created the session;
    /// [`Error::UnsupportedOption`] for an option of the other kind of credentials; an error of the
    /// option that is out of its limits (see [`TokenOptions`]); [`Error::SystemClock`] and
    /// [`Error::SystemRandom`] if the time or the nonce is not given and the system has none.
    pub fn generate_token(
        &self,
        session_id: &str,
        options: &TokenOptions<'_>,
    ) -> Result<String, Error> {
        let mut unsigned = Buffer::new();
        self.write_unsigned(session_id, options, &mut unsigned)?;
        self.signed(options.format(), &mut unsigned)
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
        let format = options.format();
        let mut unsigned = Buffer::new();
        let length = self.write_unsigned(session_id, options, &mut unsigned)?;
        let Some(token) = buffer.get_mut(..length) else {
            let longest = unsigned.bytes().len() + MAX_NONCE_DIGITS;
            let length = token_length(format, &self.key, longest);
            return Err(Error::BufferTooShort { length });
        };
        sign_into(format, &self.key, &mut unsigned, token)?;
        Ok(length)
    }

    /// Checks everything, puts the unsigned bytes of a token together, and returns the length of
    /// the token.
    fn write_unsigned(
        &self,
        session_id: &str,
        options: &TokenOptions<'_>,
        unsigned: &mut Buffer,
    ) -> Result<usize, Error> {
        self.key.check_can_sign()?;
        let issuer = self.issuer();
        if let Some(fault) = owner_fault(session_id, issuer)? {
            return Err(Error::SessionOfOtherProject { fault });
        }
        let claims = options.claims(issuer, session_id)?;
        let format = options.format();
        write_unsigned(format, &claims, unsigned);
        Ok(token_length(format, &self.key, unsigned.bytes().len()))
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
        self.key.check_can_sign()?;
        let claims = options.claims(self.issuer())?;
        let mut unsigned = Buffer::new();
        write_rest_payload(&claims, &mut unsigned);
        self.signed(TokenFormat::Jwt, &mut unsigned)
    }

    #[expect(
        clippy::slow_vector_initialization,
        reason = "a vector of zeros is made by calloc, which takes 10 ns more for a token"
    )]
    fn signed(&self, format: TokenFormat, unsigned: &mut Buffer) -> Result<String, Error> {
        let length = token_length(format, &self.key, unsigned.bytes().len());
        let mut token = Vec::with_capacity(length);
        token.resize(length, 0);
        sign_into(format, &self.key, unsigned, &mut token)?;
        Ok(String::from_utf8(token).expect("base64, dots and the T1 prefix are ASCII"))
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
    /// assert_eq!(verified.role, Role::Publisher);
    /// assert_eq!(verified.data, "name=Johnny");
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
        let expected = Expected {
            issuer: Some(self.issuer()),
            session_id: options.session_id,
            now: clock::given_or_now(options.now),
            leeway: options.checked_leeway()?,
        };
        verify_token(token.as_ref(), &self.key, &expected)
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
        inspect(token.as_ref(), options, Some((&self.credentials, &self.key)))
    }
}

/// Decimal digits of the largest nonce.
const MAX_NONCE_DIGITS: usize = MAX_NONCE.ilog10() as usize + 1;

impl fmt::Debug for OpenTok {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = formatter.debug_struct("OpenTok");
        match self.issuer() {
            Issuer::Project(api_key) => shown.field("api_key", &api_key),
            Issuer::Application(id) => shown.field("application_id", &id),
        };
        shown.finish_non_exhaustive()
    }
}
