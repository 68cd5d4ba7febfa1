//! The byte layouts of tokens: one module per format, and what both need.

pub(crate) mod base64;
mod buffer;
pub(crate) mod json;
pub(crate) mod jwt;
pub(crate) mod t1;

use std::ops::Range;

use memchr::memchr;

pub(crate) use self::buffer::Buffer;
use crate::claims::{NewClaims, NewRestClaims, PartialClaims};
use crate::credentials::Issuer;
use crate::error::{Error, TokenFault};
use crate::faults::Faults;
use crate::keys::{Algorithm, Key, Signed};
use crate::limits::MAX_TOKEN_BYTES;
use crate::token_format::TokenFormat;

/// Puts the unsigned bytes of a token together.
pub(crate) fn write_unsigned(format: TokenFormat, claims: &NewClaims<'_>, unsigned: &mut Buffer) {
    match format {
        TokenFormat::Jwt => jwt::write_payload(claims, unsigned),
        TokenFormat::T1 => t1::write_unsigned(claims, unsigned),
    }
}

/// Puts the payload of a token for REST calls together.
pub(crate) fn write_rest_payload(claims: &NewRestClaims<'_>, unsigned: &mut Buffer) {
    jwt::write_rest_payload(claims, unsigned);
}

/// Length of a token with this many unsigned bytes.
pub(crate) fn token_length(format: TokenFormat, key: &Key, unsigned_length: usize) -> usize {
    match format {
        TokenFormat::Jwt => jwt::token_length(key, unsigned_length),
        TokenFormat::T1 => t1::token_length(unsigned_length),
    }
}

/// Signs the unsigned bytes and writes the token; `token` has exactly its length.
///
/// # Errors
/// Those of the key.
pub(crate) fn sign_into(
    format: TokenFormat,
    key: &Key,
    unsigned: &mut Buffer,
    token: &mut [u8],
) -> Result<(), Error> {
    match format {
        TokenFormat::Jwt => jwt::sign_into(key, unsigned.bytes(), token),
        TokenFormat::T1 => t1::sign_into(key, unsigned.bytes_mut(), token),
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
pub(crate) fn read_claims(
    payload: Payload<'_>,
    faults: &mut Faults,
) -> Result<PartialClaims, Error> {
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

/// The classes of a layout list in a token, where they are joined by spaces.
fn classes(list: &str) -> Vec<String> {
    list.split(' ').filter(|class| !class.is_empty()).map(str::to_owned).collect()
}
