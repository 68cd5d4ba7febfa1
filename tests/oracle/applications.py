"""The Vonage applications, RSA keys and session IDs the vectors use, and tokens of such an application built piece by
piece, as workshop.py does for projects.

The session IDs are real ones, printed in the test suites of the official SDKs; none grants anything. All keys are test
keys: `main` is the one that signed rs256_tokens.json, `peer` the one of peer_tokens.json, of which only the public half
is known; the others are in key_texts.json.
"""

import base64
import json
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from encoder import APPLICATION_HEADER, base64url, compact_json, private_key_of, rs256_sign
from projects import SESSION_ID_OF_AN_APPLICATION, session_id_of
from workshop import CREATE_TIME, EXPIRE_TIME, in_order_of, octets

HERE = Path(__file__).resolve().parent

APPLICATION_ID = "a98e12ca-f3e5-4df8-bc66-fd4b5f30b9e9"
SESSION_ID = SESSION_ID_OF_AN_APPLICATION
# As one that came back from a program that writes UUIDs in capitals.
SESSION_ID_IN_CAPITALS = session_id_of(f"1~{APPLICATION_ID.upper()}~~1672736878162~n/NxUKnCZV0TRzUJlcmDjCrx~P~~", "2_")
ANOTHER_SESSION_ID = session_id_of(f"1~{APPLICATION_ID}~~1726462588647~11xLa1bbhzPeGQGmXsmgxI0k~~~")
LONGEST_SESSION_ID = session_id_of(f"1~{APPLICATION_ID}~~1672736878162~".ljust(188, "x") + "~")

OTHER_APPLICATION_ID = "29f760f8-7ce1-46c9-ade3-f2dedee4ed5f"
OTHER_SESSION_ID = (
    "1_MX4yOWY3NjBmOC03Y2UxLTQ2YzktYWRlMy1mMmRlZGVlNGVkNWZ-fjE3MjY0NjI1ODg2NDd-MTF4TGExYmJoelBlR1FHbVhzbWd4STBrfn5-"
)

JTI = "d412fd8f-921c-4b35-bdcd-bf2d39bb20ed"


# --- keys ---


def read(name):
    return json.loads((HERE / name).read_text(encoding="utf-8"))


SDK_TOKENS = read("rs256_tokens.json")
KEY_TEXTS = read("key_texts.json")
# The good texts of another key than `main`.
OTHER_KEYS = {
    "rsa3072.pem": "rsa3072",
    "rsa4096.pem": "rsa4096",
    "rsa8192.pem": "rsa8192",
    "exponent3.pem": "exponent3",
}


def key_octets(text):
    return base64.b64decode(text["base64"])


def key_text(kind, name):
    """The bytes of one text of key_texts.json."""
    return next(key_octets(text) for text in KEY_TEXTS["texts"] if (text["kind"], text["name"]) == (kind, name))


def public_pem(private_pem):
    public_key = private_key_of(private_pem).public_key()
    pem = public_key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return pem.decode("ascii")


def pair(private_pem, note):
    return {"private_key": private_pem, "public_key": public_pem(private_pem), "note": note}


def string_or_bytes(key):
    try:
        return key.decode("utf-8")
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(key).decode("ascii")}


def key_pairs():
    """The pairs of keys.json by name: five keys, then `main` in every spelling that is taken."""
    main = pair(SDK_TOKENS["private_key"], "2048 bits; signed the tokens of the official SDKs")
    assert main["public_key"] == SDK_TOKENS["public_key"]
    pairs = {"main": main, "other": pair(KEY_TEXTS["other"], "2048 bits; signs for nobody")}
    for file, name in OTHER_KEYS.items():
        note = "public exponent 3, 2048 bits" if name == "exponent3" else f"{name.removeprefix('rsa')} bits"
        pairs[name] = pair(key_text("private", file).decode("ascii"), note)
    for text in KEY_TEXTS["texts"]:
        if text["fault"] is None and text["name"] not in OTHER_KEYS:
            half = f"{text['kind']}_key"
            note = f"main, the {text['kind']} key as in {text['name']}" + (f": {text['note']}" if text["note"] else "")
            pairs[f"main, {text['name']}"] = {**main, half: string_or_bytes(key_octets(text)), "note": note}
    return pairs


KEYS = key_pairs()
MAIN = KEYS["main"]["private_key"]
OTHER = KEYS["other"]["private_key"]


def plain_private_key(name):
    """The PEM of a named key, however keys.json spells it."""
    return MAIN if name.startswith("main, ") else KEYS[name]["private_key"]


# --- tokens ---

CLAIMS = {
    "scope": "session.connect",
    "session_id": SESSION_ID,
    "role": "publisher",
    "initial_layout_class_list": "",
    "exp": EXPIRE_TIME,
    "sub": "video",
    "acl": {"paths": {"/session/**": {}}},
    "jti": JTI,
    "iat": CREATE_TIME,
    "application_id": APPLICATION_ID,
}

# What the SDKs of Vonage write, in their order; a claim in brackets only when the caller gives it.
CLAIMS_OF_NODE = "scope session_id role initial_layout_class_list exp sub acl [connection_data] jti iat application_id"
CLAIMS_OF_PYTHON = (
    "session_id role [connection_data] [initial_layout_class_list] exp jti iat subject scope acl application_id"
)
CLAIMS_OF_JAVA = "application_id exp role [connection_data] [initial_layout_class_list] session_id scope iat jti"
CLAIMS_OF_RUBY = "iat jti exp application_id scope session_id role initial_layout_class_list sub acl [data]"
CLAIMS_OF_PHP = "iat exp jti application_id sub scope session_id acl [role] [data] [expireTime]"
CLAIMS_OF_DOTNET = "iat application_id jti role session_id scope"


def claims(**changes):
    return {**CLAIMS, **changes}


def claims_without(*names):
    return {key: value for key, value in CLAIMS.items() if key not in names}


def claims_of(names, **given):
    """The claims of an official SDK."""
    return dict(in_order_of(names, {**CLAIMS, "subject": "video"}, given))


def claims_text(old, new):
    """The claims as JSON text, with one place rewritten into what a dict cannot hold."""
    text = compact_json(CLAIMS)
    assert text.count(old) == 1, f"{old!r} is not in the claims exactly once"
    return text.replace(old, new)


def claims_text_with(member):
    """The claims as JSON text with one more member (its JSON text) at the end."""
    return f"{compact_json(CLAIMS)[:-1]},{member}}}"


def signing_input(payload=CLAIMS, header=APPLICATION_HEADER):
    return f"{base64url(octets(header))}.{base64url(octets(payload))}"


def rs256(payload=CLAIMS, header=APPLICATION_HEADER, key=MAIN):
    return rs256_sign(key, signing_input(payload, header))


def with_signature(signature, payload=CLAIMS, header=APPLICATION_HEADER):
    return f"{signing_input(payload, header)}.{base64url(signature)}"


def rest_claims(**changes):
    return {"application_id": APPLICATION_ID, "iat": CREATE_TIME, "jti": JTI, "exp": EXPIRE_TIME, **changes}
