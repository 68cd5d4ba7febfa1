//! The JWT format (RFC 7515 compact serialization, RFC 7519): HS256 for projects, "OpenTok JWT",
//! and RS256 for Vonage applications.
//!
//! Written as compact JSON in raw UTF-8, with the claims and in the order of the official Python
//! SDK for projects, and of the Node SDK `@vonage/video` for applications. Read as every official
//! SDK writes it: claims in any order, unknown ones ignored, null meaning absent, the layout
//! classes as one string or as an array of strings. Unlike T1, a JWT must have an expiry: servers
//! read a missing one in different ways. An application's token without a role is a publisher's, as
//! the PHP SDK writes it.
//!
//! Left out: the `acl` of an application's token, which all SDKs write alike or not at all.

use std::borrow::Cow;

use super::base64;
use super::buffer::{Buffer, Escape, EscapeTable, LOWER_HEX};
use super::json::{members, read_object, string};
use super::scanner::Scanner;
use super::{Envelope, Payload, Prefix, decode_part, split_once};
use crate::claims::{Layout, NewClaims, NewRestClaims, PartialClaims};
use crate::credentials::Issuer;
use crate::error::{AlgorithmFault, Error, TokenFault};
use crate::faults::Faults;
use crate::keys::{Algorithm, Signature, Signed, Signer};
use crate::limits::{MAX_EXACT_INTEGER, MAX_INSPECTED_FIELDS};
use crate::role::Role;
use crate::token_format::TokenFormat;

/// A header that tokmint writes, and most SDKs.
struct Header {
    json: &'static [u8],
    /// `json` in base64url.
    encoded: &'static [u8],
}

const HS256: Header = Header {
    json: br#"{"alg":"HS256","typ":"JWT"}"#,
    encoded: b"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9",
};

const RS256: Header = Header {
    json: br#"{"alg":"RS256","typ":"JWT"}"#,
    encoded: b"eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9",
};

/// The `scope` of a client token: it is for connecting to a session.
const SCOPE: &str = "session.connect";

/// The `ist` of the tokens of a project.
const ISSUER_TYPE: &str = "project";

/// The `sub` of a client token of an application.
const SUBJECT: &str = "video";

/// The start of the payload of a client token. The characters of session IDs, roles, API keys and
/// UUIDs need no escaping.
pub(super) fn write_start(issuer: Issuer<'_>, session_id: &str, payload: &mut Buffer) {
    match issuer {
        Issuer::Project(_) => payload.push(b"{"),
        Issuer::Application(_) => {
            payload.push(b"{\"scope\":\"");
            payload.push_str(SCOPE);
            payload.push(b"\",");
        }
    }
    payload.push(b"\"session_id\":\"");
    payload.push_str(session_id);
    payload.push(b"\",\"role\":\"");
}

/// What follows the start, up to the data or the nonce.
pub(super) fn write_middle(claims: &NewClaims<'_>, payload: &mut Buffer) {
    payload.push_str(claims.role.name());
    match claims.issuer {
        Issuer::Project(_) => {
            payload.push(b"\",\"iat\":");
            payload.push_integer(claims.create_time);
            payload.push(b",\"exp\":");
            payload.push_integer(claims.expire_time);
            payload.push(b",\"scope\":\"");
            payload.push_str(SCOPE);
            payload.push(b"\"");
            if !claims.initial_layout_class_list.is_empty() {
                payload.push(b",\"initial_layout_class_list\":\"");
                payload.push_list(claims.initial_layout_class_list, b" ", &JSON);
                payload.push(b"\"");
            }
        }
        Issuer::Application(_) => {
            payload.push(b"\",\"initial_layout_class_list\":\"");
            payload.push_list(claims.initial_layout_class_list, b" ", &JSON);
            payload.push(b"\",\"exp\":");
            payload.push_integer(claims.expire_time);
            payload.push(b",\"sub\":\"");
            payload.push_str(SUBJECT);
            payload.push(b"\",\"acl\":{\"paths\":{\"/session/**\":{}}}");
        }
    }
    if claims.data.is_empty() {
        write_before_nonce(claims.issuer, payload);
    }
}

