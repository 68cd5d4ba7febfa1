//! The self-test: runs every vector of `tests/vectors` (see its README) through core, to see that
//! this binary works on this machine.
//!
//! Attacks are signed here with the crates of the algorithms, so that somebody else than core signs
//! them.

use std::panic;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value as Json, json};
use sha1::Sha1;
use sha2::Sha256;
use tokmint::{
    Error, ErrorCode, FindingCode, InspectOptions, Inspection, OpenTok, RestTokenOptions, Role,
    SignatureState, Token, TokenFormat, TokenOptions, VerifyOptions, inspect_token,
};

use crate::demo::{API_KEY, API_SECRET, APPLICATION_ID, SESSION_OF_APPLICATION};
use crate::time;

/// What build.rs made of the files.
const COMPRESSED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/vectors.json.deflate"));

/// What came of all vectors.
pub struct Report {
    pub count: usize,
    /// The name of each vector that failed, and why.
    pub failures: Vec<String>,
}

/// What a vector gives and what it must give, or an error that it must not give.
type Outcome = Result<(Json, Json), Error>;

/// All files of vectors, by their names.
pub fn vectors() -> Json {
    let json = miniz_oxide::inflate::decompress_to_vec(COMPRESSED);
    serde_json::from_slice(&json.expect("build.rs compressed it")).expect("vectors are JSON")
}

/// Runs every vector of all files.
pub fn run(files: &Json) -> Report {
    let runner = Runner { keys: &files["keys.json"]["keys"] };
    let mut report = Report { count: 0, failures: Vec::new() };
    for (file, content) in object(files) {
        let run = match file.as_str() {
            "keys.json" => Runner::key_pair,
            "generate.json" => Runner::generate,
            "rest.json" => Runner::rest,
            "verify.json" => Runner::verify,
            "errors.json" => Runner::error,
            "inspect.json" => Runner::inspect,
            "attacks.json" => Runner::attack,
            "peer_tokens.json" => Runner::peer_token,
            _ => panic!("no runner for the file {file}"),
        };
        for (name, vector) in named(content) {
            report.count += 1;
            let reason = match panic::catch_unwind(|| run(&runner, vector)) {
                Ok(Ok((said, expected))) if said == expected => continue,
                Ok(Ok((said, expected))) => format!("{said} instead of {expected}"),
                Ok(Err(error)) => error.to_string(),
                Err(_) => "it panicked".to_owned(),
            };
            report.failures.push(format!("{file}: {name}: {reason}"));
        }
    }
    report
}

/// The vectors of a file with their names, in each of the forms that files have.
fn named(content: &Json) -> Vec<(String, &Json)> {
    if let Some(pairs) = content.get("keys") {
        return object(pairs).iter().map(|(name, pair)| (name.clone(), pair)).collect();
    }
    let lists = [content, &content["vectors"], &content["cases"]];
    let list = lists.into_iter().find_map(Json::as_array).expect("a list of vectors");
    let name = |vector: &Json| {
        let parts = ["producer", "format", "id", "name"].map(|part| vector[part].as_str());
        parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
    };
    list.iter().map(|vector| (name(vector), vector)).collect()
}

struct Runner<'a> {
    /// The key pairs that vectors name.
    keys: &'a Json,
}

