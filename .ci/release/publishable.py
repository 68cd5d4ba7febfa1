"""Fails unless what is in dist can be published: publishable.py KIND, one of npm, maven, crates, python or github.

dist must be as SHA256SUMS says, and hold packages of this version for every target of a release, and no others. In a
run of GitHub for a tag, the tag must still be at the commit of that run. EXPECTED names other targets for trials.
"""

import json
import os
import re
import sys
import zipfile
from pathlib import Path

import sums
from repository import DIST, VERSION, output

from target import TARGETS

NAME = f"tokmint-{VERSION}"
# Windows has Microsoft's compiler in a release, and this one where there is only Linux.
ONLY_FOR_TRIALS = "x86_64-pc-windows-gnu"


def same(what: str, found: set[str], wanted: set[str]) -> None:
    """Fail if two sets differ."""
    if found != wanted:
        raise SystemExit(f"{what}: missing {sorted(wanted - found)}, unexpected {sorted(found - wanted)}")


def names(folder: Path) -> set[str]:
    """Return what is in a folder."""
    return {path.name for path in folder.iterdir()}


def npm(targets: list[str]) -> None:
    """Check the packages of npm."""
    folder = DIST / "npm"
    platforms = {TARGETS[triple].npm for triple in targets}
    same("dist/npm/npm", names(folder / "npm"), platforms)
    main = json.loads((folder / "tokmint/package.json").read_text("utf-8"))
    packages = {"tokmint": main}
    for platform in sorted(platforms):
        package = folder / "npm" / platform
        same(str(package), {path.name for path in package.glob("*.node")}, {f"tokmint.{platform}.node"})
        packages[f"@tokmint/{platform}"] = json.loads((package / "package.json").read_text("utf-8"))
    for name, manifest in packages.items():
        if (manifest["name"], manifest["version"]) != (name, VERSION):
            raise SystemExit(f"{manifest['name']} {manifest['version']} is not {name} {VERSION}")
    wanted = {f"@tokmint/{platform} {VERSION}" for platform in platforms}
    same("optionalDependencies", {f"{name} {of}" for name, of in main.get("optionalDependencies", {}).items()}, wanted)
    same("binaries in the main package", {path.name for path in (folder / "tokmint").rglob("*.node")}, set())


def maven(targets: list[str]) -> None:
    """Check the pom, and the native libraries in the jar."""
    folder = DIST / "maven"
    same("dist/maven", names(folder), {f"{NAME}{end}" for end in (".pom", ".jar", "-sources.jar", "-javadoc.jar")})
    coordinates = "<groupId>dev.tokmint</groupId>\n  <artifactId>tokmint</artifactId>\n  <version>(.+)</version>"
    stated = re.findall(rf"^  {coordinates}$", (folder / f"{NAME}.pom").read_text("utf-8"), re.MULTILINE)
    if stated != [VERSION]:
        raise SystemExit(f"the pom is of {stated}, not of {VERSION}")
    with zipfile.ZipFile(folder / f"{NAME}.jar") as jar:
        natives = {name for name in jar.namelist() if name.endswith((".so", ".dylib", ".dll"))}
    wanted = {TARGETS[triple] for triple in targets if TARGETS[triple].jna}
    same("the jar", natives, {f"{target.jna}/{target.named('tokmint_uniffi')}" for target in wanted})


def crates(_: list[str]) -> None:
    """Check the crates, as far as their names."""
    same("dist/crates", names(DIST / "crates"), {f"{NAME}.crate", f"tokmint-cli-{VERSION}.crate"})


def python(targets: list[str]) -> None:
    """Check that there are a wheel for each target and the sdist."""
    found = names(DIST / "python")
    wheels = {name for name in found if name.startswith(f"{NAME}-") and name.endswith(".whl")}
    same("dist/python", found - wheels, {f"{NAME}.tar.gz"})
    if len(wheels) != len(targets):
        raise SystemExit(f"{len(wheels)} wheels for {len(targets)} targets: {sorted(wheels)}")


def github(targets: list[str]) -> None:
    """Check the archives."""
    for kind, name in {"c": "tokmint-c", "cli": "tokmint"}.items():
        same(f"dist/{kind}", names(DIST / kind), {f"{name}-{VERSION}-{triple}.tar.gz" for triple in targets})
    same("dist/swift", names(DIST / "swift"), {"tokmint-swift", f"tokmint-swift-{VERSION}.zip"})


def tag() -> None:
    """Fail if this run is for a tag that is elsewhere now, or gone: a run waits for its approvals for days."""
    if os.environ.get("GITHUB_REF_TYPE") != "tag":
        return
    name = f"refs/tags/{os.environ['GITHUB_REF_NAME']}"
    # The last line is the commit, also of a tag that is an object of its own.
    line = output("git", "ls-remote", "origin", name, f"{name}^{{}}").rpartition("\n")[2]
    if line.partition("\t")[0] != os.environ["GITHUB_SHA"]:
        raise SystemExit(f"{name} is no longer at the commit of this run, {os.environ['GITHUB_SHA']}: cancel the run")


def main() -> None:
    """Check everything."""
    [kind] = sys.argv[1:]
    tag()
    sums.check(sums.sums())
    targets = os.environ.get("EXPECTED", "").split() or [triple for triple in TARGETS if triple != ONLY_FOR_TRIALS]
    {"npm": npm, "maven": maven, "crates": crates, "python": python, "github": github}[kind](targets)


if __name__ == "__main__":
    main()
