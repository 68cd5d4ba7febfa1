#!/usr/bin/env bash
# Measures the lines of core that core's own tests run: coverage.sh --long; there is no short form. The goal is 98 %.
#
# It needs cargo-llvm-cov, which `make hardening` installs, and rustup's component llvm-tools.
#
# Left out: the RSA engine of WebAssembly and core's interface to a host, which are not compiled here.
set -euo pipefail
cd "$(dirname "$0")/../.."
goal=98
report=$(cargo llvm-cov --quiet --locked --package tokmint --json --summary-only 2>/dev/null) || {
    echo "cargo llvm-cov has failed: run cargo llvm-cov --locked --package tokmint" >&2
    exit 1
}
REPORT=$report GOAL=$goal python3 - <<'PYTHON'
import json, os, sys
goal = float(os.environ["GOAL"])
data = json.loads(os.environ["REPORT"])["data"][0]
files = [file for file in data["files"] if "/core/src/" in file["filename"]]
for file in sorted(files, key=lambda file: file["summary"]["lines"]["percent"]):
    lines = file["summary"]["lines"]
    print(f"{file['filename'].partition('/core/src/')[2]:<36} {lines['covered']:>5} of {lines['count']:>5} lines")
count, covered = (sum(file["summary"]["lines"][name] for file in files) for name in ("count", "covered"))
percent = 100 * covered / count
print(f"RESULT {count:,} lines of {len(files)} files of core | {percent:.2f} % run by core's tests (goal {goal:.0f} %)")
sys.exit(percent < goal)
PYTHON
