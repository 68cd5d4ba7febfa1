//! `Session` and its batches.

use pyo3::exceptions::{PyException, PyStopIteration};
use pyo3::prelude::*;
use pyo3::types::{PyIterator, PyList, PyString, PyTuple};

use crate::error::{Failure, caught, guard};
use crate::options::{OwnedOptions, of_item, with_options};
use crate::state::types;
use crate::{OpenTok, arguments, generate, holds_secrets, verify};

/// How many tokens of a batch are generated at once: to release the interpreter lock for each HMAC
/// would take a tenth of its time, and an RSA signature is worth it.
const AT_ONCE: usize = 64;
const AT_ONCE_WITH_RSA: usize = 1;

/// One session of an `OpenTok`, to generate many tokens for it; `OpenTok.session` makes it.
///
/// Immutable, and safe to share between threads and after `fork`. It cannot be pickled or copied.
/// It never shows the secret, the key and what is made from them. They are wiped when the
/// `OpenTok`, its sessions and their batches are freed.
#[pyclass(frozen, module = "tokmint")]
pub(crate) struct Session {
    opentok: Py<OpenTok>,
    session: tokmint::Session,
}

impl Session {
    pub(crate) fn of(opentok: &Bound<'_, OpenTok>, session_id: &str) -> Result<Session, Failure> {
        let session = opentok.get().0.session(session_id)?;
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
    /// The options are those of `OpenTok.generate_token`, and the token is the same.
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
                role, expire_time, expires_in, data, initial_layout_class_list, token_format,
                create_time, nonce, jti,
            ];
            with_options(values, |options| {
                let options = options.for_core();
                generate(
                    py,
                    self.signs_with_rsa(),
                    || self.session.generate_token(&options),
                    |buffer| self.session.generate_token_into(&options, buffer),
                )
            })
        })
    }

    /// Generate many tokens, one for each mapping of options, in order.
    ///
    /// The clock is read once, at the call. Tokens whose options differ only in their data take the
    /// least time. At most 64 tokens are generated ahead of those that are taken, with the
    /// interpreter lock released, so that any number of them takes no more memory.
    ///
    /// Args:
    ///     options: The options of each token: a dict, or another mapping, with arguments of
    ///         `generate_token`.
    ///
    /// Returns:
    ///     An iterator over the tokens. In place of a token that cannot be generated, it returns
    ///     the exception that `generate_token` would raise, and continues.
    fn generate_tokens<'py>(&self, options: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let py = options.py();
        guard(py, || {
            let items = arguments::iterator("options", "an iterable of mappings", options)?;
            let batch = Batch {
                batch: tokmint::Batch::new(&self.session),
                at_once: if self.signs_with_rsa() { AT_ONCE_WITH_RSA } else { AT_ONCE },
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

/// What a call of `generate_tokens` keeps; `results` in `tokmint/_types.py` iterates over it.
#[pyclass(module = "tokmint._tokmint")]
pub(crate) struct Batch {
    batch: tokmint::Batch,
    at_once: usize,
    /// The options of the items that were read last; `None` for an item at fault. They hold nothing
    /// of Python's, so that no reference cycle goes through them.
    items: Vec<Option<OwnedOptions>>,
}

#[pymethods]
impl Batch {
    /// Read the options of the next items.
    ///
    /// Returns:
    ///     For each item its exception or None; and the exception that ended the iterator, if one
    ///     did.
    fn read<'py>(
        &mut self,
        items: &Bound<'py, PyIterator>,
    ) -> PyResult<(Bound<'py, PyList>, Option<PyErr>)> {
        let py = items.py();
        let faults = PyList::empty(py);
        self.items.clear();
        let mut items = items.clone();
        while self.items.len() < self.at_once {
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

    /// Generate the tokens of the items that were read last, other ones at each call.
    fn generate<'py>(&mut self, faults: &Bound<'py, PyList>) -> PyResult<Bound<'py, PyList>> {
        let py = faults.py();
        let (batch, items) = (&mut self.batch, &self.items);
        let mut token_of = |options: &OwnedOptions| {
            caught(|| Ok(options.with(|options| batch.generate_token(options))?))
        };
        let tokens: Vec<_> =
            py.detach(|| items.iter().map(|options| options.as_ref().map(&mut token_of)).collect());
        let results = tokens.into_iter().zip(faults).map(|(token, fault)| match token {
            Some(Ok(token)) => Ok(token.into_pyobject(py)?.into_any()),
            Some(Err(failure)) => {
                Ok(failure.exception(py).into_value(py).into_bound(py).into_any())
            }
            None => Ok(fault),
        });
        PyList::new(py, results.collect::<PyResult<Vec<_>>>()?)
    }
}

/// An exception to return, unless it is one that ends a program.
fn of_caller(py: Python<'_>, error: PyErr) -> PyResult<PyErr> {
    if error.is_instance_of::<PyException>(py) { Ok(error) } else { Err(error) }
}