/// The data, if there is any, the nonce, and what follows it.
pub(super) fn write_end(claims: &NewClaims<'_>, payload: &mut Buffer) {
    if !claims.data.is_empty() {
        payload.push(b",\"connection_data\":\"");
        payload.push_escaped(claims.data, &JSON);
        payload.push(b"\"");
        write_before_nonce(claims.issuer, payload);
    }
    payload.push_nonce(&claims.nonce);
    if let Issuer::Application(id) = claims.issuer {
        payload.push(b"\",\"iat\":");
        payload.push_integer(claims.create_time);
        payload.push(b",\"application_id\":\"");
        payload.push_str(id);
        payload.push(b"\"");
    }
    payload.push(b"}");
}

fn write_before_nonce(issuer: Issuer<'_>, payload: &mut Buffer) {
    match issuer {
        Issuer::Project(api_key) => {
            payload.push(b",\"iss\":\"");
            payload.push_str(api_key);
            payload.push(b"\",\"ist\":\"");
            payload.push_str(ISSUER_TYPE);
            payload.push(b"\",\"nonce\":");
        }
        Issuer::Application(_) => payload.push(b",\"jti\":\""),
    }
}

/// The payload of a token for REST calls.
pub(super) fn write_rest_payload(claims: &NewRestClaims<'_>, payload: &mut Buffer) {
    match claims.issuer {
        Issuer::Project(api_key) => {
            payload.push(b"{\"iss\":\"");
            payload.push_str(api_key);
            payload.push(b"\",\"ist\":\"");
            payload.push_str(ISSUER_TYPE);
            payload.push(b"\",\"iat\":");
            payload.push_integer(claims.create_time);
            payload.push(b",\"exp\":");
            payload.push_integer(claims.expire_time);
            payload.push(b",\"jti\":\"");
            payload.push_str(&claims.jti);
            payload.push(b"\"}");
        }
        Issuer::Application(id) => {
            payload.push(b"{\"application_id\":\"");
            payload.push_str(id);
            payload.push(b"\",\"iat\":");
            payload.push_integer(claims.create_time);
            payload.push(b",\"jti\":\"");
            payload.push_str(&claims.jti);
            payload.push(b"\",\"exp\":");
            payload.push_integer(claims.expire_time);
            payload.push(b"}");
        }
    }
}

/// The inside of a JSON string, with only the escapes that RFC 8259 section 7 requires, the short
/// ones where there are any: what `JSON.stringify` and serde_json write.
static JSON: EscapeTable = json_table();

