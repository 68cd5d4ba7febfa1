//! What a token costs, as a ratio to the bare HMAC over the same bytes with a cached key, which no
//! implementation can beat, and beside the crate `jsonwebtoken` with the same claims.
//!
//! All contenders take turns in short batches, so that whatever else the machine does falls on all
//! of them; the median batch counts. Run with `make bench`. Criterion and divan measure one
//! function after the other and know no ratios, which is all that a shared machine can show.

#![allow(clippy::unwrap_used, missing_docs)]

use std::hint::black_box;
use std::time::{Duration, Instant};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeyPair;
use aws_lc_rs::signature::{
    KeyPair as _, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256,
};
use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use sha1::Sha1;
use sha2::Sha256;
use tokmint::limits::MAX_TOKEN_BYTES;
use tokmint::{InspectOptions, OpenTok, Role, TokenFormat, TokenOptions, VerifyOptions};

const API_KEY: &str = "123456";
const API_SECRET: &str = "1234567890abcdef1234567890abcdef1234567890";
const SESSION_ID: &str = "1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4";
const APPLICATION_ID: &str = "a98e12ca-f3e5-4df8-bc66-fd4b5f30b9e9";
const PRIVATE_KEY: &str = include_str!("../../../vectors/private_key.pem");
const APPLICATION_SESSION_ID: &str = "2_MX5hOThlMTJjYS1mM2U1LTRkZjgtYmM2Ni1mZDRiNWYzMGI5ZTl-fjE2NzI3MzY4NzgxNjJ-bi9OeFVLbkNaVjBUUnpVSmxjbURqQ3J4flB-fg";
const CLASSES: &[&str] = &["focus", "main"];

/// Connection data of two sizes: what the guides show, and what an app sends with it.
const DATAS: [&str; 2] = [
    "name=Johnny&level=4",
    r#"{"id":"4711","name":"Johnny Appleseed","seat":"front row, left","locale":"en-GB"}"#,
];

/// Batches that each contender runs.
const ROUNDS: usize = 301;
/// Calls in a batch: about half a millisecond.
const CALLS: u32 = 500;
/// The same for RSA signatures, which take a thousand times as long as an HMAC.
const CALLS_OF_RSA: u32 = 5;
/// The same for the longest tokens.
const CALLS_OF_LONGEST: u32 = 2;

/// A function to measure, with its name.
type Contender<'a> = (&'a str, Box<dyn FnMut() + 'a>);

/// What the crate jsonwebtoken is given: tokmint's claims in tokmint's order.
#[derive(serde::Serialize, serde::Deserialize)]
struct PeerClaims {
    session_id: String,
    role: String,
    iat: i64,
    exp: i64,
    scope: String,
    initial_layout_class_list: String,
    connection_data: String,
    iss: String,
    ist: String,
    nonce: i64,
}

fn main() {
    let crates =
        ["tokmint", "hmac", "sha1", "sha2", "base64", "serde_json", "aws-lc-rs", "jsonwebtoken"];
    println!("{}", crates.map(with_version).join(", "));
    println!("{}", processor());
    DATAS.into_iter().for_each(measure);
    measure_application();
    measure_hostile();
}

/// A crate's name and the newest of its versions that are locked.
fn with_version(name: &str) -> String {
    let lock = include_str!("../../../../Cargo.lock");
    let head = format!("name = \"{name}\"\nversion = \"");
    let (_, rest) = lock.rsplit_once(&head).unwrap();
    format!("{name} {}", rest.split('"').next().unwrap())
}

/// The name of the processor, where Linux tells it.
fn processor() -> String {
    let cpuinfo = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = cpuinfo.lines().find_map(|line| line.strip_prefix("model name"));
    let name = name.map_or("unknown processor", |name| name.trim_start_matches(['\t', ' ', ':']));
    let has = |flag: &str| cpuinfo.split_whitespace().any(|word| word == flag);
    let extensions = ["sha_ni", "avx512ifma"].into_iter().filter(|flag| has(flag));
    format!("{name} ({})", extensions.collect::<Vec<_>>().join(", "))
}

