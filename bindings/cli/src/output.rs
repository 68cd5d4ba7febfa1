//! What is printed: a verified or inspected token, or two that are compared, as lines for people or
//! as one line of JSON, and refusals.
//!
//! What a token holds was written by somebody else. Strings are escaped as in JSON, and so is every
//! character that a terminal would obey or that would reorder the line, so that neither form can
//! pretend to say something else.

use std::fmt::Write;

use tokmint::{
    Claims, Comparison, ErrorCode, Field, Finding, Impact, Inspection, Severity, TokenFormat,
};

use crate::time;

/// A token for people, one field a line. Data, classes and nonce can be any string, so they are in
/// quotes.
pub fn lines(token: &Claims) -> String {
    let issuer = match token.application_id() {
        Some(id) => ("application_id", id.to_owned()),
        None => ("api_key", token.api_key().unwrap_or_default().to_owned()),
    };
    let classes: Vec<String> = token.initial_layout_class_list().map(quoted).collect();
    let fields = [
        ("format", token.format().to_string()),
        issuer,
        ("session_id", token.session_id().to_owned()),
        ("role", token.role().to_string()),
        ("create_time", time::shown(token.create_time())),
        ("expire_time", time::shown(token.expire_time())),
        ("data", quoted(token.data())),
        ("initial_layout_class_list", format!("[{}]", classes.join(","))),
        ("nonce", quoted(token.nonce())),
    ];
    let width = fields.iter().map(|(name, _)| name.len()).max();
    let width = width.unwrap_or_default();
    let line = |(name, value): (_, String)| format!("{name:width$}  {}\n", visible(&value));
    fields.map(line).concat()
}

/// A token's fields as one line of JSON, after the token itself if it is given.
pub fn json(token: Option<&str>, claims: &Claims) -> String {
    let fields = serde_json::to_string(claims).expect("claims have string keys only");
    let text = match token {
        Some(token) => fields.replacen('{', &format!("{{\"token\":{},", quoted(token)), 1),
        None => fields,
    };
    format!("{}\n", visible(&text))
}

/// Longer names of a token's fields do not move the values of all others to the right.
const MAX_NAME_WIDTH: usize = 32;

/// An inspected token for people. What the token says is indented, so that a field cannot pass for
/// a finding.
pub fn inspection(inspection: &Inspection, is_coloured: bool) -> String {
    let format = inspection.format.map_or("unknown", TokenFormat::name);
    let signature = inspection.signature;
    let mut text = format!("format      {format}\nsignature   {signature}\n");
    for (name, time) in [
        ("created_at", inspection.create_time),
        ("not_before", inspection.not_before),
        ("expires_at", inspection.expire_time),
    ] {
        if let Some(time) = time {
            let _ = writeln!(text, "{name:10}  {}", time::explained(time, inspection.now));
        }
    }
    for (title, fields) in [("header", &inspection.header), ("fields", &inspection.fields)] {
        if !fields.is_empty() {
            let _ = write!(text, "\n{title}\n{}", indented(fields));
        }
    }
    text.push('\n');
    if inspection.findings.is_empty() {
        text.push_str("no findings\n");
    }
    for finding in &inspection.findings {
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

const RED: &str = "\u{1b}[1;31m";
const YELLOW: &str = "\u{1b}[1;33m";
const CYAN: &str = "\u{1b}[1;36m";
const PLAIN: &str = "\u{1b}[0m";

fn explained(finding: &Finding, is_coloured: bool) -> String {
    let severity = finding.severity.name();
    let (colour, end) = match finding.severity {
        _ if !is_coloured => ("", ""),
        Severity::Refused => (RED, PLAIN),
        Severity::Warning => (YELLOW, PLAIN),
        Severity::Note => (CYAN, PLAIN),
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

/// An inspected token as one line of JSON: core's, with more characters escaped.
pub fn inspection_json(inspection: &Inspection) -> String {
    format!("{}\n", visible(&inspection.to_json()))
}

/// Two compared tokens for people: core's text, whose impacts begin their lines.
pub fn comparison(comparison: &Comparison, is_coloured: bool) -> String {
    let mut text = String::new();
    for line in comparison.to_string().lines() {
        let impact = Impact::ALL.iter().find(|impact| line.starts_with(&format!("{impact} ")));
        let colour = match impact {
            Some(Impact::Lost) => RED,
            Some(Impact::Changed) => YELLOW,
            Some(Impact::Expected) => CYAN,
            _ => "",
        };
        let _ = match impact.filter(|_| is_coloured && !colour.is_empty()) {
            Some(impact) => {
                writeln!(text, "{colour}{impact}{PLAIN}{}", &line[impact.name().len()..])
            }
            None => writeln!(text, "{line}"),
        };
    }
    text
}

/// Two compared tokens as one line of JSON: core's, with more characters escaped.
pub fn comparison_json(comparison: &Comparison) -> String {
    format!("{}\n", visible(&comparison.to_json()))
}

/// A string in quotation marks, as JSON.
fn quoted(text: &str) -> String {
    serde_json::to_string(text).expect("a string always has a JSON form")
}

/// A refusal as a line for people.
pub fn refusal(code: ErrorCode, message: &str) -> String {
    format!("tokmint: {}: {message}\n", code.name())
}

/// A refusal as one line of JSON.
pub fn refusal_json(code: ErrorCode, message: &str) -> String {
    let (name, message, number) = (quoted(code.name()), quoted(message), code.number());
    format!("{{\"error\":{{\"code\":{name},\"message\":{message},\"number\":{number}}}}}\n")
}

/// Escapes, as JSON does, the control characters (C0, DEL, C1), the line separators, and the
/// characters that set the direction of writing.
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
    /// Core lets no string that is shown without quotes hold these, so no call can try them.
    #[test]
    fn control_characters_are_escaped_in_strings_without_quotes_too() {
        let (controls, escaped) = ("\0\n\u{1b}\u{1f} ", r"\u0000\u000a\u001b\u001f ");
        assert_eq!(super::visible(controls), escaped);
    }
}
