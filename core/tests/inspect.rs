//! Inspection: its vectors, and what must hold for any bytes. It agrees with verify, panics at
//! nothing, and shows neither secret nor signature.

#![allow(clippy::unwrap_used, reason = "a test that fails should fail loudly")]

mod support;

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value as Json, json};
use support::{
    API_KEY, API_SECRET, SESSION_ID, bytes, credentials, inspect, jwt, project, t1, vectors,
};
use tokmint::limits::MAX_TOKEN_BYTES;
use tokmint::{FindingCode, InspectOptions, Inspection, OpenTok, VerifyOptions, inspect_token};

const NOW: i64 = 1_700_000_000;

fn at(now: i64) -> InspectOptions<'static> {
    InspectOptions::new().now(now)
}

fn codes(inspection: &Inspection) -> Vec<&'static str> {
    let findings = inspection.findings.iter();
    findings.map(|finding| finding.code.name()).collect()
}

fn opentok_of(vector: &Json) -> Option<OpenTok> {
    credentials(vector).map(Result::unwrap)
}

#[test]
fn inspect_gives_the_exact_findings_and_every_code_has_a_vector() {
    let file = vectors("inspect.json");
    let cases = file["vectors"].as_array().unwrap();
    let mut seen = BTreeSet::new();
    let mut faults = Vec::new();
    for vector in cases {
        let token = bytes(&vector["token"], &Json::Null);
        let inspection = inspect(opentok_of(vector).as_ref(), &token, &vector["options"]);
        let said = json!({
            "format": inspection.format.map(tokmint::TokenFormat::name),
            "signature": inspection.signature.name(),
            "findings": codes(&inspection),
            "is_token": inspection.token.is_some(),
            "remaining_lifetime": inspection.remaining_lifetime,
        });
        if said != vector["expected"] {
            faults.push(format!(
                "{}\n  said     {said}\n  expected {}",
                vector["name"], vector["expected"]
            ));
        }
        seen.extend(inspection.findings.iter().map(|finding| finding.code));
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(cases.len() >= 80);
    // Every time is given in the vectors, so no clock is read.
    seen.insert(FindingCode::SystemClock);
    assert_eq!(seen, FindingCode::ALL.iter().copied().collect());
}

/// Every token of the other files, with its project and the options of verify, if they have no
/// leeway.
fn verified_tokens() -> Vec<(OpenTok, Vec<u8>, Json)> {
    let of_file = |name: &str| vectors(name)["vectors"].as_array().unwrap().clone();
    let mut tokens = Vec::new();
    for vector in of_file("generate.json") {
        let options = json!({ "now": vector["options"]["create_time"] });
        tokens.push((vector, options));
    }
    for name in ["verify.json", "errors.json"] {
        for vector in of_file(name) {
            let options = vector["options"].clone();
            let is_verified = vector.get("call").is_none_or(|call| call == "verify");
            if is_verified && options.get("leeway").is_none() {
                tokens.push((vector, options));
            }
        }
    }
    for peer in vectors("peer_tokens.json").as_array().unwrap() {
        let options = json!({ "now": peer["verify"]["now"] });
        let mut peer = peer.clone();
        if peer["format"] == "jwt_rs256" {
            peer["api_key"] = API_KEY.into();
            peer["api_secret"] = API_SECRET.into();
        }
        tokens.push((peer, options));
    }
    tokens
        .into_iter()
        .map(|(vector, options)| {
            let token = bytes(&vector["token"], &Json::Null);
            (opentok_of(&vector).unwrap(), token, options)
        })
        .collect()
}

/// Whether verify accepts, after a check that inspect says the same.
fn is_accepted(opentok: &OpenTok, token: &[u8], options: &Json) -> bool {
    let verified = support::verify(opentok, token, options);
    let inspection = inspect(Some(opentok), token, options);
    let shown = String::from_utf8_lossy(token);
    assert_eq!(
        verified.is_err(),
        inspection.is_refused(),
        "{verified:?}, {:?} of {shown}",
        codes(&inspection)
    );
    if let Ok(verified) = verified {
        assert_eq!(inspection.signature.name(), "valid", "{shown}");
        assert_eq!(inspection.format, Some(verified.format()), "{shown}");
        assert_eq!(inspection.token.as_ref(), Some(&*verified), "{shown}");
        return true;
    }
    false
}

#[test]
fn inspect_refuses_what_verify_refuses_in_every_file() {
    let (mut accepted, mut refused) = (0, 0);
    for (opentok, token, options) in verified_tokens() {
        match is_accepted(&opentok, &token, &options) {
            true => accepted += 1,
            false => refused += 1,
        }
    }
    assert!(accepted >= 250 && refused >= 150, "{accepted} {refused}");
}

/// Numbers that look random and are the same in every run (xorshift64).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % limit
    }
}

