#!/usr/bin/env bash
# Runs the C and C++ programs with the library as it is released under valgrind: no byte is lost, definitely or indirectly,
# and nothing invalid is read or written. nothing_lost.sh --short|--long; the short form runs one program.
set -euo pipefail
cd "$(dirname "$0")/../../.."
length=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
include=-I$work/prefix/include
static=$work/prefix/lib/libtokmint.a
key=$work/key
# shellcheck source=tests/c/programs.sh
. tests/c/programs.sh
write_keys
make --silent install PREFIX="$work/prefix"
build "$work/plain"
run_valgrind "$work/plain" "$length"
[ "$length" = --short ] && programs=1 || programs=4
echo "RESULT $programs C and C++ programs under valgrind | 0 bytes definitely or indirectly lost, no invalid access"
