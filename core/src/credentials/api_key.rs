//! API keys: the number of a project.

use crate::error::Error;
use crate::limits::MAX_API_KEY_DIGITS;

/// The API key of a project, which is no secret.
pub(crate) struct ApiKey(String);

impl ApiKey {
    /// # Errors
    /// [`Error::InvalidApiKey`] if it is not 1 to [`MAX_API_KEY_DIGITS`] ASCII digits.
    pub(crate) fn parse(key: &str) -> Result<ApiKey, Error> {
        if !is_api_key(key.as_bytes()) {
            return Err(Error::InvalidApiKey { length: key.len() });
        }
        Ok(ApiKey(key.to_owned()))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether these bytes are 1 to [`MAX_API_KEY_DIGITS`] ASCII digits.
pub(crate) fn is_api_key(key: &[u8]) -> bool {
    (1..=MAX_API_KEY_DIGITS).contains(&key.len()) && key.iter().all(u8::is_ascii_digit)
}
