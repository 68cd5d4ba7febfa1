//! Core's own calls, called from the same process and loop as the C library or the Swift package,
//! so that the two can be compared.
//!
//! Nothing is converted here: the options are ready, and the token is dropped where it was made.

#![allow(unsafe_code, reason = "functions for C")]

use std::hint::black_box;
use std::sync::LazyLock;

use tokmint::{InspectOptions, OpenTok, Role, Session, TokenFormat, TokenOptions, VerifyOptions};

const SESSION_ID: &str = "1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4";

const APPLICATION_SESSION_ID: &str = "2_MX5hOThlMTJjYS1mM2U1LTRkZjgtYmM2Ni1mZDRiNWYzMGI5ZTl-fjE2NzI3MzY4NzgxNjJ-bi9OeFVLbkNaVjBUUnpVSmxjbURqQ3J4flB-fg";

static APPLICATION: LazyLock<OpenTok> = LazyLock::new(|| {
    let private_key = include_str!("../../../vectors/private_key.pem");
    OpenTok::for_application("a98e12ca-f3e5-4df8-bc66-fd4b5f30b9e9", private_key)
        .expect("the test application's credentials are good")
});

static OPENTOK: LazyLock<OpenTok> = LazyLock::new(|| {
    OpenTok::new("123456", "1234567890abcdef1234567890abcdef1234567890")
        .expect("the test project's credentials are good")
});

static SESSION: LazyLock<Session> =
    LazyLock::new(|| OPENTOK.session(SESSION_ID).expect("the session is the project's"));

fn options(token_format: TokenFormat) -> TokenOptions<'static> {
    TokenOptions::new()
        .role(Role::Moderator)
        .expire_time(None)
        .expires_in(None)
        .data("name=Johnny&level=4")
        .initial_layout_class_list(["focus", "main"].as_slice())
        .token_format(token_format)
        .create_time(None)
        .nonce(None)
}

fn generate(token_format: TokenFormat) -> String {
    OPENTOK
        .generate_token(black_box(SESSION_ID), black_box(&options(token_format)))
        .expect("the options are good")
}

fn generate_in_session(token_format: TokenFormat) -> String {
    SESSION.generate_token(black_box(&options(token_format))).expect("the options are good")
}

fn generate_batch(token_format: TokenFormat) {
    for token in SESSION.generate_tokens(black_box([options(token_format); 100])) {
        drop(black_box(token.expect("the options are good")));
    }
}

/// Generates a JWT as core does.
#[unsafe(no_mangle)]
pub extern "C" fn core_generate_jwt() {
    drop(black_box(generate(TokenFormat::Jwt)));
}

/// Generates a T1 token as core does.
#[unsafe(no_mangle)]
pub extern "C" fn core_generate_t1() {
    drop(black_box(generate(TokenFormat::T1)));
}

/// Generates a JWT with a session as core does.
#[unsafe(no_mangle)]
pub extern "C" fn core_session_jwt() {
    drop(black_box(generate_in_session(TokenFormat::Jwt)));
}

/// Generates a T1 token with a session as core does.
#[unsafe(no_mangle)]
pub extern "C" fn core_session_t1() {
    drop(black_box(generate_in_session(TokenFormat::T1)));
}

/// Generates 100 JWTs in one batch as core does.
#[unsafe(no_mangle)]
pub extern "C" fn core_batch_jwt() {
    generate_batch(TokenFormat::Jwt);
}

/// Generates 100 T1 tokens in one batch as core does.
#[unsafe(no_mangle)]
pub extern "C" fn core_batch_t1() {
    generate_batch(TokenFormat::T1);
}

/// Verifies a JWT as core does.
#[unsafe(no_mangle)]
pub extern "C" fn core_verify_jwt() {
    static TOKEN: LazyLock<String> = LazyLock::new(|| generate(TokenFormat::Jwt));
    let verified = OPENTOK.verify_token(black_box(TOKEN.as_str()), &VerifyOptions::new());
    drop(black_box(verified.expect("the token is good")));
}

/// Inspects a JWT as core does.
#[unsafe(no_mangle)]
pub extern "C" fn core_inspect_jwt() {
    static TOKEN: LazyLock<String> = LazyLock::new(|| generate(TokenFormat::Jwt));
    drop(black_box(OPENTOK.inspect_token(black_box(TOKEN.as_str()), &InspectOptions::new())));
}

fn generate_for_application() -> String {
    let options = TokenOptions::new()
        .role(Role::Moderator)
        .data("name=Johnny&level=4")
        .initial_layout_class_list(["focus", "main"].as_slice());
    APPLICATION
        .generate_token(black_box(APPLICATION_SESSION_ID), black_box(&options))
        .expect("the options are good")
}

/// Generates a token of an application as core does.
#[unsafe(no_mangle)]
pub extern "C" fn core_generate_application() {
    drop(black_box(generate_for_application()));
}

/// Verifies a token of an application as core does.
#[unsafe(no_mangle)]
pub extern "C" fn core_verify_application() {
    static TOKEN: LazyLock<String> = LazyLock::new(generate_for_application);
    let verified = APPLICATION.verify_token(black_box(TOKEN.as_str()), &VerifyOptions::new());
    drop(black_box(verified.expect("the token is good")));
}
