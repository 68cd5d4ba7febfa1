//! The JWT format (RFC 7515 compact serialization, RFC 7519) with HS256, "OpenTok JWT".
//!
//! Written with the claims and in the order of the official Python SDK, as compact JSON in raw UTF-8. Read as every
//! official SDK writes it: claims in any order, unknown ones ignored, null meaning absent, the layout classes as one
//! text or as an array of texts. Unlike T1, a JWT must have an expiry: servers read a missing one in different ways.
//!
//! Left out: RS256, which signs the tokens of Vonage applications; such a token is answered
//! [`Error::UnsupportedAlgorithm`].

use std::borrow::Cow;

use super::json::{Value, read_object};
use super::{Escape, EscapeTable, LOWER_HEX, Raw, SCOPE, check_project, split_once};
use crate::base64;
use crate::error::{AlgorithmFault, Error, TokenFault};
use crate::limits::MAX_EXACT_INTEGER;
use crate::observer::{Observer, Part, Statement};
use crate::options::Claims;
use crate::signature::{HS256_SIGNATURE_LENGTH, Signer};
use crate::token::TokenFormat;

/// The header of every token.
const HEADER_JSON: &[u8] = br#"{"alg":"HS256","typ":"JWT"}"#;

/// [`HEADER_JSON`] in base64url.
const HEADER: &[u8] = b"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9";

/// What `ist` says in the tokens of a project.
const ISSUER_TYPE: &str = "project";

/// Puts the payload of a token together.
pub(crate) fn write_raw(raw: &mut Raw, api_key: &str, claims: &Claims<'_>) {
    raw.push(b"{\"session_id\":\"");
    // The characters of a session ID, a role and an API key need no escaping.
    raw.push_text(claims.session_id);
    raw.push(b"\",\"role\":\"");
    raw.push_text(claims.role.name());
    raw.push(b"\",\"iat\":");
    raw.push_integer(claims.create_time);
    raw.push(b",\"exp\":");
    raw.push_integer(claims.expire_time);
    raw.push(b",\"scope\":\"");
    raw.push_text(SCOPE);
    raw.push(b"\"");
    if !claims.initial_layout_class_list.is_empty() {
        raw.push(b",\"initial_layout_class_list\":\"");
        raw.push_list(claims.initial_layout_class_list, b" ", &JSON);
        raw.push(b"\"");
    }
    if !claims.data.is_empty() {
        raw.push(b",\"connection_data\":\"");
        raw.push_escaped(claims.data, &JSON);
        raw.push(b"\"");
    }
    raw.push(b",\"iss\":\"");
    raw.push_text(api_key);
    raw.push(b"\",\"ist\":\"");
    raw.push_text(ISSUER_TYPE);
    raw.push(b"\",\"nonce\":");
    raw.push_integer(claims.nonce);
    raw.push(b"}");
}

/// The text of a JSON string, with only the escapes that RFC 8259 section 7 requires, the short ones where there are
/// any: what `JSON.stringify` and serde_json write.
static JSON: EscapeTable = json_table();

const fn json_table() -> EscapeTable {
    let mut table = [Escape::new(b""); 256];
    let mut byte = u8::MIN;
    loop {
        let hex = [
            b'\\',
            b'u',
            b'0',
            b'0',
            LOWER_HEX[(byte >> 4) as usize],
            LOWER_HEX[(byte & 15) as usize],
        ];
        table[byte as usize] = match byte {
            b'"' => Escape::new(b"\\\""),
            b'\\' => Escape::new(b"\\\\"),
            b'\n' => Escape::new(b"\\n"),
            b'\r' => Escape::new(b"\\r"),
            b'\t' => Escape::new(b"\\t"),
            b'\x08' => Escape::new(b"\\b"),
            b'\x0c' => Escape::new(b"\\f"),
            0..=0x1f => Escape::new(&hex),
            _ => Escape::new(&[byte]),
        };
        if byte == u8::MAX {
            return table;
        }
        byte += 1;
    }
}

