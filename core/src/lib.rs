//! Mints, verifies and explains OpenTok client connection tokens: the tokens with which a user's
//! app joins a video session.
//!
//! A token carries a role, an expiry and some connection data, and is signed with the credentials
//! that created the session: the API secret of a project, or the private key of a Vonage
//! application. No call to any server is needed.
//!
//! ```
//! use tokmint::{OpenTok, Role, TokenOptions, VerifyOptions};
//!
//! let opentok = OpenTok::new("123456", "1234567890abcdef1234567890abcdef1234567890")?;
//! let session_id = "1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4";
//!
//! let options = TokenOptions::new().role(Role::Moderator).data("name=Johnny").expires_in(3600);
//! let token = opentok.generate_token(session_id, &options)?;
//!
//! let verified = opentok.verify_token(&token, &VerifyOptions::new())?;
//! assert_eq!(verified.role(), Role::Moderator);
//! assert_eq!(verified.data(), "name=Johnny");
//! # Ok::<(), tokmint::Error>(())
//! ```
//!
//! For projects two formats are written: JWTs signed with HS256 and the older `T1==` tokens. For
//! applications there are JWTs signed with RS256, behind the cargo feature `rs256`
//! (`OpenTok::for_application`, `OpenTok::verifier`). What the official server SDKs write is read.
//!
//! Nothing is changed silently: every option has an exact limit (see [`limits`]) and every refusal
//! is a typed [`Error`]. No function panics, whatever it is given.

mod claims;
mod clock;
mod credentials;
mod error;
mod faults;
mod fork;
mod format;
mod host;
mod inspect;
mod keys;
pub mod limits;
mod names;
mod nonce;
mod opentok;
mod options;
mod role;
mod session;
mod session_id;
#[cfg(test)]
mod test_vectors;
mod token;
mod token_format;
mod uuid;
mod verify;
mod wrapping;

pub use claims::Claims;
pub use error::{
    AlgorithmFault, Error, ErrorCode, ErrorGroup, ExpireTimeFault, KeyFault, OptionFault,
    OwnerFault, SecretFault, SessionIdFault, StartFault, TokenFault,
};
#[cfg(all(target_family = "wasm", target_os = "unknown"))]
pub use host::Host;
pub use inspect::{
    ComparedItem, ComparedPart, Comparison, Field, Finding, FindingCode, Impact, Inspection,
    Relation, Severity, SignatureState, inspect_token,
};
pub use opentok::OpenTok;
pub use options::{InspectOptions, RestTokenOptions, TokenOptions, VerifyOptions};
pub use role::Role;
pub use session::{Batch, Session};
pub use session_id::SessionId;
pub use token::Token;
pub use token_format::TokenFormat;

/// Runs the examples of the README, one of which is about applications.
#[cfg(all(doctest, feature = "rs256"))]
#[doc = include_str!("../README.md")]
struct Readme;
