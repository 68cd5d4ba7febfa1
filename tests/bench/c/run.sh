#!/usr/bin/env bash
# Builds and runs the benchmark of the C library, installed to a temporary folder. `make bench-c` calls it.
set -euo pipefail
cd "$(dirname "$0")/../../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
make --silent install PREFIX="$work/prefix"
cargo build --quiet --locked --release --package tokmint-bench-core
gcc -std=c99 -D_POSIX_C_SOURCE=200809L -O2 -Wall -Wextra -Werror "-I$work/prefix/include" \
    "-DLIBJWT_VERSION=\"$(pkg-config --modversion libjwt)\"" tests/bench/c/bench.c \
    "$work/prefix/lib/libtokmint.a" "${CARGO_TARGET_DIR:-target}/release/libtokmint_bench_core.a" -ljwt -lcrypto \
    -o "$work/bench"
"$work/bench" tests/vectors/private_key.pem
