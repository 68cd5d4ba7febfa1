//! Changes a token's header and payload, or T1 data, signs it with the right secret and verifies
//! it: the code behind the signature check. Inspect must decide as verify does, and whatever verify
//! accepts, another reader must read alike: serde_json a JWT, form_urlencoded the data of a T1
//! token.

#![no_main]

use std::collections::HashMap;
use std::sync::LazyLock;

use arbitrary::Arbitrary;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use libfuzzer_sys::fuzz_target;
use serde_json::value::RawValue;
use tokmint::{Claims, Error, InspectOptions, OpenTok, Role, VerifyOptions};

const API_KEY: &str = "123456";
const API_SECRET: &str = "1234567890abcdef1234567890abcdef1234567890";

static OPENTOK: LazyLock<OpenTok> = LazyLock::new(|| OpenTok::new(API_KEY, API_SECRET).unwrap());

const HEADER: &str = r#"{"alg":"HS256","typ":"JWT"}"#;
const PAYLOAD: &str = r#"{"session_id":"1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4","role":"moderator","iat":1700000000,"exp":1700003600,"scope":"session.connect","initial_layout_class_list":"focus main","connection_data":"name=Johnny","iss":"123456","ist":"project","nonce":402117,"nbf":1700000000,"x":[{"y":null}]}"#;
const DATA: &str = "session_id=1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4&create_time=1700000000&expire_time=1700003600&role=moderator&nonce=402117&initial_layout_class_list=focus+main&connection_data=name%3DJohnny&scope=session.connect";

/// What random bytes would seldom spell.
const WORDS: [&str; 14] = [
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
];

#[derive(Arbitrary, Debug)]
enum Insert {
    Bytes(Vec<u8>),
    Word(u8),
}

#[derive(Arbitrary, Debug)]
struct Edit {
    at: u16,
    remove: u8,
    insert: Insert,
}

#[derive(Arbitrary, Debug)]
struct Input {
    is_t1: bool,
    header: Option<Edit>,
    content: Vec<Edit>,
    now: i8,
}

fn edited<'e>(text: &str, edits: impl IntoIterator<Item = &'e Edit>) -> Vec<u8> {
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

fuzz_target!(|input: Input| {
    let now = 1_700_000_000 + i64::from(input.now);
    if input.is_t1 {
        let data = edited(DATA, &input.content);
        let mac = Hmac::<sha1::Sha1>::new_from_slice(API_SECRET.as_bytes()).unwrap();
        let signature = mac.chain_update(&data).finalize().into_bytes();
        let hex: String = signature.iter().map(|byte| format!("{byte:02x}")).collect();
        let raw = [format!("partner_id={API_KEY}&sig={hex}:").as_bytes(), &data].concat();
        let token = format!("T1=={}", STANDARD.encode(raw));
        if let Ok(token) = verify_as_inspect_does(&token, now) {
            let fields: HashMap<_, _> = form_urlencoded::parse(&data).into_owned().collect();
            assert_eq!(
                fields.len(),
                data.split(|&byte| byte == b'&').count(),
                "a field appears twice"
            );
            let text = |name: &str| fields.get(name).cloned().unwrap_or_default();
            assert_reads_alike(&token, text);
            assert_eq!(token.create_time.to_string(), text("create_time"));
            assert_eq!(token.nonce, text("nonce"));
        }
    } else {
        let (header, payload) = (
            edited(HEADER, &input.header),
            edited(PAYLOAD, &input.content),
        );
        let signed = format!(
            "{}.{}",
            URL_SAFE_NO_PAD.encode(&header),
            URL_SAFE_NO_PAD.encode(&payload)
        );
        let mac = Hmac::<sha2::Sha256>::new_from_slice(API_SECRET.as_bytes()).unwrap();
        let signature = mac.chain_update(&signed).finalize().into_bytes();
        let token = format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature));
        if let Ok(token) = verify_as_inspect_does(&token, now) {
            // Raw values: numbers that nobody reads may exceed any type.
            let header: HashMap<String, Box<RawValue>> = serde_json::from_slice(&header).unwrap();
            let algorithm: String = serde_json::from_str(header["alg"].get()).unwrap();
            assert_eq!(algorithm, "HS256");
            let claims: HashMap<String, Box<RawValue>> = serde_json::from_slice(&payload).unwrap();
            assert_eq!(claims.len(), members(&payload), "a claim appears twice");
            let text = |name: &str| match claims.get(name) {
                Some(claim) => serde_json::from_str(claim.get()).unwrap_or_default(),
                None => String::new(),
            };
            let seconds = |name: &str| {
                serde_json::from_str::<f64>(claims[name].get())
                    .unwrap()
                    .floor()
            };
            assert_reads_alike(&token, text);
            assert_eq!(token.api_key, text("iss"));
            assert_eq!(token.create_time as f64, seconds("iat"));
            assert_eq!(token.expire_time as f64, seconds("exp"));
        }
    }
});

/// Verifies a token, after a check that inspect decides alike.
fn verify_as_inspect_does(token: &str, now: i64) -> Result<Claims, Error> {
    let verified = OPENTOK.verify_token(token, &VerifyOptions::new().now(now));
    let inspection = OPENTOK.inspect_token(token, &InspectOptions::new().now(now));
    assert_eq!(verified.is_err(), inspection.is_refused());
    let claims = verified?.into_claims();
    assert_eq!(inspection.token.as_ref(), Some(&claims));
    Ok(claims)
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

fn assert_reads_alike(token: &Claims, text: impl Fn(&str) -> String) {
    assert_eq!(token.session_id, text("session_id"));
    assert_eq!(token.role, text("role").parse::<Role>().unwrap());
    assert_eq!(token.data, text("connection_data"));
    let list = text("initial_layout_class_list");
    if !list.is_empty() {
        let classes: Vec<_> = list.split(' ').filter(|class| !class.is_empty()).collect();
        assert_eq!(token.initial_layout_class_list, classes);
    }
}
