//! `tokmint`, the command line: mints, verifies and explains OpenTok client connection tokens.
//!
//! A shell is one more caller of core, so this crate converts and decides nothing: it turns strings
//! into core's types, and core's results into lines or JSON. It decides only what core has no say
//! in: where secrets and keys are read from, how durations and instants are written, colours, and
//! the errors of using the command line.
//!
//! Left out: an argument for a secret or a key, which every user of the machine could read in the
//! list of processes.

mod arguments;
mod demo;
mod input;
mod output;
mod self_test;
mod time;

use std::env;
use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

use clap::Parser;
use tokmint::{
    Error, ErrorCode, InspectOptions, RestTokenOptions, Role, TokenFormat, TokenOptions,
    VerifyOptions, inspect_token,
};

use arguments::{Arguments, Command, Generate, Inspect, RestToken, Verify};

/// Exit status for a token or an option that was refused.
const REFUSED: u8 = 1;

/// Exit status for everything else: the command line is wrong, or something could not be read or
/// written.
const UNUSABLE: u8 = 2;

/// Why there is no result.
enum Failure {
    /// A token or an option is refused, by core or because it is not UTF-8.
    Refused { code: ErrorCode, message: String },
    /// The command line is wrong, or names something that cannot be read.
    Usage(clap::Error),
}

impl From<tokmint::Error> for Failure {
    fn from(error: tokmint::Error) -> Failure {
        Failure::Refused { code: error.code(), message: error.to_string() }
    }
}

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => arguments::without_input(error).exit(),
    };
    match run(&arguments.command) {
        Ok((text, status)) => write(&text, status),
        Err(Failure::Usage(error)) => error.exit(),
        Err(Failure::Refused { code, message }) => {
            // No part of core's sentence, and so not of the JSON.
            let hint = match code {
                ErrorCode::MalformedToken => "; `tokmint inspect` says what is wrong",
                _ => "",
            };
            complain(&output::refusal(code, &format!("{message}{hint}")));
            let json = if arguments.command.wants_json() {
                output::refusal_json(code, &message)
            } else {
                String::new()
            };
            write(json.as_bytes(), ExitCode::from(REFUSED))
        }
    }
}

/// Runs one command and returns what it prints and its exit status.
fn run(command: &Command) -> Result<(Vec<u8>, ExitCode), Failure> {
    let text = match command {
        Command::Generate(arguments) => generate(arguments)?.into_bytes(),
        Command::Verify(arguments) => verify(arguments)?.into_bytes(),
        Command::Inspect(arguments) => return inspect(arguments),
        Command::RestToken(arguments) => rest_token(arguments)?.into_bytes(),
        Command::Demo => demo::run()?.into_bytes(),
        Command::SelfTest => return Ok(self_test()),
        Command::Completions { shell } => arguments::completions(*shell),
        Command::Man => arguments::manual().expect("writing to a Vec does not fail"),
    };
    Ok((text, ExitCode::SUCCESS))
}

fn generate(arguments: &Generate) -> Result<String, Failure> {
    let role: Option<Role> = arguments.role.as_deref().map(str::parse).transpose()?;
    let format: Option<TokenFormat> = arguments.format.as_deref().map(str::parse).transpose()?;
    let data = arguments.data.as_deref().unwrap_or_default();
    let data = str::from_utf8(data.as_encoded_bytes()).map_err(|_| Error::InvalidData)?;
    let classes: Vec<&str> = arguments.layout_class.iter().map(String::as_str).collect();
    let options = TokenOptions::new()
        .role(role)
        .expire_time(arguments.expire_time)
        .expires_in(arguments.expires_in)
        .data(data)
        .initial_layout_class_list(&classes)
        .token_format(format)
        .create_time(arguments.create_time)
        .nonce(arguments.nonce)
        .jti(arguments.jti.as_deref());
    let opentok = input::opentok(&arguments.credentials)?;
    let token = opentok.generate_token(&arguments.session_id, &options)?;
    if !arguments.json {
        return Ok(format!("{token}\n"));
    }
    // What core chose, such as the nonce, is read back from the token. It is fresh from core, so
    // there is nothing to verify.
    let claims = inspect_token(&token, &InspectOptions::new()).token;
    let claims = claims.expect("core reads every token that it writes");
    Ok(output::json(Some(&token), &claims))
}

fn verify(arguments: &Verify) -> Result<String, Failure> {
    let opentok = input::opentok(&arguments.credentials)?;
    let token = input::token(arguments.token.as_ref(), &arguments.credentials)?;
    let options = VerifyOptions::new().now(arguments.now).leeway(arguments.leeway);
    let options = options.session_id(arguments.session_id.as_deref());
    let token = opentok.verify_token(token, &options)?;
    Ok(if arguments.json { output::json(None, &token) } else { output::lines(&token) })
}

fn inspect(arguments: &Inspect) -> Result<(Vec<u8>, ExitCode), Failure> {
    let opentok = input::optional_opentok(&arguments.credentials)?;
    let token = input::token(arguments.token.as_ref(), &arguments.credentials)?;
    let options = InspectOptions::new().now(arguments.now);
    let options = options.session_id(arguments.session_id.as_deref());
    let inspection = match opentok {
        Some(opentok) => opentok.inspect_token(token, &options),
        None => inspect_token(token, &options),
    };
    let text = if arguments.json {
        output::inspection_json(&inspection)
    } else {
        output::inspection(&inspection, wants_colour())
    };
    let status = if inspection.is_refused() { ExitCode::from(REFUSED) } else { ExitCode::SUCCESS };
    Ok((text.into_bytes(), status))
}

/// Names each vector that fails on standard error; how many pass is the result.
fn self_test() -> (Vec<u8>, ExitCode) {
    let self_test::Report { count, failures } = self_test::run(&self_test::vectors());
    for failure in &failures {
        complain(&format!("FAILED {failure}\n"));
    }
    let text = format!(
        "tokmint {} on {} {}: {} of {count} vectors passed\n",
        env!("CARGO_PKG_VERSION"),
        env::consts::OS,
        env::consts::ARCH,
        count - failures.len(),
    );
    let status = if failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(REFUSED) };
    (text.into_bytes(), status)
}

fn rest_token(arguments: &RestToken) -> Result<String, Failure> {
    let options = RestTokenOptions::new()
        .expires_in(arguments.expires_in)
        .create_time(arguments.create_time)
        .jti(arguments.jti.as_deref());
    let opentok = input::opentok(&arguments.credentials)?;
    let token = opentok.generate_rest_token(&options)?;
    // What precedes the token in the header, as the platform documents it.
    let start = match opentok.application_id() {
        _ if !arguments.header => "",
        Some(_) => "Authorization: Bearer ",
        None => "X-OPENTOK-AUTH: ",
    };
    Ok(format!("{start}{token}\n"))
}

/// Whether standard output is a terminal with colours, which the user has not forbidden
/// (<https://no-color.org>).
fn wants_colour() -> bool {
    let is_forbidden = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let is_able = env::var_os("TERM").is_some_and(|name| name != "dumb");
    is_able && !is_forbidden && io::stdout().is_terminal()
}

/// Writes to standard output and returns the exit status. A reader that has seen enough, as `head`
/// has, is no error.
fn write(text: &[u8], status: ExitCode) -> ExitCode {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(text).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            complain(&format!("tokmint: the output cannot be written: {error}\n"));
            ExitCode::from(UNUSABLE)
        }
        _ => status,
    }
}

/// Writes a line to standard error. If that is closed, the exit status still tells.
fn complain(line: &str) {
    let _ = io::stderr().write_all(line.as_bytes());
}
