//! The byte layouts of tokens: one module per format, and what both need.

pub(crate) mod base64;
mod buffer;
pub(crate) mod json;
pub(crate) mod jwt;
mod scanner;
pub(crate) mod t1;

use std::ops::Range;

use memchr::memchr;

pub(crate) use self::buffer::Buffer;
use crate::claims::{NewClaims, NewRestClaims, PartialClaims};
use crate::credentials::Issuer;
use crate::error::{Error, TokenFault};
use crate::faults::Faults;
use crate::keys::{Algorithm, Key, Signed, Signer};
use crate::limits::{MAX_NONCE, MAX_TOKEN_BYTES};
use crate::token_format::TokenFormat;

/// The start of a token for a session: what does not depend on its options.
pub(crate) fn write_start(
    format: TokenFormat,
    issuer: Issuer<'_>,
    session_id: &str,
    unsigned: &mut Buffer,
) {
    match format {
        TokenFormat::Jwt => jwt::write_start(issuer, session_id, unsigned),
        TokenFormat::T1 => t1::write_start(session_id, unsigned),
    }
}

/// What follows the start: as much as does not change from one token to the next of equal role,
/// times and layout, all of them with data or all without.
pub(crate) fn write_middle(format: TokenFormat, claims: &NewClaims<'_>, unsigned: &mut Buffer) {
    match format {
        TokenFormat::Jwt => jwt::write_middle(claims, unsigned),
        TokenFormat::T1 => t1::write_middle(claims, unsigned),
    }
}

/// The end of a token: what [`write_middle`] leaves out.
pub(crate) fn write_end(format: TokenFormat, claims: &NewClaims<'_>, unsigned: &mut Buffer) {
    match format {
        TokenFormat::Jwt => jwt::write_end(claims, unsigned),
        TokenFormat::T1 => t1::write_end(claims, unsigned),
    }
}

/// The payload of a token for REST calls.
pub(crate) fn write_rest_payload(claims: &NewRestClaims<'_>, unsigned: &mut Buffer) {
    jwt::write_rest_payload(claims, unsigned);
}

/// The first bytes of tokens, which many share: written, encoded and hashed once.
pub(crate) struct Prefix {
    format: TokenFormat,
    signer: Signer,
    /// The start of every token.
    token: Vec<u8>,
    /// The unsigned bytes behind those that `token` holds.
    unsigned: Vec<u8>,
}

impl Prefix {
    /// That of all tokens of an issuer.
    pub(crate) fn new(format: TokenFormat, issuer: Issuer<'_>, key: &Key) -> Prefix {
        let signer = key.signer(format);
        match format {
            TokenFormat::Jwt => jwt::prefix(signer, issuer),
            TokenFormat::T1 => t1::prefix(signer, issuer),
        }
    }

    pub(crate) fn format(&self) -> TokenFormat {
        self.format
    }

    /// That of the tokens of this prefix that go on with what `write` appends.
    pub(crate) fn extended(&self, write: impl FnOnce(&mut Buffer)) -> Prefix {
        let mut unsigned = Buffer::new();
        self.start(&mut unsigned);
        write(&mut unsigned);
        match self.format {
            TokenFormat::Jwt => jwt::extended(self, unsigned.bytes()),
            TokenFormat::T1 => t1::extended(self, unsigned.bytes()),
        }
    }

    /// Starts the unsigned bytes of a token.
    pub(crate) fn start(&self, unsigned: &mut Buffer) {
        unsigned.push(&self.unsigned);
    }

    /// Signs the unsigned bytes of a token, which [`Prefix::start`] started.
    ///
    /// # Errors
    /// Those of the key.
    #[expect(
        clippy::slow_vector_initialization,
        reason = "a vector of zeros is made by calloc, which takes 10 ns more for a token"
    )]
    pub(crate) fn signed(&self, unsigned: &mut Buffer) -> Result<String, Error> {
        let length = self.token_length(unsigned.bytes().len());
        let mut token = Vec::with_capacity(length);
        token.resize(length, 0);
        self.sign_into(unsigned, &mut token)?;
        Ok(String::from_utf8(token).expect("base64, dots and the T1 prefix are ASCII"))
    }

    /// Signs the unsigned bytes of a token to the start of a buffer, and returns the length of the
    /// token.
    ///
    /// # Errors
    /// [`Error::BufferTooShort`], before anything is signed or written, with a length that holds
    /// the token whatever its nonce is; those of the key.
    pub(crate) fn signed_into(
        &self,
        unsigned: &mut Buffer,
        buffer: &mut [u8],
    ) -> Result<usize, Error> {
        let length = self.token_length(unsigned.bytes().len());
        let Some(token) = buffer.get_mut(..length) else {
            let length = self.token_length(unsigned.bytes().len() + MAX_NONCE_DIGITS);
            return Err(Error::BufferTooShort { length });
        };
        self.sign_into(unsigned, token)?;
        Ok(length)
    }

    fn token_length(&self, unsigned_length: usize) -> usize {
        match self.format {
            TokenFormat::Jwt => jwt::token_length(self, unsigned_length),
            TokenFormat::T1 => t1::token_length(unsigned_length),
        }
    }

    /// `token` has exactly its length.
    fn sign_into(&self, unsigned: &mut Buffer, token: &mut [u8]) -> Result<(), Error> {
        match self.format {
            TokenFormat::Jwt => jwt::sign_into(self, unsigned.bytes(), token),
            TokenFormat::T1 => t1::sign_into(self, unsigned.bytes_mut(), token),
        }
    }
}

