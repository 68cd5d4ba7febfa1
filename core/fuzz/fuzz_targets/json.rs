//! Any bytes as the JSON of a token that is signed right: its header, its payload, or a member of
//! its payload. Core decides as the slow checker does, and the checker's reader of JSON as
//! serde_json does.

#![no_main]

#[path = "shared/mod.rs"]
mod shared;

use libfuzzer_sys::fuzz_target;
use shared::json::{self, Kind};
use shared::{Circumstances, HEADER, PAYLOAD, Signer, assert_decided_alike};

/// What serde_json nests at most.
const DEPTH: usize = 127;

fuzz_target!(|input: &[u8]| {
    let Some((place, json)) = input.split_first() else {
        return;
    };
    assert_read_alike(json);
    let (start, _) = PAYLOAD.split_at(PAYLOAD.len() - 1);
    let member = |name: &str| [start.as_bytes(), b",", name.as_bytes(), json, b"}"].concat();
    let (header, payload) = match place % 4 {
        0 => (json.to_vec(), PAYLOAD.into()),
        1 => (HEADER.into(), json.to_vec()),
        2 => (HEADER.into(), member("\"x\":")),
        // Its name, too.
        _ => (HEADER.into(), member("")),
    };
    let token = Signer::Project.jwt(&header, &payload);
    assert_decided_alike(Signer::Project, &token, Circumstances::default());
});

fn assert_read_alike(json: &[u8]) {
    let read = json::read(json, DEPTH);
    match (serde_json::from_slice::<serde_json::Value>(json), read) {
        (Ok(expected), read) => {
            assert!(is_equal(&expected, &read.expect("serde_json reads it")));
        }
        (Err(error), Some(_)) => {
            // A number that it has no type for is JSON all the same.
            assert!(error.to_string().starts_with("number out of range"), "{error}");
        }
        (Err(_), None) => {}
    }
}

fn is_equal(expected: &serde_json::Value, value: &json::Value<'_>) -> bool {
    match &value.kind {
        Kind::Plain => match expected {
            serde_json::Value::Number(number) => {
                // serde_json may miss the nearest double by one.
                let number = number.as_f64().unwrap();
                let exact: f64 = value.text.parse().unwrap();
                number == exact || (number / exact - 1.0).abs() < 1e-12
            }
            other => other.to_string() == value.text,
        },
        Kind::String(string) => expected == string,
        Kind::Array(values) => expected.as_array().is_some_and(|expected| {
            expected.len() == values.len()
                && expected.iter().zip(values).all(|(expected, value)| is_equal(expected, value))
        }),
        Kind::Object(members) => expected.as_object().is_some_and(|expected| {
            // serde_json keeps the last of two members of one name.
            let last = |name: &String| members.iter().rfind(|(other, _)| other == name);
            members.iter().all(|(name, _)| expected.contains_key(name))
                && expected.iter().all(|(name, expected)| {
                    last(name).is_some_and(|(_, value)| is_equal(expected, value))
                })
        }),
    }
}
