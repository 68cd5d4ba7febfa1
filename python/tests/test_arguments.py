"""What each argument takes, what it refuses, and how."""

import math
import os
import time
import uuid
from collections import UserString
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone, tzinfo
from decimal import Decimal
from enum import Enum, IntEnum
from pathlib import Path
from typing import Any

import opentok
import pytest

from support import (
    API_KEY,
    API_SECRET,
    APPLICATION_ID,
    NOW,
    PRIVATE_KEY,
    PUBLIC_KEY,
    SESSION_ID,
    SESSION_OF_APPLICATION,
    application,
    project,
    verifier,
)
from tokmint import InternalError, OpenTok, OptionsError, Role, TokenFormat, TokmintError, inspect_token

UTC_NOW = datetime.fromtimestamp(NOW, timezone.utc)
TOKYO = timezone(timedelta(hours=9))


def verified(**options: Any) -> Any:
    token = project().generate_token(SESSION_ID, **{"create_time": NOW, **options})
    return project().verify_token(token, now=NOW)


def refusal(call: Callable[[], object]) -> str:
    with pytest.raises(TokmintError) as refused:
        call()
    return refused.value.code


def test_everyday_call_needs_no_option() -> None:
    token = project().verify_token(project().generate_token(SESSION_ID))
    assert (token.role, token.format, token.data) == (Role.PUBLISHER, TokenFormat.JWT, "")
    assert token.expire_time - token.create_time == 86_400
    assert abs(token.created_at - datetime.now(timezone.utc)) < timedelta(minutes=1)


def test_an_option_that_is_none_is_not_given() -> None:
    names = (
        "role",
        "expire_time",
        "expires_in",
        "data",
        "initial_layout_class_list",
        "token_format",
    )
    absent = project().generate_token(SESSION_ID, create_time=NOW, nonce=1)
    none = dict.fromkeys(names)
    assert project().generate_token(SESSION_ID, create_time=NOW, nonce=1, **none) == absent
    none = {"create_time": None, "nonce": None, "jti": None}
    assert project().generate_token(SESSION_ID, **none) != project().generate_token(SESSION_ID, **none)
    project().verify_token(absent, now=NOW, leeway=None, session_id=None)


def test_role_is_the_second_positional_argument_and_the_last() -> None:
    token = project().generate_token(SESSION_ID, Role.MODERATOR)
    assert project().verify_token(token).role is Role.MODERATOR


def test_what_callers_of_the_official_sdk_pass_is_refused_with_the_way_out() -> None:
    with pytest.raises(
        TypeError, match=r"the rest by name: expire_time=\.\.\., data=\.\.\., initial_layout_class_list="
    ):
        project().generate_token(SESSION_ID, "publisher", NOW, "data", ["focus"])  # type: ignore[call-arg]
    with pytest.raises(TypeError, match=r"token_format='jwt' or 't1' instead of use_jwt$"):
        project().generate_token(SESSION_ID, use_jwt=False)  # type: ignore[call-arg]
    with pytest.raises(TypeError, match=r"^role must be str, not Roles; pass its attribute \.value$"):
        project().generate_token(SESSION_ID, opentok.Roles.moderator)  # type: ignore[arg-type]
    assert verified(role=opentok.Roles.moderator.value).role is Role.MODERATOR


def test_an_unknown_option_is_a_type_error() -> None:
    with pytest.raises(TypeError, match="'rolle'"):
        project().generate_token(SESSION_ID, rolle="publisher")  # type: ignore[call-arg]


@pytest.mark.parametrize("role", Role)
def test_roles_are_their_names(role: Role) -> None:
    assert role == role.value == str(role) == f"{role}"
    assert verified(role=role).role is role
    assert verified(role=role.value).role is role


@pytest.mark.parametrize("token_format", TokenFormat)
def test_formats_are_their_names(token_format: TokenFormat) -> None:
    assert token_format == token_format.value == str(token_format) == f"{token_format}"
    assert verified(token_format=token_format).format is token_format
    assert verified(token_format=token_format.value).format is token_format


def test_roles_and_formats_are_those_that_core_names() -> None:
    """Core lists its names in its refusals, so one that only the package has is missing there, and vice versa."""
    with pytest.raises(OptionsError, match=r"must be subscriber, publisher, publisheronly or moderator,"):
        verified(role="nobody")
    assert {*Role} == {"subscriber", "publisher", "publisheronly", "moderator"}
    with pytest.raises(OptionsError, match=r"must be jwt or t1,"):
        verified(token_format="rs256")
    assert {*TokenFormat} == {"jwt", "t1"}


