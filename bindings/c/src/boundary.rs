//! The FFI boundary: the only place that knows pointers, UTF-8 and panics.
//!
//! Every call that can fail ends in [`boundary`]. The header states what a pointer must be; what
//! can be checked is checked here: NULL, lengths, sizes and UTF-8.

use std::alloc::{Layout, handle_alloc_error};
use std::ffi::{CStr, c_char};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr::{self, NonNull};
use std::slice;

use crate::status::{Fault, Status};

/// The length that means "up to the NUL"; `TOKMINT_NUL_TERMINATED` in the header.
pub(crate) const NUL_TERMINATED: usize = usize::MAX;

/// The integer that means "not given"; `TOKMINT_UNSET` in the header.
pub(crate) const UNSET: i64 = i64::MIN;

/// Runs a call, catches its panic, and turns its fault into a status and a message.
///
/// # Safety
/// `message` is NULL or can be written to.
pub(crate) unsafe fn boundary(
    message: *mut *mut c_char,
    call: impl FnOnce() -> Result<(), Fault>,
) -> Status {
    // A panic cannot leave a handle half changed, because nothing ever changes it.
    let result = catch_unwind(AssertUnwindSafe(|| {
        #[cfg(feature = "panic-for-tests")]
        panic_for_tests::strike();
        call()
    }))
    .unwrap_or(Err(Fault::Panic));
    if !message.is_null() {
        let sentence = match result {
            Ok(()) => ptr::null_mut(),
            Err(fault) => string_into_raw(fault.to_string().as_bytes()),
        };
        // SAFETY: the caller guarantees it, as the header states.
        unsafe { message.write(sentence) };
    }
    result.err().map_or(Status::OK, Fault::status)
}

/// Copies a string and adds a NUL, for the caller, who frees it with [`string_free`].
///
/// From C's own heap, whose `free` needs no length: a program may write to the string, and so
/// shorten it.
pub(crate) fn string_into_raw(string: &[u8]) -> *mut c_char {
    let size = string.len() + 1;
    // SAFETY: any size will do.
    let copy = unsafe { libc::malloc(size) }.cast::<u8>();
    if copy.is_null() {
        let layout = Layout::array::<u8>(size).expect("a string is shorter than memory");
        handle_alloc_error(layout);
    }
    // SAFETY: the memory holds the string and the NUL, and nobody else knows of it.
    unsafe {
        ptr::copy_nonoverlapping(string.as_ptr(), copy, string.len());
        copy.add(string.len()).write(0);
    }
    copy.cast()
}

/// Frees a string.
///
/// # Safety
/// `string` is NULL or comes from [`string_into_raw`], and is not used again.
pub(crate) unsafe fn string_free(string: *mut c_char) {
    // SAFETY: the caller guarantees it, as the header states, and NULL is allowed.
    unsafe { libc::free(string.cast()) }
}

/// Frees a box.
///
/// # Safety
/// `pointer` is NULL or comes from `Box::into_raw`, and is not used again.
pub(crate) unsafe fn free<T>(pointer: *mut T) {
    if !pointer.is_null() {
        // SAFETY: the caller guarantees it, as the header states.
        drop(unsafe { Box::from_raw(pointer) });
    }
}

/// What a pointer points to.
///
/// # Safety
/// `pointer` is NULL or points to a `T` that lives and does not change for `'a`.
pub(crate) unsafe fn reference<'a, T>(
    pointer: *const T,
    name: &'static str,
) -> Result<&'a T, Fault> {
    // SAFETY: the caller guarantees it, as the header states.
    unsafe { pointer.as_ref() }.ok_or(Fault::NullPointer { name })
}

/// Where to write an output, which is done last, when nothing can fail any more.
pub(crate) fn output<T>(pointer: *mut T, name: &'static str) -> Result<NonNull<T>, Fault> {
    NonNull::new(pointer).ok_or(Fault::NullPointer { name })
}

/// An integer that may be unset.
pub(crate) fn optional(integer: i64) -> Option<i64> {
    (integer != UNSET).then_some(integer)
}

