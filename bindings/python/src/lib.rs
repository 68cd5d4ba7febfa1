//! The native module `tokmint._tokmint`: core's verbs, of an `OpenTok` and of its sessions.
//!
//! It converts arguments and results, maps errors and catches panics; core decides everything else.
//! What the verbs return and raise are Python classes, in `tokmint/_types.py`.
//!
//! The interpreter lock is released while a key is read, while RSA signs or verifies and while a
//! batch is generated, and kept otherwise (see `computed`).
//!
//! Python shows the comments on classes and functions as their documentation, which is why they
//! have Python's form. `python/tests/test_types.py` copies them to `_tokmint.pyi`.

mod arguments;
mod error;
mod options;
mod results;
mod session;
mod state;

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyString, PyTuple, PyType};
use tokmint::{InspectOptions, RestTokenOptions, VerifyOptions};

use crate::arguments::given;
use crate::error::{Failure, guard};
use crate::options::with_options;
use crate::session::Session;

/// The credentials of one project, or of one Vonage application.
///
/// `OpenTok(api_key, api_secret)` is a project, `OpenTok.for_application(application_id,
/// private_key)` an application, and `OpenTok.verifier(application_id, public_key)` an application
/// whose tokens it verifies without being able to generate any.
///
/// Immutable, and safe to share between threads and after `fork`. It cannot be pickled or copied.
/// It never shows the secret, the key and what is made from them. They are wiped when the
/// `OpenTok`, its sessions and their batches are freed.
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

    /// The credentials of a Vonage application: tokens are signed with RS256.
    ///
    /// Args:
    ///     application_id: The application's ID, a UUID.
    ///     private_key: The text or the bytes of its RSA private key, never a path: PEM, also as
    ///         env files and configurations change it, or DER.
    ///
    /// Raises:
    ///     CredentialsError: The ID is no UUID, or the key cannot be used; the message says why.
    #[classmethod]
    fn for_application(
        _class: &Bound<'_, PyType>,
        application_id: &Bound<'_, PyAny>,
        private_key: &Bound<'_, PyAny>,
    ) -> PyResult<OpenTok> {
        let read = |id: &str, key: &[u8]| tokmint::OpenTok::for_application(id, key);
        with_key(application_id, "private_key", private_key, read)
    }

    /// The public half of a Vonage application, for services that must not be able to sign.
    ///
    /// Its `verify_token` and `inspect_token` work; to generate a token raises a `CredentialsError`
    /// with the code ``no_private_key``.
    ///
    /// Args:
    ///     application_id: The application's ID, a UUID.
    ///     public_key: The text or the bytes of its RSA public key, never a path: PEM or DER, an
    ///         X.509 certificate or a JWK. A private key is refused.
    ///
    /// Raises:
    ///     CredentialsError: The ID is no UUID, or the key cannot be used; the message says why.
    #[classmethod]
    fn verifier(
        _class: &Bound<'_, PyType>,
        application_id: &Bound<'_, PyAny>,
        public_key: &Bound<'_, PyAny>,
    ) -> PyResult<OpenTok> {
        let read = |id: &str, key: &[u8]| tokmint::OpenTok::verifier(id, key);
        with_key(application_id, "public_key", public_key, read)
    }

    /// The project's API key, which is no secret; None for an application.
    #[getter]
    fn api_key(&self) -> Option<&str> {
        self.0.api_key()
    }

    /// The application's ID in lower case, which is no secret; None for a project.
    #[getter]
    fn application_id(&self) -> Option<&str> {
        self.0.application_id()
    }

    /// Generate a token that admits its holder to a session.
    ///
    /// An option that is None is not given. Fractions of a second are rounded down.
    ///
    /// Args:
    ///     session_id: The session, which this project or application must have created.
    ///     role: What the holder may do; `Role.PUBLISHER` by default.
    ///     expire_time: When the token ends, in Unix seconds or as an aware datetime; at most 30
    ///         days after `create_time`, and 24 hours after it by default.
    ///     expires_in: The same as a lifetime, in seconds or as a timedelta. Give only one of them.
    ///     data: At most 1000 UTF-16 code units, which everybody in the session can read.
    ///     initial_layout_class_list: Layout classes without whitespace and control characters; at
    ///         most 1000 UTF-16 code units when joined by one space.
    ///     token_format: `TokenFormat.JWT` by default; applications have no other.
    ///     create_time: The current time by default; given to reproduce a token exactly.
    ///     nonce: For projects only: 0 to 2**53 - 1, one never used before by default; given with
    ///         `create_time`.
    ///     jti: For applications only: a UUID in lower case, a random one by default; given with
    ///         `create_time`.
    ///
    /// Raises:
    ///     CredentialsError: These are credentials without a private key.
    ///     SessionError: The session ID is invalid or belongs to another project or application.
    ///     OptionsError: An option is outside its limits, or for the other kind of credentials.
    ///     PlatformError: The system has no usable clock or entropy, or no memory to sign.
    #[pyo3(
        signature = (session_id, role=None, *positional, expire_time=None, expires_in=None,
            data=None, initial_layout_class_list=None, token_format=None, create_time=None,
            nonce=None, jti=None, use_jwt=None),
        text_signature = "($self, session_id, role=None, *, expire_time=None, expires_in=None, \
            data=None, initial_layout_class_list=None, token_format=None, create_time=None, \
            nonce=None, jti=None)"
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
        jti: Option<&Bound<'py, PyAny>>,
        use_jwt: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyString>> {
        let py = session_id.py();
        guard(py, || {
            arguments::refuse_official("the session ID and the role", positional, use_jwt)?;
            let session_id = arguments::string("session_id", session_id)?;
            let values = [
                role, expire_time, expires_in, data, initial_layout_class_list, token_format,
                create_time, nonce, jti,
            ];
            with_options(values, |options| {
                let options = options.for_core();
                generate(
                    py,
                    self.signs_with_rsa(),
                    || self.0.generate_token(session_id, &options),
                    |buffer| self.0.generate_token_into(session_id, &options, buffer),
                )
            })
        })
    }

    /// Prepare a session, so that each of its tokens takes less time.
    ///
    /// Worth it from about five tokens on. You need not keep the `OpenTok`.
    ///
    /// Args:
    ///     session_id: The session, which this project or application must have created.
    ///
    /// Raises:
    ///     SessionError: The session ID is invalid or belongs to another project or application.
    fn session(slf: &Bound<'_, OpenTok>, session_id: &Bound<'_, PyAny>) -> PyResult<Session> {
        guard(slf.py(), || Session::of(slf, arguments::string("session_id", session_id)?))
    }

    /// Generate a token for the platform's REST calls, such as creating a session.
    ///
    /// For a project it is the value of the header `X-OPENTOK-AUTH`, for an application what
    /// follows `Authorization: Bearer`. It is for servers only and admits nobody to a session;
    /// `verify_token` refuses it.
    ///
    /// Args:
    ///     expires_in: Its lifetime, 1 to 86400 seconds or a timedelta; by default 180 seconds for
    ///         a project and 900 for an application.
    ///     create_time: The current time by default; given to reproduce a token exactly.
    ///     jti: A UUID in lower case, a random one by default; given with `create_time`.
    ///
    /// Raises:
    ///     CredentialsError: These are credentials without a private key.
    ///     OptionsError: An option is outside its limits.
    ///     PlatformError: The system has no usable clock or entropy, or no memory to sign.
    #[pyo3(signature = (*, expires_in=None, create_time=None, jti=None))]
    fn generate_rest_token<'py>(
        &self,
        py: Python<'py>,
        expires_in: Option<&Bound<'py, PyAny>>,
        create_time: Option<&Bound<'py, PyAny>>,
        jti: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<String> {
        guard(py, || {
            let expires_in = given("expires_in", expires_in, arguments::duration)?;
            let create_time = given("create_time", create_time, arguments::instant)?;
            let jti = given("jti", jti, arguments::string)?;
            let options =
                RestTokenOptions::new().expires_in(expires_in).create_time(create_time).jti(jti);
            Ok(computed(py, self.signs_with_rsa(), || self.0.generate_rest_token(&options))?)
        })
    }

    /// Verify a token of this project, JWT or T1, or of this application, and return what it says.
    ///
    /// Args:
    ///     token: The token.
    ///     now: Unix seconds or an aware datetime; the current time by default.
    ///     leeway: How long a token is still accepted after its expiry or before its start, 0 to
    ///         3600 seconds or a timedelta; 0 by default.
    ///     session_id: The session that it must be for; any by default.
    ///
    /// Raises:
    ///     TokenError: The token is not valid here and now.
    ///     SessionError: Another project or application owns the token's session.
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
        verify(token, now, leeway, session_id, self.signs_with_rsa(), |token, options| {
            self.0.verify_token(token, options)
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
    ///     session_id: The session that it should be for; any by default.
    #[pyo3(signature = (token, *, now=None, session_id=None))]
    fn inspect_token<'py>(
        &self,
        token: &Bound<'py, PyAny>,
        now: Option<&Bound<'py, PyAny>>,
        session_id: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = token.py();
        inspect(token, now, session_id, |token, options| {
            computed(py, self.signs_with_rsa(), || self.0.inspect_token(token, options))
        })
    }

    fn __repr__(&self) -> String {
        let (name, id) = self.issuer();
        format!("OpenTok({name}='{id}')")
    }

    /// What `pickle` and `copy` call, in every protocol.
    fn __reduce_ex__(&self, _protocol: &Bound<'_, PyAny>) -> PyResult<()> {
        Err(holds_secrets("OpenTok"))
    }
}

