"""Threads and `fork`: no two tokens are the same, nobody waits for ever, and RSA leaves other threads running."""

import itertools
import multiprocessing
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from urllib.request import urlopen

import pytest

from support import (
    APPLICATION_ID,
    NOW,
    PRIVATE_KEY,
    SESSION_ID,
    SESSION_OF_APPLICATION,
    application,
    project,
    run_python,
    wait_for,
)
from tokmint import OpenTok, TokenOptions, _self_test

OPENTOK = project()
SESSION = OPENTOK.session(SESSION_ID)
APPLICATION = application()


def tokens(count: int) -> "list[str]":
    """Tokens that differ in nothing but their nonce, of an `OpenTok` and of a session from before any fork."""
    calls = itertools.cycle([partial(OPENTOK.generate_token, SESSION_ID), SESSION.generate_token])
    return [generate(create_time=NOW) for generate in itertools.islice(calls, count)]


def warm() -> "list[str]":
    """Tokens of this process, so that it has nonces in store to inherit."""
    return tokens(100)


CALLS = r"""
import enum, os, signal, sys, threading, time, types
from datetime import datetime, timedelta, timezone
import tokmint

session_id = "1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4"
opentok = tokmint.OpenTok(123456, "1234567890abcdef1234567890abcdef1234567890")
private_key = sys.argv[1]
application_id = "a98e12ca-f3e5-4df8-bc66-fd4b5f30b9e9"
application = tokmint.OpenTok.for_application(application_id, private_key)
session_of_application = (
    "2_MX5hOThlMTJjYS1mM2U1LTRkZjgtYmM2Ni1mZDRiNWYzMGI5ZTl-fjE2NzI3MzY4NzgxNjJ-bi9OeFVLbkNaVjBUUnpVSmxjbURqQ3J4flB-fg"
)
now = datetime.now(timezone.utc)
roles = enum.Enum("Roles", "moderator")

def attempt(method, *arguments, **options):
    try:
        getattr(opentok, method)(*arguments, **options)
    except (TypeError, tokmint.TokmintError) as error:
        return getattr(error, "code", "TypeError")
    return "success"

def generate(*arguments, **options):
    return lambda: attempt("generate_token", session_id, *arguments, **options)

def refused_key():
    try:
        tokmint.OpenTok(10**5000, "")
    except tokmint.CredentialsError as error:
        return error.code

class OwnPath:
    def __fspath__(self):
        return "private.key"

def key_from(key):
    def read():
        try:
            tokmint.OpenTok.for_application(application_id, key)
        except (TypeError, tokmint.TokmintError) as error:
            return getattr(error, "code", "TypeError")
        return "success"
    return read

def of_application():
    token = application.generate_token(session_of_application)
    return application.verify_token(token).role and application.inspect_token(token).signature and "success"

def prepare():
    return opentok.session(session_id) and "success"

session = opentok.session(session_id)

def of_session():
    return session.verify_token(session.generate_token(data="x")).role and "success"

def of_batch():
    items = [{}, types.MappingProxyType({"data": "x"}), {"rolle": 1}, {"data": 1}, {"role": "x"}, 5]
    made = [getattr(result, "code", type(result).__name__) for result in session.generate_tokens(items)]
    return "success" if made == ["str", "str", "TypeError", "TypeError", "invalid_role", "TypeError"] else repr(made)

def no_batch():
    try:
        session.generate_tokens(5)
    except TypeError:
        return "TypeError"

def written():
    inspection = tokmint.inspect_token("x")
    return str(inspection) and inspection.to_json() and inspection.created_at or "success"

# Each is the first of its kind.
calls = [
    generate(data=1),
    generate("a", "b"),
    generate(use_jwt=True),
    generate(roles.moderator),
    generate(initial_layout_class_list=5),
    generate(initial_layout_class_list={"a": 1}),
    generate(expires_in=timedelta(hours=1)),
    generate(expire_time=now + timedelta(hours=1), data="x" * 1000),
    generate(expire_time=now.replace(tzinfo=None)),
    generate(create_time=now.timestamp(), expires_in=60.5, token_format="t1"),
    generate("\ud800"),
    generate(data="\ud800"),
    generate(expires_in=10**30),
    refused_key,
    lambda: attempt("verify_token", "\ud800"),
    lambda: attempt("verify_token", opentok.generate_token(session_id), leeway=timedelta(seconds=1)),
    lambda: attempt("verify_token", opentok.generate_token(session_id), now=5),
    lambda: attempt("inspect_token", opentok.generate_token(session_id) + "\n"),
    lambda: attempt("__reduce_ex__", 2),
    lambda: attempt("generate_rest_token", expires_in=timedelta(minutes=1)),
    of_application,
    lambda: application.generate_rest_token() and "success",
    key_from(private_key),
    key_from(private_key.encode()),
    key_from("private.key"),
    key_from(OwnPath()),
    prepare,
    of_session,
    of_batch,
    no_batch,
    written,
]
"""

