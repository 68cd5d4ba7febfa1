#!/bin/sh
# Builds and runs the benchmark of the Swift package, after library.sh. `make bench-swift` calls it.
set -eu
cd "$(dirname "$0")/../../.."
cargo build --quiet --locked --release --package tokmint-bench-core
target=$(cd "${CARGO_TARGET_DIR:-target}" && pwd)
set -- --package-path tests/bench/swift/calls --scratch-path "$target/swift/bench" --configuration release \
	-Xlinker "-L$target/release"
bindings/swift/with-swift.sh swift --version
bindings/swift/with-swift.sh swift build --quiet "$@"
bindings/swift/with-swift.sh "$target/swift/bench/release/Bench" tests/vectors/private_key.pem