const fn json_table() -> EscapeTable {
    let mut table = [Escape::new(b""); 256];
    let mut byte = u8::MIN;
    loop {
        let [high, low] = [LOWER_HEX[(byte >> 4) as usize], LOWER_HEX[(byte & 15) as usize]];
        let hex = [b'\\', b'u', b'0', b'0', high, low];
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

/// The prefix of all tokens: the header.
pub(super) fn prefix(signer: Signer, issuer: Issuer<'_>) -> Prefix {
    let header = match issuer {
        Issuer::Application(_) => RS256,
        Issuer::Project(_) => HS256,
    };
    let token = [header.encoded, b"."].concat();
    Prefix { format: TokenFormat::Jwt, signer, token, unsigned: Vec::new() }
}

/// The prefix of tokens whose payload goes on with these bytes.
pub(super) fn extended(prefix: &Prefix, unsigned: &[u8]) -> Prefix {
    // Three bytes are four symbols, which do not depend on what follows.
    let (encoded, rest) = unsigned.split_at(unsigned.len() / 3 * 3);
    let mut token = prefix.token.clone();
    let start = token.len();
    token.resize(start + base64::encoded_length_url(encoded.len()), 0);
    base64::encode_url(encoded, &mut token[start..]);
    let signer = prefix.signer.after(&token);
    Prefix { format: TokenFormat::Jwt, signer, token, unsigned: rest.to_vec() }
}

/// Length of a token with this prefix and unsigned bytes of this length.
pub(super) fn token_length(prefix: &Prefix, unsigned_length: usize) -> usize {
    prefix.token.len()
        + base64::encoded_length_url(unsigned_length)
        + base64::encoded_length_url(prefix.signer.signature_length())
        + 1
}

/// Signs and writes a token; `token` has exactly its length.
pub(super) fn sign_into(prefix: &Prefix, unsigned: &[u8], token: &mut [u8]) -> Result<(), Error> {
    let (start, rest) = token.split_at_mut(prefix.token.len());
    start.copy_from_slice(&prefix.token);
    let payload_end = start.len() + base64::encode_url(unsigned, rest);
    let mut signature = Signature::new();
    prefix.signer.sign_into(&token[..payload_end], &mut signature)?;
    token[payload_end] = b'.';
    base64::encode_url(&signature, &mut token[payload_end + 1..]);
    Ok(())
}

/// The JWS layer: takes a token apart, whatever its payload says. `expected` is the algorithm of
/// the key, if there is one.
pub(super) fn open<'t>(
    token: &'t [u8],
    expected: Option<Algorithm>,
    buffer: &'t mut Vec<u8>,
    faults: &mut Faults,
) -> Result<Option<Envelope<'t>>, Error> {
    let parts = split(token).ok_or(TokenFault::Shape.into());
    let Some((header, payload, signature)) = faults.keep(parts)? else {
        return Ok(None);
    };
    let message = &token[..header.len() + 1 + payload.len()];
    // Most tokens have a header that need not be decoded.
    let decode = base64::decode_url;
    let (header, algorithm) = if header == HS256.encoded {
        (Err(HS256.json), Some(Algorithm::Hs256))
    } else if header == RS256.encoded {
        (Err(RS256.json), Some(Algorithm::Rs256))
    } else {
        let header = decode_part(decode, header, TokenFault::HeaderBase64, buffer, faults)?;
        let algorithm = read_algorithm(&buffer[header.clone()], faults)?;
        (Ok(header), algorithm)
    };
    match (algorithm, expected) {
        (Some(Algorithm::Rs256), Some(Algorithm::Hs256)) => {
            faults.refuse(Error::UnsupportedAlgorithm { fault: AlgorithmFault::Application })?;
        }
        (Some(Algorithm::Hs256), Some(Algorithm::Rs256)) => {
            faults.refuse(Error::UnsupportedAlgorithm { fault: AlgorithmFault::Project })?;
        }
        _ => {}
    }
    let mut part = |part, fault| decode_part(decode, part, fault, buffer, faults);
    let payload = part(payload, TokenFault::PayloadBase64)?;
    let signature = part(signature, TokenFault::SignatureBase64)?;
    let buffer: &'t [u8] = buffer;
    let bytes = &buffer[payload];
    let payload = Payload { format: TokenFormat::Jwt, algorithm, api_key: None, bytes };
    Ok(Some(Envelope {
        header: header.map_or_else(|known| known, |header| &buffer[header]),
        api_key: None,
        signed: Signed::new(algorithm, message, &buffer[signature], payload),
    }))
}

/// Splits at the two dots; `None` if there are more or fewer.
fn split(token: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let (header, rest) = split_once(token, b'.')?;
    let (payload, signature) = split_once(rest, b'.')?;
    split_once(signature, b'.').is_none().then_some((header, payload, signature))
}

/// Checks a header; `None` unless it asks for plain HS256 or RS256. Other parameters are not read,
/// and nothing is fetched that one of them may name.
fn read_algorithm(header: &[u8], faults: &mut Faults) -> Result<Option<Algorithm>, Error> {
    let object = read_object(header, ["alg", "crit", "b64", "zip"]);
    let Some(object) = faults.keep(object.ok_or(TokenFault::HeaderJson.into()))? else {
        return Ok(None);
    };
    if object.has_duplicates {
        faults.refuse(TokenFault::DuplicateName.into())?;
    }
    let [algorithm, extensions @ ..] = object.values;
    let mut supported = match algorithm.and_then(string).as_deref() {
        Some("HS256") => Some(Algorithm::Hs256),
        Some("RS256") => Some(Algorithm::Rs256),
        _ => None,
    };
    if supported.is_none() {
        faults.refuse(Error::UnsupportedAlgorithm { fault: AlgorithmFault::Algorithm })?;
    }
    // Null is a value too: a reader may take it for anything.
    if extensions.iter().any(Option::is_some) {
        supported = None;
        faults.refuse(Error::UnsupportedAlgorithm { fault: AlgorithmFault::Extension })?;
    }
    Ok(supported)
}

