from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal, NoReturn, SupportsIndex, final

from tokmint._types import Role, TokenFormat

__all__ = ["Field", "Finding", "Inspection", "OpenTok", "Token", "__version__", "inspect_token"]

__version__: str

@final
class OpenTok:
    """The credentials of one project. Immutable, and safe to share between threads and after `fork`.

    It keeps no copy of the secret but the HMAC states made from it. It cannot be printed with them, pickled or copied;
    the strings that were passed are the caller's, and Python does not wipe them.
    """

    def __new__(cls, api_key: str | int, api_secret: str) -> OpenTok:
        """Takes a project's API key (1 to 20 digits) and API secret, as the account page shows them.

        Raises `CredentialsError`.
        """

    @property
    def api_key(self) -> str:
        """The project's API key, which is no secret."""

    def generate_token(
        self,
        session_id: str,
        role: Role | str | None = None,
        *,
        expire_time: int | datetime | None = None,
        expires_in: int | timedelta | None = None,
        data: str | None = None,
        initial_layout_class_list: Iterable[str] | None = None,
        token_format: TokenFormat | str | None = None,
        create_time: int | datetime | None = None,
        nonce: int | None = None,
    ) -> str:
        """Generates a token that admits its holder to a session. An option that is None is not given.

        session_id: the session, which this project must have created.
        role: what the holder may do; `Role.PUBLISHER` by default.
        expire_time: when the token ends, in Unix seconds or as an aware datetime; at most 30 days after
            `create_time`, and 24 hours after it by default.
        expires_in: the same as a life in seconds or as a timedelta. Only one of the two may be given.
        data: connection data, at most 1000 UTF-16 code units, which everybody in the session can read.
        initial_layout_class_list: layout classes without white space and control characters, at most 1000 UTF-16
            code units when joined by one space.
        token_format: `TokenFormat.JWT` by default.
        create_time: when the token is issued, in Unix seconds or as an aware datetime; the current time by default.
        nonce: 0 to 2**53 - 1; by default one that this process has not used before. Give it and `create_time` only
            to reproduce a token exactly.

        Fractions of a second in a datetime or timedelta are rounded down.

        Raises `SessionError`, `OptionsError`, `TokmintSystemError`.
        """

    def verify_token(
        self,
        token: str | bytes,
        *,
        now: int | datetime | None = None,
        leeway: int | timedelta | None = None,
        session_id: str | None = None,
    ) -> Token:
        """Verifies a token of this project, JWT or T1, and returns what it says.

        now: the time of verification, in Unix seconds or as an aware datetime; the current time by default.
        leeway: how long a token is still accepted after its expiry or before its start, 0 to 3600 seconds or a
            timedelta; 0 by default.
        session_id: the session that the token must be for; any session of the project by default.

        Raises `TokenError`; `SessionError` if another project owns the token's session; `OptionsError`;
        `TokmintSystemError`.
        """

    def inspect_token(
        self, token: str | bytes, *, now: int | datetime | None = None, session_id: str | None = None
    ) -> Inspection:
        """Says what a token holds, and everything for which `verify_token` (without leeway) would refuse it.

        token: any text or bytes, which are never refused.
        now: the time of inspection, in Unix seconds or as an aware datetime; the current time by default.
        session_id: the session that the token should be for; any session of the project by default.

        Trust nothing that an inspection shows: to admit somebody, use `verify_token`.
        """

    def __reduce_ex__(self, protocol: SupportsIndex, /) -> NoReturn: ...

def inspect_token(
    token: str | bytes, *, now: int | datetime | None = None, session_id: str | None = None
) -> Inspection:
    """Says what a token holds and why a server would refuse it, without credentials.

    Its signature stays unchecked, and its project is the one that it names. The arguments are those of
    `OpenTok.inspect_token`.
    """

