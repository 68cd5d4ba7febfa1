"""Run test vectors through the package's public API, to see that this build works on this machine.

A vector is an input and the exact outcome. The files in `tokmint/vectors` are those that every language of tokmint is
tested with. Strings in them may be objects that say how to build a long or ill-formed string, or the bytes of a key.
"""

import base64
import json
import platform
import sys
from collections.abc import Callable
from functools import cache, partial
from importlib.resources import files
from typing import Any

import tokmint

FILES = ("generate", "verify", "errors", "inspect", "rest", "keys")

# With these each key pair of `keys.json` is tried.
APPLICATION_ID = "a98e12ca-f3e5-4df8-bc66-fd4b5f30b9e9"
SESSION_ID = (
    "2_MX5hOThlMTJjYS1mM2U1LTRkZjgtYmM2Ni1mZDRiNWYzMGI5ZTl-fjE2NzI3MzY4NzgxNjJ-bi9OeFVLbkNaVjBUUnpVSmxjbURqQ3J4flB-fg"
)

_TOKEN_FIELDS = (
    "format",
    "api_key",
    "application_id",
    "session_id",
    "role",
    "create_time",
    "expire_time",
    "data",
    "initial_layout_class_list",
    "nonce",
)


def string(value: Any) -> Any:
    """Build the string that a vector describes; return anything else as it is."""
    if isinstance(value, list):
        return [string(item) for item in value]
    if not isinstance(value, dict):
        return value
    if "repeat" in value:
        return str(string(value["repeat"])) * int(value["times"])
    if "concat" in value:
        return "".join(map(string, value["concat"]))
    if "base64" in value:
        return base64.b64decode(value["base64"])
    units = b"".join(unit.to_bytes(2, "little") for unit in value["utf16"])
    return units.decode("utf-16-le", "surrogatepass")


def options(vector: dict[str, Any]) -> dict[str, Any]:
    """Return the named arguments of a vector's call."""
    return {name: string(value) for name, value in vector.get("options", {}).items()}


def fields(token: tokmint.Token) -> dict[str, Any]:
    """Return a token as the vectors write it: with an API key or an application ID."""
    said = {name: getattr(token, name) for name in _TOKEN_FIELDS}
    del said["api_key" if token.api_key is None else "application_id"]
    return {**said, "initial_layout_class_list": list(token.initial_layout_class_list)}


def _content(file: str) -> Any:
    return json.loads(files("tokmint").joinpath("vectors", f"{file}.json").read_text("utf-8"))


@cache
def keys() -> dict[str, dict[str, Any]]:
    """Return the key pairs that vectors name."""
    pairs = _content("keys").get("keys", {})
    return {name: {part: string(pair[part]) for part in pair} for name, pair in pairs.items()}


def has_credentials(vector: dict[str, Any]) -> bool:
    """Return whether a vector is of a project or of an application."""
    return "api_key" in vector or "application_id" in vector


def credentials(vector: dict[str, Any]) -> tokmint.OpenTok:
    """Make the `OpenTok` of a vector: of a project, of an application, or one that only verifies."""
    if "api_key" in vector:
        return tokmint.OpenTok(string(vector["api_key"]), string(vector["api_secret"]))
    application_id = string(vector["application_id"])
    if "private_key" in vector:
        return tokmint.OpenTok.for_application(application_id, keys()[vector["private_key"]]["private_key"])
    return tokmint.OpenTok.verifier(application_id, keys()[vector["public_key"]]["public_key"])


def inspect(vector: dict[str, Any]) -> tokmint.Inspection:
    """Inspect a vector's token, with its credentials if it has any."""
    call = credentials(vector).inspect_token if has_credentials(vector) else tokmint.inspect_token
    return call(string(vector["token"]), **options(vector))


def generating_calls(vector: dict[str, Any]) -> list[Callable[[], str]]:
    """Return the calls that generate the token of a vector: of its `OpenTok`, of a session, and of a batch."""
    opentok, session_id = credentials(vector), string(vector["session_id"])
    given: Any = options(vector)

    def through_batch() -> str:
        (result,) = opentok.session(session_id).generate_tokens([given])
        if isinstance(result, Exception):
            raise result
        return result

    return [
        partial(opentok.generate_token, session_id, **given),
        lambda: opentok.session(session_id).generate_token(**given),
        through_batch,
    ]


