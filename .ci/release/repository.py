"""Where things are in this repository, its version, and how the scripts of a release run commands."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import tomllib

ROOT = Path(__file__).resolve().parents[2]
# Where cargo builds, and below it what a release needs of tools.
TARGET = ROOT / (os.environ.get("CARGO_TARGET_DIR") or "target")
if "CARGO_TARGET_DIR" in os.environ:
    # Programs that run in other folders find it too.
    os.environ["CARGO_TARGET_DIR"] = str(TARGET)
TOOLS = TARGET / "release-tools"
DIST = ROOT / "dist"
# What was built for each target.
PARTS = DIST / "parts"
VERSION = tomllib.loads((ROOT / "Cargo.toml").read_text("utf-8"))["workspace"]["package"]["version"]
LICENCES = ("LICENSE-MIT", "LICENSE-APACHE", "LICENSE-THIRD-PARTY")


def run(*command: str | Path, cwd: Path = ROOT, **variables: str) -> None:
    """Run a command that must succeed; it prints what it has to say."""
    subprocess.run(command, cwd=cwd, env=os.environ | variables, check=True)


def output(*command: str | Path) -> str:
    """Return what a command prints."""
    return subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True).stdout.strip()


def origin() -> str:
    """Return of what a build is made: the commit, whether anything differs from it, and the compiler."""
    changed = " with changes" if output("git", "status", "--porcelain") else ""
    return f"{output('git', 'rev-parse', 'HEAD')}{changed}, {output('rustc', '--version')}"


def host() -> str:
    """Return the target of this machine."""
    return next(line[6:] for line in output("rustc", "-vV").splitlines() if line.startswith("host: "))


def executable(folder: Path, name: str) -> Path:
    """Return a program of a virtual environment or of the toolchain."""
    return folder / (f"{name}.exe" if os.name == "nt" else name)


def llvm() -> Path:
    """Return the folder with the tools of LLVM; rustup adds the component that holds them, if they are not there."""
    folder = Path(output("rustc", "--print", "sysroot")) / "lib" / "rustlib" / host() / "bin"
    if not executable(folder, "llvm-readobj").exists():
        run("rustup", "--quiet", "component", "add", "llvm-tools")
    return folder


def tools() -> Path:
    """Return the folder with maturin and zig, which are installed once for each list of requirements."""
    requirements = Path(__file__).with_name("requirements.txt")
    environment = TOOLS / "venv"
    programs = environment / ("Scripts" if os.name == "nt" else "bin")
    ready = environment / "ready"
    if not ready.exists() or ready.read_text() != requirements.read_text():
        shutil.rmtree(environment, ignore_errors=True)
        run(sys.executable, "-m", "venv", environment)
        pip = [executable(programs, "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        run(*pip, "--requirement", requirements)
        shutil.copy(requirements, ready)
    return programs
