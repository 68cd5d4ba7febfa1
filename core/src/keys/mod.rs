//! Keys, and the proof that a signature was compared.
//!
//! The key and the format fix the algorithm; nothing in a token chooses either. [`Verified`] can
//! only be made in this folder, where signatures are compared, so that no other code can take an
//! unchecked payload for a checked one. Signing is fallible and writes into a buffer, because
//! RSA signatures are longer and can fail. RSA is behind the feature `rs256`.

mod hmac;
#[cfg(feature = "rs256")]
mod pem;
#[cfg(feature = "rs256")]
mod rsa;

use std::ops::RangeInclusive;
#[cfg(feature = "rs256")]
use std::sync::Arc;

use arrayvec::ArrayVec;
use sha1::Sha1;
use sha2::Sha256;

use self::hmac::{Hmac, HmacKey};
#[cfg(feature = "rs256")]
use self::rsa::RsaKey;
use crate::error::Error;
use crate::limits::{MAX_RSA_BITS, MIN_RSA_BITS};
use crate::token_format::TokenFormat;

/// How a token is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Algorithm {
    /// HMAC-SHA1, of T1 tokens.
    HmacSha1,
    /// HMAC-SHA256, of a project's JWTs.
    Hs256,
    /// RSA PKCS #1 v1.5 with SHA-256, of an application's JWTs.
    Rs256,
}

/// Bytes of an HMAC-SHA1.
pub(crate) const HMAC_SHA1_LENGTH: usize = 20;

/// Bytes of an HMAC-SHA256.
const HMAC_SHA256_LENGTH: usize = 32;

/// The longest signature of any algorithm in bytes.
const MAX_SIGNATURE_LENGTH: usize = MAX_RSA_BITS / 8;

/// A signature. Not an array, which would be zeroed for every token.
pub(crate) type Signature = ArrayVec<u8, MAX_SIGNATURE_LENGTH>;

impl Algorithm {
    /// Lengths that a signature can have in bytes.
    pub(crate) const fn signature_lengths(self) -> RangeInclusive<usize> {
        match self {
            Algorithm::HmacSha1 => HMAC_SHA1_LENGTH..=HMAC_SHA1_LENGTH,
            Algorithm::Hs256 => HMAC_SHA256_LENGTH..=HMAC_SHA256_LENGTH,
            Algorithm::Rs256 => MIN_RSA_BITS / 8..=MAX_SIGNATURE_LENGTH,
        }
    }
}

/// A key that verifies tokens, and signs them unless it is a public key. It implements neither
/// `Debug` nor `Clone` and is wiped when it is dropped.
pub(crate) enum Key {
    /// On the heap, so that moving the key leaves no copy of it behind.
    Hmac(Box<HmacKey>),
    #[cfg(feature = "rs256")]
    Rsa(Arc<RsaKey>),
}

impl Key {
    /// The HMAC key of a project: the bytes of its API secret.
    pub(crate) fn from_secret(secret: &[u8]) -> Key {
        #[inline(never)]
        fn make(secret: &[u8]) -> Key {
            Key::Hmac(Box::new(HmacKey::new(secret)))
        }
        let key = make(secret);
        overwrite_stack::<HMAC_STACK>();
        key
    }

    /// The private key of an application, which also verifies.
    ///
    /// # Errors
    /// [`Error::InvalidPrivateKey`].
    #[cfg(feature = "rs256")]
    pub(crate) fn from_private_key(text: &[u8]) -> Result<Key, Error> {
        let key = RsaKey::from_private(text);
        overwrite_stack::<RSA_STACK>();
        Ok(Key::Rsa(Arc::new(key.map_err(|fault| Error::InvalidPrivateKey { fault })?)))
    }

    /// The public key of an application.
    ///
    /// # Errors
    /// [`Error::InvalidPublicKey`].
    #[cfg(feature = "rs256")]
    pub(crate) fn from_public_key(text: &[u8]) -> Result<Key, Error> {
        let key = RsaKey::from_public(text).map_err(|fault| Error::InvalidPublicKey { fault })?;
        Ok(Key::Rsa(Arc::new(key)))
    }

