#!/bin/sh
# Builds the library and installs headers, static and shared library, pkg-config file, CMake package and licences.
#
#   PREFIX=/usr/local DESTDIR= LIBDIR=lib bindings/c/install.sh
#
# LIBDIR is absolute, or below PREFIX. Nothing that is installed names either, so the tree can be moved. It needs cargo,
# and on Linux binutils.
#
# For another system: TARGET=triple, with CARGO (cargo-zigbuild), CARGO_OPTIONS, LD, NM, OBJCOPY, AR and DLLTOOL as it
# needs them.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
absolute() { printf '%s/' "$1" | tr -s / | sed 's|\(.\)/$|\1|'; }
PREFIX=$(absolute "${PREFIX:-/usr/local}")
LIBDIR=${LIBDIR:-lib}
case $LIBDIR in /*) LIBDIR=$(absolute "$LIBDIR") ;; *) LIBDIR=$(absolute "$PREFIX/$LIBDIR") ;; esac
prefix=${DESTDIR:-}$PREFIX
lib=${DESTDIR:-}$LIBDIR
# From the folder of a package file, such as lib/pkgconfig, to PREFIX.
to_prefix() {
    from=$LIBDIR/$1/ to=${PREFIX%/}/ up=
    until case $to in "$from"*) ;; *) false ;; esac; do from=${from%/*/}/ up=../$up; done
    absolute "$up${to#"$from"}"
}

cd "$root"
triple=$(rustc -vV | sed -n 's/^host: //p')
built=${CARGO_TARGET_DIR:-target}/release
options=
if [ -n "${TARGET:-}" ]; then
    # cargo-zigbuild takes a version of glibc behind the triple.
    triple=${TARGET%%.*}
    built=${CARGO_TARGET_DIR:-target}/$triple/release
    options="--target $TARGET ${CARGO_OPTIONS:-}"
fi
# For musl rustc links the C library statically by default, and then makes no shared libraries.
case $triple:${RUSTFLAGS:-} in
*-musl:*crt-static*) ;;
*-musl:*) export RUSTFLAGS="${RUSTFLAGS:-} -C target-feature=-crt-static" ;;
esac
# The compiler itself says which system libraries the static library needs. OPTIONS are words.
# shellcheck disable=SC2086
log=$("$root/.ci/without-paths.sh" ${CARGO:-cargo} rustc --locked --release --package tokmint-c --lib $options -- \
    --print native-static-libs 2>&1) || {
    printf '%s\n' "$log" >&2
    exit 1
}
# All but -lgcc_s, the unwinder: compilers add that themselves, or libgcc_eh for a program that is static as a whole.
libs_private=$(printf '%s\n' "$log" | sed -n 's/^note: native-static-libs: //p' | tail -n 1 | sed 's/-lgcc_s *//')
[ -n "$libs_private" ] || { echo "cargo did not name the system libraries" >&2; exit 1; }
version=$(sed -n 's/^#define TOKMINT_VERSION "\(.*\)"/\1/p' include/tokmint.h)
# What programs look up, as build.rs names it: before 1.0 with the minor version.
series=${version%%.*}
[ "$series" != 0 ] || series=${version%.*}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
functions() { ${NM:-nm} -g "$1" 2>/dev/null | sed -n 's/.* T _\{0,1\}\(tokmint_[a-z0-9_]*\)$/\1/p' | sort -u; }
# Copies a static library without debug information, which names folders of this machine.
without_debug() {
    if [ -n "${OBJCOPY:-}" ]; then
        # On Windows lld refuses the table of addresses once symbols are gone; it may be left out.
        case $triple in *-windows-*) set -- "$1" --remove-section=.llvm_addrsig ;; esac
        $OBJCOPY --strip-debug ${2:+"$2"} "$1" "$work/static"
    elif command -v strip >/dev/null; then
        strip -S -o "$work/static" "$1"
    else
        cp "$1" "$work/static"
    fi
}

