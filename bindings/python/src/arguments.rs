//! Conversions between Python's values and core's.
//!
//! A value of the wrong type is a `TypeError`; a value of the right type is core's to judge. Integers beyond 64 bits
//! become the nearest of 64 bits, which core refuses wherever it would refuse them. `bool` is no integer here, though
//! Python says it is one: `True` seconds is a mistake.

use std::borrow::Cow;

use pyo3::exceptions::{PyOverflowError, PyTypeError};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBool, PyBytes, PyInt, PyList, PyString, PyTuple, PyType};
use tokmint::ErrorCode;

use crate::error::{Failure, exception};

const SECONDS_A_DAY: i64 = 86_400;

/// The text of a `str`.
pub(crate) fn text<'a>(name: &str, value: &'a Bound<'_, PyAny>) -> Result<&'a str, Failure> {
    utf8(name, string(name, value)?)
}

/// The text of a string object.
pub(crate) fn utf8<'a>(name: &str, string: &'a Bound<'_, PyString>) -> Result<&'a str, Failure> {
    // Python's own error is dropped: it holds the whole text.
    string.to_str().map_err(|_| {
        let message = format!(
            "{name} is not well-formed Unicode: it holds half of a surrogate pair; \
             pass it as it was issued, decoded from UTF-8"
        );
        Failure(exception(string.py(), ErrorCode::InvalidUtf8, message))
    })
}

/// Connection data, whose ill-formed text is an error of core.
pub(crate) fn data<'a>(value: &'a Bound<'_, PyAny>) -> Result<&'a str, Failure> {
    let string = string("data", value)?;
    Ok(string.to_str().map_err(|_| tokmint::Error::InvalidData)?)
}

/// The bytes of a token. Ill-formed text has some too, so that core answers it like any other malformed token.
pub(crate) fn token<'a>(value: &'a Bound<'_, PyAny>) -> Result<Cow<'a, [u8]>, Failure> {
    if let Ok(bytes) = value.cast::<PyBytes>() {
        return Ok(Cow::Borrowed(bytes.as_bytes()));
    }
    let Ok(string) = value.cast::<PyString>() else {
        return Err(wrong_type("token", "str or bytes", value));
    };
    if let Ok(text) = string.to_str() {
        return Ok(Cow::Borrowed(text.as_bytes()));
    }
    let bytes = string.call_method1("encode", ("utf-8", "surrogatepass"))?;
    Ok(Cow::Owned(bytes.extract()?))
}

/// An API key, which many configurations hold as a number.
pub(crate) fn api_key<'a>(value: &'a Bound<'_, PyAny>) -> Result<Cow<'a, str>, Failure> {
    if is_integer(value) {
        // The longest key has 20 digits, the nearest of 128 bits has 39.
        let number = nearest(value, i128::MIN, i128::MAX)?;
        return Ok(Cow::Owned(number.to_string()));
    }
    if value.is_instance_of::<PyString>() {
        return text("api_key", value).map(Cow::Borrowed);
    }
    Err(wrong_type("api_key", "str or int", value))
}

/// The items of any iterable of strings but a string, whose letters would become classes.
pub(crate) fn strings<'py>(
    name: &str,
    value: &Bound<'py, PyAny>,
) -> Result<Vec<Bound<'py, PyString>>, Failure> {
    let string_of = |item: Bound<'py, PyAny>| {
        item.cast_into::<PyString>()
            .map_err(|error| wrong_type("a layout class", "str", &error.into_inner()))
    };
    // By their indices a list and a tuple are read three times as fast as through their iterators.
    if let Ok(list) = value.cast_exact::<PyList>() {
        return list.iter().map(string_of).collect();
    }
    if let Ok(tuple) = value.cast_exact::<PyTuple>() {
        return tuple.iter().map(string_of).collect();
    }
    if !value.is_instance_of::<PyString>()
        && let Ok(items) = value.try_iter()
    {
        return items.map(|item| string_of(item?)).collect();
    }
    Err(wrong_type(name, "a list or another iterable of str", value))
}

/// An `int`.
pub(crate) fn integer(
    name: &str,
    expected: &str,
    value: &Bound<'_, PyAny>,
) -> Result<i64, Failure> {
    if is_integer(value) {
        return Ok(nearest(value, i64::MIN, i64::MAX)?);
    }
    Err(wrong_type(name, expected, value))
}

