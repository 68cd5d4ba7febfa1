#!/usr/bin/env bash
# Runs every language's tests and closes with a table of what was run. A language whose tools are missing is left out and
# said so; where CI=true that is a failure. Swift, which only some machines have, is checked as far as goes without it.
set -uo pipefail
cd "$(dirname "$0")/.."

table=""
status=0

# run TARGET TOOL...: make TARGET, if every tool is there.
run() {
    local target=$1 tool result="" start=$SECONDS
    shift
    for tool in "$@"; do
        command -v "$tool" >/dev/null || result="left out: no $tool"
    done
    if [ -z "$result" ]; then
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
    table+=$(printf '%-14s %s' "$target" "$result")$'\n'
}

run test-rust cargo
run test-vectors python3
run test-python cargo python3
run test-node cargo node npm
run test-c cargo gcc g++ cmake
run test-kotlin cargo java mvn
run swift-library cargo
run test-swift cargo
command -v swift >/dev/null || table+="               (test-swift without swift: checked, but neither compiled nor tested)"$'\n'
run fuzz-short cargo

printf '\n%s' "$table"
exit $status
