//! What a caller can choose, and every check of it.

use crate::error::{Error, ExpireTimeFault};
use crate::limits::{
    DEFAULT_LIFETIME, MAX_DATA_UNITS, MAX_LAYOUT_CLASS_LIST_UNITS, MAX_LEEWAY, MAX_LIFETIME,
    MAX_NONCE, MAX_TIME,
};
use crate::moment;
use crate::role::Role;
use crate::token::TokenFormat;

/// What a new token shall say. `TokenOptions::default()` is a publisher's JWT for 24 hours.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TokenOptions<'a> {
    /// What the holder may do in the session; [`Role::Publisher`] by default.
    pub role: Role,
    /// When the token ends, in Unix seconds: after the creation time, by at most [`MAX_LIFETIME`]. By default the
    /// token lives for [`DEFAULT_LIFETIME`].
    pub expire_time: Option<i64>,
    /// The same as a life in seconds, 1 to [`MAX_LIFETIME`]. Only one of the two may be given.
    pub expires_in: Option<i64>,
    /// Connection data, at most [`MAX_DATA_UNITS`] UTF-16 code units, which everybody in the session can read. Empty
    /// means none.
    pub data: &'a str,
    /// Layout classes without white space and control characters, at most [`MAX_LAYOUT_CLASS_LIST_UNITS`] UTF-16 code
    /// units when joined by one space.
    pub initial_layout_class_list: &'a [&'a str],
    /// The format of the token; [`TokenFormat::Jwt`] by default.
    pub token_format: TokenFormat,
    /// When the token is issued, in Unix seconds, 0 to [`MAX_TIME`]. Leave it unset for the current time; set it to
    /// reproduce a token exactly. Expiry counts from it.
    pub create_time: Option<i64>,
    /// A number that tells equal tokens apart, 0 to [`MAX_NONCE`]. Leave it unset for one that this process has not
    /// used before; set it to reproduce a token exactly.
    pub nonce: Option<i64>,
}

/// What a verified token is held against. `VerifyOptions::default()` is the current time, no leeway and any session of
/// the project.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct VerifyOptions<'a> {
    /// The time of verification in Unix seconds; unset for the current time.
    pub now: Option<i64>,
    /// How many seconds a token is still accepted after its expiry or before its `nbf`, and before its issue time if that
    /// is more than [`MAX_ISSUE_SKEW`](crate::limits::MAX_ISSUE_SKEW); 0 to [`MAX_LEEWAY`], 0 by default.
    pub leeway: i64,
    /// The session that the token must be for; unset for any session of the project.
    pub session_id: Option<&'a str>,
}

/// What an inspected token is held against. `InspectOptions::default()` is the current time and any session. There is no
/// leeway: an inspection agrees with verify without one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct InspectOptions<'a> {
    /// The time of inspection in Unix seconds; unset for the current time.
    pub now: Option<i64>,
    /// The session that the token should be for; unset for any session of the project.
    pub session_id: Option<&'a str>,
}

/// Connection data from the bytes that a border received.
///
/// # Errors
/// [`Error::InvalidData`] if they are not UTF-8. Half of a surrogate pair, which UTF-16 languages can hold and encode
/// as three bytes, is not.
pub fn data_from_utf8(bytes: &[u8]) -> Result<&str, Error> {
    str::from_utf8(bytes).map_err(|_| Error::InvalidData)
}

/// What a token will say: options that have been checked, with time and nonce filled in.
pub(crate) struct Claims<'a> {
    pub(crate) session_id: &'a str,
    pub(crate) role: Role,
    pub(crate) create_time: i64,
    pub(crate) expire_time: i64,
    pub(crate) nonce: i64,
    pub(crate) data: &'a str,
    pub(crate) initial_layout_class_list: &'a [&'a str],
}

impl<'a> TokenOptions<'a> {
    /// Checks every option and reads the clock and a nonce where they are not given. The session ID has been checked.
    pub(crate) fn claims(&self, session_id: &'a str) -> Result<Claims<'a>, Error> {
        let create_time = match self.create_time {
            Some(time) if (0..=MAX_TIME).contains(&time) => time,
            Some(_) => return Err(Error::InvalidCreateTime),
            None => moment::now()?,
        };
        let expire_time = self
            .checked_expire_time(create_time)
            .map_err(|fault| Error::InvalidExpireTime { fault })?;
        check_data(self.data)?;
        check_layout_class_list(self.initial_layout_class_list)?;
        let nonce = match self.nonce {
            Some(nonce) if (0..=MAX_NONCE).contains(&nonce) => nonce,
            Some(_) => return Err(Error::InvalidNonce),
            None => moment::nonce()?,
        };
        Ok(Claims {
            session_id,
            role: self.role,
            create_time,
            expire_time,
            nonce,
            data: self.data,
            initial_layout_class_list: self.initial_layout_class_list,
        })
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
            ..=0 => Err(ExpireTimeFault::NotInFuture {
                by: lifetime.saturating_neg(),
            }),
            1..=MAX_LIFETIME => Ok(create_time + lifetime),
            _ => Err(ExpireTimeFault::TooFar { lifetime }),
        }
    }
}

impl VerifyOptions<'_> {
    pub(crate) fn checked_leeway(&self) -> Result<i64, Error> {
        if (0..=MAX_LEEWAY).contains(&self.leeway) {
            Ok(self.leeway)
        } else {
            Err(Error::InvalidLeeway)
        }
    }
}

/// Length of a text in UTF-16 code units, which is what JavaScript, Java and .NET call its length.
pub(crate) fn utf16_length(text: &str) -> usize {
    if text.is_ascii() {
        text.len()
    } else {
        text.encode_utf16().count()
    }
}

fn check_data(data: &str) -> Result<(), Error> {
    let length = utf16_length(data);
    if length > MAX_DATA_UNITS {
        return Err(Error::DataTooLong { length });
    }
    Ok(())
}

/// Whether a text stays one class in a list separated by spaces, and shows what it is.
fn is_layout_class(class: &str) -> bool {
    let is_plain = |class: &str| class.bytes().all(|byte| byte.is_ascii_graphic());
    let splits_or_hides = |character: char| character.is_whitespace() || character.is_control();
    !class.is_empty() && (is_plain(class) || !class.contains(splits_or_hides))
}

fn check_layout_class_list(classes: &[&str]) -> Result<(), Error> {
    if let Some(index) = classes.iter().position(|class| !is_layout_class(class)) {
        return Err(Error::InvalidLayoutClass { index });
    }
    let spaces = classes.len().saturating_sub(1);
    let length = classes
        .iter()
        .map(|class| utf16_length(class))
        .sum::<usize>()
        + spaces;
    if length > MAX_LAYOUT_CLASS_LIST_UNITS {
        return Err(Error::LayoutClassListTooLong { length });
    }
    Ok(())
}
