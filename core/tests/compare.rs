//! Comparisons of two tokens: what a migration changes by itself, what is lost by each change of
//! one claim, and that neither form holds a signature or commands a terminal.

#![allow(clippy::unwrap_used, reason = "a test that fails should fail loudly")]

mod support;

use serde_json::{Value as Json, json};
use support::{API_KEY, API_SECRET, SESSION_ID, bytes, jwt, t1, vectors};
use tokmint::{ComparedPart, Comparison, Impact, InspectOptions, Relation, inspect_token};

const NOW: i64 = 1_700_000_060;

const APPLICATION_ID: &str = "a98e12ca-f3e5-4df8-bc66-fd4b5f30b9e9";
const SESSION_OF_APPLICATION: &str = "2_MX5hOThlMTJjYS1mM2U1LTRkZjgtYmM2Ni1mZDRiNWYzMGI5ZTl-fjE2NzI3MzY4NzgxNjJ-bi9OeFVLbkNaVjBUUnpVSmxjbURqQ3J4flB-fg";

fn compare(old: impl AsRef<[u8]>, new: impl AsRef<[u8]>) -> Comparison {
    let options = InspectOptions::new().now(NOW);
    inspect_token(old, &options).compare(&inspect_token(new, &options))
}

/// The claims of a token of the project with some in place of others; a null takes one out.
fn project_claims(changes: &Json) -> String {
    let claims = json!({
        "session_id": SESSION_ID, "role": "publisher", "iat": 1_700_000_000, "exp": 1_700_003_600,
        "scope": "session.connect", "connection_data": "name=Johnny", "iss": API_KEY,
        "ist": "project", "nonce": 1, "initial_layout_class_list": "focus main",
    });
    changed(claims, changes)
}

