//! Unwrapping a token from what copying, formatting and sending leaves around it.

use super::finding::FindingCode;
use crate::format::t1;
use crate::limits::{MAX_TOKEN_BYTES, MAX_WRAPPINGS};
use crate::session_id::SessionId;
use crate::wrapping::{QUOTES, is_absent, is_blank};

/// A token with its wrapping taken off.
#[derive(Default)]
pub(super) struct Repaired {
    /// What is left.
    pub(super) token: Vec<u8>,
    /// What was taken off or put on, in the order of the codes; empty if nothing was.
    pub(super) findings: Vec<FindingCode>,
    /// Whether the findings already say that this is no token at all.
    pub(super) is_unreadable: bool,
}

/// Start of the base64 of `partner_id=`, which every T1 token has behind its prefix.
const T1_START: &str = "cGFydG5lcl9pZD";

/// Starts of the base64 of a JSON object, as the header of a JWT is one: its first name at once, or
/// after a space, a line feed or CRLF.
const JWT_STARTS: [&str; 4] = ["eyJ", "eyAi", "ewo", "ew0K"];

fn starts_as_jwt(text: &str) -> bool {
    JWT_STARTS.iter().any(|start| text.starts_with(start))
}

/// Takes off what is around a token.
pub(super) fn repair(bytes: &[u8]) -> Repaired {
    let mut findings = Vec::new();
    let mut token = as_string(bytes);
    for _ in 0..MAX_WRAPPINGS {
        // From the first again after each, so that other characters are only what no other code
        // fits.
        let Some((code, unwrapped)) =
            WRAPPINGS.iter().find_map(|(code, unwrap)| Some((*code, unwrap(&token)?)))
        else {
            break;
        };
        token = unwrapped;
        findings.push(code);
    }
    let no_token = if token == "[object Promise]" {
        Some(FindingCode::Promise)
    } else if is_absent(&token) {
        Some(FindingCode::NoToken)
    } else if SessionId::parse(&token).is_ok() {
        Some(FindingCode::SessionIdAsToken)
    } else {
        None
    };
    if no_token.is_none() {
        for (code, correct) in CORRECTIONS {
            // A correction that makes the token too long is none.
            if let Some(corrected) =
                correct(&token).filter(|corrected| corrected.len() <= MAX_TOKEN_BYTES)
            {
                token = corrected;
                findings.push(code);
            }
        }
    }
    findings.extend(no_token);
    findings.sort_unstable();
    findings.dedup();
    Repaired { token: token.into_bytes(), findings, is_unreadable: no_token.is_some() }
}

/// Some bytes as a string. Those that are not UTF-8 become a character that no token holds, as
/// short as they are, so that the string is no longer than a token may be.
fn as_string(bytes: &[u8]) -> String {
    const SUBSTITUTE: char = '\u{1a}';
    let mut string = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        string.push_str(chunk.valid());
        if !chunk.invalid().is_empty() {
            string.push(SUBSTITUTE);
        }
    }
    string
}

type Correction = fn(&str) -> Option<String>;

/// What can be around a token or encode it, several times; `None` where it is not.
const WRAPPINGS: [(FindingCode, Correction); 8] = [
    (FindingCode::WhiteSpaceAround, without_whitespace_around),
    (FindingCode::PythonBytes, without_python_bytes),
    (FindingCode::QuotesAround, without_quotes),
    (FindingCode::JsonEscaped, json_unescaped),
    (FindingCode::HtmlEscaped, html_unescaped),
    (FindingCode::QuotedPrintable, quoted_printable_decoded),
    (FindingCode::TextAround, without_text_around),
    (FindingCode::UrlEncoded, percent_decoded),
];

/// What can be wrong with the token itself; `None` where it is not.
const CORRECTIONS: [(FindingCode, Correction); 3] = [
    (FindingCode::WhiteSpaceInside, without_whitespace_inside),
    (FindingCode::MissingPrefix, with_prefix),
    (FindingCode::Truncated, with_all_dots),
];

fn changed(before: &str, after: &str) -> Option<String> {
    (before.len() != after.len()).then(|| after.to_owned())
}

fn without_whitespace_around(text: &str) -> Option<String> {
    changed(text, text.trim_matches(is_blank))
}

fn without_python_bytes(text: &str) -> Option<String> {
    let inner = text.strip_prefix('b')?;
    let inside = |quote| inner.strip_prefix(quote)?.strip_suffix(quote);
    inside('\'').or_else(|| inside('"')).map(str::to_owned)
}

fn without_quotes(text: &str) -> Option<String> {
    changed(text, text.trim_matches(QUOTES))
}

/// The characters of tokens, and of what is around them, that other notations escape.
const ESCAPED: [char; 9] = ['=', '+', '/', '.', '-', '_', '&', '"', '\''];

/// Replaces the escapes of each of these characters, which all start with one. In a string that
/// holds no token they stay.
fn unescaped(text: &str, start: char, escapes: impl Fn(char) -> Vec<String>) -> Option<String> {
    // Looking for each takes fifty times as long.
    if !text.contains(start) {
        return None;
    }
    let mut unescaped = text.to_owned();
    for character in ESCAPED {
        for escape in escapes(character) {
            if unescaped.contains(&escape) {
                unescaped = unescaped.replace(&escape, character.encode_utf8(&mut [0; 4]));
            }
        }
    }
    let mut starts = [t1::PREFIX, T1_START].into_iter().chain(JWT_STARTS);
    changed(text, &unescaped).filter(|text| starts.any(|start| text.contains(start)))
}

