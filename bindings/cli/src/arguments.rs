//! The command line itself: what can be written, its help, and the manual page and completions made
//! from it.
//!
//! Values that core knows how to read (roles, formats, session IDs) stay strings here, so that core
//! refuses them in its own words. Every option takes a value that starts with `-`: data may, and
//! negative numbers are core's to refuse.

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::PathBuf;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, Args, CommandFactory, Parser, Subcommand};
use clap_mangen::Man;
use tokmint::limits::{
    DEFAULT_APPLICATION_REST_LIFETIME, DEFAULT_LIFETIME, DEFAULT_PROJECT_REST_LIFETIME,
    MAX_DATA_UNITS, MAX_LAYOUT_CLASS_LIST_UNITS, MAX_LEEWAY, MAX_LIFETIME, MAX_NONCE,
    MAX_REST_LIFETIME, MAX_TIME,
};
use tokmint::{Role, TokenFormat};

use crate::time;

const CONVENTIONS: &str = "\
Credentials are those of a project (API key and API secret) or of a Vonage application (ID and key), never of both. \
Credentials given as options take precedence over those in the environment. The API secret is read from the file of --secret-file, from standard input \
with --secret-stdin, or else from the environment variable TOKMINT_API_SECRET. The key of an application is read from \
the file of --private-key-file or --public-key-file, where - is standard input, or else from TOKMINT_PRIVATE_KEY or \
TOKMINT_PUBLIC_KEY, whose line feeds may be written as \\n. With a public key, tokens are verified and inspected, and \
none is generated.

A secret or key is never an argument, because other users of the machine can read arguments. One line feed (LF or \
CRLF) at the end of a secret's file or of standard input does not count.

An INSTANT is whole Unix seconds or RFC 3339, as in 2030-01-31T12:00:00Z. A DURATION is whole seconds, or \
numbers with the units w, d, h, m, s, as in 90m, 1h30m or 30d.

Exit status: 0 if all is well; 1 if a token or an option is refused, with `tokmint: CODE: SENTENCE` on standard error \
and with --json also {\"error\":{\"code\",\"number\",\"message\"}} on standard output, where inspect instead prints all \
that it finds; 2 if the command line is wrong or something cannot be read or written.";

/// Mints, verifies and explains OpenTok client connection tokens: the tokens with which a user's
/// app joins a video session. Nothing is sent anywhere.
#[derive(Parser)]
#[command(name = "tokmint", version, after_long_help = CONVENTIONS)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Subcommand)]
pub enum Command {
    /// Generate a token and print it
    #[command(after_long_help = CONVENTIONS, mut_arg("public_key_file", without_use))]
    Generate(Generate),
    /// Verify a token and print what it says
    ///
    /// A verified token is one that this project or application issued and that is valid now;
    /// whether the session still exists, only the server knows.
    #[command(after_long_help = CONVENTIONS)]
    Verify(Verify),
    /// Show what a token says, and why a server would refuse it
    ///
    /// It reads whatever it can of any string. Its findings have three severities. `refused`: the
    /// holder does not get in. `warning`: tokmint accepts the token, but it may not do what was
    /// meant, or not on every server. `note`: it does no harm. Without credentials the signature
    /// stays unchecked. Trust nothing that it shows: to admit somebody, verify the token.
    #[command(after_long_help = CONVENTIONS)]
    Inspect(Inspect),
    /// Compare two tokens, to check that the new one can replace the old one
    ///
    /// Each thing that they say is `lost` (the old token gives it and the new one does not),
    /// `changed` (the new one gives more or something else), `expected` (two tokens always differ
    /// in it, or two of different formats or issuers do) or `same`. No credentials are needed and
    /// no signature is checked: verify does that. Exit status: 0 if nothing is lost or changed; 1
    /// if something is, or if not all of both tokens could be read; 2 as of the other commands.
    Compare(Compare),
    /// Generate a token for calls of the REST API and print it
    ///
    /// It is for servers only: whoever has it has the same rights over the sessions as your server.
    /// It admits nobody to a session, and `verify` refuses it.
    #[command(after_long_help = CONVENTIONS, mut_arg("public_key_file", without_use))]
    RestToken(RestToken),
    /// Show every kind of token at work, and what a refusal looks like
    Demo,
    /// Run the test vectors of every language on this machine
    ///
    /// It prints how many passed, and on standard error those that did not. Exit status: 0 if all
    /// passed, otherwise 1.
    SelfTest,
    /// Print the completion script of a shell
    Completions {
        /// The shell to complete in
        shell: clap_complete::Shell,
    },
    /// Print the manual page, for example for `man --local-file -`
    Man,
}

impl Command {
    /// Whether the output must be JSON.
    pub fn wants_json(&self) -> bool {
        matches!(
            self,
            Command::Generate(Generate { json: true, .. })
                | Command::Verify(Verify { json: true, .. })
                | Command::Inspect(Inspect { json: true, .. })
        )
    }
}

/// The credentials of a project or of an application. What is not given here may be in the
/// environment.
#[derive(Args)]
pub struct Credentials {
    /// The project's API key [env: TOKMINT_API_KEY]
    #[arg(long, value_name = "KEY")]
    pub api_key: Option<String>,

    /// Read the API secret from this file
    #[arg(long, value_name = "FILE", conflicts_with = "secret_stdin")]
    pub secret_file: Option<PathBuf>,

    /// Read the API secret from standard input
    #[arg(long)]
    pub secret_stdin: bool,

    /// The application's ID [env: TOKMINT_APPLICATION_ID]
    #[arg(long, value_name = "ID", conflicts_with_all = OPTIONS_OF_PROJECT)]
    pub application_id: Option<String>,

    /// Read the application's private key from this file; `-` is standard input
    #[arg(long, value_name = "FILE", conflicts_with_all = OPTIONS_OF_PROJECT)]
    pub private_key_file: Option<PathBuf>,

    /// Read the application's public key from this file, to verify and inspect; `-` is standard
    /// input
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with_all = OPTIONS_OF_PROJECT,
        conflicts_with = "private_key_file"
    )]
    pub public_key_file: Option<PathBuf>,
}

