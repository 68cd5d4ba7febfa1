"""What must hold of every file that is published, without running it: gates.py [TARGET].

With TARGET the parts of that target are checked, else everything in dist. A path that KINDS does not describe is a
fault. Of each package: its size, members, licences and version. Of each binary: that it is for the system that its path
names, what it exports, which libraries and which version of glibc it needs, and that it names no folder of the machine
that built it.
"""

import io
import os
import platform
import re
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from repository import DIST, LICENCES, PARTS, ROOT, VERSION, executable, llvm, output

from target import GLIBC, TARGETS

MEGABYTE = 1_000_000
V = re.escape(VERSION)
# What names of libraries hold of the version, as bindings/c/install.sh counts.
SERIES = re.match(r"0\.\d+|\d+", VERSION)[0]
TRIPLE = "|".join(TARGETS)
NPM = "|".join(target.npm for target in TARGETS.values())
JNA = "|".join(target.jna for target in TARGETS.values() if target.jna)
LIBRARY = r"(lib)?tokmint_uniffi\.(so|dylib|dll)"
# The parts have folders of their own.
PART = rf"parts/({TRIPLE})/"


@dataclass(frozen=True)
class Kind:
    """One kind of package."""

    path: str
    # The most megabytes that it may have.
    most: float
    # Members that it must have, as patterns.
    members: tuple[str, ...] = ()
    # What members say: their pattern, a pattern with a group, and what the group must be wherever it is found. The
    # member "" is the file itself.
    says: tuple[tuple[str, str, str], ...] = ()
    licences: tuple[str, ...] = LICENCES


