//! Whether any input makes a reader take more than linear time, and whether inputs beyond every
//! limit are refused at once.
//!
//! `quadratic --short|--long` measures core. `quadratic --write FOLDER` writes the inputs for the
//! program of C, as files `READER.SHAPE.SIZE`, so that the table of shapes stands here alone.
//!
//! Each shape is made of 1 KiB and of 64 KiB; the least times of several turns must differ by less
//! than [`MAX_RATIO`]: 64 is linear, and what else the machine does can only add to them. Then it
//! is repeated to 10 MB, which must be refused within [`MAX_REFUSAL`] and without an allocation
//! that could hold a copy.

#![allow(missing_docs)]
#![allow(clippy::unwrap_used, reason = "a program that measures should fail loudly")]

use std::env::args;
use std::hint::black_box;
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::Sha256;
use tokmint::{InspectOptions, OpenTok, SessionId, TokenOptions, VerifyOptions, inspect_token};

const SMALL: usize = 1 << 10;
const LARGE: usize = 1 << 16;
const HUGE: usize = 10_000_000;

/// Time of the large input in times of the small one.
const MAX_RATIO: f64 = 100.0;

/// Longest time in which the huge input is refused.
const MAX_REFUSAL: Duration = Duration::from_micros(20);

/// Most bytes that a refusal allocates.
const MAX_ALLOCATED: u64 = 65_536;

/// Turns of which the fastest counts.
const TURNS: usize = 9;

/// How long each measurement takes at least.
const TURN: Duration = Duration::from_micros(200);

const API_KEY: &str = "123456";
const API_SECRET: &str = "1234567890abcdef1234567890abcdef1234567890";
const APPLICATION_ID: &str = "a98e12ca-f3e5-4df8-bc66-fd4b5f30b9e9";
const SESSION_ID: &str = "1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4";
const PRIVATE_KEY: &str = include_str!("../../../../vectors/private_key.pem");
const PUBLIC_KEY: &str = include_str!("../../../../vectors/public_key.pem");

/// Makes an input of about this many bytes, and never more.
type Make = fn(usize) -> Vec<u8>;

/// Inputs of one kind, each with its name.
type Shapes = &'static [(&'static str, Make)];

/// Makes one call with an input.
type Read = fn(&Callers, &Input);

/// An input as both kinds of readers take it; the text is empty if it is none.
struct Input {
    bytes: Vec<u8>,
    text: String,
}

impl Input {
    fn new(bytes: Vec<u8>) -> Input {
        let text = str::from_utf8(&bytes).unwrap_or_default().to_owned();
        Input { bytes, text }
    }
}

struct Callers {
    project: OpenTok,
    verifier: OpenTok,
}

/// What reads inputs, and which shapes: an input that two readers take is listed once.
const READERS: [(&str, Read, &[Shapes]); 14] = [
    ("verify", verify, TOKENS),
    ("verify_of_application", verify_of_application, TOKENS),
    ("inspect", inspect, TOKENS),
    ("inspect_without_credentials", inspect_without_credentials, TOKENS),
    ("private_key", private_key, KEYS),
    ("public_key", public_key, KEYS),
    ("session_id", session_id, &[NAMES]),
    ("api_key", api_key, &[NAMES]),
    ("api_secret", api_secret, &[NAMES, WRAPPED]),
    ("application_id", application_id, &[NAMES]),
    ("session_of_verify", session_of_verify, &[NAMES]),
    ("data", data, &[NAMES, WRAPPED]),
    ("layout_classes", layout_classes, &[NAMES, &[("one_letter", |size| repeat("x ", size))]]),
    ("role", role, &[NAMES]),
];

/// Their errors say how many UTF-16 code units were given, which takes a pass over them, and no
/// copy.
const COUNTED: [&str; 2] = ["data", "layout_classes"];

fn verify(callers: &Callers, input: &Input) {
    let _ = black_box(callers.project.verify_token(&input.bytes, &VerifyOptions::new()));
}

fn verify_of_application(callers: &Callers, input: &Input) {
    let _ = black_box(callers.verifier.verify_token(&input.bytes, &VerifyOptions::new()));
}

fn inspect(callers: &Callers, input: &Input) {
    black_box(callers.project.inspect_token(&input.bytes, &InspectOptions::new()));
}

