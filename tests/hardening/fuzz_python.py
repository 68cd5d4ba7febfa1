"""Passes any arguments of any types to every function of the Python package, guided by coverage (Atheris).

Only the documented exceptions may come back: a `TokmintError` other than `InternalError`, or a `TypeError`; and what
an argument itself raised. What succeeds must hold: a token that was generated is verified.

    python3 tests/hardening/fuzz_python.py --short | --long [--seconds N]

Without one of these it is the fuzzer itself, with libFuzzer's options, in an environment that has Atheris.
"""

import argparse
import datetime
import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ATHERIS = "atheris==3.0.0"  # Apache-2.0; libFuzzer for CPython
SECONDS = {"short": 5, "long": 600}

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "target/fuzz/python"

ID = "1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4"
APPLICATION_ID = "a98e12ca-f3e5-4df8-bc66-fd4b5f30b9e9"
APPLICATION_SESSION = (
    "2_MX5hOThlMTJjYS1mM2U1LTRkZjgtYmM2Ni1mZDRiNWYzMGI5ZTl-fjE2NzI3MzY4NzgxNjJ-bi9OeFVLbkNaVjBUUnpVSmxjbURqQ3J4flB-fg"
)


class OwnError(Exception):
    """What an argument raises."""


class Hostile:
    """An object that is none of the types it claims to be."""

    def _raise(self, *_arguments: object) -> object:
        raise OwnError

    __index__ = __int__ = __float__ = __iter__ = __len__ = __getitem__ = __fspath__ = __bytes__ = __eq__ = _raise
    __hash__ = None


class Endless:
    """An iterable that does not end by itself before it raises."""

    def __iter__(self) -> object:
        for _ in range(3000):
            yield "x"
        raise OwnError


class Text(str):
    """A string of another class."""


class Whole(int):
    """An integer of another class."""


def fuzz(module: object, atheris: object) -> None:
    """Starts the fuzzer, which ends the process."""
    private_key = (ROOT / "tests/vectors/private_key.pem").read_text()
    public_key = (ROOT / "tests/vectors/public_key.pem").read_text()
    project = module.OpenTok("123456", "1234567890abcdef1234567890abcdef1234567890")
    application = module.OpenTok.for_application(APPLICATION_ID, private_key)
    verifier = module.OpenTok.verifier(APPLICATION_ID, public_key)
    sessions = {ID: project.session(ID), APPLICATION_SESSION: application.session(APPLICATION_SESSION)}
    state = {"token": project.generate_token(ID)}
    options = ["role", "expire_time", "expires_in", "data", "initial_layout_class_list", "token_format", "create_time",
               "nonce", "jti"]  # fmt: skip
    times = ["now", "leeway", "session_id"]

    def value(data: object, depth: int = 0) -> object:
        """An argument of any type."""
        kinds = [
            lambda: None,
            lambda: data.ConsumeBool(),
            lambda: data.ConsumeInt(4),
            lambda: data.ConsumeInt(4) << data.ConsumeIntInRange(0, 300),
            lambda: data.ConsumeFloat(),
            lambda: data.ConsumeUnicode(data.ConsumeIntInRange(0, 1100)),
            lambda: data.ConsumeUnicodeNoSurrogates(40),
            lambda: data.ConsumeBytes(data.ConsumeIntInRange(0, 200)),
            lambda: bytearray(data.ConsumeBytes(20)),
            lambda: memoryview(data.ConsumeBytes(20)),
            lambda: datetime.datetime.fromtimestamp(data.ConsumeIntInRange(-(10**10), 10**11), datetime.timezone.utc),
            lambda: datetime.datetime(data.ConsumeIntInRange(1, 9999), 1, 1),
            lambda: datetime.timedelta(seconds=data.ConsumeIntInRange(-(10**13), 10**13)),
            lambda: data.PickValueInList([*module.Role, *module.TokenFormat]),
            lambda: data.PickValueInList([state["token"], state["token"].encode(), ID, APPLICATION_SESSION]),
            lambda: data.PickValueInList([private_key, public_key, "moderator", "t1", APPLICATION_ID, "123456"]),
            lambda: data.PickValueInList([Hostile(), Endless(), object(), project, module, Hostile, int, ...]),
            lambda: Text(data.ConsumeUnicode(20)),
            lambda: Whole(data.ConsumeInt(8)),
            lambda: module.TokenOptions(data=data.ConsumeUnicode(20)),
        ]
        if depth < 3:
            kinds += [
                lambda: [value(data, depth + 1) for _ in range(data.ConsumeIntInRange(0, 5))],
                lambda: tuple(value(data, depth + 1) for _ in range(data.ConsumeIntInRange(0, 5))),
                lambda: iter([value(data, depth + 1)]),
                lambda: {data.ConsumeUnicode(5): value(data, depth + 1)},
                lambda: module.TokenOptions(**keywords(data, options, depth + 1)),
            ]
        return data.PickValueInList(kinds)()

    def keywords(data: object, names: list[str], depth: int = 0) -> dict[str, object]:
        """Some of these arguments."""
        chosen = (data.PickValueInList(names) for _ in range(data.ConsumeIntInRange(0, 3)))
        return {name: value(data, depth) for name in chosen}

    def usual(data: object, right: object) -> object:
        """The right argument more often than not, so that the others are looked at."""
        return value(data) if data.ConsumeIntInRange(0, 3) == 0 else right

    def values(data: object) -> list[object]:
        """Arguments without names."""
        return [value(data) for _ in range(data.ConsumeIntInRange(0, 4))]

    def bound(function: object, *arguments: object, **named: object) -> object:
        """A call that has its arguments and is yet to be made."""
        return lambda: function(*arguments, **named)

    def owner(data: object) -> object:
        return data.PickValueInList([project, application, verifier])

    def session(data: object) -> object:
        return data.PickValueInList([*sessions.values()])

    def generated(data: object) -> object:
        opentok, id_ = data.PickValueInList([(project, ID), (application, APPLICATION_SESSION), (verifier, ID)])
        generate = bound(opentok.generate_token, usual(data, id_), **keywords(data, options))

        def call() -> None:
            state["token"] = generate()
            now = opentok.inspect_token(state["token"]).create_time
            opentok.verify_token(state["token"], now=now)

        return call

    def batch(data: object) -> object:
        batched = bound(session(data).generate_tokens, value(data))

        def call() -> None:
            for result in batched():
                if not isinstance(result, str):
                    raise result

        return call

    def inspected(data: object) -> object:
        inspector = data.PickValueInList([module, owner(data)])
        inspect = bound(inspector.inspect_token, usual(data, state["token"]), **keywords(data, ["now", "session_id"]))

        def call() -> None:
            inspection = inspect()
            for form in (str, repr, module.Inspection.to_json):
                form(inspection)

        return call

    rest = ["expires_in", "create_time", "jti"]
    calls = [
        lambda data: bound(module.OpenTok, usual(data, "123456"), value(data)),
        lambda data: bound(module.OpenTok.for_application, usual(data, APPLICATION_ID), value(data)),
        lambda data: bound(module.OpenTok.verifier, usual(data, APPLICATION_ID), value(data)),
        lambda data: bound(module.OpenTok, *values(data)),
        lambda data: bound(project.session, value(data)),
        lambda data: bound(project.generate_token, *values(data)),
        lambda data: bound(owner(data).generate_rest_token, **keywords(data, rest)),
        lambda data: bound(owner(data).verify_token, usual(data, state["token"]), **keywords(data, times)),
        lambda data: bound(session(data).verify_token, usual(data, state["token"]), **keywords(data, times)),
        lambda data: bound(session(data).generate_token, **keywords(data, options)),
        lambda data: bound(setattr, project, data.PickValueInList(["api_key", "x"]), value(data)),
        lambda data: bound(module.Role, value(data)),
        generated,
        generated,
        batch,
        inspected,
    ]

    def one(raw: bytes) -> None:
        data = atheris.FuzzedDataProvider(raw)
        # Choosing the arguments may raise nothing.
        call = data.PickValueInList(calls)(data)
        try:
            call()
        except module.InternalError:
            raise
        except (module.TokmintError, TypeError, OwnError):
            pass
        except AttributeError as error:
            # Handles are immutable.
            if "attribute 'api_key' of" not in str(error) and "has no attribute 'x'" not in str(error):
                raise
        except ValueError as error:
            # What Python's own enum raises.
            if "is not a valid Role" not in str(error):
                raise

    # The native module cannot guide the fuzzer, so the functions that choose do.
    for chooser in (value, values, keywords, usual, one, *calls):
        atheris.instrument_func(chooser)
    atheris.Setup(sys.argv, one)
    atheris.Fuzz()


