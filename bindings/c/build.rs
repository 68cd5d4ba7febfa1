//! Names the shared library after the versions that are compatible, as programs look it up: those
//! of one major version, and before 1.0 of one minor version.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let series = match env!("CARGO_PKG_VERSION_MAJOR") {
        "0" => concat!("0.", env!("CARGO_PKG_VERSION_MINOR")),
        major => major,
    };
    let name = match std::env::var("CARGO_CFG_TARGET_OS").as_deref() {
        Ok("linux") => format!("-soname,libtokmint.so.{series}"),
        Ok("macos") => format!("-install_name,@rpath/libtokmint.{series}.dylib"),
        _ => return,
    };
    println!("cargo::rustc-cdylib-link-arg=-Wl,{name}");
}
