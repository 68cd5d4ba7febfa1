//! Signing and checking: the only file that names HMAC.
//!
//! HMAC is RFC 2104, with SHA-1 for T1 tokens and SHA-256 for HS256 (RFC 7518 section 3.2). The key states are
//! computed once per [`Signer`] and cloned for every token. They are as good as the secret, so `Signer` implements
//! neither `Debug` nor `Clone`, and the states are wiped when it is dropped; the secret itself is not kept.

use hmac::digest::block_api::CoreProxy;
use hmac::digest::zeroize::{Zeroize, ZeroizeOnDrop};
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::Sha256;

use crate::error::{Error, SecretFault};

/// Length of the signature of a T1 token in bytes.
pub(crate) const T1_SIGNATURE_LENGTH: usize = 20;

/// Length of the signature of an HS256 token in bytes.
pub(crate) const HS256_SIGNATURE_LENGTH: usize = 32;

/// The key of one project, ready to sign and to check.
pub(crate) struct Signer {
    t1: Hmac<Sha1>,
    hs256: Hmac<Sha256>,
}

/// Fails the build if the crates' `zeroize` features are off: the two hash states that an `Hmac` consists of are wiped
/// when they are dropped.
const _: () = {
    const fn is_wiped<T: ZeroizeOnDrop>() {}
    is_wiped::<<Sha1 as CoreProxy>::Core>();
    is_wiped::<<Sha256 as CoreProxy>::Core>();
};

impl Signer {
    /// Takes a project's API secret.
    ///
    /// # Errors
    /// [`Error::InvalidApiSecret`] for a text that cannot be one: see [`SecretFault`].
    pub(crate) fn from_api_secret(api_secret: &str) -> Result<Signer, Error> {
        if let Some(fault) = secret_fault(api_secret) {
            return Err(Error::InvalidApiSecret { fault });
        }
        Ok(Signer::from_bytes(api_secret.as_bytes()))
    }

    /// Takes any HMAC key.
    pub(crate) fn from_bytes(key: &[u8]) -> Signer {
        const ANY_LENGTH: &str = "HMAC takes keys of any length (RFC 2104 section 3)";
        Signer {
            t1: Hmac::new_from_slice(key).expect(ANY_LENGTH),
            hs256: Hmac::new_from_slice(key).expect(ANY_LENGTH),
        }
    }

    /// The signature of the data of a T1 token.
    pub(crate) fn sign_t1(&self, data: &[u8]) -> [u8; T1_SIGNATURE_LENGTH] {
        let mut mac = self.t1.clone();
        mac.update(data);
        mac.finalize().into_bytes().into()
    }

    /// The HS256 signature of a JWT's header and payload, in base64url and joined by a dot.
    pub(crate) fn sign_hs256(&self, input: &[u8]) -> [u8; HS256_SIGNATURE_LENGTH] {
        let mut mac = self.hs256.clone();
        mac.update(input);
        mac.finalize().into_bytes().into()
    }

    /// Checks the signature of the data of a T1 token, in constant time.
    ///
    /// # Errors
    /// [`Error::InvalidSignature`] if it is another one, or shorter or longer.
    pub(crate) fn check_t1(&self, data: &[u8], signature: &[u8]) -> Result<(), Error> {
        let mut mac = self.t1.clone();
        mac.update(data);
        mac.verify_slice(signature)
            .map_err(|_| Error::InvalidSignature)
    }

    /// Checks the HS256 signature of a JWT's header and payload as received, in constant time.
    ///
    /// # Errors
    /// [`Error::InvalidSignature`] if it is another one, or shorter or longer.
    pub(crate) fn check_hs256(&self, input: &[u8], signature: &[u8]) -> Result<(), Error> {
        let mut mac = self.hs256.clone();
        mac.update(input);
        mac.verify_slice(signature)
            .map_err(|_| Error::InvalidSignature)
    }
}

/// What is left behind a secret that was read and not trimmed.
const TRAILING_WHITE_SPACE: [&[u8]; 3] = [b"\n", b"\r\n", b" "];

/// The signers of a secret with white space behind it.
pub(crate) fn untrimmed_signers(api_secret: &str) -> Box<[Signer]> {
    let signer = |white_space: &[u8]| {
        let mut key = [api_secret.as_bytes(), white_space].concat();
        let signer = Signer::from_bytes(&key);
        key.as_mut_slice().zeroize();
        signer
    };
    TRAILING_WHITE_SPACE.into_iter().map(signer).collect()
}

/// What some editors put before the text of a file.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// Why a text cannot be an API secret. Secrets in use are 40 hexadecimal digits; shorter ones are let pass, since
/// only the account page knows what it issues.
fn secret_fault(secret: &str) -> Option<SecretFault> {
    let is_other_kind = secret.contains("-----BEGIN ")
        || secret.starts_with("ssh-")
        || secret.starts_with("ecdsa-sha2-")
        || secret.starts_with('{');
    match secret {
        "" => Some(SecretFault::Empty),
        _ if secret.contains('\0') => Some(SecretFault::Nul),
        _ if is_other_kind => Some(SecretFault::OtherKind),
        _ if secret.trim() != secret || secret.starts_with(BYTE_ORDER_MARK) => {
            Some(SecretFault::OuterWhiteSpace)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_data::{hex, shared, vectors};
    use serde_json::Value as Json;

    /// Runs the tests of a group: a tag is accepted if it is labelled valid and has its full length.
    fn check_group(
        group: &Json,
        full_length: usize,
        check: fn(&Signer, &[u8], &[u8]) -> bool,
    ) -> usize {
        let tests = group["tests"].as_array().unwrap();
        for test in tests {
            let signer = Signer::from_bytes(&hex(&test["key"]));
            let tag = hex(&test["tag"]);
            let is_valid = test["result"] == "valid" && tag.len() == full_length;
            assert_eq!(check(&signer, &hex(&test["msg"]), &tag), is_valid, "{test}");
        }
        tests.len()
    }

    fn check_t1(signer: &Signer, message: &[u8], tag: &[u8]) -> bool {
        let is_valid = signer.check_t1(message, tag).is_ok();
        assert_eq!(is_valid, signer.sign_t1(message) == tag);
        is_valid
    }

    fn check_hs256(signer: &Signer, message: &[u8], tag: &[u8]) -> bool {
        let is_valid = signer.check_hs256(message, tag).is_ok();
        assert_eq!(is_valid, signer.sign_hs256(message) == tag);
        is_valid
    }

    #[test]
    fn rfc_2202_and_rfc_4231() {
        let sha1 = vectors("rfc2202_hmac_sha1.json");
        assert_eq!(check_group(&sha1, T1_SIGNATURE_LENGTH, check_t1), 7);
        let sha256 = vectors("rfc4231_hmac_sha256.json");
        assert_eq!(check_group(&sha256, HS256_SIGNATURE_LENGTH, check_hs256), 7);
    }

    #[test]
    fn wycheproof_hmac_with_truncated_tags_refused() {
        let run = |file: &str, length, check| {
            shared(file).map(|file| {
                let groups = file["testGroups"].as_array().unwrap();
                groups
                    .iter()
                    .map(|group| check_group(group, length, check))
                    .sum::<usize>()
            })
        };
        let sha1 = run(
            "wycheproof/hmac_sha1_test.json",
            T1_SIGNATURE_LENGTH,
            check_t1,
        );
        let sha256 = run(
            "wycheproof/hmac_sha256_test.json",
            HS256_SIGNATURE_LENGTH,
            check_hs256,
        );
        assert!(matches!(
            (sha1, sha256),
            (Some(170), Some(174)) | (None, None)
        ));
    }
}