def main() -> None:
    """Builds the package and the environment, and runs the fuzzer in it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    form = parser.add_mutually_exclusive_group(required=True)
    for name in SECONDS:
        form.add_argument(f"--{name}", action="store_const", const=name, dest="form")
    parser.add_argument("--seconds", type=int)
    arguments = parser.parse_args()
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    environment = {**os.environ, "PYO3_BUILD_EXTENSION_MODULE": "1"}
    command = ["cargo", "build", "--locked", "--quiet", "--package", "tokmint-python"]
    subprocess.run(command, cwd=ROOT, env=environment, check=True)
    shutil.rmtree(FOLDER / "tokmint", ignore_errors=True)
    shutil.copytree(ROOT / "python/src/tokmint", FOLDER / "tokmint", ignore=shutil.ignore_patterns("vectors", "*.so"))
    shutil.copy(target / "debug/lib_tokmint.so", FOLDER / "tokmint/_tokmint.abi3.so")
    python = FOLDER / "venv/bin/python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", FOLDER / "venv"], check=True)
    subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", ATHERIS], check=True)
    corpus, seeds = FOLDER / "corpus", FOLDER / "seeds"
    for folder in (corpus, seeds):
        folder.mkdir(exist_ok=True)
    # Noise, which is the same every time: short inputs would choose the first of everything.
    for at in range(200):
        (seeds / str(at)).write_bytes(hashlib.shake_256(bytes([at])).digest(256 << at % 5))
    seconds = arguments.seconds or SECONDS[arguments.form]
    command = [
        python, __file__, f"-max_total_time={seconds}", "-max_len=4096", "-timeout=10", "-print_final_stats=1",
        "-len_control=0", "-verbosity=0", f"-artifact_prefix={FOLDER}/", corpus, seeds,
    ]  # fmt: skip
    environment = {**os.environ, "PYTHONPATH": str(FOLDER), "PYTHONDONTWRITEBYTECODE": "1"}
    result = subprocess.run(command, env=environment, capture_output=True, text=True, errors="replace", check=False)
    executed = re.search(r"number_of_executed_units: (\d+)", result.stdout + result.stderr)
    executions = int(executed[1]) if executed else 0
    if result.returncode or not executions:
        print(result.stdout[-4000:], result.stderr[-4000:])
        print(f"RESULT {executions:,} calls | an exception that is not documented, or a crash (input in {FOLDER.name})")
        sys.exit(1)
    print(f"RESULT {executions:,} calls with any arguments in Python | only documented exceptions")


if __name__ == "__main__":
    if any(argument.startswith(("-max_total_time", "-runs")) for argument in sys.argv):
        import atheris

        with atheris.instrument_imports():
            import tokmint
        fuzz(tokmint, atheris)
    else:
        main()