NO_IMPORT = """
import builtins

def forbidden(name, *_):
    raise SystemExit(f"{name} is imported on the path of a call")

builtins.__import__ = forbidden
sys.addaudithook(lambda event, arguments: event == "import" and forbidden(*arguments))
print(*sorted({call() for call in calls}))
"""


def test_no_call_imports_anything() -> None:
    outcome = run_python("-c", CALLS + NO_IMPORT, PRIVATE_KEY)
    assert (outcome.returncode, outcome.stderr) == (0, "")
    codes = {"invalid_api_key", "invalid_data", "invalid_expire_time", "invalid_private_key", "invalid_utf8"}
    assert {*outcome.stdout.split()} == codes | {"TypeError", "malformed_token", "success", "token_not_yet_valid"}


FORK_AT_THE_FIRST_CALL = """
# A thread gives the interpreter lock away only where a call waits, and this is where the other one forks.
sys.setswitchinterval(10)

def keep_busy():
    until = time.perf_counter() + 0.005
    while time.perf_counter() < until:
        pass

def busy_call(call):
    keep_busy() # The other thread comes to wait for the interpreter lock.
    call()

for number, call in enumerate(calls):
    thread = threading.Thread(target=busy_call, args=(call,))
    thread.start()
    keep_busy() # The call comes to wait for it, with whatever it has begun.
    child = os.fork()
    if child == 0:
        signal.alarm(10)
        call()
        os._exit(0)
    thread.join()
    status = os.waitpid(child, 0)[1]
    if status:
        raise SystemExit(f"the child of call {number} ended with status {status}")
"""


def test_no_child_waits_for_what_another_thread_had_begun() -> None:
    """With locks that initialise at the first call this failed in every run."""
    for _ in range(5):
        outcome = run_python("-c", CALLS + FORK_AT_THE_FIRST_CALL, PRIVATE_KEY)
        assert outcome.returncode == 0, outcome.stderr


FORK_WHILE_THREADS_SIGN = """
forks = 30
is_over = False

def sign():
    token = application.generate_token(session_of_application)
    while not is_over:
        application.generate_token(session_of_application)
        application.verify_token(token)
        tokmint.OpenTok.for_application(application_id, private_key)

threads = [threading.Thread(target=sign) for _ in range(3)]
for thread in threads:
    thread.start()
for _ in range(forks):
    child = os.fork()
    if child == 0:
        signal.alarm(20)
        # A child can fork as well.
        grandchild = os.fork()
        key_from(private_key)()
        of_application()
        if grandchild and os.waitpid(grandchild, 0)[1]:
            os._exit(1)
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    if status:
        is_over = True
        raise SystemExit(f"a child ended with status {status}")
is_over = True
for thread in threads:
    thread.join()
"""


