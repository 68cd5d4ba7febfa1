"""Writes keys.json, private_key.pem, generate.json, rest.json, verify.json, errors.json and inspect.json of
tests/vectors: what every binding must answer.

    make target/oracle/ready                            install the SDKs in target/oracle
    python3 tests/oracle/generate_vectors.py            write the files
    python3 tests/oracle/generate_vectors.py --check    compare with the files; exit 1 on a difference

No byte of the expected tokens comes from tokmint. There are several oracles, and they check each other:

    official_sdk.py        the official Python SDK of projects, its clock and its nonce frozen: all T1 tokens, and
                           JWTs whose texts are ASCII (DEL aside); the claims of a project's REST tokens
    vonage_node_sdk.py     the official Node SDK of applications, its clock and its UUIDs frozen: all client tokens
                           of applications; the claims of their REST tokens
    vonage_python_sdk.py   the official Python SDK of applications: their REST tokens of 900 seconds
    encoder.py             a small encoder written from the rules (docs/tokens.md): everything

For every vector the encoder's token must equal the SDK's byte for byte; where the Python SDK escapes non-ASCII JSON,
the encoder's ASCII-escaped form must; where an SDK writes other claims, or in another order, ours must have the same
names, types and values. The comparison runs over 2,000 seeded random inputs of projects and over 300 random inputs of
applications, which are others at each run. Running the script twice gives the same files: no clock, no entropy.

The inputs are in generate_cases.py and application_cases.py; the modules verify_cases.py, error_cases.py and
inspect_cases.py, and those of the same names for applications, build their tokens from workshop.py and applications.py.
"""

import argparse
import json
import random
import secrets
import sys
import uuid
from pathlib import Path

import application_cases
import application_error_cases
import application_inspect_cases
import application_verify_cases
import applications
import encoder
import error_cases
import generate_cases
import inspect_cases
import official_sdk
import verify_cases
import vonage_node_sdk
import vonage_python_sdk
from notation import expand
from projects import session_id_of

VECTORS = Path(__file__).resolve().parent.parent / "vectors"

SOURCE_SDK = f"{official_sdk.NAME_AND_VERSION}, clock and nonce frozen"
SOURCE_ENCODER = (
    "tests/oracle/generate_vectors.py, docs/tokens.md, JWT; "
    f"with ASCII-escaped JSON it is the token of {official_sdk.NAME_AND_VERSION}"
)

SOURCE_VONAGE = f"{vonage_node_sdk.NAME_AND_VERSION}, clock and UUID frozen, ID in lower case"
SOURCE_REST_PYTHON = f"{vonage_python_sdk.REST_NAME_AND_VERSION}, clock and UUID frozen, ID in lower case"
SOURCE_REST = (
    "tests/oracle/generate_vectors.py, docs/tokens.md, REST tokens; the claims are those of {}, in another order"
)

RANDOM_INPUTS_OF_APPLICATIONS = 300
RANDOM_INPUTS = 2000
RANDOM_SEED = 20231114

KEYS_ABOUT = "RSA key pairs for tests only, which the other files name. Fields: README.md."
REST_ABOUT = "Inputs of generate_rest_token and the exact token it must return. Fields: README.md."
GENERATE_ABOUT = "Inputs of generate_token and the exact token it must return. Fields: README.md."
VERIFY_ABOUT = "Tokens that verify_token must accept, and what it must report. Fields: README.md."
ERRORS_ABOUT = (
    "Inputs that must be refused, each with exactly one fault, and the error's number and code. Fields: README.md."
)
INSPECT_ABOUT = "Tokens and other texts, and what inspect_token must find in them. Fields: README.md."


# --- the tokens of generate.json ---