cmake_libs=$libs_private
# What is installed: the static library, and the shared one with the names that lead to it.
case $triple in
*-linux-*)
    static=libtokmint.a shared=$lib/libtokmint.so.$version links="libtokmint.so.$series libtokmint.so"
    sh bindings/one_object.sh "$built/libtokmint_c.a" "$work/static" 'tokmint_*'
    ${OBJCOPY:-objcopy} --strip-unneeded "$built/libtokmint_c.so" "$work/shared"
    cmake_shared="IMPORTED_LOCATION \"\${_tokmint_libdir}/libtokmint.so.$version\" IMPORTED_SONAME \"libtokmint.so.$series\""
    ;;
*-apple-*)
    static=libtokmint.a shared=$lib/libtokmint.$version.dylib links="libtokmint.$series.dylib libtokmint.dylib"
    without_debug "$built/libtokmint_c.a"
    cp "$built/libtokmint_c.dylib" "$work/shared"
    cmake_shared="IMPORTED_LOCATION \"\${_tokmint_libdir}/libtokmint.$version.dylib\""
    cmake_shared="$cmake_shared IMPORTED_SONAME \"@rpath/libtokmint.$series.dylib\""
    ;;
*-windows-*)
    NM=${NM:-llvm-nm}
    shared=$prefix/bin/tokmint.dll links=
    case $triple in
    *-msvc) static=tokmint_static.lib import=tokmint.lib archive=$built/tokmint_c.lib ;;
    *) static=libtokmint.a import=libtokmint.dll.a archive=$built/libtokmint_c.a ;;
    esac
    without_debug "$archive"
    cp "$built/tokmint_c.dll" "$work/shared"
    # cargo's import library leads to tokmint_c.dll.
    case $triple in aarch64-*) machine=arm64 ;; i686-*) machine=i386 ;; *) machine=i386:x86-64 ;; esac
    { printf 'LIBRARY tokmint.dll\nEXPORTS\n' && functions "$archive"; } >"$work/tokmint.def"
    ${DLLTOOL:-llvm-dlltool} -m $machine -d "$work/tokmint.def" -l "$work/import"
    # CMake separates names by semicolons, and flags may be one string.
    case $triple in *-msvc) cmake_libs=$(printf %s "$libs_private" | sed 's| */defaultlib:[^ ]*||g' | tr ' ' ';') ;; esac
    cmake_shared="IMPORTED_LOCATION \"\${_tokmint_prefix}/bin/tokmint.dll\" IMPORTED_IMPLIB \"\${_tokmint_libdir}/$import\""
    ;;
*)
    echo "install.sh does not know how libraries are named on $triple" >&2
    exit 1
    ;;
esac
[ -n "$(functions "$work/static")" ] || { echo "the static library has no function of tokmint" >&2; exit 1; }

licenses=$prefix/share/licenses/tokmint
install -d "$prefix/include" "$licenses" "$lib/pkgconfig" "$lib/cmake/tokmint" "$(dirname "$shared")"
install -m 644 LICENSE-MIT LICENSE-APACHE LICENSE-THIRD-PARTY "$licenses/"
install -m 644 include/tokmint.h include/tokmint.hpp "$prefix/include/"
install -m 644 "$work/static" "$lib/$static"
install -m 755 "$work/shared" "$shared"
[ ! -e "$work/import" ] || install -m 644 "$work/import" "$lib/$import"
name=$(basename "$shared")
for link in $links; do
    ln -sf "$name" "$lib/$link"
    name=$link
done
fill() { # <folder> <file>
    sed -e "s|@VERSION@|$version|g" -e "s|@SERIES@|$series|g" -e "s|@TO_PREFIX@|$(to_prefix "$1")|g" \
        -e "s|@STATIC@|$static|g" -e "s|@SHARED@|$cmake_shared|g" -e "s|@LIBS_PRIVATE@|$libs_private|g" \
        -e "s|@CMAKE_LIBS@|$cmake_libs|g" \
        "$here/$2.in" >"$work/filled"
    install -m 644 "$work/filled" "$lib/$1/$2"
}
fill pkgconfig tokmint.pc
fill cmake/tokmint tokmint-config.cmake
fill cmake/tokmint tokmint-config-version.cmake
