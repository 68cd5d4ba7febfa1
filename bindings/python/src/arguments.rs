//! Conversions of Python's values to core's.
//!
//! A value of the wrong type is a `TypeError`; a value of the right type is core's to judge.
//! Numbers beyond 64 bits become the nearest of 64 bits, which core refuses wherever it refuses
//! them. `bool` is no integer here, though Python says it is one: `True` seconds is a mistake.
//!
//! Methods are those of the base classes, since a subclass could return anything from its own. An
//! exception of the caller's own code, as in an iterator or a `tzinfo`, arrives as it is.

use std::borrow::Cow;

use pyo3::PyTypeInfo;
use pyo3::exceptions::PyOverflowError;
use pyo3::prelude::*;
use pyo3::types::{
    PyBool, PyBytes, PyDict, PyFloat, PyInt, PyIterator, PyList, PyString, PyTuple, PyType,
};
use tokmint::ErrorCode;

use crate::error::{Failure, exception};
use crate::state::types;

/// Converts an argument if it was given.
pub(crate) fn given<'a, 'py, T>(
    name: &str,
    value: Option<&'a Bound<'py, PyAny>>,
    convert: impl FnOnce(&str, &'a Bound<'py, PyAny>) -> Result<T, Failure>,
) -> Result<Option<T>, Failure> {
    value.map(|value| convert(name, value)).transpose()
}

/// The content of a `str`.
pub(crate) fn string<'a>(name: &str, value: &'a Bound<'_, PyAny>) -> Result<&'a str, Failure> {
    utf8(name, python_string(name, value)?)
}

/// The content of a string object.
pub(crate) fn utf8<'a>(name: &str, string: &'a Bound<'_, PyString>) -> Result<&'a str, Failure> {
    // Python's own error is dropped: it holds the whole string.
    string.to_str().map_err(|_| {
        let message = format!(
            "{name} is not well-formed Unicode: it holds half of a surrogate pair; \
             pass it as it was issued, decoded from UTF-8"
        );
        Failure::Python(exception(string.py(), ErrorCode::InvalidUtf8, &message))
    })
}

/// A string object.
pub(crate) fn python_string<'a, 'py>(
    name: &str,
    value: &'a Bound<'py, PyAny>,
) -> Result<&'a Bound<'py, PyString>, Failure> {
    let string = value.cast::<PyString>();
    string.map_err(|_| wrong_type(name, "str", value))
}

/// Connection data, whose half of a surrogate pair is an error of core.
pub(crate) fn data<'a>(string: &'a Bound<'_, PyString>) -> Result<&'a str, Failure> {
    Ok(string.to_str().map_err(|_| tokmint::Error::InvalidData)?)
}

/// The bytes of a token. Half of a surrogate pair has some too: core refuses them as malformed.
pub(crate) fn token<'a>(value: &'a Bound<'_, PyAny>) -> Result<Cow<'a, [u8]>, Failure> {
    if let Ok(bytes) = value.cast::<PyBytes>() {
        return Ok(Cow::Borrowed(bytes.as_bytes()));
    }
    let Ok(string) = value.cast::<PyString>() else {
        return Err(wrong_type("token", "str or bytes", value));
    };
    if let Ok(token) = string.to_str() {
        return Ok(Cow::Borrowed(token.as_bytes()));
    }
    let arguments = (string, "utf-8", "surrogatepass");
    let bytes = base::<PyString>(value).call_method1("encode", arguments)?;
    Ok(Cow::Owned(bytes.extract()?))
}

/// The bytes of a key, where Python keeps them.
pub(crate) fn key<'a>(name: &str, value: &'a Bound<'_, PyAny>) -> Result<&'a [u8], Failure> {
    if let Ok(bytes) = value.cast::<PyBytes>() {
        return Ok(bytes.as_bytes());
    }
    if value.is_instance_of::<PyString>() {
        return string(name, value).map(str::as_bytes);
    }
    Err(wrong_type(name, "str or bytes", value))
}

/// An API key, which many configurations hold as a number.
pub(crate) fn api_key<'a>(value: &'a Bound<'_, PyAny>) -> Result<Cow<'a, str>, Failure> {
    if is_integer(value) {
        let digits = base::<PyInt>(value).call_method1("__repr__", (value,));
        // Python does not write integers of more than 4300 digits; an API key has at most 20.
        let digits = digits.and_then(|digits| digits.extract());
        return Ok(Cow::Owned(digits.unwrap_or_else(|_| "9".repeat(4300))));
    }
    if value.is_instance_of::<PyString>() {
        return string("api_key", value).map(Cow::Borrowed);
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
    let expected = "a list or another iterable of str";
    if value.is_instance_of::<PyString>() {
        return Err(wrong_type(name, expected, value));
    }
    // Not `collect`, which asks for a length: pyo3 imports `operator` to find it.
    let mut strings = Vec::new();
    for item in iterator(name, expected, value)? {
        strings.push(string_of(item?)?);
    }
    Ok(strings)
}

/// The iterator of an iterable.
pub(crate) fn iterator<'py>(
    name: &str,
    expected: &str,
    value: &Bound<'py, PyAny>,
) -> Result<Bound<'py, PyIterator>, Failure> {
    value.try_iter().map_err(|_| wrong_type(name, expected, value))
}

