//! What is read besides the command line: the credentials from files and the environment and, for
//! verify, inspect and compare, the token.
//!
//! Editors and `echo` end a file with a line feed. Core refuses whitespace around a secret, since
//! some of it may belong to it, so exactly one line feed (LF or CRLF) is taken off the end of a
//! secret or token in a file or stream. A key is passed as it is: its last byte may be one of DER.
//!
//! This program's copies of secrets and keys are wiped. The environment and the buffers of the
//! system are out of its reach.

use std::env;
use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use clap::error::ErrorKind;
use tokmint::limits::{MAX_KEY_BYTES, MAX_TOKEN_BYTES};
use tokmint::{ErrorCode, OpenTok};
use zeroize::Zeroizing;

use crate::Failure;
use crate::arguments::Credentials;

const API_KEY: &str = "TOKMINT_API_KEY";
const API_SECRET: &str = "TOKMINT_API_SECRET";
const APPLICATION_ID: &str = "TOKMINT_APPLICATION_ID";
const PRIVATE_KEY: &str = "TOKMINT_PRIVATE_KEY";
const PUBLIC_KEY: &str = "TOKMINT_PUBLIC_KEY";

/// Most bytes that are read of a secret or token, so that an endless one cannot fill the memory. No
/// limit of its own, but what it takes to see whether core's is kept: the longest token, a CRLF,
/// and one more byte that shows that there is too much.
const MAX_READ_BYTES: usize = MAX_TOKEN_BYTES + "\r\n".len() + 1;

/// What is wiped when it is dropped.
type Bytes = Zeroizing<Vec<u8>>;

/// The key of an application.
enum Key {
    Private(Bytes),
    Public(Bytes),
}

/// The credentials, from wherever the command line or the environment says.
pub fn opentok(given: &Credentials) -> Result<OpenTok, Failure> {
    optional_opentok(given)?.ok_or_else(|| {
        missing(
            "there are no credentials; pass a project's API key with --api-key or in TOKMINT_API_KEY, or an \
             application's ID with --application-id or in TOKMINT_APPLICATION_ID",
        )
    })
}

/// The credentials, for a command that works without too. Half of them is a mistake, and no reason
/// to leave a signature unchecked.
pub fn optional_opentok(given: &Credentials) -> Result<Option<OpenTok>, Failure> {
    let of_project = set_of(&[API_KEY, API_SECRET]);
    let of_application = set_of(&[APPLICATION_ID, PRIVATE_KEY, PUBLIC_KEY]);
    if given.api_key.is_some() || given.secret_file.is_some() || given.secret_stdin {
        project(given).map(Some)
    } else if given.application_id.is_some() || key_file(given).is_some() {
        application(given).map(Some)
    } else if !of_project.is_empty() && !of_application.is_empty() {
        Err(usage(
            ErrorKind::ArgumentConflict,
            &format!(
                "the environment holds credentials of a project and of an application: {}; choose with --api-key or \
                 --application-id, or unset the variables of one of them",
                [of_project, of_application].concat().join(", "),
            ),
        ))
    } else if !of_project.is_empty() {
        project(given).map(Some)
    } else if !of_application.is_empty() {
        application(given).map(Some)
    } else {
        Ok(None)
    }
}

