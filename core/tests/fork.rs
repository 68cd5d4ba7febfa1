//! A child that is forked while other threads sign with RSA, or read keys, can sign too.
//!
//! The engine has locks and buffers in use while it computes. Where a fork does not wait for that,
//! nearly every child aborts at its first signature.
//!
//! A program of its own without a test harness, whose threads would be there at the forks.

#![allow(clippy::unwrap_used, reason = "a test that fails should fail loudly")]

fn main() {
    #[cfg(unix)]
    {
        unix::children_sign_whatever_the_parent_s_threads_do();
        println!("test children sign whatever the parent's threads do ... ok");
    }
}

#[cfg(unix)]
#[path = "support/child.rs"]
mod child;

#[cfg(unix)]
mod unix {
    use super::child::ends_well_in_child;
    use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
    use tokmint::{OpenTok, TokenOptions, VerifyOptions};

    const FORKS: usize = 100;
    const THREADS: usize = 3;

    /// A child that takes longer is ended by its alarm.
    const SECONDS: libc::c_uint = 20;

    const APPLICATION_ID: &str = "a98e12ca-f3e5-4df8-bc66-fd4b5f30b9e9";
    const KEY: &str = include_str!("../../tests/vectors/private_key.pem");
    const SESSION_ID: &str = "2_MX5hOThlMTJjYS1mM2U1LTRkZjgtYmM2Ni1mZDRiNWYzMGI5ZTl-\
                              fjE2NzI3MzY4NzgxNjJ-bi9OeFVLbkNaVjBUUnpVSmxjbURqQ3J4flB-fg";

    fn call(opentok: &OpenTok) {
        let token = opentok.generate_token(SESSION_ID, &TokenOptions::new()).unwrap();
        opentok.verify_token(&token, &VerifyOptions::new()).unwrap();
    }

    pub fn children_sign_whatever_the_parent_s_threads_do() {
        let opentok = OpenTok::for_application(APPLICATION_ID, KEY).unwrap();
        let (is_over, signed) = (AtomicBool::new(false), AtomicUsize::new(0));
        std::thread::scope(|scope| {
            for thread in 0..THREADS {
                let (opentok, is_over, signed) = (&opentok, &is_over, &signed);
                scope.spawn(move || {
                    while !is_over.load(Ordering::Relaxed) {
                        call(opentok);
                        if thread == 0 {
                            call(&OpenTok::for_application(APPLICATION_ID, KEY).unwrap());
                        }
                        signed.fetch_add(1, Ordering::Relaxed);
                    }
                });
            }
            let mut failed = 0;
            for _ in 0..FORKS {
                let before = signed.load(Ordering::Relaxed);
                while signed.load(Ordering::Relaxed) == before {
                    std::hint::spin_loop();
                }
                failed += usize::from(!ends_well_in_child(SECONDS, || {
                    call(&opentok);
                    call(&OpenTok::for_application(APPLICATION_ID, KEY).unwrap());
                }));
            }
            is_over.store(true, Ordering::Relaxed);
            assert_eq!(failed, 0, "of {FORKS} children");
        });
    }
}
