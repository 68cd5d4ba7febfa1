//! Any bytes as a token to inspect, as they are and wrapped in what inspect takes off: they are
//! answered, and inspect agrees with verify.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use tokmint::{InspectOptions, OpenTok, VerifyOptions, inspect_token};

static OPENTOK: LazyLock<OpenTok> =
    LazyLock::new(|| OpenTok::new("123456", "1234567890abcdef1234567890abcdef1234567890").unwrap());

/// A token of that project, of which the fuzzer takes the start.
const TOKEN: &[u8] = b"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiIxMjM0NTYiLCJpc3QiOiJwcm9qZWN0IiwiaWF0IjoxODAwMDAwMDAwLCJleHAiOjE4MDAwMDM2MDAsIm5vbmNlIjo0MDIxMTcsInJvbGUiOiJwdWJsaXNoZXIiLCJzY29wZSI6InNlc3Npb24uY29ubmVjdCIsInNlc3Npb25faWQiOiIxX01YNHhNak0wTlRaLWZsTmhkQ0JOWVhJZ01UVWdNVFE2TkRJNk1qTWdVRVJVSURJd01UUi1NQzQwT1RBeE16QXlOWDQifQ.";

fuzz_target!(|input: (i64, u16, &[u8])| {
    let (now, length, bytes) = input;
    let start = &TOKEN[..usize::from(length) % (TOKEN.len() + 1)];
    for prefix in [b"", b"T1==".as_slice(), b"'%", start] {
        let token = [prefix, bytes].concat();
        let options = InspectOptions::new().now(now);
        let inspection = OPENTOK.inspect_token(&token, &options);
        let options_of_verify = VerifyOptions::new().now(now);
        let verified = OPENTOK.verify_token(&token, &options_of_verify);
        assert_eq!(verified.is_err(), inspection.is_refused());
        let said = inspection.to_string();
        assert!(said.chars().all(|c| c == '\n' || !c.is_control()));
        let _ = inspection.to_json();
        let _ = inspect_token(&token, &options);
    }
});
