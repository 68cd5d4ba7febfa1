//! An inspection behind a handle: core's, and beside it each of its strings with a NUL, as C reads
//! them.
//!
//! What core lists is handed out one element at a time, by its address, so that the structs of
//! elements can grow.

use std::ffi::c_char;
use std::ptr;

use crate::boundary;
use crate::token::{OwnedToken, Token};

/// Whether the signature of a token is that of a project or of an application.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signature {
    /// There was no key, the signature could not be decoded, or the algorithm is unsupported.
    Unchecked = 0,
    /// It is.
    Valid = 1,
    /// It is not.
    Invalid = 2,
}

/// How severe a finding is.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// A server would refuse the token, and `tokmint_verify_token` does.
    Refused = 0,
    /// The token is accepted, but probably does not do what its issuer meant.
    Warning = 1,
    /// Something unusual that does no harm.
    Note = 2,
}

/// A name and its value, as in the token. Both may hold NUL. It belongs to the inspection; do not
/// copy it.
#[repr(C)]
pub struct Field {
    /// The name, unescaped in a JWT and still form-encoded in T1.
    name: *const c_char,
    /// Length of the name in bytes.
    name_length: usize,
    /// The JSON of the value in a JWT, with the quotes of a string; the form-encoded value in T1.
    value: *const c_char,
    /// Length of the value in bytes.
    value_length: usize,
}

/// One thing that an inspection found. It belongs to the inspection; do not copy it.
#[repr(C)]
pub struct Finding {
    /// The stable code, such as `token_expired`, which is the same in every language of tokmint.
    code: *const c_char,
    /// How severe it is; each code has one severity.
    severity: Severity,
    /// What is wrong and what to do, in one sentence for a person.
    message: *const c_char,
    /// What the server says to such a token; NULL where that is not known.
    server_message: *const c_char,
}

/// The contents of a token, as far as they can be parsed, and everything that is wrong with it.
/// Immutable, and safe to read from many threads at once.
pub struct Inspection {
    pub(crate) core: tokmint::Inspection,
    pub(crate) format: *const c_char,
    pub(crate) header: Vec<Field>,
    pub(crate) fields: Vec<Field>,
    pub(crate) findings: Vec<Finding>,
    /// NULL or from [`OwnedToken::into_raw`].
    token: *mut Token,
    /// What the pointers to strings point to.
    _strings: Strings,
}

impl Inspection {
    /// Puts an inspection where C can read it. [`crate::boundary::free`] frees it.
    pub(crate) fn into_raw(core: tokmint::Inspection) -> *mut Inspection {
        let mut strings = Strings(Vec::new());
        let token = core.token.as_ref();
        let inspection = Inspection {
            format: strings.optional(core.format.map(tokmint::TokenFormat::name)),
            header: strings.fields(&core.header),
            fields: strings.fields(&core.fields),
            findings: strings.findings(&core.findings),
            token: token.map_or(ptr::null_mut(), OwnedToken::into_raw),
            _strings: strings,
            core,
        };
        Box::into_raw(Box::new(inspection))
    }

    pub(crate) fn signature(&self) -> Signature {
        match self.core.signature {
            tokmint::SignatureState::Unchecked => Signature::Unchecked,
            tokmint::SignatureState::Valid => Signature::Valid,
            tokmint::SignatureState::Invalid => Signature::Invalid,
        }
    }

    pub(crate) fn token(&self) -> *const Token {
        self.token
    }
}

impl Drop for Inspection {
    fn drop(&mut self) {
        // SAFETY: it was made as `OwnedToken`, begins with the public struct, and nobody else
        // frees it.
        unsafe { boundary::free(self.token.cast::<OwnedToken>()) }
    }
}

/// Strings with a NUL behind each, which do not move.
struct Strings(Vec<Box<[u8]>>);

impl Strings {
    fn keep(&mut self, string: &str) -> *const c_char {
        self.0.push([string.as_bytes(), b"\0"].concat().into());
        let terminated = self.0.last().expect("it was put there just now");
        // Only from here on: a box that is moved takes away the right to pointers into it.
        terminated.as_ptr().cast()
    }

    fn optional(&mut self, string: Option<&str>) -> *const c_char {
        string.map_or(ptr::null(), |string| self.keep(string))
    }

    fn fields(&mut self, fields: &[tokmint::Field]) -> Vec<Field> {
        let field = |field: &tokmint::Field| Field {
            name: self.keep(&field.name),
            name_length: field.name.len(),
            value: self.keep(&field.value),
            value_length: field.value.len(),
        };
        fields.iter().map(field).collect()
    }

    fn findings(&mut self, findings: &[tokmint::Finding]) -> Vec<Finding> {
        let finding = |finding: &tokmint::Finding| Finding {
            code: self.keep(finding.code.name()),
            severity: match finding.severity {
                tokmint::Severity::Refused => Severity::Refused,
                tokmint::Severity::Warning => Severity::Warning,
                tokmint::Severity::Note => Severity::Note,
            },
            message: self.keep(&finding.message),
            server_message: self.optional(finding.server_message),
        };
        findings.iter().map(finding).collect()
    }
}

/// The address of an element, NULL behind the last.
pub(crate) fn element<T>(list: Option<&[T]>, index: usize) -> *const T {
    list.and_then(|list| list.get(index)).map_or(ptr::null(), ptr::from_ref)
}
