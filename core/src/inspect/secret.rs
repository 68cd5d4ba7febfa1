//! What was done to an API secret before it signed a token: the usual ways in which env files,
//! shells, configuration tools and libraries change it.
//!
//! The changed forms are made when an inspection needs them and wiped at once.

use zeroize::Zeroizing;

use super::finding::{Finding, FindingCode};
use crate::format::base64;
use crate::keys::SigningKey;

/// The bytes of a changed secret, or `None` where the change cannot have been made.
type Change = fn(&str) -> Option<Zeroizing<Vec<u8>>>;

/// Each way: its code, the words for it, and what it makes of a secret.
const CHANGES: [(FindingCode, &str, Change); 18] = {
    use FindingCode::{MangledSecret, UntrimmedSecret};
    [
        (UntrimmedSecret, "and a line feed after it", |s| {
            wrapped("", s, "\n")
        }),
        (UntrimmedSecret, "and a line feed after it", |s| {
            wrapped("", s, "\r\n")
        }),
        (UntrimmedSecret, "and a space after it", |s| {
            wrapped("", s, " ")
        }),
        (UntrimmedSecret, "and a tab after it", |s| {
            wrapped("", s, "\t")
        }),
        (UntrimmedSecret, "and a space before it", |s| {
            wrapped(" ", s, "")
        }),
        (UntrimmedSecret, "and a line feed before it", |s| {
            wrapped("\n", s, "")
        }),
        (UntrimmedSecret, "and a byte order mark before it", |s| {
            wrapped("\u{feff}", s, "")
        }),
        (UntrimmedSecret, "and a byte order mark before it", |s| {
            wrapped("\u{feff}", s, "\n")
        }),
        (MangledSecret, "in quotation marks", |s| {
            wrapped("\"", s, "\"")
        }),
        (MangledSecret, "in quotation marks", |s| {
            wrapped("'", s, "'")
        }),
        (MangledSecret, "decoded from hexadecimal", hex_decoded),
        (MangledSecret, "decoded from base64", base64_decoded),
        (MangledSecret, "encoded in base64", |s| {
            Some(base64_encoded(s.as_bytes()))
        }),
        (MangledSecret, "encoded in base64 with a line feed", |s| {
            Some(base64_encoded(&wrapped("", s, "\n")?))
        }),
        (MangledSecret, "encoded in base64url", |s| {
            let encoded = base64_encoded(s.as_bytes());
            let url = |&symbol: &u8| match symbol {
                b'+' => b'-',
                b'/' => b'_',
                _ => symbol,
            };
            let symbols = base64::without_padding(&encoded).iter().map(url);
            Some(Zeroizing::new(symbols.collect()))
        }),
        (MangledSecret, "in upper case", |s| {
            Some(Zeroizing::new(s.to_uppercase().into_bytes()))
        }),
        (MangledSecret, "in lower case", |s| {
            Some(Zeroizing::new(s.to_lowercase().into_bytes()))
        }),
        (MangledSecret, "encoded in UTF-16", |s| {
            let units = s.encode_utf16().flat_map(u16::to_le_bytes);
            Some(Zeroizing::new(units.collect()))
        }),
    ]
};

/// What was done to the secret, if a key of one of its changed forms signed the token.
pub(super) fn find_mangled(
    secret: &str,
    is_signed_by: impl Fn(&SigningKey) -> bool,
) -> Option<Finding> {
    let (code, change, _) = CHANGES.iter().find(|(_, _, change)| {
        change(secret).is_some_and(|changed| is_signed_by(&SigningKey::from_secret(&changed)))
    })?;
    Some(Finding::new(
        *code,
        format!(
            "the token was signed with this API secret {change}; use the secret exactly as the account page shows it \
             where the token is issued"
        ),
    ))
}

fn wrapped(before: &str, secret: &str, after: &str) -> Option<Zeroizing<Vec<u8>>> {
    let changed = [before, secret, after].concat();
    Some(Zeroizing::new(changed.into_bytes()))
}

fn hex_decoded(secret: &str) -> Option<Zeroizing<Vec<u8>>> {
    let value = |digit: u8| char::from(digit).to_digit(16);
    let pairs = secret.as_bytes().chunks(2).map(|pair| match pair {
        &[high, low] => u8::try_from(value(high)? << 4 | value(low)?).ok(),
        _ => None,
    });
    pairs.collect::<Option<Vec<u8>>>().map(Zeroizing::new)
}

/// As lenient decoders do: either alphabet, padded or not.
fn base64_decoded(secret: &str) -> Option<Zeroizing<Vec<u8>>> {
    let decoded = Zeroizing::new(base64::decode_start(secret.as_bytes()));
    let symbols = base64::without_padding(secret.as_bytes()).len();
    (decoded.len() == symbols * 3 / 4).then_some(decoded)
}

fn base64_encoded(secret: &[u8]) -> Zeroizing<Vec<u8>> {
    let mut encoded = Zeroizing::new(vec![0; base64::encoded_length_t1(secret.len())]);
    base64::encode_t1(secret, &mut encoded);
    encoded
}
