//! A verified token.

use std::ops::Deref;

use serde::Serialize;

use crate::claims::Claims;
use crate::keys::Verified;

/// A verified token: [`Claims`] whose signature was compared and whose checks all passed. Only
/// [`OpenTok::verify_token`](crate::OpenTok::verify_token) and
/// [`Session::verify_token`](crate::Session::verify_token) make one.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct Token(Claims);

impl Token {
    /// `Verified` proves that the key compared the signature.
    pub(crate) fn new(claims: Verified<Claims>) -> Token {
        Token(claims.into_inner())
    }
}

impl Deref for Token {
    type Target = Claims;

    fn deref(&self) -> &Claims {
        &self.0
    }
}
