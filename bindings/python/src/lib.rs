//! The native module `tokmint._tokmint`: core's three verbs.
//!
//! It converts arguments and results, maps errors and catches panics; core decides everything else.
//! What the verbs return and raise are Python classes, in `tokmint/_types.py`.
//!
//! The interpreter lock is kept during a call: a token takes less time than handing the lock over
//! and back.
//!
//! Python shows the comments on classes and functions as their documentation, which is why they
//! have Python's form. `python/tests/test_types.py` copies them to `_tokmint.pyi`.

mod arguments;
mod error;
mod results;
mod state;

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyString, PyTuple};
use tokmint::{InspectOptions, Role, TokenFormat, TokenOptions, VerifyOptions};

use crate::arguments::given;
use crate::error::guard;

/// The credentials of one project.
///
/// Immutable, and safe to share between threads and after `fork`. It cannot be pickled or copied.
/// It never shows the secret and the HMAC states made from it, and wipes both when it is freed.
///
/// Args:
///     api_key: The project's API key, 1 to 20 digits, as the account page shows it.
///     api_secret: The project's API secret.
///
/// Raises:
///     CredentialsError: One of the two cannot be what it should be.
#[pyclass(frozen, module = "tokmint")]
struct OpenTok(tokmint::OpenTok);

#[pymethods]
impl OpenTok {
    #[new]
    fn new(api_key: &Bound<'_, PyAny>, api_secret: &Bound<'_, PyAny>) -> PyResult<OpenTok> {
        guard(api_key.py(), || {
            let api_key = arguments::api_key(api_key)?;
            let api_secret = arguments::string("api_secret", api_secret)?;
            Ok(OpenTok(tokmint::OpenTok::new(&api_key, api_secret)?))
        })
    }

    /// The project's API key, which is no secret.
    #[getter]
    fn api_key(&self) -> &str {
        self.0.api_key()
    }

