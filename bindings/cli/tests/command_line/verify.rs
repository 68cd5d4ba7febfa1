//! `tokmint verify`.

use std::process::Command;

use tokmint::limits::{MAX_LEEWAY, MAX_TOKEN_BYTES};

use crate::{API_KEY, HOSTILE_TOKEN, PYTHON_TOKEN, SESSION_ID, run, run_with_input, tokmint};

/// Verifies on the day when `PYTHON_TOKEN` was minted.
fn verify(more: &[&str]) -> Command {
    let mut command = tokmint(&["verify", "--now=1700000000"]);
    command.args(more);
    command
}

fn lines() -> String {
    format!(
        "\
format                     t1
api_key                    {API_KEY}
session_id                 {SESSION_ID}
role                       moderator
create_time                1700000000 (2023-11-14T22:13:20Z)
expire_time                1700086400 (2023-11-15T22:13:20Z)
data                       \"name=Johnny\"
initial_layout_class_list  []
nonce                      \"1\"
"
    )
}

#[test]
fn prints_one_field_a_line() {
    assert_eq!(run(&mut verify(&[PYTHON_TOKEN])).text(), lines());
}

#[test]
fn json_is_one_line_with_the_names_of_core() {
    let expected = format!(
        "{{\"format\":\"t1\",\"api_key\":\"{API_KEY}\",\"session_id\":\"{SESSION_ID}\",\"role\":\"moderator\",\
         \"create_time\":1700000000,\"expire_time\":1700086400,\"data\":\"name=Johnny\",\
         \"initial_layout_class_list\":[],\"nonce\":\"1\"}}\n"
    );
    assert_eq!(run(&mut verify(&[PYTHON_TOKEN, "--json"])).text(), expected);
    // The lines for people lack no field.
    let fields: serde_json::Map<String, serde_json::Value> =
        serde_json::from_str(&expected).unwrap();
    assert_eq!(lines().lines().count(), fields.len());
    for name in fields.keys() {
        assert!(format!("\n{}", lines()).contains(&format!("\n{name} ")));
    }
}

#[test]
fn the_token_may_come_on_standard_input() {
    for end in ["", "\n", "\r\n"] {
        let input = format!("{PYTHON_TOKEN}{end}");
        for more in [&[][..], &["-"]] {
            let outcome = run_with_input(&mut verify(more), input.as_bytes());
            assert_eq!(outcome.text(), lines(), "{end:?} {more:?}");
        }
    }
    for end in ["\n\n", "\r", "\n\r\n", " ", " \n"] {
        let input = format!("{PYTHON_TOKEN}{end}");
        let outcome = run_with_input(&mut verify(&[]), input.as_bytes());
        assert_eq!(outcome.refusal(), "malformed_token", "{end:?}");
    }
    // An argument is taken as it is.
    let outcome = run(&mut verify(&[&format!("{PYTHON_TOKEN}\n")]));
    assert_eq!(outcome.refusal(), "malformed_token");
}

#[test]
fn refusals_are_those_of_core() {
    let changed = PYTHON_TOKEN.replacen("c2lnPWQ4", "c2lnPWQ5", 1);
    assert_ne!(changed, PYTHON_TOKEN);
    let session = format!("--session-id={SESSION_ID}");
    let most = format!("--leeway={MAX_LEEWAY}");
    let too_much = format!("--leeway={}", MAX_LEEWAY + 1);
    let (minimum, maximum) = (i64::MIN.to_string(), i64::MAX.to_string());
    for (more, code) in [
        (&["--session-id=2_MX4xMjM0NTZ-fg"][..], "token_of_other_session"),
        (&["--session-id", "-"], "token_of_other_session"),
        (&["--api-key=654321"], "token_of_other_project"),
        (&["--now=1700086400"], "token_expired"),
        (&["--now=2023-11-15T22:13:20Z"], "token_expired"),
        (&["--now=1600000000"], "token_not_yet_valid"),
        (&["--now", "-1"], "token_not_yet_valid"),
        (&["--now", &minimum], "token_not_yet_valid"),
        (&["--now", &maximum], "token_expired"),
        (&["--leeway", "-1"], "invalid_leeway"),
        (&["--leeway", "-1h"], "invalid_leeway"),
        (&["--leeway", &minimum], "invalid_leeway"),
        (&["--leeway", &maximum], "invalid_leeway"),
        (&[&too_much], "invalid_leeway"),
    ] {
        let mut command = tokmint(&["verify", PYTHON_TOKEN]);
        if !more[0].starts_with("--now") {
            command.arg("--now=1700000000");
        }
        assert_eq!(run(command.args(more)).refusal(), code, "{more:?}");
    }
    assert_eq!(run(&mut verify(&[&changed])).refusal(), "invalid_signature");
    assert_eq!(run(&mut verify(&[""])).refusal(), "malformed_token");

    run(&mut verify(&[PYTHON_TOKEN, &session])).text();
    run(&mut tokmint(&["verify", PYTHON_TOKEN, "--now=1700086401", "--leeway=2s"])).text();
    run(&mut tokmint(&["verify", PYTHON_TOKEN, "--now=1700086401", &most])).text();
    let now = run(&mut tokmint(&["verify", PYTHON_TOKEN]));
    assert_eq!(now.refusal(), "token_expired");
}

#[test]
fn a_refusal_is_also_json_when_json_is_wanted() {
    let outcome = run(&mut verify(&["T1==", "--json"]));
    assert_eq!(outcome.status, Some(1));
    assert!(outcome.stderr.starts_with("tokmint: malformed_token: "));
    let json: serde_json::Value = serde_json::from_str(&outcome.stdout).unwrap();
    assert_eq!(json["error"]["code"], "malformed_token");
    assert_eq!(json["error"]["number"], 400);
    let message = json["error"]["message"].as_str().unwrap();
    let hint = "; `tokmint inspect` says what is wrong";
    assert_eq!(outcome.stderr, format!("tokmint: malformed_token: {message}{hint}\n"));
}

#[test]
fn a_token_on_standard_input_is_read_up_to_the_limit_of_core() {
    let longest = "a".repeat(MAX_TOKEN_BYTES);
    for end in ["", "\n", "\r\n"] {
        let input = format!("{longest}{end}");
        let outcome = run_with_input(&mut verify(&[]), input.as_bytes());
        assert_eq!(outcome.refusal(), "malformed_token", "{end:?}");
    }
    for end in ["a", "a\r\n", "\r\n\n", "\r\nT1==", "\n\n", "\r"] {
        let input = format!("{longest}{end}");
        let outcome = run_with_input(&mut verify(&[]), input.as_bytes());
        assert_eq!(outcome.refusal(), "token_too_long", "{end:?}");
    }
}

#[cfg(unix)]
#[test]
fn an_endless_token_is_too_long() {
    let zeros = std::fs::File::open("/dev/zero").unwrap();
    let outcome = crate::outcome(verify(&[]).stdin(zeros).output().unwrap());
    assert_eq!(outcome.refusal(), "token_too_long");
}

#[cfg(unix)]
#[test]
fn a_token_that_is_not_utf8_is_refused_by_core() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    let outcome = run(verify(&[]).arg(OsStr::from_bytes(b"T1==\xff")));
    assert_eq!(outcome.refusal(), "malformed_token");
}

#[test]
fn a_time_beyond_the_year_9999_is_shown_in_seconds() {
    let outcome = run(&mut tokmint(&["verify", HOSTILE_TOKEN, "--now=300000000000"]));
    assert!(outcome.text().contains("\nexpire_time                300000000060\n"));
}