/// Which of these variables are set. An empty one, as files of settings leave it, does not say
/// which kind of credentials is meant; once that is known, core refuses an empty secret or key.
fn set_of(names: &[&'static str]) -> Vec<&'static str> {
    let is_set = |name: &&&str| env::var_os(name).is_some_and(|value| !value.is_empty());
    names.iter().filter(is_set).copied().collect()
}

fn project(given: &Credentials) -> Result<OpenTok, Failure> {
    match (given_or_set(given.api_key.as_ref(), API_KEY), read_secret(given)?) {
        (Some(api_key), Some(secret)) => with_secret(&api_key, &secret),
        (_, None) => Err(missing(
            "there is no API secret; set TOKMINT_API_SECRET in the environment, name its file with --secret-file, or \
             pass it on standard input with --secret-stdin",
        )),
        (None, Some(_)) => Err(missing(
            "there is an API secret without an API key; pass it with --api-key or in TOKMINT_API_KEY",
        )),
    }
}

fn application(given: &Credentials) -> Result<OpenTok, Failure> {
    match (given_or_set(given.application_id.as_ref(), APPLICATION_ID), read_key(given)?) {
        (Some(id), Some(Key::Private(key))) => Ok(OpenTok::for_application(&id, key.as_slice())?),
        (Some(id), Some(Key::Public(key))) => Ok(OpenTok::verifier(&id, key.as_slice())?),
        (_, None) => Err(missing(
            "there is no key of the application; name the file of its private key with --private-key-file, set \
             TOKMINT_PRIVATE_KEY in the environment, or, to verify and inspect, do so with its public key: \
             --public-key-file, TOKMINT_PUBLIC_KEY",
        )),
        (None, Some(_)) => Err(missing(
            "there is a key without an application ID; pass it with --application-id or in TOKMINT_APPLICATION_ID",
        )),
    }
}

/// The token, from the command line or standard input.
pub fn token(argument: Option<&OsString>, given: &Credentials) -> Result<Vec<u8>, Failure> {
    let taken_for = match key_file(given) {
        Some(path) if is_stdin(path) => Some("key"),
        _ if given.secret_stdin => Some("API secret"),
        _ => None,
    };
    match (argument, taken_for) {
        (Some(token), _) if token != "-" => Ok(token.as_encoded_bytes().to_vec()),
        (_, Some(name)) => Err(usage(
            ErrorKind::ArgumentConflict,
            &format!(
                "standard input cannot be both the {name} and the token; pass the token as an argument, or the {name} \
                 in another way"
            ),
        )),
        _ => token_on_stdin(),
    }
}

/// Two tokens, of which one may be on standard input.
pub fn tokens(arguments: [&OsString; 2]) -> Result<[Vec<u8>; 2], Failure> {
    if arguments.iter().all(|argument| *argument == "-") {
        return Err(usage(
            ErrorKind::ArgumentConflict,
            "standard input cannot be both tokens; pass one of them as an argument",
        ));
    }
    let [old, new] = arguments.map(|argument| match argument {
        token if token == "-" => token_on_stdin(),
        token => Ok(token.as_encoded_bytes().to_vec()),
    });
    Ok([old?, new?])
}

fn token_on_stdin() -> Result<Vec<u8>, Failure> {
    match read_line(io::stdin().lock()) {
        Ok(token) => Ok(token.to_vec()),
        Err(error) => Err(unreadable("the token on standard input", &error)),
    }
}

/// An argument, or else a variable of the environment. Core refuses what is no ID, and so what is
/// no UTF-8.
fn given_or_set(given: Option<&String>, name: &str) -> Option<String> {
    let set = || env::var_os(name).map(|value| value.to_string_lossy().into_owned());
    given.cloned().or_else(set)
}

fn with_secret(api_key: &str, secret: &[u8]) -> Result<OpenTok, Failure> {
    let secret = str::from_utf8(secret).map_err(|_| Failure::Refused {
        code: ErrorCode::InvalidUtf8,
        message: "the API secret is not UTF-8; store it as UTF-8".to_owned(),
    })?;
    Ok(OpenTok::new(api_key, secret)?)
}

fn read_secret(given: &Credentials) -> Result<Option<Bytes>, Failure> {
    let secret = if given.secret_stdin {
        read_line(io::stdin().lock())
            .map_err(|error| unreadable("the API secret on standard input", &error))?
    } else if let Some(path) = &given.secret_file {
        File::open(path)
            .and_then(read_line)
            .map_err(|error| unreadable_file("API secret", "--secret-file", &error))?
    } else {
        return Ok(variable(API_SECRET));
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

fn read_key(given: &Credentials) -> Result<Option<Key>, Failure> {
    if let Some(path) = &given.private_key_file {
        let key = read_key_file(path, "private key", "--private-key-file")?;
        return Ok(Some(Key::Private(key)));
    }
    if let Some(path) = &given.public_key_file {
        let key = read_key_file(path, "public key", "--public-key-file")?;
        return Ok(Some(Key::Public(key)));
    }
    match (variable(PRIVATE_KEY), variable(PUBLIC_KEY)) {
        (Some(private), Some(public)) if !private.is_empty() && !public.is_empty() => Err(usage(
            ErrorKind::ArgumentConflict,
            "the environment holds a private key and a public key; unset TOKMINT_PRIVATE_KEY or TOKMINT_PUBLIC_KEY, or \
             name the file of one of them",
        )),
        (private, Some(public)) if private.as_ref().is_none_or(|key| key.is_empty()) => {
            Ok(Some(Key::Public(public)))
        }
        (private, _) => Ok(private.map(Key::Private)),
    }
}

fn read_key_file(path: &Path, name: &str, option: &str) -> Result<Bytes, Failure> {
    // One byte more than core reads shows that there is too much.
    let limit = MAX_KEY_BYTES + 1;
    let key = if is_stdin(path) {
        read(io::stdin().lock(), limit)
            .map_err(|error| unreadable(&format!("the {name} on standard input"), &error))?
    } else {
        File::open(path)
            .and_then(|file| read(file, limit))
            .map_err(|error| unreadable_file(name, option, &error))?
    };
    if key.len() > MAX_KEY_BYTES {
        return Err(usage(
            ErrorKind::Io,
            &format!(
                "the {name} is longer than {MAX_KEY_BYTES} bytes; check that this is its file"
            ),
        ));
    }
    Ok(key)
}

fn key_file(given: &Credentials) -> Option<&Path> {
    given.private_key_file.as_deref().or(given.public_key_file.as_deref())
}

fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

fn variable(name: &str) -> Option<Bytes> {
    env::var_os(name).map(|value| Zeroizing::new(value.into_encoded_bytes()))
}

/// Reads a secret or a token without the line feed at its end.
fn read_line(source: impl Read) -> io::Result<Bytes> {
    let mut bytes = read(source, MAX_READ_BYTES)?;
    if bytes.ends_with(b"\n") {
        bytes.pop();
        if bytes.ends_with(b"\r") {
            bytes.pop();
        }
    }
    Ok(bytes)
}

/// Reads at most so many bytes.
fn read(source: impl Read, limit: usize) -> io::Result<Bytes> {
    // With this capacity the buffer never moves, so no copy stays behind that is not wiped.
    let mut bytes = Zeroizing::new(Vec::with_capacity(limit + 1));
    source.take(limit as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn unreadable(name: &str, error: &io::Error) -> Failure {
    usage(ErrorKind::Io, &format!("{name} cannot be read: {error}"))
}

/// The path is not shown: it may be the secret, passed by mistake.
fn unreadable_file(name: &str, option: &str, error: &io::Error) -> Failure {
    let sentence =
        format!("the {name}'s file cannot be read: {error}; check the path given with {option}");
    usage(ErrorKind::Io, &sentence)
}

fn missing(sentence: &str) -> Failure {
    usage(ErrorKind::MissingRequiredArgument, sentence)
}

fn usage(kind: ErrorKind, sentence: &str) -> Failure {
    Failure::Usage(clap::Error::raw(kind, format!("{sentence}\n")))
}
