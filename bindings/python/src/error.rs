//! The one place that maps errors to exceptions, and the guard against panics.

use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe, catch_unwind};

use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyType;
use tokmint::ErrorCode;

/// Why a call failed, as the exception that Python will see.
pub(crate) struct Failure(pub(crate) PyErr);

impl From<PyErr> for Failure {
    fn from(error: PyErr) -> Failure {
        Failure(error)
    }
}

impl From<tokmint::Error> for Failure {
    fn from(error: tokmint::Error) -> Failure {
        Failure(Python::attach(|py| {
            exception(py, error.code(), error.to_string())
        }))
    }
}

/// The exception of a code, with its attributes `code` and `number`.
pub(crate) fn exception(py: Python<'_>, code: ErrorCode, message: String) -> PyErr {
    let make = || -> PyResult<PyErr> {
        let error = class_of(code).import(py)?.call1((message,))?;
        error.setattr("code", code.name())?;
        error.setattr("number", code.number())?;
        Ok(PyErr::from_value(error))
    };
    make().unwrap_or_else(|error| error)
}

/// An exception class of `tokmint/_types.py`, imported at its first use.
struct ExceptionClass {
    name: &'static str,
    class: PyOnceLock<Py<PyType>>,
}

impl ExceptionClass {
    const fn new(name: &'static str) -> ExceptionClass {
        let class = PyOnceLock::new();
        ExceptionClass { name, class }
    }

    fn import<'py>(&'py self, py: Python<'py>) -> PyResult<&'py Bound<'py, PyType>> {
        self.class.import(py, "tokmint", self.name)
    }
}

/// The class of each code. A new code fails the build here until it has one.
fn class_of(code: ErrorCode) -> &'static ExceptionClass {
    static TOKMINT: ExceptionClass = ExceptionClass::new("TokmintError");
    static CREDENTIALS: ExceptionClass = ExceptionClass::new("CredentialsError");
    static SESSION: ExceptionClass = ExceptionClass::new("SessionError");
    static OPTIONS: ExceptionClass = ExceptionClass::new("OptionsError");
    static TOKEN: ExceptionClass = ExceptionClass::new("TokenError");
    static SYSTEM: ExceptionClass = ExceptionClass::new("TokmintSystemError");
    static INTERNAL: ExceptionClass = ExceptionClass::new("InternalError");
    match code {
        ErrorCode::InvalidApiKey | ErrorCode::InvalidApiSecret => &CREDENTIALS,
        ErrorCode::InvalidSessionId | ErrorCode::SessionOfOtherProject => &SESSION,
        ErrorCode::InvalidRole
        | ErrorCode::InvalidExpireTime
        | ErrorCode::DataTooLong
        | ErrorCode::InvalidData
        | ErrorCode::InvalidLayoutClass
        | ErrorCode::LayoutClassListTooLong
        | ErrorCode::InvalidCreateTime
        | ErrorCode::InvalidNonce
        | ErrorCode::InvalidTokenFormat
        | ErrorCode::InvalidLeeway => &OPTIONS,
        ErrorCode::MalformedToken
        | ErrorCode::UnsupportedAlgorithm
        | ErrorCode::InvalidSignature
        | ErrorCode::TokenOfOtherProject
        | ErrorCode::TokenExpired
        | ErrorCode::TokenNotYetValid
        | ErrorCode::MissingExpiry
        | ErrorCode::TokenOfOtherSession
        | ErrorCode::TokenTooLong
        | ErrorCode::LifetimeTooLong => &TOKEN,
        ErrorCode::SystemClock | ErrorCode::SystemRandom => &SYSTEM,
        ErrorCode::NullPointer | ErrorCode::InvalidUtf8 => &TOKMINT,
        ErrorCode::Panic => &INTERNAL,
    }
}

thread_local! {
    /// Where this thread last panicked.
    static PANIC_PLACE: Cell<Option<String>> = const { Cell::new(None) };
}

/// Notes where a panic happened instead of printing its message, which could hold input. Only panics of this module
/// are concerned: it has a standard library of its own.
pub(crate) fn keep_panics_silent() {
    panic::set_hook(Box::new(|panic| {
        PANIC_PLACE.set(panic.location().map(ToString::to_string));
    }));
}

/// Runs a call and turns a panic in it into an `InternalError`, which ordinary code catches; pyo3's own
/// `PanicException` passes by `except Exception`.
pub(crate) fn guard<T>(py: Python<'_>, call: impl FnOnce() -> Result<T, Failure>) -> PyResult<T> {
    let call = || {
        #[cfg(feature = "test-panic")]
        panic_if_asked_for();
        call()
    };
    // What the call borrows is immutable, so a panic leaves nothing half done.
    match catch_unwind(AssertUnwindSafe(call)) {
        Ok(result) => result.map_err(|Failure(error)| error),
        Err(_) => {
            let place = PANIC_PLACE.take().unwrap_or_default();
            let message = format!(
                "tokmint panicked at {place}, which is a defect of tokmint; please report it. \
                 The next call works as usual"
            );
            Err(exception(py, ErrorCode::Panic, message))
        }
    }
}

#[cfg(feature = "test-panic")]
mod test_panic {
    use std::sync::atomic::{AtomicBool, Ordering};

    static IS_ASKED_FOR: AtomicBool = AtomicBool::new(false);

    /// Makes the next guarded call panic.
    #[pyo3::pyfunction]
    pub(crate) fn panic_in_next_call() {
        IS_ASKED_FOR.store(true, Ordering::Relaxed);
    }

    pub(super) fn panic_if_asked_for() {
        assert!(
            !IS_ASKED_FOR.swap(false, Ordering::Relaxed),
            "a panic's message, which nobody may see"
        );
    }
}

#[cfg(feature = "test-panic")]
use test_panic::panic_if_asked_for;
#[cfg(feature = "test-panic")]
pub(crate) use test_panic::panic_in_next_call;