def test_the_api_key_may_be_an_int() -> None:
    assert OpenTok(int(API_KEY), API_SECRET).api_key == API_KEY
    assert OpenTok(99_999_999_999_999_999_999, API_SECRET).api_key == "9" * 20
    for key in (-1, 10**20, 10**5000, -(10**5000)):
        assert refusal(lambda key=key: OpenTok(key, API_SECRET)) == "invalid_api_key"


@pytest.mark.parametrize(
    "instant",
    [
        UTC_NOW + timedelta(hours=1),
        (UTC_NOW + timedelta(hours=1)).astimezone(TOKYO),
        # A fraction of a second is rounded down: the token never outlives what was asked for.
        UTC_NOW + timedelta(hours=1, microseconds=999_999),
    ],
)
def test_expire_time_may_be_an_aware_datetime(instant: datetime) -> None:
    token = verified(expire_time=instant)
    assert token.expire_time == NOW + 3600
    assert token.expires_at == UTC_NOW + timedelta(hours=1)
    assert token.expires_at.tzinfo is timezone.utc
    assert token.created_at == UTC_NOW


@pytest.mark.parametrize("fraction", [0.0, 0.5, 0.999])
def test_a_float_of_seconds_is_rounded_down_as_a_datetime_is(fraction: float) -> None:
    assert verified(expire_time=NOW + 60 + fraction).expire_time == NOW + 60
    assert verified(expires_in=60 + fraction).expire_time == NOW + 60
    assert verified(create_time=NOW + fraction).create_time == NOW
    token = project().generate_token(SESSION_ID, create_time=NOW, expires_in=60)
    project().verify_token(token, now=NOW + 59 + fraction)
    assert refusal(lambda: project().verify_token(token, now=NOW + 60 + fraction)) == "token_expired"
    project().verify_token(token, now=NOW + 60, leeway=1 + fraction)
    assert refusal(lambda: project().verify_token(token, now=NOW + 60, leeway=fraction)) == "token_expired"
    assert project().inspect_token(token, now=NOW + fraction).now == NOW


def test_time_time_is_an_instant() -> None:
    token = project().verify_token(project().generate_token(SESSION_ID, expire_time=time.time() + 3600))
    assert 3540 < token.expire_time - token.create_time <= 3601


def test_negative_fractions_and_floats_beyond_64_bits_are_refused_by_code() -> None:
    for name, code in (("expires_in", "invalid_expire_time"), ("create_time", "invalid_create_time")):
        for value in (-0.5, -1e300, 1e300):
            assert refusal(lambda name=name, value=value: verified(**{name: value})) == code
    assert refusal(lambda: verified(expire_time=1e300)) == "invalid_expire_time"


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_a_float_that_is_not_finite_is_a_type_error(value: float) -> None:
    token = project().generate_token(SESSION_ID)
    for call in (
        lambda: verified(expire_time=value),
        lambda: verified(expires_in=value),
        lambda: verified(create_time=value),
        lambda: project().verify_token(token, now=value),
        lambda: project().verify_token(token, leeway=value),
        lambda: project().inspect_token(token, now=value),
        lambda: inspect_token(token, now=value),
    ):
        with pytest.raises(TypeError, match="must be an int or a finite float"):
            call()


def test_fractions_before_1970_are_rounded_down_too() -> None:
    options = {"create_time": datetime(1969, 12, 31, 23, 59, 59, 1, timezone.utc)}
    assert refusal(lambda: verified(**options)) == "invalid_create_time"


def test_create_time_and_now_may_be_aware_datetimes() -> None:
    token = project().generate_token(SESSION_ID, create_time=UTC_NOW, expires_in=60)
    end = UTC_NOW + timedelta(seconds=60)
    project().verify_token(token, now=end - timedelta(microseconds=1))
    assert refusal(lambda: project().verify_token(token, now=end)) == "token_expired"


class NamelessZone(timezone.utc.__class__.__base__):  # type: ignore[misc]
    """A tzinfo that does not know its offset leaves a datetime naive."""

    def utcoffset(self, _: object) -> None:
        return None


