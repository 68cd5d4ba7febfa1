//! Reading the JSON objects of a JWT (RFC 8259), strictly.
//!
//! serde_json does the parsing; this file adds what tokens need and it leaves to its callers: a name that stands twice
//! in one object is refused at every level and after unescaping, because readers differ in which one they believe, and
//! so is nesting below [`MAX_JSON_DEPTH`]. A value that the token format does not use is read all the same, to be sure
//! that it is well-formed, and dropped.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
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

/// Reads an object and returns the values of the members with these names, in their order; `None` for one that is
/// missing or null. The member called `raw_name` is not parsed, so that the digits of a number stay as they are.
///
/// `None` if the text is not one object, or one that is refused.
pub(super) fn read_object<'a, const N: usize>(
    json: &'a [u8],
    names: [&str; N],
    raw_name: &str,
) -> Option<[Option<Value<'a>>; N]> {
    let json = str::from_utf8(json).ok()?;
    let mut deserializer = serde_json::Deserializer::from_str(json);
    let members = TopLevel { names, raw_name }
        .deserialize(&mut deserializer)
        .ok()?;
    deserializer.end().ok()?;
    Some(members)
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

const DUPLICATE: &str = "duplicate name";

struct TopLevel<'n, const N: usize> {
    names: [&'n str; N],
    raw_name: &'n str,
}

impl<'de, const N: usize> DeserializeSeed<'de> for TopLevel<'_, N> {
    type Value = [Option<Value<'de>>; N];

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de, const N: usize> Visitor<'de> for TopLevel<'_, N> {
    type Value = [Option<Value<'de>>; N];

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut values = [const { None }; N];
        let mut is_seen = [false; N];
        let mut unknown = Names::default();
        while let Some(name) = map.next_key_seed(Text)? {
            let Some(index) = self.names.iter().position(|known| *known == name) else {
                unknown.push(name);
                map.next_value_seed(Nested { depth: 1 })?;
                continue;
            };
            if std::mem::replace(&mut is_seen[index], true) {
                return Err(A::Error::custom(DUPLICATE));
            }
            values[index] = if self.names[index] == self.raw_name {
                let raw = map.next_value::<&RawValue>()?.get();
                (raw != "null").then_some(Value::Raw(raw))
            } else {
                map.next_value_seed(Nested { depth: 1 })?
            };
        }
        if unknown.has_duplicates() {
            return Err(A::Error::custom(DUPLICATE));
        }
        Ok(values)
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
struct Nested {
    depth: usize,
}

impl Nested {
    /// For the values inside of one more array or object.
    fn below<E: serde::de::Error>(self) -> Result<Nested, E> {
        let depth = self.depth + 1;
        if depth > MAX_JSON_DEPTH {
            return Err(E::custom("nested too deeply"));
        }
        Ok(Nested { depth })
    }
}

impl<'de> DeserializeSeed<'de> for Nested {
    type Value = Option<Value<'de>>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Nested {
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
            return Err(A::Error::custom(DUPLICATE));
        }
        Ok(Some(Value::Other))
    }
}
