//! Reading the JSON objects of a JWT (RFC 8259), strictly.
//!
//! serde_json does the parsing; this file adds what tokens need and it leaves to its callers. A
//! name that appears twice in one object is refused at every level and after unescaping, because
//! readers differ in which one they believe, and so is nesting below [`MAX_JSON_DEPTH`]. Values
//! that the token format does not use must be well-formed, but are not interpreted: a number there
//! may exceed any type.

use std::borrow::Cow;
use std::fmt;

use memchr::{memchr, memchr2};
use serde::Deserialize;
use serde::de::{Deserializer, Error as _, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::limits::MAX_JSON_DEPTH;

/// An object that was read.
pub(super) struct Object<'a, const N: usize> {
    /// The JSON of the members that were asked for, in their order; `None` for one that is missing.
    /// Of a name that appears twice it is the first value.
    pub(super) values: [Option<&'a str>; N],
    /// Whether a name appears twice in the object or in one inside of it.
    pub(super) has_duplicates: bool,
}

/// Reads an object and the members with these names. `None` if the bytes are not one object, or one
/// that is refused.
pub(super) fn read_object<'a, const N: usize>(
    json: &'a [u8],
    names: [&str; N],
) -> Option<Object<'a, N>> {
    let mut values = [None; N];
    let mut has_duplicates = false;
    let mut unknown = Names::default();
    let mut deserializer = serde_json::Deserializer::from_str(str::from_utf8(json).ok()?);
    let each = |name: Cow<'a, str>, value: &'a str| {
        has_duplicates |= has_duplicates_inside(value)?;
        match names.iter().position(|&known| known == name) {
            Some(index) => {
                has_duplicates |= values[index].is_some();
                values[index].get_or_insert(value);
            }
            None => unknown.push(name),
        }
        Some(())
    };
    deserializer.deserialize_map(Members(each)).ok()?;
    deserializer.end().ok()?;
    has_duplicates |= unknown.has_duplicates();
    Some(Object { values, has_duplicates })
}

/// The first members of an object that is shown, refused or not: each name, and the JSON of its
/// value. Ends at the first byte that is not JSON.
pub(crate) fn members(json: &[u8], limit: usize) -> Vec<(Cow<'_, str>, &str)> {
    let mut members = Vec::new();
    let json = json.utf8_chunks().next().map_or("", |chunk| chunk.valid());
    let each = |name, value| {
        members.push((name, value));
        (members.len() < limit).then_some(())
    };
    // What was listed before a fault, or before the limit, stays.
    let _ = serde_json::Deserializer::from_str(json).deserialize_map(Members(each));
    members
}

/// The string that a JSON value is; `None` for anything else.
pub(crate) fn string(json: &str) -> Option<Cow<'_, str>> {
    let inner = json.strip_prefix('"')?.strip_suffix('"')?;
    if memchr(b'\\', inner.as_bytes()).is_some() {
        serde_json::from_str(json).ok().map(Cow::Owned)
    } else {
        Some(Cow::Borrowed(inner))
    }
}

/// The names of one object or form, to find one that appears twice.
#[derive(Default)]
pub(super) struct Names<'a>(Vec<Cow<'a, str>>);

impl<'a> Names<'a> {
    pub(super) fn push(&mut self, name: Cow<'a, str>) {
        self.0.push(name);
    }

    /// Sorts first, so that an attacker's many names cost no more than n log n. Sorting the first
    /// bytes, as numbers, takes a third of the time, and nearly always tells all names apart.
    pub(super) fn has_duplicates(mut self) -> bool {
        let mut starts: Vec<u64> = self.0.iter().map(|name| start(name)).collect();
        starts.sort_unstable();
        if starts.is_sorted_by(|a, b| a < b) {
            return false;
        }
        self.0.sort_unstable();
        !self.0.is_sorted_by(|a, b| a < b)
    }
}

/// The first bytes of a name as a number: names of different numbers differ.
fn start(name: &str) -> u64 {
    let mut start = [0; size_of::<u64>()];
    start.iter_mut().zip(name.bytes()).for_each(|(start, byte)| *start = byte);
    u64::from_ne_bytes(start)
}

/// Hands over each member of an object, its name and the JSON of its value, until `None`.
struct Members<F>(F);

impl<'de, F: FnMut(Cow<'de, str>, &'de str) -> Option<()>> Visitor<'de> for Members<F> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<Self::Value, A::Error> {
        while let Some(Name(name)) = map.next_key()? {
            let value = map.next_value::<&RawValue>()?.get();
            self.0(name, value).ok_or_else(|| A::Error::custom("refused"))?;
        }
        Ok(())
    }
}

/// A name, borrowed where it has no escapes.
#[derive(Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

/// Whether a name appears twice in an object inside of a value that serde_json found well-formed.
/// `None` if it is nested too deeply, or if it is or holds a string that is not Unicode.
fn has_duplicates_inside(value: &str) -> Option<bool> {
    // Most values are no containers.
    if value.starts_with('"') {
        return string(value).map(|_| false);
    }
    let mut has_duplicates = false;
    // The names of each object and array that is open; those of an array stay empty.
    let mut open: Vec<Names<'_>> = Vec::new();
    let mut rest = value;
    while let Some(at) = rest.find(['"', '{', '[', '}', ']']) {
        rest = &rest[at..];
        match rest.as_bytes()[0] {
            b'{' | b'[' => {
                open.push(Names::default());
                // The object of the members themselves is one level.
                if open.len() + 1 > MAX_JSON_DEPTH {
                    return None;
                }
            }
            b'"' => {
                let (text, behind) = rest.split_at(string_length(rest)?);
                let text = string(text)?;
                if behind.trim_start().starts_with(':') {
                    open.last_mut()?.push(text);
                }
                rest = behind;
                continue;
            }
            _ => has_duplicates |= open.pop()?.has_duplicates(),
        }
        rest = &rest[1..];
    }
    Some(has_duplicates)
}

