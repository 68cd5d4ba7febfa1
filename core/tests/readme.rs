//! The examples of the repository's README are excerpts of the packages' READMEs, whose tests run them whole. (The one in
//! Rust runs as a documentation test of core.)

#![allow(clippy::unwrap_used, reason = "a test that fails should fail loudly")]

use std::fs;
use std::path::Path;

/// The lines of the code blocks in a language.
fn code(readme: &str, language: &str) -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("..")
        .join(readme);
    let mut lines = Vec::new();
    let mut is_code = false;
    for line in fs::read_to_string(path).unwrap().lines() {
        match line.strip_prefix("```") {
            Some(name) => is_code = !is_code && name == language,
            None if is_code => lines.push(line.to_owned()),
            None => {}
        }
    }
    lines
}

#[test]
fn every_line_stands_in_the_package_s_readme_in_the_same_order() {
    let packages = [
        ("python", "python/README.md"),
        ("js", "node/README.md"),
        ("cpp", "bindings/c/README.md"),
        ("kotlin", "bindings/kotlin/README.md"),
    ];
    for (language, readme) in packages {
        let excerpt = code("README.md", language);
        assert!(!excerpt.is_empty(), "{language}");
        let whole = code(readme, language);
        let mut rest = whole.iter();
        for line in &excerpt {
            assert!(rest.any(|other| other == line), "{readme} has not: {line}");
        }
    }
}
