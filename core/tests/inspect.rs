//! Inspection: its vectors, and what must hold for any bytes. It agrees with verify, panics at
//! nothing, and shows neither secret nor signature.

#![allow(clippy::unwrap_used, reason = "a test that fails should fail loudly")]

mod support;

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value as Json, json};
use support::{
    API_KEY, API_SECRET, SESSION_ID, bytes, credentials, inspect, jwt, project, t1, vectors,
};
use tokmint::limits::{MAX_INSPECTED_FIELDS, MAX_TOKEN_BYTES};
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

/// What the finding with this code says, to a token of the project.
fn sentence(opentok: Option<&OpenTok>, token: &str, code: FindingCode) -> String {
    let inspection = match opentok {
        Some(opentok) => opentok.inspect_token(token, &at(NOW)),
        None => inspect_token(token, &at(NOW)),
    };
    let found = inspection.findings.iter().find(|finding| finding.code == code);
    found.unwrap_or_else(|| panic!("{code:?} in {:?}", codes(&inspection))).message.clone()
}

const APPLICATION_ID: &str = "a98e12ca-f3e5-4df8-bc66-fd4b5f30b9e9";
const SESSION_OF_APPLICATION: &str = "2_MX5hOThlMTJjYS1mM2U1LTRkZjgtYmM2Ni1mZDRiNWYzMGI5ZTl-fjE2NzI3MzY4NzgxNjJ-bi9OeFVLbkNaVjBUUnpVSmxjbURqQ3J4flB-fg";

/// The credentials of an application whose key `keys.json` has.
fn application(id: &str, key: &str) -> OpenTok {
    let private_key = vectors("keys.json")["keys"][key]["private_key"].clone();
    OpenTok::for_application(id, bytes(&private_key, &Json::Null)).unwrap()
}

/// A JWT of the project with other claims than those of a good one.
fn jwt_with(header: &str, changes: &[(&str, Json)]) -> String {
    let mut payload = json!({
        "session_id": SESSION_ID, "role": "publisher", "iat": NOW, "exp": NOW + 60,
        "scope": "session.connect", "iss": API_KEY, "ist": "project",
    });
    for (name, value) in changes {
        payload[*name] = value.clone();
    }
    let members = payload.as_object_mut().unwrap();
    members.retain(|_, value| !value.is_null());
    jwt(header.as_bytes(), payload.to_string().as_bytes(), API_SECRET)
}

const HS256: &str = r#"{"alg":"HS256"}"#;

