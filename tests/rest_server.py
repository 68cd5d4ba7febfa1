"""Answers the call that creates a session as the platform documents it, and refuses whatever it would refuse.

Uses nothing of tokmint: HMAC of Python, and openssl for RSA. Prints its URL. A GET returns how many calls got a
session.

Usage: rest_server.py <API key> <API secret> <session ID of the project>
       rest_server.py <application ID> <file of the public key> <session ID of the application>
"""

import base64
import hashlib
import hmac
import json
import subprocess
import sys
import tempfile
import time
import uuid
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs

ISSUER, KEY, SESSION_ID = sys.argv[1:]
IS_PROJECT = ISSUER.isdigit()
FORM = {"archiveMode": ["manual"], "p2p.preference": ["disabled"]}
used = set()


class Refused(Exception):
    pass


def require(holds, why):
    if not holds:
        raise Refused(why)


def decode(part):
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def is_signature_of_rsa(message, signature):
    with tempfile.NamedTemporaryFile() as file:
        file.write(signature)
        file.flush()
        command = ["openssl", "dgst", "-sha256", "-verify", KEY, "-signature", file.name]
        return subprocess.run(command, input=message, capture_output=True).returncode == 0


def check_token(token):
    head, body, signature = token.split(".")
    message = f"{head}.{body}".encode()
    header, claims = json.loads(decode(head)), json.loads(decode(body))
    require(header == {"typ": "JWT", "alg": "HS256" if IS_PROJECT else "RS256"}, f"header {header}")
    if IS_PROJECT:
        is_signature = decode(signature) == hmac.digest(KEY.encode(), message, hashlib.sha256)
        names = {"iss", "ist", "iat", "exp", "jti"}
    else:
        is_signature = is_signature_of_rsa(message, decode(signature))
        names = {"application_id", "iat", "exp", "jti"}
    require(is_signature, "signature")
    require(set(claims) == names, f"claims {sorted(claims)}")
    if IS_PROJECT:
        require(claims["iss"] == ISSUER and claims["ist"] == "project", "iss and ist")
    else:
        require(claims["application_id"] == ISSUER, "application_id")
    # At most 5 minutes for a project, and 15 minutes for an application.
    life = claims["exp"] - claims["iat"]
    require(abs(time.time() - claims["iat"]) < 60 and 0 < life <= (300 if IS_PROJECT else 900), "iat and exp")
    require(str(uuid.UUID(claims["jti"])) == claims["jti"] and claims["jti"] not in used, "jti")
    used.add(claims["jti"])


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.reply(200, len(used))

    def do_POST(self):
        form = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        status, answer = 200, [{"session_id": SESSION_ID, "project_id": ISSUER, "create_dt": time.ctime()}]
        try:
            require(self.path == "/session/create", "path")
            require(self.headers["Accept"] == "application/json", "Accept")
            content_type = self.headers["Content-Type"].split(";")[0]
            require(content_type == "application/x-www-form-urlencoded", "Content-Type")
            require(parse_qs(form) == FORM, f"form {form}")
            project, application = self.headers["X-OPENTOK-AUTH"], self.headers["Authorization"]
            require((application if IS_PROJECT else project) is None, "the header of other credentials")
            if IS_PROJECT:
                check_token(project or "")
            else:
                require((application or "").startswith("Bearer "), "Authorization")
                check_token(application.removeprefix("Bearer "))
        except (Refused, ValueError, KeyError, TypeError, AttributeError) as refused:
            status, answer = 403, {"code": -1, "message": f"Invalid token: {refused}"}
        self.reply(status, answer)

    def reply(self, status, answer):
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


server = HTTPServer(("127.0.0.1", 0), Handler)
print(f"http://127.0.0.1:{server.server_port}", flush=True)
server.serve_forever()