/// Reads the claims of a payload: those of an application's token if it is signed as one, or, where
/// the algorithm is unknown, if it names an application.
pub(super) fn read_claims<'t>(
    payload: Payload<'t>,
    faults: &mut Faults,
) -> Result<PartialClaims<'t>, Error> {
    let is_application = match payload.algorithm {
        Some(algorithm) => algorithm == Algorithm::Rs256,
        None => names_application(payload.bytes),
    };
    let known = if is_application { None } else { read_as_written(payload.bytes) };
    match known {
        Some(claims) => Ok(claims),
        None => parse_claims(payload.bytes, is_application, faults),
    }
}

/// Reads claims of any SDK, in any order.
pub(super) fn parse_claims<'t>(
    payload: &'t [u8],
    is_application: bool,
    faults: &mut Faults,
) -> Result<PartialClaims<'t>, Error> {
    // Only claims of its own kind: others are checked as unknown ones are.
    let (issuer_name, kind_name, nonce_name) =
        if is_application { ("application_id", "sub", "jti") } else { ("iss", "ist", "nonce") };
    let names = [
        "session_id", "role", "scope", "connection_data", issuer_name, kind_name, "iat", "exp",
        "initial_layout_class_list", nonce_name, "nbf",
    ];
    let object = read_object(payload, names).ok_or(TokenFault::PayloadJson.into());
    let Some(object) = faults.keep(object)? else {
        return Ok(PartialClaims::default());
    };
    if object.has_duplicates {
        faults.refuse(TokenFault::DuplicateName.into())?;
    }
    // A null claim is an absent one.
    let [session_id, role, scope, data, issuer, kind, issued_at, expiry, layout, nonce, not_before] =
        object.values.map(|value| value.filter(|&json| json != "null"));

    check_string(scope, SCOPE, TokenFault::Scope, faults)?;
    let (api_key, application_id) = if is_application {
        // Some SDKs write the subject under another name, or not at all.
        if kind.is_some() {
            check_string(kind, SUBJECT, TokenFault::Subject, faults)?;
        }
        let fault = TokenFault::ApplicationId;
        let id = claim(issuer, fault, fault).map(|id| Cow::Owned(id.to_ascii_lowercase()));
        (None, faults.keep(id)?)
    } else {
        check_string(kind, ISSUER_TYPE, TokenFault::IssuerType, faults)?;
        (faults.keep(claim(issuer, TokenFault::Issuer, TokenFault::Issuer))?, None)
    };
    let session_id = claim(session_id, TokenFault::MissingSessionId, TokenFault::SessionId);
    let session_id = faults.keep(session_id)?;
    let role = match role {
        None if is_application => Ok(Role::default()),
        role => claim(role, TokenFault::MissingRole, TokenFault::Role)
            .and_then(|name| name.parse().map_err(|_| TokenFault::Role.into())),
    };
    let role = faults.keep(role)?;
    let create_time = issued_at
        .ok_or(TokenFault::MissingCreateTime.into())
        .and_then(|value| unix_seconds(value, f64::floor, TokenFault::CreateTime));
    let create_time = faults.keep(create_time)?;
    let expire_time = expiry
        .ok_or(Error::MissingExpiry)
        .and_then(|value| unix_seconds(value, f64::floor, TokenFault::ExpireTime));
    let expire_time = faults.keep(expire_time)?;
    let not_before = not_before
        .map(|value| faults.keep(unix_seconds(value, f64::ceil, TokenFault::NotBefore)))
        .transpose()?
        .flatten();
    let nonce = faults.keep(nonce_string(nonce).ok_or(TokenFault::Nonce.into()))?;
    let data = claim(data.or(Some("\"\"")), TokenFault::Data, TokenFault::Data);
    let data = faults.keep(data)?;
    let layout = faults.keep(read_layout(layout).ok_or(TokenFault::Layout.into()))?;
    Ok(PartialClaims {
        format: TokenFormat::Jwt,
        api_key,
        application_id,
        session_id,
        role,
        create_time,
        expire_time,
        is_default_expiry: false,
        not_before,
        data,
        layout,
        nonce,
    })
}