/// What random bytes would seldom spell.
const WORDS: [&str; 24] = [
    "T1==", "eyJ", "%3D", "%22", "'", "b'", "\"", "\n", " ", "\u{feff}", ".", "=",
    "&role=moderator", "&r%6Fle=publisher", "\"role\":\"Publisher\",", "\"\\u0072ole\":null,",
    "\"exp\":1700000000.5,", "\"nbf\":1700000001,", "\"iat\":1700000061,", "\"crit\":[],",
    "\"alg\":\"none\",", "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", "null", "1800000000000",
];

fn mutate(bytes: &mut Vec<u8>, numbers: &mut Numbers) {
    for _ in 0..=numbers.below(3) {
        let at = numbers.below(bytes.len() + 1);
        let end = bytes.len().min(at + numbers.below(4));
        let insert = match numbers.below(4) {
            0 => vec![u8::try_from(numbers.below(256)).unwrap()],
            1 | 2 => WORDS[numbers.below(WORDS.len())].as_bytes().to_vec(),
            _ => Vec::new(),
        };
        bytes.splice(at..end, insert);
        if numbers.below(24) == 0 {
            bytes.truncate(numbers.below(bytes.len() + 1));
        }
    }
}

/// Changes tokens, and what is signed in them before it is signed again.
#[test]
fn inspect_agrees_with_verify_for_a_hundred_thousand_mutated_tokens() {
    const ROUNDS: usize = 100_000;
    const HEADER: &str = r#"{"alg":"HS256","typ":"JWT"}"#;
    let payload = format!(
        r#"{{"session_id":"{SESSION_ID}","role":"publisher","iat":{NOW},"exp":1700003600,"scope":"session.connect","initial_layout_class_list":"focus","connection_data":"a=1","iss":"{API_KEY}","ist":"project","nonce":1,"x":[]}}"#
    );
    let data = format!(
        "session_id={SESSION_ID}&create_time={NOW}&expire_time=1700003600&role=publisher&nonce=1&connection_data=a%3D1"
    );
    let tokens: Vec<_> =
        verified_tokens().into_iter().filter(|(_, token, _)| token.len() < 2_000).collect();
    let opentok = project();
    let mut numbers = Numbers(0x7061_7265_6e74_6865);
    let mut accepted = 0;
    for round in 0..ROUNDS {
        let is_ours = round % 3 != 0;
        let (signer, token, options) = if is_ours {
            let now = NOW + i64::try_from(numbers.below(3)).unwrap();
            let options = json!({ "now": now });
            let token = if round % 3 == 1 {
                let mut header = HEADER.as_bytes().to_vec();
                if numbers.below(4) == 0 {
                    mutate(&mut header, &mut numbers);
                }
                let mut payload = payload.clone().into_bytes();
                mutate(&mut payload, &mut numbers);
                jwt(&header, &payload, API_SECRET)
            } else {
                let mut data = data.clone().into_bytes();
                mutate(&mut data, &mut numbers);
                t1(API_KEY, &data, API_SECRET)
            };
            (&opentok, token.into_bytes(), options)
        } else {
            let (signer, token, options) = &tokens[numbers.below(tokens.len())];
            let mut token = token.clone();
            mutate(&mut token, &mut numbers);
            (signer, token, options.clone())
        };
        accepted += usize::from(is_accepted(signer, &token, &options));
        // Without credentials nothing is known of the signature and the project, but as much is
        // read.
        let inspection = inspect(None, &token, &options);
        assert_eq!(inspection.signature.name(), "unchecked");
    }
    assert!(accepted > ROUNDS / 50, "only {accepted} are accepted");
}

/// Every form in which an inspection leaves core.
fn forms(inspection: &Inspection) -> String {
    format!("{inspection}\n{inspection:?}\n{}", inspection.to_json())
}

#[test]
fn no_form_holds_the_secret_or_the_signature() {
    let mut count = 0;
    for (opentok, token, options) in verified_tokens() {
        let token = String::from_utf8_lossy(&token).into_owned();
        let signature = match token.strip_prefix("T1==") {
            Some(body) => {
                let raw = STANDARD.decode(body).unwrap_or_default();
                let raw = String::from_utf8_lossy(&raw).into_owned();
                let sig = raw.split_once("sig=").map(|(_, rest)| rest.to_owned());
                sig.unwrap_or_default().chars().take(40).collect()
            }
            None => token.rsplit('.').next().unwrap().to_owned(),
        };
        for opentok in [None, Some(&opentok)] {
            // A token that is wrapped goes through the repair, too.
            for token in [token.clone(), format!(" \"{token}\"\n")] {
                let said = forms(&inspect(opentok, token.as_bytes(), &options));
                assert!(!said.contains(API_SECRET), "{token}");
                if signature.len() >= 40 {
                    assert!(!said.contains(&signature), "{token}");
                    count += 1;
                }
            }
        }
    }
    assert!(count > 1_000);
}

