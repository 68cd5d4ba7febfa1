//! Every function that C can call ends in the one function that checks and catches, or only reads
//! a handle or an inspection, or cannot fail.

/// They look at nothing but NULL, or at no pointer at all.
const CANNOT_FAIL: [&str; 7] = [
    "tokmint_opentok_free", "tokmint_session_free", "tokmint_token_free",
    "tokmint_inspection_free", "tokmint_string_free", "tokmint_version", "tokmint_error_name",
];

#[test]
fn every_function_ends_in_the_boundary_or_cannot_fail() {
    let source = [
        include_str!("../src/lib.rs"),
        include_str!("../src/session.rs"),
        include_str!("../src/inspection_exports.rs"),
    ]
    .concat();
    let functions: Vec<&str> = source.split("extern \"C\" fn ").skip(1).collect();
    assert_eq!(
        functions.len(),
        source.matches("no_mangle").count(),
        "every exported function is one of C"
    );
    let (mut guarded, mut readers) = (0, 0);
    for function in functions {
        let (name, rest) = function.split_once('(').unwrap();
        let (signature, body) = rest.split_once("{\n").unwrap();
        let body = body.split("\n}\n").next().unwrap();
        let body: String = body
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"))
            .map(str::trim)
            .collect();
        let body = body.replace(' ', "");
        if CANNOT_FAIL.contains(&name) {
            assert!(!signature.contains("-> Status"), "{name} returns a status");
        } else if signature.contains("-> Status") {
            let place = match signature.contains("message: ") {
                true => "message",
                false => "ptr::null_mut()",
            };
            assert!(
                body.starts_with(&format!("unsafe{{boundary({place},||")) && body.ends_with(")}"),
                "{name} does something outside of the boundary: {body}"
            );
            guarded += 1;
        } else {
            let reads = ["Inspection", "OpenTok", "Session"]
                .iter()
                .any(|handle| signature.contains(&format!(": Option<&{handle}>")));
            assert!(
                reads && !body.contains("unsafe"),
                "{name} does more than read a handle or an inspection: {body}"
            );
            readers += 1;
        }
    }
    assert_eq!((guarded, readers), (20, 18));
}