/// The claims of a project's token that is laid out as [`write_start`], [`write_middle`] and
/// [`write_end`] do it, but for control characters; `None` for any other. It takes a fifth of the
/// time of the parser, which would be a third of verifying a token.
pub(super) fn read_as_written(payload: &[u8]) -> Option<PartialClaims<'_>> {
    let mut rest = Scanner::new(payload)?;
    rest.skip("{\"session_id\":")?;
    let session_id = rest.json_string()?;
    rest.skip(",\"role\":")?;
    let role = rest.json_string()?.parse().ok()?;
    rest.skip(",\"iat\":")?;
    let create_time = rest.time()?;
    rest.skip(",\"exp\":")?;
    let expire_time = rest.time()?;
    rest.skip(",\"scope\":\"")?;
    rest.skip(SCOPE)?;
    rest.skip("\"")?;
    let layout = match rest.skip(",\"initial_layout_class_list\":") {
        Some(()) => rest.json_string()?,
        None => Cow::Borrowed(""),
    };
    let data = match rest.skip(",\"connection_data\":") {
        Some(()) => rest.json_string()?,
        None => Cow::Borrowed(""),
    };
    rest.skip(",\"iss\":")?;
    let api_key = rest.json_string()?;
    rest.skip(",\"ist\":\"")?;
    rest.skip(ISSUER_TYPE)?;
    rest.skip("\",\"nonce\":")?;
    let nonce = rest.digits()?;
    rest.skip("}")?;
    rest.end()?;
    Some(PartialClaims {
        format: TokenFormat::Jwt,
        api_key: Some(api_key),
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

/// Whether the first claims name an application. For a token with an algorithm of neither kind,
/// which is refused whatever it says.
fn names_application(payload: &[u8]) -> bool {
    let claims = members(payload, MAX_INSPECTED_FIELDS);
    claims.iter().any(|(name, _)| name == "application_id")
}

/// Checks a claim that must be one string.
fn check_string(
    claim: Option<&str>,
    expected: &str,
    fault: TokenFault,
    faults: &mut Faults,
) -> Result<(), Error> {
    match claim.and_then(string) {
        Some(string) if string == expected => Ok(()),
        _ => faults.refuse(fault.into()),
    }
}

/// The string that a claim must be.
fn claim(
    value: Option<&str>,
    missing: TokenFault,
    malformed: TokenFault,
) -> Result<Cow<'_, str>, Error> {
    string(value.ok_or(missing)?).ok_or(malformed.into())
}

/// A layout that is one string or an array of strings.
fn read_layout(value: Option<&str>) -> Option<Layout<'_>> {
    match value {
        None => Some(Layout::List(Vec::new())),
        Some(array) if array.starts_with('[') => serde_json::from_str(array).ok().map(Layout::List),
        Some(json) => string(json).map(Layout::Joined),
    }
}

