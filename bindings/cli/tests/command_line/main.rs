//! Runs the binary as a shell does. Core's own rules have core's own tests; here it is what the
//! command line adds. With `TOKMINT_COMMAND`, the path of the `tokmint` that pip or npm installed,
//! all calls are of that: the packages have the same command line.
//!
//! The tests are one program, because each file under `tests/` would be linked on its own.

// clippy.toml allows it in tests, but clippy takes the functions that they share for none.
#![allow(clippy::unwrap_used)]

mod application;
mod compare;
mod demo;
mod generate;
mod inspect;
mod output;
#[cfg(unix)]
mod page;
mod rest_token;
mod secret;
mod self_test;
mod usage;
mod verify;

use std::env;
use std::ffi::OsStr;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The project and session of the official SDKs' documentation and tests.
const API_KEY: &str = "123456";
const SECRET: &str = "1234567890abcdef1234567890abcdef1234567890";
const SESSION_ID: &str = "1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4";

/// The application of the vectors, and a session of it. Its keys are files beside them.
const APPLICATION_ID: &str = "a98e12ca-f3e5-4df8-bc66-fd4b5f30b9e9";
const SESSION_OF_APPLICATION: &str = "2_MX5hOThlMTJjYS1mM2U1LTRkZjgtYmM2Ni1mZDRiNWYzMGI5ZTl-fjE2NzI3MzY4NzgxNjJ-bi9OeFVLbkNaVjBUUnpVSmxjbURqQ3J4flB-fg";

/// What PyPI opentok 3.15.0 mints with `time.time` frozen at 1700000000 and `random.randint` at 1:
/// `Client(API_KEY, SECRET)`
/// `.generate_token(SESSION_ID, role=Roles.moderator, data="name=Johnny", use_jwt=False)`
const PYTHON_TOKEN: &str = "T1==cGFydG5lcl9pZD0xMjM0NTYmc2lnPWQ4M2Q2MDA4NTkzYTc5ZjkwOGEzZTY3NTc0Njk2NGExYTQ5NDE0M2M6c2Vzc2lvbl9pZD0xX01YNHhNak0wTlRaLWZsTmhkQ0JOWVhJZ01UVWdNVFE2TkRJNk1qTWdVRVJVSURJd01UUi1NQzQwT1RBeE16QXlOWDQmY3JlYXRlX3RpbWU9MTcwMDAwMDAwMCZleHBpcmVfdGltZT0xNzAwMDg2NDAwJnJvbGU9bW9kZXJhdG9yJm5vbmNlPTEmaW5pdGlhbF9sYXlvdXRfY2xhc3NfbGlzdD0mY29ubmVjdGlvbl9kYXRhPW5hbWUlM0RKb2hubnk=";

/// A JWT that verifies at 300000000000, which is beyond the year 9999, and whose strings attack the
/// terminal. Minted by PyPI PyJWT from `nonce="1\x1b]0;\u009d\u202e\\"`,
/// `connection_data="a\x07\nrole  moderator\u2028\u2066\x7f\""` and
/// `initial_layout_class_list="\x1b[2J b\u009b \u200ec"`.
const HOSTILE_TOKEN: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiIxMjM0NTYiLCJpc3QiOiJwcm9qZWN0IiwiaWF0IjozMDAwMDAwMDAwMDAsImV4cCI6MzAwMDAwMDAwMDYwLCJzY29wZSI6InNlc3Npb24uY29ubmVjdCIsInNlc3Npb25faWQiOiIxX01YNHhNak0wTlRaLWZsTmhkQ0JOWVhJZ01UVWdNVFE2TkRJNk1qTWdVRVJVSURJd01UUi1NQzQwT1RBeE16QXlOWDQiLCJyb2xlIjoicHVibGlzaGVyIiwibm9uY2UiOiIxXHUwMDFiXTA7XHUwMDlkXHUyMDJlXFwiLCJjb25uZWN0aW9uX2RhdGEiOiJhXHUwMDA3XG5yb2xlICBtb2RlcmF0b3JcdTIwMjhcdTIwNjZcdTAwN2ZcIiIsImluaXRpYWxfbGF5b3V0X2NsYXNzX2xpc3QiOiJcdTAwMWJbMkogYlx1MDA5YiBcdTIwMGVjIn0.cJUiS99P7qUL6HTVPVWbRcckoYHTcdgsyliL8Dzm_6M";

