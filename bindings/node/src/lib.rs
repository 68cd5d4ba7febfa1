//! The native half of the npm package `tokmint`: five free functions over Node-API that convert between JavaScript and
//! core. The class, its types and its documentation are in `node/`, the only caller.
//!
//! A call takes positional arguments and a handle, because that is three times as fast as an options object and a
//! native class. Absent options are `undefined`. Types have been checked by the caller, so a failure to convert is a
//! defect, as a panic is; `catch_unwind` makes both an ordinary exception.
//!
//! An exception thrown here carries the error's name as `code`; `errorNumbers` gives the numbers.

mod text;

use std::collections::HashMap;

use napi::bindgen_prelude::External;
use napi_derive::napi;
use tokmint::{ErrorCode, OpenTok, TokenOptions, VerifyOptions};
use zeroize::Zeroizing;

use text::{Ascii, Room, Text, Texts};

/// An exception: a stable name, and a sentence for a person.
type Exception = napi::Error<&'static str>;
type Result<T> = std::result::Result<T, Exception>;

/// The one place where an error of core becomes an exception.
fn exception(error: tokmint::Error) -> Exception {
    Exception::new(error.code().name(), error.to_string())
}

/// Text that is not well-formed Unicode, where core has no error of its own for it.
fn ill_formed(what: &str) -> Exception {
    Exception::new(
        ErrorCode::InvalidUtf8.name(),
        format!("the {what} is not well-formed Unicode: it holds half of a surrogate pair"),
    )
}

/// The version of this binary, which must be that of the JavaScript around it.
#[napi(catch_unwind)]
pub fn version() -> &'static str {
    env!("CARGO_PKG_VERSION")
}

/// The number of every error, by name.
#[napi(catch_unwind)]
pub fn error_numbers() -> HashMap<&'static str, i32> {
    ErrorCode::ALL
        .iter()
        .map(|code| (code.name(), code.number()))
        .collect()
}

/// Makes the handle that the other functions take. JavaScript's garbage collector frees it.
#[napi(catch_unwind)]
pub fn create(api_key: Text, api_secret: Text) -> Result<External<OpenTok>> {
    let (mut key_room, mut secret_room) = (Room::new(), Zeroizing::new(Room::new()));
    let api_key = api_key.read(&mut key_room, || ill_formed("API key"))?;
    let api_secret = api_secret.read(&mut secret_room, || ill_formed("API secret"))?;
    Ok(OpenTok::new(api_key, api_secret).map_err(exception)?.into())
}

/// The API key that the handle was made with.
#[napi(catch_unwind)]
pub fn api_key(opentok: &External<OpenTok>) -> String {
    opentok.api_key().to_owned()
}

/// Generates a token.
#[napi(catch_unwind)]
#[allow(
    clippy::too_many_arguments,
    reason = "one per option: an object would cost more than the token"
)]
pub fn generate(
    opentok: &External<OpenTok>,
    session_id: Text,
    role: Option<Text>,
    expire_time: Option<i64>,
    expires_in: Option<i64>,
    data: Option<Text>,
    initial_layout_class_list: Option<Texts>,
    token_format: Option<Text>,
    create_time: Option<i64>,
    nonce: Option<i64>,
) -> Result<Ascii> {
    let (mut session_id_room, mut data_room, mut name_room) =
        (Room::new(), Room::new(), Room::new());
    let session_id = session_id.read(&mut session_id_room, || ill_formed("session ID"))?;
    let defaults = TokenOptions::default();
    let role = match role {
        Some(role) => role
            .read(&mut name_room, || ill_formed("role"))?
            .parse()
            .map_err(exception)?,
        None => defaults.role,
    };
    let token_format = match token_format {
        Some(format) => format
            .read(&mut name_room, || ill_formed("token format"))?
            .parse()
            .map_err(exception)?,
        None => defaults.token_format,
    };
    let data = match data {
        Some(data) => data.read(&mut data_room, || exception(tokmint::Error::InvalidData))?,
        None => defaults.data,
    };
    let mut classes = String::new();
    let ends = match initial_layout_class_list {
        Some(list) => list.read(&mut classes, || ill_formed("list of layout classes"))?,
        None => vec![],
    };
    let starts = std::iter::once(0).chain(ends.iter().copied());
    let classes: Vec<&str> = starts
        .zip(&ends)
        .map(|(start, &end)| &classes[start..end])
        .collect();
    let options = TokenOptions {
        role,
        expire_time,
        expires_in,
        data,
        initial_layout_class_list: &classes,
        token_format,
        create_time,
        nonce,
    };
    opentok
        .generate_token(session_id, &options)
        .map(Ascii)
        .map_err(exception)
}

/// What a verified token says, in the order of core's fields: an array costs JavaScript a third of what an object does.
type Fields = (
    &'static str,
    String,
    String,
    &'static str,
    i64,
    i64,
    String,
    Vec<String>,
    String,
);

/// Verifies a token.
#[napi(catch_unwind)]
pub fn verify(
    opentok: &External<OpenTok>,
    token: Text,
    now: Option<i64>,
    leeway: Option<i64>,
    session_id: Option<Text>,
) -> Result<Fields> {
    let (mut token_room, mut session_id_room) = (Room::new(), Room::new());
    let token = token.read(&mut token_room, || ill_formed("token"))?;
    let session_id = session_id
        .map(|session_id| session_id.read(&mut session_id_room, || ill_formed("session ID")))
        .transpose()?;
    let options = VerifyOptions {
        now,
        leeway: leeway.unwrap_or(VerifyOptions::default().leeway),
        session_id,
    };
    // Names every field, so that a new one fails the build.
    let tokmint::Token {
        format,
        api_key,
        session_id,
        role,
        create_time,
        expire_time,
        data,
        initial_layout_class_list,
        nonce,
    } = opentok.verify_token(token, &options).map_err(exception)?;
    Ok((
        format.name(),
        api_key,
        session_id,
        role.name(),
        create_time,
        expire_time,
        data,
        initial_layout_class_list,
        nonce,
    ))
}
