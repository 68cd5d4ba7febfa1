//! What is wrong with each text of a key, and texts that are read although they were changed on
//! their way. The vectors know the code only; the texts of the oracle name the fault.

#![allow(clippy::unwrap_used, reason = "a test that fails should fail loudly")]

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::Value as Json;
use tokmint::limits::MAX_KEY_BYTES;
use tokmint::{Error, KeyFault, OpenTok};

const APPLICATION_ID: &str = "a98e12ca-f3e5-4df8-bc66-fd4b5f30b9e9";
const PRIVATE_KEY: &str = include_str!("../../tests/vectors/private_key.pem");
const PUBLIC_KEY: &str = include_str!("../../tests/vectors/public_key.pem");

fn private(text: &[u8]) -> Option<KeyFault> {
    match OpenTok::for_application(APPLICATION_ID, text) {
        Ok(_) => None,
        Err(Error::InvalidPrivateKey { fault }) => Some(fault),
        Err(error) => panic!("{error}"),
    }
}

fn public(text: &[u8]) -> Option<KeyFault> {
    match OpenTok::verifier(APPLICATION_ID, text) {
        Ok(_) => None,
        Err(Error::InvalidPublicKey { fault }) => Some(fault),
        Err(error) => panic!("{error}"),
    }
}

/// The oracle's name of a fault.
fn name(fault: KeyFault) -> &'static str {
    match fault {
        KeyFault::Empty => "empty",
        KeyFault::TooLong { .. } => "too_long",
        KeyFault::NotText => "not_text",
        KeyFault::Placeholder => "placeholder",
        KeyFault::Path => "path",
        KeyFault::ApplicationId => "application_id",
        KeyFault::ApiSecret => "api_secret",
        KeyFault::NoPem => "no_pem",
        KeyFault::Truncated => "truncated",
        KeyFault::Corrupt => "corrupt",
        KeyFault::Encrypted => "encrypted",
        KeyFault::EllipticCurve => "ec",
        KeyFault::OtherAlgorithm => "other_algorithm",
        KeyFault::OpenSsh => "openssh",
        KeyFault::Public => "public",
        KeyFault::Private => "private",
        KeyFault::Certificate => "certificate",
        KeyFault::CertificateRequest => "csr",
        KeyFault::Several => "ambiguous",
        KeyFault::Json => "json",
        KeyFault::TooSmall { .. } => "too_small",
        KeyFault::TooLarge { .. } => "too_large",
        KeyFault::MultiPrime => "multi_prime",
        other => panic!("the test knows every fault: {other:?}"),
    }
}

