#!/bin/sh
# Builds the library and installs headers, static and shared library, pkg-config file, CMake package and licences.
#
#   PREFIX=/usr/local DESTDIR= LIBDIR=lib bindings/c/install.sh
#
# LIBDIR is absolute, or below PREFIX. Nothing that is installed names either, so the tree can be moved. Linux; needs
# cargo and binutils.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
PREFIX=${PREFIX:-/usr/local}
LIBDIR=${LIBDIR:-lib}
case $LIBDIR in /*) ;; *) LIBDIR=$PREFIX/$LIBDIR ;; esac
target=${DESTDIR:-}$PREFIX
lib=${DESTDIR:-}$LIBDIR
# From the folder of a package file, such as lib/pkgconfig, to PREFIX.
to_prefix() { realpath --canonicalize-missing --no-symlinks --relative-to="$LIBDIR/$1" "$PREFIX"; }

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
# What programs look up, as build.rs names it: before 1.0 with the minor version.
series=${version%%.*}
[ "$series" != 0 ] || series=${version%.*}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# One object in which only tokmint_* is global: otherwise the Rust runtime in it clashes with that of any other static
# library in Rust, and the RSA engine with another of its kind. What these functions do not reach is left out, which is
# half of that engine. --force-group-allocation resolves COMDAT groups; .llvmbc and .llvmcmd make `ar` fail.
nm -D --defined-only "$built/libtokmint_c.so" | sed -n 's/.* \(tokmint_.*\)/--undefined=\1/p' >"$work/roots"
ld -r --gc-sections --force-group-allocation "@$work/roots" "$built/libtokmint_c.a" -o "$work/whole.o"
objcopy -w --keep-global-symbol='tokmint_*' --strip-debug --strip-unneeded -R .llvmbc -R .llvmcmd \
    "$work/whole.o" "$work/tokmint.o"
ar rcsD "$work/libtokmint.a" "$work/tokmint.o"
objcopy --strip-unneeded "$built/libtokmint_c.so" "$work/libtokmint.so"

licenses=$target/share/licenses/tokmint
install -d "$target/include" "$licenses" "$lib/pkgconfig" "$lib/cmake/tokmint"
install -m 644 LICENSE-MIT LICENSE-APACHE "$licenses/"
install -m 644 include/tokmint.h include/tokmint.hpp "$target/include/"
install -m 644 "$work/libtokmint.a" "$lib/libtokmint.a"
install -m 755 "$work/libtokmint.so" "$lib/libtokmint.so.$version"
ln -sf "libtokmint.so.$version" "$lib/libtokmint.so.$series"
ln -sf "libtokmint.so.$series" "$lib/libtokmint.so"
fill() { # <folder> <file>
    sed -e "s|@VERSION@|$version|g" -e "s|@SERIES@|$series|g" -e "s|@TO_PREFIX@|$(to_prefix "$1")|g" \
        -e "s|@LIBS_PRIVATE@|$libs_private|g" "$here/$2.in" >"$lib/$1/$2"
    chmod 644 "$lib/$1/$2"
}
fill pkgconfig tokmint.pc
fill cmake/tokmint tokmint-config.cmake
fill cmake/tokmint tokmint-config-version.cmake
