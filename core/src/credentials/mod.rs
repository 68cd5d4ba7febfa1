//! What a caller holds, and every check of it.

mod api_key;
mod api_secret;

pub(crate) use api_key::{ApiKey, is_api_key};
pub(crate) use api_secret::ApiSecret;