/// An integer for C, which may be unset.
pub(crate) fn or_unset(integer: Option<i64>) -> i64 {
    integer.unwrap_or(UNSET)
}

/// The bytes of a string.
///
/// # Safety
/// `length` bytes can be read from `pointer` and do not change for `'a`; if it is
/// [`NUL_TERMINATED`], all bytes up to the first NUL.
pub(crate) unsafe fn bytes<'a>(
    pointer: *const c_char,
    length: usize,
    name: &'static str,
) -> Result<&'a [u8], Fault> {
    if length == 0 {
        return Ok(&[]);
    }
    if pointer.is_null() {
        return Err(Fault::NullPointer { name });
    }
    if length == NUL_TERMINATED {
        // SAFETY: not NULL, and the caller says that it ends.
        return Ok(unsafe { CStr::from_ptr(pointer) }.to_bytes());
    }
    if isize::try_from(length).is_err() {
        return Err(Fault::InvalidSize { name, size: length });
    }
    // SAFETY: not NULL, not longer than memory can be, and the caller says that it can be read.
    Ok(unsafe { slice::from_raw_parts(pointer.cast(), length) })
}

/// A string.
///
/// # Safety
/// As for [`bytes`].
pub(crate) unsafe fn string<'a>(
    pointer: *const c_char,
    length: usize,
    name: &'static str,
) -> Result<&'a str, Fault> {
    // SAFETY: the caller guarantees it, as the header states.
    let bytes = unsafe { bytes(pointer, length, name) }?;
    str::from_utf8(bytes).map_err(|_| Fault::InvalidUtf8 { name })
}

/// A string that may be unset.
///
/// # Safety
/// As for [`bytes`].
pub(crate) unsafe fn optional_string<'a>(
    pointer: *const c_char,
    length: usize,
    name: &'static str,
) -> Result<Option<&'a str>, Fault> {
    if pointer.is_null() {
        return Ok(None);
    }
    // SAFETY: the caller guarantees it, as the header states.
    unsafe { string(pointer, length, name) }.map(Some)
}

/// The element of an array.
///
/// # Safety
/// `array` is NULL or has more than `index` elements.
pub(crate) unsafe fn element<T: Copy>(
    array: *const T,
    index: usize,
    name: &'static str,
) -> Result<T, Fault> {
    if array.is_null() {
        return Err(Fault::NullPointer { name });
    }
    // SAFETY: the caller says that the element is there.
    Ok(unsafe { array.wrapping_add(index).read_unaligned() })
}

/// A buffer of the caller's, empty if there is none, and no longer than `limit`.
///
/// # Safety
/// `size` bytes can be written to `pointer`, by nobody else for `'a`.
pub(crate) unsafe fn buffer<'a>(
    pointer: *mut c_char,
    size: usize,
    limit: usize,
) -> Result<&'a mut [u8], Fault> {
    if size == 0 {
        return Ok(&mut []);
    }
    let pointer = output(pointer, "buffer")?.cast();
    // SAFETY: not NULL, and the caller says that it can be written to. Its bytes are written
    // before they are read.
    Ok(unsafe { slice::from_raw_parts_mut(pointer.as_ptr(), size.min(limit)) })
}

/// A struct of options, which begins with its own size in bytes so that it can grow at its end.
///
/// # Safety
/// Any bytes that a caller puts there are valid, and the first field is the size, a `usize`.
pub(crate) unsafe trait Options: Copy {
    /// The sizes of all versions, the latest last.
    const SIZES: &'static [usize];
    /// Every option unset.
    const UNSET: Self;
}