def test_a_process_may_fork_while_its_threads_sign() -> None:
    """When `fork` did not wait for signatures, nearly every child was aborted at its first one."""
    outcome = run_python("-c", CALLS + FORK_WHILE_THREADS_SIGN, PRIVATE_KEY)
    assert (outcome.returncode, outcome.stderr) == (0, "")


EXIT_WHILE_A_THREAD_SIGNS = """
def sign():
    while True:
        application.generate_token(session_of_application)

threading.Thread(target=sign, daemon=True).start()
time.sleep(0.05)
"""


def test_a_process_may_end_while_its_threads_sign() -> None:
    for _ in range(5):
        outcome = run_python("-c", CALLS + EXIT_WHILE_A_THREAD_SIGNS, PRIVATE_KEY)
        assert (outcome.returncode, outcome.stderr) == (0, "")


LONG_KEY = _self_test.keys()["rsa8192"]
LONG = OpenTok.for_application(APPLICATION_ID, LONG_KEY["private_key"])
LONG_TOKEN = LONG.generate_token(SESSION_OF_APPLICATION)
OF_PROJECT = OPENTOK.generate_token(SESSION_ID)
LONG_SESSION = LONG.session(SESSION_OF_APPLICATION)
BATCH: "list[TokenOptions]" = [{"data": "x" * 1000}] * 10_000


def lets_another_thread_run(call: Callable[[], object]) -> bool:
    """Whether a thread that waits for the interpreter lock gets it while a call computes."""
    may_run = threading.Lock()
    ran = False

    def run() -> None:
        nonlocal ran
        with may_run:
            ran = True

    with may_run:
        thread = threading.Thread(target=run)
        thread.start()
    # The thread comes to wait for the interpreter lock, which it gets only where that is released.
    until = time.perf_counter() + 0.005
    while time.perf_counter() < until:
        pass
    call()
    has_run = ran
    thread.join()
    return has_run


@pytest.mark.parametrize(
    ("is_long", "call"),
    [
        (True, lambda: LONG.generate_token(SESSION_OF_APPLICATION)),
        (True, LONG.generate_rest_token),
        (True, lambda: LONG.verify_token(LONG_TOKEN)),
        (True, lambda: LONG.inspect_token(LONG_TOKEN)),
        (True, LONG_SESSION.generate_token),
        (True, lambda: LONG_SESSION.verify_token(LONG_TOKEN)),
        (True, lambda: next(LONG_SESSION.generate_tokens([{}]))),
        (True, lambda: list(SESSION.generate_tokens(BATCH))),
        (True, lambda: OpenTok.for_application(APPLICATION_ID, LONG_KEY["private_key"])),
        (True, lambda: OpenTok.verifier(APPLICATION_ID, LONG_KEY["public_key"].encode())),
        (False, lambda: OPENTOK.generate_token(SESSION_ID)),
        (False, SESSION.generate_token),
        (False, lambda: SESSION.verify_token(OF_PROJECT)),
        (False, OPENTOK.generate_rest_token),
        (False, lambda: OPENTOK.verify_token(OF_PROJECT)),
        (False, lambda: OPENTOK.inspect_token(OF_PROJECT)),
    ],
)
def test_the_interpreter_lock_is_released_for_rsa_and_batches_and_kept_for_hmac(
    is_long: bool, call: Callable[[], object]
) -> None:
    interval = sys.getswitchinterval()
    # Longer than the test: a thread gets the lock only where it is released.
    sys.setswitchinterval(60)
    try:
        # Where it is released, the waiting thread may still come too late.
        attempts = [lets_another_thread_run(call) for _ in range(20)]
    finally:
        sys.setswitchinterval(interval)
    assert any(attempts) is is_long


def test_sixteen_threads_share_one_open_tok() -> None:
    start = threading.Barrier(16)

    def run(_: int) -> "list[str]":
        start.wait()
        made = tokens(5000)
        for token in made[::100]:
            OPENTOK.verify_token(token, now=NOW)
        return made

    with ThreadPoolExecutor(16) as pool:
        made = [token for part in pool.map(run, range(16)) for token in part]
    assert len(set(made)) == len(made) == 16 * 5000


