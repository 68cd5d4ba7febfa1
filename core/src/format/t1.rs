//! The T1 format: `T1==` and the standard base64 of `partner_id=KEY&sig=SIG:DATA`.
//!
//! DATA is form-encoded fields, SIG the lower-case hexadecimal HMAC-SHA1 of exactly those bytes; the key is not signed.
//! Written as the official Python SDK does (`urllib.parse.urlencode`), byte for byte. Read as every official SDK
//! writes it: fields in any order, space as `+` or `%20`, hexadecimal digits in either case, characters that Java and
//! .NET leave unescaped, Java's URL-safe base64, fields that tokmint does not know, and no `expire_time` (Ruby, PHP,
//! .NET), which means a life of 24 hours.

use std::borrow::Cow;

use memchr::{memchr, memchr2, memrchr};

use super::json::Names;
use super::{Escape, EscapeTable, LOWER_HEX, Raw, UPPER_HEX, check_project, split_once};
use crate::api_key::is_api_key;
use crate::base64;
use crate::error::{Error, TokenFault};
use crate::limits::DEFAULT_LIFETIME;
use crate::observer::{Observer, Part, Statement};
use crate::options::Claims;
use crate::signature::{Signer, T1_SIGNATURE_LENGTH};
use crate::token::TokenFormat;

/// What every T1 token starts with.
pub(crate) const PREFIX: &str = "T1==";

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
    prefix.copy_from_slice(PREFIX.as_bytes());
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
pub(crate) fn read(
    body: &[u8],
    api_key: Option<&str>,
    observer: &mut impl Observer,
) -> Result<Statement, Error> {
    let raw = observer.decode(base64::decode_t1, body, TokenFault::T1Base64)?;
    let raw = raw.unwrap_or_default();
    let Some(head) = observer.keep(split_head(&raw).ok_or(TokenFault::T1Head.into()))? else {
        return Ok(Statement::empty(TokenFormat::T1));
    };
    observer.see(Part::T1Key(head.api_key));
    check_project(head.api_key.as_bytes(), api_key, observer)?;
    observer.check_signature(|signer| signer.check_t1(head.data, &head.signature))?;
    observer.see(Part::T1Data(head.data));
    read_data(head.data, head.api_key, observer)
}

struct Head<'a> {
    api_key: &'a str,
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
    let api_key = str::from_utf8(api_key)
        .ok()
        .filter(|key| is_api_key(key.as_bytes()))?;
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

/// The first fields as they stand, form-encoded: each name and its value.
pub(crate) fn fields(data: &str, limit: usize) -> impl Iterator<Item = (&str, &str)> {
    data.split('&')
        .take(limit)
        .map(|field| field.split_once('=').unwrap_or((field, "")))
}

/// The token of these raw bytes without their last field, which may be cut; `None` if there is no whole head.
pub(crate) fn without_last_field(raw: &[u8]) -> Option<Vec<u8>> {
    let data_at = memchr(b':', raw)? + 1;
    let end = memrchr(b'&', &raw[data_at..]).map_or(data_at, |last| data_at + last);
    let mut token = vec![0; token_length(end)];
    write_token(&raw[..end], &mut token);
    Some(token)
}

/// Whether this is a head whose end is missing.
pub(crate) fn is_start_of_head(raw: &[u8]) -> bool {
    (HEAD_START.starts_with(raw) || raw.starts_with(HEAD_START)) && !raw.contains(&b':')
}