    /// # Errors
    /// [`Error::NoPrivateKey`] if it is a public key.
    pub(crate) fn check_can_sign(&self) -> Result<(), Error> {
        match self {
            Key::Hmac(_) => Ok(()),
            #[cfg(feature = "rs256")]
            Key::Rsa(key) if key.can_sign() => Ok(()),
            #[cfg(feature = "rs256")]
            Key::Rsa(_) => Err(Error::NoPrivateKey),
        }
    }

    /// The algorithm with which this key signs tokens of a format.
    pub(crate) fn algorithm(&self, format: TokenFormat) -> Algorithm {
        match (self, format) {
            (Key::Hmac(_), TokenFormat::T1) => Algorithm::HmacSha1,
            (Key::Hmac(_), TokenFormat::Jwt) => Algorithm::Hs256,
            #[cfg(feature = "rs256")]
            (Key::Rsa(_), _) => Algorithm::Rs256,
        }
    }

    /// Length in bytes of the signature of a token of this format.
    pub(crate) fn signature_length(&self, format: TokenFormat) -> usize {
        match self {
            Key::Hmac(_) => *self.algorithm(format).signature_lengths().end(),
            #[cfg(feature = "rs256")]
            Key::Rsa(key) => key.signature_length(),
        }
    }

    /// What signs the tokens of a format with this key.
    pub(crate) fn signer(&self, format: TokenFormat) -> Signer {
        #[inline(never)]
        fn make(key: &Key, format: TokenFormat) -> Signer {
            match (key, format) {
                (Key::Hmac(key), TokenFormat::T1) => Signer::HmacSha1(Box::new(key.sha1.clone())),
                (Key::Hmac(key), TokenFormat::Jwt) => Signer::Hs256(Box::new(key.sha256.clone())),
                #[cfg(feature = "rs256")]
                (Key::Rsa(key), _) => Signer::Rs256(Arc::clone(key)),
            }
        }
        let signer = make(self, format);
        overwrite_stack::<HMAC_STACK>();
        signer
    }
}

/// More bytes of the stack than making a hash state takes.
const HMAC_STACK: usize = 4 << 10;

/// More bytes of the stack than the RSA engine takes to read a key or to sign with it.
#[cfg(feature = "rs256")]
const RSA_STACK: usize = 32 << 10;

/// Overwrites what a call before this one left on the stack. A hash state is made there before it
/// is moved to the heap, and the copy that stays is not dropped, so that nothing else wipes it. The
/// RSA engine leaves pieces of the key there. The copy overwrites the registers with which the C
/// library copies: they hold the last piece that was, and whoever saves them puts it on the stack.
#[inline(never)]
fn overwrite_stack<const SIZE: usize>() {
    let mut stack = [0_u8; SIZE];
    let (zeros, others) = std::hint::black_box(&mut stack).split_at_mut(SIZE / 2);
    others.copy_from_slice(std::hint::black_box(zeros));
    std::hint::black_box(others);
}

/// Signs messages that start alike, and hashes what they share once. It implements no `Debug` and
/// is wiped when it is dropped.
#[derive(Clone)]
pub(crate) enum Signer {
    /// On the heap, so that moving the signer leaves no copy of the state behind.
    HmacSha1(Box<Hmac<Sha1>>),
    Hs256(Box<Hmac<Sha256>>),
    /// It hashes the whole message, which takes less than a hundredth of the signature.
    #[cfg(feature = "rs256")]
    Rs256(Arc<RsaKey>),
}

impl Signer {
    /// A signer of messages that start with this one, which starts as those of this signer do.
    pub(crate) fn after(&self, message: &[u8]) -> Signer {
        #[inline(never)]
        fn make(signer: &Signer, message: &[u8]) -> Signer {
            let mut signer = signer.clone();
            match &mut signer {
                Signer::HmacSha1(hmac) => hmac.hash_blocks(message),
                Signer::Hs256(hmac) => hmac.hash_blocks(message),
                #[cfg(feature = "rs256")]
                Signer::Rs256(_) => {}
            }
            signer
        }
        let signer = make(self, message);
        overwrite_stack::<HMAC_STACK>();
        signer
    }

    /// Length of a signature in bytes.
    pub(crate) fn signature_length(&self) -> usize {
        match self {
            Signer::HmacSha1(_) => HMAC_SHA1_LENGTH,
            Signer::Hs256(_) => HMAC_SHA256_LENGTH,
            #[cfg(feature = "rs256")]
            Signer::Rs256(key) => key.signature_length(),
        }
    }

