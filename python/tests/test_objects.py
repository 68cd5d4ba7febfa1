"""How `OpenTok`, `Token` and the exceptions behave as Python objects, and that none of them shows a secret."""

import base64
import copy
import inspect
import json
import logging
import multiprocessing
import pickle
import traceback
import uuid
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from typing import Any

import pytest

import tokmint
from support import (
    API_KEY,
    API_SECRET,
    APPLICATION_ID,
    NOW,
    PRIVATE_KEY,
    PUBLIC_KEY,
    SESSION_ID,
    SESSION_OF_APPLICATION,
    VECTORS,
    application,
    project,
    signed_jwt,
    vectors,
    verified_elsewhere,
    verifier,
)
from tokmint import _self_test

LONE_SURROGATE = "hidden \ud800 string"


def test_open_tok_shows_its_key_and_never_its_secret(caplog: pytest.LogCaptureFixture) -> None:
    opentok = project()
    logging.getLogger().warning("%s %r", opentok, opentok)
    shown = [repr(opentok), str(opentok), f"{opentok}", repr([opentok]), caplog.text, repr(dir(opentok))]
    assert repr(opentok) == "OpenTok(api_key='123456')"
    assert not any(API_SECRET[:8] in line for line in shown)
    assert not hasattr(opentok, "api_secret") and not hasattr(opentok, "__dict__")


@pytest.mark.parametrize("make", [application, verifier])
def test_an_application_shows_its_id_and_never_its_key(
    make: Callable[[], tokmint.OpenTok], caplog: pytest.LogCaptureFixture
) -> None:
    opentok = make()
    logging.getLogger().warning("%s %r", opentok, opentok)
    shown = [repr(opentok), str(opentok), f"{opentok}", repr([opentok]), caplog.text, repr(dir(opentok))]
    assert repr(opentok) == f"OpenTok(application_id='{APPLICATION_ID}')"
    for line in (PRIVATE_KEY + PUBLIC_KEY).splitlines():
        assert not any(line[:16] in text for text in shown)
    assert not hasattr(opentok, "private_key") and not hasattr(opentok, "__dict__")


def test_credentials_are_of_a_project_or_of_an_application() -> None:
    assert (project().api_key, project().application_id) == (API_KEY, None)
    for opentok in (application(), verifier(), tokmint.OpenTok.verifier(APPLICATION_ID.upper(), PUBLIC_KEY)):
        assert (opentok.api_key, opentok.application_id) == (None, APPLICATION_ID)


@pytest.mark.parametrize("make", [project, application, verifier])
@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_open_tok_cannot_be_pickled(make: Callable[[], object], protocol: int) -> None:
    with pytest.raises(TypeError, match="secret"):
        pickle.dumps(make(), protocol)


@pytest.mark.parametrize("make", [project, application, verifier])
@pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy, lambda it: copy.deepcopy({"key": [it]})])
def test_open_tok_cannot_be_copied(make: Callable[[], object], duplicate: Callable[[object], object]) -> None:
    with pytest.raises(TypeError, match="secret"):
        duplicate(make())


def results() -> "list[Any]":
    """An object of each class that a call returns, with every attribute set in one of them at least."""
    options: dict[str, Any] = {"create_time": NOW, "nonce": 1, "data": "data"}
    token = project().generate_token(SESSION_ID, **options, initial_layout_class_list=["a", "b"])
    inspection = project().inspect_token(f" {token}", now=NOW + 86_400)
    assert inspection.token
    nothing = tokmint.inspect_token("", now=NOW)
    token = application().generate_token(SESSION_OF_APPLICATION, create_time=NOW, jti=str(uuid.UUID(int=1)))
    of_application = verifier().verify_token(token, now=NOW)
    return [inspection.token, of_application, *inspection.fields, *inspection.findings, inspection, nothing]


