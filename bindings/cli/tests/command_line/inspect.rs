//! `tokmint inspect`. Its transcripts have a test of their own, `page`.

use std::process::Command;

use serde_json::Value;
use tokmint::limits::MAX_TOKEN_BYTES;
use tokmint::{InspectOptions, OpenTok};

use crate::output::is_hostile;
use crate::{
    API_KEY, PYTHON_TOKEN, SECRET, SESSION_ID, generate, program, run, run_with_input, tokmint,
};

/// A T1 token whose signature is zeros and whose fields attack the terminal. Encoded by Python from
/// `"...:session_id=1_MX4&create_time=1700000000&a\x1b[2J\u009b=\u202e\nrefused  "`
/// `"token_expired\x7f&role=moderator\x1b]0;&nonce="`.
const HOSTILE_T1: &str = "T1==cGFydG5lcl9pZD0xMjM0NTYmc2lnPTAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDA6c2Vzc2lvbl9pZD0xX01YNCZjcmVhdGVfdGltZT0xNzAwMDAwMDAwJmEbWzJKwps94oCuCnJlZnVzZWQgIHRva2VuX2V4cGlyZWR/JnJvbGU9bW9kZXJhdG9yG10wOyZub25jZT0=";

/// Inspects on the day when `PYTHON_TOKEN` was minted.
fn inspect(more: &[&str]) -> Command {
    let mut command = tokmint(&["inspect", "--now=1700000012"]);
    command.args(more);
    command
}

/// The same without credentials.
fn inspect_unchecked(more: &[&str]) -> Command {
    let mut command = inspect(more);
    command.env_remove("TOKMINT_API_KEY").env_remove("TOKMINT_API_SECRET");
    command
}

/// The codes of the findings, which follow the severity at the start of a line.
fn codes(text: &str) -> Vec<&str> {
    let starts = |line: &&str| ["refused  ", "warning  ", "note     "].contains(&&line[..9]);
    let lines = text.lines().filter(|line| line.len() > 9);
    lines.filter(starts).map(|line| &line[9..]).collect()
}

fn lines(signature: &str) -> String {
    format!(
        "\
format      t1
signature   {signature}
created_at  2023-11-14T22:13:20Z  12 s ago
expires_at  2023-11-15T22:13:20Z  in 23 h 59 min

header
  partner_id  {API_KEY}

fields
  session_id                 {SESSION_ID}
  create_time                1700000000
  expire_time                1700086400
  role                       moderator
  nonce                      1
  initial_layout_class_list
  connection_data            name%3DJohnny

no findings
"
    )
}

#[test]
fn shows_every_field_the_times_and_the_findings() {
    assert_eq!(run(&mut inspect(&[PYTHON_TOKEN])).text(), lines("valid"));
    let outcome = run(&mut inspect_unchecked(&[PYTHON_TOKEN]));
    assert_eq!(outcome.text(), lines("unchecked"));
    let expected = "\
refused  token_expired
         the token expired 90000 s ago; generate a new one
         the server says: token has expired
";
    let mut command = tokmint(&["inspect", "--now=1700176400", PYTHON_TOKEN]);
    let text = run(&mut command).refused();
    assert!(text.ends_with(&format!("\n\n{expected}")), "{text}");
    assert!(text.contains("\nexpires_at  2023-11-15T22:13:20Z  1 d 1 h ago\n"));
}

#[test]
fn what_has_no_format_has_no_fields() {
    let text = run(&mut inspect(&["[object Promise]"])).refused();
    let start = "format      unknown\nsignature   unchecked\n\nrefused  promise\n         ";
    assert!(text.starts_with(start), "{text}");
    assert_eq!(text.lines().count(), 5);
}

#[test]
fn json_is_the_one_of_core_in_one_line() {
    let opentok = OpenTok::new(API_KEY, SECRET).unwrap();
    let options = InspectOptions::new().now(1_700_000_012);
    let of_other_session = options.session_id("1_MX4xMjM0NTZ-fg");
    let session = "--session-id=1_MX4xMjM0NTZ-fg";
    for token in [PYTHON_TOKEN, "", "b'eyJhbGciOiJIUzI1NiJ9.e30.'", HOSTILE_T1] {
        let with_keys = opentok.inspect_token(token, &of_other_session).to_json();
        let without = tokmint::inspect_token(token, &of_other_session).to_json();
        for (mut command, expected) in [
            (inspect(&[session, "--json", token]), with_keys),
            (inspect_unchecked(&[session, "--json", token]), without),
        ] {
            let text = run(&mut command).refused();
            assert!(!text.strip_suffix('\n').unwrap().contains(is_hostile));
            let shown: Value = serde_json::from_str(&text).unwrap();
            let expected: Value = serde_json::from_str(&expected).unwrap();
            assert_eq!(shown, expected, "{token}");
            assert_eq!(shown["is_refused"], true, "{token}");
        }
    }
    // Where there is nothing to escape it is core's to the byte, and its exit status is 0.
    let expected = opentok.inspect_token(PYTHON_TOKEN, &options).to_json();
    assert!(expected.ends_with("\"is_refused\":false}"), "{expected}");
    let text = run(&mut inspect(&["--json", PYTHON_TOKEN])).text();
    assert_eq!(text, format!("{expected}\n"));
}

