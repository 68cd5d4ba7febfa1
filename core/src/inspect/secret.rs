//! What was done to an API secret before it signed a token: the usual ways in which env files,
//! shells, configuration tools and libraries change it.
//!
//! The changed forms are made when an inspection needs them and wiped at once.

use zeroize::Zeroizing;

use super::finding::Finding;
use super::finding::FindingCode::{self, MangledSecret};
use crate::format::base64;
use crate::keys::Key;
use crate::wrapping::is_blank;

/// What can be after a secret, before it, and both.
const AFTER: [&str; 9] = ["\n", "\r\n", " ", "\t", "\r", "\n\n", " \n", ";", "\""];
const BEFORE: [&str; 6] = [" ", "\n", "\t", "\r\n", "\u{feff}", "\""];
const AROUND: [[&str; 2]; 6] =
    [[" ", " "], ["\n", "\n"], ["\"", "\""], ["'", "'"], ["\"", "\"\n"], ["'", "'\n"]];

/// The bytes of a secret in another form; `None` if it has none.
type Form = fn(&str) -> Option<Zeroizing<Vec<u8>>>;

/// The forms in which a secret can be used by mistake, and the words for them.
const FORMS: [(&str, Form); 5] = [
    ("decoded from hexadecimal", hex_decoded),
    ("decoded from base64", base64_decoded),
    ("encoded in base64", |secret| Some(base64_encoded(secret))),
    ("encoded in base64 with a line feed", |secret| {
        Some(base64_encoded(&Zeroizing::new(format!("{secret}\n"))))
    }),
    ("in upper case", |secret| Some(Zeroizing::new(secret.to_uppercase().into_bytes()))),
];

/// Strings that sign where the secret was not loaded.
const NOT_LOADED: [&str; 4] = ["", "undefined", "null", "None"];

/// What was done to the secret, if a key of one of its changed forms signed the token.
pub(super) fn find_mangled(
    api_key: &str,
    secret: &str,
    is_signed_by: impl Fn(&Key) -> bool,
) -> Option<Finding> {
    let is_used = |changed: &[u8]| is_signed_by(&Key::from_secret(changed));
    let mut others = NOT_LOADED.into_iter().chain([api_key]);
    if let Some(other) = others.find(|other| is_used(other.as_bytes())) {
        let message = format!(
            "the token was signed with \"{other}\" in place of the API secret; load the secret where the token is issued"
        );
        return Some(Finding::new(MangledSecret, message));
    }
    let after = AFTER.iter().map(|&after| ["", after]);
    let before = BEFORE.iter().map(|&before| [before, ""]);
    let around = after.chain(before).chain(AROUND).map(|[before, after]| {
        let changed = [before, secret, after].concat().into_bytes();
        let is_blank = before.chars().chain(after.chars()).all(is_blank);
        let (code, change) = match is_blank {
            true => (FindingCode::UntrimmedSecret, "and whitespace or a byte order mark around it"),
            false => (MangledSecret, "and quotation marks or a semicolon around it"),
        };
        (code, change, Some(Zeroizing::new(changed)))
    });
    let forms = FORMS.iter().map(|(change, form)| (MangledSecret, *change, form(secret)));
    let (code, change, _) = around
        .chain(forms)
        .find(|(.., changed)| changed.as_ref().is_some_and(|changed| is_used(changed)))?;
    Some(Finding::new(
        code,
        format!(
            "the token was signed with this API secret {change}; use the secret exactly as the account page shows it \
             where the token is issued"
        ),
    ))
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

fn base64_encoded(secret: &str) -> Zeroizing<Vec<u8>> {
    let mut encoded = Zeroizing::new(vec![0; base64::encoded_length_t1(secret.len())]);
    base64::encode_t1(secret.as_bytes(), &mut encoded);
    encoded
}