/// Length of a token whose payload has this length.
pub(crate) fn token_length(payload_length: usize) -> usize {
    HEADER.len()
        + base64::encoded_length_url(payload_length)
        + base64::encoded_length_url(HS256_SIGNATURE_LENGTH)
        + 2
}

/// Signs this payload and writes the token; `token` has its very length.
pub(crate) fn write_token(payload: &[u8], signer: &Signer, token: &mut [u8]) {
    token[..HEADER.len()].copy_from_slice(HEADER);
    token[HEADER.len()] = b'.';
    let payload_at = HEADER.len() + 1;
    let payload_end = payload_at + base64::encode_url(payload, &mut token[payload_at..]);
    let signature = signer.sign_hs256(&token[..payload_end]);
    token[payload_end] = b'.';
    base64::encode_url(&signature, &mut token[payload_end + 1..]);
}

/// Reads a token and checks its signature before any claim.
pub(crate) fn read(
    token: &[u8],
    api_key: Option<&str>,
    observer: &mut impl Observer,
) -> Result<Statement, Error> {
    match signed_payload(token, observer)? {
        Some(payload) => read_payload(&payload, api_key, observer),
        None => Ok(Statement::empty(TokenFormat::Jwt)),
    }
}

/// The JWS layer: the payload of a token whose header and signature are right, whatever the payload says.
fn signed_payload(token: &[u8], observer: &mut impl Observer) -> Result<Option<Vec<u8>>, Error> {
    let parts = split(token).ok_or(TokenFault::Shape.into());
    let Some((header, payload, signature)) = observer.keep(parts)? else {
        return Ok(None);
    };
    let is_hs256 = check_header(header, observer)?;
    let signed = &token[..header.len() + 1 + payload.len()];
    let payload = observer.decode(base64::decode_url, payload, TokenFault::PayloadBase64)?;
    let signature = observer.decode(base64::decode_url, signature, TokenFault::SignatureBase64)?;
    if let (true, Some(signature)) = (is_hs256, signature) {
        if signature.len() == HS256_SIGNATURE_LENGTH {
            observer.check_signature(|signer| signer.check_hs256(signed, &signature))?;
        } else {
            observer.refuse(Error::InvalidSignature)?;
        }
    }
    Ok(payload)
}

/// Splits at the two dots; `None` if there are more or fewer.
fn split(token: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let (header, rest) = split_once(token, b'.')?;
    let (payload, signature) = split_once(rest, b'.')?;
    split_once(signature, b'.')
        .is_none()
        .then_some((header, payload, signature))
}

/// Checks a header and says whether it asks for plain HS256. Other parameters are not looked at, and nothing is fetched
/// that one of them may name.
fn check_header(header: &[u8], observer: &mut impl Observer) -> Result<bool, Error> {
    if header == HEADER {
        observer.see(Part::JwtHeader(HEADER_JSON));
        return Ok(true);
    }
    let Some(header) = observer.decode(base64::decode_url, header, TokenFault::HeaderBase64)?
    else {
        return Ok(false);
    };
    observer.see(Part::JwtHeader(&header));
    let object = read_object(&header, ["alg", "crit", "b64", "zip"], "");
    let Some(object) = observer.keep(object.ok_or(TokenFault::HeaderJson.into()))? else {
        return Ok(false);
    };
    if object.has_duplicates {
        observer.refuse(TokenFault::DuplicateName.into())?;
    }
    let [algorithm, critical, unencoded, compressed] = object.values;
    let mut is_plain_hs256 = true;
    let mut unsupported = |fault| {
        is_plain_hs256 = false;
        observer.refuse(Error::UnsupportedAlgorithm { fault })
    };
    if !matches!(algorithm, Some(Value::Text(name)) if name == "HS256") {
        unsupported(AlgorithmFault::Algorithm)?;
    }
    if critical.is_some() || unencoded.is_some() || compressed.is_some() {
        unsupported(AlgorithmFault::Extension)?;
    }
    Ok(is_plain_hs256)
}

