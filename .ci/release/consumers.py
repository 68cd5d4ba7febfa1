"""Tries what is in `dist` as its users do: each trial in an empty folder outside of the repository.

`trials` gives a row for each: what was tried, where, and the result, which is "passed", "missing" with what is not
there, or "FAILED" with the reason.
"""

import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from npm_registry import registry
from repository import DIST, PARTS, ROOT, TOOLS, VERSION, host, output, tools

Row = tuple[str, str, str]
# What trials have of the environment.
INHERITED = ("PATH", "JAVA_HOME", "TMPDIR", "CARGO_TARGET_DIR", "CI")


class MissingError(Exception):
    """An artefact is not in `dist`."""


def the(pattern: str) -> Path:
    """Return the one file or folder in `dist` that fits."""
    files = list(DIST.glob(pattern))
    if not files:
        raise MissingError(f"dist/{pattern}")
    (file,) = files
    return file


def run(*command: str | Path, cwd: Path, **variables: str | Path) -> str:
    """Run a command like somebody who has just logged in, with some variables more, and return what it prints."""
    home = cwd / "home"
    home.mkdir(exist_ok=True)
    environment = {"HOME": str(home), "LANG": "C.UTF-8"}
    environment |= {name: os.environ[name] for name in INHERITED if name in os.environ}
    environment |= {name: str(value) for name, value in variables.items()}
    process = subprocess.run(
        command, cwd=cwd, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    if process.returncode != 0:
        raise RuntimeError(f"{' '.join(map(str, command))}\n{process.stdout}")
    return process.stdout


def path_without_cargo() -> str:
    """Return the PATH without folders that hold a cargo."""
    folders = os.environ["PATH"].split(os.pathsep)
    return os.pathsep.join(folder for folder in folders if not (Path(folder) / "cargo").exists())


def unpack(archive: Path, folder: Path) -> Path:
    """Unpack an archive, and return the one folder that is in it."""
    with tarfile.open(archive) as tar:
        tar.extractall(folder / "unpacked", filter="data")
    (content,) = (folder / "unpacked").iterdir()
    return content


def pip(folder: Path, path: str, *options: str | Path, before: tuple[str, ...] = (), **variables: str | Path) -> str:
    """Install the package from `dist` alone, run its self-test, and return the kind of file that pip took."""
    run(sys.executable, "-m", "venv", folder / "venv", cwd=folder)
    python = folder / "venv" / "bin" / "python"
    run(
        *before, python, "-m", "pip", "install", "--disable-pip-version-check", "--no-index", "--find-links",
        DIST / "python", *options, "--report", folder / "report.json", "tokmint", cwd=folder, PATH=path, **variables,
    )  # fmt: skip
    run(python, "-m", "tokmint", "self-test", cwd=folder)
    (installed,) = json.loads((folder / "report.json").read_text("utf-8"))["install"]
    return "".join(Path(installed["download_info"]["url"]).suffixes[-1:])


def wheel(folder: Path, path: str) -> None:
    """Install the package where both the wheel and the sdist are to be found."""
    if not any((DIST / "python").glob("*.whl")):
        raise MissingError("dist/python/*.whl")
    if pip(folder, path) != ".whl":
        raise RuntimeError("pip did not take the wheel")


def maturin() -> Path:
    """Return a folder with the build system of the sdist."""
    folder = TOOLS / "python"
    requirements = (ROOT / ".ci/release/requirements.txt").read_text("utf-8").splitlines()
    pinned = next(line.split()[0] for line in requirements if line.startswith("maturin=="))
    command = [tools() / "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    subprocess.run([*command, "--only-binary=:all:", "--dest", folder, pinned], check=True)
    return folder


def without_network() -> tuple[str, ...]:
    """Return the command that runs another one without a network, where there is such a thing."""
    command = ("unshare", "--map-root-user", "--net")
    try:
        subprocess.run([*command, "true"], stderr=subprocess.DEVNULL, check=True)
    except (OSError, subprocess.CalledProcessError):
        return ()
    return command


def sdist(folder: Path) -> None:
    """Build and install the sdist without a network, and with nothing of cargo's in the home folder."""
    the("python/tokmint-*.tar.gz")
    # The toolchain itself: rustup's programs look for it in the home folder.
    toolchain = Path(output("rustc", "--print", "sysroot")) / "bin"
    options = ("--find-links", maturin(), "--no-binary", "tokmint")
    path = os.pathsep.join([str(toolchain), os.environ["PATH"]])
    taken = pip(folder, path, *options, before=without_network(), CARGO_HOME=folder / "cargo", CARGO_NET_OFFLINE="true")
    if taken != ".gz":
        raise RuntimeError(f"pip took the {taken}")


def npm_platforms() -> list[str]:
    """Return the platforms that the main package names."""
    main = json.loads(the("npm/tokmint/package.json").read_text("utf-8"))
    return [name.removeprefix("@tokmint/") for name in main["optionalDependencies"]]


def npm_install(folder: Path, settings: dict[str, str], *options: str) -> dict[str, Path]:
    """Install the main package in an empty project, and return the binaries that came with it."""
    run("npm", "init", "--yes", cwd=folder, **settings)
    run("npm", "install", *options, "tokmint", cwd=folder, **settings)
    return {file.parent.name: file for file in (folder / "node_modules").rglob("*.node")}


def npm_selected(folder: Path, settings: dict[str, str], platform: str) -> None:
    """Install for a platform: its package comes, and no other."""
    system, processor, *library = platform.split("-")
    libc = {"gnu": ["--libc=glibc"], "musl": ["--libc=musl"]}.get("".join(library), [])
    binaries = npm_install(folder, settings, f"--os={system}", f"--cpu={processor}", *libc)
    if list(binaries) != [platform]:
        raise RuntimeError(f"npm installed {sorted(binaries)}")
    if binaries[platform].read_bytes() != the(f"npm/npm/{platform}/*.node").read_bytes():
        raise RuntimeError("the binary is another one")


def npm_native(folder: Path, settings: dict[str, str]) -> None:
    """Install on this machine: the binary does the work."""
    if not npm_install(folder, settings):
        raise RuntimeError("npm installed no binary")
    printed = run("npx", "tokmint", "self-test", cwd=folder, **settings)
    if "TOKMINT_WASM" in printed:
        raise RuntimeError(f"the binary was not used:\n{printed}")


def npm_fallback(folder: Path, settings: dict[str, str]) -> None:
    """Install for a platform without a binary: the WebAssembly module does the work, with a warning."""
    if binaries := npm_install(folder, settings, "--os=freebsd"):
        raise RuntimeError(f"npm installed {sorted(binaries)}")
    printed = run("npx", "tokmint", "self-test", cwd=folder, **settings)
    if "TOKMINT_WASM" not in printed:
        raise RuntimeError(f"no warning:\n{printed}")


def npm() -> Iterator[Row]:
    """Publish the packages of npm to a registry on this machine, and install them for each platform."""
    with registry() as address, tempfile.TemporaryDirectory() as temporary:
        work = Path(temporary)
        # npm publishes for nobody without a token.
        (work / "npmrc").write_text(f"registry={address}\n{address.removeprefix('http:')}:_authToken=nobody\n", "utf-8")
        settings = {
            "npm_config_userconfig": str(work / "npmrc"),
            "npm_config_cache": str(work / "cache"),
            "npm_config_update_notifier": "false",
        }

        def publish(folder: Path) -> None:
            the("npm/tokmint")
            # Not every target is built here, and outside of a workflow there is no provenance.
            parts = " ".join(part.name for part in PARTS.iterdir())
            run("sh", ROOT / ".ci/publish-npm.sh", "--provenance=false", cwd=folder, EXPECTED=parts, **settings)

        row = attempt("npm packages", "published to a registry on this machine", publish)
        yield row
        if row[2] != "passed":
            return
        for platform in npm_platforms():
            yield attempt(f"npm @tokmint/{platform}", "npm install for it", npm_selected, settings, platform)
        yield attempt("npm tokmint", "npm install, npx tokmint self-test", npm_native, settings)
        yield attempt(
            "npm tokmint (WebAssembly)", "npm install --os=freebsd, npx tokmint self-test", npm_fallback, settings
        )


def c_library(folder: Path) -> None:
    """Build the README's examples with CMake and pkg-config from the unpacked archive."""
    prefix = unpack(the(f"c/tokmint-c-{VERSION}-{host()}.tar.gz"), folder)
    run("sh", ROOT / "tests/c/self_test.sh", prefix, cwd=folder)
    readme = (ROOT / "bindings/c/README.md").read_text("utf-8")
    (folder / "example.c").write_text(readme.partition("```c\n")[2].partition("```")[0], "utf-8")
    pkg_config = ("pkg-config", "--cflags", "--libs", "tokmint")
    flags = run(*pkg_config, cwd=folder, PKG_CONFIG_PATH=prefix / "lib/pkgconfig").split()
    run("cc", "example.c", *flags, f"-Wl,-rpath,{prefix}/lib", "-o", "example", cwd=folder)
    if "moderator: name=Johnny" not in run(folder / "example", cwd=folder).splitlines():
        raise RuntimeError("the program of pkg-config does not verify its token")


def command_line(folder: Path) -> None:
    """Run the program in the archive."""
    content = unpack(the(f"cli/tokmint-{VERSION}-{host()}.tar.gz"), folder)
    (program,) = content.rglob("tokmint")
    run(program, "demo", cwd=folder)


def jar(folder: Path) -> None:
    """Run the README's examples in Maven projects that find tokmint in a repository of their own."""
    name = the("maven/*.pom").with_suffix("")
    repository = TOOLS / "maven"
    shutil.rmtree(repository / "dev" / "tokmint", ignore_errors=True)
    options = f"-Dmaven.repo.local={repository}"
    run(
        "mvn", "--batch-mode", "--no-transfer-progress",
        "org.apache.maven.plugins:maven-install-plugin:3.2.0:install-file",
        f"-Dfile={name}.jar", f"-DpomFile={name}.pom", f"-Dsources={name}-sources.jar", f"-Djavadoc={name}-javadoc.jar",
        cwd=folder, MAVEN_OPTS=options,
    )  # fmt: skip
    run("sh", ROOT / "bindings/kotlin/consumers/run.sh", cwd=folder, MAVEN_OPTS=options)


def swift(folder: Path) -> None:
    """Build and run a program that depends on the Swift package by version."""
    the("swift/*.zip")
    try:
        run("sh", ROOT / "bindings/swift/with-swift.sh", "--available", cwd=folder)
    except RuntimeError as error:
        raise MissingError("Swift") from error
    run("sh", ROOT / "bindings/swift/consumer.sh", DIST / "swift", cwd=folder)


def attempt(artefact: str, where: str, trial: Callable[..., None], *arguments: object) -> Row:
    """Run a trial in an empty folder, and return its row."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            trial(Path(folder).resolve(), *arguments)
        except MissingError as error:
            return artefact, where, f"missing: {error}"
        except (OSError, RuntimeError, ValueError, subprocess.CalledProcessError) as error:
            print(f"{artefact}, {where}: {error}", file=sys.stderr)
            return artefact, where, f"FAILED: {str(error).strip().splitlines()[0]}"
    return artefact, where, "passed"


def trials() -> Iterator[Row]:
    """Run all trials."""
    yield attempt("wheel", "pip install, with cargo", wheel, os.environ["PATH"])
    yield attempt("wheel", "pip install, without cargo", wheel, path_without_cargo())
    network = "without a network" if without_network() else "with cargo offline"
    yield attempt("sdist", f"pip install --no-binary, {network}", sdist)
    yield from npm()
    yield attempt("C archive", "README's examples by CMake and pkg-config", c_library)
    yield attempt("jar", "README's examples by Maven", jar)
    yield attempt("command line", "tokmint demo", command_line)
    yield attempt("Swift package", "README's examples by SwiftPM", swift)


if __name__ == "__main__":
    rows = []
    for row in trials():
        print(" · ".join(row), flush=True)
        rows.append(row)
    sys.exit(any(result != "passed" for _, _, result in rows))
