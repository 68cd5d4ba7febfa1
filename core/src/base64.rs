//! Base64 (RFC 4648) in the two forms that tokens use: URL-safe without padding in JWTs and session IDs, standard with
//! padding in T1 tokens.
//!
//! Decoding is strict: one alphabet, exact padding, no white space, and the unused bits of the last symbol zero, so
//! that bytes have one spelling. The one exception is [`decode_t1`].

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::{NO_PAD, PAD};

/// The engine that picks the processor's vector instructions at run time, where base64 has one for the processor.
#[cfg(any(
    target_arch = "x86_64",
    all(target_arch = "aarch64", target_feature = "neon")
))]
mod engines {
    use super::{LazyLock, NO_PAD, PAD};
    use base64::engine::Simd;

    pub(super) static URL_SAFE_NO_PAD: LazyLock<Simd> = LazyLock::new(|| Simd::url_safe(NO_PAD));
    pub(super) static URL_SAFE: LazyLock<Simd> = LazyLock::new(|| Simd::url_safe(PAD));
    pub(super) static STANDARD: LazyLock<Simd> = LazyLock::new(|| Simd::standard(PAD));
}

#[cfg(not(any(
    target_arch = "x86_64",
    all(target_arch = "aarch64", target_feature = "neon")
)))]
mod engines {
    pub(super) use base64::engine::general_purpose::{STANDARD, URL_SAFE, URL_SAFE_NO_PAD};
}

use engines::{STANDARD, URL_SAFE, URL_SAFE_NO_PAD};

const FITS: &str = "the caller sized the output by the length of the input";

/// Length of `length` bytes in base64url without padding.
pub(crate) const fn encoded_length_url(length: usize) -> usize {
    (length * 4).div_ceil(3)
}

/// Length of `length` bytes in standard base64 with padding.
pub(crate) const fn encoded_length_t1(length: usize) -> usize {
    length.div_ceil(3) * 4
}

/// Writes base64url without padding to the start of `output` and returns its length.
pub(crate) fn encode_url(input: &[u8], output: &mut [u8]) -> usize {
    URL_SAFE_NO_PAD.encode_slice(input, output).expect(FITS)
}

/// Writes standard base64 with padding to the start of `output` and returns its length.
pub(crate) fn encode_t1(input: &[u8], output: &mut [u8]) -> usize {
    STANDARD.encode_slice(input, output).expect(FITS)
}

/// Decodes base64url without padding to the start of `output` and returns the length; `None` if it is not canonical.
pub(crate) fn decode_url_into(input: &[u8], output: &mut [u8]) -> Option<usize> {
    URL_SAFE_NO_PAD.decode_slice(input, output).ok()
}

/// Decodes base64url without padding; `None` if it is not canonical.
pub(crate) fn decode_url(input: &[u8]) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(input).ok()
}

/// Decodes padded base64 of the standard alphabet, or wholly of the URL-safe one, which the Java SDK writes; `None` if
/// it is not canonical.
pub(crate) fn decode_t1(input: &[u8]) -> Option<Vec<u8>> {
    STANDARD
        .decode(input)
        .or_else(|_| URL_SAFE.decode(input))
        .ok()
}
