//! Keys, and the proof that a signature was compared.
//!
//! The key and the format fix the algorithm; nothing in a token chooses either. [`Verified`] can
//! only be made in this folder, where signatures are compared, so that no other code can take an
//! unchecked payload for a checked one. Signing is fallible and writes into a buffer, because
//! signatures of other keys than HMAC keys are longer and can fail. Left out: RSA keys (RS256).

mod hmac;
#[cfg(all(test, target_os = "linux"))]
mod stack_tests;

use crate::error::Error;
use crate::token_format::TokenFormat;

use self::hmac::HmacKey;

/// How a token is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Algorithm {
    /// HMAC-SHA1, of T1 tokens.
    HmacSha1,
    /// HMAC-SHA256, of JWTs.
    Hs256,
}

/// The longest signature of any algorithm in bytes.
pub(crate) const MAX_SIGNATURE_LENGTH: usize = Algorithm::Hs256.signature_length();

impl Algorithm {
    /// Length of a signature in bytes.
    pub(crate) const fn signature_length(self) -> usize {
        match self {
            Algorithm::HmacSha1 => 20,
            Algorithm::Hs256 => 32,
        }
    }
}

/// A key that signs tokens, and verifies what it signed. It implements neither `Debug` nor `Clone`
/// and is wiped when it is dropped.
pub(crate) enum SigningKey {
    /// On the heap, so that moving the key leaves no copy of it behind.
    Hmac(Box<HmacKey>),
}

impl SigningKey {
    /// The HMAC key of a project: the bytes of its API secret.
    pub(crate) fn from_secret(secret: &[u8]) -> SigningKey {
        SigningKey::Hmac(Box::new(HmacKey::new(secret)))
    }

    /// The algorithm with which this key signs tokens of a format.
    pub(crate) fn algorithm(&self, format: TokenFormat) -> Algorithm {
        match (self, format) {
            (SigningKey::Hmac(_), TokenFormat::T1) => Algorithm::HmacSha1,
            (SigningKey::Hmac(_), TokenFormat::Jwt) => Algorithm::Hs256,
        }
    }

    /// Writes the signature of a message to the start of a buffer and returns its length in bytes.
    ///
    /// # Errors
    /// None for HMAC keys.
    pub(crate) fn sign_into(
        &self,
        format: TokenFormat,
        message: &[u8],
        signature: &mut [u8; MAX_SIGNATURE_LENGTH],
    ) -> Result<usize, Error> {
        let algorithm = self.algorithm(format);
        let length = algorithm.signature_length();
        match self {
            SigningKey::Hmac(key) => key.sign_into(algorithm, message, &mut signature[..length]),
        }
        Ok(length)
    }
}

/// A signed payload as it was received: nothing in it is checked yet.
pub(crate) struct Signed<'t, P> {
    /// `None` if the token asks for an algorithm that tokmint does not support.
    algorithm: Option<Algorithm>,
    message: &'t [u8],
    signature: &'t [u8],
    payload: P,
}

impl<'t, P: Copy> Signed<'t, P> {
    /// `message` are the signed bytes as received, `payload` is what they hold.
    pub(crate) fn new(
        algorithm: Option<Algorithm>,
        message: &'t [u8],
        signature: &'t [u8],
        payload: P,
    ) -> Signed<'t, P> {
        Signed { algorithm, message, signature, payload }
    }

    /// Compares the signature in constant time. This is the only way to a [`Verified`] payload.
    ///
    /// # Errors
    /// [`Error::InvalidSignature`] if it is another one, shorter or longer, or if its algorithm is
    /// not the one of the key.
    pub(crate) fn verify(&self, key: &SigningKey) -> Result<Verified<P>, Error> {
        let is_valid = match (key, self.algorithm) {
            (SigningKey::Hmac(key), Some(algorithm)) => {
                key.is_signature(algorithm, self.message, self.signature)
            }
            (SigningKey::Hmac(_), None) => false,
        };
        if is_valid { Ok(Verified(self.payload)) } else { Err(Error::InvalidSignature) }
    }

    /// Whether the signature could be compared at all: its algorithm is supported.
    pub(crate) fn is_supported(&self) -> bool {
        self.algorithm.is_some()
    }

    /// Whether the signature has the length that its algorithm gives.
    pub(crate) fn has_full_length(&self) -> bool {
        let length = self.algorithm.map(Algorithm::signature_length);
        length == Some(self.signature.len())
    }

    /// The payload, whoever wrote it: to be shown, never to be trusted.
    pub(crate) fn unverified_payload(&self) -> P {
        self.payload
    }
}

/// Proof that a key verified the signature of what it holds.
pub(crate) struct Verified<T>(T);

impl<T> Verified<T> {
    /// What is read from a verified value is verified too.
    pub(crate) fn try_map<U>(
        self,
        read: impl FnOnce(T) -> Result<U, Error>,
    ) -> Result<Verified<U>, Error> {
        read(self.0).map(Verified)
    }

    pub(crate) fn into_inner(self) -> T {
        self.0
    }
}
