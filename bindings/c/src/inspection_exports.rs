//! The functions that read an inspection. Each takes a reference that may be NULL, which reads as
//! an inspection that is refused and holds nothing.

use std::ffi::c_char;
use std::ptr;

use crate::boundary::{self, boundary, or_unset, output, reference, string_into_raw};
use crate::inspection::{Field, Finding, Inspection, Signature, element};
use crate::status::Status;
use crate::token::Token;

/// Frees an inspection, with everything that was read from it. NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tokmint_inspection_free(inspection: *mut Inspection) {
    // SAFETY: the caller keeps the conventions of the header.
    unsafe { boundary::free(inspection) }
}

/// Whether verify would refuse the token: whether there is a finding of that severity. Without
/// credentials, nobody has checked the signature. True for NULL.
#[unsafe(no_mangle)]
pub extern "C" fn tokmint_inspection_is_refused(inspection: Option<&Inspection>) -> bool {
    inspection.is_none_or(|inspection| inspection.core.is_refused())
}

/// The format, `jwt` or `t1`; NULL if it cannot be told.
#[unsafe(no_mangle)]
pub extern "C" fn tokmint_inspection_format(inspection: Option<&Inspection>) -> *const c_char {
    inspection.map_or(ptr::null(), |inspection| inspection.format)
}

/// Whether the signature is that of the project or application; unchecked for NULL.
#[unsafe(no_mangle)]
pub extern "C" fn tokmint_inspection_signature(inspection: Option<&Inspection>) -> Signature {
    inspection.map_or(Signature::Unchecked, Inspection::signature)
}

/// The number of members of a JWT's header, or 1 for the `partner_id` of a T1 token.
#[unsafe(no_mangle)]
pub extern "C" fn tokmint_inspection_header_count(inspection: Option<&Inspection>) -> usize {
    inspection.map_or(0, |inspection| inspection.header.len())
}

/// A member of the header; NULL if the index is not below their number.
#[unsafe(no_mangle)]
pub extern "C" fn tokmint_inspection_header(
    inspection: Option<&Inspection>,
    index: usize,
) -> *const Field {
    element(inspection.map(|inspection| &*inspection.header), index)
}

/// The number of claims of a JWT or of fields of a T1 token.
#[unsafe(no_mangle)]
pub extern "C" fn tokmint_inspection_field_count(inspection: Option<&Inspection>) -> usize {
    inspection.map_or(0, |inspection| inspection.fields.len())
}

/// A claim or field, in token order; a repeated name appears each time. NULL if the index is not
/// below their number.
#[unsafe(no_mangle)]
pub extern "C" fn tokmint_inspection_field(
    inspection: Option<&Inspection>,
    index: usize,
) -> *const Field {
    element(inspection.map(|inspection| &*inspection.fields), index)
}

/// The typed token, if every field could be parsed, whether it is valid or not; otherwise NULL. It
/// belongs to the inspection.
#[unsafe(no_mangle)]
pub extern "C" fn tokmint_inspection_token(inspection: Option<&Inspection>) -> *const Token {
    inspection.map_or(ptr::null(), Inspection::token)
}

/// The time of the inspection, in Unix seconds; `TOKMINT_UNSET` if none was given and the system
/// clock is far off.
#[unsafe(no_mangle)]
pub extern "C" fn tokmint_inspection_now(inspection: Option<&Inspection>) -> i64 {
    or_unset(inspection.and_then(|inspection| inspection.core.now))
}

/// When the token was issued, in Unix seconds; `TOKMINT_UNSET` if the token does not state it.
#[unsafe(no_mangle)]
pub extern "C" fn tokmint_inspection_create_time(inspection: Option<&Inspection>) -> i64 {
    or_unset(inspection.and_then(|inspection| inspection.core.create_time))
}

/// The first second at which the token is no longer valid, in the same way.
#[unsafe(no_mangle)]
pub extern "C" fn tokmint_inspection_expire_time(inspection: Option<&Inspection>) -> i64 {
    or_unset(inspection.and_then(|inspection| inspection.core.expire_time))
}

/// The time before which a JWT is not valid, in the same way.
#[unsafe(no_mangle)]
pub extern "C" fn tokmint_inspection_not_before(inspection: Option<&Inspection>) -> i64 {
    or_unset(inspection.and_then(|inspection| inspection.core.not_before))
}

/// The seconds until the token's expiry, 0 or less when it is over; `TOKMINT_UNSET` if it does not
/// name one.
#[unsafe(no_mangle)]
pub extern "C" fn tokmint_inspection_remaining_lifetime(inspection: Option<&Inspection>) -> i64 {
    or_unset(inspection.and_then(|inspection| inspection.core.remaining_lifetime))
}

/// The number of findings.
#[unsafe(no_mangle)]
pub extern "C" fn tokmint_inspection_finding_count(inspection: Option<&Inspection>) -> usize {
    inspection.map_or(0, |inspection| inspection.findings.len())
}

/// A finding: first what makes verify refuse the token, in the order of its checks, then warnings,
/// then notes. NULL if the index is not below their number.
#[unsafe(no_mangle)]
pub extern "C" fn tokmint_inspection_finding(
    inspection: Option<&Inspection>,
    index: usize,
) -> *const Finding {
    element(inspection.map(|inspection| &*inspection.findings), index)
}

/// Writes an inspection as one JSON object, in one line. `json` receives it, to be freed with
/// `tokmint_string_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tokmint_inspection_to_json(
    inspection: *const Inspection,
    json: *mut *mut c_char,
    message: *mut *mut c_char,
) -> Status {
    // SAFETY: the caller keeps the conventions of the header.
    unsafe {
        boundary(message, || {
            let inspection = reference(inspection, "inspection")?;
            let json = output(json, "json")?;
            json.write(string_into_raw(inspection.core.to_json().as_bytes()));
            Ok(())
        })
    }
}

/// Writes an inspection in lines for a person, with control characters escaped. `text` receives
/// it, to be freed with `tokmint_string_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tokmint_inspection_to_text(
    inspection: *const Inspection,
    text: *mut *mut c_char,
    message: *mut *mut c_char,
) -> Status {
    // SAFETY: the caller keeps the conventions of the header.
    unsafe {
        boundary(message, || {
            let inspection = reference(inspection, "inspection")?;
            let text = output(text, "text")?;
            text.write(string_into_raw(inspection.core.to_string().as_bytes()));
            Ok(())
        })
    }
}
