//! `tokmint generate`.

use serde_json::{Value, json};
use tokmint::limits::{DEFAULT_LIFETIME, MAX_DATA_UNITS, MAX_LIFETIME, MAX_TIME};

use crate::{
    API_KEY, AS_PYTHON, PYTHON_TOKEN, SECRET, SESSION_ID, bare, generate, run, run_with_input,
    tokmint,
};

/// Generates with `--json` and returns what it prints.
fn fields(more: &[&str]) -> Value {
    let text = run(generate(more).arg("--json")).text();
    assert_eq!(text.find('\n'), Some(text.len() - 1), "one line");
    serde_json::from_str(&text).unwrap()
}

#[test]
fn prints_the_token_of_the_python_sdk() {
    let call = [
        "generate", "--api-key", API_KEY, "--secret-stdin", "--session-id", SESSION_ID, "--role",
        "moderator", "--data", "name=Johnny", "--format", "t1", "--create-time", "1700000000",
        "--nonce", "1",
    ];
    let outcome = run_with_input(&mut bare(&call), SECRET.as_bytes());
    assert_eq!(outcome.text(), format!("{PYTHON_TOKEN}\n"));
}

#[test]
fn json_holds_the_token_and_every_option() {
    let text = run(generate(AS_PYTHON).arg("--json")).text();
    let expected = format!(
        "{{\"token\":\"{PYTHON_TOKEN}\",\"format\":\"t1\",\"api_key\":\"{API_KEY}\",\
         \"session_id\":\"{SESSION_ID}\",\"role\":\"moderator\",\"create_time\":1700000000,\
         \"expire_time\":1700086400,\"data\":\"name=Johnny\",\"initial_layout_class_list\":[],\
         \"nonce\":\"1\"}}\n"
    );
    assert_eq!(text, expected);

    let fields = fields(&[
        "--role=subscriber", "--data=d", "--layout-class=focus", "--layout-class", "full",
        "--format=jwt", "--expires-in=60", "--create-time=1700000000", "--nonce=7",
    ]);
    assert_eq!(fields["format"], "jwt");
    assert_eq!(fields["role"], "subscriber");
    assert_eq!(fields["data"], "d");
    assert_eq!(fields["initial_layout_class_list"], json!(["focus", "full"]));
    assert_eq!(fields["create_time"], 1_700_000_000);
    assert_eq!(fields["expire_time"], 1_700_000_060);
    assert_eq!(fields["nonce"], "7");
}

#[test]
fn without_options_core_chooses() {
    let first = fields(&[]);
    assert_eq!(first["format"], "jwt");
    assert_eq!(first["role"], "publisher");
    assert_eq!(first["data"], "");
    let issued = first["create_time"].as_i64().unwrap();
    assert_eq!(first["expire_time"], issued + DEFAULT_LIFETIME);
    let now = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap().as_secs();
    assert!(now.abs_diff(issued.cast_unsigned()) < 600);
    assert_ne!(fields(&[])["nonce"], first["nonce"]);

    let token = run(&mut generate(&[])).text();
    let verified = run(&mut tokmint(&["verify", token.trim_end()]));
    assert!(verified.text().contains("publisher"));
}

#[test]
fn refusals_are_those_of_core() {
    let long = format!("--data={}", "x".repeat(MAX_DATA_UNITS + 1));
    let milliseconds = format!("--expire-time={}", MAX_TIME + 1);
    let too_far = format!("--expires-in={}", MAX_LIFETIME + 1);
    for (more, code) in [
        (&["--role=Moderator"][..], "invalid_role"),
        (&["--role", "-moderator"], "invalid_role"),
        (&["--role="], "invalid_role"),
        (&["--format=JWT"], "invalid_token_format"),
        (&["--format", "-t1"], "invalid_token_format"),
        (
            &["--expires-in=60", "--expire-time=1700000060", "--create-time=1700000000"],
            "invalid_expire_time",
        ),
        (&["--expires-in", "0"], "invalid_expire_time"),
        (&["--expires-in", "-1"], "invalid_expire_time"),
        (&["--expires-in", "-2h"], "invalid_expire_time"),
        (&[&too_far], "invalid_expire_time"),
        (&["--expire-time", "-1"], "invalid_expire_time"),
        (&[&milliseconds], "invalid_expire_time"),
        (&["--create-time", "-1"], "invalid_create_time"),
        (&["--nonce", "-1"], "invalid_nonce"),
        (&[&long], "data_too_long"),
        (&["--layout-class", "a b"], "invalid_layout_class"),
        (&["--layout-class="], "invalid_layout_class"),
    ] {
        assert_eq!(run(&mut generate(more)).refusal(), code, "{more:?}");
    }
    for option in ["--expires-in", "--expire-time", "--create-time", "--nonce"] {
        for number in [i64::MIN, i64::MAX] {
            let outcome = run(&mut generate(&[option, &number.to_string()]));
            assert!(outcome.refusal().starts_with("invalid_"), "{option} {number}");
        }
    }
    for (session_id, code) in [
        ("1_MX42NTQzMjF-fg", "session_of_other_project"),
        ("", "invalid_session_id"),
        ("-1_", "invalid_session_id"),
    ] {
        let outcome = run(&mut tokmint(&["generate", "--session-id", session_id]));
        assert_eq!(outcome.refusal(), code);
    }
    let outcome = run(generate(&[]).args(["--api-key", "12345x"]));
    assert_eq!(outcome.refusal(), "invalid_api_key");
}

