//! Any bytes as a token to inspect, alone and behind the start of a token: they are answered in
//! bounded time and memory, as verify decides, and what is shown is what the token spells.

#![no_main]

#[path = "shared/mod.rs"]
mod shared;

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::time::Duration;

use libfuzzer_sys::fuzz_target;
use shared::{NOW, PROJECT, assert_segments_join_again};
use tokmint::{InspectOptions, VerifyOptions, inspect_token};

/// Bytes that an inspection may hold at once: so many for each byte of the token, since the
/// shortest field has three bytes and the list of names 24 for each,
const BYTES_PER_BYTE: usize = 16;
/// and so many besides, for the names of fields and the sentences of findings.
const BYTES: usize = 65_536;

/// Processor time of one inspection of a token of any length. A build that is instrumented takes
/// ten times as long as another; what grows with the square of the length takes seconds.
const TIME: Duration = Duration::from_millis(50);
/// Caches of the processor may be cold, so that the fastest of so many counts.
const REPETITIONS: usize = 5;

struct Counting;

thread_local! {
    static HELD: Cell<usize> = const { Cell::new(0) };
    static MOST: Cell<usize> = const { Cell::new(0) };
}

// SAFETY: every call goes to the system's allocator as it is.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let held = HELD.get() + layout.size();
        HELD.set(held);
        MOST.set(MOST.get().max(held));
        // SAFETY: the caller's.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        HELD.set(HELD.get().saturating_sub(layout.size()));
        // SAFETY: the caller's.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// What this thread has used of the processor: other processes do not matter.
fn processor_time() -> Duration {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: it can be written to.
    let status = unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &mut time) };
    assert_eq!(status, 0);
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

/// What is in front of the bytes: nothing, the start of a token, or quotation marks.
const STARTS: [&[u8]; 4] = [
    b"",
    b"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiIxMjM0NTYiLCJpc3QiOiJwcm9qZWN0IiwiaWF0IjoxODAwMDAwMDAwLCJleHAiOjE4MDAwMDM2MDAsIm5vbmNlIjo0MDIxMTcsInJvbGUiOiJwdWJsaXNoZXIiLCJzY29wZSI6InNlc3Npb24uY29ubmVjdCIsInNlc3Npb25faWQiOiIxX01YNHhNak0wTlRaLWZsTmhkQ0JOWVhJZ01UVWdNVFE2TkRJNk1qTWdVRVJVSURJd01UUi1NQzQwT1RBeE16QXlOWDQifQ.",
    b"T1==cGFydG5lcl9pZD0xMjM0NTYmc2lnPTM1MjZlNmYxNzRlN2ZjZmExMDQ0YzA0NTllYzA1N2RjNzIwZGRiNWI6c2Vzc2lvbl9pZD0xX01YNHhNak0wTlRaLWZsTmhkQ0JOWVhJZ01UVWdNVFE2TkRJNk1qTWdVRVJVSURJd01UUi1NQzQwT1RBeE16QXlOWDQm",
    b"'%",
];

fuzz_target!(|input: &[u8]| {
    let Some((&choice, bytes)) = input.split_first() else {
        return;
    };
    let start = STARTS[usize::from(choice) % STARTS.len()];
    let token = [start, bytes].concat();
    let options = InspectOptions::new().now(NOW);

    MOST.set(HELD.get());
    let before = HELD.get();
    let begin = processor_time();
    let inspection = PROJECT.inspect_token(&token, &options);
    let mut time = processor_time() - begin;
    let most = MOST.get() - before;
    assert!(most <= BYTES_PER_BYTE * token.len() + BYTES, "{most} for {}", token.len());
    for _ in 0..REPETITIONS {
        if time <= TIME {
            break;
        }
        let begin = processor_time();
        let _ = PROJECT.inspect_token(&token, &options);
        time = time.min(processor_time() - begin);
    }
    assert!(time <= TIME, "{time:?} for {} bytes", token.len());

    let verified = PROJECT.verify_token(&token, &VerifyOptions::new().now(NOW));
    assert_eq!(verified.is_err(), inspection.is_refused());
    let said = inspection.to_string();
    assert!(said.chars().all(|c| c == '\n' || !c.is_control()));
    serde_json::from_str::<serde_json::Value>(&inspection.to_json()).unwrap();
    assert_segments_join_again(&token, &inspection);
    let unchecked = inspect_token(&token, &options);
    assert_segments_join_again(&token, &unchecked);
});
