//! UUIDs (RFC 9562): the IDs of applications, and the `jti` of their tokens.

use arrayvec::ArrayString;

/// Characters of a UUID with its hyphens.
const LENGTH: usize = 36;

/// The text of a UUID.
pub(crate) type Uuid = ArrayString<LENGTH>;

/// Whether a string has the form of a UUID (section 4), in any case.
pub(crate) fn is_uuid(string: &str) -> bool {
    let is_digit = |(at, byte): (usize, u8)| match at {
        8 | 13 | 18 | 23 => byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    };
    string.len() == LENGTH && string.bytes().enumerate().all(is_digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_form_of_rfc_9562_is_a_uuid() {
        assert!(is_uuid("a98e12ca-f3e5-4df8-bc66-fd4b5f30b9e9"));
        assert!(is_uuid("A98E12CA-F3E5-4DF8-BC66-FD4B5F30B9E9"));
        for other in [
            "", "a98e12caf3e54df8bc66fd4b5f30b9e9", "{a98e12ca-f3e5-4df8-bc66-fd4b5f30b9e9}",
            "a98e12ca-f3e5-4df8-bc66-fd4b5f30b9e", "a98e12ca-f3e5-4df8-bc66-fd4b5f30b9e90",
            "g98e12ca-f3e5-4df8-bc66-fd4b5f30b9e9", "a98e12ca-f3e5-4df8-bc66fd-4b5f30b9e9",
            "a98e12ca_f3e5-4df8-bc66-fd4b5f30b9e9", "á98e12ca-f3e5-4df8-bc66-fd4b5f30b9e",
        ] {
            assert!(!is_uuid(other), "{other}");
        }
    }
}
