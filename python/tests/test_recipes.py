"""The web applications in `examples`, run as `docs/recipes.md` says, against a stand-in of the REST API."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import jwt
import pytest
import requests

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
    platform,
    project,
    wait_for,
)

EXAMPLES = REPOSITORY / "python/examples"
PEOPLE = {"ada": "access-token-of-ada", "bob": "access-token-of-bob", "eve": "access-token-of-eve"}
OF_PROJECT = {"TOKMINT_API_KEY": API_KEY, "TOKMINT_API_SECRET": API_SECRET}
OF_APPLICATION = {"TOKMINT_APPLICATION_ID": APPLICATION_ID, "TOKMINT_PRIVATE_KEY": PRIVATE_KEY}
GUNICORN = ("gunicorn", "--preload", "--workers=2", "--bind=127.0.0.1:0")
COMMANDS = {
    "flask": (*GUNICORN, "flask_app:app"),
    "fastapi": ("uvicorn", "--port=0", "fastapi_app:app"),
    "django": (*GUNICORN, "django_app:application"),
}
MORE_PEOPLE = """
from django.contrib.auth.models import Group, User
for name, password in {people}.items():
    if name != "ada":
        User.objects.create_user(name, password=password)
Group.objects.create(name="physics").user_set.set(User.objects.exclude(username="eve"))
"""


class App(NamedTuple):
    name: str
    address: str
    log: Path

    def ask(self, person: "str | None", nickname: str = "Ada", room: str = "physics") -> requests.Response:
        address = f"{self.address}/rooms/{room}/token"
        if self.name == "django":
            with requests.Session() as browser:
                self.log_in(browser, person)
                headers = {"X-CSRFToken": browser.cookies["csrftoken"]}
                return browser.post(address, data={"nickname": nickname}, headers=headers, timeout=30)
        headers = {"Authorization": f"Bearer {PEOPLE.get(person, person)}"} if person else {}
        if self.name == "fastapi":
            return requests.post(address, json={"nickname": nickname}, headers=headers, timeout=30)
        return requests.post(address, data={"nickname": nickname}, headers=headers, timeout=30)

    def log_in(self, browser: requests.Session, person: "str | None") -> None:
        page = f"{self.address}/login/"
        browser.get(page, timeout=30)
        form = {"username": person, "password": PEOPLE.get(person or "", "wrong")}
        browser.post(page, data={**form, "csrfmiddlewaretoken": browser.cookies["csrftoken"]}, timeout=30)


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the commands of `django_app.py` prepare."""
    folder = tmp_path_factory.mktemp("django")
    environment = {**os.environ, **OF_PROJECT, "SECRET_KEY": "x" * 50, "DJANGO_SUPERUSER_PASSWORD": PEOPLE["ada"]}
    for command in [
        ["migrate", "--verbosity=0"],
        ["createcachetable"],
        ["createsuperuser", "--no-input", "--username=ada", "--email=ada@example.com"],
        ["shell", "--command", MORE_PEOPLE.format(people=PEOPLE)],
    ]:
        subprocess.run([sys.executable, EXAMPLES / "django_app.py", *command], env=environment, cwd=folder, check=True)
    return folder / "db.sqlite3"


Run = Callable[[str, "dict[str, str]", str], "tuple[subprocess.Popen[bytes], App]"]


