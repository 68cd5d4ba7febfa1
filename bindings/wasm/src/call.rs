//! How a call crosses the boundary: its arguments come in one buffer, and what it returns lies in
//! another until the next call.

use std::cell::RefCell;

use serde::Serialize;
use tokmint::{Error, ErrorCode};
use zeroize::Zeroize;

use crate::argument::Arguments;
use crate::handle::{self, Handle};

/// What JavaScript throws: a stable name, and a sentence for a person.
pub struct Exception {
    code: ErrorCode,
    message: String,
}

pub type Result<T> = std::result::Result<T, Exception>;

impl Exception {
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Exception {
        Exception { code, message: message.into() }
    }
}

/// The one place where an error of core becomes an exception.
impl From<Error> for Exception {
    fn from(error: Error) -> Exception {
        Exception::new(error.code(), error.to_string())
    }
}

/// What a function returns.
pub enum Value {
    Json(String),
    /// A string, which JavaScript takes as it is.
    String(String),
    Handle(Handle),
}

impl Value {
    /// Any value, as JSON.
    pub fn json(value: &impl Serialize) -> Value {
        Value::Json(json(value))
    }
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("strings, numbers and lists always have a JSON form")
}

/// Capacity in bytes up to which the input buffer is kept for the next call. All of it is wiped
/// each time, and the arguments of almost every call are shorter.
const KEPT: usize = 4096;

thread_local! {
    static INPUT: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
    static OUTPUT: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Makes the input buffer this long and returns where it starts; null if there is no memory.
pub fn reserve(length: usize) -> *mut u8 {
    INPUT.with_borrow_mut(|input| {
        if input.try_reserve(length.saturating_sub(input.len())).is_err() {
            return std::ptr::null_mut();
        }
        input.resize(length, 0);
        input.as_mut_ptr()
    })
}

/// Where the output starts, and its length in bytes.
pub fn output() -> (*const u8, usize) {
    OUTPUT.with_borrow(|output| (output.as_ptr(), output.len()))
}

/// Calls a function with the arguments in the input buffer, wipes that, and returns what kind
/// of output there is: 0 an exception, as JSON of its code and message; 1 JSON of a value; 2 a
/// string; 3 the number of a handle.
pub fn call(function: fn(&mut Arguments<'_>) -> Result<Value>) -> u32 {
    #[cfg(all(target_family = "wasm", target_os = "unknown"))]
    crate::host::set();
    let mut input = INPUT.take();
    #[cfg(feature = "deliberate-panic")]
    assert!(!input.ends_with(b"panic"), "a deliberate panic");
    let returned = function(&mut Arguments(&input));
    input.zeroize();
    if input.capacity() <= KEPT {
        INPUT.set(input);
    }
    let (kind, output) = match returned {
        Err(Exception { code, message }) => (0, json(&(code.name(), message))),
        Ok(Value::Json(json)) => (1, json),
        Ok(Value::String(string)) => (2, string),
        Ok(Value::Handle(handle)) => (3, handle::keep(handle).to_string()),
    };
    OUTPUT.set(output);
    kind
}
