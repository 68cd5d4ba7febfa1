"""Writes LICENSE-THIRD-PARTY: the licences of the crates that are linked into what is released.

One file for all artefacts: every crate that is in any of them. With `--check` it writes nothing, and fails if the file
differs.
"""

import re
import sys
from pathlib import Path

from linked import ARTEFACTS, graph, metadata
from repository import ROOT

FILE = ROOT / "LICENSE-THIRD-PARTY"
LICENCE_FILE = re.compile(r"(licen[cs]e|copying|copyright|notice|unlicense)", re.IGNORECASE)
HEAD = """\
tokmint is licensed as LICENSE-MIT and LICENSE-APACHE say. This file is about the code of others in its binaries: the
crates below, and Rust's standard library. Not every binary holds every crate. Where a crate may be used under one of
several licences, the MIT licence is taken if it is one of them. Nothing of any crate was changed; the
registry of Rust's crates has the sources of each under its name and version.

The standard library is copyright The Rust Project contributors, under the MIT or the Apache licence, version 2.0;
https://www.rust-lang.org has its sources, and the notices of what is in it.
"""


def standard(package: dict, packages: dict) -> str:
    """Return the licence of a crate that holds no file of it."""
    if package["license"] == "MPL-2.0":
        # Another crate has the text, which names nobody.
        other = next(other for (name, _), other in packages.items() if name == "cbindgen")
        body = (Path(other["manifest_path"]).parent / "LICENSE").read_text("utf-8").strip()
    elif package["license"] == "MIT":
        body = (ROOT / "LICENSE-MIT").read_text("utf-8").split("\n\n", 2)[2].strip()
    else:
        raise SystemExit(f"{package['name']} ({package['license']}) has no licence file")
    authors = [author.split(" <")[0] for author in package["authors"]] or ["its authors"]
    return f"Copyright {', '.join(authors)}; {package['repository']}\n\n{body}"


def texts(package: dict, packages: dict) -> list[str]:
    """Return the licences of a crate."""
    folder = Path(package["manifest_path"]).parent
    files = sorted(path for path in folder.iterdir() if path.is_file() and LICENCE_FILE.match(path.name))
    # What a crate has of others in a folder of its own.
    files += sorted(folder.glob("*/LICENSE"))
    if "MIT" in re.split(" OR |/", package["license"]):
        files = [path for path in files if re.search("mit|notice", path.name, re.IGNORECASE)] or files
    found = ["\n".join(line.rstrip() for line in path.read_text("utf-8").strip().splitlines()) for path in files]
    return found or [standard(package, packages)]


def notices() -> str:
    """Return the file: each text once, below the crates that it is of."""
    packages = metadata()
    crates_of: dict[str, list[str]] = {}
    for name, version in sorted({crate for artefact in ARTEFACTS for crate in graph(artefact)}):
        package = packages[name, version]
        if package["source"] is None:
            continue
        for text in texts(package, packages):
            crates_of.setdefault(text, []).append(f"{name} {version} ({package['license']})")
    rule = "=" * 120
    return "\n".join([HEAD, *(f"{rule}\n" + "\n".join(crates) + f"\n\n{text}\n" for text, crates in crates_of.items())])


wanted = notices()
if sys.argv[1:] != ["--check"]:
    FILE.write_text(wanted, encoding="utf-8", newline="\n")
elif not FILE.exists() or FILE.read_text(encoding="utf-8") != wanted:
    raise SystemExit(f"{FILE.name} is not what {Path(__file__).name} writes for Cargo.lock: make update")