fn inspect_without_credentials(_: &Callers, input: &Input) {
    black_box(inspect_token(&input.bytes, &InspectOptions::new()));
}

fn private_key(_: &Callers, input: &Input) {
    let _ = black_box(OpenTok::for_application(APPLICATION_ID, &input.bytes));
}

fn public_key(_: &Callers, input: &Input) {
    let _ = black_box(OpenTok::verifier(APPLICATION_ID, &input.bytes));
}

fn session_id(callers: &Callers, input: &Input) {
    let id = &*input.text;
    let _ = black_box(SessionId::parse(id));
    let _ = black_box(callers.project.generate_token(id, &TokenOptions::new()));
}

fn api_key(_: &Callers, input: &Input) {
    let _ = black_box(OpenTok::new(&input.text, API_SECRET));
}

fn api_secret(_: &Callers, input: &Input) {
    let _ = black_box(OpenTok::new(API_KEY, &input.text));
}

fn application_id(_: &Callers, input: &Input) {
    let _ = black_box(OpenTok::verifier(&input.text, PUBLIC_KEY));
}

fn session_of_verify(callers: &Callers, input: &Input) {
    let options = VerifyOptions::new().session_id(input.text.as_str());
    let _ = black_box(callers.project.verify_token("eyJ", &options));
}

fn data(callers: &Callers, input: &Input) {
    let options = TokenOptions::new().data(&input.text);
    let _ = black_box(callers.project.generate_token(SESSION_ID, &options));
}

/// As many classes as the spaces make.
fn layout_classes(callers: &Callers, input: &Input) {
    let classes: Vec<&str> = match input.text.len() {
        HUGE.. => vec![&input.text],
        _ => input.text.split(' ').collect(),
    };
    let options = TokenOptions::new().initial_layout_class_list(&classes);
    let _ = black_box(callers.project.generate_token(SESSION_ID, &options));
}

fn role(_: &Callers, input: &Input) {
    let _ = black_box(input.text.parse::<tokmint::Role>());
    let _ = black_box(input.text.parse::<tokmint::TokenFormat>());
}

const TOKENS: &[Shapes] = &[T1, JSON, HEADERS, ENVELOPES, WRAPPED];
const KEYS: &[Shapes] = &[KEY_TEXTS, WRAPPED];

/// T1 tokens whose signature is right, so that their data is read.
const T1: Shapes = &[
    ("t1_names", |size| t1(size, |size| numbered("", "=&", size))),
    ("t1_long_names", |size| {
        t1(size, |size| numbered("an_equal_start_of_every_name_", "=&", size))
    }),
    ("t1_equal_names", |size| t1(size, |size| repeat("a=&", size))),
    ("t1_known_names", |size| t1(size, |size| repeat("role=moderator&", size))),
    ("t1_without_values", |size| t1(size, |size| repeat("&", size))),
    ("t1_equals_signs", |size| t1(size, |size| repeat("=", size))),
    ("t1_escapes", |size| t1(size, |size| after("connection_data=", "%41", size))),
    ("t1_escaped_names", |size| t1(size, |size| numbered("%41", "=&", size))),
    ("t1_spaces", |size| t1(size, |size| after("connection_data=", "+", size))),
    ("t1_colons", |size| t1(size, |size| repeat(":", size))),
    ("t1_digits", |size| t1(size, |size| after("create_time=", "1", size))),
    ("t1_session", |size| t1(size, |size| after("session_id=1_", "A", size))),
    ("t1_classes", |size| t1(size, |size| after("initial_layout_class_list=", "a+", size))),
    ("t1_not_utf_8", |size| t1(size, |size| after_bytes(b"connection_data=", b"\xff", size))),
    ("t1_head_names", |size| raw_t1(size, |size| numbered("", "=&", size))),
    ("t1_head_escapes", |size| raw_t1(size, |size| repeat("%70%61=&", size))),
    ("t1_head_without_colon", |size| raw_t1(size, |size| after("partner_id=1&", "&", size))),
];

