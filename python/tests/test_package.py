"""The installed package as a whole: what is in it, what it costs, and that a broken build is noticed."""

import os
import platform
import re
import shutil
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

import tokmint
from support import API_SECRET, PRIVATE_KEY, PUBLIC_KEY, REPOSITORY, run_python

PACKAGE = Path(tokmint.__file__).parent
WHEEL = Path(os.environ["TOKMINT_WHEEL"])


def copy_of_package(folder: Path) -> Path:
    return Path(shutil.copytree(PACKAGE, folder / "tokmint"))


def native_module(package: Path) -> Path:
    (module,) = package.glob("_tokmint*.so")
    return module


def test_the_installed_package_is_tested_and_not_the_sources() -> None:
    assert REPOSITORY not in PACKAGE.parents
    version = re.search(r'^version = "(.+)"$', (REPOSITORY / "Cargo.toml").read_text(), re.MULTILINE)
    assert version and version[1] == tokmint.__version__ == metadata.version("tokmint")


def test_the_wheel_is_small_and_needs_nothing() -> None:
    assert WHEEL.stat().st_size < 2_500_000
    assert metadata.requires("tokmint") is None
    licences = metadata.files("tokmint") or []
    assert {"LICENSE-MIT", "LICENSE-APACHE", "LICENSE-THIRD-PARTY"} <= {file.name for file in licences}


def test_the_wheel_has_a_manylinux_tag_that_its_symbols_keep() -> None:
    environment = {**os.environ, "COLUMNS": "1000"}
    command = [sys.executable, "-m", "auditwheel", "show", str(WHEEL)]
    shown = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
    tag = re.search(r'is\s+consistent\s+with\s+the\s+following\s+platform\s+tag:\s+"(manylinux_\w+)"', shown)
    assert tag and tag[1] in WHEEL.name
    assert "-cp310-abi3-" in WHEEL.name


def test_the_release_holds_no_hook_for_tests() -> None:
    assert not hasattr(tokmint._tokmint, "panic_in_next_call")
    assert b"panic_in_next_call" not in native_module(PACKAGE).read_bytes()


def test_importing_loads_little() -> None:
    """`typing` or `dataclasses` would take longer to import than all the rest."""
    script = (
        "import datetime, enum, sys; sys.path[:0] = sys.argv[1:]; before = {*sys.modules};"
        "import tokmint; print(*sorted({*sys.modules} - before))"
    )
    loaded = run_python("-I", "-S", "-c", script, str(PACKAGE.parent)).stdout.split()
    assert loaded == ["__future__", "tokmint", "tokmint._tokmint", "tokmint._types"]


INTERPRETERS = """
import sys

try:
    import _interpreters
    new = lambda: _interpreters.create("legacy")
except ImportError:
    import _xxsubinterpreters as _interpreters
    new = lambda: _interpreters.create(isolated=False)

ATTEMPT = '''
import sys
sys.path[:0] = [%r]
try:
    import tokmint
    opentok = tokmint.OpenTok("123456", "1234567890abcdef1234567890abcdef1234567890")
    for _ in range(2):
        try:
            opentok.verify_token("x")
        except tokmint.TokmintError as error:
            print("works", error.code, flush=True)
        # What is imported again in the same interpreter has the same classes.
        for name in [name for name in sys.modules if name.split(".")[0] == "tokmint"]:
            del sys.modules[name]
        import tokmint
except ImportError as error:
    print(error, flush=True)
''' % sys.argv[1]

others = {}
for number in sys.argv[2]:
    if number == "0":
        exec(ATTEMPT, {})
    else:
        _interpreters.run_string(others.setdefault(number, new()), ATTEMPT)
"""


@pytest.mark.parametrize(
    ("order", "works"),
    [("0", "1"), ("00", "11"), ("01", "10"), ("10", "10"), ("12", "10"), ("1012", "1010"), ("00110", "11001")],
)
def test_a_second_interpreter_is_refused(order: str, works: str) -> None:
    """The first that imports the package has it. Each digit is an interpreter, and 0 the main one."""
    outcome = run_python("-c", INTERPRETERS, str(PACKAGE.parent), order)
    assert outcome.returncode == 0, outcome.stderr
    refused = "tokmint is in use by another interpreter of this process"
    expected = [line for it in works for line in (["works malformed_token"] * 2 if it == "1" else [refused])]
    assert [line[: len(refused)] for line in outcome.stdout.splitlines()] == expected


