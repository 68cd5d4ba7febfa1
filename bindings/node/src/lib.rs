//! The native half of the npm package `tokmint`: free functions over Node-API that convert between JavaScript and core.
//! The class, its types and its documentation are in `node/`, the only caller.
//!
//! A call takes positional arguments and a handle, because that is three times as fast as an options object and a
//! native class. Absent options are `undefined`. Types have been checked by the caller, so a failure to convert is a
//! defect, as a panic is; `catch_unwind` makes both an ordinary exception.
//!
//! An exception thrown here carries the error's name as `code`; `errorNumbers` gives the numbers.

mod argument;

use std::collections::HashMap;

use napi::bindgen_prelude::External;
use napi_derive::napi;
use tokmint::limits::MAX_TOKEN_BYTES;
use tokmint::{
    Error, ErrorCode, Field, Finding, InspectOptions, Inspection, OpenTok, Token, TokenFormat,
    TokenOptions, VerifyOptions, inspect_token,
};
use zeroize::Zeroizing;

use argument::{Argument, Ascii, Room};

/// An exception: a stable name, and a sentence for a person.
type Exception = napi::Error<&'static str>;
type Result<T> = std::result::Result<T, Exception>;

/// The one place where an error of core becomes an exception.
fn exception(error: Error) -> Exception {
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
pub fn create(api_key: Argument, api_secret: Argument) -> Result<External<OpenTok>> {
    let (mut key_room, mut secret_room) = (Room::new(), Zeroizing::new(Room::new()));
    let api_key = api_key.text(&mut key_room, || ill_formed("API key"))?;
    let api_secret = api_secret.text(&mut secret_room, || ill_formed("API secret"))?;
    Ok(OpenTok::new(api_key, api_secret).map_err(exception)?.into())
}

/// The API key that the handle was made with.
#[napi(catch_unwind)]
pub fn api_key(opentok: &External<OpenTok>) -> String {
    opentok.api_key().to_owned()
}

/// Generates a token. The layout classes come twice: joined by NUL, and as an array.
#[napi(catch_unwind)]
#[allow(
    clippy::too_many_arguments,
    reason = "one per option: an object would cost more than the token"
)]
pub fn generate(
    opentok: &External<OpenTok>,
    session_id: Argument,
    role: Argument,
    expire_time: Argument,
    expires_in: Argument,
    data: Argument,
    joined_classes: Argument,
    classes_array: Argument,
    token_format: Argument,
    create_time: Argument,
    nonce: Argument,
) -> Result<Ascii> {
    let (mut session_id_room, mut data_room) = (Room::new(), Room::new());
    let (mut role_room, mut format_room, mut classes_room) =
        (Room::new(), Room::new(), Room::new());
    let session_id = session_id.text(&mut session_id_room, || ill_formed("session ID"))?;
    let role = role.optional_text(&mut role_room, || ill_formed("role"))?;
    let data = data.optional_text(&mut data_room, || exception(Error::InvalidData))?;
    let token_format =
        token_format.optional_text(&mut format_room, || ill_formed("token format"))?;

    // Fetching the elements of an array one by one takes longer than all else here, so they also come as one text.
    let ill_formed_class = || ill_formed("list of layout classes");
    let joined = joined_classes.optional_text(&mut classes_room, ill_formed_class)?;
    let mut classes: Vec<&str> = joined.map_or(vec![], |joined| joined.split('\0').collect());
    let separate;
    if classes.len() != usize::try_from(classes_array.array_length()?).unwrap_or(usize::MAX) {
        // A class holds the separator. Core will refuse it and say which one it is.
        separate = classes_array.texts(ill_formed_class)?;
        classes = separate.iter().map(String::as_str).collect();
    }

    let defaults = TokenOptions::default();
    let options = TokenOptions {
        role: role
            .map_or(Ok(defaults.role), str::parse)
            .map_err(exception)?,
        expire_time: expire_time.optional_integer()?,
        expires_in: expires_in.optional_integer()?,
        data: data.unwrap_or(defaults.data),
        initial_layout_class_list: &classes,
        token_format: token_format
            .map_or(Ok(defaults.token_format), str::parse)
            .map_err(exception)?,
        create_time: create_time.optional_integer()?,
        nonce: nonce.optional_integer()?,
    };
    opentok
        .generate_token(session_id, &options)
        .map(Ascii)
        .map_err(exception)
}

