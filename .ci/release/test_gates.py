"""Tests the gates with what they must find: faulty copies of the files in dist.

Each fault is made in a copy in memory of a package that passes. A gate that does not report it is an error. The
packages are those of Linux and x86-64, with what other targets have to give for a mistake.
"""

import re
import struct
from collections.abc import Callable

from gates import FOLDERS, Gates, members
from repository import DIST, VERSION

Contents = dict[str, bytes | None]
GATES = Gates()
FAULTS: list[str] = []
COUNT = 0
C, CLI = (f"{kind}-{VERSION}-x86_64-unknown-linux" for kind in ("c/tokmint-c", "cli/tokmint"))
GNU = f"{C}-gnu.tar.gz"
SO = f"lib/libtokmint.so.{VERSION}"
JAR = f"maven/tokmint-{VERSION}.jar"
NPM = "npm/npm/linux-x64-gnu/"
NODE = "tokmint.linux-x64-gnu.node"


def the(pattern: str) -> str:
    """Return the name of the one file in dist that fits."""
    (path,) = DIST.glob(pattern)
    return path.relative_to(DIST).as_posix()


def top(name: str) -> str:
    """Return the folder in which an archive has everything."""
    return f"{name.rsplit('/', 1)[-1].removesuffix('.tar.gz')}/" if name.endswith(".tar.gz") else ""


def contents(name: str) -> Contents:
    """Return the members of a package, without the folder in which an archive has them."""
    path = DIST / name
    if FOLDERS.fullmatch(name):
        return {file.relative_to(path).as_posix(): file.read_bytes() for file in path.rglob("*") if file.is_file()}
    return {member.removeprefix(top(name)): data for member, data in members(name, path.read_bytes())}


def report(name: str, found: Contents) -> list[str]:
    """Return what the gates say of a package with these members; "" is a file itself."""
    GATES.faults.clear()
    data = found.pop("", None) or (None if name.endswith("/") else b"")
    GATES.package(name, {top(name) + member: content for member, content in found.items()}.items(), data)
    return list(GATES.faults)


def expect(words: str, name: str, change: Callable[[Contents], object], source: str = "") -> None:
    """Make a fault in a copy of a package, and expect words in what the gates say of it under a name."""
    global COUNT
    COUNT += 1
    found = contents(source or name) or {"": (DIST / (source or name)).read_bytes()}
    change(found)
    faults = report(name, found)
    if not any(re.search(words, fault) for fault in faults):
        FAULTS.append(f"{name}: not found: {words}; instead: {faults}")


def lacks(member: str) -> Callable[[Contents], object]:
    """Leave out a member."""
    return lambda found: found.pop(member)


def has(member: str, data: bytes) -> Callable[[Contents], object]:
    """Replace a member."""
    return lambda found: found.update({member: data})


def edited(member: str, old: bytes, new: bytes) -> Callable[[Contents], object]:
    """Replace something in a member."""

    def edit(found: Contents) -> None:
        data = found[member] or b""
        assert old in data, f"{member} lacks {old!r}"
        found[member] = data.replace(old, new)

    return edit


def stale(member: str, pattern: str = VERSION) -> Callable[[Contents], object]:
    """Give a member another version, where a pattern has it."""
    return edited(member, pattern.encode(), pattern.replace(VERSION, "0.0.9").encode())


def dynamic(data: bytes, tag: int, value: int) -> bytes:
    """Return a 64-bit library of Linux with its first entry of the dynamic section that does not matter replaced."""
    start, size, count = struct.unpack_from("<Q", data, 32)[0], *struct.unpack_from("<HH", data, 54)
    for header in range(start, start + size * count, size):
        if struct.unpack_from("<I", data, header)[0] == 2:  # PT_DYNAMIC
            (entry,) = struct.unpack_from("<Q", data, header + 8)
            while struct.unpack_from("<Q", data, entry)[0] != 30:  # DT_FLAGS
                entry += 16
            return data[:entry] + struct.pack("<QQ", tag, value) + data[entry + 16 :]
    raise AssertionError("no dynamic section")


def executable_stack(data: bytes) -> bytes:
    """Return it with the flag of its stack."""
    header = data.index(struct.pack("<II", 0x6474E551, 6))
    return data[: header + 4] + struct.pack("<I", 7) + data[header + 8 :]


