"""A program that uses every part of the package, for type checkers: what each line ignores, they must report."""

import sys
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

import tokmint
from tokmint import (
    Field,
    Finding,
    Inspection,
    OpenTok,
    Role,
    Session,
    Severity,
    SignatureState,
    Token,
    TokenFormat,
    TokenOptions,
    TokmintError,
    inspect_token,
)

SESSION_ID = "1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4"


def accepted() -> None:
    opentok = OpenTok("123456", "1234567890abcdef1234567890abcdef1234567890")
    key: str = OpenTok(api_key=123456, api_secret="secret").api_key or ""
    token: str = opentok.generate_token(SESSION_ID)
    token = opentok.generate_token(SESSION_ID, "moderator")
    token = opentok.generate_token(
        SESSION_ID,
        role=Role.PUBLISHER_ONLY,
        expire_time=datetime.now(timezone.utc) + timedelta(hours=1),
        data=key,
        initial_layout_class_list=(name for name in ("focus", "full")),
        token_format=TokenFormat.T1,
        create_time=None,
        nonce=1,
    )
    verified: Token = opentok.verify_token(token, now=None, leeway=timedelta(seconds=5), session_id=SESSION_ID)
    role: Role = verified.role
    token_format: TokenFormat = verified.format
    strings: tuple[str, ...] = (
        verified.data,
        verified.nonce,
        verified.session_id,
        role,
        token_format,
        tokmint.__version__,
    )
    life: timedelta = verified.expires_at - verified.created_at
    seconds: int = verified.expire_time - verified.create_time
    classes: tuple[str, ...] = verified.initial_layout_class_list
    assert life == timedelta(seconds=seconds) and classes == ("focus", "full") and len(strings) == 6
    assert verified.to_dict()["role"] == role and {verified: life}[verified] == life
    inspection: Inspection = opentok.inspect_token(token, now=datetime.now(timezone.utc), session_id=SESSION_ID)
    signature: SignatureState = inspection.signature
    fields: tuple[Field, ...] = inspection.header + inspection.fields
    pairs: dict[str, str] = {field.name: field.value for field in fields}
    findings: tuple[Finding, ...] = inspect_token(b"T1==", now=time.time(), session_id=None).findings
    severity: Severity = findings[0].severity
    sentences: list[str] = [f"{finding.code}: {finding.server_message or finding.message}" for finding in findings]
    times: list[datetime | None] = [inspection.created_at, inspection.expires_at]
    seconds_or_none: list[int | None] = [inspection.now, inspection.create_time, inspection.expire_time]
    remaining: int = inspection.remaining_lifetime or 0
    typed: Role | None = inspection.token and inspection.token.role
    format_or_none: TokenFormat | None = inspection.format
    assert (signature, severity, typed, format_or_none) == ("valid", "refused", role, token_format)
    assert pairs["role"] == role and remaining > 0 and sentences and times[0] and times[1] and times[0] < times[1]
    assert all(seconds_or_none) and inspection.not_before is None
    assert inspection.to_json() and not inspection.is_refused
    session: Session = opentok.session(SESSION_ID)
    token = session.generate_token(Role.MODERATOR, data=key, expires_in=timedelta(hours=1), token_format="t1")
    assert session.verify_token(token.encode(), now=time.time(), leeway=5.5).session_id == session.session_id
    options: list[TokenOptions] = [{"data": name, "role": Role.SUBSCRIBER} for name in ("Johnny", "Jane")]
    results: Iterator[str | Exception] = session.generate_tokens([*options, {"expires_in": 0}, TokenOptions(nonce=1)])
    tokens: list[str] = [result for result in results if isinstance(result, str)]
    assert len(tokens) == 3 and session.generate_token(**options[0]) not in tokens
    try:
        opentok.verify_token(token.encode(), now=0)
    except TokmintError as error:
        code: str = error.code
        number: int = error.number
        assert (code, number) == ("token_not_yet_valid", 405)


APPLICATION_ID = "a98e12ca-f3e5-4df8-bc66-fd4b5f30b9e9"
SESSION_OF_APPLICATION = (
    "2_MX5hOThlMTJjYS1mM2U1LTRkZjgtYmM2Ni1mZDRiNWYzMGI5ZTl-fjE2NzI3MzY4NzgxNjJ-bi9OeFVLbkNaVjBUUnpVSmxjbURqQ3J4flB-fg"
)
JTI = "d412fd8f-921c-4b35-bdcd-bf2d39bb20ed"