#[test]
fn of_several_faults_the_first_is_refused() {
    let mut faults = vec![
        ("--role=boss", "invalid_role"),
        ("--format=jwe", "invalid_token_format"),
        ("--session-id=1_", "invalid_session_id"),
        ("--create-time=-1", "invalid_create_time"),
        ("--expires-in=0", "invalid_expire_time"),
        ("--layout-class=", "invalid_layout_class"),
        ("--nonce=-1", "invalid_nonce"),
    ];
    while let Some((_, code)) = faults.first() {
        let mut command = tokmint(&["generate"]);
        if faults.iter().all(|(option, _)| !option.starts_with("--session-id")) {
            command.args(["--session-id", SESSION_ID]);
        }
        let outcome = run(command.args(faults.iter().map(|(option, _)| option)));
        assert_eq!(outcome.refusal(), *code, "{faults:?}");
        faults.remove(0);
    }
}

#[test]
fn a_refusal_is_also_json_when_json_is_wanted() {
    let outcome = run(&mut generate(&["--role=boss", "--json"]));
    assert_eq!(outcome.status, Some(1));
    let sentence = outcome.stderr.strip_prefix("tokmint: invalid_role: ").unwrap().trim_end();
    let expected = format!(
        "{{\"error\":{{\"code\":\"invalid_role\",\"message\":\"{sentence}\",\"number\":300}}}}\n"
    );
    assert_eq!(outcome.stdout, expected);
}

#[test]
fn values_may_start_with_a_dash_and_hold_any_character() {
    for data in ["-x", "--role", "--", "", " é\u{1f600} "] {
        assert_eq!(fields(&["--data", data])["data"], data);
    }
    let fields = fields(&["--layout-class", "-x", "--layout-class", "--json"]);
    assert_eq!(fields["initial_layout_class_list"], json!(["-x", "--json"]));
}

#[cfg(unix)]
#[test]
fn data_that_is_not_utf8_is_refused_by_core() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    for (more, code) in [
        (&["--nonce=-1", "--data"][..], "invalid_data"),
        (&["--format=jwe", "--data"], "invalid_token_format"),
    ] {
        let outcome = run(generate(more).arg(OsStr::from_bytes(b"\xff")));
        assert_eq!(outcome.refusal(), code);
    }
}

#[test]
fn durations() {
    for (text, seconds) in [
        ("3600", 3600),
        ("1", 1),
        ("2h", 7200),
        ("90m", 5400),
        ("1h30m", 5400),
        ("1h 30m", 5400),
        ("1.5h", 5400),
        ("45s", 45),
        ("1d12h", 129_600),
        ("1w", 604_800),
        ("30d", MAX_LIFETIME),
        ("PT2H", 7200),
        ("2 hours", 7200),
    ] {
        let fields = fields(&["--create-time=1700000000", "--expires-in", text]);
        assert_eq!(fields["expire_time"], 1_700_000_000 + seconds, "{text}");
    }
    for text in [
        "", " ", "h", "2x", "1.5s", "0.5", "1.0", "500ms", "1h1ns", "1mo", "1y", "1e3", "0x10",
        " 60", "9223372036854775808", "99999999999999999999h", "9223372036854775807h",
    ] {
        let outcome = run(&mut generate(&["--expires-in", text]));
        assert!(outcome.usage_error().contains("write whole seconds"), "{text}");
    }
}

#[test]
fn instants() {
    for text in [
        "1700000000", "2023-11-14T22:13:20Z", "2023-11-14t22:13:20z", "2023-11-14 22:13:20Z",
        "2023-11-14T23:13:20+01:00", "2023-11-14T17:43:20-04:30", "2023-11-14T22:13:20.000Z",
    ] {
        assert_eq!(fields(&["--create-time", text])["create_time"], 1_700_000_000, "{text}");
        let fields = fields(&["--create-time=1699999999", "--expire-time", text]);
        assert_eq!(fields["expire_time"], 1_700_000_000, "{text}");
    }
    for text in [
        "", "now", "1700000000.0", "1700000000.5", "2023-11-14T22:13:20.5Z",
        "2023-11-14T22:13:20,000000001Z", "2023-12-31T23:59:60Z", "20231231T235960Z",
        "2023-12-31T235960Z", "+002023-12-31T23:59:60Z", "2023-11-14", "2023-11-14T22:13:20",
        "2023-11-14T22:13Z", "2023-02-29T00:00:00Z", "2023-11-14T24:00:00Z",
        "2023-11-14T22:13:20Z[Europe/Rome]", "9223372036854775808",
        "Tue, 14 Nov 2023 22:13:20 +0000",
    ] {
        let outcome = run(&mut generate(&["--create-time", text]));
        assert!(outcome.usage_error().contains("RFC 3339"), "{text}");
    }
}