impl Runner<'_> {
    /// What the private key signs, the public one verifies. One pair has no private key.
    fn key_pair(&self, pair: &Json) -> Outcome {
        let verifier = OpenTok::verifier(APPLICATION_ID, bytes(&pair["public_key"]))?;
        let Some(private_key) = pair.get("private_key") else {
            return Ok((json!(verifier.application_id()), json!(APPLICATION_ID)));
        };
        let signer = OpenTok::for_application(APPLICATION_ID, bytes(private_key))?;
        let token = signer.generate_token(SESSION_OF_APPLICATION, &TokenOptions::new())?;
        let verified = verifier.verify_token(token, &VerifyOptions::new())?;
        Ok((json!(verified.session_id()), json!(SESSION_OF_APPLICATION)))
    }

    fn generate(&self, vector: &Json) -> Outcome {
        let (opentok, options) = (self.opentok(vector)?, &vector["options"]);
        let session_id = text(&vector["session_id"]);
        let tokens = generated(&opentok, &session_id, options)?;
        let given = |name: &str, default: Json| options.get(name).map_or(default, plain);
        let verified = verified(&opentok, &tokens[0], &json!({ "now": options["create_time"] }))?;
        let jti = options.get("jti").map_or_else(|| options["nonce"].to_string(), text);
        let said = json!([
            tokens,
            verified.session_id(),
            verified.role(),
            verified.data(),
            verified.initial_layout_class_list().collect::<Vec<_>>(),
            verified.nonce(),
        ]);
        let expected = json!([
            vec![&vector["token"]; tokens.len()],
            session_id,
            given("role", json!(Role::default())),
            given("data", json!("")),
            given("initial_layout_class_list", json!([])),
            jti,
        ]);
        Ok((said, expected))
    }

    /// Verify refuses a token for REST calls, and inspect says what it is.
    fn rest(&self, vector: &Json) -> Outcome {
        let (opentok, options) = (self.opentok(vector)?, &vector["options"]);
        let token = rest_token(&opentok, options)?;
        let now = json!({ "now": options["create_time"] });
        let refusal = verified(&opentok, &token, &now).map_err(|error| error.code().name()).err();
        let inspection = inspected(Some(&opentok), &token, &now);
        let is_named =
            inspection.findings.iter().any(|finding| finding.code == FindingCode::RestToken);
        let said = json!([token, refusal, inspection.signature.name(), is_named]);
        let expected = json!([
            vector["token"],
            ErrorCode::MalformedToken.name(),
            SignatureState::Valid.name(),
            true
        ]);
        Ok((said, expected))
    }

    fn verify(&self, vector: &Json) -> Outcome {
        let (opentok, token) = (self.opentok(vector)?, bytes(&vector["token"]));
        let expected = &vector["expected"];
        let session = opentok.session(&text(&expected["session_id"]))?;
        let by_all = verified(&opentok, &token, &vector["options"])?;
        let by_session = with_verify_options(&vector["options"], |options| {
            session.verify_token(&token, options)
        })?;
        Ok((json!([*by_all, *by_session]), json!([plain(expected), plain(expected)])))
    }

    fn error(&self, vector: &Json) -> Outcome {
        let options = &vector["options"];
        let application = |make: fn(&str, Vec<u8>) -> Result<OpenTok, Error>| {
            let key = decoded(&vector["key_base64"]);
            vec![make(&text(&vector["application_id"]), key).map(drop)]
        };
        // What comes before the call that fails must succeed.
        let results = match vector["call"].as_str().expect("a call") {
            "new" => vec![self.opentok(vector).map(drop)],
            "for_application" => application(OpenTok::for_application),
            "verifier" => application(OpenTok::verifier),
            "generate" => {
                let opentok = self.opentok(vector)?;
                let results = generate(&opentok, &text(&vector["session_id"]), options);
                results.into_iter().map(|result| result.map(drop)).collect()
            }
            "generate_rest_token" => vec![rest_token(&self.opentok(vector)?, options).map(drop)],
            "verify" => {
                let token = bytes(&vector["token"]);
                vec![verified(&self.opentok(vector)?, &token, options).map(drop)]
            }
            call => panic!("no runner for the call {call}"),
        };
        let said = results.into_iter().map(|result| match result {
            Ok(()) => Json::Null,
            Err(error) => json!([error.code().number(), error.code().name()]),
        });
        let said: Vec<Json> = said.collect();
        let expected = vec![json!([vector["number"], vector["code"]]); said.len()];
        Ok((said.into(), expected.into()))
    }

    fn inspect(&self, vector: &Json) -> Outcome {
        let opentok = match self.credentials(vector) {
            Some(credentials) => Some(credentials?),
            None => None,
        };
        let inspection = inspected(opentok.as_ref(), bytes(&vector["token"]), &vector["options"]);
        let codes: Vec<_> = inspection.findings.iter().map(|found| found.code.name()).collect();
        let said = json!({
            "format": inspection.format,
            "signature": inspection.signature.name(),
            "findings": codes,
            "is_token": inspection.token.is_some(),
            "remaining_lifetime": inspection.remaining_lifetime,
        });
        Ok((said, vector["expected"].clone()))
    }

    /// Where tokmint decides otherwise than the file, the README of the vectors says why.
    fn attack(&self, case: &Json) -> Outcome {
        let (context, input) = (&case["context"], &case["input"]);
        let now = json!({ "now": context["now"] });
        let project = OpenTok::new(API_KEY, API_SECRET)?;
        let is_accepted = match case["api"].as_str().expect("an api") {
            "verify" => {
                let token = attacking(input, context);
                let verified = verified(&project, &token, &now);
                if is_rs256(&token) {
                    let code = verified.err().map(|error| error.code().name());
                    return Ok((json!(code), json!(ErrorCode::UnsupportedAlgorithm.name())));
                }
                verified.is_ok()
            }
            "inspect" => {
                let inspection = inspected(Some(&project), attacking(input, context), &now);
                match case["expected"].as_str() {
                    Some("accept") => inspection.token.is_some(),
                    _ => !inspection.is_refused(),
                }
            }
            "generate" => attempt(input, context, &now)?,
            api => panic!("no runner for the api {api}"),
        };
        let expected = match case["id"].as_str() {
            Some("gen-data-1000-emoji") => "reject",
            _ => case["expected"].as_str().expect("a verdict"),
        };
        Ok((json!(if is_accepted { "accept" } else { "reject" }), json!(expected)))
    }

    fn peer_token(&self, peer: &Json) -> Outcome {
        let token = bytes(&peer["token"]);
        let now = json!({ "now": peer["verify"]["now"] });
        // There is no application's key here, so a project refuses its token.
        let (opentok, expected) = match peer["format"].as_str() {
            Some("jwt_rs256") => (OpenTok::new(API_KEY, API_SECRET)?, "unsupported_algorithm"),
            _ => (self.opentok(peer)?, peer["verify"]["expected"].as_str().expect("a verdict")),
        };
        let verified = match verified(&opentok, &token, &now) {
            Ok(verified) if expected == "accept" => verified,
            Ok(_) => return Ok((json!("accept"), json!(expected))),
            Err(_) if expected == "reject" => return Ok((json!("reject"), json!(expected))),
            Err(error) => return Ok((json!(error.code().name()), json!(expected))),
        };
        let said = [&peer["decoded"]["claims"], &peer["decoded"]["fields"]];
        let said = said.into_iter().find(|said| said.is_object()).expect("what the token says");
        let data = said["connection_data"].as_str().unwrap_or_default();
        Ok((
            json!([verified.role(), verified.session_id(), verified.data()]),
            json!([said["role"], said["session_id"], data]),
        ))
    }

    /// The credentials of a vector, if it has any.
    fn credentials(&self, vector: &Json) -> Option<Result<OpenTok, Error>> {
        if let Some(api_key) = vector.get("api_key") {
            return Some(OpenTok::new(&text(api_key), &text(&vector["api_secret"])));
        }
        let id = text(vector.get("application_id")?);
        let key = |half: &str| {
            let name = vector.get(half)?.as_str().expect("the name of a key pair");
            Some(bytes(&self.keys[name][half]))
        };
        Some(match key("private_key") {
            Some(private_key) => OpenTok::for_application(&id, private_key),
            None => OpenTok::verifier(&id, key("public_key").expect("an application has a key")),
        })
    }

    fn opentok(&self, vector: &Json) -> Result<OpenTok, Error> {
        self.credentials(vector).expect("a vector with credentials")
    }
}

