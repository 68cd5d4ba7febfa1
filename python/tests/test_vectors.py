"""Every vector, hostile input and token of the official SDKs through the installed package."""

import json
from collections import Counter
from datetime import datetime

import pytest

from support import API_KEY, API_SECRET, NOW, VECTORS, attack_input, project, vectors
from tokmint import Inspection, OpenTok, TokmintError, _self_test, _types, inspect_token

LEAST = {"generate": 240, "verify": 225, "errors": 850, "inspect": 700, "rest": 19, "keys": 34}


@pytest.mark.parametrize("file", _self_test.FILES)
def test_every_vector_passes(file: str) -> None:
    all_vectors = _self_test.vectors(file)
    assert len(all_vectors) >= LEAST[file]
    assert [v["name"] for v in all_vectors if not _self_test.passes(file, v)] == []


def test_the_wheel_holds_the_vectors_of_the_repository() -> None:
    for file in _self_test.FILES:
        installed = _self_test.files("tokmint").joinpath("vectors", f"{file}.json")
        assert installed.read_bytes() == (VECTORS / f"{file}.json").read_bytes()


def rfc_3339(instant: "datetime | None") -> "str | None":
    return instant and instant.isoformat().replace("+00:00", "Z")


def as_json(inspection: Inspection) -> dict:
    """What the attributes say, as `to_json` writes it: the same but for the times."""
    said = json.loads(json.dumps(inspection.to_dict()))
    if said["token"]:
        said["token"] = {name: value for name, value in said["token"].items() if value is not None}
    said["not_before"] = rfc_3339(_types._datetime(inspection.not_before))
    for name in ("now", "create_time", "expire_time"):
        del said[name]
    return {**said, "created_at": rfc_3339(inspection.created_at), "expires_at": rfc_3339(inspection.expires_at)}


INSPECTED = vectors("inspect")["vectors"]


def test_all_inspections_are_run_and_find_what_can_be_found() -> None:
    assert len(INSPECTED) >= LEAST["inspect"]
    found = {(finding.code, finding.severity) for v in INSPECTED for finding in _self_test.inspect(v).findings}
    # One severity a code.
    assert len(found) == len({code for code, _ in found}) >= 73
    assert {severity for _, severity in found} == {"refused", "warning", "note"}


@pytest.mark.parametrize("vector", INSPECTED, ids=lambda vector: str(vector["name"]))
def test_an_inspection_says_the_same_in_every_form_and_agrees_with_verify(vector: dict) -> None:
    inspection = _self_test.inspect(vector)
    said = as_json(inspection)
    assert json.loads(inspection.to_json()) == said
    lines = str(inspection).splitlines()
    for finding in inspection.findings:
        assert finding.message
        (line,) = [line for line in lines if line.startswith(f"{finding.severity} {finding.code}: {finding.message}")]
        assert finding.server_message is None or line.endswith(f" (the server says: {finding.server_message})")
    is_refused = any(finding.severity == "refused" for finding in inspection.findings)
    assert inspection.is_refused is is_refused
    assert repr(inspection).count("\n") == 0 and len(repr(inspection)) < 400
    if _self_test.has_credentials(vector):
        try:
            verified = _self_test.credentials(vector).verify_token(
                _self_test.string(vector["token"]), **_self_test.options(vector)
            )
            assert not is_refused and verified == inspection.token
        except TokmintError:
            assert is_refused


def test_nothing_is_refused_in_a_valid_token_and_something_in_every_other() -> None:
    def is_refused(vector: dict, token: object, now: int) -> bool:
        session_id = _self_test.string(vector["options"].get("session_id"))
        return (
            _self_test.credentials(vector)
            .inspect_token(_self_test.string(token), now=now, session_id=session_id)
            .is_refused
        )

    generated = vectors("generate")["vectors"]
    assert [v["name"] for v in generated if is_refused(v, v["token"], v["options"]["create_time"])] == []
    verified = [v for v in vectors("verify")["vectors"] if not v["options"].get("leeway")]
    assert len(verified) >= 80
    assert [v["name"] for v in verified if is_refused(v, v["token"], v["options"]["now"])] == []
    refused = [v for v in vectors("errors")["vectors"] if v["call"] == "verify" and not v["options"].get("leeway")]
    assert len(refused) >= 350
    assert [v["name"] for v in refused if not is_refused(v, v["token"], v["options"]["now"])] == []
    rest = vectors("rest")["vectors"]
    assert [v["name"] for v in rest if not is_refused(v, v["token"], v["options"]["create_time"])] == []


# A case that tokmint decides otherwise than the file; the README of the vectors explains it.
VERDICTS = {"gen-data-1000-emoji": "reject"}

ATTACKS = vectors("attacks")["cases"]


