//! What must hold for all inputs: random ones by proptest, and every byte of twenty tokens
//! exhaustively.

#![allow(clippy::unwrap_used, reason = "a test that fails should fail loudly")]

mod support;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use proptest::prelude::*;
use support::{API_KEY, API_SECRET, SESSION_ID, jwt, project, t1};
use tokmint::limits::{DEFAULT_LIFETIME, MAX_DATA_UNITS, MAX_ISSUE_SKEW, MAX_LEEWAY, MAX_LIFETIME};
use tokmint::{Error, OpenTok, Role, SessionId, TokenFormat, TokenOptions, VerifyOptions};

const NOW: i64 = 1_700_000_000;

fn at(now: i64) -> VerifyOptions<'static> {
    VerifyOptions::new().now(now)
}

/// A string of at most so many UTF-16 code units, from the whole of Unicode and often from what
/// needs escaping.
fn any_text(max_units: usize) -> impl Strategy<Value = String> {
    let hostile = prop::sample::select(
        "&=%+:~ \"\\/\0\r\n\t\u{7f}\u{2028}\u{feff}é漢🎉ع".chars().collect::<Vec<_>>(),
    );
    prop::collection::vec(prop_oneof![any::<char>(), hostile], 0..max_units / 2)
        .prop_map(|characters| characters.into_iter().collect())
}

fn any_class() -> impl Strategy<Value = String> {
    any_text(24)
        .prop_map(|text| text.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect())
        .prop_filter("a class is not empty", |class: &String| !class.is_empty())
}

