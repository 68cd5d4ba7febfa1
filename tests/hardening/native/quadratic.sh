#!/usr/bin/env bash
# Measures inputs of every reader and shape in core and through the interface of C: quadratic.sh --short|--long. Both forms
# are the same and take a minute.
set -euo pipefail
cd "$(dirname "$0")/../../.."
here=tests/hardening/native
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cargo build --quiet --locked --release --package tokmint-hardening --bin quadratic
make --silent install PREFIX="$work/prefix"
gcc -std=c99 -O2 -Wall -Wextra -Werror "-I$work/prefix/include" $here/quadratic.c "$work/prefix/lib/libtokmint.a" \
    -o "$work/quadratic"
status=0
core=$("${CARGO_TARGET_DIR:-target}/release/quadratic" "$1") || status=$?
printf '%s\n' "$core" | sed '$d'
mkdir "$work/inputs"
"${CARGO_TARGET_DIR:-target}/release/quadratic" --write "$work/inputs"
c=$("$work/quadratic" "$work/inputs" tests/vectors/public_key.pem) || status=$?
printf '%s\n' "$c" | sed '$d'
printf '%s; %s\n' "$(tail -n 1 <<<"$core")" "$(tail -n 1 <<<"$c")"
exit $status