/// Whether the input of an attack gives a token, which must then verify and give its data back.
fn attempt(input: &Json, context: &Json, now: &Json) -> Result<bool, Error> {
    let mut options = object(input).clone();
    let session_id = text(&options.remove("session_id").expect("a session"));
    if let Some(format) = options.remove("format") {
        options.insert("token_format".to_owned(), format);
    }
    // NaN is no integer: the command line refuses it before core sees it.
    if let Some(float) = options.get("expire_time").and_then(|time| time["float"].as_str()) {
        return Ok(time::instant(float).is_ok());
    }
    options.insert("create_time".to_owned(), context["now"].clone());
    let string = |name: &str, default| context[name].as_str().unwrap_or(default).to_owned();
    // Of an application too it is a project that is tried.
    let Ok(opentok) = OpenTok::new(&string("api_key", API_KEY), &string("secret", API_SECRET))
    else {
        return Ok(false);
    };
    let options = Json::Object(options);
    let Ok(tokens) = generated(&opentok, &session_id, &options) else {
        return Ok(false);
    };
    let data = options.get("data").map(text).unwrap_or_default();
    Ok(verified(&opentok, &tokens[0], now)?.data() == data)
}

/// What each way to generate the token of a vector gives: one call, a call of a session, and a
/// batch, whose third token starts from what the first two have in common.
fn generate(opentok: &OpenTok, session_id: &str, options: &Json) -> Vec<Result<String, Error>> {
    // Core knows roles, formats and strings as types, so these are refused before the session is.
    let parsed = || {
        let role = options.get("role").map(|role| text(role).parse()).transpose()?;
        let format = options.get("token_format").map(|name| text(name).parse()).transpose()?;
        let data = options.get("data").map(bytes).unwrap_or_default();
        let data = String::from_utf8(data).map_err(|_| Error::InvalidData)?;
        Ok((role, format, data))
    };
    let (role, format, data): (Option<Role>, Option<TokenFormat>, _) = match parsed() {
        Ok(parsed) => parsed,
        Err(error) => return vec![Err(error)],
    };
    let classes = options.get("initial_layout_class_list").and_then(Json::as_array);
    let classes: Vec<String> = classes.into_iter().flatten().map(text).collect();
    let classes: Vec<&str> = classes.iter().map(String::as_str).collect();
    let jti = options.get("jti").map(text);
    let options = TokenOptions::new()
        .role(role)
        .expire_time(integer(options, "expire_time"))
        .expires_in(integer(options, "expires_in"))
        .data(&data)
        .initial_layout_class_list(&classes)
        .token_format(format)
        .create_time(integer(options, "create_time"))
        .nonce(integer(options, "nonce"))
        .jti(jti.as_deref());
    let mut results = vec![opentok.generate_token(session_id, &options)];
    match opentok.session(session_id) {
        Ok(session) => {
            results.push(session.generate_token(&options));
            results.extend(session.generate_tokens([options; 3]));
        }
        Err(error) => results.push(Err(error)),
    }
    results
}