/// The items of a mapping, as `**` reads it.
pub(crate) fn mapping<'py>(
    name: &str,
    value: &Bound<'py, PyAny>,
) -> Result<Bound<'py, PyDict>, Failure> {
    if let Ok(dict) = value.cast::<PyDict>() {
        return Ok(dict.clone());
    }
    if !value.hasattr("keys")? {
        return Err(wrong_type(name, "a mapping of options, such as a dict", value));
    }
    let dict = PyDict::new(value.py());
    dict.call_method1("update", (value,))?;
    Ok(dict)
}

/// An `int`.
pub(crate) fn integer(name: &str, value: &Bound<'_, PyAny>) -> Result<i64, Failure> {
    if is_integer(value) {
        return nearest(value);
    }
    Err(wrong_type(name, "int", value))
}

/// Unix seconds from a number or an aware `datetime`, rounded down as core's clock is.
pub(crate) fn instant(name: &str, value: &Bound<'_, PyAny>) -> Result<i64, Failure> {
    let expected = "an int or a finite float of Unix seconds or an aware datetime";
    if let Some(seconds) = number(name, expected, value)? {
        return Ok(seconds);
    }
    let types = types(value.py())?;
    let datetime = types.getattr("datetime")?;
    if !value.is_instance(&datetime)? {
        return Err(wrong_type(name, expected, value));
    }
    if datetime.call_method1("utcoffset", (value,))?.is_none() {
        return Err(Failure::wrong_type(format!(
            "{name} is a datetime without a time zone, which names a different instant in each \
             zone; pass an aware one, such as datetime.now(timezone.utc) + timedelta(hours=1)"
        )));
    }
    let since_epoch = datetime.call_method1("__sub__", (value, types.getattr("EPOCH")?))?;
    whole_seconds(&since_epoch)
}

/// Seconds from a number or a `timedelta`, rounded down.
pub(crate) fn duration(name: &str, value: &Bound<'_, PyAny>) -> Result<i64, Failure> {
    let expected = "an int or a finite float of seconds or a timedelta";
    if let Some(seconds) = number(name, expected, value)? {
        return Ok(seconds);
    }
    if !value.is_instance(&types(value.py())?.getattr("timedelta")?)? {
        return Err(wrong_type(name, expected, value));
    }
    whole_seconds(value)
}

/// Refuses what callers of the official SDK pass.
pub(crate) fn refuse_official(
    by_position: &str,
    positional: &Bound<'_, PyTuple>,
    use_jwt: Option<&Bound<'_, PyAny>>,
) -> Result<(), Failure> {
    if positional.is_empty() && use_jwt.is_none() {
        return Ok(());
    }
    Err(Failure::wrong_type(format!(
        "generate_token() takes {by_position} by position and the rest by name: expire_time=..., \
         data=..., initial_layout_class_list=..., and token_format='jwt' or 't1' instead of use_jwt"
    )))
}

/// An `int` or a finite `float` as whole seconds; nothing else.
fn number(name: &str, expected: &str, value: &Bound<'_, PyAny>) -> Result<Option<i64>, Failure> {
    if is_integer(value) {
        return nearest(value).map(Some);
    }
    if !value.is_instance_of::<PyFloat>() {
        return Ok(None);
    }
    // NaN and the infinities have no floor.
    match base::<PyFloat>(value).call_method1("__floor__", (value,)) {
        Ok(floor) => nearest(&floor).map(Some),
        Err(_) => Err(wrong_type(name, expected, value)),
    }
}

/// The seconds of a `timedelta`, without rounding through a float.
fn whole_seconds(timedelta: &Bound<'_, PyAny>) -> Result<i64, Failure> {
    let types = types(timedelta.py())?;
    let arguments = (timedelta, types.getattr("SECOND")?);
    let class = types.getattr("timedelta")?;
    let seconds = class.call_method1("__floordiv__", arguments)?;
    Ok(seconds.extract()?)
}

/// Whether it is a path object, by what its class says and not by what it computes.
fn is_path(value: &Bound<'_, PyAny>) -> bool {
    value.get_type().hasattr("__fspath__").unwrap_or_default()
}

fn is_integer(value: &Bound<'_, PyAny>) -> bool {
    value.is_instance_of::<PyInt>() && !value.is_instance_of::<PyBool>()
}

/// The integer, or the end of the range of 64 bits that is nearest to it.
fn nearest(value: &Bound<'_, PyAny>) -> Result<i64, Failure> {
    match value.extract::<i64>() {
        Err(error) if error.is_instance_of::<PyOverflowError>(value.py()) => {
            let is_negative = base::<PyInt>(value).call_method1("__lt__", (value, 0))?;
            Ok(if is_negative.is_truthy()? { i64::MIN } else { i64::MAX })
        }
        number => Ok(number?),
    }
}

/// The built-in class, whose methods no subclass has replaced.
fn base<'py, T: PyTypeInfo>(value: &Bound<'py, PyAny>) -> Bound<'py, PyType> {
    value.py().get_type::<T>()
}

fn wrong_type(name: &str, expected: &str, value: &Bound<'_, PyAny>) -> Failure {
    // Not `name()`, which initialises a lock at its first call.
    let class = value.get_type().getattr("__name__");
    let class = class.and_then(|class| class.extract::<String>());
    let class = class.unwrap_or_else(|_| "another type".to_owned());
    let enum_class = types(value.py()).and_then(|types| types.getattr("Enum"));
    let way_out = match enum_class.and_then(|class| value.is_instance(&class)) {
        Ok(true) => "; pass its attribute .value",
        _ if is_path(value) => "; read the file and pass what it holds, as its read_bytes() does",
        _ => "",
    };
    Failure::wrong_type(format!("{name} must be {expected}, not {class}{way_out}"))
}
