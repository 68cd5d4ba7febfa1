#!/usr/bin/env bash
# Changes the code on the path of verify_token in every way that cargo-mutants knows, one at a time, and runs core's
# tests on each change. Fails if a change that no test notices is not listed in core/mutants.md. Run with `make mutants`;
# arguments are passed on to cargo-mutants, such as `--file core/src/verify.rs`.
set -euo pipefail
cd "$(dirname "$0")/.."

list=core/mutants.md
work=target/mutants
files=(--file core/src/verify.rs --file core/src/session.rs --file core/src/faults.rs --file core/src/claims.rs --file core/src/session_id.rs
    --file 'core/src/credentials/*.rs' --file core/src/uuid.rs
    --file 'core/src/keys/*.rs' --file 'core/src/keys/rsa/*.rs' --file core/src/format/mod.rs --file core/src/format/base64.rs
    --file core/src/format/json.rs --file core/src/format/jwt.rs --file core/src/format/t1.rs
    --file core/src/format/scanner.rs)
# What only generate and inspect call.
others='write_|sign_into|_table|token_length|encode| members|is_known|without_last_field|is_start_of_head|decode_start'
others+='|without_padding|unverified_payload|has_full_length|t1::fields|into_found|Faults::all|as_str |::owner'
[ $# = 0 ] || files=("$@")

status=0
mkdir -p "$work"
# Only tests that try the same inputs each time, and no others are built. Three tests that take seconds are left out.
cargo mutants --package tokmint "${files[@]}" --exclude-re "$others" --output "$work" --no-shuffle --jobs "${MUTANTS_JOBS:-2}" \
    --minimum-test-timeout 20 --cargo-arg=--locked --cargo-arg=--lib --cargo-arg=--test=vectors \
    --cargo-arg=--test=faults --cargo-arg=--test=inspect --cargo-arg=--test=keys --cargo-arg=--test=sessions \
    -- -- --skip hundred_thousand --skip every_cut --skip names_take || status=$?
# 2: a mutant survived. 3: one ran into the timeout, which counts as noticed.
[ "$status" = 0 ] || [ "$status" = 2 ] || [ "$status" = 3 ] || exit "$status"

# Survivors without their line and column, which every edit moves. A list item is "- `SURVIVOR`: reason".
sed -E 's/^([^:]+):[0-9]+:[0-9]+: /\1: /' "$work/mutants.out/missed.txt" | sort > "$work/survivors"
sed -nE 's/^- `([^`]+)`:( .+|$)/\1/p' "$list" | sort > "$work/listed"
new=$(comm -23 "$work/survivors" "$work/listed")
gone=$(comm -13 "$work/survivors" "$work/listed")
[ -z "$gone" ] || printf 'Listed in %s, but noticed by a test or not tried:\n%s\n' "$list" "$gone"
[ -z "$new" ] || { printf 'Noticed by no test, and not listed in %s:\n%s\n' "$list" "$new" >&2; exit 1; }
echo "no survivor but the $(grep -c . "$work/survivors" || true) that $list lists"
