"""Starts a backend that answers tokens, as its user does, and asks it. All such programs understand the same requests.

Uses nothing of tokmint: HMAC of Python, and openssl for RSA. The platform is rest_server.py.

Usage: service.py <command that starts the program>...
"""

import base64
import concurrent.futures
import contextlib
import hashlib
import hmac
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

TESTS = Path(__file__).parent
COMMAND = sys.argv[1:]
API_KEY, API_SECRET = "123456", "1234567890abcdef1234567890abcdef1234567890"
OTHER_SECRET = "0" + API_SECRET[1:]
APPLICATION_ID = "a98e12ca-f3e5-4df8-bc66-fd4b5f30b9e9"
PRIVATE_KEY = (TESTS / "vectors/private_key.pem").read_text()
PUBLIC_KEY = TESTS / "vectors/public_key.pem"
SESSION = "1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4"
SESSION_OF_APPLICATION = (
    "2_MX5hOThlMTJjYS1mM2U1LTRkZjgtYmM2Ni1mZDRiNWYzMGI5ZTl-fjE2NzI3MzY4NzgxNjJ-bi9OeFVLbkNaVjBUUnpVSmxjbURqQ3J4flB-fg"
)
PASSWORDS = {"ada": "password-of-ada", "bob": "password-of-bob"}
NICKNAME = "Zoë & co"


def encode(raw):
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decode(part):
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def hmac_of(message):
    return hmac.digest(API_SECRET.encode(), message.encode(), hashlib.sha256)


class Platform(BaseHTTPRequestHandler):
    """Hands calls on to one rest_server.py or another, so that a running program meets several platforms."""

    process = url = None
    created = 0

    @classmethod
    def become(cls, *arguments):
        """The stand-in with these arguments; without any, a platform that does not answer."""
        if cls.process:
            cls.process.terminate()
            cls.process.wait()
            cls.process.stdout.close()
            cls.process = cls.url = None
        if arguments:
            command = [sys.executable, TESTS / "rest_server.py", *arguments]
            cls.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
            cls.url = cls.process.stdout.readline().strip()

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if not self.url:
            return
        request = urllib.request.Request(self.url + self.path, body, dict(self.headers))
        # Long enough for a second request to find no session yet.
        time.sleep(0.2)
        status, answer = send(request)
        type(self).created += status == 200
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *arguments):
        pass


def send(request):
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            return response.status, response.read()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read()


class Service:
    def __init__(self, log, environment):
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("TOKMINT_")}
        settings = {f"{name.upper()}_PASSWORD": password for name, password in PASSWORDS.items()}
        self.log = Path(log)
        with self.log.open("w") as file:
            self.process = subprocess.Popen(
                COMMAND, stdout=file, stderr=file, env={**inherited, **settings, "PORT": "0", **environment}
            )

    def wait_for_address(self):
        for _ in range(1200):
            started = re.search(r"(?:started on port |http://127\.0\.0\.1:)(\d+)", self.log.read_text())
            if started:
                self.address = f"http://127.0.0.1:{started[1]}"
                return
            if self.process.poll() is not None:
                break
            time.sleep(0.1)
        sys.exit(f"{COMMAND} does not start:\n{self.log.read_text()}")

    def ask(self, path, person="", password=None, **form):
        request = urllib.request.Request(self.address + path, urllib.parse.urlencode(form).encode())
        if person:
            login = f"{person}:{PASSWORDS[person] if password is None else password}"
            request.add_header("Authorization", "Basic " + base64.b64encode(login.encode()).decode())
        return send(request)

    def join(self, person="ada", room="physics", nickname=NICKNAME, **login):
        return self.ask(f"/rooms/{room}/token", person, nickname=nickname, **login)

    def verify(self, token):
        return self.ask("/rooms/physics/verify", "bob", token=token)


def expect(answer, status, error=None):
    assert answer[0] == status, answer
    if error:
        assert json.loads(answer[1]) == {"error": error}, answer


def expect_silence(answer):
    """A 500 that says no more than that, as Spring says it in JSON."""
    expect(answer, 500)
    assert not answer[1] or set(json.loads(answer[1])) == {"timestamp", "status", "error", "path"}, answer


def is_signature(token, is_project):
    message, signature = token.rsplit(".", 1)
    if is_project:
        return decode(signature) == hmac_of(message)
    with tempfile.NamedTemporaryFile() as file:
        file.write(decode(signature))
        file.flush()
        command = ["openssl", "dgst", "-sha256", "-verify", PUBLIC_KEY, "-signature", file.name]
        return subprocess.run(command, input=message.encode(), capture_output=True).returncode == 0


