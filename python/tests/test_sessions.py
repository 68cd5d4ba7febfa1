"""Sessions and batches: the same tokens and errors as single calls, in order, without end, from any iterator."""

import copy
import gc
import itertools
import json
import os
import pickle
import sys
import threading
import time
import traceback
import weakref
from collections import ChainMap, UserDict
from collections.abc import Callable, Iterator
from contextlib import suppress
from types import MappingProxyType
from typing import Any

import pytest

import tokmint
from support import (
    API_SECRET,
    APPLICATION_ID,
    NOW,
    PRIVATE_KEY,
    SESSION_ID,
    SESSION_OF_APPLICATION,
    SESSION_OF_OTHER_PROJECT,
    application,
    project,
    run_python,
    verifier,
)
from tokmint import InternalError, OpenTok, OptionsError, Role, Session, TokmintError

SESSION = project().session(SESSION_ID)
OF_APPLICATION = application().session(SESSION_OF_APPLICATION)
OTHER_SESSION_ID = "1_MX4xMjM0NTZ-fk1vbiBNYXIgMTcgMDA6NDE6MzEgUERUIDIwMTR-MC42ODM3ODk1MzQ0OTQyODA4fg"

AHEAD = 64
"""How many items a batch of a project reads ahead, which its documentation promises."""


def code(call: Callable[[], object]) -> str:
    with pytest.raises(TokmintError) as refused:
        call()
    return refused.value.code


def test_a_session_is_that_of_its_open_tok() -> None:
    assert SESSION.session_id == SESSION_ID
    for make, session_id in ((project, SESSION_ID), (application, SESSION_OF_APPLICATION)):
        opentok = make()
        token = opentok.session(session_id).generate_token(Role.MODERATOR, data="x", expires_in=60)
        verified = opentok.verify_token(token, session_id=session_id)
        assert (verified.role, verified.data) == (Role.MODERATOR, "x")
        assert verified.expire_time - verified.create_time == 60


def test_a_session_that_cannot_be_is_refused_at_once() -> None:
    assert code(lambda: project().session("none")) == "invalid_session_id"
    assert code(lambda: project().session(SESSION_OF_OTHER_PROJECT)) == "session_of_other_project"
    assert code(lambda: application().session(SESSION_ID)) == "session_of_other_project"
    assert code(lambda: project().session("\ud800")) == "invalid_utf8"
    for session_id in (None, 5, SESSION_ID.encode()):
        with pytest.raises(TypeError, match=r"^session_id must be str, not \w+$"):
            project().session(session_id)  # type: ignore[arg-type]


def test_arguments_are_those_of_open_tok_without_the_session() -> None:
    with pytest.raises(TypeError, match=r"takes the role by position and the rest by name: expire_time=\.\.\., data="):
        SESSION.generate_token("publisher", NOW)  # type: ignore[call-arg]
    with pytest.raises(TypeError, match=r"token_format='jwt' or 't1' instead of use_jwt$"):
        SESSION.generate_token(use_jwt=False)  # type: ignore[call-arg]
    for name in ("session_id", "rolle"):
        with pytest.raises(TypeError, match=f"'{name}'"):
            SESSION.generate_token(**{name: SESSION_ID})
    with pytest.raises(TypeError, match="'session_id'"):
        SESSION.verify_token("x", session_id=SESSION_ID)  # type: ignore[call-arg]


def test_a_verifier_has_sessions_that_verify() -> None:
    session = verifier().session(SESSION_OF_APPLICATION)
    token = OF_APPLICATION.generate_token(data="x")
    assert session.verify_token(token) == verifier().verify_token(token)
    assert code(session.generate_token) == "no_private_key"
    (result,) = session.generate_tokens([{}])
    assert isinstance(result, TokmintError) and result.code == "no_private_key"


@pytest.mark.parametrize("token_format", tokmint.TokenFormat)
def test_a_session_verifies_its_own_tokens_only(token_format: str) -> None:
    own = SESSION.generate_token(create_time=NOW, token_format=token_format)
    assert SESSION.verify_token(own, now=NOW) == project().verify_token(own.encode(), now=NOW)
    assert code(lambda: SESSION.verify_token(own, now=NOW + 86_400)) == "token_expired"
    assert SESSION.verify_token(own, now=NOW + 86_400, leeway=1).session_id == SESSION_ID
    other = project().generate_token(OTHER_SESSION_ID, create_time=NOW, token_format=token_format)
    assert project().verify_token(other, now=NOW).session_id == OTHER_SESSION_ID
    assert code(lambda: SESSION.verify_token(other, now=NOW)) == "token_of_other_session"
    with pytest.raises(TypeError, match="token must be str or bytes"):
        SESSION.verify_token(None)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("make", "session_id"), [(project, SESSION_ID), (application, SESSION_OF_APPLICATION)], ids=["project", "app"]
)
def test_a_session_outlives_its_open_tok(make: Callable[[], OpenTok], session_id: str) -> None:
    sessions = [make().session(session_id) for _ in range(10)]
    batches = [session.generate_tokens([{}] * 3) for session in sessions]
    gc.collect()
    for session in sessions:
        make().verify_token(session.generate_token())
    del sessions, session
    gc.collect()
    for batch in batches:
        for result in batch:
            assert isinstance(result, str) and make().verify_token(result)


