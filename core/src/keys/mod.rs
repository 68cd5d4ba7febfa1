//! Keys, and the proof that a signature was compared.
//!
//! The key and the format fix the algorithm; nothing in a token chooses either. [`Verified`] can
//! only be made in this folder, where signatures are compared, so that no other code can take an
//! unchecked payload for a checked one. Signing is fallible and writes into a buffer, because
//! signatures of other keys than HMAC keys are longer and can fail. Left out: RSA keys (RS256).

mod hmac;

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
        self.algorithm.map(Algorithm::signature_length) == Some(self.signature.len())
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

/// What signing and verifying leave on the stack: no hash state that follows from the secret alone.
///
/// After a call the stack below the caller still holds what the call put there, until other calls
/// overwrite it. Linux shows a process its own memory as a file, so that it can be read without
/// unsafe code.
#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use std::fs::File;
    use std::os::unix::fs::FileExt;

    use sha1::block_api::compress as compress_sha1;
    use sha2::block_api::compress256;

    use super::{MAX_SIGNATURE_LENGTH, Signed, SigningKey};
    use crate::token_format::TokenFormat;

    const API_SECRET: &str = "1234567890abcdef1234567890abcdef1234567890";

    /// Bytes of the stack that are read; a call uses less.
    const DEPTH: usize = 128 * 1024;

    /// The block that HMAC hashes first: the key with a constant in every byte (RFC 2104 section
    /// 2).
    fn block(constant: u8) -> [u8; 64] {
        let mut block = [constant; 64];
        for (byte, key) in block.iter_mut().zip(API_SECRET.bytes()) {
            *byte ^= key;
        }
        block
    }

    /// The inner and the outer state of both hashes, in the byte order in which the processor keeps
    /// words.
    fn states() -> Vec<Vec<u8>> {
        let mut states = Vec::new();
        for constant in [0x36, 0x5c] {
            let block = block(constant);
            let mut sha1 = [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476, 0xc3d2_e1f0];
            compress_sha1(&mut sha1, &[block]);
            let mut sha256 = [
                0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c,
                0x1f83_d9ab, 0x5be0_cd19,
            ];
            compress256(&mut sha256, &[block]);
            let bytes = |words: &[u32]| words.iter().flat_map(|word| word.to_ne_bytes()).collect();
            states.extend([bytes(&sha1), bytes(&sha256)]);
        }
        states
    }

    /// The stack below this call, as the calls before left it.
    #[inline(never)]
    fn stack_below() -> Vec<u8> {
        let here = 0_u8;
        let address = std::ptr::from_ref(&here).addr();
        let mut stack = vec![0; DEPTH];
        let start = (address - DEPTH) as u64;
        let memory = File::open("/proc/self/mem").unwrap();
        memory.read_exact_at(&mut stack, start).unwrap();
        stack
    }

    fn find(stack: &[u8], state: &[u8]) -> bool {
        // Half of a state is enough to tell it from anything else.
        let half = &state[..state.len() / 2];
        stack.windows(half.len()).any(|window| window == half)
    }

    /// Calls further down the stack than reading it reaches.
    #[inline(never)]
    fn deeper(call: impl Fn()) {
        let mut padding = [0_u8; 16 * 1024];
        std::hint::black_box(&mut padding);
        call();
        std::hint::black_box(&mut padding);
    }

    /// Calls on a thread of its own, whose stack nobody used before; returns which of the states
    /// are left there.
    fn left_on_the_stack(call: impl Fn() + Sync) -> Vec<usize> {
        let states = states();
        std::thread::scope(|scope| {
            let thread = std::thread::Builder::new().stack_size(8 * DEPTH);
            let thread = thread.spawn_scoped(scope, || {
                deeper(&call);
                let stack = stack_below();
                (0..states.len()).filter(|&index| find(&stack, &states[index])).collect()
            });
            thread.unwrap().join().unwrap()
        })
    }

    /// Leaves every state on the stack, to show that it would be found.
    #[inline(never)]
    fn leave(states: &[Vec<u8>]) {
        let mut copy = [0; 256];
        let mut at = 0;
        for state in states {
            copy[at..at + state.len()].copy_from_slice(state);
            at += state.len();
        }
        std::hint::black_box(&mut copy);
    }

    #[test]
    fn a_state_on_the_stack_is_found() {
        let states = states();
        assert_eq!(left_on_the_stack(|| leave(&states)), [0, 1, 2, 3]);
    }

    #[test]
    fn signing_and_verifying_leave_no_state_of_the_key() {
        let nothing: [usize; 0] = [];
        let key = SigningKey::from_secret(API_SECRET.as_bytes());
        let message = [b'm'; 300];
        for &format in TokenFormat::ALL {
            let sign = || {
                let mut signature = [0; MAX_SIGNATURE_LENGTH];
                key.sign_into(format, &message, &mut signature).unwrap();
                signature
            };
            let left = left_on_the_stack(|| {
                std::hint::black_box(sign());
            });
            assert_eq!(left, nothing, "signing {format}");

            let algorithm = key.algorithm(format);
            let signature = sign();
            let signature = &signature[..algorithm.signature_length()];
            let left = left_on_the_stack(|| {
                let signed = Signed::new(Some(algorithm), &message, signature, ());
                assert!(std::hint::black_box(signed.verify(&key).is_ok()));
            });
            assert_eq!(left, nothing, "verifying {format}");
        }
    }
}
