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

    /// Appends a string as the table says. Every byte takes the same steps, whether it is escaped
    /// or not: looking for the next one to escape takes longer than that. What is behind an escape
    /// is overwritten by the next one, as that is faster than a copy of its exact length.
    pub(super) fn push_escaped(&mut self, string: &str, table: &EscapeTable) {
        /// Bytes that are escaped before they are appended: with 81 bytes of data a token takes 8 %
        /// longer if each is.
        const CHUNK: usize = 32;
        for chunk in string.as_bytes().chunks(CHUNK) {
            let mut escaped = [0; CHUNK * MAX_ESCAPE_LENGTH + ESCAPE_SIZE];
            let mut length = 0;
            for &byte in chunk {
                let Escape(escape) = table[usize::from(byte)];
                escaped[length..length + ESCAPE_SIZE].copy_from_slice(&escape);
                length += usize::from(escape[ESCAPE_SIZE - 1]);
            }
            self.push(&escaped[..length]);
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

/// Bytes of an [`Escape`]: one word, which is copied at once.
const ESCAPE_SIZE: usize = 8;

/// An escape, and its length in the last byte.
#[derive(Clone, Copy)]
pub(super) struct Escape([u8; ESCAPE_SIZE]);

impl Escape {
    #[expect(clippy::cast_possible_truncation, reason = "the length was compared")]
    pub(super) const fn new(escape: &[u8]) -> Escape {
        assert!(escape.len() <= MAX_ESCAPE_LENGTH, "no escape is longer");
        let mut bytes = [0; ESCAPE_SIZE];
        let (start, _) = bytes.split_at_mut(escape.len());
        start.copy_from_slice(escape);
        bytes[ESCAPE_SIZE - 1] = escape.len() as u8;
        Escape(bytes)
    }
}

pub(super) const LOWER_HEX: &[u8; 16] = b"0123456789abcdef";
pub(super) const UPPER_HEX: &[u8; 16] = b"0123456789ABCDEF";
