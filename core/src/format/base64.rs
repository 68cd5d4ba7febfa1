//! Base64 (RFC 4648) in the two forms that tokens use: URL-safe without padding in JWTs and session
//! IDs, standard with padding in T1 tokens.
//!
//! Decoding is strict: one alphabet, exact padding, no whitespace, and the unused bits of the last
//! symbol zero, so that bytes have one spelling. The one exception is [`decode_start`].

use base64::Engine as _;
use base64::alphabet;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, NO_PAD, PAD};
use once_cell::race::OnceBox;

/// The engine that picks the processor's vector instructions at run time, where base64 has one for
/// the processor; elsewhere the plain one.
#[cfg(any(target_arch = "x86_64", all(target_arch = "aarch64", target_feature = "neon")))]
mod platform {
    pub(super) use base64::engine::Simd as Engine;

    pub(super) const STANDARD: fn(super::GeneralPurposeConfig) -> Engine = Engine::standard;
    pub(super) const URL_SAFE: fn(super::GeneralPurposeConfig) -> Engine = Engine::url_safe;
}
#[cfg(not(any(target_arch = "x86_64", all(target_arch = "aarch64", target_feature = "neon"))))]
mod platform {
    use base64::alphabet;
    pub(super) use base64::engine::general_purpose::GeneralPurpose as Engine;

    pub(super) const STANDARD: fn(super::GeneralPurposeConfig) -> Engine =
        |config| Engine::new(&alphabet::STANDARD, config);
    pub(super) const URL_SAFE: fn(super::GeneralPurposeConfig) -> Engine =
        |config| Engine::new(&alphabet::URL_SAFE, config);
}

/// An engine that the first call makes. Not a LazyLock: if another thread held its lock at a fork,
/// the child would wait for ever.
struct Lazy(OnceBox<platform::Engine>, fn() -> platform::Engine);

impl Lazy {
    fn get(&self) -> &platform::Engine {
        self.0.get_or_init(|| Box::new((self.1)()))
    }
}

static URL_SAFE_NO_PAD: Lazy = Lazy(OnceBox::new(), || platform::URL_SAFE(NO_PAD));
static URL_SAFE: Lazy = Lazy(OnceBox::new(), || platform::URL_SAFE(PAD));
static STANDARD: Lazy = Lazy(OnceBox::new(), || platform::STANDARD(PAD));

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
    URL_SAFE_NO_PAD.get().encode_slice(input, output).expect(FITS)
}

/// Writes standard base64 with padding to the start of `output` and returns its length.
pub(crate) fn encode_t1(input: &[u8], output: &mut [u8]) -> usize {
    STANDARD.get().encode_slice(input, output).expect(FITS)
}

/// Decodes base64url without padding to the start of `output` and returns the length; `None` if it
/// is not canonical.
pub(crate) fn decode_url_into(input: &[u8], output: &mut [u8]) -> Option<usize> {
    URL_SAFE_NO_PAD.get().decode_slice(input, output).ok()
}

/// Decodes base64url without padding to the end of `output`, and returns whether it is canonical.
/// If not, what was appended means nothing.
pub(crate) fn decode_url(input: &[u8], output: &mut Vec<u8>) -> bool {
    URL_SAFE_NO_PAD.get().decode_vec(input, output).is_ok()
}

/// Decodes padded base64 of the standard alphabet, or wholly of the URL-safe one, which the Java
/// SDK writes, as [`decode_url`] does.
pub(crate) fn decode_t1(input: &[u8], output: &mut Vec<u8>) -> bool {
    let start = output.len();
    STANDARD.get().decode_vec(input, output).is_ok() || {
        output.truncate(start);
        URL_SAFE.get().decode_vec(input, output).is_ok()
    }
}

/// The part before the padding.
pub(crate) fn without_padding(input: &[u8]) -> &[u8] {
    let length = input.iter().rposition(|&symbol| symbol != b'=');
    &input[..length.map_or(0, |last| last + 1)]
}

