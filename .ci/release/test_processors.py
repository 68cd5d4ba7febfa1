"""Runs tokmint on other kinds of processors than those on which it is developed: test_processors.py core|command-line.

- core: all tests of core, with RS256, on i686 (32 bits) and s390x (big-endian). Warnings are errors.
- command-line: the self-test of the command line, which runs all vectors, on aarch64: a build of a release in small.

Programs are linked by zig, as those of a release. Those of i686 run on the machine itself, the others under qemu, with
Debian's C library. It needs x86_64.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import debian
from repository import ROOT, TARGET, run

from target import Cargo

# Debian's name of each processor.
NAMES = {"aarch64": "arm64", "i686": "i386", "s390x": "s390x"}
# Tests of core for which the kernel must wipe a page in a child. qemu refuses that (MADV_WIPEONFORK).
NOT_UNDER_QEMU = ("the_kernel_zeroes_the_page_in_a_child_only", "bare_clone")


def prefix(processor: str) -> list[str | Path]:
    """Return the command in front of a program of a processor."""
    root = debian.unpacked(debian.TOOLS, f"libc6-{NAMES[processor]}-cross") / f"usr/{processor}-linux-gnu"
    if processor == "i686":
        return [root / "lib/ld-linux.so.2", "--library-path", root / "lib"]
    return debian.emulated(processor, root)


def built(processor: str, command: str, *arguments: str) -> tuple[list[str], Path]:
    """Return the command that is cargo for a processor, and the folder of what it builds."""
    triple = f"{processor}-unknown-linux-gnu"
    # Apart from the builds of the machine's own compiler, which others wait for.
    folder = TARGET / "processors"
    cargo = Cargo(triple).command(command, "--target-dir", str(folder), *arguments, profile="dev")
    return ["sh", "tests/rust_for.sh", triple, *cargo], folder / triple / "debug"


def core(processor: str) -> str:
    """Run core's tests, and return a line on them."""
    runner = json.dumps([str(part) for part in prefix(processor)])
    runner = f"target.{processor}-unknown-linux-gnu.runner={runner}"
    skipped = () if processor == "i686" else NOT_UNDER_QEMU
    skip = [argument for name in skipped for argument in ("--skip", name)]
    command, _ = built(processor, "test", "--package", "tokmint", "--lib", "--tests", "--config", runner, "--", *skip)
    passed = 0
    environment = os.environ | {"RUSTFLAGS": "--deny warnings"}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as tests:
        for line in tests.stdout:
            print(line, end="", flush=True)
            passed += line.startswith("test ") and line.endswith(" ... ok\n")
    if tests.returncode != 0 or passed == 0:
        raise SystemExit(f"{processor}: FAILED, status {tests.returncode}, {passed} tests of core passed")
    return f"{processor}: {passed} tests of core passed{', not run: ' * bool(skipped)}{', '.join(skipped)}"


def command_line(processor: str) -> None:
    """Run the self-test of the command line."""
    command, folder = built(processor, "build", "--package", "tokmint-cli")
    # Nobody debugs it.
    run(*command, CARGO_PROFILE_DEV_DEBUG="none")
    run(*prefix(processor), folder / "tokmint", "self-test")


def main() -> None:
    """Run what the argument names."""
    match sys.argv[1:]:
        case ["core"]:
            print("\n".join([core("i686"), core("s390x")]))
        case ["command-line"]:
            command_line("aarch64")
        case _:
            raise SystemExit(__doc__)


if __name__ == "__main__":
    main()
