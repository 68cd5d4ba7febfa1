//! The notation of `tests/vectors` (see its README), for the test programs of core.

#![allow(dead_code, reason = "each test program uses a part of it")]

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value as Json;
use sha1::Sha1;
use sha2::Sha256;
use tokmint::{
    Error, InspectOptions, Inspection, OpenTok, RestTokenOptions, Role, Token, TokenFormat,
    TokenOptions, VerifyOptions, inspect_token,
};

pub const API_KEY: &str = "123456";
pub const API_SECRET: &str = "1234567890abcdef1234567890abcdef1234567890";
pub const SESSION_ID: &str =
    "1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4";

pub fn project() -> OpenTok {
    OpenTok::new(API_KEY, API_SECRET).unwrap()
}

/// The credentials of a vector: a project's, an application's with its private key, or those of a
/// verifier. `None` if it has none.
pub fn credentials(vector: &Json) -> Option<Result<OpenTok, Error>> {
    let string = |name: &str| vector.get(name).map(text);
    if let Some(api_key) = string("api_key") {
        return Some(OpenTok::new(&api_key, &text(&vector["api_secret"])));
    }
    let id = string("application_id")?;
    let key = |kind: &str| {
        let name = vector.get(kind)?.as_str().unwrap();
        Some(bytes(&KEYS[name][kind], &Json::Null))
    };
    Some(match (key("private_key"), key("public_key")) {
        (Some(private_key), None) => OpenTok::for_application(&id, private_key),
        (None, Some(public_key)) => OpenTok::verifier(&id, public_key),
        _ => panic!("an application has one key"),
    })
}

/// The keys that vectors name.
static KEYS: LazyLock<Json> = LazyLock::new(|| vectors("keys.json")["keys"].clone());

/// A file of `tests/vectors`.
pub fn vectors(name: &str) -> Json {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/vectors").join(name);
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

/// Expands a string in the vectors' notation. A lone surrogate becomes the three bytes that a
/// binding would receive.
pub fn bytes(value: &Json, context: &Json) -> Vec<u8> {
    if let Some(text) = value.as_str() {
        return text.as_bytes().to_vec();
    }
    let object = value.as_object().expect("a string or an object");
    if let Some(repeat) = object.get("repeat") {
        let times = usize::try_from(object["times"].as_u64().unwrap()).unwrap();
        return bytes(repeat, context).repeat(times);
    }
    if let Some(parts) = object.get("concat") {
        let parts = parts.as_array().unwrap().iter();
        return parts.flat_map(|part| bytes(part, context)).collect();
    }
    if let Some(units) = object.get("utf16") {
        let units: Vec<u16> = serde_json::from_value(units.clone()).unwrap();
        return char::decode_utf16(units)
            .flat_map(|unit| match unit {
                Ok(character) => character.to_string().into_bytes(),
                Err(lone) => {
                    let unit = lone.unpaired_surrogate();
                    let [high, low] = unit.to_be_bytes();
                    vec![0xe0 | high >> 4, 0x80 | (high & 15) << 2 | low >> 6, 0x80 | low & 63]
                }
            })
            .collect();
    }
    if let Some(encoded) = object.get("base64") {
        return STANDARD.decode(encoded.as_str().unwrap()).unwrap();
    }
    let secret = context["secret"].as_str().unwrap();
    if let Some(parts) = object.get("jwt") {
        let header = bytes(&parts["header"], context);
        return jwt(&header, &bytes(&parts["payload"], context), secret).into_bytes();
    }
    let data = bytes(&object["t1"]["data"], context);
    t1(context["api_key"].as_str().unwrap(), &data, secret).into_bytes()
}

/// Signs any header and payload as a JWT.
pub fn jwt(header: &[u8], payload: &[u8], secret: &str) -> String {
    let signed = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(payload));
    let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    let signature = mac.chain_update(&signed).finalize().into_bytes();
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
}

/// Signs any data as a T1 token.
pub fn t1(api_key: &str, data: &[u8], secret: &str) -> String {
    let mac = Hmac::<Sha1>::new_from_slice(secret.as_bytes()).unwrap();
    let signature = mac.chain_update(data).finalize().into_bytes();
    let hex: String = signature.iter().map(|byte| format!("{byte:02x}")).collect();
    let head = format!("partner_id={api_key}&sig={hex}:");
    format!("T1=={}", STANDARD.encode([head.as_bytes(), data].concat()))
}

pub fn text(value: &Json) -> String {
    String::from_utf8(bytes(value, &Json::Null)).expect("only data holds lone surrogates")
}

