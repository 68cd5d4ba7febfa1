//! Lists of codes and names in other files are core's: types of the npm package, tables of the
//! documentation.
//!
//! A block between `tokmint:generated NAME` and `tokmint:end` holds such a list. `TOKMINT_UPDATE=1`
//! rewrites the blocks; without it this test compares. What a code means comes from core's
//! documentation comments.

#![allow(clippy::unwrap_used, reason = "a test that fails should fail loudly")]

use std::collections::HashMap;
use std::env;
use std::fmt::Debug;
use std::fs;
use std::path::{Path, PathBuf};

use tokmint::{ErrorCode, ErrorGroup, FindingCode, Role, Severity, SignatureState, TokenFormat};

/// Every file with blocks, and their names in order.
const FILES: [(&str, &[&str]); 7] = [
    (
        "node/index.d.ts",
        &[
            "roles", "token-formats", "signature-states", "severities", "error-codes",
            "finding-codes",
        ],
    ),
    ("docs/errors.md", &["error-table"]),
    ("docs/inspect.md", &["finding-table"]),
    ("python/README.md", &["error-codes"]),
    ("node/README.md", &["error-codes"]),
    ("bindings/c/README.md", &["error-codes"]),
    ("bindings/kotlin/README.md", &["error-codes"]),
];

fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}

#[test]
fn generated_blocks_hold_the_tables_of_core() {
    let is_update = env::var("TOKMINT_UPDATE").is_ok_and(|value| value == "1");
    for (path, names) in FILES {
        let current = fs::read_to_string(repository(path)).unwrap();
        let (expected, found) = with_blocks(&current, path.ends_with(".md"));
        assert_eq!(found, names, "the generated blocks of {path}");
        if is_update && expected != current {
            fs::write(repository(path), &expected).unwrap();
        } else {
            assert!(
                expected == current,
                "{path} does not hold the tables of core; TOKMINT_UPDATE=1 cargo test --package tokmint --test generated \
                 rewrites them"
            );
        }
    }
}

/// A file with its blocks written anew, and the names of the blocks.
fn with_blocks(file: &str, is_markdown: bool) -> (String, Vec<&str>) {
    let mut written = String::new();
    let mut names = Vec::new();
    let mut is_inside = false;
    for line in file.lines() {
        let marker = line.trim_start().trim_start_matches(['/', '<', '!', '-', '#', ' ']);
        if marker.starts_with("tokmint:end") {
            assert!(is_inside, "an end without a block");
            is_inside = false;
        }
        if !is_inside {
            written.push_str(line);
            written.push('\n');
        }
        if let Some(rest) = marker.strip_prefix("tokmint:generated ") {
            assert!(!is_inside, "{rest}: a block inside a block");
            is_inside = true;
            let name = rest.split(' ').next().unwrap();
            names.push(name);
            let indentation = &line[..line.len() - line.trim_start().len()];
            for line in block(name, is_markdown) {
                written.push_str(indentation);
                written.push_str(&line);
                written.push('\n');
            }
        }
    }
    assert!(!is_inside, "{names:?}: the last block has no end");
    (written, names)
}

/// The lines of a block.
fn block(name: &str, is_markdown: bool) -> Vec<String> {
    match name {
        "error-codes" if is_markdown => error_codes(),
        "error-table" => error_table(),
        "finding-table" => finding_table(),
        "error-codes" => union(ErrorCode::ALL.iter().map(|code| code.name())),
        "finding-codes" => union(FindingCode::ALL.iter().map(|code| code.name())),
        "roles" => union(Role::ALL.iter().map(|role| role.name())),
        "token-formats" => union(TokenFormat::ALL.iter().map(|format| format.name())),
        "severities" => union(Severity::ALL.iter().map(|severity| severity.name())),
        "signature-states" => union(SignatureState::ALL.iter().map(|state| state.name())),
        _ => panic!("no list has the name {name}"),
    }
}

