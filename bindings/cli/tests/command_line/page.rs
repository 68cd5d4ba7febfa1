//! The transcripts of docs/inspect.md and docs/compare.md.
//! `TOKMINT_UPDATE=1 cargo test -p tokmint-cli page` writes their outputs anew.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use serde_json::Value;

use crate::program;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// What a shell prints for a call, in which `tokmint` is the binary of the tests.
fn outcome(setup: &str, call: &str) -> String {
    let program = program();
    let folder = program.parent().unwrap();
    let path = format!("{}:{}", folder.display(), env::var("PATH").unwrap());
    let output = Command::new("sh")
        .args(["-c", &format!("{setup}\n{call} 2>&1")])
        .env("PATH", path)
        .current_dir(root())
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let is_refused =
        |line: &str| ["refused ", "lost ", "changed "].iter().any(|word| line.starts_with(word));
    let status = i32::from(text.lines().any(is_refused));
    assert_eq!(output.status.code(), Some(status), "{call}");
    text
}

#[cfg(unix)]
#[test]
fn calls_print_what_the_pages_show() {
    check("docs/inspect.md", 6);
    check("docs/compare.md", 2);
}

/// Each block of the page is one call, typed at a prompt, and its output.
fn check(page: &str, count: usize) {
    let path = root().join(page);
    let shown = fs::read_to_string(&path).unwrap();
    let mut true_page = String::new();
    let mut setup = String::new();
    let mut calls = 0;
    for (index, part) in shown.split("```\n").enumerate() {
        if index > 0 {
            true_page.push_str("```\n");
        }
        // Between two fences, in front of the first and behind the last there is prose.
        if index % 2 == 0 {
            true_page.push_str(part);
            continue;
        }
        let line = part.lines().next().unwrap();
        let call = line.strip_prefix("$ ").unwrap();
        let _ = writeln!(true_page, "{line}");
        if call.starts_with("tokmint ") {
            true_page.push_str(&outcome(&setup, call));
            calls += 1;
        } else {
            setup.push_str(call);
        }
    }
    assert_eq!(calls, count, "{page}");
    if env::var_os("TOKMINT_UPDATE").is_some() {
        fs::write(&path, &true_page).unwrap();
    }
    let shown = fs::read_to_string(&path).unwrap();
    assert!(
        shown == true_page,
        "{page} is out of date; TOKMINT_UPDATE=1 cargo test -p tokmint-cli page"
    );
}

/// The tokens of the calls of a page.
fn tokens(page: &str) -> Vec<String> {
    let page = fs::read_to_string(root().join(page)).unwrap();
    let calls = page.lines().filter(|line| line.starts_with("$ tokmint "));
    let is_token = |word: &&str| word.starts_with("eyJ") || word.starts_with("T1==");
    calls.flat_map(|line| line.split(' ').filter(is_token)).map(str::to_owned).collect()
}

/// Nobody has written the pages' tokens for them: they are the vectors', the truncated one is the
/// start of one.
#[test]
fn their_tokens_are_those_of_the_vectors() {
    let read = |name: &str| fs::read_to_string(root().join("tests/vectors").join(name)).unwrap();
    let peers = read("peer_tokens.json");
    let vectors = read("inspect.json") + &read("generate.json") + &peers;
    let inspected = tokens("docs/inspect.md");
    let all = [inspected.clone(), tokens("docs/compare.md")].concat();
    assert_eq!(all.len(), 10);
    assert!(all.iter().all(|token| vectors.contains(token)));
    let peers: Value = serde_json::from_str(&peers).unwrap();
    let mut peers = peers.as_array().unwrap().iter();
    let java = peers.find(|peer| peer["token"] == inspected[3]).unwrap();
    assert!(java["producer"].as_str().unwrap().contains("java"));
}