@pytest.mark.parametrize("name", ["expire_time", "create_time"])
@pytest.mark.parametrize("naive", [datetime(2030, 1, 1), datetime(2030, 1, 1, tzinfo=NamelessZone())])
def test_a_naive_datetime_is_refused_with_the_way_out(name: str, naive: datetime) -> None:
    with pytest.raises(TypeError, match=rf"^{name} .* datetime\.now\(timezone\.utc\)"):
        verified(**{name: naive})


def test_durations_may_be_timedeltas() -> None:
    assert verified(expires_in=timedelta(hours=1)).expire_time == NOW + 3600
    assert verified(expires_in=timedelta(seconds=59.9)).expire_time == NOW + 59
    assert refusal(lambda: verified(expires_in=timedelta(seconds=0.9))) == "invalid_expire_time"
    assert refusal(lambda: verified(expires_in=timedelta.max)) == "invalid_expire_time"
    token = project().generate_token(SESSION_ID, create_time=NOW, expires_in=60)
    project().verify_token(token, now=NOW + 65, leeway=timedelta(seconds=6))
    project().verify_token(token, now=NOW + 65, leeway=6)
    assert refusal(lambda: project().verify_token(token, now=NOW + 65, leeway=5)) == "token_expired"


class Hour(IntEnum):
    ONE = 3600


def test_subclasses_of_int_are_ints() -> None:
    assert verified(expires_in=Hour.ONE).expire_time == NOW + 3600


@pytest.mark.parametrize("beyond", [2**63, 10**30, -(2**63) - 1, -(10**30)])
def test_integers_beyond_64_bits_are_refused_by_code(beyond: int) -> None:
    codes = {
        "expire_time": "invalid_expire_time",
        "expires_in": "invalid_expire_time",
        "create_time": "invalid_create_time",
        "nonce": "invalid_nonce",
    }
    for name, code in codes.items():
        assert refusal(lambda name=name: verified(**{name: beyond})) == code
    token = project().generate_token(SESSION_ID, create_time=NOW)
    assert refusal(lambda: project().verify_token(token, now=NOW, leeway=beyond)) == "invalid_leeway"
    now = "token_expired" if beyond > 0 else "token_not_yet_valid"
    assert refusal(lambda: project().verify_token(token, now=beyond)) == now


@pytest.mark.parametrize("iterable", [list, tuple, iter, dict.fromkeys, lambda items: (i for i in items)])
def test_layout_classes_may_be_any_iterable(iterable: Callable[[list[str]], Any]) -> None:
    token = verified(initial_layout_class_list=iterable(["focus", "größe"]))
    assert token.initial_layout_class_list == ("focus", "größe")
    assert verified(initial_layout_class_list=iterable([])).initial_layout_class_list == ()


def test_an_error_of_the_iterable_arrives_as_it_is() -> None:
    def broken() -> Any:
        yield "focus"
        raise LookupError("the caller's own")

    with pytest.raises(LookupError, match="the caller's own"):
        verified(initial_layout_class_list=broken())


WRONG_TYPES = {
    "role": [True, 1, b"moderator", ["moderator"], UserString("moderator")],
    "expire_time": [True, str(NOW + 60), timedelta(hours=1), Decimal(NOW), date(2030, 1, 1)],
    "expires_in": [True, "3600", UTC_NOW, Decimal(60)],
    "data": [b"name", {"name": "x"}, 5, True],
    "initial_layout_class_list": ["focus", b"focus", ["focus", 1], [None], 5],
    "token_format": [False, 1, b"t1"],
    "create_time": [True, str(NOW)],
    "nonce": [True, 0.5, 1.0, "1"],
    "jti": [True, 1, b"x", uuid.UUID(int=1)],
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in WRONG_TYPES.items() for value in values])
def test_a_wrong_type_is_a_type_error_that_names_both(name: str, value: object) -> None:
    with pytest.raises(TypeError) as refused:
        verified(**{name: value})
    what = "a layout class|initial_layout" if name == "initial_layout_class_list" else name
    assert refused.match(rf"^({what}).* must be .*, not \w+$")


