//! Vectors for the unit tests of core's layers: the RFCs' in `tests/vectors`, and third parties' where a folder
//! `shared` stands beside the repository.

use std::fs;
use std::path::Path;

use serde_json::Value as Json;

fn read(path: &str) -> Option<Json> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path);
    let text = fs::read_to_string(path).ok()?;
    Some(serde_json::from_str(&text).expect("vectors are JSON"))
}

/// A file of `tests/vectors`.
pub(crate) fn vectors(name: &str) -> Json {
    read(&format!("tests/vectors/{name}")).expect("the file is part of the repository")
}

/// A file of the third parties' vectors; `None`, which is said aloud, if the folder is not there.
pub(crate) fn shared(name: &str) -> Option<Json> {
    let file = read(&format!("../shared/data/third_party/{name}"));
    if file.is_none() {
        eprintln!("left out: no ../shared/data/third_party/{name} beside the repository");
    }
    file
}

pub(crate) fn text(value: &Json) -> &str {
    value.as_str().expect("a text")
}

pub(crate) fn hex(value: &Json) -> Vec<u8> {
    let digits = text(value).as_bytes().chunks_exact(2);
    digits
        .map(|pair| u8::from_str_radix(str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect()
}
