//! An inspection behind a handle: core's, and beside it each of its texts with a NUL behind it, as C reads them.
//!
//! What core lists is handed out one element at a time, by its address, so that the structs of elements can grow.

use std::ffi::c_char;
use std::ptr;

use crate::boundary;
use crate::token::{OwnedToken, Token};

/// Whether the signature of a token is that of a project.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signature {
    /// There was no key, no signature that reads, or another algorithm.
    Unchecked = 0,
    /// It is.
    Valid = 1,
    /// It is not.
    Invalid = 2,
}

/// How grave a finding is.
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

/// A name and its value as they stand in a token. Both may hold NUL. It belongs to the inspection; do not copy it.
#[repr(C)]
pub struct Field {
    /// The name, unescaped in a JWT and still form-encoded in T1.
    name: *const c_char,
    /// Length of the name in bytes.
    name_length: usize,
    /// The JSON of the value in a JWT, with the quotes of a text; the form-encoded value in T1.
    value: *const c_char,
    /// Length of the value in bytes.
    value_length: usize,
}

/// One thing that an inspection found. It belongs to the inspection; do not copy it.
#[repr(C)]
pub struct Finding {
    /// The stable code, such as `token_expired`, which is the same in every language of tokmint.
    code: *const c_char,
    /// How grave it is; each code has one severity.
    severity: Severity,
    /// What is wrong and what to do, in one sentence for a person.
    message: *const c_char,
    /// What the server says to such a token; NULL where that is not known.
    server_message: *const c_char,
}

/// What a token says, as far as it reads, and everything that is wrong with it. Immutable, and safe to read from many
/// threads at once.
pub struct Inspection {
    core: tokmint::Inspection,
    pub(crate) format: *const c_char,
    pub(crate) header: Vec<Field>,
    pub(crate) fields: Vec<Field>,
    pub(crate) findings: Vec<Finding>,
    pub(crate) created_at: *const c_char,
    pub(crate) expires_at: *const c_char,
    pub(crate) not_before: *const c_char,
    /// NULL or from [`OwnedToken::into_raw`].
    token: *mut Token,
    /// What the pointers to texts point to.
    _texts: Texts,
}

impl Inspection {
    /// Puts an inspection where C can read it. [`crate::boundary::free`] frees it.
    pub(crate) fn into_raw(core: tokmint::Inspection) -> *mut Inspection {
        let mut texts = Texts(Vec::new());
        // Named in full, so that the build fails until a new field can be read from C.
        let tokmint::Inspection {
            format,
            signature: _,
            header,
            fields,
            token,
            created_at,
            expires_at,
            not_before,
            remaining_lifetime: _,
            findings,
        } = &core;
        let token = token.as_ref().map_or(ptr::null_mut(), OwnedToken::into_raw);
        let inspection = Inspection {
            format: texts.optional(format.map(tokmint::TokenFormat::name)),
            header: header.iter().map(|field| texts.field(field)).collect(),
            fields: fields.iter().map(|field| texts.field(field)).collect(),
            findings: findings
                .iter()
                .map(|finding| texts.finding(finding))
                .collect(),
            created_at: texts.optional(created_at.as_deref()),
            expires_at: texts.optional(expires_at.as_deref()),
            not_before: texts.optional(not_before.as_deref()),
            token,
            _texts: texts,
            core,
        };
        Box::into_raw(Box::new(inspection))
    }

    pub(crate) fn core(&self) -> &tokmint::Inspection {
        &self.core
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

    /// The address of the lifetime, NULL if there is none.
    pub(crate) fn remaining_lifetime(&self) -> *const i64 {
        let lifetime = self.core.remaining_lifetime.as_ref();
        lifetime.map_or(ptr::null(), ptr::from_ref)
    }
}

impl Drop for Inspection {
    fn drop(&mut self) {
        // SAFETY: it was made as `OwnedToken`, begins with the public struct, and nobody else frees it.
        unsafe { boundary::free(self.token.cast::<OwnedToken>()) }
    }
}

/// Texts with a NUL behind each, which do not move.
struct Texts(Vec<Box<[u8]>>);

impl Texts {
    fn keep(&mut self, text: &str) -> *const c_char {
        self.0.push([text.as_bytes(), b"\0"].concat().into());
        let terminated = self.0.last().expect("it was put there just now");
        // Only from here on: a box that is moved takes away the right to pointers into it.
        terminated.as_ptr().cast()
    }

    fn optional(&mut self, text: Option<&str>) -> *const c_char {
        text.map_or(ptr::null(), |text| self.keep(text))
    }

    fn field(&mut self, field: &tokmint::Field) -> Field {
        let tokmint::Field { name, value } = field;
        Field {
            name: self.keep(name),
            name_length: name.len(),
            value: self.keep(value),
            value_length: value.len(),
        }
    }

    fn finding(&mut self, finding: &tokmint::Finding) -> Finding {
        let tokmint::Finding {
            code,
            severity,
            message,
            server_message,
        } = finding;
        Finding {
            code: self.keep(code.name()),
            severity: match severity {
                tokmint::Severity::Refused => Severity::Refused,
                tokmint::Severity::Warning => Severity::Warning,
                tokmint::Severity::Note => Severity::Note,
            },
            message: self.keep(message),
            server_message: self.optional(*server_message),
        }
    }
}

/// The address of an element, NULL behind the last.
pub(crate) fn element<T>(list: &[T], index: usize) -> *const T {
    list.get(index).map_or(ptr::null(), ptr::from_ref)
}

/// Reads from an inspection; what NULL answers is given.
///
/// # Safety
/// `inspection` is NULL or comes from [`Inspection::into_raw`] and has not been freed.
pub(crate) unsafe fn read<T>(
    inspection: *const Inspection,
    of_null: T,
    get: impl FnOnce(&Inspection) -> T,
) -> T {
    // SAFETY: the caller says so.
    unsafe { inspection.as_ref() }.map_or(of_null, get)
}
