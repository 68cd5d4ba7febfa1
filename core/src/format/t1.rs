//! The T1 format: `T1==` and the standard base64 of `partner_id=KEY&sig=SIG:DATA`.
//!
//! DATA is form-encoded fields, SIG the hexadecimal HMAC-SHA1 of exactly those bytes; the head
//! before the colon is not signed. Written as the official Python SDK does
//! (`urllib.parse.urlencode`), byte for byte. Read as every official SDK writes it: head and fields
//! in any order, space as `+` or `%20`, hexadecimal digits in either case, characters that Java and
//! .NET leave unescaped, Java's URL-safe base64, names that tokmint does not know (older SDKs add
//! `sdk_version` to the head), and no `expire_time` (Ruby, PHP, .NET), which means a lifetime of 24
//! hours.

use std::borrow::Cow;
use std::ops::Range;

use memchr::{memchr, memchr2, memrchr};
use percent_encoding::percent_decode;

use super::base64;
use super::buffer::{Buffer, Escape, EscapeTable, LOWER_HEX, UPPER_HEX};
use super::json::Names;
use super::scanner::Scanner;
use super::{Envelope, Payload, Prefix, decode_part, split_once};
use crate::claims::{Layout, NewClaims, PartialClaims};
use crate::credentials::{Issuer, is_api_key};
use crate::error::{Error, TokenFault};
use crate::faults::Faults;
use crate::keys::{Algorithm, HMAC_SHA1_LENGTH, Signature, Signed, Signer};
use crate::limits::DEFAULT_LIFETIME;
use crate::token_format::TokenFormat;

/// The start of every T1 token.
pub(crate) const PREFIX: &str = "T1==";

const HEAD_START: &[u8] = b"partner_id=";
const HEAD_SIGNATURE: &[u8] = b"&sig=";
const SIGNATURE_HEX_LENGTH: usize = 2 * HMAC_SHA1_LENGTH;

/// The prefix of all tokens of an issuer: the head, with zeros for its signature.
pub(super) fn prefix(signer: Signer, issuer: Issuer<'_>) -> Prefix {
    let signature = [b'0'; SIGNATURE_HEX_LENGTH];
    let head = [HEAD_START, issuer.id().as_bytes(), HEAD_SIGNATURE, &signature, b":"];
    Prefix { format: TokenFormat::T1, signer, token: Vec::new(), unsigned: head.concat() }
}

/// The prefix of tokens that start with these unsigned bytes. None of it is encoded, since the
/// signature comes first.
pub(super) fn extended(prefix: &Prefix, unsigned: &[u8]) -> Prefix {
    let signer = prefix.signer.after(&unsigned[data_at(unsigned)..]);
    Prefix { format: TokenFormat::T1, signer, token: Vec::new(), unsigned: unsigned.to_vec() }
}

/// The start of the data. The characters of a session ID need no encoding.
pub(super) fn write_start(session_id: &str, unsigned: &mut Buffer) {
    unsigned.push(b"session_id=");
    unsigned.push_str(session_id);
    unsigned.push(b"&create_time=");
}

/// What follows the start, up to the nonce.
pub(super) fn write_middle(claims: &NewClaims<'_>, unsigned: &mut Buffer) {
    unsigned.push_integer(claims.create_time);
    unsigned.push(b"&expire_time=");
    unsigned.push_integer(claims.expire_time);
    unsigned.push(b"&role=");
    unsigned.push_str(claims.role.name());
    unsigned.push(b"&nonce=");
}

/// The nonce, and what follows it.
pub(super) fn write_end(claims: &NewClaims<'_>, unsigned: &mut Buffer) {
    unsigned.push_nonce(&claims.nonce);
    unsigned.push(b"&initial_layout_class_list=");
    unsigned.push_list(claims.initial_layout_class_list, b"+", &FORM);
    if !claims.data.is_empty() {
        unsigned.push(b"&connection_data=");
        unsigned.push_escaped(claims.data, &FORM);
    }
}

/// Length of a token with this many unsigned bytes.
pub(super) fn token_length(unsigned_length: usize) -> usize {
    PREFIX.len() + base64::encoded_length_t1(unsigned_length)
}