#[test]
fn a_refused_finding_alone_makes_the_exit_status_1() {
    let mut command = inspect(&["--session-id", SESSION_ID, PYTHON_TOKEN]);
    assert_eq!(codes(&run(&mut command).text()), [""; 0]);
    let mut command = inspect(&["--session-id=1_MX4xMjM0NTZ-fg", PYTHON_TOKEN]);
    assert_eq!(codes(&run(&mut command).refused()), ["token_of_other_session"]);
    // A warning is no refusal.
    let email = generate(&["--data=ann@example.com", "--create-time=1700000000"]);
    let token = run(&mut { email }).text();
    let text = run(&mut inspect(&[token.trim_end()])).text();
    assert_eq!(codes(&text), ["data_with_email_address"]);
    assert!(text.contains("\nwarning  data_with_email_address\n"), "{text}");
}

#[test]
fn the_token_is_inspected_as_it_was_given() {
    for end in ["", "\n", "\r\n"] {
        let input = format!("{PYTHON_TOKEN}{end}");
        for more in [&[][..], &["-"]] {
            let outcome = run_with_input(&mut inspect(more), input.as_bytes());
            assert_eq!(outcome.text(), lines("valid"), "{end:?} {more:?}");
        }
    }
    for (before, after) in [("", "\n\n"), ("", " \n"), ("\n", "\n"), ("\u{feff}", "")] {
        let input = format!("{before}{PYTHON_TOKEN}{after}");
        let text = run_with_input(&mut inspect(&[]), input.as_bytes()).refused();
        assert_eq!(codes(&text), ["white_space_around"], "{before:?} {after:?}");
    }
    // An argument is taken as it is.
    let text = run(&mut inspect(&[&format!("{PYTHON_TOKEN}\n")])).refused();
    assert_eq!(codes(&text), ["white_space_around"]);
    let text = run(&mut inspect(&[""])).refused();
    assert_eq!(codes(&text), ["no_token"]);
}

#[cfg(unix)]
#[test]
fn bytes_that_are_not_utf8_are_inspected_too() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    let text = run(inspect(&[]).arg(OsStr::from_bytes(b"T1==\xff"))).refused();
    assert!(!codes(&text).is_empty());
    run_with_input(&mut inspect(&[]), b"\xff\xfe\0").refused();
}

#[test]
fn standard_input_is_read_up_to_the_limit_of_core() {
    let longest = "a".repeat(MAX_TOKEN_BYTES);
    for end in ["", "\n", "\r\n"] {
        let input = format!("{longest}{end}");
        let text = run_with_input(&mut inspect(&[]), input.as_bytes()).refused();
        assert_ne!(codes(&text), ["token_too_long"], "{end:?}");
    }
    for end in ["a", "a\r\n", "\r\n\n"] {
        let input = format!("{longest}{end}");
        let text = run_with_input(&mut inspect(&[]), input.as_bytes()).refused();
        assert_eq!(codes(&text), ["token_too_long"], "{end:?}");
    }
}

#[cfg(unix)]
#[test]
fn an_endless_token_is_too_long() {
    let zeros = std::fs::File::open("/dev/zero").unwrap();
    let outcome = crate::outcome(inspect(&[]).stdin(zeros).output().unwrap());
    assert_eq!(codes(&outcome.refused()), ["token_too_long"]);
}