def test_objects_are_immutable() -> None:
    for instance in (project(), application(), *results()):
        for name in ("api_key", "role", "findings", "severity", "value", "new"):
            with pytest.raises(AttributeError):
                setattr(instance, name, "x")
            with pytest.raises(AttributeError):
                delattr(instance, name)
    with pytest.raises(TypeError):
        type("Subclass", (tokmint.OpenTok,), {})
    for returned in (tokmint.Token, tokmint.Inspection, tokmint.Field, tokmint.Finding):
        with pytest.raises(TypeError, match="verify_token and inspect_token return it"):
            returned()


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_results_survive_pickling(protocol: int) -> None:
    for result in results():
        pickled = pickle.dumps(result, protocol)
        # Classes may move inside of the package; pickles must not notice.
        assert b"_types" not in pickled
        same = pickle.loads(pickled)
        assert type(same) is type(result)
        assert (same, hash(same), repr(same), str(same)) == (result, hash(result), repr(result), str(result))
        assert vars(same).keys() == vars(result).keys() and same.to_dict() == result.to_dict()
        if isinstance(result, tokmint.Inspection):
            assert (same.to_json(), same.is_refused) == (result.to_json(), result.is_refused)
            assert pickle.loads(pickle.dumps(same, protocol)).to_json() == result.to_json()
        with pytest.raises(AttributeError):
            same.data = "x"


@pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy])
def test_results_can_be_copied(duplicate: Callable[[Any], Any]) -> None:
    for result in results():
        assert duplicate(result) == result and str(duplicate(result)) == str(result)


def test_results_can_be_dictionary_keys() -> None:
    assert len({*results(), *results()}) == len(results())
    one, other = results()[2:4]
    assert one != other and len({one, other}) == 2


def test_results_become_dictionaries_that_json_accepts() -> None:
    for result in results():
        as_dict = result.to_dict()
        assert list(as_dict) == [name for name in type(result).__annotations__ if name[0] != "_"]
        assert json.loads(json.dumps(as_dict)) == json.loads(json.dumps(as_dict, default=repr))
        for name, value in as_dict.items():
            attribute = getattr(result, name)
            if isinstance(attribute, tuple) and attribute and not isinstance(attribute[0], str):
                assert value == tuple(item.to_dict() for item in attribute)
            elif isinstance(attribute, tokmint.Token):
                assert value == attribute.to_dict()
            else:
                assert value == attribute
    for token, absent in zip(results()[:2], ("application_id", "api_key"), strict=True):
        assert json.loads(json.dumps(token.to_dict())) == {**_self_test.fields(token), absent: None}


def test_names_are_members_of_enums() -> None:
    *_, token_findings, nothing = results()
    assert nothing.signature is tokmint.SignatureState.UNCHECKED
    assert token_findings.signature is tokmint.SignatureState.VALID
    assert token_findings.findings[0].severity is tokmint.Severity.REFUSED
    for names in (tokmint.Role, tokmint.TokenFormat, tokmint.SignatureState, tokmint.Severity):
        for member in names:
            assert member == member.value == str(member) == f"{member}" and names(member.value) is member
            assert pickle.loads(pickle.dumps(member)) is member


def test_tokens_are_equal_if_their_fields_are() -> None:
    def verified(**options: Any) -> tokmint.Token:
        token = project().generate_token(SESSION_ID, create_time=NOW, nonce=1, **options)
        return project().verify_token(token, now=NOW)

    assert verified() == verified()
    assert verified() != verified(data="x")
    assert verified() != "x"


def test_the_repr_of_a_token_leaves_out_what_may_be_personal() -> None:
    classes = ["private-class"]
    token = project().generate_token(SESSION_ID, data="private data", initial_layout_class_list=classes)
    verified = project().verify_token(token)
    assert verified.data == "private data"
    assert "private" not in repr(verified) and token[-20:] not in repr(verified)
    assert f"session_id='{SESSION_ID}'" in repr(verified)
    assert repr(verified).startswith("Token(format='jwt', api_key='123456', session_id=")
    of_application = results()[1]
    assert repr(of_application).startswith(f"Token(format='jwt', application_id='{APPLICATION_ID}', session_id=")


def test_inspections_are_equal_if_their_attributes_are() -> None:
    def inspected(**options: Any) -> tokmint.Inspection:
        token = project().generate_token(SESSION_ID, create_time=NOW, nonce=1, **options)
        return project().inspect_token(f" {token}", now=NOW + 86_400)

    one, same, other = inspected(), inspected(), inspected(data="x")
    assert one == same and one != other and one != "x"
    assert one.fields == same.fields and one.fields[0] != one.fields[1]
    assert one.findings == same.findings and one.findings[0] != one.findings[1]
    assert one.token != one.fields[0] and one != same.token


