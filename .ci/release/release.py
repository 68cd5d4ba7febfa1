"""Builds a release on this machine, and tests it: release.py build, release.py test.

`build` builds the targets in BUILT_HERE, and then dist out of them. `test` checks every file, runs the parts of each
target that can run here, unless PARTS is "none", and tries the packages as their users do. It closes with a table,
which also says what was not built or not run.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import consumers
from gates import Gates
from repository import DIST, PARTS, ROOT, TARGET, run
from test_target import runs_here

from target import TARGETS

HERE = Path(__file__).parent
RESULTS = TARGET / "release-test" / "results"
# What is built on one machine with Linux.
BUILT_HERE = [
    "x86_64-unknown-linux-gnu",
    "aarch64-unknown-linux-gnu",
    "x86_64-unknown-linux-musl",
    "aarch64-unknown-linux-musl",
    "x86_64-pc-windows-gnu",
    "aarch64-apple-darwin",
]
# Why the others of TARGETS are not.
MISSING = {
    "x86_64-pc-windows-msvc": "needs Windows; npm's win32-x64-msvc, the wheel and the jar hold those of -windows-gnu",
    "aarch64-pc-windows-msvc": "needs Windows",
    "x86_64-apple-darwin": "built on macOS",
    "aarch64-apple-ios": "needs Xcode; the Swift package is for macOS and Linux without it",
}


def build() -> bool:
    """Build everything that can be built here."""
    shutil.rmtree(PARTS, ignore_errors=True)
    for triple in BUILT_HERE:
        start = time.monotonic()
        run(sys.executable, HERE / "target.py", triple)
        print(f"{triple}: {time.monotonic() - start:.0f} s", flush=True)
    run(sys.executable, HERE / "packages.py", EXPECTED=" ".join(BUILT_HERE))
    return True


def artefacts() -> list[Path]:
    """Return what is published: files, and the folders of the packages of npm."""
    files = [path for path in DIST.glob("*") if path.is_file()]
    files += [path for kind in ("python", "c", "cli", "maven", "crates", "sbom") for path in DIST.glob(f"{kind}/*")]
    return sorted([*files, *DIST.glob("npm/npm/*"), DIST / "npm" / "tokmint", *DIST.glob("swift/*.zip")])


def table(gates: Gates, trials: list[consumers.Row]) -> None:
    """Print what became of each artefact."""
    ran: dict[str, list[str]] = {}
    for file in sorted(RESULTS.glob("*.json")):
        for result in json.loads(file.read_text("utf-8")):
            ran.setdefault(result["file"], []).append(f"{result['where']}: {result['what']}{result['result']}")
    print()
    for path in artefacts():
        name = str(path.relative_to(DIST))
        size = sum(file.stat().st_size for file in [path, *path.rglob("*")] if file.is_file())
        newest = max((version for file, version in gates.glibc.items() if file.startswith(name)), default=None)
        print(f"{size:>10}  {f'glibc 2.{newest}' if newest else '':10}  {name}")
        # What is for one system ran there, or did not.
        is_of_target = name.startswith(("c/", "cli/", "npm/npm/")) or name.endswith(".whl")
        for line in ran.get(name, ["built, not run"] if is_of_target else []):
            print(f"{'':24}{line}")
    print()
    for artefact, where, result in trials:
        print(f"{artefact}, {where}: {result}")
    for triple in {**TARGETS, **MISSING}:
        if not (PARTS / triple).exists():
            print(f"missing: {triple}: {MISSING.get(triple, 'not built')}")


def is_of_parts() -> bool:
    """Return whether what was made of each part is the part itself, which is what ran."""
    faults = 0
    for kind, folder in {"wheel": "python", "c": "c", "cli": "cli", "node": "npm/npm/*"}.items():
        for file in PARTS.glob(f"*/{kind}/*"):
            published = list(DIST.glob(f"{folder}/{file.name}"))
            if len(published) != 1 or published[0].read_bytes() != file.read_bytes():
                print(f"dist has another {file.name} than its part, or none", file=sys.stderr)
                faults += 1
    return faults == 0


def test() -> bool:
    """Test everything that can be tested here, and return whether it passed."""
    shutil.rmtree(RESULTS, ignore_errors=True)
    passed = True
    for part in sorted(PARTS.iterdir()):
        if os.environ.get("PARTS") != "none" and runs_here(part.name):
            passed &= subprocess.run([sys.executable, HERE / "test_target.py", part.name], cwd=ROOT).returncode == 0
    passed &= is_of_parts()
    gates = Gates()
    passed &= gates.run(DIST)
    run(sys.executable, HERE / "sums.py", "--check")
    trials = list(consumers.trials())
    passed &= all(result == "passed" for _, _, result in trials)
    table(gates, trials)
    return passed


def main() -> None:
    """Build or test."""
    start = time.monotonic()
    [command] = sys.argv[1:]
    passed = {"build": build, "test": test}[command]()
    print(f"\n{command}: {(time.monotonic() - start) / 60:.0f} min on {os.cpu_count()} processors")
    if not passed:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
