"""What several tests need: the test project, the test application, the vectors, and the notation of `attacks.json`."""

import base64
import hashlib
import hmac
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tokmint import OpenTok, Token, _self_test

REPOSITORY = Path(__file__).resolve().parents[2]
VECTORS = REPOSITORY / "tests" / "vectors"

API_KEY = "123456"
API_SECRET = "1234567890abcdef1234567890abcdef1234567890"
SESSION_ID = "1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4"
SESSION_OF_OTHER_PROJECT = "1_MX45OTk5OTl-MTIzNDU2fnh-"
NOW = 1_800_000_000


def project() -> OpenTok:
    return OpenTok(API_KEY, API_SECRET)


APPLICATION_ID = _self_test.APPLICATION_ID
SESSION_OF_APPLICATION = _self_test.SESSION_ID
PRIVATE_KEY: str = _self_test.keys()["main"]["private_key"]
PUBLIC_KEY: str = _self_test.keys()["main"]["public_key"]


def application() -> OpenTok:
    return OpenTok.for_application(APPLICATION_ID, PRIVATE_KEY)


def verifier() -> OpenTok:
    return OpenTok.verifier(APPLICATION_ID, PUBLIC_KEY)


def verified_elsewhere(token: str, now: int) -> Token:
    """What another process verifies: it has an `OpenTok` of its own."""
    return project().verify_token(token, now=now)


def vectors(name: str) -> Any:
    return json.loads((VECTORS / f"{name}.json").read_text("utf-8"))


def base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def signed_jwt(header: bytes, payload: bytes) -> str:
    signed = f"{base64url(header)}.{base64url(payload)}"
    mac = hmac.new(API_SECRET.encode(), signed.encode(), hashlib.sha256).digest()
    return f"{signed}.{base64url(mac)}"


def attack_input(value: Any) -> Any:
    """Builds an input of `attacks.json`: the notation of all vectors, and `base64`, `jwt`, `t1` and `float`."""
    if not isinstance(value, dict):
        return value
    if "base64" in value:
        return base64.b64decode(value["base64"])
    if "float" in value:
        return float(value["float"])
    if "jwt" in value:
        parts = {name: attack_input(part).encode() for name, part in value["jwt"].items()}
        return signed_jwt(parts["header"], parts["payload"])
    if "t1" in value:
        said = attack_input(value["t1"]["data"]).encode()
        signature = hmac.new(API_SECRET.encode(), said, hashlib.sha1).hexdigest()
        head = f"partner_id={API_KEY}&sig={signature}:".encode()
        return "T1==" + base64.b64encode(head + said).decode()
    return _self_test.string(value)


def run_python(*arguments: str, path: Path | None = None) -> "subprocess.CompletedProcess[str]":
    """Runs this interpreter, with modules of `path` before the installed ones."""
    environment = {**os.environ, "PYTHONPATH": str(path or "")}
    command = [sys.executable, *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300)


@contextmanager
def platform(*credentials: str) -> Iterator[str]:
    """The address of a server that creates sessions for these credentials, as `tests/rest_server.py` takes them."""
    command = [sys.executable, str(REPOSITORY / "tests/rest_server.py"), *credentials]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout
            yield server.stdout.readline().strip()
        finally:
            server.terminate()


def wait_for(log: Path, pattern: str) -> str:
    """What a server writes into its log once it is ready; it chooses a free port by itself."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if log.exists() and (found := re.search(pattern, log.read_text())):
            return found[1]
        time.sleep(0.05)
    raise AssertionError(f"no server: {log.read_text() if log.exists() else 'it wrote no log'}")
