//! Vectors for the unit tests of core's layers: the RFCs' in `vectors`, a link to `tests/vectors`
//! through which they are in the published crate too, and third parties' where a folder `shared`
//! stands beside the repository.

use std::fs;
use std::path::Path;

use serde_json::Value as Json;

fn read(path: &str) -> Option<Json> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    let text = fs::read_to_string(path).ok()?;
    Some(serde_json::from_str(&text).expect("vectors are JSON"))
}

/// A file of `vectors`.
pub(crate) fn vectors(name: &str) -> Json {
    read(&format!("vectors/{name}")).expect("the file is part of the crate")
}

/// A file of the third parties' vectors, in a folder outside of the repository. Tests of these are
/// ignored unless they are asked for; `make test` asks where the folder is, and in CI.
pub(crate) fn shared(name: &str) -> Json {
    let path = format!("../../shared/data/third_party/{name}");
    read(&path).unwrap_or_else(|| panic!("{path} is not beside the repository"))
}

pub(crate) fn string(value: &Json) -> &str {
    value.as_str().expect("a string")
}

pub(crate) fn hex(value: &Json) -> Vec<u8> {
    let digits = string(value).as_bytes().chunks_exact(2);
    digits.map(|pair| u8::from_str_radix(str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}
