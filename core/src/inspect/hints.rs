//! Hints: what servers accept and an issuer probably did not mean, as warnings and notes.
//!
//! Connection data is searched for what should not be where everybody in a session can read it. The
//! patterns are narrow on purpose (a number alone is no telephone number), and each search passes
//! over the data once.

use super::finding::{Finding, FindingCode};
use super::inspection::Field;
use super::reader::Reading;
use super::text::quoted;
use crate::claims::{Layout, PartialClaims};
use crate::format::t1;
use crate::limits::{
    DEFAULT_LIFETIME, LONG_APPLICATION_LIFETIME, MAX_DATA_UNITS, MAX_INSPECTED_FIELDS,
    MAX_ISSUE_SKEW, MAX_LAYOUT_CLASS_LIST_UNITS, MAX_LIFETIME,
};
use crate::options::utf16_length;
use crate::token_format::TokenFormat;

/// Looks for every hint, in the order of the codes.
pub(super) fn hints(reading: &Reading<'_>, now: Option<i64>) -> Vec<Finding> {
    use FindingCode as Code;
    let claims = &reading.claims;
    let data = claims.data.as_deref().unwrap_or_default();
    // What is longer has a finding already; searching all of the longest token would take most of
    // its time.
    let start: String = data.chars().take(MAX_DATA_UNITS).collect();
    let has = |name| reading.claim(name).is_some();
    let layout = reading.claim("initial_layout_class_list");
    let is_array = layout.is_some_and(|layout| layout.starts_with('['));
    let is_application = claims.application_id.is_some() && has("scope");
    let is_jwt = reading.format == Some(TokenFormat::Jwt);
    let has_null = is_jwt && reading.fields.iter().any(|field| field.value == "null");
    let is_joined = |class: &str| class.contains(|c: char| c == ',' || c.is_control());
    let has_joined_classes = claims.layout.iter().flat_map(Layout::classes).any(is_joined);
    // These have the sentence of their code.
    let of = |code: Code, is_found: bool| {
        (code, code.sentence().filter(|_| is_found).map(str::to_owned))
    };
    [
        (Code::ClockSkew, clock_skew(claims, now)),
        (Code::DefaultExpiry, default_expiry(claims)),
        (Code::LongLifetime, long_lifetime(claims)),
        (Code::FractionalTime, fractional_time(reading)),
        (Code::DataTooLong, data_too_long(data)),
        of(Code::UnencodedData, has_unencoded_data(reading)),
        (Code::DataWithEmailAddress, data_with("an e-mail address", has_email_address(&start))),
        (
            Code::DataWithTelephoneNumber,
            data_with("a telephone number", has_telephone_number(&start)),
        ),
        (Code::DataWithSecret, data_with("a secret", has_secret(&start))),
        of(Code::DataClaim, has("data") && !has("connection_data")),
        (Code::MisnamedClaim, misnamed_claim(reading)),
        of(Code::LayoutAsArray, is_array),
        (Code::UrlEncodedLayout, url_encoded_layout(claims)),
        of(Code::CommaSeparatedLayout, has_joined_classes),
        of(Code::NullField, has_null),
        of(Code::SubjectClaim, has("subject") && !has("sub")),
        of(Code::DefaultRole, is_application && !has("role")),
        of(Code::NoAcl, is_application && !has("acl")),
        of(Code::UrlSafeBase64, is_url_safe(reading)),
        of(Code::IgnoredField, has_ignored_field(reading)),
        (Code::ManyFields, many_fields(reading)),
    ]
    .into_iter()
    .filter_map(|(code, sentence)| Some(Finding::new(code, sentence?)))
    .collect()
}

fn clock_skew(claims: &PartialClaims<'_>, now: Option<i64>) -> Option<String> {
    let ahead = claims.create_time?.saturating_sub(now?);
    // Beyond that it is a fault.
    (1..=MAX_ISSUE_SKEW).contains(&ahead).then(|| {
        format!(
            "the token was issued {ahead} s in the future, which some servers refuse; set the clock of the issuing \
             machine, or round its time down, which the Node SDK does not"
        )
    })
}

fn default_expiry(claims: &PartialClaims<'_>) -> Option<String> {
    (claims.is_default_expiry && claims.expire_time.is_some()).then(|| {
        format!(
            "the token has no expiry, which servers take for {DEFAULT_LIFETIME} s; the Ruby, PHP and .NET SDKs write \
             none unless told to: set it"
        )
    })
}

