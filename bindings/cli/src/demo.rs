//! The demonstration: a token of each format is minted, verified, changed and refused, each with
//! the call that does it in a shell.
//!
//! The calls are only printed; their output is made by the functions that they would run. A test
//! runs the calls as they are printed.

use std::fmt::Write;

use tokmint::{OpenTok, Role, TokenFormat, TokenOptions, VerifyOptions};

use crate::{Failure, output};

/// The project and session of the official SDKs' documentation and tests. They admit to nothing.
const API_KEY: &str = "123456";
const API_SECRET: &str = "1234567890abcdef1234567890abcdef1234567890";
const SESSION_ID: &str = "1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4";

/// Plays the demonstration and returns its text.
pub fn run() -> Result<String, Failure> {
    let opentok = OpenTok::new(API_KEY, API_SECRET)?;
    let mut text = format!(
        "\
A token lets a user's app join one video session. Your server makes it from the project's API key and API secret,
without asking anybody. The project below is the example of the official SDKs; to repeat the calls, first set

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
    Ok(text)
}

fn play(
    opentok: &OpenTok,
    format: TokenFormat,
    title: &str,
    text: &mut String,
) -> Result<(), Failure> {
    let (role, data) = (Role::Moderator, "name=Johnny");
    let options = TokenOptions::new().role(role).data(data).token_format(format);
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
$ tokmint generate --session-id \"$SESSION_ID\" --role {role} --data {data} --format {format}
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

/// Changes the character in the middle.
fn with_one_character_changed(token: &str) -> String {
    let middle = token.len() / 2;
    let (before, after) = token.split_at(middle);
    let other = if after.starts_with('A') { 'B' } else { 'A' };
    format!("{before}{other}{}", &after[1..])
}
