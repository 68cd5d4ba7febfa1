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
    pub(crate) make_error: Py<PyAny>,
    pub(crate) members: Py<PyDict>,
    pub(crate) token: Record,
    pub(crate) field: Record,
    pub(crate) finding: Record,
    pub(crate) inspection: Record,
    pub(crate) enum_class: Py<PyAny>,
    pub(crate) datetime: Py<PyAny>,
    pub(crate) timedelta: Py<PyAny>,
    /// 1970 in UTC.
    pub(crate) epoch: Py<PyAny>,
    pub(crate) second: Py<PyAny>,
}

impl State {
    fn new(py: Python<'_>, sys: Py<PyModule>) -> PyResult<State> {
        let types = py.import("tokmint._types")?;
        let datetime = py.import("datetime")?;
        let timedelta = datetime.getattr("timedelta")?;
        Ok(State {
            sys,
            make_error: types.getattr("make_error")?.unbind(),
            members: types.getattr("MEMBERS")?.cast_into()?.unbind(),
            token: Record::new(&types, "Token")?,
            field: Record::new(&types, "Field")?,
            finding: Record::new(&types, "Finding")?,
            inspection: Record::new(&types, "Inspection")?,
            enum_class: py.import("enum")?.getattr("Enum")?.unbind(),
            datetime: datetime.getattr("datetime")?.unbind(),
            second: timedelta.call1((0, 1))?.unbind(),
            timedelta: timedelta.unbind(),
            epoch: types.getattr("EPOCH")?.unbind(),
            types: types.unbind(),
        })
    }

    /// The member of the package's enums that has this name.
    pub(crate) fn member<'py>(&self, py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyAny>> {
        self.members.bind(py).as_any().get_item(name)
    }
}

/// Looks everything up, or refuses a second interpreter: the classes of the first are in use.
pub(crate) fn import(py: Python<'_>) -> PyResult<()> {
    let sys = py.import("sys")?;
    if STATE.get(py).is_none() {
        let state = State::new(py, sys.clone().unbind())?;
        // What fails here is to set it a second time.
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
    sys.getattr("modules")?
        .set_item("tokmint._types", &state.types)
}

pub(crate) fn get(py: Python<'_>) -> PyResult<&State> {
    STATE
        .get(py)
        .ok_or_else(|| PyImportError::new_err("the import of tokmint failed"))
}

/// A class of immutable objects, which are filled in here.
pub(crate) struct Record {
    class: Py<PyAny>,
    new: Py<PyAny>,
    dict: Py<PyString>,
    names: Py<PyTuple>,
}

impl Record {
    fn new(types: &Bound<'_, PyModule>, name: &str) -> PyResult<Record> {
        let class = types.getattr(name)?;
        Ok(Record {
            new: class.getattr("__new__")?.unbind(),
            dict: PyString::intern(types.py(), "__dict__").unbind(),
            names: class.getattr("__match_args__")?.cast_into()?.unbind(),
            class: class.unbind(),
        })
    }

    /// An object with these values, in the order of the attributes.
    pub(crate) fn make<'py>(
        &self,
        py: Python<'py>,
        values: impl IntoIterator<Item = Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let object = self.new.bind(py).call1((&self.class,))?;
        let attributes = object.getattr(&self.dict)?.cast_into::<PyDict>()?;
        for (name, value) in self.names.bind(py).iter_borrowed().zip(values) {
            attributes.set_item(name, value)?;
        }
        Ok(object)
    }
}
