#!/usr/bin/env bash
# Runs every language's tests and closes with a table of what was run. A language whose tools are missing is left out, and
# the table says so; where CI=true that is a failure. Without Swift its package is checked as far as possible.
set -uo pipefail
cd "$(dirname "$0")/.."

status=0
cat <<'NOTE'
make test sets up what it needs, in these folders:
  target/            builds, two Python environments (tests/oracle and python/tests have their requirements.txt)
  the temporary one  an npm package with its tests, the installed C library; removed afterwards
  cargo's            the crates of Cargo.lock, and cargo-fuzz if this version of it is not there
  Maven's            what bindings/kotlin/pom.xml names, and the jar that it builds
As root on Debian it installs the packages of the C tests that are missing, and prints their names before.
NOTE
# Only root can install packages without a question. Anybody else is told what is missing, and the C tests are left out.
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    make --no-print-directory packages || status=1
fi

third_party=${THIRD_PARTY:-../shared/data/third_party}
[ -d "$third_party" ] || echo "Three suites of third parties for core are not in $third_party: test-rust reports them as ignored."

table=""

# run TARGET TOOL...: make TARGET, if every tool is there.
run() {
    local target=$1 tool needed result="" start=$SECONDS
    shift
    for tool in "$@"; do
        command -v "$tool" >/dev/null || result="left out: no $tool"
    done
    case $target in
        test-c) needed=packages-installed ;;
        test-instructions) needed=instructions-comparable ;;
        *) needed= ;;
    esac
    if [ -z "$result" ] && [ -n "$needed" ]; then
        result=$(make --no-print-directory "$needed" 2>&1 >/dev/null) && result="" \
            || result="left out: ${result%%$'\n'*}"
    fi
    if [ -z "$result" ]; then
        printf '\nmake %s\n' "$target"
        if make --no-print-directory "$target"; then
            result="passed in $((SECONDS - start)) s"
        else
            result="FAILED"
            status=1
        fi
    elif [ "${CI:-}" = true ]; then
        result="FAILED, $result"
        status=1
    fi
    table+=$(printf '%-17s %s' "$target" "$result")$'\n'
}

run test-rust cargo cc curl
run test-instructions cargo valgrind
run test-vectors cargo python3 node npm
run test-python cargo python3
run test-node cargo node npm
run test-c cargo gcc g++ cmake
run test-kotlin cargo java mvn
run swift-library cargo
run test-swift cargo
command -v swift >/dev/null || table+="                  (test-swift without swift: checked, but neither compiled nor tested)"$'\n'
run fuzz-short cargo

printf '\n%s' "$table"
exit $status
