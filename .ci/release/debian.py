"""Packages of Debian in the target folder, and how their programs are run."""

import platform
from pathlib import Path

from repository import ROOT, TARGET, run

FOLDER = TARGET / "debian"
# The suite of tools for other processors. Ubuntu reaches no suite of Debian, but has packages of these names.
TOOLS = "own" if platform.system() == "Linux" and platform.freedesktop_os_release()["ID"] == "ubuntu" else "trixie"
# What in_debian.sh needs besides a program.
SHELL = "coreutils dash"


def unpacked(suite: str, packages: str, *without: str, architecture: str = "") -> Path:
    """Return the folder of the packages of a suite, without what matches the patterns."""
    folder = FOLDER / f"{suite}{architecture and '-' + architecture}-{packages.split()[0]}"
    run("sh", "tests/debian.sh", folder, suite, packages, *without, ARCHITECTURE=architecture)
    return folder


def within(folder: Path) -> list[str | Path]:
    """Return the command in front of one that runs with the packages of a folder."""
    return ["sh", ROOT / "tests/in_debian.sh", folder]


def emulated(processor: str, root: Path) -> list[str | Path]:
    """Return the command in front of a program of another processor, whose libraries are in a folder."""
    # The programs are static. There is one for each processor.
    emulator = unpacked(TOOLS, "qemu-user-static", "./usr/bin/qemu-[b-r]*", "./usr/bin/qemu-[t-x]*")
    return [emulator / f"usr/bin/qemu-{processor}-static", "-L", root]
