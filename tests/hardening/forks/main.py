"""No process repeats a nonce, a jti or a token of another one: of its parent, of its children, or of theirs.

    main.py --short | --long [--size N] [FAMILY...]

Each process of a family makes SIZE client tokens and SIZE REST tokens, which differ in nothing but their nonce or jti.
The families: fork and a bare clone in C, a pool of `multiprocessing`, the workers of `gunicorn --preload`, and a
cluster of Node.
"""

import argparse
import base64
import hashlib
import itertools
import os
import re
import shutil
import subprocess
import sys
import time
from array import array
from collections.abc import Callable
from pathlib import Path

FOLDER = Path(__file__).parent
sys.path.insert(0, str(FOLDER.parent / "languages"))
import programs  # noqa: E402

LONG, SHORT = 100_000, 1_000
WORKERS = 8
CLAIM = re.compile(rb'"(?:nonce":(\d+)|jti":"([0-9a-f-]{36}))')
# What starts gunicorn has a minute, and longer for many tokens.
PATIENCE = 60


def c(kind: str) -> "Callable[[int, Path, bool], int]":
    def run(size: int, folder: Path, _: bool) -> int:
        prefix, program = programs.c_library(), programs.BUILT / "forks"
        warnings = ["-Wall", "-Wextra", "-Wpedantic", "-Werror"]
        library = prefix / "lib/libtokmint.a"
        command = [
            "gcc",
            "-std=c11",
            "-O2",
            *warnings,
            f"-I{prefix}/include",
            FOLDER / "forks.c",
            library,
            "-o",
            program,
        ]
        programs.must(*command)
        programs.must(program, kind, str(size), folder)
        return 1 + 2 * 8

    return run


def python_environment(size: int, folder: Path) -> "dict[str, str]":
    return {
        "PYTHONPATH": f"{programs.python_package()}:{FOLDER}",
        "PYTHONDONTWRITEBYTECODE": "1",
        "TOKENS": str(size),
        "FOLDER": str(folder),
    }


def multiprocessing(size: int, folder: Path, is_long: bool) -> int:
    processes = 2 * WORKERS if is_long else WORKERS
    programs.must(sys.executable, FOLDER / "pool.py", str(processes), **python_environment(size, folder))
    return 2 * processes + 2


def gunicorn(size: int, folder: Path, _: bool) -> int:
    programs.must("make", "--silent", "target/python/ready")
    socket = folder.parent / "gunicorn.socket"
    command = [programs.ROOT / "target/python/venv/bin/gunicorn", "--preload", "--workers", str(WORKERS)]
    command += ["--config", FOLDER / "application.py", "--bind", f"unix:{socket}", "--log-level", "error"]
    command += ["--timeout", "600", "application:application"]
    environment = {**os.environ, **python_environment(size, folder)}
    server = subprocess.Popen(command, env=environment)
    try:
        end = time.monotonic() + PATIENCE + size / 100
        while len([*folder.glob("worker-*.done")]) < WORKERS:
            if time.monotonic() > end or server.poll() is not None:
                sys.exit("gunicorn: not all workers have made their tokens")
            time.sleep(0.1)
    finally:
        server.terminate()
        server.wait()
    return 1 + WORKERS


def cluster(size: int, folder: Path, _: bool) -> int:
    package = programs.node_package(native=True)
    shutil.copy(FOLDER / "cluster.mjs", package)
    programs.must("node", package / "cluster.mjs", str(WORKERS), str(size), folder)
    return 1 + 2 * WORKERS


FAMILIES: "dict[str, Callable[[int, Path, bool], int]]" = {
    "fork": c("FORK"),
    "clone": c("CLONE"),
    "multiprocessing": multiprocessing,
    "gunicorn": gunicorn,
    "cluster": cluster,
}


def duplicates(values: array) -> int:
    """How many values are not the first of their kind."""
    ordered = sorted(values)
    return sum(left == right for left, right in itertools.pairwise(ordered))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--long", action="store_true")
    parser.add_argument("--size", type=int)
    parser.add_argument("families", nargs="*")
    arguments = parser.parse_args()
    size = arguments.size or (LONG if arguments.long else SHORT)
    folder = programs.BUILT / "tokens"
    total, repeated, processes = 0, 0, 0
    families = arguments.families or list(FAMILIES)
    for family in families:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        expected = FAMILIES[family](size, folder, arguments.long)
        # Of tokens and UUIDs 64 bits: that two of ten million are equal by chance has a probability of 3e-6.
        tokens, nonces, jtis = array("Q"), array("Q"), array("Q")
        files = [*folder.iterdir()]
        for file in files:
            for token in file.read_bytes().splitlines():
                payload = token.split(b".")[1]
                nonce, jti = CLAIM.search(base64.urlsafe_b64decode(payload + b"==")).groups()
                if nonce is None:
                    jtis.append(int(jti.replace(b"-", b"")[16:], 16))
                else:
                    nonces.append(int(nonce))
                tokens.append(int.from_bytes(hashlib.blake2b(token, digest_size=8).digest(), "big"))
        shutil.rmtree(folder)
        if len(files) != expected or len(nonces) < (expected - 1) * size or len(jtis) != len(nonces):
            sys.exit(f"{family}: {len(files)} files of {expected}, {len(nonces)} nonces, {len(jtis)} jti")
        counts = [duplicates(values) for values in (tokens, nonces, jtis)]
        print(
            f"{family}: {len(files)} processes, {len(nonces):,} client tokens and {len(jtis):,} REST tokens; repeated: "
            f"{counts[0]} tokens, {counts[1]} nonces, {counts[2]} jti",
            flush=True,
        )
        total, repeated, processes = total + len(tokens), repeated + sum(counts), processes + len(files)
    print(
        f"RESULT {size:,} client and {size:,} REST tokens in each of {processes} processes of {len(families)} families "
        f"({', '.join(families)}) | {repeated} tokens, nonces or jti of {total:,} tokens repeated"
    )
    sys.exit(repeated > 0)


if __name__ == "__main__":
    main()
