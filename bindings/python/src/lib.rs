//! The native module `tokmint._tokmint`: core's three verbs and what they answer, as Python classes.
//!
//! It converts arguments and results, maps errors and catches panics; core decides everything else. The other classes
//! of the package (`Role`, `TokenFormat`, the exceptions) are written in Python, in `tokmint/_types.py`.
//!
//! The interpreter lock is kept during a call: a token takes less time than handing the lock over and back.

mod arguments;
mod error;
mod inspection;

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyString, PyTuple, PyType};
use tokmint::{InspectOptions, TokenFormat, TokenOptions, VerifyOptions};

use crate::error::{Failure, guard};
use crate::inspection::{Field, Finding, Inspection};

/// The credentials of one project. Immutable, and safe to share between threads.
///
/// It cannot be printed with its secret, pickled or copied.
#[pyclass(frozen, module = "tokmint")]
struct OpenTok(tokmint::OpenTok);

#[pymethods]
impl OpenTok {
    #[new]
    fn new(api_key: &Bound<'_, PyAny>, api_secret: &Bound<'_, PyAny>) -> PyResult<OpenTok> {
        guard(api_key.py(), || {
            let api_key = arguments::api_key(api_key)?;
            let api_secret = arguments::text("api_secret", api_secret)?;
            Ok(OpenTok(tokmint::OpenTok::new(&api_key, api_secret)?))
        })
    }

    /// The project's API key, which is no secret.
    #[getter]
    fn api_key(&self) -> &str {
        self.0.api_key()
    }

    /// Generates a token that admits its holder to a session.
    #[pyo3(signature = (session_id, role=None, *, expire_time=None, expires_in=None, data=None,
        initial_layout_class_list=None, token_format=None, create_time=None, nonce=None))]
    #[allow(
        clippy::too_many_arguments,
        reason = "they are the named arguments of the method"
    )]
    fn generate_token<'py>(
        &self,
        session_id: &Bound<'py, PyAny>,
        role: Option<&Bound<'py, PyAny>>,
        expire_time: Option<&Bound<'py, PyAny>>,
        expires_in: Option<&Bound<'py, PyAny>>,
        data: Option<&Bound<'py, PyAny>>,
        initial_layout_class_list: Option<&Bound<'py, PyAny>>,
        token_format: Option<&Bound<'py, PyAny>>,
        create_time: Option<&Bound<'py, PyAny>>,
        nonce: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyString>> {
        let py = session_id.py();
        guard(py, || {
            let default = TokenOptions::default();
            let classes = initial_layout_class_list
                .map(|list| arguments::strings("initial_layout_class_list", list))
                .transpose()?;
            let classes = classes
                .iter()
                .flatten()
                .map(|class| arguments::utf8("a layout class", class))
                .collect::<Result<Vec<_>, _>>()?;
            let options = TokenOptions {
                role: match role {
                    Some(role) => arguments::text("role", role)?.parse()?,
                    None => default.role,
                },
                expire_time: expire_time
                    .map(|time| arguments::instant("expire_time", time))
                    .transpose()?,
                expires_in: expires_in
                    .map(|life| arguments::duration("expires_in", life))
                    .transpose()?,
                data: match data {
                    Some(data) => arguments::data(data)?,
                    None => default.data,
                },
                initial_layout_class_list: &classes,
                token_format: match token_format {
                    Some(format) => arguments::text("token_format", format)?.parse()?,
                    None => default.token_format,
                },
                create_time: create_time
                    .map(|time| arguments::instant("create_time", time))
                    .transpose()?,
                nonce: nonce
                    .map(|nonce| arguments::integer("nonce", "int", nonce))
                    .transpose()?,
            };
            let session_id = arguments::text("session_id", session_id)?;
            // Most tokens fit on the stack, and so cost no other allocation than Python's own.
            let mut buffer = [0; 1024];
            let length = self
                .0
                .generate_token_into(session_id, &options, &mut buffer)?;
            if let Some(token) = buffer.get(..length) {
                return Ok(PyString::from_bytes(py, token)?);
            }
            let token = self.0.generate_token(session_id, &options)?;
            Ok(PyString::new(py, &token))
        })
    }

    /// Verifies a token of this project, JWT or T1, and returns what it says.
    #[pyo3(signature = (token, *, now=None, leeway=None, session_id=None))]
    fn verify_token(
        &self,
        token: &Bound<'_, PyAny>,
        now: Option<&Bound<'_, PyAny>>,
        leeway: Option<&Bound<'_, PyAny>>,
        session_id: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Token> {
        guard(token.py(), || {
            let options = VerifyOptions {
                now: now
                    .map(|time| arguments::instant("now", time))
                    .transpose()?,
                leeway: match leeway {
                    Some(leeway) => arguments::duration("leeway", leeway)?,
                    None => VerifyOptions::default().leeway,
                },
                session_id: session_id
                    .map(|session_id| arguments::text("session_id", session_id))
                    .transpose()?,
            };
            let token = arguments::token(token)?;
            Ok(Token(self.0.verify_token(token, &options)?))
        })
    }

    /// Says what a token holds and everything for which verify would refuse it.
    #[pyo3(signature = (token, *, now=None, session_id=None))]
    fn inspect_token(
        &self,
        token: &Bound<'_, PyAny>,
        now: Option<&Bound<'_, PyAny>>,
        session_id: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Inspection> {
        guard(token.py(), || {
            let options = inspect_options(now, session_id)?;
            let token = arguments::token(token)?;
            Ok(Inspection(self.0.inspect_token(token, &options)))
        })
    }

    fn __repr__(&self) -> String {
        format!("OpenTok(api_key='{}')", self.0.api_key())
    }

    /// What `pickle` and `copy` call, in every protocol.
    fn __reduce_ex__(&self, _protocol: &Bound<'_, PyAny>) -> PyResult<()> {
        Err(PyTypeError::new_err(
            "OpenTok holds an API secret and cannot be pickled or copied; \
             share the object between threads, and make one from the credentials in each process",
        ))
    }
}

/// Says what a token holds and why a server would refuse it, without credentials: its signature stays unchecked.
#[pyfunction]
#[pyo3(signature = (token, *, now=None, session_id=None))]
fn inspect_token(
    token: &Bound<'_, PyAny>,
    now: Option<&Bound<'_, PyAny>>,
    session_id: Option<&Bound<'_, PyAny>>,
) -> PyResult<Inspection> {
    guard(token.py(), || {
        let options = inspect_options(now, session_id)?;
        let token = arguments::token(token)?;
        Ok(Inspection(tokmint::inspect_token(token, &options)))
    })
}

fn inspect_options<'a>(
    now: Option<&Bound<'_, PyAny>>,
    session_id: Option<&'a Bound<'_, PyAny>>,
) -> Result<InspectOptions<'a>, Failure> {
    Ok(InspectOptions {
        now: now
            .map(|time| arguments::instant("now", time))
            .transpose()?,
        session_id: session_id
            .map(|session_id| arguments::text("session_id", session_id))
            .transpose()?,
    })
}

