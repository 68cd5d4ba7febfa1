"""The programs of the checks that hold in every language: how each is built and started.

There is one program for each language, in a folder beside this file. All of them do the same:

    PROGRAM secrets FILE
        reads requests "secret HEX usual" and "private_key HEX all", one a line, makes every call with what HEX encodes,
        in its own place and in others, and prints for each request the number of bytes of everything that became
        visible, in the usual forms or in all, and then these bytes
    PROGRAM soak FILE CALLS
        makes CALLS calls of each function (of slow ones fewer) after a hundredth of them, and prints "function calls
        kilobytes kilobytes": by how much resident memory outside of a managed heap has grown, and how much more of that
        heap is in use
    PROGRAM large_inputs FILE SIZE...
        passes strings of SIZE bytes everywhere, and prints "place size outcome nanoseconds kilobytes": the median time
        of a call, and by how much the process grew meanwhile

FILE is that of a private key. C is measured through C++, whose header calls each function of C and nothing else.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT / "tests/hardening/languages"
TARGET = Path(os.environ.get("CARGO_TARGET_DIR") or ROOT / "target").resolve()
BUILT = TARGET / "hardening"
RELEASE = TARGET / "release"
# Large blocks go back to the system at once, so that the peak of memory shows every copy.
MALLOC = ["MALLOC_MMAP_THRESHOLD_=131072", "MALLOC_ARENA_MAX=1"]
PRIVATE_KEY = ROOT / "tests/vectors/private_key.pem"


def must(*command: "str | Path", cwd: Path = ROOT, **environment: str) -> str:
    """Runs a command, and ends the check if it fails."""
    run = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if run.returncode != 0:
        sys.exit(f"{run.stdout}\n{' '.join(map(str, command))}: status {run.returncode}")
    return run.stdout


def cargo(package: str, **environment: str) -> None:
    build = ["cargo", "build", "--quiet", "--locked", "--release", "--package", package]
    must(ROOT / ".ci/without-paths.sh", *build, **environment)


def rust() -> "list[str | Path]":
    cargo("tokmint-hardening-languages")
    return [RELEASE / "tokmint-hardening-languages"]


def c_library() -> Path:
    """Installs the C and C++ library, and returns the folder."""
    prefix = BUILT / "c"
    must("make", "--silent", "install", f"PREFIX={prefix}")
    return prefix


def cpp() -> "list[str | Path]":
    prefix, program = c_library(), BUILT / "program-cpp"
    warnings = ["-Wall", "-Wextra", "-Wpedantic", "-Werror"]
    files = [FOLDER / "cpp/program.cpp", prefix / "lib/libtokmint.a", "-o", program]
    must("g++", "-std=c++17", "-O2", *warnings, f"-I{prefix}/include", *files)
    return [program]


def python_package() -> Path:
    """Lays out the pip package as a wheel does, and returns the folder to import it from."""
    cargo("tokmint-python", PYO3_BUILD_EXTENSION_MODULE="1")
    package = BUILT / "python/tokmint"
    shutil.rmtree(package, ignore_errors=True)
    shutil.copytree(ROOT / "python/src/tokmint", package)
    shutil.copy(RELEASE / "lib_tokmint.so", package / "_tokmint.abi3.so")
    return package.parent


def python() -> "list[str | Path]":
    return ["env", f"PYTHONPATH={python_package()}", sys.executable, FOLDER / "python/program.py"]


def node_package(*, native: bool) -> Path:
    """Lays out the npm package with its native binary or without, and returns the folder that has its node_modules."""
    folder = BUILT / ("node" if native else "node-wasm")
    package = folder / "node_modules/tokmint"
    shutil.rmtree(package, ignore_errors=True)
    package.mkdir(parents=True)
    for file in (*(ROOT / "node").glob("*.js"), ROOT / "node/index.mjs", ROOT / "node/package.json"):
        shutil.copy(file, package)
    if native:
        cargo("tokmint-node")
        script = (
            "const libc = process.report.getReport().header.glibcVersionRuntime ? 'gnu' : 'musl';"
            "console.log(`tokmint.${process.platform}-${process.arch}-${libc}.node`)"
        )
        shutil.copy(RELEASE / "libtokmint_node.so", package / must("node", "-e", script).strip())
    else:
        module = TARGET / "wasm/tokmint.wasm"
        must("make", "--silent", "wasm")
        script = "process.stdout.write(require('node:fs').readFileSync(process.argv[1], 'base64'))"
        text = must("node", "-e", script, module)
        (package / "wasm-base64.js").write_text(f"'use strict';\n\nmodule.exports = '{text}';\n")
    for program in (FOLDER / "node").glob("*.mjs"):
        shutil.copy(program, folder)
    return folder


# V8's own heap is bounded, so that what it grows by is not taken for tokmint's.
NODE_FLAGS = ("--expose-gc", "--max-old-space-size=4096", "--disable-warning=TOKMINT_WASM")


def node() -> "list[str | Path]":
    return ["node", *NODE_FLAGS, node_package(native=True) / "program.mjs"]


def wasm() -> "list[str | Path]":
    return ["node", *NODE_FLAGS, node_package(native=False) / "program.mjs"]


# The heap is in memory from the start, so that only what is outside of it can grow. One compiler: what another one
# takes varies by megabytes from run to run.
JVM_FLAGS = ("-Xms1g", "-Xmx1g", "-XX:+AlwaysPreTouch", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xlog:disable")


def jvm() -> "list[str | Path]":
    maven = ["mvn", "--batch-mode", "--no-transfer-progress", "--quiet"]
    kotlin = ROOT / "bindings/kotlin"
    paths = BUILT / "jvm/classpath"
    classes = BUILT / "jvm/classes"
    classes.mkdir(parents=True, exist_ok=True)
    must(*maven, "compile", cwd=kotlin)
    must(*maven, "dependency:build-classpath", "-DincludeScope=runtime", f"-Dmdep.outputFile={paths}", cwd=kotlin)
    # Maven builds beside the sources, whatever the target folder is.
    path = f"{ROOT}/target/kotlin/classes:{paths.read_text().strip()}"
    must("javac", "-Xlint:all", "-Werror", "-d", classes, "-cp", path, FOLDER / "jvm/Program.java")
    return ["java", *JVM_FLAGS, "-cp", f"{classes}:{path}", "Program"]


def swift() -> "list[str | Path]":
    must("make", "--silent", "swift-library")
    with_swift = ROOT / "bindings/swift/with-swift.sh"
    scratch = TARGET / "swift/hardening"
    must(
        with_swift,
        *("swift", "build", "--quiet", "--configuration", "release", "--package-path", FOLDER / "swift/program"),
        *("--scratch-path", scratch),
    )
    return [with_swift, "env", *MALLOC, scratch / "release/Program"]


LANGUAGES: "dict[str, Callable[[], list[str | Path]]]" = {
    "rust": rust,
    "cpp": cpp,
    "python": python,
    "node": node,
    "wasm": wasm,
    "jvm": jvm,
    "swift": swift,
}


def sources() -> str:
    """What tells the present sources apart from others."""
    digest = hashlib.sha256((must("git", "rev-parse", "HEAD") + must("git", "diff", "HEAD")).encode())
    for name in must("git", "ls-files", "--others", "--exclude-standard").splitlines():
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def chosen(names: "list[str]") -> "dict[str, list[str]]":
    """Builds the programs of these languages, or of all, and returns the command of each.

    What another check has built of the same sources is not built again.
    """
    BUILT.mkdir(parents=True, exist_ok=True)
    record, of_now, commands = BUILT / "programs.json", sources(), {}
    for name in names or LANGUAGES:
        if name not in LANGUAGES:
            sys.exit(f"no language is called {name}: {', '.join(LANGUAGES)}")
        built = json.loads(record.read_text()) if record.exists() else {}
        if built.get(name, {}).get("sources") != of_now:
            built[name] = {"sources": of_now, "command": [str(part) for part in LANGUAGES[name]()]}
            record.write_text(json.dumps(built))
        commands[name] = ["env", *MALLOC, *built[name]["command"]]
    return commands


def keys() -> "dict[str, dict[str, str]]":
    """The keys of the vectors, of every kind."""
    return json.loads((ROOT / "tests/vectors/keys.json").read_text())["keys"]
