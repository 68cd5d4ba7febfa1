//! Sessions and batches give the tokens and the errors of `OpenTok::generate_token`.

#![allow(clippy::unwrap_used, reason = "a test that fails should fail loudly")]

mod support;

use std::time::Duration;

use proptest::prelude::*;
use support::{API_KEY, API_SECRET, SESSION_ID, bytes, project, vectors};
use tokmint::limits::{MAX_DATA_UNITS, MAX_NONCE};
use tokmint::{
    Batch, Error, ErrorCode, OpenTok, Role, Session, TokenFormat, TokenOptions, VerifyOptions,
};

const NOW: i64 = 1_700_000_000;

/// A second session of the project.
const OTHER_SESSION_ID: &str =
    "2_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4";

fn at(now: i64) -> VerifyOptions<'static> {
    VerifyOptions::new().now(now)
}

/// Choices for each option, few enough that neighbours in a batch often agree in all but one, and
/// with one that is refused.
fn any_options() -> impl Strategy<Value = TokenOptions<'static>> {
    static LONGEST: std::sync::LazyLock<String> =
        std::sync::LazyLock::new(|| "\0".repeat(MAX_DATA_UNITS));
    static TOO_LONG: std::sync::LazyLock<String> =
        std::sync::LazyLock::new(|| "x".repeat(MAX_DATA_UNITS + 1));
    let classes: Vec<&[&str]> = vec![&[], &["focus"], &["focus", "main"], &["focus main"], &["漢"]];
    (
        prop::sample::select(vec![None, Some(Role::Publisher), Some(Role::Moderator)]),
        prop::sample::select(vec![
            "", "a", "b", "name=Johnny&level=4", "{\"a\":1}", "\\", "%", "é🎉", &LONGEST, &TOO_LONG,
        ]),
        prop::sample::select(classes),
        prop::sample::select(vec![None, Some(TokenFormat::Jwt), Some(TokenFormat::T1)]),
        prop::sample::select(vec![NOW, NOW + 1, 0, 99_999_999_999, -1]),
        prop::sample::select(vec![None, Some(1), Some(3600), Some(0)]),
        prop_oneof![0..=MAX_NONCE, Just(0), Just(MAX_NONCE), Just(-1)],
        prop::sample::select(vec![None, None, None, Some("d412fd8f-921c-4b35-bdcd-bf2d39bb20ed")]),
    )
        .prop_map(|(role, data, classes, format, create_time, expires_in, nonce, jti)| {
            TokenOptions::new()
                .role(role)
                .data(data)
                .initial_layout_class_list(classes)
                .token_format(format)
                .create_time(create_time)
                .expires_in(expires_in)
                .nonce(nonce)
                .jti(jti)
        })
}

fn into(generate: impl Fn(&mut [u8]) -> Result<usize, Error>) -> Result<String, Error> {
    let length = match generate(&mut []) {
        Err(Error::BufferTooShort { length }) => length,
        other => return other.map(|_| panic!("no token is empty")),
    };
    let mut buffer = vec![0; length];
    let length = generate(&mut buffer)?;
    buffer.truncate(length);
    Ok(String::from_utf8(buffer).unwrap())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn all_ways_to_a_token_give_equal_bytes_and_equal_errors(
        options in prop::collection::vec(any_options(), 1..12),
        session_id in prop::sample::select(vec![SESSION_ID, OTHER_SESSION_ID]),
    ) {
        let opentok = project();
        let session = opentok.session(session_id).unwrap();
        let expected: Vec<_> =
            options.iter().map(|options| opentok.generate_token(session_id, options)).collect();
        let one_by_one: Vec<_> =
            options.iter().map(|options| session.generate_token(options)).collect();
        prop_assert_eq!(&one_by_one, &expected);
        let into_buffers: Vec<_> = options
            .iter()
            .map(|options| into(|buffer| session.generate_token_into(options, buffer)))
            .collect();
        prop_assert_eq!(&into_buffers, &expected);
        let batch: Vec<_> = session.generate_tokens(options.iter().copied()).collect();
        prop_assert_eq!(&batch, &expected);
        let mut batch = Batch::new(&session);
        for (options, expected) in options.iter().zip(&expected) {
            let mut buffer = vec![0; 40_000];
            let token = batch.generate_token_into(options, &mut buffer);
            let token = token.map(|length| str::from_utf8(&buffer[..length]).unwrap().to_owned());
            prop_assert_eq!(&token, expected);
        }
    }
}

