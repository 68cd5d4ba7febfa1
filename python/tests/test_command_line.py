"""The command `tokmint` that the package installs, which is that of the Rust program.

Here it prints what the documentation shows, and ends as a program does. All tests of the program run with it too: set
`TOKMINT_COMMAND` to its path and run `cargo test -p tokmint-cli --test command_line`.
"""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import tokmint
from support import API_KEY, API_SECRET, REPOSITORY, SESSION_ID, project, run_python

COMMAND = Path(sys.executable).with_name("tokmint")
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("TOKMINT_")}


def transcripts(page: str) -> list[tuple[str, str]]:
    """The calls of a page, each after the settings above it, and what the page says that they print."""
    blocks = (REPOSITORY / "docs" / page).read_text("utf-8").split("```\n")[1::2]
    calls, settings = [], ""
    for block in blocks:
        line, output = block.removeprefix("$ ").split("\n", 1)
        if line.startswith("tokmint "):
            calls.append((settings + line, output))
        else:
            settings += f"{line}\n"
    return calls


@pytest.mark.parametrize(("page", "count"), [("inspect.md", 6), ("compare.md", 2)])
def test_it_prints_what_the_documentation_shows(page: str, count: int) -> None:
    calls = transcripts(page)
    assert len(calls) == count
    for call, output in calls:
        environment = {**ENVIRONMENT, "PATH": f"{COMMAND.parent}:{os.environ['PATH']}"}
        outcome = subprocess.run(["sh", "-c", call], cwd=REPOSITORY, env=environment, capture_output=True)
        assert (outcome.stdout.decode(), outcome.stderr) == (output, b"")
        assert outcome.returncode == bool(re.search("^(refused|lost|changed) ", output, re.MULTILINE))


def test_what_it_generates_is_a_token_of_this_package() -> None:
    arguments = ["generate", "--secret-stdin", "--api-key", API_KEY, "--session-id", SESSION_ID, "--data", "größe"]
    secret = f"{API_SECRET}\n".encode()
    outcome = subprocess.run([COMMAND, *arguments], env=ENVIRONMENT, input=secret, capture_output=True)
    assert (outcome.returncode, outcome.stderr) == (0, b"")
    assert project().verify_token(outcome.stdout.decode().removesuffix("\n")).data == "größe"


def test_version_and_usage_and_the_module_is_the_same_command() -> None:
    for arguments, status in [(["--version"], 0), ([], 2), (["self-test", "x"], 2), (["verify", "x"], 2)]:
        by_module = run_python("-m", "tokmint", *arguments)
        by_command = subprocess.run([COMMAND, *arguments], env=ENVIRONMENT, capture_output=True, text=True)
        assert by_module.returncode == by_command.returncode == status
        assert (by_module.stdout, by_module.stderr) == (by_command.stdout, by_command.stderr)
    assert run_python("-m", "tokmint", "--version").stdout == f"tokmint {tokmint.__version__}\n"


def test_the_self_test_is_that_of_the_package() -> None:
    by_command = subprocess.run([COMMAND, "self-test"], env=ENVIRONMENT, capture_output=True, text=True)
    assert by_command.stdout == run_python("-m", "tokmint", "self-test").stdout
    assert "CPython" in by_command.stdout and by_command.returncode == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_while_it_waits_for_a_token(number: signal.Signals) -> None:
    pipe = subprocess.PIPE
    # A child inherits a signal that is ignored, as a shell ignores SIGINT in the background, and no handler.
    before = signal.signal(number, lambda *_: None)
    with subprocess.Popen([COMMAND, "inspect"], env=ENVIRONMENT, stdin=pipe, stdout=pipe, stderr=pipe) as process:
        signal.signal(number, before)
        # A pipe holds 65,536 bytes: when all are written it has begun to read, and waits for the rest.
        assert process.stdin
        process.stdin.write(b"x" * 65_537)
        process.send_signal(number)
        assert process.wait(60) == -number
        assert process.stderr and process.stderr.read() == b""


def test_a_reader_that_leaves_is_no_error() -> None:
    read, write = os.pipe()
    os.close(read)
    outcome = subprocess.run([COMMAND, "completions", "zsh"], env=ENVIRONMENT, stdout=write, stderr=subprocess.PIPE)
    os.close(write)
    assert (outcome.returncode, outcome.stderr) == (0, b"")
