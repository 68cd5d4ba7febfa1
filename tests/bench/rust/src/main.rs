//! What a token costs, as a ratio to the bare HMAC over the same bytes with a cached key, which no
//! implementation can beat, and beside the crate `jsonwebtoken` with the same claims.
//!
//! All contenders take turns in short batches, so that whatever else the machine does falls on all
//! of them. The median batch of a run gives its ratio, and the median of several runs counts. Run
//! with `make bench`. Criterion and divan measure one function after the other and know no ratios,
//! which is all that a shared machine can show.
//!
//! Nonces have 16 digits, but 15 or fewer in one process of nine. Then a JWT signs 439 bytes where
//! it else signs 440, which is a block less. That changes its ratios by about 4 %.
//!
//! Where a ratio has a target, it is printed beside it. Targets are for the data that the guides
//! show, `SHORT`, and nothing fails if they are missed: tests measure no time.

#![allow(clippy::unwrap_used, missing_docs)]

use std::hint::black_box;
use std::time::Instant;

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
use tokmint::{InspectOptions, OpenTok, Role, Token, TokenFormat, TokenOptions, VerifyOptions};

const API_KEY: &str = "123456";
const API_SECRET: &str = "1234567890abcdef1234567890abcdef1234567890";
const SESSION_ID: &str = "1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4";
const APPLICATION_ID: &str = "a98e12ca-f3e5-4df8-bc66-fd4b5f30b9e9";
const PRIVATE_KEY: &str = include_str!("../../../vectors/private_key.pem");
const APPLICATION_SESSION_ID: &str = "2_MX5hOThlMTJjYS1mM2U1LTRkZjgtYmM2Ni1mZDRiNWYzMGI5ZTl-fjE2NzI3MzY4NzgxNjJ-bi9OeFVLbkNaVjBUUnpVSmxjbURqQ3J4flB-fg";
const CLASSES: &[&str] = &["focus", "main"];

/// Connection data as the guides show it.
const SHORT: &str = "name=Johnny&level=4";
/// What an app sends with it.
const LONG: &str =
    r#"{"id":"4711","name":"Johnny Appleseed","seat":"front row, left","locale":"en-GB"}"#;

/// Runs, of which each has its own ratios.
const RUNS: usize = 5;
/// Batches that each contender has in a run.
const ROUNDS: usize = 61;
/// Calls in a batch: about half a millisecond.
const CALLS: u32 = 500;
/// Tokens that one call of `Session::generate_tokens` makes.
const TOKENS: u32 = 100;
/// The same for RSA signatures, which take a thousand times as long as an HMAC.
const CALLS_OF_RSA: u32 = 5;
/// The same for the longest tokens.
const CALLS_OF_LONGEST: u32 = 2;

/// What tokens of a project are measured with, and the ratios to reach.
const PROJECT: [(&str, TokenFormat, Targets); 6] = [
    (SHORT, TokenFormat::Jwt, Targets::of([1.5, 1.4, 0.95, 2.2])),
    (SHORT, TokenFormat::T1, Targets::of([1.9, 1.8, 1.4, 3.0])),
    ("", TokenFormat::Jwt, Targets { many: Some(0.75), ..NO_TARGETS }),
    ("", TokenFormat::T1, NO_TARGETS),
    (LONG, TokenFormat::Jwt, NO_TARGETS),
    (LONG, TokenFormat::T1, NO_TARGETS),
];

const NO_TARGETS: Targets = Targets { generate: None, session: None, many: None, verify: None };

#[derive(Clone, Copy)]
struct Targets {
    generate: Option<f64>,
    session: Option<f64>,
    /// Of each token of a batch.
    many: Option<f64>,
    verify: Option<f64>,
}

impl Targets {
    const fn of([generate, session, many, verify]: [f64; 4]) -> Targets {
        Targets {
            generate: Some(generate),
            session: Some(session),
            many: Some(many),
            verify: Some(verify),
        }
    }
}

/// A function to measure.
struct Contender<'a> {
    name: &'a str,
    call: Box<dyn FnMut() + 'a>,
    /// How many calls one of the function counts for.
    calls: u32,
    /// The ratio to reach.
    target: Option<f64>,
}

impl<'a> Contender<'a> {
    fn new(name: &'a str, call: impl FnMut() + 'a) -> Self {
        Contender { name, call: Box::new(call), calls: 1, target: None }
    }

    /// The function generates [`TOKENS`] tokens.
    fn many(self) -> Self {
        Contender { calls: TOKENS, ..self }
    }

    fn target(self, target: impl Into<Option<f64>>) -> Self {
        Contender { target: target.into(), ..self }
    }
}

