//! Reading the JSON objects of a JWT (RFC 8259), strictly.
//!
//! serde_json does the parsing; this file adds what tokens need and it leaves to its callers: a name that stands twice
//! in one object is refused at every level and after unescaping, because readers differ in which one they believe, and
//! so is nesting below [`MAX_JSON_DEPTH`]. A value that the token format does not use is read all the same, to be sure
//! that it is well-formed, and dropped.

use std::borrow::Cow;
use std::cell::Cell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use crate::limits::MAX_JSON_DEPTH;

/// A value of a member that the token format knows.
#[derive(Debug)]
pub(super) enum Value<'a> {
    Text(Cow<'a, str>),
    Integer(i64),
    /// A number with a fraction or an exponent, or beyond 64 bits.
    Float(f64),
    /// An array that holds texts only.
    Texts(Vec<String>),
    /// The JSON text of the member that was asked for raw.
    Raw(&'a str),
    /// `true`, `false`, an object, or an array of other things.
    Other,
}

/// An object that was read.
pub(super) struct Object<'a, const N: usize> {
    /// The values of the members that were asked for, in their order; `None` for one that is missing or null. Of a name
    /// that stands twice it is the first value.
    pub(super) values: [Option<Value<'a>>; N],
    /// Whether a name stands twice in the object or in one inside of it.
    pub(super) has_duplicates: bool,
}

/// Reads an object and the members with these names. The one called `raw_name` is not parsed, so that the digits of a
/// number stay as they are.
///
/// `None` if the text is not one object, or one that is refused.
pub(super) fn read_object<'a, const N: usize>(
    json: &'a [u8],
    names: [&str; N],
    raw_name: &str,
) -> Option<Object<'a, N>> {
    let json = str::from_utf8(json).ok()?;
    let mut deserializer = serde_json::Deserializer::from_str(json);
    let mut values = [const { None }; N];
    let has_duplicates = Cell::new(false);
    let top_level = TopLevel {
        names,
        raw_name,
        values: &mut values,
        has_duplicates: &has_duplicates,
    };
    top_level.deserialize(&mut deserializer).ok()?;
    deserializer.end().ok()?;
    Some(Object {
        values,
        has_duplicates: has_duplicates.get(),
    })
}

/// The first members of an object that is shown, refused or not: each name, and the JSON of its value. Ends at the
/// first byte that is not JSON.
pub(crate) fn members(json: &[u8], limit: usize) -> Vec<(Cow<'_, str>, &str)> {
    let mut members = Vec::new();
    let json = json.utf8_chunks().next().map_or("", |chunk| chunk.valid());
    let listing = Listing {
        members: &mut members,
        limit,
    };
    // What was listed before a fault stays.
    let _ = serde_json::Deserializer::from_str(json).deserialize_map(listing);
    members
}

struct Listing<'n, 'de> {
    members: &'n mut Vec<(Cow<'de, str>, &'de str)>,
    limit: usize,
}

impl<'de> Visitor<'de> for Listing<'_, 'de> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        while self.members.len() < self.limit
            && let Some(name) = map.next_key_seed(Text)?
        {
            let value = map.next_value::<&RawValue>()?.get();
            self.members.push((name, value));
        }
        Ok(())
    }
}

/// The names of one object or form, to find one that stands there twice.
#[derive(Default)]
pub(super) struct Names<'a>(Vec<Cow<'a, str>>);

impl<'a> Names<'a> {
    pub(super) fn push(&mut self, name: Cow<'a, str>) {
        self.0.push(name);
    }

    /// Sorts first, so that an attacker's many names cost no more than n log n.
    pub(super) fn has_duplicates(mut self) -> bool {
        self.0.sort_unstable();
        !self.0.is_sorted_by(|a, b| a < b)
    }
}

struct TopLevel<'n, 'de, const N: usize> {
    names: [&'n str; N],
    raw_name: &'n str,
    values: &'n mut [Option<Value<'de>>; N],
    has_duplicates: &'n Cell<bool>,
}

impl<'de, const N: usize> DeserializeSeed<'de> for TopLevel<'_, 'de, N> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de, const N: usize> Visitor<'de> for TopLevel<'_, 'de, N> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let nested = Nested {
            depth: 1,
            has_duplicates: self.has_duplicates,
        };
        let mut is_seen = [false; N];
        let mut unknown = Names::default();
        let mut expected = 0;
        while let Some(name) = map.next_key_seed(Text)? {
            // Members mostly stand in the order of `names`, so the search goes on where the last one was found.
            let mut indexes = (expected..N).chain(0..expected);
            let Some(index) = indexes.find(|&index| self.names[index] == name) else {
                unknown.push(name);
                map.next_value_seed(nested)?;
                continue;
            };
            expected = index + 1;
            if std::mem::replace(&mut is_seen[index], true) {
                self.has_duplicates.set(true);
                map.next_value_seed(nested)?;
                continue;
            }
            self.values[index] = if self.names[index] == self.raw_name {
                let raw = map.next_value::<&RawValue>()?.get();
                (raw != "null").then_some(Value::Raw(raw))
            } else {
                map.next_value_seed(nested)?
            };
        }
        if unknown.has_duplicates() {
            self.has_duplicates.set(true);
        }
        Ok(())
    }
}

