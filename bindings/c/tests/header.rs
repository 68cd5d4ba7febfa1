//! `include/tokmint.h` says what the source says. `TOKMINT_UPDATE_HEADER=1 cargo test -p tokmint-c --test header`
//! writes it anew.

use std::{env, fs};

const MACROS: &str = r#"
/** The version of this header. That of the library is `tokmint_version`. */
#define TOKMINT_VERSION "@VERSION@"
#define TOKMINT_VERSION_MAJOR @MAJOR@
#define TOKMINT_VERSION_MINOR @MINOR@
#define TOKMINT_VERSION_PATCH @PATCH@

/** As a length: up to the first NUL. */
#define TOKMINT_NUL_TERMINATED SIZE_MAX

/** Initialises a `tokmint_token_options` with nothing set. */
#define TOKMINT_TOKEN_OPTIONS_INIT                                                                 \
    {                                                                                              \
        sizeof(tokmint_token_options), NULL, TOKMINT_NUL_TERMINATED, NULL, NULL, NULL,             \
            TOKMINT_NUL_TERMINATED, NULL, NULL, 0, NULL, TOKMINT_NUL_TERMINATED, NULL, NULL        \
    }

/** Initialises a `tokmint_verify_options` with nothing set. */
#define TOKMINT_VERIFY_OPTIONS_INIT                                                                \
    {                                                                                              \
        sizeof(tokmint_verify_options), NULL, NULL, NULL, TOKMINT_NUL_TERMINATED                   \
    }

/** Initialises a `tokmint_inspect_options` with nothing set. */
#define TOKMINT_INSPECT_OPTIONS_INIT                                                               \
    {                                                                                              \
        sizeof(tokmint_inspect_options), NULL, NULL, TOKMINT_NUL_TERMINATED                        \
    }
"#;

fn with_version(text: &str) -> String {
    [
        ("@VERSION@", env!("CARGO_PKG_VERSION")),
        ("@MAJOR@", env!("CARGO_PKG_VERSION_MAJOR")),
        ("@MINOR@", env!("CARGO_PKG_VERSION_MINOR")),
        ("@PATCH@", env!("CARGO_PKG_VERSION_PATCH")),
    ]
    .into_iter()
    .fold(text.to_owned(), |text, (name, value)| {
        text.replace(name, value)
    })
}

#[test]
fn the_header_is_what_the_source_says() {
    let crate_folder = env!("CARGO_MANIFEST_DIR");
    let config = format!("{crate_folder}/cbindgen.toml");
    let mut config = cbindgen::Config::from_file(config).expect("cbindgen.toml reads");
    let top = fs::read_to_string(format!("{crate_folder}/header.txt")).unwrap();
    config.header = Some(with_version(top.trim_end()));
    config.after_includes = Some(with_version(MACROS.trim_end()));
    let mut header = Vec::new();
    cbindgen::generate_with_config(crate_folder, config)
        .expect("the source reads")
        .write(&mut header);
    let header = String::from_utf8(header).unwrap();

    let path = format!("{crate_folder}/../../include/tokmint.h");
    if env::var_os("TOKMINT_UPDATE_HEADER").is_some() {
        fs::write(&path, &header).unwrap();
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == header,
        "include/tokmint.h is out of date; TOKMINT_UPDATE_HEADER=1 cargo test -p tokmint-c --test header"
    );
}
