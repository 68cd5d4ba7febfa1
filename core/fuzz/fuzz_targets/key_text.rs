//! Texts of keys: real ones after changes, and any bytes. Whatever is read as a private key signs
//! tokens that it verifies, and whatever is read as a public key signs none.

#![no_main]

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use tokmint::{ErrorCode, OpenTok, RestTokenOptions, TokenOptions, VerifyOptions};

const APPLICATION_ID: &str = "a98e12ca-f3e5-4df8-bc66-fd4b5f30b9e9";
const SESSION_ID: &str = "2_MX5hOThlMTJjYS1mM2U1LTRkZjgtYmM2Ni1mZDRiNWYzMGI5ZTl-fjE2NzI3MzY4NzgxNjJ-bi9OeFVLbkNaVjBUUnpVSmxjbURqQ3J4flB-fg";
const PRIVATE_KEY: &str = include_str!("../../../tests/vectors/private_key.pem");

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
enum Input {
    Edits(Vec<(u16, u16, Insert)>),
    /// The DER of the key with some bytes replaced.
    Der(Vec<(u16, u8)>),
    Bytes(Vec<u8>),
}

fn key_of(input: Input) -> Vec<u8> {
    use base64::Engine as _;
    match input {
        Input::Bytes(bytes) => bytes,
        Input::Der(changes) => {
            let body: String = PRIVATE_KEY.lines().filter(|line| !line.starts_with('-')).collect();
            let mut der = base64::engine::general_purpose::STANDARD.decode(body).unwrap();
            for (at, byte) in changes {
                let at = usize::from(at) % der.len();
                der[at] = byte;
            }
            der
        }
        Input::Edits(edits) => {
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

fuzz_target!(|input: Input| {
    let key = key_of(input);
    let opentok = OpenTok::for_application(APPLICATION_ID, &key);
    let verifier = OpenTok::verifier(APPLICATION_ID, &key);
    assert!(opentok.is_err() || verifier.is_err(), "no text is both");
    if let Ok(opentok) = opentok {
        let token = opentok.generate_token(SESSION_ID, &TokenOptions::new()).unwrap();
        opentok.verify_token(&token, &VerifyOptions::new()).unwrap();
    }
    if let Ok(verifier) = verifier {
        let error = verifier.generate_rest_token(&RestTokenOptions::new()).unwrap_err();
        assert_eq!(error.code(), ErrorCode::NoPrivateKey);
    }
});
