//! Lets the linkers of macOS and Windows leave the symbols of Node-API to Node.

fn main() {
    napi_build::setup();
}
