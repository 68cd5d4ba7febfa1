//! The four roles and their names on the wire.

use std::str::FromStr;

use crate::error::Error;
use crate::named::shown_as_name;

/// What the holder of a token may do in the session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Role {
    /// Subscribe to streams only.
    Subscriber,
    /// Publish and subscribe. The default, as in every official SDK.
    #[default]
    Publisher,
    /// Publish only.
    PublisherOnly,
    /// Publish, subscribe, and mute or disconnect others.
    Moderator,
}

impl Role {
    /// Every role.
    pub const ALL: [Role; 4] = [
        Role::Subscriber,
        Role::Publisher,
        Role::PublisherOnly,
        Role::Moderator,
    ];

    /// The name that stands in a token.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Role::Subscriber => "subscriber",
            Role::Publisher => "publisher",
            Role::PublisherOnly => "publisheronly",
            Role::Moderator => "moderator",
        }
    }
}

shown_as_name!(Role);

impl FromStr for Role {
    type Err = Error;

    /// Reads a wire name, exactly as [`Role::name`] gives it.
    ///
    /// # Errors
    /// [`Error::InvalidRole`] for any other text, another case included.
    fn from_str(name: &str) -> Result<Role, Error> {
        Role::ALL
            .into_iter()
            .find(|role| role.name() == name)
            .ok_or(Error::InvalidRole { length: name.len() })
    }
}
