//! One foreign call for each call of tokmint, for the JVM, where a crossing takes longer than a token.
//!
//! UniFFI's own functions take a crossing for each buffer that they are given, for the buffer that they return, and to
//! count the reference. Here the arguments come in one array and the answer goes out in another, in UniFFI's encoding
//! of the same types: what the generated Kotlin writes and reads. Objects are made and freed by UniFFI's functions.

use std::slice;

use uniffi::{Handle, Lift, Lower, RustBuffer};

use crate::{OpenTok, TokmintError, UniFfiTag, guard, inspect_token};

/// Calls a function by its number, which `Crossing.kt` repeats. Sizes and addresses have 64 bits on every platform, as a
/// `Long` has.
///
/// The answer is a byte, 0 before a result and 1 before an error. Returns its length; or 0 where the room does not
/// hold it, and then puts the capacity, the length and the address of a UniFFI buffer with it there, which the caller
/// frees. So no call is made a second time for the sake of its answer.
///
/// # Safety
///
/// `opentok` is the handle of an object that nobody frees during the call, or anything for a function without one. The
/// request and the room are different arrays of the lengths given.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tokmint_uniffi_call(
    function: i32,
    opentok: u64,
    request: *const u8,
    request_length: u64,
    room: *mut u8,
    room_length: u64,
) -> u64 {
    let size = |length| usize::try_from(length).expect("an array is no longer than the memory");
    // SAFETY: the caller passes a handle, which is the address of an object that lives until this returns.
    let opentok = || unsafe { &*Handle::from_raw_unchecked(opentok).as_pointer::<OpenTok>() };
    // SAFETY: the caller passes an array of this length, which nobody writes to during the call.
    let mut request = Request(unsafe { slice::from_raw_parts(request, size(request_length)) });
    // SAFETY: the caller passes another array of this length, which nobody else uses during the call.
    let room = unsafe { slice::from_raw_parts_mut(room, size(room_length)) };

    let answer = match function {
        0 => answer(|| opentok().generate_token(request.read(), request.read())),
        1 => answer(|| opentok().verify_token(request.read(), request.read())),
        2 => answer(|| opentok().inspect_token(request.read(), request.read())),
        3 => answer(|| inspect_token(request.read(), request.read())),
        _ => answer::<String>(|| panic!("no function has the number {function}")),
    };
    if let Some(room) = room.get_mut(..answer.len()) {
        room.copy_from_slice(&answer);
        return number(answer.len());
    }
    let buffer = RustBuffer::from_vec(answer);
    let parts = [
        buffer.capacity(),
        buffer.len(),
        buffer.data_pointer().expose_provenance(),
    ];
    for (place, part) in room.chunks_exact_mut(size_of::<u64>()).zip(parts) {
        place.copy_from_slice(&number(part).to_be_bytes());
    }
    0
}

fn number(size: usize) -> u64 {
    u64::try_from(size).expect("no platform has addresses of more than 64 bits")
}

/// The arguments of a call, one after the other.
struct Request<'a>(&'a [u8]);

impl Request<'_> {
    fn read<T: Lift<UniFfiTag>>(&mut self) -> T {
        T::try_read(&mut self.0).expect("the Kotlin of the same build wrote it")
    }
}

fn answer<T: Lower<UniFfiTag>>(call: impl FnOnce() -> Result<T, TokmintError>) -> Vec<u8> {
    let mut answer = Vec::with_capacity(1024);
    match guard(call) {
        Ok(result) => {
            answer.push(0);
            T::write(result, &mut answer);
        }
        Err(error) => {
            answer.push(1);
            <TokmintError as Lower<UniFfiTag>>::write(error, &mut answer);
        }
    }
    answer
}
