"""Builds everything that a version publishes for one target: target.py TARGET.

It goes to dist/parts/TARGET, as the comments in `main` say. A target of Linux, and every one that is not the machine's
own, is linked by zig, which brings the C library of each; glibc's is that of 2.17. The toolchain is completed by
rustup: the standard library of the target, and the tools of LLVM.
"""

import os
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import archive
from repository import LICENCES, PARTS, ROOT, TARGET, TOOLS, VERSION, executable, host, llvm, origin, run, tools

GLIBC = "2.17"
MACOS = "11.0"


@dataclass(frozen=True)
class Target:
    """How the parts of a target are called where they are published."""

    npm: str
    jna: str | None
    wheel: str | None
    library: str = "lib{}.so"

    def named(self, name: str) -> str:
        """Return the file name of a shared library."""
        return self.library.format(name)


# The folders of JNA do not tell musl from glibc, so that the jar has none for musl.
TARGETS = {
    "x86_64-unknown-linux-gnu": Target("linux-x64-gnu", "linux-x86-64", "manylinux2014"),
    "aarch64-unknown-linux-gnu": Target("linux-arm64-gnu", "linux-aarch64", "manylinux2014"),
    "x86_64-unknown-linux-musl": Target("linux-x64-musl", None, "musllinux_1_2"),
    "aarch64-unknown-linux-musl": Target("linux-arm64-musl", None, "musllinux_1_2"),
    "x86_64-apple-darwin": Target("darwin-x64", "darwin-x86-64", None, "lib{}.dylib"),
    "aarch64-apple-darwin": Target("darwin-arm64", "darwin-aarch64", None, "lib{}.dylib"),
    # npm's name of the platform is the same, whatever compiler.
    "x86_64-pc-windows-gnu": Target("win32-x64-msvc", "win32-x86-64", None, "{}.dll"),
    "x86_64-pc-windows-msvc": Target("win32-x64-msvc", "win32-x86-64", None, "{}.dll"),
    "aarch64-pc-windows-msvc": Target("win32-arm64-msvc", "win32-aarch64", None, "{}.dll"),
}


class Cargo:
    """Cargo for one target, with zig to link."""

    def __init__(self, triple: str) -> None:
        """Set the environment for it."""
        self.triple = triple
        self.is_zig = "-linux-" in triple or triple != host()
        programs = tools()
        self.python = executable(programs, "python")
        os.environ |= {
            "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
            "XDG_CACHE_HOME": str(TOOLS / "cache"),
            "ZIG_GLOBAL_CACHE_DIR": str(TOOLS / "cache"),
        }

    @property
    def cargo_target(self) -> str:
        """Return the target as cargo-zigbuild knows it, with the version of glibc."""
        return f"{self.triple}.{GLIBC}" if self.is_zig and self.triple.endswith("-linux-gnu") else self.triple

    def command(self, command: str, *arguments: str, profile: str = "release") -> list[str]:
        """Return the command that is cargo for the target."""
        cargo = ["cargo-zigbuild", "zigbuild" if command == "build" else command] if self.is_zig else ["cargo", command]
        options = ["--locked", "--profile", profile, "--target", self.cargo_target]
        return ["sh", ".ci/without-paths.sh", *cargo, *options, *arguments]

    def cargo(self, command: str, *arguments: str) -> None:
        """Run cargo for the target."""
        run(*self.command(command, *arguments))

    def zig(self) -> dict[str, str]:
        """Return what cargo-zigbuild sets for cargo, as far as it matters.

        maturin's own call of zig builds everything again, and asks for a function without a name for Windows.
        """
        if not self.is_zig:
            return {}
        # Folders of earlier versions may be there too.
        wrappers = (TOOLS / "cache" / "cargo-zigbuild").glob(f"*/wrappers/*/zigcc-{self.cargo_target}-*.sh")
        compiler = max(wrappers, key=lambda path: path.stat().st_mtime)
        name = self.triple.replace("-", "_")
        return {
            f"CC_{name}": str(compiler),
            f"AR_{name}": str(compiler.parent / "ar"),
            f"CARGO_TARGET_{name.upper()}_LINKER": str(compiler),
            # Where rustc looks for the tools of MinGW.
            "PATH": f"{compiler.parent}{os.pathsep}{os.environ['PATH']}",
        }

    def artefact(self, name: str) -> Path:
        """Return a file that cargo built."""
        return TARGET / self.triple / "release" / name


