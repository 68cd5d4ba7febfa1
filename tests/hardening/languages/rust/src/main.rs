//! The Rust program of the checks that hold in every language: `programs.py` says what it prints.

#![allow(clippy::unwrap_used, reason = "a check that fails should fail loudly")]
#![allow(missing_docs, reason = "a program")]

use std::fmt::{Debug, Display, Write as _};
use std::hint::black_box;
use std::io::{Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::time::Instant;

use tokmint::{
    Batch, Error, InspectOptions, Inspection, OpenTok, RestTokenOptions, Role, TokenFormat,
    TokenOptions, VerifyOptions, inspect_token,
};

const API_KEY: &str = "123456";
const API_SECRET: &str = "1234567890abcdef1234567890abcdef1234567890";
const SESSION_ID: &str = "1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4";
const APPLICATION_ID: &str = "a98e12ca-f3e5-4df8-bc66-fd4b5f30b9e9";
const SESSION_OF_APPLICATION: &str = "2_MX5hOThlMTJjYS1mM2U1LTRkZjgtYmM2Ni1mZDRiNWYzMGI5ZTl-fjE2NzI3MzY4NzgxNjJ-bi9OeFVLbkNaVjBU\
     UnpVSmxjbURqQ3J4flB-fg";

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let key = || std::fs::read_to_string(&arguments[2]).unwrap();
    match arguments[1].as_str() {
        "secrets" => secrets(),
        "soak" => soak(&key(), arguments[3].parse().unwrap()),
        "large_inputs" => {
            for size in &arguments[3..] {
                large_inputs(&key(), size.parse().unwrap());
            }
        }
        other => panic!("no check is called {other}"),
    }
}

// Secrets

/// Everything that the current request made visible.
static SEEN: Mutex<String> = Mutex::new(String::new());

fn see(shown: impl Display) {
    writeln!(SEEN.lock().unwrap(), "{shown}").unwrap();
}

fn secrets() {
    // What a panic with an error or an object of tokmint shows.
    std::panic::set_hook(Box::new(|panic| see(panic)));
    let mut requests = String::new();
    std::io::stdin().read_to_string(&mut requests).unwrap();
    let mut output = std::io::stdout().lock();
    for request in requests.lines() {
        let [kind, hex, _] = request.split(' ').collect::<Vec<_>>()[..] else {
            panic!("a request has three words")
        };
        let bytes: Vec<u8> = (0..hex.len() / 2)
            .map(|at| u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).unwrap())
            .collect();
        let text = String::from_utf8_lossy(&bytes);
        misplaced(&text);
        match kind {
            "secret" => shown(OpenTok::new(API_KEY, &text), SESSION_ID),
            _ => shown(OpenTok::for_application(APPLICATION_ID, &bytes), SESSION_OF_APPLICATION),
        }
        let seen = std::mem::take(&mut *SEEN.lock().unwrap());
        writeln!(output, "{}", seen.len()).unwrap();
        output.write_all(seen.as_bytes()).unwrap();
    }
}

/// Shows what came of a call in every form, an error also in a panic.
fn show<T: Debug>(result: Result<T, Error>) -> Option<T> {
    match result {
        Ok(value) => {
            see(format_args!("{value:?} {value:#?}"));
            Some(value)
        }
        Err(error) => {
            see(format_args!("{error} {error:?} {error:#?} {:?}", error.code()));
            see(format_args!("{:?}", std::error::Error::source(&error).map(ToString::to_string)));
            catch_unwind(move || panic!("{error:?}")).unwrap_err();
            None
        }
    }
}

fn show_inspection(inspection: &Inspection) {
    see(format_args!("{inspection} {inspection:?} {}", inspection.to_json()));
}

/// A secret or a key where something else belongs.
fn misplaced(text: &str) {
    let opentok = OpenTok::new(API_KEY, API_SECRET).unwrap();
    show(OpenTok::new(text, API_SECRET));
    show(OpenTok::new(text, text));
    show(OpenTok::for_application(text, text));
    show(OpenTok::verifier(APPLICATION_ID, text));
    show(opentok.session(text).map(drop));
    show(opentok.generate_token(text, &TokenOptions::new()));
    let long = text.repeat(1100 / text.len().max(1) + 1);
    for options in [
        TokenOptions::new().data(&long),
        TokenOptions::new().initial_layout_class_list(&["a b", text]),
        TokenOptions::new().initial_layout_class_list(&[text, &long]),
        TokenOptions::new().jti(text),
    ] {
        show(opentok.generate_token(SESSION_ID, &options).map(drop));
    }
    show(text.parse::<Role>());
    show(text.parse::<TokenFormat>());
    show(opentok.generate_rest_token(&RestTokenOptions::new().jti(text)).map(drop));
    show(opentok.verify_token(text, &VerifyOptions::new()));
    let token = opentok.generate_token(SESSION_ID, &TokenOptions::new()).unwrap();
    show(opentok.verify_token(&token, &VerifyOptions::new().session_id(text)));
    show_inspection(&opentok.inspect_token(&token, &InspectOptions::new().session_id(text)));
    if let Ok(other) = OpenTok::new(API_KEY, text) {
        show(other.verify_token(&token, &VerifyOptions::new()));
        show_inspection(&other.inspect_token(&token, &InspectOptions::new()));
    }
}

