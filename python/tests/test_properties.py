"""What must hold for every input, tried on random ones."""

import traceback
from collections.abc import Callable
from contextlib import suppress
from string import ascii_letters
from typing import Any
from uuid import UUID

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from support import (
    API_KEY,
    APPLICATION_ID,
    NOW,
    SESSION_ID,
    SESSION_OF_APPLICATION,
    application,
    project,
    verifier,
)
from tokmint import OpenTok, Role, TokenFormat, TokmintError, inspect_token

OPENTOK = project()
SESSION = OPENTOK.session(SESSION_ID)
APPLICATION = application()
VERIFIER = verifier()

# `text()` holds no surrogates; `any_string` does.
data = st.text(max_size=500)
any_string = st.text(st.characters(exclude_categories=[]), max_size=60)
layout_class = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"]), min_size=1, max_size=20)
options = st.fixed_dictionaries(
    {"create_time": st.integers(0, 100_000_000_000), "token_format": st.sampled_from(TokenFormat)},
    optional={
        "role": st.sampled_from(Role),
        "expires_in": st.integers(1, 2_592_000),
        "data": data,
        "initial_layout_class_list": st.lists(layout_class, max_size=20),
        "nonce": st.integers(0, 2**53 - 1),
    },
)


@settings(max_examples=1000, deadline=None)
@given(options)
def test_a_verified_token_says_what_was_asked_for(options: dict[str, Any]) -> None:
    token = OPENTOK.generate_token(SESSION_ID, **options)
    verified = OPENTOK.verify_token(token, now=options["create_time"], session_id=SESSION_ID)
    assert verified.role is options.get("role", Role.PUBLISHER)
    assert verified.format is options["token_format"]
    assert verified.data == options.get("data", "")
    assert verified.initial_layout_class_list == tuple(options.get("initial_layout_class_list", ()))
    assert verified.create_time == options["create_time"]
    assert verified.expire_time == options["create_time"] + options.get("expires_in", 86_400)
    assert verified.nonce == str(options.get("nonce", verified.nonce))


@settings(max_examples=300, deadline=None)
@given(options, st.uuids())
def test_a_verifier_reads_what_was_asked_of_an_application(options: dict[str, Any], jti: UUID) -> None:
    options = {name: value for name, value in options.items() if name not in ("token_format", "nonce")}
    token = APPLICATION.generate_token(SESSION_OF_APPLICATION, jti=str(jti), **options)
    verified = VERIFIER.verify_token(token, now=options["create_time"], session_id=SESSION_OF_APPLICATION)
    assert (verified.api_key, verified.application_id, verified.nonce) == (None, APPLICATION_ID, str(jti))
    assert verified.role is options.get("role", Role.PUBLISHER)
    assert verified.data == options.get("data", "")
    assert verified.initial_layout_class_list == tuple(options.get("initial_layout_class_list", ()))
    assert verified.expire_time == options["create_time"] + options.get("expires_in", 86_400)
    with pytest.raises(TokmintError):
        VERIFIER.verify_token(token[:-1] + ("A" if token[-1] != "A" else "Q"), now=options["create_time"])


@settings(max_examples=500, deadline=None)
@given(options, st.data())
def test_a_changed_token_is_refused(options: dict[str, Any], choice: st.DataObject) -> None:
    token = OPENTOK.generate_token(SESSION_ID, **options)
    place = choice.draw(st.integers(0, len(token) - 1))
    character = choice.draw(st.characters(exclude_categories=[]))
    assume(token[place] != character)
    changed = token[:place] + character + token[place + 1 :]
    with pytest.raises(TokmintError):
        OPENTOK.verify_token(changed, now=options["create_time"])
    assert OPENTOK.inspect_token(changed, now=options["create_time"]).is_refused


junk = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), any_string, st.binary(max_size=60), st.datetimes(),
    st.timedeltas(), st.lists(any_string, max_size=3), st.dictionaries(any_string, st.integers(), max_size=2),
)  # fmt: skip
names = (
    "role",
    "expire_time",
    "expires_in",
    "data",
    "initial_layout_class_list",
    "token_format",
    "create_time",
    "nonce",
)


