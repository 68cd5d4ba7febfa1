//! What `resign` does, for the tokens of applications.

#![no_main]

#[path = "shared/mod.rs"]
mod shared;

use libfuzzer_sys::fuzz_target;
use shared::{
    APPLICATION_HEADER, APPLICATION_PAYLOAD, Circumstances, Edit, Signer, assert_decided_alike,
    edited,
};

fuzz_target!(|input: (Circumstances, Option<Edit>, Vec<Edit>)| {
    let (circumstances, header, payload) = input;
    let header = edited(APPLICATION_HEADER, &header);
    let token = Signer::Application.jwt(&header, &edited(APPLICATION_PAYLOAD, &payload));
    assert_decided_alike(Signer::Application, &token, circumstances);
});