def check_invitation(answer, person, role, issuer, session):
    expect(answer, 200)
    invitation = json.loads(answer[1])
    token = invitation.pop("token")
    assert invitation == {"apiKey": issuer, "sessionId": session}, invitation
    assert is_signature(token, issuer == API_KEY), token
    claims = json.loads(decode(token.split(".")[1]))
    name = "iss" if issuer == API_KEY else "application_id"
    assert (claims[name], claims["session_id"], claims["role"]) == (issuer, session, role), claims
    assert json.loads(claims["connection_data"]) == {"user": person, "nickname": NICKNAME}, claims
    assert abs(time.time() - claims["iat"]) < 60 and claims["exp"] - claims["iat"] == 3600, claims
    return token, claims


def check(service, issuer, key, session):
    # Nobody, and whoever gives no right password, and whoever does not belong to a room; none of them makes a session.
    Platform.become(issuer, key, session)
    for stranger in [
        service.join(person=""),
        service.join(password=""),
        service.join(password=PASSWORDS["bob"]),
        service.ask("/rooms/physics/verify"),
    ]:
        expect(stranger, 401)
    expect(service.join(room="chemistry"), 404)
    assert Platform.created == 0

    # What goes wrong with the platform is no fault of the client, and the next request tries again.
    Platform.become()
    expect_silence(service.join())
    Platform.become(issuer, key, "nonsense")
    expect_silence(service.join())
    Platform.become(API_KEY, OTHER_SECRET, SESSION)
    expect_silence(service.join())

    # The session of a room is created once, though many come first.
    Platform.become(issuer, key, session)
    Platform.created = 0
    with concurrent.futures.ThreadPoolExecutor() as threads:
        for answer in threads.map(lambda _: service.join(), range(4)):
            check_invitation(answer, "ada", "moderator", issuer, session)
    assert Platform.created == 1, Platform.created
    Platform.become()
    token, claims = check_invitation(service.join("bob"), "bob", "publisher", issuer, session)

    # What the client sent.
    expect(service.join(nickname="x" * 1001), 400, "data_too_long")
    expect(service.join(nickname=b"\xff"), 200)
    verified = service.verify(token)
    expect(verified, 200)
    verified = json.loads(verified[1])
    assert verified["sessionId"] == session and verified["role"].lower() == "publisher", verified
    assert json.loads(verified["data"]) == {"user": "bob", "nickname": NICKNAME}, verified
    expect(service.verify(token[:-8] + "AAAAAAAA"), 400, "invalid_signature")
    for token_of_nobody in ["nonsense", b"\xff", ""]:
        expect(service.verify(token_of_nobody), 400, "malformed_token")
    if issuer == API_KEY:
        forged = {**claims, "session_id": SESSION_OF_APPLICATION}
        message = f"{token.split('.')[0]}.{encode(json.dumps(forged).encode())}"
        expect(service.verify(f"{message}.{encode(hmac_of(message))}"), 400, "session_of_other_project")


def main():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Platform)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = {"API_URL": f"http://127.0.0.1:{server.server_port}"}
    of_project = {"TOKMINT_API_KEY": API_KEY, "TOKMINT_API_SECRET": API_SECRET}
    of_application = {"TOKMINT_APPLICATION_ID": APPLICATION_ID, "TOKMINT_PRIVATE_KEY": PRIVATE_KEY}
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as at_end:
        project, application, bad = services = [
            Service(f"{folder}/project", {**url, **of_project}),
            Service(f"{folder}/application", {**url, **of_application}),
            Service(f"{folder}/bad", {**url, **of_project, "TOKMINT_API_KEY": API_SECRET}),
        ]
        for service in services:
            at_end.callback(service.process.wait)
            at_end.callback(service.process.terminate)
        at_end.callback(Platform.become)

        assert bad.process.wait(120) != 0
        assert "the API key" in bad.log.read_text(), bad.log.read_text()
        for service, *kind in [
            (project, API_KEY, API_SECRET, SESSION),
            (application, APPLICATION_ID, str(PUBLIC_KEY), SESSION_OF_APPLICATION),
        ]:
            service.wait_for_address()
            Platform.created = 0
            try:
                check(service, *kind)
            except Exception:
                print(service.log.read_text(), file=sys.stderr)
                raise
        for service in services:
            service.process.terminate()
            service.process.wait(60)
            log = service.log.read_text()
            for secret in [API_SECRET, *PRIVATE_KEY.splitlines()[1:-1], *PASSWORDS.values(), "eyJ"]:
                assert secret not in log, log
    print("tokens of a project and of an application for whoever is logged in")


main()
