//! The native half of the npm package `tokmint`: free functions over Node-API that convert between
//! JavaScript and core. The class, its types and its documentation are in `node/`, the only caller.
//!
//! A call takes positional arguments and a handle: that is three times as fast as an options object
//! and a native class. Absent options are `undefined`. index.js has checked the types, so a failure
//! to convert is a defect, as a panic is; `catch_unwind` makes both an ordinary exception, also in
//! `call`.
//!
//! An exception thrown here carries the error's name as `code`; `errorNumbers` gives the numbers.

mod argument;
mod call;
mod handle;

use std::cell::RefCell;
use std::collections::HashMap;
use std::str::FromStr;

use napi::bindgen_prelude::{JsObjectValue, Object};
use napi::{Env, JsString, sys};
use napi_derive::napi;
use tokmint::limits::MAX_TOKEN_BYTES;
use tokmint::{
    Batch, Claims, Error, ErrorCode, Field, Finding, InspectOptions, OpenTok, RestTokenOptions,
    TokenFormat, TokenOptions, VerifyOptions,
};
use zeroize::Zeroizing;

use argument::{Argument, Buffer, failure};
use handle::Handle;

/// An exception: a stable name, and a sentence for a person.
type Exception = napi::Error<&'static str>;
type Result<T> = std::result::Result<T, Exception>;

/// The one place where an error of core becomes an exception.
fn exception(error: Error) -> Exception {
    Exception::new(error.code().name(), error.to_string())
}

/// A string that is not well-formed Unicode, where core has no error of its own for it.
fn ill_formed(what: &str) -> Exception {
    Exception::new(
        ErrorCode::InvalidUtf8.name(),
        format!("the {what} is not well-formed Unicode: it holds half of a surrogate pair"),
    )
}

/// Reads the name of a role or of a token format.
fn name<T>(argument: Argument, buffer: &mut Buffer, what: &str) -> Result<Option<T>>
where
    T: FromStr<Err = Error>,
{
    let name = argument.optional_string(buffer, || ill_formed(what))?;
    name.map(str::parse).transpose().map_err(exception)
}

/// The version of this binary, which must be that of the JavaScript around it.
#[napi(catch_unwind)]
pub fn version() -> &'static str {
    env!("CARGO_PKG_VERSION")
}

/// The number of every error, by name.
#[napi(catch_unwind)]
pub fn error_numbers() -> HashMap<&'static str, i32> {
    ErrorCode::ALL.iter().map(|code| (code.name(), code.number())).collect()
}

/// Makes the handle of a project, which the other functions take. JavaScript's garbage collector
/// frees it.
#[napi(catch_unwind)]
pub fn create(api_key: Argument, api_secret: Argument) -> Result<Handle> {
    let (mut key_buffer, mut secret_buffer) = (Buffer::new(), Zeroizing::new(Buffer::new()));
    let api_key = api_key.string(&mut key_buffer, || ill_formed("API key"))?;
    let api_secret = api_secret.string(&mut secret_buffer, || ill_formed("API secret"))?;
    OpenTok::new(api_key, api_secret).map(Handle::OpenTok).map_err(exception)
}

/// Makes the handle of an application. The key is a string or a `Uint8Array`.
#[napi(catch_unwind)]
pub fn create_for_application(application_id: Argument, private_key: Argument) -> Result<Handle> {
    let (mut id_buffer, mut key_buffer) = (Buffer::new(), Zeroizing::new(Buffer::new()));
    let application_id = application_id.string(&mut id_buffer, || ill_formed("application ID"))?;
    let private_key = private_key.string_or_bytes(&mut key_buffer, || ill_formed("private key"))?;
    OpenTok::for_application(application_id, private_key).map(Handle::OpenTok).map_err(exception)
}

/// Makes the handle of an application that only verifies.
#[napi(catch_unwind)]
pub fn create_verifier(application_id: Argument, public_key: Argument) -> Result<Handle> {
    // A private key is refused, and one that was passed by mistake is wiped.
    let (mut id_buffer, mut key_buffer) = (Buffer::new(), Zeroizing::new(Buffer::new()));
    let application_id = application_id.string(&mut id_buffer, || ill_formed("application ID"))?;
    let public_key = public_key.string_or_bytes(&mut key_buffer, || ill_formed("public key"))?;
    OpenTok::verifier(application_id, public_key).map(Handle::OpenTok).map_err(exception)
}

