//! The vector engine of base64, which core uses, against its plain one: the same bytes, the same
//! errors, and nothing read or written beyond buffers that have exactly their length.

#![no_main]

use base64::Engine;
use base64::alphabet;
use base64::engine::Simd;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, NO_PAD, PAD};
use libfuzzer_sys::fuzz_target;

fn simd(is_url_safe: bool, config: GeneralPurposeConfig) -> Simd {
    if is_url_safe { Simd::url_safe(config) } else { Simd::standard(config) }
}

fn plain(is_url_safe: bool, config: GeneralPurposeConfig) -> GeneralPurpose {
    let alphabet = if is_url_safe { &alphabet::URL_SAFE } else { &alphabet::STANDARD };
    GeneralPurpose::new(alphabet, config)
}

fuzz_target!(|input: &[u8]| {
    let Some((engine, bytes)) = input.split_first() else {
        return;
    };
    let (is_url_safe, config) = (engine & 1 != 0, if engine & 2 != 0 { PAD } else { NO_PAD });
    let (simd, plain) = (simd(is_url_safe, config), plain(is_url_safe, config));
    // Each in an allocation of its own, at every place in a block of 32 bytes.
    let offset = usize::from(engine >> 3);
    let mut moved = vec![0; offset];
    moved.extend_from_slice(bytes);
    let bytes = &moved.into_boxed_slice()[offset..];

    let encoded = plain.encode(bytes);
    let mut output = vec![0; encoded.len()].into_boxed_slice();
    assert_eq!(simd.encode_slice(bytes, &mut output), Ok(encoded.len()));
    assert_eq!(*output, *encoded.as_bytes());
    assert_decoded_alike(&simd, &plain, &output);
    assert_decoded_alike(&simd, &plain, bytes);

    // A valid text with one byte changed.
    if let (Some(&at), Some(last)) = (bytes.first(), output.len().checked_sub(1)) {
        output[(usize::from(at) * 31).min(last)] = bytes[bytes.len() - 1];
        assert_decoded_alike(&simd, &plain, &output);
    }
});

fn assert_decoded_alike(simd: &Simd, plain: &GeneralPurpose, encoded: &[u8]) {
    let expected = plain.decode(encoded);
    assert_eq!(simd.decode(encoded), expected);
    if let Ok(expected) = expected {
        let mut output = vec![0; expected.len()].into_boxed_slice();
        assert_eq!(simd.decode_slice(encoded, &mut output), Ok(expected.len()));
        assert_eq!(*output, *expected);
    }
}