@pytest.mark.parametrize(
    "call",
    [
        lambda: OpenTok(True, API_SECRET),
        lambda: OpenTok(123456.0, API_SECRET),  # type: ignore[arg-type]
        lambda: OpenTok(None, API_SECRET),  # type: ignore[arg-type]
        lambda: OpenTok(API_KEY, None),  # type: ignore[arg-type]
        lambda: OpenTok(API_KEY, API_SECRET.encode()),  # type: ignore[arg-type]
        lambda: OpenTok.for_application(None, PRIVATE_KEY),  # type: ignore[arg-type]
        lambda: OpenTok.for_application(uuid.UUID(APPLICATION_ID), PRIVATE_KEY),  # type: ignore[arg-type]
        lambda: OpenTok.for_application(APPLICATION_ID, None),  # type: ignore[arg-type]
        lambda: OpenTok.for_application(APPLICATION_ID, bytearray(PRIVATE_KEY.encode())),  # type: ignore[arg-type]
        lambda: OpenTok.verifier(APPLICATION_ID.encode(), PUBLIC_KEY),  # type: ignore[arg-type]
        lambda: OpenTok.verifier(APPLICATION_ID, memoryview(PUBLIC_KEY.encode())),  # type: ignore[arg-type]
        lambda: project().generate_rest_token(expires_in="60"),  # type: ignore[arg-type]
        lambda: project().generate_rest_token(create_time=timedelta(1)),  # type: ignore[arg-type]
        lambda: project().generate_rest_token(jti=5),  # type: ignore[arg-type]
        lambda: project().generate_token(None),  # type: ignore[arg-type]
        lambda: project().verify_token(None),  # type: ignore[arg-type]
        lambda: project().verify_token("x", leeway="0"),  # type: ignore[arg-type]
        lambda: project().verify_token("x", now=str(NOW)),  # type: ignore[arg-type]
        lambda: project().verify_token("x", session_id=b"x"),  # type: ignore[arg-type]
        *(
            call
            for inspect in (inspect_token, project().inspect_token)
            for call in (
                lambda inspect=inspect: inspect(None),
                lambda inspect=inspect: inspect("x", now=str(NOW)),
                lambda inspect=inspect: inspect("x", session_id=5),
            )
        ),
    ],
)
def test_required_arguments_of_a_wrong_type_are_type_errors(call: Callable[[], object]) -> None:
    with pytest.raises(TypeError, match=r" must be .*, not \w+$"):
        call()


def test_a_type_error_comes_before_every_other_error() -> None:
    """The order of the others is core's, and the vectors hold it."""
    with pytest.raises(TypeError, match="nonce must"):
        project().generate_token("none", "nobody", data="\ud800", nonce="1")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="session_id must"):
        project().verify_token("x", leeway=-1, session_id=5)  # type: ignore[arg-type]
    assert refusal(lambda: project().generate_token("none", "nobody", token_format="x")) == "invalid_role"
    assert refusal(lambda: project().generate_token("none", data="\ud800", token_format="x")) == "invalid_token_format"
    assert refusal(lambda: project().generate_token("none", data="\ud800", nonce=-1)) == "invalid_data"
    assert refusal(lambda: project().generate_token("none", nonce=-1)) == "invalid_session_id"


class HugeDelta(timedelta):
    days = property(lambda _: 2**62)
    seconds = property(lambda _: "x")

    def __floordiv__(self, _: object) -> Any:
        return 2**62


class OtherDatetime(datetime):
    def utcoffset(self) -> Any:
        return None

    def __sub__(self, _: object) -> Any:
        return HugeDelta()


class OtherInt(int):
    def __index__(self) -> int:
        return 5

    __int__ = __trunc__ = __index__

    def __lt__(self, _: object) -> Any:
        raise AssertionError

    def __repr__(self) -> str:
        return "none"


class OtherFloat(float):
    def __float__(self) -> float:
        return math.nan

    __floor__ = __trunc__ = __float__


class OtherStr(str):
    __slots__ = ()

    def __str__(self) -> str:
        return "other"

    def encode(self, *_: object) -> Any:
        return 5


def test_subclasses_count_by_what_they_are_and_not_by_what_they_say() -> None:
    assert verified(expires_in=HugeDelta(hours=1)).expire_time == NOW + 3600
    late = OtherDatetime.fromtimestamp(NOW + 60, timezone.utc)
    assert verified(expire_time=late).expire_time == NOW + 60
    assert verified(expires_in=OtherInt(60)).expire_time == NOW + 60
    assert refusal(lambda: verified(expires_in=OtherInt(2**64))) == "invalid_expire_time"
    assert verified(expires_in=OtherFloat(60.5)).expire_time == NOW + 60
    assert OpenTok(OtherInt(API_KEY), OtherStr(API_SECRET)).api_key == API_KEY
    assert verified(role=OtherStr("moderator"), data=OtherStr("x")).data == "x"
    assert refusal(lambda: project().verify_token(OtherStr("\ud800"))) == "malformed_token"