/// The member of the package's enumeration.
fn token_format(py: Python<'_>, format: TokenFormat) -> PyResult<Bound<'_, PyAny>> {
    static TOKEN_FORMAT: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    let class = TOKEN_FORMAT.import(py, "tokmint", "TokenFormat")?;
    class.call1((format.name(),))
}

/// What a token says. Immutable.
#[pyclass(frozen, eq, module = "tokmint")]
#[derive(PartialEq)]
struct Token(tokmint::Token);

#[pymethods]
impl Token {
    /// The format it is written in.
    #[getter]
    fn format<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        token_format(py, self.0.format)
    }

    /// The API key of the project that issued it.
    #[getter]
    fn api_key(&self) -> &str {
        &self.0.api_key
    }

    /// The one session it admits to.
    #[getter]
    fn session_id(&self) -> &str {
        &self.0.session_id
    }

    /// What its holder may do there.
    #[getter]
    fn role<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        static ROLE: PyOnceLock<Py<PyType>> = PyOnceLock::new();
        let class = ROLE.import(py, "tokmint", "Role")?;
        class.call1((self.0.role.name(),))
    }

    /// When it was issued, in Unix seconds.
    #[getter]
    fn create_time(&self) -> i64 {
        self.0.create_time
    }

    /// When it was issued, as an aware datetime in UTC. Raises `OverflowError` after the year 9999.
    #[getter]
    fn created_at<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        arguments::to_datetime(py, self.0.create_time)
    }

    /// The first second at which it is no longer valid, in Unix seconds.
    #[getter]
    fn expire_time(&self) -> i64 {
        self.0.expire_time
    }

    /// The first instant at which it is no longer valid, as an aware datetime in UTC. Raises `OverflowError` after the
    /// year 9999.
    #[getter]
    fn expires_at<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        arguments::to_datetime(py, self.0.expire_time)
    }

    /// The connection data, which everybody in the session can read; empty if there is none.
    #[getter]
    fn data(&self) -> &str {
        &self.0.data
    }

    /// The layout classes of the holder's streams when an archive or broadcast is composed.
    #[getter]
    fn initial_layout_class_list<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, &self.0.initial_layout_class_list)
    }

    /// The nonce as it stands in the token; empty if there is none.
    #[getter]
    fn nonce(&self) -> &str {
        &self.0.nonce
    }

    /// Leaves out what may be personal, the data and the layout classes, so that it can be logged.
    fn __repr__(&self) -> String {
        let tokmint::Token {
            format,
            api_key,
            session_id,
            role,
            create_time,
            expire_time,
            ..
        } = &self.0;
        format!(
            "Token(format='{format}', api_key='{api_key}', session_id='{session_id}', role='{role}', \
             create_time={create_time}, expire_time={expire_time}, ...)"
        )
    }
}

#[pymodule(gil_used = false)]
mod _tokmint {
    use pyo3::prelude::*;

    #[pymodule_export]
    use super::{Field, Finding, Inspection, OpenTok, Token, inspect_token};
    #[pymodule_export]
    #[cfg(feature = "test-panic")]
    use crate::error::panic_in_next_call;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        crate::error::keep_panics_silent();
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }
}