/// What the crate jsonwebtoken is given: tokmint's claims in tokmint's order.
#[derive(serde::Serialize, serde::Deserialize)]
struct PeerClaims {
    session_id: String,
    role: String,
    iat: i64,
    exp: i64,
    scope: String,
    initial_layout_class_list: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
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
    for (data, token_format, targets) in PROJECT {
        measure(data, token_format, targets);
    }
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

fn options(data: &str, token_format: TokenFormat) -> TokenOptions<'_> {
    TokenOptions::new()
        .role(Role::Moderator)
        .data(data)
        .initial_layout_class_list(CLASSES)
        .token_format(token_format)
}

/// Data of as many tokens as a batch has: each as long as the given one, and other than the one
/// before.
fn datas(data: &str) -> Vec<String> {
    let start = &data[..data.len().saturating_sub(1)];
    let other = |token: u32| format!("{start}{}", token % 10);
    (0..TOKENS).map(|token| if data.is_empty() { String::new() } else { other(token) }).collect()
}

/// Tokens of a project beside the bare HMAC over what one of them signs.
fn measure(data: &'static str, token_format: TokenFormat, targets: Targets) {
    let opentok = OpenTok::new(API_KEY, API_SECRET).unwrap();
    let session = opentok.session(SESSION_ID).unwrap();
    let options_of_one = options(data, token_format);
    let datas = datas(data);
    let options_of_many = datas.iter().map(|data| options(data, token_format)).collect::<Vec<_>>();
    let token = opentok.generate_token(SESSION_ID, &options_of_one).unwrap();
    let any = VerifyOptions::new();

    let (bare, signed) = match token_format {
        TokenFormat::T1 => {
            let raw = BASE64_STANDARD.decode(&token[4..]).unwrap();
            let signed = raw.split(|&byte| byte == b':').nth(1).unwrap().to_vec();
            let length = signed.len();
            (Contender::new("bare HMAC-SHA1", bare_hmac::<Hmac<Sha1>>(signed)), length)
        }
        _ => {
            let signed = token.rsplit_once('.').unwrap().0.as_bytes().to_vec();
            let length = signed.len();
            (Contender::new("bare HMAC-SHA256", bare_hmac::<Hmac<Sha256>>(signed)), length)
        }
    };
    let generate = || {
        let options = black_box(&options_of_one);
        black_box(opentok.generate_token(black_box(SESSION_ID), options).unwrap());
    };
    let session_generate = || {
        black_box(session.generate_token(black_box(&options_of_one)).unwrap());
    };
    let session_generate_many = || {
        for token in session.generate_tokens(black_box(&options_of_many).iter().copied()) {
            black_box(token.unwrap());
        }
    };
    let verify = || {
        black_box(opentok.verify_token(black_box(&token), &any).unwrap());
    };
    let inspect = || {
        black_box(opentok.inspect_token(black_box(&token), &InspectOptions::new()));
    };
    let mut contenders = vec![
        bare,
        Contender::new("generate_token", generate).target(targets.generate),
        Contender::new("Session::generate_token", session_generate).target(targets.session),
        Contender::new("Session::generate_tokens", session_generate_many)
            .many()
            .target(targets.many),
        Contender::new("verify_token", verify).target(targets.verify),
        Contender::new("inspect_token", inspect),
    ];
    if token_format == TokenFormat::Jwt {
        contenders.extend(peers(&opentok.verify_token(&token, &any).unwrap(), &token));
    }
    let format = token_format.to_string().to_uppercase();
    let title = format!("{format}, {} bytes of data, {signed} signed bytes", data.len());
    compare(&title, CALLS, contenders);
}

fn bare_hmac<M: Mac + KeyInit + Clone>(signed: Vec<u8>) -> impl FnMut() {
    let keyed = <M as KeyInit>::new_from_slice(API_SECRET.as_bytes()).unwrap();
    move || drop(black_box(keyed.clone().chain_update(black_box(&signed)).finalize()))
}