/// Decimal digits of the largest nonce.
const MAX_NONCE_DIGITS: usize = MAX_NONCE.ilog10() as usize + 1;

/// The prefixes of both formats. An application uses only that of JWTs.
pub(crate) struct Prefixes {
    jwt: Prefix,
    t1: Prefix,
}

impl Prefixes {
    /// Those of all tokens of an issuer.
    pub(crate) fn new(issuer: Issuer<'_>, key: &Key) -> Prefixes {
        let [jwt, t1] =
            [TokenFormat::Jwt, TokenFormat::T1].map(|format| Prefix::new(format, issuer, key));
        Prefixes { jwt, t1 }
    }

    /// Those of the tokens of an issuer for one session.
    pub(crate) fn of_session(&self, issuer: Issuer<'_>, session_id: &str) -> Prefixes {
        let [jwt, t1] = [&self.jwt, &self.t1].map(|prefix| {
            prefix.extended(|unsigned| write_start(prefix.format, issuer, session_id, unsigned))
        });
        Prefixes { jwt, t1 }
    }

    pub(crate) fn of(&self, format: TokenFormat) -> &Prefix {
        match format {
            TokenFormat::Jwt => &self.jwt,
            TokenFormat::T1 => &self.t1,
        }
    }
}

/// A token taken apart, before its signature is compared.
pub(crate) struct Envelope<'t> {
    /// The JSON of a JWT's header, or the head of a T1 token.
    pub(crate) header: &'t [u8],
    /// The API key in the head of a T1 token, which is not signed.
    pub(crate) api_key: Option<&'t str>,
    /// The payload and its signature.
    pub(crate) signed: Signed<'t, Payload<'t>>,
}

/// The claims of a token as bytes.
#[derive(Clone, Copy)]
pub(crate) struct Payload<'t> {
    pub(crate) format: TokenFormat,
    /// How the token says that it is signed; `None` if in no way that tokmint supports.
    pub(crate) algorithm: Option<Algorithm>,
    /// The API key of a T1 token, which its claims do not hold.
    pub(crate) api_key: Option<&'t str>,
    /// The JSON of a JWT, or the form-encoded fields of a T1 token.
    pub(crate) bytes: &'t [u8],
}

/// Takes a token apart; a JWT must be signed as the issuer signs, if one is given. What has to be
/// decoded for it goes to `buffer`. `None` if it is of neither format; the fault is reported.
pub(crate) fn open<'t>(
    token: &'t [u8],
    issuer: Option<Issuer<'_>>,
    buffer: &'t mut Vec<u8>,
    faults: &mut Faults,
) -> Result<Option<Envelope<'t>>, Error> {
    let length = token.len();
    if length > MAX_TOKEN_BYTES {
        faults.refuse(Error::TokenTooLong { length })?;
        return Ok(None);
    }
    buffer.reserve(length);
    match token.strip_prefix(t1::PREFIX.as_bytes()) {
        Some(body) => t1::open(body, buffer, faults),
        None => jwt::open(token, issuer.map(Issuer::algorithm), buffer, faults),
    }
}

/// Reads the claims of a token.
pub(crate) fn read_claims<'t>(
    payload: Payload<'t>,
    faults: &mut Faults,
) -> Result<PartialClaims<'t>, Error> {
    match payload.format {
        TokenFormat::Jwt => jwt::read_claims(payload, faults),
        TokenFormat::T1 => t1::read_claims(payload, faults),
    }
}

/// Decodes a part to the end of a buffer and returns where it is. Of a malformed part it is as much
/// as can be decoded; its fault is reported.
fn decode_part(
    decode: fn(&[u8], &mut Vec<u8>) -> bool,
    encoded: &[u8],
    fault: TokenFault,
    buffer: &mut Vec<u8>,
    faults: &mut Faults,
) -> Result<Range<usize>, Error> {
    let start = buffer.len();
    if !decode(encoded, buffer) {
        faults.refuse(fault.into())?;
        buffer.truncate(start);
        buffer.extend(base64::decode_start(encoded));
    }
    Ok(start..buffer.len())
}

/// The parts before and after the first separator; `None` without one.
fn split_once(bytes: &[u8], separator: u8) -> Option<(&[u8], &[u8])> {
    let at = memchr(separator, bytes)?;
    Some((&bytes[..at], &bytes[at + 1..]))
}
