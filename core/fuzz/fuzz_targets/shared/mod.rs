//! What the targets share: credentials, the bases and edits of structured inputs, and the oracle
//! that compares verify and inspect with the slow checker.

#![allow(dead_code, reason = "no target uses all of it")]

pub mod checker;
pub mod generated;
pub mod json;

use std::sync::LazyLock;

use arbitrary::Arbitrary;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeyPair;
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use tokmint::limits::{MAX_INSPECTED_FIELDS, MAX_TOKEN_BYTES};
use tokmint::{Field, InspectOptions, Inspection, OpenTok, VerifyOptions};

use checker::{Claims, Expected, Issuer};

pub const API_KEY: &str = "123456";
pub const API_SECRET: &str = "1234567890abcdef1234567890abcdef1234567890";
pub const SESSION_ID: &str =
    "1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4";
pub const APPLICATION_ID: &str = "a98e12ca-f3e5-4df8-bc66-fd4b5f30b9e9";
pub const APPLICATION_SESSION_ID: &str = "2_MX5hOThlMTJjYS1mM2U1LTRkZjgtYmM2Ni1mZDRiNWYzMGI5ZTl-fjE2NzI3MzY4NzgxNjJ-bi9OeFVLbkNaVjBUUnpVSmxjbURqQ3J4flB-fg";
pub const PRIVATE_KEY: &str = include_str!("../../../../tests/vectors/private_key.pem");
pub const PUBLIC_KEY: &str = include_str!("../../../../tests/vectors/public_key.pem");

/// The creation time of the bases, and about when inputs are verified.
pub const NOW: i64 = 1_700_000_000;

pub static PROJECT: LazyLock<OpenTok> =
    LazyLock::new(|| OpenTok::new(API_KEY, API_SECRET).unwrap());

pub static APPLICATION: LazyLock<OpenTok> =
    LazyLock::new(|| OpenTok::for_application(APPLICATION_ID, PRIVATE_KEY).unwrap());

static SIGNER: LazyLock<KeyPair> = LazyLock::new(|| {
    let body: String = PRIVATE_KEY.lines().filter(|line| !line.starts_with('-')).collect();
    KeyPair::from_pkcs8(&STANDARD.decode(body).unwrap()).unwrap()
});

/// Whose credentials sign and verify.
#[derive(Clone, Copy)]
pub enum Signer {
    Project,
    Application,
}

impl Signer {
    pub fn opentok(self) -> &'static OpenTok {
        match self {
            Signer::Project => &PROJECT,
            Signer::Application => &APPLICATION,
        }
    }

    fn issuer(self) -> Issuer<'static> {
        match self {
            Signer::Project => Issuer::Project(API_KEY, API_SECRET.as_bytes()),
            Signer::Application => {
                Issuer::Application(APPLICATION_ID, SIGNER.public_key().as_ref())
            }
        }
    }

    pub fn session_id(self) -> &'static str {
        match self {
            Signer::Project => SESSION_ID,
            Signer::Application => APPLICATION_SESSION_ID,
        }
    }

    pub fn jwt(self, header: &[u8], payload: &[u8]) -> Vec<u8> {
        let [header, payload] = [header, payload].map(|part| URL_SAFE_NO_PAD.encode(part));
        let signed = format!("{header}.{payload}");
        let signature = match self {
            Signer::Project => {
                let mac = Hmac::<sha2::Sha256>::new_from_slice(API_SECRET.as_bytes()).unwrap();
                mac.chain_update(&signed).finalize().into_bytes().to_vec()
            }
            Signer::Application => {
                let mut signature = vec![0; SIGNER.public_modulus_len()];
                let (padding, rng) = (&RSA_PKCS1_SHA256, SystemRandom::new());
                SIGNER.sign(padding, &rng, signed.as_bytes(), &mut signature).unwrap();
                signature
            }
        };
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)).into_bytes()
    }
}

pub fn t1(data: &[u8]) -> Vec<u8> {
    let mac = Hmac::<sha1::Sha1>::new_from_slice(API_SECRET.as_bytes()).unwrap();
    let mac = mac.chain_update(data).finalize().into_bytes();
    let hex: String = mac.iter().map(|byte| format!("{byte:02x}")).collect();
    let raw = [format!("partner_id={API_KEY}&sig={hex}:").as_bytes(), data].concat();
    format!("T1=={}", STANDARD.encode(raw)).into_bytes()
}