fn signed(claims: &str) -> String {
    jwt(br#"{"alg":"HS256","typ":"JWT"}"#, claims.as_bytes(), API_SECRET)
}

fn project_with(changes: &Json) -> String {
    signed(&project_claims(changes))
}

/// The same of the application. The signature is no RSA one, which no inspection without a key
/// tells from one.
fn application_with(changes: &Json) -> String {
    let claims = json!({
        "session_id": SESSION_OF_APPLICATION, "role": "publisher", "iat": 1_700_000_000,
        "exp": 1_700_003_600, "scope": "session.connect", "connection_data": "name=Johnny",
        "application_id": APPLICATION_ID, "sub": "video", "acl": {"paths": {"/session/**": {}}},
        "jti": "d412fd8f-921c-4b35-bdcd-bf2d39bb20ed", "initial_layout_class_list": "focus main",
    });
    let token =
        jwt(br#"{"alg":"RS256","typ":"JWT"}"#, changed(claims, changes).as_bytes(), API_SECRET);
    let (signed, _) = token.rsplit_once('.').unwrap();
    format!("{signed}.{}", "A".repeat(342))
}

fn changed(mut claims: Json, changes: &Json) -> String {
    let object = claims.as_object_mut().unwrap();
    for (name, value) in changes.as_object().unwrap() {
        match value {
            Json::Null => drop(object.remove(name)),
            value => drop(object.insert(name.clone(), value.clone())),
        }
    }
    claims.to_string()
}

const T1_FIELDS: &str = "&create_time=1700000000&expire_time=1700003600&role=publisher&nonce=1\
                         &initial_layout_class_list=focus%20main&connection_data=name%3DJohnny";

fn t1_with(more: &str) -> String {
    t1(API_KEY, format!("session_id={SESSION_ID}{T1_FIELDS}{more}").as_bytes(), API_SECRET)
}

/// The differences as `IMPACT NAME`.
fn differences(comparison: &Comparison) -> Vec<String> {
    let differing = comparison.items.iter().filter(|item| item.impact != Impact::None);
    differing.map(|item| format!("{} {}", item.impact, item.name)).collect()
}

/// The message of the item with this name.
fn message(comparison: &Comparison, name: &str) -> String {
    let item = comparison.items.iter().find(|item| item.name == name).unwrap();
    item.message.clone().unwrap()
}

#[test]
fn a_token_is_equivalent_to_itself() {
    let mut count = 0;
    for vector in vectors("verify.json")["vectors"].as_array().unwrap() {
        let token = bytes(&vector["token"], &Json::Null);
        let comparison = compare(&token, &token);
        assert!(comparison.is_equivalent(), "{}\n{comparison}", vector["name"]);
        assert!(comparison.items.iter().all(|item| item.relation == Relation::Same));
        assert!(comparison.items.len() >= 7, "{comparison}");
        count += 1;
    }
    assert!(count > 80);
}

#[test]
fn a_migration_that_keeps_everything_is_equivalent() {
    let later = json!({ "iat": 1_700_000_050, "exp": 1_700_003_650, "nonce": 2 });
    for (old, new, expected) in [
        (t1_with(""), project_with(&json!({})), &["format", "scope", "ist"][..]),
        (t1_with(""), t1_with("&scope=session.connect"), &["scope"]),
        (project_with(&json!({})), project_with(&later), &["created_at", "expires_at", "nonce"]),
        (
            project_with(&json!({})),
            application_with(&json!({})),
            &["api_key", "application_id", "session_id", "nonce", "acl", "ist", "sub"],
        ),
        (
            t1_with(""),
            application_with(&json!({})),
            &["format", "api_key", "application_id", "session_id", "nonce", "acl", "scope", "sub"],
        ),
        (
            application_with(&json!({ "acl": null, "sub": null, "subject": "video" })),
            application_with(&json!({})),
            // The notes are about what the old token lacks.
            &["acl", "sub", "subject", "no_acl", "subject_claim"],
        ),
    ] {
        let comparison = compare(old, new);
        let mut found = differences(&comparison);
        let mut expected: Vec<String> =
            expected.iter().map(|name| format!("expected {name}")).collect();
        found.sort();
        expected.sort();
        assert_eq!(found, expected);
        assert!(comparison.is_equivalent());
    }
}

#[test]
fn each_change_has_its_impact() {
    let reordered = json!({ "initial_layout_class_list": "main focus" });
    let of_other_project = json!({
        "iss": "854511",
        "session_id": "2_MX44NTQ1MTF-fjE0NzI0MzU2MDUyMjN-eVgwNFJhZmR6MjdockFHanpxNzBXaEFXfn4",
    });
    let other_session = json!({ "session_id": "1_MX4xMjM0NTZ-fg" });
    for (changes, expected) in [
        (json!({ "role": "subscriber" }), &["lost role"][..]),
        (json!({ "role": "publisheronly" }), &["lost role"]),
        (json!({ "role": "moderator" }), &["changed role"]),
        (json!({ "connection_data": null }), &["lost data"]),
        (json!({ "connection_data": "name=Ann" }), &["lost data"]),
        (json!({ "initial_layout_class_list": null }), &["lost initial_layout_class_list"]),
        (json!({ "initial_layout_class_list": "main" }), &["lost initial_layout_class_list"]),
        (json!({ "initial_layout_class_list": "main x" }), &["lost initial_layout_class_list"]),
        (
            json!({ "initial_layout_class_list": "focus main x" }),
            &["changed initial_layout_class_list"],
        ),
        (reordered, &["expected initial_layout_class_list"]),
        (json!({ "exp": 1_700_003_599 }), &["lost lifetime", "expected expires_at"]),
        (json!({ "exp": 1_700_003_601 }), &["changed lifetime", "expected expires_at"]),
        (json!({ "iat": 1_700_000_030 }), &["expected created_at", "expected lifetime"]),
        (json!({ "nbf": 1_700_000_010 }), &["lost not_before"]),
        (json!({ "nbf": 1_700_000_000 }), &["expected not_before"]),
        (other_session, &["lost session_id"]),
        (of_other_project, &["changed api_key", "expected session_id"]),
        (json!({ "nonce": 2 }), &["expected nonce"]),
        (json!({ "user": 7 }), &["changed user"]),
        // The new token is refused, or has a warning, for what the old one has not.
        (
            json!({ "exp": NOW - 1 }),
            &["lost lifetime", "lost token_expired", "expected expires_at"],
        ),
        (
            json!({ "connection_data": "ann@example.com" }),
            &["lost data", "changed data_with_email_address"],
        ),
    ] {
        let (old, new) = (project_with(&json!({})), project_with(&changes));
        let comparison = compare(&old, &new);
        assert_eq!(differences(&comparison), expected, "{changes}");
        let is_equivalent = expected.iter().all(|item| item.starts_with("expected"));
        assert_eq!(comparison.is_equivalent(), is_equivalent, "{changes}");
        assert_eq!(comparison.count(Impact::None) + expected.len(), comparison.items.len());
        // The other way round something differs as well, and nothing else.
        let back = compare(&new, &old);
        let names = |differences: Vec<String>| {
            let names = differences.iter().map(|item| item.split_once(' ').unwrap().1.to_owned());
            let mut names: Vec<String> = names.collect();
            names.sort();
            names
        };
        assert_eq!(names(differences(&back)), names(differences(&comparison)), "{changes}");
    }
}

#[test]
fn messages_name_what_is_lost_and_gained() {
    let of_roles = |old: &str, new: &str| {
        let with = |role: &str| project_with(&json!({ "role": role }));
        message(&compare(with(old), with(new)), "role")
    };
    assert_eq!(of_roles("publisher", "subscriber"), "the holder may no longer publish");
    assert_eq!(of_roles("subscriber", "publisher"), "the holder may now also publish");
    assert_eq!(
        of_roles("subscriber", "publisheronly"),
        "the holder may no longer subscribe; the holder may now also publish"
    );
    assert_eq!(
        of_roles("moderator", "publisheronly"),
        "the holder may no longer subscribe and mute or disconnect others"
    );
    let lifetime = |exp: i64| {
        let new = project_with(&json!({ "iat": 1_700_000_001, "exp": exp }));
        message(&compare(project_with(&json!({})), new), "lifetime")
    };
    assert_eq!(lifetime(1_700_003_591), "the token is valid 10 s less");
    assert_eq!(lifetime(1_700_003_611), "the token is valid 10 s longer");
    assert_eq!(lifetime(1_700_003_600), "both tokens expire at the same moment");
}

/// Nothing that could not be read is the same.
#[test]
fn a_token_that_cannot_be_read_is_never_equivalent() {
    let good = project_with(&json!({}));
    let many: serde_json::Map<String, Json> =
        (0..300).map(|number| (format!("x{number}"), json!(1))).collect();
    let cut = &good[..good.len() / 2];
    for (old, new) in [
        ("", ""),
        ("null", "null"),
        (good.as_str(), ""),
        ("", good.as_str()),
        (cut, cut),
        (&good, cut),
        (&project_with(&json!({ "role": "boss" })), &good),
        (&project_with(&Json::Object(many.clone())), &project_with(&Json::Object(many))),
    ] {
        let comparison = compare(old, new);
        assert!(!comparison.is_complete && !comparison.is_equivalent(), "{old} {new}");
        let text = comparison.to_string();
        assert!(
            text.ends_with("\nincomplete: not all of both tokens could be read; inspect each\n")
        );
    }
    // What refuses the new token alone is lost; what refuses the old one alone is mended.
    assert_eq!(
        differences(&compare(&good, ""))[..2],
        ["lost lifetime".to_owned(), "lost no_token".to_owned()]
    );
    assert!(differences(&compare("", &good)).contains(&"expected no_token".to_owned()));
}

#[test]
fn fields_are_compared_by_their_content_and_nulls_are_absent() {
    let old = t1_with("&user=ann&session=%20");
    let new = project_with(&json!({ "user": "ann", "session": "x", "other": [1] }));
    let comparison = compare(old, new);
    let item = |name: &str| {
        let item = comparison.items.iter().find(|item| item.name == name).unwrap();
        assert_eq!(item.part, ComparedPart::Field);
        (item.old.as_deref(), item.new.as_deref(), item.relation, item.impact)
    };
    assert_eq!(item("user"), (Some("ann"), Some("ann"), Relation::Same, Impact::None));
    assert_eq!(item("session"), (Some("%20"), Some("x"), Relation::Differs, Impact::Changed));
    assert_eq!(item("other"), (None, Some("[1]"), Relation::OnlyNew, Impact::Changed));
    let claims = project_claims(&json!({}));
    let with_null = signed(&claims.replacen('{', "{\"user\":null,", 1));
    assert_eq!(differences(&compare(with_null, signed(&claims))), ["expected null_field"]);
    // A claim of the other kind of issuer is a field like any other.
    let comparison =
        compare(application_with(&json!({})), application_with(&json!({ "iss": "1", "nonce": 1 })));
    assert_eq!(differences(&comparison), ["changed iss", "changed nonce"]);
}

#[test]
fn both_forms_say_the_same_and_the_worst_comes_first() {
    let new = json!({ "role": "subscriber", "nonce": 2, "user": 7 });
    let comparison = compare(project_with(&json!({})), project_with(&new));
    let text = comparison.to_string();
    let start = "\
lost      role
          old: publisher
          new: subscriber
          the holder may no longer publish
changed   user
          new: 7
          servers ignore it; other programs may read it
expected  nonce
          old: 1
          new: 2
          it tells tokens apart, so each has its own
same      format: jwt
same      api_key: 123456
";
    assert!(text.starts_with(start), "{text}");
    assert!(text.ends_with("\n\n1 lost, 1 changed, 1 expected, 10 the same\n"), "{text}");
    let said: Json = serde_json::from_str(&comparison.to_json()).unwrap();
    let expected = json!({
        "part": "claim", "name": "role", "old": "publisher", "new": "subscriber",
        "relation": "differs", "impact": "lost", "message": "the holder may no longer publish",
    });
    assert_eq!(said["items"][0], expected);
    assert_eq!(said["items"][1]["old"], Json::Null);
    assert_eq!(said["items"].as_array().unwrap().len(), comparison.items.len());
    assert_eq!((&said["is_complete"], &said["is_equivalent"]), (&json!(true), &json!(false)));
}

#[test]
fn no_form_holds_a_signature_or_commands_the_terminal() {
    let hostile = "\u{1b}[2J\u{202e}\nlost      role\u{9b}";
    let payload = json!({ "connection_data": hostile, hostile: hostile });
    let (old, new) = (project_with(&json!({})), project_with(&payload));
    for (old, new) in [(&old, &new), (&new, &old), (&new, &new)] {
        let comparison = compare(old, new);
        let text = comparison.to_string();
        let is_plain = |c: char| c == '\n' || !c.is_control() && c != '\u{202e}';
        assert!(text.chars().all(is_plain), "{text:?}");
        let heads = text.lines().filter(|line| line.starts_with("lost"));
        assert_eq!(heads.count(), comparison.count(Impact::Lost), "{text}");
        for signature in [old, new].map(|token| token.rsplit('.').next().unwrap()) {
            assert!(!text.contains(signature) && !comparison.to_json().contains(signature));
        }
    }
    let token = t1_with("");
    let comparison = compare(&token, t1_with("&x=1"));
    assert!(!comparison.to_json().contains("sig") && !comparison.to_string().contains("sig"));
}
