"""The names of the package `opentok`, with a `Client` whose tokens are tokmint's.

    from tokmint.opentok import Client, Roles  # before: from opentok import Client, Roles

`Client` is a subclass of that of `opentok`: sessions, archives and whatever else calls the platform are the SDK's.
`generate_token`, of the client and of the sessions that it creates, takes what the SDK's takes, and tokmint generates
the token. What tokmint refuses is an `OpenTokException`. Every other name is the one that the installed `opentok` has.

The package `opentok` must be installed for this module, and for nothing else of tokmint.
"""

from __future__ import annotations

import inspect
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

try:
    import opentok  # type: ignore[import-untyped]
except ModuleNotFoundError as _error:
    if _error.name != "opentok":
        raise
    raise ImportError(
        "tokmint.opentok extends the package opentok, which is not installed: run `pip install opentok`, or use "
        "tokmint.OpenTok, which needs no other package",
        name=_error.name,
    ) from None
from opentok import ArchiveModes, MediaModes, OpenTokException, Roles, Session

import tokmint

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "ArchiveModes",
    "Client",
    "MediaModes",
    "OpenTok",
    "OpenTokException",
    "Roles",
    "Session",
    "TokenException",
    "TokenTypeError",
]

_DIFFERENCE = "https://github.com/tokmint/tokmint/blob/main/docs/leaving-the-sdk.md#what-stays-refused"
# Before 3.10 the SDK has no such argument, and writes T1 tokens only.
_USES_JWT = "use_jwt" in inspect.signature(opentok.Client.generate_token).parameters


class TokenException(OpenTokException, tokmint.TokmintError):  # type: ignore[misc]
    """tokmint refused to generate a token; its own exception is the `__cause__`.

    Attributes:
        code: The stable name of the error, such as ``invalid_expire_time``.
        number: The stable number of the error, such as 301.
    """


class TokenTypeError(OpenTokException, TypeError):  # type: ignore[misc]
    """An argument of `generate_token` has a type that tokmint does not take."""


class Client(opentok.Client):  # type: ignore[misc]
    """The client of the SDK, with tokens of tokmint. Its constructor is the SDK's."""

    _tokens: tuple[tuple[str, str], tokmint.OpenTok] | None = None

    def generate_token(
        self,
        session_id: str,
        role: Roles | str = Roles.publisher,
        expire_time: float | str | datetime | None = None,
        data: str | None = None,
        initial_layout_class_list: Iterable[str] | None = None,
        use_jwt: bool = _USES_JWT,
    ) -> str:
        """Generate a token that admits its holder to a session.

        Args:
            session_id: The session, which this project or application must have created.
            role: What the holder may do: one of `Roles`, or its value.
            expire_time: When the token ends, in Unix seconds or as a datetime, which is in UTC if it has no time zone;
                at most 30 days away, and 24 hours by default.
            data: At most 1000 UTF-16 code units, which everybody in the session can read.
            initial_layout_class_list: Layout classes; a string holds those between its spaces.
            use_jwt: Whether the token is a JWT, which is the default of the SDK from 3.10 on, or a T1 token.

        Raises:
            TokenException: tokmint refuses the credentials, the session or an option.
            TokenTypeError: An argument has another type.
        """
        try:
            return self._issuer().generate_token(
                session_id,
                _role(role),
                expire_time=_time(expire_time),
                data=data or None,
                initial_layout_class_list=_classes(initial_layout_class_list),
                token_format="jwt" if use_jwt else "t1",
            )
        except tokmint.TokmintError as error:
            refused = TokenException(_explained(error))
            refused.code, refused.number = error.code, error.number
            raise refused from error
        except TypeError as error:
            raise TokenTypeError(_explained(error)) from error

    def _issuer(self) -> tokmint.OpenTok:
        # Both are attributes that a program can set, as when it rotates the secret.
        credentials = (self.api_key, self.api_secret)
        if self._tokens is None or self._tokens[0] != credentials:
            is_application = getattr(self, "_using_vonage", False)
            make = tokmint.OpenTok.for_application if is_application else tokmint.OpenTok
            self._tokens = (credentials, make(*credentials))
        return self._tokens[1]

    def __getstate__(self) -> dict[str, Any]:
        """Return all but the OpenTok: clients of the SDK can be copied and pickled, and an OpenTok cannot."""
        return {name: value for name, value in vars(self).items() if name != "_tokens"}


class OpenTok(Client, opentok.OpenTok):  # type: ignore[misc]
    """The older name of `Client`, which the SDK has deprecated."""


def __getattr__(name: str) -> Any:
    return getattr(opentok, name)


def _role(role: Any) -> Any:
    if isinstance(role, Roles):
        return role.value
    # To tokmint None is the default. The SDK refuses it, as no role is to become publisher by mistake.
    return "" if role is None else role


def _time(time: Any) -> Any:
    if isinstance(time, datetime):
        return time if time.utcoffset() is not None else time.replace(tzinfo=timezone.utc)
    try:
        return None if time is None else int(time)
    except (TypeError, ValueError, OverflowError):
        return time  # tokmint says what is wrong with it


def _classes(classes: Any) -> Any:
    if isinstance(classes, str):
        return classes.split(" ") if classes else None
    return classes


def _explained(error: Exception) -> str:
    return f"{error} (opentok may accept it: {_DIFFERENCE})"