/// Unsets every option that the caller's version of the struct has.
///
/// # Safety
/// `options` is NULL, or `size` bytes can be written there.
pub(crate) unsafe fn init<O: Options>(options: *mut O, size: usize) -> Result<(), Fault> {
    let options = output(options, "options")?;
    let size = known_size::<O>(size, "size")?;
    let unset = O::UNSET;
    // SAFETY: the caller says that `size` bytes can be written. No version is larger than the
    // latest, and the size comes first in all of them.
    unsafe {
        let unset = (&raw const unset).cast::<u8>();
        ptr::copy_nonoverlapping(unset, options.cast().as_ptr(), size);
        options.cast::<usize>().write_unaligned(size);
    }
    Ok(())
}

/// Reads options of any version; those that the version does not know are unset.
///
/// # Safety
/// `pointer` is NULL, or can be read for as many bytes as its first field says.
pub(crate) unsafe fn options<O: Options>(pointer: *const O) -> Result<O, Fault> {
    let mut options = O::UNSET;
    if pointer.is_null() {
        return Ok(options);
    }
    // SAFETY: the caller says that the size can be read.
    let size = unsafe { size_of_options(pointer) }?;
    let target = (&raw mut options).cast::<u8>();
    // SAFETY: the caller says that `size` bytes can be read, and no version is larger than the
    // latest.
    unsafe { ptr::copy_nonoverlapping(pointer.cast::<u8>(), target, size) };
    Ok(options)
}

/// Reads an array of options, each when the iterator comes to it. All are of one version, which is
/// that of the first: its size is the distance from one to the next.
///
/// # Safety
/// `array` is NULL, or can be read for `count` times as many bytes as its first field says, until
/// the iterator is dropped.
pub(crate) unsafe fn options_array<O: Options>(
    array: *const O,
    count: usize,
) -> Result<impl Iterator<Item = Result<O, Fault>>, Fault> {
    let version = match count {
        0 => 0,
        _ if array.is_null() => return Err(Fault::NullPointer { name: "options" }),
        // SAFETY: there is a first one, whose size the caller says can be read.
        _ => unsafe { size_of_options(array) }?,
    };
    let bytes = count.checked_mul(version).and_then(|bytes| isize::try_from(bytes).ok());
    bytes.ok_or(Fault::InvalidSize { name: "count", size: count })?;
    Ok((0..count).map(move |index| {
        let at = array.wrapping_byte_add(index * version);
        // SAFETY: the caller says that these bytes can be read, and the size is no larger.
        unsafe {
            match size_of_options(at)? {
                size if size == version => options(at),
                size => Err(Fault::InvalidSize { name: "options.size", size }),
            }
        }
    }))
}

/// # Safety
/// The first field can be read.
unsafe fn size_of_options<O: Options>(options: *const O) -> Result<usize, Fault> {
    // SAFETY: the caller guarantees it.
    known_size::<O>(unsafe { options.cast::<usize>().read_unaligned() }, "options.size")
}

fn known_size<O: Options>(size: usize, name: &'static str) -> Result<usize, Fault> {
    match O::SIZES.contains(&size) {
        true => Ok(size),
        false => Err(Fault::InvalidSize { name, size }),
    }
}