/// JWTs whose signature is right, so that their payload is read.
const JSON: Shapes = &[
    ("json_names", |size| jwt(size, |size| object(size, |size| numbered("\"", "\":0,", size)))),
    ("json_long_names", |size| {
        jwt(size, |size| object(size, |size| numbered("\"an_equal_start_of_all_", "\":0,", size)))
    }),
    ("json_equal_names", |size| jwt(size, |size| object(size, |size| repeat("\"a\":0,", size)))),
    ("json_escaped_names", |size| {
        jwt(size, |size| object(size, |size| numbered("\"\\u0041", "\":0,", size)))
    }),
    ("json_arrays", |size| jwt(size, |size| after("{\"a\":", "[", size))),
    ("json_objects", |size| jwt(size, |size| repeat("{\"a\":", size))),
    ("json_closed_arrays", |size| {
        jwt(size, |size| {
            let depth = (size - 16) / 2;
            ["{\"a\":", &"[".repeat(depth), &"]".repeat(depth), "}"].concat().into_bytes()
        })
    }),
    ("json_allowed_depth", |size| {
        jwt(size, |size| {
            value(size, |size| {
                let nested = format!("{}{},", "[".repeat(30), "]".repeat(30));
                [b"[", &*repeat(&nested, size - 3), b"0]"].concat()
            })
        })
    }),
    ("json_objects_in_arrays", |size| {
        jwt(size, |size| {
            value(size, |size| [b"[", &*repeat("{\"a\":{\"b\":0}},", size - 3), b"0]"].concat())
        })
    }),
    ("json_inner_names", |size| {
        jwt(size, |size| value(size, |size| object(size, |size| numbered("\"", "\":0,", size))))
    }),
    ("json_escapes", |size| jwt(size, |size| string(size, "\\u0041"))),
    ("json_surrogates", |size| jwt(size, |size| string(size, "\\ud83d\\ude00"))),
    ("json_lone_surrogates", |size| jwt(size, |size| string(size, "\\ud83d"))),
    ("json_backslashes", |size| jwt(size, |size| string(size, "\\\\"))),
    ("json_short_escapes", |size| jwt(size, |size| string(size, "\\n"))),
    ("json_open_string", |size| jwt(size, |size| after("{\"a\":\"", "x", size))),
    ("json_controls", |size| jwt(size, |size| string(size, "\x01"))),
    ("json_digits", |size| jwt(size, |size| value(size, |size| repeat("1", size)))),
    ("json_time_digits", |size| jwt(size, |size| after("{\"exp\":", "1", size))),
    ("json_fraction", |size| jwt(size, |size| value(size, |size| after("0.", "1", size)))),
    ("json_exponent", |size| jwt(size, |size| value(size, |size| after("1e", "9", size)))),
    ("json_zeros", |size| jwt(size, |size| value(size, |size| after("0.", "0", size)))),
    ("json_spaces", |size| jwt(size, |size| object(size, |size| repeat(" ", size)))),
    ("json_commas", |size| jwt(size, |size| after("{", ",", size))),
    ("json_session", |size| jwt(size, |size| after("{\"session_id\":\"1_", "A", size))),
    ("json_classes", |size| {
        jwt(size, |size| after("{\"initial_layout_class_list\":\"", "a ", size))
    }),
    ("json_not_utf_8", |size| jwt(size, |size| after_bytes(b"{\"a\":\"", b"\xff", size))),
];

/// The same in the header, which is read before the signature is compared.
const HEADERS: Shapes = &[
    ("header_names", |size| {
        header(size, |size| object(size, |size| numbered("\"", "\":0,", size)))
    }),
    ("header_equal_names", |size| {
        header(size, |size| object(size, |size| repeat("\"alg\":\"HS256\",", size)))
    }),
    ("header_arrays", |size| header(size, |size| after("{\"alg\":", "[", size))),
    ("header_escapes", |size| header(size, |size| string(size, "\\u0041"))),
    ("header_spaces", |size| header(size, |size| object(size, |size| repeat(" ", size)))),
    ("header_critical", |size| header(size, |size| after("{\"crit\":[\"", "a\",\"", size))),
];