fn measure(connection_data: &'static str) {
    let opentok = OpenTok::new(API_KEY, API_SECRET).unwrap();
    let options = |token_format| {
        TokenOptions::new()
            .role(Role::Moderator)
            .data(connection_data)
            .initial_layout_class_list(CLASSES)
            .token_format(token_format)
    };
    let any = VerifyOptions::new();

    let jwt_options = options(TokenFormat::Jwt);
    let jwt = opentok.generate_token(SESSION_ID, &jwt_options).unwrap();
    let (signed, _) = jwt.rsplit_once('.').unwrap();
    let sha256 = Hmac::<Sha256>::new_from_slice(API_SECRET.as_bytes()).unwrap();
    let hs256 = || drop(black_box(sha256.clone().chain_update(black_box(signed)).finalize()));

    let t1_options = options(TokenFormat::T1);
    let t1 = opentok.generate_token(SESSION_ID, &t1_options).unwrap();
    let raw = BASE64_STANDARD.decode(&t1[4..]).unwrap();
    let data = raw.split(|&byte| byte == b':').nth(1).unwrap();
    let sha1 = Hmac::<Sha1>::new_from_slice(API_SECRET.as_bytes()).unwrap();
    let hmac_sha1 = || {
        let mut mac = sha1.clone();
        mac.update(black_box(data));
        black_box(mac.finalize());
    };

    let header = Header::new(Algorithm::HS256);
    let encoding_key = EncodingKey::from_secret(API_SECRET.as_bytes());
    let decoding_key = DecodingKey::from_secret(API_SECRET.as_bytes());
    let mut validation = Validation::new(Algorithm::HS256);
    validation.leeway = 0;
    validation.set_issuer(&[API_KEY]);
    let verified = opentok.verify_token(&jwt, &any).unwrap();
    let peer_generate = || {
        let claims = PeerClaims {
            session_id: SESSION_ID.to_owned(),
            role: Role::Moderator.to_string(),
            iat: verified.create_time(),
            exp: verified.expire_time(),
            scope: "session.connect".to_owned(),
            initial_layout_class_list: CLASSES.join(" "),
            connection_data: connection_data.to_owned(),
            iss: API_KEY.to_owned(),
            ist: "project".to_owned(),
            nonce: 402_117,
        };
        black_box(jsonwebtoken::encode(&header, &claims, &encoding_key).unwrap());
    };
    let peer_verify = || {
        black_box(jsonwebtoken::decode::<PeerClaims>(&jwt, &decoding_key, &validation).unwrap());
    };
    let generate = |options: &TokenOptions<'_>| {
        black_box(opentok.generate_token(black_box(SESSION_ID), black_box(options)).unwrap());
    };
    let verify = |token: &str| {
        black_box(opentok.verify_token(black_box(token), &any).unwrap());
    };
    let inspect = |token: &str| {
        black_box(opentok.inspect_token(black_box(token), &InspectOptions::new()));
    };

    compare(
        &format!("JWT, {} signed bytes", signed.len()),
        CALLS,
        vec![
            ("bare HMAC-SHA256", Box::new(hs256)),
            ("tokmint generate", Box::new(|| generate(&jwt_options))),
            ("tokmint verify", Box::new(|| verify(&jwt))),
            ("tokmint inspect", Box::new(|| inspect(&jwt))),
            ("jsonwebtoken encode", Box::new(peer_generate)),
            ("jsonwebtoken decode", Box::new(peer_verify)),
        ],
    );
    compare(
        &format!("T1, {} signed bytes", data.len()),
        CALLS,
        vec![
            ("bare HMAC-SHA1", Box::new(hmac_sha1)),
            ("tokmint generate", Box::new(|| generate(&t1_options))),
            ("tokmint verify", Box::new(|| verify(&t1))),
            ("tokmint inspect", Box::new(|| inspect(&t1))),
        ],
    );
}

/// Tokens of an application beside the engine's bare signature over the same bytes.
fn measure_application() {
    let opentok = OpenTok::for_application(APPLICATION_ID, PRIVATE_KEY).unwrap();
    let options = TokenOptions::new().role(Role::Moderator).data(DATAS[0]);
    let token = opentok.generate_token(APPLICATION_SESSION_ID, &options).unwrap();
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let signature = BASE64_URL_SAFE_NO_PAD.decode(signature).unwrap();

    let body: String = PRIVATE_KEY.lines().filter(|line| !line.starts_with('-')).collect();
    let pair = KeyPair::from_pkcs8(&BASE64_STANDARD.decode(body).unwrap()).unwrap();
    let public_key =
        ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, pair.public_key().as_ref()).unwrap();
    let sign = || {
        let mut signature = [0; 256];
        let rng = SystemRandom::new();
        pair.sign(&RSA_PKCS1_SHA256, &rng, black_box(signed.as_bytes()), &mut signature).unwrap();
        black_box(signature);
    };
    let verify = || public_key.verify_sig(black_box(signed.as_bytes()), &signature).unwrap();

    let claims: serde_json::Value = serde_json::from_slice(
        &BASE64_URL_SAFE_NO_PAD.decode(signed.split('.').nth(1).unwrap()).unwrap(),
    )
    .unwrap();
    let header = Header::new(Algorithm::RS256);
    let encoding_key = EncodingKey::from_rsa_pem(PRIVATE_KEY.as_bytes()).unwrap();
    let any = VerifyOptions::new();
    compare(
        &format!("RS256 (2048 bits), {} signed bytes", signed.len()),
        CALLS_OF_RSA,
        vec![
            ("bare RSA signature", Box::new(sign)),
            (
                "tokmint generate",
                Box::new(|| {
                    let token = opentok.generate_token(APPLICATION_SESSION_ID, &options);
                    black_box(token.unwrap());
                }),
            ),
            (
                "jsonwebtoken encode",
                Box::new(|| {
                    black_box(jsonwebtoken::encode(&header, &claims, &encoding_key).unwrap());
                }),
            ),
        ],
    );
    compare(
        &format!("RS256 (2048 bits), {} signed bytes", signed.len()),
        CALLS_OF_RSA,
        vec![
            ("bare RSA verification", Box::new(verify)),
            ("tokmint verify", Box::new(|| drop(opentok.verify_token(&token, &any).unwrap()))),
            (
                "tokmint inspect",
                Box::new(|| drop(opentok.inspect_token(&token, &InspectOptions::new()))),
            ),
        ],
    );
}

