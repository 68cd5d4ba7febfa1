"""The Python classes of the package: enums, exceptions, and what verify and inspect return.

The native module looks them up when it is imported, and fills in their objects.
"""

from __future__ import annotations

import sys
from datetime import datetime, timedelta, timezone
from enum import Enum

# Where users find the classes: what tracebacks show, and what pickles name.
__name__ = "tokmint"

# As `typing` has it, whose import would cost more than all the rest of the package.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any, ClassVar, NoReturn, TypedDict, final

    from typing_extensions import dataclass_transform

    from tokmint._tokmint import Batch, Forms
else:

    class TypedDict(dict):
        def __init_subclass__(cls, *, total):
            pass

    def final(decorated):
        return decorated

    def dataclass_transform(**_):
        return final


class _Name(str, Enum):
    # Prints the name itself, and not that of the member.
    __str__ = str.__str__


class Role(_Name):
    """What the holder of a token may do in the session. A member is the `str` in the token."""

    SUBSCRIBER = "subscriber"
    """Subscribe to streams only."""
    PUBLISHER = "publisher"
    """Publish and subscribe. The default."""
    PUBLISHER_ONLY = "publisheronly"
    """Publish only."""
    MODERATOR = "moderator"
    """Publish, subscribe, and mute or disconnect others."""


class TokenFormat(_Name):
    """The two token formats. A member is a `str`."""

    JWT = "jwt"
    """A JSON Web Token signed with HMAC-SHA256 (projects) or RSA (applications). The default."""
    T1 = "t1"
    """The older ``T1==`` format of projects, signed with HMAC-SHA1."""


class TokenOptions(TypedDict, total=False):
    """The options of a token, for type checkers: those of `generate_token`, all optional."""

    role: Role | str | None
    expire_time: float | datetime | None
    expires_in: float | timedelta | None
    data: str | None
    initial_layout_class_list: Iterable[str] | None
    token_format: TokenFormat | str | None
    create_time: float | datetime | None
    nonce: int | None
    jti: str | None


class SignatureState(_Name):
    """What an inspection knows about a signature. A member is a `str`."""

    VALID = "valid"
    """It is that of these credentials."""
    INVALID = "invalid"
    """It is not that of these credentials."""
    UNCHECKED = "unchecked"
    """There are no credentials, it cannot be read, or the algorithm is not supported."""


class Severity(_Name):
    """What a finding means for a token, the same for all findings of a code. A member is a `str`."""

    REFUSED = "refused"
    """A server would refuse the token."""
    WARNING = "warning"
    """The token is accepted, but probably does not do what its issuer meant."""
    NOTE = "note"
    """Something is unusual and does no harm."""


class TokmintError(ValueError):
    """A value was refused: the base class of all errors of tokmint.

    The message never holds the secret or the refused value, so it can be logged and shown. A string that is not
    well-formed Unicode (half of a surrogate pair) is a plain `TokmintError` with the code ``invalid_utf8``.

    Attributes:
        code: The stable name of the error, such as ``token_expired``.
        number: The stable number of the error, such as 404.
    """

    code: str
    number: int


class CredentialsError(TokmintError):
    """A key, a secret or an ID cannot be one, such as ``invalid_api_secret`` or ``invalid_private_key``.

    It is ``no_private_key`` where a verifier was asked for a token.
    """


class SessionError(TokmintError):
    """The session ID is invalid or not of these credentials: ``invalid_session_id``, ``session_of_other_project``."""


class OptionsError(TokmintError):
    """An option is outside its limits, such as ``invalid_expire_time`` or ``data_too_long``.

    It is ``unsupported_option`` where only the other kind of credentials has the option.
    """


class TokenError(TokmintError):
    """The token is not valid here and now, such as ``invalid_signature`` or ``token_expired``."""


class PlatformError(TokmintError):
    """The system has no usable clock, entropy or memory: ``system_clock``, ``system_random``, ``signing_failed``."""


class InternalError(TokmintError):
    """A defect of tokmint, with the code ``panic``. The process and the `OpenTok` go on working."""


_ERRORS = {
    "credentials": CredentialsError,
    "session": SessionError,
    "options": OptionsError,
    "token": TokenError,
    "system": PlatformError,
    "panic": InternalError,
}


