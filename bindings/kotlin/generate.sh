#!/bin/sh
# Builds what the Maven project needs of Rust, into the folder that it is given:
#   generated-sources/  the Kotlin that UniFFI generates
#   native/             the native library, in the folder where JNA looks for this platform's
#   test-panic/         the library for the test that a panic becomes an exception
set -eu

folder=$1
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

.ci/without-paths.sh cargo build --locked --quiet --release --package tokmint-uniffi
cargo run --locked --quiet --package tokmint-bindgen -- generate "$target/release/$library" \
	--config bindings/uniffi/uniffi.toml --no-format --language kotlin --out-dir "$folder/generated-sources"
# UniFFI has no option to keep its classes out of the public API.
sed -i.as-generated -E -e 's/^(public )?((data |sealed |open |enum |abstract |inline )*(class|interface|object|fun) )/internal \2/' \
	-e 's,^ *(\*/|@Throws\([^)]*\)) fun ,\1 internal fun ,' \
	"$folder/generated-sources/dev/tokmint/ffi/tokmint.kt"

mkdir -p "$folder/native/$system-$machine" "$folder/test-panic"
# Only now: the symbols hold the description from which the Kotlin is generated.
strip -x -o "$folder/native/$system-$machine/$library" "$target/release/$library"

cargo build --locked --quiet --package tokmint-uniffi --features test-panic
cp "$target/debug/$library" "$folder/test-panic/libtokmint_uniffi.so"