/// Length of the JSON string at the start, with its quotes; `None` if it does not end.
fn string_length(json: &str) -> Option<usize> {
    let mut length = json.starts_with('"').then_some(1)?;
    loop {
        let rest = json.as_bytes().get(length..)?;
        let at = memchr2(b'"', b'\\', rest)?;
        if rest[at] == b'"' {
            return Some(length + at + 1);
        }
        // The byte behind a backslash is part of the string.
        length += at + 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_vectors::{shared, string as text};
    use ::base64::Engine as _;
    use ::base64::engine::general_purpose::STANDARD;

    fn is_read(json: &[u8]) -> bool {
        read_object(json, ["known"]).is_some_and(|object| !object.has_duplicates)
    }

    /// A document as a member, unless it is an object itself.
    fn is_read_inside(json: &[u8]) -> bool {
        let inside = [b"{\"known\":", json, b"}"].concat();
        is_read(&inside)
    }

    fn nested(depth: usize) -> String {
        format!("{}{}", "[".repeat(depth - 1), "]".repeat(depth - 1))
    }

    #[test]
    fn no_more_members_are_listed_than_asked_for() {
        let json = br#"{"a":1,"b":[2],"c":3}"#;
        let listed = |limit| {
            members(json, limit)
                .into_iter()
                .map(|(name, value)| (name.into_owned(), value))
                .collect::<Vec<_>>()
        };
        let all = [("a".to_owned(), "1"), ("b".to_owned(), "[2]"), ("c".to_owned(), "3")];
        assert_eq!(listed(2), all[..2]);
        assert_eq!(listed(3), all);
        assert_eq!(listed(4), all);
    }

    #[test]
    fn nesting_has_an_exact_limit_for_known_and_unknown_members() {
        for name in ["known", "unknown"] {
            let document = |depth| format!("{{\"{name}\":{}}}", nested(depth));
            assert!(is_read(document(MAX_JSON_DEPTH).as_bytes()));
            assert!(!is_read(document(MAX_JSON_DEPTH + 1).as_bytes()));
            assert!(!is_read(document(30_000).as_bytes()));
        }
    }

    #[test]
    fn names_that_start_alike_are_told_apart() {
        assert!(is_read(br#"{"connection_data":1,"connection_id":2,"connection":3}"#));
        assert!(is_read(br#"{"a":1,"a\u0000":2}"#));
        assert!(!is_read(br#"{"connection_data":1,"connection_id":2,"connection_data":3}"#));
    }

    #[test]
    fn a_name_that_appears_twice_is_refused_at_every_level() {
        assert!(is_read(br#"{"a":1,"b":[{"a":1},{"a":2}],"known":{"known":1}}"#));
        // What looks like structure inside of a string is none.
        assert!(is_read(br#"{"a":{"\"b\"":"{\\","c":["\\\"","[{"," : "]}}"#));
        for json in [
            r#"{"known":1,"known":1}"#, r#"{"known":null,"known":null}"#, r#"{"a":1,"b":2,"a":1}"#,
            r#"{"role":1,"\u0072ole":2}"#, r#"{"known":{"a":1,"\u0061":2}}"#,
            r#"{"x":[[{"a":1,"a":2}]]}"#, r#"{"x":{"a\"":1,"b":"\\","a\"" :2}}"#,
        ] {
            assert!(!is_read(json.as_bytes()), "{json}");
        }
    }

    #[test]
    fn many_names_take_no_more_than_their_share() {
        let members: Vec<String> = (0..60_000).map(|n| format!("\"{n}\":0")).collect();
        assert!(is_read(format!("{{{}}}", members.join(",")).as_bytes()));
    }

    /// A document too large for the file, in its notation.
    fn expanded(generator: &serde_json::Value) -> String {
        if let Some(part) = generator.as_str() {
            return part.to_owned();
        }
        if let Some(parts) = generator["concat"].as_array() {
            return parts.iter().map(expanded).collect();
        }
        let times = generator["times"].as_u64().unwrap();
        text(&generator["repeat"]).repeat(times.try_into().unwrap())
    }

    #[test]
    #[ignore = "needs ../shared/data/third_party beside the repository"]
    fn json_test_suite_is_decided_as_named() {
        /// Valid JSON that a token may not hold: a name that appears twice.
        const REFUSED: [&str; 2] =
            ["y_object_duplicated_key.json", "y_object_duplicated_key_and_value.json"];
        let file = shared("jsontestsuite.json");
        let (mut decided, mut refused) = (0, 0);
        for test in file["tests"].as_array().unwrap() {
            let json = match test["base64"].as_str() {
                Some(encoded) => STANDARD.decode(encoded).unwrap(),
                None => expanded(&test["generator"]).into_bytes(),
            };
            let name = text(&test["name"]);
            let is_accepted = is_read(&json) || is_read_inside(&json);
            match text(&test["expect"]) {
                "accept" if REFUSED.contains(&name) => {
                    assert!(!is_accepted);
                    refused += 1;
                }
                "accept" => assert!(is_accepted, "{name}"),
                "reject" => assert!(!is_accepted, "{name}"),
                _ => continue,
            }
            decided += 1;
        }
        assert_eq!((decided, refused), (95 + 188, REFUSED.len()));
    }
}
