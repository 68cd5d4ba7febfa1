//! What core returns, as objects of the package's Python classes.

use pyo3::IntoPyObjectExt;
use pyo3::prelude::*;
use pyo3::types::{PyString, PyTuple, PyType};
use tokmint::{Claims, Inspection};

use crate::error::guard;
use crate::state;

/// A `Token`.
pub(crate) fn token<'py>(py: Python<'py>, claims: &Claims) -> PyResult<Bound<'py, PyAny>> {
    let state = state::get(py)?;
    let values = [
        state.member(py, claims.format.name())?,
        claims.api_key.as_str().into_bound_py_any(py)?,
        claims.session_id.as_str().into_bound_py_any(py)?,
        state.member(py, claims.role.name())?,
        claims.create_time.into_bound_py_any(py)?,
        claims.expire_time.into_bound_py_any(py)?,
        claims.data.as_str().into_bound_py_any(py)?,
        PyTuple::new(py, &claims.initial_layout_class_list)?.into_any(),
        claims.nonce.as_str().into_bound_py_any(py)?,
    ];
    state.token.make(py, values)
}

/// An `Inspection`.
pub(crate) fn inspection(py: Python<'_>, inspection: Inspection) -> PyResult<Bound<'_, PyAny>> {
    let state = state::get(py)?;
    let values = [
        match inspection.format {
            Some(format) => state.member(py, format.name())?,
            None => py.None().into_bound(py),
        },
        state.member(py, inspection.signature.name())?,
        fields(py, &inspection.header)?,
        fields(py, &inspection.fields)?,
        match &inspection.token {
            Some(claims) => token(py, claims)?,
            None => py.None().into_bound(py),
        },
        inspection.now.into_bound_py_any(py)?,
        inspection.create_time.into_bound_py_any(py)?,
        inspection.expire_time.into_bound_py_any(py)?,
        inspection.not_before.into_bound_py_any(py)?,
        inspection.remaining_lifetime.into_bound_py_any(py)?,
        findings(py, &inspection.findings)?,
        inspection.is_refused().into_bound_py_any(py)?,
    ];
    let object = state.inspection.make(py, values)?;
    let report = Report(Forms::OnDemand(Box::new(inspection)));
    object
        .getattr("__dict__")?
        .set_item("_report", report.into_bound_py_any(py)?)?;
    Ok(object)
}

fn fields<'py>(py: Python<'py>, fields: &[tokmint::Field]) -> PyResult<Bound<'py, PyAny>> {
    let class = &state::get(py)?.field;
    let make = |field: &tokmint::Field| {
        let values = [&field.name, &field.value];
        class.make(
            py,
            values.map(|string| PyString::new(py, string).into_any()),
        )
    };
    let fields = fields.iter().map(make).collect::<PyResult<Vec<_>>>()?;
    PyTuple::new(py, fields)?.into_bound_py_any(py)
}

fn findings<'py>(py: Python<'py>, findings: &[tokmint::Finding]) -> PyResult<Bound<'py, PyAny>> {
    let state = state::get(py)?;
    let make = |finding: &tokmint::Finding| {
        let values = [
            finding.code.name().into_bound_py_any(py)?,
            state.member(py, finding.severity.name())?,
            finding.message.as_str().into_bound_py_any(py)?,
            finding.server_message.into_bound_py_any(py)?,
        ];
        state.finding.make(py, values)
    };
    let findings = findings.iter().map(make).collect::<PyResult<Vec<_>>>()?;
    PyTuple::new(py, findings)?.into_bound_py_any(py)
}

/// The two written forms of an inspection: core writes them on demand, and a pickle holds them.
#[pyclass(frozen, module = "tokmint._tokmint")]
pub(crate) struct Report(Forms);

enum Forms {
    OnDemand(Box<Inspection>),
    Written { text: String, json: String },
}

#[pymethods]
impl Report {
    #[new]
    fn new(text: String, json: String) -> Report {
        Report(Forms::Written { text, json })
    }

    /// Return the form for a person.
    fn text(&self, py: Python<'_>) -> PyResult<String> {
        guard(py, || match &self.0 {
            Forms::OnDemand(inspection) => Ok(inspection.to_string()),
            Forms::Written { text, .. } => Ok(text.clone()),
        })
    }

    /// Return the form for a program.
    fn json(&self, py: Python<'_>) -> PyResult<String> {
        guard(py, || match &self.0 {
            Forms::OnDemand(inspection) => Ok(inspection.to_json()),
            Forms::Written { json, .. } => Ok(json.clone()),
        })
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyType>, (String, String))> {
        let (py, report) = (slf.py(), slf.get());
        Ok((slf.get_type(), (report.text(py)?, report.json(py)?)))
    }
}