/// Signs the data of these bytes, puts the signature into the head and writes the token; `token`
/// has exactly its length.
pub(super) fn sign_into(
    prefix: &Prefix,
    unsigned: &mut [u8],
    token: &mut [u8],
) -> Result<(), Error> {
    let (head, data) = unsigned.split_at_mut(data_at(unsigned));
    let mut signature = Signature::new();
    prefix.signer.sign_into(data, &mut signature)?;
    let end = head.len() - 1;
    let hex = head[end - SIGNATURE_HEX_LENGTH..end].chunks_exact_mut(2);
    for (byte, digits) in signature.iter().zip(hex) {
        digits[0] = LOWER_HEX[usize::from(byte >> 4)];
        digits[1] = LOWER_HEX[usize::from(byte & 15)];
    }
    write_token(unsigned, token);
    Ok(())
}

/// Where the data starts: behind the first colon.
fn data_at(unsigned: &[u8]) -> usize {
    memchr(b':', unsigned).expect("every prefix starts with a whole head") + 1
}

fn write_token(raw: &[u8], token: &mut [u8]) {
    let (prefix, body) = token.split_at_mut(PREFIX.len());
    prefix.copy_from_slice(PREFIX.as_bytes());
    base64::encode_t1(raw, body);
}

/// `application/x-www-form-urlencoded` as Python's `quote_plus` writes it.
static FORM: EscapeTable = form_table();

const fn form_table() -> EscapeTable {
    let mut table = [Escape::new(b""); 256];
    let mut byte = u8::MIN;
    loop {
        let hex = [b'%', UPPER_HEX[(byte >> 4) as usize], UPPER_HEX[(byte & 15) as usize]];
        table[byte as usize] = match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'_' | b'.' | b'-' | b'~' => {
                Escape::new(&[byte])
            }
            b' ' => Escape::new(b"+"),
            _ => Escape::new(&hex),
        };
        if byte == u8::MAX {
            return table;
        }
        byte += 1;
    }
}

/// Takes a token apart whose prefix has been taken off.
pub(super) fn open<'t>(
    body: &[u8],
    buffer: &'t mut Vec<u8>,
    faults: &mut Faults,
) -> Result<Option<Envelope<'t>>, Error> {
    let raw = decode_part(base64::decode_t1, body, TokenFault::T1Base64, buffer, faults)?;
    let end = raw.end;
    let head = parse_head(&buffer[raw]).ok_or(TokenFault::T1Head.into());
    let Some((api_key, signature, colon)) = faults.keep(head)? else {
        return Ok(None);
    };
    buffer.extend(signature);
    let buffer: &'t [u8] = buffer;
    let data = &buffer[colon + 1..end];
    let api_key = str::from_utf8(&buffer[api_key]).ok();
    let algorithm = Some(Algorithm::HmacSha1);
    let payload = Payload { format: TokenFormat::T1, algorithm, api_key, bytes: data };
    Ok(Some(Envelope {
        header: &buffer[..colon],
        api_key,
        signed: Signed::new(algorithm, data, &buffer[end..], payload),
    }))
}

/// Reads the head at the start of these bytes: `partner_id` and `sig`, each once, in any order.
/// Other fields are ignored, since nothing in a head is signed. Returns where the API key is, the
/// signature, and where the head ends: at the first colon. The data may hold more of them.
fn parse_head(raw: &[u8]) -> Option<(Range<usize>, [u8; HMAC_SHA1_LENGTH], usize)> {
    let colon = memchr(b':', raw)?;
    let is_spelling_of = |name, known: &[u8]| percent_decode(name).eq(known.iter().copied());
    let (mut api_key, mut signature) = (None, None);
    let mut at = 0;
    for field in raw[..colon].split(|&byte| byte == b'&') {
        let end = at + field.len();
        let (name, value) = split_once(field, b'=').unwrap_or((field, b""));
        let value = end - value.len()..end;
        // Other readers decode names, so another spelling is refused.
        let earlier = match name {
            b"partner_id" => api_key.replace(value),
            b"sig" => signature.replace(value),
            _ if is_spelling_of(name, b"partner_id") || is_spelling_of(name, b"sig") => {
                return None;
            }
            _ => None,
        };
        if earlier.is_some() {
            return None;
        }
        at = end + 1;
    }
    let api_key = api_key.filter(|key| is_api_key(&raw[key.clone()]))?;
    Some((api_key, hex_decoded(&raw[signature?])?, colon))
}

fn hex_decoded(hex: &[u8]) -> Option<[u8; HMAC_SHA1_LENGTH]> {
    if hex.len() != SIGNATURE_HEX_LENGTH {
        return None;
    }
    let mut decoded = [0; HMAC_SHA1_LENGTH];
    for (byte, digits) in decoded.iter_mut().zip(hex.chunks_exact(2)) {
        *byte = hex_value(digits[0])? << 4 | hex_value(digits[1])?;
    }
    Some(decoded)
}