/// Unix seconds from an `int` or an aware `datetime`, whose fraction of a second is rounded down as core's clock is.
pub(crate) fn instant(name: &str, value: &Bound<'_, PyAny>) -> Result<i64, Failure> {
    let py = value.py();
    if is_integer(value) || !value.is_instance(datetime_class(py)?)? {
        return integer(name, "an int of Unix seconds or an aware datetime", value);
    }
    if value.call_method0("utcoffset")?.is_none() {
        return Err(Failure(PyTypeError::new_err(format!(
            "{name} is a datetime without a time zone, which names a different instant in each zone; \
             pass an aware one, such as datetime.now(timezone.utc) + timedelta(hours=1)"
        ))));
    }
    whole_seconds(&value.sub(epoch(py)?)?)
}

/// Seconds from an `int` or a `timedelta`, whose fraction of a second is rounded down.
pub(crate) fn duration(name: &str, value: &Bound<'_, PyAny>) -> Result<i64, Failure> {
    if is_integer(value) || !value.is_instance(timedelta_class(value.py())?)? {
        return integer(name, "an int of seconds or a timedelta", value);
    }
    whole_seconds(value)
}

/// An aware datetime in UTC from Unix seconds.
pub(crate) fn to_datetime(py: Python<'_>, seconds: i64) -> PyResult<Bound<'_, PyAny>> {
    epoch(py)?.add(timedelta_class(py)?.call1((0, seconds))?)
}

/// An aware datetime in UTC from what core writes in RFC 3339. Python 3.10 reads no `Z`.
pub(crate) fn datetime_of_text<'py>(py: Python<'py>, text: &str) -> PyResult<Bound<'py, PyAny>> {
    datetime_class(py)?.call_method1("fromisoformat", (text.replace('Z', "+00:00"),))
}

/// The seconds of a `timedelta`, without rounding through a float. Its microseconds are never negative.
fn whole_seconds(timedelta: &Bound<'_, PyAny>) -> Result<i64, Failure> {
    let days: i64 = timedelta.getattr("days")?.extract()?;
    let seconds: i64 = timedelta.getattr("seconds")?.extract()?;
    Ok(days * SECONDS_A_DAY + seconds)
}

fn datetime_class<'py>(py: Python<'py>) -> PyResult<&'py Bound<'py, PyType>> {
    static CLASS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    CLASS.import(py, "datetime", "datetime")
}

fn timedelta_class<'py>(py: Python<'py>) -> PyResult<&'py Bound<'py, PyType>> {
    static CLASS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    CLASS.import(py, "datetime", "timedelta")
}

/// 1970 in UTC.
fn epoch<'py>(py: Python<'py>) -> PyResult<&'py Bound<'py, PyAny>> {
    static EPOCH: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let epoch = EPOCH.get_or_try_init(py, || -> PyResult<Py<PyAny>> {
        let utc = py.import("datetime")?.getattr("timezone")?.getattr("utc")?;
        let arguments = (1970, 1, 1, 0, 0, 0, 0, utc);
        Ok(datetime_class(py)?.call1(arguments)?.unbind())
    })?;
    Ok(epoch.bind(py))
}

fn string<'a, 'py>(
    name: &str,
    value: &'a Bound<'py, PyAny>,
) -> Result<&'a Bound<'py, PyString>, Failure> {
    value
        .cast::<PyString>()
        .map_err(|_| wrong_type(name, "str", value))
}

fn is_integer(value: &Bound<'_, PyAny>) -> bool {
    value.is_instance_of::<PyInt>() && !value.is_instance_of::<PyBool>()
}

/// The integer, or the end of the range that is nearest to it.
fn nearest<'py, T>(value: &Bound<'py, PyAny>, lowest: T, highest: T) -> PyResult<T>
where
    T: for<'a> FromPyObject<'a, 'py, Error = PyErr>,
{
    match value.extract::<T>() {
        Err(error) if error.is_instance_of::<PyOverflowError>(value.py()) => {
            Ok(if value.lt(0)? { lowest } else { highest })
        }
        number => number,
    }
}

fn wrong_type(name: &str, expected: &str, value: &Bound<'_, PyAny>) -> Failure {
    let given = value.get_type().name();
    let given = given
        .as_ref()
        .map_or("another type".into(), |name| name.to_string());
    Failure(PyTypeError::new_err(format!(
        "{name} must be {expected}, not {given}"
    )))
}