/// The members of a union of TypeScript.
fn union(names: impl Iterator<Item = &'static str>) -> Vec<String> {
    names.map(|name| format!("| '{name}'")).collect()
}

/// One row for each group.
fn error_codes() -> Vec<String> {
    let mut rows = vec!["| group | codes and numbers |".to_owned(), "|---|---|".to_owned()];
    for group in ErrorGroup::ALL {
        let codes = ErrorCode::ALL.iter().filter(|code| code.group() == *group);
        let codes: Vec<_> =
            codes.map(|code| format!("`{}` {}", code.name(), code.number())).collect();
        rows.push(format!("| `{}` | {} |", group.name(), codes.join(", ")));
    }
    rows
}

fn error_table() -> Vec<String> {
    let source = "core/src/error.rs";
    let mut meanings_of_codes = meanings(source, "error_codes! {", "        ");
    // What core returns itself is described there.
    meanings_of_codes.extend(meanings(source, "pub enum Error {", "    "));
    let mut rows =
        vec!["| number | code | group | means |".to_owned(), "|---|---|---|---|".to_owned()];
    rows.extend(ErrorCode::ALL.iter().map(|code| {
        let (number, name, group) = (code.number(), code.name(), code.group().name());
        format!("| {number} | `{name}` | {group} | {} |", meaning(&meanings_of_codes, code))
    }));
    rows
}

fn finding_table() -> Vec<String> {
    let meanings = meanings("core/src/inspect/finding.rs", "finding_codes! {", "        ");
    let mut rows = vec!["| code | severity | means |".to_owned(), "|---|---|---|".to_owned()];
    rows.extend(FindingCode::ALL.iter().map(|code| {
        let (name, severity) = (code.name(), code.severity().name());
        let says = code.server_message();
        let says = says.map_or(String::new(), |says| format!(" The server says \"{says}\"."));
        format!("| `{name}` | {severity} | {}{says} |", meaning(&meanings, code))
    }));
    rows
}

fn meaning(meanings: &HashMap<String, String>, code: &impl Debug) -> String {
    let variant = format!("{code:?}");
    let meaning = meanings.get(&variant).filter(|meaning| !meaning.is_empty());
    meaning.unwrap_or_else(|| panic!("{variant} has no documentation comment")).clone()
}

/// The documentation comments of variants in a part of a source file, which a line `}` closes. Only
/// lines with this indentation are read, so that comments of fields are left out.
fn meanings(path: &str, start: &str, indentation: &str) -> HashMap<String, String> {
    let source = fs::read_to_string(repository(path)).unwrap();
    let part = source.lines().skip_while(|line| *line != start);
    let part = part.take_while(|line| *line != "}");
    let mut meanings = HashMap::new();
    let mut comment = Vec::new();
    for line in part.filter_map(|line| line.strip_prefix(indentation)) {
        if let Some(text) = line.strip_prefix("/// ") {
            comment.push(text);
        } else if line.starts_with(|first: char| first.is_ascii_uppercase()) {
            let end = line.find(|c: char| !c.is_ascii_alphanumeric());
            let variant = &line[..end.unwrap_or(line.len())];
            meanings.insert(variant.to_owned(), without_links(&comment.join(" ")));
            comment.clear();
        }
    }
    meanings
}

/// Markdown without the targets that only rustdoc knows: of ``[`LIMIT`](path)`` and ``[`LIMIT`]``
/// the name is left.
fn without_links(markdown: &str) -> String {
    let mut rest = markdown;
    let mut text = String::new();
    while let Some((before, link)) = rest.split_once("[`") {
        let (name, after) = link.split_once("`]").expect("a link ends");
        text.push_str(before);
        text.push('`');
        text.push_str(name);
        text.push('`');
        rest = match after.strip_prefix('(') {
            Some(target) => target.split_once(')').expect("a target ends").1,
            None => after,
        };
    }
    text.push_str(rest);
    text
}