def failing_calls(vector: dict[str, Any]) -> list[Callable[[], object]]:
    """Return the calls of a vector in `errors.json` that must fail. What comes before them must succeed."""
    name = vector["call"]
    if name in ("for_application", "verifier"):
        make = getattr(tokmint.OpenTok, name)
        return [partial(make, string(vector["application_id"]), base64.b64decode(vector["key_base64"]))]
    if name == "new":
        return [partial(credentials, vector)]
    if name == "generate":
        calls: list[Callable[[], object]] = [*generating_calls(vector)]
        # Bindings find these faults before core finds those of the session; who makes a session passes no options yet.
        if vector["code"] in ("invalid_role", "invalid_token_format", "invalid_data"):
            make_session = partial(credentials(vector).session, string(vector["session_id"]))
            if isinstance(_refusal(make_session), tokmint.SessionError):
                return calls[:1]
        return calls
    if name == "verify":
        return [partial(credentials(vector).verify_token, string(vector["token"]), **options(vector))]
    return [partial(getattr(credentials(vector), name), **options(vector))]


def _refusal(call: Callable[[], object]) -> tokmint.TokmintError | None:
    try:
        call()
    except tokmint.TokmintError as error:
        return error
    return None


def _forms(key: Any) -> list[Any]:
    """Return a key as bytes and, unless it is DER, as a string."""
    return [key, key.encode()] if isinstance(key, str) else [key]


def _outcome_and_expectation(file: str, vector: dict[str, Any]) -> tuple[Any, Any]:
    given = options(vector)
    if file == "generate":
        tokens = [call() for call in generating_calls(vector)]
        verified = credentials(vector).verify_token(tokens[0], now=given["create_time"])
        said = (verified.role, verified.data, list(verified.initial_layout_class_list))
        asked = (
            given.get("role", "publisher"),
            given.get("data", ""),
            given.get("initial_layout_class_list", []),
        )
        return (tokens, said), ([vector["token"]] * len(tokens), asked)
    if file == "verify":
        opentok, token = credentials(vector), string(vector["token"])
        expected = {name: string(value) for name, value in vector["expected"].items()}
        verified = opentok.verify_token(token, **given)
        given.pop("session_id", None)
        through_session = opentok.session(expected["session_id"]).verify_token(token, **given)
        return (fields(verified), through_session), (expected, verified)
    if file == "inspect":
        inspection = inspect(vector)
        found = {
            "format": inspection.format,
            "signature": inspection.signature,
            "findings": [finding.code for finding in inspection.findings],
            "is_token": inspection.token is not None,
            "remaining_lifetime": inspection.remaining_lifetime,
        }
        return found, vector["expected"]
    if file == "rest":
        return credentials(vector).generate_rest_token(**given), vector["token"]
    if file == "keys":
        # What each form of the private key signs, each form of the public one verifies.
        for public_key in _forms(vector["public_key"]):
            verifier = tokmint.OpenTok.verifier(APPLICATION_ID, public_key)
            for private_key in _forms(vector["private_key"]) if "private_key" in vector else ():
                application = tokmint.OpenTok.for_application(APPLICATION_ID, private_key)
                verifier.verify_token(application.generate_token(SESSION_ID))
        return None, None
    refusals = [_refusal(call) for call in failing_calls(vector)]
    outcome = {error and (error.number, error.code) for error in refusals}
    return outcome, {(vector["number"], vector["code"])}


def passes(file: str, vector: dict[str, Any]) -> bool:
    """Return whether the outcome of a vector is exactly what the file says."""
    try:
        outcome, expected = _outcome_and_expectation(file, vector)
    except Exception:
        return False
    return bool(outcome == expected)


def vectors(file: str) -> list[dict[str, Any]]:
    """Return the vectors of one file in this package. Those of the key pairs are the pairs."""
    if file == "keys":
        return [{"name": name, **pair} for name, pair in keys().items()]
    return list(_content(file)["vectors"])


def run() -> int:
    """Run every vector, print the count and return the exit status: 0 if all pass, else 1."""
    counts = dict.fromkeys(FILES, 0)
    failed = []
    for file in FILES:
        for vector in vectors(file):
            counts[file] += 1
            if not passes(file, vector):
                failed.append(f"{file}: {vector['name']}")
    for name in failed:
        print(f"failed: {name}", file=sys.stderr)
    count = sum(counts.values())
    where = f"{sys.platform} {platform.machine()}, {platform.python_implementation()} {platform.python_version()}"
    print(f"tokmint {tokmint.__version__} on {where}: {count - len(failed)} of {count} vectors passed")
    return 1 if failed or not all(counts.values()) else 0