def accepted_of_application(private_key: str, public_key: bytes) -> None:
    opentok: OpenTok = OpenTok.for_application(application_id=APPLICATION_ID, private_key=private_key)
    verifier: OpenTok = OpenTok.verifier(APPLICATION_ID, public_key)
    token: str = opentok.generate_token(SESSION_OF_APPLICATION, "publisher", jti=JTI)
    verified: Token = verifier.verify_token(token)
    issuer: str | None = verified.application_id
    neither: list[str | None] = [verified.api_key, opentok.api_key, verifier.api_key]
    assert issuer == opentok.application_id == APPLICATION_ID and neither == [None, None, None]
    assert verified.nonce == JTI
    header: str = opentok.generate_rest_token()
    header = opentok.generate_rest_token(expires_in=timedelta(minutes=5), create_time=time.time(), jti=JTI)
    assert verifier.inspect_token(header).is_refused


def immutable(token: Token) -> None:
    token.role = Role.MODERATOR  # type: ignore[misc]


def refused(opentok: OpenTok) -> "list[Callable[[], object]]":
    session = opentok.session(SESSION_ID)
    return [
        lambda: OpenTok(1.5, "secret"),  # type: ignore[arg-type]
        lambda: OpenTok("123456"),  # type: ignore[call-arg]
        lambda: opentok.generate_token(SESSION_ID, "publisher", 60),  # type: ignore[call-arg]
        lambda: opentok.generate_token(SESSION_ID, expire_time="1800000000"),  # type: ignore[arg-type]
        lambda: opentok.generate_token(SESSION_ID, expires_in="60"),  # type: ignore[arg-type]
        lambda: opentok.generate_token(SESSION_ID, nonce=1.5),  # type: ignore[arg-type]
        lambda: opentok.generate_token(SESSION_ID, data=b"data"),  # type: ignore[arg-type]
        lambda: opentok.generate_token(SESSION_ID, use_jwt=False),  # type: ignore[call-arg]
        lambda: opentok.generate_token(SESSION_ID, jti=5),  # type: ignore[arg-type]
        lambda: opentok.generate_rest_token(60),  # type: ignore[call-arg]
        lambda: opentok.generate_rest_token(expires_in="60"),  # type: ignore[arg-type]
        lambda: opentok.generate_rest_token(nonce=1),  # type: ignore[call-arg]
        lambda: OpenTok.for_application(APPLICATION_ID, Path("private.key")),  # type: ignore[arg-type]
        lambda: OpenTok.for_application(APPLICATION_ID),  # type: ignore[call-arg]
        lambda: OpenTok.verifier(5, b""),  # type: ignore[arg-type]
        lambda: opentok.verify_token(None),  # type: ignore[arg-type]
        lambda: opentok.verify_token("x", now="1800000000"),  # type: ignore[arg-type]
        lambda: opentok.session(5),  # type: ignore[arg-type]
        lambda: Session(opentok, SESSION_ID),  # type: ignore[call-arg]
        lambda: session.generate_token(SESSION_ID, "publisher"),  # type: ignore[call-arg, arg-type]
        lambda: session.generate_token(data=b"data"),  # type: ignore[arg-type]
        lambda: session.generate_tokens(5),  # type: ignore[arg-type]
        lambda: all(map(len, session.generate_tokens([{"rolle": "x"}]))),  # type: ignore[typeddict-unknown-key, arg-type]
        lambda: all(map(len, session.generate_tokens([{"data": 5}]))),  # type: ignore[typeddict-item, arg-type]
        lambda: session.verify_token("x", session_id=SESSION_ID),  # type: ignore[call-arg]
        lambda: opentok.inspect_token(None),  # type: ignore[arg-type]
        lambda: inspect_token("x", leeway=5),  # type: ignore[call-arg]
    ]


if __name__ == "__main__":
    accepted()
    accepted_of_application(sys.argv[1], sys.argv[2].encode())
    for call in refused(OpenTok("123456", "1234567890abcdef1234567890abcdef1234567890")):
        try:
            call()
        except TypeError:
            continue
        raise SystemExit("the type checkers refuse what the package accepts")
