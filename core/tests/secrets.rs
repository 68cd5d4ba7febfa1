//! No message, no debug form and no panic of tokmint holds a part of the secret.

#![allow(clippy::unwrap_used, reason = "a test that fails should fail loudly")]

mod support;

use serde_json::{Value as Json, json};
use support::{
    API_KEY, SESSION_ID, bytes, credentials, generate, generate_rest, text, vectors, verify,
};
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
    let none = Json::Null;
    for vector in vectors("errors.json")["vectors"].as_array().unwrap() {
        let options = &vector["options"];
        let key = || bytes(&json!({ "base64": vector["key_base64"] }), &none);
        let id = || text(&vector["application_id"]);
        let opentok = || credentials(vector).unwrap();
        let result = match vector["call"].as_str().unwrap() {
            "for_application" => OpenTok::for_application(&id(), key()).map(|_| ()),
            "verifier" => OpenTok::verifier(&id(), key()).map(|_| ()),
            "new" => opentok().map(|_| ()),
            "generate" => generate(&opentok().unwrap(), &vector["session_id"], options).map(|_| ()),
            "generate_rest_token" => generate_rest(&opentok().unwrap(), options).map(|_| ()),
            "verify" => {
                verify(&opentok().unwrap(), &bytes(&vector["token"], &none), options).map(|_| ())
            }
            call => panic!("the runner knows every call: {call}"),
        };
        let said = forms(result.unwrap_err());
        for input in ["api_secret", "application_id", "session_id", "token"] {
            if let Some(input) = vector.get(input) {
                assert_holds_no_part(&said, &text(input));
            }
        }
        if vector.get("key_base64").is_some() {
            // The armour is no part of the key, and errors may name it.
            let key =
                String::from_utf8_lossy(&key()).replace("-----BEGIN", "").replace("-----END", "");
            assert_holds_no_part(&said, &key);
        }
    }
}
