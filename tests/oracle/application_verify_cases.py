"""The vectors of verify.json for Vonage applications: what the official SDKs minted, and tokens of every other shape
that docs/tokens.md accepts.

The tokens of the SDKs are copies; what they say is worked out here from their claims, by the rules.
"""

import base64
import json
import math
from pathlib import Path

from applications import (
    ANOTHER_SESSION_ID,
    APPLICATION_ID,
    CLAIMS,
    JTI,
    KEYS,
    MAIN,
    OTHER_APPLICATION_ID,
    OTHER_SESSION_ID,
    SDK_TOKENS,
    SESSION_ID,
    SESSION_ID_IN_CAPITALS,
    claims,
    claims_of,
    claims_text,
    claims_text_with,
    claims_without,
    plain_private_key,
    rs256,
)
from applications import CLAIMS_OF_JAVA as JAVA
from applications import CLAIMS_OF_PHP as PHP
from applications import CLAIMS_OF_PYTHON as PYTHON
from applications import CLAIMS_OF_RUBY as RUBY
from encoder import APPLICATION_HEADER, compact_json
from generate_cases import ALL_ASCII
from notation import expand
from verify_cases import DATA_OF_1001_UNITS, SOURCE
from workshop import CREATE_TIME, EXPIRE_TIME, NOW, THIRTY_DAYS

VECTORS = Path(__file__).resolve().parent.parent / "vectors"
PEER_TOKENS = json.loads((VECTORS / "peer_tokens.json").read_text(encoding="utf-8"))

EXPECTED = {
    "format": "jwt",
    "application_id": APPLICATION_ID,
    "session_id": SESSION_ID,
    "role": "publisher",
    "create_time": CREATE_TIME,
    "expire_time": EXPIRE_TIME,
    "data": "",
    "initial_layout_class_list": [],
    "nonce": JTI,
}


def accepted(name, token, options=None, application_id=APPLICATION_ID, key="private_key", pair="main", **differences):
    """A vector; `key` is the half of the pair that the vector's object holds."""
    assert set(differences) <= set(EXPECTED)
    return {
        "name": f"application: {name}",
        "source": SOURCE,
        "application_id": application_id,
        key: pair,
        "token": token,
        "options": {"now": NOW, **(options or {})},
        "expected": {**EXPECTED, "application_id": application_id.lower(), **differences},
    }


# --- what the official SDKs minted ---


def said_by(claims_of_sdk):
    """What a token says, by the rules for reading an application's token."""
    layout = claims_of_sdk.get("initial_layout_class_list") or []
    return {
        "format": "jwt",
        "application_id": claims_of_sdk["application_id"].lower(),
        "session_id": claims_of_sdk["session_id"],
        "role": claims_of_sdk.get("role") or "publisher",
        "create_time": math.floor(claims_of_sdk["iat"]),
        "expire_time": math.floor(claims_of_sdk["exp"]),
        "data": claims_of_sdk.get("connection_data") or "",
        "initial_layout_class_list": layout.split(" ") if isinstance(layout, str) else layout,
        "nonce": claims_of_sdk.get("jti", ""),
    }


def sdk_vector(name, source, application_id, key, token, now, claims_of_sdk):
    return {
        "name": name,
        "source": source,
        "application_id": application_id,
        **key,
        "token": token,
        "options": {"now": now},
        "expected": said_by(claims_of_sdk),
    }


def sdk_tokens():
    """Half of them with the private key, half with the public one."""
    halves = ("private_key", "public_key")
    for token in SDK_TOKENS["tokens"]:
        if token["kind"] == "client":
            source = f"{token['version']}; copied from rs256_tokens.json"
            name = f"SDK: {token['sdk']}, {token['id']}"
            key = {halves[token["id"] % 2]: "main"}
            now = math.floor(token["now"])
            yield sdk_vector(name, source, token["application_id"], key, token["token"], now, token["claims"])


def is_refused(peer):
    """Times; a token of an application without a role is a publisher's, whatever peer_tokens.json says."""
    return peer["verify"]["expected"] == "reject" and peer["verify"]["because"] != ["role"]


def peers():
    for peer in PEER_TOKENS:
        if peer["format"] == "jwt_rs256":
            yield f"SDK: {peer['producer']} {peer['version']}, {peer['name']}", peer


def peer_tokens():
    for name, peer in peers():
        if not is_refused(peer):
            source = f"{peer['producer']} {peer['version']}; copied from peer_tokens.json"
            now = peer["verify"]["now"]
            key = {"public_key": "peer"}
            said = peer["decoded"]["claims"]
            yield sdk_vector(name, source, peer["application_id"], key, peer["token"], now, said)


def attacks():
    """The cases of attacks.json with an application, which every runner of that file runs with a project."""
    file = json.loads((VECTORS / "attacks.json").read_text(encoding="utf-8"))
    return [case for case in file["cases"] if "application_id" in case["context"]]


