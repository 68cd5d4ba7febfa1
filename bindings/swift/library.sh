#!/bin/sh
# Builds what the Swift package needs of Rust: lib/libtokmint_uniffi.a, the C header and the generated Swift.
set -eu

cd "$(dirname "$0")/../.."
package=bindings/swift
target=${CARGO_TARGET_DIR:-target}
case $(uname -s) in
Darwin) library=libtokmint_uniffi.dylib ;;
*) library=libtokmint_uniffi.so ;;
esac

.ci/without-paths.sh cargo build --locked --quiet --release --package tokmint-uniffi
generated=$(mktemp -d)
trap 'rm -rf "$generated"' EXIT
cargo run --locked --quiet --package tokmint-bindgen -- generate "$target/release/$library" \
	--config bindings/uniffi/uniffi.toml --no-format --language swift --out-dir "$generated"
mkdir -p "$package/lib" "$package/Sources/TokmintGenerated"
mv "$generated/TokmintGenerated.swift" "$package/Sources/TokmintGenerated"
mv "$generated/tokmintFFI.h" "$package/Sources/tokmintFFI"

if [ "$(uname -s)" = Linux ]; then
	sh bindings/one_object.sh "$target/release/libtokmint_uniffi.a" "$package/lib/libtokmint_uniffi.a" \
		'uniffi_tokmint_*' 'ffi_tokmint_*'
else
	cp "$target/release/libtokmint_uniffi.a" "$package/lib"
fi