class BrokenZone(tzinfo):
    def __init__(self, offset: Callable[[], Any]) -> None:
        self.offset = offset

    def utcoffset(self, _: object) -> Any:
        return self.offset()


class Claimed:
    """Says that it is of a class of which it is not."""

    def __init__(self, claimed: type) -> None:
        self.claimed = claimed

    @property  # type: ignore[misc]
    def __class__(self) -> Any:
        return self.claimed


def test_a_broken_time_is_an_exception_of_python() -> None:
    def fail() -> Any:
        raise LookupError("the caller's own")

    for offset, expected in (
        (fail, LookupError),
        (lambda: "x", TypeError),
        (lambda: timedelta(days=2**20), ValueError),
        (lambda: 2**70, TypeError),
        (iter([timedelta(0), None]).__next__, TypeError),
    ):
        zone = BrokenZone(offset)
        with pytest.raises(expected) as refused:
            verified(expire_time=datetime(2030, 1, 1, tzinfo=zone))
        assert not isinstance(refused.value, InternalError)
    for claimed in (datetime, timedelta, int, float, str, Enum):
        for name in ("role", "expire_time", "expires_in", "data", "create_time", "nonce"):
            with pytest.raises(TypeError):
                verified(**{name: Claimed(claimed)})


def test_the_length_that_an_iterable_claims_is_not_believed() -> None:
    class Long:
        left = 2
        asked = False

        def __iter__(self) -> Any:
            return self

        def __next__(self) -> str:
            if self.left == 0:
                raise StopIteration
            self.left -= 1
            return "focus"

        def __length_hint__(self) -> int:
            self.asked = True
            return 2**40

    classes = Long()
    assert verified(initial_layout_class_list=classes).initial_layout_class_list == ("focus", "focus")
    assert not classes.asked


def test_a_token_may_be_bytes() -> None:
    token = project().generate_token(SESSION_ID)
    assert project().verify_token(token.encode()) == project().verify_token(token)


@pytest.mark.parametrize("inspect", [inspect_token, project().inspect_token])
def test_inspect_takes_what_verify_takes(inspect: Callable[..., Any]) -> None:
    token = project().generate_token(SESSION_ID, create_time=NOW, expires_in=3600)
    assert inspect(token, now=UTC_NOW) == inspect(token.encode(), now=NOW, session_id=SESSION_ID)
    assert inspect(token, now=UTC_NOW.astimezone(TOKYO) + timedelta(microseconds=1)).remaining_lifetime == 3600
    assert inspect(token, now=10**30).remaining_lifetime < 0
    assert abs(inspect(project().generate_token(SESSION_ID)).remaining_lifetime - 86_400) < 60
    assert inspect(token, now=None, session_id=None).token == inspect(token).token
    (finding,) = inspect(token, now=NOW, session_id=SESSION_ID + "x").findings
    assert finding.code == "token_of_other_session"
    assert refusal(lambda: inspect(token, session_id="\ud800")) == "invalid_utf8"
    with pytest.raises(TypeError, match="leeway"):
        inspect(token, leeway=5)
    with pytest.raises(TypeError, match="time zone"):
        inspect(token, now=datetime(2030, 1, 1))


def test_the_expected_session_is_held_against_the_token() -> None:
    token = project().generate_token(SESSION_ID)
    project().verify_token(token, session_id=SESSION_ID)
    call = lambda: project().verify_token(token, session_id=SESSION_ID + "x")  # noqa: E731
    assert refusal(call) == "token_of_other_session"


@pytest.mark.parametrize("make", [OpenTok.for_application, OpenTok.verifier])
def test_a_path_in_place_of_a_key_is_refused_with_the_way_out(make: Any) -> None:
    class OwnPath:
        def __fspath__(self) -> str:
            raise AssertionError("nobody opens it")

    for path in (Path("private.key"), OwnPath()):
        with pytest.raises(TypeError) as refused:
            make(APPLICATION_ID, path)
        assert refused.match(r"_key must be str or bytes, not \w+; read the file and pass what it holds, as its read_")
    for path in ("private.key", "/etc/keys/private.pem", b"./private.key", os.fspath(Path("a") / "private.key")):
        with pytest.raises(TokmintError, match="is the path of a file; read the file and pass what it holds"):
            make(APPLICATION_ID, path)


