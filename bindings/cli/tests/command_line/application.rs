//! Credentials of an application: where its key is read from, and what is printed.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use tokmint::limits::MAX_KEY_BYTES;

use crate::{
    API_KEY, APPLICATION_ID, Outcome, PYTHON_TOKEN, SECRET, SESSION_ID, SESSION_OF_APPLICATION,
    bare, key_file, run, run_with_input, tokmint,
};

/// What npm @vonage/video 1.28.0 mints at 1800000000 with the `jti` below, for the layout classes
/// `['focus', 'main', 'größe']` and no other option.
const VONAGE_TOKEN: &str = "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.eyJzY29wZSI6InNlc3Npb24uY29ubmVjdCIsInNlc3Npb25faWQiOiIyX01YNWhPVGhsTVRKallTMW1NMlUxTFRSa1pqZ3RZbU0yTmkxbVpEUmlOV1l6TUdJNVpUbC1makUyTnpJM016WTROemd4TmpKLWJpOU9lRlZMYmtOYVZqQlVVbnBWU214amJVUnFRM0o0ZmxCLWZnIiwicm9sZSI6InB1Ymxpc2hlciIsImluaXRpYWxfbGF5b3V0X2NsYXNzX2xpc3QiOiJmb2N1cyBtYWluIGdyw7bDn2UiLCJleHAiOjE4MDAwODY0MDAsInN1YiI6InZpZGVvIiwiYWNsIjp7InBhdGhzIjp7Ii9zZXNzaW9uLyoqIjp7fX19LCJqdGkiOiJmMGI5Y2NiNi00NjIwLTQwNDMtYjY2YS0yOWI4ODAxZGUxY2EiLCJpYXQiOjE4MDAwMDAwMDAsImFwcGxpY2F0aW9uX2lkIjoiYTk4ZTEyY2EtZjNlNS00ZGY4LWJjNjYtZmQ0YjVmMzBiOWU5In0.hSUmSQd3YJUobcrBVSHa41Jl5Gw01DzNksZMjaPj5ozBqa6nzBwq2YBED1zHVzZLYy99lKKGZjHckb0InYWGPoe3N29itg6Umo8_Y4LxkiLCXHRKiXbd4rx8ajwJrc2UjSHWqbCPNbWvEMDVFyfTiSn4VxBAr-zG1KefiFIxNfpQOiu2NRml0QLkadR58Z2vTLyelSUyg-BgxUIdZ2FwEl1BrsY6r8KUB3Avj3s7af3L9bpixDNBJS28s2S5LC6KfNuU5-0udQE-sTOr7t7aciF4vB5U5fBAd3ZhxBIbnXIMdcJ0FrzWAvJhFDYuAa5L7fWwvKWUjWLybo0FhlhFuQ";

/// Generates `VONAGE_TOKEN`, with the ID but without a key.
fn generate() -> Command {
    bare(&[
        "generate",
        "--application-id",
        APPLICATION_ID,
        "--session-id",
        SESSION_OF_APPLICATION,
        "--layout-class=focus",
        "--layout-class=main",
        "--layout-class=größe",
        "--create-time=1800000000",
        "--jti=f0b9ccb6-4620-4043-b66a-29b8801de1ca",
    ])
}

/// A call with the ID, and with no key.
fn keyless(call: &[&str]) -> Command {
    let mut command = bare(call);
    command.args(["--application-id", APPLICATION_ID]);
    command
}

/// Verifies `VONAGE_TOKEN` at its time, with the ID but without a key.
fn verify() -> Command {
    keyless(&["verify", "--now=1800000000", VONAGE_TOKEN])
}

fn key(name: &str) -> String {
    std::fs::read_to_string(key_file(name)).unwrap()
}

/// A file of this content; every test names its own.
fn file(name: &str, content: impl AsRef<[u8]>) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, content).unwrap();
    path
}

#[test]
fn the_token_of_the_node_sdk_comes_from_a_key_in_each_place() {
    let token = format!("{VONAGE_TOKEN}\n");
    let private = key_file("private_key.pem");
    assert_eq!(run(generate().arg("--private-key-file").arg(private)).text(), token);
    let text = key("private_key.pem");
    let outcome = run_with_input(generate().args(["--private-key-file", "-"]), text.as_bytes());
    assert_eq!(outcome.text(), token);
    // As an env file has it.
    let escaped = text.replace('\n', "\\n");
    for text in [&text, &escaped] {
        assert_eq!(run(generate().env("TOKMINT_PRIVATE_KEY", text)).text(), token);
    }
    let mut command = generate();
    let upper = APPLICATION_ID.to_uppercase();
    command.env("TOKMINT_APPLICATION_ID", upper).env("TOKMINT_PRIVATE_KEY", &text);
    assert_eq!(run(&mut command).text(), token);
}

