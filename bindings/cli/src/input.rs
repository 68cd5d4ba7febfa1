//! What is read besides the command line: the API secret and, for verify and inspect, the token.
//!
//! Editors and `echo` end a file with a line feed. Core refuses whitespace around a secret, since
//! some of it may belong to it, so exactly one line feed (LF or CRLF) is taken off the end of a
//! file or stream, and nothing else.
//!
//! This program's copies of the secret are wiped. The environment and the buffers of the system are
//! out of its reach.

use std::env;
use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Read};

use clap::error::ErrorKind;
use tokmint::limits::MAX_TOKEN_BYTES;
use tokmint::{ErrorCode, OpenTok};
use zeroize::Zeroizing;

use crate::Failure;
use crate::arguments::{Credentials, SECRET_VARIABLE, Secret};

const WAYS_OF_SECRET: &str = "set TOKMINT_API_SECRET in the environment, name its file with --secret-file, or pass it on \
                              standard input with --secret-stdin";

/// Most bytes that are read of a file or stream, so that an endless one cannot fill the memory. No
/// limit of its own, but what it takes to see whether core's is kept: the longest token, a CRLF,
/// and one more byte that shows that there is too much.
const MAX_READ_BYTES: usize = MAX_TOKEN_BYTES + "\r\n".len() + 1;

/// The credentials, with the secret from wherever the command line or the environment says.
pub fn opentok(credentials: &Credentials) -> Result<OpenTok, Failure> {
    match read_secret(&credentials.secret)? {
        Some(secret) => with_secret(&credentials.api_key, &secret),
        None => Err(missing(&format!("there is no API secret; {WAYS_OF_SECRET}"))),
    }
}

/// The credentials, for a command that works without too. Half of them is a mistake, and no reason
/// to leave a signature unchecked.
pub fn optional_opentok(
    api_key: Option<&str>,
    secret: &Secret,
) -> Result<Option<OpenTok>, Failure> {
    match (api_key, read_secret(secret)?) {
        (Some(api_key), Some(secret)) => with_secret(api_key, &secret).map(Some),
        (None, None) => Ok(None),
        (Some(_), None) => Err(missing(&format!(
            "there is an API key without an API secret; {WAYS_OF_SECRET}, or give neither of the two to leave the \
             signature unchecked"
        ))),
        (None, Some(_)) => Err(missing(
            "there is an API secret without an API key; pass it with --api-key or in TOKMINT_API_KEY, or give neither \
             of the two to leave the signature unchecked",
        )),
    }
}

/// The token, from the command line or standard input.
pub fn token(argument: Option<&OsString>, secret: &Secret) -> Result<Vec<u8>, Failure> {
    match argument {
        Some(token) if token != "-" => Ok(token.as_encoded_bytes().to_vec()),
        _ if secret.secret_stdin => Err(usage(
            ErrorKind::ArgumentConflict,
            "standard input cannot be both the API secret and the token; pass the token as an argument, or the \
             secret in another way",
        )),
        _ => Ok(read(io::stdin().lock(), "the token on standard input")?.to_vec()),
    }
}

fn with_secret(api_key: &str, secret: &[u8]) -> Result<OpenTok, Failure> {
    let secret = str::from_utf8(secret).map_err(|_| Failure::Refused {
        code: ErrorCode::InvalidUtf8,
        message: "the API secret is not UTF-8; store it as UTF-8".to_owned(),
    })?;
    Ok(OpenTok::new(api_key, secret)?)
}

fn read_secret(from: &Secret) -> Result<Option<Zeroizing<Vec<u8>>>, Failure> {
    let secret = if from.secret_stdin {
        read(io::stdin().lock(), "the API secret on standard input")?
    } else if let Some(path) = &from.secret_file {
        const NAME: &str = "the API secret's file";
        // The path is not shown: it may be the secret, passed by mistake.
        let file = File::open(path).map_err(|error| unreadable(NAME, &error))?;
        read(file, NAME)?
    } else {
        let secret = env::var_os(SECRET_VARIABLE);
        return Ok(secret.map(|secret| Zeroizing::new(secret.into_encoded_bytes())));
    };
    if secret.len() > MAX_TOKEN_BYTES {
        return Err(usage(
            ErrorKind::Io,
            &format!(
                "the API secret is longer than {MAX_TOKEN_BYTES} bytes; check that this is its file"
            ),
        ));
    }
    Ok(Some(secret))
}

/// Reads a secret or a token without the line feed at its end.
fn read(source: impl Read, name: &str) -> Result<Zeroizing<Vec<u8>>, Failure> {
    // With this capacity the buffer never moves, so no copy stays behind that is not wiped.
    let mut bytes = Zeroizing::new(Vec::with_capacity(MAX_READ_BYTES + 1));
    source
        .take(MAX_READ_BYTES as u64)
        .read_to_end(&mut bytes)
        .map_err(|error| unreadable(name, &error))?;
    if bytes.ends_with(b"\n") {
        bytes.pop();
        if bytes.ends_with(b"\r") {
            bytes.pop();
        }
    }
    Ok(bytes)
}

fn unreadable(name: &str, error: &io::Error) -> Failure {
    usage(ErrorKind::Io, &format!("{name} cannot be read: {error}"))
}

fn missing(sentence: &str) -> Failure {
    usage(ErrorKind::MissingRequiredArgument, sentence)
}

fn usage(kind: ErrorKind, sentence: &str) -> Failure {
    Failure::Usage(clap::Error::raw(kind, format!("{sentence}\n")))
}
