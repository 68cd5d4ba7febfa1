//! The functions of the native binary (`bindings/node`), with the same arguments, errors and
//! values. Absent options are `None`.

use std::cell::RefCell;
use std::rc::Rc;
use std::str::FromStr;

use serde::Serialize;
use tokmint::{
    Batch, Claims, Error, ErrorCode, Field, Finding, InspectOptions, Inspection, OpenTok,
    RestTokenOptions, SessionId, TokenFormat, TokenOptions, VerifyOptions,
};

use crate::argument::{Argument, Arguments, unexpected};
use crate::call::{Exception, Result, Value};
use crate::handle::Handle;

/// A string that is not well-formed Unicode, where core has no error of its own for it.
fn ill_formed(what: &str) -> Exception {
    Exception::new(
        ErrorCode::InvalidUtf8,
        format!("the {what} is not well-formed Unicode: it holds half of a surrogate pair"),
    )
}

/// Reads the name of a role or of a token format.
fn name<T: FromStr<Err = Error>>(argument: Argument<'_>, what: &str) -> Result<Option<T>> {
    let name = argument.optional_string(|| ill_formed(what))?;
    Ok(name.map(str::parse).transpose()?)
}

/// The version of this module, which must be that of the JavaScript around it.
pub fn version(_: &mut Arguments<'_>) -> Result<Value> {
    Ok(Value::String(env!("CARGO_PKG_VERSION").to_owned()))
}

/// The name and the number of every error.
pub fn error_numbers(_: &mut Arguments<'_>) -> Result<Value> {
    let numbers = ErrorCode::ALL.iter().map(|code| (code.name(), code.number()));
    Ok(Value::json(&numbers.collect::<Vec<_>>()))
}

fn opentok(opentok: OpenTok) -> Value {
    Value::Handle(Handle::OpenTok(Rc::new(opentok)))
}

/// Makes the handle of a project, which the other functions take.
pub fn create(arguments: &mut Arguments<'_>) -> Result<Value> {
    let api_key = arguments.next()?.string(|| ill_formed("API key"))?;
    let api_secret = arguments.next()?.string(|| ill_formed("API secret"))?;
    Ok(opentok(OpenTok::new(api_key, api_secret)?))
}

/// Makes the handle of an application. The key is a string or a `Uint8Array`.
pub fn create_for_application(arguments: &mut Arguments<'_>) -> Result<Value> {
    let application_id = arguments.next()?.string(|| ill_formed("application ID"))?;
    let private_key = arguments.next()?.string_or_bytes(|| ill_formed("private key"))?;
    Ok(opentok(OpenTok::for_application(application_id, private_key)?))
}

/// Makes the handle of an application that only verifies.
pub fn create_verifier(arguments: &mut Arguments<'_>) -> Result<Value> {
    let application_id = arguments.next()?.string(|| ill_formed("application ID"))?;
    let public_key = arguments.next()?.string_or_bytes(|| ill_formed("public key"))?;
    Ok(opentok(OpenTok::verifier(application_id, public_key)?))
}

/// The API key of the handle, or `null` if it is an application's.
pub fn api_key(arguments: &mut Arguments<'_>) -> Result<Value> {
    Ok(Value::json(&arguments.next()?.opentok()?.api_key()))
}

/// The application ID of the handle, or `null` if it is a project's.
pub fn application_id(arguments: &mut Arguments<'_>) -> Result<Value> {
    Ok(Value::json(&arguments.next()?.opentok()?.application_id()))
}

/// Makes the handle of a session.
pub fn session(arguments: &mut Arguments<'_>) -> Result<Value> {
    let opentok = arguments.next()?;
    let session_id = arguments.next()?.string(|| ill_formed("session ID"))?;
    let session = opentok.opentok()?.session(session_id)?;
    Ok(Value::Handle(Handle::Session(Rc::new(session))))
}

/// The ID of a session.
pub fn session_id(arguments: &mut Arguments<'_>) -> Result<Value> {
    Ok(Value::String(arguments.next()?.session()?.session_id().to_owned()))
}

/// Makes the handle of a batch of a session, and reads the clock for it.
pub fn batch(arguments: &mut Arguments<'_>) -> Result<Value> {
    let batch = Batch::new(&*arguments.next()?.session()?);
    Ok(Value::Handle(Handle::Batch(Rc::new(RefCell::new(batch)))))
}

/// Generates a token with a handle of any kind. The session ID is absent where the handle has it.
/// The layout classes come as one string, joined by NUL.
pub fn generate_token(arguments: &mut Arguments<'_>) -> Result<Value> {
    let mut next = || arguments.next();
    let (handle, session_id, role) = (next()?, next()?, next()?);
    let (expire_time, expires_in, data) = (next()?, next()?, next()?);
    let (layout_classes, token_format) = (next()?, next()?);
    let (create_time, nonce, jti) = (next()?, next()?, next()?);
    // The order of errors is the same in every language; core checks the rest.
    let role = name(role, "role")?;
    let token_format = name(token_format, "token format")?;
    let data = data.optional_string(|| Error::InvalidData.into())?;
    let session_id = session_id.optional_string(|| ill_formed("session ID"))?;
    let classes = layout_classes.optional_string(|| ill_formed("list of layout classes"))?;
    let jti = jti.optional_string(|| ill_formed("jti"))?;
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
        (Handle::Batch(batch), None) => {
            batch.try_borrow_mut().map_err(|_| unexpected())?.generate_token(&options)
        }
        _ => return Err(unexpected()),
    };
    Ok(Value::String(token?))
}

