//! Whether the time of verify depends on how much of a signature is right: the test of dudect
//! (Reparaz, Balasch, Verbauwhede: Dude, is my code constant time? DATE 2017).
//!
//! `constant_time --short|--long [--size N]`. Each measurement verifies a token of its own whose
//! signature is wrong in its first byte or, at random, in its last one. The byte is changed at
//! random too, so that the signatures of both classes look alike, and only the comparison with the
//! expected MAC can tell them apart. Welch's t is computed of all times and of those below 100
//! percentiles, which crop what the rest of the machine adds. A control that compares byte by byte
//! takes every tenth batch and must be found out.
//!
//! Left out: dudect's test of second order, RS256, whose comparison is about public values, and
//! tokens whose signature is decoded wrongly, since what the token itself holds is no secret.

#![allow(missing_docs)]
#![allow(clippy::unwrap_used, reason = "a program that measures should fail loudly")]
#![allow(clippy::cast_precision_loss, reason = "counts and nanoseconds are far below 2^53")]

use std::env::args;
use std::hash::{BuildHasher, RandomState};
use std::hint::black_box;
use std::process::ExitCode;
use std::time::Instant;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::Sha256;
use tokmint::{Error, OpenTok, Session, TokenFormat, TokenOptions, VerifyOptions};

/// Measurements of each format.
const LONG: usize = 10_000_000;
const SHORT: usize = 300_000;

/// Largest |t| of constant time, and smallest of the control: with 10^7 measurements chance gives
/// a larger one less than once in 1,000 runs of all percentiles.
const LIMIT: f64 = 4.5;

/// Tokens that are prepared before any of them is verified.
const BATCH: usize = 2_000;

/// Batches whose times give the percentiles.
const WARM_UP: usize = 5;

const PERCENTILES: usize = 100;

/// The control takes one batch of so many.
const CONTROL_EVERY: usize = 10;

const API_SECRET: &str = "1234567890abcdef1234567890abcdef1234567890";
const SESSION_ID: &str = "1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4";
const CREATE_TIME: i64 = 1_800_000_000;

fn main() -> ExitCode {
    let arguments: Vec<String> = args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let size = match arguments[..] {
        ["--short"] => SHORT,
        ["--long"] => LONG,
        [_, "--size", size] => size.parse().unwrap(),
        _ => panic!("usage: constant_time --short|--long [--size N]"),
    };
    let mut figures = Vec::new();
    let (mut is_constant, mut is_control_found) = (true, true);
    for (name, format) in [("T1", TokenFormat::T1), ("HS256", TokenFormat::Jwt)] {
        let [verify, control] = measure(format, size);
        println!("{name} verify: {verify}");
        println!("{name} control: {control}");
        is_constant &= verify.largest < LIMIT;
        is_control_found &= control.largest > LIMIT;
        figures.push(format!("{name} {:.2} (control {:.0})", verify.largest, control.largest));
    }
    if !is_constant {
        println!("verify does not take the same time wherever a signature is wrong");
    }
    if !is_control_found {
        println!("the control, which does not take the same time, is not found out");
    }
    println!(
        "RESULT {size} measurements of each of T1 and HS256 | largest t: {} (limit {LIMIT})",
        figures.join(", ")
    );
    ExitCode::from(u8::from(!(is_constant && is_control_found)))
}

/// Measures verify, and the control.
fn measure(format: TokenFormat, size: usize) -> [Verdict; 2] {
    let opentok = OpenTok::new("123456", API_SECRET).unwrap();
    let session = opentok.session(SESSION_ID).unwrap();
    let options = VerifyOptions::new().now(CREATE_TIME);
    let control = Control::new();
    let verify = |token: &str| {
        let verdict = opentok.verify_token(black_box(token), &options);
        assert_eq!(black_box(verdict).unwrap_err(), Error::InvalidSignature);
    };
    let compare = |token: &str| assert!(!black_box(control.is_signed(format, black_box(token))));

    let mut random = Random::new();
    let mut tests = [Tests::default(), Tests::default()];
    let mut batch = 0;
    while tests[0].measured() < size {
        let tokens: Vec<(usize, String)> = (0..BATCH)
            .map(|_| {
                let class = usize::from(random.next().is_multiple_of(2));
                (class, wrong_token(&session, format, class, &mut random))
            })
            .collect();
        if batch % CONTROL_EVERY == 0 {
            tests[1].push(&tokens, compare);
        }
        tests[0].push(&tokens, verify);
        batch += 1;
    }
    tests.map(|tests| tests.verdict())
}

/// A new token whose signature is wrong in its first byte (class 0) or in its last (class 1).
fn wrong_token(
    session: &Session,
    format: TokenFormat,
    class: usize,
    random: &mut Random,
) -> String {
    let options =
        TokenOptions::new().token_format(format).create_time(CREATE_TIME).data("name=Johnny");
    let token = session.generate_token(&options).unwrap();
    let change = u8::try_from(random.next() % 255).unwrap() + 1;
    match format {
        TokenFormat::T1 => {
            let mut raw = STANDARD.decode(&token[4..]).unwrap();
            let colon = raw.iter().position(|&byte| byte == b':').unwrap();
            let digits = [colon - 40, colon - 2][class];
            let hex = str::from_utf8(&raw[digits..digits + 2]).unwrap();
            let byte = u8::from_str_radix(hex, 16).unwrap() ^ change;
            raw[digits..digits + 2].copy_from_slice(format!("{byte:02x}").as_bytes());
            format!("T1=={}", STANDARD.encode(raw))
        }
        _ => {
            let (message, signature) = token.rsplit_once('.').unwrap();
            let mut signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
            signature[[0, 31][class]] ^= change;
            format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
        }
    }
}