def make_error(group: str, code: str, number: int, message: str) -> TokmintError:
    """Make the exception of an error of core: of the class of its code, else of its group."""
    error = _ERRORS.get(code, _ERRORS.get(group, TokmintError))(message)
    error.code = code
    error.number = number
    return error


# Type checkers take its subclasses for frozen data classes; to import `dataclasses` itself takes 8 ms.
@dataclass_transform(frozen_default=True)
class _Record:
    """An immutable object with the attributes that its class annotates. Only the native module makes one."""

    __match_args__: ClassVar[tuple[str, ...]]

    def __init_subclass__(cls, *, init: bool) -> None:
        # `init=False` tells type checkers that the constructor is the one below.
        cls.__match_args__ = tuple(name for name in cls.__annotations__ if name[0] != "_")  # type: ignore[misc]

    def __init__(self) -> None:
        raise TypeError(f"{type(self).__name__} cannot be constructed: verify_token and inspect_token return it")

    def __setattr__(self, name: str, _: object = None) -> NoReturn:
        raise AttributeError(f"{type(self).__name__} is immutable: cannot set or delete {name!r}")

    def __delattr__(self, name: str) -> NoReturn:
        self.__setattr__(name)

    def _values(self) -> tuple[object, ...]:
        return tuple(vars(self)[name] for name in self.__match_args__)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Record) and type(self) is type(other) and self._values() == other._values()

    def __hash__(self) -> int:
        return hash((type(self), self._values()))

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.__match_args__)
        return f"{type(self).__name__}({shown})"

    def to_dict(self) -> dict[str, Any]:
        """Return the attributes as a dict that `json.dumps` accepts; the objects in it become dicts as well."""
        return {name: _plain(getattr(self, name)) for name in self.__match_args__}


def _plain(value: object) -> object:
    if isinstance(value, tuple):
        return tuple(map(_plain, value))
    return value.to_dict() if isinstance(value, _Record) else value


EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
SECOND = timedelta(seconds=1)


@final
class Token(_Record, init=False):
    """What a token says. Immutable, hashable and picklable.

    It is verified if `verify_token` of an `OpenTok` or a `Session` returned it, and only then.

    Attributes:
        format: The format it is written in.
        api_key: The API key of the project that issued it; None if an application did.
        application_id: The ID of the application that issued it, in lower case; None if a project did.
        session_id: The one session it admits to.
        role: What its holder may do there.
        create_time: When it was issued, in Unix seconds.
        expire_time: The first second at which it is no longer valid, in Unix seconds.
        data: The connection data, which everybody in the session can read; empty if there is none.
        initial_layout_class_list: The layout classes of the holder's streams in composed archives and broadcasts.
        nonce: The nonce of a project's token or the ``jti`` of an application's, as written in the token (SDKs write
            integers, fractions and strings); empty if it has none.
    """

    format: TokenFormat
    api_key: str | None
    application_id: str | None
    session_id: str
    role: Role
    create_time: int
    expire_time: int
    data: str
    initial_layout_class_list: tuple[str, ...]
    nonce: str

    @property
    def created_at(self) -> datetime:
        """`create_time` as an aware datetime in UTC. Raises `OverflowError` after the year 9999."""
        return EPOCH + timedelta(seconds=self.create_time)

    @property
    def expires_at(self) -> datetime:
        """`expire_time` as an aware datetime in UTC. Raises `OverflowError` after the year 9999."""
        return EPOCH + timedelta(seconds=self.expire_time)

    def __repr__(self) -> str:
        # Leaves out what may be personal, the data and the layout classes, so that it can be logged.
        issuer = "application_id" if self.api_key is None else "api_key"
        return (
            f"Token(format='{self.format}', {issuer}={getattr(self, issuer)!r}, session_id={self.session_id!r}, "
            f"role='{self.role}', create_time={self.create_time}, expire_time={self.expire_time}, ...)"
        )


@final
class Field(_Record, init=False):
    """A name and its value, as written in a token. Immutable, hashable and picklable.

    Attributes:
        name: The name, unescaped in a JWT and still form-encoded in T1.
        value: The JSON of the value in a JWT, with the quotes of a string; the form-encoded value in T1.
    """

    name: str
    value: str


