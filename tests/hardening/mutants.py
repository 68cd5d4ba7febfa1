"""Changes core in every way that cargo-mutants knows, one at a time, and runs core's tests on each change.

Fails if a change that no test notices is not listed in core/mutants.md with its reason. `make mutants` runs it over all
of core, and `make mutants FILES=core/src/verify.rs` over a part.

cargo-mutants builds core's tests again for every change, which takes hours. So it only lists the changes here. Most are
built at once, into a copy of the tree in which each function has all of its forms and chooses one by an environment
variable. A change then takes a run of the tests and no build. The rest, in constants and in functions that are
constant or return an unnamed type, cargo-mutants builds and tests itself.
"""

import argparse
import contextlib
import json
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
LISTED = ROOT / "core/mutants.md"
WORK = ROOT / "target/mutants"
TREE = WORK / "tree"
#: A folder of its own: cargo cannot tell a copy of the workspace from the workspace.
ENVIRONMENT = os.environ | {"CARGO_TARGET_DIR": str(WORK / "build"), "RUST_BACKTRACE": "0"}
VARIABLE = "TOKMINT_MUTANT"

#: The tests of core that try the same inputs each time, the fastest first.
TESTS = ["faults", "keys", "vectors", "sessions", "secrets", "allocations", "inspect", "compare", "lib", "wiped"]
#: Those that take seconds, for changes that the others do not notice.
SLOW_TESTS = ["fork", "threads", "nonces"]
#: Test programs that take no arguments.
PLAIN = ["wiped", *SLOW_TESTS]
#: Tests that take seconds, and notice nothing that the others do not.
SKIPPED = ["hundred_thousand", "every_cut", "names_take"]
#: A change is noticed too if a program takes this many times as long as without it, or this much memory.
SLOWER = 10
LEAST_SECONDS = 60
MEMORY = 4 << 30

TOKEN = re.compile(
    r"""//[^\n]*|/\*.*?\*/|b?r(?P<hashes>\#*)".*?"(?P=hashes)|b?"(?:\\.|[^"\\])*"|b?'(?:\\.[^']*|[^'\\])'|'\w+|\w+|.""",
    re.DOTALL,
)

SWITCH = f"""
pub(crate) fn mutant() -> u32 {{
    static MUTANT: std::sync::LazyLock<u32> = std::sync::LazyLock::new(|| {{
        std::env::var("{VARIABLE}").map_or(0, |number| number.parse().expect("a number"))
    }});
    *MUTANT
}}
"""


class Mutant(NamedTuple):
    number: int
    file: str
    name: str
    start: int
    end: int
    replacement: str


class Function(NamedTuple):
    start: int
    end: int
    mutants: list[Mutant]


def offsets(text: str) -> list[int]:
    starts = [0]
    starts.extend(found.end() for found in re.finditer("\n", text))
    return starts


def body_of(text: str) -> int | None:
    """Where the body of a function starts; nowhere if its forms cannot be chosen from when it runs."""
    is_signature = False
    before = ""
    for token in TOKEN.finditer(text):
        word = token[0]
        if word == "fn":
            is_signature = True
            if before == "const":
                return None
        elif is_signature and word == "impl" and before == ">":
            return None
        elif is_signature and word == "{":
            return token.start()
        if not word.isspace() and word not in ("unsafe", "extern"):
            before = word
    return None


def functions_of(file: str, listed: list[dict], numbers: dict[str, int]) -> tuple[list[Function], list[str]]:
    """The functions of a file with their mutants, and the names of mutants that have to be built on their own."""
    text = (ROOT / file).read_text()
    lines = offsets(text)
    position = lambda place: lines[place["line"] - 1] + place["column"] - 1  # noqa: E731
    functions: dict[tuple[int, int], Function] = {}
    alone = []
    for mutant in listed:
        name = mutant["name"]
        if mutant["function"] is None:
            alone.append(name)
            continue
        span = mutant["function"]["span"]
        start, end = position(span["start"]), position(span["end"])
        if body_of(text[start:end]) is None:
            alone.append(name)
            continue
        function = functions.setdefault((start, end), Function(start, end, []))
        span = mutant["span"]
        function.mutants.append(
            Mutant(numbers[name], file, name, position(span["start"]), position(span["end"]), mutant["replacement"])
        )
    return sorted(functions.values()), alone


def with_forms(text: str, functions: list[Function], start: int, end: int) -> str:
    """A piece of a file in which each function has all of its forms."""
    parts = []
    at = start
    for function in functions:
        if not (at <= function.start and function.end <= end) or (function.start, function.end) == (start, end):
            continue
        parts.append(text[at : function.start])
        parts.append(all_forms(text, function, functions))
        at = function.end
    parts.append(text[at:end])
    return "".join(parts)


