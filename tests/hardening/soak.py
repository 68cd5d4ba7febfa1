"""Memory does not grow with the calls of any function, refused calls and dropped objects included, in any language.

    soak.py --short | --long [--size N] [LANGUAGE...]

Each program makes SIZE calls of each function after a hundredth of them; of those that create objects a tenth, and of
those with RSA a hundredth or a thousandth: its lines say how many. Measured is the resident memory of the process, in
Node without what V8 holds for its heap; on the JVM the whole heap is in memory from the start. What is in use of these
two heaps is measured after a collection, and held to the same limit. Both runtimes take memory for themselves now and
then: of five rounds the median one is taken there, five times, since what calls lose every round loses.
"""

import argparse
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "languages"))
import programs

LONG, SHORT = 10_000_000, 5_000
# WebAssembly takes five times as long.
SHARE = {"wasm": 10}
LIMIT = 1024
"""Kilobytes."""


def run(language: str, command: "list[str]", size: int) -> "tuple[str, list[tuple[str, int, int]]]":
    """What the program of a language says: function, calls, and the larger growth."""
    calls = str(size // SHARE.get(language, 1))
    process = subprocess.run(
        [*command, "soak", str(programs.PRIVATE_KEY), calls], capture_output=True, text=True, check=False
    )
    if process.returncode != 0:
        sys.exit(f"{process.stdout}{process.stderr}\n{language}: status {process.returncode}")
    rows = []
    for line in process.stdout.splitlines():
        name, calls, resident, heap = line.split()
        rows.append((name, int(calls), max(int(resident), int(heap))))
    return process.stdout, rows


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--long", action="store_true")
    parser.add_argument("--size", type=int)
    parser.add_argument("languages", nargs="*")
    arguments = parser.parse_args()
    size = arguments.size or (LONG if arguments.long else SHORT)
    commands = programs.chosen(arguments.languages)
    grown, most, functions = [], 0, set()
    with ThreadPoolExecutor(2) as pool:
        results = pool.map(lambda item: run(*item, size), commands.items())
        for language, (text, rows) in zip(commands, results, strict=True):
            if len(rows) < 20:
                sys.exit(f"{text}\n{language}: {len(rows)} functions")
            print(f"{language}: function, calls, growth of resident memory and of the heap in kB\n{text}", flush=True)
            grown += [f"{language} {name}: {kB} kB in {calls:,} calls" for name, calls, kB in rows if kB >= LIMIT]
            most = max(most, *(growth for _, _, growth in rows))
            functions |= {name for name, _, _ in rows}
    for line in grown:
        print(f"GROWN {line}")
    print(
        f"RESULT {size:,} calls of each of {len(functions)} functions in {', '.join(commands)} | "
        f"memory grew by at most {most} kB (limit {LIMIT} kB)"
    )
    sys.exit(bool(grown))


if __name__ == "__main__":
    main()
