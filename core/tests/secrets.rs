//! No message, no debug form and no panic of tokmint holds a part of the secret.

#![allow(clippy::unwrap_used, reason = "a test that fails should fail loudly")]

mod support;

use support::{API_KEY, SESSION_ID, generate, text, vectors, verify};
use tokmint::{Error, OpenTok, TokenOptions, VerifyOptions};

/// Long enough that a part cannot turn up by chance.
const WINDOW: usize = 8;

fn assert_holds_no_part(said: &str, secret: &str) {
    for part in secret.as_bytes().windows(WINDOW) {
        let found = said.as_bytes().windows(WINDOW).any(|window| window == part);
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
        let (api_key, secret) = (text(&vector["api_key"]), text(&vector["api_secret"]));
        let options = &vector["options"];
        let call = || {
            let opentok = OpenTok::new(&api_key, &secret)?;
            match vector["call"].as_str() {
                Some("generate") => generate(&opentok, &vector["session_id"], options).map(|_| ()),
                _ => verify(&opentok, text(&vector["token"]).as_bytes(), options).map(|_| ()),
            }
        };
        let said = forms(call().unwrap_err());
        assert_holds_no_part(&said, &secret);
        for input in [&vector["session_id"], &vector["token"]] {
            if !input.is_null() {
                assert_holds_no_part(&said, &text(input));
            }
        }
    }
}
