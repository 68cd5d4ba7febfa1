"""Writes dist/SHA256SUMS: the SHA-256 of each file of dist but those in dist/parts, as sha256sum writes them.

With `--check` it writes nothing, and fails if a file is missing, differs, or is not listed.
"""

import hashlib
import sys

from repository import DIST

FILE = DIST / "SHA256SUMS"


def sums() -> dict[str, str]:
    """Return the sum of each file by its path within dist."""
    found = {}
    for path in DIST.rglob("*"):
        name = path.relative_to(DIST).as_posix()
        if path.is_file() and path != FILE and not name.startswith("parts/"):
            # sha256sum would escape these.
            if "\n" in name or "\\" in name:
                raise SystemExit(f"not a name for a release: {name!r}")
            found[name] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def check(found: dict[str, str]) -> None:
    """Compare the files with the list."""
    listed = {name: digest for digest, name in (line.split("  ", 1) for line in FILE.read_text("utf-8").splitlines())}
    faults = [f"missing: {name}" for name in listed.keys() - found.keys()]
    faults += [f"not in {FILE.name}: {name}" for name in found.keys() - listed.keys()]
    faults += [f"differs: {name}" for name in listed.keys() & found.keys() if listed[name] != found[name]]
    if faults:
        raise SystemExit("\n".join(sorted(faults)))
    print(f"{len(listed)} files are as {FILE.name} says")


if __name__ == "__main__":
    found = sums()
    if not found:
        raise SystemExit(f"there is nothing in {DIST}")
    if sys.argv[1:] == ["--check"]:
        check(found)
    else:
        lines = [f"{found[name]}  {name}\n" for name in sorted(found)]
        FILE.write_text("".join(lines), "utf-8", newline="\n")
