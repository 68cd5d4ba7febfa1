//! What a caller holds, and every check of it.

mod api_key;
mod api_secret;
#[cfg(feature = "rs256")]
mod application_id;

pub(crate) use api_key::{ApiKey, is_api_key};
pub(crate) use api_secret::ApiSecret;
#[cfg(feature = "rs256")]
pub(crate) use application_id::ApplicationId;

use crate::error::OwnerFault;
use crate::keys::Algorithm;

/// The project or the application that issues a token or owns a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Issuer<'a> {
    /// Its API key.
    Project(&'a str),
    /// Its application ID, in any case.
    Application(&'a str),
}

impl<'a> Issuer<'a> {
    pub(crate) fn id(self) -> &'a str {
        match self {
            Issuer::Project(id) | Issuer::Application(id) => id,
        }
    }

    /// The name of its ID and the ID itself.
    pub(crate) fn named(self) -> (&'static str, &'a str) {
        match self {
            Issuer::Project(api_key) => ("api_key", api_key),
            Issuer::Application(id) => ("application_id", id),
        }
    }

    /// The algorithm of its JWTs.
    pub(crate) fn algorithm(self) -> Algorithm {
        match self {
            Issuer::Project(_) => Algorithm::Hs256,
            Issuer::Application(_) => Algorithm::Rs256,
        }
    }

    /// How this one differs from the one whose credentials are given; `None` if it is the same.
    pub(crate) fn fault(self, expected: Issuer<'_>) -> Option<OwnerFault> {
        let is_same = self.id() == expected.id() || self.id().eq_ignore_ascii_case(expected.id());
        match (self, expected) {
            (Issuer::Project(_), Issuer::Project(_)) => {
                (!is_same).then_some(OwnerFault::OtherProject)
            }
            (Issuer::Application(_), Issuer::Application(_)) => {
                (!is_same).then_some(OwnerFault::OtherApplication)
            }
            (Issuer::Project(_), Issuer::Application(_)) => Some(OwnerFault::Project),
            (Issuer::Application(_), Issuer::Project(_)) => Some(OwnerFault::Application),
        }
    }
}

/// The credentials of a project or an application. They can be neither cloned nor printed.
pub(crate) enum Credentials {
    Project(ApiKey, ApiSecret),
    #[cfg(feature = "rs256")]
    Application(ApplicationId),
}

impl Credentials {
    pub(crate) fn issuer(&self) -> Issuer<'_> {
        match self {
            Credentials::Project(api_key, _) => Issuer::Project(api_key.as_str()),
            #[cfg(feature = "rs256")]
            Credentials::Application(id) => Issuer::Application(id.as_str()),
        }
    }
}
