"""Tests the scripts that publish, in a repository of its own, with stand-ins for the programs that upload.

It also compares the lists of targets in the workflow with those that a release must have.

The stand-ins log what is published. The one for npm shows a package only once the script has waited, as npm does, and
refuses the main package before all others show. The one for curl gives the answers that a test names.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

from repository import ROOT, VERSION

from target import TARGETS

sys.path.append(str(ROOT / ".ci"))
import version

TRIPLES = [triple for triple in TARGETS if triple != "x86_64-pc-windows-gnu"]
NAME = f"tokmint-{VERSION}"
CRATES = [f"{NAME}.crate", f"tokmint-cli-{VERSION}.crate"]
STAND_INS = {
    "npm": """
        case $1 in
        view) name=${2%@*}; [ -e "$STATE/shown/$name" ] && echo "${2##*@}" || exit 1 ;;
        publish)
            name=$(node -p 'require(process.argv[1]).name' "$2/package.json")
            case " $* " in *" --dry-run "*) echo "dry $name" >>"$STATE/log"; exit ;; esac
            shown=$(ls "$STATE/shown/@tokmint" | wc -l)
            [ "$name" != tokmint ] || [ "$shown" -eq 8 ] || { echo "too early" >&2; exit 1; }
            echo "$name" >>"$STATE/log"
            mkdir -p "$STATE/taken/@tokmint" && touch "$STATE/taken/$name" ;;
        esac""",
    "sleep": 'if [ -d "$STATE/taken" ]; then cp -R "$STATE/taken/." "$STATE/shown"; fi',
    "cargo": """
        case $1 in
        package) mkdir -p target/package && cp "$STATE"/crates/* target/package ;;
        info) for last; do :; done; [ -e "$STATE/shown/${last%@*}" ] ;;
        publish) echo "$4" >>"$STATE/log" ;;
        esac""",
    "gpg": 'for last; do :; done; cat >/dev/null; echo signature >"$last.asc"',
    "curl": """
        case " $* " in
        *" --head "*) [ -e "$STATE/shown/jar" ] || exit 22 ;;
        *" --form "*) echo upload >>"$STATE/log"; echo id ;;
        *)
            answer=$(head -n 1 "$STATE/answers")
            sed -i.before 1d "$STATE/answers"
            [ "$answer" != none ] || exit 22
            echo "$answer" ;;
        esac""",
}


def write(path: Path, content: str | dict) -> None:
    """Write a file, and the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content) if isinstance(content, dict) else content, "utf-8")


def command(*arguments: str | Path, folder: Path, **variables: str) -> subprocess.CompletedProcess:
    """Run a command in a folder."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GITHUB_")}
    return subprocess.run(arguments, cwd=folder, env=environment | variables, capture_output=True, text=True)


def git(folder: Path, *arguments: str) -> str:
    """Run git, which must succeed."""
    who = ["-c", "user.name=nobody", "-c", "user.email=nobody@localhost", "-c", "tag.gpgSign=false"]
    result = command("git", *who, "-c", "commit.gpgSign=false", *arguments, folder=folder)
    assert result.returncode == 0, result.stderr
    return result.stdout.strip()


def sum_up(folder: Path) -> None:
    """Write SHA256SUMS."""
    result = command(sys.executable, ".ci/release/sums.py", folder=folder)
    assert result.returncode == 0, result.stderr


def repository(folder: Path) -> None:
    """Make a repository with a dist that can be published."""
    shutil.copytree(ROOT / ".ci", folder / ".ci", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "Cargo.toml", folder)
    dist = folder / "dist"
    platforms = [TARGETS[triple].npm for triple in TRIPLES]
    others = {f"@tokmint/{platform}": VERSION for platform in platforms}
    main = {"name": "tokmint", "version": VERSION, "optionalDependencies": others}
    write(dist / "npm/tokmint/package.json", main)
    for platform in platforms:
        package = dist / "npm/npm" / platform
        write(package / "package.json", {"name": f"@tokmint/{platform}", "version": VERSION})
        write(package / f"tokmint.{platform}.node", platform)
    natives = [f"{target.jna}/{target.named('tokmint_uniffi')}" for target in map(TARGETS.get, TRIPLES) if target.jna]
    (dist / "maven").mkdir()
    with zipfile.ZipFile(dist / f"maven/{NAME}.jar", "w") as jar:
        for native in natives:
            jar.writestr(native, native)
    for kind in ("sources", "javadoc"):
        write(dist / f"maven/{NAME}-{kind}.jar", kind)
    write(
        dist / f"maven/{NAME}.pom",
        f"  <groupId>dev.tokmint</groupId>\n  <artifactId>tokmint</artifactId>\n  <version>{VERSION}</version>\n",
    )
    for name in CRATES:
        write(dist / "crates" / name, name)
    write(dist / f"python/{NAME}.tar.gz", "sdist")
    for triple in TRIPLES:
        write(dist / f"python/{NAME}-{triple}.whl", triple)
        write(dist / f"c/tokmint-c-{VERSION}-{triple}.tar.gz", triple)
        write(dist / f"cli/tokmint-{VERSION}-{triple}.tar.gz", triple)
    write(dist / "swift/tokmint-swift/Package.swift", "swift")
    write(dist / f"swift/tokmint-swift-{VERSION}.zip", "swift")
    sum_up(folder)
    git(folder, "init", "--quiet")
    git(folder, "add", "Cargo.toml")
    git(folder, "commit", "--quiet", "--message", "first")
    git(folder, "tag", "--annotate", f"v{VERSION}", "--message", "release")
    git(folder.parent, "clone", "--quiet", "--bare", str(folder), "origin")
    git(folder, "remote", "add", "origin", str(folder.parent / "origin"))


class Trial:
    """A copy of the repository, and the stand-ins beside it."""

    def __init__(self, template: Path, change: Callable[[Path], None] | None = None, is_summed: bool = True) -> None:
        """Copy it, and change its dist."""
        self.work = Path(tempfile.mkdtemp(dir=template.parent))
        self.folder = self.work / "repository"
        shutil.copytree(template, self.folder, symlinks=True)
        for name, text in STAND_INS.items():
            write(self.work / "bin" / name, f"#!/bin/sh\nset -eu\n{text}\n")
            (self.work / "bin" / name).chmod(0o755)
        self.state = self.work / "state"
        (self.state / "shown/@tokmint").mkdir(parents=True)
        shutil.copytree(self.folder / "dist/crates", self.state / "crates")
        if change:
            change(self.folder / "dist")
            if is_summed:
                sum_up(self.folder)

    def run(self, *arguments: str, **variables: str) -> tuple[int, list[str], str]:
        """Run a script; return how it ended, what it published and what it printed."""
        (self.state / "log").write_text("")
        settings = {"PATH": f"{self.work / 'bin'}{os.pathsep}{os.environ['PATH']}", "STATE": str(self.state)}
        central = {"CENTRAL_API": "api", "CENTRAL_REPOSITORY": "repository"}
        user = {"CENTRAL_USERNAME": "user", "CENTRAL_PASSWORD": "password", "CARGO_TARGET_DIR": "target"}
        command_line = ("sh", f".ci/publish-{arguments[0]}.sh", *arguments[1:])
        if arguments[0] in ("python", "github"):
            command_line = (sys.executable, ".ci/release/publishable.py", *arguments)
        result = command(*command_line, folder=self.folder, **settings, **central, **user, **variables)
        return result.returncode, (self.state / "log").read_text().split("\n")[:-1], result.stdout + result.stderr

    def answers(self, *lines: str) -> None:
        """Let curl answer this, one line each time."""
        (self.state / "answers").write_text("".join(f"{line}\n" for line in lines))


def edit(name: str, old: str, new: str) -> Callable[[Path], None]:
    """Return a change of a text."""

    def change(dist: Path) -> None:
        text = (dist / name).read_text("utf-8")
        assert old in text, text
        (dist / name).write_text(text.replace(old, new), "utf-8")

    return change


def without(name: str) -> Callable[[Path], None]:
    """Return a change that removes a file or a folder."""
    return lambda dist: shutil.rmtree(dist / name) if (dist / name).is_dir() else (dist / name).unlink()


def jar(natives: dict[str, str]) -> Callable[[Path], None]:
    """Return a change of the jar."""

    def change(dist: Path) -> None:
        with zipfile.ZipFile(dist / f"maven/{NAME}.jar", "w") as file:
            for name, text in natives.items():
                file.writestr(name, text)

    return change


def added(name: str) -> Callable[[Path], None]:
    """Return a change that adds a file."""
    return lambda dist: write(dist / name, "added")


# What none of them may publish: the kind, the change, and a part of what is printed.
PACKAGE = "npm/npm/linux-arm64-musl"
REFUSED = {
    "a platform is missing": ("npm", without(PACKAGE), "missing ['linux-arm64-musl']"),
    "a platform too many": ("npm", added("npm/npm/plan9/package.json"), "unexpected ['plan9']"),
    "a binary is missing": ("npm", without(f"{PACKAGE}/tokmint.linux-arm64-musl.node"), "missing ['tokmint."),
    "another version": ("npm", edit(f"{PACKAGE}/package.json", VERSION, "0.0.9"), "0.0.9 is not @tokmint/"),
    "another name": ("npm", edit(f"{PACKAGE}/package.json", "arm64", "x64"), "is not @tokmint/linux-arm64-musl"),
    "another main version": ("npm", edit("npm/tokmint/package.json", f'n": "{VERSION}', 'n": "0.0.9'), "0.0.9 is not"),
    "a dependency is missing": ("npm", edit("npm/tokmint/package.json", '"@tokmint/darwin-x64"', '"x"'), "darwin-x64"),
    "a binary in the main package": ("npm", added("npm/tokmint/tokmint.linux-x64-gnu.node"), "binaries in the main"),
    "a pom of another version": ("maven", edit(f"maven/{NAME}.pom", VERSION, "0.0.9"), "the pom is of ['0.0.9']"),
    "a jar without libraries": ("maven", jar({"dev/tokmint/Token.class": ""}), "the jar: missing"),
    "a jar is missing": ("maven", without(f"maven/{NAME}-javadoc.jar"), "dist/maven: missing"),
    "a bundle beside the jars": ("maven", added("maven/bundle.zip"), "unexpected ['bundle.zip']"),
    "a crate is missing": ("crates", without(f"crates/{NAME}.crate"), "dist/crates: missing"),
    "another crate": ("crates", edit(f"crates/{NAME}.crate", "tokmint", "other"), "differ"),
    "a wheel is missing": ("python", without(f"python/{NAME}-{TRIPLES[0]}.whl"), "7 wheels for 8 targets"),
    "the sdist is missing": ("python", without(f"python/{NAME}.tar.gz"), "dist/python: missing"),
    "an archive is missing": ("github", without(f"cli/{NAME}-{TRIPLES[0]}.tar.gz"), "dist/cli: missing"),
}
# The same for each kind: changes after the sums were written.
CHANGED = {
    "a file was changed": (edit(f"{PACKAGE}/package.json", "arm64", "x64"), f"differs: {PACKAGE}/package.json"),
    "a file is missing": (without(f"python/{NAME}.tar.gz"), f"missing: python/{NAME}.tar.gz"),
    "a file was added": (added("npm/tokmint/added.js"), "not in SHA256SUMS: npm/tokmint/added.js"),
}


def refuse(template: Path) -> None:
    """Check that nothing is published of what must not be."""
    for what, (kind, change, message) in REFUSED.items():
        code, log, printed = Trial(template, change).run(kind)
        assert code != 0 and not log and message in printed, (what, code, log, printed)
    for what, (change, message) in CHANGED.items():
        for kind in ("npm", "maven", "crates", "python", "github"):
            code, log, printed = Trial(template, change, is_summed=False).run(kind)
            assert code != 0 and not log and message in printed, (what, kind, code, log, printed)


def tags(template: Path) -> None:
    """Check that nothing is published if the tag is no longer where the run began."""
    trial = Trial(template)
    first = git(trial.folder, "rev-parse", "HEAD")
    run = {"GITHUB_REF_TYPE": "tag", "GITHUB_REF_NAME": f"v{VERSION}", "GITHUB_SHA": first}
    assert trial.run("github", **run)[0] == 0, trial.run("github", **run)
    git(trial.folder, "commit", "--quiet", "--allow-empty", "--message", "second")
    for arguments in (["tag", "--force", f"v{VERSION}"], ["tag", "--delete", f"v{VERSION}"]):
        git(trial.folder, *arguments)
        git(trial.folder, "push", "--quiet", "--prune", "origin", "+refs/tags/*:refs/tags/*")
        for kind in ("npm", "maven", "crates", "python", "github"):
            code, log, printed = trial.run(kind, **run)
            assert code != 0 and not log and "no longer at the commit" in printed, (arguments, code, log, printed)


def npm(template: Path) -> None:
    """Check the order of the packages, the wait before the main one, and a second attempt."""
    everything = sorted(f"@tokmint/{TARGETS[triple].npm}" for triple in TRIPLES)
    for options in ([], ["--provenance=false"]):
        trial = Trial(template)
        code, log, printed = trial.run("npm", *options)
        assert code == 0 and log == [*everything, "tokmint"], (options, code, log, printed)
        (trial.state / "shown/tokmint").unlink(missing_ok=True)
        code, log, printed = trial.run("npm", *options)
        assert code == 0 and log == ["tokmint"], (options, code, log, printed)
    code, log, printed = Trial(template).run("npm", "--dry-run")
    assert code == 0 and log == [f"dry {name}" for name in [*everything, "tokmint"]], (code, log, printed)


def maven(template: Path) -> None:
    """Check that a bundle is uploaded once, whatever becomes of the questions that follow."""
    trial = Trial(template)
    trial.answers("none", '{"deploymentState" : "PUBLISHING"}', "<html>", "[]", '{"deploymentState" : "PUBLISHED"}')
    code, log, printed = trial.run("maven")
    assert code == 0 and log == ["upload"] and not (trial.state / "answers").read_text(), (code, log, printed)
    trial.answers('{"deploymentState": "FAILED", "errors": "why"}')
    code, log, printed = trial.run("maven")
    assert code == 1 and log == ["upload"] and '"why"' in printed, (code, log, printed)
    (trial.state / "shown/jar").touch()
    code, log, printed = trial.run("maven")
    assert code == 0 and not log and "published already" in printed, (code, log, printed)
    # Twice, since the first one must leave nothing in dist.
    for _ in range(2):
        code, log, printed = trial.run("maven", "--dry-run")
        assert code == 0 and not log, (code, log, printed)
    layout = f"dev/tokmint/tokmint/{VERSION}/"
    with zipfile.ZipFile(trial.folder / "target/maven-bundle.zip") as bundle:
        files = {name: bundle.read(name) for name in bundle.namelist() if not name.endswith("/")}
    jars = [f"{layout}{NAME}{end}" for end in (".pom", ".jar", "-sources.jar", "-javadoc.jar")]
    ends = ("", ".asc", ".md5", ".sha1", ".sha256")
    assert sorted(files) == sorted(f"{name}{end}" for name in jars for end in ends), files.keys()
    for name in jars:
        assert files[f"{name}.sha256"].decode().strip() == hashlib.sha256(files[name]).hexdigest(), name


def crates(template: Path) -> None:
    """Check the order of the crates, and a second attempt."""
    trial = Trial(template)
    code, log, printed = trial.run("crates")
    assert code == 0 and log == ["tokmint", "tokmint-cli"], (code, log, printed)
    (trial.state / "shown/tokmint").touch()
    code, log, printed = trial.run("crates")
    assert code == 0 and log == ["tokmint-cli"], (code, log, printed)


def notes() -> None:
    """Check what the changelog must say of a release."""
    changelog = "# Changelog\n\n## 0.2.0 - {}\n\n{}\n\n## 0.1.0 - 2026-12-01\n\n- Old.\n"
    assert version.notes("v0.2.0", "0.2.0", changelog.format("2027-01-31", "- New.")) == "- New."
    for tag, day, text in [
        ("v0.2.0", "unreleased", "- New."),
        ("v0.2.0", "9999-99-99", "- New."),
        ("v0.2.0", "2027-02-29", "- New."),
        ("v0.2.0", "20270131", "- New."),
        ("v0.2.0", "2027-01-31", ""),
        ("v0.2.1", "2027-01-31", "- New."),
    ]:
        try:
            printed = version.notes(tag, "0.2.0", changelog.format(day, text))
        except SystemExit:
            continue
        raise AssertionError((tag, day, text, printed))


def lists() -> None:
    """Check that the workflow builds, tests and expects all targets, and that npm's packages are for the same ones."""
    workflow = (ROOT / ".github/workflows/release.yml").read_text("utf-8")
    expected = re.search(r"^  EXPECTED: >-\n((?:    .*\n)+)", workflow, re.MULTILINE)
    assert expected and sorted(expected[1].split()) == sorted(TRIPLES), expected
    for job in ("build", "test"):
        text = re.search(rf"^  {job}:\n((?:    .*\n|\n)+)", workflow, re.MULTILINE)
        targets = re.findall(r"^ +- \{ target: (\S+),", text[1], re.MULTILINE) if text else []
        assert set(targets) == set(TRIPLES), (job, targets)
    script = (ROOT / "node/scripts/platform-packages.mjs").read_text("utf-8")
    platforms = re.findall(r"^  '(\S+)': \{ os", script, re.MULTILINE)
    assert sorted(platforms) == sorted(TARGETS[triple].npm for triple in TRIPLES), platforms


def main() -> None:
    """Run all tests."""
    notes()
    lists()
    with tempfile.TemporaryDirectory() as work:
        template = Path(work) / "repository"
        template.mkdir()
        repository(template)
        for kind in ("python", "github"):
            code, _, printed = Trial(template).run(kind)
            assert code == 0, printed
        npm(template)
        maven(template)
        crates(template)
        tags(template)
        refuse(template)


if __name__ == "__main__":
    main()