impl OpenTok {
    fn signs_with_rsa(&self) -> bool {
        self.0.application_id().is_some()
    }

    /// Whose it is: the name of the attribute and its value.
    fn issuer(&self) -> (&str, &str) {
        match self.0.application_id() {
            Some(id) => ("application_id", id),
            None => ("api_key", self.0.api_key().unwrap_or_default()),
        }
    }
}

fn holds_secrets(class: &str) -> PyErr {
    PyTypeError::new_err(format!(
        "{class} holds secret credentials and cannot be pickled or copied; share the object \
         between threads, and make one from the credentials in each process"
    ))
}

/// What a call computes, with the interpreter lock released if that takes long.
///
/// RSA of 2,048 bits signs in 200 us and verifies in 14 us. HMAC keeps the lock: to release and
/// take it adds 45 ns to the 530 ns of a token, and beside a busy thread it costs from 41 to 84 %
/// of the tokens a second, because that thread gets the lock and keeps it for a while. In two
/// threads that only generate, it costs 8 %. A fork by another thread waits for RSA, in core.
fn computed<T: Send>(
    py: Python<'_>,
    signs_with_rsa: bool,
    compute: impl FnOnce() -> T + Send,
) -> T {
    if signs_with_rsa { py.detach(compute) } else { compute() }
}

