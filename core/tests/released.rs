//! Every version verifies the tokens of all released ones: those in `tests/released`.
//!
//! `make released-tokens` writes the tokens of the present version, and never over others.

#![allow(clippy::unwrap_used, reason = "a test that fails should fail loudly")]

mod support;

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value as Json, json};
use support::{
    API_KEY, API_SECRET, SESSION_ID, credentials, generate, generate_rest, text, verify,
};
use tokmint::{Error, InspectOptions, Role, SignatureState};

const APPLICATION_ID: &str = "a98e12ca-f3e5-4df8-bc66-fd4b5f30b9e9";
const SESSION_OF_APPLICATION: &str = "2_MX5hOThlMTJjYS1mM2U1LTRkZjgtYmM2Ni1mZDRiNWYzMGI5ZTl-fjE2NzI3MzY4NzgxNjJ-bi9OeFVLbkNaVjBU\
     UnpVSmxjbURqQ3J4flB-fg";
const CREATE_TIME: i64 = 1_800_000_000;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/released")
}

#[test]
fn the_tokens_of_every_released_version_are_verified() {
    if std::env::var_os("TOKMINT_RELEASE").is_some() {
        write();
    }
    let mut versions = 0;
    for version in fs::read_dir(folder()).unwrap() {
        let file = version.unwrap().path().join("tokens.json");
        let released: Json = serde_json::from_slice(&fs::read(file).unwrap()).unwrap();
        let tokens = released["tokens"].as_array().unwrap();
        assert!(tokens.len() >= 40, "a version has tokens of every kind");
        tokens.iter().for_each(check);
        versions += 1;
    }
    assert!(versions > 0);
}

#[test]
fn every_version_that_the_changelog_calls_released_has_tokens() {
    let changelog = Path::new(env!("CARGO_MANIFEST_DIR")).join("../CHANGELOG.md");
    for line in fs::read_to_string(changelog).unwrap().lines() {
        let Some((version, date)) =
            line.strip_prefix("## ").and_then(|line| line.split_once(" - "))
        else {
            continue;
        };
        let is_there = folder().join(version).join("tokens.json").exists();
        assert!(is_there || date == "unreleased", "make released-tokens was not run for {version}");
    }
}

fn check(token: &Json) {
    let name = &token["name"];
    let opentok = credentials(token).expect("each has credentials").unwrap();
    let string = token["token"].as_str().unwrap();
    let at = |now: i64| verify(&opentok, string.as_bytes(), &json!({ "now": now }));
    let inspected = opentok.inspect_token(string, &InspectOptions::new().now(CREATE_TIME));
    assert_eq!(inspected.signature, SignatureState::Valid, "{name}");
    let Some(claims) = token.get("claims") else {
        // It is for REST calls.
        assert_eq!(at(CREATE_TIME).unwrap_err().code().name(), "malformed_token", "{name}");
        return;
    };
    let expire_time = claims["expire_time"].as_i64().unwrap();
    let verified = at(CREATE_TIME).unwrap();
    let classes: Vec<_> = verified.initial_layout_class_list().collect();
    let said = json!({
        "format": verified.format().name(),
        "session_id": verified.session_id(),
        "role": verified.role().name(),
        "create_time": verified.create_time(),
        "expire_time": verified.expire_time(),
        "data": verified.data(),
        "initial_layout_class_list": classes,
        "nonce": verified.nonce(),
    });
    assert_eq!(&said, claims, "{name}");
    assert!(at(expire_time - 1).is_ok(), "{name}");
    assert!(matches!(at(expire_time), Err(Error::TokenExpired { .. })), "{name}");
    assert!(!inspected.is_refused(), "{name}");
}

