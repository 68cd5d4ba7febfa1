"""Which crates are in what is released, and how they depend on each other."""

import json
import re
import subprocess
from functools import cache
from typing import Any

from repository import ROOT

# Name and version.
Crate = tuple[str, str]

LINUX = [
    "x86_64-unknown-linux-gnu",
    "aarch64-unknown-linux-gnu",
    "x86_64-unknown-linux-musl",
    "aarch64-unknown-linux-musl",
]
APPLE = ["x86_64-apple-darwin", "aarch64-apple-darwin"]
WINDOWS = ["x86_64-pc-windows-gnu", "x86_64-pc-windows-msvc", "aarch64-pc-windows-msvc"]
NATIVE = [*LINUX, *APPLE, *WINDOWS]
WASM = {"tokmint-wasm": ["wasm32-unknown-unknown"]}

# Of each kind of artefact: the packages in it, and the targets for which it is released.
ARTEFACTS = {
    "wheel": {"tokmint-python": NATIVE},
    "node": {"tokmint-node": NATIVE, **WASM},
    "c": {"tokmint-c": NATIVE},
    "cli": {"tokmint-cli": NATIVE},
    "jar": {"tokmint-uniffi": NATIVE},
    "swift": {"tokmint-uniffi": [*LINUX, *APPLE, "aarch64-apple-ios"]},
    "wasm": WASM,
}


def cargo(*arguments: str) -> str:
    """Return what cargo prints."""
    return subprocess.run(["cargo", *arguments], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True).stdout


@cache
def metadata() -> dict[Crate, dict[str, Any]]:
    """Return what cargo knows of each crate of Cargo.lock."""
    packages = json.loads(cargo("metadata", "--locked", "--format-version", "1"))["packages"]
    return {(package["name"], package["version"]): package for package in packages}


def graph(artefact: str) -> dict[Crate, set[Crate]]:
    """Return each crate that is linked into an artefact, as cargo resolves features, with what it depends on."""
    depends_on: dict[Crate, set[Crate]] = {}
    for package, targets in ARTEFACTS[artefact].items():
        tree = cargo(
            "tree", "--locked", "--package", package, *(f"--target={target}" for target in targets),
            "--edges", "normal,no-proc-macro", "--prefix", "depth", "--format", "{p}",
        )  # fmt: skip
        above: list[Crate] = []
        for depth, name, version in re.findall(r"^(\d+)(\S+) v(\S+)", tree, re.MULTILINE):
            crate = (name, version)
            depends_on.setdefault(crate, set())
            above[int(depth) :] = [crate]
            if len(above) > 1:
                depends_on[above[-2]].add(crate)
    return depends_on