def controls():
    """The good tokens among them."""
    for case in attacks():
        if case["expected"] == "accept":
            context = case["context"]
            payload = base64.urlsafe_b64decode(case["input"].split(".")[1] + "==")
            name, source = f"attacks.json: {case['id']}", f"copied from attacks.json, {case['id']}"
            credentials = context["application_id"], {"public_key": "rfc7515"}
            yield sdk_vector(name, source, *credentials, case["input"], context["now"], json.loads(payload))


# --- written ---


def claims_and_roles():
    everything = claims(connection_data="a b&c", initial_layout_class_list="focus full-screen")
    answer = {"data": "a b&c", "initial_layout_class_list": ["focus", "full-screen"]}
    yield accepted("the claims tokmint writes", rs256())
    yield accepted("the claims tokmint writes, with a public key", rs256(), key="public_key")
    yield accepted("every claim", rs256(everything), **answer)
    yield accepted("every claim, last to first", rs256(dict(reversed(everything.items()))), key="public_key", **answer)
    for role in ("subscriber", "publisheronly", "moderator"):
        yield accepted(f"role {role}", rs256(claims(role=role)), role=role)
    yield accepted("no role is a publisher", rs256(claims_without("role")))
    yield accepted("a role of null is a publisher", rs256(claims(role=None)), key="public_key")
    only_what_must_be = claims_without("role", "initial_layout_class_list", "sub", "acl", "jti")
    yield accepted("only the claims that must be there", rs256(only_what_must_be), nonce="")
    nulls = dict.fromkeys(("sub", "acl", "jti", "connection_data", "initial_layout_class_list", "nbf", "iss", "ist"))
    yield accepted("null is absent", rs256(claims(**nulls)), nonce="")


def ignored_claims():
    ignored = {
        "iss that is the application ID, as the Node SDK writes for REST": {"iss": APPLICATION_ID, "ist": "project"},
        "iss of another": {"iss": OTHER_APPLICATION_ID},
        "iss that is a number, ist that is a list": {"iss": 123456, "ist": []},
        "nonce, as the old Java SDK writes": {"nonce": -1871235811},
        "nonce that is an object": {"nonce": {"a": 1}},
        "acl that allows nothing": {"acl": {"paths": {}}},
        "acl that is text": {"acl": "x"},
        "subject beside sub": {"subject": "someone"},
        "subject that is a number": {"subject": 1},
        "data instead of connection_data, as the Ruby SDK writes": {"data": "Ada"},
        "unknown claims of every JSON type": {"a": [1, None, True, 1.5], "b": False, "c": {"d": "e"}},
        "kid and key material among the claims": {"kid": "a", "jwk": {}, "jku": "https://example.org/"},
    }
    for name, changes in ignored.items():
        yield accepted(f"ignored, {name}", rs256(claims(**changes)))
    nested = "[" * 31 + "]" * 31
    yield accepted("an unknown claim that nests to depth 32", rs256(claims_text_with(f'"x":{nested}')))


def nonces():
    """`jti` is reported as the nonce, as the token spells it."""
    for name, jti in {
        "of the .NET SDK": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0+Pw==",
        "in capitals": JTI.upper(),
        "that is empty": "",
        "that is no UUID": "\u00e9 1",
    }.items():
        yield accepted(f"jti {name}", rs256(claims(jti=jti)), nonce=jti)
    yield accepted("jti that is a number", rs256(claims(jti=402117)), nonce="402117")
    yield accepted("jti beyond 2^53 keeps every digit", rs256(claims(jti=2**53 + 1)), nonce="9007199254740993")
    yield accepted("jti that is a fraction", rs256(claims(jti=0.25)), nonce="0.25")
    yield accepted("no jti, but a nonce: it is ignored", rs256({**claims_without("jti"), "nonce": 5}), nonce="")


def data_and_layout():
    yield accepted("empty connection_data is no data", rs256(claims(connection_data="")))
    yield accepted("every ASCII character as data", rs256(claims(connection_data=ALL_ASCII)), data=ALL_ASCII)
    escaped = claims_text_with('"connection_data":"\\"\\\\\\/\\b\\f\\n\\r\\t\\u0000\\u00e9\\uD83D\\ude00"')
    yield accepted("every escape in data", rs256(escaped), data='"\\/\b\f\n\r\t\x00\u00e9\U0001f600')
    long_data = rs256(claims(connection_data=expand(DATA_OF_1001_UNITS)))
    yield accepted("data of 1001 UTF-16 units, beyond what generate allows", long_data, data=DATA_OF_1001_UNITS)
    yield accepted("no layout", rs256(claims_without("initial_layout_class_list")))
    yield accepted("empty layout array", rs256(claims(initial_layout_class_list=[])))
    layout = ["focus", "caf\u00e9"]
    in_array = rs256(claims(initial_layout_class_list=layout))
    yield accepted("layout as an array of texts", in_array, initial_layout_class_list=layout)


