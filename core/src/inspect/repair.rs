//! Unwrapping a token from what copying, formatting and sending leaves around it.

use crate::format::t1;
use crate::inspect::finding::FindingCode;
use crate::limits::MAX_TOKEN_BYTES;
use crate::session_id::SessionId;

/// A text with its wrapping taken off.
#[derive(Default)]
pub(super) struct Repaired {
    /// What is left.
    pub(super) token: Vec<u8>,
    /// What was taken off or put on, in the order of the codes; empty if nothing was.
    pub(super) findings: Vec<FindingCode>,
    /// Whether the findings already say that this is no token at all.
    pub(super) is_unreadable: bool,
}

/// How many wrappings inside of each other are taken off. Every one costs a pass over the text.
const MAX_WRAPPINGS: usize = 8;

/// Start of the base64 of `partner_id=`, which every T1 token has behind its prefix.
const T1_START: &str = "cGFydG5lcl9pZD";

/// Start of the base64 of a JSON object that begins with a name, as the header of a JWT does where no white space is
/// before it.
const JWT_START: &str = "eyJ";

/// Texts that languages write for a value that is not there, in any case.
const ABSENT: [&str; 9] = [
    "",
    "undefined",
    "null",
    "(null)",
    "none",
    "nil",
    "<nil>",
    "nan",
    "[object object]",
];

/// Takes off what is around a token.
pub(super) fn repair(text: &[u8]) -> Repaired {
    let mut findings = Vec::new();
    let mut token = as_text(text);
    for _ in 0..MAX_WRAPPINGS {
        // From the first again after each, so that other text is only what no other name fits.
        let Some((code, unwrapped)) = WRAPPINGS
            .iter()
            .find_map(|(code, unwrap)| Some((*code, unwrap(&token)?)))
        else {
            break;
        };
        token = unwrapped;
        findings.push(code);
    }
    let no_token = if token == "[object Promise]" {
        Some(FindingCode::Promise)
    } else if ABSENT
        .iter()
        .any(|absent| token.eq_ignore_ascii_case(absent))
    {
        Some(FindingCode::NoToken)
    } else if SessionId::parse(&token).is_ok() {
        Some(FindingCode::SessionIdAsToken)
    } else {
        None
    };
    if no_token.is_none() {
        for (code, mend) in MENDS {
            // A token that would be too long is no mended one.
            if let Some(mended) = mend(&token).filter(|mended| mended.len() <= MAX_TOKEN_BYTES) {
                token = mended;
                findings.push(code);
            }
        }
    }
    findings.extend(no_token);
    findings.sort_unstable();
    findings.dedup();
    Repaired {
        token: token.into_bytes(),
        findings,
        is_unreadable: no_token.is_some(),
    }
}

/// The text of some bytes. Those that are not UTF-8 become a character that no token holds, as short as they are, so
/// that the text is no longer than a token may be.
fn as_text(bytes: &[u8]) -> String {
    const SUBSTITUTE: char = '\u{1a}';
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        if !chunk.invalid().is_empty() {
            text.push(SUBSTITUTE);
        }
    }
    text
}

type Mend = fn(&str) -> Option<String>;

/// What can stand around a token several times; `None` where it does not.
const WRAPPINGS: [(FindingCode, Mend); 5] = [
    (FindingCode::WhiteSpaceAround, without_white_space_around),
    (FindingCode::PythonBytes, without_python_bytes),
    (FindingCode::QuotesAround, without_quotes),
    (FindingCode::TextAround, without_text_around),
    (FindingCode::UrlEncoded, percent_decoded),
];

/// What can be amiss with the token itself; `None` where it is not.
const MENDS: [(FindingCode, Mend); 3] = [
    (FindingCode::WhiteSpaceInside, without_white_space_inside),
    (FindingCode::MissingPrefix, with_prefix),
    (FindingCode::Truncated, with_all_dots),
];

fn changed(before: &str, after: &str) -> Option<String> {
    (before.len() != after.len()).then(|| after.to_owned())
}

/// White space, and what is not seen either: byte order marks and what joins or parts letters without width.
fn is_white_space(character: char) -> bool {
    character.is_whitespace()
        || matches!(character, '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{2060}')
}

fn without_white_space_around(text: &str) -> Option<String> {
    changed(text, text.trim_matches(is_white_space))
}

fn without_python_bytes(text: &str) -> Option<String> {
    let inner = text.strip_prefix('b')?;
    let inside = |quote| inner.strip_prefix(quote)?.strip_suffix(quote);
    inside('\'').or_else(|| inside('"')).map(str::to_owned)
}

fn without_quotes(text: &str) -> Option<String> {
    const QUOTES: [char; 7] = ['\'', '"', '`', '“', '”', '‘', '’'];
    changed(text, text.trim_matches(QUOTES))
}

/// Takes off what stands before the start of a token and behind a character that ends one in a URL, JSON or prose.
fn without_text_around(text: &str) -> Option<String> {
    const ENDS: [char; 16] = [
        '"', '\'', '`', '&', ',', ';', '<', '>', '(', ')', '{', '}', '[', ']', '|', '\\',
    ];
    // Without its prefix whole, the start of a T1 token is near, and what is left of the prefix is no other text.
    let is_behind = |at: usize| at == 0 || at > t1::PREFIX.len();
    let is_inside = |at: usize| {
        text[..at].ends_with(|c: char| c.is_ascii_alphanumeric() || "+/_-.%".contains(c))
    };
    let start = [t1::PREFIX, T1_START, JWT_START]
        .into_iter()
        .filter_map(|start| {
            let mut places = text.match_indices(start).map(|(at, _)| at);
            places.find(|&at| !is_inside(at) && (start != T1_START || is_behind(at)))
        })
        .min()?;
    let token = &text[start..];
    // Behind other text a token ends where a word does; alone it may have been wrapped into lines.
    let is_end = |c: char| ENDS.contains(&c) || start > 0 && is_white_space(c);
    let end = token.find(is_end).unwrap_or(token.len());
    changed(text, &token[..end])
}

/// Neither format holds a percent sign. One that is not followed by two digits stays.
fn percent_decoded(text: &str) -> Option<String> {
    let decoded: Vec<u8> = percent_encoding::percent_decode_str(text).collect();
    (decoded.len() != text.len()).then(|| as_text(&decoded))
}

/// Removes white space; a space inside of T1 base64 was a plus sign, which form decoding takes for a space.
fn without_white_space_inside(text: &str) -> Option<String> {
    let is_t1 = text.starts_with(t1::PREFIX);
    let is_token = is_t1 || text.starts_with(T1_START) || text.starts_with(JWT_START);
    (is_token && text.contains(is_white_space)).then(|| {
        text.chars()
            .filter_map(|character| match character {
                ' ' if is_t1 => Some('+'),
                _ => (!is_white_space(character)).then_some(character),
            })
            .collect()
    })
}

fn with_prefix(text: &str) -> Option<String> {
    let at = text.find(T1_START)?;
    let (before, rest) = text.split_at(at);
    let is_part = at <= t1::PREFIX.len() && before != t1::PREFIX;
    is_part.then(|| format!("{}{rest}", t1::PREFIX))
}

/// Adds the dots of parts that are missing behind a JWT's header.
fn with_all_dots(text: &str) -> Option<String> {
    const DOTS: &str = "..";
    let dots = text.matches('.').count();
    (text.starts_with(JWT_START) && dots < DOTS.len()).then(|| format!("{text}{}", &DOTS[dots..]))
}
