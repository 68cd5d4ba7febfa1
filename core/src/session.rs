//! A session prepared once: what its tokens share is checked, encoded and hashed when it is made.
//!
//! A token for a session is, byte for byte, that of
//! [`OpenTok::generate_token`](crate::OpenTok::generate_token).

use std::fmt;
use std::sync::Arc;

use crate::claims::NewClaims;
use crate::clock;
use crate::error::Error;
use crate::format::{Buffer, Prefix, Prefixes, write_end, write_middle};
use crate::opentok::{Account, OpenTok, check_session};
use crate::options::{TokenOptions, VerifyOptions};
use crate::role::Role;
use crate::token::Token;
use crate::token_format::TokenFormat;

/// One session of an [`OpenTok`], to generate many tokens for it. Immutable, and safe to share
/// between threads. It keeps the credentials alive, so its `OpenTok` may be dropped before it.
///
/// It wipes what follows from the key when it is dropped. It cannot be cloned, serialized or
/// printed with that.
pub struct Session(Arc<Prepared>);

/// What a session and its batches share.
struct Prepared {
    account: Arc<Account>,
    session_id: String,
    prefixes: Prefixes,
}

impl Prepared {
    fn claims<'a>(
        &'a self,
        options: &TokenOptions<'a>,
        now: impl FnOnce() -> Result<i64, Error>,
    ) -> Result<NewClaims<'a>, Error> {
        self.account.check_can_sign()?;
        options.claims(self.account.issuer(), now)
    }
}

impl OpenTok {
    /// Prepares a session, so that each of its tokens takes less time. Worth it from about five
    /// tokens on.
    ///
    /// ```
    /// use tokmint::{OpenTok, Role, TokenOptions};
    ///
    /// let opentok = OpenTok::new("123456", "1234567890abcdef1234567890abcdef1234567890")?;
    /// let session_id = "1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4";
    ///
    /// let session = opentok.session(session_id)?;
    /// for name in ["name=Johnny", "name=Jane"] {
    ///     let token = session.generate_token(&TokenOptions::new().data(name))?;
    ///     assert!(token.starts_with("eyJ"));
    /// }
    /// # Ok::<(), tokmint::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::InvalidSessionId`]; [`Error::SessionOfOtherProject`] if another project or
    /// application created the session.
    pub fn session(&self, session_id: &str) -> Result<Session, Error> {
        let account = Arc::clone(self.account());
        check_session(session_id, account.issuer())?;
        let prefixes = account.prefixes.of_session(account.issuer(), session_id);
        let session_id = session_id.to_owned();
        Ok(Session(Arc::new(Prepared { account, session_id, prefixes })))
    }
}

impl Session {
    /// The ID of the session, which is no secret.
    #[must_use]
    pub fn session_id(&self) -> &str {
        &self.0.session_id
    }

    /// Generates a token that admits its holder to the session.
    ///
    /// # Errors
    /// Those of [`OpenTok::generate_token`] but for the session ID's.
    pub fn generate_token(&self, options: &TokenOptions<'_>) -> Result<String, Error> {
        let mut unsigned = Buffer::new();
        self.write_unsigned(options, &mut unsigned)?.signed(&mut unsigned)
    }

    /// Generates a token as [`Session::generate_token`] does, to the start of a buffer, as
    /// [`OpenTok::generate_token_into`] does.
    ///
    /// # Errors
    /// Those of [`OpenTok::generate_token_into`] but for the session ID's.
    pub fn generate_token_into(
        &self,
        options: &TokenOptions<'_>,
        buffer: &mut [u8],
    ) -> Result<usize, Error> {
        let mut unsigned = Buffer::new();
        self.write_unsigned(options, &mut unsigned)?.signed_into(&mut unsigned, buffer)
    }

    fn write_unsigned(
        &self,
        options: &TokenOptions<'_>,
        unsigned: &mut Buffer,
    ) -> Result<&Prefix, Error> {
        let claims = self.0.claims(options, clock::now)?;
        let prefix = self.0.prefixes.of(options.format());
        write_after(prefix, &claims, unsigned);
        Ok(prefix)
    }

    /// Generates many tokens, one for each item, in order. An item at fault has its own error, and
    /// the others have their tokens.
    ///
    /// The clock is read once, when this is called. A token takes the least time if its format,
    /// role, times and layout classes are those of the item before, and both have data or none. The
    /// tokens are generated as the iterator is advanced, so that any number of them takes no more
    /// memory than one. The iterator borrows the session; a [`Batch`] does not.
    ///
    /// ```
    /// use tokmint::{ErrorCode, OpenTok, TokenOptions};
    ///
    /// let opentok = OpenTok::new("123456", "1234567890abcdef1234567890abcdef1234567890")?;
    /// let session_id = "1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4";
    /// let session = opentok.session(session_id)?;
    ///
    /// let long = "x".repeat(1001);
    /// let options = ["a=1", &long, "a=2"].map(|data| TokenOptions::new().data(data));
    /// let results: Vec<_> = session.generate_tokens(options).collect();
    /// assert_eq!(results.len(), 3);
    /// assert_eq!(results[1].as_ref().unwrap_err().code(), ErrorCode::DataTooLong);
    /// assert!(results[2].as_ref().unwrap().starts_with("eyJ"));
    /// # Ok::<(), tokmint::Error>(())
    /// ```
    ///
    /// # Errors
    /// Of each item, those of [`Session::generate_token`].
    pub fn generate_tokens<'a>(
        &self,
        options: impl IntoIterator<Item = TokenOptions<'a>>,
    ) -> impl Iterator<Item = Result<String, Error>> {
        let mut batch = Batch::new(self);
        options.into_iter().map(move |options| batch.generate_token(&options))
    }

    /// Verifies a token as [`OpenTok::verify_token`] does. It must be for this session.
    ///
    /// # Errors
    /// Those of [`OpenTok::verify_token`]; [`Error::TokenOfOtherSession`] also if the options name
    /// another session.
    pub fn verify_token(
        &self,
        token: impl AsRef<[u8]>,
        options: &VerifyOptions<'_>,
    ) -> Result<Token, Error> {
        let session_id = match options.session_id {
            // No token is for two sessions, and none is for the session without an ID.
            Some(other) if other != self.session_id() => "",
            _ => self.session_id(),
        };
        self.0.account.verify_token(token.as_ref(), Some(session_id), options)
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, id) = self.0.account.issuer().named();
        formatter
            .debug_struct("Session")
            .field(name, &id)
            .field("session_id", &self.session_id())
            .finish_non_exhaustive()
    }
}

