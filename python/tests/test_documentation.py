"""The README's examples and the example programs, run as a user would run them."""

import json
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import parse_qs
from urllib.request import Request, urlopen

import jwt
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
    SESSION_OF_OTHER_PROJECT,
    application,
    project,
    run_python,
    wait_for,
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


class Platform(ThreadingHTTPServer):
    """What the platform documents about creating a session, as far as a caller can get it wrong."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), CreateSession)
        self.tokens: list[str] = []
        self.address = f"http://127.0.0.1:{self.server_port}"


class CreateSession(BaseHTTPRequestHandler):
    server: Platform

    def session_of_project(self, token: str) -> str:
        required = ["iss", "ist", "iat", "exp", "jti"]
        claims = jwt.decode(token, API_SECRET, ["HS256"], issuer=API_KEY, options={"require": required})
        assert claims["ist"] == "project" and claims["exp"] - claims["iat"] == 180
        assert set(claims) == set(required)
        return SESSION_ID

    def session_of_application(self, scheme: str, token: str) -> str:
        assert scheme == "Bearer"
        required = ["application_id", "iat", "exp", "jti"]
        claims = jwt.decode(token, PUBLIC_KEY, ["RS256"], options={"require": required})
        assert claims["application_id"] == APPLICATION_ID and claims["exp"] - claims["iat"] == 900
        assert set(claims) == set(required)
        return SESSION_OF_APPLICATION

    def created(self) -> str:
        assert self.path == "/session/create"
        assert self.headers["Accept"] == "application/json"
        assert self.headers["Content-Type"] == "application/x-www-form-urlencoded"
        said = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode(), strict_parsing=True)
        assert said == {"p2p.preference": ["disabled"], "archiveMode": ["manual"]}
        headers = [self.headers[name] for name in ("X-OPENTOK-AUTH", "Authorization")]
        if headers[1] is None:
            self.server.tokens.append(headers[0])
            return self.session_of_project(headers[0])
        assert headers[0] is None
        self.server.tokens.append(headers[1].split()[1])
        return self.session_of_application(*headers[1].split(" "))

    def do_POST(self) -> None:
        try:
            session_id = self.created()
        except Exception as error:
            self.send_error(403, repr(error)[:200].replace("\n", " "))
            return
        body = json.dumps([{"session_id": session_id, "create_dt": time.ctime(), "media_server_url": ""}]).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def platform() -> Iterator[Platform]:
    with Platform() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


RECIPES = sorted(EXAMPLES.glob("create_session_*.py"))
OF_PROJECT = {"TOKMINT_API_KEY": API_KEY, "TOKMINT_API_SECRET": API_SECRET}
OF_APPLICATION = {"TOKMINT_APPLICATION_ID": APPLICATION_ID, "TOKMINT_PRIVATE_KEY": PRIVATE_KEY.replace("\n", "\\n")}


def test_there_are_two_recipes() -> None:
    assert [recipe.stem for recipe in RECIPES] == ["create_session_httpx", "create_session_urllib"]


def create_session(recipe: Path, server: str, credentials: "dict[str, str]") -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, str(recipe), server]
    environment = {**os.environ, **credentials}
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.stem)
@pytest.mark.parametrize(
    ("credentials", "opentok"),
    [(OF_PROJECT, project()), (OF_APPLICATION, application())],
    ids=["project", "application"],
)
def test_the_recipes_create_a_session_as_the_platform_documents_it(
    recipe: Path, credentials: "dict[str, str]", opentok: tokmint.OpenTok, platform: Platform
) -> None:
    outcome = create_session(recipe, platform.address, credentials)
    assert outcome.returncode == 0, outcome.stderr
    assert opentok.generate_token(outcome.stdout.strip())
    (token,) = platform.tokens
    with pytest.raises(tokmint.TokenError):
        opentok.verify_token(token)


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.stem)
@pytest.mark.parametrize(
    "credentials",
    [
        {**OF_PROJECT, "TOKMINT_API_SECRET": "another"},
        {**OF_APPLICATION, "TOKMINT_APPLICATION_ID": APPLICATION_ID.replace("a", "b")},
    ],
)
def test_the_recipes_fail_where_the_platform_refuses(
    recipe: Path, credentials: "dict[str, str]", platform: Platform
) -> None:
    outcome = create_session(recipe, platform.address, credentials)
    assert outcome.returncode == 1 and "403" in outcome.stderr and not outcome.stdout
