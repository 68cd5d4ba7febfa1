//! `tokmint rest-token`, and the recipe of docs/rest.md, which calls it.

use std::process::Command;

use serde_json::Value;
use tokmint::limits::{
    DEFAULT_APPLICATION_REST_LIFETIME, DEFAULT_PROJECT_REST_LIFETIME, MAX_REST_LIFETIME,
};

use crate::{APPLICATION_ID, bare, key_file, program, run, tokmint};

/// What PyPI vonage-jwt 1.1.5 mints at 1800000000 with this `jti`.
const VONAGE_TOKEN: &str = "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.eyJhcHBsaWNhdGlvbl9pZCI6ImE5OGUxMmNhLWYzZTUtNGRmOC1iYzY2LWZkNGI1ZjMwYjllOSIsImlhdCI6MTgwMDAwMDAwMCwianRpIjoiNjlmNTU2YWItNTMyNy00MzI0LTg0NGYtNjc4YjM4NjdkYmRhIiwiZXhwIjoxODAwMDAwOTAwfQ.WNgYALL_iO5Ungvo7uejHyQaWz8BCZnyS_t8JXlapwdqe1k7Ro2BZTSyxLjT4E3xTdTNCgL3-A_FMBMzgT8bETxxQ1XXn6-GGDIYJJWIUfPDxTFufYK-R3WmwXDoHzbjY2lhlyqRWslL3ZmMZm4G4DdN-6ZCDkyUfOoKoWMDATHY3pGWuYBsV15IcvRGen9qvsIlndusSIv900yDkpS1pROPwg64JBvRz1S7D6DgxDSpBBKsLkWiaLCNvoDgDtf7NDbYisiqbFeJz7PIYlMNBPLadHJ-4hZmuhZQWMjk-Vj8_xE-6hVWUkgUeZb0cXfbObwfS0H86YIDh9_8Pxm8dw";

/// A call with the credentials of an application in the environment.
fn of_application(arguments: &[&str]) -> Command {
    let mut command = bare(arguments);
    command
        .env("TOKMINT_APPLICATION_ID", APPLICATION_ID)
        .env("TOKMINT_PRIVATE_KEY", std::fs::read_to_string(key_file("private_key.pem")).unwrap());
    command
}

/// What an inspection with the credentials of the token shows of it: the signature and the claims,
/// as the token writes them.
fn claims(mut inspect: Command) -> Vec<(String, String)> {
    let outcome = run(inspect.arg("--json"));
    assert_eq!(outcome.status, Some(1), "it is no client token");
    let inspection: Value = serde_json::from_str(&outcome.stdout).unwrap();
    assert_eq!(inspection["signature"], "valid");
    assert_eq!(inspection["findings"][0]["code"], "rest_token");
    let fields = inspection["fields"].as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    fields.map(|field| (text(&field["name"]), text(&field["value"]))).collect()
}

#[track_caller]
fn assert_lifetime(claims: &[(String, String)], lifetime: i64) {
    let time = |name: &str| {
        let claim = claims.iter().find(|claim| claim.0 == name).unwrap();
        claim.1.parse::<i64>().unwrap()
    };
    assert_eq!(time("exp") - time("iat"), lifetime);
}

#[test]
fn prints_the_token_of_the_python_sdk() {
    let mut command = of_application(&[
        "rest-token",
        "--create-time=2027-01-15T08:00:00Z",
        "--jti=69f556ab-5327-4324-844f-678b3867dbda",
    ]);
    assert_eq!(run(&mut command).text(), format!("{VONAGE_TOKEN}\n"));
}

