#!/usr/bin/env bash
# Signs and verifies T1 and HS256 tokens under valgrind with a secret that counts as uninitialised (tainted.c): no branch and
# no address depends on it, nor on the expected MAC, but for those in tainted.supp. tainted.sh --short|--long
#
# The library is the released one with debug information, by which valgrind knows inlined functions. Both forms are the
# same, since what is executed does not depend on the secret.
#
# Left out: the checks of the secret's characters in the constructor; inspections of tokens with a wrong signature, which
# compare it with changed forms of the secret; RS256, whose engine has tests of its own; the SHA instructions, which valgrind
# does not know: it runs the portable code of the hashes.
set -euo pipefail
cd "$(dirname "$0")/../../.."
here=tests/hardening/native
target=${CARGO_TARGET_DIR:-target}/hardening/tainted
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() { printf '%s\n' "$*"; exit 1; }

CARGO_TARGET_DIR=$target CARGO_PROFILE_RELEASE_DEBUG=1 cargo build --quiet --locked --release --package tokmint-c
gcc -std=c99 -g -O1 -Wall -Wextra -Werror -Iinclude $here/tainted.c "$target/release/libtokmint_c.a" \
    -lgcc_s -lutil -lrt -lpthread -lm -ldl -lc -o "$work/tainted"
memcheck=(valgrind --error-exitcode=9 --read-inline-info=yes --num-callers=40 --leak-check=no)
"${memcheck[@]}" -v --suppressions=$here/tainted.supp "$work/tainted" >"$work/output" 2>"$work/log" || {
    cat "$work/log"
    fail "something depends on the secret"
}
# Each exception is needed, or it would hide what comes later.
while read -r exception; do
    grep -qE "^--[0-9]+-- used_suppression: +[0-9]+ $exception " "$work/log" || fail "not needed: $exception"
done < <(sed -n 's/^   \(tokmint: .*\)$/\1/p' $here/tainted.supp)
must_report() { # <text> <command...>
    local text=$1
    shift
    ! "$@" >/dev/null 2>"$work/log" || fail "nothing is reported: $text"
    grep -qF -- "$text" "$work/log" || fail "not reported: $text"
}
# The constructor checks the characters of the secret; the making of the HMAC keys in it depends on none.
must_report tokmint_opentok_new "${memcheck[@]}" "$work/tainted" constructor
! grep -F from_secret "$work/log" || fail "the making of the HMAC keys depends on the secret"
# A comparison that ends at the first difference is reported.
must_report 'main (tainted.c' "${memcheck[@]}" --suppressions=$here/tainted.supp "$work/tainted" leak
exceptions=$(grep -c '^   tokmint: ' $here/tainted.supp)
echo "RESULT $(cat "$work/output") | no branch and no address depends on the secret or the expected MAC, but for" \
    "$exceptions exceptions: the verdict, and the digits of signatures that are issued"
