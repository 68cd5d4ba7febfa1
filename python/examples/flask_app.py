r"""A backend with Flask: whoever belongs to a room gets a token for the room's video session.

    pip install tokmint flask requests gunicorn
    export TOKMINT_API_KEY=... TOKMINT_API_SECRET=... ACCESS_TOKENS='{"a-long-random-string": "ada"}'
    gunicorn --preload --workers 4 flask_app:app
    curl -d nickname=Ada -H 'Authorization: Bearer a-long-random-string' localhost:8000/rooms/physics/token

For an application, set TOKMINT_APPLICATION_ID and TOKMINT_PRIVATE_KEY instead of the first two.
"""

import json
import os
import sqlite3
from contextlib import closing

import requests
from flask import Flask, abort, request

from tokmint import OpenTok, OptionsError, Role

# Made once. Bad credentials end the start here, and not a request.
if "TOKMINT_APPLICATION_ID" in os.environ:
    opentok = OpenTok.for_application(os.environ["TOKMINT_APPLICATION_ID"], os.environ["TOKMINT_PRIVATE_KEY"])
    api_url = os.environ.get("API_URL", "https://video.api.vonage.com")
else:
    opentok = OpenTok(os.environ["TOKMINT_API_KEY"], os.environ["TOKMINT_API_SECRET"])
    api_url = os.environ.get("API_URL", "https://api.opentok.com")

# Replace these by your login and your own rule of who may join what, and as what.
USERS = json.loads(os.environ["ACCESS_TOKENS"])
ROOMS = {"physics": {"ada": Role.MODERATOR, "bob": Role.PUBLISHER}}
app = Flask(__name__)


def create_session() -> str:
    token = opentok.generate_rest_token()
    headers = {"Authorization": f"Bearer {token}"} if opentok.application_id else {"X-OPENTOK-AUTH": token}
    headers["Accept"] = "application/json"
    options = {"archiveMode": "manual", "p2p.preference": "disabled"}
    response = requests.post(f"{api_url}/session/create", options, headers=headers, timeout=10)
    response.raise_for_status()
    return str(response.json()[0]["session_id"])


def session_of(room: str) -> str:
    """The first who comes creates it. All processes must find the same one."""
    with closing(sqlite3.connect(os.environ.get("DATABASE", "rooms.sqlite3"))) as database, database:
        database.execute("CREATE TABLE IF NOT EXISTS rooms (name TEXT PRIMARY KEY, session_id TEXT NOT NULL)")
        select = "SELECT session_id FROM rooms WHERE name = ?"
        if not (row := database.execute(select, [room]).fetchone()):
            database.execute("INSERT OR IGNORE INTO rooms VALUES (?, ?)", [room, create_session()])
            row = database.execute(select, [room]).fetchone()
    return str(row[0])


@app.post("/rooms/<room>/token")
def join(room: str) -> "dict[str, str | None]":
    user = USERS.get(request.authorization.token) if request.authorization else None
    if user is None:
        abort(401)
    # The role follows from who it is, never from the request.
    role = ROOMS.get(room, {}).get(user) or abort(404)
    session_id = session_of(room)
    # Everybody in the session can read the data.
    data = json.dumps({"user": user, "nickname": request.form.get("nickname", "")})
    token = opentok.generate_token(session_id, role, data=data, expires_in=3600)
    return {"apiKey": opentok.api_key or opentok.application_id, "sessionId": session_id, "token": token}


@app.errorhandler(OptionsError)
def refused(error: OptionsError) -> "tuple[dict[str, str], int]":
    """The nickname came from the client. Every other error is the server's own: a 500, and a line in its log."""
    return {"error": error.code}, 400