fn any_format() -> impl Strategy<Value = TokenFormat> {
    prop::sample::select(TokenFormat::ALL.to_vec())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn verify_gives_every_option_back(
        role in prop::sample::select(Role::ALL.to_vec()),
        data in any_text(MAX_DATA_UNITS),
        classes in prop::collection::vec(any_class(), 0..20),
        token_format in any_format(),
        lifetime in 1..=MAX_LIFETIME,
        create_time in 0..=99_000_000_000_i64,
        nonce in 0..=tokmint::limits::MAX_NONCE,
    ) {
        let classes: Vec<&str> = classes.iter().map(String::as_str).collect();
        let options = TokenOptions::new()
            .role(role)
            .expires_in(lifetime)
            .data(&data)
            .initial_layout_class_list(&classes)
            .token_format(token_format)
            .create_time(create_time)
            .nonce(nonce);
        let token = project().generate_token(SESSION_ID, &options).unwrap();
        let said = project().verify_token(&token, &at(create_time)).unwrap();
        prop_assert_eq!(said.role(), role);
        prop_assert_eq!(said.data(), data);
        prop_assert!(said.initial_layout_class_list().eq(classes.iter().copied()));
        prop_assert_eq!(said.format(), token_format);
        prop_assert_eq!(said.create_time(), create_time);
        prop_assert_eq!(said.expire_time(), create_time + lifetime);
        prop_assert_eq!(said.nonce(), nonce.to_string());
        prop_assert_eq!(said.session_id(), SESSION_ID);
        prop_assert_eq!(said.api_key(), Some(API_KEY));
    }

    #[test]
    fn a_t1_token_holds_each_field_once_whatever_the_options_hold(
        data in any_text(MAX_DATA_UNITS),
        classes in prop::collection::vec(any_class(), 0..5),
    ) {
        let classes: Vec<&str> = classes.iter().map(String::as_str).collect();
        let options = TokenOptions::new().data(&data).initial_layout_class_list(&classes).token_format(TokenFormat::T1);
        let token = project().generate_token(SESSION_ID, &options).unwrap();
        let raw = String::from_utf8(STANDARD.decode(&token[4..]).unwrap()).unwrap();
        prop_assert_eq!(raw.matches(':').count(), 1);
        let names: Vec<&str> = raw.split('&').map(|field| field.split('=').next().unwrap()).collect();
        let mut expected = vec!["partner_id", "sig", "create_time", "expire_time", "role", "nonce", "initial_layout_class_list"];
        if !data.is_empty() {
            expected.push("connection_data");
        }
        prop_assert_eq!(names, expected);
    }

    /// The longest tokens that the limits allow fit, in the worst characters of either format.
    #[test]
    fn the_largest_options_fit(
        character in prop::sample::select(vec!['x', '\0', '%', '漢', '\u{ffff}', '"', 'é']),
        token_format in any_format(),
    ) {
        let data = character.to_string().repeat(MAX_DATA_UNITS);
        let class = match character { '\0' => "\u{fffd}".into(), other => other.to_string() };
        let class = class.repeat(tokmint::limits::MAX_LAYOUT_CLASS_LIST_UNITS);
        let api_key = "9".repeat(tokmint::limits::MAX_API_KEY_DIGITS);
        let owner = format!("1~{api_key}~{}", "x".repeat(166));
        let session_id = format!("2_{}", URL_SAFE_NO_PAD.encode(owner));
        let opentok = OpenTok::new(&api_key, API_SECRET).unwrap();
        let classes = [&*class];
        let options = TokenOptions::new()
            .role(Role::PublisherOnly)
            .data(&data)
            .initial_layout_class_list(&classes)
            .token_format(token_format)
            .create_time(99_000_000_000)
            .nonce(tokmint::limits::MAX_NONCE);
        prop_assert_eq!(session_id.len(), 254);
        let token = opentok.generate_token(&session_id, &options).unwrap();
        prop_assert!(token.len() < tokmint::limits::MAX_TOKEN_BYTES);
        let verified = opentok.verify_token(&token, &at(99_000_000_000)).unwrap();
        prop_assert_eq!(verified.data(), data);
    }

    /// Verify and generate return for all times, and no time is accepted outside of the token's
    /// own.
    #[test]
    fn every_time_is_answered(
        now in prop_oneof![any::<i64>(), NOW - 200_000..NOW + 200_000, Just(i64::MIN), Just(i64::MAX)],
        leeway in prop_oneof![any::<i64>(), 0..=MAX_LEEWAY],
        time in prop_oneof![any::<i64>(), 0..4_000_000_000_i64],
        other in prop_oneof![any::<i64>(), 0..4_000_000_000_i64],
        token_format in any_format(),
    ) {
        let options = TokenOptions::new().create_time(NOW).token_format(token_format);
        let token = project().generate_token(SESSION_ID, &options).unwrap();
        let verified = project().verify_token(&token, &VerifyOptions::new().now(now).leeway(leeway));
        let is_inside = i128::from(NOW) - i128::from(leeway.max(MAX_ISSUE_SKEW)) <= now.into()
            && i128::from(now) < i128::from(NOW + DEFAULT_LIFETIME) + i128::from(leeway);
        prop_assert_eq!(verified.is_ok(), is_inside && (0..=MAX_LEEWAY).contains(&leeway), "{:?}", verified);

        for (expire_time, expires_in) in [(Some(other), None), (None, Some(other)), (Some(time), Some(other))] {
            let options = TokenOptions::new().create_time(time).expire_time(expire_time).expires_in(expires_in).nonce(other).token_format(token_format);
            if let Ok(token) = project().generate_token(SESSION_ID, &options) {
                prop_assert!(project().verify_token(&token, &at(time)).is_ok());
            }
        }
    }

    /// Signed times of any size and spelling are answered too.
    #[test]
    fn every_signed_time_is_answered(
        issued in "-?[0-9]{1,20}(\\.[0-9]{1,3})?([eE][+-]?[0-9]{1,3})?",
        expiry in "-?[0-9]{1,20}(\\.[0-9]{1,3})?([eE][+-]?[0-9]{1,3})?",
        not_before in "[0-9]{1,20}(\\.[0-9]{1,3})?",
        now in any::<i64>(),
    ) {
        let payload = format!(
            r#"{{"session_id":"{SESSION_ID}","role":"publisher","iat":{issued},"exp":{expiry},"nbf":{not_before},"scope":"session.connect","iss":"{API_KEY}","ist":"project","nonce":1}}"#
        );
        let token = jwt(br#"{"alg":"HS256"}"#, payload.as_bytes(), API_SECRET);
        let _ = project().verify_token(token, &at(now));
        let data = format!("session_id={SESSION_ID}&create_time={issued}&expire_time={expiry}&role=publisher");
        let _ = project().verify_token(t1(API_KEY, data.as_bytes(), API_SECRET), &at(now));
    }

    #[test]
    fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..200), prefix in "(T1==|eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9\\.)?") {
        let token = [prefix.as_bytes(), &bytes].concat();
        prop_assert!(project().verify_token(token, &at(NOW)).is_err());
        let text = String::from_utf8_lossy(&bytes);
        let _ = SessionId::parse(&text);
        let _ = OpenTok::new(&text, &text);
    }
}

#[test]
fn a_buffer_takes_the_same_token_and_a_short_one_stays_as_it_was() {
    let opentok = project();
    for token_format in TokenFormat::ALL {
        let options =
            |nonce| TokenOptions::new().token_format(*token_format).create_time(NOW).nonce(nonce);
        let token = opentok.generate_token(SESSION_ID, &options(1)).unwrap();
        let mut buffer = vec![b'?'; token.len() + 1];
        let length = opentok.generate_token_into(SESSION_ID, &options(1), &mut buffer).unwrap();
        assert_eq!(&buffer[..length], token.as_bytes());
        assert_eq!(buffer[length..], [b'?']);

        let mut short = vec![b'?'; token.len() - 1];
        let refused = opentok.generate_token_into(SESSION_ID, &options(1), &mut short);
        let Err(Error::BufferTooShort { length }) = refused else {
            panic!("{refused:?}");
        };
        assert!(length > short.len() && short.iter().all(|&byte| byte == b'?'));
        let longest =
            opentok.generate_token(SESSION_ID, &options(tokmint::limits::MAX_NONCE)).unwrap();
        assert!(longest.len() <= length);
    }
}

