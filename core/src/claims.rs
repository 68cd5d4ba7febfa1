//! What a token says: the claims of a JWT, or the fields of a T1 token.
//!
//! [`NewClaims`] are written, complete and within all limits. [`PartialClaims`] are read, as far as
//! they can be. [`Claims`] are those with nothing missing; a [`Token`](crate::Token) holds them
//! once the signature matched.

use std::borrow::Cow;
use std::fmt;

use serde::{Serialize, Serializer};

use crate::credentials::Issuer;
use crate::role::Role;
use crate::token_format::TokenFormat;
use crate::uuid::Uuid;

/// What a token says, with its types. In a [`Token`](crate::Token) they are verified; in an
/// [`Inspection`](crate::Inspection) anybody may have written them.
///
/// All strings share one allocation, so that each is borrowed.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Claims {
    format: TokenFormat,
    is_application: bool,
    role: Role,
    create_time: i64,
    expire_time: i64,
    /// The ID of the issuer, the session ID, the data, the nonce and the layout classes.
    strings: String,
    /// Where the first four of them end.
    ends: [usize; 4],
    /// Where each layout class ends.
    class_ends: Vec<usize>,
}

impl Claims {
    /// The format of the token.
    #[must_use]
    pub fn format(&self) -> TokenFormat {
        self.format
    }

    /// The API key of the project that issued it; `None` if an application did.
    #[must_use]
    pub fn api_key(&self) -> Option<&str> {
        (!self.is_application).then_some(&self.strings[..self.ends[0]])
    }

    /// The ID of the application that issued it, in lower case; `None` if a project did.
    #[must_use]
    pub fn application_id(&self) -> Option<&str> {
        self.is_application.then_some(&self.strings[..self.ends[0]])
    }

    /// The one session it admits to.
    #[must_use]
    pub fn session_id(&self) -> &str {
        &self.strings[self.ends[0]..self.ends[1]]
    }

    /// What its holder may do in the session.
    #[must_use]
    pub fn role(&self) -> Role {
        self.role
    }

    /// When it was issued, in Unix seconds.
    #[must_use]
    pub fn create_time(&self) -> i64 {
        self.create_time
    }

    /// The first second at which it is no longer valid, in Unix seconds. A fraction is rounded
    /// down; a T1 token without one is valid for
    /// [`DEFAULT_LIFETIME`](crate::limits::DEFAULT_LIFETIME).
    #[must_use]
    pub fn expire_time(&self) -> i64 {
        self.expire_time
    }

    /// The connection data, which everybody in the session can read; empty if there is none.
    #[must_use]
    pub fn data(&self) -> &str {
        &self.strings[self.ends[1]..self.ends[2]]
    }

    /// The nonce of a project's token or the `jti` of an application's, exactly as the token spells
    /// it (SDKs write integers, negative ones, fractions and strings); empty if there is none.
    #[must_use]
    pub fn nonce(&self) -> &str {
        &self.strings[self.ends[2]..self.ends[3]]
    }

    /// The layout classes of the holder's streams when an archive or broadcast is composed.
    pub fn initial_layout_class_list(&self) -> impl ExactSizeIterator<Item = &str> + Clone {
        let mut start = self.ends[3];
        self.class_ends.iter().map(move |&end| {
            let class = &self.strings[start..end];
            start = end;
            class
        })
    }
}

/// What the forms of claims show.
mod shown {
    use super::{Role, TokenFormat};

    /// The claims with their names, in the order of every language.
    #[derive(serde::Serialize, Debug)]
    pub(super) struct Claims<'a> {
        pub(super) format: TokenFormat,
        #[serde(skip_serializing_if = "Option::is_none")]
        pub(super) api_key: Option<&'a str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        pub(super) application_id: Option<&'a str>,
        pub(super) session_id: &'a str,
        pub(super) role: Role,
        pub(super) create_time: i64,
        pub(super) expire_time: i64,
        pub(super) data: &'a str,
        pub(super) initial_layout_class_list: Vec<&'a str>,
        pub(super) nonce: &'a str,
    }

    impl<'a> From<&'a super::Claims> for Claims<'a> {
        fn from(claims: &'a super::Claims) -> Self {
            Claims {
                format: claims.format(),
                api_key: claims.api_key(),
                application_id: claims.application_id(),
                session_id: claims.session_id(),
                role: claims.role(),
                create_time: claims.create_time(),
                expire_time: claims.expire_time(),
                data: claims.data(),
                initial_layout_class_list: claims.initial_layout_class_list().collect(),
                nonce: claims.nonce(),
            }
        }
    }
}

impl Serialize for Claims {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        shown::Claims::from(self).serialize(serializer)
    }
}

impl fmt::Debug for Claims {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        shown::Claims::from(self).fmt(formatter)
    }
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