#[test]
fn a_sentence_says_what_the_token_shows() {
    use FindingCode as Code;
    let opentok = project();
    let said = |token: &str, code| sentence(Some(&opentok), token, code);
    let with = |changes: &[(&str, Json)]| jwt_with(HS256, changes);
    let t1_with = |fields: &str| {
        t1(API_KEY, format!("session_id={SESSION_ID}&{fields}").as_bytes(), API_SECRET)
    };

    // Of an algorithm that the other kind signs with, the error says more.
    let rs256 = jwt_with(r#"{"alg":"RS256"}"#, &[]);
    assert_eq!(
        said(&rs256, Code::UnsupportedAlgorithm),
        opentok.verify_token(&rs256, &VerifyOptions::new().now(NOW)).unwrap_err().to_string()
    );
    let signed_with = |name: &str| {
        format!(
            "the token is signed with {name}, but client tokens are signed with HS256 (projects) or RS256 \
             (applications) only; generate it with the credentials of either"
        )
    };
    let none = jwt_with(r#"{"alg":"none"}"#, &[]);
    assert_eq!(said(&none, Code::UnsupportedAlgorithm), signed_with("\"none\""));
    let nothing = jwt_with("{}", &[]);
    assert_eq!(said(&nothing, Code::UnsupportedAlgorithm), signed_with("no algorithm"));

    assert_eq!(
        said(&with(&[("iss", json!("654321"))]), Code::TokenOfOtherProject),
        "the token belongs to project \"654321\", not to this API key; use the credentials of the project that issued it"
    );
    let other_id = "b98e12ca-f3e5-4df8-bc66-fd4b5f30b9e9";
    let application = application(APPLICATION_ID, "main");
    let options = tokmint::TokenOptions::new().create_time(NOW);
    let of_application = application.generate_token(SESSION_OF_APPLICATION, &options).unwrap();
    let other = OpenTok::verifier(other_id, include_str!("../../tests/vectors/public_key.pem"));
    assert_eq!(
        sentence(Some(&other.unwrap()), &of_application, Code::TokenOfOtherProject),
        format!(
            "the token belongs to application \"{APPLICATION_ID}\", not to this one; use the credentials of the \
             application that issued it"
        )
    );

    let session = format!("1_{}", URL_SAFE_NO_PAD.encode("1~654321~~x~~"));
    assert_eq!(
        said(&with(&[("session_id", json!(session))]), Code::SessionOfOtherProject),
        "the session belongs to project \"654321\", the token to another one; use the credentials of the project that \
         created the session"
    );
    let session = format!("1_{}", URL_SAFE_NO_PAD.encode(format!("1~{other_id}~~x~~")));
    let changes = [
        ("session_id", json!(session)),
        ("application_id", json!(APPLICATION_ID)),
        ("iss", Json::Null),
        ("ist", Json::Null),
    ];
    let token = jwt_with(r#"{"alg":"RS256"}"#, &changes);
    assert_eq!(
        sentence(None, &token, Code::SessionOfOtherProject),
        format!(
            "the session belongs to application \"{other_id}\", the token to another one; use the credentials of the \
             application that created the session"
        )
    );

    let role = |name: &str| with(&[("role", json!(name))]);
    assert_eq!(
        said(&role("publısher"), Code::LocalizedRole),
        "the token's role \"publısher\" has a dotless i: the Java SDK writes it so in a Turkish or Azeri locale; set \
         the default locale to ROOT"
    );
    assert_eq!(
        said(&role("Publisher"), Code::MiscasedRole),
        "the token's role \"Publisher\" has upper-case letters; roles are in lower case"
    );
    assert_eq!(
        said(&role("host"), Code::UnknownRole),
        "the token's role \"host\" is none of subscriber, publisher, publisheronly and moderator; use one of them"
    );

    let no_expiry = |sdks: &str| {
        format!(
            "the token has no expiry, which servers read in different ways; {sdks}: set it, at most 2592000 s after \
             the issue"
        )
    };
    assert_eq!(
        said(&with(&[("exp", Json::Null)]), Code::MissingExpiry),
        no_expiry("the Ruby and PHP SDKs write none unless told to")
    );
    let changes =
        [changes, [("exp", Json::Null), ("x", json!(1)), ("y", json!(1)), ("z", json!(1))]]
            .concat();
    assert_eq!(
        sentence(None, &jwt_with(r#"{"alg":"RS256"}"#, &changes), Code::MissingExpiry),
        no_expiry("the .NET SDK writes none")
    );
    let expire_time = |value: &str| {
        t1_with(&format!("create_time={NOW}&role=publisher&nonce=1&expire_time={value}"))
    };
    assert_eq!(
        said(&expire_time(""), Code::MalformedExpireTime),
        "the token's expiry is empty, as the Node SDK writes for an expireTime that is no number; pass Unix seconds"
    );
    assert_eq!(
        said(&expire_time("soon"), Code::MalformedExpireTime),
        "the token is malformed: its expiry is not in plain Unix seconds; correct it where the token is issued"
    );
    assert_eq!(
        said(&with(&[("exp", json!(NOW * 1000))]), Code::Milliseconds),
        "a time of the token is above 100000000000, so it is in milliseconds, but the unit is Unix seconds; divide it \
         by 1000"
    );
    for expiry in [NOW - 10, 3600] {
        assert_eq!(
            said(&with(&[("iat", json!(NOW - 10)), ("exp", json!(expiry))]), Code::TokenExpired),
            "the token's expiry is not after its issue; pass the expiry as a time in Unix seconds, not as a duration"
        );
    }
    let expired = with(&[("iat", json!(NOW - 10)), ("exp", json!(NOW - 9))]);
    assert_eq!(
        said(&expired, Code::TokenExpired),
        opentok.verify_token(&expired, &VerifyOptions::new().now(NOW)).unwrap_err().to_string()
    );

    let twice = |format: &str| {
        format!(
            "\"role\" appears in the token twice, as \"publisher\" and as \"moderator\", and readers differ in which \
             they believe; {format}"
        )
    };
    let fields = format!("create_time={NOW}&nonce=1&role=publisher&role=moderator");
    assert_eq!(
        said(&t1_with(&fields), Code::DuplicateField),
        twice("the Java and .NET SDKs let layout classes add fields: use classes without & and =")
    );
    let payload = r#"{"role":"publisher","role":"moderator"}"#;
    let token = jwt(HS256.as_bytes(), payload.as_bytes(), API_SECRET);
    assert_eq!(said(&token, Code::DuplicateField), twice("write it once"));
}

#[test]
fn standard_base64_in_a_jwt_is_named_for_the_part_that_has_it() {
    use FindingCode::{MalformedHeader, MalformedPayload, MalformedSignature};
    let says = |token: String, code| {
        let said = sentence(None, &token, code);
        let is_named =
            said.starts_with("a part of the token is in standard base64, with +, / or =");
        assert!(is_named || said.starts_with("the token is malformed: "), "{said}");
        is_named
    };
    let token = jwt_with(HS256, &[]);
    let parts: [&str; 3] = token.split('.').collect::<Vec<_>>().try_into().unwrap();
    for (at, code) in
        [MalformedHeader, MalformedPayload, MalformedSignature].into_iter().enumerate()
    {
        let with = |symbol: &str, every: bool| {
            let mut parts = parts.map(str::to_owned);
            // As many symbols as before, so that nothing is missing at the end.
            let length = parts[at].len();
            let rest = if every { "a".repeat(length) } else { parts[at].clone() };
            parts[at] = format!("{symbol}{}", &rest[symbol.len()..]);
            parts.join(".")
        };
        for symbol in ["+", "/", "="] {
            assert!(says(with(symbol, true), code), "{symbol} in part {at}");
        }
        // A byte of neither alphabet came on the way.
        for symbols in ["*", "+*", "!"] {
            assert!(!says(with(symbols, false), code), "{symbols} in part {at}");
        }
        // Standard base64 in another part says nothing of this one.
        let mut parts = parts.map(str::to_owned);
        parts[at].replace_range(..1, "*");
        let other = (at + 1) % 3;
        parts[other].replace_range(..1, "+");
        assert!(!says(parts.join("."), code), "part {at} beside part {other}");
    }
}

#[test]
fn what_is_missing_at_the_end_is_told() {
    let opentok = project();
    let missing = "the = at the end of the token are missing, and nothing else; pass it whole, and do not split a \
                   string that holds it at =";
    let of_code = |token: &str| sentence(Some(&opentok), token, FindingCode::Truncated);
    let data = |length| {
        let start =
            format!("session_id={SESSION_ID}&create_time={NOW}&role=publisher&connection_data=");
        t1(API_KEY, format!("{start}{}", "a".repeat(length)).as_bytes(), API_SECRET)
    };
    let padded: Vec<String> = (0..3).map(data).collect();
    let mut paddings: Vec<_> =
        padded.iter().map(|token| token.len() - token.trim_end_matches('=').len()).collect();
    for (token, &padding) in padded.iter().zip(&paddings) {
        let bare = token.trim_end_matches('=');
        if padding > 0 {
            assert_eq!(of_code(bare), missing);
        }
        let cut = &bare[..bare.len() - 5];
        assert_ne!(of_code(cut), missing);
        assert!(of_code(cut).contains("the end of the token is missing"), "{}", of_code(cut));
        // With a signature that matches, other findings keep their sentence.
        let spaced = format!(" {token}");
        let said = sentence(Some(&opentok), &spaced, FindingCode::WhiteSpaceAround);
        assert!(said.starts_with("there is whitespace"), "{said}");
    }
    paddings.sort_unstable();
    assert_eq!(paddings, [0, 1, 2]);
    let jwt = jwt_with(HS256, &[]);
    assert!(of_code(&jwt[..jwt.len() - 1]).contains("the end of the token is missing"));
}

#[test]
fn a_space_in_t1_was_a_plus_sign_also_without_the_prefix() {
    let opentok = project();
    // One of three neighbours ends a group of base64, and its last symbol is then a plus sign.
    let data = format!(
        "session_id={SESSION_ID}&create_time={NOW}&role=publisher&connection_data=~~~&nonce=1"
    );
    let token = t1(API_KEY, data.as_bytes(), API_SECRET);
    assert!(token.contains('+'));
    let said = |text: &str| codes(&opentok.inspect_token(text, &at(NOW)));
    assert_eq!(said(&token), ["default_expiry"]);
    let spaced = token.replace('+', " ");
    assert_eq!(said(&spaced), ["white_space_inside", "default_expiry"]);
    let bare = spaced.strip_prefix("T1==").unwrap();
    assert_eq!(said(bare), ["white_space_inside", "missing_prefix", "default_expiry"]);
}

/// A T1 token of the project with the start of its data: as much as whole groups of base64 hold.
fn t1_cut(kept: &str, cut: &str) -> String {
    let token = |filler: usize| {
        let data = format!("{}={}&{kept}", "x", "a".repeat(filler));
        let token = t1(API_KEY, format!("{data}{cut}").as_bytes(), API_SECRET);
        let raw = STANDARD.decode(&token["T1==".len()..]).unwrap();
        let end = raw.len() - cut.len();
        end.is_multiple_of(3).then(|| format!("T1=={}", STANDARD.encode(&raw[..end])))
    };
    (0..3).find_map(token).unwrap()
}

#[test]
fn a_t1_token_that_lacks_one_of_its_fields_is_cut_off() {
    let fields = [
        format!("session_id={SESSION_ID}"),
        format!("create_time={NOW}"),
        "role=publisher".to_owned(),
    ];
    for index in 0..3 {
        let mut fields = fields.clone();
        let last = fields[index].clone();
        fields[index] = "nonce=1".into();
        let cut = format!("&{last}");
        let inspection = project().inspect_token(t1_cut(&fields.join("&"), &cut), &at(NOW));
        assert_eq!(codes(&inspection), ["truncated"], "{last}");
    }
}

#[test]
fn of_what_is_cut_off_the_last_field_is_not_read() {
    let opentok = project();
    // Part of an expiry would be another expiry, and none of it the default one.
    let start = format!("session_id={SESSION_ID}&create_time={}&expire_time=", NOW - 100_000);
    let inspection =
        opentok.inspect_token(t1_cut(&format!("{start}1700"), "000001&role=publisher"), &at(NOW));
    assert_eq!(codes(&inspection), ["truncated"]);
    assert_eq!((inspection.create_time, inspection.expire_time), (Some(NOW - 100_000), None));
    // What is wrong beside it stays.
    let other = format!("1_{}", URL_SAFE_NO_PAD.encode("1~654321~~x~~"));
    let start = format!("session_id={other}&create_time={}", NOW - 100_000);
    let inspection =
        opentok.inspect_token(t1_cut(&format!("{start}&no"), "nce=1&role=publisher"), &at(NOW));
    assert_eq!(codes(&inspection), ["truncated", "session_of_other_project"]);
    // Of more fields than are shown nothing is read again.
    let many =
        format!("session_id={SESSION_ID}{}&create_time=17000", "&y=1".repeat(MAX_INSPECTED_FIELDS));
    let inspection = opentok.inspect_token(t1_cut(&many, "00000&role=publisher"), &at(NOW));
    assert_eq!(codes(&inspection)[0], "truncated");
    assert_eq!(inspection.create_time, Some(17_000));
}

#[test]
fn a_t1_token_without_its_padding_keeps_its_last_field() {
    let start =
        format!("session_id={SESSION_ID}&create_time={NOW}&role=publisher&connection_data=");
    for length in 0..3 {
        let data = "a".repeat(length);
        let token = t1(API_KEY, format!("{start}{data}").as_bytes(), API_SECRET);
        let symbols = token.trim_end_matches('=').len();
        for length in symbols..=token.len() {
            let inspection = project().inspect_token(&token[..length], &at(NOW));
            let is_whole = length == token.len();
            assert_eq!(codes(&inspection).contains(&"truncated"), !is_whole);
            assert_eq!(inspection.signature.name(), "valid");
            assert_eq!(inspection.token.unwrap().data(), data);
        }
    }
    // Symbols of both alphabets are no end that is missing.
    let token = t1(API_KEY, format!("{start}~~~~~~&nonce=1").as_bytes(), API_SECRET);
    let mixed = token.replacen('+', "-", 1);
    assert!(mixed.contains('+') && mixed.contains('-'));
    let padding = |token: &str| (token.len() - 4) % 4;
    assert_eq!(padding(&mixed), 0);
    let mixed = mixed.trim_end_matches('=');
    let said = codes(&project().inspect_token(&mixed[..mixed.len() / 4 * 4], &at(NOW)));
    assert!(said.contains(&"malformed_base64") && !said.contains(&"truncated"), "{said:?}");
}

#[test]
fn a_signature_is_cut_off_if_it_is_shorter_than_the_key_s() {
    let options = tokmint::TokenOptions::new().create_time(NOW);
    let application = application(APPLICATION_ID, "rsa4096");
    let token = application.generate_token(SESSION_OF_APPLICATION, &options).unwrap();
    let (signed, signature) = token.rsplit_once('.').unwrap();
    // 512 bytes; those of the shortest key have 342 symbols.
    assert_eq!(signature.len(), 683);
    for length in [682, 400, 343, 0] {
        let cut = format!("{signed}.{}", &signature[..length]);
        let said = codes(&application.inspect_token(&cut, &at(NOW)));
        assert_eq!(said, ["truncated"], "{length}");
    }
    let other = if signature.starts_with('B') { 'C' } else { 'B' };
    let changed = format!("{signed}.{other}{}", &signature[1..]);
    assert_eq!(codes(&application.inspect_token(&changed, &at(NOW))), ["invalid_signature"]);
    // A signature of the other kind has that kind's length.
    let token = jwt_with(HS256, &[]);
    let (start, end) = token.split_at(token.len() - 5);
    let malformed = format!("{start}*{}", &end[1..]);
    let said = codes(&application.inspect_token(&malformed, &at(NOW)));
    assert!(said.contains(&"malformed_signature") && !said.contains(&"truncated"), "{said:?}");
}

#[test]
fn the_longest_token_is_read() {
    let longest = format!("T1=={}", "A".repeat(MAX_TOKEN_BYTES - 4));
    assert_eq!(inspect_token(&longest, &at(NOW)).format, Some(tokmint::TokenFormat::T1));
    assert_eq!(inspect_token(longest + "A", &at(NOW)).format, None);
}

#[test]
fn a_token_ends_at_white_space_behind_other_text() {
    let opentok = project();
    for format in tokmint::TokenFormat::ALL {
        let options = tokmint::TokenOptions::new().create_time(NOW).token_format(*format);
        let token = opentok.generate_token(SESSION_ID, &options).unwrap();
        for blank in [" ", "\n", "\t"] {
            let line = format!("INFO token={token}{blank}user=1");
            assert_eq!(codes(&opentok.inspect_token(line, &at(NOW))), ["text_around"]);
        }
    }
}
