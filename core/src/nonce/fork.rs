//! A word of memory that is zero when a process starts and zero again in every child after a fork.
//! The only file of core with `unsafe` code.
//!
//! On Linux 4.14 and later the kernel itself zeroes the word's page (`MADV_WIPEONFORK`, see
//! `madvise(2)`), which also covers a bare `clone()` system call, and costs nothing per token.
//! Where it does not, and on other Unix systems, a handler of `pthread_atfork(3)` zeroes it; a bare
//! `clone()` is not noticed there. Windows has no fork.
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
pub(super) fn word_zeroed_in_children() -> &'static AtomicU64 {
    // Not a OnceLock: if another thread held its lock at the fork, the child would wait for ever.
    // Of several threads the first one publishes its word; the pages of the others stay unused.
    static WORD: OnceRef<'static, AtomicU64> = OnceRef::new();
    WORD.get_or_init(|| wiped_page().unwrap_or_else(word_zeroed_by_handler))
}

#[cfg(not(unix))]
pub(super) fn word_zeroed_in_children() -> &'static AtomicU64 {
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