def all_forms(text: str, function: Function, functions: list[Function]) -> str:
    body = function.start + body_of(text[function.start : function.end])
    forms = [text[function.start : body], "{ match crate::mutant() {\n"]
    for mutant in function.mutants:
        changed = text[body : mutant.start] + mutant.replacement + text[mutant.end : function.end]
        forms.append(f"{mutant.number} => {{ // mutant {mutant.number}\n{changed}\n}} // end\n")
    inner = [other for other in functions if body <= other.start and other.end < function.end]
    forms.append(f"_ => {with_forms(text, inner, body, function.end)} }} }}")
    return "".join(forms)


def write_tree(by_file: dict[str, list[Function]]) -> None:
    TREE.mkdir(parents=True, exist_ok=True)
    files = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for file in filter(None, files.split("\0")):
        source, copy = ROOT / file, TREE / file
        if not source.exists() and not source.is_symlink():
            continue
        copy.parent.mkdir(parents=True, exist_ok=True)
        if source.is_symlink():
            copy.unlink(missing_ok=True)
            copy.symlink_to(source.readlink())
            continue
        if file in by_file or file == "core/src/lib.rs":
            text = source.read_text()
            text = with_forms(text, by_file.get(file, []), 0, len(text))
            if file == "core/src/lib.rs":
                allowed = "#![allow(warnings, arithmetic_overflow, unconditional_panic, clippy::all)]\n"
                head = re.match(r"(?://!.*\n)*", text)[0]
                text = f"{head}\n{allowed}{text[len(head) :]}{SWITCH}"
            data = text.encode()
        else:
            data = source.read_bytes()
        if not copy.exists() or copy.read_bytes() != data:
            copy.write_bytes(data)
            shutil.copymode(source, copy)


def mutant_at(file: str, line: int) -> int | None:
    """The mutant whose form is at this line of the copy."""
    number = None
    for index, text in enumerate((TREE / file).read_text().split("\n"), 1):
        if found := re.search(r"=> \{ // mutant (\d+)$", text):
            number = int(found[1])
        if index == line:
            return number
        if text.endswith("} // end"):
            number = None
    return None


def build() -> tuple[dict[str, Path], set[int]]:
    """Builds the test programs. Returns them, or the mutants that do not compile."""
    flags = [flag for test in TESTS + SLOW_TESTS for flag in (["--lib"] if test == "lib" else ["--test", test])]
    command = ["cargo", "test", "--locked", "--package", "tokmint", "--no-run", "--message-format", "json", *flags]
    output = subprocess.run(command, cwd=TREE, capture_output=True, text=True, env=ENVIRONMENT)
    programs, broken, others = {}, set(), []
    for line in output.stdout.splitlines():
        message = json.loads(line)
        if message["reason"] == "compiler-artifact" and message.get("executable"):
            target = message["target"]
            programs["lib" if "lib" in target["kind"] else target["name"]] = Path(message["executable"])
        elif message["reason"] == "compiler-message" and message["message"]["level"].startswith("error"):
            spans = [span for span in message["message"]["spans"] if span["is_primary"]]
            found = {mutant_at(span["file_name"], span["line_start"]) for span in spans} - {None}
            broken |= found
            if spans and not found:
                others.append(message["message"]["rendered"])
    if output.returncode == 0:
        return programs, set()
    if not broken:
        sys.exit("".join(others) or output.stderr)
    return {}, broken


def build_all(by_file: dict[str, list[Function]]) -> tuple[dict[str, Path], int]:
    """The test programs with all mutants that compile, and how many do not."""
    unviable = 0
    while True:
        write_tree(by_file)
        programs, broken = build()
        if not broken:
            return programs, unviable
        unviable += len(broken)
        for functions in by_file.values():
            for function in functions:
                function.mutants[:] = [mutant for mutant in function.mutants if mutant.number not in broken]


