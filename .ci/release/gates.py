"""What must hold of every file that is published, without running it: gates.py [TARGET].

With TARGET the parts of that target are checked, else everything in dist: licences, version, size, and of each binary
what it exports, which libraries and which version of glibc it needs, and that it names no folder of this machine.
"""

import io
import os
import platform
import re
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from repository import DIST, LICENCES, PARTS, ROOT, VERSION, executable, llvm, output

from target import GLIBC

MEGABYTE = 1_000_000
# The most that a file may have, by the end of its name.
SIZES = {
    ".whl": 2 * MEGABYTE,
    ".node": 4 * MEGABYTE,
    ".wasm": MEGABYTE,
    ".html": MEGABYTE,
    ".jar": 12 * MEGABYTE,
    ".crate": MEGABYTE,
    ".zip": 12 * MEGABYTE,
    ".tar.gz": 16 * MEGABYTE,
    ".so": 4 * MEGABYTE,
    ".dylib": 4 * MEGABYTE,
    ".dll": 4 * MEGABYTE,
}
# What a shared library exports, by the words in its name.
EXPORTS = {
    ".node": r"napi_register_module_v1|node_api_module_get_api_version_v1",
    "_tokmint.": r"PyInit__tokmint|PyModExport__tokmint",
    # The third kind is UniFFI's description of the others.
    "tokmint_uniffi": r"((uniffi_|ffi_)?tokmint_uniffi|UNIFFI_META|Java_dev_tokmint)_\w+",
    "tokmint.": r"tokmint_\w+",
}
# What of the system a binary may need.
NEEDED = re.compile(
    r"lib(c|m|dl|rt|util|pthread)\.so\.6|lib(dl|rt|util|pthread)\.so\.[0-9]|ld-linux-.*|libc\.so"
    r"|/usr/lib/lib(System\.B|iconv\.2|charset\.1)\.dylib|@rpath/(lib)?tokmint[\w.]*\.(dylib|so)"
    r"|(kernel32|ntdll|bcryptprimitives|bcrypt|ws2_32|userenv|advapi32|python3|api-ms-win-[\w-]+|ucrtbase|vcruntime140)\.dll",
    re.IGNORECASE,
)
ARCHIVES = (".whl", ".jar", ".zip", ".tar.gz", ".crate", ".tgz")
MAGIC = {b"\x7fELF": "elf", b"\xcf\xfa\xed\xfe": "macho", b"MZ": "pe"}


