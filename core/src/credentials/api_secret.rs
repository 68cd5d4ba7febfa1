//! API secrets: the shared secret of a project.
//!
//! Secrets in use are 40 hexadecimal digits. Others are accepted, since only the account page knows
//! what it issues, but not what no issuer writes: traces of the file, shell or template that it
//! came from.

use zeroize::Zeroizing;

use super::ApiKey;
use crate::error::{Error, SecretFault};
use crate::wrapping::{is_absent, is_blank, is_invisible, is_quoted};

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
            let fault = SecretFault::ApiKey;
            return Err(Error::InvalidApiSecret { fault });
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
    let is_template = |start, end| secret.starts_with(start) && secret.ends_with(end);
    match secret {
        "" => Some(SecretFault::Empty),
        _ if secret.contains('\0') => Some(SecretFault::Nul),
        _ if is_other_kind(secret) => Some(SecretFault::OtherKind),
        _ if secret.trim_matches(is_blank) != secret => Some(SecretFault::OuterWhitespace),
        _ if is_quoted(secret) => Some(SecretFault::Quoted),
        _ if is_absent(secret)
            || is_template('<', '>')
            || is_template('{', '}')
            || secret.starts_with("${") =>
        {
            Some(SecretFault::Placeholder)
        }
        _ if is_assignment(secret) => Some(SecretFault::Assignment),
        _ if secret.contains(|c: char| c.is_control() || is_invisible(c)) => {
            Some(SecretFault::Unprintable)
        }
        _ => None,
    }
}

/// Whether it is a key or a token: PEM, SSH, JWK, JWT or T1.
fn is_other_kind(secret: &str) -> bool {
    secret.contains("-----BEGIN ")
        || ["ssh-", "ecdsa-sha2-", "T1=="].iter().any(|start| secret.starts_with(start))
        || secret.starts_with('{') && secret.contains('"')
        || secret.starts_with("eyJ") && secret.contains('.')
}

/// Whether it is a whole line of an env file, a shell or YAML: a name that speaks of a secret, and
/// what follows it.
fn is_assignment(secret: &str) -> bool {
    secret.split_once(['=', ':']).is_some_and(|(name, _)| {
        let is_name = |c: char| c.is_ascii_alphanumeric() || " _-.$\"'".contains(c);
        name.to_ascii_lowercase().contains("secret") && name.chars().all(is_name)
    })
}
