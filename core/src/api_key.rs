//! What an API key looks like.

use crate::limits::MAX_API_KEY_DIGITS;

/// Whether the text is 1 to [`MAX_API_KEY_DIGITS`] ASCII digits.
pub(crate) fn is_api_key(text: &[u8]) -> bool {
    (1..=MAX_API_KEY_DIGITS).contains(&text.len()) && text.iter().all(u8::is_ascii_digit)
}
