//! Any bytes as a token, alone and behind the start of a token of each format: they are answered,
//! and never accepted, since nobody knows the secret and the private key, which each run draws.

#![no_main]

#[path = "shared/mod.rs"]
mod shared;

use std::sync::LazyLock;

use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::KeyPair as _;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use libfuzzer_sys::fuzz_target;
use shared::{API_KEY, APPLICATION_ID, NOW};
use tokmint::{OpenTok, VerifyOptions};

static PROJECT: LazyLock<OpenTok> = LazyLock::new(|| {
    let mut secret = [0; 32];
    aws_lc_rs::rand::fill(&mut secret).unwrap();
    OpenTok::new(API_KEY, &URL_SAFE_NO_PAD.encode(secret)).unwrap()
});

static APPLICATION: LazyLock<OpenTok> = LazyLock::new(|| {
    let key = KeyPair::generate(KeySize::Rsa2048).unwrap();
    OpenTok::verifier(APPLICATION_ID, key.public_key()).unwrap()
});

const STARTS: [&[u8]; 4] = [
    b"", b"T1==", b"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.",
    b"eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.",
];

fuzz_target!(|input: &[u8]| {
    let Some((&start, token)) = input.split_first() else {
        return;
    };
    let token = [STARTS[usize::from(start) % STARTS.len()], token].concat();
    let options = VerifyOptions::new().now(NOW);
    assert!(PROJECT.verify_token(&token, &options).is_err());
    assert!(APPLICATION.verify_token(&token, &options).is_err());
});
