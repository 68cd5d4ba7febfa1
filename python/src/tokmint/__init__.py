"""Mints, verifies and explains OpenTok client connection tokens: the tokens with which a user's app joins a video session.

    opentok = OpenTok(api_key, api_secret)
    token = opentok.generate_token(session_id, Role.MODERATOR, data="name=Johnny", expires_in=3600)
    verified = opentok.verify_token(token)
    print(opentok.inspect_token(token))

No call to any server is made. Tokens are JWTs signed with HS256, or the older ``T1==`` tokens; tokens of Vonage
applications (RS256) are not supported yet. Each refusal is a `TokmintError` with a stable `code`; a value of the wrong
Python type is a `TypeError`.
"""

from tokmint._tokmint import Field, Finding, Inspection, OpenTok, Token, __version__, inspect_token
from tokmint._types import (
    CredentialsError,
    InternalError,
    OptionsError,
    Role,
    SessionError,
    TokenError,
    TokenFormat,
    TokmintError,
    TokmintSystemError,
)

__all__ = [
    "CredentialsError",
    "Field",
    "Finding",
    "Inspection",
    "InternalError",
    "OpenTok",
    "OptionsError",
    "Role",
    "SessionError",
    "Token",
    "TokenError",
    "TokenFormat",
    "TokmintError",
    "TokmintSystemError",
    "__version__",
    "inspect_token",
]