/// The objects that keep a secret or a key, if it is one, and what they make.
fn shown(opentok: Result<OpenTok, Error>, session_id: &str) {
    let Some(opentok) = show(opentok) else { return };
    catch_unwind(AssertUnwindSafe(|| panic!("{opentok:?}"))).unwrap_err();
    let Some(session) = show(opentok.session(session_id)) else { return };
    let options = TokenOptions::new().data("name=Johnny");
    let token = opentok.generate_token(session_id, &options).unwrap();
    show(opentok.verify_token(&token, &VerifyOptions::new()));
    show_inspection(&opentok.inspect_token(&token, &InspectOptions::new()));
    show(session.verify_token(&token[..token.len() - 1], &VerifyOptions::new()));
    for result in session.generate_tokens([TokenOptions::new().nonce(-1)]) {
        show(result);
    }
    see(format_args!("{:?}", Batch::new(&session)));
}

// Soak

struct Call<'a> {
    name: &'static str,
    /// One of how many calls is made: RSA is slower by far, and what it could lose is larger.
    one_of: u64,
    run: Box<dyn FnMut() + 'a>,
}

fn soak(key: &str, calls: u64) {
    let opentok = OpenTok::new(API_KEY, API_SECRET).unwrap();
    let session = opentok.session(SESSION_ID).unwrap();
    let mut batch = Batch::new(&session);
    let application = OpenTok::for_application(APPLICATION_ID, key).unwrap();
    let options = || {
        let classes = &["focus", "main"];
        TokenOptions::new()
            .role(Role::Moderator)
            .data("name=Johnny")
            .initial_layout_class_list(classes)
    };
    let t1 = TokenFormat::T1;
    let jwt = opentok.generate_token(SESSION_ID, &options()).unwrap();
    let of_t1 = opentok.generate_token(SESSION_ID, &options().token_format(t1)).unwrap();
    let of_application = application.generate_token(SESSION_OF_APPLICATION, &options()).unwrap();
    let broken = &key[..key.len() - 100];
    let call = |name, one_of, run| Call { name, one_of, run };
    let calls_of: Vec<Call> = vec![
        call("generate", 1, Box::new(|| keep(opentok.generate_token(SESSION_ID, &options())))),
        call(
            "generate_t1",
            1,
            Box::new(|| keep(opentok.generate_token(SESSION_ID, &options().token_format(t1)))),
        ),
        call(
            "generate_refused",
            1,
            Box::new(|| refused(opentok.generate_token(SESSION_ID, &options().nonce(-1)))),
        ),
        call("session_generate", 1, Box::new(|| keep(session.generate_token(&options())))),
        call("batch_generate", 1, Box::new(|| keep(batch.generate_token(&options())))),
        call("generate_rest", 1, Box::new(|| keep(opentok.generate_rest_token(&rest())))),
        call("verify", 1, Box::new(|| keep(opentok.verify_token(&jwt, &VerifyOptions::new())))),
        call(
            "verify_t1",
            1,
            Box::new(|| keep(opentok.verify_token(&of_t1, &VerifyOptions::new()))),
        ),
        call(
            "verify_refused",
            1,
            Box::new(|| refused(opentok.verify_token(&jwt[1..], &VerifyOptions::new()))),
        ),
        call(
            "inspect",
            1,
            Box::new(|| {
                black_box(opentok.inspect_token(&jwt, &InspectOptions::new()).is_refused());
            }),
        ),
        call(
            "inspect_refused",
            1,
            Box::new(|| {
                black_box(inspect_token(&jwt[1..], &InspectOptions::new()).to_json());
            }),
        ),
        call("opentok", 10, Box::new(|| keep(OpenTok::new(API_KEY, API_SECRET)))),
        call("opentok_refused", 1, Box::new(|| refused(OpenTok::new(API_KEY, "")))),
        call("session", 10, Box::new(|| keep(opentok.session(SESSION_ID)))),
        call("session_refused", 1, Box::new(|| refused(opentok.session("1_x")))),
        call(
            "application_generate",
            1000,
            Box::new(|| keep(application.generate_token(SESSION_OF_APPLICATION, &options()))),
        ),
        call(
            "application_verify",
            100,
            Box::new(|| keep(application.verify_token(&of_application, &VerifyOptions::new()))),
        ),
        call(
            "application_verify_refused",
            100,
            Box::new(|| refused(application.verify_token(&jwt, &VerifyOptions::new()))),
        ),
        call("application", 1000, Box::new(|| keep(OpenTok::for_application(APPLICATION_ID, key)))),
        call(
            "application_refused",
            100,
            Box::new(|| refused(OpenTok::for_application(APPLICATION_ID, broken))),
        ),
    ];
    for Call { name, one_of, mut run } in calls_of {
        let calls = (calls / one_of).max(10);
        (0..warm_up(calls)).for_each(|_| run());
        let before = of_status("VmRSS:");
        (0..calls).for_each(|_| run());
        println!("{name} {calls} {} 0", of_status("VmRSS:").saturating_sub(before));
    }
}