    /// The signature of a whole message, which starts as those of this signer do.
    ///
    /// # Errors
    /// None for HMAC; [`Error::NoPrivateKey`] and [`Error::SigningFailed`] for RSA.
    pub(crate) fn sign_into(&self, message: &[u8], signature: &mut Signature) -> Result<(), Error> {
        const FITS: &str = "an HMAC is no longer than any signature";
        match self {
            Signer::HmacSha1(hmac) => {
                signature.try_extend_from_slice(&hmac.mac(message)).expect(FITS);
            }
            Signer::Hs256(hmac) => {
                signature.try_extend_from_slice(&hmac.mac(message)).expect(FITS);
            }
            #[cfg(feature = "rs256")]
            Signer::Rs256(key) => {
                let signed = key.sign_into(message, signature);
                overwrite_stack::<RSA_STACK>();
                signed?;
            }
        }
        Ok(())
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
    pub(crate) fn verify(&self, key: &Key) -> Result<Verified<P>, Error> {
        let is_valid = match (key, self.algorithm) {
            (Key::Hmac(key), Some(Algorithm::HmacSha1)) => {
                key.sha1.is_signature(self.message, self.signature)
            }
            (Key::Hmac(key), Some(Algorithm::Hs256)) => {
                key.sha256.is_signature(self.message, self.signature)
            }
            #[cfg(feature = "rs256")]
            (Key::Rsa(key), Some(Algorithm::Rs256)) => {
                key.is_signature(self.message, self.signature)
            }
            _ => false,
        };
        if is_valid { Ok(Verified(self.payload)) } else { Err(Error::InvalidSignature) }
    }

    /// How the token says that it is signed.
    pub(crate) fn algorithm(&self) -> Option<Algorithm> {
        self.algorithm
    }

    /// Whether the signature has a length that its algorithm gives.
    pub(crate) fn has_full_length(&self) -> bool {
        self.algorithm
            .is_some_and(|algorithm| algorithm.signature_lengths().contains(&self.signature.len()))
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

    use super::{Key, Signature, Signed};
    use crate::token_format::TokenFormat;

    const API_SECRET: &str = "1234567890abcdef1234567890abcdef1234567890";

    const MESSAGE: [u8; 300] = [b'm'; 300];

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

    /// The inner and the outer state of both hashes, and the inner one after the first block of
    /// [`MESSAGE`], in the byte order in which the processor keeps words.
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
            if constant == 0x36 {
                let block = [MESSAGE[0]; 64];
                compress_sha1(&mut sha1, &[block]);
                compress256(&mut sha256, &[block]);
                states.extend([bytes(&sha1), bytes(&sha256)]);
            }
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

    /// Calls on a thread of its own; returns which of the states are left on its stack.
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
    fn making_signing_and_verifying_leave_no_state_of_the_key() {
        let nothing: [usize; 0] = [];
        let key = Key::from_secret(API_SECRET.as_bytes());
        let left = left_on_the_stack(|| drop(Key::from_secret(API_SECRET.as_bytes())));
        assert_eq!(left, nothing, "making a key");
        for &format in TokenFormat::ALL {
            let signer = key.signer(format);
            let left = left_on_the_stack(|| drop(key.signer(format)));
            assert_eq!(left, nothing, "making a signer of {format}");
            let left = left_on_the_stack(|| drop(signer.after(&MESSAGE[..64])));
            assert_eq!(left, nothing, "hashing the first block of {format}");
            let sign = || {
                let mut signature = Signature::new();
                signer.sign_into(&MESSAGE, &mut signature).unwrap();
                signature
            };
            let left = left_on_the_stack(|| {
                std::hint::black_box(sign());
            });
            assert_eq!(left, nothing, "signing {format}");

            let algorithm = key.algorithm(format);
            let signature = sign();
            let left = left_on_the_stack(|| {
                let signed = Signed::new(Some(algorithm), &MESSAGE, &signature, ());
                assert!(std::hint::black_box(signed.verify(&key).is_ok()));
            });
            assert_eq!(left, nothing, "verifying {format}");
        }

        // A state would have been found. Last, because a later thread can get the stack of an
        // earlier one.
        let states = states();
        assert_eq!(left_on_the_stack(|| leave(&states)), [0, 1, 2, 3, 4, 5]);
    }
}