/// What the tests call.
fn program() -> PathBuf {
    env::var_os("TOKMINT_COMMAND").unwrap_or(env!("CARGO_BIN_EXE_tokmint").into()).into()
}

/// A call of the binary that knows no credentials yet, whatever the tests' own environment holds.
fn bare(arguments: &[impl AsRef<OsStr>]) -> Command {
    let mut command = Command::new(program());
    command
        .args(arguments)
        // Help is as wide as this says.
        .env_remove("COLUMNS")
        // Local times are those of this zone, and these decide about colours.
        .env("TZ", "UTC")
        .env_remove("NO_COLOR")
        .env_remove("TERM")
        .env_remove("TOKMINT_API_KEY")
        .env_remove("TOKMINT_API_SECRET")
        .env_remove("TOKMINT_APPLICATION_ID")
        .env_remove("TOKMINT_PRIVATE_KEY")
        .env_remove("TOKMINT_PUBLIC_KEY");
    command
}

/// The file of a key of the application.
fn key_file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors").join(name)
}

/// A call with the credentials in the environment.
fn tokmint(arguments: &[impl AsRef<OsStr>]) -> Command {
    let mut command = bare(arguments);
    command.env("TOKMINT_API_KEY", API_KEY).env("TOKMINT_API_SECRET", SECRET);
    command
}

/// A call that generates the token of `PYTHON_TOKEN`, with more arguments behind it.
fn generate(more: &[&str]) -> Command {
    let mut command = tokmint(&["generate", "--session-id", SESSION_ID]);
    command.args(more);
    command
}

const AS_PYTHON: &[&str] = &[
    "--role=moderator", "--data=name=Johnny", "--format=t1", "--create-time=1700000000",
    "--nonce=1",
];

struct Outcome {
    status: Option<i32>,
    stdout: String,
    stderr: String,
}

/// Runs a call to its end, with nothing on standard input.
fn run(command: &mut Command) -> Outcome {
    run_with_input(command, b"")
}

fn run_with_input(command: &mut Command, input: &[u8]) -> Outcome {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A call that ends without reading closes its end first, which is its right.
    let _ = child.stdin.take().unwrap().write_all(input);
    outcome(child.wait_with_output().unwrap())
}

fn outcome(output: std::process::Output) -> Outcome {
    Outcome {
        status: output.status.code(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

impl Outcome {
    /// Standard output of a call that must succeed in silence.
    #[track_caller]
    fn text(self) -> String {
        assert_eq!((self.status, self.stderr.as_str()), (Some(0), ""));
        self.stdout
    }

    /// Standard output of a call that finds a reason to refuse a token, or to keep the old one.
    #[track_caller]
    fn refused(self) -> String {
        assert_eq!((self.status, self.stderr.as_str()), (Some(1), ""));
        self.stdout
    }

    /// The name of the code of a call that must be refused in one line.
    #[track_caller]
    fn refusal(&self) -> &str {
        assert_eq!((self.status, self.stdout.as_str()), (Some(1), ""), "{}", self.stderr);
        assert_eq!(self.stderr.lines().count(), 1, "{}", self.stderr);
        let line = self.stderr.strip_prefix("tokmint: ").unwrap();
        line.split_once(": ").unwrap().0
    }

    /// Standard error of a call that must be an error of usage.
    #[track_caller]
    fn usage_error(&self) -> &str {
        assert_eq!((self.status, self.stdout.as_str()), (Some(2), ""), "{}", self.stderr);
        assert!(self.stderr.starts_with("error: "), "{}", self.stderr);
        &self.stderr
    }
}
