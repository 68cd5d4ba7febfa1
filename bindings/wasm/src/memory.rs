//! The allocator of the module: the standard one, which wipes what it gets back. The RSA engine and
//! the readers of keys leave numbers of a private key in memory that they free.

#![allow(unsafe_code, reason = "an allocator is a collection of unsafe functions")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::hint::black_box;

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
        // SAFETY: the block has this size, and nobody uses it any more. The compiler must take the
        // zeros for read.
        unsafe {
            start.write_bytes(0, layout.size());
            System.dealloc(black_box(start), layout);
        }
    }
}
