"""Measures the lines of core that core's own tests run: coverage.py --long; there is no short form.

It needs cargo-llvm-cov, which `make hardening` installs, and rustup's component llvm-tools.

Left out are the unit tests themselves, at the end of their files. Counted as not run is what only a child after a fork
runs, which ends without a report, what the compiler evaluates, and the random numbers of WebAssembly's host.
"""

import re
import subprocess
import sys
from pathlib import Path

GOAL = 98.0
ROOT = Path(__file__).resolve().parents[2]
SOURCES = ROOT / "core/src"
TESTS = re.compile(r"^#\[cfg\((?:all\()?test\b.*\]\n(?:#\[.*\]\n)*(?:pub\(crate\) )?mod (?!\w+;)", re.MULTILINE)


def main() -> int:
    command = ["cargo", "llvm-cov", "--locked", "--package", "tokmint", "--lcov"]
    report = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if report.returncode != 0:
        print(report.stdout[-3000:], report.stderr[-3000:], sep="\n")
        return 1
    lines: dict[Path, dict[int, bool]] = {}
    for line in report.stdout.splitlines():
        kind, _, value = line.partition(":")
        if kind == "SF":
            file = Path(value)
        elif kind == "DA" and SOURCES in file.parents:
            number, count = map(int, value.split(",")[:2])
            lines.setdefault(file, {})[number] = count > 0
    total = covered = 0
    for file, of_file in sorted(lines.items()):
        if file.name == "test_vectors.rs":
            continue
        text = file.read_text()
        tests = TESTS.search(text)
        end = text.count("\n", 0, tests.start()) if tests else text.count("\n")
        of_file = {number: is_run for number, is_run in of_file.items() if number <= end}
        missed = [number for number, is_run in of_file.items() if not is_run]
        total, covered = total + len(of_file), covered + len(of_file) - len(missed)
        if missed:
            print(f"{file.relative_to(SOURCES)}: {len(missed)} of {len(of_file)} not run:", *missed)
    percent = 100 * covered / total
    print(f"RESULT {total:,} lines of {len(lines)} files | {percent:.2f} % run by core's tests (goal {GOAL:.0f} %)")
    return int(percent < GOAL)


if __name__ == "__main__":
    sys.exit(main())
