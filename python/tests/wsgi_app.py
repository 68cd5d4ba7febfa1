"""A WSGI application whose tokens differ in nothing but their nonce; it has made one before its workers are forked."""

import os
from collections.abc import Callable, Iterable
from typing import Any

from support import NOW, SESSION_ID, project

OPENTOK = project()
SESSION = OPENTOK.session(SESSION_ID)
TOKENS_A_REQUEST = 100

OPENTOK.generate_token(SESSION_ID)


def application(_: "dict[str, Any]", start_response: Callable[..., Any]) -> Iterable[bytes]:
    half = range(TOKENS_A_REQUEST // 2)
    made = [OPENTOK.generate_token(SESSION_ID, create_time=NOW) for _ in half]
    made += [SESSION.generate_token(create_time=NOW) for _ in half]
    start_response("200 OK", [("Content-Type", "text/plain"), ("Worker", str(os.getpid()))])
    return ["\n".join(made).encode()]
