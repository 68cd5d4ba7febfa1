//! No message, no debug form and no panic of tokmint holds a part of the secret.

#![allow(clippy::unwrap_used, reason = "a test that fails should fail loudly")]

mod support;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use support::{API_KEY, SESSION_ID, error_of, text, vectors};
use tokmint::{Error, OpenTok, TokenOptions, VerifyOptions};

/// Long enough that a part cannot turn up by chance.
const WINDOW: usize = 8;

/// Longer, because messages name the line that begins a key.
const KEY_WINDOW: usize = 16;

fn assert_holds_no_part(said: &str, secret: &str) {
    assert_holds_no_window(said, secret.as_bytes(), WINDOW);
}

fn assert_holds_no_window(said: &str, secret: &[u8], length: usize) {
    for part in secret.windows(length) {
        let found = said.as_bytes().windows(length).any(|window| window == part);
        assert!(!found, "a part of the secret is in: {said}");
    }
}

fn forms(error: Error) -> String {
    format!(
        "{error} {error:?} {error:#?} {:?} {:?}",
        error.code(),
        std::error::Error::source(&error).map(ToString::to_string)
    )
}

#[test]
fn no_error_and_no_debug_form_holds_a_part_of_the_secret() {
    let secrets = [
        "1234567890abcdef1234567890abcdef1234567890",
        "пароль-секрет-ключ-не-для-печати",
        "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7",
        " 4f1c9b7e2a-outer-8d6035",
        "4f1c9b7e2a\08d6035af91",
        "{\"kty\":\"oct\",\"k\":\"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ\"}",
    ];
    for secret in secrets {
        match OpenTok::new(API_KEY, secret) {
            Err(error) => assert_holds_no_part(&forms(error), secret),
            Ok(opentok) => {
                assert_holds_no_part(&format!("{opentok:?} {opentok:#?}"), secret);
                // A careless caller passes the secret in the wrong place.
                let classes = ["a b", secret];
                let options = TokenOptions::new().data(secret).initial_layout_class_list(&classes);
                let error = opentok.generate_token(SESSION_ID, &options).unwrap_err();
                assert_holds_no_part(&forms(error), secret);
                let error = opentok.generate_token(secret, &options).unwrap_err();
                assert_holds_no_part(&forms(error), secret);
                let error = opentok.verify_token(secret, &VerifyOptions::new()).unwrap_err();
                assert_holds_no_part(&forms(error), secret);
                assert_holds_no_part(&forms(secret.parse::<tokmint::Role>().unwrap_err()), secret);
                assert_holds_no_part(
                    &forms(secret.parse::<tokmint::TokenFormat>().unwrap_err()),
                    secret,
                );
            }
        }
        assert_holds_no_part(&forms(OpenTok::new(secret, secret).unwrap_err()), secret);
    }
}

#[test]
fn no_error_of_the_vectors_holds_a_part_of_the_secret_or_of_the_input() {
    for vector in vectors("errors.json")["vectors"].as_array().unwrap() {
        let said = forms(error_of(vector));
        for input in ["api_secret", "application_id", "session_id", "token"] {
            if let Some(input) = vector.get(input) {
                assert_holds_no_part(&said, &text(input));
            }
        }
        // A text that is no key may be a secret of another kind.
        if let Some(key) = vector.get("key_base64") {
            let key = STANDARD.decode(key.as_str().unwrap()).unwrap();
            assert_holds_no_window(&said, &key, KEY_WINDOW);
        }
    }
}
