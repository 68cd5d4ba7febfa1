//! Every check of a token, in one order, for [`verify_token`](crate::OpenTok::verify_token) and
//! [`inspect_token`](crate::inspect_token).
//!
//! Both decide by these lines: they differ in the [`Observer`] that takes the faults.

use crate::error::{Error, StartFault, TokenFault};
use crate::format::{jwt, t1};
use crate::limits::{MAX_ISSUE_SKEW, MAX_LIFETIME, MAX_TOKEN_BYTES};
use crate::observer::{Observer, Statement};
use crate::session_id::{ROOM, is_owner, read_owner};
use crate::token::TokenFormat;

/// What a token is held against.
#[derive(Clone, Copy)]
pub(crate) struct Expected<'a> {
    /// The project; unset for the one that the token names.
    pub(crate) api_key: Option<&'a str>,
    /// The session; unset for any of the project.
    pub(crate) session_id: Option<&'a str>,
    /// Unix seconds, or why there are none.
    pub(crate) now: Result<i64, Error>,
    /// Seconds, 0 to [`MAX_LEEWAY`](crate::limits::MAX_LEEWAY).
    pub(crate) leeway: i64,
}

/// Reads a token and checks everything. An error is the fault at which the observer ended it.
pub(crate) fn check_token(
    token: &[u8],
    expected: &Expected<'_>,
    observer: &mut impl Observer,
) -> Result<Statement, Error> {
    let length = token.len();
    if length > MAX_TOKEN_BYTES {
        observer.refuse(Error::TokenTooLong { length })?;
        return Ok(Statement::empty(TokenFormat::default()));
    }
    let statement = match token.strip_prefix(t1::PREFIX.as_bytes()) {
        Some(body) => t1::read(body, expected.api_key, observer)?,
        None => jwt::read(token, expected.api_key, observer)?,
    };
    check_session(&statement, expected, observer)?;
    if let Some(now) = observer.keep(expected.now)? {
        check_times(&statement, now, expected.leeway, observer)?;
    }
    Ok(statement)
}

fn check_session(
    statement: &Statement,
    expected: &Expected<'_>,
    observer: &mut impl Observer,
) -> Result<(), Error> {
    let Some(session_id) = &statement.session_id else {
        return Ok(());
    };
    let mut decoded = ROOM;
    let owner = read_owner(session_id, &mut decoded).map_err(|_| TokenFault::SessionId.into());
    // The project that the token names: that it is the expected one has been checked.
    if let (Some(owner), Some(api_key)) = (observer.keep(owner)?, &statement.api_key)
        && !is_owner(owner, api_key)
    {
        observer.refuse(Error::SessionOfOtherProject)?;
    }
    if expected
        .session_id
        .is_some_and(|expected| expected != session_id)
    {
        observer.refuse(Error::TokenOfOtherSession)?;
    }
    Ok(())
}

/// The sums cannot overflow: the times of a token are at least 0, and leeway has a limit.
fn check_times(
    statement: &Statement,
    now: i64,
    leeway: i64,
    observer: &mut impl Observer,
) -> Result<(), Error> {
    let &Statement {
        create_time,
        expire_time,
        not_before,
        ..
    } = statement;
    if let (Some(create_time), Some(expire_time)) = (create_time, expire_time) {
        let lifetime = expire_time - create_time;
        if lifetime > MAX_LIFETIME {
            observer.refuse(Error::LifetimeTooLong { lifetime })?;
        }
    }
    if let Some(expire_time) = expire_time
        && expire_time <= now.saturating_sub(leeway)
    {
        let by = now.saturating_sub(expire_time);
        observer.refuse(Error::TokenExpired { by })?;
    }
    if let Some(create_time) = create_time
        && create_time - leeway.max(MAX_ISSUE_SKEW) > now
    {
        let ahead = create_time.saturating_sub(now);
        let fault = StartFault::CreateTime { ahead };
        observer.refuse(Error::TokenNotYetValid { fault })?;
    }
    if let Some(not_before) = not_before
        && not_before - leeway > now
    {
        let ahead = not_before.saturating_sub(now);
        let fault = StartFault::NotBefore { ahead };
        observer.refuse(Error::TokenNotYetValid { fault })?;
    }
    Ok(())
}
