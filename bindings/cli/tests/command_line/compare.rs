//! `tokmint compare`. Its transcripts have a test of their own, `page`.

use std::process::Command;

use serde_json::Value;
use tokmint::{InspectOptions, inspect_token};

use crate::output::is_hostile;
use crate::{AS_PYTHON, HOSTILE_TOKEN, PYTHON_TOKEN, bare, generate, program, run, run_with_input};

const NOW: i64 = 1_700_000_012;

fn compare(more: &[&str]) -> Command {
    let mut command = bare(&["compare", "--now=1700000012"]);
    command.args(more);
    command
}

/// The token that says in JWT what `PYTHON_TOKEN` says, with more options behind it.
fn as_jwt(more: &[&str]) -> String {
    let options = AS_PYTHON.iter().filter(|option| !option.contains("format")).chain(more);
    run(&mut generate(&options.copied().collect::<Vec<_>>())).text().trim_end().to_owned()
}

#[test]
fn a_token_that_keeps_everything_makes_the_exit_status_0() {
    let text = run(&mut compare(&[PYTHON_TOKEN, &as_jwt(&[])])).text();
    assert!(
        text.starts_with("expected  format\n          old: t1\n          new: jwt\n"),
        "{text}"
    );
    assert!(text.ends_with("\n0 lost, 0 changed, 3 expected, 8 the same\n"), "{text}");
}

#[test]
fn what_is_lost_or_changed_or_unreadable_makes_it_1() {
    let shorter = as_jwt(&["--expires-in=1h"]);
    let text = run(&mut compare(&[PYTHON_TOKEN, &shorter])).refused();
    assert!(text.starts_with("lost      lifetime\n"), "{text}");
    let text = run(&mut compare(&[&shorter, PYTHON_TOKEN])).refused();
    assert!(text.starts_with("changed   lifetime\n"), "{text}");
    let text = run(&mut compare(&["x", "x"])).refused();
    assert!(text.contains("\n0 lost, 0 changed, "), "{text}");
    assert!(text.ends_with("\nincomplete: not all of both tokens could be read; inspect each\n"));
}

#[test]
fn one_token_may_be_on_standard_input() {
    let new = as_jwt(&["--expires-in=1h"]);
    let expected = run(&mut compare(&[PYTHON_TOKEN, &new])).refused();
    let line = |token: &str| format!("{token}\r\n").into_bytes();
    let outcome = run_with_input(&mut compare(&["-", &new]), &line(PYTHON_TOKEN));
    assert_eq!(outcome.refused(), expected);
    let outcome = run_with_input(&mut compare(&[PYTHON_TOKEN, "-"]), &line(&new));
    assert_eq!(outcome.refused(), expected);
    let outcome = run(&mut compare(&["-", "-"]));
    assert!(outcome.usage_error().contains("standard input cannot be both tokens"));
    run(&mut compare(&[PYTHON_TOKEN])).usage_error();
}

/// Credentials in the environment neither help nor disturb.
#[test]
fn no_credentials_are_read() {
    let new = as_jwt(&[]);
    let expected = run(&mut compare(&[PYTHON_TOKEN, &new])).text();
    let mut command = compare(&[PYTHON_TOKEN, &new]);
    command.env("TOKMINT_API_KEY", "1").env("TOKMINT_APPLICATION_ID", "1");
    assert_eq!(run(&mut command).text(), expected);
}

#[test]
fn json_is_the_one_of_core_in_one_line() {
    let options = InspectOptions::new().now(NOW);
    let old = inspect_token(PYTHON_TOKEN, &options);
    let expected = old.compare(&inspect_token(HOSTILE_TOKEN, &options)).to_json();
    let text = run(&mut compare(&["--json", PYTHON_TOKEN, HOSTILE_TOKEN])).refused();
    assert!(!text.strip_suffix('\n').unwrap().contains(is_hostile));
    let [shown, expected]: [Value; 2] =
        [&text, &expected].map(|json| serde_json::from_str(json).unwrap());
    assert_eq!(shown, expected);
    assert_eq!(shown["is_equivalent"], false);
    let text = run(&mut compare(&[PYTHON_TOKEN, HOSTILE_TOKEN])).refused();
    assert!(!text.replace('\n', "").contains(is_hostile), "{text:?}");
}

/// `script` gives the call a terminal.
#[cfg(target_os = "linux")]
#[test]
fn impacts_are_coloured_on_a_terminal() {
    let options = ["--create-time=1700000000", "--data=name=Johnny", "--nonce=1"];
    let of_publisher = run(&mut generate(&options)).text();
    let arguments = format!("compare --now 1700000012 {PYTHON_TOKEN} {}", of_publisher.trim_end());
    let call = format!("{} {arguments}", program().display());
    let mut command = Command::new("script");
    command.args(["--quiet", "--return", "--command", &call, "/dev/null"]);
    command.env_remove("NO_COLOR").env("TERM", "xterm");
    let coloured = run(&mut command).refused().replace("\r\n", "\n");
    assert!(coloured.contains("\n\u{1b}[1;36mexpected\u{1b}[0m  format\n"), "{coloured}");
    assert!(coloured.starts_with("\u{1b}[1;31mlost\u{1b}[0m      role\n"), "{coloured}");
    let words: Vec<&str> = arguments.split(' ').collect();
    let plain = coloured.replace("\u{1b}[1;36m", "").replace("\u{1b}[1;31m", "");
    assert_eq!(plain.replace("\u{1b}[0m", ""), run(&mut bare(&words)).refused());
}
