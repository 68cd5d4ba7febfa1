"""Mint, verify and explain OpenTok client connection tokens: the tokens with which a user's app joins a video session.

    opentok = OpenTok(api_key, api_secret)                              # a project
    opentok = OpenTok.for_application(application_id, private_key)      # a Vonage application
    opentok = OpenTok.verifier(application_id, public_key)              # verifies, and generates nothing
    token = opentok.generate_token(session_id, Role.MODERATOR, data="name=Johnny", expires_in=3600)
    verified = opentok.verify_token(token)
    print(opentok.inspect_token(token))
    session = opentok.session(session_id)                               # for many tokens of one session

No call to any server is made; `OpenTok.generate_rest_token` makes the token that yours put into a header. Tokens of
projects are JWTs signed with HS256, or the older ``T1==`` tokens, and those of Vonage applications are JWTs signed with
RS256. Each refusal is a `TokmintError` with a stable `code`; a value of the wrong Python type is a `TypeError`.
"""

try:
    from tokmint._tokmint import OpenTok, Session, __version__, inspect_token
except ModuleNotFoundError as _error:
    if _error.name != "tokmint._tokmint":
        raise
    raise ImportError(
        f"tokmint's native module for this Python and platform is not in {__path__[0]}: Python loads no native module "
        "from a zip file, so unpack it (as shiv and pex do), and install the package on the platform that runs it",
        name=_error.name,
    ) from None

from tokmint._types import (
    CredentialsError,
    Field,
    Finding,
    Inspection,
    InternalError,
    OptionsError,
    PlatformError,
    Role,
    SessionError,
    Severity,
    SignatureState,
    Token,
    TokenError,
    TokenFormat,
    TokenOptions,
    TokmintError,
)

__all__ = [
    "CredentialsError",
    "Field",
    "Finding",
    "Inspection",
    "InternalError",
    "OpenTok",
    "OptionsError",
    "PlatformError",
    "Role",
    "Session",
    "SessionError",
    "Severity",
    "SignatureState",
    "Token",
    "TokenError",
    "TokenFormat",
    "TokenOptions",
    "TokmintError",
    "__version__",
    "inspect_token",
]
