"""Run test vectors through the package's public API, to see that this build works on this machine.

A vector is an input and the exact outcome. The files in `tokmint/vectors` are those that every language of tokmint is
tested with. Strings in them may be objects that say how to build a long or ill-formed string.
"""

import json
import sys
from collections.abc import Callable, Iterator
from functools import partial
from importlib.resources import files
from typing import Any

import tokmint

FILES = ("generate", "verify", "errors", "inspect")

_TOKEN_FIELDS = (
    "format",
    "api_key",
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
    units = b"".join(unit.to_bytes(2, "little") for unit in value["utf16"])
    return units.decode("utf-16-le", "surrogatepass")


def options(vector: dict[str, Any]) -> dict[str, Any]:
    """Return the named arguments of a vector's call."""
    return {name: string(value) for name, value in vector.get("options", {}).items()}


def fields(token: tokmint.Token) -> dict[str, Any]:
    """Return a token as the vectors write it."""
    said = {name: getattr(token, name) for name in _TOKEN_FIELDS}
    return {**said, "initial_layout_class_list": list(token.initial_layout_class_list)}


def inspect(vector: dict[str, Any]) -> tokmint.Inspection:
    """Inspect a vector's token, with its credentials if it has any."""
    call = tokmint.inspect_token
    if "api_key" in vector:
        call = tokmint.OpenTok(string(vector["api_key"]), string(vector["api_secret"])).inspect_token
    return call(string(vector["token"]), **options(vector))


def _outcome_and_expectation(file: str, vector: dict[str, Any]) -> tuple[Any, Any]:
    def opentok() -> tokmint.OpenTok:
        return tokmint.OpenTok(string(vector["api_key"]), string(vector["api_secret"]))

    if file == "generate":
        given = options(vector)
        token = opentok().generate_token(string(vector["session_id"]), **given)
        verified = opentok().verify_token(token, now=given["create_time"])
        said = (verified.role, verified.data, list(verified.initial_layout_class_list))
        asked = (
            given.get("role", "publisher"),
            given.get("data", ""),
            given.get("initial_layout_class_list", []),
        )
        return (token, said), (vector["token"], asked)
    if file == "verify":
        verified = opentok().verify_token(string(vector["token"]), **options(vector))
        expected = {name: string(value) for name, value in vector["expected"].items()}
        return fields(verified), expected
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
    # What comes before the failing call must succeed.
    call: Callable[[], object] = opentok
    if vector["call"] == "generate":
        session_id = string(vector["session_id"])
        call = partial(opentok().generate_token, session_id, **options(vector))
    elif vector["call"] == "verify":
        call = partial(opentok().verify_token, string(vector["token"]), **options(vector))
    try:
        outcome = call()
    except tokmint.TokmintError as error:
        outcome = (error.number, error.code)
    return outcome, (vector["number"], vector["code"])


def passes(file: str, vector: dict[str, Any]) -> bool:
    """Return whether the outcome of a vector is exactly what the file says."""
    try:
        outcome, expected = _outcome_and_expectation(file, vector)
    except Exception:
        return False
    return bool(outcome == expected)


def embedded_vectors() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the vectors in this package, each with the name of its file."""
    for file in FILES:
        content = files("tokmint").joinpath("vectors", f"{file}.json").read_text("utf-8")
        for vector in json.loads(content)["vectors"]:
            yield file, vector


def run() -> int:
    """Run every vector, print the counts and return the exit status: 0 if all pass, else 1."""
    counts = dict.fromkeys(FILES, 0)
    failed = []
    for file, vector in embedded_vectors():
        counts[file] += 1
        if not passes(file, vector):
            failed.append(f"{file}: {vector['name']}")
    for name in failed:
        print(f"failed: {name}", file=sys.stderr)
    ran = ", ".join(f"{count} {file}" for file, count in counts.items())
    print(f"tokmint {tokmint.__version__}: {ran}; {len(failed)} failed")
    return 1 if failed or not all(counts.values()) else 0
