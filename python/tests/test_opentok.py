"""`tokmint.opentok` beside the package `opentok` that it extends: the same calls, with tokens of tokmint."""

import base64
import copy
import json
import os
import pickle
import re
import subprocess
import sys
import tarfile
import threading
import time
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import parse_qs, parse_qsl
from urllib.request import urlopen

import jwt
import opentok
import pytest

import tokmint.opentok
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
    project,
    run_python,
    verifier,
)
from tokmint.opentok import Client, OpenTokException, Roles, Session, TokenException, TokenTypeError

TESTS = REPOSITORY / "python/tests"
SDIST = Path(os.environ["TOKMINT_OPENTOK_SDIST"])
DAY = 24 * 60 * 60
SESSION_OF_654321 = "1_MX42NTQzMjF-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4"


def client() -> Client:
    return Client(API_KEY, API_SECRET)


def is_of_tokmint(token: str) -> bool:
    """Whether tokmint wrote the name Jürgen in the data of a JWT: the SDK escapes the letter."""
    claims = base64.urlsafe_b64decode(token.split(".")[1] + "==").decode()
    assert ("Jürgen" in claims) != (r"J\u00fcrgen" in claims)
    return "Jürgen" in claims


def said(token: str) -> "dict[str, Any]":
    """What a token of either says, without what differs in each token."""
    if token.startswith("T1=="):
        fields = dict(parse_qsl(base64.b64decode(token[4:]).decode().split(":", 1)[1]))
        times = int(fields["create_time"]), int(fields["expire_time"])
    else:
        fields = jwt.decode(token, API_SECRET, ["HS256"], issuer=API_KEY)
        times = fields["iat"], fields["exp"]
    return {
        "format": token[:4],
        **{name: fields[name] for name in ("session_id", "role")},
        **{name: fields.get(name, "") for name in ("connection_data", "initial_layout_class_list")},
        "expires": times[1] if times[1] - times[0] != DAY else "in 24 hours",
    }


# The official tests, of the source package: no other package of `opentok` has them.

# They call an application "123456", which is none.
NOT_FOR_TOKMINT = "::test_generate_plain_token_jwt_vonage_wrapper"
# The source package lacks what they import.
HELPERS = """
import base64, hashlib, hmac
from urllib.parse import parse_qsl
import jwt

def token_decoder(token, key=None):
    if token.startswith("T1=="):
        return dict(parse_qsl(base64.b64decode(token[4:]).decode().split(":", 1)[1]))
    return jwt.decode(token, key, ["RS256" if key.startswith("-----") else "HS256"])

def token_signature_validator(token, secret):
    head, said = base64.b64decode(token[4:]).decode().split(":", 1)
    return head.endswith("sig=" + hmac.new(secret.encode(), said.encode(), hashlib.sha1).hexdigest())
"""


def outcomes_of_official_tests(folder: Path, package: str) -> "dict[str, str]":
    tests = folder / "tests"
    (tests / "fake_data").mkdir(parents=True)
    (tests / "fake_data/dummy_private_key.txt").write_text(PRIVATE_KEY)
    (tests / "fake_data/dummy_public_key.txt").write_text(PUBLIC_KEY)
    (tests / "__init__.py").touch()
    (tests / "helpers.py").write_text(HELPERS)
    with tarfile.open(SDIST) as archive:
        for name in ("test_initialization", "test_session", "test_token_generation"):
            member = archive.extractfile(f"{SDIST.name.removesuffix('.tar.gz')}/tests/{name}.py")
            assert member is not None
            source = member.read().decode()
            assert source.count("\nfrom opentok import") == 1
            (tests / f"{name}.py").write_text(source.replace("\nfrom opentok import", f"\nfrom {package} import"))
    command = [sys.executable, "-m", "pytest", "-rA", "-p", "no:cacheprovider", "tests"]
    printed = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300).stdout
    return {test: outcome for outcome, test in re.findall(r"^(PASSED|FAILED|ERROR) (\S+)", printed, re.MULTILINE)}