/// A name or a text, borrowed where it has no escapes.
struct Text;

impl<'de> DeserializeSeed<'de> for Text {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Text {
    type Value = Cow<'de, str>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a text")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(text))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(text.to_owned()))
    }
}

/// Any value inside of `depth` arrays and objects; `None` for null.
#[derive(Clone, Copy)]
struct Nested<'n> {
    depth: usize,
    has_duplicates: &'n Cell<bool>,
}

impl Nested<'_> {
    /// For the values inside of one more array or object.
    fn below<E: serde::de::Error>(self) -> Result<Self, E> {
        let depth = self.depth + 1;
        if depth > MAX_JSON_DEPTH {
            return Err(E::custom("nested too deeply"));
        }
        Ok(Nested { depth, ..self })
    }
}

impl<'de> DeserializeSeed<'de> for Nested<'_> {
    type Value = Option<Value<'de>>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Nested<'_> {
    type Value = Option<Value<'de>>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
        Ok(Some(Value::Other))
    }

    fn visit_i64<E>(self, integer: i64) -> Result<Self::Value, E> {
        Ok(Some(Value::Integer(integer)))
    }

    fn visit_u64<E>(self, integer: u64) -> Result<Self::Value, E> {
        Ok(Some(
            i64::try_from(integer).map_or(Value::Other, Value::Integer),
        ))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Self::Value, E> {
        Ok(Some(Value::Float(number)))
    }

    fn visit_borrowed_str<E: serde::de::Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Text.visit_borrowed_str(text).map(Value::Text).map(Some)
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Self::Value, E> {
        Text.visit_str(text).map(Value::Text).map(Some)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        let below = self.below()?;
        let mut texts = Some(Vec::new());
        while let Some(item) = items.next_element_seed(below)? {
            texts = match (texts, item) {
                (Some(mut texts), Some(Value::Text(text))) => {
                    texts.push(text.into_owned());
                    Some(texts)
                }
                _ => None,
            };
        }
        Ok(Some(texts.map_or(Value::Other, Value::Texts)))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let below = self.below()?;
        let mut names = Names::default();
        while let Some(name) = map.next_key_seed(Text)? {
            names.push(name);
            map.next_value_seed(below)?;
        }
        if names.has_duplicates() {
            self.has_duplicates.set(true);
        }
        Ok(Some(Value::Other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_data::{shared, text};

    fn is_read(json: &[u8]) -> bool {
        read_object(json, ["known"], "").is_some_and(|object| !object.has_duplicates)
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
    fn nesting_has_an_exact_limit_for_known_and_unknown_members() {
        for name in ["known", "unknown"] {
            let document = |depth| format!("{{\"{name}\":{}}}", nested(depth));
            assert!(is_read(document(MAX_JSON_DEPTH).as_bytes()));
            assert!(!is_read(document(MAX_JSON_DEPTH + 1).as_bytes()));
            assert!(!is_read(document(30_000).as_bytes()));
        }
    }

    #[test]
    fn a_name_that_stands_twice_is_refused_at_every_level() {
        assert!(is_read(
            br#"{"a":1,"b":[{"a":1},{"a":2}],"known":{"known":1}}"#
        ));
        for json in [
            r#"{"known":1,"known":1}"#,
            r#"{"known":null,"known":null}"#,
            r#"{"a":1,"b":2,"a":1}"#,
            r#"{"role":1,"\u0072ole":2}"#,
            r#"{"known":{"a":1,"\u0061":2}}"#,
            r#"{"x":[[{"a":1,"a":2}]]}"#,
        ] {
            assert!(!is_read(json.as_bytes()), "{json}");
        }
    }

    #[test]
    fn many_names_take_no_more_than_their_share() {
        let members: Vec<String> = (0..60_000).map(|n| format!("\"{n}\":0")).collect();
        assert!(is_read(format!("{{{}}}", members.join(",")).as_bytes()));
    }

    /// A document too large to stand in the file, in its notation.
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
    fn json_test_suite_is_decided_as_named() {
        /// Valid JSON that a token may not hold: a name that stands twice.
        const REFUSED: [&str; 2] = [
            "y_object_duplicated_key.json",
            "y_object_duplicated_key_and_value.json",
        ];
        let Some(file) = shared("jsontestsuite.json") else {
            return;
        };
        let (mut decided, mut refused) = (0, 0);
        for test in file["tests"].as_array().unwrap() {
            let json = match test["base64"].as_str() {
                Some(encoded) => crate::base64::decode_t1(encoded.as_bytes()).unwrap(),
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