/// Decodes the start of a string in either alphabet, padded or not, up to the first byte that is of
/// neither. For what is refused but still shown.
pub(crate) fn decode_start(input: &[u8]) -> Vec<u8> {
    const LENIENT: GeneralPurpose =
        GeneralPurpose::new(&alphabet::STANDARD, NO_PAD.with_decode_allow_trailing_bits(true));
    /// A symbol is 6 bits, so a lone one after groups of four encodes no byte.
    const GROUP: usize = 4;
    let mut symbols: Vec<u8> = input
        .iter()
        .map_while(|&symbol| match symbol {
            b'-' => Some(b'+'),
            b'_' => Some(b'/'),
            b'+' | b'/' => Some(symbol),
            _ => symbol.is_ascii_alphanumeric().then_some(symbol),
        })
        .collect();
    if symbols.len() % GROUP == 1 {
        symbols.pop();
    }
    LENIENT
        .decode(symbols)
        .expect("these are symbols of the alphabet, and their number encodes whole bytes")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_vectors::{shared, string, vectors};
    use proptest::prelude::*;

    fn url(input: &[u8]) -> Option<Vec<u8>> {
        let mut output = Vec::new();
        decode_url(input, &mut output).then_some(output)
    }

    fn t1(input: &[u8]) -> Option<Vec<u8>> {
        let mut output = Vec::new();
        decode_t1(input, &mut output).then_some(output)
    }

    #[test]
    fn rfc_4648_section_10() {
        for test in vectors("rfc4648_base64.json")["tests"].as_array().unwrap() {
            let (plain, encoded) = (string(&test["text"]), string(&test["base64"]));
            let mut output = vec![0; encoded_length_t1(plain.len())];
            encode_t1(plain.as_bytes(), &mut output);
            assert_eq!(output, encoded.as_bytes());
            assert_eq!(t1(encoded.as_bytes()).unwrap(), plain.as_bytes());
        }
    }

    #[test]
    #[ignore = "needs ../shared/data/third_party beside the repository"]
    fn web_platform_tests_are_decided_strictly() {
        let file = shared("wpt_base64.json");
        let tests = file["tests"].as_array().unwrap();
        for test in tests {
            let is_accepted = t1(string(&test["input"]).as_bytes()).is_some();
            assert_eq!(is_accepted, test["strict"] == "accept", "{test}");
        }
        assert_eq!(tests.len(), 71);
    }

    proptest! {
        /// The vector engine against the plain one, over lengths that use its loops and its tails.
        #[test]
        fn both_engines_agree(bytes in prop::collection::vec(any::<u8>(), 0..400), at in any::<prop::sample::Index>(), change in any::<u8>()) {
            use base64::engine::general_purpose;
            let mut encoded = vec![0; encoded_length_url(bytes.len())];
            encode_url(&bytes, &mut encoded);
            let expected = general_purpose::URL_SAFE_NO_PAD.encode(&bytes);
            prop_assert_eq!(expected.as_bytes(), &*encoded);
            prop_assert_eq!(url(&encoded), Some(bytes));
            if !encoded.is_empty() {
                let at = at.index(encoded.len());
                encoded[at] = change;
                prop_assert_eq!(url(&encoded), general_purpose::URL_SAFE_NO_PAD.decode(&encoded).ok());
            }
        }

        #[test]
        fn any_start_is_decoded(bytes in prop::collection::vec(any::<u8>(), 0..80), cut in any::<prop::sample::Index>(), rest in prop::collection::vec(any::<u8>(), 0..8)) {
            let mut encoded = vec![0; encoded_length_url(bytes.len())];
            encode_url(&bytes, &mut encoded);
            encoded.truncate(cut.index(encoded.len() + 1));
            let whole = decode_start(&encoded);
            prop_assert_eq!(whole.len(), encoded.len() * 3 / 4);
            prop_assert!(bytes.starts_with(&whole));
            decode_start(&rest);
        }

        #[test]
        fn bytes_have_one_spelling(encoded in "[A-Za-z0-9+/_=-]{0,40}") {
            if let Some(bytes) = url(encoded.as_bytes()) {
                let mut again = vec![0; encoded_length_url(bytes.len())];
                encode_url(&bytes, &mut again);
                prop_assert_eq!(&*again, encoded.as_bytes());
            }
            if let Some(bytes) = t1(encoded.as_bytes()) {
                let mut again = vec![0; encoded_length_t1(bytes.len())];
                encode_t1(&bytes, &mut again);
                let of_java = encoded.replace('-', "+").replace('_', "/");
                prop_assert_eq!(&*again, of_java.as_bytes());
            }
        }
    }
}
