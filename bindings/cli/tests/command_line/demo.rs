//! `tokmint demo`.

use crate::{bare, outcome, run};

#[test]
fn needs_no_credentials_and_shows_both_formats() {
    let text = run(&mut bare(&["demo"])).text();
    for part in [
        "\neyJ", "\nT1==", "\nformat                     jwt\n",
        "\nformat                     t1\n",
    ] {
        assert_eq!(text.matches(part).count(), 1, "{part:?}");
    }
    assert_eq!(text.matches("\ntokmint: invalid_signature: ").count(), 2);
    assert_eq!(text.matches("\"name=Johnny\"").count(), 2);
}

/// A reader types the calls as printed, so they are run as printed: in one shell, in this order.
#[cfg(unix)]
#[test]
fn its_calls_do_what_it_shows() {
    use std::path::Path;
    use std::process::Command;

    let text = run(&mut bare(&["demo"])).text();
    let folder = Path::new(env!("CARGO_BIN_EXE_tokmint")).parent().unwrap();
    let path = format!("{}:{}", folder.display(), std::env::var("PATH").unwrap());
    let mut setup = String::new();
    let mut calls = 0;
    for paragraph in text.split("\n\n") {
        // A paragraph may open with a title; the output follows the call.
        let Some(start) = paragraph.find("$ ") else {
            continue;
        };
        let (call, shown) = paragraph[start + 2..].split_once('\n').unwrap();
        if !call.starts_with("tokmint ") {
            setup.push_str(&paragraph[start..].replace("$ ", ""));
            continue;
        }
        let shell = |call: &str| {
            let script = format!("{setup}\n{call} 2>&1");
            let mut command = Command::new("sh");
            outcome(command.args(["-c", &script]).env("PATH", &path).output().unwrap())
        };
        let outcome = shell(call);
        if call.starts_with("tokmint generate") {
            // Time and nonce differ, so the token does; it must say the same.
            assert_eq!(outcome.stdout[..4], shown[..4], "{call}");
            let fields = shell(&format!("tokmint verify {}", outcome.stdout.trim_end())).text();
            assert!(fields.contains("moderator") && fields.contains("name=Johnny"), "{fields}");
        } else {
            assert_eq!(outcome.stdout.trim_end(), shown.trim_end(), "{call}");
        }
        let refused = shown.starts_with("tokmint: ");
        assert_eq!(outcome.status, Some(i32::from(refused)), "{call}");
        calls += 1;
    }
    assert_eq!(calls, 6);
}
