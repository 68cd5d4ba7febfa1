//! What is read besides the command line: the API secret and, for verify, the token.
//!
//! Editors and `echo` end a text with a line feed. Core refuses white space around a secret, since some of it may
//! belong to it, so exactly one line feed (LF or CRLF) is taken off the end of a file or stream, and nothing else.
//!
//! This program's copies of the secret are wiped. The environment and the buffers of the system are out of its reach.

use std::env;
use std::fs::File;
use std::io::{self, Read};

use clap::error::ErrorKind;
use tokmint::limits::MAX_TOKEN_BYTES;
use tokmint::{ErrorCode, OpenTok};
use zeroize::Zeroizing;

use crate::Failure;
use crate::arguments::{Credentials, SECRET_VARIABLE, Verify};

/// Most bytes that are read of a file or stream, so that an endless one cannot fill the memory: the longest token, a
/// CRLF, and one more byte that shows that there is too much. No secret comes near.
const MAX_READ_BYTES: usize = MAX_TOKEN_BYTES + "\r\n".len() + 1;

/// The credentials, with the secret from wherever the command line or the environment says.
pub fn opentok(credentials: &Credentials) -> Result<OpenTok, Failure> {
    let secret = secret(credentials)?;
    let secret = str::from_utf8(&secret).map_err(|_| Failure::Refused {
        code: ErrorCode::InvalidUtf8,
        message: "the API secret is not UTF-8; store it as UTF-8 text".to_owned(),
    })?;
    Ok(OpenTok::new(&credentials.api_key, secret)?)
}

/// The token, from the command line or standard input.
pub fn token(arguments: &Verify) -> Result<Vec<u8>, Failure> {
    match &arguments.token {
        Some(token) if token != "-" => Ok(token.as_encoded_bytes().to_vec()),
        _ if arguments.credentials.secret_stdin => Err(usage(
            ErrorKind::ArgumentConflict,
            "standard input cannot be both the API secret and the token; pass the token as an argument, or the \
             secret in another way",
        )),
        _ => Ok(read(io::stdin().lock(), "the token on standard input")?.to_vec()),
    }
}

fn secret(credentials: &Credentials) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let secret = if credentials.secret_stdin {
        read(io::stdin().lock(), "the API secret on standard input")?
    } else if let Some(path) = &credentials.secret_file {
        const NAME: &str = "the API secret's file";
        // The path is not shown: it may be the secret, passed by mistake.
        let file = File::open(path).map_err(|error| unreadable(NAME, &error))?;
        read(file, NAME)?
    } else if let Some(secret) = env::var_os(SECRET_VARIABLE) {
        return Ok(Zeroizing::new(secret.into_encoded_bytes()));
    } else {
        return Err(usage(
            ErrorKind::MissingRequiredArgument,
            &format!(
                "there is no API secret; set {SECRET_VARIABLE} in the environment, name its file with \
                 --secret-file, or pass it on standard input with --secret-stdin"
            ),
        ));
    };
    if secret.len() > MAX_TOKEN_BYTES {
        return Err(usage(
            ErrorKind::Io,
            &format!(
                "the API secret is longer than {MAX_TOKEN_BYTES} bytes; check that this is its file"
            ),
        ));
    }
    Ok(secret)
}

/// Reads a text without the line feed at its end.
fn read(source: impl Read, name: &str) -> Result<Zeroizing<Vec<u8>>, Failure> {
    // With room for all of it the buffer never moves, so no copy stays behind that is not wiped.
    let mut text = Zeroizing::new(Vec::with_capacity(MAX_READ_BYTES + 1));
    source
        .take(MAX_READ_BYTES as u64)
        .read_to_end(&mut text)
        .map_err(|error| unreadable(name, &error))?;
    if text.ends_with(b"\n") {
        text.pop();
        if text.ends_with(b"\r") {
            text.pop();
        }
    }
    Ok(text)
}

fn unreadable(name: &str, error: &io::Error) -> Failure {
    usage(ErrorKind::Io, &format!("{name} cannot be read: {error}"))
}

fn usage(kind: ErrorKind, sentence: &str) -> Failure {
    Failure::Usage(clap::Error::raw(kind, format!("{sentence}\n")))
}
