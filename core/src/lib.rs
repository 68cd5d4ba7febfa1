//! Mints, verifies and explains OpenTok client connection tokens: the tokens with which a user's app joins a video session.
//!
//! A token carries a role, an expiry and some connection data, and is signed with the API secret of the project that
//! created the session. No call to any server is needed.
//!
//! ```
//! use tokmint::{OpenTok, Role, TokenOptions, VerifyOptions};
//!
//! let opentok = OpenTok::new("123456", "1234567890abcdef1234567890abcdef1234567890")?;
//! let session_id = "1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4";
//!
//! let token = opentok.generate_token(
//!     session_id,
//!     &TokenOptions { role: Role::Moderator, data: "name=Johnny", expires_in: Some(3600), ..Default::default() },
//! )?;
//!
//! let verified = opentok.verify_token(&token, &VerifyOptions::default())?;
//! assert_eq!(verified.role, Role::Moderator);
//! assert_eq!(verified.data, "name=Johnny");
//! # Ok::<(), tokmint::Error>(())
//! ```
//!
//! Two formats are written: JWTs signed with HS256 and the older `T1==` tokens. What the official server SDKs write in
//! either format is read. Tokens of Vonage applications (RS256) are not supported yet.
//!
//! Nothing is changed silently: every option has an exact limit (see [`limits`]) and every refusal is a typed
//! [`Error`]. No function panics, whatever it is given.

mod api_key;
mod base64;
mod check;
mod error;
mod fork;
mod format;
mod inspect;
pub mod limits;
mod moment;
mod named;
mod observer;
mod opentok;
mod options;
mod role;
mod session_id;
mod signature;
#[cfg(test)]
mod test_data;
mod token;

pub use error::{
    AlgorithmFault, Error, ErrorCode, ExpireTimeFault, SecretFault, SessionIdFault, StartFault,
    TokenFault,
};
pub use inspect::{
    Field, Finding, FindingCode, Inspection, Severity, SignatureState, inspect_token,
};
pub use opentok::OpenTok;
pub use options::{InspectOptions, TokenOptions, VerifyOptions, data_from_utf8};
pub use role::Role;
pub use session_id::SessionId;
pub use token::{Token, TokenFormat};

/// Runs the examples of the repository's README.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