/// Calls before memory is measured: a hundredth, which is 100,000 of ten millions.
fn warm_up(calls: u64) -> u64 {
    (calls / 100).max(calls.min(1000))
}

fn rest() -> RestTokenOptions<'static> {
    RestTokenOptions::new()
}

fn keep<T>(result: Result<T, Error>) {
    drop(black_box(result.unwrap()));
}

fn refused<T>(result: Result<T, Error>) {
    assert!(black_box(result).is_err_and(|error| !error.to_string().is_empty()));
}

// Large inputs

const RUNS: usize = 7;

fn large_inputs(key: &str, size: usize) {
    let opentok = OpenTok::new(API_KEY, API_SECRET).unwrap();
    let session = opentok.session(SESSION_ID).unwrap();
    let token = opentok.generate_token(SESSION_ID, &TokenOptions::new()).unwrap();
    let application = OpenTok::for_application(APPLICATION_ID, key).unwrap();
    let long = "x".repeat(size);
    let long_key = [key, &long].concat();
    let of_token = |token: &TokenOptions| opentok.generate_token(SESSION_ID, token).is_err();
    let places: [(&str, &dyn Fn() -> bool); 12] = [
        ("token", &|| opentok.verify_token(&long, &VerifyOptions::new()).is_err()),
        ("token_of_application", &|| {
            application.verify_token(&long, &VerifyOptions::new()).is_err()
        }),
        ("token_inspected", &|| opentok.inspect_token(&long, &InspectOptions::new()).is_refused()),
        ("session_id", &|| opentok.generate_token(&long, &TokenOptions::new()).is_err()),
        ("session", &|| opentok.session(&long).is_err()),
        ("session_id_to_verify", &|| {
            opentok.verify_token(&token, &VerifyOptions::new().session_id(long.as_str())).is_err()
        }),
        ("data", &|| of_token(&TokenOptions::new().data(&long))),
        ("data_of_session", &|| session.generate_token(&TokenOptions::new().data(&long)).is_err()),
        ("layout_class", &|| {
            of_token(&TokenOptions::new().initial_layout_class_list(&[long.as_str()]))
        }),
        ("jti", &|| of_token(&TokenOptions::new().jti(long.as_str()))),
        ("private_key", &|| OpenTok::for_application(APPLICATION_ID, &long_key).is_err()),
        ("public_key", &|| OpenTok::verifier(APPLICATION_ID, &long_key).is_err()),
    ];
    measure("secret", size, &|| OpenTok::new(API_KEY, &long).is_err());
    measure("api_key", size, &|| OpenTok::new(&long, API_SECRET).is_err());
    measure("role", size, &|| long.parse::<Role>().is_err());
    for (place, call) in places {
        measure(place, size, call);
    }
}

fn measure(place: &str, size: usize, call: &dyn Fn() -> bool) {
    let is_refused = call();
    std::fs::write("/proc/self/clear_refs", "5").unwrap();
    let before = of_status("VmRSS:");
    let mut times = [(); RUNS].map(|()| {
        let start = Instant::now();
        black_box(call());
        start.elapsed().as_nanos()
    });
    times.sort_unstable();
    let grown = of_status("VmHWM:").saturating_sub(before);
    let outcome = if is_refused { "refused" } else { "accepted" };
    println!("{place} {size} {outcome} {} {grown}", times[RUNS / 2]);
}

/// A number of kilobytes that Linux says of this process.
fn of_status(name: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with(name)).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}
