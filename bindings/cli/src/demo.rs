//! The demonstration: a token of each kind is minted, verified, and changed or inspected, each with
//! the call that does it in a shell.
//!
//! The calls are only printed; their output is made by the functions that they would run. A test
//! runs the calls as they are printed.

use std::fmt::Write;

use tokmint::{InspectOptions, OpenTok, Role, TokenFormat, TokenOptions, VerifyOptions};

use crate::{Failure, output};

/// The project and session of the official SDKs' documentation and tests. They admit to nothing.
pub const API_KEY: &str = "123456";
/// Its API secret.
pub const API_SECRET: &str = "1234567890abcdef1234567890abcdef1234567890";
const SESSION_ID: &str = "1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4";

/// The application of the test vectors, and its keys, which are for tests only.
pub const APPLICATION_ID: &str = "a98e12ca-f3e5-4df8-bc66-fd4b5f30b9e9";
/// A session of it.
pub const SESSION_OF_APPLICATION: &str = "2_MX5hOThlMTJjYS1mM2U1LTRkZjgtYmM2Ni1mZDRiNWYzMGI5ZTl-fjE2NzI3MzY4NzgxNjJ-bi9OeFVLbkNaVjBUUnpVSmxjbURqQ3J4flB-fg";
const PRIVATE_KEY: &str = include_str!("../vectors/private_key.pem");
const PUBLIC_KEY: &str = include_str!("../vectors/public_key.pem");

/// What every token of the demonstration is for.
const ROLE: Role = Role::Moderator;
const DATA: &str = "name=Johnny";

/// Plays the demonstration and returns its text.
pub fn run() -> Result<String, Failure> {
    let opentok = OpenTok::new(API_KEY, API_SECRET)?;
    let mut text = format!(
        "\
A token lets a user's app join one video session. Your server makes it from a project's API key and secret, or from a
Vonage application's ID and private key, without asking anybody. The project below is the example of the official SDKs; to repeat the calls, first set

$ export TOKMINT_API_KEY={API_KEY}
$ export TOKMINT_API_SECRET={API_SECRET}
$ SESSION_ID={SESSION_ID}
"
    );
    for (format, title) in [
        (TokenFormat::Jwt, "A JSON Web Token, the default"),
        (TokenFormat::T1, "A T1 token, the older format"),
    ] {
        play(&opentok, format, title, &mut text)?;
    }
    play_application(&mut text)?;
    Ok(text)
}

fn play(
    opentok: &OpenTok,
    format: TokenFormat,
    title: &str,
    text: &mut String,
) -> Result<(), Failure> {
    let options = TokenOptions::new().role(ROLE).data(DATA).token_format(format);
    let token = opentok.generate_token(SESSION_ID, &options)?;
    let verified = opentok.verify_token(&token, &VerifyOptions::new())?;
    let fields = output::lines(&verified);
    let changed = with_one_character_changed(&token);
    let error = opentok
        .verify_token(&changed, &VerifyOptions::new())
        .expect_err("the signature covers the middle of a token");
    let refusal = output::refusal(error.code(), &error.to_string());
    let _ = write!(
        text,
        "
{title}
{underline}
$ tokmint generate --session-id \"$SESSION_ID\" --role {ROLE} --data {DATA} --format {format}
{token}

$ tokmint verify {token}
{fields}
The same with one character changed, as an attacker seeking more rights would do. It is refused with exit status 1:

$ tokmint verify {changed}
{refusal}",
        underline = "=".repeat(title.len()),
    );
    Ok(())
}

fn play_application(text: &mut String) -> Result<(), Failure> {
    let options = TokenOptions::new().role(ROLE).data(DATA);
    let signer = OpenTok::for_application(APPLICATION_ID, PRIVATE_KEY)?;
    let token = signer.generate_token(SESSION_OF_APPLICATION, &options)?;
    let verifier = OpenTok::verifier(APPLICATION_ID, PUBLIC_KEY)?;
    let verified = verifier.verify_token(&token, &VerifyOptions::new())?;
    let fields = output::lines(&verified);
    let now = verified.create_time();
    let inspection = verifier.inspect_token(&token, &InspectOptions::new().now(now));
    let inspection = output::inspection(&inspection, false);
    let error = verifier
        .generate_token(SESSION_OF_APPLICATION, &options)
        .expect_err("a public key signs nothing");
    let refusal = output::refusal(error.code(), &error.to_string());
    let _ = write!(
        text,
        "
The token of a Vonage application
=================================
An application has an ID and a key pair. These are the keys of the tests; to repeat the calls, stay in the folder of this
repository.

$ export TOKMINT_APPLICATION_ID={APPLICATION_ID}
$ unset TOKMINT_API_KEY TOKMINT_API_SECRET
$ SESSION_ID={SESSION_OF_APPLICATION}
$ private_key=tests/vectors/private_key.pem
$ public_key=tests/vectors/public_key.pem

$ tokmint generate --private-key-file $private_key --session-id \"$SESSION_ID\" --role {ROLE} --data {DATA}
{token}

Its public key is enough to verify and to inspect it:

$ tokmint verify --public-key-file $public_key {token}
{fields}
$ tokmint inspect --public-key-file $public_key --now {now} {token}
{inspection}
A public key generates nothing:

$ tokmint generate --public-key-file $public_key --session-id \"$SESSION_ID\" --role {ROLE} --data {DATA}
{refusal}"
    );
    Ok(())
}

/// Changes the character in the middle.
fn with_one_character_changed(token: &str) -> String {
    let middle = token.len() / 2;
    let (before, after) = token.split_at(middle);
    let other = if after.starts_with('A') { 'B' } else { 'A' };
    format!("{before}{other}{}", &after[1..])
}
