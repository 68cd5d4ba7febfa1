//! Changes a project's JWT or the data of a T1 token, signs it with the right secret and verifies
//! it: the code behind the signature check. Verify and inspect must decide, and read, as the slow
//! checker does.

#![no_main]

#[path = "shared/mod.rs"]
mod shared;

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use shared::{
    Circumstances, DATA, Edit, HEADER, OTHER_PAYLOAD, PAYLOAD, Signer, assert_decided_alike,
    edited, t1,
};

#[derive(Arbitrary, Debug)]
enum Base {
    T1,
    Jwt(Option<Edit>),
    OtherJwt(Option<Edit>),
}

fuzz_target!(|input: (Circumstances, Base, Vec<Edit>)| {
    let (circumstances, base, edits) = input;
    let jwt = |header: &Option<Edit>, payload| {
        Signer::Project.jwt(&edited(HEADER, header), &edited(payload, &edits))
    };
    let token = match &base {
        Base::T1 => t1(&edited(DATA, &edits)),
        Base::Jwt(header) => jwt(header, PAYLOAD),
        Base::OtherJwt(header) => jwt(header, OTHER_PAYLOAD),
    };
    assert_decided_alike(Signer::Project, &token, circumstances);
});
