//! Any bytes as the data of a T1 token that is signed right, alone or behind the fields of one.
//! Core decides as the slow checker does, and the checker's reader of forms as form_urlencoded
//! does, where both accept.

#![no_main]

#[path = "shared/mod.rs"]
mod shared;

use libfuzzer_sys::fuzz_target;
use shared::checker::form;
use shared::{Circumstances, DATA, Signer, assert_decided_alike, t1};

fuzz_target!(|input: &[u8]| {
    let Some((place, data)) = input.split_first() else {
        return;
    };
    let data = if place % 2 == 0 { data.to_vec() } else { [DATA.as_bytes(), b"&", data].concat() };
    if let Some(fields) = form(&data) {
        let expected: Vec<_> = form_urlencoded::parse(&data).into_owned().collect();
        assert_eq!(fields, expected);
    }
    assert_decided_alike(Signer::Project, &t1(&data), Circumstances::default());
});
