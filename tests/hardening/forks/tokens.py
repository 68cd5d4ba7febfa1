"""Generates tokens for the check of forks, in this process or in those that its user makes."""

import os
from pathlib import Path

from tokmint import OpenTok

SESSION_ID = "1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4"
NOW = 1_700_000_000
TOKENS = int(os.environ["TOKENS"])
FOLDER = Path(os.environ["FOLDER"])

# Made before any fork, and used by every process.
OPENTOK = OpenTok("123456", "1234567890abcdef1234567890abcdef1234567890")
SESSION = OPENTOK.session(SESSION_ID)


def generate(name: object, count: int = TOKENS) -> None:
    """Writes tokens that differ in nothing but their nonce or jti."""
    file = FOLDER / f"{name}-{os.getpid()}"
    with file.open("a") as output:
        for _ in range(count // 2):
            of_opentok = OPENTOK.generate_token(SESSION_ID, create_time=NOW)
            of_session = SESSION.generate_token(create_time=NOW)
            rest = [OPENTOK.generate_rest_token(create_time=NOW) for _ in range(2)]
            print(of_opentok, of_session, *rest, sep="\n", file=output)
    # Whole only under this name.
    file.rename(file.with_suffix(".done"))


def with_child(name: object) -> None:
    """The same in a process that makes a child of its own first."""
    child = os.fork()
    if child == 0:
        generate(f"{name}-grandchild")
        os._exit(0)
    generate(name)
    if os.waitpid(child, 0)[1] != 0:
        raise ChildProcessError


generate("parent", 100)