VECTORS = tuple(
    rf"(tokmint/)?vectors/{name}\.json(\.gz)?" for name in ["errors", "generate", "inspect", "keys", "rest", "verify"]
)
PACKAGE_JSON = (r"package\.json", r'^  "version": "(.+)"', VERSION)
POM = r"<artifactId>tokmint</artifactId>\s*<version>(.+)</version>"
POM_PROPERTIES = ("META-INF/maven/dev.tokmint/tokmint/pom.properties", r"^version=(.+)", VERSION)
# The first version is that of the crate.
CRATE = (r"Cargo\.toml", r'\A[\s\S]*?^version = "(.+)"', VERSION)
HEADER = (r"include/tokmint\.h", r'^#define TOKMINT_VERSION "(.+)"', VERSION)
PKG_CONFIG = (r"lib/pkgconfig/tokmint\.pc", r"^Version: (.+)", VERSION)
CMAKE = (r"lib/cmake/tokmint/tokmint-config-version\.cmake", r'PACKAGE_VERSION "(.+)"', VERSION)
C_SAYS = (HEADER, PKG_CONFIG, CMAKE)
C_MEMBERS = (r"include/tokmint\.hpp", r"lib/cmake/tokmint/tokmint-config\.cmake")
C_PATH = rf"(c|{PART}c)/tokmint-c-{V}-"
LINUX = (r"lib/libtokmint\.a", r"lib/libtokmint\.so", rf"lib/libtokmint\.so\.{V}")
DARWIN = (r"lib/libtokmint\.a", r"lib/libtokmint\.dylib", rf"lib/libtokmint\.{V}\.dylib")
MINGW = (r"lib/libtokmint\.a", r"lib/libtokmint\.dll\.a", r"bin/tokmint\.dll")
MSVC = (r"lib/tokmint_static\.lib", r"lib/tokmint\.lib", r"bin/tokmint\.dll")
WHEEL = rf"(python|{PART}wheel)/tokmint-{V}-cp310-abi3-"
WHEEL_MEMBERS = (r"tokmint/__init__\.py", r"tokmint/_tokmint\.pyi", r"tokmint/py\.typed", *VECTORS)
WHEEL_SAYS = ((rf"tokmint-{V}\.dist-info/METADATA", r"^Version: (.+)", VERSION),)
CLI = rf"(cli|{PART}cli)/tokmint-{V}-"
SWIFT_MEMBERS = (r"Package\.swift", r"\.spi\.yml", r"Sources/Tokmint/OpenTok\.swift")
KINDS = (
    # The command line is 0.9 MB of the module of Python and of the binary of Node.
    Kind(WHEEL + r"\w+(\.\w+)?\.whl", 2.5, (*WHEEL_MEMBERS, r"tokmint/_tokmint\.(abi3\.so|pyd)"), WHEEL_SAYS),
    # The sources of all crates are in it.
    Kind(
        rf"python/tokmint-{V}\.tar\.gz",
        20,
        ("pyproject.toml", "vendor/.+", r"\.cargo/config\.toml"),
        (("PKG-INFO", r"^Version: (.+)", VERSION),),
    ),
    Kind(C_PATH + r".+-linux-\w+\.tar\.gz", 5, (*C_MEMBERS, *LINUX), C_SAYS),
    Kind(C_PATH + r".+-darwin\.tar\.gz", 5, (*C_MEMBERS, *DARWIN), C_SAYS),
    Kind(C_PATH + r".+-windows-gnu\.tar\.gz", 5, (*C_MEMBERS, *MINGW), C_SAYS),
    Kind(C_PATH + r".+-windows-msvc\.tar\.gz", 10, (*C_MEMBERS, *MSVC), C_SAYS),
    Kind(CLI + r".+-windows-\w+\.tar\.gz", 4, ("README.md", r"tokmint\.exe")),
    Kind(CLI + r"(?!.*-windows-).+\.tar\.gz", 4, ("README.md", "tokmint")),
    Kind(PART + rf"node/tokmint\.({NPM})\.node", 5, licences=()),
    Kind(PART + rf"jar/({JNA})/{LIBRARY}", 4, licences=()),
    Kind(PART + r"swift/libtokmint_uniffi\.a", 12, licences=()),
    # What a part was built of, and by what. packages.py compares it.
    Kind(PART + "ORIGIN", 0.001, licences=()),
    Kind(rf"npm/npm/({NPM})/", 5, (rf"tokmint\.({NPM})\.node",), (PACKAGE_JSON,)),
    Kind(
        "npm/tokmint/",
        4,
        (r"index\.js", r"index\.mjs", r"index\.d\.ts", r"tokmint\.wasm", *VECTORS),
        (PACKAGE_JSON, (r"package\.json", r'"@tokmint/[\w-]+": "(.+)"', VERSION)),
    ),
    Kind(
        rf"maven/tokmint-{V}\.jar",
        12,
        (r"dev/tokmint/OpenTok\.class", r"module-info\.class"),
        (POM_PROPERTIES,),
    ),
    # Sources hold no code of others, and documentation none that is compiled.
    Kind(rf"maven/tokmint-{V}-sources\.jar", 1, (r"dev/tokmint/OpenTok\.kt",), (POM_PROPERTIES,), LICENCES[:2]),
    Kind(rf"maven/tokmint-{V}-javadoc\.jar", 2, (r"dev/tokmint/OpenTok\.html",), (POM_PROPERTIES,), ()),
    Kind(rf"maven/tokmint-{V}\.pom", 0.1, says=(("", POM, VERSION),), licences=()),
    Kind(rf"crates/tokmint-{V}\.crate", 1, (r"src/lib\.rs",), (CRATE,), LICENCES[:2]),
    Kind(rf"crates/tokmint-cli-{V}\.crate", 1, (r"src/main\.rs", *VECTORS), (CRATE,), LICENCES[:2]),
    Kind("swift/tokmint-swift/", 40, SWIFT_MEMBERS),
    Kind(rf"swift/tokmint-swift-{V}\.zip", 12, SWIFT_MEMBERS),
    Kind(
        rf"sbom/tokmint-{V}-(c|cli|jar|node|swift|wasm|wheel)\.cdx\.json",
        0.1,
        says=(
            ("", r'^  "bomFormat": "(.+)"', "CycloneDX"),
            ("", r'^    "component": \{[^{}]*?"version": "(.+)"', VERSION),
            ("", r'^  "components": \[\s*(.)', "{"),
        ),
        licences=(),
    ),
    Kind(r"tokmint-inspector\.html", 1, says=(("", "(?i)<!doctype (html)>", "html"),), licences=()),
    Kind("SHA256SUMS", 0.1, says=(("", r"^[0-9a-f]{64} ( )\S", " "),), licences=()),
)
# The folders in dist that are packages.
FOLDERS = re.compile(r"npm/npm/[^/]+/|npm/tokmint/|swift/[^/]+/")
# What a library exports, by the words in its name.
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
# Where people and machines build. Assembled code in the crate aws-lc-sys names the folder of those who assembled it.
BUILD_PATH = re.compile(
    rb"/(home|root|Users|tmp|private|opt|var|work|mnt|srv|builds?|github|runner|workspace)/[\w.-]+"
    rb"|[A-Za-z]:[\\/]Users[\\/]|(?!D:\\a\\aws-lc-rs\\)[A-Za-z]:\\[\w.-]+\\[\w.-]+"
)
MAGIC = {b"\x7fELF": "elf", b"\xcf\xfa\xed\xfe": "macho", b"MZ": "pe", b"!<arch>": "library"}
# Names that only binaries have.
BINARY = re.compile(r".*\.(node|pyd|so|dylib|dll|exe|a|lib)(\.[\d.]+)?|tokmint")
# The most megabytes of a static library, which may be for two processors, and of other binaries.
MOST = {"library": 40}
MOST_OF_OTHERS = 5

