//! The buffer in which the unsigned bytes of a token are put together, and escaping.

use arrayvec::ArrayVec;

use crate::claims::Nonce;
use crate::limits::{
    MAX_API_KEY_DIGITS, MAX_DATA_UNITS, MAX_LAYOUT_CLASS_LIST_UNITS, MAX_SESSION_ID_LENGTH,
};

/// Most bytes that one UTF-16 code unit takes in a token: three of UTF-8, each percent-encoded in
/// T1. JSON needs at most six, for a control character.
const MAX_BYTES_PER_UNIT: usize = 9;

/// More than all names, separators, numbers, the role and the signature take together in either
/// format.
const MAX_FIXED_BYTES: usize = 512;

/// Length of the longest token whose options have been checked, before base64.
const MAX_UNSIGNED_BYTES: usize = MAX_FIXED_BYTES
    + MAX_API_KEY_DIGITS
    + MAX_SESSION_ID_LENGTH
    + MAX_BYTES_PER_UNIT * (MAX_DATA_UNITS + MAX_LAYOUT_CLASS_LIST_UNITS);

/// The unsigned bytes of a token. They are on the stack, so that the token is the only allocation,
/// and passed by reference only: a move would copy the whole buffer, which takes 80 ns.
pub(crate) struct Buffer(ArrayVec<u8, MAX_UNSIGNED_BYTES>);

impl Buffer {
    pub(crate) fn new() -> Buffer {
        Buffer(ArrayVec::new())
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }

    pub(super) fn bytes_mut(&mut self) -> &mut [u8] {
        &mut self.0
    }

    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.0.try_extend_from_slice(bytes).expect(
            "MAX_UNSIGNED_BYTES follows from the limits that the options were checked against",
        );
    }

    pub(super) fn push_str(&mut self, string: &str) {
        self.push(string.as_bytes());
    }

    pub(super) fn push_integer(&mut self, integer: i64) {
        self.push_str(itoa::Buffer::new().format(integer));
    }

    pub(super) fn push_nonce(&mut self, nonce: &Nonce) {
        match nonce {
            Nonce::Integer(nonce) => self.push_integer(*nonce),
            Nonce::Uuid(uuid) => self.push_str(uuid),
        }
    }

    /// Appends a string as the table says. What is before the first escape is copied at once. From
    /// there on every byte takes the same steps, whether it is escaped or not: looking for the next
    /// one to escape takes longer than that. What is behind an escape in its array is cut off again,
    /// as that is faster than a copy of its exact length.
    pub(super) fn push_escaped(&mut self, string: &str, table: &EscapeTable) {
        let is_escaped = |byte| {
            let escape = &table[usize::from(byte)];
            escape.length > 1 || escape.bytes[0] != byte
        };
        let plain = string.bytes().position(is_escaped).unwrap_or(string.len());
        let (plain, rest) = string.as_bytes().split_at(plain);
        self.push(plain);
        for &byte in rest {
            let escape = &table[usize::from(byte)];
            self.push(&escape.bytes);
            self.0.truncate(self.0.len() - MAX_ESCAPE_LENGTH + escape.length);
        }
    }

    /// Appends strings with a separator between each two.
    pub(super) fn push_list(&mut self, strings: &[&str], separator: &[u8], table: &EscapeTable) {
        for (index, string) in strings.iter().enumerate() {
            if index > 0 {
                self.push(separator);
            }
            self.push_escaped(string, table);
        }
    }
}

/// How each byte of a string is written in a token.
pub(super) type EscapeTable = [Escape; 256];

/// Longest escape: that of a control character in JSON, `\u0000`.
const MAX_ESCAPE_LENGTH: usize = 6;

/// The first `length` bytes of `bytes`.
#[derive(Clone, Copy)]
pub(super) struct Escape {
    bytes: [u8; MAX_ESCAPE_LENGTH],
    length: usize,
}

impl Escape {
    pub(super) const fn new(escape: &[u8]) -> Escape {
        let mut bytes = [0; MAX_ESCAPE_LENGTH];
        let (start, _) = bytes.split_at_mut(escape.len());
        start.copy_from_slice(escape);
        let length = escape.len();
        Escape { bytes, length }
    }
}

pub(super) const LOWER_HEX: &[u8; 16] = b"0123456789abcdef";
pub(super) const UPPER_HEX: &[u8; 16] = b"0123456789ABCDEF";