#[test]
fn every_cut_of_a_token_is_called_truncated_or_shows_what_is_missing() {
    let opentok = project();
    let options = tokmint::TokenOptions::new().create_time(NOW).data("name=Johnny");
    for token_format in tokmint::TokenFormat::ALL {
        let options = options.token_format(*token_format);
        let token = opentok.generate_token(SESSION_ID, &options).unwrap();
        for length in 5..token.len() {
            let options = at(NOW);
            let inspection = opentok.inspect_token(&token[..length], &options);
            // Where a T1 token happens to be whole base64 and has all fields, only the signature
            // tells.
            let said = codes(&inspection);
            let is_told =
                said == ["truncated"] || length % 4 == 0 && said.contains(&"invalid_signature");
            assert!(is_told, "{length}: {said:?}");
        }
    }
}

#[test]
fn hostile_bytes_are_answered() {
    let options = at(NOW);
    let long = inspect_token(vec![b'\''; MAX_TOKEN_BYTES + 1], &options);
    assert_eq!(codes(&long), ["token_too_long"]);
    assert!(long.fields.is_empty() && long.header.is_empty());
    let names = format!("{{{}}}", vec!["\"\":0"; 9_000].join(","));
    for token in [
        vec![b'\''; MAX_TOKEN_BYTES],
        "%25".repeat(MAX_TOKEN_BYTES / 3).into_bytes(),
        vec![b'.'; MAX_TOKEN_BYTES],
        jwt(b"{}", names.as_bytes(), API_SECRET).into_bytes(),
        jwt(b"{}", &b"[".repeat(40_000), API_SECRET).into_bytes(),
        t1(API_KEY, &b"=&".repeat(20_000), API_SECRET).into_bytes(),
        t1(API_KEY, &b"%".repeat(40_000), API_SECRET).into_bytes(),
    ] {
        assert!(token.len() <= MAX_TOKEN_BYTES);
        let inspection = project().inspect_token(&token, &options);
        assert!(inspection.is_refused());
        assert!(inspection.findings.len() < 12, "{:?}", codes(&inspection));
    }
    let last = format!("session_id={SESSION_ID}&create_time=0&expire_time={}", i64::MAX);
    for now in [i64::MIN, i64::MAX] {
        let token = t1(API_KEY, last.as_bytes(), API_SECRET);
        assert!(project().inspect_token(token, &at(now)).is_refused());
    }
}

