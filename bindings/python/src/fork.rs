//! Computations without the interpreter lock, and `fork`.
//!
//! The RSA engine has locks and buffers in use while it computes. A process forked then would have
//! them in use for ever: its next signature would wait, or abort the process. While a call holds the
//! interpreter lock no other thread can fork, so where it is released `os.fork` waits for what is
//! being computed, and new computations wait for the fork. The C function `fork` does not, unless its
//! caller tells Python (`PyOS_BeforeFork`).

use std::cell::Cell;
use std::sync::{PoisonError, RwLock, RwLockWriteGuard};

use pyo3::prelude::*;

/// Held for reading by computations, and for writing by a thread that forks.
static GATE: RwLock<()> = RwLock::new(());

thread_local! {
    /// This thread's, from before it forks until it has forked.
    static FORKING: Cell<Option<RwLockWriteGuard<'static, ()>>> = const { Cell::new(None) };
}

/// Computes with the interpreter lock released.
pub(crate) fn detached<T: Send>(py: Python<'_>, compute: impl FnOnce() -> T + Send) -> T {
    py.detach(|| {
        // Given back before the interpreter lock is taken again, for which a fork may be waiting.
        let _computing = GATE.read().unwrap_or_else(PoisonError::into_inner);
        compute()
    })
}

#[cfg(unix)]
#[pyfunction]
fn before_fork() {
    FORKING.set(Some(GATE.write().unwrap_or_else(PoisonError::into_inner)));
}

#[cfg(unix)]
#[pyfunction]
fn after_fork() {
    FORKING.set(None);
}

/// Registers what `os.fork` calls. To be called once, since the gate opens for one writer.
#[cfg(unix)]
pub(crate) fn register(py: Python<'_>) -> PyResult<()> {
    use pyo3::types::IntoPyDict;

    let after = wrap_pyfunction!(after_fork, py)?;
    let hooks = [
        ("before", wrap_pyfunction!(before_fork, py)?),
        ("after_in_parent", after.clone()),
        ("after_in_child", after),
    ];
    // `os` has it from there. Python itself has imported this one.
    let register = py.import("posix")?.getattr("register_at_fork")?;
    register.call((), Some(&hooks.into_py_dict(py)?))?;
    Ok(())
}

/// Windows has no `fork`.
#[cfg(not(unix))]
#[allow(clippy::unnecessary_wraps, reason = "it fails on other systems")]
pub(crate) fn register(_: Python<'_>) -> PyResult<()> {
    Ok(())
}
