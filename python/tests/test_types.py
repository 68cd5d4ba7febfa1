"""The types that editors and type checkers see: they agree with the module, and accept and refuse what it does."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from support import REPOSITORY

PROGRAMS = [REPOSITORY / "python/tests/typed_program.py", REPOSITORY / "python/examples/fastapi_app.py"]


def check(folder: Path, *command: str) -> None:
    # Pyright asks the first `python` on the path where the packages are.
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "MYPY_CACHE_DIR": str(folder)}
    outcome = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr


def test_stubs_agree_with_the_module(tmp_path: Path) -> None:
    check(tmp_path, "mypy.stubtest", "tokmint._tokmint")


# In a program with ignored errors, one that is none is reported: each line that is to be refused is checked as well.
def test_mypy_agrees(tmp_path: Path) -> None:
    for program in PROGRAMS:
        check(tmp_path, "mypy", "--strict", str(program))
    check(tmp_path, "mypy", "--strict", "--package", "tokmint")


def test_pyright_agrees(tmp_path: Path) -> None:
    settings = {"typeCheckingMode": "strict", "reportUnnecessaryTypeIgnoreComment": True}
    (tmp_path / "pyrightconfig.json").write_text(json.dumps(settings))
    for program in PROGRAMS:
        shutil.copy(program, tmp_path)
    check(tmp_path, "pyright", *(program.name for program in PROGRAMS))
    check(tmp_path, "pyright", "--verifytypes", "tokmint", "--ignoreexternal")


def test_typed_program_runs() -> None:
    assert subprocess.run([sys.executable, str(PROGRAMS[0])], timeout=60).returncode == 0