def wheels() -> None:
    """Test the gates of the packages of Python."""
    tags = {
        name: the(f"python/*{name}*.whl")
        for name in ("manylinux2014_x86_64", "manylinux2014_aarch64", "musllinux_1_2_x86_64", "musllinux_1_2_aarch64")
    }
    extension = "tokmint/_tokmint.abi3.so"
    gnu = contents(tags["manylinux2014_x86_64"])[extension] or b""
    apple = contents(the("python/*macosx*.whl"))[extension] or b""
    metadata = f"tokmint-{VERSION}.dist-info/METADATA"
    licence = f"tokmint-{VERSION}.dist-info/licenses/LICENSE-MIT"
    wheel = tags["manylinux2014_x86_64"]
    expect("is for elf x86_64 gnu", tags["musllinux_1_2_x86_64"], has(extension, gnu))
    expect("is for elf x86_64 gnu", tags["manylinux2014_aarch64"], has(extension, gnu))
    expect("is for mach-o aarch64", tags["manylinux2014_aarch64"], has(extension, apple))
    expect("lacks .*_tokmint", wheel, lacks(extension))
    expect("is no binary", wheel, has(extension, b""))
    expect("lacks .*vectors/rest", wheel, lacks("tokmint/vectors/rest.json"))
    expect("says .*0.0.9", wheel, stale(metadata, f"Version: {VERSION}"))
    expect("lacks LICENSE-MIT", wheel, lacks(licence))
    expect("LICENSE-MIT differs", wheel, has(licence, b""))
    expect("exports", wheel, edited(extension, b"PyInit__tokmint\0", b"PyInit__tokmine\0"))
    expect("no release", wheel.replace(VERSION, f"1{VERSION}"), lambda _: None, wheel)
    expect("no release", wheel.replace(VERSION, f"{VERSION}1"), lambda _: None, wheel)
    expect("no release", "python/other.txt", has("", b"text"), wheel)
    expect("more than 2 MB", wheel, has("", b" " * 2_000_001))
    sdist = f"python/tokmint-{VERSION}.tar.gz"
    expect("says .*0.0.9", sdist, stale("PKG-INFO", f"Version: {VERSION}"))
    expect("lacks vendor", sdist, lambda found: [found.pop(name) for name in list(found) if "vendor/" in name])


def archives() -> None:
    """Test the gates of the archives of C and of the command line."""
    musl = f"{C}-musl.tar.gz"
    library = "lib/libtokmint.a"
    gnu = contents(GNU)
    so, static = gnu[SO] or b"", gnu[library] or b""
    expect("is for elf x86_64 gnu", musl, has(SO, so))
    expect("libtokmint.a: it is for elf x86_64 gnu", musl, has(library, static))
    other = contents(f"c/tokmint-c-{VERSION}-aarch64-unknown-linux-gnu.tar.gz")
    expect("is for elf aarch64 gnu", GNU, has(SO, other[SO] or b""))
    expect("is for elf aarch64 gnu", GNU, has(library, other[library] or b""))
    for member in (library, SO, "lib/libtokmint.so", "include/tokmint.hpp"):
        expect(f"lacks {re.escape(re.escape(member))}", GNU, lacks(member))
    expect("lacks", GNU, lambda found: [found.pop(name) for name in list(found) if name.startswith("lib/")])
    expect("says .*0.0.9", GNU, stale("include/tokmint.h", f'VERSION "{VERSION}"'))
    expect("says .*0.0.9", GNU, stale("lib/pkgconfig/tokmint.pc", f"Version: {VERSION}"))
    expect("says .*0.0.9", GNU, stale("lib/cmake/tokmint/tokmint-config-version.cmake", f'VERSION "{VERSION}"'))
    expect("lacks lib", GNU, lambda found: found.update({"lib/libtokmint.so.0.0.9": found.pop(SO)}))
    # Not localised: a symbol of the library under another name.
    expect("libtokmint.a: it exports", GNU, edited(library, b"\0tokmint_version\0", b"\0mokmint_version\0"))
    expect("SONAME is libtokmint.so.9.9", GNU, edited(SO, b"\0libtokmint.so.0.1\0", b"\0libtokmint.so.9.9\0"))
    expect("searches for libraries", GNU, has(SO, dynamic(so, 29, 1)))  # DT_RUNPATH
    expect("stack is executable", GNU, has(SO, executable_stack(so)))
    expect("needs glibc 2.99", GNU, edited(SO, b"GLIBC_2.2.5\0", b"GLIBC_2.99\0\0"))
    expect("needs GLIBC_ABI_DT_RELR", GNU, has(SO, so + b"\0GLIBC_ABI_DT_RELR\0"))
    expect("needs libx.so.6", GNU, edited(SO, b"\0libc.so.6\0", b"\0libx.so.6\0"))
    expect("more than 40 MB", GNU, has(library, static + bytes(40_000_000)))
    for path in (b"/home/other/tokmint", b"/root/x", b"/Users/x", b"/tmp/build", b"C:\\Users\\x", b"E:\\work\\tokmint"):
        expect("names a folder", GNU, has(SO, so + path))
        expect("names a folder", GNU, has(library, static + path))
    program = contents(f"{CLI}-gnu.tar.gz")["tokmint"] or b""
    expect("is for elf x86_64 gnu", f"{CLI}-musl.tar.gz", has("tokmint", program))
    expect("is for elf x86_64 gnu", f"{CLI}-gnu.tar.gz".replace("x86_64", "aarch64"), has("tokmint", program))
    expect("lacks tokmint", f"{CLI}-gnu.tar.gz", lacks("tokmint"))
    expect("is no binary", f"{CLI}-gnu.tar.gz", has("tokmint", b"#!/bin/sh\n"))
    expect("more than 5 MB", f"{CLI}-gnu.tar.gz", has("tokmint", program + bytes(5_000_000)))


