//! The T1 format: `T1==` and the standard base64 of `partner_id=KEY&sig=SIG:DATA`.
//!
//! DATA is form-encoded fields, SIG the lower-case hexadecimal HMAC-SHA1 of exactly those bytes; the key is not signed.
//! Written as the official Python SDK does (`urllib.parse.urlencode`), byte for byte. Read as every official SDK
//! writes it: fields in any order, space as `+` or `%20`, hexadecimal digits in either case, characters that Java and
//! .NET leave unescaped, Java's URL-safe base64, fields that tokmint does not know, and no `expire_time` (Ruby, PHP,
//! .NET), which means a life of 24 hours.

use std::borrow::Cow;

use memchr::{memchr, memchr2};

use super::json::Names;
use super::{Escape, EscapeTable, LOWER_HEX, Raw, UPPER_HEX, malformed, split_once};
use crate::api_key::is_api_key;
use crate::base64;
use crate::error::Error;
use crate::limits::DEFAULT_LIFETIME;
use crate::options::Claims;
use crate::signature::{Signer, T1_SIGNATURE_LENGTH};
use crate::token::{Token, TokenFormat};

/// What every T1 token starts with.
pub(crate) const PREFIX: &[u8] = b"T1==";

const HEAD_START: &[u8] = b"partner_id=";
const HEAD_SIGNATURE: &[u8] = b"&sig=";
const SIGNATURE_HEX_LENGTH: usize = 2 * T1_SIGNATURE_LENGTH;

/// Puts the signed head and data of a token together.
pub(crate) fn write_raw(raw: &mut Raw, api_key: &str, claims: &Claims<'_>, signer: &Signer) {
    raw.push(HEAD_START);
    raw.push_text(api_key);
    raw.push(HEAD_SIGNATURE);
    let signature_at = raw.bytes().len();
    raw.push(&[b'0'; SIGNATURE_HEX_LENGTH]);
    raw.push(b":");
    let data_at = raw.bytes().len();

    raw.push(b"session_id=");
    // The characters of a session ID need no encoding.
    raw.push_text(claims.session_id);
    raw.push(b"&create_time=");
    raw.push_integer(claims.create_time);
    raw.push(b"&expire_time=");
    raw.push_integer(claims.expire_time);
    raw.push(b"&role=");
    raw.push_text(claims.role.name());
    raw.push(b"&nonce=");
    raw.push_integer(claims.nonce);
    raw.push(b"&initial_layout_class_list=");
    raw.push_list(claims.initial_layout_class_list, b"+", &FORM);
    if !claims.data.is_empty() {
        raw.push(b"&connection_data=");
        raw.push_escaped(claims.data, &FORM);
    }

    let signature = signer.sign_t1(&raw.bytes()[data_at..]);
    let hex = &mut raw.bytes_mut()[signature_at..signature_at + SIGNATURE_HEX_LENGTH];
    for (byte, digits) in signature.iter().zip(hex.chunks_exact_mut(2)) {
        digits[0] = LOWER_HEX[usize::from(byte >> 4)];
        digits[1] = LOWER_HEX[usize::from(byte & 15)];
    }
}

/// Length of a token of so many raw bytes.
pub(crate) fn token_length(raw_length: usize) -> usize {
    PREFIX.len() + base64::encoded_length_t1(raw_length)
}

/// Writes the token of these raw bytes; `token` has its very length.
pub(crate) fn write_token(raw: &[u8], token: &mut [u8]) {
    let (prefix, body) = token.split_at_mut(PREFIX.len());
    prefix.copy_from_slice(PREFIX);
    base64::encode_t1(raw, body);
}

/// `application/x-www-form-urlencoded` as Python's `quote_plus` writes it.
static FORM: EscapeTable = form_table();

const fn form_table() -> EscapeTable {
    let mut table = [Escape::new(b""); 256];
    let mut byte = u8::MIN;
    loop {
        let hex = [
            b'%',
            UPPER_HEX[(byte >> 4) as usize],
            UPPER_HEX[(byte & 15) as usize],
        ];
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

/// Reads a token whose prefix has been taken off, and checks its key and its signature before any field.
pub(crate) fn read(body: &[u8], api_key: &str, signer: &Signer) -> Result<Token, Error> {
    let raw = base64::decode_t1(body).ok_or(malformed(
        "what follows T1== is not canonical, padded base64",
    ))?;
    let head = split_head(&raw).ok_or(malformed(
        "its head is not partner_id=KEY&sig= with 40 lower-case hexadecimal digits and a colon",
    ))?;
    if head.api_key != api_key.as_bytes() {
        return Err(Error::TokenOfOtherProject);
    }
    signer.check_t1(head.data, &head.signature)?;
    read_data(head.data, api_key)
}

struct Head<'a> {
    api_key: &'a [u8],
    signature: [u8; T1_SIGNATURE_LENGTH],
    data: &'a [u8],
}

/// Splits at the first colon: the data may hold more of them.
fn split_head(raw: &[u8]) -> Option<Head<'_>> {
    let (head, data) = split_once(raw, b':')?;
    let (head, hex) = head.split_last_chunk::<SIGNATURE_HEX_LENGTH>()?;
    let api_key = head
        .strip_prefix(HEAD_START)?
        .strip_suffix(HEAD_SIGNATURE)?;
    if !is_api_key(api_key) {
        return None;
    }
    let mut signature = [0; T1_SIGNATURE_LENGTH];
    for (byte, digits) in signature.iter_mut().zip(hex.chunks_exact(2)) {
        *byte = lower_hex_value(digits[0])? << 4 | lower_hex_value(digits[1])?;
    }
    Some(Head {
        api_key,
        signature,
        data,
    })
}