def test_a_zip_file_says_why_it_cannot_be_imported(tmp_path: Path) -> None:
    copy_of_package(tmp_path)
    archive = shutil.make_archive(str(tmp_path / "app"), "zip", tmp_path, "tokmint")
    error = run_python("-c", "import tokmint", path=Path(archive)).stderr
    assert "ImportError: tokmint's native module" in error and "No module named" not in error
    assert "app.zip" in error and "from a zip file" in error and "platform" in error


def test_another_missing_module_is_not_taken_for_the_native_one(tmp_path: Path) -> None:
    (copy_of_package(tmp_path) / "_types.py").write_text("import no_such_module")
    error = run_python("-c", "import tokmint", path=tmp_path).stderr
    assert "No module named 'no_such_module'" in error and "zip" not in error


def test_self_test_passes_and_counts() -> None:
    outcome = run_python("-m", "tokmint", "self-test")
    assert outcome.returncode == 0
    where = re.escape(f"{sys.platform} {platform.machine()}, CPython {platform.python_version()}")
    line = re.fullmatch(rf"tokmint {tokmint.__version__} on {where}: (\d+) of (\d+) vectors passed\n", outcome.stdout)
    assert line and line[1] == line[2] and int(line[1]) >= 2000


@pytest.mark.parametrize(
    ("original", "corrupted"),
    [
        (b"publisher", b"publisheR"),
        (b"token_expired", b"token_expireD"),
        (b"token_not_yet_valid", b"token_not_yet_valiD"),
        # The first round constant of SHA-256 with one bit changed.
        (0x428A2F98.to_bytes(4, "little"), 0x428A2F99.to_bytes(4, "little")),
    ],
)
def test_self_test_fails_on_a_corrupted_build(tmp_path: Path, original: bytes, corrupted: bytes) -> None:
    module = native_module(copy_of_package(tmp_path))
    content = module.read_bytes()
    assert original in content
    module.write_bytes(content.replace(original, corrupted))
    outcome = run_python("-m", "tokmint", "self-test", path=tmp_path)
    assert outcome.returncode == 1, outcome.stdout
    assert "failed: " in outcome.stderr


@pytest.mark.parametrize("file", tokmint._self_test.FILES)
def test_self_test_fails_without_vectors(tmp_path: Path, file: str) -> None:
    (copy_of_package(tmp_path) / "vectors" / f"{file}.json").write_text('{"vectors": []}')
    assert run_python("-m", "tokmint", "self-test", path=tmp_path).returncode == 1


PANIC = """
import sys
import tokmint
from tokmint import _tokmint
secret = sys.argv[1]
opentok = tokmint.OpenTok("123456", secret)
session_id = "1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4"
token = opentok.generate_token(session_id, data="private data")
application_id = "a98e12ca-f3e5-4df8-bc66-fd4b5f30b9e9"
private_key, public_key = sys.argv[2:]
application = tokmint.OpenTok.for_application(application_id, private_key)
inspection = opentok.inspect_token(token)
session = opentok.session(session_id)
calls = [
    lambda: tokmint.OpenTok("123456", secret),
    lambda: opentok.generate_token(session_id, data="private data"),
    lambda: opentok.verify_token(token),
    lambda: opentok.inspect_token(token),
    lambda: opentok.generate_rest_token(),
    lambda: tokmint.OpenTok.for_application(application_id, private_key),
    lambda: tokmint.OpenTok.verifier(application_id, public_key),
    lambda: application.generate_rest_token(),
    lambda: tokmint.inspect_token(token),
    lambda: opentok.session(session_id),
    lambda: session.generate_token(data="private data"),
    lambda: session.generate_tokens([]),
    lambda: session.verify_token(token),
    inspection.to_json,
    inspection.__str__,
]
for call in calls:
    _tokmint.panic_in_next_call()
    try:
        call()
    except Exception as error:
        assert type(error) is tokmint.InternalError, type(error)
        assert (error.code, error.number) == ("panic", 999)
        print(error)
    else:
        raise SystemExit("no panic")
    call()

def items():
    _tokmint.panic_in_next_call() # while the options of the first item are read
    yield from [{"data": "private data"}] * 3
    _tokmint.panic_in_next_call() # while the token of the second one is generated

*panics, token = session.generate_tokens(items())
for error in panics:
    assert type(error) is tokmint.InternalError, type(error)
    print(error)
assert session.verify_token(token).data == "private data"
"""