#[test]
fn every_text_of_the_oracle_has_its_fault() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/oracle/key_texts.json");
    let file: Json = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let texts = file["texts"].as_array().unwrap();
    let mut differences = Vec::new();
    for text in texts {
        let bytes = STANDARD.decode(text["base64"].as_str().unwrap()).unwrap();
        let fault = match text["kind"].as_str().unwrap() {
            "private" => private(&bytes),
            "public" => public(&bytes),
            kind => panic!("the test knows every kind: {kind}"),
        };
        let said = fault.map_or(Json::Null, |fault| name(fault).into());
        if said != text["fault"] {
            differences.push(format!("{} ({}): {said}", text["name"], text["fault"]));
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
    assert!(texts.len() >= 150);
}

#[test]
fn a_key_is_read_however_it_was_escaped() {
    let escapes = ["\\n", "\\r\\n", "\\\\n", "\\\\r\\\\n", "\\u000a", " ", "\\\n", "\u{a0}\n"];
    for escape in escapes {
        for (text, read) in
            [(PRIVATE_KEY, private as fn(&[u8]) -> Option<KeyFault>), (PUBLIC_KEY, public)]
        {
            let escaped = text.trim_end().replace('\n', escape);
            for escaped in [
                escaped.clone(),
                format!("\"{escaped}\""),
                escaped.replace('+', "\\u002B").replace('=', "\\u003d").replace('/', "\\/"),
                STANDARD.encode(&escaped),
            ] {
                assert_eq!(read(escaped.as_bytes()), None, "{escape:?}");
            }
        }
    }
}

#[test]
fn a_text_without_a_key_is_told_by_what_it_is() {
    for (text, fault) in [
        ("undefined", KeyFault::Placeholder),
        ("null", KeyFault::Placeholder),
        ("[object Promise]", KeyFault::Placeholder),
        ("${VONAGE_PRIVATE_KEY}", KeyFault::Placeholder),
        ("{{ vonage_private_key }}", KeyFault::Placeholder),
        ("<private key>", KeyFault::Placeholder),
        ("./private.key", KeyFault::Path),
        ("C:\\keys\\private.key", KeyFault::Path),
        ("C:/keys/private", KeyFault::Path),
        ("secrets/private_key", KeyFault::Path),
        ("PRIVATE.KEY", KeyFault::Path),
        ("private", KeyFault::NoPem),
        ("{\"a\":1}", KeyFault::Json),
        ("a98e12ca-f3e5-4df8-bc66-fd4b5f30b9e9", KeyFault::ApplicationId),
        ("1234567890abcdef1234567890abcdef12345678", KeyFault::ApiSecret),
        ("ssh-rsa AAAAB3NzaC1yc2E user@host", KeyFault::OpenSsh),
        ("", KeyFault::Empty),
    ] {
        assert_eq!(private(text.as_bytes()), Some(fault), "{text}");
        assert_eq!(public(text.as_bytes()), Some(fault), "{text}");
    }
    // PowerShell's UTF-16, also in base64.
    let utf16: Vec<u8> = "\u{feff}"
        .encode_utf16()
        .chain(PRIVATE_KEY.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    assert_eq!(private(&utf16), Some(KeyFault::NotText));
    assert_eq!(private(STANDARD.encode(&utf16).as_bytes()), Some(KeyFault::NotText));
}

#[test]
fn a_verifier_takes_no_private_key_in_any_form() {
    let der = der(PRIVATE_KEY);
    let body = STANDARD.encode(&der);
    let jwk = |member: &str| {
        format!(r#"{{"kty":"RSA","e":"AQAB","n":"{}","{member}":"AQAB"}}"#, "q".repeat(342))
    };
    let mut forms = vec![PRIVATE_KEY.as_bytes().to_vec(), der, STANDARD.encode(PRIVATE_KEY).into()];
    for label in ["PRIVATE KEY", "PUBLIC KEY", "CERTIFICATE", "ENCRYPTED PRIVATE KEY"] {
        let block = format!("-----BEGIN {label}-----\n{body}\n-----END {label}-----\n");
        forms.push(block.clone().into_bytes());
    }
    forms.push(format!("{PUBLIC_KEY}{PRIVATE_KEY}").into_bytes());
    forms.extend(["d", "p", "q", "dp", "dq", "qi", "k"].map(|member| jwk(member).into_bytes()));
    for form in forms {
        assert_eq!(public(&form), Some(KeyFault::Private), "{}", String::from_utf8_lossy(&form));
    }
}

#[test]
fn a_jwk_for_something_else_is_refused() {
    // The modulus follows the headers of SubjectPublicKeyInfo and PKCS #1.
    let modulus = URL_SAFE_NO_PAD.encode(&der(PUBLIC_KEY)[33..33 + 256]);
    let jwk = |member: &str| format!(r#"{{"kty":"RSA","e":"AQAB","n":"{modulus}"{member}}}"#);
    for member in ["", r#","use":"sig""#, r#","alg":"RS256","kid":"x""#] {
        assert_eq!(public(jwk(member).as_bytes()), None, "{member}");
    }
    for member in [r#","use":"enc""#, r#","alg":"PS256""#, r#","alg":"RS512""#] {
        assert_eq!(public(jwk(member).as_bytes()), Some(KeyFault::OtherAlgorithm), "{member}");
    }
}

/// The engine takes such a key, and fails to sign with it.
#[test]
fn a_private_exponent_longer_than_the_modulus_is_refused() {
    let der = der(PRIVATE_KEY);
    // PKCS #8 ends with an octet string that holds PKCS #1: two headers of four bytes before the
    // version, the modulus of 257 bytes and the exponent 65537.
    let pkcs1 = &der[26..];
    let d_at = 4 + 3 + (4 + 257) + 5;
    assert_eq!(pkcs1[d_at], 2, "an integer");
    assert_eq!(private(pkcs1), None);
    let d_length = usize::from(u16::from_be_bytes([pkcs1[d_at + 2], pkcs1[d_at + 3]]));
    let longer = u16::try_from(d_length + 1).unwrap().to_be_bytes();
    let mut key = pkcs1[..d_at + 2].to_vec();
    key.extend(longer);
    key.push(1);
    key.extend(&pkcs1[d_at + 4..]);
    let length = u16::try_from(key.len() - 4).unwrap().to_be_bytes();
    key[2..4].copy_from_slice(&length);
    assert_eq!(private(&key), Some(KeyFault::Corrupt));
}

fn der(pem: &str) -> Vec<u8> {
    let body: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    STANDARD.decode(body).unwrap()
}

#[test]
fn a_block_is_told_by_its_label_where_its_body_says_nothing() {
    let block = |label: &str| format!("-----BEGIN {label}-----\nAAAA\n-----END {label}-----\n");
    for (label, of_private, of_public) in [
        ("DH PARAMETERS", KeyFault::NoPem, KeyFault::NoPem),
        ("EC PARAMETERS", KeyFault::NoPem, KeyFault::NoPem),
        ("DSA PRIVATE KEY", KeyFault::OtherAlgorithm, KeyFault::Private),
        ("EC PRIVATE KEY", KeyFault::EllipticCurve, KeyFault::Private),
        ("OPENSSH PRIVATE KEY", KeyFault::OpenSsh, KeyFault::Private),
        ("ENCRYPTED PRIVATE KEY", KeyFault::Encrypted, KeyFault::Private),
        ("CERTIFICATE REQUEST", KeyFault::CertificateRequest, KeyFault::CertificateRequest),
        ("PGP MESSAGE", KeyFault::OtherAlgorithm, KeyFault::OtherAlgorithm),
        ("PRIVATE KEY", KeyFault::Corrupt, KeyFault::Private),
        ("PUBLIC KEY", KeyFault::Corrupt, KeyFault::Corrupt),
    ] {
        assert_eq!(private(block(label).as_bytes()), Some(of_private), "{label}");
        assert_eq!(public(block(label).as_bytes()), Some(of_public), "{label}");
    }
}

#[test]
fn a_text_has_a_longest_length_and_der_its_own() {
    for (text, read) in
        [(PRIVATE_KEY, private as fn(&[u8]) -> Option<KeyFault>), (PUBLIC_KEY, public)]
    {
        let mut padded = text.as_bytes().to_vec();
        padded.resize(MAX_KEY_BYTES, b'\n');
        assert_eq!(read(&padded), None);
        padded.push(b'\n');
        let length = MAX_KEY_BYTES + 1;
        assert_eq!(read(&padded), Some(KeyFault::TooLong { length }));
        padded.push(b'\n');
        assert_eq!(read(&padded), Some(KeyFault::TooLong { length: length + 1 }));
        // A sequence that is complete is DER, and anything else a text.
        assert_eq!(read(&[0x30, 3, 2, 1, 5]), Some(KeyFault::Corrupt));
        assert_eq!(read(&[0x30, 4, 2, 1, 5]), Some(KeyFault::NoPem));
    }
}

/// Three members in a sequence are no certificate yet: the last one is its signature, a bit string.
#[test]
fn a_certificate_is_told_by_its_signature() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/vectors/keys.json");
    let file: Json = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let text = file["keys"]["main, public.certificate.pem"]["public_key"].as_str().unwrap();
    let mut certificate = der(text);
    assert_eq!(public(&certificate), None);
    // The signature of a key of 2,048 bits, behind a header of four bytes and the number of unused
    // bits.
    let tag_at = certificate.len() - 256 - 1 - 4;
    assert_eq!(certificate[tag_at..tag_at + 5], [3, 0x82, 1, 1, 0]);
    certificate[tag_at] = 4;
    assert_eq!(public(&certificate), Some(KeyFault::Corrupt));
}