def test_the_official_tests_pass(tmp_path: Path) -> None:
    before = outcomes_of_official_tests(tmp_path / "before", "opentok")
    assert len(before) == 22 and set(before.values()) == {"PASSED"}, before
    after = outcomes_of_official_tests(tmp_path / "after", "tokmint.opentok")
    assert after == {test: "FAILED" if test.endswith(NOT_FOR_TOKMINT) else "PASSED" for test in before}


# The flow of the official samples, before and after.


class Platform(BaseHTTPRequestHandler):
    """What creates sessions, for the API key and secret of the tests."""

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        claims = jwt.decode(self.headers["X-OPENTOK-AUTH"], API_SECRET, ["HS256"], issuer=API_KEY)
        is_right = (self.path, claims["ist"], form["p2p.preference"]) == ("/session/create", "project", ["disabled"])
        self.send_response(200 if is_right else 403)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps([{"session_id": SESSION_ID}]).encode())

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def platform() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Platform) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def ask(address: str) -> "tuple[int, dict[str, str]]":
    try:
        with urlopen(address, timeout=30) as response:
            return response.status, json.load(response)
    except HTTPError as error:
        with error:
            return error.code, json.load(error)


@pytest.mark.parametrize("package", ["opentok", "tokmint.opentok"], ids=["before", "after"])
def test_the_sample_runs_with_one_changed_import(package: str, platform: str, tmp_path: Path) -> None:
    source = (TESTS / "opentok_sample.py").read_text()
    assert len(re.findall("^(?:from|import) opentok", source, re.MULTILINE)) == 1
    program = tmp_path / "sample.py"
    program.write_text(source.replace("\nfrom opentok import", f"\nfrom {package} import"))
    environment = {
        **os.environ, "API_URL": platform, "API_KEY": API_KEY, "API_SECRET": API_SECRET,
        "SESSION_OF_OTHER_PROJECT": SESSION_OF_654321,
    }  # fmt: skip
    command = [sys.executable, str(program)]
    output = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, env=environment, text=True, **output) as server:
        try:
            assert server.stdout
            address = server.stdout.readline().strip()
            for path, role, data, classes, seconds in (
                ("/", "publisher", "", (), DAY),
                ("/host", "moderator", "name=Jürgen", ("focus",), 60 * 60),
                ("/viewer", "subscriber", "name=Jane", ("small",), DAY),
            ):
                status, reply = ask(address + path)
                assert (status, reply["apiKey"], reply["sessionId"]) == (200, API_KEY, SESSION_ID)
                token = project().verify_token(reply["token"], session_id=SESSION_ID)
                assert (token.role, token.data, token.initial_layout_class_list) == (role, data, classes)
                assert seconds - 1 <= token.expire_time - token.create_time <= seconds
                assert token.format == ("t1" if path == "/viewer" else "jwt")
                if path == "/host":
                    assert is_of_tokmint(reply["token"]) == (package == "tokmint.opentok")
            status, reply = ask(address + "/elsewhere")
            assert status == 400 and reply["error"]
        finally:
            server.kill()


# What the official call takes.

SOON = int(time.time()) + 3600
TAKEN: "list[tuple[tuple[Any, ...], dict[str, Any]]]" = [
    ((), {}),
    ((Roles.moderator,), {}),
    ((Roles.publisher_only, SOON, "name=Johnny", ["focus", "small"], True), {}),
    ((Roles.subscriber, None, None, [], False), {}),
    ((), {"use_jwt": True}),
    ((), {"use_jwt": False, "data": "ä ß&=+", "initial_layout_class_list": ("focus",)}),
    ((), {"use_jwt": None}),
    ((), {"use_jwt": 1, "data": ""}),
    ((), {"data": {}}),
    ((), {"expire_time": SOON + 0.9}),
    ((), {"expire_time": f"{SOON}"}),
    ((), {"expire_time": f" {SOON}\n"}),
    ((), {"expire_time": Decimal(SOON) + Decimal("0.9")}),
    ((), {"expire_time": datetime.fromtimestamp(SOON, timezone.utc)}),
    ((), {"expire_time": datetime.fromtimestamp(SOON, timezone(timedelta(hours=5.5)))}),
    ((), {"expire_time": datetime.fromtimestamp(SOON, timezone.utc).replace(tzinfo=None)}),
    ((), {"initial_layout_class_list": ["größe"]}),
    ((), {"initial_layout_class_list": ""}),
]


