//! The four roles and their names in tokens.

use crate::error::Error;
use crate::names::{named_enum, parsed_by_name};

named_enum! {
    /// What the holder of a token may do in the session.
    ///
    /// ```
    /// use tokmint::Role;
    ///
    /// assert_eq!("moderator".parse(), Ok(Role::Moderator));
    /// assert_eq!(Role::default().name(), "publisher");
    /// ```
    #[derive(Default)]
    #[non_exhaustive]
    Role {
        /// Subscribe to streams only.
        Subscriber = "subscriber",
        /// Publish and subscribe. The default, as in every official SDK.
        #[default]
        Publisher = "publisher",
        /// Publish only.
        PublisherOnly = "publisheronly",
        /// Publish, subscribe, and mute or disconnect others.
        Moderator = "moderator",
    }
}

parsed_by_name!(Role, Error::InvalidRole);