#[test]
fn the_header_is_the_one_of_the_kind_of_credentials() {
    let header = run(&mut of_application(&["rest-token", "--header"])).text();
    let token = header.strip_prefix("Authorization: Bearer ").unwrap().trim_end();
    let shown = claims(of_application(&["inspect", token]));
    let names: Vec<&str> = shown.iter().map(|claim| &*claim.0).collect();
    assert_eq!(names, ["application_id", "iat", "jti", "exp"]);
    assert_lifetime(&shown, DEFAULT_APPLICATION_REST_LIFETIME);

    let header = run(&mut tokmint(&["rest-token", "--header"])).text();
    let token = header.strip_prefix("X-OPENTOK-AUTH: ").unwrap().trim_end();
    let shown = claims(tokmint(&["inspect", token]));
    let names: Vec<&str> = shown.iter().map(|claim| &*claim.0).collect();
    assert_eq!(names, ["iss", "ist", "iat", "exp", "jti"]);
    assert_lifetime(&shown, DEFAULT_PROJECT_REST_LIFETIME);

    assert_eq!(run(&mut tokmint(&["verify", token])).refusal(), "malformed_token");
}

#[test]
fn refusals_are_those_of_core() {
    let too_long = (MAX_REST_LIFETIME + 1).to_string();
    for (option, value, code) in [
        ("--expires-in", "0", "invalid_expire_time"),
        ("--expires-in", "-1h", "invalid_expire_time"),
        ("--expires-in", &too_long, "invalid_expire_time"),
        ("--create-time", "-1", "invalid_create_time"),
        ("--jti", "-", "invalid_jti"),
        ("--jti", "69F556AB-5327-4324-844F-678B3867DBDA", "invalid_jti"),
    ] {
        let outcome = run(&mut tokmint(&["rest-token", option, value]));
        assert_eq!(outcome.refusal(), code, "{option} {value}");
    }
    let token = run(&mut tokmint(&["rest-token", "--expires-in=24h"])).text();
    assert_lifetime(&claims(tokmint(&["inspect", token.trim_end()])), MAX_REST_LIFETIME);
    let outcome = run(&mut bare(&["rest-token"]));
    assert!(outcome.usage_error().contains("there are no credentials"));
}

/// The calls of the page, each against a local server in place of the platform's, with the
/// credentials in the environment that the page names.
#[cfg(unix)]
mod recipe {
    use std::io::{BufRead, BufReader, Read, Write};
    use std::net::TcpListener;
    use std::path::Path;
    use std::sync::mpsc;
    use std::time::Duration;

    use super::*;
    use crate::{Outcome, SESSION_ID, SESSION_OF_APPLICATION, outcome};

    struct Request {
        line: String,
        headers: Vec<(String, String)>,
        body: String,
    }

    impl Request {
        fn header(&self, name: &str) -> Option<&str> {
            let mut headers = self.headers.iter();
            let header = headers.find(|header| header.0.eq_ignore_ascii_case(name));
            header.map(|header| &*header.1)
        }
    }

    /// Receives one request and replies as the platform does.
    fn serve(listener: &TcpListener, session_id: &str) -> std::io::Result<Request> {
        let (mut stream, _) = listener.accept()?;
        let mut reader = BufReader::new(stream.try_clone()?);
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let mut request = Request { line, headers: Vec::new(), body: String::new() };
        loop {
            let mut line = String::new();
            reader.read_line(&mut line)?;
            let Some((name, value)) = line.trim_end().split_once(": ") else {
                break;
            };
            request.headers.push((name.to_owned(), value.to_owned()));
        }
        let length = request.header("content-length").map_or(0, |length| length.parse().unwrap());
        reader.take(length).read_to_string(&mut request.body)?;
        let body = format!("[{{\"session_id\":\"{session_id}\"}}]");
        write!(
            stream,
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
            body.len()
        )?;
        Ok(request)
    }

    /// The block of the page that calls this server.
    fn call(server: &str) -> String {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/rest.md");
        let page = std::fs::read_to_string(path).unwrap();
        let mut blocks =
            page.split("```sh\n").skip(1).map(|part| part.split("```").next().unwrap());
        blocks.find(|block| block.contains(server)).unwrap().to_owned()
    }

