//! The byte layouts of tokens: one module a format, and the buffer in which both are put together.

pub(crate) mod jwt;
pub(crate) mod t1;

pub(crate) mod json;

use arrayvec::ArrayVec;
use memchr::memchr;

use crate::error::Error;
use crate::limits::{
    MAX_API_KEY_DIGITS, MAX_DATA_UNITS, MAX_LAYOUT_CLASS_LIST_UNITS, MAX_SESSION_ID_LENGTH,
};
use crate::observer::Observer;

/// What `scope` says in a client token: it is for connecting to a session.
const SCOPE: &str = "session.connect";

/// Most bytes that one UTF-16 code unit takes in a token: three of UTF-8, each percent-encoded in T1. JSON needs at
/// most six, for a control character.
const MAX_BYTES_PER_UNIT: usize = 9;

/// More than all names, separators, numbers, the role and the signature take together in either format.
const MAX_FIXED_BYTES: usize = 512;

/// Room for any token whose options have been checked, before it is base64.
const MAX_RAW_BYTES: usize = MAX_FIXED_BYTES
    + MAX_API_KEY_DIGITS
    + MAX_SESSION_ID_LENGTH
    + MAX_BYTES_PER_UNIT * (MAX_DATA_UNITS + MAX_LAYOUT_CLASS_LIST_UNITS);

/// The bytes of a token before base64. They stand on the stack, so that the token is the only allocation, and are
/// passed by reference only: a move would copy all the room.
pub(crate) struct Raw(ArrayVec<u8, MAX_RAW_BYTES>);

impl Raw {
    pub(crate) fn new() -> Raw {
        Raw(ArrayVec::new())
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }

    fn bytes_mut(&mut self) -> &mut [u8] {
        &mut self.0
    }

    fn push(&mut self, bytes: &[u8]) {
        self.0
            .try_extend_from_slice(bytes)
            .expect("MAX_RAW_BYTES follows from the limits that the options were checked against");
    }

    fn push_text(&mut self, text: &str) {
        self.push(text.as_bytes());
    }

    fn push_integer(&mut self, integer: i64) {
        self.push_text(itoa::Buffer::new().format(integer));
    }

    /// Appends a text byte by byte as the table says. Every byte takes the same steps, whether it is escaped or not:
    /// looking for the next one to escape takes longer than that.
    fn push_escaped(&mut self, text: &str, table: &EscapeTable) {
        const CHUNK: usize = 64;
        for chunk in text.as_bytes().chunks(CHUNK) {
            let mut escaped = [0; CHUNK * MAX_ESCAPE_LENGTH + MAX_ESCAPE_LENGTH];
            let mut length = 0;
            for &byte in chunk {
                let escape = &table[usize::from(byte)];
                escaped[length..length + MAX_ESCAPE_LENGTH].copy_from_slice(&escape.bytes);
                length += escape.length;
            }
            self.push(&escaped[..length]);
        }
    }

    /// Appends texts with a separator between each two.
    fn push_list(&mut self, texts: &[&str], separator: &[u8], table: &EscapeTable) {
        for (index, text) in texts.iter().enumerate() {
            if index > 0 {
                self.push(separator);
            }
            self.push_escaped(text, table);
        }
    }
}

/// What stands in a token for each byte of a text.
type EscapeTable = [Escape; 256];

/// Longest escape: that of a control character in JSON, `\u0000`.
const MAX_ESCAPE_LENGTH: usize = 6;

/// The first `length` bytes of `bytes`.
#[derive(Clone, Copy)]
struct Escape {
    bytes: [u8; MAX_ESCAPE_LENGTH],
    length: usize,
}

impl Escape {
    const fn new(text: &[u8]) -> Escape {
        let mut bytes = [0; MAX_ESCAPE_LENGTH];
        let (start, _) = bytes.split_at_mut(text.len());
        start.copy_from_slice(text);
        let length = text.len();
        Escape { bytes, length }
    }
}

const LOWER_HEX: &[u8; 16] = b"0123456789abcdef";
const UPPER_HEX: &[u8; 16] = b"0123456789ABCDEF";

/// What stands before and after the first separator; `None` without one.
fn split_once(bytes: &[u8], separator: u8) -> Option<(&[u8], &[u8])> {
    let at = memchr(separator, bytes)?;
    Some((&bytes[..at], &bytes[at + 1..]))
}

/// Checks that a token names the expected project.
fn check_project(
    api_key: &[u8],
    expected: Option<&str>,
    observer: &mut impl Observer,
) -> Result<(), Error> {
    if expected.is_some_and(|expected| expected.as_bytes() != api_key) {
        observer.refuse(Error::TokenOfOtherProject)?;
    }
    Ok(())
}

/// The classes of a layout list as it stands in a token: joined by spaces.
fn classes(list: &str) -> Vec<String> {
    list.split(' ')
        .filter(|class| !class.is_empty())
        .map(str::to_owned)
        .collect()
}
