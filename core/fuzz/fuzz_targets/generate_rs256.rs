//! Tokens of an application with any options: those within the limits give a token that verify
//! accepts and that says what was asked for, the others an error.

#![no_main]

#[path = "shared/mod.rs"]
mod shared;

use libfuzzer_sys::fuzz_target;
use shared::Signer;
use shared::generated::{Options, assert_generated_as_asked};

fuzz_target!(|options: Options<'_>| {
    assert_generated_as_asked(Signer::Application, &options);
});
