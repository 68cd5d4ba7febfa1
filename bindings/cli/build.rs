//! Compresses the vectors of `tokmint self-test`: one JSON object with each file under its name.

use std::io;

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    #[cfg(feature = "self-test")]
    vectors::compress()?;
    Ok(())
}

#[cfg(feature = "self-test")]
mod vectors {
    use std::path::Path;
    use std::{env, fs, io};

    const FILES: [&str; 8] = [
        "keys.json", "generate.json", "rest.json", "verify.json", "errors.json", "inspect.json",
        "attacks.json", "peer_tokens.json",
    ];

    /// The highest of zlib.
    const LEVEL: u8 = 9;

    pub fn compress() -> io::Result<()> {
        let mut members = Vec::new();
        for name in FILES {
            let path = format!("vectors/{name}");
            println!("cargo::rerun-if-changed={path}");
            members.push(format!("\"{name}\":{}", fs::read_to_string(path)?));
        }
        let json = format!("{{{}}}", members.join(","));
        let folder = env::var_os("OUT_DIR").expect("cargo sets it");
        let compressed = miniz_oxide::deflate::compress_to_vec(json.as_bytes(), LEVEL);
        fs::write(Path::new(&folder).join("vectors.json.deflate"), compressed)
    }
}
