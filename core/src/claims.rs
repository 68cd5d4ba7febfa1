//! What a token says: the claims of a JWT, or the fields of a T1 token.
//!
//! [`NewClaims`] are written, complete and within all limits. [`PartialClaims`] are read, as far as
//! they can be. [`Claims`] are those with nothing missing; a [`Token`](crate::Token) holds them
//! once the signature matched.

use serde::Serialize;

use crate::credentials::Issuer;
use crate::role::Role;
use crate::token_format::TokenFormat;
use crate::uuid::Uuid;

/// What a token says, with its types. In a [`Token`](crate::Token) they are verified; in an
/// [`Inspection`](crate::Inspection) anybody may have written them.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[non_exhaustive]
pub struct Claims {
    /// The format of the token.
    pub format: TokenFormat,
    /// The API key of the project that issued it; `None` if an application did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub api_key: Option<String>,
    /// The ID of the application that issued it, in lower case; `None` if a project did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub application_id: Option<String>,
    /// The one session it admits to.
    pub session_id: String,
    /// What its holder may do in the session.
    pub role: Role,
    /// When it was issued, in Unix seconds.
    pub create_time: i64,
    /// The first second at which it is no longer valid, in Unix seconds. A fraction is rounded
    /// down; a T1 token without one is valid for
    /// [`DEFAULT_LIFETIME`](crate::limits::DEFAULT_LIFETIME).
    pub expire_time: i64,
    /// The connection data, which everybody in the session can read; empty if there is none.
    pub data: String,
    /// The layout classes of the holder's streams when an archive or broadcast is composed.
    pub initial_layout_class_list: Vec<String>,
    /// The nonce of a project's token or the `jti` of an application's, exactly as the token spells
    /// it (SDKs write integers, negative ones, fractions and strings); empty if there is none.
    pub nonce: String,
}

/// The claims of a new token but its session: checked options, with time and nonce filled in.
pub(crate) struct NewClaims<'a> {
    pub(crate) issuer: Issuer<'a>,
    pub(crate) role: Role,
    pub(crate) create_time: i64,
    pub(crate) expire_time: i64,
    pub(crate) nonce: Nonce,
    pub(crate) data: &'a str,
    pub(crate) initial_layout_class_list: &'a [&'a str],
}

/// What tells a new token apart from others.
pub(crate) enum Nonce {
    /// The nonce of a project's token.
    Integer(i64),
    /// The `jti` of an application's token.
    Uuid(Uuid),
}

/// The claims of a new token for REST calls.
pub(crate) struct NewRestClaims<'a> {
    pub(crate) issuer: Issuer<'a>,
    pub(crate) create_time: i64,
    pub(crate) expire_time: i64,
    pub(crate) jti: Uuid,
}

/// The claims of a token that is read. `None` is a claim that is missing or malformed; the fault
/// was reported when it was read.
#[derive(Default)]
pub(crate) struct PartialClaims {
    pub(crate) format: TokenFormat,
    pub(crate) api_key: Option<String>,
    pub(crate) application_id: Option<String>,
    pub(crate) session_id: Option<String>,
    pub(crate) role: Option<Role>,
    pub(crate) create_time: Option<i64>,
    pub(crate) expire_time: Option<i64>,
    /// Whether the token has no expiry, so that `expire_time` is the default of T1.
    pub(crate) is_default_expiry: bool,
    /// The time before which a JWT is not valid, in Unix seconds, rounded up.
    pub(crate) not_before: Option<i64>,
    pub(crate) data: Option<String>,
    pub(crate) initial_layout_class_list: Option<Vec<String>>,
    pub(crate) nonce: Option<String>,
}

impl PartialClaims {
    /// The project or the application that the token names.
    pub(crate) fn issuer(&self) -> Option<Issuer<'_>> {
        let application = self.application_id.as_deref().map(Issuer::Application);
        application.or(self.api_key.as_deref().map(Issuer::Project))
    }

    /// The claims, if none is missing.
    pub(crate) fn complete(self) -> Option<Claims> {
        self.issuer()?;
        Some(Claims {
            format: self.format,
            api_key: self.api_key,
            application_id: self.application_id,
            session_id: self.session_id?,
            role: self.role?,
            create_time: self.create_time?,
            expire_time: self.expire_time?,
            data: self.data?,
            initial_layout_class_list: self.initial_layout_class_list?,
            nonce: self.nonce?,
        })
    }
}