/// The state of [`Session::generate_tokens`], for programs whose options come one by one: the time
/// at which it was made, and what the last token shared with the one before. It keeps its session
/// alive.
///
/// ```
/// use tokmint::{Batch, OpenTok, TokenOptions};
///
/// let opentok = OpenTok::new("123456", "1234567890abcdef1234567890abcdef1234567890")?;
/// let session_id = "1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4";
///
/// let mut batch = Batch::new(&opentok.session(session_id)?);
/// let token = batch.generate_token(&TokenOptions::new().data("name=Johnny"))?;
/// # Ok::<(), tokmint::Error>(())
/// ```
pub struct Batch {
    session: Arc<Prepared>,
    now: Result<i64, Error>,
    last: Option<Common>,
}

impl Batch {
    /// Reads the clock, which is the create time of every token that is given none. If it cannot be
    /// read, that is the error of these.
    pub fn new(session: &Session) -> Batch {
        Batch { session: Arc::clone(&session.0), now: clock::now(), last: None }
    }

    /// Generates the next token.
    ///
    /// # Errors
    /// Those of [`Session::generate_token`].
    pub fn generate_token(&mut self, options: &TokenOptions<'_>) -> Result<String, Error> {
        let mut unsigned = Buffer::new();
        self.write_unsigned(options, &mut unsigned)?.signed(&mut unsigned)
    }

    /// Generates the next token to the start of a buffer, as [`Session::generate_token_into`] does.
    ///
    /// # Errors
    /// Those of [`Session::generate_token_into`].
    pub fn generate_token_into(
        &mut self,
        options: &TokenOptions<'_>,
        buffer: &mut [u8],
    ) -> Result<usize, Error> {
        let mut unsigned = Buffer::new();
        self.write_unsigned(options, &mut unsigned)?.signed_into(&mut unsigned, buffer)
    }

    fn write_unsigned(
        &mut self,
        options: &TokenOptions<'_>,
        unsigned: &mut Buffer,
    ) -> Result<&Prefix, Error> {
        let claims = self.session.claims(options, || self.now)?;
        let format = options.format();
        let prefix = self.session.prefixes.of(format);
        let is_repeated = self.last.as_ref().is_some_and(|last| last.is_of(format, &claims));
        if !is_repeated {
            self.last = Some(Common::new(format, &claims));
            write_after(prefix, &claims, unsigned);
            return Ok(prefix);
        }
        // What two tokens share is worth preparing for the ones behind.
        let last = self.last.as_mut().expect("what is repeated is the last one");
        let common = last.prefix.get_or_insert_with(|| {
            prefix.extended(|unsigned| write_middle(format, &claims, unsigned))
        });
        common.start(unsigned);
        write_end(format, &claims, unsigned);
        Ok(common)
    }
}

impl fmt::Debug for Batch {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Batch").field("now", &self.now).finish_non_exhaustive()
    }
}

/// What tokens have in common up to [`write_end`].
struct Common {
    format: TokenFormat,
    role: Role,
    create_time: i64,
    expire_time: i64,
    initial_layout_class_list: Vec<String>,
    is_without_data: bool,
    /// `None` until a second token has it too.
    prefix: Option<Prefix>,
}

impl Common {
    fn new(format: TokenFormat, claims: &NewClaims<'_>) -> Common {
        let classes = claims.initial_layout_class_list.iter();
        Common {
            format,
            role: claims.role,
            create_time: claims.create_time,
            expire_time: claims.expire_time,
            initial_layout_class_list: classes.map(|&class| class.to_owned()).collect(),
            is_without_data: claims.data.is_empty(),
            prefix: None,
        }
    }

    fn is_of(&self, format: TokenFormat, claims: &NewClaims<'_>) -> bool {
        // Every claim is named, so that a new one is not forgotten.
        let &NewClaims {
            issuer: _,
            nonce: _,
            role,
            create_time,
            expire_time,
            data,
            initial_layout_class_list,
        } = claims;
        self.format == format
            && self.role == role
            && self.create_time == create_time
            && self.expire_time == expire_time
            && self.is_without_data == data.is_empty()
            && self.initial_layout_class_list == initial_layout_class_list
    }
}

/// Writes what follows the prefix of a session.
fn write_after(prefix: &Prefix, claims: &NewClaims<'_>, unsigned: &mut Buffer) {
    prefix.start(unsigned);
    write_middle(prefix.format(), claims, unsigned);
    write_end(prefix.format(), claims, unsigned);
}