/// What the worst bytes cost that inspect reads: as long as a token may be.
fn measure_hostile() {
    let opentok = OpenTok::new(API_KEY, API_SECRET).unwrap();
    let jwt = |payload: String| {
        let head = format!("e30.{}", BASE64_URL_SAFE_NO_PAD.encode(payload));
        let signature = "A".repeat(43);
        format!("{}.{signature}", &head[..head.len().min(MAX_TOKEN_BYTES - 44)])
    };
    let t1 = |data: &str| {
        let head = format!("partner_id={API_KEY}&sig={}:", "0".repeat(40));
        let token = format!("T1=={}", BASE64_STANDARD.encode(head + data));
        token[..token.len().min(MAX_TOKEN_BYTES)].to_owned()
    };
    let tokens = [
        ("JWT of many names", jwt(format!("{{{}}}", vec!["\"\":0"; 9_800].join(",")))),
        ("JWT of nested arrays", jwt("[".repeat(MAX_TOKEN_BYTES))),
        ("JWT of one long text", jwt(format!("{{\"a\":\"{}\"}}", "\\n".repeat(24_000)))),
        (
            "JWT of many classes",
            jwt(format!("{{\"initial_layout_class_list\":\"{}\"}}", "% ".repeat(24_000))),
        ),
        ("T1 of many fields", t1(&"a=&".repeat(MAX_TOKEN_BYTES / 4))),
        ("T1 of percent signs", t1(&"%".repeat(MAX_TOKEN_BYTES))),
        (
            "T1 of many classes",
            t1(&format!("initial_layout_class_list={}", "%25+".repeat(MAX_TOKEN_BYTES / 6))),
        ),
        (
            "T1 of many at signs",
            t1(&format!("connection_data={}", "a@".repeat(MAX_TOKEN_BYTES / 3))),
        ),
        ("quotation marks", "'\"".repeat(MAX_TOKEN_BYTES / 2)),
        ("nested percent signs", "%25".repeat(MAX_TOKEN_BYTES / 3)),
        ("dots", ".".repeat(MAX_TOKEN_BYTES)),
        (
            "starts of tokens inside of a word",
            "-".repeat(MAX_TOKEN_BYTES / 2)
                + "x"
                + &"-eyJ".repeat(MAX_TOKEN_BYTES / 8 - 8)
                + "%2525253D",
        ),
    ];
    let sha256 = Hmac::<Sha256>::new_from_slice(API_SECRET.as_bytes()).unwrap();
    let bytes = vec![0; MAX_TOKEN_BYTES];
    let hmac = || drop(black_box(sha256.clone().chain_update(black_box(&bytes)).finalize()));
    let mut contenders: Vec<Contender<'_>> = vec![("bare HMAC-SHA256", Box::new(hmac))];
    let opentok = &opentok;
    for (name, token) in &tokens {
        let inspect = move || drop(black_box(opentok.inspect_token(token, &InspectOptions::new())));
        contenders.push((name, Box::new(inspect)));
    }
    compare(
        &format!("inspect of hostile bytes, {MAX_TOKEN_BYTES} of them"),
        CALLS_OF_LONGEST,
        contenders,
    );
}

/// Measures the contenders in turns and prints each one's median time and its ratio to the first
/// one's.
fn compare(title: &str, calls: u32, mut contenders: Vec<Contender<'_>>) {
    let mut batches = vec![Vec::with_capacity(ROUNDS); contenders.len()];
    for round in 0..=ROUNDS {
        for ((_, call), times) in contenders.iter_mut().zip(&mut batches) {
            let start = Instant::now();
            for _ in 0..calls {
                call();
            }
            let time = start.elapsed();
            // The first round only warms up.
            if round > 0 {
                times.push(time);
            }
        }
    }
    println!("{title} (median of {ROUNDS} batches of {calls} calls)");
    let medians: Vec<Duration> = batches.iter_mut().map(|times| median(times)).collect();
    for ((name, _), time) in contenders.iter().zip(&medians) {
        let ratio = time.as_secs_f64() / medians[0].as_secs_f64();
        let nanoseconds = (*time / calls).as_nanos();
        println!("  {name:<22} {nanoseconds:>6} ns {ratio:>6.2} x");
    }
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}
