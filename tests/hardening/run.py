"""Runs the checks of checks.toml and prints their table: `make hardening`, `make hardening-short`.

Each check is a program of its own. It takes --short or --long, says why it fails before it exits with a status that
is not 0, and ends with the line `RESULT size | result`. A check without that line has failed too.

docs/hardening.md has two tables: the checks with the faults that turned them red, which has to agree with checks.toml,
and the last whole run. TOKMINT_UPDATE=1 rewrites the first; after a long run of all checks in which everything held it
rewrites the second too.
"""

import argparse
import os
import platform
import re
import subprocess
import sys
import time
from datetime import datetime, timezone
from pathlib import Path
from typing import NamedTuple

import tomllib

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/hardening.md"
#: How much of a failed check's output is printed.
LINES_OF_A_FAILURE = 60


class Check(NamedTuple):
    name: str
    shows: str
    fault: str
    command: list[str]
    has_short_form: bool = True


CHECKS = [Check(**check) for check in tomllib.loads(Path(__file__).with_name("checks.toml").read_text())["check"]]


class Row(NamedTuple):
    check: Check
    size: str
    result: str
    seconds: float
    holds: bool


def run(check: Check, form: str) -> Row:
    start = time.monotonic()
    command = subprocess.run(
        [*check.command, form], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    )
    seconds = time.monotonic() - start
    last = command.stdout.rstrip().rpartition("\n")[2]
    size, separator, result = last.removeprefix("RESULT ").partition(" | ")
    if command.returncode == 0 and last.startswith("RESULT ") and separator:
        return Row(check, size, result, seconds, holds=True)
    lines = command.stdout.splitlines()[-LINES_OF_A_FAILURE:]
    print(f"\n{check.name}: RED, status {command.returncode}", *lines, sep="\n", flush=True)
    return Row(check, "", f"RED: status {command.returncode}", seconds, holds=False)


def output(*command: str) -> str:
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.strip()


def machine() -> str:
    """The date, the machine and what was tested."""
    processor = re.search(r"^model name\s*: (.*)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    changes = " and changes that are not committed" if output("git", "status", "--porcelain") else ""
    return "\n".join(
        [
            f"- Date: {datetime.now(timezone.utc):%Y-%m-%d}",
            f"- Commit: {output('git', 'rev-parse', '--short=12', 'HEAD')}{changes}",
            f"- Machine: {processor[1] if processor else platform.machine()}, {os.cpu_count()} cores, "
            f"Linux {platform.release()}",
            f"- Compiler: {output('rustc', '--version')}",
        ]
    )


def table(rows: list[Row]) -> str:
    lines = ["| check | size | result | seconds |", "|---|---|---|---|"]
    lines += [f"| {row.check.name} | {row.size} | {row.result} | {row.seconds:.0f} |" for row in rows]
    return "\n".join(lines)


def with_block(page: str, name: str, text: str) -> str:
    pattern = re.compile(rf"(<!-- tokmint:{name} -->\n).*?(<!-- tokmint:end -->)", re.DOTALL)
    page, replaced = pattern.subn(lambda block: f"{block[1]}{text}\n{block[2]}", page)
    if replaced != 1:
        sys.exit(f"{PAGE.relative_to(ROOT)} has {replaced} blocks tokmint:{name}, and must have one")
    return page


def checks() -> str:
    lines = ["| check | shows | turned red by |", "|---|---|---|"]
    rows = [[check.name, check.shows, check.fault] for check in CHECKS]
    return "\n".join(lines + [f"| {' | '.join(row)} |".replace("\n", " ") for row in rows])


def main() -> int:
    parser = argparse.ArgumentParser(description="Runs the checks of tests/hardening and prints their table.")
    parser.add_argument("--short", action="store_true", help="the short form of each check that has one")
    parser.add_argument("--only", action="append", metavar="CHECK", help="this check; may be repeated")
    arguments = parser.parse_args()
    form = "--short" if arguments.short else "--long"
    chosen = [
        check
        for check in CHECKS
        if (check.has_short_form or not arguments.short) and (not arguments.only or check.name in arguments.only)
    ]
    if missing := set(arguments.only or ()) - {check.name for check in chosen}:
        parser.error(f"no check {', '.join(sorted(missing))}; there are {', '.join(check.name for check in CHECKS)}")
    if not chosen:
        parser.error("there is no check to run")
    is_update = os.environ.get("TOKMINT_UPDATE") == "1"
    page = with_block(PAGE.read_text(), "checks", checks())
    if is_update:
        PAGE.write_text(page)
    elif page != PAGE.read_text():
        sys.exit(f"the checks in {PAGE.relative_to(ROOT)} are not those of checks.toml: TOKMINT_UPDATE=1 rewrites them")

    heading = machine()
    rows = []
    for check in chosen:
        row = run(check, form)
        print(f"{check.name}: {row.size} | {row.result} ({row.seconds:.0f} s)", flush=True)
        rows.append(row)
    report = f"{heading}\n\n{table(rows)}"
    print(f"\n{report}")
    if not all(row.holds for row in rows):
        return 1
    if not arguments.short and not arguments.only and is_update:
        PAGE.write_text(with_block(PAGE.read_text(), "hardening", report))
    return 0


if __name__ == "__main__":
    sys.exit(main())