@pytest.mark.parametrize(("positional", "named"), TAKEN)
def test_what_the_sdk_takes_gives_a_token_that_says_the_same(
    positional: "tuple[Any, ...]", named: "dict[str, Any]"
) -> None:
    theirs = opentok.Client(API_KEY, API_SECRET).generate_token(SESSION_ID, *positional, **named)
    ours = client().generate_token(SESSION_ID, *positional, **named)
    assert said(ours) == said(theirs)
    assert project().verify_token(ours, session_id=SESSION_ID)


def test_it_takes_what_the_documentation_of_the_sdk_promises() -> None:
    """The SDK refuses the first, and writes a class for each letter of the second."""
    assert said(client().generate_token(SESSION_ID, role="moderator"))["role"] == "moderator"
    for classes in ("focus", "focus small"):
        token = client().generate_token(SESSION_ID, initial_layout_class_list=classes)
        assert said(token)["initial_layout_class_list"] == classes
    assert said(client().generate_token(SESSION_ID, initial_layout_class_list=None)) == said(
        client().generate_token(SESSION_ID)
    )


def test_tokens_of_sessions_are_those_of_tokmint() -> None:
    session = Session(client(), SESSION_ID)
    token = session.generate_token(role=Roles.moderator, data="name=Jürgen")
    assert is_of_tokmint(token)
    assert said(token) == said(client().generate_token(SESSION_ID, Roles.moderator, data="name=Jürgen"))


# What stays refused.

REFUSED_BY_BOTH: "list[tuple[dict[str, Any], str]]" = [
    ({"session_id": SESSION_OF_654321}, "session_of_other_project"),
    ({"session_id": SESSION_OF_APPLICATION}, "session_of_other_project"),
    ({"session_id": "no session"}, "invalid_session_id"),
    ({"role": "admin"}, "invalid_role"),
    ({"role": None}, "invalid_role"),
    ({"expire_time": SOON + 31 * DAY}, "invalid_expire_time"),
    ({"expire_time": SOON * 1000}, "invalid_expire_time"),
    ({"expire_time": f"{SOON * 1000}"}, "invalid_expire_time"),
    ({"expire_time": 0}, "invalid_expire_time"),
    ({"expire_time": -0.5}, "invalid_expire_time"),
    ({"data": "x" * 1001}, "data_too_long"),
    ({"initial_layout_class_list": ["x" * 1001]}, "layout_class_list_too_long"),
]
SIGNED_BY_THE_SDK: "list[tuple[dict[str, Any], str]]" = [
    # The API key is in a later field.
    ({"session_id": SESSION_OF_OTHER_PROJECT}, "session_of_other_project"),
    ({"session_id": SESSION_ID.replace("MX", "M!!!!X", 1)}, "invalid_session_id"),
    ({"data": "😀" * 501}, "data_too_long"),
    ({"data": "\ud800"}, "invalid_data"),
    ({"initial_layout_class_list": ["😀" * 501]}, "layout_class_list_too_long"),
    ({"initial_layout_class_list": ["a b"]}, "invalid_layout_class"),
    ({"initial_layout_class_list": "a  b"}, "invalid_layout_class"),
]
WRONG_TYPES_OF_BOTH: "list[dict[str, Any]]" = [
    {"session_id": None},
    {"role": 5},
    {"expire_time": "tomorrow"},
    {"expire_time": float("nan")},
    {"expire_time": float("inf")},
    {"expire_time": Decimal("NaN")},
    {"expire_time": [SOON]},
    {"data": b"Johnny"},
    {"data": 5},
    {"initial_layout_class_list": [5]},
    {"initial_layout_class_list": 5},
]
WRONG_TYPES_SIGNED_BY_THE_SDK: "list[dict[str, Any]]" = [{"data": {"name": "Johnny"}}, {"data": ["Johnny"]}]
LINK = r"\(opentok may accept it: https://github\.com/tokmint/tokmint/blob/main/(docs/\S+\.md)#(\S+)\)$"


