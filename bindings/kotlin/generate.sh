#!/bin/sh
# Builds what the Maven project needs of Rust: generate.sh FOLDER NATIVES
#   FOLDER/generated-sources/  the Kotlin that UniFFI generates
#   FOLDER/test-panic/         the library for the test that a panic becomes an exception
#   FOLDER/native/             the native library, in the folder where JNA looks for this platform's
# If NATIVES is another folder than FOLDER/native, it holds the libraries already, and none is built.
set -eu

folder=$1
natives=$2
cd "$(dirname "$0")/../.."
target=${CARGO_TARGET_DIR:-target}

case $(uname -s) in
Linux) system=linux library=libtokmint_uniffi.so ;;
Darwin) system=darwin library=libtokmint_uniffi.dylib ;;
*) echo "tokmint's Kotlin build knows Linux and macOS, not $(uname -s)" >&2 && exit 1 ;;
esac
case $(uname -m) in
x86_64) machine=x86-64 ;;
aarch64 | arm64) machine=aarch64 ;;
*) echo "tokmint's Kotlin build knows x86-64 and AArch64, not $(uname -m)" >&2 && exit 1 ;;
esac

# Maven would leave what comes from a source that is gone, and pack it.
rm -rf "$folder/classes" "$folder/kaptStubs"
mkdir -p "$folder/test-panic"
cargo build --locked --quiet --package tokmint-uniffi --features test-panic
cp "$target/debug/$library" "$folder/test-panic/libtokmint_uniffi.so"
# The symbols of every build of the library hold the same description of what can be called.
cargo run --locked --quiet --package tokmint-bindgen -- generate "$target/debug/$library" \
	--config bindings/uniffi/uniffi.toml --no-format --language kotlin --out-dir "$folder/generated-sources"
# UniFFI has no options to keep its classes out of the public API, and to leave out what calls of no kind in tokmint need.
generated=$folder/generated-sources/dev/tokmint/ffi
mv "$generated/tokmint.kt" "$folder/as-generated.kt"
awk '
	/^@Structure\.FieldOrder/ { held = $0; next }
	/^(public |internal )?(open class|interface|object) (UniffiForeignFuture|FfiConverterSequenceTypeTokmintError)/ { inside = 1 }
	!inside && held { print held }
	!inside { print }
	{ held = "" }
	/^}/ { inside = 0 }' "$folder/as-generated.kt" |
	sed -E -e 's/^(public )?((data |sealed |open |enum |abstract |inline )*(class|interface|object|fun) )/internal \2/' \
		-e 's,^ *(\*/|@Throws\([^)]*\)) fun ,\1 internal fun ,' >"$generated/tokmint.kt"
# The library that is loaded must be of the same version.
version=$(sed -n 's/^version = "\(.*\)"$/\1/p' Cargo.toml)
printf 'package dev.tokmint.ffi\n\ninternal const val VERSION = "%s"\n' "$version" >"$generated/Version.kt"

if [ "$natives" = "$folder/native" ]; then
	.ci/without-paths.sh cargo build --locked --quiet --release --package tokmint-uniffi
	mkdir -p "$natives/$system-$machine"
	strip -x -o "$natives/$system-$machine/$library" "$target/release/$library"
fi
