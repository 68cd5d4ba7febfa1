//! The documents of the repository hold true: examples of the README are excerpts of the packages'
//! READMEs, whose tests run them whole (the one in Rust runs as a documentation test of core),
//! links lead to files, and the vectors that a page names are there.

#![allow(clippy::unwrap_used, reason = "a test that fails should fail loudly")]

mod support;

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use support::vectors;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The lines of the code blocks in a language.
fn code(readme: &str, language: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut is_code = false;
    for line in fs::read_to_string(root().join(readme)).unwrap().lines() {
        match line.strip_prefix("```") {
            Some(name) => is_code = !is_code && name == language,
            None if is_code => lines.push(line.to_owned()),
            None => {}
        }
    }
    lines
}

#[test]
fn every_line_is_in_the_package_s_readme_in_the_same_order() {
    let packages = [
        ("python", "python/README.md"),
        ("js", "node/README.md"),
        ("cpp", "bindings/c/README.md"),
        ("kotlin", "bindings/kotlin/README.md"),
        ("java", "bindings/kotlin/README.md"),
        ("swift", "bindings/swift/README.md"),
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

/// Every document outside of the folders where builds and packages leave theirs.
fn documents(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let is_built =
            name.starts_with('.') || ["target", "node_modules", "build"].contains(&&*name);
        if path.is_symlink() {
            // Into the repository, for what packages hold.
        } else if path.is_dir() && !is_built {
            documents(&path, found);
        } else if name.ends_with(".md") {
            found.push(path);
        }
    }
}

/// The anchor of a heading, as forges make it.
fn anchor(heading: &str) -> String {
    let kept = |c: &char| c.is_alphanumeric() || " -_".contains(*c);
    let text: String = heading.trim_start_matches('#').trim().chars().filter(kept).collect();
    text.to_lowercase().replace(' ', "-")
}

#[test]
fn every_relative_link_leads_to_a_file_and_every_anchor_to_a_heading() {
    let mut found = Vec::new();
    documents(&root(), &mut found);
    let mut links = 0;
    for document in found {
        let text = fs::read_to_string(&document).unwrap();
        let targets = text.match_indices("](").map(|(at, _)| {
            let target = &text[at + 2..];
            &target[..target.find(')').unwrap()]
        });
        for target in targets.filter(|target| !target.contains("://")) {
            let (file, heading) = target.split_once('#').unwrap_or((target, ""));
            let path = match file {
                "" => document.clone(),
                _ => document.parent().unwrap().join(file),
            };
            assert!(path.exists(), "{} links to {target}", document.display());
            if !heading.is_empty() {
                let headings = fs::read_to_string(&path).unwrap();
                let mut headings = headings.lines().filter(|line| line.starts_with('#'));
                let is_there = headings.any(|line| anchor(line) == heading);
                assert!(is_there, "{} links to {target}", document.display());
            }
            links += 1;
        }
    }
    assert!(links > 12, "{links}");
}

/// The names of the vectors of each file that the oracle writes.
fn vector_names() -> [(&'static str, HashSet<String>); 5] {
    ["generate", "verify", "errors", "inspect", "rest"].map(|name| {
        let file = vectors(&format!("{name}.json"));
        let vectors = file["vectors"].as_array().unwrap().iter();
        let names = vectors.map(|vector| vector["name"].as_str().unwrap().to_owned());
        (name, names.collect())
    })
}

#[test]
fn the_readme_counts_the_vectors() {
    let count: usize = vector_names().iter().map(|(_, names)| names.len()).sum();
    let count = format!("{},{:03} test vectors", count / 1000, count % 1000);
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    assert!(readme.contains(&count), "{count}");
}

#[test]
fn every_vector_that_a_divergence_is_pinned_by_is_there() {
    let page = fs::read_to_string(root().join("docs/divergences.md")).unwrap();
    let files = vector_names();
    let mut pinned = 0;
    for row in page.lines() {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        if cells.get(1).is_none_or(|number| number.parse::<u8>().is_err()) {
            continue;
        }
        let &["", number, _, _, pins, ""] = cells.as_slice() else {
            panic!("a row of four cells: {row}");
        };
        for pin in pins.split('`').skip(1).step_by(2) {
            let (file, name) = pin.split_once('/').unwrap();
            let (_, names) = files.iter().find(|(known, _)| *known == file).unwrap();
            assert!(names.contains(name), "{number}: no vector {pin}");
            pinned += 1;
        }
    }
    assert!(pinned > 40, "{pinned}");
}