def test_all_attacks_are_run() -> None:
    counts = Counter(case["api"] for case in ATTACKS)
    assert counts == {"verify": 86, "generate": 18, "inspect": 5}


@pytest.mark.parametrize("case", ATTACKS, ids=lambda case: str(case["id"]))
def test_hostile_input_is_treated_as_declared(case: dict) -> None:
    if case["api"] == "inspect":
        inspect_attack(case)
        return
    attempt = verify_attack if case["api"] == "verify" else generate_attack
    try:
        attempt(case)
        verdict = "accept"
    except TokmintError:
        verdict = "reject"
    except TypeError:
        # NaN is no int.
        assert case["id"] == "gen-exp-nan"
        verdict = "reject"
    assert verdict == VERDICTS.get(case["id"], case["expected"]), case["reason"]


def verify_attack(case: dict) -> None:
    context = case["context"]
    token = attack_input(case["input"])
    if "application_id" not in context:
        project().verify_token(token, now=context["now"])
        return
    # Whatever an application's token is worth, a project takes none.
    with pytest.raises(TokmintError):
        project().verify_token(token, now=context["now"])
    key = context["public_key_pem"]
    OpenTok.verifier(context["application_id"], key).verify_token(token, now=context["now"])


def inspect_attack(case: dict) -> None:
    """A token to accept reads, whatever else is wrong with it; one to reject is refused."""
    inspection = project().inspect_token(attack_input(case["input"]), now=case["context"]["now"])
    codes = {finding.code for finding in inspection.findings}
    if case["expected"] == "accept":
        assert inspection.token and not any(code.startswith(("malformed_", "duplicate_")) for code in codes)
    else:
        assert inspection.is_refused and inspection.token is None
    values = {field.name: field.value for field in inspection.fields}
    if case["id"] == "ins-bad-signature":
        assert (inspection.signature, inspection.is_refused) == ("invalid", True)
    if case["id"] == "ins-big-nonce":
        assert values["nonce"] == inspection.token.nonce == "9007199254740993"
    if case["id"] == "ins-nul":
        assert (values["connection_data"], inspection.token.data) == (r'"a\u0000b"', "a\0b")
    if case["id"] == "ins-dup":
        assert [field.value for field in inspection.fields if field.name == "role"] == ['"publisher"', '"moderator"']


def generate_attack(case: dict) -> None:
    """Generates; an accepted token must verify and give its data back."""
    context = case["context"]
    options = {name: attack_input(value) for name, value in case["input"].items()}
    if "format" in options:
        options["token_format"] = options.pop("format")
    if "application_id" in context:
        # Keys that are refused.
        OpenTok.for_application(context["application_id"], context["private_key_pem"])
    opentok = OpenTok(context.get("api_key", API_KEY), context.get("secret", API_SECRET))
    token = opentok.generate_token(**options, create_time=context["now"])
    assert opentok.verify_token(token, now=context["now"]).data == options.get("data", "")


PEERS = vectors("peer_tokens")


def test_all_tokens_of_the_official_sdks_are_run() -> None:
    assert len(PEERS) == 94


@pytest.mark.parametrize("peer", PEERS, ids=lambda peer: f"{peer['producer']} {peer['name']}")
def test_token_of_an_official_sdk_is_treated_as_declared(peer: dict) -> None:
    now = peer["verify"]["now"]
    # Without a role they are a publisher's, which the file had refused.
    expected = "accept" if peer["verify"].get("because") == ["role"] else peer["verify"]["expected"]
    if peer["format"] == "jwt_rs256":
        with pytest.raises(TokmintError) as refused:
            project().verify_token(peer["token"], now=now)
        assert refused.value.code == "unsupported_algorithm"
        assert project().inspect_token(peer["token"], now=now).is_refused
        opentok = OpenTok.verifier(peer["application_id"], peer["public_key_pem"])
    else:
        opentok = OpenTok(peer["api_key"], peer["api_secret"])
    assert opentok.inspect_token(peer["token"], now=now).is_refused == (expected == "reject")
    try:
        verified = opentok.verify_token(peer["token"], now=now)
    except TokmintError:
        assert expected == "reject"
        return
    assert expected == "accept"
    said = peer["decoded"].get("claims") or peer["decoded"]["fields"]
    assert verified.role == said.get("role", "publisher")
    assert verified.session_id == said["session_id"]
    assert verified.data == (said.get("connection_data") or said.get("data") or "")


def test_an_ill_formed_token_is_malformed() -> None:
    for token in ("\ud800", "T1==\udfff", b"\xff.\xff.\xff"):
        with pytest.raises(TokmintError) as refused:
            project().verify_token(token, now=NOW)
        assert refused.value.code == "malformed_token"
        for inspection in (project().inspect_token(token, now=NOW), inspect_token(token, now=NOW)):
            assert inspection.is_refused and inspection.signature == "unchecked"