@final
class Token:
    """What a token says. Immutable; equal if all fields are.

    It is verified if it comes from `OpenTok.verify_token`, and only then.
    """

    @property
    def format(self) -> TokenFormat:
        """The format it is written in."""

    @property
    def api_key(self) -> str:
        """The API key of the project that issued it."""

    @property
    def session_id(self) -> str:
        """The one session it admits to."""

    @property
    def role(self) -> Role:
        """What its holder may do there."""

    @property
    def create_time(self) -> int:
        """When it was issued, in Unix seconds."""

    @property
    def created_at(self) -> datetime:
        """When it was issued, as an aware datetime in UTC. Raises `OverflowError` after the year 9999."""

    @property
    def expire_time(self) -> int:
        """The first second at which it is no longer valid, in Unix seconds."""

    @property
    def expires_at(self) -> datetime:
        """The first instant at which it is no longer valid, in UTC. Raises `OverflowError` after the year 9999."""

    @property
    def data(self) -> str:
        """The connection data, which everybody in the session can read; empty if there is none."""

    @property
    def initial_layout_class_list(self) -> tuple[str, ...]:
        """The layout classes of the holder's streams when an archive or broadcast is composed."""

    @property
    def nonce(self) -> str:
        """The nonce as it stands in the token (SDKs write integers, fractions and texts); empty if there is none."""

    def __eq__(self, other: object, /) -> bool: ...
    __hash__: None  # type: ignore[assignment]

@final
class Inspection:
    """What a token says, as far as it reads, and everything that is wrong with it.

    `str` shows it to a person, with control characters escaped. Immutable; equal if all attributes are.
    """

    @property
    def format(self) -> TokenFormat | None:
        """The format; None if it cannot be told."""

    @property
    def signature(self) -> Literal["valid", "invalid", "unchecked"]:
        """Whether the signature is that of the project.

        It is unchecked without credentials, if it does not read, and if the algorithm is another.
        """

    @property
    def header(self) -> tuple[Field, ...]:
        """The members of a JWT's header, or ``partner_id`` of a T1 token."""

    @property
    def fields(self) -> tuple[Field, ...]:
        """The claims of a JWT or the fields of a T1 token, in their order; one that stands there twice, twice."""

    @property
    def token(self) -> Token | None:
        """The token with its types, if every field reads, whether it is valid or not."""

    @property
    def created_at(self) -> datetime | None:
        """When it was issued, as an aware datetime in UTC; None if it does not say so or beyond the year 9999."""

    @property
    def expires_at(self) -> datetime | None:
        """The first second at which it is no longer valid, in the same way."""

    @property
    def not_before(self) -> datetime | None:
        """The time before which a JWT is not valid, in the same way."""

    @property
    def remaining_lifetime(self) -> int | None:
        """Seconds until its expiry, 0 or less when it is over; None if it does not name one."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is wrong: first what makes `verify_token` refuse it, then warnings, then notes."""

    @property
    def is_refused(self) -> bool:
        """Whether `verify_token` would refuse the token: whether there is a finding of that severity."""

    def to_json(self) -> str:
        """The inspection as one JSON object with the names of the attributes; ``null`` stands for None."""

    def __eq__(self, other: object, /) -> bool: ...
    __hash__: None  # type: ignore[assignment]

@final
class Field:
    """A name and its value, as they stand in a token. Immutable; equal if both are."""

    @property
    def name(self) -> str:
        """The name, unescaped in a JWT and still form-encoded in T1."""

    @property
    def value(self) -> str:
        """The JSON of the value in a JWT, with the quotes of a text; the form-encoded value in T1."""

    def __eq__(self, other: object, /) -> bool: ...
    __hash__: None  # type: ignore[assignment]

@final
class Finding:
    """One thing that an inspection found. Immutable; equal if all attributes are."""

    @property
    def code(self) -> str:
        """What it is, for programs: stable for ever, such as ``token_expired``."""

    @property
    def severity(self) -> Literal["refused", "warning", "note"]:
        """How grave it is, the same for all findings of a code.

        refused: a server would refuse the token. warning: it is accepted, but probably does not do what its issuer
        meant. note: something unusual that does no harm.
        """

    @property
    def message(self) -> str:
        """What is wrong and what to do, in one sentence. It holds neither signature nor connection data."""

    @property
    def server_message(self) -> str | None:
        """What the server says to such a token, where that is known."""

    def __eq__(self, other: object, /) -> bool: ...
    __hash__: None  # type: ignore[assignment]
