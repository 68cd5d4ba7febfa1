//! The form of an inspection that a person reads.

use std::fmt::{self, Write as _};

use super::inspection::{Inspection, rfc_3339};
use crate::limits::MAX_QUOTED_CHARACTERS;
use crate::token_format::TokenFormat;

/// A few characters of a token for a sentence: in quotation marks, escaped and shortened.
pub(super) fn quoted(string: &str) -> String {
    let mut start: String = string.chars().take(MAX_QUOTED_CHARACTERS).collect();
    if start.len() < string.len() {
        start.push('…');
    }
    format!("\"{}\"", Printable(start.trim_matches('"')))
}

/// Shows a string on one line: control characters, and others that are invisible or could disguise
/// the rest, are escaped as in Rust.
pub(super) struct Printable<'a>(pub(super) &'a str);

impl fmt::Display for Printable<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for character in self.0.chars() {
            match character {
                '"' | '\'' | '\\' => formatter.write_char(character)?,
                _ => write!(formatter, "{}", character.escape_debug())?,
            }
        }
        Ok(())
    }
}

impl fmt::Display for Inspection {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let format = self.format.map_or("unknown", TokenFormat::name);
        writeln!(formatter, "format: {format}")?;
        writeln!(formatter, "signature: {}", self.signature)?;
        for (part, fields) in [("header", &self.header), ("field", &self.fields)] {
            for field in fields {
                let (name, value) = (Printable(&field.name), Printable(&field.value));
                writeln!(formatter, "{part} {name}: {value}")?;
            }
        }
        for (name, time) in [
            ("created at", self.create_time),
            ("not before", self.not_before),
            ("expires at", self.expire_time),
        ] {
            if let Some(time) = time.and_then(rfc_3339) {
                writeln!(formatter, "{name}: {time}")?;
            }
        }
        if let Some(remaining) = self.remaining_lifetime {
            writeln!(formatter, "remaining lifetime: {remaining} s")?;
        }
        if self.findings.is_empty() {
            writeln!(formatter, "no findings")?;
        }
        for finding in &self.findings {
            write!(formatter, "{} {}: {}", finding.severity, finding.code, finding.message)?;
            if let Some(server_message) = finding.server_message {
                write!(formatter, " (the server says: {server_message})")?;
            }
            writeln!(formatter)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quotation_is_one_short_printable_line() {
        assert_eq!(quoted("publisher"), "\"publisher\"");
        assert_eq!(quoted("\"publisher\""), "\"publisher\"");
        assert_eq!(
            quoted("a\u{1b}[31m\r\n\0\u{202e}\u{7f}\u{9b}é\\"),
            "\"a\\u{1b}[31m\\r\\n\\0\\u{202e}\\u{7f}\\u{9b}é\\\""
        );
        assert_eq!(quoted(&"ß".repeat(65)), format!("\"{}…\"", "ß".repeat(64)));
    }
}