/// Generates with the options of a vector, through the same steps as a binding, and through a
/// session and a batch too, which give the same.
pub fn generate(opentok: &OpenTok, session_id: &Json, options: &Json) -> Result<String, Error> {
    let known = [
        "role", "expire_time", "expires_in", "data", "initial_layout_class_list", "token_format",
        "create_time", "nonce", "jti",
    ];
    assert_known(options, &known);
    let given = options.as_object().unwrap();
    let integer = |name: &str| options.get(name).map(|value| value.as_i64().unwrap());
    let parsed = |name: &str| options.get(name).map(text);
    let role: Option<Role> = parsed("role").map(|name| name.parse()).transpose()?;
    let format: Option<TokenFormat> =
        parsed("token_format").map(|name| name.parse()).transpose()?;
    let data = options.get("data").map(|data| bytes(data, &Json::Null)).unwrap_or_default();
    let classes: Vec<String> = options
        .get("initial_layout_class_list")
        .map(|classes| classes.as_array().unwrap().iter().map(text).collect())
        .unwrap_or_default();
    let classes: Vec<&str> = classes.iter().map(String::as_str).collect();
    let jti = options.get("jti").map(text);
    let options = TokenOptions::new()
        .role(role)
        .expire_time(integer("expire_time"))
        .expires_in(integer("expires_in"))
        .data(str::from_utf8(&data).map_err(|_| Error::InvalidData)?)
        .initial_layout_class_list(&classes)
        .token_format(format)
        .create_time(integer("create_time"))
        .nonce(integer("nonce"))
        .jti(jti.as_deref());
    let session_id = text(session_id);
    // Without these every token is another one.
    let is_fixed = given.contains_key("create_time")
        && (given.contains_key("nonce") || given.contains_key("jti"));
    let fixed = |token: Result<String, Error>| match token {
        Ok(_) if !is_fixed => Ok(String::new()),
        token => token,
    };
    let token = opentok.generate_token(&session_id, &options);
    let session = opentok.session(&session_id);
    let of_session = session.as_ref().map_err(|error| *error);
    let of_session = of_session.and_then(|session| session.generate_token(&options));
    assert_eq!(fixed(of_session), fixed(token.clone()));
    if let Ok(session) = &session {
        // The third one starts from what the first two have in common.
        for of_batch in session.generate_tokens([options; 3]) {
            assert_eq!(fixed(of_batch), fixed(token.clone()));
        }
    }
    token
}

/// Generates a token for REST calls with the options of a vector.
pub fn generate_rest(opentok: &OpenTok, options: &Json) -> Result<String, Error> {
    assert_known(options, &["expires_in", "create_time", "jti"]);
    let jti = options.get("jti").map(text);
    let options = RestTokenOptions::new()
        .expires_in(options.get("expires_in").map(|value| value.as_i64().unwrap()))
        .create_time(options.get("create_time").map(|value| value.as_i64().unwrap()))
        .jti(jti.as_deref());
    opentok.generate_rest_token(&options)
}

fn assert_known(options: &Json, known: &[&str]) {
    for name in options.as_object().unwrap().keys() {
        assert!(known.contains(&name.as_str()), "the runner knows every option: {name}");
    }
}

/// Verifies with the options of a vector.
pub fn verify(opentok: &OpenTok, token: &[u8], options: &Json) -> Result<Token, Error> {
    let session_id = options.get("session_id").map(text);
    let options = VerifyOptions::new()
        .now(options.get("now").and_then(Json::as_i64))
        .leeway(options.get("leeway").and_then(Json::as_i64))
        .session_id(session_id.as_deref());
    opentok.verify_token(token, &options)
}

/// Inspects with the options of a vector, with credentials or without.
pub fn inspect(opentok: Option<&OpenTok>, token: &[u8], options: &Json) -> Inspection {
    let session_id = options.get("session_id").map(text);
    let options = InspectOptions::new()
        .now(options.get("now").and_then(Json::as_i64))
        .session_id(session_id.as_deref());
    match opentok {
        Some(opentok) => opentok.inspect_token(token, &options),
        None => inspect_token(token, &options),
    }
}

/// Makes the call of a vector of `errors.json`, which must fail.
pub fn error_of(vector: &Json) -> Error {
    let options = &vector["options"];
    let opentok = || credentials(vector).expect("a vector with credentials").unwrap();
    let application = |new: fn(&str, Vec<u8>) -> Result<OpenTok, Error>| {
        let key = STANDARD.decode(vector["key_base64"].as_str().unwrap()).unwrap();
        new(&text(&vector["application_id"]), key).map(drop)
    };
    match vector["call"].as_str().unwrap() {
        "new" => credentials(vector).unwrap().map(drop),
        "for_application" => application(OpenTok::for_application),
        "verifier" => application(OpenTok::verifier),
        "generate" => generate(&opentok(), &vector["session_id"], options).map(drop),
        "generate_rest_token" => generate_rest(&opentok(), options).map(drop),
        "verify" => verify(&opentok(), &bytes(&vector["token"], &Json::Null), options).map(drop),
        call => panic!("the runner knows every call: {call}"),
    }
    .expect_err(vector["name"].as_str().unwrap())
}
