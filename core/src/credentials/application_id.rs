//! Application IDs: the UUID of a Vonage application.

use crate::error::Error;
use crate::uuid::{Uuid, is_uuid};

/// The ID of an application in lower case. It is no secret.
pub(crate) struct ApplicationId(Uuid);

impl ApplicationId {
    /// Takes an ID in any case.
    ///
    /// # Errors
    /// [`Error::InvalidApplicationId`] if it is no UUID.
    pub(crate) fn parse(id: &str) -> Result<ApplicationId, Error> {
        let mut lower = Uuid::from(id).unwrap_or_default();
        lower.make_ascii_lowercase();
        let lower = Some(lower).filter(|lower| is_uuid(lower));
        lower.map(ApplicationId).ok_or(Error::InvalidApplicationId { length: id.len() })
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}
