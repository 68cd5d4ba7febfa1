#!/usr/bin/env bash
# Counts the instructions of core's calls with callgrind and compares them with counts.txt, within 3 % both ways.
# TOKMINT_UPDATE=1 writes the file; --comparable only says why counts of this machine cannot be compared.
#
# A token takes 3,000 to 20,000 instructions, and hashing as many again for one or two blocks. So compressions of SHA-1
# and SHA-256 are counted apart: else nothing that core does itself would be seen beside them.
#
# What makes the counts equal on every x86_64 Linux: the compiler is the one that the file names, and Cargo.lock fixes the
# crates. Valgrind's own processor decides which vector instructions base64, memchr and the C library pick: it is always
# the same one where the real one has AVX2. It may learn of the SHA instructions, so the hashes in plain code are taken.
set -euo pipefail
cd "$(dirname "$0")/../.."
recorded=$PWD/tests/instructions/counts.txt
few=100
many=300

# With rustup, the compiler of the counts; without it, the one that is there.
expected=$(head -n 1 "$recorded")
rustc=$(rustc --version)
if [ "${TOKMINT_UPDATE:-}" = 1 ]; then
    expected=$rustc
elif [ "$rustc" != "$expected" ]; then
    RUSTUP_TOOLCHAIN=$(cut -d ' ' -f 2 <<< "$expected")
    export RUSTUP_TOOLCHAIN
    rustc=$(rustc --version 2>/dev/null) || rustc="no compiler of this version"
fi
reason=
[ "$rustc" = "$expected" ] || reason="the counts are of $expected, and there is $rustc"
grep -qw avx2 /proc/cpuinfo 2>/dev/null || reason="the processor has no AVX2"
[ "$(uname -sm)" = "Linux x86_64" ] || reason="the counts are of Linux x86_64, and this is $(uname -sm)"
if [ -n "$reason" ]; then
    echo "instruction counts cannot be compared: $reason" >&2
    exit 1
fi
[ "${1:-}" != --comparable ] || exit 0

RUSTFLAGS='--cfg sha1_backend="soft" --cfg sha2_backend="soft"' \
    cargo build --quiet --locked --release --package tokmint-instructions --target-dir target/instructions
valgrind=$(command -v valgrind)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# The program's name, its environment and its folder's name shift the stack, and with it what the C library copies.
cp target/instructions/release/tokmint-instructions "$work"
cd "$work"

# count CALL FORMAT TIMES: the instructions of the whole program, without and within the compressions.
count() {
    env -i "$valgrind" --tool=callgrind --quiet --callgrind-out-file=profile --compress-strings=no --compress-pos=no \
        --demangle=no ./tokmint-instructions "$@"
    awk '
        /^fn=/ { is_hash = /sha[12].*compress/ }
        /^calls=/ { getline; next } # What the called function takes is counted there.
        /^[0-9]/ { if (is_hash) hash += $2; else rest += $2 }
        /^summary: / { total = $2 }
        END {
            if (rest + hash != total || hash == 0) exit 1
            print rest, hash
        }' profile || { echo "callgrind has written what this script cannot read" >&2; exit 1; }
}

{
    echo "$rustc"
    echo "$("$valgrind" --version), $(getconf GNU_LIBC_VERSION)"
    echo
    printf '%-32s %12s %12s\n' "" "without hash" hash
    ./tokmint-instructions | while read -r call format; do
        read -r rest hash < <(count "$call" "$format" $few)
        read -r rest_of_many hash_of_many < <(count "$call" "$format" $many)
        printf '%-32s %12d %12d\n' "$call $format" \
            $(((rest_of_many - rest) / (many - few))) $(((hash_of_many - hash) / (many - few)))
    done
} > counts.txt
if [ "${TOKMINT_UPDATE:-}" = 1 ]; then
    cp counts.txt "$recorded"
    exit
fi

awk '
    FNR <= 4 { next } # the versions and the head of the table
    { call = $1 " " $2 }
    NR == FNR { rest[call] = $3; hash[call] = $4; next }
    !(call in rest) { print call ": not recorded"; status = 1; next }
    { compare(rest[call], $3, ""); compare(hash[call], $4, ", hash"); delete rest[call] }
    function compare(old, new, part) {
        change = 100 * (new / old - 1)
        verdict = change > 3 ? "MORE" : change < -3 ? "FEWER" : ""
        if (verdict) status = 1
        printf "%-34s %6d %6d %+6.1f %% %s\n", call part, old, new, change, verdict
    }
    END {
        for (call in rest) { print call ": recorded, but no longer counted"; status = 1 }
        exit status
    }' "$recorded" counts.txt || {
    echo "instructions of core differ by more than 3 % from tests/instructions/counts.txt." >&2
    echo "MORE: core has become slower. FEWER: record it, so that it is kept." >&2
    echo "TOKMINT_UPDATE=1 make test-instructions records the counts of now." >&2
    exit 1
}
