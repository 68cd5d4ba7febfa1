//! Unwrapping a token from what copying, formatting and sending leaves around it.

use crate::format::t1;
use crate::inspect::finding::FindingCode;
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
const MAX_WRAPPINGS: usize = 4;

/// Start of the base64 of `partner_id=`, which every T1 token has behind its prefix.
const T1_START: &[u8] = b"cGFydG5lcl9pZD";

/// Start of the base64 of a JSON object that begins with a name, which is how the header of every JWT begins.
const JWT_START: &[u8] = b"eyJ";

/// Texts that languages write for a value that is not there.
const ABSENT: [&[u8]; 7] = [
    b"",
    b"undefined",
    b"null",
    b"None",
    b"nil",
    b"NaN",
    b"[object Object]",
];

/// Takes off what is around a token.
pub(super) fn repair(text: &[u8]) -> Repaired {
    let mut findings = Vec::new();
    let mut token = text.to_vec();
    for _ in 0..MAX_WRAPPINGS {
        let before = findings.len();
        for (code, unwrap) in WRAPPINGS {
            if let Some(unwrapped) = unwrap(&token) {
                token = unwrapped;
                findings.push(code);
            }
        }
        if findings.len() == before {
            break;
        }
    }
    let no_token = if token == b"[object Promise]" {
        Some(FindingCode::Promise)
    } else if ABSENT.contains(&token.as_slice()) {
        Some(FindingCode::NoToken)
    } else if str::from_utf8(&token).is_ok_and(|text| SessionId::parse(text).is_ok()) {
        Some(FindingCode::SessionIdAsToken)
    } else {
        None
    };
    if no_token.is_none() {
        for (code, mend) in MENDS {
            if let Some(mended) = mend(&token) {
                token = mended;
                findings.push(code);
            }
        }
    }
    findings.extend(no_token);
    findings.sort_unstable();
    findings.dedup();
    Repaired {
        token,
        findings,
        is_unreadable: no_token.is_some(),
    }
}

type Mend = fn(&[u8]) -> Option<Vec<u8>>;

/// What can stand around a token several times; `None` where it does not.
const WRAPPINGS: [(FindingCode, Mend); 4] = [
    (FindingCode::WhiteSpaceAround, without_white_space_around),
    (FindingCode::PythonBytes, without_python_bytes),
    (FindingCode::QuotesAround, without_quotes),
    (FindingCode::UrlEncoded, percent_decoded),
];

/// What can be amiss with the token itself; `None` where it is not.
const MENDS: [(FindingCode, Mend); 3] = [
    (FindingCode::WhiteSpaceInside, without_white_space_inside),
    (FindingCode::MissingPrefix, with_prefix),
    (FindingCode::Truncated, with_all_dots),
];

fn changed(before: &[u8], after: &[u8]) -> Option<Vec<u8>> {
    (before.len() != after.len()).then(|| after.to_vec())
}

fn without_white_space_around(text: &[u8]) -> Option<Vec<u8>> {
    const BYTE_ORDER_MARK: char = '\u{feff}';
    let trimmed = match str::from_utf8(text) {
        Ok(text) => text
            .trim_matches(|character: char| {
                character.is_whitespace() || character == BYTE_ORDER_MARK
            })
            .as_bytes(),
        Err(_) => text.trim_ascii(),
    };
    changed(text, trimmed)
}

fn without_python_bytes(text: &[u8]) -> Option<Vec<u8>> {
    let inner = text.strip_prefix(b"b")?;
    let (&quote, inner) = inner.split_first()?;
    let inner = inner.strip_suffix(&[quote])?;
    matches!(quote, b'\'' | b'"').then(|| inner.to_vec())
}

fn without_quotes(text: &[u8]) -> Option<Vec<u8>> {
    const QUOTES: [char; 7] = ['\'', '"', '`', '“', '”', '‘', '’'];
    let trimmed = str::from_utf8(text).ok()?.trim_matches(QUOTES);
    changed(text, trimmed.as_bytes())
}

/// Neither format holds a percent sign. One that is not followed by two digits stays.
fn percent_decoded(text: &[u8]) -> Option<Vec<u8>> {
    let decoded: Vec<u8> = percent_encoding::percent_decode(text).collect();
    (decoded.len() != text.len()).then_some(decoded)
}

/// Removes white space; a space inside of T1 base64 was a plus sign, which form decoding takes for a space.
fn without_white_space_inside(text: &[u8]) -> Option<Vec<u8>> {
    let is_t1 = text.starts_with(t1::PREFIX);
    text.iter().any(u8::is_ascii_whitespace).then(|| {
        text.iter()
            .filter_map(|&byte| match byte {
                b' ' if is_t1 => Some(b'+'),
                _ => (!byte.is_ascii_whitespace()).then_some(byte),
            })
            .collect()
    })
}

fn with_prefix(text: &[u8]) -> Option<Vec<u8>> {
    let at = (0..=t1::PREFIX.len()).find(|&at| {
        text.get(at..)
            .is_some_and(|rest| rest.starts_with(T1_START))
    })?;
    (&text[..at] != t1::PREFIX).then(|| [t1::PREFIX, &text[at..]].concat())
}

/// Adds the dots of parts that are missing behind a JWT's header.
fn with_all_dots(text: &[u8]) -> Option<Vec<u8>> {
    const DOTS: usize = 2;
    let dots = memchr::memchr_iter(b'.', text).count();
    (text.starts_with(JWT_START) && dots < DOTS).then(|| [text, &b".."[dots..]].concat())
}
