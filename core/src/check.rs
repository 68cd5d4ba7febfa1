//! Every check of a token, in one order, for [`verify_token`](crate::OpenTok::verify_token) and
//! [`inspect_token`](crate::inspect_token).
//!
//! Readers and checks hand each fault to an [`Observer`]. That of verify ends the reading at the first one; that of
//! inspect notes it and reads on. So a token that verify accepts is one in which inspect finds no fault.

use crate::error::{Error, StartFault, TokenFault};
use crate::format::{jwt, t1};
use crate::limits::{MAX_ISSUE_SKEW, MAX_LIFETIME, MAX_TOKEN_BYTES};
use crate::role::Role;
use crate::session_id::{ROOM, is_owner, read_owner};
use crate::signature::Signer;
use crate::token::{Token, TokenFormat};

/// Who reads a token: what happens at a fault, and what else there is to see.
pub(crate) trait Observer {
    /// Takes a fault; an error ends the reading.
    fn refuse(&mut self, fault: Error) -> Result<(), Error>;

    /// Checks the signature, where there is a key, and takes the fault.
    fn check_signature(
        &mut self,
        check: impl Fn(&Signer) -> Result<(), Error>,
    ) -> Result<(), Error>;

    /// What can be read of base64 that was refused.
    fn salvage(&self, encoded: &[u8]) -> Option<Vec<u8>>;

    /// Looks at a part before it is read.
    fn see(&mut self, part: Part<'_>);

    /// A value, unless it is a fault.
    fn keep<T>(&mut self, read: Result<T, Error>) -> Result<Option<T>, Error> {
        match read {
            Ok(value) => Ok(Some(value)),
            Err(fault) => self.refuse(fault).map(|()| None),
        }
    }

    /// The bytes that base64 stands for, or what can be read of them.
    fn decode(
        &mut self,
        decode: fn(&[u8]) -> Option<Vec<u8>>,
        encoded: &[u8],
        fault: TokenFault,
    ) -> Result<Option<Vec<u8>>, Error> {
        match decode(encoded) {
            Some(decoded) => Ok(Some(decoded)),
            None => self.refuse(fault.into()).map(|()| self.salvage(encoded)),
        }
    }
}

/// A part of a token that an [`Observer`] can look at.
pub(crate) enum Part<'a> {
    /// The JSON of a JWT's header.
    JwtHeader(&'a [u8]),
    /// The JSON of a JWT's payload.
    JwtPayload(&'a [u8]),
    /// The API key in the head of a T1 token.
    T1Key(&'a str),
    /// The fields of a T1 token.
    T1Data(&'a [u8]),
}

/// The observer of verify: the first fault ends it.
pub(crate) struct Strict<'a> {
    pub(crate) signer: &'a Signer,
}

impl Observer for Strict<'_> {
    fn refuse(&mut self, fault: Error) -> Result<(), Error> {
        Err(fault)
    }

    fn check_signature(
        &mut self,
        check: impl Fn(&Signer) -> Result<(), Error>,
    ) -> Result<(), Error> {
        check(self.signer)
    }

    fn salvage(&self, _: &[u8]) -> Option<Vec<u8>> {
        None
    }

    fn see(&mut self, _: Part<'_>) {}
}

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

/// What a token says. `None` is a field that is missing or does not read; if a [`Token`] cannot be without it, it is
/// among the faults.
#[derive(Default)]
pub(crate) struct Statement {
    pub(crate) format: TokenFormat,
    pub(crate) api_key: Option<String>,
    pub(crate) session_id: Option<String>,
    pub(crate) role: Option<Role>,
    pub(crate) create_time: Option<i64>,
    pub(crate) expire_time: Option<i64>,
    /// The time before which a JWT is not valid, in Unix seconds, rounded up.
    pub(crate) not_before: Option<i64>,
    pub(crate) data: Option<String>,
    pub(crate) initial_layout_class_list: Option<Vec<String>>,
    pub(crate) nonce: Option<String>,
}

impl Statement {
    /// A statement of which nothing was read.
    pub(crate) fn empty(format: TokenFormat) -> Statement {
        Statement {
            format,
            ..Default::default()
        }
    }

    /// The token, if every field was read.
    pub(crate) fn token(self) -> Option<Token> {
        Some(Token {
            format: self.format,
            api_key: self.api_key?,
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
    let statement = match token.strip_prefix(t1::PREFIX) {
        Some(body) => t1::read(body, expected.api_key, observer)?,
        None => jwt::read(token, expected.api_key, observer)?,
    };
    check_session(&statement, expected, observer)?;
    if let Some(now) = observer.keep(expected.now)? {
        check_times(&statement, now, expected.leeway, observer)?;
    }
    Ok(statement)
}

/// Checks that a token names the expected project.
pub(crate) fn check_project(
    api_key: &[u8],
    expected: Option<&str>,
    observer: &mut impl Observer,
) -> Result<(), Error> {
    if expected.is_some_and(|expected| expected.as_bytes() != api_key) {
        observer.refuse(Error::TokenOfOtherProject)?;
    }
    Ok(())
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
