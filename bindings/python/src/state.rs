//! What calls need of Python, looked up once when the module is imported.
//!
//! Nothing on the path of a call imports or initialises anything: a process forked while another
//! thread did so could wait for that thread for ever.

use pyo3::exceptions::PyImportError;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyModule, PyString, PyTuple};

static STATE: PyOnceLock<State> = PyOnceLock::new();

pub(crate) struct State {
    /// Each interpreter has a `sys` of its own.
    sys: Py<PyModule>,
    types: Py<PyModule>,
    pub(crate) classes: Classes,
}

/// Looks everything up, or refuses a second interpreter: the classes of the first are in use.
pub(crate) fn import(py: Python<'_>) -> PyResult<()> {
    let sys = py.import("sys")?;
    if STATE.get(py).is_none() {
        let types = py.import("tokmint._types")?;
        let state = State {
            sys: sys.clone().unbind(),
            classes: Classes::of(&types)?,
            types: types.unbind(),
        };
        // It fails where another thread was first.
        let _ = STATE.set(py, state);
    }
    let state = get(py)?;
    if !state.sys.is(&sys) {
        return Err(PyImportError::new_err(
            "tokmint is in use by another interpreter of this process and works in one only; \
             run each application in a process of its own, or all of them in the main interpreter \
             (mod_wsgi: WSGIApplicationGroup %{GLOBAL})",
        ));
    }
    // A second import in the same interpreter gets the classes that this module uses.
    sys.getattr("modules")?.set_item("tokmint._types", &state.types)
}

pub(crate) fn get(py: Python<'_>) -> PyResult<&State> {
    let state = STATE.get(py);
    state.ok_or_else(|| PyImportError::new_err("the import of tokmint failed"))
}

/// The module `tokmint._types`, with all that it has imported.
pub(crate) fn types(py: Python<'_>) -> PyResult<&Bound<'_, PyModule>> {
    Ok(get(py)?.types.bind(py))
}

/// The classes of `tokmint/_types.py`, whose objects `results.rs` fills in.
pub(crate) struct Classes {
    pub(crate) token: Class,
    pub(crate) field: Class,
    pub(crate) finding: Class,
    pub(crate) inspection: Class,
    pub(crate) members: Py<PyDict>,
}

pub(crate) struct Class {
    pub(crate) class: Py<PyAny>,
    pub(crate) new: Py<PyAny>,
    pub(crate) names: Py<PyTuple>,
    pub(crate) dict: Py<PyString>,
}

impl Classes {
    fn of(types: &Bound<'_, PyModule>) -> PyResult<Classes> {
        let class = |name| {
            let class = types.getattr(name)?;
            PyResult::Ok(Class {
                new: class.getattr("__new__")?.unbind(),
                names: class.getattr("__match_args__")?.extract()?,
                class: class.unbind(),
                dict: PyString::intern(types.py(), "__dict__").unbind(),
            })
        };
        Ok(Classes {
            token: class("Token")?,
            field: class("Field")?,
            finding: class("Finding")?,
            inspection: class("Inspection")?,
            members: types.getattr("MEMBERS")?.extract()?,
        })
    }
}
