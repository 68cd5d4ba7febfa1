//! The credentials of a project, and the three flows: generate, verify and inspect.

use std::fmt;

use crate::api_key::is_api_key;
use crate::check::{Expected, check_token};
use crate::error::Error;
use crate::format::{Raw, jwt, t1};
use crate::inspect::{Inspection, Keys, inspect};
use crate::limits::MAX_NONCE;
use crate::moment;
use crate::observer::Strict;
use crate::options::{InspectOptions, TokenOptions, VerifyOptions};
use crate::session_id::{ROOM, is_owner, read_owner};
use crate::signature::{Signer, untrimmed_signers};
use crate::token::{Token, TokenFormat};

/// The credentials of one project. Immutable, and safe to share between threads.
///
/// It keeps no copy of the secret but the HMAC states made from it, which are wiped on drop. It cannot be cloned,
/// serialised or printed with them.
pub struct OpenTok {
    api_key: String,
    /// On the heap, so that moving an `OpenTok` leaves no copy of the states behind.
    signer: Box<Signer>,
    /// To explain a signature: those of the secret as it is read from a file or a terminal without trimming.
    untrimmed: Box<[Signer]>,
}

impl OpenTok {
    /// Takes a project's API key and API secret, as the account page shows them.
    ///
    /// # Errors
    /// [`Error::InvalidApiKey`] if the key is not 1 to [`MAX_API_KEY_DIGITS`](crate::limits::MAX_API_KEY_DIGITS) ASCII digits;
    /// [`Error::InvalidApiSecret`] if the secret is empty, holds NUL, has white space around it, or is a key of
    /// another kind (PEM, SSH, JWK).
    pub fn new(api_key: &str, api_secret: &str) -> Result<OpenTok, Error> {
        if !is_api_key(api_key.as_bytes()) {
            let length = api_key.len();
            return Err(Error::InvalidApiKey { length });
        }
        Ok(OpenTok {
            api_key: api_key.to_owned(),
            signer: Box::new(Signer::from_api_secret(api_secret)?),
            untrimmed: untrimmed_signers(api_secret),
        })
    }

    /// The project's API key, which is no secret.
    #[must_use]
    pub fn api_key(&self) -> &str {
        &self.api_key
    }

    /// Generates a token that admits its holder to a session.
    ///
    /// # Errors
    /// [`Error::InvalidSessionId`]; [`Error::SessionOfOtherProject`] if another project created the session; an
    /// error of the option that is out of its limits (see [`TokenOptions`]); [`Error::SystemClock`] and
    /// [`Error::SystemRandom`] if the time or the nonce is not given and the system has none.
    pub fn generate_token(
        &self,
        session_id: &str,
        options: &TokenOptions<'_>,
    ) -> Result<String, Error> {
        let mut raw = Raw::new();
        self.write_raw(&mut raw, session_id, options)?;
        let mut token = vec![0; token_length(options.token_format, raw.bytes().len())];
        self.write_token(options.token_format, &raw, &mut token);
        Ok(String::from_utf8(token).expect("base64, dots and the T1 prefix are ASCII"))
    }

    /// Generates a token as [`OpenTok::generate_token`] does, to the start of a buffer and without allocating.
    ///
    /// Returns the token's length in bytes. If that is more than the buffer holds, nothing was written, and the value
    /// is a length with which any token of these options fits, whatever its nonce.
    ///
    /// # Errors
    /// Those of [`OpenTok::generate_token`].
    pub fn generate_token_into(
        &self,
        session_id: &str,
        options: &TokenOptions<'_>,
        buffer: &mut [u8],
    ) -> Result<usize, Error> {
        let mut raw = Raw::new();
        self.write_raw(&mut raw, session_id, options)?;
        let length = token_length(options.token_format, raw.bytes().len());
        match buffer.get_mut(..length) {
            Some(token) => {
                self.write_token(options.token_format, &raw, token);
                Ok(length)
            }
            None => Ok(token_length(
                options.token_format,
                raw.bytes().len() + MAX_NONCE_DIGITS,
            )),
        }
    }