def test_the_repr_of_an_inspection_leaves_out_what_may_be_personal() -> None:
    token = project().generate_token(SESSION_ID, create_time=NOW, data="private data")
    inspection = project().inspect_token(f" {token}", now=NOW + 86_405)
    assert repr(inspection) == (
        "Inspection(format='jwt', signature='valid', findings=('white_space_around', 'token_expired'), ...)"
    )
    assert repr(tokmint.inspect_token("x")) == (
        "Inspection(format=None, signature='unchecked', findings=('malformed_token',), ...)"
    )
    assert repr(inspection.fields[1]) == "Field(name='role', value='\"publisher\"')"
    expired = inspection.findings[1]
    assert repr(expired) == (
        "Finding(code='token_expired', severity=<Severity.REFUSED: 'refused'>, "
        f"message={expired.message!r}, server_message='token has expired')"
    )
    assert repr(inspection.findings[0]).endswith(", server_message=None)")


@pytest.mark.parametrize("token_format", tokmint.TokenFormat)
def test_no_form_of_an_inspection_holds_the_secret_or_the_signature(token_format: tokmint.TokenFormat) -> None:
    token = project().generate_token(SESSION_ID, create_time=NOW, token_format=token_format)
    signature = token.rpartition(".")[2]
    if token_format == "t1":
        signature = base64.b64decode(token[4:]).decode().split("&sig=")[1][:40]
    assert len(signature) in (40, 43)
    other = "A" if token[-9] != "A" else "B"
    tampered = project().inspect_token(token[:-9] + other + token[-8:], now=NOW)
    assert tampered.is_refused
    for inspection in (project().inspect_token(token, now=NOW), tokmint.inspect_token(token, now=NOW), tampered):
        parts = [*inspection.header, *inspection.fields, *inspection.findings, inspection.token, inspection]
        shown = repr(parts) + str(parts) + str(inspection) + inspection.to_json()
        for hidden in (API_SECRET, signature):
            assert not any(hidden[start : start + 8] in shown for start in range(len(hidden) - 7))


def test_times_after_the_year_9999_have_no_datetime() -> None:
    late = 2**53 - 2
    header, payload = b'{"alg":"HS256","typ":"JWT"}', _payload(late, late + 1)
    verified = project().verify_token(signed_jwt(header, payload), now=late)
    assert (verified.create_time, verified.expire_time) == (late, late + 1)
    with pytest.raises(OverflowError):
        _ = verified.expires_at


def _payload(issued: int, expires: int) -> bytes:
    return (
        f'{{"iss":"{API_KEY}","ist":"project","iat":{issued},"exp":{expires},"nonce":1,'
        f'"role":"publisher","scope":"session.connect","session_id":"{SESSION_ID}"}}'
    ).encode()


CLASS_OF_GROUP = {
    1: tokmint.CredentialsError,
    2: tokmint.SessionError,
    3: tokmint.OptionsError,
    4: tokmint.TokenError,
    5: tokmint.PlatformError,
    9: tokmint.TokmintError,
}


def refused_vectors() -> "list[tuple[dict[str, Any], tokmint.TokmintError]]":
    refused = []
    for vector in vectors("errors")["vectors"]:
        for call in _self_test.failing_calls(vector):
            with pytest.raises(tokmint.TokmintError) as raised:
                call()
            refused.append((vector, raised.value))
    return refused


