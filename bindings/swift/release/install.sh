#!/bin/sh
# Installs the native library for Swift 5.9 to 6.1 on Linux: install.sh [PREFIX], which is /usr/local unless given.
#
# SwiftPM finds it with pkg-config's file, under PREFIX/lib/pkgconfig. Each version has a file and a folder of its own, so
# that a program is never linked to the library of another version.
set -eu
prefix=${1:-/usr/local}
name=tokmint-swift-@VERSION@
case $prefix in
*[[:space:]]*)
	echo "SwiftPM finds no library in a folder with a blank in its name: $prefix" >&2
	exit 1
	;;
esac
library=$(cd "$(dirname "$0")" && pwd)/tokmintFFI.artifactbundle/$(uname -m)-linux-gnu/libtokmint_uniffi.a
[ -e "$library" ] || {
	echo "there is no library for $(uname -m): $library" >&2
	exit 1
}
mkdir -p "$prefix/lib/$name" "$prefix/lib/pkgconfig"
prefix=$(cd "$prefix" && pwd)
cp "$library" "$prefix/lib/$name"
cat >"$prefix/lib/pkgconfig/$name.pc" <<END
Name: $name
Description: The native library of tokmint for Swift
Version: @VERSION@
Libs: -L$prefix/lib/$name -ltokmint_uniffi -lpthread -ldl
END
echo "installed $prefix/lib/pkgconfig/$name.pc"
