#!/usr/bin/env bash
# Runs every language's tests, two at a time, and closes with a table of what was run. A language whose tools are missing is
# left out, and the table says so; where CI=true that is a failure.
set -uo pipefail
cd "$(dirname "$0")/.."

status=0
cat <<'NOTE'
make test sets up what it needs, in these folders:
  target/            builds, two Python environments (tests/oracle and python/tests have their requirements.txt), and from
                     other suites of Debian Swift, if none is on the PATH (1.6 GB), and compilers for WebAssembly and
                     aarch64, if rustup has no library for these (0.7 GB each); zig and qemu for aarch64 (0.6 GB)
  node/, dist/       what the npm package holds and is not committed, and the inspector page
  the temporary one  npm packages with their tests, the installed C library; removed afterwards
  cargo's            the crates of Cargo.lock, and cargo-fuzz if this version of it is not there
  Maven's            what bindings/kotlin/pom.xml names, and the jar that it builds
As root on Debian it installs the packages of the tests that are missing, and prints their names before.
NOTE
# Only root can install packages without a question. Anybody else is told what is missing, and tests that need it are left out.
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    make --no-print-directory packages || status=1
fi

third_party=${THIRD_PARTY:-../shared/data/third_party}
[ -d "$third_party" ] || echo "Three suites of third parties for core are not in $third_party: test-rust reports them as ignored."

# Targets in the order of the table, each with the tools that it needs. The two lanes take about the same time. hardening-short
# takes what its lane has built, and the environment of test-python.
first=("test-rust cargo cc curl" "test-instructions cargo valgrind" "test-python cargo python3"
    "test-vectors cargo python3 node npm" "test-c cargo gcc g++ cmake" "test-cross cargo cc python3 apt-get")
second=("test-node cargo node npm python3" "test-wasm cargo node npm" "test-kotlin cargo java mvn python3 openssl"
    "swift-library cargo" "test-swift cargo curl" "hardening-short cargo cc g++ python3 node npm java mvn curl")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# run TARGET TOOL...: make TARGET, if every tool is there. Leaves its output and its result, and prints its name.
run() {
    local target=$1 tool needed result="" start=$SECONDS
    shift
    for tool in "$@"; do
        command -v "$tool" >/dev/null || result="left out: no $tool"
    done
    case $target in
        test-c) needed=packages-installed ;;
        test-wasm) needed=chromium-installed ;;
        test-instructions) needed=instructions-comparable ;;
        test-swift | hardening-short) needed=swift-available ;;
        *) needed= ;;
    esac
    if [ -z "$result" ] && [ -n "$needed" ]; then
        result=$(make --no-print-directory "$needed" 2>&1 >/dev/null) && result="" \
            || result="left out: ${result%%$'\n'*}"
    fi
    if [ -n "$result" ]; then
        [ "${CI:-}" != true ] || result="FAILED, $result"
    elif make --no-print-directory "$target" >"$work/$target.output" 2>&1; then
        result="passed in $((SECONDS - start)) s"
    else
        result="FAILED"
    fi
    echo "$result" >"$work/$target.result"
    echo "$target"
}

lane() {
    local row
    for row; do
        # A row is words.
        # shellcheck disable=SC2086
        run $row
    done
}

{ lane "${first[@]}" & lane "${second[@]}" & wait; } | while read -r target; do
    printf '\nmake %s: %s\n' "$target" "$(cat "$work/$target.result")"
    [ ! -e "$work/$target.output" ] || cat "$work/$target.output"
done

echo
for row in "${first[@]}" "${second[@]}"; do
    result=$(cat "$work/${row%% *}.result") || result="FAILED, and left no result"
    printf '%-17s %s\n' "${row%% *}" "$result"
    [[ $result != FAILED* ]] || status=1
done
exit $status