def test_a_panic_is_an_exception_that_ordinary_code_catches_and_the_next_call_works(tmp_path: Path) -> None:
    shutil.copy(os.environ["TOKMINT_PANIC_MODULE"], native_module(copy_of_package(tmp_path)))
    outcome = run_python("-c", PANIC, API_SECRET, PRIVATE_KEY, PUBLIC_KEY, path=tmp_path)
    assert (outcome.returncode, outcome.stderr) == (0, "")
    messages = outcome.stdout.splitlines()
    assert len(messages) == 17
    for message in messages:
        assert re.match(r"tokmint panicked at bindings/python/src/error\.rs:\d+:\d+, which is a defect", message)
        assert "nobody may see" not in message and "private" not in message and API_SECRET[:8] not in message


MEMORY = """
import os
import sys
import tokmint

private_key, public_key = sys.argv[1:]
application_id = "a98e12ca-f3e5-4df8-bc66-fd4b5f30b9e9"
from tokmint._self_test import SESSION_ID as session_of_application

opentok = tokmint.OpenTok("123456", "1234567890abcdef1234567890abcdef1234567890")
session_id = "1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4"

def refused(call, *arguments, **options):
    try:
        call(*arguments, **options)
    except (TypeError, ValueError):
        return
    raise SystemExit("not refused")

session = opentok.session(session_id)

def fifteen_calls():
    token = opentok.generate_token(session_id, "moderator", data="größe", initial_layout_class_list=["a", "b"])
    verified = opentok.verify_token(token)
    verified.role, verified.expires_at, verified.initial_layout_class_list, repr(verified)
    inspection = opentok.inspect_token(token + " ")
    inspection.token, inspection.format, inspection.fields[0].value, inspection.findings, repr(inspection)
    opentok.generate_token(session_id, token_format="t1", expires_in=60)
    tokmint.OpenTok(123456, "secret")
    refused(opentok.verify_token, token + "x")
    refused(opentok.generate_token, session_id, "nobody")
    refused(opentok.generate_token, session_id, data="\\ud800")
    refused(opentok.generate_token, session_id, initial_layout_class_list=["a", 1])
    opentok.generate_rest_token()
    refused(opentok.session, "none")
    refused(opentok.session(session_id).generate_token, data=5)
    session.verify_token(session.generate_token("moderator", data="größe"))
    list(session.generate_tokens([{"data": "größe"}, {"data": 5}, {"role": "nobody"}, 5]))
    next(session.generate_tokens([{}, {"initial_layout_class_list": ["a", "b"]}]))

def six_slow_calls():
    application = tokmint.OpenTok.for_application(application_id, private_key)
    verifier = tokmint.OpenTok.verifier(application_id, public_key.encode())
    token = application.generate_token(session_of_application, data="größe")
    verifier.verify_token(token)
    refused(verifier.generate_rest_token)
    refused(tokmint.OpenTok.for_application, application_id, public_key)

def resident():
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

def many(times):
    for _ in range(1000):
        for _ in range(times):
            fifteen_calls()
        six_slow_calls()

many(8)
before = resident()
for _ in range(2):
    many(34)
print(resident() - before)
"""


def test_a_million_calls_leave_no_memory_behind() -> None:
    outcome = run_python("-c", MEMORY, PRIVATE_KEY, PUBLIC_KEY)
    assert outcome.returncode == 0, outcome.stderr
    assert int(outcome.stdout) < 1_000_000
