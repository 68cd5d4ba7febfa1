//! The function that is called most, without napi's glue: that allocates and locks in each call, to
//! protect values of kinds that are not used here, which takes 60 ns of the 600 of a token.

#![allow(unsafe_code, reason = "Node-API is a C API")]

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;

use napi::bindgen_prelude::panic_to_error;
use napi::{Env, JsError, JsString, JsValue, sys};

use crate::Result;
use crate::argument::{Argument, check, failure};

/// Calls a function with `N` arguments, those that are not given as `undefined`, and returns or
/// throws to JavaScript what it returns. A panic is thrown too.
///
/// # Safety
/// Both pointers are those that Node-API has just passed.
pub unsafe fn call<const N: usize>(
    env: sys::napi_env,
    info: sys::napi_callback_info,
    function: impl FnOnce(&Env, [Argument; N]) -> Result<JsString<'_>>,
) -> sys::napi_value {
    let returned = catch_unwind(AssertUnwindSafe(|| {
        let (mut count, mut values, none) = (N, [ptr::null_mut(); N], ptr::null_mut());
        // SAFETY: there is room for `count` values; what is not asked for may be null.
        let status = unsafe {
            let values = values.as_mut_ptr();
            sys::napi_get_cb_info(env, info, &raw mut count, values, none, ptr::null_mut())
        };
        check(status).map_err(failure)?;
        let arguments = values.map(|value| Argument { env, value });
        function(&Env::from_raw(env), arguments).map(|string| string.raw())
    }));
    // SAFETY: the environment is that of the running call.
    unsafe {
        match returned {
            Ok(Ok(value)) => return value,
            Ok(Err(exception)) => JsError::from(exception).throw_into(env),
            Err(panic) => JsError::from(panic_to_error(panic)).throw_into(env),
        }
    }
    ptr::null_mut()
}