    /// Runs the block with the environment of a call. Returns what it prints, and what the server
    /// received.
    fn play(
        server: &str,
        mut environment: Command,
        session_id: &'static str,
    ) -> (Outcome, Request) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let (sender, received) = mpsc::channel();
        std::thread::spawn(move || sender.send(serve(&listener, session_id)));
        let program = program();
        let folder = program.parent().unwrap();
        let path = format!("{}:{}", folder.display(), std::env::var("PATH").unwrap());
        // A proxy of the machine is not for a local server.
        environment
            .env("PATH", path)
            .env("NO_PROXY", "*")
            .args(["-c", &call(server).replace(server, &address)]);
        let outcome = outcome(environment.output().unwrap());
        assert_eq!((outcome.status, &*outcome.stderr), (Some(0), ""), "does curl run here?");
        let request = received.recv_timeout(Duration::from_secs(10)).unwrap().unwrap();
        (outcome, request)
    }

    /// A shell with the environment of a call of the command line.
    fn shell(call: &Command) -> Command {
        let mut shell = Command::new("sh");
        for (name, value) in call.get_envs() {
            match value {
                Some(value) => shell.env(name, value),
                None => shell.env_remove(name),
            };
        }
        shell
    }

    #[track_caller]
    fn assert_creates_a_session(outcome: &Outcome, request: &Request, session_id: &str) {
        assert_eq!(outcome.stdout.trim_end(), format!("[{{\"session_id\":\"{session_id}\"}}]"));
        assert_eq!(request.line, "POST /session/create HTTP/1.1\r\n");
        assert_eq!(request.header("accept"), Some("application/json"));
        assert_eq!(request.header("content-type"), Some("application/x-www-form-urlencoded"));
        assert_eq!(request.body, "archiveMode=manual&p2p.preference=disabled");
    }

    #[test]
    fn creates_a_session_of_a_project() {
        let environment = shell(&tokmint(&["-"]));
        let (outcome, request) = play("https://api.opentok.com", environment, SESSION_ID);
        assert_creates_a_session(&outcome, &request, SESSION_ID);
        assert_eq!(request.header("authorization"), None);
        let token = request.header("x-opentok-auth").unwrap();
        let shown = claims(tokmint(&["inspect", token]));
        assert_eq!(
            shown[..2],
            [("iss", "\"123456\""), ("ist", "\"project\"")]
                .map(|(a, b)| (a.to_owned(), b.to_owned()))
        );
        assert_lifetime(&shown, DEFAULT_PROJECT_REST_LIFETIME);
    }

    #[test]
    fn nothing_is_sent_without_a_token() {
        for server in ["https://api.opentok.com", "https://video.api.vonage.com"] {
            let listener = TcpListener::bind("127.0.0.1:0").unwrap();
            let address = format!("http://{}", listener.local_addr().unwrap());
            listener.set_nonblocking(true).unwrap();
            let program = program();
            let folder = program.parent().unwrap();
            let path = format!("{}:{}", folder.display(), std::env::var("PATH").unwrap());
            let mut shell = shell(&bare(&["-"]));
            shell.env("PATH", path).env("NO_PROXY", "*");
            let call = call(server).replace(server, &address);
            // A request without a reply must not hold the test up.
            let call = call.replace("curl ", "curl --max-time 1 ");
            let outcome = outcome(shell.args(["-c", &call]).output().unwrap());
            assert_eq!(outcome.status, Some(2), "{}", outcome.stderr);
            assert!(outcome.stderr.contains("there are no credentials"));
            let nobody = listener.accept().unwrap_err();
            assert_eq!(nobody.kind(), std::io::ErrorKind::WouldBlock);
        }
    }

    #[test]
    fn creates_a_session_of_an_application() {
        let environment = shell(&of_application(&["-"]));
        let server = "https://video.api.vonage.com";
        let (outcome, request) = play(server, environment, SESSION_OF_APPLICATION);
        assert_creates_a_session(&outcome, &request, SESSION_OF_APPLICATION);
        assert_eq!(request.header("x-opentok-auth"), None);
        let token = request.header("authorization").unwrap().strip_prefix("Bearer ").unwrap();
        let shown = claims(of_application(&["inspect", token]));
        let id = ("application_id".to_owned(), format!("\"{APPLICATION_ID}\""));
        assert_eq!(shown[0], id);
        assert_lifetime(&shown, DEFAULT_APPLICATION_REST_LIFETIME);
    }
}
