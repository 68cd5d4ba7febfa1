//! The clock and the entropy of the operating system. Only `clock.rs`, `nonce/` and the blinding of
//! RSA keys in WebAssembly read them.
//!
//! WebAssembly without an operating system (`wasm32-unknown-unknown`) has neither: there the
//! program around the module gives both with [`Host::set`].

use std::time::Duration;

use crate::error::Error;

/// The time since 1970 began.
///
/// # Errors
/// [`Error::SystemClock`] if the clock shows a time before 1970, or if there is none.
pub(crate) fn since_epoch() -> Result<Duration, Error> {
    system::since_epoch().ok_or(Error::SystemClock)
}

/// Fills a buffer with random bytes.
///
/// # Errors
/// [`Error::SystemRandom`] if there are none.
pub(crate) fn fill(buffer: &mut [u8]) -> Result<(), Error> {
    if system::fill(buffer) { Ok(()) } else { Err(Error::SystemRandom) }
}

#[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
mod system {
    use std::time::{Duration, SystemTime, UNIX_EPOCH};

    pub(super) fn since_epoch() -> Option<Duration> {
        SystemTime::now().duration_since(UNIX_EPOCH).ok()
    }

    pub(super) fn fill(buffer: &mut [u8]) -> bool {
        getrandom::fill(buffer).is_ok()
    }
}

#[cfg(all(target_family = "wasm", target_os = "unknown"))]
pub use system::Host;

#[cfg(all(target_family = "wasm", target_os = "unknown"))]
mod system {
    use std::sync::OnceLock;
    use std::time::Duration;

    static HOST: OnceLock<Host> = OnceLock::new();

    /// What a program gives a module that has no operating system.
    #[derive(Debug, Clone, Copy)]
    pub struct Host {
        /// The time since 1970 began; `None` if there is no clock.
        pub since_epoch: fn() -> Option<Duration>,
        /// Fills a buffer with random bytes that nobody can predict; `false` if it cannot.
        pub fill: fn(&mut [u8]) -> bool,
    }

    impl Host {
        /// Makes this the host of the module. The first call decides; later ones change nothing.
        ///
        /// Without a host, what needs the time or a random number fails with
        /// [`Error::SystemClock`](crate::Error::SystemClock) or
        /// [`Error::SystemRandom`](crate::Error::SystemRandom).
        pub fn set(self) {
            HOST.get_or_init(|| self);
        }
    }

    pub(super) fn since_epoch() -> Option<Duration> {
        HOST.get().and_then(|host| (host.since_epoch)())
    }

    pub(super) fn fill(buffer: &mut [u8]) -> bool {
        HOST.get().is_some_and(|host| (host.fill)(buffer))
    }
}