/// Leaves an option out of the help of a command that cannot use it. It stays an option, so that
/// core says why.
fn without_use(option: Arg) -> Arg {
    option.hide(true)
}

const OPTIONS_OF_PROJECT: [&str; 3] = ["api_key", "secret_file", "secret_stdin"];

#[derive(Args)]
pub struct Generate {
    #[command(flatten)]
    pub credentials: Credentials,

    /// The session that the token admits to
    #[arg(long, value_name = "ID", allow_hyphen_values = true)]
    pub session_id: String,

    #[arg(long, allow_hyphen_values = true, help = format!(
        "What the holder may do in the session: {} [default: {}]",
        names(Role::ALL),
        Role::default(),
    ))]
    pub role: Option<String>,

    #[arg(long, value_name = "TEXT", allow_hyphen_values = true, help = format!(
        "Connection data, at most {MAX_DATA_UNITS} UTF-16 code units, which everybody in the session can read"
    ))]
    pub data: Option<OsString>,

    #[arg(long, value_name = "CLASS", allow_hyphen_values = true, help = format!(
        "A layout class of the holder's streams; repeat it for more, at most {MAX_LAYOUT_CLASS_LIST_UNITS} UTF-16 \
         code units when joined by spaces"
    ))]
    pub layout_class: Vec<String>,

    #[arg(long, allow_hyphen_values = true, help = format!(
        "The token's format: {} [default: {}]",
        names(TokenFormat::ALL),
        TokenFormat::default(),
    ))]
    pub format: Option<String>,

    #[arg(long, value_name = "DURATION", allow_hyphen_values = true, value_parser = time::duration, help = format!(
        "How long the token is valid, 1 to {MAX_LIFETIME} s; pass this or --expire-time [default: {DEFAULT_LIFETIME} s]"
    ))]
    pub expires_in: Option<i64>,

    #[arg(long, value_name = "INSTANT", allow_hyphen_values = true, value_parser = time::instant, help = format!(
        "When the token ends, at most {MAX_LIFETIME} s after the creation time"
    ))]
    pub expire_time: Option<i64>,

    #[arg(long, value_name = "INSTANT", allow_hyphen_values = true, value_parser = time::instant, help = format!(
        "When the token is issued, 0 to {MAX_TIME}; set it to reproduce a token exactly [default: the current time]"
    ))]
    pub create_time: Option<i64>,

    #[arg(long, allow_hyphen_values = true, help = format!(
        "A number that tells equal tokens of a project apart, 0 to {MAX_NONCE}; set it to reproduce a token exactly \
         [default: a new one]"
    ))]
    pub nonce: Option<i64>,

    /// A UUID that tells equal tokens of an application apart; set it to reproduce a token exactly
    /// [default: a random one]
    #[arg(long, value_name = "UUID", allow_hyphen_values = true)]
    pub jti: Option<String>,

    /// Print one line of JSON: the token and its fields, times in Unix seconds
    #[arg(long)]
    pub json: bool,
}

#[derive(Args)]
pub struct Verify {
    #[command(flatten)]
    pub credentials: Credentials,

    /// The token; absent or `-`, it is read from standard input
    pub token: Option<OsString>,

    /// The session that the token must be for [default: any session of the issuer]
    #[arg(long, value_name = "ID", allow_hyphen_values = true)]
    pub session_id: Option<String>,

    /// The time of verification [default: the current time]
    #[arg(long, value_name = "INSTANT", allow_hyphen_values = true, value_parser = time::instant)]
    pub now: Option<i64>,

    #[arg(long, value_name = "DURATION", allow_hyphen_values = true, value_parser = time::duration, help = format!(
        "How much clocks may differ, 0 to {MAX_LEEWAY} s [default: 0 s]"
    ))]
    pub leeway: Option<i64>,

    /// Print one line of JSON, times in Unix seconds
    #[arg(long)]
    pub json: bool,
}

