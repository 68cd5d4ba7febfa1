//! API secrets: the shared secret of a project.
//!
//! Secrets in use are 40 hexadecimal digits. Others are accepted, since only the account page knows
//! what it issues, but not what no issuer writes: traces of the file, shell or template that it
//! came from.

use zeroize::Zeroizing;

use super::ApiKey;
use crate::error::{Error, SecretFault};
use crate::limits::MAX_API_SECRET_BYTES;
use crate::session_id::SessionId;
use crate::wrapping::{QUOTES, is_absent, is_blank, is_invisible};

/// The API secret of a project. It is wiped when it is dropped, and implements neither `Debug` nor
/// `Clone`.
///
/// It is kept beside the key made from it so that an inspection can tell with which form of it a
/// token was signed.
pub(crate) struct ApiSecret(Zeroizing<Box<str>>);

impl ApiSecret {
    /// # Errors
    /// [`Error::InvalidApiSecret`] for a string that cannot be one: see [`SecretFault`].
    pub(crate) fn parse(secret: &str, api_key: &ApiKey) -> Result<ApiSecret, Error> {
        if secret == api_key.as_str() {
            return Err(Error::InvalidApiSecret { fault: SecretFault::ApiKey });
        }
        match fault_of(secret) {
            Some(fault) => Err(Error::InvalidApiSecret { fault }),
            None => Ok(ApiSecret(Zeroizing::new(secret.into()))),
        }
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

fn fault_of(secret: &str) -> Option<SecretFault> {
    match secret {
        "" => Some(SecretFault::Empty),
        _ if secret.len() > MAX_API_SECRET_BYTES => Some(SecretFault::TooLong),
        _ if secret.contains('\0') => Some(SecretFault::Nul),
        _ if is_other_kind(secret) => Some(SecretFault::OtherKind),
        _ if secret.trim_matches(is_blank) != secret => Some(SecretFault::OuterWhitespace),
        _ if secret.starts_with(QUOTES) || secret.ends_with(QUOTES) => Some(SecretFault::Quoted),
        _ if is_absent(secret) || is_template(secret) => Some(SecretFault::Placeholder),
        _ if is_assignment(secret) => Some(SecretFault::Assignment),
        _ if secret.contains(|c: char| c.is_control() || is_invisible(c)) => {
            Some(SecretFault::Unprintable)
        }
        _ => None,
    }
}

/// Whether it is a key, a token or a session ID.
fn is_other_kind(secret: &str) -> bool {
    let is_ssh = ["ssh-", "ecdsa-", "sk-"].iter().any(|start| secret.starts_with(start));
    secret.contains("-- BEGIN ")
        || secret.contains("-----BEGIN ")
        || is_ssh && secret.contains(" AAAA")
        || secret.starts_with('{') && secret.contains('"')
        || secret.starts_with("eyJ") && secret.contains('.')
        || secret.starts_with("T1==")
        || SessionId::parse(secret).is_ok()
}

/// Whether it is the place of a value in a template, a shell or a configuration, or a mask.
fn is_template(secret: &str) -> bool {
    [('<', '>'), ('{', '}'), ('[', ']'), ('%', '%')]
        .iter()
        .any(|&(start, end)| secret.starts_with(start) && secret.ends_with(end))
        || secret.starts_with('$')
        || secret.starts_with("#{")
        || secret.chars().all(|c| c == '*')
}

/// Whether it is a whole line of an env file, a shell or YAML: the name of a secret or key, and a
/// value.
fn is_assignment(secret: &str) -> bool {
    let line = secret.trim_start_matches(['#', ' ']).trim_start_matches("export ");
    let Some((name, value)) = line.split_once('=').or_else(|| line.split_once(": ")) else {
        return false;
    };
    let is_name = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
    let (name, value) = (name.trim_end().to_ascii_lowercase(), value.trim_matches('='));
    let is_named = ["secret", "api_key", "apikey"].iter().any(|word| name.contains(word));
    is_named && name.chars().all(is_name) && !value.is_empty()
}