def test_sixteen_threads_share_one_application() -> None:
    start = threading.Barrier(16)

    def run(_: int) -> "list[str]":
        start.wait()
        made = [APPLICATION.generate_token(SESSION_OF_APPLICATION, create_time=NOW) for _ in range(100)]
        for token in made[::10]:
            APPLICATION.verify_token(token, now=NOW)
        return made

    with ThreadPoolExecutor(16) as pool:
        made = [token for part in pool.map(run, range(16)) for token in part]
    assert len(set(made)) == len(made) == 16 * 100


def test_parent_child_and_grandchild_share_no_token_after_fork() -> None:
    made = warm()
    read_end, write_end = os.pipe()
    child = os.fork()
    if child == 0:
        grandchild = os.fork()
        os.write(write_end, ("\n".join(tokens(50)) + "\n").encode())
        if grandchild:
            os.waitpid(grandchild, 0)
        os._exit(0)
    os.close(write_end)
    made += tokens(50)
    with os.fdopen(read_end) as pipe:
        made += pipe.read().split()
    assert os.waitpid(child, 0)[1] == 0
    assert len(set(made)) == len(made) == 100 + 50 + 2 * 50


@pytest.mark.parametrize("taken", [0, 1, 10, 64])
def test_parent_and_child_share_no_token_of_a_batch_that_was_begun_before_the_fork(taken: int) -> None:
    """The parent has generated tokens ahead, which the child must not return as well."""
    batch = SESSION.generate_tokens({"create_time": NOW} for _ in range(200))
    made = list(itertools.islice(batch, taken))
    read_end, write_end = os.pipe()
    child = os.fork()
    if child == 0:
        grandchild = os.fork()
        os.write(write_end, "".join(f"{token}\n" for token in itertools.islice(batch, 50)).encode())
        if grandchild:
            os.waitpid(grandchild, 0)
        os._exit(0)
    os.close(write_end)
    made += batch
    with os.fdopen(read_end) as pipe:
        made += pipe.read().split()
    assert os.waitpid(child, 0)[1] == 0
    assert len(set(made)) == len(made) == 200 + 2 * 50
    for token in made:
        OPENTOK.verify_token(str(token), now=NOW, session_id=SESSION_ID)


def test_a_pool_of_sixteen_forked_processes_shares_no_token() -> None:
    made = warm()
    with multiprocessing.get_context("fork").Pool(16) as pool:
        parts = pool.map(tokens, [500] * 32, chunksize=1)
    made += [token for part in parts for token in part] + tokens(500)
    assert len(set(made)) == len(made) == 100 + 32 * 500 + 500


def test_workers_of_gunicorn_with_preload_share_no_token(tmp_path: Path) -> None:
    log = tmp_path / "log"
    command = [sys.executable, "-m", "gunicorn", "--preload", "--workers=4", "--bind=127.0.0.1:0"]
    command += [f"--log-file={log}", f"--chdir={Path(__file__).parent}", "wsgi_app:application"]
    server = subprocess.Popen(command, cwd=tmp_path)
    try:
        address = wait_for(log, r"Listening at: (http://\S+)")
        made: list[str] = []
        workers = set()
        deadline = time.monotonic() + 60

        def request(_: int) -> "tuple[str, list[str]]":
            with urlopen(address, timeout=30) as response:
                return response.headers["Worker"], response.read().decode().split()

        with ThreadPoolExecutor(8) as clients:
            # The kernel chooses the worker; all four have to respond.
            while len(made) < 20_000 or len(workers) < 4:
                assert time.monotonic() < deadline, f"{len(made)} tokens from {len(workers)} workers"
                for worker, part in clients.map(request, range(50)):
                    workers.add(worker)
                    made += part
    finally:
        server.terminate()
        server.wait(30)
    assert len(workers) == 4
    assert len(set(made)) == len(made) >= 20_000