class Build(Cargo):
    """Cargo and the toolchain for what is published for one target."""

    def __init__(self, triple: str) -> None:
        """Complete the toolchain, and set the environment for it."""
        super().__init__(triple)
        self.target = TARGETS[triple]
        run("rustup", "--quiet", "target", "add", triple)
        run("rustup", "--quiet", "component", "add", "llvm-tools")
        self.llvm = llvm()
        os.environ |= {
            "SOURCE_DATE_EPOCH": str(archive.epoch()),
            "CARGO_PROFILE_RELEASE_STRIP": "symbols",
            "MACOSX_DEPLOYMENT_TARGET": MACOS,
            # Windows: the assembler that the RSA engine wants otherwise is on no machine.
            "AWS_LC_SYS_PREBUILT_NASM": "1",
        }
        if triple == "x86_64-pc-windows-gnu":
            os.environ["LIBNODE_PATH"] = str(self.empty_libnode())
        if triple.endswith("-musl"):
            # Rust links musl's C library statically unless it is told, and then makes no shared libraries.
            os.environ["RUSTFLAGS"] = "-C target-feature=-crt-static"

    def empty_libnode(self) -> Path:
        """Return a folder with the libnode for which napi asks on MinGW, with nothing in it: see its Cargo.toml."""
        folder = TOOLS / "libnode"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "libnode.dll").touch()
        run(executable(self.llvm, "llvm-ar"), "crs", folder / "libnode.a")
        return folder

    def binutils(self) -> dict[str, str]:
        """Return the variables that name the tools to our scripts."""
        tools = {name.upper(): str(executable(self.llvm, f"llvm-{name}")) for name in ("nm", "objcopy", "ar")}
        return tools | {
            "LD": f"{executable(self.llvm, 'rust-lld')} -flavor gnu",
            "DLLTOOL": f"{self.python} -m ziglang dlltool",
        }


def main() -> None:
    """Build the parts."""
    [triple] = sys.argv[1:]
    build = Build(triple)
    target = build.target
    part = PARTS / triple
    shutil.rmtree(part, ignore_errors=True)
    for folder in ("wheel", "node", "cli", "c"):
        (part / folder).mkdir(parents=True)
    # A release is made of parts of one origin.
    (part / "ORIGIN").write_text(origin(), "utf-8")

    for name in ["tokmint_node"] if target.jna is None else ["tokmint_node", "tokmint_uniffi"]:
        # Otherwise the name of a library for macOS is the path where it was built.
        install_name = ["-C", f"link-arg=-Wl,-install_name,@rpath/{target.named(name)}"]
        options = ["--", *install_name] if triple.endswith("-apple-darwin") else []
        build.cargo("rustc", "--package", name.replace("_", "-"), "--lib", *options)
    # node/: the binary of the npm package.
    shutil.copy(build.artefact(target.named("tokmint_node")), part / "node" / f"tokmint.{target.npm}.node")
    if target.jna is not None:
        # jar/: the library for JNA, in the folder in which it looks.
        (part / "jar" / target.jna).mkdir(parents=True)
        shutil.copy(build.artefact(target.named("tokmint_uniffi")), part / "jar" / target.jna)
    if triple.endswith(("-linux-gnu", "-apple-darwin")):
        # swift/: the static library of the Swift package.
        (part / "swift").mkdir()
        library = build.artefact("libtokmint_uniffi.a")
        destination = part / "swift" / library.name
        if "-linux-" in triple:
            run(
                "sh",
                "bindings/one_object.sh",
                library,
                destination,
                "uniffi_tokmint_*",
                "ffi_tokmint_*",
                **build.binutils(),
            )
        else:
            # Apple's linker keeps what is not exported to itself.
            run(executable(build.llvm, "llvm-objcopy"), "--strip-debug", library, destination)

    # cli/: the command line, static where the C library can be.
    build.cargo(
        "rustc",
        "--package",
        "tokmint-cli",
        "--bin",
        "tokmint",
        *(["--", "-C", "target-feature=+crt-static"] if triple.endswith("-musl") else []),
    )
    suffix = ".exe" if "-windows-" in triple else ""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / f"tokmint-{VERSION}-{triple}"
        folder.mkdir()
        shutil.copy(build.artefact(f"tokmint{suffix}"), folder)
        for name in (*LICENCES, "bindings/cli/README.md"):
            shutil.copy(ROOT / name, folder)
        archive.pack(folder, part / "cli" / f"{folder.name}.tar.gz")

        # c/: what `make install` installs.
        folder = Path(temporary) / f"tokmint-c-{VERSION}-{triple}"
        compiler = {"CARGO": "cargo-zigbuild"} if build.is_zig else {}
        install = {"PREFIX": "/", "DESTDIR": str(folder), "TARGET": build.cargo_target}
        run("sh", "bindings/c/install.sh", **install, **compiler, **build.binutils())
        archive.pack(folder, part / "c" / f"{folder.name}.tar.gz")

    # wheel/: the wheel.
    tag = ["--compatibility", target.wheel] if target.wheel else []
    # Without an interpreter maturin takes the newest kind of wheel there, which is that of Python 3.15.
    interpreter = ["--interpreter", "3.11"] if triple.endswith("-windows-gnu") else []
    maturin = ["maturin", "build", "--release", "--locked", "--target", triple, *tag, *interpreter]
    run("sh", ROOT / ".ci/without-paths.sh", *maturin, "--out", part / "wheel", cwd=ROOT / "python", **build.zig())
    print(f"{triple}: built")
    for path in sorted(part.rglob("*")):
        if path.is_file():
            print(f"{path.stat().st_size:>10} {path.relative_to(part)}")


if __name__ == "__main__":
    main()