pub const HEADER: &str = r#"{"alg":"HS256","typ":"JWT"}"#;
pub const PAYLOAD: &str = r#"{"session_id":"1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4","role":"moderator","iat":1700000000,"exp":1700003600,"scope":"session.connect","initial_layout_class_list":"focus main","connection_data":"name=Johnny","iss":"123456","ist":"project","nonce":402117}"#;
/// The same in another order, with what SDKs write otherwise and with a claim that is ignored.
pub const OTHER_PAYLOAD: &str = r#"{"iss":"123456","ist":"project","iat":1700000000.5,"exp":17000036e2,"nbf":1700000000,"nonce":"a\u002d1","role":"publisher","scope":"session.connect","session_id":"1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4","initial_layout_class_list":["focus","main"],"connection_data":null,"x":[{"y":null}]}"#;
pub const DATA: &str = "session_id=1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4&create_time=1700000000&expire_time=1700003600&role=moderator&nonce=402117&initial_layout_class_list=focus+main&connection_data=name%3DJohnny";
pub const APPLICATION_HEADER: &str = r#"{"alg":"RS256","typ":"JWT"}"#;
pub const APPLICATION_PAYLOAD: &str = r#"{"scope":"session.connect","session_id":"2_MX5hOThlMTJjYS1mM2U1LTRkZjgtYmM2Ni1mZDRiNWYzMGI5ZTl-fjE2NzI3MzY4NzgxNjJ-bi9OeFVLbkNaVjBUUnpVSmxjbURqQ3J4flB-fg","role":"moderator","initial_layout_class_list":"focus main","exp":1700003600,"sub":"video","acl":{"paths":{"/session/**":{}}},"connection_data":"name=Johnny","jti":"5d026ed1-e11b-4aeb-be9e-0191e8c93654","iat":1700000000,"application_id":"a98e12ca-f3e5-4df8-bc66-fd4b5f30b9e9","nbf":1699999940,"x":[{"y":null}]}"#;

/// What random bytes would seldom spell.
const WORDS: [&str; 30] = [
    "&role=publisher",
    "&r%6Fle=publisher",
    "&x=",
    "%00",
    "%E2%82%AC",
    "+",
    "\"role\":\"publisher\",",
    "\"\\u0072ole\":\"publisher\",",
    "\"x\":",
    "null",
    "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
    "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
    "]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]",
    "{\"y\":1,\"y\":2}",
    "1e400",
    "-0.5",
    ".9999999999",
    "9007199254740992",
    "\\ud800",
    "\\ud83d\\ude00",
    "\"crit\":[],",
    "\u{feff}",
    "\"sub\":\"video\",",
    "\"jti\":1,",
    "\"application_id\":\"A98E12CA-F3E5-4DF8-BC66-FD4B5F30B9E9\",",
    "\"alg\":\"HS256\",",
    "\"nbf\":1699999999.5,",
    "\"nbf\":-0.5,",
    "[\"a b\",\"\"]",
    "\"nonce\":-1.50e+3,",
];

#[derive(Arbitrary, Debug)]
pub enum Insert {
    Bytes(Vec<u8>),
    Word(u8),
}

#[derive(Arbitrary, Debug)]
pub struct Edit {
    at: u16,
    remove: u8,
    insert: Insert,
}

pub fn edited<'e>(text: &str, edits: impl IntoIterator<Item = &'e Edit>) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    for edit in edits {
        let at = usize::from(edit.at) % (bytes.len() + 1);
        let end = bytes.len().min(at + usize::from(edit.remove));
        let insert = match &edit.insert {
            Insert::Bytes(bytes) => bytes.as_slice(),
            Insert::Word(word) => WORDS[usize::from(*word) % WORDS.len()].as_bytes(),
        };
        bytes.splice(at..end, insert.iter().copied());
    }
    bytes
}

/// Seconds after the bases were created: any, or one at which a verdict changes.
#[derive(Arbitrary, Debug, Clone, Copy)]
enum After {
    Any(i16),
    Limit(u8),
}

impl Default for After {
    fn default() -> After {
        After::Any(0)
    }
}

impl After {
    fn seconds(self) -> i64 {
        const LIMITS: [i64; 8] = [-61, -60, -59, -1, 0, 3599, 3600, 3601];
        match self {
            After::Any(seconds) => seconds.into(),
            After::Limit(index) => LIMITS[usize::from(index) % LIMITS.len()],
        }
    }
}

/// Times and a session to verify with.
#[derive(Arbitrary, Debug, Clone, Copy, Default)]
pub struct Circumstances {
    after: After,
    leeway: u8,
    is_session_given: bool,
}

