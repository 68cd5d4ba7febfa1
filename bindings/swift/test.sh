#!/bin/sh
# Builds the package in the language modes of Swift 5 and 6, where a warning is an error; runs its tests; compiles its
# documentation; and asks the example server for a token.
set -eu
cd "$(dirname "$0")"
package=$PWD
target=${CARGO_TARGET_DIR:-../../target}
mkdir -p "$target/swift"
build=$(cd "$target/swift" && pwd)/build${SWIFT_SUITE:+-$SWIFT_SUITE}
with_swift() { "$package/with-swift.sh" "$@"; }

with_swift swift --version
# Also the calls without typed errors, which compilers before 6.0 take.
with_swift swift build --build-tests --scratch-path "$build-5" \
	-Xswiftc -swift-version -Xswiftc 5 -Xswiftc -DTOKMINT_UNTYPED -Xswiftc -warnings-as-errors
mkdir -p "$build/symbols"
with_swift swift test --scratch-path "$build" -Xswiftc -warnings-as-errors \
	-Xswiftc -emit-symbol-graph -Xswiftc -emit-symbol-graph-dir -Xswiftc "$build/symbols"

docc=docc
[ "$(uname -s)" != Darwin ] || docc="xcrun docc"
find "$build/symbols" -type f ! -name 'Tokmint.symbols.json' -delete
# Unquoted, because it can be two words.
with_swift $docc convert Sources/Tokmint/Tokmint.docc --warnings-as-errors --output-path "$build/Tokmint.doccarchive" \
	--fallback-display-name Tokmint --fallback-bundle-identifier dev.tokmint.Tokmint \
	--additional-symbol-graph-dir "$build/symbols"

sh Examples/test.sh "$build-example"