#[test]
fn half_of_the_credentials_is_an_error_of_usage() {
    let mut command = inspect(&[PYTHON_TOKEN]);
    let outcome = run(command.env_remove("TOKMINT_API_SECRET"));
    for way in ["TOKMINT_API_SECRET", "--secret-file", "--secret-stdin"] {
        assert!(outcome.usage_error().contains(way));
    }
    let mut command = inspect(&[PYTHON_TOKEN]);
    let outcome = run(command.env_remove("TOKMINT_API_KEY"));
    assert!(outcome.usage_error().contains("TOKMINT_API_KEY"));
    // Credentials that cannot be are refused as everywhere.
    let outcome = run(&mut inspect(&["--api-key=abc", PYTHON_TOKEN]));
    assert_eq!(outcome.refusal(), "invalid_api_key");
    let outcome = run(inspect(&["--json", PYTHON_TOKEN]).env("TOKMINT_API_SECRET", ""));
    assert_eq!(outcome.status, Some(1));
    assert!(outcome.stdout.contains("\"code\":\"invalid_api_secret\""));
    let outcome = run(&mut inspect(&[PYTHON_TOKEN, PYTHON_TOKEN]));
    outcome.usage_error();
}

#[test]
fn a_token_cannot_command_the_terminal_or_pass_for_a_finding() {
    let text = run(&mut inspect_unchecked(&[HOSTILE_T1])).refused();
    assert!(!text.replace('\n', "").contains(is_hostile));
    let expected = r"
fields
  session_id        1_MX4
  create_time       1700000000
  a\u001b[2J\u009b  \u202e\u000arefused  token_expired\u007f
  role              moderator\u001b]0;
  nonce
";
    assert!(text.contains(expected), "{text}");
    assert!(!codes(&text).contains(&"token_expired"));
}

#[test]
fn a_long_name_does_not_move_the_other_values() {
    let claims = format!("{{\"{}\":1,\"a\":2,\"{}\":3}}", "b".repeat(33), "c".repeat(32));
    let token = format!("e30.{}.", base64url(claims.as_bytes()));
    let text = run(&mut inspect_unchecked(&[&token])).refused();
    assert!(text.contains(&format!("\n  {}  1\n", "b".repeat(33))), "{text}");
    assert!(text.contains(&format!("\n  a{}  2\n", " ".repeat(31))), "{text}");
    assert!(text.contains(&format!("\n  {}  3\n", "c".repeat(32))), "{text}");
}

/// RFC 4648 section 5, without padding.
fn base64url(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let bits = group.iter().fold(0, |bits, &byte| bits << 8 | u32::from(byte))
            << (8 * (3 - group.len()));
        for place in 0..=group.len() {
            let index = bits >> (18 - 6 * place) & 63;
            text.push(char::from(ALPHABET[index as usize]));
        }
    }
    text
}

/// The line of a time.
fn time<'a>(text: &'a str, name: &str) -> &'a str {
    let mut lines = text.lines();
    lines.find_map(|line| line.strip_prefix(name)).unwrap().trim_start()
}

#[test]
fn a_time_says_how_far_it_is_in_its_two_largest_units() {
    let expire_time = 1_700_086_400_i64;
    for (ahead, expected) in [
        (1, "in 1 s"),
        (59, "in 59 s"),
        (60, "in 1 min"),
        (61, "in 1 min 1 s"),
        (3_599, "in 59 min 59 s"),
        (3_600, "in 1 h"),
        (3_659, "in 1 h"),
        (10_800, "in 3 h"),
        (86_400, "in 1 d"),
        (86_400 + 7_199, "in 1 d 1 h"),
        (100 * 86_400, "in 100 d"),
        (0, "now"),
        (-12, "12 s ago"),
        (-86_399, "23 h 59 min ago"),
        (expire_time - i64::MAX, "106751991147623 d 17 h ago"),
    ] {
        let now = format!("--now={}", expire_time - ahead);
        let outcome = run(&mut tokmint(&["inspect", &now, PYTHON_TOKEN]));
        let expected = format!("2023-11-15T22:13:20Z  {expected}");
        assert_eq!(time(&outcome.stdout, "expires_at"), expected, "{ahead}");
    }
    // Farther than 64 bits can say.
    let mut command = tokmint(&["inspect", PYTHON_TOKEN]);
    let text = run(command.arg(format!("--now={}", i64::MIN))).refused();
    assert_eq!(time(&text, "expires_at"), "2023-11-15T22:13:20Z");
}

#[test]
fn times_count_from_the_clock_of_core_where_none_is_given() {
    let token = run(&mut generate(&["--expires-in=2h"])).text();
    let text = run(&mut tokmint(&["inspect", token.trim_end()])).text();
    let created = time(&text, "created_at");
    assert!(created.ends_with(" ago") || created.ends_with("  now"), "{created}");
    let expires = time(&text, "expires_at");
    assert!(expires.ends_with("  in 2 h") || expires.contains("  in 1 h 59 min"), "{expires}");
    // Also for a JWT without expiry.
    let token = format!("e30.{}.", base64url(b"{\"iat\":1700000000}"));
    let text = run(&mut tokmint(&["inspect", &token])).refused();
    let created = time(&text, "created_at");
    assert!(created.starts_with("2023-11-14T22:13:20Z  ") && created.ends_with(" ago"));
    let text = run(&mut inspect(&[&token])).refused();
    assert_eq!(time(&text, "created_at"), "2023-11-14T22:13:20Z  12 s ago");
}