#[test]
fn control_characters_do_not_leave_the_text_form() {
    let payload =
        r#"{"\u001b[31mname":"\u001b[2J","role":"\u202emoderator\u009b","role":"\u0007"}"#;
    let raw = payload.replace("\\u202e", "\u{202e}").replace("\\u009b", "\u{9b}");
    let token = jwt(br#"{"alg":"\u001b[1m"}"#, raw.as_bytes(), API_SECRET);
    let said = inspect_token(token, &InspectOptions::new()).to_string();
    assert!(said.contains("moderator"), "{said}");
    let is_plain = |c: char| c == '\n' || !c.is_control() && c != '\u{202e}';
    assert!(said.chars().all(is_plain), "{said:?}");
}

#[test]
fn every_field_stands_as_it_is() {
    let payload =
        r#"{"role": "a\u0062", "exp":1.50e9,"role":null , "x":{"y" : [1, 2]}, "iat":0,"nbf":1.5}"#;
    let inspection = inspect_token(
        jwt(br#"{"alg":"none"}"#, payload.as_bytes(), API_SECRET),
        &InspectOptions::new(),
    );
    let said: Vec<_> =
        inspection.fields.iter().map(|field| (field.name.as_str(), field.value.as_str())).collect();
    assert_eq!(
        said,
        [
            ("role", r#""a\u0062""#),
            ("exp", "1.50e9"),
            ("role", "null"),
            ("x", r#"{"y" : [1, 2]}"#),
            ("iat", "0"),
            ("nbf", "1.5"),
        ]
    );
    assert_eq!(inspection.expire_time, Some(1_500_000_000));
    assert_eq!(inspection.create_time, Some(0));
    assert_eq!(inspection.not_before, Some(2));
    let json: Json = serde_json::from_str(&inspection.to_json()).unwrap();
    assert_eq!(json["expires_at"], "2017-07-14T02:40:00Z");
    assert_eq!(json["created_at"], "1970-01-01T00:00:00Z");
    assert_eq!(json["not_before"], "1970-01-01T00:00:02Z");
    assert_eq!(json["is_refused"], true);
    assert_eq!(inspection.header[0].value, "\"none\"");

    let data = "role=a%62+c&x&role=&=";
    let inspection =
        inspect_token(t1(API_KEY, data.as_bytes(), API_SECRET), &InspectOptions::new());
    let said: Vec<_> =
        inspection.fields.iter().map(|field| (field.name.as_str(), field.value.as_str())).collect();
    assert_eq!(said, [("role", "a%62+c"), ("x", ""), ("role", ""), ("", "")]);
    assert_eq!(inspection.header[0].name, "partner_id");
    assert_eq!(inspection.header[0].value, API_KEY);
}

#[test]
fn wrappings_inside_of_each_other_are_taken_off() {
    let token = jwt(br#"{"alg":"HS256"}"#, b"{\"exp\":1700003600}", API_SECRET);
    let options = at(NOW);
    let bare = project().inspect_token(&token, &options);
    let wrapped = project().inspect_token(format!("%20%22%20{token}%20%22%20"), &options);
    let around = ["white_space_around", "quotes_around", "url_encoded"];
    assert_eq!(codes(&wrapped), [&around[..], &codes(&bare)].concat());
    assert_eq!(wrapped.fields, bare.fields);
}

#[test]
fn what_is_around_a_token_is_told_apart_from_what_is_wrong_with_it() {
    let opentok = project();
    let options = tokmint::TokenOptions::new().create_time(NOW);
    let token = opentok.generate_token(SESSION_ID, &options).unwrap();
    let said = |text: &[u8]| codes(&opentok.inspect_token(text, &at(NOW)));
    let line = format!("INFO token={token} user=1");
    assert_eq!(said(line.as_bytes()), ["text_around"]);
    for unseen in ['\u{200b}', '\u{200f}', '\u{2060}', '\u{feff}'] {
        let text = format!("{token}{unseen}");
        assert_eq!(said(text.as_bytes()), ["white_space_around"]);
    }
    // A byte that is not UTF-8 is around a token at its end, and a fault of the token inside of it.
    let behind = [b"'", token.as_bytes(), b"\xff'"].concat();
    assert_eq!(said(&behind), ["quotes_around", "text_around"]);
    let (start, end) = token.as_bytes().split_at(token.len() - 5);
    let inside = [b"'", start, b"\xff", end, b"'"].concat();
    assert_eq!(said(&inside), ["quotes_around", "malformed_signature"]);
    // What is corrected is not made longer than a token may be.
    let longest = format!("eyJ{}", "a".repeat(MAX_TOKEN_BYTES - 3));
    assert_eq!(said(longest.as_bytes()), ["malformed_token"]);
}

#[test]
fn a_finding_quotes_values_that_stand_twice_but_no_connection_data() {
    let finding = |name: &str| {
        let payload = format!(r#"{{"{name}":"Johnny","{name}":"Jane"}}"#);
        let token = jwt(b"{}", payload.as_bytes(), API_SECRET);
        let inspection = inspect_token(token, &InspectOptions::new());
        let of_duplicate =
            |finding: &&tokmint::Finding| finding.code == FindingCode::DuplicateField;
        inspection.findings.iter().find(of_duplicate).unwrap().message.clone()
    };
    let said = finding("role");
    assert!(said.contains(r#""role" appears"#) && said.contains(r#"as "Johnny" and as "Jane""#));
    let said = finding("connection_data");
    assert!(said.contains("connection_data") && !said.contains("Johnny") && !said.contains("Jane"));
}

#[test]
fn the_json_form_has_every_field() {
    let token = jwt(br#"{"alg":"HS256"}"#, b"{\"exp\":1700003600}", API_SECRET);
    let inspection = project().inspect_token(token, &at(1_700_003_600));
    let json: Json = serde_json::from_str(&inspection.to_json()).unwrap();
    let names: Vec<_> = json.as_object().unwrap().keys().cloned().collect();
    for name in [
        "format", "signature", "header", "fields", "token", "created_at", "expires_at",
        "not_before", "remaining_lifetime", "findings",
    ] {
        assert!(names.contains(&name.to_owned()), "{name}");
    }
    assert_eq!(json["signature"], "valid");
    assert_eq!(json["remaining_lifetime"], 0);
    let finding = json["findings"].as_array().unwrap().last().unwrap();
    assert_eq!(finding["code"], "token_expired");
    assert_eq!(finding["severity"], "refused");
    assert_eq!(finding["server_message"], "token has expired");
}

#[test]
fn the_clock_is_read_when_no_time_is_given() {
    let opentok = project();
    let token = opentok.generate_token(SESSION_ID, &tokmint::TokenOptions::new()).unwrap();
    let inspection = opentok.inspect_token(&token, &InspectOptions::new());
    assert_eq!(codes(&inspection), [""; 0]);
    let remaining = inspection.remaining_lifetime.unwrap();
    assert!((86_300..=86_400).contains(&remaining), "{remaining}");
    opentok.verify_token(&token, &VerifyOptions::new()).unwrap();
}
