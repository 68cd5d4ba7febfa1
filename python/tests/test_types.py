"""The types that editors and type checkers see: they agree with the module, and accept and refuse what it does."""

import ast
import inspect
import json
import os
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import tokmint
from support import PRIVATE_KEY, PUBLIC_KEY, REPOSITORY

EXAMPLES = sorted((REPOSITORY / "python/examples").glob("*.py"))
# Django has no types.
TYPED_EXAMPLES = [program for program in EXAMPLES if program.stem != "django_app"]
PROGRAMS = [REPOSITORY / "python/tests/typed_program.py", *TYPED_EXAMPLES]
STUB = REPOSITORY / "python/src/tokmint/_tokmint.pyi"


# Their base classes are those of the package `opentok`, which has no types.
UNTYPED = {f"tokmint.opentok.{name}" for name in ("Client", "OpenTok", "TokenException", "TokenTypeError")}


def run(folder: Path, *command: str) -> "subprocess.CompletedProcess[str]":
    # Pyright asks the first `python` on the path where the packages are.
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "MYPY_CACHE_DIR": str(folder)}
    return subprocess.run(
        [sys.executable, "-m", *command],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
    )


def check(folder: Path, *command: str) -> None:
    outcome = run(folder, *command)
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr


def test_stubs_agree_with_the_module(tmp_path: Path) -> None:
    check(tmp_path, "mypy.stubtest", "tokmint._tokmint")


# In a program with ignored errors, one that is none is reported: each line that is to be refused is checked as well.
def test_mypy_agrees(tmp_path: Path) -> None:
    for program in PROGRAMS:
        check(tmp_path, "mypy", "--strict", str(program))
    check(tmp_path, "mypy", "--strict", "--package", "tokmint")
    sample = (REPOSITORY / "python/tests/opentok_sample.py").read_text()
    (tmp_path / "sample.py").write_text(sample.replace("\nfrom opentok import", "\nfrom tokmint.opentok import"))
    check(tmp_path, "mypy", "--strict", "sample.py")


def test_pyright_agrees(tmp_path: Path) -> None:
    settings = {"typeCheckingMode": "strict", "reportUnnecessaryTypeIgnoreComment": True}
    (tmp_path / "pyrightconfig.json").write_text(json.dumps(settings))
    for program in PROGRAMS:
        shutil.copy(program, tmp_path)
    check(tmp_path, "pyright", *(program.name for program in PROGRAMS))
    outcome = run(tmp_path, "pyright", "--verifytypes", "tokmint", "--ignoreexternal", "--outputjson")
    symbols = json.loads(outcome.stdout)["typeCompleteness"]["symbols"]
    assert {symbol["name"] for symbol in symbols if not symbol["isTypeKnown"]} == UNTYPED
    assert len(symbols) > 100


def test_typed_program_runs() -> None:
    assert subprocess.run([sys.executable, str(PROGRAMS[0]), PRIVATE_KEY, PUBLIC_KEY], timeout=60).returncode == 0


def with_documentation(stub: str) -> str:
    """Give each class and function of the stub the documentation that `help` shows."""
    lines = stub.splitlines(keepends=True)

    def offset(line: Any, column: Any) -> int:
        return sum(map(len, lines[: line - 1])) + column

    places = []
    for top in ast.parse(stub).body:
        if not isinstance(top, ast.ClassDef | ast.FunctionDef):
            continue
        runtime = getattr(tokmint._tokmint, top.name)
        places.append((top, runtime))
        members = top.body if isinstance(top, ast.ClassDef) else []
        for member in members:
            if isinstance(member, ast.FunctionDef) and not member.name.startswith("__"):
                places.append((member, getattr(runtime, member.name)))
    assert len(places) >= 6
    for node, runtime in reversed(places):
        text = inspect.getdoc(runtime)
        assert text, node.name
        quoted = f'"""{text}\n"""' if "\n" in text else f'"""{text}"""'
        documentation = textwrap.indent(quoted, " " * (node.col_offset + 4))
        first = node.body[0]
        start, end = offset(first.lineno, first.col_offset), offset(first.end_lineno, first.end_col_offset)
        # An expression is what it replaces: the old documentation, or `...`.
        rest = stub[end:] if isinstance(first, ast.Expr) else f"\n\n    {stub[start:]}"
        stub = f"{stub[:start].rstrip()}\n{documentation}{rest}"
    return stub


def test_editors_show_the_documentation_that_help_shows() -> None:
    """It is written once, in Rust. TOKMINT_UPDATE=1 copies it to the stub."""
    stub = STUB.read_text("utf-8")
    documented = with_documentation(stub)
    if os.environ.get("TOKMINT_UPDATE") == "1":
        STUB.write_text(documented, "utf-8")
    assert stub == documented