fn long_lifetime(claims: &PartialClaims<'_>) -> Option<String> {
    claims.application_id.as_ref()?;
    let lifetime = claims.expire_time?.saturating_sub(claims.create_time?);
    (LONG_APPLICATION_LIFETIME + 1..=MAX_LIFETIME).contains(&lifetime).then(|| {
        format!(
            "the token of the application expires {lifetime} s after its issue; the guides allow 30 days for video and \
             {LONG_APPLICATION_LIFETIME} s (24 hours) for other calls: issue a new one every day \
             unless longer ones work for you"
        )
    })
}

fn fractional_time(reading: &Reading<'_>) -> Option<String> {
    let name = ["iat", "exp", "nbf"].into_iter().find(|name| {
        reading.claim(name).is_some_and(|value| {
            let is_number = value.starts_with(|c: char| c == '-' || c.is_ascii_digit());
            is_number && value.contains(['.', 'e', 'E'])
        })
    })?;
    Some(format!(
        "{name} is not written as an integer, and servers have refused fractions of seconds with 1004; write it \
         without fraction and exponent, rounded down"
    ))
}

fn data_too_long(data: &str) -> Option<String> {
    let units = utf16_length(data);
    (units > MAX_DATA_UNITS).then(|| {
        format!(
            "the connection data is {units} UTF-16 code units, {} code points and {} bytes of UTF-8 long, and the \
             guides allow {MAX_DATA_UNITS} characters; shorten it, or send a key to look it up by",
            data.chars().count(),
            data.len()
        )
    })
}

/// Data that was not encoded ends at its first `&`, and what follows is a field of its own.
fn has_unencoded_data(reading: &Reading<'_>) -> bool {
    let mut fields = reading.fields.iter();
    reading.format == Some(TokenFormat::T1)
        && fields.any(|field| field.name == "connection_data")
        && fields.any(|field| !t1::is_known(&field.name))
}

fn data_with(what: &str, is_found: bool) -> Option<String> {
    is_found.then(|| {
        format!(
            "the connection data seems to hold {what}, and everybody in the session can read it; put a key there by \
             which only your server finds it"
        )
    })
}

/// A letter or digit, an at sign and a domain with a dot, the last label of letters.
fn has_email_address(data: &str) -> bool {
    data.match_indices('@').any(|(at, _)| {
        let is_local =
            data[..at].ends_with(|last: char| last.is_alphanumeric() || "._+-".contains(last));
        let domain = &data[at + 1..];
        let end = domain.find(|c: char| !(c.is_alphanumeric() || c == '.' || c == '-'));
        let domain = domain[..end.unwrap_or(domain.len())].trim_end_matches(['.', '-']);
        let is_top_level =
            |label: &str| label.chars().count() >= 2 && label.chars().all(char::is_alphabetic);
        is_local
            && domain
                .rsplit_once('.')
                .is_some_and(|(name, top)| !name.is_empty() && is_top_level(top))
    })
}

/// A plus sign and 8 to 15 digits (ITU-T E.164), or groups of 3, 3 and 4 digits; spaces, dots,
/// hyphens and parentheses may separate digits.
fn has_telephone_number(data: &str) -> bool {
    let is_digit = |c: char| c.is_ascii_digit();
    let is_separator = |c: char| " .-()".contains(c);
    let is_international = data.match_indices('+').any(|(at, _)| {
        let run = &data[at + 1..];
        let end = run.find(|c| !is_digit(c) && !is_separator(c));
        let run = &run[..end.unwrap_or(run.len())];
        run.starts_with(|c| is_digit(c) || c == '(')
            && (8..=15).contains(&run.matches(is_digit).count())
    });
    let is_grouped = data.split(|c| !is_digit(c) && !is_separator(c)).any(|run| {
        let groups = run.split(is_separator).map(str::len);
        groups.filter(|&length| length > 0).eq([3, 3, 4])
    });
    is_international || is_grouped
}

/// A PEM key, a JWT, an API secret (40 hexadecimal digits alone), or a word for a secret with a
/// value.
fn has_secret(data: &str) -> bool {
    const SECRET_DIGITS: usize = 40;
    const WORDS: [&str; 3] = ["password", "passwd", "secret"];
    let is_lower_hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    let has_api_secret = data
        .split(|c: char| !c.is_ascii_alphanumeric())
        .any(|word| word.len() == SECRET_DIGITS && word.bytes().all(is_lower_hex));
    let has_jwt = data
        .split(|c: char| !(c.is_ascii_alphanumeric() || "-_.".contains(c)))
        .any(|word| word.starts_with("eyJ") && word.contains(".eyJ"));
    let lower = data.to_ascii_lowercase();
    let has_named = WORDS.iter().any(|word| {
        lower.match_indices(word).any(|(at, _)| {
            lower[at + word.len()..]
                .trim_start_matches(['"', '\'', ' ', '\\'])
                .starts_with(['=', ':'])
        })
    });
    data.contains("-----BEGIN ") || has_jwt || has_api_secret || has_named
}

