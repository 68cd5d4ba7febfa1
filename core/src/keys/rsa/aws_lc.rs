//! The engine aws-lc-rs. It blinds the private key with random bytes of its own, checks that the
//! numbers of a key fit each other when the key is loaded, and wipes them when it is dropped.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeyPair;
use aws_lc_rs::signature::{
    KeyPair as _, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256,
};

use crate::error::{Error, KeyFault};
use crate::fork::undivided;

pub(super) struct PrivateKey(KeyPair);

impl PrivateKey {
    pub(super) fn from_der(der: &[u8]) -> Result<PrivateKey, KeyFault> {
        undivided(|| KeyPair::from_der(der)).map(PrivateKey).map_err(|_| KeyFault::Corrupt)
    }

    /// The public key in DER.
    pub(super) fn public_der(&self) -> Result<impl AsRef<[u8]>, KeyFault> {
        Ok(self.0.public_key())
    }

    /// Writes the signature of a message to a buffer of its length.
    pub(super) fn sign(&self, message: &[u8], signature: &mut [u8]) -> Result<(), Error> {
        // No random bytes are drawn from this.
        let random = SystemRandom::new();
        undivided(|| self.0.sign(&RSA_PKCS1_SHA256, &random, message, signature))
            .map_err(|_| Error::SigningFailed)
    }
}

pub(super) struct PublicKey(ParsedPublicKey);

impl PublicKey {
    pub(super) fn from_der(der: &[u8]) -> Result<PublicKey, KeyFault> {
        let key = undivided(|| ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, der));
        key.map(PublicKey).map_err(|_| KeyFault::Corrupt)
    }

    pub(super) fn is_signature(&self, message: &[u8], signature: &[u8]) -> bool {
        undivided(|| self.0.verify_sig(message, signature)).is_ok()
    }
}
