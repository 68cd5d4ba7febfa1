"""The Python program of the checks that hold in every language: `programs.py` says what it prints."""

import contextlib
import copy
import gc
import io
import json
import logging
import pickle
import statistics
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import tokmint
from tokmint import OpenTok, inspect_token

API_KEY = "123456"
API_SECRET = "1234567890abcdef1234567890abcdef1234567890"
SESSION_ID = "1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4"
APPLICATION_ID = "a98e12ca-f3e5-4df8-bc66-fd4b5f30b9e9"
SESSION_OF_APPLICATION = (
    "2_MX5hOThlMTJjYS1mM2U1LTRkZjgtYmM2Ni1mZDRiNWYzMGI5ZTl-fjE2NzI3MzY4NzgxNjJ-bi9OeFVLbkNaVjBUUnpVSmxjbURqQ3J4flB-fg"
)

# Secrets

SEEN = io.StringIO()
LOGGER = logging.getLogger("check")
LOGGER.addHandler(logging.StreamHandler(SEEN))
LOGGER.setLevel(1)
is_thorough = False


def see(*shown: object) -> None:
    print(*shown, file=SEEN)


def show_object(value: object) -> None:
    """Shows an object of tokmint in every form, and what comes of attempts to copy it."""
    see(str(value), repr(value), ascii(value), f"{value} {value!r}")
    LOGGER.debug("%s %r", value, value)
    see(json.dumps(value, default=repr))
    if not is_thorough:
        return
    see(getattr(value, "__dict__", None))
    for name in dir(value):
        attribute = getattr(value, name, None)
        if not callable(attribute):
            see(name, attribute)
    for attempt in (pickle.dumps, copy.copy, copy.deepcopy, json.dumps, vars, memoryview, bytes, iter):
        try:
            see(attempt(value))  # type: ignore[operator]
        except Exception as error:
            see(repr(error), error)


def show_error(error: BaseException) -> None:
    see(str(error), repr(error), error.args, error.__dict__, error.__cause__, error.__context__)
    see(*traceback.format_exception_only(error))
    LOGGER.error("%s", error)
    if isinstance(error, tokmint.TokmintError):
        see(pickle.dumps(error), repr(copy.copy(error)))


def show(call: Callable[[], Any]) -> Any:
    try:
        value = call()
    except Exception as error:
        LOGGER.error("failed", exc_info=is_thorough)
        show_error(error)
        return None
    show_object(value)
    return value


def show_inspection(call: Callable[[], Any]) -> None:
    if inspection := show(call):
        see(inspection.to_json(), inspection.to_dict(), pickle.dumps(inspection))


