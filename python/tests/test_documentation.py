"""The README's examples and the programs that create a session, run as a user would run them."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import tokmint
from support import (
    API_KEY,
    API_SECRET,
    APPLICATION_ID,
    PRIVATE_KEY,
    PUBLIC_KEY,
    REPOSITORY,
    SESSION_ID,
    SESSION_OF_APPLICATION,
    platform,
    run_python,
)

EXAMPLES = REPOSITORY / "python/examples"
README = (REPOSITORY / "python/README.md").read_text("utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def test_the_readme_has_examples() -> None:
    assert len(BLOCKS) == README.count("```python") >= 2


@pytest.mark.parametrize("block", BLOCKS, ids=range(len(BLOCKS)))
def test_each_example_of_the_readme_runs_and_prints_what_it_says(
    block: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("private.key").write_text(PRIVATE_KEY)
    Path("public.key").write_text(PUBLIC_KEY)
    outcome = run_python("-c", block)
    assert outcome.returncode == 0, outcome.stderr
    assert outcome.stdout.splitlines() == re.findall(r"print\(.*\)  # (.+)$", block, re.MULTILINE)


def test_every_group_of_errors_has_its_exception() -> None:
    """The block is written from core's table, so a new group appears in it."""
    table = README.split("<!-- tokmint:generated error-codes -->")[1].split("<!-- tokmint:end -->")[0]
    rows = re.findall(r"^\| `(\w+)` \| (.+) \|$", table, re.MULTILINE)
    classes = {group: type(tokmint._types.make_error(group, "a_new_code", 0, "")) for group, _ in rows}
    assert len(set(classes.values())) == len(classes) == 6
    assert classes["binding"] is tokmint.TokmintError
    for group, codes in rows:
        assert f"| `{classes[group].__name__}`" in README
        assert re.fullmatch(r"(`\w+` \d+(, |$))+", codes)


def test_the_readme_names_every_exception() -> None:
    for name in tokmint.__all__:
        assert name == "__version__" or f"`{name}`" in README, name


PROGRAMS = sorted(EXAMPLES.glob("create_session_*.py"))
OF_PROJECT = {"TOKMINT_API_KEY": API_KEY, "TOKMINT_API_SECRET": API_SECRET}
OF_APPLICATION = {"TOKMINT_APPLICATION_ID": APPLICATION_ID, "TOKMINT_PRIVATE_KEY": PRIVATE_KEY.replace("\n", "\\n")}


def test_there_are_two_programs_that_create_a_session() -> None:
    assert [program.stem for program in PROGRAMS] == ["create_session_httpx", "create_session_urllib"]


def create_session(program: Path, server: str, credentials: "dict[str, str]") -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, str(program), server]
    environment = {**os.environ, **credentials}
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.stem)
@pytest.mark.parametrize("is_project", [True, False], ids=["project", "application"])
def test_the_programs_create_a_session_as_the_platform_documents_it(
    program: Path, is_project: bool, tmp_path: Path
) -> None:
    (tmp_path / "public.key").write_text(PUBLIC_KEY)
    of_project = (API_KEY, API_SECRET, SESSION_ID)
    of_application = (APPLICATION_ID, str(tmp_path / "public.key"), SESSION_OF_APPLICATION)
    with platform(*(of_project if is_project else of_application)) as server:
        outcome = create_session(program, server, OF_PROJECT if is_project else OF_APPLICATION)
    assert outcome.returncode == 0, outcome.stderr
    assert outcome.stdout.strip() == (SESSION_ID if is_project else SESSION_OF_APPLICATION)


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.stem)
@pytest.mark.parametrize("credentials", [{**OF_PROJECT, "TOKMINT_API_SECRET": "another"}, OF_APPLICATION])
def test_the_programs_fail_where_the_platform_refuses(program: Path, credentials: "dict[str, str]") -> None:
    with platform(API_KEY, API_SECRET, SESSION_ID) as server:
        outcome = create_session(program, server, credentials)
    assert outcome.returncode == 1 and "403" in outcome.stderr and not outcome.stdout