/// What is taken apart before anything is decoded.
const ENVELOPES: Shapes = &[
    ("dots", |size| repeat(".", size)),
    ("jwt_dots", |size| repeat("eyJhbGciOiJIUzI1NiJ9.", size)),
    ("jwt_starts", |size| repeat("eyJ", size)),
    ("t1_starts", |size| repeat("T1==", size)),
    ("base64", |size| after("eyJ", "A", size)),
    ("base64_of_t1", |size| after("T1==", "A", size)),
    ("padding", |size| after("T1==", "=", size)),
    ("both_alphabets", |size| after("T1==", "+-/_", size)),
    ("signature", |size| after("eyJhbGciOiJIUzI1NiJ9.e30.", "A", size)),
    ("bytes", |size| repeat("\0", size)),
    ("not_utf_8", |size| after_bytes(b"eyJ", b"\xff\xfe", size)),
];

/// What files, shells and editors leave around a string.
const WRAPPED: Shapes = &[
    ("spaces", |size| repeat(" ", size)),
    ("line_feeds", |size| after("eyJ", "\n", size)),
    ("quotes", |size| repeat("\"", size)),
    ("both_quotes", |size| repeat("\"'", size)),
    ("backslashes", |size| repeat("\\", size)),
    ("escaped_quotes", |size| repeat("\\\"", size)),
    ("escaped_line_feeds", |size| after("eyJ", "\\n", size)),
    ("percent_signs", |size| repeat("%", size)),
    ("percent_escapes", |size| repeat("%25", size)),
    ("nested_percent_escapes", |size| after("%", "25", size)),
    ("entities", |size| repeat("&quot;", size)),
    ("bearer", |size| repeat("Bearer ", size)),
    ("assignments", |size| repeat("TOKEN=", size)),
    ("braces", |size| repeat("{", size)),
    ("both_braces", |size| repeat("{}", size)),
    ("brackets", |size| repeat("[", size)),
    ("angles", |size| repeat("<>", size)),
    ("no_width", |size| repeat("\u{200b}", size)),
    ("commas", |size| repeat("a,", size)),
    ("urls", |size| repeat("https://example.com/?token=", size)),
];

/// Texts that could hold a key.
const KEY_TEXTS: Shapes = &[
    ("begins", |size| repeat("-----BEGIN ", size)),
    ("labels", |size| repeat("-----BEGIN PRIVATE KEY-----\n", size)),
    ("ends", |size| repeat("-----END PRIVATE KEY-----\n", size)),
    ("empty_blocks", |size| {
        repeat("-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n", size)
    }),
    ("certificates", |size| {
        repeat("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", size)
    }),
    ("dashes", |size| repeat("-", size)),
    ("body", |size| after("-----BEGIN PRIVATE KEY-----\n", "A", size)),
    ("broken_body", |size| {
        let end = "\n-----END PRIVATE KEY-----";
        [&*after("-----BEGIN PRIVATE KEY-----\n", "A\n", size - end.len()), end.as_bytes()].concat()
    }),
    ("key_after_text", |size| {
        let length = size.saturating_sub(PRIVATE_KEY.len());
        [&*repeat("a text before it\n", length), PRIVATE_KEY.as_bytes()].concat()
    }),
    ("public_key_after_text", |size| {
        let length = size.saturating_sub(PUBLIC_KEY.len());
        [&*repeat("a text before it\n", length), PUBLIC_KEY.as_bytes()].concat()
    }),
    ("base64_of_begins", |size| STANDARD.encode(repeat("-----BEGIN ", size / 4 * 3)).into_bytes()),
    ("base64_of_base64", |size| {
        STANDARD.encode(STANDARD.encode(repeat("A", size / 16 * 9))).into_bytes()
    }),
    ("der_sequences", |size| after_bytes(&[], &[0x30, 0x82, 0xff, 0xff], size)),
    ("der_sequence", |size| {
        let length = u16::try_from(size - 4).unwrap_or(u16::MAX).to_be_bytes();
        after_bytes(&[0x30, 0x82, length[0], length[1], 2, 1, 0], &[2, 1, 0], size)
    }),
    ("der_number", |size| {
        let all = u16::try_from(size - 4).unwrap_or(u16::MAX).to_be_bytes();
        let number = u16::try_from(size - 8).unwrap_or(u16::MAX).to_be_bytes();
        after_bytes(&[0x30, 0x82, all[0], all[1], 2, 0x82, number[0], number[1]], &[0x7f], size)
    }),
    ("jwk", |size| after("{\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":\"", "A", size)),
    ("jwk_names", |size| object(size, |size| numbered("\"", "\":0,", size))),
    ("jwk_arrays", |size| after("{\"keys\":", "[", size)),
    ("jwk_keys", |size| after("{\"keys\":[", "{\"kty\":\"RSA\"},", size)),
    ("ssh", |size| after("ssh-rsa AAAA", "B", size)),
    ("path", |size| repeat("./", size)),
];