/// The crate jsonwebtoken with the claims of a token.
fn peers<'a>(said: &Token, token: &'a str) -> [Contender<'a>; 2] {
    let header = Header::new(Algorithm::HS256);
    let encoding_key = EncodingKey::from_secret(API_SECRET.as_bytes());
    let decoding_key = DecodingKey::from_secret(API_SECRET.as_bytes());
    let mut validation = Validation::new(Algorithm::HS256);
    validation.leeway = 0;
    validation.set_issuer(&[API_KEY]);
    let (iat, exp, data) = (said.create_time(), said.expire_time(), said.data().to_owned());
    let encode = move || {
        let claims = PeerClaims {
            session_id: SESSION_ID.to_owned(),
            role: Role::Moderator.to_string(),
            iat,
            exp,
            scope: "session.connect".to_owned(),
            initial_layout_class_list: CLASSES.join(" "),
            connection_data: data.clone(),
            iss: API_KEY.to_owned(),
            ist: "project".to_owned(),
            nonce: 402_117,
        };
        black_box(jsonwebtoken::encode(&header, &claims, &encoding_key).unwrap());
    };
    let decode = move || {
        black_box(jsonwebtoken::decode::<PeerClaims>(token, &decoding_key, &validation).unwrap());
    };
    [Contender::new("jsonwebtoken encode", encode), Contender::new("jsonwebtoken decode", decode)]
}

/// Tokens of an application beside the engine's bare signature over the same bytes.
fn measure_application() {
    let opentok = OpenTok::for_application(APPLICATION_ID, PRIVATE_KEY).unwrap();
    let session = opentok.session(APPLICATION_SESSION_ID).unwrap();
    let options = TokenOptions::new().role(Role::Moderator).data(SHORT);
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
            Contender::new("bare RSA signature", sign),
            Contender::new("generate_token", || {
                let token = opentok.generate_token(APPLICATION_SESSION_ID, &options);
                black_box(token.unwrap());
            }),
            Contender::new("Session::generate_token", || {
                black_box(session.generate_token(&options).unwrap());
            }),
            Contender::new("jsonwebtoken encode", || {
                black_box(jsonwebtoken::encode(&header, &claims, &encoding_key).unwrap());
            }),
        ],
    );
    compare(
        &format!("RS256 (2048 bits), {} signed bytes", signed.len()),
        CALLS_OF_RSA,
        vec![
            Contender::new("bare RSA verification", verify),
            Contender::new("verify_token", || drop(opentok.verify_token(&token, &any).unwrap())),
            Contender::new("inspect_token", || {
                drop(opentok.inspect_token(&token, &InspectOptions::new()));
            }),
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
    let bare = bare_hmac::<Hmac<Sha256>>(vec![0; MAX_TOKEN_BYTES]);
    let mut contenders = vec![Contender::new("bare HMAC-SHA256", bare)];
    let opentok = &opentok;
    for (name, token) in &tokens {
        let inspect = move || drop(black_box(opentok.inspect_token(token, &InspectOptions::new())));
        contenders.push(Contender::new(name, inspect));
    }
    compare(
        &format!("inspect of hostile bytes, {MAX_TOKEN_BYTES} of them"),
        CALLS_OF_LONGEST,
        contenders,
    );
}

/// Measures the contenders in turns and prints each one's median time and its ratio to the first
/// one's, with the target where there is one.
fn compare(title: &str, calls: u32, mut contenders: Vec<Contender<'_>>) {
    let mut times = vec![Vec::with_capacity(RUNS); contenders.len()];
    let mut ratios = times.clone();
    for _ in 0..RUNS {
        let run = run(calls, &mut contenders);
        for (index, time) in run.iter().enumerate() {
            times[index].push(*time);
            ratios[index].push(time / run[0]);
        }
    }
    let width = contenders.iter().map(|contender| contender.name.len()).max().unwrap_or(0);
    println!("\n{title} ({RUNS} runs of {ROUNDS} batches of {calls})");
    for ((contender, times), ratios) in contenders.iter().zip(&mut times).zip(&mut ratios) {
        let (name, time, ratio) = (contender.name, median(times), median(ratios));
        let beside = contender.target.map_or(String::new(), |target| {
            let verdict = if ratio <= target { "met" } else { "MISSED" };
            format!("  target {target:.2} x  {verdict}")
        });
        println!("  {name:<width$} {time:>7.0} ns {ratio:>6.2} x{beside}");
    }
}

/// The median nanoseconds of a call of each contender.
fn run(calls: u32, contenders: &mut [Contender<'_>]) -> Vec<f64> {
    let mut batches = vec![Vec::with_capacity(ROUNDS); contenders.len()];
    for round in 0..=ROUNDS {
        for (contender, times) in contenders.iter_mut().zip(&mut batches) {
            let start = Instant::now();
            for _ in 0..calls / contender.calls {
                (contender.call)();
            }
            let time = start.elapsed();
            // The first round only warms up.
            if round > 0 {
                times.push(time.as_secs_f64() * 1e9 / f64::from(calls));
            }
        }
    }
    batches.iter_mut().map(|times| median(times)).collect()
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    values[values.len() / 2]
}
