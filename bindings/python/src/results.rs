//! What core returns, as objects of the classes in `tokmint/_types.py`.

use pyo3::exceptions::PyIndexError;
use pyo3::prelude::*;
use pyo3::types::PyTuple;
use tokmint::{Claims, Field, Inspection};

use crate::error::guard;
use crate::state::{Class, Classes};

impl Classes {
    /// The member of an enum that has this name.
    fn member<'py>(&self, py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyAny>> {
        self.members.bind(py).as_any().get_item(name)
    }

    pub(crate) fn token<'py>(
        &self,
        py: Python<'py>,
        claims: &Claims,
    ) -> PyResult<Bound<'py, PyAny>> {
        let values = (
            self.member(py, claims.format().name())?,
            claims.api_key(),
            claims.application_id(),
            claims.session_id(),
            self.member(py, claims.role().name())?,
            claims.create_time(),
            claims.expire_time(),
            claims.data(),
            PyTuple::new(py, claims.initial_layout_class_list())?,
            claims.nonce(),
        );
        self.token.object(values.into_pyobject(py)?)
    }

    pub(crate) fn inspection<'py>(
        &self,
        py: Python<'py>,
        from: Inspection,
    ) -> PyResult<Bound<'py, PyAny>> {
        let format = from.format.map(|format| self.member(py, format.name()));
        let token = from.token.as_ref().map(|claims| self.token(py, claims));
        let findings = from.findings.iter().map(|finding| {
            let severity = self.member(py, finding.severity.name())?;
            let (code, message) = (finding.code.name(), &finding.message);
            let values = (code, severity, message, finding.server_message);
            self.finding.object(values.into_pyobject(py)?)
        });
        let values = (
            format.transpose()?,
            self.member(py, from.signature.name())?,
            self.fields(py, &from.header)?,
            self.fields(py, &from.fields)?,
            token.transpose()?,
            from.now,
            from.create_time,
            from.expire_time,
            from.not_before,
            from.remaining_lifetime,
            PyTuple::new(py, findings.collect::<PyResult<Vec<_>>>()?)?,
            from.is_refused(),
        );
        let inspection = self.inspection.object(values.into_pyobject(py)?)?;
        let dict = inspection.getattr("__dict__")?;
        dict.set_item("_forms", Forms(from))?;
        Ok(inspection)
    }

    fn fields<'py>(&self, py: Python<'py>, fields: &[Field]) -> PyResult<Bound<'py, PyTuple>> {
        let fields = fields.iter().map(|field| {
            let values = (&field.name, &field.value);
            self.field.object(values.into_pyobject(py)?)
        });
        PyTuple::new(py, fields.collect::<PyResult<Vec<_>>>()?)
    }
}

impl Class {
    fn object<'py>(&self, values: Bound<'py, PyTuple>) -> PyResult<Bound<'py, PyAny>> {
        let py = values.py();
        let object = self.new.bind(py).call1((&self.class,))?;
        let dict = object.getattr(&self.dict)?;
        for (name, value) in self.names.bind(py).iter_borrowed().zip(&values) {
            dict.set_item(name, value)?;
        }
        Ok(object)
    }
}

/// The text and the JSON of an inspection, as items 0 and 1, which core writes on demand.
#[pyclass(frozen, module = "tokmint._tokmint")]
pub(crate) struct Forms(Inspection);

#[pymethods]
impl Forms {
    fn __getitem__(&self, py: Python<'_>, index: usize) -> PyResult<String> {
        guard(py, || match index {
            0 => Ok(self.0.to_string()),
            1 => Ok(self.0.to_json()),
            _ => Err(PyIndexError::new_err(index).into()),
        })
    }
}