/// One option after the other takes three values in every order, while the others stay.
#[test]
fn a_batch_notices_every_change_from_one_item_to_the_next() {
    type Change = fn(TokenOptions<'static>, usize) -> TokenOptions<'static>;
    let changes: [Change; 7] = [
        |options, value| options.role(Role::ALL[value]),
        |options, value| options.create_time([NOW, NOW + 1, NOW + 2][value]),
        |options, value| options.create_time([NOW, NOW + 1, NOW + 2][value]).expire_time(NOW + 9),
        |options, value| options.expires_in([60, 61, 62][value]),
        |options, value| options.data(["", "a", "b"][value]),
        |options, value| {
            let lists: [&[&str]; 3] = [&[], &["focus"], &["focus", "main"]];
            options.initial_layout_class_list(lists[value])
        },
        |options, value| options.token_format([None, Some(TokenFormat::T1), None][value]),
    ];
    let opentok = project();
    let session = opentok.session(SESSION_ID).unwrap();
    for change in changes {
        for order in 0..3_usize.pow(4) {
            let items = [1, 3, 9, 27].map(|power| {
                change(TokenOptions::new().create_time(NOW).nonce(7), order / power % 3)
            });
            let expected = items.map(|options| opentok.generate_token(SESSION_ID, &options));
            let batch: Vec<_> = session.generate_tokens(items).collect();
            assert_eq!(batch, expected);
        }
    }
}

#[test]
fn a_session_is_refused_as_a_token_for_it_is() {
    let mut refused = 0;
    for vector in vectors("errors.json")["vectors"].as_array().unwrap() {
        let code = vector["code"].as_str().unwrap();
        if vector["call"] != "generate"
            || !["invalid_session_id", "session_of_other_project"].contains(&code)
        {
            continue;
        }
        let opentok = support::credentials(vector).unwrap().unwrap();
        let session_id = String::from_utf8(bytes(&vector["session_id"], &serde_json::Value::Null));
        let error = opentok.session(&session_id.unwrap()).unwrap_err();
        assert_eq!(error.code().name(), code, "{}", vector["name"]);
        refused += 1;
    }
    assert!(refused >= 30, "{refused}");
}

#[test]
fn a_verifier_has_sessions_that_verify_and_do_not_sign() {
    let text =
        |name| std::fs::read(format!("{}/../tests/vectors/{name}", env!("CARGO_MANIFEST_DIR")));
    let id = "a98e12ca-f3e5-4df8-bc66-fd4b5f30b9e9";
    let session_id = "2_MX5hOThlMTJjYS1mM2U1LTRkZjgtYmM2Ni1mZDRiNWYzMGI5ZTl-fjE2NzI3MzY4NzgxNjJ-bi9OeFVLbkNaVjBUUnpVSmxjbURqQ3J4flB-fg";
    let application = OpenTok::for_application(id, text("private_key.pem").unwrap()).unwrap();
    let verifier = OpenTok::verifier(id, text("public_key.pem").unwrap()).unwrap();
    let session = verifier.session(session_id).unwrap();
    drop(verifier);
    let token = application.session(session_id).unwrap().generate_token(&TokenOptions::new());
    assert_eq!(
        session.verify_token(token.unwrap(), &VerifyOptions::new()).unwrap().session_id(),
        session_id
    );
    assert_eq!(session.generate_token(&TokenOptions::new()), Err(Error::NoPrivateKey));
    let mut batch = session.generate_tokens([TokenOptions::new(); 2]);
    assert_eq!(batch.next(), Some(Err(Error::NoPrivateKey)));
    assert_eq!(batch.next(), Some(Err(Error::NoPrivateKey)));
    assert_eq!(batch.next(), None);
}

#[test]
fn a_session_accepts_its_own_tokens_only() {
    let opentok = project();
    let [session, other] = [SESSION_ID, OTHER_SESSION_ID].map(|id| opentok.session(id).unwrap());
    for format in TokenFormat::ALL {
        let options = TokenOptions::new().create_time(NOW).token_format(*format);
        let token = session.generate_token(&options).unwrap();
        assert_eq!(session.verify_token(&token, &at(NOW)).unwrap().session_id(), SESSION_ID);
        assert_eq!(other.verify_token(&token, &at(NOW)), Err(Error::TokenOfOtherSession));
        let same = at(NOW).session_id(SESSION_ID);
        assert!(session.verify_token(&token, &same).is_ok());
        let another = at(NOW).session_id(OTHER_SESSION_ID);
        for session in [&session, &other] {
            assert_eq!(session.verify_token(&token, &another), Err(Error::TokenOfOtherSession));
        }
        // The other checks are those of every token.
        let late = session.verify_token(&token, &at(NOW + 86_400)).unwrap_err();
        assert_eq!(late.code(), ErrorCode::TokenExpired);
        let leeway = session.verify_token(&token, &at(NOW).leeway(-1)).unwrap_err();
        assert_eq!(leeway, Error::InvalidLeeway);
    }
}

#[test]
fn a_batch_reads_the_clock_once() {
    let session = project().session(SESSION_ID).unwrap();
    let mut batch = Batch::new(&session);
    let create_time = |token: Result<String, Error>| {
        session.verify_token(token.unwrap(), &VerifyOptions::new()).unwrap().create_time()
    };
    let first = create_time(batch.generate_token(&TokenOptions::new()));
    std::thread::sleep(Duration::from_millis(1_100));
    assert_eq!(create_time(batch.generate_token(&TokenOptions::new())), first);
    assert!(create_time(session.generate_token(&TokenOptions::new())) > first);
}

#[test]
fn sessions_and_batches_outlive_their_credentials_and_move_between_threads() {
    fn is_shared<T: Send + Sync>() {}
    is_shared::<Session>();
    is_shared::<Batch>();

    let opentok = OpenTok::new(API_KEY, API_SECRET).unwrap();
    let session = opentok.session(SESSION_ID).unwrap();
    drop(opentok);
    let mut batch = Batch::new(&session);
    assert_eq!(session.session_id(), SESSION_ID);
    drop(session);
    let token = std::thread::spawn(move || batch.generate_token(&TokenOptions::new()));
    assert!(project().verify_token(token.join().unwrap().unwrap(), &VerifyOptions::new()).is_ok());
}

#[test]
fn debug_forms_show_the_issuer_and_the_session_only() {
    let session = project().session(SESSION_ID).unwrap();
    assert_eq!(
        format!("{session:?}"),
        format!("Session {{ api_key: \"{API_KEY}\", session_id: \"{SESSION_ID}\", .. }}")
    );
    let batch = format!("{:?}", Batch::new(&session));
    assert!(batch.starts_with("Batch { now: Ok(") && batch.ends_with("), .. }"), "{batch}");
}