/// The same, where every way must give a token.
fn generated(opentok: &OpenTok, session_id: &str, options: &Json) -> Result<Vec<String>, Error> {
    generate(opentok, session_id, options).into_iter().collect()
}

fn rest_token(opentok: &OpenTok, options: &Json) -> Result<String, Error> {
    let jti = options.get("jti").map(text);
    let options = RestTokenOptions::new()
        .expires_in(integer(options, "expires_in"))
        .create_time(integer(options, "create_time"))
        .jti(jti.as_deref());
    opentok.generate_rest_token(&options)
}

fn with_verify_options<T>(options: &Json, call: impl FnOnce(&VerifyOptions) -> T) -> T {
    let session_id = options.get("session_id").map(text);
    let given = VerifyOptions::new()
        .now(integer(options, "now"))
        .leeway(integer(options, "leeway"))
        .session_id(session_id.as_deref());
    call(&given)
}

fn verified(opentok: &OpenTok, token: impl AsRef<[u8]>, options: &Json) -> Result<Token, Error> {
    with_verify_options(options, |options| opentok.verify_token(token, options))
}

fn inspected(opentok: Option<&OpenTok>, token: impl AsRef<[u8]>, options: &Json) -> Inspection {
    let session_id = options.get("session_id").map(text);
    let given =
        InspectOptions::new().now(integer(options, "now")).session_id(session_id.as_deref());
    match opentok {
        Some(opentok) => opentok.inspect_token(token, &given),
        None => inspect_token(token, &given),
    }
}

/// The token of an attack, which may have to be signed.
fn attacking(input: &Json, context: &Json) -> Vec<u8> {
    let secret = || context["secret"].as_str().expect("a secret").as_bytes();
    if let Some(parts) = input.get("jwt") {
        let [header, payload] =
            ["header", "payload"].map(|part| URL_SAFE_NO_PAD.encode(bytes(&parts[part])));
        let signed = format!("{header}.{payload}");
        let mac = Hmac::<Sha256>::new_from_slice(secret()).expect("a key of any length");
        let signature = mac.chain_update(&signed).finalize().into_bytes();
        return format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)).into_bytes();
    }
    if let Some(parts) = input.get("t1") {
        let data = bytes(&parts["data"]);
        let mac = Hmac::<Sha1>::new_from_slice(secret()).expect("a key of any length");
        let signature = mac.chain_update(&data).finalize().into_bytes();
        let signature: String = signature.iter().map(|byte| format!("{byte:02x}")).collect();
        let api_key = context["api_key"].as_str().expect("an API key");
        let head = format!("partner_id={api_key}&sig={signature}:");
        return format!("T1=={}", STANDARD.encode([head.as_bytes(), &data].concat())).into_bytes();
    }
    bytes(input)
}

