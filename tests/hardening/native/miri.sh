#!/usr/bin/env bash
# Interprets unit tests of core with Miri, which sees undefined behaviour in core and in its crates, leaks, and races of
# threads: with Stacked Borrows and with Tree Borrows. miri.sh --long; there is no short form.
#
# It needs rustup's nightly toolchain: `rustup toolchain install nightly --component miri --component rust-src`.
#
# Left out: RS256, whose engine is in C; tests that fork or read /proc; tests that hash or encode much, which take hours.
# Processors are interpreted without vector instructions, so the scalar base64 and the portable hashes are seen.
set -euo pipefail
cd "$(dirname "$0")/../../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tests=(claims:: inspect:: nonce:: uuid:: rfc_4648 rfc_7515 nesting_has a_name_that what_tokmint_writes the_constant
    control_characters)
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-target}/hardening/miri
for borrows in "" -Zmiri-tree-borrows; do
    # The files of vectors, and the clock.
    MIRIFLAGS="-Zmiri-disable-isolation $borrows" cargo +nightly miri test --locked --package tokmint \
        --no-default-features --lib -- "${tests[@]}" 2>&1 | tee -a "$work/log"
done
passed=$(grep -cE '^test .* ok$' "$work/log" || true)
[ "$passed" -gt 0 ] || { echo "no test has run"; exit 1; }
echo "RESULT $passed unit tests of core, half of them with each model of borrows | no undefined behaviour, no leak, no race"
