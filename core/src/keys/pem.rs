//! Reading the texts of RSA keys, as people have them, to the DER of PKCS #1 (RFC 8017 appendix A.1).
//!
//! A private key is PKCS #8 (RFC 5958) or PKCS #1, a public key SubjectPublicKeyInfo (RFC 5280),
//! PKCS #1, an X.509 certificate or a JWK (RFC 7517). Either is DER or PEM (RFC 7468), and PEM is
//! read also indented, on one line, with `\n` for its line feeds, quoted, with text before it, with
//! another label, and as the base64 of a whole file: what env files, YAML and consoles make of it.
//! The numbers are the engine's to check; here are the algorithm, the size and the number of primes.
//!
//! Left out: OpenSSH, encrypted and PKCS #12 keys, and private JWKs.

use pkcs1::der::asn1::UintRef;
use pkcs1::der::{Decode as _, Encode as _};
use pkcs1::{RsaPrivateKeyRef, RsaPublicKeyRef};
use pkcs8::PrivateKeyInfoRef;
use pkcs8::spki::{ObjectIdentifier, SubjectPublicKeyInfoRef};
use serde::Deserialize;
use serde::de::IgnoredAny;
use x509_cert::Certificate;
use zeroize::Zeroizing;

use crate::error::KeyFault;
use crate::format::base64;
use crate::limits::{MAX_KEY_BYTES, MAX_RSA_BITS, MIN_RSA_BITS};
use crate::uuid::is_uuid;
use crate::wrapping::{QUOTES, is_blank};

/// The bytes of a key, wiped when they are dropped.
type Der = Zeroizing<Vec<u8>>;

const BEGIN: &str = "-----BEGIN ";
const END: &str = "-----END ";

/// What a label names.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Private,
    Public,
    Certificate,
    /// Something that no token can be signed or verified with.
    Refused(KeyFault),
}