#[test]
fn nbf_is_shown_and_so_are_the_seconds_of_a_time_without_a_date() {
    let claims = b"{\"nbf\":1700000000,\"iat\":253402300799,\"exp\":253402300800}";
    let token = format!("e30.{}.", base64url(claims));
    let text = run(&mut inspect_unchecked(&[&token])).refused();
    assert_eq!(time(&text, "not_before"), "2023-11-14T22:13:20Z  12 s ago");
    assert_eq!(time(&text, "created_at"), "253402300799");
    assert_eq!(time(&text, "expires_at"), "253402300800");
}

#[test]
fn local_time_is_shown_beside_utc() {
    for (zone, expected) in [
        ("XYZ-5:30", "2023-11-14T22:13:20Z  2023-11-15T03:43:20+05:30  12 s ago"),
        ("XYZ3", "2023-11-14T22:13:20Z  2023-11-14T19:13:20-03:00  12 s ago"),
        ("UTC", "2023-11-14T22:13:20Z  12 s ago"),
        ("no/such zone", "2023-11-14T22:13:20Z  12 s ago"),
    ] {
        let text = run(inspect(&[PYTHON_TOKEN]).env("TZ", zone)).text();
        assert_eq!(time(&text, "created_at"), expected, "{zone}");
    }
}

/// The rules of a zone are read from the system's database, here from one with a single zone.
#[cfg(unix)]
#[test]
fn a_zone_is_found_by_its_name() {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("zoneinfo");
    std::fs::create_dir_all(folder.join("Test")).unwrap();
    // RFC 9636: the counts of both versions, one type of local time (+01:00, named "T") each, and
    // the rule for ever.
    let block = |offset: i32| {
        let counts = [0_u32, 0, 0, 0, 1, 2].map(u32::to_be_bytes).concat();
        [&b"TZif2"[..], &[0; 15], &counts, &offset.to_be_bytes(), &[0, 0], b"T\0"].concat()
    };
    let zone = [&block(3600)[..], &block(3600), b"\nTTT-1\n"].concat();
    std::fs::write(folder.join("Test/Zone"), zone).unwrap();
    let mut command = inspect(&[PYTHON_TOKEN]);
    let text = run(command.env("TZDIR", folder).env("TZ", "Test/Zone")).text();
    let expected = "2023-11-14T22:13:20Z  2023-11-14T23:13:20+01:00  12 s ago";
    assert_eq!(time(&text, "created_at"), expected);
}

/// `script` gives the call a terminal.
#[cfg(target_os = "linux")]
#[test]
fn severities_are_coloured_on_a_terminal_that_allows_it() {
    let on_terminal = |name: &str, value: &str| {
        let call = format!("{} inspect --now 1800000000 {PYTHON_TOKEN}", program().display());
        let mut command = Command::new("script");
        command
            .args(["--quiet", "--return", "--command", &call, "/dev/null"])
            .env_remove("TOKMINT_API_KEY")
            .env_remove("TOKMINT_API_SECRET")
            .env_remove("NO_COLOR")
            .env("TZ", "UTC")
            .env("TERM", "xterm")
            .env(name, value);
        run(&mut command).refused().replace("\r\n", "\n")
    };
    let mut command = tokmint(&["inspect", "--now=1800000000", PYTHON_TOKEN]);
    let in_a_pipe = run(command.env("TERM", "xterm")).refused();
    assert!(in_a_pipe.contains("\nrefused  token_expired\n"));
    let in_a_pipe = in_a_pipe.replace("   valid", "   unchecked");

    let coloured = on_terminal("NO_COLOR", "");
    assert!(coloured.contains("\n\u{1b}[1;31mrefused\u{1b}[0m  token_expired\n"), "{coloured}");
    let plain = coloured.replace("\u{1b}[1;31m", "").replace("\u{1b}[0m", "");
    assert_eq!(plain, in_a_pipe, "only the severity has a colour");
    assert_eq!(on_terminal("NO_COLOR", "1"), in_a_pipe);
    assert_eq!(on_terminal("TERM", "dumb"), in_a_pipe);
}