const fn hex_value(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

/// The first fields of a head or of data as the token spells them, form-encoded: each name and its
/// value.
pub(crate) fn fields(data: &str, limit: usize) -> impl Iterator<Item = (&str, &str)> {
    data.split('&').take(limit).map(|field| field.split_once('=').unwrap_or((field, "")))
}

/// The token of these raw bytes without their last field, which may be cut; `None` if there is no
/// whole head.
pub(crate) fn without_last_field(raw: &[u8]) -> Option<Vec<u8>> {
    let data_at = memchr(b':', raw)? + 1;
    let end = memrchr(b'&', &raw[data_at..]).map_or(data_at, |last| data_at + last);
    let mut token = vec![0; token_length(end)];
    write_token(&raw[..end], &mut token);
    Some(token)
}

/// Whether this is a head whose end is missing.
pub(crate) fn is_start_of_head(raw: &[u8]) -> bool {
    let starts = [HEAD_START, &HEAD_SIGNATURE[1..]];
    let is_start = |start: &&[u8]| start.starts_with(raw) || raw.starts_with(start);
    starts.iter().any(is_start) && !raw.contains(&b':')
}

/// The fields of the data that tokmint reads, in the order of their values.
fn index_of(name: &str) -> Option<usize> {
    Some(match name {
        "session_id" => 0,
        "create_time" => 1,
        "expire_time" => 2,
        "role" => 3,
        "nonce" => 4,
        "initial_layout_class_list" => 5,
        "connection_data" => 6,
        _ => return None,
    })
}

/// Whether official SDKs write a field of the data: those that tokmint reads, `scope` (Node), and
/// `sdk_version` (old ones).
pub(crate) fn is_known(name: &str) -> bool {
    index_of(name).is_some() || ["scope", "sdk_version"].contains(&name)
}

/// Reads the fields of the data.
pub(super) fn read_claims<'t>(
    payload: Payload<'t>,
    faults: &mut Faults,
) -> Result<PartialClaims<'t>, Error> {
    match read_as_written(payload.api_key, payload.bytes) {
        Some(claims) => Ok(claims),
        None => parse_claims(payload.api_key, payload.bytes, faults),
    }
}

/// Reads fields of any SDK, in any order.
pub(super) fn parse_claims<'t>(
    api_key: Option<&'t str>,
    data: &'t [u8],
    faults: &mut Faults,
) -> Result<PartialClaims<'t>, Error> {
    let mut values = [const { None }; 7];
    let mut has_duplicates = false;
    let mut unknown = Names::default();
    let mut rest = Some(data);
    while let Some(fields) = rest {
        let field;
        (field, rest) = match split_once(fields, b'&') {
            Some((field, rest)) => (field, Some(rest)),
            None => (fields, None),
        };
        let Some((name, value)) = faults.keep(decoded_field(field))? else {
            continue;
        };
        match index_of(&name) {
            Some(index) if values[index].is_none() => values[index] = Some(value),
            Some(_) => has_duplicates = true,
            None => unknown.push(name),
        }
    }
    if has_duplicates || unknown.has_duplicates() {
        faults.refuse(TokenFault::DuplicateName.into())?;
    }

    let [session_id, create_time, expire_time, role, nonce, layout, data] = values;
    let session_id = faults.keep(session_id.ok_or(TokenFault::MissingSessionId.into()))?;
    let create_time = create_time
        .ok_or(TokenFault::MissingCreateTime.into())
        .and_then(|value| unix_seconds(&value, TokenFault::CreateTime));
    let create_time = faults.keep(create_time)?;
    let is_default_expiry = expire_time.is_none();
    let expire_time = match expire_time {
        Some(value) => faults.keep(unix_seconds(&value, TokenFault::ExpireTime))?,
        None => create_time.map(|time| time.saturating_add(DEFAULT_LIFETIME)),
    };
    let role = role
        .ok_or(TokenFault::MissingRole.into())
        .and_then(|name| name.parse().map_err(|_| TokenFault::Role.into()));
    let role = faults.keep(role)?;
    Ok(PartialClaims {
        format: TokenFormat::T1,
        api_key: api_key.map(Cow::Borrowed),
        application_id: None,
        session_id,
        role,
        create_time,
        expire_time,
        is_default_expiry,
        not_before: None,
        data: Some(data.unwrap_or_default()),
        layout: Some(Layout::Joined(layout.unwrap_or_default())),
        nonce: Some(nonce.unwrap_or_default()),
    })
}

