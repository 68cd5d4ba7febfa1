//! `tokmint demo`.

use crate::{bare, outcome, program, run};

#[test]
fn needs_no_credentials_and_shows_every_kind_of_token() {
    let text = run(&mut bare(&["demo"])).text();
    for (part, count) in [
        ("\neyJ", 2),
        ("\nT1==", 1),
        ("\nformat                     jwt\n", 2),
        ("\nformat                     t1\n", 1),
        ("\napplication_id             ", 1),
        ("\nsignature   valid\n", 1),
        ("\ntokmint: invalid_signature: ", 2),
        ("\ntokmint: no_private_key: ", 1),
    ] {
        assert_eq!(text.matches(part).count(), count, "{part:?}");
    }
    assert_eq!(text.matches("\"name=Johnny\"\n").count(), 4);
}

/// A reader types the calls as printed, so they are run as printed: in one shell, in this order, in
/// the folder of the repository.
#[cfg(unix)]
#[test]
fn its_calls_do_what_it_shows() {
    use std::path::Path;
    use std::process::Command;

    let text = run(&mut bare(&["demo"])).text();
    let program = program();
    let folder = program.parent().unwrap();
    let path = format!("{}:{}", folder.display(), std::env::var("PATH").unwrap());
    let mut setup = String::new();
    let mut calls = 0;
    for part in text.split("\n$ ").skip(1) {
        // Behind the output there may be prose.
        let (call, shown) = part.split_once('\n').unwrap_or((part, ""));
        if !call.starts_with("tokmint ") {
            setup = format!("{setup}{call}\n");
            continue;
        }
        let shell = |call: &str| {
            let script = format!("{setup}\n{call} 2>&1");
            let mut command = Command::new("sh");
            command.args(["-c", &script]).env("PATH", &path).env("TZ", "UTC");
            let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
            outcome(command.current_dir(root).output().unwrap())
        };
        let outcome = shell(call);
        let refused = shown.starts_with("tokmint: ");
        assert_eq!(outcome.status, Some(i32::from(refused)), "{call}");
        if call.starts_with("tokmint generate") && !refused {
            // Time and nonce differ, so the token does; it must say the same.
            assert_eq!(outcome.stdout[..4], shown[..4], "{call}");
            let token = outcome.stdout.trim_end();
            let fields = shell(&format!("tokmint inspect {KEY_OF_APPLICATION} {token}")).text();
            assert!(fields.contains("\nsignature   valid\n"), "{fields}");
            assert!(fields.contains("moderator") && fields.contains("Johnny"), "{fields}");
        } else {
            assert!(!outcome.stdout.is_empty() && shown.starts_with(&outcome.stdout), "{call}");
        }
        calls += 1;
    }
    assert_eq!(calls, 10);
}

/// Expands to the option of the key where the setup has one.
#[cfg(unix)]
const KEY_OF_APPLICATION: &str = "${public_key:+--public-key-file $public_key}";