#[test]
fn the_token_is_verified_with_either_key() {
    let lines = format!(
        "\
format                     jwt
application_id             {APPLICATION_ID}
session_id                 {SESSION_OF_APPLICATION}
role                       publisher
create_time                1800000000 (2027-01-15T08:00:00Z)
expire_time                1800086400 (2027-01-16T08:00:00Z)
data                       \"\"
initial_layout_class_list  [\"focus\",\"main\",\"größe\"]
nonce                      \"f0b9ccb6-4620-4043-b66a-29b8801de1ca\"
"
    );
    for (option, name) in
        [("--private-key-file", "private_key.pem"), ("--public-key-file", "public_key.pem")]
    {
        assert_eq!(run(verify().arg(option).arg(key_file(name))).text(), lines);
        let outcome = run_with_input(verify().args([option, "-"]), key(name).as_bytes());
        assert_eq!(outcome.text(), lines);
    }
    let public = key("public_key.pem");
    assert_eq!(run(verify().env("TOKMINT_PUBLIC_KEY", &public)).text(), lines);

    let text = run(verify().arg("--json").env("TOKMINT_PUBLIC_KEY", &public)).text();
    let fields: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(fields["application_id"], APPLICATION_ID);
    assert_eq!(fields.get("api_key"), None);
    assert_eq!(fields.as_object().unwrap().len(), lines.lines().count());
}

#[test]
fn an_inspection_checks_the_signature_with_the_public_key() {
    let call = ["inspect", "--now=1800000000", VONAGE_TOKEN];
    let public = key_file("public_key.pem");
    let text = run(keyless(&call).arg("--public-key-file").arg(public)).text();
    assert!(text.starts_with("format      jwt\nsignature   valid\n"), "{text}");
    assert!(text.contains(&format!("\n  application_id             \"{APPLICATION_ID}\"\n")));
    assert!(run(&mut bare(&call)).text().contains("\nsignature   unchecked\n"));
    // With the credentials of the other kind it says so.
    let outcome = run(&mut tokmint(&call));
    assert_eq!(outcome.status, Some(1));
    assert!(outcome.stdout.contains("\nrefused  application_token\n"), "{}", outcome.stdout);
}

/// A line feed at the end of a secret is the editor's; at the end of DER it belongs to the key.
#[test]
fn der_is_read_to_its_last_byte() {
    let keys: Value = serde_json::from_str(&key("keys.json")).unwrap();
    let certificate = &keys["keys"]["main, public.certificate.pem"]["public_key"];
    let mut der = without_armour(certificate.as_str().unwrap());
    // The end of its signature, which nobody checks here.
    *der.last_mut().unwrap() = b'\n';
    let path = file("ends_with_line_feed.der", &der);
    run(verify().arg("--public-key-file").arg(path)).text();
    run_with_input(verify().args(["--public-key-file", "-"]), &der).text();
}

/// The bytes of PEM, whose base64 has two `=` at its end or fewer.
fn without_armour(pem: &str) -> Vec<u8> {
    const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let body: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    let digits: Vec<usize> = body.chars().filter_map(|c| ALPHABET.find(c)).collect();
    let mut bytes = Vec::new();
    for group in digits.chunks(4) {
        let bits = group.iter().fold(0, |bits, digit| bits << 6 | digit) << (6 * (4 - group.len()));
        let three = [bits >> 16, bits >> 8, bits].map(|byte| u8::try_from(byte & 255).unwrap());
        bytes.extend(&three[..group.len() - 1]);
    }
    bytes
}

#[test]
fn a_key_that_core_refuses_is_refused() {
    for (text, part) in [
        ("", "is empty"),
        ("./private.key", "is the path of a file"),
        (SECRET, "looks like an API secret"),
        ("-----BEGIN PRIVATE KEY-----", "has no -----END line"),
        (&key("public_key.pem"), "is a public key"),
    ] {
        let outcome = run(generate().env("TOKMINT_PRIVATE_KEY", text));
        assert_eq!(outcome.refusal(), "invalid_private_key");
        assert!(outcome.stderr.contains(part), "{part}: {}", outcome.stderr);
    }
    let outcome = run(verify().env("TOKMINT_PUBLIC_KEY", key("private_key.pem")));
    assert_eq!(outcome.refusal(), "invalid_public_key");
    assert!(outcome.stderr.contains("is a private key, which a verifier must not hold"));
    let mut command = bare(&["verify", "--application-id", "no-uuid", VONAGE_TOKEN]);
    let outcome = run(command.env("TOKMINT_PUBLIC_KEY", key("public_key.pem")));
    assert_eq!(outcome.refusal(), "invalid_application_id");
}

#[test]
fn a_public_key_generates_nothing() {
    let public = key("public_key.pem");
    let outcome = run(generate().env("TOKMINT_PUBLIC_KEY", &public));
    assert_eq!(outcome.refusal(), "no_private_key");
    let outcome = run(keyless(&["rest-token"]).env("TOKMINT_PUBLIC_KEY", &public));
    assert_eq!(outcome.refusal(), "no_private_key");
}

#[test]
fn what_belongs_to_the_other_kind_is_refused() {
    let private = key("private_key.pem");
    for (option, code) in
        [("--nonce=1", "unsupported_option"), ("--format=t1", "unsupported_option")]
    {
        let outcome = run(generate().arg(option).env("TOKMINT_PRIVATE_KEY", &private));
        assert_eq!(outcome.refusal(), code, "{option}");
    }
    let jti = "--jti=f0b9ccb6-4620-4043-b66a-29b8801de1ca";
    let outcome = run(&mut tokmint(&["generate", "--session-id", SESSION_ID, jti]));
    assert_eq!(outcome.refusal(), "unsupported_option");
    let mut command = keyless(&["generate", "--session-id", SESSION_ID]);
    let outcome = run(command.env("TOKMINT_PRIVATE_KEY", &private));
    assert_eq!(outcome.refusal(), "session_of_other_project");
    let mut command = keyless(&["verify", PYTHON_TOKEN]);
    let outcome = run(command.env("TOKMINT_PRIVATE_KEY", &private));
    assert_eq!(outcome.refusal(), "token_of_other_project");
    let outcome = run(&mut tokmint(&["verify", VONAGE_TOKEN]));
    assert_eq!(outcome.refusal(), "unsupported_algorithm");
    let mut command = keyless(&["generate", "--jti=A", "--session-id", SESSION_OF_APPLICATION]);
    let outcome = run(command.env("TOKMINT_PRIVATE_KEY", &private));
    assert_eq!(outcome.refusal(), "invalid_jti");
}

#[test]
fn options_of_both_kinds_are_an_error_of_usage() {
    for of_project in [&["--api-key", API_KEY][..], &["--secret-file", "x"], &["--secret-stdin"]] {
        for of_application in [
            &["--application-id", APPLICATION_ID][..],
            &["--private-key-file", "x"],
            &["--public-key-file", "x"],
        ] {
            for call in [&["verify", "token"][..], &["inspect", "token"], &["rest-token"]] {
                let outcome = run(bare(call).args(of_project).args(of_application));
                assert!(outcome.usage_error().contains("cannot be used with"));
            }
        }
    }
    let keys = ["--private-key-file", "x", "--public-key-file", "y"];
    assert!(run(generate().args(keys)).usage_error().contains("cannot be used with"));
}

#[test]
fn an_option_of_one_kind_wins_over_an_environment_of_the_other() {
    let both = |command: &mut Command| {
        command
            .env("TOKMINT_API_KEY", API_KEY)
            .env("TOKMINT_API_SECRET", SECRET)
            .env("TOKMINT_APPLICATION_ID", APPLICATION_ID)
            .env("TOKMINT_PRIVATE_KEY", key("private_key.pem"));
        run(command)
    };
    let of_application = ["verify", "--now=1800000000", VONAGE_TOKEN];
    both(bare(&of_application).args(["--application-id", APPLICATION_ID])).text();
    let path = key_file("public_key.pem");
    both(bare(&of_application).arg("--public-key-file").arg(path)).text();
    let of_project = ["verify", "--now=1700000000", PYTHON_TOKEN];
    both(bare(&of_project).args(["--api-key", API_KEY])).text();
    let path = file("secret_beside_a_key", SECRET);
    both(bare(&of_project).arg("--secret-file").arg(path)).text();
    // Without an option nothing says which is meant.
    for call in [&of_application[..], &of_project, &["rest-token"], &["inspect", "token"]] {
        let outcome = both(&mut bare(call));
        assert!(outcome.usage_error().contains("of a project and of an application"));
    }
    let mut command = bare(&["inspect", "token"]);
    command.env("TOKMINT_API_SECRET", SECRET).env("TOKMINT_PUBLIC_KEY", "x");
    let outcome = run(&mut command);
    let found = "of a project and of an application: TOKMINT_API_SECRET, TOKMINT_PUBLIC_KEY;";
    assert!(outcome.usage_error().contains(found), "{}", outcome.stderr);
    let mut command = verify();
    command.env("TOKMINT_PRIVATE_KEY", "x").env("TOKMINT_PUBLIC_KEY", "x");
    assert!(run(&mut command).usage_error().contains("a private key and a public key"));
}

#[test]
fn an_empty_variable_does_not_say_which_kind_is_meant() {
    let path = key_file("public_key.pem");
    let mut command = bare(&["verify", "--now=1800000000", VONAGE_TOKEN]);
    command
        .env("TOKMINT_API_KEY", "")
        .env("TOKMINT_API_SECRET", "")
        .env("TOKMINT_APPLICATION_ID", APPLICATION_ID)
        .env("TOKMINT_PRIVATE_KEY", "")
        .env("TOKMINT_PUBLIC_KEY", std::fs::read_to_string(path).unwrap());
    run(&mut command).text();
    let mut command = tokmint(&["verify", "--now=1700000000", PYTHON_TOKEN]);
    command.env("TOKMINT_APPLICATION_ID", "").env("TOKMINT_PRIVATE_KEY", "");
    run(&mut command).text();
    let mut command = bare(&["rest-token"]);
    command.env("TOKMINT_API_SECRET", "").env("TOKMINT_PRIVATE_KEY", "");
    assert!(run(&mut command).usage_error().contains("there are no credentials"));
}

#[test]
fn half_of_the_credentials_is_an_error_of_usage() {
    for mut command in
        [generate(), verify(), keyless(&["inspect", "T1=="]), keyless(&["rest-token"])]
    {
        let outcome = run(&mut command);
        for way in
            ["--private-key-file", "TOKMINT_PRIVATE_KEY", "--public-key-file", "TOKMINT_PUBLIC_KEY"]
        {
            assert!(outcome.usage_error().contains(way), "{way}");
        }
    }
    for call in [&["verify", "T1=="][..], &["inspect", "T1=="], &["rest-token"]] {
        let path = key_file("private_key.pem");
        let outcome = run(bare(call).arg("--private-key-file").arg(path));
        for way in ["--application-id", "TOKMINT_APPLICATION_ID"] {
            assert!(outcome.usage_error().contains(way), "{way}");
        }
    }
}

#[test]
fn standard_input_cannot_be_both_key_and_token() {
    for option in ["--private-key-file", "--public-key-file"] {
        for call in [&["verify"][..], &["verify", "-"], &["inspect"]] {
            let name =
                if option.contains("private") { "private_key.pem" } else { "public_key.pem" };
            let outcome = run_with_input(keyless(call).args([option, "-"]), key(name).as_bytes());
            assert!(outcome.usage_error().contains("both the key and the token"));
        }
    }
}

#[test]
fn a_file_that_cannot_be_read_or_is_too_long_is_an_error_of_usage() {
    for path in ["absent", env!("CARGO_TARGET_TMPDIR")] {
        let outcome = run(generate().args(["--private-key-file", path]));
        assert!(outcome.usage_error().contains("the private key's file cannot be read"));
        let end = "; check the path given with --private-key-file\n";
        assert!(outcome.stderr.contains(end), "{}", outcome.stderr);
    }
    // As long as core reads: it decides.
    let path = file("longest_key", "x".repeat(MAX_KEY_BYTES));
    let outcome = run(generate().arg("--private-key-file").arg(path));
    assert_eq!(outcome.refusal(), "invalid_private_key");
    let long = "x".repeat(MAX_KEY_BYTES + 1);
    let outcome = run(verify().arg("--public-key-file").arg(file("too_long_key", &long)));
    assert!(outcome.usage_error().contains("the public key is longer than"));
    let outcome = run_with_input(generate().args(["--private-key-file", "-"]), long.as_bytes());
    assert!(outcome.usage_error().contains("the private key is longer than"));
    #[cfg(unix)]
    {
        let outcome = run(generate().args(["--private-key-file", "/dev/zero"]));
        assert!(outcome.usage_error().contains("the private key is longer than"));
    }
}

#[test]
fn no_output_holds_a_piece_of_the_key() {
    let text = key("private_key.pem");
    let body: String = text.lines().filter(|line| !line.starts_with('-')).collect();
    let check = |outcome: Outcome| {
        let shown = outcome.stdout + &outcome.stderr;
        for window in body.as_bytes().windows(16) {
            let window = str::from_utf8(window).unwrap();
            assert!(!shown.contains(window), "{window} in {shown}");
        }
    };
    for command in [
        generate().arg("--json").env("TOKMINT_PRIVATE_KEY", &text),
        generate().arg("--role=boss").env("TOKMINT_PRIVATE_KEY", &text),
        generate().env("TOKMINT_PRIVATE_KEY", &text[..text.len() - 40]),
        verify().env("TOKMINT_PUBLIC_KEY", &text),
        // Typed where a path, an ID or a token belongs.
        generate().args(["--private-key-file", &text]),
        generate().args(["--public-key-file", &text]),
        generate().args(["--private-key", &text]),
        generate().arg(format!("--private-key={text}")),
        generate().arg(&text),
        bare(&["verify", "--application-id", &text, "token"]).env("TOKMINT_PUBLIC_KEY", &text),
        &mut bare(&["rest-token", &text]),
        &mut bare(&["rest-token", "--header", &text]),
        keyless(&["rest-token", "--jti", &text]).env("TOKMINT_PRIVATE_KEY", &text),
    ] {
        check(run(command));
    }
}