    /// Generate a token that admits its holder to a session.
    ///
    /// An option that is None is not given. Fractions of a second are rounded down.
    ///
    /// Args:
    ///     session_id: The session, which this project must have created.
    ///     role: What the holder may do; `Role.PUBLISHER` by default.
    ///     expire_time: When the token ends, in Unix seconds or as an aware datetime; at most 30
    ///         days after `create_time`, and 24 hours after it by default.
    ///     expires_in: The same as a lifetime, in seconds or as a timedelta. Give only one of them.
    ///     data: At most 1000 UTF-16 code units, which everybody in the session can read.
    ///     initial_layout_class_list: Layout classes without whitespace and control characters; at
    ///         most 1000 UTF-16 code units when joined by one space.
    ///     token_format: `TokenFormat.JWT` by default.
    ///     create_time: The current time by default; given to reproduce a token exactly.
    ///     nonce: 0 to 2**53 - 1, one never used before by default; given with `create_time`.
    ///
    /// Raises:
    ///     SessionError: The session ID is invalid or belongs to another project.
    ///     OptionsError: An option is outside its limits.
    ///     PlatformError: The system has no usable clock or entropy.
    #[pyo3(
        signature = (session_id, role=None, *positional, expire_time=None, expires_in=None,
            data=None, initial_layout_class_list=None, token_format=None, create_time=None,
            nonce=None, use_jwt=None),
        text_signature = "($self, session_id, role=None, *, expire_time=None, expires_in=None, \
            data=None, initial_layout_class_list=None, token_format=None, create_time=None, \
            nonce=None)"
    )]
    #[allow(clippy::too_many_arguments, reason = "they are the named arguments of the method")]
    fn generate_token<'py>(
        &self,
        session_id: &Bound<'py, PyAny>,
        role: Option<&Bound<'py, PyAny>>,
        positional: &Bound<'py, PyTuple>,
        expire_time: Option<&Bound<'py, PyAny>>,
        expires_in: Option<&Bound<'py, PyAny>>,
        data: Option<&Bound<'py, PyAny>>,
        initial_layout_class_list: Option<&Bound<'py, PyAny>>,
        token_format: Option<&Bound<'py, PyAny>>,
        create_time: Option<&Bound<'py, PyAny>>,
        nonce: Option<&Bound<'py, PyAny>>,
        use_jwt: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyString>> {
        let py = session_id.py();
        guard(py, || {
            // Types first, then the order of errors that all languages have.
            arguments::refuse_official(positional, use_jwt)?;
            let session_id = arguments::string("session_id", session_id)?;
            let role = given("role", role, arguments::string)?;
            let expire_time = given("expire_time", expire_time, arguments::instant)?;
            let expires_in = given("expires_in", expires_in, arguments::duration)?;
            let data = given("data", data, arguments::python_string)?;
            let class_list = "initial_layout_class_list";
            let classes = given(class_list, initial_layout_class_list, arguments::strings)?;
            let classes = classes
                .iter()
                .flatten()
                .map(|class| arguments::utf8("a layout class", class))
                .collect::<Result<Vec<_>, _>>()?;
            let token_format = given("token_format", token_format, arguments::string)?;
            let create_time = given("create_time", create_time, arguments::instant)?;
            let nonce = given("nonce", nonce, arguments::integer)?;

            let role: Option<Role> = role.map(str::parse).transpose()?;
            let token_format: Option<TokenFormat> = token_format.map(str::parse).transpose()?;
            let data = data.map(arguments::data).transpose()?;
            let options = TokenOptions::new()
                .role(role)
                .token_format(token_format)
                .expire_time(expire_time)
                .expires_in(expires_in)
                .initial_layout_class_list(&classes)
                .create_time(create_time)
                .nonce(nonce);
            let options = data.map_or(options, |data| options.data(data));
            // Most tokens fit on the stack, and so cost no other allocation than Python's own.
            let mut buffer = [0; 1024];
            match self.0.generate_token_into(session_id, &options, &mut buffer) {
                Ok(length) => {
                    let token = buffer.get(..length).unwrap_or_default();
                    Ok(PyString::from_bytes(py, token)?)
                }
                Err(tokmint::Error::BufferTooShort { .. }) => {
                    let token = self.0.generate_token(session_id, &options)?;
                    Ok(PyString::new(py, &token))
                }
                Err(error) => Err(error.into()),
            }
        })
    }

    /// Verify a token of this project, JWT or T1, and return what it says.
    ///
    /// Args:
    ///     token: The token.
    ///     now: Unix seconds or an aware datetime; the current time by default.
    ///     leeway: How long a token is still accepted after its expiry or before its start, 0 to
    ///         3600 seconds or a timedelta; 0 by default.
    ///     session_id: The session that it must be for; any of the project by default.
    ///
    /// Raises:
    ///     TokenError: The token is not valid here and now.
    ///     SessionError: Another project owns the token's session.
    ///     OptionsError: `leeway` is outside its limits.
    ///     PlatformError: The system has no usable clock.
    #[pyo3(signature = (token, *, now=None, leeway=None, session_id=None))]
    fn verify_token<'py>(
        &self,
        token: &Bound<'py, PyAny>,
        now: Option<&Bound<'py, PyAny>>,
        leeway: Option<&Bound<'py, PyAny>>,
        session_id: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = token.py();
        guard(py, || {
            let token = arguments::token(token)?;
            let now = given("now", now, arguments::instant)?;
            let leeway = given("leeway", leeway, arguments::duration)?;
            let session_id = given("session_id", session_id, arguments::string)?;
            let options = VerifyOptions::new().now(now).leeway(leeway);
            let options = session_id.map_or(options, |id| options.session_id(id));
            let token = self.0.verify_token(token, &options)?;
            Ok(state::get(py)?.classes.token(py, &token)?)
        })
    }

    /// Say what a token holds, and everything for which `verify_token` would refuse it.
    ///
    /// No leeway is granted. Trust nothing that an inspection shows: to admit somebody, use
    /// `verify_token`.
    ///
    /// Args:
    ///     token: Any string or bytes, which are never refused.
    ///     now: Unix seconds or an aware datetime; the current time by default.
    ///     session_id: The session that it should be for; any of the project by default.
    #[pyo3(signature = (token, *, now=None, session_id=None))]
    fn inspect_token<'py>(
        &self,
        token: &Bound<'py, PyAny>,
        now: Option<&Bound<'py, PyAny>>,
        session_id: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        inspect(token, now, session_id, |token, options| self.0.inspect_token(token, options))
    }

    fn __repr__(&self) -> String {
        format!("OpenTok(api_key='{}')", self.0.api_key())
    }

    /// What `pickle` and `copy` call, in every protocol.
    fn __reduce_ex__(&self, _protocol: &Bound<'_, PyAny>) -> PyResult<()> {
        Err(PyTypeError::new_err(
            "OpenTok holds an API secret and cannot be pickled or copied; share the object \
             between threads, and make one from the credentials in each process",
        ))
    }
}

/// Say what a token holds and why a server would refuse it, without credentials.
///
/// Its signature stays unchecked, and its project is the one that it names.
///
/// Args:
///     token: Any string or bytes, which are never refused.
///     now: Unix seconds or an aware datetime; the current time by default.
///     session_id: The session that it should be for; any by default.
#[pyfunction]
#[pyo3(signature = (token, *, now=None, session_id=None))]
fn inspect_token<'py>(
    token: &Bound<'py, PyAny>,
    now: Option<&Bound<'py, PyAny>>,
    session_id: Option<&Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    inspect(token, now, session_id, |token, options| tokmint::inspect_token(token, options))
}

fn inspect<'py>(
    token: &Bound<'py, PyAny>,
    now: Option<&Bound<'py, PyAny>>,
    session_id: Option<&Bound<'py, PyAny>>,
    inspect: impl FnOnce(&[u8], &InspectOptions<'_>) -> tokmint::Inspection,
) -> PyResult<Bound<'py, PyAny>> {
    let py = token.py();
    guard(py, || {
        let token = arguments::token(token)?;
        let now = given("now", now, arguments::instant)?;
        let session_id = given("session_id", session_id, arguments::string)?;
        let options = InspectOptions::new().now(now);
        let options = session_id.map_or(options, |id| options.session_id(id));
        let inspection = inspect(&token, &options);
        Ok(state::get(py)?.classes.inspection(py, inspection)?)
    })
}

#[pymodule(gil_used = false)]
mod _tokmint {
    use pyo3::prelude::*;

    #[pymodule_export]
    #[cfg(feature = "test-panic")]
    use crate::error::panic_in_next_call;
    #[pymodule_export]
    use crate::results::Forms;
    #[pymodule_export]
    use crate::{OpenTok, inspect_token};

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        crate::state::import(module.py())?;
        crate::error::keep_panics_silent();
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }
}
