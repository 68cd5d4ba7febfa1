"""The README's examples and the example application, run as a user would run them."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

import tokmint
from support import API_KEY, API_SECRET, REPOSITORY, SESSION_ID, SESSION_OF_OTHER_PROJECT, project, run_python, wait_for

EXAMPLES = REPOSITORY / "python/examples"
README = (REPOSITORY / "python/README.md").read_text("utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def test_the_readme_has_examples() -> None:
    assert len(BLOCKS) == README.count("```python") >= 2


@pytest.mark.parametrize("block", BLOCKS, ids=range(len(BLOCKS)))
def test_each_example_of_the_readme_runs_and_prints_what_it_says(block: str) -> None:
    outcome = run_python("-c", block)
    assert outcome.returncode == 0, outcome.stderr
    assert outcome.stdout.splitlines() == re.findall(r"print\(.*\)  # (.+)$", block, re.MULTILINE)


def test_the_readme_names_every_exception() -> None:
    for name in tokmint.__all__:
        assert name == "__version__" or f"`{name}`" in README, name


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    log = tmp_path_factory.mktemp("example") / "log"
    environment = {**os.environ, "TOKMINT_API_KEY": API_KEY, "TOKMINT_API_SECRET": API_SECRET}
    command = [sys.executable, "-m", "uvicorn", "--port=0", f"--app-dir={EXAMPLES}", "fastapi_app:app"]
    with log.open("w") as output:
        process = subprocess.Popen(command, env=environment, stdout=output, stderr=output, cwd=log.parent)
    try:
        yield wait_for(log, r"running on (http://\S+)")
    finally:
        process.terminate()
        process.wait(30)
    assert API_SECRET not in log.read_text()


def ask(server: str, session_id: str, user: "str | None") -> "tuple[int, Any]":
    headers = {"Authorization": f"Bearer {user}-access-token"} if user else {}
    request = Request(f"{server}/sessions/{session_id}/token", method="POST", headers=headers)
    try:
        with urlopen(request, timeout=30) as response:
            return response.status, json.load(response)
    except HTTPError as error:
        with error:
            return error.code, json.load(error)


@pytest.mark.parametrize(("user", "role"), [("ada", "moderator"), ("bob", "publisher")])
def test_the_example_gives_a_user_the_token_of_their_role(server: str, user: str, role: str) -> None:
    status, reply = ask(server, SESSION_ID, user)
    assert (status, reply["role"]) == (200, role)
    verified = project().verify_token(reply["token"], session_id=SESSION_ID)
    assert (verified.role, verified.data) == (role, f"user={user}")
    assert datetime.fromisoformat(reply["expires_at"].replace("Z", "+00:00")) == verified.expires_at
    assert verified.expires_at <= datetime.now(timezone.utc) + timedelta(hours=1)


@pytest.mark.parametrize(
    ("user", "session_id", "expected"),
    [
        (None, SESSION_ID, 401),
        ("mallory", SESSION_ID, 401),
        ("eve", SESSION_ID, 403),
        ("ada", SESSION_OF_OTHER_PROJECT, 404),
        ("ada", "no-session", 404),
    ],
)
def test_the_example_refuses_others(server: str, user: "str | None", session_id: str, expected: int) -> None:
    status, reply = ask(server, session_id, user)
    assert (status, set(reply)) == (expected, {"detail"})
