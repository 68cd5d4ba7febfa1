"""Runs test vectors through the package's public API, to see that this build works on this machine.

A vector is an input and the exact answer. The files in `tokmint/vectors` are those that every language of tokmint is
tested with. Texts in them may be objects that say how to build a long or ill-formed text.
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


def text(value: Any) -> Any:
    """Builds the text that a vector describes; anything but a text is returned as it is."""
    if isinstance(value, list):
        return [text(item) for item in value]
    if not isinstance(value, dict):
        return value
    if "repeat" in value:
        return str(text(value["repeat"])) * int(value["times"])
    if "concat" in value:
        return "".join(map(text, value["concat"]))
    units = b"".join(unit.to_bytes(2, "little") for unit in value["utf16"])
    return units.decode("utf-16-le", "surrogatepass")


def options(vector: dict[str, Any]) -> dict[str, Any]:
    """The named arguments of a vector's call."""
    return {name: text(value) for name, value in vector.get("options", {}).items()}


def fields(token: tokmint.Token) -> dict[str, Any]:
    """A token as the vectors write it."""
    said = {name: getattr(token, name) for name in _TOKEN_FIELDS}
    return {**said, "initial_layout_class_list": list(token.initial_layout_class_list)}


def inspect(vector: dict[str, Any]) -> tokmint.Inspection:
    """Inspects a vector's token, with its credentials if it has any."""
    call = tokmint.inspect_token
    if "api_key" in vector:
        call = tokmint.OpenTok(text(vector["api_key"]), text(vector["api_secret"])).inspect_token
    return call(text(vector["token"]), **options(vector))


def _answer_and_expectation(file: str, vector: dict[str, Any]) -> tuple[Any, Any]:
    def opentok() -> tokmint.OpenTok:
        return tokmint.OpenTok(text(vector["api_key"]), text(vector["api_secret"]))

    if file == "generate":
        given = options(vector)
        token = opentok().generate_token(text(vector["session_id"]), **given)
        verified = opentok().verify_token(token, now=given["create_time"])
        said = (verified.role, verified.data, list(verified.initial_layout_class_list))
        asked = (
            given.get("role", "publisher"),
            given.get("data", ""),
            given.get("initial_layout_class_list", []),
        )
        return (token, said), (vector["token"], asked)
    if file == "verify":
        verified = opentok().verify_token(text(vector["token"]), **options(vector))
        expected = {name: text(value) for name, value in vector["expected"].items()}
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
        session_id = text(vector["session_id"])
        call = partial(opentok().generate_token, session_id, **options(vector))
    elif vector["call"] == "verify":
        call = partial(opentok().verify_token, text(vector["token"]), **options(vector))
    try:
        answer = call()
    except tokmint.TokmintError as error:
        answer = (error.number, error.code)
    return answer, (vector["number"], vector["code"])


def is_answered(file: str, vector: dict[str, Any]) -> bool:
    """Whether the package answers a vector exactly as the file says."""
    try:
        answer, expected = _answer_and_expectation(file, vector)
    except Exception:
        return False
    return bool(answer == expected)


def embedded_vectors() -> Iterator[tuple[str, dict[str, Any]]]:
    """The vectors in this package, each with the name of its file."""
    for file in FILES:
        content = files("tokmint").joinpath("vectors", f"{file}.json").read_text("utf-8")
        for vector in json.loads(content)["vectors"]:
            yield file, vector


def run() -> int:
    """Runs every vector, prints the outcome and returns the exit status: 0 if all are answered, else 1."""
    counts = dict.fromkeys(FILES, 0)
    failed = []
    for file, vector in embedded_vectors():
        counts[file] += 1
        if not is_answered(file, vector):
            failed.append(f"{file}: {vector['name']}")
    for name in failed:
        print(f"failed: {name}", file=sys.stderr)
    ran = ", ".join(f"{count} {file}" for file, count in counts.items())
    print(f"tokmint {tokmint.__version__}: {ran}; {len(failed)} failed")
    return 1 if failed or not all(counts.values()) else 0