@settings(max_examples=1000, deadline=None)
@given(junk, st.dictionaries(st.sampled_from(names), junk))
def test_whatever_is_passed_only_a_token_or_a_typed_error_comes_back(session_id: Any, options: dict[str, Any]) -> None:
    for session in (SESSION_ID, session_id):
        try:
            token = OPENTOK.generate_token(session, **options)
        except (TypeError, TokmintError):
            continue
        verified = OPENTOK.verify_token(token, now=options.get("create_time"))
        assert verified.session_id == SESSION_ID


def outcome(call: Callable[[], object]) -> object:
    """The token, or what tells its error from others."""
    try:
        result = call()
    except Exception as error:
        result = error
    return (type(result), result.args, getattr(result, "code", None)) if isinstance(result, Exception) else result


fixed = {"create_time": NOW, "nonce": 1}


@settings(max_examples=1000, deadline=None)
@given(st.lists(options | st.dictionaries(st.sampled_from(names), junk), max_size=5))
@example([{"role": "nobody", "token_format": 5}, {}, {"data": "\ud800", "create_time": -1}, {"expires_in": True}])
def test_a_session_and_a_batch_do_what_a_single_call_does(items: list[dict[str, Any]]) -> None:
    items = [{**fixed, **options} for options in items]
    items = [options for options in items if options["create_time"] is not None and options["nonce"] is not None]
    single = [outcome(lambda options=options: OPENTOK.generate_token(SESSION_ID, **options)) for options in items]
    assert [outcome(lambda options=options: SESSION.generate_token(**options)) for options in items] == single
    results = SESSION.generate_tokens(items)  # type: ignore[arg-type]
    assert [outcome(lambda result=result: result) for result in results] == single


@settings(max_examples=500, deadline=None)
@given(junk, junk)
def test_no_junk_is_a_key_or_an_id(application_id: Any, key: Any) -> None:
    for make in (OpenTok.for_application, OpenTok.verifier):
        for either in (application_id, APPLICATION_ID):
            with pytest.raises((TypeError, TokmintError)):
                make(either, key)
    with suppress(TypeError, TokmintError):
        OPENTOK.generate_rest_token(expires_in=application_id, jti=key)


@settings(max_examples=1000, deadline=None)
@given(junk, junk, junk, junk)
def test_verify_meets_whatever_is_passed_with_a_typed_error(token: Any, now: Any, leeway: Any, session_id: Any) -> None:
    valid = OPENTOK.generate_token(SESSION_ID, create_time=NOW)
    with pytest.raises((TypeError, TokmintError)):
        OPENTOK.verify_token(token, now=now, leeway=leeway, session_id=session_id)
    with suppress(TypeError, TokmintError):
        OPENTOK.verify_token(valid, now=now, leeway=leeway)


@settings(max_examples=1000, deadline=None)
@given(st.one_of(any_string, st.binary(max_size=200)), st.integers() | st.none())
@example("\ud800", None)
def test_inspect_raises_for_no_string_and_no_bytes(token: Any, now: Any) -> None:
    for prefix in ("", "T1==", "eyJ"):
        whole = prefix.encode() + token if isinstance(token, bytes) else prefix + token
        for inspection in (OPENTOK.inspect_token(whole, now=now), inspect_token(whole, now=now)):
            assert inspection.is_refused
            assert str(inspection) and inspection.to_json() and repr(inspection)
            # It can be printed, and no line of it is the token's doing.
            assert all(character == "\n" or character.isprintable() for character in str(inspection))


@settings(max_examples=1000, deadline=None)
# Without letters, so that no word of a message is taken for a part of the secret.
@given(st.text(st.characters(exclude_categories=[], exclude_characters=ascii_letters), min_size=8, max_size=60))
def test_no_secret_is_shown(secret: str) -> None:
    try:
        opentok = OpenTok(API_KEY, secret)
        shown = f"{opentok!r} {opentok}"
    except TokmintError as error:
        shown = f"{traceback.format_exception_only(error)} {error!r} {error.args} {vars(error)}"
    assert not any(secret[start : start + 8] in shown for start in range(len(secret) - 7))
