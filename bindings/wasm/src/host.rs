//! What JavaScript gives the module: the functions of the import module `host`.

#![allow(unsafe_code, reason = "imported functions are C functions")]

use std::time::Duration;

use tokmint::Host;

#[link(wasm_import_module = "host")]
unsafe extern "C" {
    /// Unix milliseconds; 0 or NaN where there is no clock.
    fn now() -> f64;
    /// Fills a buffer with random bytes, and returns 1 if it has.
    fn random(start: *mut u8, length: usize) -> u32;
}

/// Makes JavaScript the host. Called before each call, which is cheaper than a start function that
/// every host would have to know of.
pub fn set() {
    Host { since_epoch, fill }.set();
}

fn since_epoch() -> Option<Duration> {
    // SAFETY: it takes nothing and has no other effect.
    let milliseconds = unsafe { now() };
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it saturates")]
    (milliseconds > 0.0).then(|| Duration::from_millis(milliseconds as u64))
}

fn fill(buffer: &mut [u8]) -> bool {
    // SAFETY: it writes to the buffer only.
    unsafe { random(buffer.as_mut_ptr(), buffer.len()) == 1 }
}
