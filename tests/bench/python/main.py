"""What a token costs in Python beside PyPI's `opentok` and PyJWT with the same claims, and what importing costs.

All contenders take turns in short batches, so that whatever else the machine does falls on all of them; the median
batch counts. The ratios are what a shared machine can show. Run with `make bench-python`.
"""

import secrets
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import jwt
import opentok as official

import tokmint

API_KEY = "123456"
API_SECRET = "1234567890abcdef1234567890abcdef1234567890"
SESSION_ID = "1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4"
DATA = "name=Johnny&level=4"
CLASSES = ["focus", "main"]

ROUNDS = 101
"""Batches that each contender runs."""
BATCH_SECONDS = 0.004

Contender = tuple[str, Callable[[], object]]

ours = tokmint.OpenTok(API_KEY, API_SECRET)
theirs = official.Client(API_KEY, API_SECRET)
MODERATOR = official.Roles.moderator


# Each call is written out, so that no function of the benchmark's own is measured with it.


def our_jwt() -> str:
    return ours.generate_token(SESSION_ID, "moderator", data=DATA, initial_layout_class_list=CLASSES)


def our_t1() -> str:
    return ours.generate_token(SESSION_ID, "moderator", data=DATA, initial_layout_class_list=CLASSES, token_format="t1")


def their_jwt() -> str:
    return theirs.generate_token(SESSION_ID, MODERATOR, data=DATA, initial_layout_class_list=CLASSES)


def their_t1() -> str:
    return theirs.generate_token(SESSION_ID, MODERATOR, data=DATA, initial_layout_class_list=CLASSES, use_jwt=False)


def pyjwt_token() -> str:
    """The same claims, put together by hand as one does with a JWT library; nothing is checked."""
    now = int(time.time())
    claims = {
        "session_id": SESSION_ID,
        "role": "moderator",
        "iat": now,
        "exp": now + 86_400,
        "scope": "session.connect",
        "initial_layout_class_list": " ".join(CLASSES),
        "connection_data": DATA,
        "iss": API_KEY,
        "ist": "project",
        "nonce": secrets.randbits(53),
    }
    return jwt.encode(claims, API_SECRET, "HS256")


def batch_seconds(call: Callable[[], object], calls: int) -> float:
    turns = range(calls)
    start = time.perf_counter()
    for _ in turns:
        call()
    return time.perf_counter() - start


def compare(title: str, contenders: list[Contender]) -> None:
    """Prints the median time of a call of each contender, and how many times faster the first one is."""
    calls = [max(1, int(BATCH_SECONDS / (batch_seconds(call, 20) / 20))) for _, call in contenders]
    seconds: list[list[float]] = [[] for _ in contenders]
    for _ in range(ROUNDS):
        for (_, call), count, times in zip(contenders, calls, seconds, strict=True):
            times.append(batch_seconds(call, count) / count)
    print(f"\n{title}")
    medians = [statistics.median(times) for times in seconds]
    for (name, _), median in zip(contenders, medians, strict=True):
        print(f"  {name:<34}{median * 1e6:9.2f} us{median / medians[0]:9.1f} x")


def import_seconds(module: str) -> float:
    """Imports a module in a fresh interpreter; the interpreter's own start does not count."""
    script = f"import time; start = time.perf_counter(); import {module}; print(time.perf_counter() - start)"
    return float(subprocess.run([sys.executable, "-c", script], capture_output=True, check=True).stdout)


def main() -> None:
    names = ("tokmint", "opentok", "PyJWT", "cryptography")
    print(f"Python {sys.version.split()[0]}, {', '.join(f'{name} {version(name)}' for name in names)}")
    token, t1_token = our_jwt(), our_t1()
    # All contenders make tokens that say the same.
    for other in (token, t1_token, their_jwt(), their_t1(), pyjwt_token()):
        said = ours.verify_token(other)
        assert (said.role, said.data, list(said.initial_layout_class_list)) == ("moderator", DATA, CLASSES)
    compare(
        "Generate a JWT with role, data and two layout classes",
        [("tokmint", our_jwt), ("opentok", their_jwt), ("PyJWT, claims by hand", pyjwt_token)],
    )
    compare(
        "Generate a T1 token with role, data and two layout classes",
        [("tokmint", our_t1), ("opentok", their_t1)],
    )
    compare(
        "Verify",
        [
            ("tokmint, JWT", lambda: ours.verify_token(token)),
            ("tokmint, T1", lambda: ours.verify_token(t1_token)),
            ("PyJWT, signature, issuer and times", lambda: jwt.decode(token, API_SECRET, ["HS256"], issuer=API_KEY)),
        ],
    )
    compare(
        "Inspect",
        [
            ("verify a JWT", lambda: ours.verify_token(token)),
            ("inspect it", lambda: ours.inspect_token(token)),
            ("inspect it without credentials", lambda: tokmint.inspect_token(token)),
            ("inspect a T1 token", lambda: ours.inspect_token(t1_token)),
        ],
    )
    print("\nImport, median of 15 fresh interpreters")
    imports = {module: [import_seconds(module) for _ in range(15)] for module in ("tokmint", "opentok", "jwt")}
    for module, times in imports.items():
        print(f"  {module:<34}{statistics.median(times) * 1e3:9.2f} ms")
    module = next(Path(tokmint.__file__).parent.glob("_tokmint*.so"))
    print(f"\nNative module: {module.stat().st_size} bytes")


if __name__ == "__main__":
    main()
