//! Every file of `tests/vectors` through core's public API.

#![allow(clippy::unwrap_used, reason = "a test that fails should fail loudly")]

mod support;

use serde_json::{Value as Json, json};
use support::{
    API_KEY, API_SECRET, SESSION_ID, bytes, credentials, error_of, generate, generate_rest,
    inspect, project, text, vectors, verify,
};
use tokmint::{ErrorCode, FindingCode, OpenTok, SignatureState, Token};

fn opentok_of(vector: &Json) -> OpenTok {
    credentials(vector).expect("a vector with credentials").unwrap()
}

fn each(file: &str, mut run: impl FnMut(&Json)) -> usize {
    let file = vectors(file);
    let cases = file["vectors"].as_array().unwrap();
    cases.iter().for_each(&mut run);
    cases.len()
}

fn fields(token: &Token) -> Json {
    let (kind, issuer) = match (token.api_key(), token.application_id()) {
        (Some(api_key), None) => ("api_key", api_key),
        (None, Some(application_id)) => ("application_id", application_id),
        _ => panic!("a token has one issuer"),
    };
    json!({
        "format": token.format().name(),
        kind: issuer,
        "session_id": token.session_id(),
        "role": token.role().name(),
        "create_time": token.create_time(),
        "expire_time": token.expire_time(),
        "data": token.data(),
        "initial_layout_class_list": token.initial_layout_class_list().collect::<Vec<_>>(),
        "nonce": token.nonce(),
    })
}

#[test]
fn generate_gives_the_exact_token_and_verify_gives_the_options_back() {
    let count = each("generate.json", |vector| {
        let (opentok, options) = (opentok_of(vector), &vector["options"]);
        let token = generate(&opentok, &vector["session_id"], options).unwrap();
        assert_eq!(token, text(&vector["token"]), "{}", vector["name"]);

        let now = json!({ "now": options["create_time"] });
        let verified = verify(&opentok, token.as_bytes(), &now).unwrap();
        let classes = options.get("initial_layout_class_list");
        let classes = classes.map(|list| list.as_array().unwrap().iter().map(text).collect());
        assert_eq!(verified.session_id(), text(&vector["session_id"]));
        assert_eq!(verified.data(), options.get("data").map(text).unwrap_or_default());
        assert!(verified.initial_layout_class_list().eq(classes.unwrap_or(vec![])));
        assert_eq!(verified.role().name(), options.get("role").map_or("publisher".into(), text));
        let nonce = options.get("jti").map_or_else(|| options["nonce"].to_string(), text);
        assert_eq!(verified.nonce(), nonce);
    });
    assert!(count >= 230);
}

#[test]
fn tokens_for_rest_calls_are_exact_and_admit_nobody() {
    let count = each("rest.json", |vector| {
        let (opentok, options) = (opentok_of(vector), &vector["options"]);
        let token = generate_rest(&opentok, options).unwrap();
        assert_eq!(token, text(&vector["token"]), "{}", vector["name"]);

        let now = json!({ "now": options["create_time"] });
        let error = verify(&opentok, token.as_bytes(), &now).unwrap_err();
        assert_eq!(error.code(), ErrorCode::MalformedToken, "{}", vector["name"]);
        let inspection = inspect(Some(&opentok), token.as_bytes(), &now);
        assert_eq!(inspection.signature, SignatureState::Valid);
        assert!(inspection.findings.iter().any(|found| found.code == FindingCode::RestToken));
    });
    assert!(count >= 15);
}

#[test]
fn verify_gives_the_exact_fields() {
    let count = each("verify.json", |vector| {
        let token = bytes(&vector["token"], &Json::Null);
        let verified = verify(&opentok_of(vector), &token, &vector["options"]);
        let mut expected = vector["expected"].clone();
        expected["data"] = text(&expected["data"]).into();
        assert_eq!(verified.map(|token| fields(&token)), Ok(expected), "{}", vector["name"]);
    });
    assert!(count >= 220);
}

#[test]
fn errors_have_the_exact_code_and_every_code_has_a_vector() {
    let mut seen = std::collections::BTreeSet::new();
    let count = each("errors.json", |vector| {
        let error = error_of(vector);
        assert_eq!(error.code().name(), vector["code"], "{}: {error}", vector["name"]);
        assert_eq!(error.code().number(), vector["number"], "{}", vector["name"]);
        seen.insert(error.code());
    });
    assert!(count >= 800);
    // What no input can provoke: the errors of the system and of bindings.
    let others = ErrorCode::ALL.iter().filter(|code| code.number() >= 500).copied();
    seen.extend(others);
    assert_eq!(seen, ErrorCode::ALL.iter().copied().collect());
}

