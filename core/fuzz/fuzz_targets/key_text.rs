//! Texts of keys: real ones after changes, and any bytes. Whatever is read as a private key signs
//! tokens that it verifies, and whatever is read as a public key signs none.

#![no_main]

#[path = "shared/mod.rs"]
mod shared;

use arbitrary::{Arbitrary, Unstructured};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use libfuzzer_sys::fuzz_target;
use shared::{APPLICATION_ID, APPLICATION_SESSION_ID, PRIVATE_KEY};
use tokmint::{ErrorCode, OpenTok, RestTokenOptions, TokenOptions, VerifyOptions};

/// What random bytes would seldom spell.
const WORDS: [&str; 12] = [
    "-----BEGIN PRIVATE KEY-----",
    "-----BEGIN RSA PRIVATE KEY-----",
    "-----BEGIN PUBLIC KEY-----",
    "-----BEGIN CERTIFICATE-----",
    "-----END PRIVATE KEY-----",
    "-----BEGIN ENCRYPTED PRIVATE KEY-----",
    "Proc-Type: 4,ENCRYPTED\n",
    "\\n",
    "\"",
    "\u{feff}",
    "{\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":\"",
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A",
];

#[derive(Arbitrary, Debug)]
enum Insert {
    Bytes(Vec<u8>),
    Word(u8),
}

#[derive(Arbitrary, Debug)]
enum Changes {
    Text(Vec<(u16, u16, Insert)>),
    /// Bytes of the DER are replaced.
    Der(Vec<(u16, u8)>),
}

fn changed(changes: Changes) -> Vec<u8> {
    match changes {
        Changes::Der(changes) => {
            let body: String = PRIVATE_KEY.lines().filter(|line| !line.starts_with('-')).collect();
            let mut der = STANDARD.decode(body).unwrap();
            for (at, byte) in changes {
                let at = usize::from(at) % der.len();
                der[at] = byte;
            }
            der
        }
        Changes::Text(edits) => {
            let mut text = PRIVATE_KEY.as_bytes().to_vec();
            for (at, remove, insert) in edits {
                let at = usize::from(at) % (text.len() + 1);
                let end = text.len().min(at + usize::from(remove));
                let insert = match &insert {
                    Insert::Bytes(bytes) => bytes.as_slice(),
                    Insert::Word(word) => WORDS[usize::from(*word) % WORDS.len()].as_bytes(),
                };
                text.splice(at..end, insert.iter().copied());
            }
            text
        }
    }
}

fuzz_target!(|input: &[u8]| {
    let Some((form, rest)) = input.split_first() else {
        return;
    };
    let key = match (form % 2, Changes::arbitrary_take_rest(Unstructured::new(rest))) {
        (1, Ok(changes)) => changed(changes),
        _ => rest.to_vec(),
    };
    let opentok = OpenTok::for_application(APPLICATION_ID, &key);
    let verifier = OpenTok::verifier(APPLICATION_ID, &key);
    assert!(opentok.is_err() || verifier.is_err(), "no text is both");
    if let Ok(opentok) = opentok {
        let token = opentok.generate_token(APPLICATION_SESSION_ID, &TokenOptions::new()).unwrap();
        opentok.verify_token(&token, &VerifyOptions::new()).unwrap();
    }
    if let Ok(verifier) = verifier {
        let error = verifier.generate_rest_token(&RestTokenOptions::new()).unwrap_err();
        assert_eq!(error.code(), ErrorCode::NoPrivateKey);
    }
});