/// Undoes the escapes of JSON and source code.
fn json_unescaped(text: &str) -> Option<String> {
    unescaped(text, '\\', |character| {
        let code = u32::from(character);
        match character {
            // Escaped quotation marks alone are those around the token.
            '"' | '\'' => Vec::new(),
            _ => ["u00", "x"]
                .iter()
                .flat_map(|start| [format!("\\{start}{code:x}"), format!("\\{start}{code:X}")])
                .chain([format!("\\u{{{code:x}}}"), format!("\\{character}")])
                .collect(),
        }
    })
}

/// Undoes the character references of HTML.
fn html_unescaped(text: &str) -> Option<String> {
    const NAMED: [(char, &str); 6] = [
        ('&', "amp"),
        ('"', "quot"),
        ('=', "equals"),
        ('+', "plus"),
        ('/', "sol"),
        ('.', "period"),
    ];
    unescaped(text, '&', |character| {
        let code = u32::from(character);
        let named = NAMED.iter().filter(|(named, _)| *named == character);
        let numbers = [format!("&#{code};"), format!("&#x{code:x};"), format!("&#x{code:X};")];
        numbers.into_iter().chain(named.map(|(_, name)| format!("&{name};"))).collect()
    })
}

/// Decodes what quoted-printable (RFC 2045 section 6.7) makes of a token: `=3D` for `=`, and an
/// equals sign before a line break. In a T1 token without an encoded prefix, an equals sign is its
/// own.
fn quoted_printable_decoded(text: &str) -> Option<String> {
    let prefixes = ["T1=3D=3D", "T1=3d=3d"];
    let is_jwt = starts_as_jwt(text) && ["=\r\n", "=\n"].iter().any(|end| text.contains(end));
    (is_jwt || prefixes.iter().any(|prefix| text.contains(prefix))).then(|| {
        let joined = text.replace("=\r\n", "").replace("=\n", "");
        joined.replace("=3D", "=").replace("=3d", "=")
    })
}

/// Takes off what is before the start of a token and after a character that ends one in a URL, JSON
/// or prose, and what neither format holds at its end.
fn without_text_around(text: &str) -> Option<String> {
    const ENDS: [char; 18] = [
        '"', '\'', '`', '&', ',', ';', '<', '>', '(', ')', '{', '}', '[', ']', '|', '\\', '?', '#',
    ];
    // Without its whole prefix, the start of a T1 token is near, and the rest of the prefix is no
    // other text. The prefix itself is never inside of a token.
    let is_near = |at: usize| (1..=t1::PREFIX.len()).contains(&at);
    let first = text.find(|c: char| c.is_ascii_alphanumeric()).unwrap_or(text.len());
    let is_inside = |at: usize| {
        let is_part = |c: char| c.is_ascii_alphanumeric() || "+/_-.%".contains(c);
        at > first && text[..at].ends_with(is_part)
    };
    let place = |start: &str| {
        let mut places = text.match_indices(start).map(|(at, _)| at);
        places.find(|&at| {
            start == t1::PREFIX || !is_inside(at) && (start != T1_START || !is_near(at))
        })
    };
    let start = [t1::PREFIX, T1_START].into_iter().chain(JWT_STARTS).filter_map(place).min()?;
    let token = &text[start..];
    // Behind other text a token ends where a word does, and a JWT at a space; alone a token may
    // have been wrapped into lines.
    let is_jwt = starts_as_jwt(token);
    let is_end = |c: char| ENDS.contains(&c) || start > 0 && is_blank(c) || is_jwt && c == ' ';
    let token = &token[..token.find(is_end).unwrap_or(token.len())];
    // A dot is part of a JWT while it separates its three parts.
    let mut superfluous = token.matches('.').count();
    if is_jwt {
        superfluous = superfluous.saturating_sub(2);
    }
    let token = token.trim_end_matches(|c: char| match c {
        '.' => {
            let is_superfluous = superfluous > 0;
            superfluous = superfluous.saturating_sub(1);
            is_superfluous
        }
        _ => !is_symbol(c) && !is_blank(c),
    });
    changed(text, token)
}

/// Whether a character belongs to base64 in either alphabet, to its padding or to a percent-escape.
fn is_symbol(character: char) -> bool {
    character.is_ascii_alphanumeric() || "+/-_=%".contains(character)
}

/// Neither format holds a percent sign. One that is not followed by two digits stays.
fn percent_decoded(text: &str) -> Option<String> {
    let decoded: Vec<u8> = percent_encoding::percent_decode_str(text).collect();
    (decoded.len() != text.len()).then(|| as_string(&decoded))
}

/// Removes whitespace; a space inside of T1 base64 was a plus sign, which form decoding takes for a
/// space. In a JWT there is none any more: it ends at one.
fn without_whitespace_inside(text: &str) -> Option<String> {
    let is_token =
        [t1::PREFIX, T1_START].iter().any(|start| text.starts_with(start)) || starts_as_jwt(text);
    (is_token && text.contains(is_blank)).then(|| {
        text.chars()
            .filter_map(|character| match character {
                ' ' => Some('+'),
                _ => (!is_blank(character)).then_some(character),
            })
            .collect()
    })
}

fn with_prefix(text: &str) -> Option<String> {
    let at = text.find(T1_START)?;
    let (before, rest) = text.split_at(at);
    let is_part = before.len() < t1::PREFIX.len() && before.chars().all(|c| "T1=".contains(c));
    is_part.then(|| format!("{}{rest}", t1::PREFIX))
}

/// Adds the dots of parts that are missing behind a JWT's header.
fn with_all_dots(text: &str) -> Option<String> {
    const DOTS: &str = "..";
    let dots = text.matches('.').count();
    (starts_as_jwt(text) && dots < DOTS.len()).then(|| format!("{text}{}", &DOTS[dots..]))
}