System = tuple[str, frozenset[str], str]


def systems() -> dict[str, System]:
    """Return the format, the processors and the C library of binaries, by the names that paths have for them."""
    found: dict[str, System] = {}
    for triple, target in TARGETS.items():
        processor = triple.split("-")[0]
        short = "arm64" if processor == "aarch64" else processor
        if "-linux-" in triple:
            libc = triple.rsplit("-", 1)[1]
            system: System = ("elf", frozenset([processor]), libc)
            tags = ["manylinux2014", "manylinux_2_17"] if libc == "gnu" else ["musllinux_1_2"]
            others = [f"{tag}_{processor}" for tag in tags] + [f"{processor}-linux-{libc}"]
        elif "-windows-" in triple:
            system = ("coff", frozenset([processor]), "")
            others = ["win_" + short.replace("x86_64", "amd64")]
        else:
            system = ("mach-o", frozenset([processor]), "")
            others = [f"macosx_11_0_{short}"]
        found |= dict.fromkeys(filter(None, [triple, target.npm, target.jna, *others]), system)
    for folder in ("macos-{}", "ios-{}", "ios-{}-simulator"):
        for words, processors in {"arm64": "aarch64", "x86_64": "x86_64", "arm64_x86_64": "aarch64 x86_64"}.items():
            found[folder.format(words)] = ("mach-o", frozenset(processors.split()), "")
    return found


SYSTEMS = systems()
SYSTEM = re.compile(rf"(?<!\w)({'|'.join(map(re.escape, SYSTEMS))})(?!\w)")


