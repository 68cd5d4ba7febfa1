"""No two tokens are the same: between threads, after `fork`, and in the workers of a web server."""

import multiprocessing
import os
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.request import urlopen

from support import NOW, SESSION_ID, project, wait_for

OPENTOK = project()


def tokens(count: int) -> "list[str]":
    """Tokens that differ in nothing but their nonce."""
    return [OPENTOK.generate_token(SESSION_ID, create_time=NOW) for _ in range(count)]


def warm() -> "list[str]":
    """Tokens of this process, so that it has nonces in store to inherit."""
    return tokens(100)


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
            # The kernel chooses the worker; all four have to answer.
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
