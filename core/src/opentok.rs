//! The credentials of a project, and the three flows: generate, verify and inspect.

use std::fmt;

use crate::clock;
use crate::credentials::{ApiKey, ApiSecret};
use crate::error::Error;
use crate::format::{Buffer, sign_into, token_length, write_unsigned};
use crate::inspect::{Credentials, Inspection, inspect};
use crate::keys::SigningKey;
use crate::limits::MAX_NONCE;
use crate::options::{InspectOptions, TokenOptions, VerifyOptions};
use crate::session_id::is_owned_by;
use crate::token::Token;
use crate::verify::{Expected, verify_token};

/// The credentials of one project. Immutable, and safe to share between threads.
///
/// It wipes the secret and the keys made from it when it is dropped. It cannot be cloned,
/// serialized or printed with them.
pub struct OpenTok {
    api_key: ApiKey,
    api_secret: ApiSecret,
    key: SigningKey,
}

impl OpenTok {
    /// Takes a project's API key and API secret, as the account page shows them.
    ///
    /// ```
    /// use tokmint::{ErrorCode, OpenTok};
    ///
    /// let opentok = OpenTok::new("123456", "1234567890abcdef1234567890abcdef1234567890")?;
    /// assert_eq!(opentok.api_key(), "123456");
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
        let key = SigningKey::from_secret(api_secret.as_str().as_bytes());
        Ok(OpenTok { api_key, api_secret, key })
    }

    /// The project's API key, which is no secret.
    #[must_use]
    pub fn api_key(&self) -> &str {
        self.api_key.as_str()
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
    /// [`Error::InvalidSessionId`]; [`Error::SessionOfOtherProject`] if another project created the
    /// session; an error of the option that is out of its limits (see [`TokenOptions`]);
    /// [`Error::SystemClock`] and [`Error::SystemRandom`] if the time or the nonce is not given and
    /// the system has none.
    pub fn generate_token(
        &self,
        session_id: &str,
        options: &TokenOptions<'_>,
    ) -> Result<String, Error> {
        let mut unsigned = Buffer::new();
        let length = self.write_unsigned(session_id, options, &mut unsigned)?;
        let mut token = vec![0; length];
        sign_into(options.format(), &self.key, &mut unsigned, &mut token)?;
        Ok(String::from_utf8(token).expect("base64, dots and the T1 prefix are ASCII"))
    }

    /// Generates a token as [`OpenTok::generate_token`] does, to the start of a buffer. Returns its
    /// length in bytes. Allocates nothing but once per process and format, for the base64 engine.
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
        if !is_owned_by(session_id, self.api_key())? {
            return Err(Error::SessionOfOtherProject);
        }
        let claims = options.claims(session_id)?;
        let format = options.format();
        write_unsigned(format, self.api_key(), &claims, unsigned);
        Ok(token_length(format, &self.key, unsigned.bytes().len()))
    }

    /// Verifies a token of this project, JWT or T1, and returns what it says. The signature is
    /// compared in constant time over the bytes as received, and before anything that they say is
    /// read.
    ///
    /// A verified token is one that this project issued and that is valid now. Only the server
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
            api_key: Some(self.api_key()),
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
        let credentials = Credentials {
            api_key: self.api_key(),
            api_secret: self.api_secret.as_str(),
            key: &self.key,
        };
        inspect(token.as_ref(), options, Some(credentials))
    }
}

/// Decimal digits of the largest nonce.
const MAX_NONCE_DIGITS: usize = MAX_NONCE.ilog10() as usize + 1;

impl fmt::Debug for OpenTok {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("OpenTok").field("api_key", &self.api_key()).finish_non_exhaustive()
    }
}
