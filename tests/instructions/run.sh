#!/usr/bin/env bash
# Counts the instructions of core's calls with callgrind and compares them with counts.txt, within 3 % both ways.
# TOKMINT_UPDATE=1 writes the file; --comparable only says why counts of this machine cannot be compared.
#
# Three parts are counted apart. Hashing takes up to six times the instructions of everything else, which would hide what
# core does itself. The C library's part depends on its version: it is compared where that is the recorded one.
#
# What makes the rest equal on every x86_64 Linux: the compiler is the one that the file names, and Cargo.lock fixes the
# crates. Valgrind's own processor decides which vector instructions base64 and memchr pick: it is always the same one
# where the real one has AVX2. It may learn of the SHA instructions, so the hashes in plain code are taken. With valgrind
# 3.24 and glibc 2.41 the counts are those of valgrind 3.19 and glibc 2.36, to the instruction.
set -euo pipefail
cd "$(dirname "$0")/../.."
recorded=$PWD/tests/instructions/counts.txt
few=100
many=300

# The compiler of the counts, which may be another one than rust-toolchain.toml picks, if rustup has it.
expected=$(head -n 1 "$recorded")
rustc=$(rustc --version)
if [ "${TOKMINT_UPDATE:-}" = 1 ]; then
    expected=$rustc
elif [ "$rustc" != "$expected" ]; then
    RUSTUP_TOOLCHAIN=$(cut -d ' ' -f 2 <<< "$expected")
    export RUSTUP_TOOLCHAIN
    rustc=$(rustc --version 2>/dev/null) || rustc="none of this version"
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

# count CALL FORMAT TIMES: the instructions of the whole program: in the C library, in compressions, in everything else.
count() {
    env -i "$valgrind" --tool=callgrind --quiet --callgrind-out-file=profile --compress-strings=no --compress-pos=no \
        --demangle=no ./tokmint-instructions "$@"
    awk '
        /^ob=/ { is_library = !/\/tokmint-instructions$/ }
        /^fn=/ { is_hash = /sha[12].*compress/ }
        /^calls=/ { getline; next } # What the called function takes is counted there.
        /^[0-9]/ { if (is_library) library += $2; else if (is_hash) hash += $2; else core += $2 }
        /^summary: / { total = $2 }
        END {
            if (core + library + hash != total || !core || !library || !hash) exit 1
            print core, library, hash
        }' profile || { echo "callgrind has written what this script cannot read" >&2; exit 1; }
}

{
    echo "$rustc"
    getconf GNU_LIBC_VERSION
    printf '\n%-30s %8s %10s %8s\n' "instructions per call" core "C library" hash
    ./tokmint-instructions | while read -r call format; do
        read -r core library hash < <(count "$call" "$format" $few)
        read -r core_of_many library_of_many hash_of_many < <(count "$call" "$format" $many)
        printf '%-30s %8d %10d %8d\n' "$call $format" $(((core_of_many - core) / (many - few))) \
            $(((library_of_many - library) / (many - few))) $(((hash_of_many - hash) / (many - few)))
    done
} > counts.txt
if [ "${TOKMINT_UPDATE:-}" = 1 ]; then
    cp counts.txt "$recorded"
    exit
fi

library=$(sed -n 2p "$recorded")
here=$(sed -n 2p counts.txt)
[ "$here" = "$library" ] \
    || echo "not compared: the part of the C library, since the counts are of $library, and this is $here"
awk -v is_same_library="$([ "$here" = "$library" ] && echo 1)" '
    FNR <= 4 { next }
    { call = $1 " " $2 }
    NR == FNR { core[call] = $3; both[call] = $3 + $4; hash[call] = $5; next }
    !(call in core) { print call ": not recorded"; status = 1; next }
    {
        printf "%-28s", call
        compare("core", core[call], $3)
        if (is_same_library) compare("with C library", both[call], $3 + $4)
        compare("hash", hash[call], $5)
        print ""
        delete core[call]
    }
    function compare(part, old, new) {
        change = 100 * (new / old - 1)
        verdict = change > 3 ? " MORE" : change < -3 ? " FEWER" : ""
        if (verdict) status = 1
        printf "  %s %d %+.1f %%%s", part, new, change, verdict
    }
    END {
        for (call in core) { print call ": recorded, but no longer counted"; status = 1 }
        exit status
    }' "$recorded" counts.txt || {
    echo "instructions of core differ by more than 3 % from tests/instructions/counts.txt." >&2
    echo "MORE: core has become slower. FEWER: record it, so that it is kept." >&2
    echo "TOKMINT_UPDATE=1 make test-instructions records the counts of now." >&2
    exit 1
}
