//! What core has to do about forks. The only file of core with `unsafe` code.
//!
//! # Noticing one
//!
//! A word of memory is zero when a process starts and zero again in every child after a fork.
//!
//! On Linux 4.14 and later the kernel itself zeroes the word's page (`MADV_WIPEONFORK`, see
//! `madvise(2)`), which also covers a bare `clone()` system call, and costs nothing per token.
//! Where it does not, and on other Unix systems, a handler of `pthread_atfork(3)` zeroes it; a bare
//! `clone()` is not noticed there. Windows has no fork.
//!
//! # Waiting with one
//!
//! The RSA engine has locks and buffers in use while it computes. A child forked meanwhile would
//! find them in use for ever: its next signature would wait or abort the process. So a handler of
//! `pthread_atfork(3)` waits for the computations of [`undivided`] before a fork, at most
//! `LONGEST_WAIT`, and new ones wait for the fork. A bare `clone()` does not wait.
//!
//! Left out: copies of a whole machine (a virtual machine started twice from one snapshot) are not
//! noticed.

#![cfg_attr(unix, allow(unsafe_code, reason = "memory mapping and fork handlers are C interfaces"))]

use std::sync::atomic::AtomicU64;

#[cfg(unix)]
use once_cell::race::OnceRef;

/// The word where the kernel does not zero it.
static FALLBACK: AtomicU64 = AtomicU64::new(0);

/// The word, the same one for the life of the process.
#[cfg(unix)]
pub(crate) fn word_zeroed_in_children() -> &'static AtomicU64 {
    // Not a OnceLock: if another thread held its lock at the fork, the child would wait for ever.
    // Of several threads the first one publishes its word; the pages of the others stay unused.
    static WORD: OnceRef<'static, AtomicU64> = OnceRef::new();
    WORD.get_or_init(|| wiped_page().unwrap_or_else(word_zeroed_by_handler))
}

#[cfg(not(unix))]
pub(crate) fn word_zeroed_in_children() -> &'static AtomicU64 {
    &FALLBACK
}

/// A word on a page of its own that the kernel zeroes in children; `None` if this kernel cannot.
#[cfg(any(target_os = "linux", target_os = "android"))]
fn wiped_page() -> Option<&'static AtomicU64> {
    use std::ptr;

    const LENGTH: usize = size_of::<AtomicU64>();
    /// An advice that no kernel knows. QEMU's user emulation reports success for every advice
    /// without following it.
    const UNKNOWN_ADVICE: libc::c_int = -1;

    // SAFETY: a new private mapping without an address hint changes no memory of anybody.
    let page = unsafe {
        libc::mmap(
            ptr::null_mut(),
            LENGTH,
            libc::PROT_READ | libc::PROT_WRITE,
            libc::MAP_PRIVATE | libc::MAP_ANONYMOUS,
            -1,
            0,
        )
    };
    if page == libc::MAP_FAILED {
        return None;
    }
    // SAFETY: the range is the mapping made above; the advice only takes effect in children, whose
    // word may be zeroed.
    let is_wiped = unsafe {
        libc::madvise(page, LENGTH, UNKNOWN_ADVICE) != 0
            && libc::madvise(page, LENGTH, libc::MADV_WIPEONFORK) == 0
    };
    if !is_wiped {
        // SAFETY: the mapping made above, to which nothing refers yet.
        unsafe { libc::munmap(page, LENGTH) };
        return None;
    }
    // SAFETY: the mapping is readable, writable, aligned to a page, zeroed, which is a valid
    // AtomicU64, and never unmapped.
    Some(unsafe { &*page.cast::<AtomicU64>() })
}

#[cfg(all(unix, not(any(target_os = "linux", target_os = "android"))))]
fn wiped_page() -> Option<&'static AtomicU64> {
    None
}

/// The fallback word, with a handler that zeroes it in children.
#[cfg(unix)]
fn word_zeroed_by_handler() -> &'static AtomicU64 {
    extern "C" fn zero() {
        FALLBACK.store(0, std::sync::atomic::Ordering::Relaxed);
    }
    // SAFETY: the handler only stores to an atomic, which is allowed in a child after a fork.
    // Registered twice, it zeroes twice. It fails only without memory, and then a fork goes
    // unnoticed.
    unsafe { libc::pthread_atfork(None, None, Some(zero)) };
    &FALLBACK
}

