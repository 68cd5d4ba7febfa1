//! `Session` and its batches.

use std::sync::Arc;

use pyo3::exceptions::{PyException, PyStopIteration};
use pyo3::prelude::*;
use pyo3::types::{PyIterator, PyList, PyString, PyTuple};

use crate::error::{Failure, caught, guard};
use crate::options::{OwnedOptions, of_item, with_options};
use crate::state::types;
use crate::{OpenTok, arguments, generate, holds_secrets, verify};

/// How many items of a batch are read, and their tokens generated, before the first is returned.
const LOOK_AHEAD: usize = 64;

/// One session of an `OpenTok`, to generate many tokens for it. `OpenTok.session` makes it.
///
/// Its tokens are those of `OpenTok.generate_token`, which takes longer for each. Immutable, and
/// safe to share between threads and after `fork`. It cannot be pickled or copied, and shows no
/// secret. It needs no `OpenTok` to be kept.
#[pyclass(frozen, module = "tokmint")]
pub(crate) struct Session {
    opentok: Py<OpenTok>,
    session: Arc<tokmint::Session>,
}

impl Session {
    pub(crate) fn of(opentok: &Bound<'_, OpenTok>, session_id: &str) -> Result<Session, Failure> {
        let session = Arc::new(opentok.get().0.session(session_id)?);
        Ok(Session { opentok: opentok.clone().unbind(), session })
    }

    fn signs_with_rsa(&self) -> bool {
        self.opentok.get().signs_with_rsa()
    }
}

#[pymethods]
impl Session {
    /// The ID of the session, which is no secret.
    #[getter]
    fn session_id(&self) -> &str {
        self.session.session_id()
    }

    /// Generate a token that admits its holder to the session.
    ///
    /// The options are those of `OpenTok.generate_token`. An option that is None is not given.
    ///
    /// Args:
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
    ///     OptionsError: An option is outside its limits, or for the other kind of credentials.
    ///     PlatformError: The system has no usable clock or entropy, or no memory to sign.
    #[pyo3(
        signature = (role=None, *positional, expire_time=None, expires_in=None, data=None,
            initial_layout_class_list=None, token_format=None, create_time=None, nonce=None,
            jti=None, use_jwt=None),
        text_signature = "($self, role=None, *, expire_time=None, expires_in=None, data=None, \
            initial_layout_class_list=None, token_format=None, create_time=None, nonce=None, \
            jti=None)"
    )]
    #[allow(clippy::too_many_arguments, reason = "they are the named arguments of the method")]
    fn generate_token<'py>(
        &self,
        py: Python<'py>,
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
        guard(py, || {
            arguments::refuse_official("the role", positional, use_jwt)?;
            let values = [
                role,
                expire_time,
                expires_in,
                data,
                initial_layout_class_list,
                token_format,
                create_time,
                nonce,
                jti,
            ];
            with_options(values, |options| {
                let options = options.for_core();
                generate(py, self.signs_with_rsa(), || self.session.generate_token(&options))
            })
        })
    }

    /// Generate many tokens, one for each mapping of options, in order.
    ///
    /// The time is read once, at the call. The tokens are generated as they are taken, at most 64
    /// ahead, so that any number of them takes no more memory. Tokens whose options differ only in
    /// `data` take the least time.
    ///
    /// Args:
    ///     options: For each token a mapping with the options of `generate_token`.
    ///
    /// Returns:
    ///     An iterator over the tokens. In place of a token whose options are at fault it returns
    ///     the exception that `generate_token` would raise, and goes on.
    fn generate_tokens<'py>(&self, options: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let py = options.py();
        guard(py, || {
            let items = arguments::iterator("options", "an iterable of mappings", options)?;
            let batch = Batch {
                batch: tokmint::Batch::new(Arc::clone(&self.session)),
                items: Vec::new(),
            };
            Ok(types(py)?.getattr("results")?.call1((batch, items))?)
        })
    }

    /// Verify a token as `OpenTok.verify_token` does, and that it is for this session.
    ///
    /// Args:
    ///     token: The token.
    ///     now: Unix seconds or an aware datetime; the current time by default.
    ///     leeway: How long a token is still accepted after its expiry or before its start, 0 to
    ///         3600 seconds or a timedelta; 0 by default.
    ///
    /// Raises:
    ///     TokenError: The token is not valid here and now, or for another session.
    ///     SessionError: Another project or application owns the token's session.
    ///     OptionsError: `leeway` is outside its limits.
    ///     PlatformError: The system has no usable clock.
    #[pyo3(signature = (token, *, now=None, leeway=None))]
    fn verify_token<'py>(
        &self,
        token: &Bound<'py, PyAny>,
        now: Option<&Bound<'py, PyAny>>,
        leeway: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        verify(token, now, leeway, None, self.signs_with_rsa(), |token, options| {
            self.session.verify_token(token, options)
        })
    }

    fn __repr__(&self) -> String {
        let (name, id) = self.opentok.get().issuer();
        format!("Session({name}='{id}', session_id='{}')", self.session.session_id())
    }

    /// What `pickle` and `copy` call, in every protocol.
    fn __reduce_ex__(&self, _protocol: &Bound<'_, PyAny>) -> PyResult<()> {
        Err(holds_secrets("Session"))
    }
}

