//! The JWT format (RFC 7515 compact serialization, RFC 7519) with HS256, "OpenTok JWT".
//!
//! Written with the claims and in the order of the official Python SDK, as compact JSON in raw UTF-8. Read as every
//! official SDK writes it: claims in any order, unknown ones ignored, null meaning absent, the layout classes as one
//! text or as an array of texts. Unlike T1, a JWT must have an expiry: servers read a missing one in different ways.
//!
//! Left out: RS256, which signs the tokens of Vonage applications; such a token is answered
//! [`Error::UnsupportedAlgorithm`].

use super::json::{Value, read_object};
use super::{Escape, EscapeTable, LOWER_HEX, Raw, SCOPE, malformed, split_once};
use crate::base64;
use crate::error::Error;
use crate::limits::MAX_EXACT_INTEGER;
use crate::options::Claims;
use crate::signature::{HS256_SIGNATURE_LENGTH, Signer};
use crate::token::{Token, TokenFormat};

/// The base64url of `{"alg":"HS256","typ":"JWT"}`.
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

/// Reads a token and checks its signature before any claim. The API key that the token names is in the result.
pub(crate) fn read(token: &[u8], signer: &Signer) -> Result<(Token, NotBefore), Error> {
    read_payload(&signed_payload(token, signer)?)
}

/// The JWS layer: the payload of a token whose signature is right, whatever the payload says.
fn signed_payload(token: &[u8], signer: &Signer) -> Result<Vec<u8>, Error> {
    let (header, payload, signature) = split(token).ok_or(malformed(
        "it neither starts with T1== nor has three parts separated by dots",
    ))?;
    if header != HEADER {
        check_header(header)?;
    }
    let signed = &token[..header.len() + 1 + payload.len()];
    let payload = base64::decode_url(payload).ok_or(malformed(
        "its payload is not canonical, unpadded base64url",
    ))?;
    let signature = base64::decode_url(signature).ok_or(malformed(
        "its signature is not canonical, unpadded base64url",
    ))?;
    signer.check_hs256(signed, &signature)?;
    Ok(payload)
}

/// The time before which a JWT is not valid, in Unix seconds, rounded up; 0 if it names none.
pub(crate) struct NotBefore(pub(crate) i64);

/// Splits at the two dots; `None` if there are more or fewer.
fn split(token: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let (header, rest) = split_once(token, b'.')?;
    let (payload, signature) = split_once(rest, b'.')?;
    split_once(signature, b'.')
        .is_none()
        .then_some((header, payload, signature))
}

/// Checks a header that is not the usual one. Other parameters are not looked at, and nothing is fetched that one of
/// them may name.
fn check_header(header: &[u8]) -> Result<(), Error> {
    let unsupported = |reason| Error::UnsupportedAlgorithm { reason };
    let header = base64::decode_url(header)
        .ok_or(malformed("its header is not canonical, unpadded base64url"))?;
    let [algorithm, critical, unencoded, compressed] =
        read_object(&header, ["alg", "crit", "b64", "zip"], "")
            .ok_or(malformed("its header is not a well-formed JSON object"))?;
    if !matches!(algorithm, Some(Value::Text(name)) if name == "HS256") {
        return Err(unsupported("names another algorithm than HS256"));
    }
    if critical.is_some() || unencoded.is_some() || compressed.is_some() {
        return Err(unsupported("asks for an extension (crit, b64 or zip)"));
    }
    Ok(())
}

fn read_payload(payload: &[u8]) -> Result<(Token, NotBefore), Error> {
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
    ] = read_object(payload, names, "nonce")
        .ok_or(malformed("its payload is not a well-formed JSON object"))?;

    if !matches!(scope, Some(Value::Text(text)) if text == SCOPE) {
        return Err(malformed(
            "it has no scope session.connect, so it is no client token (REST tokens have none)",
        ));
    }
    if !matches!(issuer_type, Some(Value::Text(text)) if text == ISSUER_TYPE) {
        return Err(malformed("its ist is not project"));
    }
    let Some(Value::Text(api_key)) = issuer else {
        return Err(malformed("its iss is not a text"));
    };
    let Some(Value::Text(session_id)) = session_id else {
        return Err(malformed("it names no session"));
    };
    let role = match role {
        Some(Value::Text(name)) => name.parse().ok(),
        _ => None,
    }
    .ok_or(malformed("it has none of the four roles"))?;
    let create_time = issued_at
        .and_then(|value| unix_seconds(&value, f64::floor))
        .ok_or(malformed("its iat is not a number of Unix seconds"))?;
    let expire_time = unix_seconds(&expiry.ok_or(Error::MissingExpiry)?, f64::floor)
        .ok_or(malformed("its exp is not a number of Unix seconds"))?;
    let not_before = match not_before {
        None => 0,
        Some(value) => unix_seconds(&value, f64::ceil)
            .ok_or(malformed("its nbf is not a number of Unix seconds"))?,
    };
    let nonce = nonce_text(nonce).ok_or(malformed("its nonce is neither a number nor a text"))?;
    let data = match data {
        None => String::new(),
        Some(Value::Text(text)) => text.into_owned(),
        Some(_) => return Err(malformed("its connection_data is not a text")),
    };
    let initial_layout_class_list = match layout {
        None => Vec::new(),
        Some(Value::Text(list)) => super::classes(&list),
        Some(Value::Texts(classes)) => classes,
        Some(_) => {
            return Err(malformed(
                "its initial_layout_class_list is neither a text nor an array of texts",
            ));
        }
    };
    let token = Token {
        format: TokenFormat::Jwt,
        api_key: api_key.into_owned(),
        session_id: session_id.into_owned(),
        role,
        create_time,
        expire_time,
        data,
        initial_layout_class_list,
        nonce,
    };
    Ok((token, NotBefore(not_before)))
}

/// A NumericDate (RFC 7519 section 2), with its fraction rounded to whole seconds; `None` if it is no number, negative,
/// or larger than a JSON number is sure to keep.
fn unix_seconds(value: &Value<'_>, round: fn(f64) -> f64) -> Option<i64> {
    let seconds = match value {
        Value::Integer(seconds) => *seconds,
        Value::Float(seconds) => whole(round(*seconds))?,
        _ => return None,
    };
    (0..=MAX_EXACT_INTEGER)
        .contains(&seconds)
        .then_some(seconds)
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
    use crate::test_data::{shared, text, vectors};
    use serde_json::Value as Json;

    fn signer_of_jwk(key: &Json) -> Signer {
        let key = base64::decode_url(text(key).as_bytes()).unwrap();
        Signer::from_bytes(&key)
    }

    #[test]
    fn the_constant_header_is_what_its_comment_says() {
        assert_eq!(
            base64::decode_url(HEADER).unwrap(),
            br#"{"alg":"HS256","typ":"JWT"}"#
        );
    }

    #[test]
    fn rfc_7515_a_1_is_accepted_at_the_jws_layer() {
        let vector = vectors("rfc7515_a1_hs256.json");
        let signer = signer_of_jwk(&vector["jwk"]["k"]);
        let payload = signed_payload(text(&vector["jws"]).as_bytes(), &signer).unwrap();
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
                    let is_accepted = signed_payload(token.as_bytes(), &signer).is_ok();
                    assert_eq!(is_accepted, is_hs256 && test["result"] == "valid", "{test}");
                    decided += usize::from(is_hs256);
                }
            }
        }
        assert_eq!(decided, 17 + 1 + 1 + 21 - WRONG_LABELS.len() + 17);
    }
}
