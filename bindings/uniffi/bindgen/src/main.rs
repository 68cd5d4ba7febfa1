//! Reads the description of the foreign functions from the library `tokmint-uniffi` and writes
//! Kotlin or Swift from it.

fn main() {
    uniffi::uniffi_bindgen_main();
}