/// What `generate_tokens` keeps between its items: of Python nothing, so that no reference cycle
/// goes through it.
#[pyclass(module = "tokmint._tokmint")]
pub(crate) struct Batch {
    batch: tokmint::Batch<Arc<tokmint::Session>>,
    /// The options of the items that were read last; `None` of one at fault.
    items: Vec<Option<OwnedOptions>>,
}

#[pymethods]
impl Batch {
    /// Read the next items: the fault of each or None, and what ended the iterator or None.
    fn read<'py>(
        &mut self,
        items: &Bound<'py, PyIterator>,
    ) -> PyResult<(Bound<'py, PyList>, Option<PyErr>)> {
        let py = items.py();
        let faults = PyList::empty(py);
        self.items.clear();
        let mut items = items.clone();
        while self.items.len() < LOOK_AHEAD {
            let item = match items.next() {
                Some(Ok(item)) => item,
                Some(Err(error)) => return Ok((faults, Some(of_caller(py, error)?))),
                None => return Ok((faults, Some(PyStopIteration::new_err(())))),
            };
            match guard(py, || of_item(&item)) {
                Ok(options) => {
                    faults.append(py.None())?;
                    self.items.push(Some(options));
                }
                Err(error) => {
                    faults.append(of_caller(py, error)?.into_value(py))?;
                    self.items.push(None);
                }
            }
        }
        Ok((faults, None))
    }

    /// Generate the tokens of the items that were read last, each again at another call.
    fn generate<'py>(&mut self, faults: &Bound<'py, PyList>) -> PyResult<Bound<'py, PyList>> {
        let py = faults.py();
        let (batch, items) = (&mut self.batch, &self.items);
        let mut token_of = |options: &OwnedOptions| {
            caught(|| Ok(options.with(|options| batch.generate_token(options))?))
        };
        let tokens: Vec<_> = py.detach(|| {
            items.iter().map(|options| options.as_ref().map(&mut token_of)).collect()
        });
        let results = tokens.into_iter().zip(faults).map(|(token, fault)| match token {
            Some(Ok(token)) => Ok(token.into_pyobject(py)?.into_any()),
            Some(Err(failure)) => Ok(failure.exception(py).into_value(py).into_bound(py).into_any()),
            None => Ok(fault),
        });
        PyList::new(py, results.collect::<PyResult<Vec<_>>>()?)
    }
}

/// An exception to return, unless it is one that ends a program.
fn of_caller(py: Python<'_>, error: PyErr) -> PyResult<PyErr> {
    if error.is_instance_of::<PyException>(py) { Ok(error) } else { Err(error) }
}
