from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import NoReturn, SupportsIndex, final

from tokmint._types import Inspection, Role, Token, TokenFormat, TokenOptions

__all__ = ["Batch", "Forms", "OpenTok", "Session", "__version__", "inspect_token", "run_command_line"]

__version__: str

@final
class OpenTok:
    """The credentials of one project, or of one Vonage application.

    `OpenTok(api_key, api_secret)` is a project, `OpenTok.for_application(application_id,
    private_key)` an application, and `OpenTok.verifier(application_id, public_key)` an application
    whose tokens it verifies without being able to generate any.

    Immutable, and safe to share between threads and after `fork`. It cannot be pickled or copied.
    It never shows the secret, the key and what is made from them. They are wiped when the
    `OpenTok`, its sessions and their batches are freed.

    Args:
        api_key: The project's API key, 1 to 20 digits, as the account page shows it.
        api_secret: The project's API secret.

    Raises:
        CredentialsError: One of the two cannot be what it should be.
    """

    def __new__(cls, api_key: str | int, api_secret: str) -> OpenTok: ...
    @classmethod
    def for_application(cls, application_id: str, private_key: str | bytes) -> OpenTok:
        """The credentials of a Vonage application: tokens are signed with RS256.

        Args:
            application_id: The application's ID, a UUID.
            private_key: The text or the bytes of its RSA private key, never a path: PEM, also as
                env files and configurations change it, or DER.

        Raises:
            CredentialsError: The ID is no UUID, or the key cannot be used; the message says why.
        """
    @classmethod
    def verifier(cls, application_id: str, public_key: str | bytes) -> OpenTok:
        """The public half of a Vonage application, for services that must not be able to sign.

        Its `verify_token` and `inspect_token` work; to generate a token raises a `CredentialsError`
        with the code ``no_private_key``.

        Args:
            application_id: The application's ID, a UUID.
            public_key: The text or the bytes of its RSA public key, never a path: PEM or DER, an
                X.509 certificate or a JWK. A private key is refused.

        Raises:
            CredentialsError: The ID is no UUID, or the key cannot be used; the message says why.
        """
    @property
    def api_key(self) -> str | None:
        """The project's API key, which is no secret; None for an application."""
    @property
    def application_id(self) -> str | None:
        """The application's ID in lower case, which is no secret; None for a project."""
    def generate_token(
        self,
        session_id: str,
        role: Role | str | None = None,
        *,
        expire_time: float | datetime | None = None,
        expires_in: float | timedelta | None = None,
        data: str | None = None,
        initial_layout_class_list: Iterable[str] | None = None,
        token_format: TokenFormat | str | None = None,
        create_time: float | datetime | None = None,
        nonce: int | None = None,
        jti: str | None = None,
    ) -> str:
        """Generate a token that admits its holder to a session.

        An option that is None is not given. Fractions of a second are rounded down.

        Args:
            session_id: The session, which this project or application must have created.
            role: What the holder may do; `Role.PUBLISHER` by default.
            expire_time: When the token ends, in Unix seconds or as an aware datetime; at most 30
                days after `create_time`, and 24 hours after it by default.
            expires_in: The same as a lifetime, in seconds or as a timedelta. Give only one of them.
            data: At most 1000 UTF-16 code units, which everybody in the session can read.
            initial_layout_class_list: Layout classes without whitespace and control characters; at
                most 1000 UTF-16 code units when joined by one space.
            token_format: `TokenFormat.JWT` by default; applications have no other.
            create_time: The current time by default; given to reproduce a token exactly.
            nonce: For projects only: 0 to 2**53 - 1, one never used before by default; given with
                `create_time`.
            jti: For applications only: a UUID in lower case, a random one by default; given with
                `create_time`.

        Raises:
            CredentialsError: These are credentials without a private key.
            SessionError: The session ID is invalid or belongs to another project or application.
            OptionsError: An option is outside its limits, or for the other kind of credentials.
            PlatformError: The system has no usable clock or entropy, or no memory to sign.
        """
    def session(self, session_id: str) -> Session:
        """Prepare a session, so that each of its tokens takes less time.

        Worth it from about five tokens on. You need not keep the `OpenTok`.

        Args:
            session_id: The session, which this project or application must have created.

        Raises:
            SessionError: The session ID is invalid or belongs to another project or application.
        """
    def generate_rest_token(
        self,
        *,
        expires_in: float | timedelta | None = None,
        create_time: float | datetime | None = None,
        jti: str | None = None,
    ) -> str:
        """Generate a token for the platform's REST calls, such as creating a session.

        For a project it is the value of the header `X-OPENTOK-AUTH`, for an application what
        follows `Authorization: Bearer`. It is for servers only and admits nobody to a session;
        `verify_token` refuses it.

        Args:
            expires_in: Its lifetime, 1 to 86400 seconds or a timedelta; by default 180 seconds for
                a project and 900 for an application.
            create_time: The current time by default; given to reproduce a token exactly.
            jti: A UUID in lower case, a random one by default; given with `create_time`.

        Raises:
            CredentialsError: These are credentials without a private key.
            OptionsError: An option is outside its limits.
            PlatformError: The system has no usable clock or entropy, or no memory to sign.
        """
    def verify_token(
        self,
        token: str | bytes,
        *,
        now: float | datetime | None = None,
        leeway: float | timedelta | None = None,
        session_id: str | None = None,
    ) -> Token:
        """Verify a token of this project, JWT or T1, or of this application, and return what it says.

        Args:
            token: The token.
            now: Unix seconds or an aware datetime; the current time by default.
            leeway: How long a token is still accepted after its expiry or before its start, 0 to
                3600 seconds or a timedelta; 0 by default.
            session_id: The session that it must be for; any by default.

        Raises:
            TokenError: The token is not valid here and now.
            SessionError: Another project or application owns the token's session.
            OptionsError: `leeway` is outside its limits.
            PlatformError: The system has no usable clock.
        """
    def inspect_token(
        self, token: str | bytes, *, now: float | datetime | None = None, session_id: str | None = None
    ) -> Inspection:
        """Say what a token holds, and everything for which `verify_token` would refuse it.

        No leeway is granted. Trust nothing that an inspection shows: to admit somebody, use
        `verify_token`.

        Args:
            token: Any string or bytes, which are never refused.
            now: Unix seconds or an aware datetime; the current time by default.
            session_id: The session that it should be for; any by default.
        """
    def __reduce_ex__(self, protocol: SupportsIndex, /) -> NoReturn: ...

