//! What a caller can choose, and every check of it.
//!
//! A builder method of a number, a role or a format takes it or an `Option` of it; `None` is as if
//! the method had not been called, so that bindings need no default of their own.

use crate::claims::{NewClaims, NewRestClaims, Nonce};
use crate::clock;
use crate::credentials::Issuer;
use crate::error::{Error, ExpireTimeFault, OptionFault};
use crate::limits::{
    DEFAULT_APPLICATION_REST_LIFETIME, DEFAULT_LIFETIME, DEFAULT_PROJECT_REST_LIFETIME,
    MAX_DATA_UNITS, MAX_LAYOUT_CLASS_LIST_UNITS, MAX_LEEWAY, MAX_LIFETIME, MAX_NONCE,
    MAX_REST_LIFETIME, MAX_TIME,
};
use crate::nonce;
use crate::role::Role;
use crate::token_format::TokenFormat;
use crate::uuid::{Uuid, is_uuid};

/// Declares the builder methods of options that have a default.
macro_rules! optional {
    ($($(#[$doc:meta])* $name:ident: $type:ty,)*) => {$(
        $(#[$doc])*
        pub fn $name(mut self, $name: impl Into<Option<$type>>) -> Self {
            self.$name = $name.into();
            self
        }
    )*};
}

/// Options for a new token. Without any it is a publisher's JWT for 24 hours.
///
/// Where several options are at fault, the error is that of the first one in this order: the
/// session ID, the credentials without a private key, `token_format`, `nonce` and `jti` that these
/// credentials do not have, `create_time`, the expiry, `data`, `initial_layout_class_list`, the
/// value of `nonce` or `jti`. Bindings parse the names of the role and of the format and decode the
/// data, in this order, before all of them.
///
/// ```
/// use tokmint::{OpenTok, Role, TokenFormat, TokenOptions};
///
/// let opentok = OpenTok::new("123456", "1234567890abcdef1234567890abcdef1234567890")?;
/// let session_id = "1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4";
///
/// let options = TokenOptions::new()
///     .role(Role::Moderator)
///     .expires_in(3600)
///     .data("name=Johnny")
///     .initial_layout_class_list(&["focus"])
///     .token_format(TokenFormat::T1);
/// assert!(opentok.generate_token(session_id, &options)?.starts_with("T1=="));
/// # Ok::<(), tokmint::Error>(())
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[must_use = "options do nothing until they are passed to a call"]
pub struct TokenOptions<'a> {
    role: Option<Role>,
    expire_time: Option<i64>,
    expires_in: Option<i64>,
    data: &'a str,
    initial_layout_class_list: &'a [&'a str],
    token_format: Option<TokenFormat>,
    create_time: Option<i64>,
    nonce: Option<i64>,
    jti: Option<&'a str>,
}

/// Options for a token for REST calls. Without any it lives 180 s
/// ([`DEFAULT_PROJECT_REST_LIFETIME`]) for a project and 900 s
/// ([`DEFAULT_APPLICATION_REST_LIFETIME`]) for an application.
///
/// Where several options are at fault, the error is that of the first one in this order:
/// credentials without a private key, `create_time`, `expires_in`, `jti`.
///
/// ```
/// use tokmint::{OpenTok, RestTokenOptions};
///
/// let opentok = OpenTok::new("123456", "1234567890abcdef1234567890abcdef1234567890")?;
/// let token = opentok.generate_rest_token(&RestTokenOptions::new().expires_in(60))?;
/// assert!(token.starts_with("eyJ"));
/// # Ok::<(), tokmint::Error>(())
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[must_use = "options do nothing until they are passed to a call"]
pub struct RestTokenOptions<'a> {
    expires_in: Option<i64>,
    create_time: Option<i64>,
    jti: Option<&'a str>,
}

/// Options for verifying a token. Without any it is verified at the current time, with no leeway,
/// for any session of the issuer.
///
/// ```
/// use tokmint::{OpenTok, TokenOptions, VerifyOptions};
///
/// let opentok = OpenTok::new("123456", "1234567890abcdef1234567890abcdef1234567890")?;
/// let session_id = "1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4";
/// let options = TokenOptions::new().create_time(1_700_000_000).expires_in(60);
/// let token = opentok.generate_token(session_id, &options)?;
///
/// let late = VerifyOptions::new().now(1_700_000_065).session_id(session_id);
/// assert!(opentok.verify_token(&token, &late).is_err());
/// assert!(opentok.verify_token(&token, &late.leeway(10)).is_ok());
/// # Ok::<(), tokmint::Error>(())
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[must_use = "options do nothing until they are passed to a call"]
pub struct VerifyOptions<'a> {
    pub(crate) now: Option<i64>,
    leeway: Option<i64>,
    pub(crate) session_id: Option<&'a str>,
}

