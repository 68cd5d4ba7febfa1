"""What is too long is refused at once and without a copy, in every language: a token, an ID, data, a key.

    large_inputs.py --short | --long [LANGUAGE...]

Each program passes 10 MB everywhere, and 100 MB in the long form. Where a language must convert a whole string before
anything can be told of it, CONVERSIONS says what that may cost.
"""

import argparse
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parent / "languages"))
import programs

SHORT, LONG = (10_000_000,), (10_000_000, 100_000_000)


class Cost(NamedTuple):
    nanoseconds: int
    """Of a call, whatever the size."""
    of_a_megabyte: int
    """Nanoseconds more for each."""
    copies: float


REFUSED_AT_ONCE = Cost(20_000, 0, 0.5)

# Where the whole string is read: data, whose length is stated in UTF-16 code units, and classes, which hold no space.
READ = Cost(20_000, 3_000_000, 0.5)
# In C a string must be checked for UTF-8.
CHECKED = Cost(20_000, 300_000, 0.5)
# Languages with strings of their own make UTF-8 of a whole string before core sees it.
CONVERSIONS = {
    # Swift hands over UTF-8 of a whole token, as UniFFI takes it.
    ("swift", "token"): Cost(20_000, 40_000_000, 4),
    # An inspection of any length makes a finding, and objects of the language for it.
    ("node", "token_inspected"): Cost(200_000, 0, 0.5),
    ("jvm", "token_inspected"): Cost(200_000, 0, 0.5),
    ("wasm", "token_inspected"): Cost(500_000, 100_000, 0.5),
    ("*", "token"): REFUSED_AT_ONCE,
    ("rust", "data"): READ,
    ("rust", "layout_class"): READ,
    ("cpp", "data"): READ,
    ("cpp", "layout_class"): READ,
    ("cpp", "private_key"): REFUSED_AT_ONCE,
    ("cpp", "public_key"): REFUSED_AT_ONCE,
    ("cpp", ""): CHECKED,
    ("python", "data"): READ,
    ("python", "layout_class"): READ,
    ("node", "private_key_as_bytes"): REFUSED_AT_ONCE,
    ("node", ""): Cost(20_000, 8_000_000, 1.5),
    ("wasm", ""): Cost(20_000, 15_000_000, 8),
    ("jvm", ""): Cost(20_000, 40_000_000, 60),
    ("swift", "private_key_as_bytes"): REFUSED_AT_ONCE,
    ("swift", ""): Cost(20_000, 40_000_000, 4),
}


def cost(language: str, place: str) -> Cost:
    """What a call may cost."""
    for (of_language, start), allowed in CONVERSIONS.items():
        if of_language in ("*", language) and place.startswith(start):
            return allowed
    return REFUSED_AT_ONCE


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--long", action="store_true")
    parser.add_argument("languages", nargs="*")
    arguments = parser.parse_args()
    sizes = LONG if arguments.long else SHORT
    commands = programs.chosen(arguments.languages)
    faults, slowest, calls = [], 0, 0
    for language, command in commands.items():
        process = subprocess.run(
            [*command, "large_inputs", str(programs.PRIVATE_KEY), *map(str, sizes)],
            capture_output=True,
            text=True,
            check=False,
        )
        if process.returncode != 0:
            sys.exit(f"{process.stdout}{process.stderr}\n{language}: status {process.returncode}")
        lines = process.stdout.splitlines()
        if len(lines) < 15 * len(sizes):
            sys.exit(f"{process.stdout}\n{language}: {len(lines)} lines")
        print(f"{language}: place, bytes, outcome, ns, kB that the process grew by\n{process.stdout}", flush=True)
        for line in lines:
            place, size, outcome, nanoseconds, grown = line.split()
            allowed = cost(language, place)
            is_slow = int(nanoseconds) > allowed.nanoseconds + allowed.of_a_megabyte * int(size) / 1e6
            is_copied = int(grown) * 1024 > allowed.copies * int(size)
            if outcome != "refused" or is_slow or is_copied:
                faults.append(f"{language} {line}")
            if allowed == REFUSED_AT_ONCE:
                slowest = max(slowest, int(nanoseconds))
            calls += 1
    for fault in faults:
        print(f"NOT AT ONCE {fault}")
    print(
        f"RESULT strings of {' and '.join(f'{size // 1_000_000} MB' for size in sizes)} in {calls} places of "
        f"{', '.join(commands)} | tokens, and whatever is not converted: refused without a copy in at most "
        f"{slowest / 1000:.1f} us; {len(faults)} places take more than they may"
    )
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