/// Lets a test make the next call panic, whichever it is.
#[cfg(feature = "panic-for-tests")]
mod panic_for_tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    static IS_ARMED: AtomicBool = AtomicBool::new(false);

    pub(super) fn strike() {
        assert!(!IS_ARMED.swap(false, Ordering::SeqCst), "a test asked for this panic");
    }

    /// Makes the next call panic.
    #[unsafe(no_mangle)]
    pub extern "C" fn tokmint_test_panic_next() {
        IS_ARMED.store(true, Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Options that have grown by one field.
    #[repr(C)]
    #[derive(Debug, Clone, Copy, PartialEq)]
    struct Grown {
        size: usize,
        first: i64,
        added: i64,
    }

    // SAFETY: integers take any bytes, and the first one is the size.
    unsafe impl Options for Grown {
        const SIZES: &'static [usize] = &[16, 24];
        const UNSET: Grown = Grown { size: 24, first: -1, added: -2 };
    }

    fn read(size: usize, fields: &[i64]) -> Result<Grown, Fault> {
        let mut memory = vec![i64::try_from(size).unwrap()];
        memory.extend(fields);
        // SAFETY: the tests below give as many fields as the size says.
        unsafe { options(memory.as_ptr().cast()) }
    }

    #[test]
    fn options_of_an_older_program_leave_what_it_does_not_know_unset() {
        let old = read(16, &[7]).unwrap();
        assert_eq!((old.first, old.added), (7, -2));
        let new = read(24, &[7, 8]).unwrap();
        assert_eq!((new.first, new.added), (7, 8));
        // SAFETY: NULL is allowed.
        let unset = unsafe { options::<Grown>(ptr::null()) };
        assert_eq!(unset, Ok(Grown::UNSET));
    }

    fn read_array(memory: &[i64], count: usize) -> Result<Vec<Result<Grown, Fault>>, Fault> {
        // SAFETY: the tests below give as many fields as the count and the first size say.
        Ok(unsafe { options_array(memory.as_ptr().cast(), count) }?.collect())
    }

    #[test]
    fn an_array_of_an_older_program_is_walked_by_its_own_size() {
        let old = read_array(&[16, 1, 16, 2, 16, 3], 3).unwrap();
        let fields = old.into_iter().map(|options| options.map(|read| (read.first, read.added)));
        assert!(fields.eq([Ok((1, -2)), Ok((2, -2)), Ok((3, -2))]));
        let new = read_array(&[24, 1, 4, 24, 2, 5], 2).unwrap();
        let fields = new.into_iter().map(|options| options.map(|read| (read.first, read.added)));
        assert!(fields.eq([Ok((1, 4)), Ok((2, 5))]));
    }

    #[test]
    fn options_of_another_size_than_the_first_are_refused_alone() {
        let fault = |size| Err(Fault::InvalidSize { name: "options.size", size });
        let of = |size, first| Ok(Grown { size, first, added: -2 });
        let mixed = read_array(&[16, 1, 24, 2, 0, 3, 16, 4], 4);
        assert_eq!(mixed, Ok(vec![of(16, 1), fault(24), fault(0), of(16, 4)]));
        // Beyond the first there is nothing to walk by.
        assert_eq!(
            read_array(&[17, 1], 1),
            Err(Fault::InvalidSize { name: "options.size", size: 17 })
        );
    }

    #[test]
    fn an_array_that_cannot_be_is_refused() {
        for count in [usize::MAX, usize::MAX / 16, (isize::MAX as usize) / 16 + 1] {
            let fault = Fault::InvalidSize { name: "count", size: count };
            assert_eq!(read_array(&[16, 1], count), Err(fault));
        }
        // SAFETY: NULL is allowed.
        let nothing = unsafe { options_array::<Grown>(ptr::null(), 0) };
        assert_eq!(nothing.map(Iterator::count), Ok(0));
        // SAFETY: NULL is allowed.
        let nowhere = unsafe { options_array::<Grown>(ptr::null(), 1) };
        assert_eq!(nowhere.map(Iterator::count), Err(Fault::NullPointer { name: "options" }));
    }

    #[test]
    fn options_of_an_older_program_are_initialised_up_to_their_size() {
        for (size, expected) in [(16, [16, -1, 9]), (24, [24, -1, -2])] {
            let mut memory = [9_i64; 3];
            // SAFETY: there are 24 bytes.
            unsafe { init::<Grown>(memory.as_mut_ptr().cast(), size) }.unwrap();
            assert_eq!(memory, expected);
        }
    }

    #[test]
    fn options_of_an_unknown_size_are_refused_and_not_touched() {
        for size in [0, 1, 8, 15, 17, 23, 25, 32, 1 << 62] {
            let fault = |name| Fault::InvalidSize { name, size };
            assert_eq!(read(size, &[]), Err(fault("options.size")));
            let mut memory = [9_i64; 3];
            // SAFETY: nothing is written.
            let result = unsafe { init::<Grown>(memory.as_mut_ptr().cast(), size) };
            assert_eq!((result, memory), (Err(fault("size")), [9; 3]));
        }
    }
}