/// Lets forks wait for computations.
#[cfg(all(unix, feature = "rs256"))]
mod waiting {
    use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
    use std::time::{Duration, Instant};

    /// How long a fork waits. The signature with the longest key takes a tenth of it; longer waits
    /// only a signal handler that forks in the middle of one, on the same thread.
    const LONGEST_WAIT: Duration = Duration::from_secs(1);

    /// Computations that are running.
    static RUNNING: AtomicUsize = AtomicUsize::new(0);

    /// Threads that are about to fork.
    static FORKING: AtomicUsize = AtomicUsize::new(0);

    /// Computes something that no fork may cut in two. It must not fork itself.
    pub(crate) fn undivided<T>(compute: impl FnOnce() -> T) -> T {
        /// Ends the computation also where it panics.
        struct Running;

        impl Drop for Running {
            fn drop(&mut self) {
                RUNNING.fetch_sub(1, Ordering::SeqCst);
            }
        }

        wait_with_forks();
        // Both sides announce themselves before they look for the other one.
        let running = loop {
            RUNNING.fetch_add(1, Ordering::SeqCst);
            let running = Running;
            if FORKING.load(Ordering::SeqCst) == 0 {
                break running;
            }
            drop(running);
            std::thread::yield_now();
        };
        let computed = compute();
        drop(running);
        computed
    }

    /// Registers the handlers, once. A fork in the microsecond before that does not wait.
    fn wait_with_forks() {
        static IS_REGISTERED: AtomicBool = AtomicBool::new(false);

        extern "C" fn before() {
            FORKING.fetch_add(1, Ordering::SeqCst);
            let start = Instant::now();
            while RUNNING.load(Ordering::SeqCst) > 0 && start.elapsed() < LONGEST_WAIT {
                std::thread::yield_now();
            }
        }
        extern "C" fn in_parent() {
            FORKING.fetch_sub(1, Ordering::SeqCst);
        }
        // The child has only the thread that forked.
        extern "C" fn in_child() {
            FORKING.store(0, Ordering::SeqCst);
            RUNNING.store(0, Ordering::SeqCst);
        }

        if !IS_REGISTERED.swap(true, Ordering::SeqCst) {
            // SAFETY: the handlers call nothing but atomics, the clock and the scheduler, which may
            // be called around a fork. It fails only without memory, and then forks do not wait.
            unsafe { libc::pthread_atfork(Some(before), Some(in_parent), Some(in_child)) };
        }
    }
}

#[cfg(all(unix, feature = "rs256"))]
pub(crate) use waiting::undivided;

/// There is no fork, or nothing that one could cut.
#[cfg(not(all(unix, feature = "rs256")))]
#[allow(dead_code, reason = "only RSA needs it")]
pub(crate) fn undivided<T>(compute: impl FnOnce() -> T) -> T {
    compute()
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::sync::atomic::Ordering;

    /// What a child reads from the word.
    fn word_in_child(word: &AtomicU64) -> u64 {
        // SAFETY: the child calls only exit, which is allowed after a fork of a process with
        // threads.
        let child = unsafe { libc::fork() };
        if child == 0 {
            let status = i32::from(word.load(Ordering::Relaxed) != 0);
            // SAFETY: ends the child without running anything of the parent's.
            unsafe { libc::_exit(status) };
        }
        let mut status = 0;
        // SAFETY: waits for the child made above, and writes to a live integer.
        assert_eq!(unsafe { libc::waitpid(child, &raw mut status, 0) }, child);
        assert!(libc::WIFEXITED(status));
        u64::from(libc::WEXITSTATUS(status).cast_unsigned())
    }

    #[test]
    fn the_kernel_zeroes_the_page_in_a_child_only() {
        let word = match wiped_page() {
            Some(word) => word,
            None if cfg!(target_os = "linux") => panic!("Linux has had MADV_WIPEONFORK since 4.14"),
            None => return,
        };
        word.store(1, Ordering::Relaxed);
        assert_eq!(word_in_child(word), 0);
        assert_eq!(word.load(Ordering::Relaxed), 1);
    }

    #[test]
    fn the_handler_zeroes_the_fallback_in_a_child_only() {
        let word = word_zeroed_by_handler();
        word.store(1, Ordering::Relaxed);
        assert_eq!(word_in_child(word), 0);
        assert_eq!(word.load(Ordering::Relaxed), 1);
    }
}