/// Short strings, if they were short.
const NAMES: Shapes = &[
    ("letters", |size| repeat("x", size)),
    ("digits", |size| repeat("1", size)),
    ("session", |size| after("1_", "A", size)),
    ("session_of_tildes", |size| {
        let decoded = after("1~123456~", "~", size / 4 * 3 - 3);
        ["1_", &URL_SAFE_NO_PAD.encode(decoded)].concat().into_bytes()
    }),
    ("wide_letters", |size| repeat("\u{1f600}", size)),
    ("controls", |size| repeat("\x01", size)),
    ("hyphens", |size| repeat("-", size)),
];

/// Whole pieces, up to a length.
fn repeat(piece: &str, size: usize) -> Vec<u8> {
    piece.repeat(size / piece.len()).into_bytes()
}

fn after(start: &str, piece: &str, size: usize) -> Vec<u8> {
    [start.as_bytes(), &repeat(piece, size - start.len())].concat()
}

fn after_bytes(start: &[u8], piece: &[u8], size: usize) -> Vec<u8> {
    [start, &piece.repeat((size - start.len()) / piece.len())].concat()
}

/// Pieces that differ by a number.
fn numbered(start: &str, end: &str, size: usize) -> Vec<u8> {
    let mut pieces = String::new();
    for number in 0_u32.. {
        let piece = format!("{start}{number:x}{end}");
        if pieces.len() + piece.len() > size {
            break;
        }
        pieces += &piece;
    }
    pieces.into_bytes()
}

/// An object with these members, each with a comma behind it.
fn object(size: usize, members: Make) -> Vec<u8> {
    [b"{", &*members(size - 10), b"\"last\":0}"].concat()
}

/// An object with one member of this value.
fn value(size: usize, value: Make) -> Vec<u8> {
    [b"{\"a\":", &*value(size - 6), b"}"].concat()
}

/// An object with one member, a string of these pieces.
fn string(size: usize, piece: &str) -> Vec<u8> {
    [b"{\"a\":\"", &*repeat(piece, size - 8), b"\"}"].concat()
}

/// Signs data as a T1 token, with a last field that is whole.
fn t1(size: usize, data: Make) -> Vec<u8> {
    const LAST: &[u8] = b"last=";
    let head = format!("partner_id={API_KEY}&sig={}:", "0".repeat(40));
    let mut data = data(raw_length(size) - head.len() - LAST.len());
    if data.ends_with(b"&") {
        data.extend(LAST);
    }
    let mac = Hmac::<Sha1>::new_from_slice(API_SECRET.as_bytes()).unwrap();
    let mac = mac.chain_update(&data).finalize().into_bytes();
    let hex: String = mac.iter().map(|byte| format!("{byte:02x}")).collect();
    let head = head.replace(&"0".repeat(40), &hex);
    format!("T1=={}", STANDARD.encode([head.as_bytes(), &data].concat())).into_bytes()
}

fn raw_t1(size: usize, raw: Make) -> Vec<u8> {
    format!("T1=={}", STANDARD_NO_PAD.encode(raw(raw_length(size)))).into_bytes()
}

fn raw_length(size: usize) -> usize {
    (size - 4) / 4 * 3
}

/// Signs a payload as a JWT.
fn jwt(size: usize, payload: Make) -> Vec<u8> {
    let start = format!("{}.", URL_SAFE_NO_PAD.encode("{\"alg\":\"HS256\",\"typ\":\"JWT\"}"));
    let payload = payload((size - start.len() - 44) / 4 * 3);
    signed(&(start + &URL_SAFE_NO_PAD.encode(payload)))
}

/// Signs a JWT with this header.
fn header(size: usize, header: Make) -> Vec<u8> {
    signed(&(URL_SAFE_NO_PAD.encode(header((size - 48) / 4 * 3)) + ".e30"))
}

fn signed(message: &str) -> Vec<u8> {
    let mac = Hmac::<Sha256>::new_from_slice(API_SECRET.as_bytes()).unwrap();
    let mac = mac.chain_update(message).finalize().into_bytes();
    format!("{message}.{}", URL_SAFE_NO_PAD.encode(mac)).into_bytes()
}