/// What a text holds.
enum Content<'a> {
    Der(&'a [u8]),
    Json(&'a str),
    Blocks(Vec<Block<'a>>),
}

/// A block of PEM: what its label names, and the base64 in it.
struct Block<'a> {
    kind: Kind,
    /// Whether the label names a private key of any kind.
    is_private: bool,
    body: &'a str,
}

/// Reads a private key.
pub(super) fn private_key(text: &[u8]) -> Result<Der, KeyFault> {
    with_content(text, |content| match content {
        Content::Der(der) => rsa_private_key(der),
        Content::Json(_) => Err(KeyFault::Json),
        Content::Blocks(blocks) => {
            let is_other =
                |block: &&Block<'_>| matches!(block.kind, Kind::Public | Kind::Certificate);
            match *blocks.iter().filter(|block| !is_other(block)).collect::<Vec<_>>() {
                [&Block { kind: Kind::Refused(fault), .. }] => Err(fault),
                [block] => rsa_private_key(&decoded(block.body)?),
                [] => Err(match blocks.first() {
                    Some(Block { kind: Kind::Certificate, .. }) => KeyFault::Certificate,
                    Some(_) => KeyFault::Public,
                    None => KeyFault::NoPem,
                }),
                _ => Err(KeyFault::Several),
            }
        }
    })
}

/// Reads a public key. A private one is refused, although it holds the public one, so that nobody
/// ships it to a verifier.
pub(super) fn public_key(text: &[u8]) -> Result<Der, KeyFault> {
    with_content(text, |content| match content {
        Content::Der(der) => rsa_public_key(der),
        Content::Json(json) => jwk(json),
        Content::Blocks(blocks) => match &*blocks {
            _ if blocks.iter().any(|block| block.is_private) => Err(KeyFault::Private),
            [Block { kind: Kind::Refused(fault), .. }] => Err(*fault),
            [block] => rsa_public_key(&decoded(block.body)?),
            [] => Err(KeyFault::NoPem),
            _ => Err(KeyFault::Several),
        },
    })
}

/// Length in bits of the modulus of a public key in PKCS #1.
pub(super) fn modulus_bits(der: &[u8]) -> Result<usize, KeyFault> {
    let key = RsaPublicKeyRef::try_from(der).map_err(|_| KeyFault::Corrupt)?;
    checked_bits(key.modulus.as_bytes())
}

fn with_content(
    text: &[u8],
    read: impl Fn(Content<'_>) -> Result<Der, KeyFault>,
) -> Result<Der, KeyFault> {
    if text.len() > MAX_KEY_BYTES {
        return Err(KeyFault::TooLong { length: text.len() });
    }
    // A DER sequence whose length takes more than one byte, which is no UTF-8.
    if let [0x30, 0x81..=0x84, ..] = text {
        return read(Content::Der(text));
    }
    let text = str::from_utf8(text).ok().filter(|text| !text.contains('\0'));
    let text = text.ok_or(KeyFault::NotText)?;
    let is_around = |c: char| is_blank(c) || QUOTES.contains(&c);
    let text = text.trim_matches(is_around);
    if text.starts_with('{') {
        return read(Content::Json(text));
    }
    if text.contains(BEGIN) {
        return read(Content::Blocks(blocks(text)?));
    }
    // The base64 of a whole file.
    let file = decoded(text).unwrap_or_default();
    match str::from_utf8(&file) {
        Ok(file) if file.contains(BEGIN) => read(Content::Blocks(blocks(file)?)),
        _ => Err(fault_without_key(text)),
    }
}

/// The blocks of a PEM text. Their labels may lie about private and public keys in other forms.
fn blocks(text: &str) -> Result<Vec<Block<'_>>, KeyFault> {
    let mut blocks = Vec::new();
    let mut rest = text;
    while let Some((_, begun)) = rest.split_once(BEGIN) {
        let (label, body) = begun.split_once("-----").ok_or(KeyFault::Truncated)?;
        let (body, behind) = body.split_once(END).ok_or(KeyFault::Truncated)?;
        rest = behind;
        if body.contains(BEGIN) {
            return Err(KeyFault::Truncated);
        }
        let kind = match label {
            "EC PARAMETERS" | "DH PARAMETERS" => continue,
            "EC PRIVATE KEY" => Kind::Refused(KeyFault::EllipticCurve),
            "DSA PRIVATE KEY" => Kind::Refused(KeyFault::OtherAlgorithm),
            "OPENSSH PRIVATE KEY" | "SSH2 PUBLIC KEY" => Kind::Refused(KeyFault::OpenSsh),
            "ENCRYPTED PRIVATE KEY" => Kind::Refused(KeyFault::Encrypted),
            _ if body.contains("ENCRYPTED") => Kind::Refused(KeyFault::Encrypted),
            _ if label.ends_with("PRIVATE KEY") => Kind::Private,
            _ if label.ends_with("PUBLIC KEY") => Kind::Public,
            _ if label.ends_with("CERTIFICATE") => Kind::Certificate,
            _ if label.ends_with("REQUEST") => Kind::Refused(KeyFault::CertificateRequest),
            _ => Kind::Refused(KeyFault::OtherAlgorithm),
        };
        blocks.push(Block { kind, is_private: label.ends_with("PRIVATE KEY"), body });
    }
    Ok(blocks)
}

/// Decodes base64 without its whitespace, and without the escapes `\n` and `\r`.
fn decoded(body: &str) -> Result<Der, KeyFault> {
    let mut symbols = Zeroizing::new(Vec::with_capacity(body.len()));
    let mut characters = body.chars();
    while let Some(character) = characters.next() {
        match (character, u8::try_from(character)) {
            ('\\', _) => match characters.next() {
                None | Some('n' | 'r' | '\\' | '\n' | '\r') => {}
                Some(_) => return Err(KeyFault::Corrupt),
            },
            _ if is_blank(character) => {}
            (_, Ok(symbol)) => symbols.push(symbol),
            (_, Err(_)) => return Err(KeyFault::Corrupt),
        }
    }
    // With room for all of it nothing is copied, and left behind, while it grows.
    let mut der = Zeroizing::new(Vec::with_capacity(symbols.len()));
    if base64::decode_t1(&symbols, &mut der) { Ok(der) } else { Err(KeyFault::Corrupt) }
}

/// What a text is that holds no key.
fn fault_without_key(text: &str) -> KeyFault {
    const STARTS: [&str; 8] = ["/", "./", "../", "~", "\\\\", "file:", "http:", "https:"];
    const ENDS: [&str; 8] = [".pem", ".key", ".der", ".crt", ".cer", ".p8", ".txt", ".json"];
    const LONGEST_SECRET: usize = 64;
    let lower = text.to_ascii_lowercase();
    let is_path = STARTS.iter().any(|start| lower.starts_with(start))
        || ENDS.iter().any(|end| lower.ends_with(end))
        || lower.get(1..3) == Some(":\\");
    let is_word = text.len() <= LONGEST_SECRET && text.bytes().all(|b| b.is_ascii_alphanumeric());
    match text {
        "" => KeyFault::Empty,
        _ if is_path && !text.contains('\n') => KeyFault::Path,
        _ if is_uuid(text) => KeyFault::ApplicationId,
        _ if text.starts_with("ssh-") => KeyFault::OpenSsh,
        _ if is_word => KeyFault::ApiSecret,
        _ => KeyFault::NoPem,
    }
}

/// The PKCS #1 part of a private key.
fn rsa_private_key(der: &[u8]) -> Result<Der, KeyFault> {
    let pkcs1 = match PrivateKeyInfoRef::try_from(der) {
        Ok(info) => {
            check_algorithm(info.algorithm.oid)?;
            info.private_key.as_bytes()
        }
        Err(_) => der,
    };
    let Ok(key) = RsaPrivateKeyRef::try_from(pkcs1) else {
        return Err(match () {
            () if Certificate::from_der(der).is_ok() => KeyFault::Certificate,
            () if rsa_public_key(der).is_ok() => KeyFault::Public,
            () => KeyFault::Corrupt,
        });
    };
    if key.other_prime_infos.is_some() {
        return Err(KeyFault::MultiPrime);
    }
    checked_bits(key.modulus.as_bytes())?;
    Ok(Zeroizing::new(pkcs1.to_vec()))
}

/// The PKCS #1 form of a public key.
fn rsa_public_key(der: &[u8]) -> Result<Der, KeyFault> {
    let certificate = Certificate::from_der(der).ok();
    let spki = certificate.and_then(|certificate| {
        certificate.tbs_certificate().subject_public_key_info().to_der().ok()
    });
    let der = spki.as_deref().unwrap_or(der);
    let pkcs1 = match SubjectPublicKeyInfoRef::try_from(der) {
        Ok(info) => {
            check_algorithm(info.algorithm.oid)?;
            info.subject_public_key.as_bytes().ok_or(KeyFault::Corrupt)?
        }
        Err(_) => der,
    };
    if RsaPrivateKeyRef::try_from(der).is_ok() || PrivateKeyInfoRef::try_from(der).is_ok() {
        return Err(KeyFault::Private);
    }
    modulus_bits(pkcs1)?;
    Ok(Zeroizing::new(pkcs1.to_vec()))
}

/// The members of a JWK that make a public key (RFC 7518 section 6.3), and one of a private key.
#[derive(Deserialize)]
struct Jwk<'a> {
    kty: &'a str,
    n: Option<&'a str>,
    e: Option<&'a str>,
    d: Option<IgnoredAny>,
}

