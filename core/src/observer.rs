//! Who reads a token: the difference between verify and inspect.
//!
//! Readers and checks hand each fault to an [`Observer`]. That of verify ends the reading at the first one; that of
//! inspect notes it and reads on. So a token that verify accepts is one in which inspect finds no fault.

use crate::error::{Error, TokenFault};
use crate::role::Role;
use crate::signature::Signer;
use crate::token::{Token, TokenFormat};

/// What happens at a fault, and what else there is to see.
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
    /// Whether the token has no expiry, so that this one is what a T1 token without it is taken to mean.
    pub(crate) is_default_expiry: bool,
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
