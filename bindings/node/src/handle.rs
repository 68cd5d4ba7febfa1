//! What JavaScript holds of core: an external value, which drops it when it is collected.
//!
//! napi's own `External` looks its pointer up behind a lock of the process, which takes 70 ns of
//! the 600 of a token and makes threads wait for each other.

#![allow(unsafe_code, reason = "Node-API is a C API")]

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::ffi::c_void;
use std::ptr;

use napi::bindgen_prelude::ToNapiValue;
use napi::{Status, sys};
use tokmint::{Batch, OpenTok, Session};

use crate::Result;
use crate::argument::{Argument, failure};

pub enum Handle {
    OpenTok(OpenTok),
    Session(Session),
    /// No call runs within another one, so it is never borrowed twice.
    Batch(RefCell<Batch>),
}

thread_local! {
    /// The handles of this thread, which none of them leaves. Another add-on has externals too.
    static LIVE: RefCell<BTreeSet<*const Handle>> = const { RefCell::new(BTreeSet::new()) };
}

impl ToNapiValue for Handle {
    unsafe fn to_napi_value(env: sys::napi_env, handle: Handle) -> napi::Result<sys::napi_value> {
        let handle = Box::into_raw(Box::new(handle));
        let mut value = ptr::null_mut();
        // SAFETY: the environment is that of the running call; `collect` takes this pointer.
        let status = unsafe {
            sys::napi_create_external(
                env,
                handle.cast(),
                Some(collect),
                ptr::null_mut(),
                &raw mut value,
            )
        };
        if status != sys::Status::napi_ok {
            // SAFETY: it comes from a box, and nobody else has it.
            drop(unsafe { Box::from_raw(handle) });
            return Err(napi::Error::from_status(Status::from(status)));
        }
        LIVE.with_borrow_mut(|live| live.insert(handle));
        Ok(value)
    }
}

/// Drops a handle. Node-API calls it once, when no JavaScript can reach the external any more.
unsafe extern "C" fn collect(_: sys::napi_env, handle: *mut c_void, _: *mut c_void) {
    let handle: *mut Handle = handle.cast();
    // It fails while the thread ends, when no call follows.
    let _ = LIVE.try_with(|live| live.borrow_mut().remove(&handle.cast_const()));
    // SAFETY: it comes from the box that `to_napi_value` made.
    drop(unsafe { Box::from_raw(handle) });
}

impl Argument {
    /// Reads a handle.
    pub fn handle(&self) -> Result<&Handle> {
        let mut handle = ptr::null_mut();
        // SAFETY: the environment and the value are those of the running call.
        let status = unsafe { sys::napi_get_value_external(self.env, self.value, &raw mut handle) };
        let handle: *const Handle = handle.cast();
        if status != sys::Status::napi_ok || !LIVE.with_borrow(|live| live.contains(&handle)) {
            return Err(failure(sys::Status::napi_invalid_arg));
        }
        // SAFETY: the handle is alive, and the call keeps the value that holds it.
        Ok(unsafe { &*handle })
    }

    /// Reads the handle of credentials.
    pub fn opentok(&self) -> Result<&OpenTok> {
        match self.handle()? {
            Handle::OpenTok(opentok) => Ok(opentok),
            _ => Err(failure(sys::Status::napi_invalid_arg)),
        }
    }

    /// Reads the handle of a session.
    pub fn session(&self) -> Result<&Session> {
        match self.handle()? {
            Handle::Session(session) => Ok(session),
            _ => Err(failure(sys::Status::napi_invalid_arg)),
        }
    }
}
