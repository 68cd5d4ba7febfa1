#!/bin/sh
# Builds the package in the language modes of Swift 5 and 6, where a warning is an error, and runs its tests.
set -eu
cd "$(dirname "$0")"
build=$(cd ../.. && pwd)/target/swift/build
./with-swift.sh swift --version
./with-swift.sh swift build --scratch-path "$build-5" -Xswiftc -swift-version -Xswiftc 5 -Xswiftc -DTOKMINT_UNTYPED -Xswiftc -warnings-as-errors
./with-swift.sh swift test --scratch-path "$build" -Xswiftc -warnings-as-errors
