//! Many tokens of one session from eight threads: no nonce twice, and memory that does not grow.
//!
//! `TOKMINT_TOKENS` says how many, such as 10000000; by default there are enough to see a leak of
//! a few bytes a token. A program of its own, since memory is that of the process.

#![allow(clippy::unwrap_used, reason = "a test that fails should fail loudly")]

mod support;

use support::{SESSION_ID, project};
use tokmint::{Batch, Session, TokenFormat, TokenOptions, VerifyOptions};

const THREADS: usize = 8;

/// Tokens before memory is measured for the first time, of each thread.
const WARM_UP: usize = 1_000;

/// Most bytes by which memory may grow: less than two for each token by default.
const MAX_GROWTH: usize = 512 * 1024;

fn main() {
    let tokens = std::env::var("TOKMINT_TOKENS").map_or(400_000, |count| count.parse().unwrap());
    let session = project().session(SESSION_ID).unwrap();
    // Written once, so that the memory of the nonces is there from the start.
    let mut nonces = vec![u64::MAX; tokens / THREADS * THREADS];
    generate(&session, &mut vec![0; WARM_UP * THREADS]);
    let before = resident();
    generate(&session, &mut nonces);
    let growth = resident().zip(before).map(|(now, before)| now.saturating_sub(before));
    assert!(growth.unwrap_or(0) <= MAX_GROWTH, "memory grew by {growth:?} bytes");

    let count = nonces.len();
    nonces.sort_unstable();
    nonces.dedup();
    assert_eq!(nonces.len(), count, "a nonce was used twice");
    println!(
        "test {count} tokens of {THREADS} threads differ, memory grew by {growth:?} bytes ... ok"
    );
}

/// Fills in the nonces of new tokens, from all threads at once.
fn generate(session: &Session, nonces: &mut [u64]) {
    std::thread::scope(|scope| {
        for nonces in nonces.chunks_exact_mut(nonces.len() / THREADS) {
            scope.spawn(move || {
                let mut batch = Batch::new(session);
                for (turn, nonce) in nonces.iter_mut().enumerate() {
                    let format = TokenFormat::ALL[turn % TokenFormat::ALL.len()];
                    let options = TokenOptions::new().token_format(format).data("name=Johnny");
                    let token = match turn % 4 {
                        0 | 1 => session.generate_token(&options),
                        _ => batch.generate_token(&options),
                    };
                    let token = session.verify_token(token.unwrap(), &VerifyOptions::new());
                    *nonce = token.unwrap().nonce().parse().unwrap();
                }
            });
        }
    });
}

/// Bytes of memory that this process has, where Linux tells it.
fn resident() -> Option<usize> {
    const PAGE: usize = 4096;
    let pages = std::fs::read_to_string("/proc/self/statm").ok()?;
    Some(pages.split(' ').nth(1)?.parse::<usize>().unwrap() * PAGE)
}