@pytest.fixture(scope="module")
def run(database: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Starts an application in a folder of its own."""

    def run(name: str, credentials: "dict[str, str]", api_url: str) -> "tuple[subprocess.Popen[bytes], App]":
        folder = tmp_path_factory.mktemp(name)
        shutil.copy(database, folder)
        environment = {
            **os.environ,
            **credentials,
            "API_URL": api_url,
            "ACCESS_TOKENS": json.dumps({token: person for person, token in PEOPLE.items()}),
            "SECRET_KEY": "x" * 50,
            "ALLOWED_HOSTS": "127.0.0.1",
            "PYTHONPATH": str(EXAMPLES),
        }
        with (folder / "log").open("w") as log:
            command = [sys.executable, "-m", *COMMANDS[name]]
            process = subprocess.Popen(command, env=environment, cwd=folder, stdout=log, stderr=log)
        return process, App(name, "", folder / "log")

    return run


@contextmanager
def running(run: Run, name: str, credentials: "dict[str, str]", api_url: str) -> Iterator[App]:
    process, app = run(name, credentials, api_url)
    try:
        yield app._replace(address=wait_for(app.log, r"(?:Listening at:|running on) (http://[\d.:]+)"))
    finally:
        process.terminate()
        process.wait(30)
    log = app.log.read_text()
    for secret in [API_SECRET, *PRIVATE_KEY.splitlines()[1:-1], *PEOPLE.values(), "eyJ"]:
        assert secret not in log


class Kind(NamedTuple):
    """What is expected of an application with credentials of a kind."""

    session_id: str
    key: str
    algorithm: str
    issuer: "dict[str, str]"
    public: str


PROJECT = Kind(SESSION_ID, API_SECRET, "HS256", {"iss": API_KEY, "ist": "project"}, API_KEY)
APPLICATION = Kind(SESSION_OF_APPLICATION, PUBLIC_KEY, "RS256", {"application_id": APPLICATION_ID}, APPLICATION_ID)


@pytest.fixture(scope="module")
def public_key(tmp_path_factory: pytest.TempPathFactory) -> str:
    file = tmp_path_factory.mktemp("key") / "public.key"
    file.write_text(PUBLIC_KEY)
    return str(file)


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("kind", [PROJECT, APPLICATION], ids=["project", "application"])
def test_a_recipe_serves_those_who_belong_to_the_room_and_refuses_others(
    name: str, kind: Kind, run: Run, public_key: str
) -> None:
    is_project = kind is PROJECT
    credentials = (API_KEY, API_SECRET) if is_project else (APPLICATION_ID, public_key)
    with (
        platform(*credentials, kind.session_id) as api,
        running(run, name, OF_PROJECT if is_project else OF_APPLICATION, api) as app,
    ):
        for stranger in (None, "mallory"):
            assert app.ask(stranger).status_code == 401
        assert app.ask("eve").status_code == app.ask("ada", room="no-room").status_code == 404
        assert requests.get(api, timeout=30).json() == 0

        for person, role in [("ada", "moderator"), ("bob", "publisher")]:
            response = app.ask(person, "Jürgen")
            assert response.status_code == 200, response.text
            token = response.json()["token"]
            assert response.json() == {"apiKey": kind.public, "sessionId": kind.session_id, "token": token}
            check_token(token, kind, person, role)
        # Both are in the same session, although another process may have served the second.
        assert requests.get(api, timeout=30).json() == 1

        refused = app.ask("ada", "x" * 1000)
        assert (refused.status_code, refused.json()) == (400, {"error": "data_too_long"})


def check_token(token: str, kind: Kind, person: str, role: str) -> None:
    opentok = project() if kind is PROJECT else application()
    assert opentok.verify_token(token, session_id=kind.session_id).role == role
    claims = jwt.decode(token, kind.key, [kind.algorithm], options={"require": ["exp", "iat"]})
    said: dict[str, Any] = {"session_id": kind.session_id, "scope": "session.connect", "role": role, **kind.issuer}
    assert said.items() <= claims.items()
    assert claims["exp"] - claims["iat"] == 3600
    assert json.loads(claims["connection_data"]) == {"user": person, "nickname": "Jürgen"}


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize(
    ("of_platform", "in_log"),
    [
        ((API_KEY, "another" * 5, SESSION_ID), "403"),
        # The client did not send the session, so its error is not the client's.
        ((API_KEY, API_SECRET, SESSION_OF_OTHER_PROJECT), "SessionError"),
    ],
    ids=["refused", "other-session"],
)
def test_what_is_not_the_clients_fault_is_a_500_that_says_nothing(
    name: str, of_platform: "tuple[str, ...]", in_log: str, run: Run
) -> None:
    with platform(*of_platform) as api, running(run, name, OF_PROJECT, api) as app:
        response = app.ask("ada")
        assert response.status_code == 500
        for word in ("Error:", "Traceback", "tokmint", "session", "project", "token", API_KEY, api):
            assert word not in response.text
        wait_for(app.log, f"({in_log})")  # It may come after the response.


@pytest.mark.parametrize("name", COMMANDS)
def test_a_bad_credential_ends_the_start(name: str, run: Run) -> None:
    process, app = run(name, {**OF_PROJECT, "TOKMINT_API_KEY": "no key"}, "http://127.0.0.1:9")
    try:
        assert process.wait(30) != 0
    finally:
        process.kill()
    assert "CredentialsError: the API key" in app.log.read_text()
    assert API_SECRET not in app.log.read_text()