/// Cases that tokmint decides otherwise than the file, each explained in the README of the vectors.
fn expected_verdict(case: &Json) -> &str {
    match case["id"].as_str().unwrap() {
        "gen-data-1000-emoji" | "ok-rs256" => "reject",
        _ => case["expected"].as_str().unwrap(),
    }
}

#[test]
fn hostile_inputs_are_answered_as_declared() {
    let file = vectors("attacks.json");
    let cases = file["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 109);
    let mut inspected = 0;
    for case in cases {
        let context = &case["context"];
        // There are no application credentials: such a case runs against the test project.
        let key = context["api_key"].as_str().unwrap_or(API_KEY);
        let secret = context["secret"].as_str().unwrap_or(API_SECRET);
        let now = &context["now"];
        let is_accepted = match case["api"].as_str().unwrap() {
            "verify" => {
                let token = bytes(&case["input"], context);
                let verified = verify(&project(), &token, &json!({ "now": now }));
                if is_rs256(&token) {
                    let code = verified.as_ref().unwrap_err().code();
                    assert_eq!(code, ErrorCode::UnsupportedAlgorithm, "{}", case["id"]);
                }
                verified.is_ok()
            }
            "generate" => generate_case(key, secret, &case["input"], now),
            "inspect" => {
                inspected += 1;
                let token = bytes(&case["input"], context);
                let inspection = inspect(Some(&project()), &token, &json!({ "now": now }));
                match case["expected"].as_str().unwrap() {
                    // Read, whatever its signature.
                    "accept" => inspection.token.is_some(),
                    _ => !inspection.is_refused(),
                }
            }
            api => panic!("the runner knows every api: {api}"),
        };
        let verdict = if is_accepted { "accept" } else { "reject" };
        assert_eq!(verdict, expected_verdict(case), "{}: {}", case["id"], case["reason"]);
    }
    assert_eq!(inspected, 5);
}

fn is_rs256(token: &[u8]) -> bool {
    use base64::Engine as _;
    let header = token.split(|&byte| byte == b'.').next().unwrap();
    base64::engine::general_purpose::URL_SAFE_NO_PAD
        .decode(header)
        .is_ok_and(|header| String::from_utf8_lossy(&header).contains(r#""alg":"RS256""#))
}

/// Runs a generate case; an accepted token must verify and give its data back.
fn generate_case(key: &str, secret: &str, input: &Json, now: &Json) -> bool {
    let mut options = input.as_object().unwrap().clone();
    let session_id = options.remove("session_id").unwrap();
    if let Some(format) = options.remove("format") {
        options.insert("token_format".into(), format);
    }
    // NaN is no integer: the type refuses it.
    if options.get("expire_time").is_some_and(|time| !time.is_i64()) {
        return false;
    }
    options.insert("create_time".into(), now.clone());
    let Ok(opentok) = OpenTok::new(key, secret) else {
        return false;
    };
    let Ok(token) = generate(&opentok, &session_id, &options.clone().into()) else {
        return false;
    };
    let verified = verify(&opentok, token.as_bytes(), &json!({ "now": now })).unwrap();
    assert_eq!(verified.data(), options.get("data").map(text).unwrap_or_default());
    true
}

#[test]
fn tokens_of_the_official_sdks_are_answered_as_declared() {
    let file = vectors("peer_tokens.json");
    let tokens = file.as_array().unwrap();
    assert_eq!(tokens.len(), 94);
    for peer in tokens {
        let name = format!("{} {}: {}", peer["producer"], peer["format"], peer["name"]);
        let token = text(&peer["token"]);
        let now = json!({ "now": peer["verify"]["now"] });
        if peer["format"] == "jwt_rs256" {
            let error = verify(&project(), token.as_bytes(), &now).unwrap_err();
            assert_eq!(error.code(), ErrorCode::UnsupportedAlgorithm, "{name}");
            continue;
        }
        let opentok = opentok_of(peer);
        let verified = verify(&opentok, token.as_bytes(), &now);
        assert_eq!(
            verified.is_ok(),
            peer["verify"]["expected"] == "accept",
            "{name}: {verified:?}"
        );
        if let Ok(verified) = verified {
            let said = [&peer["decoded"]["claims"], &peer["decoded"]["fields"]];
            let said = said.into_iter().find(|said| said.is_object()).unwrap();
            assert_eq!(verified.role().name(), said["role"], "{name}");
            assert_eq!(verified.session_id(), said["session_id"], "{name}");
            assert_eq!(
                verified.data(),
                said["connection_data"].as_str().unwrap_or_default(),
                "{name}"
            );
        }
    }
}

#[test]
fn the_test_project_is_the_one_of_the_vectors() {
    let vector = &vectors("generate.json")["vectors"][0];
    assert_eq!(vector["api_key"], API_KEY);
    assert_eq!(vector["session_id"], SESSION_ID);
}