def system_of(described: str, needed: set[str], undefined: str) -> System:
    """Return the same of a binary, from what llvm-readobj says of it; "static" if it has its C library in it."""
    form = re.search(r"^Format: (elf|coff|mach-o)", described, re.MULTILINE | re.IGNORECASE)
    processors = frozenset(re.findall(r"^Arch: (\w+)", described, re.MULTILINE))
    libc = ""
    if form and form[1].lower() == "elf":
        if undefined:
            # Only glibc has other functions for long files.
            libc = "gnu" if re.search(r"^open64$", undefined, re.MULTILINE) else "musl"
        else:
            libc = "gnu" if "libc.so.6" in needed else "musl" if "libc.so" in needed else "static"
    return form[1].lower() if form else "", processors, libc


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
        self.licences = {name: (ROOT / name).read_bytes() for name in LICENCES}
        self.llvm = llvm()

    def run(self, folder: Path) -> bool:
        """Check all files of a folder of dist, without the parts of other folders, and return whether they pass."""
        packages: dict[str, dict[str, Path]] = {}
        for path in sorted(folder.rglob("*")):
            if path.is_file() and (folder != DIST or PARTS not in path.parents):
                name = path.relative_to(DIST).as_posix()
                package = match[0] if (match := FOLDERS.match(name)) else name
                packages.setdefault(package, {})[name.removeprefix(package)] = path
        for name, files in packages.items():
            if name.endswith("/"):
                self.package(name, ((member, path.read_bytes()) for member, path in files.items()))
            else:
                data = files[""].read_bytes()
                self.package(name, members(name, data), data)
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
        return subprocess.run(command, input=data, capture_output=True, check=True).stdout.decode()

    def package(self, name: str, files: Iterable[tuple[str, bytes | None]], data: bytes | None = None) -> None:
        """Check a package, and what is in it. A folder has no data."""
        kind = next((kind for kind in KINDS if re.fullmatch(kind.path, name)), None)
        if kind is None:
            self.fault(name, f"no release of {VERSION} has it")
            return
        if data is not None:
            self.file(name, data)
        top = name.rsplit("/", 1)[-1].removesuffix(".tar.gz").removesuffix(".crate").removesuffix(".zip") + "/"
        contents = dict(files)
        for member, content in contents.items():
            # What is vendored is that of others, as its checksums say.
            if content is not None and not member.startswith(f"{top}vendor/"):
                self.file(f"{name}{'' if name.endswith('/') else '!'}{member}", content)
        size = sum(map(len, filter(None, contents.values()))) if data is None else len(data)
        if size > kind.most * MEGABYTE:
            self.fault(name, f"{size} bytes are more than {kind.most} MB")
        if name.endswith((".tar.gz", ".crate")) or re.fullmatch(r"swift/.*\.zip", name):
            if others := [member for member in contents if not member.startswith(top)]:
                self.fault(name, f"{others[0]} is not in {top}")
            contents = {member.removeprefix(top): content for member, content in contents.items()}
        self.contents(name, kind, contents, data)

    def contents(self, name: str, kind: Kind, contents: dict[str, bytes | None], data: bytes | None) -> None:
        """Check that the members of a package are there, and say what they must."""
        needed = list(kind.members)
        if name == f"maven/tokmint-{VERSION}.jar":
            built = [path.name for path in PARTS.iterdir()] if PARTS.exists() else TARGETS
            natives = [TARGETS[triple] for triple in built if TARGETS[triple].jna]
            needed += [re.escape(f"{target.jna}/{target.named('tokmint_uniffi')}") for target in natives]
        for pattern in needed:
            if not any(re.fullmatch(pattern, member) for member in contents):
                self.fault(name, f"it lacks {pattern}")
        for licence in kind.licences:
            found = [
                content for member, content in contents.items() if re.fullmatch(rf"(?!vendor/)(.*/)?{licence}", member)
            ]
            if not found or any(content != self.licences[licence] for content in found):
                self.fault(name, f"it lacks {licence}" if not found else f"{licence} differs")
        for pattern, says, expected in kind.says:
            texts = [content or b"" for member, content in contents.items() if re.fullmatch(pattern, member)]
            found = [re.findall(says, text.decode(), re.MULTILINE) for text in (texts if pattern else [data or b""])]
            if not found or any(set(values) != {expected} for values in found):
                self.fault(name, f"{pattern or 'it'} says {found}, not {expected}")

    def file(self, name: str, data: bytes) -> None:
        """Check a file that is published, or is in a package."""
        self.count += 1
        form = next((form for magic, form in MAGIC.items() if data.startswith(magic)), None)
        if data.startswith(b"\xca\xfe\xba\xbe") and name.endswith(".a"):
            form = "library"
        if form is None and BINARY.fullmatch(name.rsplit("/", 1)[-1].rsplit("!", 1)[-1]):
            self.fault(name, "it is no binary")
        if form or data.startswith(b"\0asm"):
            paths = [folder for folder in self.folders if folder in data]
            if match := BUILD_PATH.search(data):
                paths.append(match[0])
            if paths:
                self.fault(name, f"it names a folder of the machine that built it: {paths[0].decode()}")
        if form:
            most = MOST.get(form, MOST_OF_OTHERS)
            if len(data) > most * MEGABYTE:
                self.fault(name, f"{len(data)} bytes are more than {most} MB")
            try:
                self.binary(name, form, data)
            except subprocess.CalledProcessError as error:
                self.fault(name, f"it cannot be read: {error.stderr.decode().strip()}")

    def binary(self, name: str, form: str, data: bytes) -> None:
        """Check a program or library."""
        options = ["--file-headers", "--needed-libs", "--coff-imports"]
        options += ["--dynamic-table", "--program-headers"] if form == "elf" else []
        described = self.tool("llvm-readobj", *options, data=data)
        block = re.search(r"^NeededLibraries \[\n(.*?)^\]", described, re.MULTILINE | re.DOTALL)
        needed = set(block[1].split()) if block else set()
        needed |= set(re.findall(r"Name: (\S+\.dll)", described))
        is_elf_library = form == "library" and "Format: elf" in described
        undefined = ""
        if is_elf_library:
            undefined = self.tool("llvm-nm", "--undefined-only", "--just-symbol-name", "--quiet", data=data)
        system = system_of(described, needed, undefined)
        # A program for musl has it in it.
        may_be_static = re.search(r"/tokmint$", name) is not None
        named = {SYSTEMS[word] for word in SYSTEM.findall(name)}
        allowed = {(*one[:2], "static" if may_be_static and one[2] == "musl" else one[2]) for one in named}
        if allowed != {system}:
            wanted = " and ".join(sorted(set(SYSTEM.findall(name)))) or "a system that its path names"
            self.fault(name, f"it is for {system[0]} {'+'.join(sorted(system[1]))} {system[2]}, not for {wanted}")
        if form == "elf":
            self.elf(name, described, data)
        for library in sorted(needed):
            if form != "library" and not NEEDED.fullmatch(library):
                self.fault(name, f"it needs {library}")
        if form != "library" or is_elf_library:
            self.exports(name, form, data)

    def elf(self, name: str, described: str, data: bytes) -> None:
        """Check what only a program or shared library of Linux has."""
        versions = set(re.findall(rb"GLIBC_([A-Z\d][\w.]*)", data))
        numbers = {version: re.fullmatch(rb"2\.(\d+)(\.\d+)*", version) for version in versions}
        newest = max((int(number[1]) for number in numbers.values() if number), default=0)
        self.glibc[name] = newest
        if newest > int(GLIBC.split(".")[1]):
            self.fault(name, f"it needs glibc 2.{newest}")
        if others := sorted(version.decode() for version, number in numbers.items() if not number):
            self.fault(name, f"it needs GLIBC_{others[0]}")
        if path := re.search(r"(RUNPATH|RPATH) .*\[(.*)\]", described):
            self.fault(name, f"it searches for libraries in {path[2]}")
        if re.findall(r"Type: PT_GNU_STACK.*?Flags \[ \(0x(\w+)\)", described, re.DOTALL) != ["6"]:
            self.fault(name, "its stack is executable")
        soname = re.search(r"SONAME .*\[(.*)\]", described)
        expected = f"libtokmint.so.{SERIES}" if "/libtokmint.so" in name else None
        if (soname and soname[1]) != expected:
            self.fault(name, f"its SONAME is {soname and soname[1]}, not {expected}")

    def exports(self, name: str, form: str, data: bytes) -> None:
        """Check what a library exports."""
        base = name.rsplit("/", 1)[-1]
        expected = next((pattern for words, pattern in EXPORTS.items() if words in base), None)
        if expected is None or base in ("tokmint", "tokmint.exe"):
            return
        if form == "pe":
            exports = self.tool("llvm-readobj", "--coff-exports", data=data)
            exported = set(re.findall(r"Name: (\S+)", exports.split("Export {", 1)[-1]))
        else:
            options = ["--dynamic"] if form == "elf" else ["--quiet"]
            options += ["--defined-only", "--extern-only", "--just-symbol-name"]
            exports = self.tool("llvm-nm", *options, data=data)
            names = [line for line in exports.split() if not line.endswith(":")]
            exported = {symbol.removeprefix("_") if form == "macho" else symbol for symbol in names}
        if form in ("pe", "macho") and platform.system() == "Linux":
            # Linked by zig, which exports everything. What is published is linked on macOS and Windows.
            exported = {symbol for symbol in exported if re.fullmatch(expected, symbol)}
        others = sorted(symbol for symbol in exported if not re.fullmatch(expected, symbol))
        if others or not exported:
            self.fault(name, f"it exports {others[:5] or 'nothing'}")


def members(name: str, data: bytes) -> Iterator[tuple[str, bytes | None]]:
    """Yield the files of an archive, and its links without contents; nothing of other files."""
    if name.endswith((".tar.gz", ".crate")):
        with tarfile.open(fileobj=io.BytesIO(data)) as tar:
            for entry in tar:
                if entry.issym():
                    yield entry.name, None
                elif file := tar.extractfile(entry) if entry.isfile() else None:
                    yield entry.name, file.read()
    elif name.endswith((".whl", ".jar", ".zip")):
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
