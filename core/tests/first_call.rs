//! A child that is forked while another thread makes the first call of the process does not hang.
//!
//! What a call initialises must not be locked meanwhile: the child inherits the lock, but not the
//! thread that would open it. Every round is a process that has not called tokmint before. One of
//! its threads makes a call, and another forks in the microseconds after that. With a lock on the
//! way, about 1 child in 300 waits for ever.
//!
//! A program of its own without a test harness, so that it has one thread and has called nothing.

#![allow(clippy::unwrap_used, reason = "a test that fails should fail loudly")]

mod support;

fn main() {
    #[cfg(unix)]
    {
        unix::no_child_hangs();
        println!("test no child of a first call hangs ... ok");
    }
}

#[cfg(unix)]
#[path = "support/child.rs"]
mod child;

#[cfg(unix)]
mod unix {
    use super::child::ends_well_in_child;
    use super::support::{SESSION_ID, project};
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::time::{Duration, Instant};
    use tokmint::{InspectOptions, TokenFormat, TokenOptions, VerifyOptions};

    const ROUNDS: u64 = 4_000;

    /// The forks are spread over this time after the start of the first call.
    const WINDOW: Duration = Duration::from_micros(12);

    /// A child that takes longer is ended by its alarm. One call takes a millionth of it.
    const SECONDS: libc::c_uint = 10;

    fn call() {
        let opentok = project();
        for &format in TokenFormat::ALL {
            let options = TokenOptions::new().token_format(format);
            let token = opentok.generate_token(SESSION_ID, &options).unwrap();
            opentok.verify_token(&token, &VerifyOptions::new()).unwrap();
            assert!(!opentok.inspect_token(&token, &InspectOptions::new()).is_refused());
        }
    }

    fn fork_in_the_first_call(delay: Duration) {
        static HAS_STARTED: AtomicBool = AtomicBool::new(false);
        let thread = std::thread::spawn(|| {
            HAS_STARTED.store(true, Ordering::Release);
            call();
        });
        while !HAS_STARTED.load(Ordering::Acquire) {
            std::hint::spin_loop();
        }
        let start = Instant::now();
        while start.elapsed() < delay {}
        assert!(ends_well_in_child(SECONDS, call), "a child hung or failed");
        thread.join().unwrap();
    }

    pub(super) fn no_child_hangs() {
        for round in 0..ROUNDS {
            let delay = WINDOW * u32::try_from(round).unwrap() / u32::try_from(ROUNDS).unwrap();
            assert!(
                ends_well_in_child(SECONDS, || fork_in_the_first_call(delay)),
                "after {delay:?}"
            );
        }
    }
}