def applications_and_sessions():
    capitals = APPLICATION_ID.upper()
    yield accepted("application_id in capitals", rs256(claims(application_id=capitals)))
    yield accepted("credentials with the ID in capitals", rs256(), application_id=capitals)
    yield accepted("both in capitals", rs256(claims(application_id=capitals)), application_id=capitals)
    session_id = SESSION_ID_IN_CAPITALS
    yield accepted("owner of the session in capitals", rs256(claims(session_id=session_id)), session_id=session_id)
    of_other = claims(application_id=OTHER_APPLICATION_ID, session_id=OTHER_SESSION_ID)
    token = rs256(of_other, key=plain_private_key("other"))
    yield accepted(
        "another application", token, application_id=OTHER_APPLICATION_ID, pair="other", session_id=OTHER_SESSION_ID
    )
    yield accepted("the expected session", rs256(), {"session_id": SESSION_ID})
    another = rs256(claims(session_id=ANOTHER_SESSION_ID))
    yield accepted("another session of the application", another, session_id=ANOTHER_SESSION_ID)


def times():
    yield accepted("last second", rs256(claims(exp=NOW + 1)), expire_time=NOW + 1)
    yield accepted("fractional exp is rounded down", rs256(claims(exp=EXPIRE_TIME + 0.5)))
    yield accepted("fractional iat is rounded down", rs256(claims(iat=CREATE_TIME + 0.75)))
    yield accepted("exp with an exponent", rs256(claims_text(str(EXPIRE_TIME), "1.7000036e9")))
    late = {"leeway": 10}
    yield accepted(
        "leeway 10 saves a token expired 9 seconds ago", rs256(claims(exp=NOW - 9)), late, expire_time=NOW - 9
    )
    yield accepted("nbf is now", rs256(claims(nbf=NOW)))
    yield accepted("issued 60 seconds in the future", rs256(), {"now": CREATE_TIME - 60})
    longest = CREATE_TIME + THIRTY_DAYS
    yield accepted("expires exactly 30 days after issue", rs256(claims(exp=longest)), expire_time=longest)
    one_second_more = CREATE_TIME + 86401
    yield accepted(
        "lives one second more than 24 hours", rs256(claims(exp=one_second_more)), expire_time=one_second_more
    )
    beyond = {"create_time": 4294967296, "expire_time": 4294970896}
    yield accepted("times beyond 32 bits", rs256(claims(iat=4294967296, exp=4294970896)), {"now": 4294967300}, **beyond)


def headers():
    spaced = compact_json(CLAIMS).replace(",", " ,\r\n\t").replace(":", " : ").replace("{", "\n { ") + " \n"
    yield accepted("white space between JSON tokens", rs256(spaced))
    for name, header in {
        "no typ in the header": {"alg": "RS256"},
        "another typ in the header": {"alg": "RS256", "typ": "at+jwt"},
        "typ before alg, as the Ruby and PHP SDKs write": {"typ": "JWT", "alg": "RS256"},
        "escapes in the header": '{"\\u0061lg":"RS25\\u0036"}',
        "a key in the header, which nobody reads": {
            **APPLICATION_HEADER,
            "jwk": {"kty": "RSA", "n": "AQAB", "e": "Aw"},
        },
        "URLs in the header, which nobody fetches": {
            **APPLICATION_HEADER,
            "kid": "../../etc/passwd",
            "jku": "http://127.0.0.1:9/jwks.json",
            "x5u": "http://127.0.0.1:9/c.pem",
            "x5c": ["AAAA"],
        },
    }.items():
        yield accepted(name, rs256(header=header))


def shapes_of_official_sdks():
    python = claims_of(PYTHON, initial_layout_class_list=["focus", "full"], connection_data="Ada")
    answer = {"initial_layout_class_list": ["focus", "full"], "data": "Ada"}
    yield accepted("shape of Vonage's Python SDK", rs256(python), **answer)
    yield accepted("shape of Vonage's Java SDK", rs256(claims_of(JAVA)))
    header = dict(reversed(APPLICATION_HEADER.items()))
    yield accepted("shape of Vonage's Ruby SDK", rs256(claims_of(RUBY, data="Ada"), header))
    yield accepted("shape of Vonage's PHP SDK, no role", rs256(claims_of(PHP), header))


def keys():
    for name, pair in KEYS.items():
        if name != "main" and pair["public_key"] != KEYS["main"]["public_key"]:
            yield accepted(f"key {name}", rs256(key=plain_private_key(name)), key="public_key", pair=name)
    assert plain_private_key("main") == MAIN


def vectors():
    for group in (
        sdk_tokens,
        peer_tokens,
        controls,
        claims_and_roles,
        ignored_claims,
        nonces,
        data_and_layout,
        applications_and_sessions,
        times,
        headers,
        shapes_of_official_sdks,
        keys,
    ):
        yield from group()
