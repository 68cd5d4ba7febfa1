#!/bin/sh
# Builds the library and installs headers, static and shared library, pkg-config file and CMake package.
#
#   PREFIX=/usr/local DESTDIR= LIBDIR=lib bindings/c/install.sh
#
# Nothing that is installed names PREFIX, so the tree can be moved. Linux; needs cargo and binutils.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
PREFIX=${PREFIX:-/usr/local}
LIBDIR=${LIBDIR:-lib}
target=${DESTDIR:-}$PREFIX
lib=$target/$LIBDIR
case $LIBDIR in */* | .*) echo "LIBDIR must be one folder below PREFIX, such as lib or lib64" >&2; exit 2 ;; esac

cd "$root"
# The compiler itself says which system libraries the static library needs.
log=$(cargo rustc --locked --release --package tokmint-c --lib -- --print native-static-libs 2>&1) || {
    printf '%s\n' "$log" >&2
    exit 1
}
# All but -lgcc_s, the unwinder: compilers add that themselves, or libgcc_eh for a program that is static as a whole.
libs_private=$(printf '%s\n' "$log" | sed -n 's/^note: native-static-libs: //p' | tail -n 1 | sed 's/-lgcc_s *//')
[ -n "$libs_private" ] || { echo "cargo did not name the system libraries" >&2; exit 1; }
built=${CARGO_TARGET_DIR:-target}/release
version=$(sed -n 's/^#define TOKMINT_VERSION "\(.*\)"/\1/p' include/tokmint.h)
major=${version%%.*}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# One object in which only tokmint_* is global: otherwise the Rust runtime in it clashes with that of any other static
# library in Rust. --force-group-allocation resolves its COMDAT groups; .llvmbc and .llvmcmd make `ar` fail.
ld -r --force-group-allocation --whole-archive "$built/libtokmint_c.a" -o "$work/whole.o"
objcopy -w --keep-global-symbol='tokmint_*' --strip-debug --strip-unneeded -R .llvmbc -R .llvmcmd \
    "$work/whole.o" "$work/tokmint.o"
ar rcsD "$work/libtokmint.a" "$work/tokmint.o"
objcopy --strip-unneeded "$built/libtokmint_c.so" "$work/libtokmint.so"

install -d "$target/include" "$lib/pkgconfig" "$lib/cmake/tokmint"
install -m 644 include/tokmint.h include/tokmint.hpp "$target/include/"
install -m 644 "$work/libtokmint.a" "$lib/libtokmint.a"
install -m 755 "$work/libtokmint.so" "$lib/libtokmint.so.$version"
ln -sf "libtokmint.so.$version" "$lib/libtokmint.so.$major"
ln -sf "libtokmint.so.$major" "$lib/libtokmint.so"
fill() { sed -e "s|@VERSION@|$version|g" -e "s|@MAJOR@|$major|g" -e "s|@LIBDIR@|$LIBDIR|g" -e "s|@LIBS_PRIVATE@|$libs_private|g" "$here/$1" >"$2"; chmod 644 "$2"; }
fill tokmint.pc.in "$lib/pkgconfig/tokmint.pc"
fill tokmint-config.cmake.in "$lib/cmake/tokmint/tokmint-config.cmake"
fill tokmint-config-version.cmake.in "$lib/cmake/tokmint/tokmint-config-version.cmake"