def others() -> None:
    """Test the gates of what is made once for all targets, and of the packages of npm."""
    natives = {folder: f"{folder}/libtokmint_uniffi.so" for folder in ("linux-x86-64", "linux-aarch64")}
    jar = contents(JAR)
    expect("is for elf x86_64", JAR, has(natives["linux-aarch64"], jar[natives["linux-x86-64"]] or b""))
    for name in natives.values():
        expect(f"lacks {re.escape(re.escape(name))}", JAR, lacks(name))
    expect("lacks module-info", JAR, lacks("module-info.class"))
    expect("says .*0.0.9", JAR, stale("META-INF/maven/dev.tokmint/tokmint/pom.properties"))
    expect("says .*0.0.9", f"maven/tokmint-{VERSION}.pom", stale("", f"<version>{VERSION}</version>"))
    expect("is no binary", NPM, has(NODE, b""))
    expect("is no binary", NPM, has(NODE, b"text"))
    expect("lacks tokmint", NPM, lacks(NODE))
    expect(
        "is for elf x86_64", NPM.replace("x64", "arm64"), has(NODE.replace("x64", "arm64"), contents(NPM)[NODE] or b"")
    )
    expect("says .*0.0.9", NPM, stale("package.json", f'"version": "{VERSION}"'))
    expect("lacks LICENSE-THIRD-PARTY", NPM, lacks("LICENSE-THIRD-PARTY"))
    expect("says .*0.0.9", "npm/tokmint/", stale("package.json", f'"@tokmint/linux-x64-gnu": "{VERSION}"'))
    expect("names a folder", "npm/tokmint/", edited("tokmint.wasm", b"\0asm", b"\0asm/home/other/x"))
    expect("lacks .*vectors/rest", "npm/tokmint/", lacks("vectors/rest.json.gz"))
    expect("says", f"sbom/tokmint-{VERSION}-c.cdx.json", has("", b"{}"))
    expect("says", f"sbom/tokmint-{VERSION}-c.cdx.json", stale("", f'"version": "{VERSION}"'))
    crate = f"crates/tokmint-{VERSION}.crate"
    prefix = f"tokmint-{VERSION}/"
    expect("says .*0.0.9", crate, stale(f"{prefix}Cargo.toml", f'version = "{VERSION}"'))
    expect("is not in", crate, has("other", b""))
    expect("lacks LICENSE-MIT", crate, lacks(f"{prefix}LICENSE-MIT"))
    expect(r"lacks .*spi", "swift/tokmint-swift/", lacks(".spi.yml"))
    expect("says", "tokmint-inspector.html", has("", b""))


def main() -> None:
    """Test all gates."""
    used = (GNU, JAR, NPM, f"{CLI}-gnu.tar.gz", the("python/*manylinux2014_x86_64*.whl"), "npm/tokmint/")
    for name in used:
        if faults := report(name, contents(name)):
            raise SystemExit(f"{name} has faults already: {faults}")
    wheels()
    archives()
    others()
    if FAULTS:
        raise SystemExit("\n".join(FAULTS))
    print(f"{COUNT} faults found by the gates")


if __name__ == "__main__":
    main()
