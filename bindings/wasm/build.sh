#!/bin/sh
# Builds the WebAssembly module: build.sh FILE [OPTION-OF-CARGO...]
#
# The compiler is the machine's own, if it has the standard library for WebAssembly; else rustup is asked for it; else
# the compiler of Debian's suite sid is unpacked into the target folder (0.7 GB, once) and run where it lies.
# TOKMINT_WASM_COMPILER=debian takes that one in any case.
set -eu
cd "$(dirname "$0")/../.."
file=$1
shift
triple=wasm32-unknown-unknown
target=${CARGO_TARGET_DIR:-target}/wasm
mkdir -p "$target"
target=$(cd "$target" && pwd)

has_library() { [ -d "$("${RUSTC:-rustc}" --print target-libdir --target $triple)" ]; }

# A program of the unpacked Debian, with the libraries that it was made for: those of the machine are older. Root is
# not needed.
wrap() {
	library=$target/debian/usr/lib/$(uname -m)-linux-gnu
	for loader in "$library"/ld-linux*.so.*; do :; done
	cat >"$target/$1" <<-END
		#!/bin/sh
		exec "$loader" --library-path "$library" --argv0 $1 "$2" "\$@"
	END
	chmod +x "$target/$1"
}

if [ "${TOKMINT_WASM_COMPILER:-}" != debian ] && ! has_library && command -v rustup >/dev/null; then
	echo "Asking rustup for the standard library of $triple" >&2
	timeout 120 rustup target add $triple >"$target/rustup.log" 2>&1 || true
fi
if [ "${TOKMINT_WASM_COMPILER:-}" = debian ] || ! has_library; then
	# Elsewhere there is no way but rustup's.
	[ "$(. /etc/os-release 2>/dev/null && echo "${ID:-}")" = debian ] || {
		echo "No standard library for $triple: run rustup target add $triple" >&2
		exit 1
	}
	sh tests/debian.sh "$target/debian" sid "rustc libstd-rust-dev-wasm32 lld" \
		'gcc-*' 'cpp*' 'binutils*' 'libgcc-*-dev' 'lib?san*' './usr/lib/rustlib/wasm32-wasi*'
	wrap rustc "$target/debian/usr/bin/rustc"
	for linker in "$target"/debian/usr/lib/llvm-*/bin/wasm-ld; do wrap wasm-ld "$linker"; done
	RUSTC=$target/rustc
	CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=$target/wasm-ld
	export RUSTC CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER
fi
echo "WebAssembly is built by $("${RUSTC:-rustc}" --version)" >&2

.ci/without-paths.sh cargo build --quiet --locked --package tokmint-wasm --target $triple --profile wasm \
	--target-dir "$target/build" "$@"
mkdir -p "$(dirname "$file")"
cp "$target/build/$triple/wasm/tokmint_wasm.wasm" "$file"