@pytest.mark.parametrize(
    ("session", "shown"),
    [
        (SESSION, f"Session(api_key='123456', session_id='{SESSION_ID}')"),
        (OF_APPLICATION, f"Session(application_id='{APPLICATION_ID}', session_id='{SESSION_OF_APPLICATION}')"),
    ],
    ids=["project", "app"],
)
def test_a_session_shows_no_secret_and_cannot_leave_the_process(session: Session, shown: str) -> None:
    assert f"{session!r}" == f"{session}" == shown
    everything = shown + repr(dir(session)) + repr(session.generate_tokens([]))
    for secret in (API_SECRET, *PRIVATE_KEY.splitlines()):
        assert secret[:8] not in everything.replace(APPLICATION_ID, "")
    leave: list[Callable[[Any], object]] = [copy.copy, copy.deepcopy, pickle.dumps]
    leave += [lambda it, protocol=protocol: pickle.dumps(it, protocol) for protocol in range(6)]
    for duplicate in leave:
        with pytest.raises(TypeError, match=r"^Session holds secret credentials and cannot be pickled or copied"):
            duplicate(session)
        with pytest.raises(TypeError, match="pickle"):
            duplicate(session.generate_tokens([{}]))
    for name in ("session_id", "new"):
        with pytest.raises(AttributeError):
            setattr(session, name, "x")
    for make in (Session, tokmint._tokmint.Batch, lambda: type("Subclass", (Session,), {})):
        with pytest.raises(TypeError):
            make()


def test_results_are_in_order_and_faults_are_values() -> None:
    def of_caller() -> Iterator[str]:
        yield "focus"
        raise LookupError("the caller's own")

    good = {"create_time": NOW, "nonce": 1}
    faults: list[tuple[Any, type[Exception], str]] = [
        ({"role": "nobody"}, OptionsError, "the role must be"),
        ({"data": "x" * 1001}, OptionsError, "1001 UTF-16 code units"),
        ({"jti": "x"}, OptionsError, "for applications only"),
        ({"data": 5}, TypeError, r"^data must be str, not int$"),
        ({"rolle": "publisher"}, TypeError, r'^a token has no option "rolle"; its options are role, expire_time, '),
        ({"session_id": SESSION_ID}, TypeError, 'no option "session_id"'),
        ({"use_jwt": False}, TypeError, 'no option "use_jwt".* token_format, '),
        ({5: 5}, TypeError, r"^the name of an option must be str, not int$"),
        ({"\ud800": 5}, TokmintError, "is not well-formed Unicode"),
        (None, TypeError, r"^an item must be a mapping of options, such as a dict, not NoneType$"),
        ("data", TypeError, "an item must be a mapping"),
        ([("data", "x")], TypeError, "an item must be a mapping"),
        ({"initial_layout_class_list": of_caller()}, LookupError, "the caller's own"),
    ]
    items = [item for fault, *_ in faults for item in (good, fault)] + [good]
    results = list(SESSION.generate_tokens(items))
    assert len(results) == len(items)
    assert set(results[::2]) == {project().generate_token(SESSION_ID, create_time=NOW, nonce=1)}
    for result, (_, expected, message) in zip(results[1::2], faults, strict=True):
        assert isinstance(result, expected) and not isinstance(result, InternalError)
        with pytest.raises(expected, match=message):
            raise result


def test_a_fault_of_a_batch_is_that_of_a_single_call() -> None:
    for options in ({"role": "nobody"}, {"expires_in": -5}, {"data": "\ud800"}, {"nonce": True}, {"role": ["x"]}):
        for session in (SESSION, OF_APPLICATION):
            with pytest.raises((TokmintError, TypeError)) as raised:
                session.generate_token(**options)
            (result,) = session.generate_tokens([options])  # type: ignore[list-item]
            assert isinstance(result, Exception)
            assert (type(result), result.args) == (raised.type, raised.value.args)
            assert getattr(result, "code", None) == getattr(raised.value, "code", None)
            assert result.__traceback__ is None


class Pairs:
    """The least that `**` takes for a mapping."""

    def __init__(self, pairs: "dict[str, object]") -> None:
        self.pairs = pairs

    def keys(self) -> "list[str]":
        return list(self.pairs)

    def __getitem__(self, name: str) -> object:
        return self.pairs[name]


