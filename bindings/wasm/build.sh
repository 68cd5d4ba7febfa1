#!/bin/sh
# Builds the WebAssembly module: build.sh FILE [OPTION-OF-CARGO...]
#
# tests/rust_for.sh says which compiler does.
set -eu
cd "$(dirname "$0")/../.."
file=$1
shift
triple=wasm32-unknown-unknown
target=${CARGO_TARGET_DIR:-target}/wasm/build

sh tests/rust_for.sh $triple .ci/without-paths.sh cargo build --quiet --locked --package tokmint-wasm \
	--target $triple --profile wasm --target-dir "$target" "$@"
mkdir -p "$(dirname "$file")"
cp "$target/$triple/wasm/tokmint_wasm.wasm" "$file"