@final
class Finding(_Record, init=False):
    """One thing that an inspection found. Immutable, hashable and picklable.

    Attributes:
        code: What it is, for programs: permanent, such as ``token_expired``.
        severity: What it means for the token.
        message: What is wrong and what to do, in one sentence. It holds neither signature nor connection data.
        server_message: What the server says to such a token, where that is known.
    """

    code: str
    severity: Severity
    message: str
    server_message: str | None


@final
class Inspection(_Record, init=False):
    """The contents of a token, as far as they can be parsed, and everything that is wrong with it.

    `str` shows it to a person, with control characters escaped. Immutable, hashable and picklable.

    Attributes:
        format: The format; None if it cannot be told.
        signature: Whether the signature is that of the credentials.
        header: The members of a JWT's header, or the fields of a T1 token's head without its signature.
        fields: The claims of a JWT or the fields of a T1 token, in token order; a repeated name appears each time.
        token: The token with its types, if every field can be read, whether it is valid or not.
        now: The time of inspection in Unix seconds; None if the system has no usable clock.
        create_time: When it was issued, in Unix seconds; None if the token does not state it.
        expire_time: The first second at which it is no longer valid, in the same way.
        not_before: The time before which a JWT is not valid, in the same way.
        remaining_lifetime: Seconds until its expiry, 0 or less when it is over; None if it does not name one.
        findings: What is wrong: first what makes `verify_token` refuse it, then warnings, then notes.
        is_refused: Whether `verify_token` would refuse the token: whether a finding has that severity.
    """

    format: TokenFormat | None
    signature: SignatureState
    header: tuple[Field, ...]
    fields: tuple[Field, ...]
    token: Token | None
    now: int | None
    create_time: int | None
    expire_time: int | None
    not_before: int | None
    remaining_lifetime: int | None
    findings: tuple[Finding, ...]
    is_refused: bool
    _forms: Forms | tuple[str, str]

    @property
    def created_at(self) -> datetime | None:
        """`create_time` as an aware datetime in UTC; None also beyond the year 9999."""
        return _datetime(self.create_time)

    @property
    def expires_at(self) -> datetime | None:
        """`expire_time` as an aware datetime in UTC; None also beyond the year 9999."""
        return _datetime(self.expire_time)

    def to_json(self) -> str:
        """Return the inspection as the JSON object that tokmint writes in every language, times as RFC 3339."""
        return self._forms[1]

    def __str__(self) -> str:
        return self._forms[0]

    def __getstate__(self) -> dict[str, object]:
        return {**vars(self), "_forms": (self._forms[0], self._forms[1])}

    def __repr__(self) -> str:
        # Leaves out what may be personal, so that it can be logged.
        token_format = self.format and str(self.format)
        codes = tuple(finding.code for finding in self.findings)
        return f"Inspection(format={token_format!r}, signature='{self.signature}', findings={codes}, ...)"


def _datetime(seconds: int | None) -> datetime | None:
    try:
        return None if seconds is None else EPOCH + timedelta(seconds=seconds)
    except OverflowError:
        return None


MEMBERS = {str(member): member for names in (Role, TokenFormat, SignatureState, Severity) for member in names}
"""The member of each name."""

# Another object in each process.
_process = object()


def _note_fork() -> None:
    global _process
    _process = object()


# As `os` has it, which an interpreter without site packages has not loaded; Windows has no fork.
if sys.platform != "win32":
    from posix import register_at_fork

    register_at_fork(after_in_child=_note_fork)


def results(batch: Batch, items: Iterator[object]) -> Iterator[str | Exception]:
    """Return the token or the exception of each item."""
    end = None
    while end is None:
        faults, end = batch.read(items)
        made_in = None
        for index in range(len(faults)):
            # The tokens that were generated ahead of a fork are the parent's; a child generates its own.
            if made_in is not _process:
                made_in = _process
                made = batch.generate(faults)
            yield made[index]
    try:
        if not isinstance(end, StopIteration):
            raise end
    finally:
        # The traceback of the exception holds this frame.
        del end