@pytest.mark.parametrize("mapping", [dict, UserDict, ChainMap, MappingProxyType, Pairs])
def test_an_item_may_be_any_mapping(mapping: Callable[[Any], Any]) -> None:
    options = {
        "create_time": NOW,
        "nonce": 1,
        "role": Role.MODERATOR,
        "data": "größe",
        "initial_layout_class_list": ("a", "b"),
        "token_format": "t1",
        "expires_in": None,
    }
    assert list(SESSION.generate_tokens([mapping(options)])) == [SESSION.generate_token(**options)]


def test_a_batch_takes_any_iterable_and_nothing_else() -> None:
    options: tokmint.TokenOptions = {"create_time": NOW, "nonce": 1}
    expected = SESSION.generate_token(**options)
    for items in ([options], (options,), iter([options]), {"x": options}.values(), (options for _ in "x")):
        assert list(SESSION.generate_tokens(items)) == [expected]
    assert list(SESSION.generate_tokens([])) == []
    for wrong in (None, 5, project()):
        with pytest.raises(TypeError, match=r"^options must be an iterable of mappings, not \w+$"):
            SESSION.generate_tokens(wrong)  # type: ignore[arg-type]


def test_all_tokens_of_a_batch_have_the_time_of_the_call() -> None:
    def times(results: "list[str | Exception]") -> "set[int]":
        return {SESSION.verify_token(str(result)).create_time for result in results}

    earliest = min(times([SESSION.generate_token()]))
    batch = SESSION.generate_tokens({"role": role} for role in itertools.cycle(Role))
    latest = min(times([SESSION.generate_token()]))
    while times([SESSION.generate_token()]) == {latest}:
        time.sleep(0.02)
    (create_time,) = times(list(itertools.islice(batch, 2 * AHEAD)))
    assert earliest <= create_time <= latest


def test_an_item_may_be_changed_once_the_next_one_is_asked_for() -> None:
    def names() -> Iterator[Any]:
        item: dict[str, object] = {"create_time": NOW}
        for number in range(3 * AHEAD):
            item["data"] = f"name={number}"
            yield item
        item.clear()

    results = [SESSION.verify_token(str(token), now=NOW).data for token in SESSION.generate_tokens(names())]
    assert results == [f"name={number}" for number in range(3 * AHEAD)]


@pytest.mark.parametrize(("session", "ahead"), [(SESSION, AHEAD), (OF_APPLICATION, 1)], ids=["project", "app"])
def test_a_batch_reads_little_ahead_and_needs_no_end(session: Session, ahead: int) -> None:
    read = 0

    def endless() -> Iterator[Any]:
        nonlocal read
        while True:
            read += 1
            yield {"data": str(read)}

    batch = session.generate_tokens(endless())
    assert read == 0
    furthest = 0
    for number in range(1, 300):
        result = next(batch)
        assert isinstance(result, str) and session.verify_token(result).data == str(number)
        furthest = max(furthest, read - number + 1)
    assert furthest == ahead


@pytest.mark.parametrize("before", [0, 1, AHEAD - 1, AHEAD, AHEAD + 1])
def test_an_exception_of_the_iterator_comes_after_the_results_before_it(before: int) -> None:
    def broken() -> Iterator[Any]:
        for number in range(before):
            yield {"data": str(number)}
        raise LookupError("the caller's own")

    batch = SESSION.generate_tokens(broken())
    for number in range(before):
        result = next(batch)
        assert isinstance(result, str) and SESSION.verify_token(result).data == str(number)
    with pytest.raises(LookupError, match="the caller's own") as raised:
        next(batch)
    assert raised.value.__context__ is None
    assert "in broken" in "".join(traceback.format_exception(raised.value))
    assert list(batch) == []


def test_an_exception_of_the_iterator_is_freed_at_once() -> None:
    freed = []

    class Own(LookupError):
        def __del__(self) -> None:
            freed.append(self.args)

    def broken() -> Iterator[Any]:
        yield {}
        raise Own

    gc.disable()
    try:
        with suppress(Own):
            list(SESSION.generate_tokens(broken()))
        assert freed == [()]
    finally:
        gc.enable()


@pytest.mark.parametrize("ends", [KeyboardInterrupt, SystemExit])
def test_what_ends_a_program_is_not_kept_back(ends: type[BaseException]) -> None:
    def end(*_: object) -> Any:
        raise ends

    class Ending(UserDict[str, object]):
        __getitem__ = end

    for items in (iter(end, None), [Ending(data="x")], [{"initial_layout_class_list": iter(end, None)}]):
        batch = SESSION.generate_tokens(itertools.chain([{}], items))  # type: ignore[list-item]
        with pytest.raises(ends):
            list(batch)