def of_session(arguments: "dict[str, Any]") -> "dict[str, Any]":
    return {"session_id": SESSION_ID, **arguments}


@pytest.mark.parametrize(("arguments", "code"), REFUSED_BY_BOTH + SIGNED_BY_THE_SDK)
def test_a_refusal_is_an_exception_of_both(arguments: "dict[str, Any]", code: str) -> None:
    with pytest.raises(OpenTokException, match=LINK) as raised:
        client().generate_token(**of_session(arguments))
    error = raised.value
    assert isinstance(error, TokenException) and isinstance(error, tokmint.TokmintError)
    cause = error.__cause__
    assert isinstance(cause, tokmint.TokmintError) and str(error).startswith(f"{cause} (")
    assert (error.code, error.number) == (cause.code, cause.number) and error.code == code
    assert API_SECRET not in str(error)
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), str(again), again.code) == (TokenException, str(error), code)


@pytest.mark.parametrize("arguments", WRONG_TYPES_OF_BOTH + WRONG_TYPES_SIGNED_BY_THE_SDK)
def test_a_wrong_type_is_an_exception_of_the_sdk_and_a_type_error(arguments: "dict[str, Any]") -> None:
    with pytest.raises(OpenTokException, match=LINK) as raised:
        client().generate_token(**of_session(arguments))
    assert isinstance(raised.value, TokenTypeError) and isinstance(raised.value, TypeError)


def test_the_sdk_signs_what_the_document_says() -> None:
    sdk = opentok.Client(API_KEY, API_SECRET)
    for arguments in [*(arguments for arguments, _ in SIGNED_BY_THE_SDK), *WRONG_TYPES_SIGNED_BY_THE_SDK]:
        assert isinstance(sdk.generate_token(**of_session(arguments)), str)
    for arguments in [*(arguments for arguments, _ in REFUSED_BY_BOTH), *WRONG_TYPES_OF_BOTH]:
        with pytest.raises((OpenTokException, TypeError, OverflowError)):
            sdk.generate_token(**of_session(arguments))


@pytest.mark.parametrize("secret", ["", f" {API_SECRET}", PRIVATE_KEY])
def test_credentials_are_refused_with_the_first_token(secret: str) -> None:
    refusing = Client(API_KEY, secret)
    with pytest.raises(OpenTokException) as raised:
        refusing.generate_token(SESSION_ID)
    assert isinstance(raised.value, TokenException) and raised.value.code == "invalid_api_secret"
    assert opentok.Client(API_KEY, secret).generate_token(SESSION_ID, use_jwt=False)


def test_errors_lead_to_the_document_that_explains_them() -> None:
    with pytest.raises(TokenException) as raised:
        client().generate_token("")
    found = re.search(LINK, str(raised.value))
    assert found
    headings = re.findall("^## (.+)$", (REPOSITORY / found[1]).read_text("utf-8"), re.MULTILINE)
    assert found[2] in [heading.lower().replace(" ", "-") for heading in headings]


# Applications.


@pytest.fixture
def application(tmp_path: Path) -> Client:
    key = tmp_path / "private.key"
    key.write_text(PRIVATE_KEY)
    return Client(APPLICATION_ID, str(key))


def test_tokens_of_an_application(application: Client) -> None:
    token = application.generate_token(SESSION_OF_APPLICATION, Roles.moderator, SOON, "name=Johnny", ["focus"])
    assert jwt.get_unverified_header(token)["alg"] == "RS256"
    claims = jwt.decode(token, PUBLIC_KEY, ["RS256"])
    assert (claims["sub"], claims["application_id"], claims["exp"]) == ("video", APPLICATION_ID, SOON)
    verified = verifier().verify_token(token, session_id=SESSION_OF_APPLICATION)
    assert (verified.role, verified.data) == ("moderator", "name=Johnny")
    assert verified.initial_layout_class_list == ("focus",)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({"session_id": SESSION_ID}, "session_of_other_project"),
        ({"session_id": SESSION_OF_APPLICATION, "use_jwt": False}, "unsupported_option"),
    ],
)
def test_an_application_refuses(application: Client, arguments: "dict[str, Any]", code: str) -> None:
    with pytest.raises(TokenException) as raised:
        application.generate_token(**arguments)
    assert raised.value.code == code