/// Options for inspecting a token. Without any it is inspected at the current time, for any
/// session. There is no leeway: an inspection agrees with verify without one.
///
/// ```
/// use tokmint::{InspectOptions, inspect_token};
///
/// let inspection = inspect_token("T1==", &InspectOptions::new().now(1_700_000_000));
/// assert_eq!(inspection.now, Some(1_700_000_000));
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[must_use = "options do nothing until they are passed to a call"]
pub struct InspectOptions<'a> {
    pub(crate) now: Option<i64>,
    pub(crate) session_id: Option<&'a str>,
}

impl<'a> TokenOptions<'a> {
    /// No option.
    pub fn new() -> Self {
        Self::default()
    }

    optional! {
        /// What the holder may do in the session; [`Role::Publisher`] by default.
        role: Role,
        /// When the token expires, in Unix seconds: after the creation time, by at most
        /// [`MAX_LIFETIME`]. By default its lifetime is [`DEFAULT_LIFETIME`].
        expire_time: i64,
        /// The expiry as a lifetime in seconds, 1 to [`MAX_LIFETIME`]. Set only one of the two.
        expires_in: i64,
        /// The format of the token; [`TokenFormat::Jwt`] by default. Applications have no other.
        token_format: TokenFormat,
        /// When the token is issued, in Unix seconds, 0 to [`MAX_TIME`]; the current time by
        /// default. Set it to reproduce a token exactly. Expiry counts from it.
        create_time: i64,
        /// A number that tells equal tokens of a project apart, 0 to [`MAX_NONCE`]; by default one
        /// that this process has not used before. Set it to reproduce a token exactly.
        nonce: i64,
        /// A UUID in lower case that tells equal tokens of an application apart; by default a
        /// random one. Set it to reproduce a token exactly.
        jti: &'a str,
    }

    /// Connection data, at most [`MAX_DATA_UNITS`] UTF-16 code units, which everybody in the
    /// session can read. Empty, the default, means none.
    pub fn data(mut self, data: &'a str) -> Self {
        self.data = data;
        self
    }

    /// Layout classes without whitespace and control characters, at most
    /// [`MAX_LAYOUT_CLASS_LIST_UNITS`] UTF-16 code units when joined by one space. None by default.
    pub fn initial_layout_class_list(mut self, classes: &'a [&'a str]) -> Self {
        self.initial_layout_class_list = classes;
        self
    }

    pub(crate) fn format(&self) -> TokenFormat {
        self.token_format.unwrap_or_default()
    }

    /// Checks every option and fills in a nonce, and the time of this clock.
    pub(crate) fn claims(
        &self,
        issuer: Issuer<'a>,
        now: impl FnOnce() -> Result<i64, Error>,
    ) -> Result<NewClaims<'a>, Error> {
        self.check_kind(issuer).map_err(|fault| Error::UnsupportedOption { fault })?;
        let create_time = given_or_now(self.create_time, now)?;
        let expire_time = self
            .checked_expire_time(create_time)
            .map_err(|fault| Error::InvalidExpireTime { fault })?;
        check_data(self.data)?;
        check_layout_class_list(self.initial_layout_class_list)?;
        let nonce = match (issuer, self.nonce) {
            (Issuer::Application(_), _) => Nonce::Uuid(given_or_random(self.jti)?),
            (_, Some(nonce)) if (0..=MAX_NONCE).contains(&nonce) => Nonce::Integer(nonce),
            (_, Some(_)) => return Err(Error::InvalidNonce),
            (_, None) => Nonce::Integer(nonce::next_nonce()?),
        };
        Ok(NewClaims {
            issuer,
            role: self.role.unwrap_or_default(),
            create_time,
            expire_time,
            nonce,
            data: self.data,
            initial_layout_class_list: self.initial_layout_class_list,
        })
    }

    /// Checks that these credentials have every option that is given.
    fn check_kind(&self, issuer: Issuer<'_>) -> Result<(), OptionFault> {
        match issuer {
            Issuer::Application(_) if self.format() == TokenFormat::T1 => {
                Err(OptionFault::TokenFormat)
            }
            Issuer::Application(_) if self.nonce.is_some() => Err(OptionFault::Nonce),
            Issuer::Project(_) if self.jti.is_some() => Err(OptionFault::Jti),
            _ => Ok(()),
        }
    }

    fn checked_expire_time(&self, create_time: i64) -> Result<i64, ExpireTimeFault> {
        let lifetime = match (self.expire_time, self.expires_in) {
            (Some(_), Some(_)) => return Err(ExpireTimeFault::GivenTwice),
            (Some(time), None) if time > MAX_TIME => return Err(ExpireTimeFault::Milliseconds),
            (Some(time), None) => time.saturating_sub(create_time),
            (None, Some(lifetime)) => lifetime,
            (None, None) => DEFAULT_LIFETIME,
        };
        match lifetime {
            ..=0 => Err(ExpireTimeFault::NotInFuture { by: lifetime.saturating_neg() }),
            1..=MAX_LIFETIME => Ok(create_time + lifetime),
            _ => Err(ExpireTimeFault::TooFar { lifetime }),
        }
    }
}

