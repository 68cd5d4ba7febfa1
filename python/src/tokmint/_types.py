"""The names of roles and formats, and the exceptions. The native module imports them from the package."""

from enum import Enum


class Role(str, Enum):
    """What the holder of a token may do in the session. A member is the `str` that stands in the token."""

    SUBSCRIBER = "subscriber"
    """Subscribe to streams only."""
    PUBLISHER = "publisher"
    """Publish and subscribe. The default."""
    PUBLISHER_ONLY = "publisheronly"
    """Publish only."""
    MODERATOR = "moderator"
    """Publish, subscribe, and mute or disconnect others."""

    # Prints the name that stands in the token, and not that of the member.
    __str__ = str.__str__


class TokenFormat(str, Enum):
    """The two token formats. A member is a `str`."""

    JWT = "jwt"
    """A JSON Web Token signed with HMAC-SHA256. The default."""
    T1 = "t1"
    """The older ``T1==`` format, signed with HMAC-SHA1."""

    __str__ = str.__str__


class TokmintError(ValueError):
    """Why a token was not generated or not accepted.

    The message never holds the secret or the refused text, so it can be logged and shown. Text that is not well-formed
    Unicode (half of a surrogate pair) is a plain `TokmintError` with the code ``invalid_utf8``.
    """

    code: str
    """The stable name of the error, such as ``token_expired``."""
    number: int
    """The stable number of the error, such as 44."""


class CredentialsError(TokmintError):
    """The API key or the API secret cannot be one: ``invalid_api_key``, ``invalid_api_secret``."""


class SessionError(TokmintError):
    """The session ID is none, or of another project: ``invalid_session_id``, ``session_of_other_project``."""


class OptionsError(TokmintError):
    """An option is outside its limits, such as ``invalid_expire_time`` or ``data_too_long``."""


class TokenError(TokmintError):
    """The token is not valid here and now, such as ``invalid_signature`` or ``token_expired``."""


class TokmintSystemError(TokmintError):
    """The system has no usable clock or entropy: ``system_clock``, ``system_random``."""


class InternalError(RuntimeError):
    """A defect of tokmint, with the code ``panic``. No `TokmintError`, since no value of the caller's is at fault.

    The process and the `OpenTok` go on working.
    """

    code: str
    """``panic``."""
    number: int
    """99."""