/// The claims of a token whose data is laid out as [`write_start`], [`write_middle`] and
/// [`write_end`] do it; `None` for any other. It takes a third of the time of the general reader.
pub(super) fn read_as_written<'t>(
    api_key: Option<&'t str>,
    data: &'t [u8],
) -> Option<PartialClaims<'t>> {
    let mut rest = Scanner::new(data)?;
    rest.skip("session_id=")?;
    let session_id = decoded(rest.field())?;
    rest.skip("&create_time=")?;
    let create_time = rest.time()?;
    rest.skip("&expire_time=")?;
    let expire_time = rest.time()?;
    rest.skip("&role=")?;
    let role = rest.field().parse().ok()?;
    rest.skip("&nonce=")?;
    let nonce = rest.digits()?;
    rest.skip("&initial_layout_class_list=")?;
    let layout = decoded(rest.field())?;
    let data = match rest.skip("&connection_data=") {
        Some(()) => decoded(rest.field())?,
        None => Cow::Borrowed(""),
    };
    rest.end()?;
    Some(PartialClaims {
        format: TokenFormat::T1,
        api_key: api_key.map(Cow::Borrowed),
        session_id: Some(session_id),
        role: Some(role),
        create_time: Some(create_time),
        expire_time: Some(expire_time),
        data: Some(data),
        layout: Some(Layout::Joined(layout)),
        nonce: Some(nonce.into()),
        ..PartialClaims::default()
    })
}

/// The name and the value of one field.
fn decoded_field(field: &[u8]) -> Result<(Cow<'_, str>, Cow<'_, str>), Error> {
    split_once(field, b'=')
        .and_then(|(name, value)| Some((form_decoded(name)?, form_decoded(value)?)))
        .ok_or(TokenFault::T1Field.into())
}

/// Decodes one name or value. Characters that need no encoding may be encoded and others may not
/// be.
fn form_decoded(encoded: &[u8]) -> Option<Cow<'_, str>> {
    match has_escapes(encoded) {
        false => str::from_utf8(encoded).ok().map(Cow::Borrowed),
        true => unescaped(encoded).map(Cow::Owned),
    }
}

/// [`form_decoded`] of what is known to be UTF-8.
fn decoded(encoded: &str) -> Option<Cow<'_, str>> {
    match has_escapes(encoded.as_bytes()) {
        false => Some(Cow::Borrowed(encoded)),
        true => unescaped(encoded.as_bytes()).map(Cow::Owned),
    }
}

fn has_escapes(encoded: &[u8]) -> bool {
    memchr2(b'%', b'+', encoded).is_some()
}

fn unescaped(encoded: &[u8]) -> Option<String> {
    let mut decoded = Vec::with_capacity(encoded.len());
    let mut bytes = encoded.iter();
    while let Some(&byte) = bytes.next() {
        decoded.push(match byte {
            b'+' => b' ',
            b'%' => {
                let high = hex_value(*bytes.next()?)?;
                high << 4 | hex_value(*bytes.next()?)?
            }
            _ => byte,
        });
    }
    String::from_utf8(decoded).ok()
}

/// ASCII digits without sign or leading zero. Integer parsers of many languages accept more.
fn unix_seconds(value: &str, fault: TokenFault) -> Result<i64, Error> {
    let is_canonical = value == "0" || value.starts_with(|first| ('1'..='9').contains(&first));
    value.parse().ok().filter(|_| is_canonical).ok_or(fault.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_field_is_left_out_and_the_head_never() {
        let without = |raw: &str| {
            let token = without_last_field(raw.as_bytes())?;
            let mut decoded = Vec::new();
            assert!(base64::decode_t1(token.strip_prefix(PREFIX.as_bytes())?, &mut decoded));
            String::from_utf8(decoded).ok()
        };
        let without = |raw| without(raw).unwrap_or_default();
        assert_eq!(without("a=1&b=2:c=3&d=4&e=5"), "a=1&b=2:c=3&d=4");
        assert_eq!(without("a=1&b=2:c=3&"), "a=1&b=2:c=3");
        assert_eq!(without("a=1&b=2:c=3"), "a=1&b=2:");
        assert_eq!(without("a=1&b=2:&c=3"), "a=1&b=2:");
        assert_eq!(without("a=1&b=2"), "");
    }

    #[test]
    fn only_what_is_escaped_is_copied() {
        for (encoded, plain, is_copied) in
            [("a-b_c", "a-b_c", false), ("a+b", "a b", true), ("a%2Bb", "a+b", true)]
        {
            for read in [form_decoded(encoded.as_bytes()), decoded(encoded)] {
                let read = read.unwrap();
                assert_eq!((&*read, matches!(read, Cow::Owned(_))), (plain, is_copied));
            }
        }
    }
}
