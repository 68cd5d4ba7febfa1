//! Nonces and UUIDs: what tells tokens apart that are otherwise equal. They are no secret.
//!
//! A process draws a random start below 2^53 once and then counts, so it cannot repeat a nonce
//! before 2^53 tokens, whatever its threads do. A child after `fork()` draws a start of its own
//! (see `fork.rs`), and two processes that mint n tokens each share a nonce with a probability of
//! about n / 2^52: 4e-10 for a million tokens each. Random nonces would repeat sooner, and cost a
//! call to the kernel for each token.
//!
//! An application's token has a random UUID instead, which costs that call: 0.4 us beside 400 us
//! for the signature.
//!
//! Left out: copies of a whole machine, which repeat nonces.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::error::Error;
use crate::fork;
use crate::host;
use crate::limits::MAX_NONCE;
use crate::uuid::Uuid;

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
    let mut bytes = [0; size_of::<i64>()];
    host::fill(&mut bytes)?;
    Ok(i64::from_ne_bytes(bytes) & MAX_NONCE)
}

/// A random UUID of version 4 (section 5.4) from the operating system: 122 random bits, also after
/// a fork and in copies of a machine.
///
/// # Errors
/// [`Error::SystemRandom`] if the operating system gives no entropy.
pub(crate) fn random_uuid() -> Result<Uuid, Error> {
    let mut bytes = [0; 16];
    host::fill(&mut bytes)?;
    // The version, and the variant of RFC 9562.
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let mut uuid = Uuid::new();
    for (index, byte) in bytes.into_iter().enumerate() {
        if [4, 6, 8, 10].contains(&index) {
            uuid.push('-');
        }
        for digit in [byte >> 4, byte & 15] {
            uuid.push(char::from_digit(digit.into(), 16).expect("four bits are one digit"));
        }
    }
    Ok(uuid)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::uuid::is_uuid;

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

    #[test]
    fn random_starts_are_nonces_in_which_every_bit_takes_both_values() {
        let starts = [(); 200].map(|()| random_start().unwrap());
        let ones = starts.iter().fold(0, |ones, start| ones | start);
        let zeros = starts.iter().fold(0, |zeros, start| zeros | !start);
        assert_eq!((ones, zeros & MAX_NONCE), (MAX_NONCE, MAX_NONCE));
    }

    #[test]
    fn random_uuids_have_the_form_of_version_4_and_differ() {
        let mut uuids: Vec<String> =
            (0..1000).map(|_| random_uuid().unwrap().to_string()).collect();
        for uuid in &uuids {
            assert!(is_uuid(uuid) && *uuid == uuid.to_ascii_lowercase(), "{uuid}");
            assert_eq!(&uuid[14..15], "4");
            assert!("89ab".contains(&uuid[19..20]), "{uuid}");
        }
        // Every bit but those six takes both values.
        for at in (0..36).filter(|at| ![8, 13, 14, 18, 19, 23].contains(at)) {
            let mut digits: Vec<u8> = uuids.iter().map(|uuid| uuid.as_bytes()[at]).collect();
            digits.sort_unstable();
            digits.dedup();
            assert_eq!(digits.len(), 16, "digit {at}");
        }
        uuids.sort_unstable();
        uuids.dedup();
        assert_eq!(uuids.len(), 1000);
    }
}