fn read_payload(
    payload: &[u8],
    api_key: Option<&str>,
    observer: &mut impl Observer,
) -> Result<Statement, Error> {
    observer.see(Part::JwtPayload(payload));
    let names = [
        "session_id",
        "role",
        "iat",
        "exp",
        "scope",
        "initial_layout_class_list",
        "connection_data",
        "iss",
        "ist",
        "nonce",
        "nbf",
    ];
    let object = read_object(payload, names, "nonce").ok_or(TokenFault::PayloadJson.into());
    let Some(object) = observer.keep(object)? else {
        return Ok(Statement::empty(TokenFormat::Jwt));
    };
    if object.has_duplicates {
        observer.refuse(TokenFault::DuplicateName.into())?;
    }
    let [
        session_id,
        role,
        issued_at,
        expiry,
        scope,
        layout,
        data,
        issuer,
        issuer_type,
        nonce,
        not_before,
    ] = object.values;

    if !matches!(scope, Some(Value::Text(text)) if text == SCOPE) {
        observer.refuse(TokenFault::Scope.into())?;
    }
    if !matches!(issuer_type, Some(Value::Text(text)) if text == ISSUER_TYPE) {
        observer.refuse(TokenFault::IssuerType.into())?;
    }
    let issuer = observer.keep(text(issuer, TokenFault::Issuer, TokenFault::Issuer))?;
    if let Some(issuer) = &issuer {
        check_project(issuer.as_bytes(), api_key, observer)?;
    }
    let session_id = text(
        session_id,
        TokenFault::MissingSessionId,
        TokenFault::SessionId,
    );
    let session_id = observer.keep(session_id)?;
    let role = text(role, TokenFault::MissingRole, TokenFault::Role)
        .and_then(|name| name.parse().map_err(|_| TokenFault::Role.into()));
    let role = observer.keep(role)?;
    let create_time = issued_at
        .ok_or(TokenFault::MissingCreateTime.into())
        .and_then(|value| unix_seconds(&value, f64::floor, TokenFault::CreateTime));
    let create_time = observer.keep(create_time)?;
    let expire_time = expiry
        .ok_or(Error::MissingExpiry)
        .and_then(|value| unix_seconds(&value, f64::floor, TokenFault::ExpireTime));
    let expire_time = observer.keep(expire_time)?;
    let not_before = not_before
        .map(|value| observer.keep(unix_seconds(&value, f64::ceil, TokenFault::NotBefore)))
        .transpose()?
        .flatten();
    let nonce = observer.keep(nonce_text(nonce).ok_or(TokenFault::Nonce.into()))?;
    let data = match data {
        None => Ok(String::new()),
        Some(Value::Text(text)) => Ok(text.into_owned()),
        Some(_) => Err(TokenFault::Data.into()),
    };
    let data = observer.keep(data)?;
    let initial_layout_class_list = match layout {
        None => Ok(Vec::new()),
        Some(Value::Text(list)) => Ok(super::classes(&list)),
        Some(Value::Texts(classes)) => Ok(classes),
        Some(_) => Err(TokenFault::Layout.into()),
    };
    let initial_layout_class_list = observer.keep(initial_layout_class_list)?;
    Ok(Statement {
        format: TokenFormat::Jwt,
        api_key: issuer.map(Cow::into_owned),
        session_id: session_id.map(Cow::into_owned),
        role,
        create_time,
        expire_time,
        is_default_expiry: false,
        not_before,
        data,
        initial_layout_class_list,
        nonce,
    })
}

/// The text that a claim must be.
fn text<'a>(
    value: Option<Value<'a>>,
    missing: TokenFault,
    other: TokenFault,
) -> Result<Cow<'a, str>, Error> {
    match value {
        Some(Value::Text(text)) => Ok(text),
        Some(_) => Err(other.into()),
        None => Err(missing.into()),
    }
}

