//! No two tokens of one process share a nonce, nor do parent, children and grandchildren after a
//! fork.
//!
//! A program of its own without a test harness: a child made by a bare `clone()` inherits the locks
//! of the harness's other threads, and could wait for one of them for ever.

#![cfg_attr(unix, allow(unsafe_code, reason = "fork and clone are C interfaces"))]
#![allow(clippy::unwrap_used, reason = "a test that fails should fail loudly")]

mod support;

use std::collections::HashSet;

use support::{SESSION_ID, project};
use tokmint::{Batch, OpenTok, Session, TokenFormat, TokenOptions, VerifyOptions};

fn main() {
    #[cfg(unix)]
    {
        children::family(children::fork);
        println!("test parent, children and grandchild share no nonce after fork ... ok");
    }
    // As in the harness, `--skip bare_clone` leaves it out.
    #[cfg(target_os = "linux")]
    if !std::env::args().any(|argument| argument == "bare_clone") {
        children::family(children::bare_clone);
        println!("test parent, children and grandchild share no nonce after a bare clone ... ok");
    }
    sixteen_threads();
    println!("test sixteen threads share no nonce ... ok");
}

fn nonce(minter: &mut Minter) -> u64 {
    let options = TokenOptions::new().token_format(TokenFormat::T1);
    minter.turn += 1;
    let token = match minter.turn % 3 {
        0 => minter.opentok.generate_token(SESSION_ID, &options),
        1 => minter.session.generate_token(&options),
        _ => minter.batch.generate_token(&options),
    };
    let said = minter.session.verify_token(token.unwrap(), &VerifyOptions::new()).unwrap();
    said.nonce().parse().unwrap()
}

/// Every way to a token, in turn.
struct Minter {
    opentok: OpenTok,
    session: Session,
    batch: Batch,
    turn: usize,
}

impl Minter {
    fn new() -> Minter {
        let opentok = project();
        let session = opentok.session(SESSION_ID).unwrap();
        let batch = Batch::new(&session);
        Minter { opentok, session, batch, turn: 0 }
    }
}

fn assert_all_differ(nonces: &[u64]) {
    let different: HashSet<_> = nonces.iter().collect();
    assert_eq!(different.len(), nonces.len());
}

fn sixteen_threads() {
    let nonces: Vec<u64> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..16)
            .map(|_| {
                scope.spawn(|| {
                    let mut minter = Minter::new();
                    (0..2_000).map(|_| nonce(&mut minter)).collect::<Vec<_>>()
                })
            })
            .collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(nonces.len(), 32_000);
    assert_all_differ(&nonces);
}

#[cfg(unix)]
mod children {
    use super::{Minter, assert_all_differ, nonce};
    use std::io::{PipeWriter, Read, Write, pipe};

    /// Tokens that each process mints: two runs of these would overlap if a child counted on from
    /// its parent.
    const TOKENS: usize = 1_000;

    /// All nonces of the family; they fit into a pipe, so that nobody has to read while the
    /// children write.
    const FAMILY: usize = 6 * TOKENS;

    fn write_nonces(minter: &mut Minter, mut output: &PipeWriter) {
        let nonces: Vec<u8> = (0..TOKENS).flat_map(|_| nonce(minter).to_ne_bytes()).collect();
        output.write_all(&nonces).unwrap();
    }

    /// Runs a function in a child made by `make`, and waits for it to end well.
    fn in_child(make: fn() -> libc::pid_t, run: impl FnOnce()) {
        let child = make();
        assert!(child >= 0);
        if child == 0 {
            run();
            // SAFETY: ends the child without running anything of the parent's.
            unsafe { libc::_exit(0) };
        }
        let mut status = 0;
        // SAFETY: waits for the child made above, and writes to a live integer.
        assert_eq!(unsafe { libc::waitpid(child, &raw mut status, 0) }, child);
        assert!(libc::WIFEXITED(status) && libc::WEXITSTATUS(status) == 0);
    }

    pub(super) fn fork() -> libc::pid_t {
        // SAFETY: this process has one thread.
        unsafe { libc::fork() }
    }

    /// A child that no fork handler hears of.
    #[cfg(target_os = "linux")]
    pub(super) fn bare_clone() -> libc::pid_t {
        // The kernel takes the stack first on s390x, and the flags everywhere else.
        let is_reversed = cfg!(target_arch = "s390x");
        let [first, second] = if is_reversed { [0, libc::SIGCHLD] } else { [libc::SIGCHLD, 0] };
        // SAFETY: without CLONE_VM and a stack this is what fork does, less its handlers, which a
        // process with one thread can do without.
        let child = unsafe { libc::syscall(libc::SYS_clone, first, second, 0, 0, 0) };
        libc::pid_t::try_from(child).unwrap()
    }

    pub(super) fn family(make: fn() -> libc::pid_t) {
        let mut minter = Minter::new();
        let before: Vec<u64> = (0..3).map(|_| nonce(&mut minter)).collect();
        let (mut input, output) = pipe().unwrap();
        for _ in 0..3 {
            in_child(make, || write_nonces(&mut minter, &output));
        }
        in_child(make, || {
            write_nonces(&mut minter, &output);
            in_child(make, || write_nonces(&mut minter, &output));
        });
        write_nonces(&mut minter, &output);
        drop(output);

        let mut bytes = Vec::new();
        input.read_to_end(&mut bytes).unwrap();
        let nonces =
            bytes.chunks_exact(8).map(|nonce| u64::from_ne_bytes(nonce.try_into().unwrap()));
        let nonces: Vec<u64> = nonces.chain(before).collect();
        assert_eq!(nonces.len(), FAMILY + 3);
        assert_all_differ(&nonces);
    }
}
