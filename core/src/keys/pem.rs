//! Reading the texts of RSA keys, as people have them, to the DER of PKCS #1 (RFC 8017 appendix
//! A.1).
//!
//! A private key is PKCS #8 (RFC 5958) or PKCS #1, a public key SubjectPublicKeyInfo (RFC 5280),
//! PKCS #1, an X.509 certificate or a JWK (RFC 7517). Either is DER or PEM (RFC 7468), and PEM is
//! read also indented, on one line, with `\n` for its line feeds, quoted, with text before it, with
//! another label, and as the base64 of a whole file: what env files, YAML and consoles make of it.
//! The numbers are the engine's to check; here are the algorithm, the size and the number of
//! primes.
//!
//! Left out: OpenSSH, encrypted and PKCS #12 keys, and private JWKs.

use std::ops::RangeInclusive;

use pkcs1::der::asn1::{AnyRef, UintRef};
use pkcs1::der::{Decode as _, Encode as _, Reader as _, SliceReader, Tag, Tagged as _};
use pkcs1::{RsaPrivateKeyRef, RsaPublicKeyRef};
use pkcs8::PrivateKeyInfoRef;
use pkcs8::spki::{ObjectIdentifier, SubjectPublicKeyInfoRef};
use serde::Deserialize;
use serde::de::IgnoredAny;
use zeroize::Zeroizing;

use crate::error::KeyFault;
use crate::format::base64;
use crate::limits::{MAX_KEY_BYTES, MAX_RSA_BITS, MIN_RSA_BITS};
use crate::uuid::is_uuid;
use crate::wrapping::{QUOTES, is_absent, is_blank};

/// The bytes of a key, wiped when they are dropped.
type Der = Zeroizing<Vec<u8>>;

const BEGIN: &str = "-----BEGIN ";
const END: &str = "-----END ";

/// What a label names.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Private,
    /// A public key, or a certificate with one.
    Public,
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
            let of_private =
                |block: &&Block<'_>| matches!(block.kind, Kind::Private | Kind::Refused(_));
            match (&*blocks.iter().filter(of_private).collect::<Vec<_>>(), &*blocks) {
                ([Block { kind: Kind::Refused(fault), .. }], _) => Err(*fault),
                ([block], _) => rsa_private_key(&decoded(block.body)?),
                // Its label may lie.
                ([], [block, ..]) => rsa_private_key(&decoded(block.body)?),
                ([], []) => Err(KeyFault::NoPem),
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
    // A DER sequence: its length takes more than one byte, which is no UTF-8, or is the rest.
    let is_der = match text {
        [0x30, 0x81..=0x84, ..] => true,
        [0x30, length, rest @ ..] => usize::from(*length) == rest.len(),
        _ => false,
    };
    if is_der {
        return read(Content::Der(text));
    }
    let text = str::from_utf8(text).ok().filter(|text| !text.contains('\0'));
    let text = text.ok_or(KeyFault::NotText)?;
    let is_around = |c: char| is_blank(c) || QUOTES.contains(&c);
    let text = text.trim_matches(is_around);
    if text.starts_with('{') && !text.starts_with("{{") {
        return read(Content::Json(text));
    }
    if text.contains(BEGIN) {
        return read(Content::Blocks(blocks(text)?));
    }
    // The base64 of a whole file.
    let file = decoded(text).unwrap_or_default();
    match str::from_utf8(&file) {
        Ok(file) if file.contains(BEGIN) => read(Content::Blocks(blocks(file)?)),
        // UTF-16 with its byte order mark.
        _ if matches!(**file, [0xff, 0xfe, ..] | [0xfe, 0xff, ..]) => Err(KeyFault::NotText),
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
            "OPENSSH PRIVATE KEY" => Kind::Refused(KeyFault::OpenSsh),
            "ENCRYPTED PRIVATE KEY" => Kind::Refused(KeyFault::Encrypted),
            _ if body.contains("ENCRYPTED") => Kind::Refused(KeyFault::Encrypted),
            _ if label.ends_with("PRIVATE KEY") => Kind::Private,
            _ if label.ends_with("PUBLIC KEY") || label.ends_with("CERTIFICATE") => Kind::Public,
            _ if label.ends_with("REQUEST") => Kind::Refused(KeyFault::CertificateRequest),
            _ => Kind::Refused(KeyFault::OtherAlgorithm),
        };
        blocks.push(Block { kind, is_private: label.ends_with("PRIVATE KEY"), body });
    }
    Ok(blocks)
}

/// Decodes base64 without its whitespace, and with the escapes of env files, JSON and source code
/// undone, however often they were escaped.
fn decoded(body: &str) -> Result<Der, KeyFault> {
    let mut symbols = Zeroizing::new(Vec::with_capacity(body.len()));
    let mut rest = body;
    while let Some(mut character) = rest.chars().next() {
        rest = &rest[character.len_utf8()..];
        if character == '\\' {
            (character, rest) = unescaped(rest.trim_start_matches('\\'));
        }
        if !is_blank(character) {
            symbols.push(u8::try_from(character).map_err(|_| KeyFault::Corrupt)?);
        }
    }
    // With room for all of it nothing is copied, and left behind, while it grows.
    let mut der = Zeroizing::new(Vec::with_capacity(symbols.len()));
    if base64::decode_t1(&symbols, &mut der) { Ok(der) } else { Err(KeyFault::Corrupt) }
}

/// The character of an escape whose backslash has been taken off, and what is behind it.
fn unescaped(text: &str) -> (char, &str) {
    if let Some(behind) = text.strip_prefix(['n', 'r']) {
        return ('\n', behind);
    }
    let code = text.strip_prefix('u').and_then(|code| code.split_at_checked(4));
    let escaped = code.and_then(|(digits, behind)| {
        Some((char::from_u32(u32::from_str_radix(digits, 16).ok()?)?, behind))
    });
    // A line that is continued, or an escape that means the character itself.
    escaped.unwrap_or(('\n', text))
}

