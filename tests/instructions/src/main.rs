//! Makes one of core's calls a number of times: `tokmint-instructions CALL FORMAT TIMES`. Without
//! arguments it lists the calls and formats. `run.sh` counts its instructions.
//!
//! Times, nonce and session are fixed, so that each run executes the same instructions.

#![allow(clippy::unwrap_used, missing_docs)]

use std::env;
use std::hint::black_box;

use tokmint::{InspectOptions, OpenTok, Role, TokenFormat, TokenOptions, VerifyOptions};

const API_KEY: &str = "123456";
const API_SECRET: &str = "1234567890abcdef1234567890abcdef1234567890";
const SESSION_ID: &str = "1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4";
const CREATE_TIME: i64 = 1_800_000_000;

/// Makes a call a number of times.
type Call = fn(TokenFormat, usize);

/// Every call by name. Of `Session.generate_tokens` one token counts.
const CALLS: [(&str, Call); 5] = [
    ("generate_token", generate),
    ("Session.generate_token", session_generate),
    ("Session.generate_tokens", session_generate_many),
    ("verify_token", verify),
    ("inspect_token", inspect),
];

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [name, format, times] = arguments.as_slice() else {
        for (name, _) in CALLS {
            println!("{name} {}\n{name} {}", TokenFormat::Jwt, TokenFormat::T1);
        }
        return;
    };
    let (_, call) = CALLS.into_iter().find(|(known, _)| known == name).unwrap();
    call(format.parse().unwrap(), times.parse().unwrap());
}

fn opentok() -> OpenTok {
    OpenTok::new(API_KEY, API_SECRET).unwrap()
}

fn options(format: TokenFormat) -> TokenOptions<'static> {
    TokenOptions::new()
        .role(Role::Moderator)
        .data("name=Johnny&level=4")
        .initial_layout_class_list(&["focus", "main"])
        .token_format(format)
        .create_time(CREATE_TIME)
        .expires_in(86_400)
        .nonce(4_021_170_000_000_000)
}

fn generate(format: TokenFormat, times: usize) {
    let (opentok, options) = (opentok(), options(format));
    for _ in 0..times {
        black_box(opentok.generate_token(black_box(SESSION_ID), black_box(&options)).unwrap());
    }
}

fn session_generate(format: TokenFormat, times: usize) {
    let session = opentok().session(SESSION_ID).unwrap();
    let options = options(format);
    for _ in 0..times {
        black_box(session.generate_token(black_box(&options)).unwrap());
    }
}

fn session_generate_many(format: TokenFormat, times: usize) {
    let session = opentok().session(SESSION_ID).unwrap();
    let options = options(format);
    for token in session.generate_tokens((0..times).map(|_| black_box(options))) {
        black_box(token.unwrap());
    }
}

fn verify(format: TokenFormat, times: usize) {
    let opentok = opentok();
    let token = opentok.generate_token(SESSION_ID, &options(format)).unwrap();
    let now = VerifyOptions::new().now(CREATE_TIME);
    for _ in 0..times {
        black_box(opentok.verify_token(black_box(&token), black_box(&now)).unwrap());
    }
}

fn inspect(format: TokenFormat, times: usize) {
    let opentok = opentok();
    let token = opentok.generate_token(SESSION_ID, &options(format)).unwrap();
    let now = InspectOptions::new().now(CREATE_TIME);
    for _ in 0..times {
        black_box(opentok.inspect_token(black_box(&token), black_box(&now)));
    }
}
