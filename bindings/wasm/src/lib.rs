//! The WebAssembly half of the npm package `tokmint`, for machines without a native binary, for
//! edge runtimes and for browsers. `node/wasm.js` is the only caller, and gives JavaScript the
//! functions of the native binary.
//!
//! The exports are plain functions, not those of wasm-bindgen: the module then needs no generated
//! JavaScript, which differs between browsers, bundlers and Node, and imports nothing but a clock
//! and random bytes. Arguments come in one buffer (`argument.rs`), a value goes back as text
//! (`call.rs`).
//!
//! A panic traps, since this target cannot unwind. `wasm.js` then calls no instance again that has
//! trapped.
//!
//! Other targets compile the crate without `host.rs`, so that it is linted with the others.

mod argument;
mod call;
mod functions;
mod handle;
#[cfg(all(target_family = "wasm", target_os = "unknown"))]
mod host;
#[cfg(all(target_family = "wasm", target_os = "unknown"))]
mod memory;

#[allow(unsafe_code, reason = "an exported name is global")]
mod exports {
    use super::{call, functions, handle};

    /// Exports functions that take their arguments from the input buffer.
    macro_rules! export {
        ($($function:ident)*) => {$(
            #[unsafe(no_mangle)]
            extern "C" fn $function() -> u32 {
                call::call(functions::$function)
            }
        )*};
    }

    export! {
        version
        error_numbers
        create
        create_for_application
        create_verifier
        api_key
        application_id
        session
        session_id
        batch
        generate_token
        generate_rest_token
        verify_token
        inspect_token
        inspect_token_json
        session_id_parts
    }

    #[unsafe(no_mangle)]
    extern "C" fn reserve(length: usize) -> *mut u8 {
        call::reserve(length)
    }

    #[unsafe(no_mangle)]
    extern "C" fn output_pointer() -> *const u8 {
        call::output().0
    }

    #[unsafe(no_mangle)]
    extern "C" fn output_length() -> usize {
        call::output().1
    }

    /// Uses the stack of the JavaScript engine, so many calls deep, and nothing else. `wasm.js`
    /// calls it first: where the stack ends in it, nothing of the module is left half done.
    ///
    /// It must not use the module's own stack, of which an exception would leave its part in use.
    /// And what it computes must be no loop in disguise.
    #[unsafe(no_mangle)]
    #[inline(never)]
    extern "C" fn probe_stack(depth: u32) -> u32 {
        if depth == 0 { 0 } else { probe_stack(depth - 1).rotate_left(depth) ^ depth }
    }

    #[unsafe(no_mangle)]
    extern "C" fn drop_handle(number: u32) {
        handle::drop(number);
    }

    /// UTF-16 code units beyond which `wasm.js` passes the length of a token only.
    #[unsafe(no_mangle)]
    extern "C" fn max_token_bytes() -> usize {
        tokmint::limits::MAX_TOKEN_BYTES
    }
}