fn read_data(data: &[u8], api_key: &str, observer: &mut impl Observer) -> Result<Statement, Error> {
    let mut session_id = None;
    let mut create_time = None;
    let mut expire_time = None;
    let mut role = None;
    let mut nonce = None;
    let mut layout = None;
    let mut connection_data = None;
    let mut names = Names::default();
    let data = str::from_utf8(data).map_err(|_| TokenFault::T1Field.into());
    let mut rest = observer.keep(data)?;
    while let Some(fields) = rest {
        let field;
        (field, rest) = match split_text(fields, b'&') {
            Some((field, rest)) => (field, Some(rest)),
            None => (fields, None),
        };
        let Some((name, value)) = observer.keep(decoded_field(field))? else {
            continue;
        };
        let slot = match &*name {
            "session_id" => &mut session_id,
            "create_time" => &mut create_time,
            "expire_time" => &mut expire_time,
            "role" => &mut role,
            "nonce" => &mut nonce,
            "initial_layout_class_list" => &mut layout,
            "connection_data" => &mut connection_data,
            _ => {
                names.push(name);
                continue;
            }
        };
        if slot.is_some() {
            names.push(name.clone());
            names.push(name);
        } else {
            *slot = Some(value);
        }
    }
    if names.has_duplicates() {
        observer.refuse(TokenFault::DuplicateName.into())?;
    }

    let session_id = observer.keep(session_id.ok_or(TokenFault::MissingSessionId.into()))?;
    let create_time = create_time
        .ok_or(TokenFault::MissingCreateTime.into())
        .and_then(|text| unix_seconds(&text, TokenFault::CreateTime));
    let create_time = observer.keep(create_time)?;
    let is_default_expiry = expire_time.is_none();
    let expire_time = match expire_time {
        Some(text) => observer.keep(unix_seconds(&text, TokenFault::ExpireTime))?,
        None => create_time.map(|time| time.saturating_add(DEFAULT_LIFETIME)),
    };
    let role = role
        .ok_or(TokenFault::MissingRole.into())
        .and_then(|name| name.parse().map_err(|_| TokenFault::Role.into()));
    let role = observer.keep(role)?;
    Ok(Statement {
        format: TokenFormat::T1,
        api_key: Some(api_key.to_owned()),
        session_id: session_id.map(Cow::into_owned),
        role,
        create_time,
        expire_time,
        is_default_expiry,
        not_before: None,
        data: Some(connection_data.unwrap_or_default().into_owned()),
        initial_layout_class_list: Some(
            layout.map(|text| super::classes(&text)).unwrap_or_default(),
        ),
        nonce: Some(nonce.unwrap_or_default().into_owned()),
    })
}

/// The name and the value of one field.
fn decoded_field(field: &str) -> Result<(Cow<'_, str>, Cow<'_, str>), Error> {
    split_text(field, b'=')
        .and_then(|(name, value)| Some((form_decoded(name)?, form_decoded(value)?)))
        .ok_or(TokenFault::T1Field.into())
}

/// What stands before and after the first separator, which is ASCII; `None` without one.
fn split_text(text: &str, separator: u8) -> Option<(&str, &str)> {
    let at = memchr(separator, text.as_bytes())?;
    Some((&text[..at], &text[at + 1..]))
}

/// Decodes one name or value. Characters that need no encoding may be encoded and others may not be.
fn form_decoded(text: &str) -> Option<Cow<'_, str>> {
    if memchr2(b'%', b'+', text.as_bytes()).is_none() {
        return Some(Cow::Borrowed(text));
    }
    let mut decoded = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'+' => b' ',
            b'%' => {
                let high = hex_value(bytes.next()?)?;
                high << 4 | hex_value(bytes.next()?)?
            }
            _ => byte,
        });
    }
    String::from_utf8(decoded).ok().map(Cow::Owned)
}

const fn hex_value(digit: u8) -> Option<u8> {
    lower_hex_value(digit.to_ascii_lowercase())
}

/// ASCII digits without sign or leading zero. Integer parsers of many languages take more than that.
fn unix_seconds(text: &str, fault: TokenFault) -> Result<i64, Error> {
    let number = match text.as_bytes() {
        b"0" => Some(0),
        [b'1'..=b'9', ..] => text.bytes().try_fold(0, push_digit),
        _ => None,
    };
    number.ok_or(fault.into())
}

fn push_digit(number: i64, digit: u8) -> Option<i64> {
    let value = char::from(digit).to_digit(10)?;
    number.checked_mul(10)?.checked_add(value.into())
}
