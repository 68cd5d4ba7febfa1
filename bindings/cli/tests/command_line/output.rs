//! What reaches the terminal or the pipe.

use std::io::Write;
use std::process::Stdio;

use serde_json::{Value, json};

use crate::{API_KEY, HOSTILE_TOKEN, PYTHON_TOKEN, SESSION_ID, generate, outcome, run, tokmint};

const AT_ITS_TIME: [&str; 3] = ["verify", HOSTILE_TOKEN, "--now=300000000000"];

/// The characters that no output may hold but for the line feeds that end its lines.
pub fn is_hostile(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[test]
fn strings_of_a_token_cannot_command_the_terminal() {
    let text = run(&mut tokmint(&AT_ITS_TIME)).text();
    let expected = format!(
        r#"format                     jwt
api_key                    {API_KEY}
session_id                 {SESSION_ID}
role                       publisher
create_time                300000000000
expire_time                300000000060
data                       "a\u0007\nrole  moderator\u2028\u2066\u007f\""
initial_layout_class_list  ["\u001b[2J","b\u009b","\u200ec"]
nonce                      "1\u001b]0;\u009d\u202e\\"
"#
    );
    assert_eq!(text, expected);
}

#[test]
fn json_is_one_line_of_tame_characters_with_the_very_strings() {
    let text = run(tokmint(&AT_ITS_TIME).arg("--json")).text();
    assert!(!text.strip_suffix('\n').unwrap().contains(is_hostile));
    let fields: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(fields["data"], "a\u{7}\nrole  moderator\u{2028}\u{2066}\u{7f}\"");
    assert_eq!(fields["initial_layout_class_list"], json!(["\u{1b}[2J", "b\u{9b}", "\u{200e}c"]));
    assert_eq!(fields["nonce"], "1\u{1b}]0;\u{9d}\u{202e}\\");
}

#[test]
fn every_hostile_character_is_escaped_and_no_other() {
    // An argument cannot hold NUL.
    let hostile: String =
        ('\u{1}'..='\u{ffff}').filter(|&character| is_hostile(character)).collect();
    let tame = "é ß \u{5d0} \u{300} 中 \u{1f468}\u{200d}\u{1f469} \\u202e";
    let data = format!("{hostile}{tame}");
    let text = run(&mut generate(&["--data", &data, "--json"])).text();
    assert!(!text.strip_suffix('\n').unwrap().contains(is_hostile));
    let fields: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(fields["data"], data);
    assert!(text.contains("é ß \u{5d0} \u{300} 中 \u{1f468}\u{200d}\u{1f469} \\\\u202e"));

    let token = fields["token"].as_str().unwrap();
    let text = run(&mut tokmint(&["verify", token])).text();
    assert!(!text.replace('\n', "").contains(is_hostile));
    assert_eq!(text.lines().count(), 9);
}

#[cfg(unix)]
#[test]
fn a_reader_that_leaves_is_no_error() {
    for (token, status) in [(PYTHON_TOKEN, 0), ("T1==", 1)] {
        let mut child = tokmint(&["verify", "--now=1700000000", "--json"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // The reader leaves before the call can write, since the call still waits for its token.
        drop(child.stdout.take());
        child.stdin.take().unwrap().write_all(token.as_bytes()).unwrap();
        let outcome = outcome(child.wait_with_output().unwrap());
        assert_eq!(outcome.status, Some(status), "{}", outcome.stderr);
        assert!(
            !outcome.stderr.contains("panicked") && !outcome.stderr.contains("cannot be written")
        );
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error() {
    let full = || std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let outcome = outcome(generate(&[]).stdout(full()).output().unwrap());
    assert_eq!(outcome.status, Some(2));
    assert!(outcome.stderr.starts_with("tokmint: the output cannot be written: "));
    // Where even the sentence cannot be written, the exit status stays.
    let status = generate(&["--role=boss"]).stderr(full()).status().unwrap();
    assert_eq!(status.code(), Some(1));
}
