#!/bin/sh
# Runs a command with a compiler that has the standard library of a target: rust_for.sh TRIPLE COMMAND...
#
# It is the machine's own, if that has it; else rustup is asked for it; else the compiler of Debian's suite sid is unpacked
# into the target folder (0.7 GB, once for each target) and run where it lies. TOKMINT_RUST=debian takes that one in any
# case.
set -eu
triple=$1
shift
root=$(cd "$(dirname "$0")/.." && pwd)
folder=${CARGO_TARGET_DIR:-$root/target}/rust/$triple
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)

has_library() { [ -d "$("${RUSTC:-rustc}" --print target-libdir --target "$triple")" ]; }

# unpack_compiler PACKAGES: what others link with, and libraries for more targets, are left out.
unpack_compiler() {
	sh "$root/tests/debian.sh" "$folder/compiler" sid "$1" \
		'gcc-*' 'cpp*' 'binutils*' 'libgcc-*-dev' 'lib?san*' './usr/lib/rustlib/wasm32-wasi*'
}

# A program of the unpacked Debian, with the libraries that it was made for: those of the machine are older. Root is
# not needed.
wrap() {
	library=$folder/compiler/usr/lib/$(uname -m)-linux-gnu
	for loader in "$library"/ld-linux*.so.*; do :; done
	cat >"$folder/$1" <<-END
		#!/bin/sh
		exec "$loader" --library-path "$library" --argv0 $1 "$2" "\$@"
	END
	chmod +x "$folder/$1"
}

if [ "${TOKMINT_RUST:-}" != debian ] && ! has_library && command -v rustup >/dev/null; then
	echo "Asking rustup for the standard library of $triple" >&2
	timeout 120 rustup target add "$triple" >"$folder/rustup.log" 2>&1 || true
fi
if [ "${TOKMINT_RUST:-}" = debian ] || ! has_library; then
	# Elsewhere there is no way but rustup's.
	[ "$(. /etc/os-release 2>/dev/null && echo "${ID:-}")" = debian ] || {
		echo "No standard library for $triple: run rustup target add $triple" >&2
		exit 1
	}
	# The suite changes: a compiler goes with the library of the same day.
	[ -e "$folder/complete" ] || rm -rf "$folder/compiler" "$folder/library"
	case $triple in
	wasm32-unknown-unknown)
		unpack_compiler "rustc libstd-rust-dev-wasm32 lld"
		for linker in "$folder"/compiler/usr/lib/llvm-*/bin/wasm-ld; do wrap wasm-ld "$linker"; done
		export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER="$folder/wasm-ld"
		;;
	*)
		case $triple in
		aarch64-*) architecture=arm64 ;;
		i686-*) architecture=i386 ;;
		*) architecture=${triple%%-*} ;;
		esac
		unpack_compiler rustc
		# Nothing but that package: what it depends on is for programs of that processor.
		ARCHITECTURE=$architecture sh "$root/tests/debian.sh" "$folder/library" sid libstd-rust-dev \
			'[!.l]*' 'lib[!s]*' 'libstd-rust-[!d]*'
		ln -sfn "$folder/library/usr/lib/rustlib/$triple" "$folder/compiler/usr/lib/rustlib/$triple"
		;;
	esac
	: >"$folder/complete"
	wrap rustc "$folder/compiler/usr/bin/rustc"
	export RUSTC="$folder/rustc"
fi
echo "$triple is built by $("${RUSTC:-rustc}" --version)" >&2
exec "$@"
