//! Nonces: what tells tokens apart that are otherwise equal. They are no secret.
//!
//! A process draws a random start below 2^53 once and then counts, so it cannot repeat a nonce
//! before 2^53 tokens, whatever its threads do. A child after `fork()` draws a start of its own
//! (see `fork.rs`), and two processes that mint n tokens each share a nonce with a probability of
//! about n / 2^52: 4e-10 for a million tokens each. Random nonces would repeat sooner, and cost a
//! call to the kernel for each token.
//!
//! Left out: copies of a whole machine, which repeat nonces.

mod fork;

use std::sync::atomic::{AtomicU64, Ordering};

use crate::error::Error;
use crate::limits::MAX_NONCE;

/// A nonce that this process has not used before.
///
/// # Errors
/// [`Error::SystemRandom`] if the operating system gives no entropy for the first one.
pub(crate) fn next_nonce() -> Result<i64, Error> {
    next(fork::word_zeroed_in_children(), random_start)
}

/// Set in the counter once it has a random start; a counter without it is new, or was zeroed by a
/// fork.
const STARTED: u64 = 1 << 62;

/// Counts on from the counter's start, or gives it one.
fn next(counter: &AtomicU64, start: impl FnOnce() -> Result<i64, Error>) -> Result<i64, Error> {
    let mut value = counter.fetch_add(1, Ordering::Relaxed);
    if value & STARTED == 0 {
        let first = STARTED | start()?.cast_unsigned();
        // Of several threads that find the counter new, the first one starts it and the others
        // count on from there.
        let started = counter.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |current| {
            (current & STARTED == 0).then_some(first + 1)
        });
        value = match started {
            Ok(_) => first,
            Err(_) => counter.fetch_add(1, Ordering::Relaxed),
        };
    }
    Ok(value.cast_signed() & MAX_NONCE)
}

/// A random nonce to start from.
fn random_start() -> Result<i64, Error> {
    let random = getrandom::u64().map_err(|_| Error::SystemRandom)?;
    Ok(random.cast_signed() & MAX_NONCE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counting_wraps_from_the_largest_nonce_to_zero() {
        let counter = AtomicU64::new(0);
        let start = || Ok(MAX_NONCE);
        assert_eq!(next(&counter, start), Ok(MAX_NONCE));
        assert_eq!(next(&counter, start), Ok(0));
        assert_eq!(next(&counter, start), Ok(1));
    }

    #[test]
    fn a_zeroed_counter_starts_anew_and_a_failed_start_is_retried() {
        let counter = AtomicU64::new(0);
        assert_eq!(next(&counter, || Err(Error::SystemRandom)), Err(Error::SystemRandom));
        assert_eq!(next(&counter, || Ok(7)), Ok(7));
        counter.store(0, Ordering::Relaxed);
        assert_eq!(next(&counter, || Ok(70)), Ok(70));
        assert_eq!(next(&counter, || Ok(700)), Ok(71));
    }

    #[test]
    fn threads_that_start_the_counter_together_share_no_nonce() {
        for round in 0..200 {
            let counter = AtomicU64::new(0);
            let barrier = std::sync::Barrier::new(8);
            let mut nonces: Vec<i64> = std::thread::scope(|scope| {
                let threads: Vec<_> = (0..8)
                    .map(|thread| {
                        let (counter, barrier) = (&counter, &barrier);
                        scope.spawn(move || {
                            barrier.wait();
                            let start = round * 1000 + thread * 100;
                            [(); 50].map(|()| next(counter, || Ok(start)).unwrap())
                        })
                    })
                    .collect();
                threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
            });
            nonces.sort_unstable();
            nonces.dedup();
            assert_eq!(nonces.len(), 8 * 50);
        }
    }
}