def passes(program: Path, test: str, number: int, seconds: float) -> bool:
    """Whether a test program passes in time."""

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    process = subprocess.Popen(
        [program, *([] if test in PLAIN else [flag for name in SKIPPED for flag in ("--skip", name)])],
        cwd=TREE / "core",
        env=ENVIRONMENT | {VARIABLE: str(number)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=limited,
    )
    try:
        return process.wait(seconds) == 0
    except subprocess.TimeoutExpired:
        return False
    finally:
        # Children that a test program forked may be left.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def survivors_of(mutants: list[Mutant], programs: dict[str, Path], jobs: int) -> list[Mutant]:
    """Those that no test program notices."""
    limits = {}
    for test, program in programs.items():
        start = time.monotonic()
        if not passes(program, test, 0, 600):
            sys.exit(f"the tests {test} fail without a change")
        limits[test] = max(LEAST_SECONDS, SLOWER * (time.monotonic() - start))

    def noticed_by(mutant: Mutant) -> str | None:
        tests = TESTS + SLOW_TESTS
        return next((test for test in tests if not passes(programs[test], test, mutant.number, limits[test])), None)

    survivors, counts = [], Counter()
    with (WORK / "outcomes").open("w") as outcomes, ThreadPoolExecutor(jobs) as pool:
        for mutant, test in zip(mutants, pool.map(noticed_by, mutants), strict=True):
            print(f"{test or 'survived'}\t{mutant.name}", file=outcomes, flush=True)
            counts[test] += 1
            if not test:
                survivors.append(mutant)
    print("noticed by", ", ".join(f"{test}: {counts[test]}" for test in TESTS + SLOW_TESTS), flush=True)
    return survivors


def survivors_alone(names: list[str]) -> tuple[list[str], int]:
    """Those of these mutants that cargo-mutants finds no test for, and how many do not compile."""
    if not names:
        return [], 0
    output = WORK / "alone"
    shutil.rmtree(output, ignore_errors=True)
    chosen = [flag for name in names for flag in ("--re", f"^{re.escape(name)}$")]
    tests = [f"--cargo-arg={'--lib' if test == 'lib' else f'--test={test}'}" for test in TESTS]
    skipped = [flag for name in SKIPPED for flag in ("--skip", name)]
    plain = [test for test in TESTS if test in PLAIN]
    tests = [flag for flag in tests if not any(flag.endswith(test) for test in plain)]
    result = subprocess.run(
        [
            *("cargo", "mutants", "--package", "tokmint", *chosen, "--output", output, "--no-shuffle"),
            *("--colors", "never", "--jobs", "1", "--minimum-test-timeout", str(LEAST_SECONDS), "--cargo-arg=--locked"),
            *(*tests, "--", "--", *skipped),
        ],
        cwd=ROOT,
        env=ENVIRONMENT | {"CARGO_TARGET_DIR": str(WORK / "build-alone")},
    )
    # 2: a mutant survived. 3: one ran into the timeout.
    if result.returncode not in (0, 2, 3):
        sys.exit(f"cargo mutants ended with status {result.returncode}")
    lines = {kind: (output / f"mutants.out/{kind}.txt").read_text().splitlines() for kind in ("missed", "unviable")}
    # Of equal expressions in one place it tries all, and its patterns fit more than was asked for.
    return [name for name in lines["missed"] if name in names], len(set(lines["unviable"]) & set(names))


def main() -> int:
    parser = argparse.ArgumentParser(description="Changes core, one place at a time, and runs its tests.")
    parser.add_argument("--long", action="store_true", help="all of core, which is the default")
    parser.add_argument("--file", action="append", default=[], metavar="FILE", help="of core; may be repeated")
    parser.add_argument("--jobs", type=int, default=2, help="how many changes are tried at a time")
    arguments = parser.parse_args()
    start = time.monotonic()
    WORK.mkdir(parents=True, exist_ok=True)
    command = ["cargo", "mutants", "--list", "--json", "--package", "tokmint"]
    listed = json.loads(subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout)
    numbers = {mutant["name"]: index for index, mutant in enumerate(listed, 1)}
    chosen = defaultdict(list)
    for mutant in listed:
        if not arguments.file or mutant["file"] in arguments.file:
            chosen[mutant["file"]].append(mutant)
    if unknown := set(arguments.file) - set(chosen):
        parser.error(f"nothing to change in {', '.join(sorted(unknown))}")
    by_file, alone = {}, []
    for file, of_file in chosen.items():
        by_file[file], names = functions_of(file, of_file, numbers)
        alone += names
    programs, unviable = build_all(by_file)
    mutants = [mutant for functions in by_file.values() for function in functions for mutant in function.mutants]
    print(f"{len(mutants)} changes are built at once, {len(alone)} alone, {unviable} do not compile", flush=True)
    survivors = [mutant.name for mutant in survivors_of(mutants, programs, arguments.jobs)]
    missed, more = survivors_alone(alone)
    unviable += more

    # An entry of the list is "- `NAME`: reason", with the name of the mutant without line and column, which every edit
    # moves. It stands for all mutants of this name.
    survived = {re.sub(r":\d+:\d+: ", ": ", name, count=1) for name in survivors + missed}
    explained = set(re.findall(r"^- `([^`]+)`:\s", LISTED.read_text(), re.MULTILINE))
    if not arguments.file and (gone := explained - survived):
        print(f"listed in {LISTED.relative_to(ROOT)}, but noticed by a test:", *sorted(gone), sep="\n")
    if new := survived - explained:
        print(f"noticed by no test, and not listed in {LISTED.relative_to(ROOT)}:", *sorted(new), sep="\n")
        return 1
    count = len(survivors) + len(missed)
    total = sum(map(len, chosen.values()))
    print(f"{time.monotonic() - start:.0f} s")
    print(
        f"RESULT {total:,} changes of {len(chosen)} files | {total - unviable - count:,} noticed, "
        f"{unviable} do not compile, {count} make no difference (core/mutants.md)"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