fn main() -> ExitCode {
    let arguments: Vec<String> = args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["--write", folder] => {
            write(Path::new(folder));
            ExitCode::SUCCESS
        }
        // It takes seconds.
        ["--short" | "--long"] => measure_all(),
        _ => panic!("usage: quadratic --short|--long, or quadratic --write FOLDER"),
    }
}

/// Each reader with each of its shapes.
fn all() -> impl Iterator<Item = (&'static str, Read, &'static str, Make)> {
    READERS.into_iter().flat_map(|(reader, read, shapes)| {
        shapes
            .iter()
            .flat_map(|shapes| shapes.iter())
            .map(move |&(shape, make)| (reader, read, shape, make))
    })
}

fn write(folder: &Path) {
    for (reader, _, shape, make) in all() {
        for size in [SMALL, LARGE] {
            let file = folder.join(format!("{reader}.{shape}.{size}"));
            std::fs::write(file, make(size)).unwrap();
        }
    }
}

fn measure_all() -> ExitCode {
    let callers = Callers {
        project: OpenTok::new(API_KEY, API_SECRET).unwrap(),
        verifier: OpenTok::verifier(APPLICATION_ID, PUBLIC_KEY).unwrap(),
    };
    let (mut count, mut is_linear, mut is_refused) = (0, true, true);
    let (mut steepest, mut slowest) = ((0.0, String::new()), (Duration::ZERO, String::new()));
    for (reader, read, shape, make) in all() {
        count += 1;
        let (small, large) = (Input::new(make(SMALL)), Input::new(make(LARGE)));
        let (length, length_of_large) = (small.bytes.len(), large.bytes.len());
        assert!(length <= 2 * SMALL && length_of_large <= LARGE, "{shape} is of its size");
        assert!(length > SMALL / 2 && length_of_large > LARGE / 2, "{shape} is of its size");
        let mut times = [Vec::new(), Vec::new()];
        for _ in 0..TURNS {
            for (input, times) in [&small, &large].into_iter().zip(&mut times) {
                times.push(time(|| read(&callers, input)));
            }
        }
        let [small_time, large_time] = times.map(least);
        let ratio = large_time.as_secs_f64() / small_time.as_secs_f64();
        if ratio >= MAX_RATIO {
            is_linear = false;
            println!("{reader} of {shape}: {small_time:?} of 1 KiB, {large_time:?} of 64 KiB");
        }
        if ratio > steepest.0 {
            steepest = (ratio, format!("{reader} of {shape}"));
        }
        let huge = Input::new(small.bytes.repeat(HUGE / length + 1));
        let refusals = (0..TURNS).map(|_| time_once(|| read(&callers, &huge))).collect();
        let refusal = least(refusals);
        let allocated = allocation_counter::measure(|| read(&callers, &huge)).bytes_total;
        let is_counted = COUNTED.contains(&reader);
        if refusal >= MAX_REFUSAL && !is_counted || allocated > MAX_ALLOCATED {
            is_refused = false;
            println!("{reader} of 10 MB of {shape}: {refusal:?}, {allocated} bytes allocated");
        }
        if refusal > slowest.0 && !is_counted {
            slowest = (refusal, format!("{reader} of {shape}"));
        }
    }
    println!(
        "RESULT {count} shapes of {} readers | 64 KiB take at most {:.0} times as long as 1 KiB \
         ({}; limit {MAX_RATIO}); 10 MB refused within {:?} ({}; limit {MAX_REFUSAL:?}), no copy",
        READERS.len(),
        steepest.0,
        steepest.1,
        slowest.0,
        slowest.1
    );
    ExitCode::from(u8::from(!(is_linear && is_refused)))
}

/// Time of one call, of as many as take long enough to measure.
fn time(call: impl Fn()) -> Duration {
    let start = Instant::now();
    let mut calls = 0;
    while calls == 0 || start.elapsed() < TURN {
        call();
        calls += 1;
    }
    start.elapsed() / calls
}

fn time_once(call: impl Fn()) -> Duration {
    let start = Instant::now();
    call();
    start.elapsed()
}

fn least(times: Vec<Duration>) -> Duration {
    times.into_iter().min().unwrap()
}