fn jwk(json: &str) -> Result<Der, KeyFault> {
    let jwk: Jwk<'_> = serde_json::from_str(json).map_err(|_| KeyFault::Json)?;
    if jwk.d.is_some() {
        return Err(KeyFault::Private);
    }
    match (jwk.kty, jwk.n, jwk.e) {
        ("RSA", Some(n), Some(e)) => {
            let (mut modulus, mut exponent) = (Vec::new(), Vec::new());
            if !base64::decode_url(n.as_bytes(), &mut modulus)
                || !base64::decode_url(e.as_bytes(), &mut exponent)
            {
                return Err(KeyFault::Corrupt);
            }
            let number = |bytes| UintRef::new(bytes).map_err(|_| KeyFault::Corrupt);
            let key =
                RsaPublicKeyRef { modulus: number(&modulus)?, public_exponent: number(&exponent)? };
            rsa_public_key(&key.to_der().map_err(|_| KeyFault::Corrupt)?)
        }
        ("RSA", ..) => Err(KeyFault::Corrupt),
        ("EC", ..) => Err(KeyFault::EllipticCurve),
        _ => Err(KeyFault::OtherAlgorithm),
    }
}

fn check_algorithm(algorithm: ObjectIdentifier) -> Result<(), KeyFault> {
    /// id-ecPublicKey (RFC 5480 section 2.1.1).
    const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
    match algorithm {
        pkcs1::ALGORITHM_OID => Ok(()),
        EC => Err(KeyFault::EllipticCurve),
        _ => Err(KeyFault::OtherAlgorithm),
    }
}

/// Length of a modulus in bits, which must be one that is supported.
fn checked_bits(modulus: &[u8]) -> Result<usize, KeyFault> {
    let unused = modulus.first().map_or(0, |first| first.leading_zeros() as usize);
    match modulus.len() * 8 - unused {
        bits @ ..MIN_RSA_BITS => Err(KeyFault::TooSmall { bits }),
        bits @ MIN_RSA_BITS..=MAX_RSA_BITS => Ok(bits),
        bits => Err(KeyFault::TooLarge { bits }),
    }
}