/// The API key of the handle, or `null` if it is an application's.
#[napi(catch_unwind)]
pub fn api_key(opentok: Argument) -> Result<Option<String>> {
    Ok(opentok.opentok()?.api_key().map(str::to_owned))
}

/// The application ID of the handle, or `null` if it is a project's.
#[napi(catch_unwind)]
pub fn application_id(opentok: Argument) -> Result<Option<String>> {
    Ok(opentok.opentok()?.application_id().map(str::to_owned))
}

/// Makes the handle of a session.
#[napi(catch_unwind)]
pub fn session(opentok: Argument, session_id: Argument) -> Result<Handle> {
    let mut buffer = Buffer::new();
    let session_id = session_id.string(&mut buffer, || ill_formed("session ID"))?;
    let session = opentok.opentok()?.session(session_id).map_err(exception)?;
    Ok(Handle::Session(session))
}

/// The ID of a session.
#[napi(catch_unwind)]
pub fn session_id(session: Argument) -> Result<String> {
    Ok(session.session()?.session_id().to_owned())
}

/// Makes the handle of a batch of a session, and reads the clock for it.
#[napi(catch_unwind)]
pub fn batch(session: Argument) -> Result<Handle> {
    Ok(Handle::Batch(RefCell::new(Batch::new(session.session()?))))
}

/// Adds the function that is not made by napi.
#[napi(module_exports)]
pub fn add_generate_token(mut exports: Object<'_>) -> napi::Result<()> {
    /// Calls [`generate_token`].
    #[allow(unsafe_code, reason = "Node-API is a C API")]
    unsafe extern "C" fn function(
        env: sys::napi_env,
        info: sys::napi_callback_info,
    ) -> sys::napi_value {
        // SAFETY: Node-API has just passed them.
        unsafe { call::call(env, info, generate_token) }
    }
    exports.create_named_method("generateToken", function)
}

/// Generates a token with a handle of any kind. The session ID is `undefined` where the handle has
/// it. The layout classes come as one string, joined by NUL.
fn generate_token(
    env: &Env,
    [
        handle,
        session_id,
        role,
        expire_time,
        expires_in,
        data,
        layout_classes,
        token_format,
        create_time,
        nonce,
        jti,
    ]: [Argument; 11],
) -> Result<JsString<'_>> {
    let (mut session_buffer, mut data_buffer, mut classes_buffer, mut jti_buffer) =
        (Buffer::new(), Buffer::new(), Buffer::new(), Buffer::new());
    // The order of errors is the same in every language; core checks the rest.
    let role = name(role, &mut data_buffer, "role")?;
    let token_format = name(token_format, &mut data_buffer, "token format")?;
    let data = data.optional_string(&mut data_buffer, || exception(Error::InvalidData))?;
    let session_id =
        session_id.optional_string(&mut session_buffer, || ill_formed("session ID"))?;
    let classes = layout_classes
        .optional_string(&mut classes_buffer, || ill_formed("list of layout classes"))?;
    let jti = jti.optional_string(&mut jti_buffer, || ill_formed("jti"))?;
    let classes: Vec<&str> = classes.map_or(vec![], |joined| joined.split('\0').collect());

    let options = TokenOptions::new()
        .role(role)
        .expire_time(expire_time.optional_integer()?)
        .expires_in(expires_in.optional_integer()?)
        .data(data.unwrap_or_default())
        .initial_layout_class_list(&classes)
        .token_format(token_format)
        .create_time(create_time.optional_integer()?)
        .nonce(nonce.optional_integer()?)
        .jti(jti);
    let token = match (handle.handle()?, session_id) {
        (Handle::OpenTok(opentok), Some(session_id)) => {
            opentok.generate_token(session_id, &options)
        }
        (Handle::Session(session), None) => session.generate_token(&options),
        (Handle::Batch(batch), None) => batch.borrow_mut().generate_token(&options),
        _ => return Err(failure(sys::Status::napi_invalid_arg)),
    };
    token_string(env, token)
}

/// Generates a token for REST calls.
#[napi(catch_unwind)]
pub fn generate_rest_token<'env>(
    env: &'env Env,
    opentok: Argument,
    expires_in: Argument,
    create_time: Argument,
    jti: Argument,
) -> Result<JsString<'env>> {
    let mut buffer = Buffer::new();
    let options = RestTokenOptions::new()
        .expires_in(expires_in.optional_integer()?)
        .create_time(create_time.optional_integer()?)
        .jti(jti.optional_string(&mut buffer, || ill_formed("jti"))?);
    token_string(env, opentok.opentok()?.generate_rest_token(&options))
}

