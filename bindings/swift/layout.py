"""Lays out the Swift package as it is released: layout.py FOLDER, after library.sh.

FOLDER/tokmint-swift becomes the contents of a repository on which programs depend by version: SwiftPM wants the
manifest at the top, everything committed, and no unsafe flags. Programs can also depend on the folder: SwiftPM takes
its name for the package's, so it holds no version. FOLDER/tokmint-swift-VERSION.zip holds the same, in
tokmint-swift-VERSION.

The libraries are those in PARTS/TRIPLE/swift; PARTS is dist/parts, where `make release-target` puts them. Without that
folder the library of library.sh is taken for this machine. Platforms without a library are printed, and no manifest
names them.

`--xcframework` lays out the xcframework alone, as FOLDER; `--apple-targets` prints the targets of Rust that it can
hold.
"""

import argparse
import json
import os
import platform
import plistlib
import re
import shutil
import struct
import subprocess
import time
import zipfile
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
ROOT = PACKAGE.parent.parent
LIBRARY = "libtokmint_uniffi.a"
MODULE = "tokmintFFI"

# The processors of Linux. Toolchains differ in what they call the vendor.
LINUX = ["x86_64", "aarch64"]
# The slices of the xcframework: platform, variant, and Rust's targets with Apple's names of their processors.
APPLE = [
    ("macos", None, {"arm64": "aarch64-apple-darwin", "x86_64": "x86_64-apple-darwin"}),
    ("ios", None, {"arm64": "aarch64-apple-ios"}),
    ("ios", "simulator", {"arm64": "aarch64-apple-ios-sim", "x86_64": "x86_64-apple-ios"}),
]
# Type and subtype of a processor in a file for several.
MACH_O = {"arm64": (0x0100000C, 0), "x86_64": (0x01000007, 3)}


def part(parts: Path, target: str) -> Path | None:
    """Return the library for a target of Rust, if there is one."""
    library = parts / target / "swift" / LIBRARY
    if library.exists():
        return library
    is_host = platform.system() == "Linux" and target == f"{platform.machine()}-unknown-linux-gnu"
    return PACKAGE / "lib" / LIBRARY if is_host and not parts.exists() else None


def headers(folder: Path) -> None:
    """Write the header and its module, which here need not say what is linked."""
    folder.mkdir(parents=True)
    shutil.copy(PACKAGE / "Sources" / MODULE / f"{MODULE}.h", folder)
    module = (PACKAGE / "Sources" / MODULE / "module.modulemap").read_text(encoding="utf-8")
    (folder / "module.modulemap").write_text(re.sub(r" *link .*\n", "", module), encoding="utf-8")


def artifact_bundle(folder: Path, parts: Path, version: str) -> list[str]:
    """Write the libraries for Linux, as SwiftPM takes them from 6.2 on; return the targets that are missing."""
    variants = []
    missing = []
    for processor in LINUX:
        target = f"{processor}-unknown-linux-gnu"
        library = part(parts, target)
        if not library:
            missing.append(target)
            continue
        path = f"{processor}-linux-gnu/{LIBRARY}"
        (folder / path).parent.mkdir(parents=True)
        shutil.copyfile(library, folder / path)
        variants.append(
            {
                "path": path,
                "supportedTriples": [f"{processor}-{vendor}-linux-gnu" for vendor in ("unknown", "pc")],
                "staticLibraryMetadata": {"headerPaths": ["include"], "moduleMapPath": "include/module.modulemap"},
            }
        )
    if not variants:
        raise SystemExit("there is no library for Linux")
    headers(folder / "include")
    artifact = {"type": "staticLibrary", "version": version, "variants": variants}
    info = {"schemaVersion": "1.0", "artifacts": {MODULE: artifact}}
    (folder / "info.json").write_text(json.dumps(info, indent=2) + "\n", encoding="utf-8")
    return missing