/// A verification that compares byte by byte, up to the first difference.
struct Control {
    sha1: Hmac<Sha1>,
    sha256: Hmac<Sha256>,
}

impl Control {
    fn new() -> Control {
        let secret = API_SECRET.as_bytes();
        let sha1 = Hmac::new_from_slice(secret).unwrap();
        Control { sha1, sha256: Hmac::new_from_slice(secret).unwrap() }
    }

    fn is_signed(&self, format: TokenFormat, token: &str) -> bool {
        match format {
            TokenFormat::T1 => {
                let raw = STANDARD.decode(&token[4..]).unwrap();
                let colon = raw.iter().position(|&byte| byte == b':').unwrap();
                let hex = raw[colon - 40..colon].chunks_exact(2);
                let value = |digit: u8| (digit & 15) + 9 * (digit >> 6);
                let signature: Vec<u8> =
                    hex.map(|digits| value(digits[0]) << 4 | value(digits[1])).collect();
                let mac = self.sha1.clone().chain_update(&raw[colon + 1..]).finalize();
                is_equal(&mac.into_bytes(), &signature)
            }
            _ => {
                let (message, signature) = token.rsplit_once('.').unwrap();
                let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
                let mac = self.sha256.clone().chain_update(message).finalize();
                is_equal(&mac.into_bytes(), &signature)
            }
        }
    }
}

/// What `==` does byte by byte. That of slices calls the C library, which compares 32 bytes at once
/// where the processor can.
#[inline(never)]
fn is_equal(left: &[u8], right: &[u8]) -> bool {
    for (left, right) in left.iter().zip(right) {
        if black_box(left) != black_box(right) {
            return false;
        }
    }
    left.len() == right.len()
}

/// Times of two classes, all of them and those below each percentile.
#[derive(Default)]
struct Tests {
    warm_up: Vec<f64>,
    /// The last one is that of all times.
    thresholds: Vec<f64>,
    welch: Vec<[Moments; 2]>,
    total: f64,
}

impl Tests {
    fn measured(&self) -> usize {
        self.welch.last().map_or(0, |classes| classes.iter().map(|class| class.count).sum())
    }

    fn push(&mut self, tokens: &[(usize, String)], verify: impl Fn(&str)) {
        let times: Vec<f64> = tokens
            .iter()
            .map(|(_, token)| {
                let start = Instant::now();
                verify(token);
                start.elapsed().as_nanos() as f64
            })
            .collect();
        if self.thresholds.is_empty() {
            self.warm_up.extend(&times);
            if self.warm_up.len() >= WARM_UP * BATCH {
                self.set_thresholds();
            }
            return;
        }
        for ((class, _), time) in tokens.iter().zip(times) {
            self.total += time;
            for (threshold, classes) in self.thresholds.iter().zip(&mut self.welch).rev() {
                if time > *threshold {
                    break;
                }
                classes[*class].push(time);
            }
        }
    }

    /// Percentiles that lie the closer, the higher they are, as dudect takes them.
    fn set_thresholds(&mut self) {
        self.warm_up.sort_by(f64::total_cmp);
        self.thresholds = (1..=PERCENTILES)
            .map(|index| 1.0 - 0.5_f64.powf(10.0 * index as f64 / PERCENTILES as f64))
            .map(|share| {
                #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
                let index = (share * self.warm_up.len() as f64) as usize;
                self.warm_up[index]
            })
            .collect();
        self.thresholds.push(f64::INFINITY);
        self.welch = vec![Default::default(); self.thresholds.len()];
    }

    fn verdict(&self) -> Verdict {
        let count = self.measured();
        // Of less than a hundredth of all times nothing is said.
        let counts =
            |classes: &&[Moments; 2]| classes.iter().all(|class| class.count > count / 200);
        let t = self.welch.iter().filter(counts).map(Moments::t);
        let [first, last] = self.welch[self.welch.len() / 2];
        Verdict {
            count,
            largest: t.fold(0.0, |largest, t| f64::max(largest, t.abs())),
            mean: self.total / count as f64,
            difference: last.mean - first.mean,
        }
    }
}

/// Mean and variance, kept up to date one value at a time (Welford).
#[derive(Clone, Copy, Default)]
struct Moments {
    count: usize,
    mean: f64,
    squares: f64,
}

impl Moments {
    fn push(&mut self, value: f64) {
        self.count += 1;
        let delta = value - self.mean;
        self.mean += delta / self.count as f64;
        self.squares += delta * (value - self.mean);
    }

    /// Welch's t of two classes.
    fn t([left, right]: &[Moments; 2]) -> f64 {
        let error = |class: &Moments| class.squares / (class.count - 1) as f64 / class.count as f64;
        let error = (error(left) + error(right)).sqrt();
        // All times below a low percentile can be equal.
        if error == 0.0 { 0.0 } else { (left.mean - right.mean) / error }
    }
}

struct Verdict {
    count: usize,
    largest: f64,
    mean: f64,
    difference: f64,
}

impl std::fmt::Display for Verdict {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Verdict { count, largest, mean, difference } = self;
        write!(
            f,
            "{count} measurements of {mean:.0} ns in the mean; below the middle percentile the \
             last byte takes {difference:+.3} ns more than the first; largest t {largest:.2}"
        )
    }
}

/// SplitMix64.
struct Random(u64);

impl Random {
    fn new() -> Random {
        Random(RandomState::new().hash_one(0))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }
}
