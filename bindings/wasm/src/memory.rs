//! The allocator of the module: the standard one, which wipes what it gets back. The RSA engine and
//! the readers of keys leave numbers of a private key in memory that they free.

#![allow(unsafe_code, reason = "an allocator is a collection of unsafe functions")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::hint::black_box;

/// Words up to which a loop is faster than the instruction that fills memory, which V8 makes a
/// call.
const LOOP: usize = 32;

struct Wiping;

#[global_allocator]
static ALLOCATOR: Wiping = Wiping;

// SAFETY: everything is the system allocator's. `realloc` is that of the trait: it moves to new
// memory and frees the old.
unsafe impl GlobalAlloc for Wiping {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's promise is the one that is asked for.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the same.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, start: *mut u8, layout: Layout) {
        // SAFETY: the block has this size, is aligned to a word, as all of this allocator are, and
        // nobody uses it any more. A volatile write is not left out.
        unsafe {
            let words = layout.size() / size_of::<u64>();
            if words < LOOP {
                for word in 0..words {
                    start.cast::<u64>().add(word).write_volatile(0);
                }
                for byte in words * size_of::<u64>()..layout.size() {
                    start.add(byte).write_volatile(0);
                }
            } else {
                start.write_bytes(0, layout.size());
            }
            System.dealloc(black_box(start), layout);
        }
    }
}
