//! Signing and checking: the only file that names HMAC.
//!
//! HMAC is RFC 2104, with SHA-1 for T1 tokens and SHA-256 for HS256 (RFC 7518 section 3.2). The key states are
//! computed once per [`Signer`] and cloned for every token. They are as good as the secret, so `Signer` implements
//! neither `Debug` nor `Clone`, and the states are wiped when it is dropped; the secret itself is not kept.

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

impl Signer {
    /// Takes a project's API secret.
    ///
    /// # Errors
    /// [`Error::InvalidApiSecret`] for a text that cannot be one: see [`SecretFault`].
    pub(crate) fn from_api_secret(api_secret: &str) -> Result<Signer, Error> {
        if let Some(fault) = secret_fault(api_secret) {
            return Err(Error::InvalidApiSecret { fault });
        }
        const ANY_LENGTH: &str = "HMAC takes keys of any length (RFC 2104 section 3)";
        Ok(Signer {
            t1: Hmac::new_from_slice(api_secret.as_bytes()).expect(ANY_LENGTH),
            hs256: Hmac::new_from_slice(api_secret.as_bytes()).expect(ANY_LENGTH),
        })
    }

    /// The signature of the data of a T1 token.
    pub(crate) fn sign_t1(&self, data: &[u8]) -> [u8; T1_SIGNATURE_LENGTH] {
        self.t1
            .clone()
            .chain_update(data)
            .finalize()
            .into_bytes()
            .into()
    }

    /// The HS256 signature of a JWT's header and payload, in base64url and joined by a dot.
    pub(crate) fn sign_hs256(&self, input: &[u8]) -> [u8; HS256_SIGNATURE_LENGTH] {
        self.hs256
            .clone()
            .chain_update(input)
            .finalize()
            .into_bytes()
            .into()
    }

    /// Checks the signature of the data of a T1 token, in constant time.
    ///
    /// # Errors
    /// [`Error::InvalidSignature`] if it is another one, or shorter or longer.
    pub(crate) fn check_t1(&self, data: &[u8], signature: &[u8]) -> Result<(), Error> {
        let mac = self.t1.clone().chain_update(data);
        mac.verify_slice(signature)
            .map_err(|_| Error::InvalidSignature)
    }

    /// Checks the HS256 signature of a JWT's header and payload as received, in constant time.
    ///
    /// # Errors
    /// [`Error::InvalidSignature`] if it is another one, or shorter or longer.
    pub(crate) fn check_hs256(&self, input: &[u8], signature: &[u8]) -> Result<(), Error> {
        let mac = self.hs256.clone().chain_update(input);
        mac.verify_slice(signature)
            .map_err(|_| Error::InvalidSignature)
    }
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