def grant_of(api_key, api_secret, session_id, options):
    """The options with every default filled in: all that an encoder needs."""
    create_time = options["create_time"]
    lifetime = options.get("expires_in", generate_cases.DAY)
    expiry_is_given = "expire_time" in options or "expires_in" in options
    return {
        "api_key": api_key,
        "api_secret": api_secret,
        "session_id": session_id,
        "role": options.get("role", "publisher"),
        "create_time": create_time,
        "expire_time": options.get("expire_time", create_time + lifetime),
        "expiry_is_given": expiry_is_given,
        "data": expand(options.get("data", "")),
        "initial_layout_class_list": [expand(text) for text in options.get("initial_layout_class_list", [])],
        "token_format": options.get("token_format", "jwt"),
        "nonce": options["nonce"],
    }


def assert_oracles_agree(grant):
    official = official_sdk.token(grant)
    if official_sdk.writes_tokmint_bytes(grant):
        assert encoder.token(grant) == official, grant
    if grant["token_format"] == "jwt":
        assert encoder.jwt_token(grant, escape_non_ascii=True) == official, grant


def generate_vector(name, api_key, api_secret, session_id, options):
    grant = grant_of(api_key, api_secret, session_id, options)
    assert_oracles_agree(grant)
    return {
        "name": name,
        "source": SOURCE_SDK if official_sdk.writes_tokmint_bytes(grant) else SOURCE_ENCODER,
        "api_key": api_key,
        "api_secret": api_secret,
        "session_id": session_id,
        "options": options,
        "token": encoder.token(grant),
    }


# --- tokens of applications ---


def application_grant(application_id, key, session_id, options):
    """As grant_of, for an application; `key` is the name of a pair of keys.json."""
    grant = grant_of(None, None, session_id, {**options, "nonce": None})
    return {
        **grant,
        "application_id": application_id,
        "private_key": applications.plain_private_key(key),
        "jti": options["jti"],
    }


def assert_vonage_agrees(grants):
    for grant, official in zip(grants, vonage_node_sdk.client_tokens(grants), strict=True):
        assert encoder.application_token(grant) == official, grant


def application_vectors():
    cases = list(application_cases.cases())
    grants = [application_grant(*case[1:]) for case in cases]
    assert_vonage_agrees(grants)
    for (name, application_id, key, session_id, options), grant in zip(cases, grants, strict=True):
        yield {
            "name": name,
            "source": SOURCE_VONAGE,
            "application_id": application_id,
            "private_key": key,
            "session_id": session_id,
            "options": options,
            "token": encoder.application_token(grant),
        }


# --- REST tokens ---


def claims_of(token):
    return json.loads(encoder.base64.urlsafe_b64decode(token.split(".")[1] + "=="))


def rest_grant(credentials, options):
    lifetime = 900 if "application_id" in credentials else 180
    grant = {
        **credentials,
        "create_time": options["create_time"],
        "expire_time": options["create_time"] + options.get("expires_in", lifetime),
        "expiry_is_given": "expires_in" in options,
        "jti": options["jti"],
    }
    if "private_key" in credentials:
        grant["private_key"] = applications.plain_private_key(credentials["private_key"])
    return grant


def source_of_rest_token(grant):
    """The official SDK that gave the same bytes, or else the same claims."""
    token = encoder.rest_token(grant)
    if "application_id" not in grant:
        if grant["expire_time"] == grant["create_time"] + official_sdk.REST_LIFETIME:
            assert claims_of(official_sdk.rest_token(grant)) == claims_of(token)
        else:
            # The SDK has one lifetime; the rest of the claims is compared with it.
            usual = {**grant, "expire_time": grant["create_time"] + official_sdk.REST_LIFETIME}
            assert claims_of(official_sdk.rest_token(usual)) == {**claims_of(token), "exp": usual["expire_time"]}
        return SOURCE_REST.format(official_sdk.NAME_AND_VERSION)
    (official,) = vonage_node_sdk.rest_tokens([grant])
    assert claims_of(official) == claims_of(token), grant
    if grant["expire_time"] == grant["create_time"] + vonage_python_sdk.REST_LIFETIME:
        assert vonage_python_sdk.rest_token(grant) == token, grant
        return SOURCE_REST_PYTHON
    return SOURCE_REST.format(vonage_node_sdk.REST_NAME_AND_VERSION)