/// Whether a token is a JWT whose header starts with RS256.
fn is_rs256(token: &[u8]) -> bool {
    // {"alg":"RS256" in base64url, but for the last character, which depends on what follows.
    token.starts_with(b"eyJhbGciOiJSUzI1NiI")
}

fn object(value: &Json) -> &serde_json::Map<String, Json> {
    value.as_object().expect("an object")
}

/// An option that is an integer, if it is given.
fn integer(options: &Json, name: &str) -> Option<i64> {
    options.get(name).map(|value| value.as_i64().expect("an integer"))
}

/// A string in the notation of the vectors. A lone surrogate becomes the three bytes of its code
/// point, which are no UTF-8.
fn bytes(value: &Json) -> Vec<u8> {
    if let Some(text) = value.as_str() {
        return text.as_bytes().to_vec();
    }
    if let Some(repeat) = value.get("repeat") {
        let times = value["times"].as_u64().and_then(|times| times.try_into().ok());
        return bytes(repeat).repeat(times.expect("a count"));
    }
    if let Some(parts) = value.get("concat").and_then(Json::as_array) {
        return parts.iter().flat_map(bytes).collect();
    }
    if let Some(units) = value.get("utf16").and_then(Json::as_array) {
        let units = units.iter().map(|unit| unit.as_u64().and_then(|unit| unit.try_into().ok()));
        return char::decode_utf16(units.map(|unit| unit.expect("a UTF-16 code unit")))
            .flat_map(|unit| match unit {
                Ok(character) => character.to_string().into_bytes(),
                Err(lone) => {
                    let [high, low] = lone.unpaired_surrogate().to_be_bytes();
                    vec![0xe0 | high >> 4, 0x80 | (high & 15) << 2 | low >> 6, 0x80 | low & 63]
                }
            })
            .collect();
    }
    decoded(value.get("base64").expect("a string of a known notation"))
}

fn decoded(base64: &Json) -> Vec<u8> {
    STANDARD.decode(base64.as_str().expect("base64")).expect("base64")
}

/// A string in the notation of the vectors that is UTF-8.
fn text(value: &Json) -> String {
    String::from_utf8(bytes(value)).expect("only data and tokens hold lone surrogates")
}

/// A value with every string in it written out.
fn plain(value: &Json) -> Json {
    match value {
        Json::Array(values) => values.iter().map(plain).collect(),
        Json::Object(members) if members.contains_key("format") => {
            members.iter().map(|(name, value)| (name.clone(), plain(value))).collect()
        }
        Json::Object(_) => text(value).into(),
        _ => value.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One thing is changed in each of these vectors, so that it does not hold any more.
    #[test]
    fn vectors_that_do_not_hold_fail_and_no_others() {
        let mut files = vectors();
        let other_key = files["keys.json"]["keys"]["other"]["public_key"].clone();
        let changes = [
            ("keys.json", "keys/main, cr.pem/public_key", other_key),
            ("generate.json", "vectors/0/token", json!("x")),
            ("generate.json", "vectors/1/options/nonce", json!(5)),
            ("rest.json", "vectors/0/options/create_time", json!(5)),
            ("verify.json", "vectors/0/expected/expire_time", json!(5)),
            ("verify.json", "vectors/1/options/now", json!(5)),
            ("errors.json", "vectors/0/number", json!(5)),
            ("errors.json", "vectors/1/code", json!("x")),
            ("errors.json", "vectors/2/call", json!("x")),
            ("inspect.json", "vectors/0/expected/findings", json!(["x"])),
            ("inspect.json", "vectors/1/expected/remaining_lifetime", json!(5)),
            ("attacks.json", "cases/0/expected", json!("reject")),
            ("attacks.json", "cases/1/input", json!("eyJhbGciOiJSUzI1NiI.e30.")),
            ("peer_tokens.json", "0/verify/expected", json!("x")),
            ("peer_tokens.json", "1/api_secret", json!("1234567890abcdef")),
        ];
        for (file, path, value) in &changes {
            *files.pointer_mut(&format!("/{file}/{path}")).expect(path) = value.clone();
        }
        let failures = run(&files).failures;
        for (file, ..) in &changes {
            let wanted = changes.iter().filter(|(other, ..)| other == file).count();
            let found = failures.iter().filter(|name| name.starts_with(&format!("{file}: ")));
            assert_eq!(found.count(), wanted, "{file}: {failures:#?}");
        }
    }
}
