//! Where the API secret is read from, and that it is shown nowhere.

use std::path::PathBuf;
use std::process::Command;

use crate::{
    API_KEY, AS_PYTHON, Outcome, PYTHON_TOKEN, SECRET, SESSION_ID, bare, run, run_with_input,
};

/// A call that knows everything but the secret and gives `PYTHON_TOKEN`.
fn generate() -> Command {
    let mut command = bare(&["generate", "--api-key", API_KEY, "--session-id", SESSION_ID]);
    command.args(AS_PYTHON);
    command
}

fn verify(more: &[&str]) -> Command {
    let mut command = bare(&["verify", "--api-key", API_KEY]);
    command.args(more);
    command
}

fn inspect(more: &[&str]) -> Command {
    let mut command = bare(&["inspect", "--api-key", API_KEY]);
    command.args(more);
    command
}

/// A file of this content; every test names its own.
fn file(name: &str, content: impl AsRef<[u8]>) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, content).unwrap();
    path
}

#[test]
fn comes_from_the_environment_a_file_or_standard_input() {
    let token = format!("{PYTHON_TOKEN}\n");
    assert_eq!(run(generate().env("TOKMINT_API_SECRET", SECRET)).text(), token);
    for end in ["", "\n", "\r\n"] {
        let content = format!("{SECRET}{end}");
        let path = file("secret", &content);
        assert_eq!(run(generate().arg("--secret-file").arg(path)).text(), token);
        let outcome = run_with_input(generate().arg("--secret-stdin"), content.as_bytes());
        assert_eq!(outcome.text(), token, "{end:?}");
    }
    // Verify and inspect read it in the same ways, also beside a token on standard input.
    let path = file("secret_for_verify", SECRET);
    for call in [verify, inspect] {
        let mut command = call(&["--now=1700000000", "--secret-file"]);
        run_with_input(command.arg(&path), PYTHON_TOKEN.as_bytes()).text();
        let mut command = call(&["--now=1700000000", "--secret-stdin", PYTHON_TOKEN]);
        run_with_input(&mut command, SECRET.as_bytes()).text();
    }
}

#[test]
fn an_option_wins_over_the_environment() {
    let path = file("secret_that_wins", SECRET);
    let mut command = generate();
    command.env("TOKMINT_API_SECRET", "another");
    let outcome = run(command.arg("--secret-file").arg(path));
    assert_eq!(outcome.text(), format!("{PYTHON_TOKEN}\n"));
    let mut command = generate();
    command.env("TOKMINT_API_SECRET", "another");
    let outcome = run_with_input(command.arg("--secret-stdin"), SECRET.as_bytes());
    assert_eq!(outcome.text(), format!("{PYTHON_TOKEN}\n"));
}

#[test]
fn only_one_line_feed_is_taken_off_and_none_of_the_environment() {
    for content in ["\n\n", "\r\n\r\n", " ", " \n", "\t", "\r", "\n\r"] {
        let content = format!("{SECRET}{content}");
        let outcome = run_with_input(generate().arg("--secret-stdin"), content.as_bytes());
        assert_eq!(outcome.refusal(), "invalid_api_secret", "{content:?}");
    }
    let outcome = run(generate().env("TOKMINT_API_SECRET", format!("{SECRET}\n")));
    assert_eq!(outcome.refusal(), "invalid_api_secret");
}

#[test]
fn an_empty_one_is_refused_by_core_and_not_taken_for_absent() {
    assert_eq!(run(generate().env("TOKMINT_API_SECRET", "")).refusal(), "invalid_api_secret");
    for content in ["", "\n", "\r\n"] {
        let outcome = run_with_input(generate().arg("--secret-stdin"), content.as_bytes());
        assert_eq!(outcome.refusal(), "invalid_api_secret");
    }
}

#[test]
fn without_one_the_three_ways_are_named() {
    for mut command in [generate(), verify(&["T1=="]), inspect(&["T1=="])] {
        let outcome = run(&mut command);
        for way in ["TOKMINT_API_SECRET", "--secret-file", "--secret-stdin"] {
            assert!(outcome.usage_error().contains(way));
        }
    }
}

#[test]
fn two_sources_are_an_error_of_usage() {
    let outcome = run(generate().args(["--secret-stdin", "--secret-file", "x"]));
    assert!(outcome.usage_error().contains("cannot be used with"));
    let outcome = run(generate().args(["--secret-file", "x", "--secret-file", "y"]));
    assert!(outcome.usage_error().contains("multiple times"));
}

#[test]
fn standard_input_cannot_be_both_secret_and_token() {
    for more in [&["--secret-stdin"][..], &["--secret-stdin", "-"]] {
        for call in [verify, inspect] {
            let outcome = run_with_input(&mut call(more), SECRET.as_bytes());
            assert!(outcome.usage_error().contains("both the API secret and the token"));
        }
    }
}