/// The claims of a token that is read, borrowed from it where it spells them plainly. `None` is a
/// claim that is missing or malformed; the fault was reported when it was read.
#[derive(Default)]
pub(crate) struct PartialClaims<'t> {
    pub(crate) format: TokenFormat,
    pub(crate) api_key: Option<Cow<'t, str>>,
    /// In lower case.
    pub(crate) application_id: Option<Cow<'t, str>>,
    pub(crate) session_id: Option<Cow<'t, str>>,
    pub(crate) role: Option<Role>,
    pub(crate) create_time: Option<i64>,
    pub(crate) expire_time: Option<i64>,
    /// Whether the token has no expiry, so that `expire_time` is the default of T1.
    pub(crate) is_default_expiry: bool,
    /// The time before which a JWT is not valid, in Unix seconds, rounded up.
    pub(crate) not_before: Option<i64>,
    pub(crate) data: Option<Cow<'t, str>>,
    pub(crate) layout: Option<Layout<'t>>,
    pub(crate) nonce: Option<Cow<'t, str>>,
}

/// The layout classes of a token as it spells them.
pub(crate) enum Layout<'t> {
    /// Joined by spaces.
    Joined(Cow<'t, str>),
    List(Vec<String>),
}

impl Layout<'_> {
    /// At least the length of all classes together in bytes.
    fn length(&self) -> usize {
        match self {
            Layout::Joined(joined) => joined.len(),
            Layout::List(list) => list.iter().map(String::len).sum(),
        }
    }

    pub(crate) fn classes(&self) -> impl Iterator<Item = &str> {
        let (joined, list) = match self {
            Layout::Joined(joined) => (&**joined, [].as_slice()),
            Layout::List(list) => ("", list.as_slice()),
        };
        let joined = joined.split(' ').filter(|class| !class.is_empty());
        joined.chain(list.iter().map(String::as_str))
    }
}

impl<'t> PartialClaims<'t> {
    /// The project or the application that the token names.
    pub(crate) fn issuer(&self) -> Option<Issuer<'_>> {
        let application = self.application_id.as_deref().map(Issuer::Application);
        application.or(self.api_key.as_deref().map(Issuer::Project))
    }

    /// The claims, if none is missing.
    pub(crate) fn complete(&self) -> Option<Claims> {
        let issuer = self.issuer()?;
        let layout = self.layout.as_ref()?;
        let parts = [
            issuer.id(),
            self.session_id.as_deref()?,
            self.data.as_deref()?,
            self.nonce.as_deref()?,
        ];
        let length = parts.iter().map(|part| part.len()).sum::<usize>() + layout.length();
        let mut strings = String::with_capacity(length);
        let mut end = |string| {
            strings.push_str(string);
            strings.len()
        };
        let ends = parts.map(&mut end);
        let class_ends = layout.classes().map(&mut end).collect();
        let is_application = matches!(issuer, Issuer::Application(_));
        Some(Claims {
            format: self.format,
            is_application,
            role: self.role?,
            create_time: self.create_time?,
            expire_time: self.expire_time?,
            strings,
            ends,
            class_ends,
        })
    }

    /// The same claims when the token is gone.
    pub(crate) fn into_owned(self) -> PartialClaims<'static> {
        let owned = |string: Option<Cow<'_, str>>| string.map(|string| string.into_owned().into());
        PartialClaims {
            api_key: owned(self.api_key),
            application_id: owned(self.application_id),
            session_id: owned(self.session_id),
            data: owned(self.data),
            layout: self.layout.map(|layout| match layout {
                Layout::Joined(joined) => Layout::Joined(joined.into_owned().into()),
                Layout::List(list) => Layout::List(list),
            }),
            nonce: owned(self.nonce),
            ..self
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claims(layout: Layout<'static>) -> Claims {
        let partial = PartialClaims {
            api_key: Some("1".into()),
            session_id: Some("2_é".into()),
            role: Some(Role::Moderator),
            create_time: Some(3),
            expire_time: Some(4),
            data: Some(String::new().into()),
            layout: Some(layout),
            nonce: Some("5".into()),
            ..PartialClaims::default()
        };
        partial.complete().expect("no claim is missing")
    }

    #[test]
    fn claims_are_those_that_were_read_and_print_under_their_own_name() {
        let read = claims(Layout::Joined(" focus  main ".into()));
        assert_eq!(
            format!("{read:?}"),
            "Claims { format: Jwt, api_key: Some(\"1\"), application_id: None, session_id: \"2_é\", \
             role: Moderator, create_time: 3, expire_time: 4, data: \"\", \
             initial_layout_class_list: [\"focus\", \"main\"], nonce: \"5\" }"
        );
        let list = |classes: &[&str]| {
            Layout::List(classes.iter().map(|&class| class.to_owned()).collect())
        };
        assert_eq!(read, claims(list(&["focus", "main"])));
        for other in [list(&["focus main"]), list(&["focus", "main", ""]), list(&["focusmain"])] {
            assert_ne!(read, claims(other));
        }
    }
}
