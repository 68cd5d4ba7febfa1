//! One foreign call for each call of tokmint, for the JVM, where a foreign call takes longer than
//! a token.
//!
//! UniFFI's own functions take a foreign call for each buffer that they are given, for the buffer
//! that they return, and to count the reference. Here the arguments come in one array and the
//! result goes out in another, in UniFFI's encoding: what the generated Kotlin writes and reads.
//! An `OpenTok` is made, and every object freed, by UniFFI's functions.

use std::slice;
use std::sync::Arc;

use uniffi::{Handle, Lift, Lower, RustBuffer};

use crate::inspection::InspectionForms;
use crate::{Batch, OpenTok, Session, TokmintError, UniFfiTag, guarded, inspect_token};

/// What the JVM calls.
#[derive(uniffi::Enum)]
pub enum Operation {
    /// [`OpenTok::generate_token`].
    GenerateToken,
    /// [`OpenTok::verify_token`].
    VerifyToken,
    /// [`OpenTok::inspect_token`].
    InspectToken,
    /// [`OpenTok::session`], whose reply is the handle.
    OpenSession,
    /// [`Session::generate_token`].
    SessionGenerateToken,
    /// [`Session::verify_token`].
    SessionVerifyToken,
    /// [`Session::batch`], whose reply is the handle.
    OpenBatch,
    /// [`Batch::generate_tokens`].
    BatchGenerateTokens,
    /// [`inspect_token`], which takes no object.
    InspectTokenWithoutCredentials,
}

/// Runs the [`Operation`] that the request starts with; its arguments follow. Sizes and addresses
/// have 64 bits on every platform, as a `Long` has.
///
/// The reply is a byte, 0 before a result and 1 before an error. Returns its length. If it does not
/// fit, returns 0 and writes the capacity, the length and the address of a UniFFI buffer that holds
/// it, which the caller frees; so no call is repeated for the sake of its reply.
///
/// # Safety
///
/// `handle` is that of the operation's object, which nobody frees during the call, or anything for
/// an operation without one. The request and the reply are different arrays of the lengths given.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tokmint_uniffi_call(
    handle: u64,
    request: *const u8,
    request_length: u64,
    reply: *mut u8,
    reply_capacity: u64,
) -> u64 {
    let size = |length| usize::try_from(length).expect("an array is no longer than the memory");
    // SAFETY: the caller passes the handle of such an object, which lives until this returns.
    let opentok = || unsafe { object::<OpenTok>(handle) };
    // SAFETY: the same.
    let session = || unsafe { object::<Session>(handle) };
    // SAFETY: the same.
    let batch = || unsafe { object::<Batch>(handle) };
    // SAFETY: the caller passes an array of this length, which nobody writes to during the call.
    let mut request = Request(unsafe { slice::from_raw_parts(request, size(request_length)) });
    // SAFETY: the caller passes another array of this length, which nobody else uses meanwhile.
    let reply = unsafe { slice::from_raw_parts_mut(reply, size(reply_capacity)) };

    let outcome = guarded(|| {
        Ok(match request.read() {
            Operation::GenerateToken => {
                encoded(0, opentok().generate_token(request.read(), request.read())?)
            }
            Operation::VerifyToken => {
                encoded(0, opentok().verify_token(request.read(), request.read())?)
            }
            Operation::InspectToken => {
                let inspected = opentok().inspect_token(request.read(), request.read())?;
                encoded(0, InspectionForms::from(inspected))
            }
            Operation::OpenSession => encoded(0, Arc::new(opentok().session(request.read())?)),
            Operation::SessionGenerateToken => {
                encoded(0, session().generate_token(request.read())?)
            }
            Operation::SessionVerifyToken => {
                encoded(0, session().verify_token(request.read(), request.read())?)
            }
            Operation::OpenBatch => encoded(0, Arc::new(session().batch())),
            Operation::BatchGenerateTokens => encoded(0, batch().generate_tokens(request.read())),
            Operation::InspectTokenWithoutCredentials => {
                let inspected = inspect_token(request.read(), request.read())?;
                encoded(0, InspectionForms::from(inspected))
            }
        })
    });
    let message = outcome.unwrap_or_else(|error: TokmintError| encoded(1, error));
    if let Some(reply) = reply.get_mut(..message.len()) {
        reply.copy_from_slice(&message);
        return number(message.len());
    }
    let buffer = RustBuffer::from_vec(message);
    let parts = [buffer.capacity(), buffer.len(), buffer.data_pointer().expose_provenance()];
    for (place, part) in reply.chunks_exact_mut(size_of::<u64>()).zip(parts) {
        place.copy_from_slice(&number(part).to_be_bytes());
    }
    0
}

/// The object of a handle, which is its address.
///
/// # Safety
///
/// The handle is that of an object of this type, which lives as long as the reference is used.
unsafe fn object<'a, T>(handle: u64) -> &'a T {
    // SAFETY: the caller passes such a handle.
    unsafe { &*Handle::from_raw_unchecked(handle).as_pointer::<T>() }
}

fn number(size: usize) -> u64 {
    u64::try_from(size).expect("no platform has addresses of more than 64 bits")
}

/// The operation and its arguments, one after the other.
struct Request<'a>(&'a [u8]);

impl Request<'_> {
    fn read<T: Lift<UniFfiTag>>(&mut self) -> T {
        T::try_read(&mut self.0).expect("the Kotlin of the same build wrote it")
    }
}

fn encoded<T: Lower<UniFfiTag>>(status: u8, value: T) -> Vec<u8> {
    let mut reply = Vec::with_capacity(1024);
    reply.push(status);
    T::write(value, &mut reply);
    reply
}