def rest_vectors():
    for name, credentials, options in application_cases.rest_cases():
        grant = rest_grant(credentials, options)
        source = source_of_rest_token(grant)
        yield {
            "name": name,
            "source": source,
            **credentials,
            "options": options,
            "token": encoder.rest_token(grant),
        }


def assert_rest_claims_are_those_of_the_sdks():
    """Every claim of ours has the name and the type that an SDK gave it in rs256_tokens.json."""
    ours = encoder.rest_claims({**applications.rest_claims(), "create_time": 0, "expire_time": 1})
    theirs = [token["claims"] for token in applications.SDK_TOKENS["tokens"] if token["kind"] == "rest"]
    assert len(theirs) >= 5
    for name, value in ours.items():
        types = {type(claims[name]) for claims in theirs if name in claims}
        assert types == {type(value)}, name


# --- the random cross-check ---


def random_text(generator, longest):
    """Any Unicode string of at most `longest` UTF-16 units, mostly of characters that need care."""
    ranges = ((0x20, 0x7E), (0x00, 0x7F), (0x80, 0x7FF), (0x800, 0xD7FF), (0xE000, 0xFFFF), (0x10000, 0x10FFFF))
    first, last = generator.choice(ranges)
    length = generator.randint(0, longest // 2)
    return "".join(chr(generator.randint(first, last)) for _ in range(length))


def random_class(generator):
    text = random_text(generator, 30)
    return "".join(character for character in text if character.isprintable() and character != " ") or "focus"


def random_grant(generator):
    api_key = str(generator.randint(1, 10 ** generator.randint(1, 19)))
    create_time = generator.randint(0, 10**10)
    return {
        "api_key": api_key,
        "api_secret": f"{generator.getrandbits(160):040x}",
        "session_id": session_id_of(f"1~{api_key}~~{create_time}~{random_text(generator, 40)}~"),
        "role": generator.choice(("subscriber", "publisher", "publisheronly", "moderator")),
        "create_time": create_time,
        "expire_time": create_time + generator.randint(1, generate_cases.THIRTY_DAYS),
        "expiry_is_given": True,
        "data": random_text(generator, generator.choice((0, 20, 1000))),
        "initial_layout_class_list": [random_class(generator) for _ in range(generator.randint(0, 4))],
        "token_format": generator.choice(("jwt", "t1")),
        "nonce": generator.randint(0, generate_cases.LARGEST_NONCE),
    }


def random_application_grant(generator):
    application_id = str(uuid.UUID(int=generator.getrandbits(128)))
    grant = random_grant(generator)
    owner = generator.choice((application_id, application_id.upper()))
    return {
        **grant,
        "application_id": generator.choice((application_id, application_id.upper())),
        "private_key": applications.plain_private_key(generator.choice(("main", "other", "exponent3"))),
        "session_id": session_id_of(f"2~{owner}~~{grant['create_time']}~{random_text(generator, 40)}~"),
        "jti": str(uuid.UUID(int=generator.getrandbits(128), version=4)),
    }


def cross_check_applications():
    """Other inputs at each run: no seed of ours can be a lucky one."""
    seed = secrets.randbits(64)
    generator = random.Random(seed)
    try:
        assert_vonage_agrees([random_application_grant(generator) for _ in range(RANDOM_INPUTS_OF_APPLICATIONS)])
    except AssertionError:
        print(f"the seed of the inputs of applications was {seed}", file=sys.stderr)
        raise


def cross_check_random_inputs():
    generator = random.Random(RANDOM_SEED)
    for _ in range(RANDOM_INPUTS):
        assert_oracles_agree(random_grant(generator))


# --- what must hold of the files ---


def assert_names_are_unique(vectors):
    names = [vector["name"] for vector in vectors]
    assert len(names) == len(set(names)), sorted(name for name in names if names.count(name) > 1)


def assert_every_base64_length_occurs(vectors):
    """Tokens whose signed text leaves 0, 1 and 2 bytes over when cut into groups of three."""
    t1_paddings = {vector["token"].removeprefix("T1==").count("=") for vector in vectors if vector["token"][:2] == "T1"}
    jwt_remainders = {len(vector["token"].split(".")[1]) % 4 for vector in vectors if vector["token"][:2] != "T1"}
    assert t1_paddings == {0, 1, 2} and jwt_remainders == {0, 2, 3}


def assert_every_code_occurs(vectors):
    assert {vector["code"] for vector in vectors} == set(error_cases.NUMBERS)


def assert_every_finding_occurs(vectors):
    """Every one that a vector can provoke; `system_clock` is not among them."""
    found = {finding for vector in vectors for finding in vector["expected"]["findings"]}
    assert found == {*inspect_cases.REFUSED, *inspect_cases.WARNINGS_AND_NOTES}


def key_pairs():
    """The keys of applications.py, and the public ones of the tokens that are copies."""
    peer_tokens = application_verify_cases.PEER_TOKENS
    (of_peers,) = {peer["public_key_pem"] for peer in peer_tokens if peer["format"] == "jwt_rs256"}
    attacks = [case["context"] for case in application_verify_cases.attacks()]
    (of_attacks,) = {context["public_key_pem"] for context in attacks if "public_key_pem" in context}
    return {
        **applications.KEYS,
        "peer": {"public_key": of_peers, "note": "2048 bits; signed the tokens of peer_tokens.json"},
        "rfc7515": {"public_key": of_attacks, "note": "2048 bits; RFC 7515, appendix A.2; for attacks.json"},
    }


def documents():
    """File name and content of each file."""
    generate_cases.assert_lengths_are_what_the_names_say()
    assert_rest_claims_are_those_of_the_sdks()
    cross_check_random_inputs()
    cross_check_applications()
    generate = [generate_vector(*case) for case in generate_cases.cases()]
    assert_every_base64_length_occurs(generate)
    generate += application_vectors()
    rest = list(rest_vectors())
    verify = [*verify_cases.vectors(), *application_verify_cases.vectors()]
    errors = [*error_cases.vectors(), *application_error_cases.vectors()]
    inspected = [*inspect_cases.vectors(), *application_inspect_cases.vectors()]
    for vectors in (generate, rest, verify, errors, inspected):
        assert_names_are_unique(vectors)
    assert_every_code_occurs(errors)
    assert_every_finding_occurs(inspected)
    return {
        "keys.json": {"about": KEYS_ABOUT, "keys": key_pairs()},
        "rest.json": {"about": REST_ABOUT, "vectors": rest},
        "generate.json": {"about": GENERATE_ABOUT, "vectors": generate},
        "verify.json": {"about": VERIFY_ABOUT, "vectors": verify},
        "errors.json": {"about": ERRORS_ABOUT, "vectors": errors},
        "inspect.json": {"about": INSPECT_ABOUT, "vectors": inspected},
    }


def file_text(document):
    """ASCII only, so that no editor or diff hides or alters a character."""
    return json.dumps(document, indent=1, ensure_ascii=True) + "\n"


def write(texts):
    for name, text in texts.items():
        (VECTORS / name).write_text(text, encoding="ascii", newline="\n")


def differences(texts):
    for name, text in texts.items():
        path = VECTORS / name
        if not path.is_file() or path.read_bytes() != text.encode("ascii"):
            yield name


def main():
    parser = argparse.ArgumentParser(description="Write or check the test vectors every language shares.")
    parser.add_argument("--check", action="store_true", help="compare only; exit 1 on a difference")
    arguments = parser.parse_args()
    texts = {name: file_text(document) for name, document in documents().items()}
    texts["private_key.pem"] = applications.MAIN
    if not arguments.check:
        write(texts)
        return 0
    stale = list(differences(texts))
    for name in stale:
        print(
            f"tests/vectors/{name} is not what the oracle writes; run tests/oracle/generate_vectors.py", file=sys.stderr
        )
    return 1 if stale else 0


if __name__ == "__main__":
    if not __debug__:
        sys.exit("run without -O: every check here is an assertion")
    sys.exit(main())