#[derive(Args)]
pub struct Inspect {
    #[command(flatten)]
    pub credentials: Credentials,

    /// The token; absent or `-`, it is read from standard input
    pub token: Option<OsString>,

    /// The session that the token should be for [default: any session of the issuer]
    #[arg(long, value_name = "ID", allow_hyphen_values = true)]
    pub session_id: Option<String>,

    /// The time of inspection [default: the current time]
    #[arg(long, value_name = "INSTANT", allow_hyphen_values = true, value_parser = time::instant)]
    pub now: Option<i64>,

    /// Print one line of JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Args)]
pub struct Compare {
    /// The token to be replaced; `-` is standard input
    pub old: OsString,

    /// The token to replace it; `-` is standard input
    pub new: OsString,

    /// The time at which both are inspected [default: the current time]
    #[arg(long, value_name = "INSTANT", allow_hyphen_values = true, value_parser = time::instant)]
    pub now: Option<i64>,

    /// Print one line of JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Args)]
pub struct RestToken {
    #[command(flatten)]
    pub credentials: Credentials,

    /// Print the whole line of the header, X-OPENTOK-AUTH for a project and Authorization for an
    /// application, as `curl --header @-` reads it
    #[arg(long)]
    pub header: bool,

    #[arg(long, value_name = "DURATION", allow_hyphen_values = true, value_parser = time::duration, help = format!(
        "How long the token is valid, 1 to {MAX_REST_LIFETIME} s; the platform documents at most 300 s for a project, \
         which is not enforced here [default: {DEFAULT_PROJECT_REST_LIFETIME} s for a project, \
         {DEFAULT_APPLICATION_REST_LIFETIME} s for an application]"
    ))]
    pub expires_in: Option<i64>,

    #[arg(long, value_name = "INSTANT", allow_hyphen_values = true, value_parser = time::instant, help = format!(
        "When the token is issued, 0 to {MAX_TIME}; set it to reproduce a token exactly [default: the current time]"
    ))]
    pub create_time: Option<i64>,

    /// A UUID that tells equal tokens apart; set it to reproduce a token exactly [default: a random
    /// one]
    #[arg(long, value_name = "UUID", allow_hyphen_values = true)]
    pub jti: Option<String>,
}

/// The names of all values, for the help of an option.
fn names(values: &[impl ToString]) -> String {
    let names: Vec<String> = values.iter().map(ToString::to_string).collect();
    names.join(", ")
}

/// The completion script of a shell.
pub fn completions(shell: clap_complete::Shell) -> Vec<u8> {
    let mut script = Vec::new();
    let mut command = Arguments::command();
    let name = command.get_name().to_owned();
    clap_complete::generate(shell, &mut command, name, &mut script);
    script
}

/// The manual page in roff, with a section for each command, for which clap_mangen would write a
/// page of its own.
pub fn manual() -> io::Result<Vec<u8>> {
    let mut command = Arguments::command().disable_help_subcommand(true);
    command.build();
    let man = Man::new(command.clone());
    let mut page = Vec::new();
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    man.render_synopsis_section(&mut page)?;
    man.render_description_section(&mut page)?;
    for subcommand in command.get_subcommands() {
        let man = Man::new(subcommand.clone());
        let mut section = Vec::new();
        man.render_description_section(&mut section)?;
        man.render_synopsis_section(&mut section)?;
        man.render_options_section(&mut section)?;
        let subsections = String::from_utf8_lossy(&section).replace(".SH ", ".SS ");
        write!(page, ".SH {}\n{subsections}", subcommand.get_name().to_uppercase())?;
    }
    man.render_extra_section(&mut page)?;
    man.render_version_section(&mut page)?;
    Ok(page)
}

/// Takes what was typed out of an error, because it may be a secret, typed in the wrong place.
/// Only the name of an unknown option stays, so that a mistyped one can be found.
pub fn without_input(mut error: clap::Error) -> clap::Error {
    let typed = match error.kind() {
        ErrorKind::UnknownArgument => ContextKind::InvalidArg,
        ErrorKind::InvalidSubcommand => ContextKind::InvalidSubcommand,
        _ => ContextKind::InvalidValue,
    };
    let is_letter_or_dash = |byte: u8| byte == b'-' || byte.is_ascii_lowercase();
    let is_option_name =
        |typed: &str| typed.starts_with("--") && typed.bytes().all(is_letter_or_dash);
    match error.get(typed) {
        None => {}
        // Empty where clap reports that a value is missing.
        Some(ContextValue::String(value)) if value.is_empty() => {}
        Some(ContextValue::String(value))
            if typed == ContextKind::InvalidArg && is_option_name(value) => {}
        Some(_) => {
            error.insert(typed, ContextValue::String("...".to_owned()));
            // The advice to write it after `--` would repeat it.
            error.remove(ContextKind::Suggested);
        }
    }
    error
}