/// What a text is that holds no key.
fn fault_without_key(text: &str) -> KeyFault {
    const ENDS: [&str; 8] = [".pem", ".key", ".der", ".crt", ".cer", ".p8", ".txt", ".json"];
    const LONGEST_PATH: usize = 255;
    const SECRET_LENGTHS: RangeInclusive<usize> = 16..=64;
    let has_end = |end: &&str| {
        let start = text.len().saturating_sub(end.len());
        text.get(start..).is_some_and(|last| last.eq_ignore_ascii_case(end))
    };
    let is_path = text.contains(['/', '\\']) || ENDS.iter().any(has_end);
    let is_word = text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let starts_with_any = |starts: &[&str]| starts.iter().any(|start| text.starts_with(start));
    match text {
        "" => KeyFault::Empty,
        _ if is_absent(text) || starts_with_any(&["${", "{{", "<", "%"]) => KeyFault::Placeholder,
        _ if starts_with_any(&["ssh-", "---- BEGIN SSH2"]) => KeyFault::OpenSsh,
        _ if is_path && text.len() <= LONGEST_PATH && !text.contains('\n') => KeyFault::Path,
        _ if is_uuid(text) => KeyFault::ApplicationId,
        _ if is_word && SECRET_LENGTHS.contains(&text.len()) => KeyFault::ApiSecret,
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
            () if key_of_certificate(der).is_some() => KeyFault::Certificate,
            () if rsa_public_key(der).is_ok() => KeyFault::Public,
            () => fault_of_der(der),
        });
    };
    if key.other_prime_infos.is_some() {
        return Err(KeyFault::MultiPrime);
    }
    let bits = checked_bits(key.modulus.as_bytes())?;
    // The engine takes a longer exponent, and then fails to sign with it.
    if length_in_bits(key.private_exponent.as_bytes()) > bits {
        return Err(KeyFault::Corrupt);
    }
    Ok(Zeroizing::new(pkcs1.to_vec()))
}

/// What DER is that holds no RSA key.
fn fault_of_der(der: &[u8]) -> KeyFault {
    /// The object identifier of PBES2, with which private keys are encrypted (RFC 8018).
    const PBES2: [u8; 9] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, 0x0d];
    let is_encrypted = der.windows(PBES2.len()).any(|window| window == PBES2);
    if is_encrypted { KeyFault::Encrypted } else { KeyFault::Corrupt }
}

/// The SubjectPublicKeyInfo in an X.509 certificate (RFC 5280 section 4.1). The rest is not read.
fn key_of_certificate(der: &[u8]) -> Option<Vec<u8>> {
    fn members(sequence: AnyRef<'_>) -> Option<Vec<AnyRef<'_>>> {
        let mut reader = SliceReader::new(sequence.value()).ok()?;
        let mut members = Vec::new();
        while !reader.is_finished() {
            members.push(reader.decode().ok()?);
        }
        (sequence.tag() == Tag::Sequence).then_some(members)
    }
    let [signed, _, signature] = *members(AnyRef::from_der(der).ok()?)? else {
        return None;
    };
    let signed = members(signed)?;
    // The version, which may be absent, then the serial number, the algorithm, the issuer, the
    // validity and the subject.
    let before = usize::from(signed.first()?.tag().is_context_specific()) + 5;
    let key = signed.get(before)?;
    let is_key = signature.tag() == Tag::BitString && key.tag() == Tag::Sequence;
    is_key.then(|| key.to_der().ok()).flatten()
}

/// The PKCS #1 form of a public key.
fn rsa_public_key(der: &[u8]) -> Result<Der, KeyFault> {
    let key = key_of_certificate(der);
    let der = key.as_deref().unwrap_or(der);
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

/// The members of a JWK that make a public key (RFC 7518 section 6.3), those of private ones, and
/// what it is for.
#[derive(Deserialize)]
struct Jwk<'a> {
    kty: &'a str,
    n: Option<&'a str>,
    e: Option<&'a str>,
    #[serde(rename = "use")]
    usage: Option<&'a str>,
    alg: Option<&'a str>,
    d: Option<IgnoredAny>,
    p: Option<IgnoredAny>,
    q: Option<IgnoredAny>,
    dp: Option<IgnoredAny>,
    dq: Option<IgnoredAny>,
    qi: Option<IgnoredAny>,
    k: Option<IgnoredAny>,
}

fn jwk(json: &str) -> Result<Der, KeyFault> {
    let jwk: Jwk<'_> = serde_json::from_str(json).map_err(|_| KeyFault::Json)?;
    let Jwk { d, p, q, dp, dq, qi, k, .. } = &jwk;
    if [d, p, q, dp, dq, qi, k].into_iter().any(Option::is_some) {
        return Err(KeyFault::Private);
    }
    if jwk.usage.is_some_and(|usage| usage != "sig") || jwk.alg.is_some_and(|alg| alg != "RS256") {
        return Err(KeyFault::OtherAlgorithm);
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
    match length_in_bits(modulus) {
        bits @ ..MIN_RSA_BITS => Err(KeyFault::TooSmall { bits }),
        bits @ MIN_RSA_BITS..=MAX_RSA_BITS => Ok(bits),
        bits => Err(KeyFault::TooLarge { bits }),
    }
}

/// Length of a number without leading zeros.
fn length_in_bits(number: &[u8]) -> usize {
    let unused = number.first().map_or(0, |first| first.leading_zeros() as usize);
    number.len() * 8 - unused
}