# The module and its classes.


def test_every_other_name_is_that_of_the_sdk() -> None:
    names = [name for name in dir(opentok) if not name.startswith("_") or name == "__version__"]
    assert len(names) > 20
    ours = {name for name in names if getattr(tokmint.opentok, name) is not getattr(opentok, name)}
    assert ours == {"Client", "OpenTok", "opentok"}
    with pytest.raises(AttributeError):
        _ = tokmint.opentok.no_such_name


def test_a_client_is_one_of_the_sdk() -> None:
    theirs, ours = opentok.Client(123456, API_SECRET, timeout=5), Client(123456, API_SECRET, timeout=5)
    assert isinstance(ours, opentok.Client) and vars(ours).keys() == vars(theirs).keys()
    with pytest.warns(DeprecationWarning, match="Client") as warned:
        older = tokmint.opentok.OpenTok(API_KEY, API_SECRET)
    assert warned[0].filename == __file__
    assert isinstance(older, opentok.OpenTok) and isinstance(older, Client)
    assert said(older.generate_token(SESSION_ID))["session_id"] == SESSION_ID


def test_a_client_can_be_pickled_and_copied() -> None:
    used = client()
    used.generate_token(SESSION_ID)
    for other in (pickle.loads(pickle.dumps(used)), copy.copy(used), copy.deepcopy(used)):
        assert vars(other).keys() == vars(client()).keys()
        assert said(other.generate_token(SESSION_ID)) == said(used.generate_token(SESSION_ID))


ANOTHER_SECRET = API_SECRET[::-1]


def test_changed_credentials_are_used() -> None:
    rotated = client()
    rotated.generate_token(SESSION_ID)
    rotated.api_secret = ANOTHER_SECRET
    assert jwt.decode(rotated.generate_token(SESSION_ID), ANOTHER_SECRET, ["HS256"])
    rotated.api_key = "999999"
    assert jwt.decode(rotated.generate_token(SESSION_OF_OTHER_PROJECT), ANOTHER_SECRET, ["HS256"], issuer="999999")


def test_tokmint_does_not_need_it() -> None:
    script = "import sys; sys.modules['opentok'] = None; import tokmint; print(tokmint.OpenTok); import tokmint.opentok"
    outcome = run_python("-c", script)
    assert outcome.stdout == "<class 'tokmint.OpenTok'>\n"
    last = outcome.stderr.splitlines()[-1]
    assert last.startswith("ImportError: tokmint.opentok extends the package opentok, ")
    assert "`pip install opentok`" in last
    script = "import sys; sys.modules['six'] = None; import tokmint.opentok"
    assert "ModuleNotFoundError: import of six" in run_python("-c", script).stderr


def test_before_version_3_10_a_token_is_t1(tmp_path: Path) -> None:
    """As the SDK of that time has it: no argument `use_jwt`, and no application."""
    (tmp_path / "opentok.py").write_text(
        "from enum import Enum\n"
        "class ArchiveModes: pass\n"
        "class MediaModes: pass\n"
        "class OpenTokException(Exception): pass\n"
        "class Session: pass\n"
        "class Roles(Enum):\n    publisher = 'publisher'\n"
        "class Client:\n"
        "    def __init__(self, api_key, api_secret):\n"
        "        self.api_key, self.api_secret = api_key, api_secret\n"
        "    def generate_token(self, session_id, role, expire_time, data, initial_layout_class_list): pass\n"
        "class OpenTok(Client): pass\n"
    )
    script = (
        "from tokmint.opentok import Client\n"
        f"client = Client({API_KEY!r}, {API_SECRET!r})\n"
        f"print(client.generate_token({SESSION_ID!r}), client.generate_token({SESSION_ID!r}, use_jwt=True))"
    )
    outcome = run_python("-c", script, path=tmp_path)
    assert outcome.returncode == 0, outcome.stderr
    assert [said(token)["format"] for token in outcome.stdout.split()] == ["T1==", "eyJh"]
