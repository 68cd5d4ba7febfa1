//! A verified token, and the two formats.

use std::ops::Deref;

use serde::Serialize;

use crate::claims::Claims;
use crate::keys::Verified;
use crate::names::{named_enum, parsed_by_name};

named_enum! {
    /// The two token formats.
    #[derive(Default)]
    #[non_exhaustive]
    TokenFormat {
        /// A JSON Web Token signed with HMAC-SHA256 (RFC 7515, RFC 7519, alg HS256). The default.
        #[default]
        Jwt = "jwt",
        /// The older `T1==` format, signed with HMAC-SHA1.
        T1 = "t1",
    }
}

parsed_by_name!(TokenFormat, InvalidTokenFormat);

/// A verified token: [`Claims`] whose signature was compared and whose checks all passed. Only
/// [`OpenTok::verify_token`](crate::OpenTok::verify_token) makes one.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct Token(Claims);

impl Token {
    /// `Verified` proves that the key compared the signature.
    pub(crate) fn new(claims: Verified<Claims>) -> Token {
        Token(claims.into_inner())
    }

    /// The claims, to take strings out of them. They no longer prove that they were verified.
    #[must_use]
    pub fn into_claims(self) -> Claims {
        self.0
    }
}

impl Deref for Token {
    type Target = Claims;

    fn deref(&self) -> &Claims {
        &self.0
    }
}
