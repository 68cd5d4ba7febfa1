//! `tokmint self-test`.

use serde_json::Value as Json;

use crate::{bare, key_file, run};

#[test]
fn runs_every_vector_of_the_repository() {
    let file = |name: &str| -> Json {
        let path = key_file(&format!("{name}.json"));
        serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
    };
    let plain = ["generate", "rest", "verify", "errors", "inspect"];
    let lists = plain.map(|name| file(name)["vectors"].as_array().unwrap().len());
    let count = file("keys")["keys"].as_object().unwrap().len()
        + lists.iter().sum::<usize>()
        + file("attacks")["cases"].as_array().unwrap().len()
        + file("peer_tokens").as_array().unwrap().len();
    assert!(count >= 2340);
    let text = run(&mut bare(&["self-test"])).text();
    if std::env::var_os("TOKMINT_COMMAND").is_some() {
        // A package has its own vectors, and names its own runtime.
        assert!(text.starts_with(concat!("tokmint ", env!("CARGO_PKG_VERSION"), " on ")), "{text}");
        assert!(text.ends_with(" vectors passed\n"), "{text}");
        return;
    }
    let line = format!(
        "tokmint {} on {} {}: {count} of {count} vectors passed\n",
        env!("CARGO_PKG_VERSION"),
        std::env::consts::OS,
        std::env::consts::ARCH,
    );
    assert_eq!(text, line);
}