/// Verifies and inspects a token: both decide, and read, as the slow checker does.
pub fn assert_decided_alike(signer: Signer, token: &[u8], circumstances: Circumstances) {
    let opentok = signer.opentok();
    let now = NOW + circumstances.after.seconds();
    let session_id = circumstances.is_session_given.then_some(signer.session_id());
    let options = VerifyOptions::new()
        .now(now)
        .leeway(i64::from(circumstances.leeway))
        .session_id(session_id);
    let options_of_inspection = InspectOptions::new().now(now).session_id(session_id);
    let mut expected =
        Expected { issuer: signer.issuer(), session_id, now, leeway: circumstances.leeway.into() };
    let verified = opentok.verify_token(token, &options);
    let checked = checker::check(token, &expected);
    assert_eq!(verified.as_deref().ok().map(read), checked, "verify: {verified:?}");

    // An inspection has no leeway.
    expected.leeway = 0;
    let checked =
        if circumstances.leeway == 0 { checked } else { checker::check(token, &expected) };
    let inspection = opentok.inspect_token(token, &options_of_inspection);
    assert_eq!(inspection.is_refused(), checked.is_none(), "{:?}", inspection.findings);
    if let Some(checked) = checked {
        assert_eq!(inspection.token.as_ref().map(read), Some(checked));
    }
    assert_segments_join_again(token, &inspection);
}

pub fn read(claims: &tokmint::Claims) -> Claims {
    Claims {
        format: claims.format().name(),
        issuer: claims.api_key().or(claims.application_id()).unwrap().to_owned(),
        session_id: claims.session_id().to_owned(),
        role: claims.role().name().to_owned(),
        create_time: claims.create_time(),
        expire_time: claims.expire_time(),
        data: claims.data().to_owned(),
        classes: claims.initial_layout_class_list().map(str::to_owned).collect(),
        nonce: claims.nonce().to_owned(),
    }
}

/// The header and the fields that an inspection shows are those of a token that is spelled right.
pub fn assert_segments_join_again(token: &[u8], inspection: &Inspection) {
    if token.len() > MAX_TOKEN_BYTES {
        return;
    }
    let shown = |fields: &[Field]| -> Vec<(String, String)> {
        fields.iter().map(|field| (field.name.clone(), field.value.clone())).collect()
    };
    if let Some(body) = token.strip_prefix(b"T1==") {
        let raw = checker::base64_t1(body);
        let Some((head, data)) = raw.as_deref().and_then(checker::parts_of_t1) else {
            return;
        };
        if inspection.format.is_none() || inspection.fields.len() == MAX_INSPECTED_FIELDS {
            return;
        }
        // A head that cannot be read is not shown, nor is what is behind it.
        if !inspection.header.is_empty() {
            assert_eq!(joined(&inspection.fields), without_equals(data));
            let head = without_equals(head);
            let shown = joined(&inspection.header);
            let fields = head.split('&').filter(|field| !field.starts_with("sig="));
            assert_eq!(fields.collect::<Vec<_>>().join("&"), shown);
        }
        return;
    }
    let parts: Vec<_> = token.split(|&byte| byte == b'.').map(checker::base64_url).collect();
    let [Some(header), Some(payload), Some(_)] = &parts[..] else {
        return;
    };
    for (part, fields) in [(header, &inspection.header), (payload, &inspection.fields)] {
        let object = json::read(part, DEPTH);
        if let Some(members) = object.as_ref().and_then(json::Value::members) {
            let members = members.iter().take(MAX_INSPECTED_FIELDS);
            let members = members.map(|(name, value)| (name.clone(), value.text.to_owned()));
            assert_eq!(members.collect::<Vec<_>>(), shown(fields));
        }
    }
}

/// Deeper than what is refused for its depth, which is shown.
const DEPTH: usize = 100;

fn joined(fields: &[Field]) -> String {
    let fields = fields.iter().map(|field| match field.value.as_str() {
        "" => field.name.clone(),
        value => format!("{}={value}", field.name),
    });
    fields.collect::<Vec<_>>().join("&")
}

/// An empty value and none are shown alike.
fn without_equals(fields: &[u8]) -> String {
    let text = String::from_utf8_lossy(fields);
    let fields = text.split('&').map(|field| match field.split_once('=') {
        Some((name, "")) => name,
        _ => field,
    });
    fields.collect::<Vec<_>>().join("&")
}