def test_each_error_has_the_class_of_its_group_and_shows_no_input() -> None:
    refused = refused_vectors()
    assert len(refused) > len(vectors("errors")["vectors"])
    for vector, error in refused:
        assert type(error) is CLASS_OF_GROUP[error.number // 100]
        assert isinstance(error, ValueError) and error.__context__ is None and error.__cause__ is None
        shown = "".join(traceback.format_exception(error)).replace(str(VECTORS), "") + repr(error.__dict__)
        for name in ("api_secret", "session_id", "token"):
            string = str(_self_test.string(vector.get(name, "")))
            assert len(string) < 12 or string[:12] not in shown
        for line in base64.b64decode(vector.get("key_base64", "")).decode("latin-1").splitlines():
            assert len(line) < 12 or line.startswith("-----") or line[:12] not in shown


@pytest.mark.parametrize(
    ("group", "code", "expected"),
    [
        ("credentials", "invalid_api_key", tokmint.CredentialsError),
        ("session", "a_code_of_the_future", tokmint.SessionError),
        ("options", "invalid_role", tokmint.OptionsError),
        ("token", "token_expired", tokmint.TokenError),
        ("system", "system_clock", tokmint.PlatformError),
        ("binding", "panic", tokmint.InternalError),
        ("binding", "invalid_utf8", tokmint.TokmintError),
        ("a_group_of_the_future", "a_code_of_the_future", tokmint.TokmintError),
    ],
)
@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_exceptions_have_the_class_of_their_group_and_survive_pickling(
    group: str, code: str, expected: type, protocol: int
) -> None:
    error = tokmint._types.make_error(group, code, 399, "what is wrong")
    assert type(error) is expected and isinstance(error, tokmint.TokmintError)
    for same in (pickle.loads(pickle.dumps(error, protocol)), copy.copy(error)):
        assert (type(same), same.code, same.number, str(same)) == (expected, code, 399, "what is wrong")
    assert traceback.format_exception_only(error)[0].startswith(f"tokmint.{expected.__name__}: ")


def test_results_and_exceptions_come_back_from_a_process_pool() -> None:
    token = project().generate_token(SESSION_ID, create_time=NOW)
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        assert pool.submit(verified_elsewhere, token, NOW).result() == project().verify_token(token, now=NOW)
        inspection = pool.submit(tokmint.inspect_token, token, now=NOW).result()
        assert inspection == tokmint.inspect_token(token, now=NOW)
        assert str(inspection) == str(tokmint.inspect_token(token, now=NOW))
        with pytest.raises(tokmint.TokenError, match="expired 5 s ago") as refused:
            pool.submit(verified_elsewhere, token, NOW + 86_405).result()
        assert (refused.value.code, refused.value.number) == ("token_expired", 404)


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda string: tokmint.OpenTok(string, API_SECRET), "invalid_utf8"),
        (lambda string: tokmint.OpenTok(API_KEY, string), "invalid_utf8"),
        (lambda string: tokmint.OpenTok.for_application(string, PRIVATE_KEY), "invalid_utf8"),
        (lambda string: tokmint.OpenTok.for_application(APPLICATION_ID, string), "invalid_utf8"),
        (lambda string: tokmint.OpenTok.verifier(APPLICATION_ID, string), "invalid_utf8"),
        (lambda string: application().generate_token(SESSION_OF_APPLICATION, jti=string), "invalid_utf8"),
        (lambda string: application().generate_rest_token(jti=string), "invalid_utf8"),
        (lambda string: project().generate_token(string), "invalid_utf8"),
        (lambda string: project().generate_token(SESSION_ID, string), "invalid_utf8"),
        (lambda string: project().generate_token(SESSION_ID, token_format=string), "invalid_utf8"),
        (lambda string: project().generate_token(SESSION_ID, initial_layout_class_list=[string]), "invalid_utf8"),
        (lambda string: project().generate_token(SESSION_ID, data=string), "invalid_data"),
        (lambda string: project().verify_token(string), "malformed_token"),
        (lambda string: project().verify_token("x", session_id=string), "invalid_utf8"),
    ],
)
def test_half_of_a_surrogate_pair_is_refused_by_code_and_not_echoed(call: Callable[[str], object], code: str) -> None:
    with pytest.raises(tokmint.TokmintError) as refused:
        call(LONE_SURROGATE)
    error = refused.value
    assert (error.code, error.__cause__, error.__context__) == (code, None, None)
    # The chain of exceptions; this test's own source lines are not its concern.
    assert "hidden" not in f"{error!s}{error!r}{error.args}{error.__dict__}"


def test_every_public_name_is_documented_and_comes_from_the_package() -> None:
    assert sorted(tokmint.__all__) == tokmint.__all__
    for name in set(tokmint.__all__) - {"__version__"}:
        assert inspect.getdoc(getattr(tokmint, name))
        assert getattr(tokmint, name).__module__.split(".")[0] == "tokmint"