/// A NumericDate (RFC 7519 section 2), with its fraction rounded to whole seconds; a fault if it is no number, negative,
/// or larger than a JSON number is sure to keep.
fn unix_seconds(value: &Value<'_>, round: fn(f64) -> f64, fault: TokenFault) -> Result<i64, Error> {
    let seconds = match value {
        Value::Integer(seconds) => Some(*seconds),
        Value::Float(seconds) => whole(round(*seconds)),
        _ => None,
    };
    seconds
        .filter(|seconds| (0..=MAX_EXACT_INTEGER).contains(seconds))
        .ok_or(fault.into())
}

/// The integer that a float without fraction is; `None` beyond 53 bits.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "both sides are integers below 2^53, which f64 and i64 hold exactly"
)]
fn whole(number: f64) -> Option<i64> {
    (number.abs() <= MAX_EXACT_INTEGER as f64).then_some(number as i64)
}

/// A nonce as text: the digits of a number as they stand, or a text without its quotes and escapes; empty if there is
/// none. `None` for anything else.
fn nonce_text(value: Option<Value<'_>>) -> Option<String> {
    match value {
        None => Some(String::new()),
        Some(Value::Raw(json)) if json.starts_with('"') => serde_json::from_str(json).ok(),
        Some(Value::Raw(json)) if json.starts_with(|c: char| c == '-' || c.is_ascii_digit()) => {
            Some(json.to_owned())
        }
        Some(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observer::Strict;
    use crate::test_data::{shared, text, vectors};
    use serde_json::Value as Json;

    fn strictly_signed_payload(token: &str, signer: &Signer) -> Result<Vec<u8>, Error> {
        let payload = signed_payload(token.as_bytes(), &mut Strict { signer })?;
        Ok(payload.unwrap())
    }

    fn signer_of_jwk(key: &Json) -> Signer {
        let key = base64::decode_url(text(key).as_bytes()).unwrap();
        Signer::from_bytes(&key)
    }

    #[test]
    fn the_constant_header_is_its_json() {
        assert_eq!(base64::decode_url(HEADER).unwrap(), HEADER_JSON);
    }

    #[test]
    fn rfc_7515_a_1_is_accepted_at_the_jws_layer() {
        let vector = vectors("rfc7515_a1_hs256.json");
        let signer = signer_of_jwk(&vector["jwk"]["k"]);
        let payload = strictly_signed_payload(text(&vector["jws"]), &signer).unwrap();
        assert_eq!(payload, text(&vector["payload"]).as_bytes());
    }

    /// Wycheproof tests with the wrong label: 367 and 370 are byte for byte the valid 357, and 372 and 373 hold a
    /// character outside of base64url, which RFC 7515 section 5.2 requires to refuse.
    const WRONG_LABELS: [u64; 4] = [367, 370, 372, 373];

    #[test]
    fn wycheproof_jws_is_decided_as_labelled() {
        let mut decided = 0;
        for file in ["json_web_signature_test.json", "json_web_crypto_test.json"] {
            let Some(file) = shared(&format!("wycheproof/{file}")) else {
                return;
            };
            for group in file["testGroups"].as_array().unwrap() {
                let is_hs256 = group["private"]["alg"] == "HS256";
                // Keys of other kinds verify nothing here, so any key shows that their tokens are refused.
                let signer = match is_hs256 {
                    true => signer_of_jwk(&group["private"]["k"]),
                    false => Signer::from_bytes(b"some other key"),
                };
                for test in group["tests"].as_array().unwrap() {
                    let token = match &test["jws"] {
                        // An encrypted token.
                        Json::Null => continue,
                        Json::String(token) => token.clone(),
                        json_serialization => json_serialization.to_string(),
                    };
                    if WRONG_LABELS.contains(&test["tcId"].as_u64().unwrap()) {
                        continue;
                    }
                    let is_accepted = strictly_signed_payload(&token, &signer).is_ok();
                    assert_eq!(is_accepted, is_hs256 && test["result"] == "valid", "{test}");
                    decided += usize::from(is_hs256);
                }
            }
        }
        assert_eq!(decided, 17 + 1 + 1 + 21 - WRONG_LABELS.len() + 17);
    }
}
