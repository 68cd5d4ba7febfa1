"""A web application on `opentok`, with the flow of its samples: a session at the start, and a token for each visitor.

The tests run it as it is, and with the import of `opentok` changed to that of `tokmint.opentok`.
"""

import json
import os
import time
from collections.abc import Callable, Iterable
from typing import Any
from wsgiref.simple_server import make_server

from opentok import Client, MediaModes, OpenTokException, Roles

opentok = Client(os.environ["API_KEY"], os.environ["API_SECRET"], os.environ["API_URL"])
session = opentok.create_session(media_mode=MediaModes.routed)


def token_for(path: str) -> Any:
    if path == "/host":
        in_one_hour = time.time() + 60 * 60
        return session.generate_token(
            role=Roles.moderator, expire_time=in_one_hour, data="name=Jürgen", initial_layout_class_list=["focus"]
        )
    if path == "/viewer":
        return opentok.generate_token(session.session_id, Roles.subscriber, None, "name=Jane", ["small"], False)
    if path == "/elsewhere":
        return opentok.generate_token(os.environ["SESSION_OF_OTHER_PROJECT"])
    return opentok.generate_token(session.session_id)


def hello(environ: "dict[str, Any]", start_response: Callable[..., Any]) -> Iterable[bytes]:
    try:
        reply = {"apiKey": opentok.api_key, "sessionId": session.session_id, "token": token_for(environ["PATH_INFO"])}
        status = "200 OK"
    except OpenTokException as error:
        reply, status = {"error": str(error)}, "400 Bad Request"
    start_response(status, [("Content-Type", "application/json")])
    return [json.dumps(reply).encode()]


with make_server("127.0.0.1", 0, hello) as server:
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()
