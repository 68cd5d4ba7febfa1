//! What an inspection answers, as Python classes: core's, field by field.

use pyo3::prelude::*;
use pyo3::types::{PyString, PyTuple};

use crate::arguments;
use crate::error::guard;
use crate::{Token, token_format};

fn instant<'py>(py: Python<'py>, rfc_3339: Option<&str>) -> PyResult<Option<Bound<'py, PyAny>>> {
    rfc_3339
        .map(|text| arguments::datetime_of_text(py, text))
        .transpose()
}

/// What a token says, as far as it reads, and everything that is wrong with it. Immutable.
#[pyclass(frozen, eq, module = "tokmint")]
#[derive(PartialEq)]
pub(crate) struct Inspection(pub(crate) tokmint::Inspection);

#[pymethods]
impl Inspection {
    /// The format; None if it cannot be told.
    #[getter]
    fn format<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        self.0
            .format
            .map(|format| token_format(py, format))
            .transpose()
    }

    /// Whether the signature is that of the project: `valid`, `invalid` or `unchecked`.
    #[getter]
    fn signature(&self) -> &'static str {
        self.0.signature.name()
    }

    /// The members of a JWT's header, or `partner_id` of a T1 token.
    #[getter]
    fn header<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.0.header.iter().cloned().map(Field))
    }

    /// The claims of a JWT or the fields of a T1 token, in their order.
    #[getter]
    fn fields<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.0.fields.iter().cloned().map(Field))
    }

    /// The token with its types, if every field reads, whether it is valid or not.
    #[getter]
    fn token(&self) -> Option<Token> {
        self.0.token.clone().map(Token)
    }

    /// When it was issued, as an aware datetime in UTC.
    #[getter]
    fn created_at<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        instant(py, self.0.created_at.as_deref())
    }

    /// The first second at which it is no longer valid, as an aware datetime in UTC.
    #[getter]
    fn expires_at<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        instant(py, self.0.expires_at.as_deref())
    }

    /// The time before which a JWT is not valid, as an aware datetime in UTC.
    #[getter]
    fn not_before<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        instant(py, self.0.not_before.as_deref())
    }

    /// Seconds until its expiry, 0 or less when it is over; None if it does not name one.
    #[getter]
    fn remaining_lifetime(&self) -> Option<i64> {
        self.0.remaining_lifetime
    }

    /// What is wrong: first what makes verify refuse it, then warnings, then notes.
    #[getter]
    fn findings<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.0.findings.iter().cloned().map(Finding))
    }

    /// Whether verify would refuse the token.
    #[getter]
    fn is_refused(&self) -> bool {
        self.0.is_refused()
    }

    /// The inspection as one JSON object with the names of the attributes; `null` stands for None.
    fn to_json(&self, py: Python<'_>) -> PyResult<String> {
        guard(py, || Ok(self.0.to_json()))
    }

    fn __str__(&self, py: Python<'_>) -> PyResult<String> {
        guard(py, || Ok(self.0.to_string()))
    }

    /// Leaves out what may be personal, so that it can be logged.
    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let tokmint::Inspection {
            format,
            signature,
            findings,
            ..
        } = &self.0;
        let format = format.map_or_else(|| "None".to_owned(), |format| format!("'{format}'"));
        let codes = PyTuple::new(py, findings.iter().map(|finding| finding.code.name()))?.repr()?;
        Ok(format!(
            "Inspection(format={format}, signature='{signature}', findings={codes}, ...)"
        ))
    }
}

/// A name and its value, as they stand in a token. Immutable.
#[pyclass(frozen, eq, module = "tokmint")]
#[derive(PartialEq)]
pub(crate) struct Field(tokmint::Field);

#[pymethods]
impl Field {
    /// The name, unescaped in a JWT and still form-encoded in T1.
    #[getter]
    fn name(&self) -> &str {
        &self.0.name
    }

    /// The JSON of the value in a JWT, with the quotes of a text; the form-encoded value in T1.
    #[getter]
    fn value(&self) -> &str {
        &self.0.value
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let (name, value) = (literal(py, self.name())?, literal(py, self.value())?);
        Ok(format!("Field(name={name}, value={value})"))
    }
}

/// One thing that an inspection found. Immutable.
#[pyclass(frozen, eq, module = "tokmint")]
#[derive(PartialEq)]
pub(crate) struct Finding(tokmint::Finding);

#[pymethods]
impl Finding {
    /// What it is, for programs.
    #[getter]
    fn code(&self) -> &'static str {
        self.0.code.name()
    }

    /// How grave it is: `refused`, `warning` or `note`.
    #[getter]
    fn severity(&self) -> &'static str {
        self.0.severity.name()
    }

    /// What is wrong and what to do, in one sentence for a person.
    #[getter]
    fn message(&self) -> &str {
        &self.0.message
    }

    /// What the server says to such a token, where that is known.
    #[getter]
    fn server_message(&self) -> Option<&'static str> {
        self.0.server_message
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let (code, severity) = (self.code(), self.severity());
        let message = literal(py, self.message())?;
        let server_message = match self.server_message() {
            Some(text) => literal(py, text)?.to_string(),
            None => "None".to_owned(),
        };
        Ok(format!(
            "Finding(code='{code}', severity='{severity}', message={message}, server_message={server_message})"
        ))
    }
}

/// A text as Python writes it in source code.
fn literal<'py>(py: Python<'py>, text: &str) -> PyResult<Bound<'py, PyString>> {
    PyString::new(py, text).repr()
}
