//! Reading tokens that are laid out as tokmint writes them, without a parser.
//!
//! Each step takes what it names off the start, or is `None` where anything else follows. Nothing
//! is decided here: a token that any step does not take is read by the parser of its format, which
//! also reports its faults. So a step must take only what that parser reads in the same way.

use std::borrow::Cow;

use memchr::{memchr, memchr2};

/// Digits that a time may have here: every integer of so many is below 2^53.
const MAX_TIME_DIGITS: usize = 15;

/// What is left of the claims.
pub(super) struct Scanner<'t>(&'t str);

impl<'t> Scanner<'t> {
    /// `None` if the bytes are not UTF-8.
    pub(super) fn new(claims: &'t [u8]) -> Option<Scanner<'t>> {
        str::from_utf8(claims).ok().map(Scanner)
    }

    /// Takes a literal. Inlined, so that its length is known where it is compared.
    #[inline(always)]
    pub(super) fn skip(&mut self, literal: &str) -> Option<()> {
        self.0 = self.0.strip_prefix(literal)?;
        Some(())
    }

    /// Takes the digits of an integer without sign and leading zeros.
    pub(super) fn digits(&mut self) -> Option<&'t str> {
        let length = self.0.bytes().take_while(u8::is_ascii_digit).count();
        let digits = self.take(length);
        let is_canonical = digits == "0" || !digits.is_empty() && !digits.starts_with('0');
        is_canonical.then_some(digits)
    }

    /// Takes a time.
    pub(super) fn time(&mut self) -> Option<i64> {
        self.digits().filter(|digits| digits.len() <= MAX_TIME_DIGITS)?.parse().ok()
    }

    /// Takes a JSON string. The parser reads one with an escape of the form `\u0000`.
    pub(super) fn json_string(&mut self) -> Option<Cow<'t, str>> {
        let start = self.0.strip_prefix('"')?;
        let length = memchr2(b'"', b'\\', start.as_bytes())?;
        let (plain, rest) = start.split_at(length);
        // All bytes are looked at, so that the compiler can look at many at once.
        if plain.bytes().fold(false, |has, byte| has | (byte < b' ')) {
            return None;
        }
        if let Some(rest) = rest.strip_prefix('"') {
            self.0 = rest;
            return Some(Cow::Borrowed(plain));
        }
        // It is no longer than what is left.
        let mut string = Vec::with_capacity(start.len());
        string.extend_from_slice(plain.as_bytes());
        let mut bytes = rest.bytes();
        loop {
            string.push(match bytes.next()? {
                b'"' => break,
                b'\\' => match bytes.next()? {
                    escape @ (b'"' | b'\\' | b'/') => escape,
                    b'n' => b'\n',
                    b'r' => b'\r',
                    b't' => b'\t',
                    b'b' => b'\x08',
                    b'f' => b'\x0c',
                    _ => return None,
                },
                0..b' ' => return None,
                byte => byte,
            });
        }
        self.0 = &rest[rest.len() - bytes.len()..];
        String::from_utf8(string).ok().map(Cow::Owned)
    }

    /// Takes what is before the next `&`, or all that is left.
    pub(super) fn field(&mut self) -> &'t str {
        let length = memchr(b'&', self.0.as_bytes()).unwrap_or(self.0.len());
        self.take(length)
    }

    /// Whether nothing is left.
    pub(super) fn end(&self) -> Option<()> {
        self.0.is_empty().then_some(())
    }

    fn take(&mut self, length: usize) -> &'t str {
        let (taken, rest) = self.0.split_at(length);
        self.0 = rest;
        taken
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::claims::PartialClaims;
    use crate::faults::Faults;
    use crate::format::{jwt, t1};

    type Read = for<'t> fn(&'t [u8]) -> Option<PartialClaims<'t>>;

    /// Claims as tokmint writes them, and what reads them with the scanner and with the parser.
    const FORMATS: [(&str, Read, Read); 3] = [
        (
            r#"{"session_id":"1_MX4x","role":"moderator","iat":1700000000,"exp":0,"scope":"session.connect","initial_layout_class_list":"focus main","connection_data":"a\"\\\/\b\f\n\r\té","iss":"123456","ist":"project","nonce":9007199254740991}"#,
            |payload| jwt::read_as_written(payload),
            |payload| jwt::parse_claims(payload, false, &mut Faults::first()).ok(),
        ),
        (
            r#"{"session_id":"1_MX4x","role":"publisher","iat":0,"exp":999999999999999,"scope":"session.connect","iss":"1","ist":"project","nonce":0}"#,
            |payload| jwt::read_as_written(payload),
            |payload| jwt::parse_claims(payload, false, &mut Faults::first()).ok(),
        ),
        (
            "session_id=1_MX4x&create_time=1700000000&expire_time=0&role=subscriber&nonce=9007199254740991&initial_layout_class_list=focus+main&connection_data=a%3D%C3%A9",
            |data| t1::read_as_written(Some("1"), data),
            |data| t1::parse_claims(Some("1"), data, &mut Faults::first()).ok(),
        ),
    ];

    fn said(claims: PartialClaims<'_>) -> impl PartialEq + std::fmt::Debug {
        let rest = (claims.not_before, claims.is_default_expiry);
        (claims.complete().expect("all claims were read"), rest)
    }

    #[test]
    fn what_tokmint_writes_is_scanned() {
        for (written, scan, parse) in FORMATS {
            let scanned = scan(written.as_bytes()).map(said);
            assert!(scanned.is_some(), "{written}");
            assert_eq!(scanned, parse(written.as_bytes()).map(said));
        }
    }

    #[test]
    fn a_string_with_control_characters_is_not_scanned() {
        for controls in ["\x01", "\x01\x01", "\x1f\n\0"] {
            let (written, scan, parse) = FORMATS[0];
            for at in ["focus", "a\\", "1_MX4x"] {
                let changed = written.replace(at, &format!("{controls}{at}"));
                assert_ne!(changed, written);
                assert!(scan(changed.as_bytes()).is_none(), "{changed:?}");
                assert!(parse(changed.as_bytes()).is_none(), "{changed:?}");
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]

        /// Whatever is changed: what the scanner takes, the parser reads in the same way.
        #[test]
        fn the_scanner_takes_only_what_the_parser_reads_alike(
            format in 0..FORMATS.len(),
            edits in prop::collection::vec(
                (any::<prop::sample::Index>(), 0..2_usize, prop_oneof![
                    Just(""), Just("\\"), Just("\\u0041"), Just("\\ud800"), Just("\""), Just("\x1f"), Just("\n"), Just("é"),
                    Just(" "), Just("0"), Just("9"), Just("-"), Just("."), Just("e1"), Just(","), Just("}"), Just("null"), Just("[]"),
                    Just("&"), Just("="), Just("%"), Just("%2B"), Just("%e9"), Just("+"), Just("&role=publisher"), Just(",\"x\":1"),
                ]),
                0..4,
            ),
        ) {
            let (written, scan, parse) = FORMATS[format];
            let mut changed = written.as_bytes().to_vec();
            for (at, removed, inserted) in edits {
                let at = at.index(changed.len() + 1);
                let end = (at + removed).min(changed.len());
                changed.splice(at..end, inserted.bytes());
            }
            if let Some(claims) = scan(&changed) {
                let parsed = parse(&changed).map(said);
                prop_assert_eq!(Some(said(claims)), parsed, "{}", String::from_utf8_lossy(&changed));
            }
        }
    }
}