/// A new token as Python's string.
fn generate<'py>(
    py: Python<'py>,
    signs_with_rsa: bool,
    token: impl Fn() -> Result<String, tokmint::Error> + Send,
    token_into: impl FnOnce(&mut [u8]) -> Result<usize, tokmint::Error>,
) -> Result<Bound<'py, PyString>, Failure> {
    if !signs_with_rsa {
        // Most tokens fit on the stack, and so cost no other allocation than Python's own.
        let mut buffer = [0; 1024];
        match token_into(&mut buffer) {
            Err(tokmint::Error::BufferTooShort { .. }) => {}
            length => {
                let token = buffer.get(..length?).unwrap_or_default();
                return Ok(PyString::from_bytes(py, token)?);
            }
        }
    }
    Ok(PyString::new(py, &computed(py, signs_with_rsa, token)?))
}

fn verify<'py>(
    token: &Bound<'py, PyAny>,
    now: Option<&Bound<'py, PyAny>>,
    leeway: Option<&Bound<'py, PyAny>>,
    session_id: Option<&Bound<'py, PyAny>>,
    signs_with_rsa: bool,
    verify: impl FnOnce(&[u8], &VerifyOptions<'_>) -> Result<tokmint::Token, tokmint::Error> + Send,
) -> PyResult<Bound<'py, PyAny>> {
    let py = token.py();
    guard(py, || {
        let token = arguments::token(token)?;
        let now = given("now", now, arguments::instant)?;
        let leeway = given("leeway", leeway, arguments::duration)?;
        let session_id = given("session_id", session_id, arguments::string)?;
        let options = VerifyOptions::new().now(now).leeway(leeway).session_id(session_id);
        let token = computed(py, signs_with_rsa, || verify(&token, &options))?;
        Ok(state::get(py)?.classes.token(py, &token)?)
    })
}

/// The credentials of an application. Its key is read where Python keeps it, without a copy: bytes
/// are immutable, and so is the UTF-8 of a `str`.
fn with_key(
    application_id: &Bound<'_, PyAny>,
    name: &str,
    key: &Bound<'_, PyAny>,
    read: impl FnOnce(&str, &[u8]) -> Result<tokmint::OpenTok, tokmint::Error> + Send,
) -> PyResult<OpenTok> {
    let py = key.py();
    guard(py, || {
        let application_id = arguments::string("application_id", application_id)?;
        let key = arguments::key(name, key)?;
        let opentok = py.detach(|| read(application_id, key));
        opentok.map(OpenTok).map_err(Failure::from)
    })
}

/// Say what a token holds and why a server would refuse it, without credentials.
///
/// Its signature stays unchecked, and its project or application is the one that it names.
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
        let options = InspectOptions::new().now(now).session_id(session_id);
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
    use crate::session::{Batch, Session};
    #[pymodule_export]
    use crate::{OpenTok, inspect_token};

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        crate::state::import(module.py())?;
        crate::error::keep_panics_silent();
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }
}