fn misnamed_claim(reading: &Reading<'_>) -> Option<String> {
    const CLAIMS: [(&str, &str); 5] = [
        ("expireTime", "exp"),
        ("expire_at", "exp"),
        ("initialLayoutClassList", "initial_layout_class_list"),
        ("initial_layout_list", "initial_layout_class_list"),
        ("connectionData", "connection_data"),
    ];
    let (found, meant) = CLAIMS.into_iter().find(|(name, _)| reading.claim(name).is_some())?;
    Some(format!(
        "servers ignore the claim {found}; the PHP and .NET SDKs copy options into claims: the claim is {meant}"
    ))
}

fn url_encoded_layout(claims: &PartialClaims<'_>) -> Option<String> {
    let has_escape = |class: &str| {
        class
            .as_bytes()
            .windows(3)
            .any(|window| window[0] == b'%' && window[1..].iter().all(u8::is_ascii_hexdigit))
    };
    let has_plus_inside =
        |class: &str| class.contains('+') && class.split('+').all(|part| !part.is_empty());
    let classes = claims.layout.as_ref()?.classes();
    let class = classes
        .take(MAX_LAYOUT_CLASS_LIST_UNITS)
        .find(|class| has_plus_inside(class) || has_escape(class))?;
    Some(format!(
        "the layout class {} is URL-encoded, as the PHP SDK writes several classes in a JWT; write them plainly",
        quoted(class)
    ))
}

/// Whether a T1 token is written in the URL-safe alphabet, as the Java SDK does.
fn is_url_safe(reading: &Reading<'_>) -> bool {
    let body = reading.token.strip_prefix(t1::PREFIX.as_bytes()).unwrap_or_default();
    let has = |characters: &[u8]| body.iter().any(|byte| characters.contains(byte));
    // Without a head it is no T1 token, whatever its prefix says.
    has(b"-_") && !has(b"+/") && !reading.header.is_empty()
}

/// Whether a T1 token has a field that nobody reads: in its head, or without a name.
fn has_ignored_field(reading: &Reading<'_>) -> bool {
    let in_head = |field: &Field| !["partner_id", ""].contains(&&*field.name);
    reading.format == Some(TokenFormat::T1)
        && (reading.header.iter().any(in_head) || reading.fields.iter().any(|f| f.name.is_empty()))
}

fn many_fields(reading: &Reading<'_>) -> Option<String> {
    reading.has_more_fields.then(|| {
        format!(
            "the token has more than {MAX_INSPECTED_FIELDS} fields, of which the first are shown; no official SDK \
             writes so many"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn email_addresses() {
        for data in
            ["a@b.example", "mail=jo.doe+x@mail.example.org;", "„jö@müller.de“", "<a@b.cd>."]
        {
            assert!(has_email_address(data), "{data}");
        }
        for data in [
            "", "@", "a@b", "a@.com", "@b.com", "a@b.c", "a@b.1", "user@", "a b@ c.de", "a@1.2.3.4",
        ] {
            assert!(!has_email_address(data), "{data}");
        }
    }

    #[test]
    fn telephone_numbers() {
        for data in [
            "+14155550123", "tel: +49 (30) 123-4567", "415-555-0123", "(415) 555 0123",
            "a+1415555012b",
        ] {
            assert!(has_telephone_number(data), "{data}");
        }
        for data in [
            "", "1234567890", "2026-11-24 12:00:00", "192.168.100.1000", "+1234567",
            "+1234567890123456", "1+1", "id=4155550123", "12-345-6789", "1-415-555-01234",
            "c+ 12345678",
        ] {
            assert!(!has_telephone_number(data), "{data}");
        }
    }

    #[test]
    fn secrets() {
        for data in [
            "-----BEGIN PRIVATE KEY-----",
            "t=eyJhbGciOiJIUzI1NiJ9.eyJhIjoxfQ.c2ln",
            "key 1234567890abcdef1234567890abcdef12345678",
            r#"{"password": "x"}"#,
            "Secret=1",
            r#"{\"passwd\":1}"#,
        ] {
            assert!(has_secret(data), "{data}");
        }
        for data in [
            "",
            "secretary: Jo",
            "the secret is out",
            "eyJhbGciOiJIUzI1NiJ9",
            "1234567890abcdef1234567890abcdef1234567",
            "1234567890abcdef1234567890abcdef123456789",
            "x1234567890abcdef1234567890abcdef12345678",
        ] {
            assert!(!has_secret(data), "{data}");
        }
    }
}