def universal(libraries: dict[str, Path]) -> bytes:
    """Return one file for several processors, as lipo makes it; for one it is its library."""
    if len(libraries) == 1:
        return next(iter(libraries.values())).read_bytes()
    align = 8
    table = struct.pack(">II", 0xCAFEBABE, len(libraries))
    contents = b""
    start = -(-(len(table) + 20 * len(libraries)) // align) * align
    for processor, library in libraries.items():
        contents += b"\0" * (-len(contents) % align)
        size = library.stat().st_size
        table += struct.pack(">IIIII", *MACH_O[processor], start + len(contents), size, align.bit_length() - 1)
        contents += library.read_bytes()
    return table.ljust(start, b"\0") + contents


def xcframework(folder: Path, parts: Path) -> list[str]:
    """Write the libraries for Apple's systems, as far as there are any; return the targets that are missing."""
    available = []
    missing = []
    for system, variant, targets in APPLE:
        libraries = {processor: library for processor, target in targets.items() if (library := part(parts, target))}
        missing += [target for processor, target in targets.items() if processor not in libraries]
        if not libraries:
            continue
        name = "-".join(filter(None, [system, "_".join(libraries), variant]))
        # Xcode copies the headers of all frameworks into one folder, so the module has one of its own there.
        headers(folder / name / "Headers" / MODULE)
        (folder / name / LIBRARY).write_bytes(universal(libraries))
        slice_ = {
            "HeadersPath": "Headers",
            "LibraryIdentifier": name,
            "LibraryPath": LIBRARY,
            "SupportedArchitectures": list(libraries),
            "SupportedPlatform": system,
        }
        if variant:
            slice_["SupportedPlatformVariant"] = variant
        available.append(slice_)
    if available:
        info = {"AvailableLibraries": available, "CFBundlePackageType": "XFWK", "XCFrameworkFormatVersion": "1.0"}
        (folder / "Info.plist").write_bytes(plistlib.dumps(info))
    return missing


def without_framework(manifest: str) -> str:
    """Return a manifest that names no xcframework: its lines for systems without it, everywhere."""
    found = re.subn(r"#if os\(macOS\)\n.*?#else\n(.*?)#endif\n", r"\1", manifest, flags=re.DOTALL)
    if found[1] != 1:
        raise SystemExit("a manifest has other conditions than expected")
    return found[0]


def archive(folder: Path, name: str) -> None:
    """Write a .zip of a folder next to it, under a name, the same bytes for the same contents and commit."""
    commit = ["git", "log", "-1", "--format=%ct"]
    epoch = os.environ.get("SOURCE_DATE_EPOCH") or subprocess.check_output(commit, cwd=ROOT, text=True)
    date = time.gmtime(int(epoch))[:6]
    with zipfile.ZipFile(folder.with_name(f"{name}.zip"), "w") as file:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            entry = zipfile.ZipInfo(f"{name}/{path.relative_to(folder).as_posix()}", date)
            # A regular file with these permissions, on any system.
            entry.create_system = 3
            entry.external_attr = (0o100755 if os.access(path, os.X_OK) else 0o100644) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            file.writestr(entry, path.read_bytes(), compresslevel=9)


def no_builds(_: str, names: list[str]) -> list[str]:
    """Return what SwiftPM leaves beside a manifest."""
    return [name for name in names if name in (".build", "Package.resolved")]


def package(out: Path, parts: Path) -> None:
    """Lay out the package."""
    version = re.search(r'^\[workspace\.package\]\nversion = "(.*)"', (ROOT / "Cargo.toml").read_text("utf-8"), re.M)[1]
    folder = out / "tokmint-swift"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(PACKAGE / "Sources", folder / "Sources")
    shutil.copytree(PACKAGE / "Examples/TokenServer", folder / "Examples/TokenServer", ignore=no_builds)
    for file in [PACKAGE / "README.md", PACKAGE / ".spi.yml", *sorted(ROOT.glob("LICENSE-*"))]:
        shutil.copy(file, folder)
    missing = artifact_bundle(folder / f"{MODULE}.artifactbundle", parts, version)
    missing += xcframework(folder / f"{MODULE}.xcframework", parts)
    has_framework = (folder / f"{MODULE}.xcframework").exists()
    for file in sorted((PACKAGE / "release").iterdir()):
        text = file.read_text(encoding="utf-8").replace("@VERSION@", version)
        if file.suffix == ".swift" and not has_framework:
            text = without_framework(text)
        (folder / file.name).write_text(text, encoding="utf-8")
        shutil.copymode(file, folder / file.name)
    archive(folder, f"tokmint-swift-{version}")
    print(f"{folder}: missing: {', '.join(missing) or 'nothing'}")


arguments = argparse.ArgumentParser()
arguments.add_argument("folder", type=Path, nargs="?")
arguments.add_argument("--parts", type=Path, default=ROOT / "dist/parts")
arguments.add_argument("--xcframework", action="store_true")
arguments.add_argument("--apple-targets", action="store_true")
options = arguments.parse_args()
if options.apple_targets:
    print("\n".join(target for _, _, targets in APPLE for target in targets.values()))
elif not options.folder:
    arguments.error("where?")
elif options.xcframework:
    shutil.rmtree(options.folder, ignore_errors=True)
    if missing := xcframework(options.folder, options.parts):
        raise SystemExit(f"missing: {', '.join(missing)}")
else:
    package(options.folder, options.parts)
