//! Signs, verifies and inspects with the secret and the private key of two files, drops all, and
//! waits twice for a line on its input: while the credentials live, and once they are dropped.
//! `core_dump.py` dumps its memory meanwhile.

#![allow(missing_docs)]
#![allow(clippy::unwrap_used, reason = "a program of a test should fail loudly")]

use std::env::args;
use std::fs::File;
use std::hint::black_box;
use std::io::{Read, stdin};

use tokmint::{
    InspectOptions, OpenTok, RestTokenOptions, TokenFormat, TokenOptions, VerifyOptions,
};
use zeroize::Zeroize;

const SESSION_ID: &str = "1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4";
const APPLICATION_ID: &str = "a98e12ca-f3e5-4df8-bc66-fd4b5f30b9e9";
const APPLICATION_SESSION_ID: &str = "2_MX5hOThlMTJjYS1mM2U1LTRkZjgtYmM2Ni1mZDRiNWYzMGI5ZTl-\
    fjE2NzI3MzY4NzgxNjJ-bi9OeFVLbkNaVjBUUnpVSmxjbURqQ3J4flB-fg";

fn main() {
    let [secret, private_key] = args().skip(1).collect::<Vec<_>>().try_into().unwrap();
    let project = with_file(&secret, |secret| {
        OpenTok::new("123456", str::from_utf8(secret).unwrap()).unwrap()
    });
    let application =
        with_file(&private_key, |key| OpenTok::for_application(APPLICATION_ID, key).unwrap());
    let session = project.session(SESSION_ID).unwrap();
    for format in TokenFormat::ALL {
        let options = TokenOptions::new().token_format(*format).data("name=Johnny");
        let tokens = [
            project.generate_token(SESSION_ID, &options),
            session.generate_token(&options),
            session.generate_tokens([options; 3]).last().unwrap(),
        ];
        for token in tokens {
            let mut token = token.unwrap();
            project.verify_token(&token, &VerifyOptions::new()).unwrap();
            // Changed forms of the secret are tried too.
            let at = token.len() - 9;
            let other = if &token[at..=at] == "A" { "B" } else { "A" };
            token.replace_range(at..=at, other);
            assert!(project.inspect_token(&token, &InspectOptions::new()).is_refused());
            assert!(project.verify_token(&token, &VerifyOptions::new()).is_err());
        }
    }
    let token = application.generate_token(APPLICATION_SESSION_ID, &TokenOptions::new()).unwrap();
    application.verify_token(&token, &VerifyOptions::new()).unwrap();
    for opentok in [&project, &application] {
        black_box(opentok.generate_rest_token(&RestTokenOptions::new()).unwrap());
    }
    wait("alive");
    drop(session);
    drop(project);
    drop(application);
    wait("dropped");
}

/// Reads a file to a buffer that is wiped afterwards.
fn with_file<T>(path: &str, call: impl FnOnce(&[u8]) -> T) -> T {
    let mut buffer = vec![0; 8192];
    let length = File::open(path).unwrap().read(&mut buffer).unwrap();
    let result = call(&buffer[..length]);
    buffer.zeroize();
    result
}

fn wait(state: &str) {
    println!("{state}");
    stdin().read_line(&mut String::new()).unwrap();
}