class Gates:
    """The checks, and what they found."""

    def __init__(self) -> None:
        """Find out which strings must not be in a binary."""
        self.faults: list[str] = []
        self.count = 0
        # The newest glibc that a binary needs, as the number behind "2.".
        self.glibc: dict[str, int] = {}
        folders = {str(ROOT), str(Path.home()), output("rustc", "--print", "sysroot")}
        folders |= {
            os.environ[name] for name in ("CARGO_HOME", "RUSTUP_HOME", "CARGO_TARGET_DIR") if name in os.environ
        }
        # The root folder is in every path.
        self.folders = [folder.encode() for folder in folders if len(folder) > 1]
        self.llvm = llvm()

    def run(self, folder: Path) -> bool:
        """Check all files of a folder of dist, without the parts of other folders, and return whether they pass."""
        for path in sorted(folder.rglob("*")):
            is_part = PARTS in path.parents
            if path.is_file() and (folder != DIST or not is_part):
                self.file(str(path.relative_to(DIST)), path.read_bytes())
        for fault in self.faults:
            print(fault, file=sys.stderr)
        print(f"{self.count} files checked, {len(self.faults)} faults")
        return self.count > 0 and not self.faults

    def fault(self, name: str, text: str) -> None:
        """Keep what is wrong with a file."""
        self.faults.append(f"{name}: {text}")

    def tool(self, name: str, *options: str, data: bytes) -> str:
        """Return what a tool of LLVM says of a binary."""
        command = [executable(self.llvm, name), *options, "-"]
        return subprocess.run(command, input=data, stdout=subprocess.PIPE, check=True).stdout.decode()

    def file(self, name: str, data: bytes) -> None:
        """Check a file, and what is in it."""
        self.count += 1
        for end, most in SIZES.items():
            if name.endswith(end) and len(data) > most:
                self.fault(name, f"{len(data)} bytes are more than {most}")
        if name.endswith(ARCHIVES):
            self.archive(name, data)
        kind = next((kind for magic, kind in MAGIC.items() if data.startswith(magic)), None)
        if kind or data.startswith(b"!<arch>"):
            for folder in self.folders:
                if folder in data:
                    self.fault(name, "it names a folder of the machine that built it")
        if kind:
            self.binary(name, kind, data)

    def binary(self, name: str, kind: str, data: bytes) -> None:
        """Check a program or shared library."""
        newest = max((int(minor) for minor in re.findall(rb"GLIBC_2\.(\d+)", data)), default=0)
        self.glibc[name] = newest
        if newest > int(GLIBC.split(".")[1]):
            self.fault(name, f"it needs glibc 2.{newest}")
        described = self.tool("llvm-readobj", "--needed-libs", "--coff-imports", data=data)
        needed = set(re.findall(r"^  (\S+)$", described, re.MULTILINE)) | set(
            re.findall(r"Name: (\S+\.dll)", described)
        )
        for library in sorted(needed):
            if not NEEDED.fullmatch(library):
                self.fault(name, f"it needs {library}")
        base = name.rsplit("/", 1)[-1]
        expected = next((pattern for words, pattern in EXPORTS.items() if words in base), None)
        if expected is None or base in ("tokmint", "tokmint.exe"):
            return
        if kind == "pe":
            exports = self.tool("llvm-readobj", "--coff-exports", data=data)
            exported = set(re.findall(r"Name: (\S+)", exports.split("Export {", 1)[-1]))
        else:
            dynamic = ["--dynamic"] if kind == "elf" else []
            exports = self.tool("llvm-nm", *dynamic, "--defined-only", "--extern-only", "--just-symbol-name", data=data)
            exported = {symbol.removeprefix("_") if kind == "macho" else symbol for symbol in exports.split()}
        if kind == "macho" and platform.system() != "Darwin":
            # zig's linker exports everything. What is published is linked on macOS.
            exported = {symbol for symbol in exported if re.fullmatch(expected, symbol)}
        others = sorted(symbol for symbol in exported if not re.fullmatch(expected, symbol))
        if others or not exported:
            self.fault(name, f"it exports {others[:5] or 'nothing'}")

    def archive(self, name: str, data: bytes) -> None:
        """Check what is in an archive."""
        names = set()
        for member, content in members(name, data):
            names.add(member.rsplit("/", 1)[-1])
            self.file(f"{name}!{member}", content)
        # Crates, javadoc and sources hold no code of others.
        is_own = name.endswith((".crate", "-sources.jar", "-javadoc.jar"))
        if missing := sorted(set(LICENCES[:2] if is_own else LICENCES) - names):
            self.fault(name, f"it lacks {', '.join(missing)}")
        if VERSION not in name.split("!")[-1] and not name.endswith(".tgz"):
            self.fault(name, f"its name lacks the version {VERSION}")


def members(name: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield the files of an archive."""
    if name.endswith((".tar.gz", ".crate", ".tgz")):
        with tarfile.open(fileobj=io.BytesIO(data)) as tar:
            for entry in tar:
                if file := tar.extractfile(entry) if entry.isfile() else None:
                    yield entry.name, file.read()
    else:
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            for entry in file.infolist():
                if not entry.is_dir():
                    yield entry.filename, file.read(entry)


def main() -> None:
    """Check the files."""
    folder = PARTS / sys.argv[1] if sys.argv[1:] else DIST
    if not Gates().run(folder):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