def misplaced(text: str) -> None:
    """A secret or a key where something else belongs."""
    opentok = OpenTok(API_KEY, API_SECRET)
    show(lambda: OpenTok(text, API_SECRET))
    show(lambda: OpenTok(text, text))
    show(lambda: OpenTok(API_KEY, text.encode()))  # type: ignore[arg-type]
    show(lambda: OpenTok.for_application(text, text))
    show(lambda: OpenTok.verifier(APPLICATION_ID, text))
    show(lambda: opentok.session(text))
    show(lambda: opentok.generate_token(text))
    for options in (
        {"role": text},
        {"token_format": text},
        {"data": text * (1100 // max(1, len(text)) + 1)},
        {"data": text + "\ud800"},
        {"initial_layout_class_list": ["a b", text]},
        {"initial_layout_class_list": text},
        {"jti": text},
        {"nonce": text},
        {"expire_time": text},
        {"create_time": text},
    ):
        show(lambda options=options: opentok.generate_token(SESSION_ID, **options))  # type: ignore[misc]
    show(lambda: opentok.generate_rest_token(jti=text))
    token = opentok.generate_token(SESSION_ID)
    for of_text in (text, text.encode()):
        show(lambda of_text=of_text: opentok.verify_token(of_text))  # type: ignore[misc]
    show(lambda: opentok.verify_token(token, session_id=text))
    show_inspection(lambda: opentok.inspect_token(token, session_id=text))
    with contextlib.suppress(tokmint.TokmintError):
        other = OpenTok(API_KEY, text)
        show(lambda: other.verify_token(token))
        show_inspection(lambda: other.inspect_token(token))


def shown(make: Callable[[], OpenTok], session_id: str) -> None:
    """The objects that keep a secret or a key, if it is one, and what they make."""
    opentok = show(make)
    if opentok is None:
        return
    session = show(lambda: opentok.session(session_id))
    if session is None:
        return
    token = opentok.generate_token(session_id, data="name=Johnny")
    show(lambda: opentok.verify_token(token))
    show_inspection(lambda: opentok.inspect_token(token))
    show(lambda: session.verify_token(token[:-1]))
    show(lambda: session.generate_tokens([]))
    for result in session.generate_tokens([{"nonce": -1}, {"role": "x"}, {"a": 1}]):
        show_error(result)


def secrets() -> None:
    for request in sys.stdin:
        kind, encoded, forms = request.split()
        global is_thorough
        is_thorough = forms == "all"
        key = bytes.fromhex(encoded)
        text = key.decode(errors="replace")
        misplaced(text)
        if kind == "secret":
            shown(lambda: OpenTok(API_KEY, text), SESSION_ID)  # noqa: B023
        else:
            shown(lambda: OpenTok.for_application(APPLICATION_ID, key), SESSION_OF_APPLICATION)  # noqa: B023
        seen = SEEN.getvalue().encode(errors="backslashreplace")
        sys.stdout.buffer.write(b"%d\n%s" % (len(seen), seen))
        SEEN.seek(0)
        SEEN.truncate()


# Soak


def refused(call: Callable[[], object]) -> None:
    try:
        call()
    except tokmint.TokmintError as error:
        str(error)
        return
    raise AssertionError("accepted")


def soak(key: str, calls: int) -> None:
    opentok = OpenTok(API_KEY, API_SECRET)
    session = opentok.session(SESSION_ID)
    application = OpenTok.for_application(APPLICATION_ID, key)
    options: Any = {"role": "moderator", "data": "name=Johnny", "initial_layout_class_list": ["focus", "main"]}
    jwt = opentok.generate_token(SESSION_ID, **options)
    t1 = opentok.generate_token(SESSION_ID, token_format="t1", **options)
    of_application = application.generate_token(SESSION_OF_APPLICATION, **options)
    batch = session.generate_tokens(options for _ in iter(int, 1))
    # Of slow functions one of so many calls is made.
    functions: dict[str, tuple[int, Callable[[], object]]] = {
        "generate": (1, lambda: opentok.generate_token(SESSION_ID, **options)),
        "generate_t1": (1, lambda: opentok.generate_token(SESSION_ID, token_format="t1", **options)),
        "generate_refused": (1, lambda: refused(lambda: opentok.generate_token(SESSION_ID, nonce=-1))),
        "session_generate": (1, lambda: session.generate_token(**options)),
        "batch_generate": (1, lambda: next(batch)),
        "generate_rest": (1, opentok.generate_rest_token),
        "verify": (1, lambda: opentok.verify_token(jwt)),
        "verify_t1": (1, lambda: opentok.verify_token(t1)),
        "verify_refused": (1, lambda: refused(lambda: opentok.verify_token(jwt[1:]))),
        "inspect": (1, lambda: opentok.inspect_token(jwt).findings),
        "inspect_refused": (1, lambda: inspect_token(jwt[1:]).to_json()),
        "opentok": (10, lambda: OpenTok(API_KEY, API_SECRET)),
        "opentok_refused": (1, lambda: refused(lambda: OpenTok(API_KEY, ""))),
        "session": (10, lambda: opentok.session(SESSION_ID)),
        "session_refused": (1, lambda: refused(lambda: opentok.session("1_x"))),
        "application_generate": (1000, lambda: application.generate_token(SESSION_OF_APPLICATION, **options)),
        "application_verify": (100, lambda: application.verify_token(of_application)),
        "application_verify_refused": (100, lambda: refused(lambda: application.verify_token(jwt))),
        "application": (1000, lambda: OpenTok.for_application(APPLICATION_ID, key)),
        "application_refused": (100, lambda: refused(lambda: OpenTok.for_application(APPLICATION_ID, key[:-100]))),
    }
    for name, (one_of, call) in functions.items():
        count = max(10, calls // one_of)
        for _ in range(max(count // 100, min(count, 1000))):
            call()
        gc.collect()
        before = of_status("VmRSS:")
        for _ in range(count):
            call()
        gc.collect()
        print(name, count, max(0, of_status("VmRSS:") - before), 0, flush=True)


# Large inputs

RUNS = 7


def large_inputs(key: str, size: int) -> None:
    opentok = OpenTok(API_KEY, API_SECRET)
    session = opentok.session(SESSION_ID)
    application = OpenTok.for_application(APPLICATION_ID, key)
    token = opentok.generate_token(SESSION_ID)
    long, long_key = "x" * size, key + "x" * size
    long_bytes, long_key_bytes = long.encode(), long_key.encode()
    places: dict[str, Callable[[], object]] = {
        "secret": lambda: OpenTok(API_KEY, long),
        "api_key": lambda: OpenTok(long, API_SECRET),
        "role": lambda: opentok.generate_token(SESSION_ID, long),
        "token": lambda: opentok.verify_token(long),
        "token_as_bytes": lambda: opentok.verify_token(long_bytes),
        "token_of_application": lambda: application.verify_token(long),
        "token_inspected": lambda: opentok.inspect_token(long),
        "session_id": lambda: opentok.generate_token(long),
        "session": lambda: opentok.session(long),
        "session_id_to_verify": lambda: opentok.verify_token(token, session_id=long),
        "data": lambda: opentok.generate_token(SESSION_ID, data=long),
        "data_of_session": lambda: session.generate_token(data=long),
        "layout_class": lambda: opentok.generate_token(SESSION_ID, initial_layout_class_list=[long]),
        "jti": lambda: opentok.generate_token(SESSION_ID, jti=long),
        "private_key": lambda: OpenTok.for_application(APPLICATION_ID, long_key),
        "private_key_as_bytes": lambda: OpenTok.for_application(APPLICATION_ID, long_key_bytes),
        "public_key": lambda: OpenTok.verifier(APPLICATION_ID, long_key),
    }
    for place, call in places.items():
        is_refused = outcome(call)
        Path("/proc/self/clear_refs").write_text("5")
        before = of_status("VmRSS:")
        times = []
        for _ in range(RUNS):
            start = time.perf_counter_ns()
            outcome(call)
            times.append(time.perf_counter_ns() - start)
        grown = max(0, of_status("VmHWM:") - before)
        print(place, size, "refused" if is_refused else "accepted", int(statistics.median(times)), grown, flush=True)


def outcome(call: Callable[[], Any]) -> bool:
    try:
        return getattr(call(), "is_refused", False)
    except tokmint.TokmintError:
        return True


def of_status(name: str) -> int:
    """A number of kilobytes that Linux says of this process."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith(name)).split()[1])


def main() -> None:
    check, file, *sizes = sys.argv[1:]
    key = Path(file).read_text()
    if check == "secrets":
        secrets()
    elif check == "soak":
        soak(key, int(sizes[0]))
    else:
        for size in sizes:
            large_inputs(key, int(size))


main()
