//! Changes a token's header and payload, or T1 data, signs it with the right secret and verifies
//! it: the code behind the signature check. Inspect must decide as verify does, and whatever verify
//! accepts, another reader must read alike: serde_json a JWT, form_urlencoded the data of a T1
//! token.

#![no_main]

#[path = "shared/mod.rs"]
mod shared;

use std::collections::HashMap;
use std::sync::LazyLock;

use arbitrary::Arbitrary;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use libfuzzer_sys::fuzz_target;
use shared::{Edit, assert_jwt_reads_alike, assert_reads_alike, edited, verify_as_inspect_does};
use tokmint::OpenTok;

const API_KEY: &str = "123456";
const API_SECRET: &str = "1234567890abcdef1234567890abcdef1234567890";

static OPENTOK: LazyLock<OpenTok> = LazyLock::new(|| OpenTok::new(API_KEY, API_SECRET).unwrap());

const HEADER: &str = r#"{"alg":"HS256","typ":"JWT"}"#;
const PAYLOAD: &str = r#"{"session_id":"1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4","role":"moderator","iat":1700000000,"exp":1700003600,"scope":"session.connect","initial_layout_class_list":"focus main","connection_data":"name=Johnny","iss":"123456","ist":"project","nonce":402117,"nbf":1700000000,"x":[{"y":null}]}"#;
const DATA: &str = "session_id=1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4&create_time=1700000000&expire_time=1700003600&role=moderator&nonce=402117&initial_layout_class_list=focus+main&connection_data=name%3DJohnny&scope=session.connect";

#[derive(Arbitrary, Debug)]
struct Input {
    is_t1: bool,
    header: Option<Edit>,
    content: Vec<Edit>,
    now: i8,
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
        if let Ok(token) = verify_as_inspect_does(&OPENTOK, &token, now) {
            let fields: HashMap<_, _> = form_urlencoded::parse(&data).into_owned().collect();
            assert_eq!(
                fields.len(),
                data.split(|&byte| byte == b'&').count(),
                "a field appears twice"
            );
            let text = |name: &str| fields.get(name).cloned().unwrap_or_default();
            assert_reads_alike(&token, text);
            assert_eq!(token.create_time().to_string(), text("create_time"));
            assert_eq!(token.nonce(), text("nonce"));
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
        if let Ok(token) = verify_as_inspect_does(&OPENTOK, &token, now) {
            assert_jwt_reads_alike(&token, &header, &payload, "HS256", "iss");
        }
    }
});