/// Twenty tokens of both formats, all roles and several lengths modulo 3 and 4.
fn twenty_tokens() -> Vec<String> {
    let datas = ["", "a", "~~~???", "name=Johnny", "漢字🎉"];
    datas
        .iter()
        .flat_map(|data| {
            [
                (TokenFormat::Jwt, 0),
                (TokenFormat::Jwt, 1),
                (TokenFormat::T1, 2),
                (TokenFormat::T1, 3),
            ]
            .map(|(token_format, role)| {
                let options = TokenOptions::new()
                    .role(Role::ALL[role])
                    .data(data)
                    .initial_layout_class_list(if role % 2 == 0 { &["full", "main"] } else { &[] })
                    .token_format(token_format)
                    .create_time(NOW)
                    .nonce(7);
                project().generate_token(SESSION_ID, &options).unwrap()
            })
        })
        .collect()
}

/// Changes that leave a T1 token valid: Java's spelling, wholly in the URL-safe alphabet, and the
/// case of the hexadecimal digits of its signature.
fn is_other_spelling(changed: &[u8], token: &str) -> bool {
    let Some(body) = token.strip_prefix("T1==") else {
        return false;
    };
    let of_java = token.replace('+', "-").replace('/', "_");
    let raw = |body: &[u8]| STANDARD.decode(body).unwrap_or_default();
    let signature_at = "partner_id=123456&sig=".len();
    let mut lower = raw(changed.get(4..).unwrap_or_default());
    if let Some(signature) = lower.get_mut(signature_at..signature_at + 40) {
        signature.make_ascii_lowercase();
    }
    changed == of_java.as_bytes() || changed.starts_with(b"T1==") && lower == raw(body.as_bytes())
}

#[test]
fn any_changed_inserted_or_missing_byte_is_refused() {
    let opentok = project();
    let tokens = twenty_tokens();
    assert_eq!(tokens.len(), 20);
    for token in &tokens {
        let mut changed = token.clone().into_bytes();
        opentok.verify_token(&changed, &at(NOW)).unwrap();
        for at_byte in 0..changed.len() {
            let original = changed[at_byte];
            for byte in (0..=u8::MAX).filter(|&byte| byte != original) {
                changed[at_byte] = byte;
                let is_refused = opentok.verify_token(&changed, &at(NOW)).is_err();
                assert!(
                    is_refused || is_other_spelling(&changed, token),
                    "{byte} at {at_byte} of {token}"
                );
            }
            changed[at_byte] = original;
        }
        for at_byte in 0..=token.len() {
            let mut shorter = token.clone().into_bytes();
            if at_byte < token.len() {
                shorter.remove(at_byte);
                assert!(opentok.verify_token(&shorter, &at(NOW)).is_err());
            }
            for byte in *b"\0\n =.A&:%\xff" {
                let mut longer = token.clone().into_bytes();
                longer.insert(at_byte, byte);
                assert!(opentok.verify_token(&longer, &at(NOW)).is_err());
            }
        }
    }
}

#[test]
fn a_t1_token_has_two_spellings_and_no_third() {
    let data = format!(
        "session_id={SESSION_ID}&create_time={NOW}&role=publisher&initial_layout_class_list=~~~???"
    );
    let token = t1(API_KEY, data.as_bytes(), API_SECRET);
    assert!(
        token.contains('+') && token.contains('/'),
        "the test needs both characters that differ"
    );
    let of_java = token.replace('+', "-").replace('/', "_");
    let mixed = token.replace('+', "-");
    let opentok = project();
    let said = opentok.verify_token(&token, &at(NOW)).unwrap();
    assert_eq!(opentok.verify_token(of_java, &at(NOW)), Ok(said));
    let refused = opentok.verify_token(mixed, &at(NOW));
    assert!(matches!(refused, Err(Error::MalformedToken { .. })));
}

#[test]
fn hostile_sizes_are_refused_and_take_no_time_out_of_proportion() {
    let opentok = project();
    let limit = tokmint::limits::MAX_TOKEN_BYTES;
    for length in [limit + 1, 10_000_000] {
        let refused = opentok.verify_token(vec![b'.'; length], &at(NOW)).unwrap_err();
        assert_eq!(refused, Error::TokenTooLong { length });
    }
    // Fields and members of different names, as many as fit: a quadratic search would take minutes.
    let fields: String = (0..7_000).map(|n| format!("&{n:x}=")).collect();
    let t1 = t1(
        API_KEY,
        format!("session_id={SESSION_ID}&create_time={NOW}&role=publisher{fields}").as_bytes(),
        API_SECRET,
    );
    assert!(t1.len() <= limit && t1.len() > limit / 2);
    opentok.verify_token(t1, &at(NOW)).unwrap();
}