/// The tokens of this version.
fn write() {
    let folder = folder().join(env!("CARGO_PKG_VERSION"));
    assert!(!folder.exists(), "{} is there, and stays as it is", folder.display());
    let project = json!({ "api_key": API_KEY, "api_secret": API_SECRET });
    let application = json!({ "application_id": APPLICATION_ID, "private_key": "main" });
    let (first, last) =
        ("00000000-0000-4000-8000-000000000000", "f81d4fae-7dec-41d0-a765-00a0c91e6bf6");
    let mut tokens = vec![];
    for (owner, session_id, formats, nonces) in [
        (&project, SESSION_ID, &["jwt", "t1"][..], [json!(0), json!((1_i64 << 53) - 1)]),
        (&application, SESSION_OF_APPLICATION, &["jwt"][..], [json!(first), json!(last)]),
    ] {
        let nonce_name = if owner == &project { "nonce" } else { "jti" };
        for (format, (case, options)) in
            formats.iter().flat_map(|format| cases().into_iter().map(move |case| (format, case)))
        {
            let mut options = options.clone();
            let nonce = &nonces[tokens.len() % 2];
            options["create_time"] = json!(CREATE_TIME);
            options["token_format"] = json!(format);
            options[nonce_name] = nonce.clone();
            let token =
                generate(&credentials(owner).unwrap().unwrap(), &json!(session_id), &options);
            let lifetime =
                options.get("expires_in").map_or(86_400, |value| value.as_i64().unwrap());
            let mut row = owner.clone();
            row["name"] = json!(format!("{format} of {nonce_name}: {case}"));
            row["token"] = json!(token.unwrap());
            row["claims"] = json!({
                "format": format,
                "session_id": session_id,
                "role": options.get("role").unwrap_or(&json!("publisher")),
                "create_time": CREATE_TIME,
                "expire_time": CREATE_TIME + lifetime,
                "data": options.get("data").map(text).unwrap_or_default(),
                "initial_layout_class_list":
                    options.get("initial_layout_class_list").cloned().unwrap_or(json!([])),
                "nonce": nonce.as_str().map_or_else(|| nonce.to_string(), str::to_owned),
            });
            tokens.push(row);
        }
        let rest = json!({ "create_time": CREATE_TIME, "jti": first });
        let token = generate_rest(&credentials(owner).unwrap().unwrap(), &rest).unwrap();
        let mut row = owner.clone();
        row["name"] = json!(format!("for REST calls, with {nonce_name}"));
        row["token"] = json!(token);
        tokens.push(row);
    }
    let released = json!({
        "note": "Tokens that this version minted. They are never written again: later versions verify them.",
        "version": env!("CARGO_PKG_VERSION"),
        "tokens": tokens,
    });
    fs::create_dir_all(&folder).unwrap();
    let text = serde_json::to_string_pretty(&released).unwrap();
    fs::write(folder.join("tokens.json"), text + "\n").unwrap();
}

/// The options of one token of each kind.
fn cases() -> Vec<(String, Json)> {
    let mut cases = vec![("no options".to_owned(), json!({}))];
    for role in Role::ALL {
        cases.push((role.name().to_owned(), json!({ "role": role.name() })));
    }
    let strings = [
        ("data of forms", "name=Johnny&level=4 +%20=&".to_owned()),
        ("data that is escaped", "\"\\/\u{0}\u{1}\t\r\n\u{7f}\u{2028}<>&'".to_owned()),
        ("data of other scripts", "Zoë 東京 \u{1f600} e\u{301}".to_owned()),
        ("the longest data", "x".repeat(1000)),
        ("the longest data beyond the BMP", "\u{1f600}".repeat(500)),
    ];
    for (name, data) in strings {
        cases.push((name.to_owned(), json!({ "data": data })));
    }
    cases.push(("a second".to_owned(), json!({ "expires_in": 1 })));
    cases.push(("30 days".to_owned(), json!({ "expires_in": 2_592_000 })));
    cases.push(("a class".to_owned(), json!({ "initial_layout_class_list": ["focus"] })));
    let all = json!({
        "role": "moderator",
        "data": "name=Johnny",
        "initial_layout_class_list": ["focus", "é", "a\"b"],
        "expires_in": 3600,
    });
    cases.push(("all options".to_owned(), all));
    cases
}
