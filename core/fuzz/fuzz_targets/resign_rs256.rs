//! What `resign` does, for the tokens of applications: changes header and payload, signs them with
//! the application's key, and compares verify with inspect and with another reader.

#![no_main]

#[path = "shared/mod.rs"]
mod shared;

use std::sync::LazyLock;

use arbitrary::Arbitrary;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeyPair;
use aws_lc_rs::signature::RSA_PKCS1_SHA256;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use libfuzzer_sys::fuzz_target;
use shared::{Edit, assert_jwt_reads_alike, edited, verify_as_inspect_does};
use tokmint::OpenTok;

const APPLICATION_ID: &str = "a98e12ca-f3e5-4df8-bc66-fd4b5f30b9e9";
const PRIVATE_KEY: &str = include_str!("../../../tests/vectors/private_key.pem");

static OPENTOK: LazyLock<OpenTok> =
    LazyLock::new(|| OpenTok::for_application(APPLICATION_ID, PRIVATE_KEY).unwrap());

static SIGNER: LazyLock<KeyPair> = LazyLock::new(|| {
    let body: String = PRIVATE_KEY.lines().filter(|line| !line.starts_with('-')).collect();
    KeyPair::from_pkcs8(&STANDARD.decode(body).unwrap()).unwrap()
});

const HEADER: &str = r#"{"alg":"RS256","typ":"JWT"}"#;
const PAYLOAD: &str = r#"{"scope":"session.connect","session_id":"2_MX5hOThlMTJjYS1mM2U1LTRkZjgtYmM2Ni1mZDRiNWYzMGI5ZTl-fjE2NzI3MzY4NzgxNjJ-bi9OeFVLbkNaVjBUUnpVSmxjbURqQ3J4flB-fg","role":"moderator","initial_layout_class_list":"focus main","exp":1700003600,"sub":"video","acl":{"paths":{"/session/**":{}}},"connection_data":"name=Johnny","jti":"5d026ed1-e11b-4aeb-be9e-0191e8c93654","iat":1700000000,"application_id":"a98e12ca-f3e5-4df8-bc66-fd4b5f30b9e9","nbf":1700000000,"x":[{"y":null}]}"#;

#[derive(Arbitrary, Debug)]
struct Input {
    header: Option<Edit>,
    content: Vec<Edit>,
    now: i8,
}

fuzz_target!(|input: Input| {
    let now = 1_700_000_000 + i64::from(input.now);
    let header = edited(HEADER, &input.header);
    let payload = edited(PAYLOAD, &input.content);
    let signed =
        format!("{}.{}", URL_SAFE_NO_PAD.encode(&header), URL_SAFE_NO_PAD.encode(&payload));
    let mut signature = vec![0; SIGNER.public_modulus_len()];
    let rng = SystemRandom::new();
    SIGNER.sign(&RSA_PKCS1_SHA256, &rng, signed.as_bytes(), &mut signature).unwrap();
    let token = format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature));
    if let Ok(token) = verify_as_inspect_does(&OPENTOK, &token, now) {
        assert_jwt_reads_alike(&token, &header, &payload, "RS256", "application_id");
        assert_eq!(token.api_key(), None);
    }
});