def test_a_key_may_be_a_str_or_bytes() -> None:
    options = {"create_time": NOW, "jti": str(uuid.uuid4())}
    token = application().generate_token(SESSION_OF_APPLICATION, **options)
    for key in (PRIVATE_KEY.encode(), PRIVATE_KEY.replace("\n", "\\n"), OtherStr(PRIVATE_KEY), "\ufeff" + PRIVATE_KEY):
        opentok = OpenTok.for_application(APPLICATION_ID.upper(), key)
        assert opentok.generate_token(SESSION_OF_APPLICATION, **options) == token
    for key in (PUBLIC_KEY.encode(), PUBLIC_KEY.replace("\n", "\r\n"), OtherStr(PUBLIC_KEY)):
        verified = OpenTok.verifier(APPLICATION_ID, key).verify_token(token, now=NOW, session_id=SESSION_OF_APPLICATION)
        assert verified == application().verify_token(token, now=NOW)
        assert (verified.api_key, verified.application_id, verified.nonce) == (None, APPLICATION_ID, options["jti"])


def test_arguments_of_both_constructors_have_names() -> None:
    opentok = OpenTok.for_application(private_key=PRIVATE_KEY, application_id=APPLICATION_ID)
    assert (
        opentok.application_id == OpenTok.verifier(public_key=PUBLIC_KEY, application_id=APPLICATION_ID).application_id
    )
    # The kind of credentials is never guessed.
    assert refusal(lambda: OpenTok(APPLICATION_ID, PRIVATE_KEY)) == "invalid_api_key"
    assert refusal(lambda: OpenTok(API_KEY, PRIVATE_KEY)) == "invalid_api_secret"
    assert refusal(lambda: OpenTok.for_application(API_KEY, API_SECRET)) == "invalid_application_id"
    assert refusal(lambda: OpenTok.for_application(APPLICATION_ID, API_SECRET)) == "invalid_private_key"
    assert refusal(lambda: OpenTok.for_application(PRIVATE_KEY, APPLICATION_ID)) == "invalid_application_id"


def test_a_verifier_generates_nothing() -> None:
    assert refusal(lambda: verifier().generate_token(SESSION_OF_APPLICATION)) == "no_private_key"
    assert refusal(verifier().generate_rest_token) == "no_private_key"


def test_options_of_the_other_kind_of_credentials_are_refused() -> None:
    of_application = application().generate_token
    for options in ({"token_format": "t1"}, {"nonce": 1}):
        assert (
            refusal(lambda options=options: of_application(SESSION_OF_APPLICATION, **options)) == "unsupported_option"
        )
    assert refusal(lambda: project().generate_token(SESSION_ID, jti=str(uuid.uuid4()))) == "unsupported_option"
    assert refusal(lambda: of_application(SESSION_ID)) == "session_of_other_project"
    assert refusal(lambda: project().generate_token(SESSION_OF_APPLICATION)) == "session_of_other_project"
    assert refusal(lambda: of_application(SESSION_OF_APPLICATION, jti="x")) == "invalid_jti"


@pytest.mark.parametrize(("opentok", "life"), [(project(), 180), (application(), 900)])
def test_rest_tokens_take_times_as_all_calls_do(opentok: OpenTok, life: int) -> None:
    jti = str(uuid.uuid4())
    token = opentok.generate_rest_token(create_time=NOW, jti=jti)
    inspection = opentok.inspect_token(token, now=NOW)
    assert (inspection.create_time, inspection.remaining_lifetime) == (NOW, life)
    assert "rest_token" in [finding.code for finding in inspection.findings] and inspection.is_refused
    none = {"expires_in": None, "create_time": None, "jti": None}
    assert opentok.generate_rest_token(**none) != opentok.generate_rest_token(**none)
    for expires_in in (life, life + 0.9, timedelta(seconds=life, microseconds=1)):
        assert opentok.generate_rest_token(create_time=UTC_NOW, expires_in=expires_in, jti=jti) == token
    for expires_in in (0, 0.9, -1, 86_401, timedelta(days=2), 10**30):
        call = lambda expires_in=expires_in: opentok.generate_rest_token(expires_in=expires_in)  # noqa: E731
        assert refusal(call) == "invalid_expire_time"
    assert refusal(lambda: opentok.generate_rest_token(create_time=-1)) == "invalid_create_time"
    assert refusal(lambda: opentok.generate_rest_token(jti=jti.upper() + "0")) == "invalid_jti"
    with pytest.raises(TypeError, match="time zone"):
        opentok.generate_rest_token(create_time=datetime(2030, 1, 1))
