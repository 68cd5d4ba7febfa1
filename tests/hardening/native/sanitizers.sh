#!/usr/bin/env bash
# Runs core's tests and the C and C++ programs with a sanitizer in everything: in the Rust code, in its standard library, in
# the C of the RSA engine and in the programs. sanitizers.sh address|thread --short|--long
#
# - address: ASAN with LSAN in all of core's tests and in the programs, which have UBSAN too.
# - thread: TSAN in those tests and programs that have threads.
#
# The short form runs the programs of C and C++ only. Both build what they need, which takes a quarter of an hour the first
# time.
#
# It needs rustup's nightly toolchain, whose compiler can build the standard library: `rustup toolchain install nightly
# --component rust-src`, and clang. The runtime of the sanitizer is that of Rust, which is the newer one.
#
# Left out: for ASAN core/tests/wiped.rs, which searches all memory of its process, core/tests/threads.rs, which measures it,
# and the search of the stack in core/src/keys, since ASAN takes terabytes of addresses and keeps what is freed; for TSAN the
# programs that fork while they have threads, which it does not support; the assembly of the RSA engine.
set -euo pipefail
cd "$(dirname "$0")/../../.."
sanitizer=$1 length=$2
triple=$(uname -m)-unknown-linux-gnu
target=$PWD/${CARGO_TARGET_DIR:-target}/hardening/$sanitizer
case ${CARGO_TARGET_DIR:-} in /*) target=$CARGO_TARGET_DIR/hardening/$sanitizer ;; esac
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
include=-Iinclude
key=$work/key
sysroot=$(rustc +nightly --print sysroot) && [ -d "$sysroot/lib/rustlib/src/rust/library" ] || {
    echo "rustup's nightly toolchain is missing, or its rust-src: rustup toolchain install nightly --component rust-src" >&2
    exit 1
}
case $sanitizer in
address) runtime=asan prefix=__asan ;;
thread) runtime=tsan prefix=__tsan ;;
esac
runtime=$sysroot/lib/rustlib/$triple/lib/librustc-nightly_rt.$runtime.a
library=$target/$triple/debug/libtokmint_c.a
static="$library -Wl,--whole-archive $runtime -Wl,--no-whole-archive \
    -Wl,--export-dynamic -lpthread -ldl -lm -lrt -lgcc_s"
# shellcheck source=tests/c/programs.sh
. tests/c/programs.sh
write_keys

# Compiles with a sanitizer and links without one, since clang would look for a runtime of its own.
cat >"$work/clang" <<'END'
#!/usr/bin/env bash
set -euo pipefail
clang=$(basename "$0") objects=$(mktemp -d)
trap 'rm -rf "$objects"' EXIT
options=() sources=() linked=()
while [ $# -gt 0 ]; do
    case $1 in
    *.c | *.cpp) sources+=("$1") ;;
    -o) linked+=("$1" "$2") && shift ;;
    -l* | -Wl,* | *.a) linked+=("$1") ;;
    *) options+=("$1") ;;
    esac
    shift
done
for source in "${sources[@]}"; do
    "$clang" "${options[@]}" -c "$source" -o "$objects/$(basename "$source").o"
done
"$clang" "$objects"/*.o "${linked[@]}"
END
chmod +x "$work/clang"
ln -s clang "$work/clang++"
# Not for cargo.
CC=$work/clang CXX=$work/clang++

sanitized_cargo() {
    local environment=${triple//-/_}
    env "CC_$environment=clang" "CFLAGS_$environment=-fsanitize=$sanitizer" RUSTFLAGS="-Zsanitizer=$sanitizer" \
        CARGO_TARGET_DIR="$target" cargo +nightly -Zbuild-std "$1" --locked --target "$triple" "${@:2}"
}

step "the library"
sanitized_cargo build --quiet --package tokmint-c
# Every part calls the sanitizer: core, the standard library, and the RSA engine.
for object in tokmint- std- [0-9a-f]*-bcm; do
    nm -A "$library" 2>/dev/null | grep -E ":$object[^:]*\.o:.* U ${prefix}_" >/dev/null ||
        fail "nothing of $object in the library calls the sanitizer"
done

if [ "$sanitizer" = address ]; then
    step "C and C++ under ASAN, LSAN and UBSAN"
    # The checks of the types of objects and functions need a runtime that is not there.
    build "$work/sanitized" "${sanitize[@]}" -fno-sanitize=vptr,function
    run_sanitized "$work/sanitized"
    must_fail_with "heap-buffer-overflow" "$work/sanitized/seeded" overlong
    programs="5 C and C++ programs"
else
    step "C under TSAN"
    build "$work/sanitized" -fsanitize=thread
    export TSAN_OPTIONS=halt_on_error=1
    for program in threads sessions; do
        nm "$work/sanitized/$program" | grep __tsan_init >/dev/null || fail "$program has no TSAN"
    done
    must_fail_with "ThreadSanitizer: data race" "$work/sanitized/seeded" race
    "$work/sanitized/seeded"
    "$work/sanitized/threads" "$key/private.pem"
    "$work/sanitized/sessions" "$key/private.pem"
    programs="2 C programs with 16 threads"
fi
if [ "$length" = --short ]; then
    echo "RESULT $programs | no report; the seeded faults are reported"
    exit
fi

step "core's tests"
# A program may stop before its end without a word; cargo's exit status says so.
run_tests() { sanitized_cargo test --package tokmint "$@" 2>&1 | tee -a "$work/log"; }
if [ "$sanitizer" = address ]; then
    tests=$(cd core/tests && ls *.rs | grep -vxE 'wiped.rs|threads.rs' | sed 's/\(.*\).rs/--test=\1/')
    # Unquoted, because they are options.
    # shellcheck disable=SC2086
    run_tests --lib $tests --no-fail-fast -- --skip leave_no_state_of_the_key
else
    TOKMINT_TOKENS=80000 run_tests --test threads --test nonces --test sessions
fi
passed=$(grep -cE '^test .* ok$' "$work/log" || true)
[ "$passed" -gt 0 ] || fail "no test has run"
echo "RESULT $programs, $passed tests of core | no report; the seeded faults are reported"
