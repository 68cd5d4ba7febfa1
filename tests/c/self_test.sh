#!/bin/sh
# Installs the library to a temporary folder, and builds and runs the README's first examples with CMake from there: what
# can be tested on every system. It needs CMake and a compiler. `self_test.sh PREFIX` takes a library that is installed.
set -eu
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
prefix=${1:-$work/prefix}
[ -n "${1:-}" ] || make --silent install PREFIX="$prefix"
for language in c cpp; do
    awk -v open='```'$language '$0 == open { inside = 1; next } /^```/ && inside { exit } inside' bindings/c/README.md \
        >"$work/example.$language"
done
cp tests/c/consumer/CMakeLists.txt "$work"
# Rust's libraries are for the release version of Microsoft's C library.
cmake -S "$work" -B "$work/build" -DCMAKE_PREFIX_PATH="$prefix" -DCMAKE_BUILD_TYPE=Release >"$work/log" 2>&1 &&
    cmake --build "$work/build" --config Release >>"$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }
# Where Windows looks for the dll.
PATH=$prefix/bin:$PATH
for program in c_static c_shared c_tokmint cpp_static cpp_shared cpp_tokmint; do
    path=$(find "$work/build" -type f \( -name "$program" -o -name "$program.exe" \))
    output=$("$path") && printf '%s\n' "$output" | tr -d '\r' | grep -qx 'moderator: name=Johnny' ||
        { echo "$program does not verify its token: $output" >&2; exit 1; }
done
echo "C and C++: 6 programs run"
