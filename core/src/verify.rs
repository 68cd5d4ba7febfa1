//! Verifying a token: its signature, then its claims, then its session, then its times.
//!
//! [`verify_token`] is the one way to a [`Token`]. The payload is read only from a [`Verified`]
//! value, which only the code that compares signatures makes, so a forgotten check of the signature
//! does not compile. An inspection makes the same checks through [`check_issuer`] and
//! [`check_claims`], with faults that do not end it.
//!
//! [`Verified`]: crate::keys::Verified

use crate::claims::PartialClaims;
use crate::credentials::Issuer;
use crate::error::{Error, StartFault, TokenFault};
use crate::faults::Faults;
use crate::format::{open, read_claims};
use crate::keys::Key;
use crate::limits::{MAX_ISSUE_SKEW, MAX_LIFETIME};
use crate::session_id::owner_fault;
use crate::token::Token;

/// What a token is checked against.
#[derive(Clone, Copy)]
pub(crate) struct Expected<'a> {
    /// The project or the application; `None` for the one that the token names.
    pub(crate) issuer: Option<Issuer<'a>>,
    /// The session; `None` for any of the issuer.
    pub(crate) session_id: Option<&'a str>,
    /// Unix seconds, or why there are none.
    pub(crate) now: Result<i64, Error>,
    /// Seconds, 0 to [`MAX_LEEWAY`](crate::limits::MAX_LEEWAY).
    pub(crate) leeway: i64,
}

/// Verifies a token. The first fault is the error.
pub(crate) fn verify_token(
    token: &[u8],
    key: &Key,
    expected: &Expected<'_>,
) -> Result<Token, Error> {
    let mut faults = Faults::first();
    let mut buffer = Vec::new();

    // The envelope. A JWT names its algorithm and T1 the project outside of the signed bytes, so a
    // token of other credentials gets a specific error.
    let envelope = open(token, expected.issuer, &mut buffer, &mut faults)?;
    let envelope = envelope.ok_or(TokenFault::Shape)?;
    check_issuer(envelope.api_key.map(Issuer::Project), expected, &mut faults)?;

    // The signature, over the bytes as received. Nothing that they say has been read yet.
    let payload = envelope.signed.verify(key)?;

    // The claims, the session and the times.
    let claims = payload.try_map(|payload| {
        let claims = read_claims(payload, &mut faults)?;
        check_claims(&claims, expected, &mut faults)?;
        claims.complete().ok_or(TokenFault::PayloadJson.into())
    })?;
    Ok(Token::new(claims))
}

/// Checks that a token names the expected project or application, if it names one here.
pub(crate) fn check_issuer(
    issuer: Option<Issuer<'_>>,
    expected: &Expected<'_>,
    faults: &mut Faults,
) -> Result<(), Error> {
    if let (Some(issuer), Some(expected)) = (issuer, expected.issuer)
        && let Some(fault) = issuer.fault(expected)
    {
        faults.refuse(Error::TokenOfOtherProject { fault })?;
    }
    Ok(())
}

/// Checks the claims of a token: its issuer, its session, its times.
pub(crate) fn check_claims(
    claims: &PartialClaims<'_>,
    expected: &Expected<'_>,
    faults: &mut Faults,
) -> Result<(), Error> {
    check_issuer(claims.issuer(), expected, faults)?;
    check_session(claims, expected, faults)?;
    if let Some(now) = faults.keep(expected.now)? {
        check_times(claims, now, expected.leeway, faults)?;
    }
    Ok(())
}

fn check_session(
    claims: &PartialClaims<'_>,
    expected: &Expected<'_>,
    faults: &mut Faults,
) -> Result<(), Error> {
    let Some(session_id) = &claims.session_id else {
        return Ok(());
    };
    // The issuer that the token names: that it is the expected one has been checked.
    let issuer = claims.issuer();
    let fault = owner_fault(session_id, issuer.unwrap_or(Issuer::Project("")));
    let fault = faults.keep(fault.map_err(|_| TokenFault::SessionId.into()))?.flatten();
    if let (Some(_), Some(fault)) = (issuer, fault) {
        faults.refuse(Error::SessionOfOtherProject { fault })?;
    }
    if expected.session_id.is_some_and(|expected| expected != session_id) {
        faults.refuse(Error::TokenOfOtherSession)?;
    }
    Ok(())
}

/// The sums cannot overflow: the times of a token are at least 0, and leeway has a limit.
fn check_times(
    claims: &PartialClaims<'_>,
    now: i64,
    leeway: i64,
    faults: &mut Faults,
) -> Result<(), Error> {
    let &PartialClaims { create_time, expire_time, not_before, .. } = claims;
    if let (Some(create_time), Some(expire_time)) = (create_time, expire_time) {
        let lifetime = expire_time - create_time;
        if lifetime > MAX_LIFETIME {
            faults.refuse(Error::LifetimeTooLong { lifetime })?;
        }
    }
    if let Some(expire_time) = expire_time
        && expire_time <= now.saturating_sub(leeway)
    {
        faults.refuse(Error::TokenExpired { by: now.saturating_sub(expire_time) })?;
    }
    if let Some(create_time) = create_time
        && create_time - leeway.max(MAX_ISSUE_SKEW) > now
    {
        let fault = StartFault::CreateTime { ahead: create_time.saturating_sub(now) };
        faults.refuse(Error::TokenNotYetValid { fault })?;
    }
    if let Some(not_before) = not_before
        && not_before - leeway > now
    {
        let fault = StartFault::NotBefore { ahead: not_before.saturating_sub(now) };
        faults.refuse(Error::TokenNotYetValid { fault })?;
    }
    Ok(())
}
