//! What a verified token says, and the two formats.

use std::str::FromStr;

use serde::Serialize;

use crate::error::Error;
use crate::named::shown_as_name;
use crate::role::Role;

/// The two token formats.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum TokenFormat {
    /// A JSON Web Token signed with HMAC-SHA256 (RFC 7515, RFC 7519, alg HS256). The default.
    #[default]
    Jwt,
    /// The older `T1==` format, signed with HMAC-SHA1.
    T1,
}

impl TokenFormat {
    /// Both formats.
    pub const ALL: [TokenFormat; 2] = [TokenFormat::Jwt, TokenFormat::T1];

    /// The name: `jwt` or `t1`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            TokenFormat::Jwt => "jwt",
            TokenFormat::T1 => "t1",
        }
    }
}

shown_as_name!(TokenFormat);

impl FromStr for TokenFormat {
    type Err = Error;

    /// Reads a name, exactly as [`TokenFormat::name`] gives it.
    ///
    /// # Errors
    /// [`Error::InvalidTokenFormat`] for any other text, another case included.
    fn from_str(name: &str) -> Result<TokenFormat, Error> {
        TokenFormat::ALL
            .into_iter()
            .find(|format| format.name() == name)
            .ok_or(Error::InvalidTokenFormat { length: name.len() })
    }
}

/// What a verified token says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Token {
    /// The format it is written in.
    pub format: TokenFormat,
    /// The API key of the project that issued it.
    pub api_key: String,
    /// The one session it admits to.
    pub session_id: String,
    /// What its holder may do there.
    pub role: Role,
    /// When it was issued, in Unix seconds.
    pub create_time: i64,
    /// The first second at which it is no longer valid, in Unix seconds. A fraction is rounded down; a T1 token
    /// without one is valid for [`crate::limits::DEFAULT_LIFETIME`].
    pub expire_time: i64,
    /// The connection data, which everybody in the session can read; empty if there is none.
    pub data: String,
    /// The layout classes of the holder's streams when an archive or broadcast is composed.
    pub initial_layout_class_list: Vec<String>,
    /// The nonce as it stands in the token (SDKs write integers, negative ones, fractions and texts); empty if there
    /// is none.
    pub nonce: String,
}