/// A token is ASCII: as UTF-8 it would take Node 50 ns more, of 1,200.
fn token_string(env: &Env, token: std::result::Result<String, Error>) -> Result<JsString<'_>> {
    let token = token.map_err(exception)?;
    env.create_string_latin1(token).map_err(|error| failure(error.status))
}

/// The claims of a token, in the order of core's fields: making an array takes a third of the time
/// that making an object takes.
type Fields = (
    &'static str,
    Option<String>,
    Option<String>,
    String,
    &'static str,
    i64,
    i64,
    String,
    Vec<String>,
    String,
);

/// Verifies a token, with the handle of credentials or of a session.
#[napi(catch_unwind)]
pub fn verify_token(
    handle: Argument,
    token: Argument,
    now: Argument,
    leeway: Argument,
    session_id: Argument,
) -> Result<Fields> {
    // A string has at least as many bytes as code units, so core would return the same, after
    // megabytes were copied.
    let length = token.utf16_length()?;
    if length > MAX_TOKEN_BYTES {
        return Err(exception(Error::TokenTooLong { length }));
    }
    let (mut token_buffer, mut session_buffer) = (Buffer::new(), Buffer::new());
    let token = token.string(&mut token_buffer, || ill_formed("token"))?;
    let session_id =
        session_id.optional_string(&mut session_buffer, || ill_formed("session ID"))?;
    let options = VerifyOptions::new()
        .now(now.optional_integer()?)
        .leeway(leeway.optional_integer()?)
        .session_id(session_id);
    let verified = match handle.handle()? {
        Handle::OpenTok(opentok) => opentok.verify_token(token, &options),
        Handle::Session(session) => session.verify_token(token, &options),
        Handle::Batch(_) => return Err(failure(sys::Status::napi_invalid_arg)),
    };
    Ok(fields(&*verified.map_err(exception)?))
}

fn fields(claims: &Claims) -> Fields {
    (
        claims.format().name(),
        claims.api_key().map(str::to_owned),
        claims.application_id().map(str::to_owned),
        claims.session_id().to_owned(),
        claims.role().name(),
        claims.create_time(),
        claims.expire_time(),
        claims.data().to_owned(),
        claims.initial_layout_class_list().map(str::to_owned).collect(),
        claims.nonce().to_owned(),
    )
}

/// An inspection, in the order of core's fields, then whether verify would refuse the token, and
/// the inspection as text.
type Inspected = (
    Option<&'static str>,
    &'static str,
    Vec<(String, String)>,
    Vec<(String, String)>,
    Option<Fields>,
    Option<i64>,
    Option<i64>,
    Option<i64>,
    Option<i64>,
    Option<i64>,
    Vec<(&'static str, &'static str, String, Option<&'static str>)>,
    bool,
    String,
);

/// Inspects a token, with credentials or without.
#[napi(catch_unwind)]
pub fn inspect_token(
    opentok: Option<Argument>,
    token: Argument,
    now: Argument,
    session_id: Argument,
) -> Result<Inspected> {
    let (mut token_buffer, mut session_buffer) = (Buffer::new(), Buffer::new());
    let token = token.token(&mut token_buffer)?;
    let session_id =
        session_id.optional_string(&mut session_buffer, || ill_formed("session ID"))?;
    let options = InspectOptions::new().now(now.optional_integer()?).session_id(session_id);
    let inspection = match opentok {
        Some(opentok) => opentok.opentok()?.inspect_token(token, &options),
        None => tokmint::inspect_token(token, &options),
    };
    let is_refused = inspection.is_refused();
    let text = inspection.to_string();
    let pairs = |fields: Vec<Field>| {
        let pair = |field: Field| (field.name, field.value);
        fields.into_iter().map(pair).collect()
    };
    let finding = |finding: Finding| {
        let Finding { code, severity, .. } = finding;
        (code.name(), severity.name(), finding.message, finding.server_message)
    };
    Ok((
        inspection.format.map(TokenFormat::name),
        inspection.signature.name(),
        pairs(inspection.header),
        pairs(inspection.fields),
        inspection.token.as_ref().map(fields),
        inspection.now,
        inspection.create_time,
        inspection.expire_time,
        inspection.not_before,
        inspection.remaining_lifetime,
        inspection.findings.into_iter().map(finding).collect(),
        is_refused,
        text,
    ))
}