#[test]
fn one_that_is_not_utf8_is_refused() {
    // PowerShell writes UTF-16 unless it is told otherwise.
    let utf16: Vec<u8> = SECRET.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let utf16 = [&b"\xff\xfe"[..], &utf16].concat();
    let path = file("secret_in_utf16", &utf16);
    let outcome = run(generate().arg("--secret-file").arg(path));
    assert_eq!(outcome.refusal(), "invalid_utf8");
    let outcome = run_with_input(generate().args(["--secret-stdin", "--json"]), &utf16);
    assert_eq!(outcome.status, Some(1));
    assert!(outcome.stdout.contains("\"code\":\"invalid_utf8\""));
    assert!(outcome.stdout.contains("\"number\":901"));
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStringExt;
        let secret = std::ffi::OsString::from_vec(b"\xff".to_vec());
        let outcome = run(generate().env("TOKMINT_API_SECRET", secret));
        assert_eq!(outcome.refusal(), "invalid_utf8");
    }
}

#[test]
fn a_file_that_cannot_be_read_is_an_error_of_usage() {
    for path in ["absent", env!("CARGO_TARGET_TMPDIR")] {
        let outcome = run(generate().args(["--secret-file", path]));
        assert!(outcome.usage_error().contains("file cannot be read"));
    }
}

#[cfg(unix)]
#[test]
fn an_endless_one_is_an_error_of_usage() {
    let outcome = run(generate().args(["--secret-file", "/dev/zero"]));
    assert!(outcome.usage_error().contains("longer than"));
    let zeros = std::fs::File::open("/dev/zero").unwrap();
    let outcome = crate::outcome(generate().arg("--secret-stdin").stdin(zeros).output().unwrap());
    assert!(outcome.usage_error().contains("longer than"));
}

/// Checks that a call fails and that no eight bytes of the secret in a row are shown.
#[track_caller]
fn assert_fails_without_showing_it(outcome: Outcome) {
    assert_ne!(outcome.status, Some(0));
    let shown = outcome.stdout + &outcome.stderr;
    for window in SECRET.as_bytes().windows(8) {
        let window = str::from_utf8(window).unwrap();
        assert!(!shown.contains(window), "{window} in {shown}");
    }
}

#[test]
fn is_not_shown_when_it_is_typed_in_the_wrong_place() {
    // Each is tried with the secret in place of @.
    for call in [
        "@", "-s@", "--@", "help @", "demo @", "man @", "completions @", "generate @",
        "generate -s@", "generate --@", "generate -- @", "generate --secret @",
        "generate --secret=@", "generate --secret-stdin=@", "generate --secret-file=@",
        "generate --json=@", "generate --api-key=@", "generate --role=@", "generate --format=@",
        "generate --expires-in=@", "generate --expire-time=@", "generate --create-time=@",
        "generate --nonce=@", "generate --session-id=@", "verify @", "verify -s@", "verify --@",
        "verify -- token @", "verify token @", "verify token -s@", "verify token --@",
        "verify --secret @", "verify --secret-file @", "verify --api-key @ token",
        "verify --session-id @ token", "verify --now @ token", "verify --leeway @ token",
        "inspect @", "inspect -s@", "inspect --@", "inspect -- token @", "inspect token @",
        "inspect --json @", "inspect --secret @", "inspect --secret-file @",
        "inspect --api-key @ token", "inspect --session-id @ token", "inspect --now @ token",
        "rest-token @", "rest-token --secret @", "rest-token --api-key @", "rest-token --header @",
        "rest-token --header=@", "rest-token --expires-in @", "rest-token --create-time @",
        "rest-token --jti @", "generate --jti=@", "verify --application-id @ token",
        "verify --private-key-file @ token", "rest-token --application-id @",
    ] {
        let mut call = call.replace('@', SECRET);
        if call.starts_with("generate") && !call.contains("session-id") {
            // All that it needs, so that it fails by nothing else.
            call = call.replacen("generate", &format!("generate --session-id {SESSION_ID}"), 1);
        }
        let arguments: Vec<&str> = call.split(' ').collect();
        let mut command = bare(&arguments);
        command.env("TOKMINT_API_KEY", API_KEY).env("TOKMINT_API_SECRET", "another");
        assert_fails_without_showing_it(run(&mut command));
    }
}

#[test]
fn is_not_shown_by_a_refusal() {
    let bytes = SECRET.as_bytes();
    for secret in [
        bytes,
        &[b"\xef\xbb\xbf", bytes].concat(),
        &[b" ", bytes].concat(),
        &[bytes, b"\0"].concat(),
        &[bytes, b"\xff"].concat(),
    ] {
        for json in [&[][..], &["--json"]] {
            let mut command = generate();
            command.args(["--secret-stdin", "--layout-class=a b"]).args(json);
            assert_fails_without_showing_it(run_with_input(&mut command, secret));
            let mut command = verify(&["--secret-stdin", PYTHON_TOKEN]);
            assert_fails_without_showing_it(run_with_input(command.args(json), secret));
            let mut command = inspect(&["--secret-stdin", PYTHON_TOKEN]);
            assert_fails_without_showing_it(run_with_input(command.args(json), secret));
        }
    }
}
