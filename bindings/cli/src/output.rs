//! What is printed: a verified or inspected token as lines for people or as one line of JSON, and refusals.
//!
//! What a token holds was written by somebody else. Texts are escaped as JSON escapes them, and beyond that every
//! character is that a terminal would obey or that would reorder the line, so that neither form can pretend to say
//! something else.

use std::fmt::Write;

use serde_json::{Value, json};
use tokmint::{ErrorCode, Field, Finding, Inspection, Severity, Token};

use crate::time;

/// Each field of a token: its name, its value in JSON, and its value for people.
fn fields(token: &Token) -> [(&'static str, Value, String); 9] {
    // Named in full, so that the build fails until a new field is shown.
    let Token {
        format,
        api_key,
        session_id,
        role,
        create_time,
        expire_time,
        data,
        initial_layout_class_list,
        nonce,
    } = token;
    let plain = |name, text: &str| (name, json!(text), text.to_owned());
    let time = |name, seconds| (name, json!(seconds), time::shown(seconds));
    let quoted = |name, value: Value| (name, value.clone(), value.to_string());
    let classes = json!(initial_layout_class_list);
    [
        plain("format", format.name()),
        plain("api_key", api_key),
        plain("session_id", session_id),
        plain("role", role.name()),
        time("create_time", *create_time),
        time("expire_time", *expire_time),
        quoted("data", json!(data)),
        quoted("initial_layout_class_list", classes),
        quoted("nonce", json!(nonce)),
    ]
}

/// A verified token for people, one field a line. Data, classes and nonce can be any text, so they stand in quotes.
pub fn lines(token: &Token) -> String {
    let fields = fields(token);
    let width = fields
        .iter()
        .fold(0, |width, field| width.max(field.0.len()));
    let line = |(name, _, value): (_, _, String)| format!("{name:width$}  {}\n", visible(&value));
    fields.map(line).concat()
}

/// A verified token as one line of JSON, with the token itself in front where there is one to give.
pub fn json(text: Option<&str>, token: &Token) -> String {
    let mut members = fields(token)
        .map(|(name, value, _)| format!("\"{name}\":{value}"))
        .to_vec();
    if let Some(text) = text {
        members.insert(0, format!("\"token\":{}", json!(text)));
    }
    format!("{{{}}}\n", visible(&members.join(",")))
}

/// Names of a token's fields that are longer do not move the values of all others to the right.
const MAX_NAME_WIDTH: usize = 32;

/// An inspected token for people. What the token says is indented, so that a field cannot pass for a finding.
pub fn inspection(inspection: &Inspection, now: Option<i64>, is_coloured: bool) -> String {
    // Named in full, so that the build fails until a new field is shown. What the token's types say, its fields do.
    let Inspection {
        format,
        signature,
        header,
        fields,
        created_at,
        expires_at,
        not_before,
        remaining_lifetime,
        findings,
        token: _,
    } = inspection;
    // Only core reads the clock: where `now` is not given, the remaining lifetime tells what it read.
    let expiry = expires_at.as_deref().and_then(time::seconds);
    let now = now.or_else(|| expiry?.checked_sub((*remaining_lifetime)?));
    let format = format.map_or("unknown", |format| format.name());
    let mut text = format!("format      {format}\nsignature   {signature}\n");
    for (name, time) in [
        ("created_at", created_at),
        ("not_before", not_before),
        ("expires_at", expires_at),
    ] {
        if let Some(time) = time {
            let _ = writeln!(text, "{name:10}  {}", time::explained(time, now));
        }
    }
    for (title, fields) in [("header", header), ("fields", fields)] {
        if !fields.is_empty() {
            let _ = write!(text, "\n{title}\n{}", indented(fields));
        }
    }
    text.push('\n');
    if findings.is_empty() {
        text.push_str("no findings\n");
    }
    for finding in findings {
        text.push_str(&explained(finding, is_coloured));
    }
    text
}

fn indented(fields: &[Field]) -> String {
    let names: Vec<String> = fields.iter().map(|field| visible(&field.name)).collect();
    let widths = names.iter().map(|name| name.chars().count());
    let width = widths.filter(|&width| width <= MAX_NAME_WIDTH).max();
    let width = width.unwrap_or_default();
    let mut text = String::new();
    for (name, field) in names.iter().zip(fields) {
        let line = format!("  {name:width$}  {}", visible(&field.value));
        let _ = writeln!(text, "{}", line.trim_end());
    }
    text
}

fn explained(finding: &Finding, is_coloured: bool) -> String {
    let severity = finding.severity.name();
    let (colour, end) = match finding.severity {
        _ if !is_coloured => ("", ""),
        Severity::Refused => ("\u{1b}[1;31m", "\u{1b}[0m"),
        Severity::Warning => ("\u{1b}[1;33m", "\u{1b}[0m"),
        Severity::Note => ("\u{1b}[1;36m", "\u{1b}[0m"),
    };
    let mut text = format!(
        "{colour}{severity:7}{end}  {}\n         {}\n",
        finding.code,
        visible(&finding.message)
    );
    if let Some(server_message) = finding.server_message {
        let _ = writeln!(text, "         the server says: {server_message}");
    }
    text
}

/// An inspected token as one line of JSON: core's, with those characters escaped that core leaves as they are.
pub fn inspection_json(inspection: &Inspection) -> String {
    format!("{}\n", visible(&inspection.to_json()))
}

/// A refusal as a line for people.
pub fn refusal(code: ErrorCode, message: &str) -> String {
    format!("tokmint: {}: {message}\n", code.name())
}

/// A refusal as one line of JSON.
pub fn refusal_json(code: ErrorCode, message: &str) -> String {
    let error = json!({ "code": code.name(), "number": code.number(), "message": message });
    format!("{{\"error\":{error}}}\n")
}

/// Escapes, in the way of JSON, the control characters (C0, DEL, C1), the line separators, and the characters that
/// set the direction of writing.
fn visible(text: &str) -> String {
    let mut visible = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\0'..='\u{1f}'
            | '\u{7f}'..='\u{9f}'
            | '\u{61c}'
            | '\u{200e}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}' => {
                let _ = write!(visible, "\\u{:04x}", u32::from(character));
            }
            _ => visible.push(character),
        }
    }
    visible
}

#[cfg(test)]
mod tests {
    /// The binary shows no text from outside without quotes that core lets hold these, so no call can try them.
    #[test]
    fn control_characters_are_escaped_in_texts_without_quotes_too() {
        let (controls, escaped) = ("\0\n\u{1b}\u{1f} ", r"\u0000\u000a\u001b\u001f ");
        assert_eq!(super::visible(controls), escaped);
    }
}
