//! Any bytes as a token: they are answered, and never accepted, since the fuzzer does not know the
//! secret.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use tokmint::{OpenTok, VerifyOptions};

static OPENTOK: LazyLock<OpenTok> =
    LazyLock::new(|| OpenTok::new("123456", "1234567890abcdef1234567890abcdef1234567890").unwrap());

fuzz_target!(|input: (i64, &[u8])| {
    let (now, token) = input;
    let options = VerifyOptions::new().now(now);
    assert!(OPENTOK.verify_token(token, &options).is_err());
    for prefix in [&b"T1=="[..], b"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."] {
        let token = [prefix, token].concat();
        assert!(OPENTOK.verify_token(token, &options).is_err());
    }
});
