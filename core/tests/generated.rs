//! Lists of codes and names in other files are core's: types of the npm, Swift and Kotlin packages,
//! tables of the documentation.
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

use tokmint::limits::{
    MAX_API_KEY_DIGITS, MAX_DATA_UNITS, MAX_INSPECTED_FIELDS, MAX_LAYOUT_CLASS_LIST_UNITS,
    MAX_LEEWAY, MAX_LIFETIME, MAX_NONCE, MAX_TIME, MAX_TOKEN_BYTES,
};
use tokmint::{ErrorCode, ErrorGroup, FindingCode, Role, Severity, SignatureState, TokenFormat};

/// Every file with blocks, and their names in order.
const FILES: [(&str, &[&str]); 9] = [
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
    (
        "bindings/kotlin/src/main/kotlin/dev/tokmint/Codes.kt",
        &["kotlin-error-codes", "kotlin-finding-codes"],
    ),
    (
        "bindings/swift/Sources/Tokmint/Names.swift",
        &[
            "swift-roles", "swift-token-formats", "swift-signature-states", "swift-severities",
            "swift-error-codes", "swift-finding-codes",
        ],
    ),
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
        "swift-roles" => swift_cases(Role::ALL, Role::name, "core/src/role.rs"),
        "swift-token-formats" => {
            swift_cases(TokenFormat::ALL, TokenFormat::name, "core/src/token_format.rs")
        }
        "swift-signature-states" => {
            swift_cases(SignatureState::ALL, SignatureState::name, "core/src/inspect/inspection.rs")
        }
        "swift-severities" => {
            swift_cases(Severity::ALL, Severity::name, "core/src/inspect/finding.rs")
        }
        "swift-error-codes" => swift_codes(ErrorCode::ALL, ErrorCode::name, &meanings_of_errors()),
        "swift-finding-codes" => {
            swift_codes(FindingCode::ALL, FindingCode::name, &meanings_of_findings())
        }
        "kotlin-error-codes" => {
            let number = |code: ErrorCode| Some(code.number());
            kotlin_codes(ErrorCode::ALL, ErrorCode::name, number, &meanings_of_errors())
        }
        "kotlin-finding-codes" => {
            kotlin_codes(FindingCode::ALL, FindingCode::name, |_| None, &meanings_of_findings())
        }
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

/// The cases of an enum of Swift.
fn swift_cases<T: Copy + Debug>(all: &[T], name: fn(T) -> &'static str, path: &str) -> Vec<String> {
    let meanings = meanings(path, "named_enum! {", "        ");
    let case = |value: &T| {
        let (case, name) = (lower_camel_case(value), name(*value));
        let raw_value = if case == name { String::new() } else { format!(" = \"{name}\"") };
        documented(&meaning(&meanings, value), format!("case {case}{raw_value}"))
    };
    all.iter().flat_map(case).collect()
}

/// The static members of a struct of Swift that holds a name.
fn swift_codes<T: Copy + Debug>(
    all: &[T],
    name: fn(T) -> &'static str,
    meanings: &HashMap<String, String>,
) -> Vec<String> {
    let member = |value: &T| {
        let (member, name) = (lower_camel_case(value), name(*value));
        let declaration = format!("public static let {member} = Self(rawValue: \"{name}\")");
        documented(&meaning(meanings, value), declaration)
    };
    all.iter().flat_map(member).collect()
}

/// The entries of an enum of Kotlin: the number if there is one, and the name.
fn kotlin_codes<T: Copy + Debug>(
    all: &[T],
    name: fn(T) -> &'static str,
    number: fn(T) -> Option<i32>,
    meanings: &HashMap<String, String>,
) -> Vec<String> {
    let entry = |value: &T| {
        let name = name(*value);
        let number = number(*value).map_or(String::new(), |number| format!("{number}, "));
        let entry = format!("{}({number}\"{name}\"),", name.to_uppercase());
        let meaning = meaning(meanings, value);
        let comment = format!("/** {meaning} */");
        if comment.len() <= 116 {
            return vec![comment, entry];
        }
        let mut lines = vec!["/**".to_owned()];
        lines.extend(wrapped(" *", &meaning, 116));
        lines.extend([" */".to_owned(), entry]);
        lines
    };
    all.iter().flat_map(entry).collect()
}

/// Words in lines of a width, each of which begins with a prefix.
fn wrapped(prefix: &str, words: &str, width: usize) -> Vec<String> {
    let mut lines = vec![prefix.to_owned()];
    for word in words.split(' ') {
        if lines.last().unwrap().len() + 1 + word.len() > width {
            lines.push(prefix.to_owned());
        }
        let line = lines.last_mut().unwrap();
        line.push(' ');
        line.push_str(word);
    }
    lines
}

fn lower_camel_case(variant: &impl Debug) -> String {
    let mut name = format!("{variant:?}");
    name[..1].make_ascii_lowercase();
    name
}

/// A declaration of Swift below its documentation, in lines of 120 columns with their indentation.
fn documented(meaning: &str, declaration: String) -> Vec<String> {
    let mut lines = wrapped("///", meaning, 112);
    lines.push(declaration);
    lines
}

fn meanings_of_errors() -> HashMap<String, String> {
    let source = "core/src/error.rs";
    let mut meanings_of_codes = meanings(source, "error_codes! {", "        ");
    // What core returns itself is described there.
    meanings_of_codes.extend(meanings(source, "pub enum Error {", "    "));
    meanings_of_codes
}

fn meanings_of_findings() -> HashMap<String, String> {
    meanings("core/src/inspect/finding.rs", "finding_codes! {", "        ")
}

fn error_table() -> Vec<String> {
    let meanings_of_codes = meanings_of_errors();
    let mut rows =
        vec!["| number | code | group | means |".to_owned(), "|---|---|---|---|".to_owned()];
    rows.extend(ErrorCode::ALL.iter().map(|code| {
        let (number, name, group) = (code.number(), code.name(), code.group().name());
        format!("| {number} | `{name}` | {group} | {} |", meaning(&meanings_of_codes, code))
    }));
    rows
}

fn finding_table() -> Vec<String> {
    let meanings = meanings_of_findings();
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
            meanings.insert(variant.to_owned(), with_limits(&without_links(&comment.join(" "))));
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

/// Limits by their values and units, not by the names that only Rust has.
fn with_limits(text: &str) -> String {
    let limits = [
        ("MAX_TOKEN_BYTES", MAX_TOKEN_BYTES.to_string(), " bytes"),
        ("MAX_INSPECTED_FIELDS", MAX_INSPECTED_FIELDS.to_string(), ""),
        ("MAX_API_KEY_DIGITS", MAX_API_KEY_DIGITS.to_string(), ""),
        ("MAX_DATA_UNITS", MAX_DATA_UNITS.to_string(), " UTF-16 units"),
        ("MAX_LAYOUT_CLASS_LIST_UNITS", MAX_LAYOUT_CLASS_LIST_UNITS.to_string(), " UTF-16 units"),
        ("MAX_TIME", MAX_TIME.to_string(), " Unix seconds"),
        ("MAX_NONCE", MAX_NONCE.to_string(), ""),
        ("MAX_LEEWAY", MAX_LEEWAY.to_string(), " seconds"),
        ("MAX_LIFETIME", MAX_LIFETIME.to_string(), " seconds"),
    ];
    let mut text = text.to_owned();
    for (name, digits, unit) in limits {
        text = text.replace(&format!("`{name}`"), &format!("{}{unit}", grouped(&digits)));
    }
    assert!(!text.contains("`MAX_"), "{text}: give the limit here");
    text
}

/// Digits with a comma before each three of them, as documentation writes numbers.
fn grouped(digits: &str) -> String {
    let mut text = String::new();
    for (index, digit) in digits.char_indices() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
