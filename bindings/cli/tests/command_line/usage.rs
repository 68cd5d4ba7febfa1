//! Errors of usage, help, completions and the manual page.

use std::process::Command;

use tokmint::limits::{
    DEFAULT_APPLICATION_REST_LIFETIME, DEFAULT_LIFETIME, DEFAULT_PROJECT_REST_LIFETIME,
    MAX_DATA_UNITS, MAX_LAYOUT_CLASS_LIST_UNITS, MAX_LEEWAY, MAX_LIFETIME, MAX_NONCE,
    MAX_REST_LIFETIME, MAX_TIME,
};

use tokmint::{OpenTok, TokenOptions, VerifyOptions};

use crate::{API_KEY, SECRET, SESSION_ID, bare, generate, run, tokmint};

const COMMANDS: [&str; 9] = [
    "generate", "verify", "inspect", "compare", "rest-token", "demo", "self-test", "completions",
    "man",
];
const OPTIONS: [&str; 20] = [
    "--api-key", "--secret-file", "--secret-stdin", "--application-id", "--private-key-file",
    "--public-key-file", "--session-id", "--role", "--data", "--layout-class", "--format",
    "--expires-in", "--expire-time", "--create-time", "--nonce", "--jti", "--json", "--now",
    "--leeway", "--header",
];

#[test]
fn what_is_unknown_or_missing_is_an_error_of_usage() {
    let outcome = run(&mut generate(&["--rol", "moderator"]));
    assert!(outcome.usage_error().contains("unexpected argument '--rol'"));
    assert!(outcome.usage_error().contains("'--role'"));
    let outcome = run(&mut bare(&["gnerate"]));
    assert!(outcome.usage_error().contains("'generate'"));
    let outcome = run(&mut generate(&["--role"]));
    assert!(outcome.usage_error().contains("a value is required for '--role <ROLE>'"));
    let outcome = run(&mut tokmint(&["generate"]));
    assert!(outcome.usage_error().contains("--session-id <ID>"));
    let outcome = run(&mut bare(&["generate", "--session-id", "1_"]));
    assert!(outcome.usage_error().contains("--api-key"));
    assert!(outcome.usage_error().contains("--application-id"));
    let outcome = run(&mut generate(&["--secret", "x"]));
    assert!(outcome.usage_error().contains("unexpected argument '--secret'"));
    let outcome = run(&mut generate(&["--nonce", "9223372036854775808"]));
    assert!(outcome.usage_error().contains("number too large"));
    run(&mut generate(&["--nonce", "1.5"])).usage_error();
    run(&mut generate(&["--role=publisher", "--role=moderator"])).usage_error();
    run(&mut bare(&["completions", "dos"])).usage_error();

    let none: [&str; 0] = [];
    assert_eq!(run(&mut bare(&none)).status, Some(2));
}

#[test]
fn what_was_typed_is_not_repeated() {
    for arguments in [
        &["generate", "\u{202e}2J"][..],
        &["generate", "--expires-in", "\u{202e}2J"],
        &["generate", "--nonce", "--\u{202e}2J"],
        &["generate", "--\u{202e}2J"],
        &["\u{202e}2J"],
        &["completions", "\u{202e}2J"],
    ] {
        let outcome = run(&mut tokmint(arguments));
        assert!(!outcome.usage_error().contains("2J"), "{}", outcome.stderr);
    }
    let outcome = run(&mut generate(&["--nonce", "--secretive"]));
    assert!(!outcome.usage_error().contains("secretive"));
    let outcome = run(&mut tokmint(&["verify", "a", "secretive"]));
    assert!(!outcome.usage_error().contains("secretive"));
}