    /// Checks everything and puts the token together, all but its base64.
    fn write_raw(
        &self,
        raw: &mut Raw,
        session_id: &str,
        options: &TokenOptions<'_>,
    ) -> Result<(), Error> {
        let mut decoded = ROOM;
        if !is_owner(read_owner(session_id, &mut decoded)?, &self.api_key) {
            return Err(Error::SessionOfOtherProject);
        }
        let claims = options.claims(session_id)?;
        match options.token_format {
            TokenFormat::Jwt => jwt::write_raw(raw, &self.api_key, &claims),
            TokenFormat::T1 => t1::write_raw(raw, &self.api_key, &claims, &self.signer),
        }
        Ok(())
    }

    /// Writes the token of these raw bytes; `token` has its very length.
    fn write_token(&self, format: TokenFormat, raw: &Raw, token: &mut [u8]) {
        match format {
            TokenFormat::Jwt => jwt::write_token(raw.bytes(), &self.signer, token),
            TokenFormat::T1 => t1::write_token(raw.bytes(), token),
        }
    }

    /// Verifies a token of this project, JWT or T1, and returns what it says. The signature is checked in constant time
    /// over the bytes as received, and before anything that they say is believed.
    ///
    /// A verified token is one that this project issued and that is valid now; whether a session still exists, only
    /// the server knows.
    ///
    /// # Errors
    /// [`Error::InvalidLeeway`]; [`Error::TokenTooLong`]; [`Error::MalformedToken`];
    /// [`Error::UnsupportedAlgorithm`]; [`Error::InvalidSignature`]; [`Error::TokenOfOtherProject`];
    /// [`Error::SessionOfOtherProject`]; [`Error::TokenOfOtherSession`]; [`Error::MissingExpiry`];
    /// [`Error::LifetimeTooLong`]; [`Error::TokenExpired`]; [`Error::TokenNotYetValid`]; [`Error::SystemClock`] if no
    /// time is given and the system has none.
    pub fn verify_token(
        &self,
        token: impl AsRef<[u8]>,
        options: &VerifyOptions<'_>,
    ) -> Result<Token, Error> {
        self.verify_bytes(token.as_ref(), options)
    }

    /// Inspects a token: what it says, and everything for which verify would refuse it, each with what to do. Verify
    /// accepts a token (without leeway) exactly if no finding is [`Severity::Refused`](crate::Severity::Refused).
    ///
    /// Takes any bytes and never fails. Without credentials there is [`inspect_token`](crate::inspect_token).
    #[must_use]
    pub fn inspect_token(
        &self,
        token: impl AsRef<[u8]>,
        options: &InspectOptions<'_>,
    ) -> Inspection {
        let keys = Keys {
            api_key: &self.api_key,
            signer: &self.signer,
            untrimmed: &self.untrimmed,
        };
        inspect(token.as_ref(), options, Some(keys))
    }

    fn verify_bytes(&self, token: &[u8], options: &VerifyOptions<'_>) -> Result<Token, Error> {
        let expected = Expected {
            api_key: Some(&self.api_key),
            session_id: options.session_id,
            now: moment::given_or_now(options.now),
            leeway: options.checked_leeway()?,
        };
        let mut strict = Strict {
            signer: &self.signer,
        };
        let statement = check_token(token, &expected, &mut strict)?;
        Ok(statement
            .token()
            .expect("a field that does not read is a fault, and the first fault ended the reading"))
    }
}

/// Decimal digits of the largest nonce.
const MAX_NONCE_DIGITS: usize = MAX_NONCE.ilog10() as usize + 1;

/// Length of a token of so many raw bytes.
fn token_length(format: TokenFormat, raw_length: usize) -> usize {
    match format {
        TokenFormat::Jwt => jwt::token_length(raw_length),
        TokenFormat::T1 => t1::token_length(raw_length),
    }
}

impl fmt::Debug for OpenTok {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("OpenTok")
            .field("api_key", &self.api_key)
            .finish_non_exhaustive()
    }
}