/// What a token says, in the order of core's fields: making an array takes a third of the time that making an
/// object takes.
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
    token: Argument,
    now: Argument,
    leeway: Argument,
    session_id: Argument,
) -> Result<Fields> {
    // A text has at least as many bytes as code units, so core would answer the same, after megabytes were copied.
    let length = token.utf16_length()?;
    if length > MAX_TOKEN_BYTES {
        return Err(exception(Error::TokenTooLong { length }));
    }
    let (mut token_room, mut session_id_room) = (Room::new(), Room::new());
    let token = token.text(&mut token_room, || ill_formed("token"))?;
    let session_id = session_id.optional_text(&mut session_id_room, || ill_formed("session ID"))?;
    let options = VerifyOptions {
        now: now.optional_integer()?,
        leeway: leeway
            .optional_integer()?
            .unwrap_or(VerifyOptions::default().leeway),
        session_id,
    };
    let token = opentok.verify_token(token, &options);
    Ok(fields(token.map_err(exception)?))
}

fn fields(token: Token) -> Fields {
    // Names every field, so that a new one fails the build.
    let Token {
        format,
        api_key,
        session_id,
        role,
        create_time,
        expire_time,
        data,
        initial_layout_class_list,
        nonce,
    } = token;
    (
        format.name(),
        api_key,
        session_id,
        role.name(),
        create_time,
        expire_time,
        data,
        initial_layout_class_list,
        nonce,
    )
}

/// What an inspection found, in the order of core's fields, then whether verify would refuse the token, and the text.
type Inspected = (
    Option<&'static str>,
    &'static str,
    Vec<(String, String)>,
    Vec<(String, String)>,
    Option<Fields>,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<i64>,
    Vec<(&'static str, &'static str, String, Option<&'static str>)>,
    bool,
    String,
);

/// Inspects a token, with credentials or without.
#[napi(catch_unwind)]
pub fn inspect(
    opentok: Option<&External<OpenTok>>,
    token: Argument,
    now: Argument,
    session_id: Argument,
) -> Result<Inspected> {
    let (mut token_room, mut session_id_room) = (Room::new(), Room::new());
    let token = token.bytes(&mut token_room)?;
    let session_id = session_id.optional_text(&mut session_id_room, || ill_formed("session ID"))?;
    let options = InspectOptions {
        now: now.optional_integer()?,
        session_id,
    };
    let inspection = match opentok {
        Some(opentok) => opentok.inspect_token(token, &options),
        None => inspect_token(token, &options),
    };
    let is_refused = inspection.is_refused();
    let text = inspection.to_string();
    // Names every field, as above.
    let Inspection {
        format,
        signature,
        header,
        fields: claims,
        token,
        created_at,
        expires_at,
        not_before,
        remaining_lifetime,
        findings,
    } = inspection;
    let pairs = |fields: Vec<Field>| {
        let pair = |Field { name, value }| (name, value);
        fields.into_iter().map(pair).collect()
    };
    let finding = |finding| {
        let Finding {
            code,
            severity,
            message,
            server_message,
        } = finding;
        (code.name(), severity.name(), message, server_message)
    };
    Ok((
        format.map(TokenFormat::name),
        signature.name(),
        pairs(header),
        pairs(claims),
        token.map(fields),
        created_at,
        expires_at,
        not_before,
        remaining_lifetime,
        findings.into_iter().map(finding).collect(),
        is_refused,
        text,
    ))
}
