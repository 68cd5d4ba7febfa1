"""Keeps the version of tokmint in every file that states it.

Without arguments it fails where a place differs from the version in Cargo.toml. `--write X.Y.Z` writes it everywhere.
`--notes TAG` prints what CHANGELOG.md says of this version, and fails if TAG is not "v" and the version, or if the
section has no date or no text.
"""

import argparse
import re
import subprocess
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# Every place: a file, and a pattern with one of the VALUES. The first is the one with which the others are compared.
PLACES = [
    ("Cargo.toml", r'^\[workspace\.package\]\nversion = "@VERSION@"'),
    ("Cargo.toml", r'^tokmint = \{ path = "core", version = "@VERSION@" \}'),
    ("Cargo.lock", r'^name = "tokmint[a-z-]*"\nversion = "@VERSION@"'),
    ("core/fuzz/Cargo.lock", r'^name = "tokmint"\nversion = "@VERSION@"'),
    ("include/tokmint.h", r"^ \* tokmint @VERSION@:"),
    ("include/tokmint.h", r'^#define TOKMINT_VERSION "@VERSION@"'),
    ("include/tokmint.h", r"^#define TOKMINT_VERSION_MAJOR @MAJOR@$"),
    ("include/tokmint.h", r"^#define TOKMINT_VERSION_MINOR @MINOR@$"),
    ("include/tokmint.h", r"^#define TOKMINT_VERSION_PATCH @PATCH@$"),
    ("tests/c/abi.txt", r"^soname libtokmint\.so\.@SERIES@$"),
    ("tests/c/consumer/CMakeLists.txt", r"find_package\(tokmint @SERIES@ "),
    ("bindings/c/README.md", r"find_package\(tokmint @SERIES@ "),
    ("bindings/c/README.md", r"libtokmint\.so\.@SERIES@`"),
    ("node/package.json", r'^  "name": "tokmint",\n  "version": "@VERSION@"'),
    ("node/package-lock.json", r'^ +"name": "tokmint",\n +"version": "@VERSION@"'),
    ("bindings/kotlin/pom.xml", r"^  <artifactId>tokmint</artifactId>\n  <version>@VERSION@<"),
    ("bindings/kotlin/README.md", r"<artifactId>tokmint</artifactId>\n +<version>@VERSION@<"),
    ("bindings/kotlin/consumers/java/pom.xml", r"<artifactId>tokmint</artifactId>\n +<version>@VERSION@<"),
    ("bindings/kotlin/consumers/kotlin/pom.xml", r"<artifactId>tokmint</artifactId>\n +<version>@VERSION@<"),
    ("bindings/kotlin/consumers/ktor/pom.xml", r"<artifactId>tokmint</artifactId>\n +<version>@VERSION@<"),
    ("bindings/kotlin/consumers/spring/pom.xml", r"<artifactId>tokmint</artifactId>\n +<version>@VERSION@<"),
    ("bindings/swift/README.md", r'tokmint-swift", from: "@VERSION@"'),
    ("bindings/swift/README.md", r"git clone --branch @VERSION@ "),
    ("bindings/swift/README.md", r"pc file for tokmint-swift-@VERSION@\n"),
    ("bindings/swift/Examples/TokenServer/Package.swift", r'tokmint-swift", from: "@VERSION@"'),
    ("tests/bench/jvm/pom.xml", r"<artifactId>tokmint</artifactId>\n +<version>@VERSION@<"),
    ("CHANGELOG.md", r"\A(?:(?!## ).*\n)*## @VERSION@ - "),
]
CHANGELOG = ROOT / "CHANGELOG.md"


def values(version: str) -> dict[str, str]:
    """Return what a pattern can hold. Versions of one series are compatible."""
    major, minor, patch = version.split(".")
    series = major if major != "0" else f"{major}.{minor}"
    return {"VERSION": version, "MAJOR": major, "MINOR": minor, "PATCH": patch, "SERIES": series}


def find(file: str, pattern: str) -> tuple[str, list[re.Match[str]]]:
    """Return the kind of value in a pattern, and where it is, with the value as the only group."""
    before, kind, after = pattern.split("@")
    found = re.finditer(f"{before}([0-9][0-9.]*){after}", (ROOT / file).read_text(encoding="utf-8"), re.MULTILINE)
    return kind, list(found)


def current() -> str:
    """Return the version, which is the first place's."""
    return find(*PLACES[0])[1][0][1]


def check() -> None:
    """Fail where a place differs."""
    wanted = values(current())
    faults = []
    for file, pattern in PLACES:
        kind, found = find(file, pattern)
        if not found:
            faults.append(f"{file}: nothing matches {pattern}")
        for match in found:
            if match[1] != wanted[kind]:
                line = match.string.count("\n", 0, match.start(1)) + 1
                faults.append(f"{file}:{line}: {match[1]}, but Cargo.toml makes it {wanted[kind]}")
    if faults:
        raise SystemExit("\n".join([*faults, "make version V=x.y.z writes the version to every place"]))


def write(version: str) -> None:
    """Write the version to every place, and say where else the old one stands."""
    if not re.fullmatch(r"(0|[1-9]\d*)(\.(0|[1-9]\d*)){2}", version):
        raise SystemExit(f"not a version of the form x.y.z: {version!r}")
    old = current()
    changelog = CHANGELOG.read_text(encoding="utf-8")
    if not re.search(r"^## \S+ - unreleased$", changelog, re.MULTILINE):
        # The last version is out. What changes from here on belongs to this one.
        CHANGELOG.write_text(changelog.replace("## ", f"## {version} - unreleased\n\n## ", 1), encoding="utf-8")
    for file, pattern in PLACES:
        kind, found = find(file, pattern)
        text = (ROOT / file).read_text(encoding="utf-8")
        for match in reversed(found):
            text = text[: match.start(1)] + values(version)[kind] + text[match.end(1) :]
        (ROOT / file).write_text(text, encoding="utf-8", newline="\n")
    check()
    if old == version:
        return
    rest = subprocess.run(
        ["git", "grep", "-nIwF", old, "--", ":!*.lock", ":!*-lock.json", ":!tests/vectors", ":!CHANGELOG.md"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    ).stdout  # fmt: skip
    if rest:
        print(f"{old} also stands here, which is not changed:\n{rest}", end="")


def notes(tag: str, version: str, changelog: str) -> str:
    """Return the section of a version in the changelog."""
    if tag != f"v{version}":
        raise SystemExit(f"the tag is {tag}, but the version is {version}")
    section = re.search(rf"^## {re.escape(version)} - (.+)\n((?:(?!## ).*\n?)*)", changelog, re.MULTILINE)
    try:
        # It takes other forms too.
        if not section or date.fromisoformat(section[1]).isoformat() != section[1]:
            raise ValueError
    except ValueError:
        raise SystemExit(f"CHANGELOG.md gives {version} no date of its release: ## {version} - YYYY-MM-DD") from None
    if not section[2].strip():
        raise SystemExit(f"CHANGELOG.md says nothing of {version}")
    return section[2].strip()


def main() -> None:
    """Check, write or print."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--write", metavar="X.Y.Z")
    arguments.add_argument("--notes", metavar="TAG")
    options = arguments.parse_args()
    if options.write is not None:
        write(options.write)
        return
    check()
    if options.notes is not None:
        print(notes(options.notes, current(), CHANGELOG.read_text(encoding="utf-8")))


if __name__ == "__main__":
    main()
