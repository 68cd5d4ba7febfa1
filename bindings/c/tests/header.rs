//! `include/tokmint.h` says what the source says.
//! `TOKMINT_UPDATE=1 cargo test -p tokmint-c --test header` rewrites it.

use std::{env, fs};

use tokmint::{ErrorCode, ErrorGroup};

const VERSION: &str = r#"
/** The version of this header. That of the library is `tokmint_version`. */
#define TOKMINT_VERSION "@VERSION@"
#define TOKMINT_VERSION_MAJOR @MAJOR@
#define TOKMINT_VERSION_MINOR @MINOR@
#define TOKMINT_VERSION_PATCH @PATCH@

/** As the length of a string: up to the first NUL. */
#define TOKMINT_NUL_TERMINATED SIZE_MAX

/** As an integer: not given. */
#define TOKMINT_UNSET INT64_MIN
"#;

fn with_version(template: &str) -> String {
    [
        ("@VERSION@", env!("CARGO_PKG_VERSION")),
        ("@MAJOR@", env!("CARGO_PKG_VERSION_MAJOR")),
        ("@MINOR@", env!("CARGO_PKG_VERSION_MINOR")),
        ("@PATCH@", env!("CARGO_PKG_VERSION_PATCH")),
    ]
    .into_iter()
    .fold(template.to_owned(), |filled, (name, value)| filled.replace(name, value))
}

/// The enum of `Status`, from core's table.
fn status() -> String {
    let mut lines = String::from(
        "
/**
 * What a call returns: 0 for success, or the number of an error. Numbers never change; new ones may come.
 */
typedef enum tokmint_status {
  TOKMINT_STATUS_OK = 0,
",
    );
    for group in ErrorGroup::ALL {
        lines += &format!("  /* {} */\n", group.name());
        for code in ErrorCode::ALL.iter().filter(|code| code.group() == *group) {
            let name = code.name().to_uppercase();
            lines += &format!("  TOKMINT_STATUS_{name} = {},\n", code.number());
        }
    }
    lines + "} tokmint_status;\n"
}

/// The macro that initialises a struct of options, from the types of its fields. The test
/// `tests/c/boundary.c` compares what it sets with what the function of the library sets.
fn init_macro(header: &str, options: &str) -> String {
    let start = format!("typedef struct {options} {{\n");
    let (_, fields) = header.split_once(&start).expect("the header has the struct");
    let (fields, _) = fields.split_once("\n}").expect("a struct ends");
    let mut lines = format!(
        "
/**
 * Initialises a `{options}` with nothing set.
 */
#define {}_INIT \\\n  {{ \\\n",
        options.to_uppercase()
    );
    for field in fields.lines().filter_map(|line| line.strip_suffix(';')) {
        let (kind, name) =
            field.trim().rsplit_once([' ', '*']).expect("a field has a type and a name");
        let value = match kind {
            "size_t" if name == "size" => format!("sizeof({options})"),
            "size_t" if name.ends_with("_length") => "TOKMINT_NUL_TERMINATED".into(),
            "size_t" => "0".into(),
            "int64_t" => "TOKMINT_UNSET".into(),
            _ => "NULL".into(),
        };
        lines += &format!("    /* {name} */ {value}, \\\n");
    }
    lines + "  }\n"
}

#[test]
fn the_header_is_what_the_source_says() {
    let crate_folder = env!("CARGO_MANIFEST_DIR");
    let config = format!("{crate_folder}/cbindgen.toml");
    let mut config = cbindgen::Config::from_file(config).expect("cbindgen.toml reads");
    let top = fs::read_to_string(format!("{crate_folder}/header.txt")).unwrap();
    config.header = Some(with_version(top.trim_end()));
    config.after_includes = Some(with_version(VERSION) + status().trim_end());
    let mut header = Vec::new();
    cbindgen::generate_with_config(crate_folder, config)
        .expect("the source reads")
        .write(&mut header);
    let mut header = String::from_utf8(header).unwrap();

    let macros = ["token", "rest_token", "verify", "inspect"]
        .map(|call| init_macro(&header, &format!("tokmint_{call}_options")))
        .concat();
    let functions = "\n#ifdef __cplusplus\nextern \"C\" {";
    assert_eq!(header.matches(functions).count(), 1, "functions follow");
    header = header.replace(functions, &(macros + functions));

    let path = format!("{crate_folder}/../../include/tokmint.h");
    if env::var_os("TOKMINT_UPDATE").is_some() {
        fs::write(&path, &header).unwrap();
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == header,
        "include/tokmint.h is out of date; TOKMINT_UPDATE=1 cargo test -p tokmint-c --test header"
    );
}
