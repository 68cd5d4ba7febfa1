"""Makes `dist` out of `dist/parts`: everything of a release that is made once for all targets.

A part is the folder of one target, as `make release-target` leaves it. A part that is incomplete is an error, and so is
one that was built of another commit or by another compiler than those that are here, and two parts with the same file.
EXPECTED names the targets whose parts must be there, and no others. What is not in `dist/parts` is removed from `dist`
before.
"""

import os
import re
import shutil
import sys
import tarfile
import tempfile
from pathlib import Path

import archive
import tomllib
from repository import DIST, PARTS, ROOT, TARGET, VERSION, origin, run, tools

WITHOUT_PATHS = ROOT / ".ci" / "without-paths.sh"
# What each part holds, one of each kind. JNA tells no C libraries of Linux apart; the jar has those for glibc.
CONTENTS = {
    "wheel": f"tokmint-{VERSION}-*.whl",
    "node": "tokmint.*.node",
    "c": f"tokmint-c-{VERSION}-*.tar.gz",
    "cli": f"tokmint-{VERSION}-*.tar.gz",
    "jar": "*/*tokmint_uniffi.*",
    "swift": "libtokmint_uniffi.a",
}
# Targets without one.
WITHOUT = {"jar": "-musl", "swift": ("-musl", "-windows-gnu", "-windows-msvc")}
# Replaces the registry by the crates in the archive.
VENDORED = """
[source.crates-io]
replace-with = "vendored"
[source.vendored]
directory = "vendor"
"""


def copy(files: list[Path], folder: Path) -> None:
    """Copy files into a folder, none over another."""
    folder.mkdir(parents=True, exist_ok=True)
    for file in files:
        if (folder / file.name).exists():
            raise SystemExit(f"two parts have the file {file.name}")
        shutil.copy2(file, folder)


def found(parts: list[Path]) -> dict[str, list[Path]]:
    """Return the files of all parts, by the folder that they are in; fail if a part lacks one."""
    files: dict[str, list[Path]] = {kind: [] for kind in CONTENTS}
    for part in parts:
        built = (part / "ORIGIN").read_text("utf-8")
        if built != origin():
            raise SystemExit(f"{part.name} was built of {built}, but this is {origin()}")
        for kind, pattern in CONTENTS.items():
            is_without = part.name.endswith(WITHOUT.get(kind, "-"))
            own = [file for file in (part / kind).rglob("*") if file.is_file()]
            if own != list((part / kind).glob(pattern)) or len(own) != (0 if is_without else 1):
                raise SystemExit(f"{part}/{kind} holds {[file.name for file in own]}, not one {pattern}")
            files[kind] += own
    return files


def sdist(work: Path) -> None:
    """Make the source package of Python with the crates that it needs, so that it installs without a network."""
    run(tools() / "maturin", "sdist", "--out", work, cwd=ROOT / "python")
    name = f"tokmint-{VERSION}"
    with tarfile.open(work / f"{name}.tar.gz") as tar:
        tar.extractall(work, filter="data")
    folder = work / name
    # maturin leaves out the tests, but not what they depend on.
    manifest = folder / "core" / "Cargo.toml"
    table = re.compile(r"^\[dev-dependencies\]\n(?:(?!\[).*\n)*", re.MULTILINE)
    text, count = table.subn("", manifest.read_text("utf-8"))
    if count != 1:
        raise SystemExit(f"{manifest} has {count} tables of dev-dependencies")
    manifest.write_text(text, "utf-8")
    run("cargo", "update", "--quiet", "--workspace", "--offline", cwd=folder)

    def crates(folder: Path) -> set[tuple[str, str]]:
        lock = tomllib.loads((folder / "Cargo.lock").read_text("utf-8"))
        return {(package["name"], package["version"]) for package in lock["package"]}

    if others := crates(folder) - crates(ROOT):
        raise SystemExit(f"the sdist's Cargo.lock has what Cargo.lock has not: {sorted(others)}")
    run("cargo", "vendor", "--quiet", "--locked", "vendor", cwd=folder)
    (folder / ".cargo").mkdir()
    (folder / ".cargo" / "config.toml").write_text((ROOT / ".cargo/config.toml").read_text("utf-8") + VENDORED, "utf-8")
    archive.pack(folder, DIST / "python" / f"{name}.tar.gz")


def npm(binaries: list[Path], work: Path) -> None:
    """Lay out the packages of npm: one for each platform, and the main one."""
    copy(binaries, work / "binaries")
    run(WITHOUT_PATHS, "npm", "run", "--silent", "prepack", cwd=ROOT / "node")
    platforms = sorted(file.name.removeprefix("tokmint.").removesuffix(".node") for file in binaries)
    run("node", "node/scripts/platform-packages.mjs", DIST / "npm", work / "binaries", f"--only={','.join(platforms)}")


def maven(natives: list[Path], work: Path) -> None:
    """Make the jar with all native libraries, and those of its sources and its documentation."""
    for file in natives:
        copy([file], work / "natives" / file.parent.name)
    built = TARGET / "release-kotlin"
    shutil.rmtree(built, ignore_errors=True)
    run(
        "mvn", "--batch-mode", "--no-transfer-progress", "--quiet", "--file", "bindings/kotlin/pom.xml",
        f"-Dbuild.folder={built}", f"-Dnatives={work / 'natives'}", "-Dmaven.test.skip=true", "package",
    )  # fmt: skip
    name = f"tokmint-{VERSION}"
    copy([built / f"{name}{kind}.jar" for kind in ("", "-sources", "-javadoc")], DIST / "maven")
    shutil.copy(ROOT / "bindings/kotlin/pom.xml", DIST / "maven" / f"{name}.pom")


def crates() -> None:
    """Pack the crates. `cargo publish` does it again, and builds them."""
    names = ["tokmint", "tokmint-cli"]
    selected = [argument for name in names for argument in ("--package", name)]
    run("cargo", "package", "--quiet", "--locked", "--no-verify", *selected)
    copy([TARGET / "package" / f"{name}-{VERSION}.crate" for name in names], DIST / "crates")


def main() -> None:
    """Make everything, what fails fastest first."""
    parts = sorted(PARTS.iterdir()) if PARTS.exists() else []
    if not parts:
        raise SystemExit("dist/parts is empty: make release-target TARGET=triple")
    expected = os.environ.get("EXPECTED", "").split()
    if expected and sorted(expected) != [part.name for part in parts]:
        raise SystemExit(f"dist/parts holds {[part.name for part in parts]}, not {sorted(expected)}")
    files = found(parts)
    os.environ["SOURCE_DATE_EPOCH"] = str(archive.epoch())
    for entry in DIST.iterdir():
        if entry.is_dir() and entry != PARTS:
            shutil.rmtree(entry)
        elif entry.is_file():
            entry.unlink()
    copy(files["wheel"], DIST / "python")
    copy(files["c"], DIST / "c")
    copy(files["cli"], DIST / "cli")
    crates()
    with tempfile.TemporaryDirectory() as work:
        sdist(Path(work))
        maven(files["jar"], Path(work))
        npm(files["node"], Path(work))
    run("make", "--silent", "page")
    run("sh", "bindings/swift/release.sh", DIST / "swift")
    run(sys.executable, ".ci/release/sbom.py")
    # Last, because it lists everything.
    run(sys.executable, ".ci/release/sums.py")


if __name__ == "__main__":
    main()