/// Generates a token for REST calls.
pub fn generate_rest_token(arguments: &mut Arguments<'_>) -> Result<Value> {
    let opentok = arguments.next()?.opentok()?;
    let options = RestTokenOptions::new()
        .expires_in(arguments.next()?.optional_integer()?)
        .create_time(arguments.next()?.optional_integer()?)
        .jti(arguments.next()?.optional_string(|| ill_formed("jti"))?);
    Ok(Value::String(opentok.generate_rest_token(&options)?))
}

/// The claims of a token, in the order of core's fields.
fn fields(claims: &Claims) -> impl Serialize {
    (
        claims.format().name(),
        claims.api_key(),
        claims.application_id(),
        claims.session_id(),
        claims.role().name(),
        claims.create_time(),
        claims.expire_time(),
        claims.data(),
        claims.initial_layout_class_list().collect::<Vec<&str>>(),
        claims.nonce(),
    )
}

/// Verifies a token, with the handle of credentials or of a session.
pub fn verify_token(arguments: &mut Arguments<'_>) -> Result<Value> {
    let (handle, token) = (arguments.next()?, arguments.next()?);
    if let Argument::LongToken(length) = token {
        return Err(Error::TokenTooLong { length }.into());
    }
    let token = token.string(|| ill_formed("token"))?;
    let options = VerifyOptions::new()
        .now(arguments.next()?.optional_integer()?)
        .leeway(arguments.next()?.optional_integer()?)
        .session_id(arguments.next()?.optional_string(|| ill_formed("session ID"))?);
    let verified = match handle.handle()? {
        Handle::OpenTok(opentok) => opentok.verify_token(token, &options),
        Handle::Session(session) => session.verify_token(token, &options),
        Handle::Batch(_) => return Err(unexpected()),
    };
    Ok(Value::json(&fields(&*verified?)))
}

/// An inspection, in the order of core's fields, then whether verify would refuse the token, and
/// the inspection as text.
pub fn inspect_token(arguments: &mut Arguments<'_>) -> Result<Value> {
    let inspection = inspect(arguments)?;
    let pairs = |fields: &'_ [Field]| -> Vec<_> {
        fields.iter().map(|field| (field.name.clone(), field.value.clone())).collect()
    };
    let finding = |finding: &Finding| {
        let (code, severity) = (finding.code.name(), finding.severity.name());
        (code, severity, finding.message.clone(), finding.server_message)
    };
    Ok(Value::json(&(
        inspection.format.map(TokenFormat::name),
        inspection.signature.name(),
        pairs(&inspection.header),
        pairs(&inspection.fields),
        inspection.token.as_ref().map(fields),
        inspection.now,
        inspection.create_time,
        inspection.expire_time,
        inspection.not_before,
        inspection.remaining_lifetime,
        inspection.findings.iter().map(finding).collect::<Vec<_>>(),
        inspection.is_refused(),
        inspection.to_string(),
    )))
}

/// The same inspection as core's JSON. The native binary does not have this: it is for the
/// inspector page.
pub fn inspect_token_json(arguments: &mut Arguments<'_>) -> Result<Value> {
    Ok(Value::String(inspect(arguments)?.to_json()))
}

/// The owner of a session, and the decoded ID. The native binary does not have this: it is for the
/// inspector page.
pub fn session_id_parts(arguments: &mut Arguments<'_>) -> Result<Value> {
    let session = SessionId::parse(arguments.next()?.string(|| ill_formed("session ID"))?)?;
    Ok(Value::json(&(session.owner(), session.decoded())))
}

/// Inspects a token, with credentials or without.
fn inspect(arguments: &mut Arguments<'_>) -> Result<Inspection> {
    let (opentok, token) = (arguments.next()?, arguments.next()?);
    let now = arguments.next()?.optional_integer()?;
    let session_id = arguments.next()?.optional_string(|| ill_formed("session ID"))?;
    let options = InspectOptions::new().now(now).session_id(session_id);
    let zeros;
    let token = match token {
        Argument::String(token) | Argument::IllFormed(token) => token.as_bytes(),
        // Core reads nothing but the length.
        Argument::LongToken(length) => {
            zeros = zeros_of(length)?;
            &zeros
        }
        _ => return Err(unexpected()),
    };
    Ok(match opentok {
        Argument::None => tokmint::inspect_token(token, &options),
        opentok => opentok.opentok()?.inspect_token(token, &options),
    })
}

/// So many zeros, if there is memory for them.
fn zeros_of(length: usize) -> Result<Vec<u8>> {
    let mut zeros = Vec::new();
    zeros.try_reserve_exact(length).map_err(|_| {
        let message = format!("the token is {length} bytes long, for which there is no memory");
        Exception::new(ErrorCode::InvalidSize, message)
    })?;
    zeros.resize(length, 0);
    Ok(zeros)
}