#[test]
fn help_names_the_limits_of_core() {
    let help = run(&mut bare(&["generate", "--help"])).text();
    for limit in [DEFAULT_LIFETIME, MAX_LIFETIME, MAX_TIME, MAX_NONCE] {
        assert!(help.contains(&limit.to_string()), "{limit}");
    }
    assert!(help.contains(&format!("data, at most {MAX_DATA_UNITS} UTF-16")));
    assert!(help.contains(&format!("more, at most {MAX_LAYOUT_CLASS_LIST_UNITS} UTF-16")));
    assert!(help.contains("subscriber, publisher, publisheronly, moderator"));
    let help = run(&mut bare(&["verify", "--help"])).text();
    assert!(help.contains(&format!("{MAX_LEEWAY} s [default: 0 s]")));
    // Core's default is none: a token ends at its very expiry.
    let opentok = OpenTok::new(API_KEY, SECRET).unwrap();
    let options = TokenOptions::new().create_time(0).expires_in(60);
    let token = opentok.generate_token(SESSION_ID, &options).unwrap();
    assert!(opentok.verify_token(&token, &VerifyOptions::new().now(59)).is_ok());
    assert!(opentok.verify_token(&token, &VerifyOptions::new().now(60)).is_err());
    let help = run(&mut bare(&["rest-token", "--help"])).text();
    for limit in
        [MAX_REST_LIFETIME, DEFAULT_PROJECT_REST_LIFETIME, DEFAULT_APPLICATION_REST_LIFETIME]
    {
        assert!(help.contains(&format!("{limit} s")), "{limit}");
    }
    for command in ["generate", "verify", "inspect", "rest-token"] {
        let help = run(&mut bare(&[command, "--help"])).text();
        assert!(help.contains("TOKMINT_API_SECRET") && help.contains("TOKMINT_PRIVATE_KEY"));
        assert!(help.contains("Exit status"));
        // Only these two do something with a public key.
        let options = help.split("Exit status").next().unwrap();
        let is_listed = options.contains("--public-key-file <FILE>");
        assert_eq!(is_listed, ["verify", "inspect"].contains(&command), "{command}");
    }
    let version = run(&mut bare(&["--version"])).text();
    assert_eq!(version, concat!("tokmint ", env!("CARGO_PKG_VERSION"), "\n"));
}

/// Neither help nor pages made from it may hold what only this machine's environment says.
#[test]
fn help_does_not_show_the_environment() {
    for arguments in [&["generate", "--help"][..], &["man"], &["completions", "bash"]] {
        let text = run(bare(arguments).env("TOKMINT_API_KEY", "31415926")).text();
        assert!(!text.contains("31415926"));
    }
}

#[test]
fn every_shell_has_a_completion_script() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = run(&mut bare(&["completions", shell])).text();
        for word in COMMANDS.iter().chain(&OPTIONS) {
            let word = word.trim_start_matches('-');
            assert!(script.contains(word), "{shell} {word}");
        }
    }
}

#[cfg(unix)]
#[test]
fn bash_completes_with_its_script() {
    let script = run(&mut bare(&["completions", "bash"])).text();
    let program = format!(
        "{script}\nCOMP_WORDS=(tokmint generate --se); COMP_CWORD=2\n_tokmint tokmint --se generate\necho \"${{COMPREPLY[@]}}\""
    );
    let output = Command::new("bash").args(["-c", &program]).output().unwrap();
    let words = String::from_utf8(output.stdout).unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    let mut words: Vec<&str> = words.split_whitespace().collect();
    words.sort_unstable();
    assert_eq!(words, ["--secret-file", "--secret-stdin", "--session-id"], "{stderr}");
}

#[test]
fn the_manual_page_holds_every_command_and_option() {
    let page = run(&mut bare(&["man"])).text();
    assert!(page.contains(".TH tokmint 1"));
    for option in OPTIONS {
        let option = format!("\n\\fB{}\\fR", option.replace('-', "\\-"));
        assert!(page.contains(&option), "{option}");
    }
    let headings = |kind: &str| {
        let headings = page.lines().filter_map(move |line| line.strip_prefix(kind));
        headings.map(str::to_owned).collect::<Vec<_>>()
    };
    let expected = [
        "NAME", "SYNOPSIS", "DESCRIPTION", "GENERATE", "VERIFY", "INSPECT", "COMPARE",
        "REST-TOKEN", "DEMO", "SELF-TEST", "COMPLETIONS", "MAN", "EXTRA", "VERSION",
    ];
    assert_eq!(headings(".SH "), expected);
    let sections = ["DESCRIPTION", "SYNOPSIS", "OPTIONS"].repeat(COMMANDS.len());
    assert_eq!(headings(".SS "), sections);
}
