//! The one place that maps errors to exceptions, and the guard against panics.

use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe, catch_unwind};

use pyo3::PyErrArguments;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use tokmint::ErrorCode;

use crate::state::types;

/// Why a call failed.
pub(crate) enum Failure {
    /// An exception that Python raised, or one of the binding's own.
    Python(PyErr),
    /// An error of core.
    Core(tokmint::Error),
    /// A panic, and where it happened.
    Panic(String),
}

impl Failure {
    pub(crate) fn wrong_type(message: impl PyErrArguments + 'static) -> Failure {
        Failure::Python(PyTypeError::new_err(message))
    }

    pub(crate) fn exception(self, py: Python<'_>) -> PyErr {
        match self {
            Failure::Python(error) => error,
            Failure::Core(error) => exception(py, error.code(), &error.to_string()),
            Failure::Panic(place) => {
                let message = format!(
                    "tokmint panicked at {place}, which is a defect of tokmint; please report it. \
                     The next call works as usual"
                );
                exception(py, ErrorCode::Panic, &message)
            }
        }
    }
}

impl From<PyErr> for Failure {
    fn from(error: PyErr) -> Failure {
        Failure::Python(error)
    }
}

impl From<tokmint::Error> for Failure {
    fn from(error: tokmint::Error) -> Failure {
        Failure::Core(error)
    }
}

/// The exception of a code, with its attributes `code` and `number`.
pub(crate) fn exception(py: Python<'_>, code: ErrorCode, message: &str) -> PyErr {
    let make = || -> PyResult<PyErr> {
        let arguments = (code.group().name(), code.name(), code.number(), message);
        let error = types(py)?.getattr("make_error")?.call1(arguments)?;
        Ok(PyErr::from_value(error))
    };
    make().unwrap_or_else(|error| error)
}

thread_local! {
    /// Where this thread last panicked.
    static PANIC_PLACE: Cell<Option<String>> = const { Cell::new(None) };
}

/// Notes where a panic happened instead of printing its message, which could hold input. Only
/// panics of this module are concerned: it has a standard library of its own.
pub(crate) fn keep_panics_silent() {
    panic::set_hook(Box::new(|panic| {
        PANIC_PLACE.set(panic.location().map(ToString::to_string));
    }));
}

/// Runs a call and turns a panic in it into an `InternalError`, which ordinary code catches;
/// pyo3's own `PanicException` passes by `except Exception`.
pub(crate) fn guard<T>(py: Python<'_>, call: impl FnOnce() -> Result<T, Failure>) -> PyResult<T> {
    caught(call).map_err(|failure| failure.exception(py))
}

/// Runs what may panic, with the interpreter lock or without.
pub(crate) fn caught<T>(call: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failure> {
    let call = || {
        #[cfg(feature = "test-panic")]
        panic_if_asked_for();
        call()
    };
    // What the call borrows is immutable, or of use after any call, so a panic leaves nothing half
    // done.
    let outcome = catch_unwind(AssertUnwindSafe(call));
    outcome.unwrap_or_else(|_| Err(Failure::Panic(PANIC_PLACE.take().unwrap_or_default())))
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