/// A time as a JSON number, a fraction rounded to a whole second.
fn unix_seconds(json: &str, round: fn(f64) -> f64, fault: TokenFault) -> Result<i64, Error> {
    json.parse()
        .ok()
        .or_else(|| json.parse().ok().map(round).and_then(whole))
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

/// A nonce as a string: the digits of a number as the token spells them, or a string without its
/// quotes and escapes; empty if there is none. `None` for anything else.
fn nonce_string(value: Option<&str>) -> Option<Cow<'_, str>> {
    match value {
        None => Some(Cow::Borrowed("")),
        Some(json) if json.starts_with(|c: char| c == '-' || c.is_ascii_digit()) => {
            Some(Cow::Borrowed(json))
        }
        Some(json) => string(json),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::Key;
    use crate::test_vectors::{shared, string as text, vectors};
    use serde_json::Value as Json;

    fn verified_payload(token: &str, key: &Key) -> Result<Vec<u8>, Error> {
        let mut buffer = Vec::new();
        let expected = key.algorithm(TokenFormat::Jwt);
        let envelope = open(token.as_bytes(), Some(expected), &mut buffer, &mut Faults::first())?;
        let payload = envelope.unwrap().signed.verify(key)?;
        Ok(payload.into_inner().bytes.to_vec())
    }

    fn decoded(encoded: &[u8]) -> Vec<u8> {
        let mut decoded = Vec::new();
        assert!(base64::decode_url(encoded, &mut decoded));
        decoded
    }

    fn key_of_jwk(key: &Json) -> Key {
        Key::from_secret(&decoded(text(key).as_bytes()))
    }

    #[test]
    fn the_constant_headers_are_their_json() {
        for header in [HS256, RS256] {
            assert_eq!(decoded(header.encoded), header.json);
        }
    }

    /// The first fault of a payload.
    fn fault(algorithm: Algorithm, payload: &str) -> Option<Error> {
        let payload = Payload {
            format: TokenFormat::Jwt,
            algorithm: Some(algorithm),
            api_key: None,
            bytes: payload.as_bytes(),
        };
        read_claims(payload, &mut Faults::first()).err()
    }

    #[test]
    fn claims_of_the_other_kind_are_checked_as_unknown_ones_are() {
        let project = r#"{"session_id":"1_","role":"publisher","iat":1,"exp":2,"scope":"session.connect","iss":"1","ist":"project""#;
        let application =
            r#"{"session_id":"1_","iat":1,"exp":2,"scope":"session.connect","application_id":"a""#;
        let deep = format!("{}{}", "[".repeat(100), "]".repeat(100));
        for (algorithm, claims, others) in [
            (Algorithm::Hs256, project, ["application_id", "sub", "jti", "unknown"]),
            (Algorithm::Rs256, application, ["iss", "ist", "nonce", "unknown"]),
        ] {
            for name in others {
                let fault =
                    |value: &str| fault(algorithm, &format!("{claims},\"{name}\":{value}}}"));
                for value in ["1e400", "null", "\"x\"", "{\"a\":[1,{}]}"] {
                    assert_eq!(fault(value), None, "{name}: {value}");
                }
                let twice = Some(TokenFault::DuplicateName.into());
                assert_eq!(fault("{\"a\":1,\"a\":2}"), twice, "{name}");
                let malformed = Some(TokenFault::PayloadJson.into());
                for value in ["\"\\ud800\"", "[\"\\ud800\"]", &deep] {
                    assert_eq!(fault(value), malformed, "{name}: {value}");
                }
            }
        }
    }

    #[test]
    fn rfc_7515_a_1_is_accepted_at_the_jws_layer() {
        let vector = vectors("rfc7515_a1_hs256.json");
        let key = key_of_jwk(&vector["jwk"]["k"]);
        let payload = verified_payload(text(&vector["jws"]), &key).unwrap();
        assert_eq!(payload, text(&vector["payload"]).as_bytes());
    }

    /// Wycheproof tests with the wrong label: 367 and 370 are byte for byte the valid 357, and 372
    /// and 373 hold a character outside of base64url, which RFC 7515 section 5.2 requires to
    /// refuse.
    const WRONG_LABELS: [u64; 4] = [367, 370, 372, 373];

    #[test]
    #[ignore = "needs ../shared/data/third_party beside the repository"]
    fn wycheproof_jws_is_decided_as_labelled() {
        let mut decided = 0;
        for file in ["json_web_signature_test.json", "json_web_crypto_test.json"] {
            let file = shared(&format!("wycheproof/{file}"));
            for group in file["testGroups"].as_array().unwrap() {
                let is_hs256 = group["private"]["alg"] == "HS256";
                // Keys of other kinds verify nothing here, so any key shows that their tokens are
                // refused.
                let key = match is_hs256 {
                    true => key_of_jwk(&group["private"]["k"]),
                    false => Key::from_secret(b"some other key"),
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
                    let is_accepted = verified_payload(&token, &key).is_ok();
                    assert_eq!(is_accepted, is_hs256 && test["result"] == "valid", "{test}");
                    decided += usize::from(is_hs256);
                }
            }
        }
        assert_eq!(decided, 17 + 1 + 1 + 21 - WRONG_LABELS.len() + 17);
    }
}
