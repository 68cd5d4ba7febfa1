//! What the targets share that sign a token again after changing it.

use std::collections::HashMap;

use arbitrary::Arbitrary;
use serde_json::value::RawValue;
use tokmint::{Claims, Error, InspectOptions, OpenTok, Role, Token, VerifyOptions};

/// What random bytes would seldom spell.
const WORDS: [&str; 18] = [
    "&role=publisher",
    "&r%6Fle=publisher",
    "&x=",
    "%00",
    "\"role\":\"publisher\",",
    "\"\\u0072ole\":\"publisher\",",
    "\"x\":",
    "null",
    "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
    "{\"y\":1,\"y\":2}",
    "1e400",
    "\\ud800",
    "\"crit\":[],",
    "\u{feff}",
    "\"sub\":\"video\",",
    "\"jti\":1,",
    "\"application_id\":\"A98E12CA-F3E5-4DF8-BC66-FD4B5F30B9E9\",",
    "\"alg\":\"HS256\",",
];

#[derive(Arbitrary, Debug)]
pub enum Insert {
    Bytes(Vec<u8>),
    Word(u8),
}

#[derive(Arbitrary, Debug)]
pub struct Edit {
    at: u16,
    remove: u8,
    insert: Insert,
}

pub fn edited<'e>(text: &str, edits: impl IntoIterator<Item = &'e Edit>) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    for edit in edits {
        let at = usize::from(edit.at) % (bytes.len() + 1);
        let end = bytes.len().min(at + usize::from(edit.remove));
        let insert = match &edit.insert {
            Insert::Bytes(bytes) => bytes.as_slice(),
            Insert::Word(word) => WORDS[usize::from(*word) % WORDS.len()].as_bytes(),
        };
        bytes.splice(at..end, insert.iter().copied());
    }
    bytes
}

/// Compares the claims of a verified JWT with another reader's. `issuer` is the claim that names
/// the issuer.
pub fn assert_jwt_reads_alike(
    token: &Claims,
    header: &[u8],
    payload: &[u8],
    expected: &str,
    issuer: &str,
) {
    // Raw values: numbers that nobody reads may exceed any type.
    let header: HashMap<String, Box<RawValue>> = serde_json::from_slice(header).unwrap();
    let algorithm: String = serde_json::from_str(header["alg"].get()).unwrap();
    assert_eq!(algorithm, expected);
    let claims: HashMap<String, Box<RawValue>> = serde_json::from_slice(payload).unwrap();
    assert_eq!(claims.len(), members(payload), "a claim appears twice");
    let text = |name: &str| match claims.get(name) {
        Some(claim) => serde_json::from_str(claim.get()).unwrap_or_default(),
        None => String::new(),
    };
    let seconds = |name: &str| serde_json::from_str::<f64>(claims[name].get()).unwrap().floor();
    assert_reads_alike(token, text);
    let said = token.api_key().or(token.application_id());
    assert!(said.unwrap().eq_ignore_ascii_case(&text(issuer)));
    assert_eq!(token.create_time() as f64, seconds("iat"));
    assert_eq!(token.expire_time() as f64, seconds("exp"));
}

/// Verifies a token, after a check that inspect decides alike.
pub fn verify_as_inspect_does(
    opentok: &OpenTok,
    token: &str,
    now: i64,
) -> Result<Token, Error> {
    let verified = opentok.verify_token(token, &VerifyOptions::new().now(now));
    let inspection = opentok.inspect_token(token, &InspectOptions::new().now(now));
    assert_eq!(verified.is_err(), inspection.is_refused());
    let token = verified?;
    assert_eq!(inspection.token.as_ref(), Some(&*token));
    Ok(token)
}

/// How many members an object has, those of the same name counted apart.
fn members(json: &[u8]) -> usize {
    struct Count;
    impl<'de> serde::de::Visitor<'de> for Count {
        type Value = usize;
        fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            formatter.write_str("an object")
        }
        fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<usize, A::Error> {
            let mut count = 0;
            while map
                .next_entry::<serde::de::IgnoredAny, serde::de::IgnoredAny>()?
                .is_some()
            {
                count += 1;
            }
            Ok(count)
        }
    }
    let mut json = serde_json::Deserializer::from_slice(json);
    serde::Deserializer::deserialize_map(&mut json, Count).unwrap()
}

pub fn assert_reads_alike(token: &Claims, text: impl Fn(&str) -> String) {
    assert_eq!(token.session_id(), text("session_id"));
    // An application's token without a role is a publisher's.
    let role = text("role");
    assert!(token.role() == role.parse().unwrap_or_default());
    assert!(role.parse::<Role>().is_ok() || role.is_empty() && token.application_id().is_some());
    assert_eq!(token.data(), text("connection_data"));
    let list = text("initial_layout_class_list");
    if !list.is_empty() {
        let classes = list.split(' ').filter(|class| !class.is_empty());
        assert!(token.initial_layout_class_list().eq(classes));
    }
}
