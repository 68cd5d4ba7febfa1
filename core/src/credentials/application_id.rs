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
        let length = id.len();
        let lower = Uuid::from(&id.to_ascii_lowercase()).ok().filter(|lower| is_uuid(lower));
        lower.map(ApplicationId).ok_or(Error::InvalidApplicationId { length })
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}