const fn lower_hex_value(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

fn read_data(data: &[u8], api_key: &str) -> Result<Token, Error> {
    let mut session_id = None;
    let mut create_time = None;
    let mut expire_time = None;
    let mut role = None;
    let mut nonce = None;
    let mut layout = None;
    let mut connection_data = None;
    let mut unknown = Names::default();
    let data = str::from_utf8(data).map_err(|_| malformed("its data is not UTF-8"))?;
    let mut rest = Some(data);
    while let Some(fields) = rest {
        let field;
        (field, rest) = match split_text(fields, b'&') {
            Some((field, rest)) => (field, Some(rest)),
            None => (fields, None),
        };
        let (name, value) =
            split_text(field, b'=').ok_or(malformed("one of its fields has no equals sign"))?;
        let name = form_decoded(name)?;
        let value = form_decoded(value)?;
        let slot = match &*name {
            "session_id" => &mut session_id,
            "create_time" => &mut create_time,
            "expire_time" => &mut expire_time,
            "role" => &mut role,
            "nonce" => &mut nonce,
            "initial_layout_class_list" => &mut layout,
            "connection_data" => &mut connection_data,
            _ => {
                unknown.push(name);
                continue;
            }
        };
        if slot.replace(value).is_some() {
            return Err(malformed(DUPLICATE));
        }
    }
    if unknown.has_duplicates() {
        return Err(malformed(DUPLICATE));
    }

    let session_id = session_id.ok_or(malformed("it names no session"))?;
    let create_time = create_time
        .ok_or(malformed("it has no create_time"))
        .and_then(|text| unix_seconds(&text))?;
    let expire_time = match expire_time {
        Some(text) => unix_seconds(&text)?,
        None => create_time.saturating_add(DEFAULT_LIFETIME),
    };
    let role = role
        .and_then(|name| name.parse().ok())
        .ok_or(malformed("it has none of the four roles"))?;
    Ok(Token {
        format: TokenFormat::T1,
        api_key: api_key.to_owned(),
        session_id: session_id.into_owned(),
        role,
        create_time,
        expire_time,
        data: connection_data.unwrap_or_default().into_owned(),
        initial_layout_class_list: layout.map(|text| super::classes(&text)).unwrap_or_default(),
        nonce: nonce.unwrap_or_default().into_owned(),
    })
}

const DUPLICATE: &str = "one of its fields stands in it twice";

/// What stands before and after the first separator, which is ASCII; `None` without one.
fn split_text(text: &str, separator: u8) -> Option<(&str, &str)> {
    let at = memchr(separator, text.as_bytes())?;
    Some((&text[..at], &text[at + 1..]))
}

/// Decodes one name or value. Characters that need no encoding may be encoded and others may not be.
fn form_decoded(text: &str) -> Result<Cow<'_, str>, Error> {
    if memchr2(b'%', b'+', text.as_bytes()).is_none() {
        return Ok(Cow::Borrowed(text));
    }
    let mut decoded = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'+' => b' ',
            b'%' => bytes
                .next()
                .and_then(hex_value)
                .zip(bytes.next().and_then(hex_value))
                .map(|(high, low)| high << 4 | low)
                .ok_or(malformed(
                    "a percent sign in it is not followed by two hexadecimal digits",
                ))?,
            _ => byte,
        });
    }
    String::from_utf8(decoded)
        .map(Cow::Owned)
        .map_err(|_| malformed("a percent-encoded text in it is not UTF-8"))
}

const fn hex_value(digit: u8) -> Option<u8> {
    lower_hex_value(digit.to_ascii_lowercase())
}

/// ASCII digits without sign or leading zero. Integer parsers of many languages take more than that.
fn unix_seconds(text: &str) -> Result<i64, Error> {
    let number = match text.as_bytes() {
        b"0" => Some(0),
        [b'1'..=b'9', ..] => text.bytes().try_fold(0, push_digit),
        _ => None,
    };
    number.ok_or(malformed(
        "one of its times is not plain digits of Unix seconds",
    ))
}

fn push_digit(number: i64, digit: u8) -> Option<i64> {
    let value = char::from(digit).to_digit(10)?;
    number.checked_mul(10)?.checked_add(value.into())
}