impl<'a> RestTokenOptions<'a> {
    /// No option.
    pub fn new() -> Self {
        Self::default()
    }

    optional! {
        /// How long the token lives in seconds, 1 to [`MAX_REST_LIFETIME`]. For a project the
        /// platform documents at most 300 s.
        expires_in: i64,
        /// When the token is issued, in Unix seconds, 0 to [`MAX_TIME`]; the current time by
        /// default.
        create_time: i64,
        /// A UUID in lower case that tells equal tokens apart; by default a random one.
        jti: &'a str,
    }

    /// Checks every option and fills in the clock and a UUID.
    pub(crate) fn claims(&self, issuer: Issuer<'a>) -> Result<NewRestClaims<'a>, Error> {
        let create_time = given_or_now(self.create_time, clock::now)?;
        let lifetime = self.expires_in.unwrap_or(match issuer {
            Issuer::Project(_) => DEFAULT_PROJECT_REST_LIFETIME,
            Issuer::Application(_) => DEFAULT_APPLICATION_REST_LIFETIME,
        });
        let fault = match lifetime {
            ..=0 => Some(ExpireTimeFault::NotInFuture { by: lifetime.saturating_neg() }),
            1..=MAX_REST_LIFETIME => None,
            _ => Some(ExpireTimeFault::TooFarForRest { lifetime }),
        };
        if let Some(fault) = fault {
            return Err(Error::InvalidExpireTime { fault });
        }
        let jti = given_or_random(self.jti)?;
        Ok(NewRestClaims { issuer, create_time, expire_time: create_time + lifetime, jti })
    }
}

impl<'a> VerifyOptions<'a> {
    /// No option.
    pub fn new() -> Self {
        Self::default()
    }

    optional! {
        /// The time of verification in Unix seconds; the current time by default.
        now: i64,
        /// How many seconds a token is still accepted after its expiry or before its `nbf`, and
        /// before its issue time if that is more than
        /// [`MAX_ISSUE_SKEW`](crate::limits::MAX_ISSUE_SKEW); 0 to [`MAX_LEEWAY`], 0 by default.
        leeway: i64,
        /// The session that the token must be for; any session of the issuer by default.
        session_id: &'a str,
    }

    pub(crate) fn checked_leeway(&self) -> Result<i64, Error> {
        let leeway = self.leeway.unwrap_or_default();
        (0..=MAX_LEEWAY).contains(&leeway).then_some(leeway).ok_or(Error::InvalidLeeway)
    }
}

impl<'a> InspectOptions<'a> {
    /// No option.
    pub fn new() -> Self {
        Self::default()
    }

    optional! {
        /// The time of inspection in Unix seconds; the current time by default.
        now: i64,
        /// The session that the token should be for; any session of the issuer by default.
        session_id: &'a str,
    }
}

/// The time of issue, in Unix seconds.
fn given_or_now(
    create_time: Option<i64>,
    now: impl FnOnce() -> Result<i64, Error>,
) -> Result<i64, Error> {
    match create_time {
        Some(time) if (0..=MAX_TIME).contains(&time) => Ok(time),
        Some(_) => Err(Error::InvalidCreateTime),
        None => now(),
    }
}

fn given_or_random(jti: Option<&str>) -> Result<Uuid, Error> {
    let Some(jti) = jti else {
        return nonce::random_uuid();
    };
    let is_lower = is_uuid(jti) && !jti.bytes().any(|byte| byte.is_ascii_uppercase());
    let uuid = Uuid::from(jti).ok().filter(|_| is_lower);
    uuid.ok_or(Error::InvalidJti { length: jti.len() })
}

/// Length of a string in UTF-16 code units, which is what JavaScript, Java and .NET call its
/// length.
pub(crate) fn utf16_length(string: &str) -> usize {
    if string.is_ascii() { string.len() } else { string.encode_utf16().count() }
}

fn check_data(data: &str) -> Result<(), Error> {
    let length = utf16_length(data);
    if length > MAX_DATA_UNITS {
        return Err(Error::DataTooLong { length });
    }
    Ok(())
}

/// Whether a string stays one class in a list separated by spaces, and shows what it is.
fn is_layout_class(class: &str) -> bool {
    let splits_or_hides = |character: char| character.is_whitespace() || character.is_control();
    let is_plain = class.bytes().all(|byte| byte.is_ascii_graphic());
    // Looking at the bytes of ASCII classes first saves 1 % of the instructions of a T1 token.
    !class.is_empty() && (is_plain || !class.contains(splits_or_hides))
}

fn check_layout_class_list(classes: &[&str]) -> Result<(), Error> {
    if let Some(index) = classes.iter().position(|class| !is_layout_class(class)) {
        return Err(Error::InvalidLayoutClass { index });
    }
    let spaces = classes.len().saturating_sub(1);
    let length = classes.iter().map(|class| utf16_length(class)).sum::<usize>() + spaces;
    if length > MAX_LAYOUT_CLASS_LIST_UNITS {
        return Err(Error::LayoutClassListTooLong { length });
    }
    Ok(())
}