def test_an_iterator_that_takes_from_its_own_results_is_refused() -> None:
    def greedy() -> Iterator[Any]:
        yield {}
        next(batch)

    batch = SESSION.generate_tokens(greedy())
    assert isinstance(next(batch), str)
    with pytest.raises(ValueError, match="already executing"):
        next(batch)


def test_a_batch_in_two_threads_gives_each_result_once() -> None:
    """As with every generator, a thread that comes while the other one takes a result is refused."""
    count = 20_000
    batch = SESSION.generate_tokens({"create_time": NOW, "nonce": nonce} for nonce in range(count))
    made: list[str | Exception] = []
    start = threading.Barrier(4)

    def take() -> None:
        start.wait()
        while True:
            try:
                made.append(next(batch))
            except StopIteration:
                return
            except ValueError as error:
                if str(error) != "generator already executing":
                    raise

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        threads = [threading.Thread(target=take) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(interval)
    assert len(made) == count and set(made) == {SESSION.generate_token(create_time=NOW, nonce=n) for n in range(count)}


def test_a_batch_that_is_dropped_half_way_leaves_nothing() -> None:
    class Items:
        """An iterator with a reference to the batch that reads it, and faults whose traceback leads there."""

        batch: Any = None

        def __iter__(self) -> "Items":
            return self

        def __next__(self) -> Any:
            return {"initial_layout_class_list": self.classes()}

        def classes(self) -> Iterator[str]:
            yield "focus"
            raise LookupError(self)

    items = Items()
    items.batch = SESSION.generate_tokens(items)
    assert isinstance(next(items.batch), LookupError)
    freed = weakref.ref(items)
    del items
    gc.collect()
    assert freed() is None


def test_a_batch_closes_as_a_generator_does() -> None:
    batch: Any = SESSION.generate_tokens(itertools.repeat({}))
    next(batch)
    batch.close()
    assert list(batch) == []


def test_token_options_are_a_dict() -> None:
    options = tokmint.TokenOptions(create_time=NOW, nonce=1)
    assert options == {"create_time": NOW, "nonce": 1}
    assert list(SESSION.generate_tokens([options])) == [SESSION.generate_token(**options)]


RESIDENT = """
import os

def resident():
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

from tokmint import OpenTok
session_id = "1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4"
session = OpenTok("123456", "1234567890abcdef1234567890abcdef1234567890").session(session_id)
"""

MILLION = """
def items(count):
    for number in range(count):
        yield {"role": "nobody"} if number % 100 == 99 else {"data": f"name={number}"}

def take(count):
    faults = sum(isinstance(result, Exception) for result in session.generate_tokens(items(count)))
    assert faults == count // 100, faults

take(20_000)
before = resident()
take(1_000_000)
print(resident() - before)
"""


def test_a_million_items_take_no_more_memory_than_a_few() -> None:
    outcome = run_python("-c", RESIDENT + MILLION)
    assert outcome.returncode == 0, outcome.stderr
    assert int(outcome.stdout) < 1_000_000


THREADS = """
import json
import sys
import threading
from array import array

count, threads = int(sys.argv[1]), 8
warm = min(20_000, count // 10)
create_time = 1_800_000_000
# Of 8 bytes for each token, all of them in use from the start. Tokens that differ have the same hash once in 3e5 runs
# of ten million tokens, and once in 9e8 runs of 200,000.
hashes = array("q", range(warm + count))
is_warm, may_go_on, is_over = (threading.Barrier(threads + 1) for _ in range(3))

def make(number, first, end):
    places = range(first + number, end, threads)
    if number % 2:
        for place in places:
            hashes[place] = hash(session.generate_token(create_time=create_time))
    else:
        for place, token in zip(places, session.generate_tokens({"create_time": create_time} for _ in places)):
            hashes[place] = hash(token)

def run(number):
    make(number, 0, warm)
    is_warm.wait()
    may_go_on.wait()
    make(number, warm, warm + count)
    is_over.wait()

for number in range(threads):
    threading.Thread(target=run, args=(number,)).start()
is_warm.wait()
before = resident()
may_go_on.wait()
is_over.wait()
grown = resident() - before
ordered = sorted(hashes)
duplicates = sum(one == next for one, next in zip(ordered, ordered[1:]))
print(json.dumps({"tokens": len(ordered), "duplicates": duplicates, "grown": grown}))
"""


def test_eight_threads_through_one_session_share_no_token() -> None:
    """TOKMINT_TOKENS says how many tokens; they differ in nothing but their nonce."""
    count = int(os.environ.get("TOKMINT_TOKENS", "200000"))
    outcome = run_python("-c", RESIDENT + THREADS, str(count))
    assert outcome.returncode == 0, outcome.stderr
    print(outcome.stdout)
    said = json.loads(outcome.stdout)
    assert said["tokens"] >= count and said["duplicates"] == 0
    assert said["grown"] < 1_000_000