@final
class Session:
    """One session of an `OpenTok`, to generate many tokens for it; `OpenTok.session` makes it.

    Immutable, and safe to share between threads and after `fork`. It cannot be pickled or copied.
    It never shows the secret, the key and what is made from them. They are wiped when the
    `OpenTok`, its sessions and their batches are freed.
    """

    @property
    def session_id(self) -> str:
        """The ID of the session, which is no secret."""
    def generate_token(
        self,
        role: Role | str | None = None,
        *,
        expire_time: float | datetime | None = None,
        expires_in: float | timedelta | None = None,
        data: str | None = None,
        initial_layout_class_list: Iterable[str] | None = None,
        token_format: TokenFormat | str | None = None,
        create_time: float | datetime | None = None,
        nonce: int | None = None,
        jti: str | None = None,
    ) -> str:
        """Generate a token that admits its holder to the session.

        The options are those of `OpenTok.generate_token`, and the token is the same.

        Raises:
            CredentialsError: These are credentials without a private key.
            OptionsError: An option is outside its limits, or for the other kind of credentials.
            PlatformError: The system has no usable clock or entropy, or no memory to sign.
        """
    def generate_tokens(self, options: Iterable[TokenOptions]) -> Iterator[str | Exception]:
        """Generate many tokens, one for each mapping of options, in order.

        The clock is read once, at the call. Tokens whose options differ only in their data take the
        least time. At most 64 tokens are generated ahead of those that are taken, with the
        interpreter lock released, so that any number of them takes no more memory.

        Args:
            options: The options of each token: a dict, or another mapping, with arguments of
                `generate_token`.

        Returns:
            An iterator over the tokens. In place of a token that cannot be generated, it returns
            the exception that `generate_token` would raise, and continues.
        """
    def verify_token(
        self,
        token: str | bytes,
        *,
        now: float | datetime | None = None,
        leeway: float | timedelta | None = None,
    ) -> Token:
        """Verify a token as `OpenTok.verify_token` does, and that it is for this session.

        Args:
            token: The token.
            now: Unix seconds or an aware datetime; the current time by default.
            leeway: How long a token is still accepted after its expiry or before its start, 0 to
                3600 seconds or a timedelta; 0 by default.

        Raises:
            TokenError: The token is not valid here and now, or for another session.
            SessionError: Another project or application owns the token's session.
            OptionsError: `leeway` is outside its limits.
            PlatformError: The system has no usable clock.
        """
    def __reduce_ex__(self, protocol: SupportsIndex, /) -> NoReturn: ...

def inspect_token(
    token: str | bytes, *, now: float | datetime | None = None, session_id: str | None = None
) -> Inspection:
    """Say what a token holds and why a server would refuse it, without credentials.

    Its signature stays unchecked, and its project or application is the one that it names.

    Args:
        token: Any string or bytes, which are never refused.
        now: Unix seconds or an aware datetime; the current time by default.
        session_id: The session that it should be for; any by default.
    """

def run_command_line(arguments: list[str]) -> int | None:
    """Run the command line on the standard streams.

    Returns:
        The exit status, or None for `self-test`, which the package runs itself.
    """

@final
class Forms:
    """The text and the JSON of an inspection, as items 0 and 1, which core writes on demand."""

    def __getitem__(self, index: int, /) -> str: ...

@final
class Batch:
    """What a call of `generate_tokens` keeps; `results` in `tokmint/_types.py` iterates over it."""

    def read(self, items: Iterator[object]) -> tuple[list[Exception | None], Exception | None]:
        """Read the options of the next items.

        Returns:
            For each item its exception or None; and the exception that ended the iterator, if one
            did.
        """
    def generate(self, faults: list[Exception | None]) -> list[str | Exception]:
        """Generate the tokens of the items that were read last, other ones at each call."""
