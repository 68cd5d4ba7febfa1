"""The vectors of errors.json for Vonage applications and for REST tokens: each input has one fault.

Key texts are those of key_texts.json. A token with a fault inside is signed again with the right key, unless its
signature is the fault.
"""

import base64
import hashlib
import hmac
from itertools import count, pairwise

from application_verify_cases import attacks, is_refused, peers
from applications import (
    ANOTHER_SESSION_ID,
    APPLICATION_ID,
    CLAIMS,
    JTI,
    KEY_TEXTS,
    KEYS,
    MAIN,
    OTHER,
    OTHER_APPLICATION_ID,
    OTHER_SESSION_ID,
    SDK_TOKENS,
    SESSION_ID,
    claims,
    claims_text,
    claims_text_with,
    claims_without,
    key_octets,
    key_text,
    rest_claims,
    rs256,
    signing_input,
    with_signature,
)
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from encoder import APPLICATION_HEADER, JWT_HEADER, base64url, compact_json, jwt_sign, private_key_of, rsa_signature
from error_cases import (
    LARGEST_I64,
    NUMBERS,
    SMALLEST_I64,
    SOURCE_OF_LIMITS,
    SOURCE_OF_READING,
    refused,
    refused_options,
    refused_token,
)
from notation import repeat, utf16
from projects import API_KEY, API_SECRET, PROJECT_OF_2016, session_id_of
from projects import SESSION_ID as SESSION_ID_OF_PROJECT
from workshop import CREATE_TIME, EXPIRE_TIME, NONCE, NOW, THIRTY_DAYS, jwt, octets, t1, with_other_trailing_bits

NUMBERS.update(
    invalid_application_id=102,
    invalid_private_key=103,
    invalid_public_key=104,
    no_private_key=105,
    unsupported_option=310,
    invalid_jti=311,
)

SOURCE_OF_KEYS = "tests/oracle/key_texts.json, docs/tokens.md, limits"

APPLICATION = {"application_id": APPLICATION_ID, "private_key": "main"}
VERIFIER = {"application_id": APPLICATION_ID, "public_key": "main"}
PROJECT = {"api_key": API_KEY, "api_secret": API_SECRET}

# What is not a UUID in lower case.
WRONG_JTIS = {
    "empty": "",
    "in capitals": JTI.upper(),
    "with one capital": "D" + JTI[1:],
    "without hyphens": JTI.replace("-", ""),
    "in braces": f"{{{JTI}}}",
    "as a URN": f"urn:uuid:{JTI}",
    "with a line feed behind": f"{JTI}\n",
    "with a space before": f" {JTI}",
    "of 35 characters": JTI[:-1],
    "of 37 characters": f"{JTI}0",
    "with a letter beyond f": f"g{JTI[1:]}",
    "with hyphens elsewhere": "d412fd8f9-21c-4b35-bdcd-bf2d39bb20ed",
    "that is a number": "402117",
    "that closes the JSON string": '","role":"moderator","x":"aaaaaaaaaa',
    "of Arabic-Indic digits": JTI.replace("4", "\u0664"),
}


def refused_with(credentials, call, name, code, source=SOURCE_OF_LIMITS, **inputs):
    return {
        "name": f"{call}: {name}",
        "source": source,
        "call": call,
        **credentials,
        **inputs,
        "number": NUMBERS[code],
        "code": code,
    }


def refused_constructor(call, name, application_id, key, code, source=SOURCE_OF_LIMITS):
    """`for_application` or `verifier`, given the bytes of a key text."""
    encoded = base64.b64encode(key).decode("ascii")
    inputs = {"application_id": application_id, "key_base64": encoded}
    return refused_with(inputs, call, name, code, source)


def generated(name, code, session_id=SESSION_ID, credentials=APPLICATION, **options):
    complete = {"create_time": CREATE_TIME, "jti": JTI, **options}
    return refused_with(credentials, "generate", f"application, {name}", code, session_id=session_id, options=complete)


def rest(name, code, credentials, **options):
    complete = {"create_time": CREATE_TIME, "jti": JTI, **options}
    return refused_with(credentials, "generate_rest_token", name, code, options=complete)


def verified(name, token, code="malformed_token", source=SOURCE_OF_READING, credentials=APPLICATION, **options):
    options = {"now": NOW, **options}
    return refused_with(credentials, "verify", f"application, {name}", code, source, token=token, options=options)


# --- credentials ---


def application_ids():
    wrong = {
        "empty": "",
        "that is an API key": API_KEY,
        "without hyphens": APPLICATION_ID.replace("-", ""),
        "in braces": f"{{{APPLICATION_ID}}}",
        "as a URN": f"urn:uuid:{APPLICATION_ID}",
        "with a trailing line feed": f"{APPLICATION_ID}\n",
        "with a leading space": f" {APPLICATION_ID}",
        "in quotes": f'"{APPLICATION_ID}"',
        "of 35 characters": APPLICATION_ID[:-1],
        "of 37 characters": f"{APPLICATION_ID}0",
        "with a letter beyond f": f"g{APPLICATION_ID[1:]}",
        "with hyphens elsewhere": "a98e12caf-3e5-4df8-bc66-fd4b5f30b9e9",
        "with en dashes": APPLICATION_ID.replace("-", "\u2013"),
        "with full-width digits": APPLICATION_ID.replace("9", "\uff19"),
        "with a zero-width space behind": f"{APPLICATION_ID}\u200b",
        "with NUL inside": f"{APPLICATION_ID[:10]}\0{APPLICATION_ID[11:]}",
        "undefined": "undefined",
        "that is a session ID": SESSION_ID,
    }
    private, public = key_text("private", "private.pkcs8.pem"), key_text("public", "public.spki.pem")
    code = "invalid_application_id"
    for name, application_id in wrong.items():
        yield refused_constructor("for_application", f"application ID {name}", application_id, private, code)
        yield refused_constructor("verifier", f"application ID {name}", application_id, public, code)


def keys():
    for text in KEY_TEXTS["texts"]:
        if text["fault"] is None:
            continue
        kind = text["kind"]
        call = {"private": "for_application", "public": "verifier"}[kind]
        name = f"key text {text['name']}, {text['fault']}"
        code = f"invalid_{kind}_key"
        yield refused_constructor(call, name, APPLICATION_ID, key_octets(text), code, SOURCE_OF_KEYS)
    # A key where the other half belongs, in every spelling.
    for text in KEY_TEXTS["texts"]:
        if text["fault"] is None and text["kind"] == "public":
            name, code = f"key text {text['name']} where a private key belongs", "invalid_private_key"
            yield refused_constructor("for_application", name, APPLICATION_ID, key_octets(text), code, SOURCE_OF_KEYS)
        if text["fault"] is None and text["kind"] == "private":
            name, code = f"key text {text['name']} where a public key belongs", "invalid_public_key"
            yield refused_constructor("verifier", name, APPLICATION_ID, key_octets(text), code, SOURCE_OF_KEYS)
    for name, text in {"a JWT": rs256(), "a T1 token": t1(), "a session ID": SESSION_ID}.items():
        for call, code in (("for_application", "invalid_private_key"), ("verifier", "invalid_public_key")):
            yield refused_constructor(call, f"key text that is {name}", APPLICATION_ID, text.encode("ascii"), code)


# --- generate ---


def options_of_applications():
    yield generated("format t1", "unsupported_option", token_format="t1")
    inputs = {"session_id": SESSION_ID, "options": {"create_time": CREATE_TIME, "nonce": NONCE}}
    yield refused_with(APPLICATION, "generate", "application, a nonce", "unsupported_option", **inputs)
    yield generated("a nonce beside a jti", "unsupported_option", nonce=NONCE)
    for name, jti in WRONG_JTIS.items():
        yield generated(f"jti {name}", "invalid_jti", jti=jti)
    for role in ("admin", "Moderator", ""):
        yield generated(f"role {role!r}", "invalid_role", role=role)
    for token_format in ("T1", "rs256", ""):
        yield generated(f"format {token_format!r}", "invalid_token_format", token_format=token_format)
    for create_time in (-1, 100000000001, SMALLEST_I64, LARGEST_I64):
        yield generated(f"create_time {create_time}", "invalid_create_time", create_time=create_time)
    for name, expire_time in {
        "equal to create_time": CREATE_TIME,
        "before create_time": CREATE_TIME - 1,
        "0": 0,
        "one second beyond 30 days": CREATE_TIME + THIRTY_DAYS + 1,
        "in milliseconds": EXPIRE_TIME * 1000,
    }.items():
        yield generated(f"expire_time {name}", "invalid_expire_time", expire_time=expire_time)
    for expires_in in (0, -1, THIRTY_DAYS + 1, SMALLEST_I64, LARGEST_I64):
        yield generated(f"expires_in {expires_in}", "invalid_expire_time", expires_in=expires_in)
    both = {"expire_time": CREATE_TIME + 3600, "expires_in": 3600}
    yield generated("both expire_time and expires_in", "invalid_expire_time", **both)
    yield generated("data of 1001 ASCII characters", "data_too_long", data=repeat("x", 1001))
    yield generated("data with a lone surrogate", "invalid_data", data=utf16(97, 0xD800, 98))
    yield generated("layout class with a space", "invalid_layout_class", initial_layout_class_list=["a b"])
    too_long = [repeat("x", 500), repeat("y", 500)]
    yield generated("layout of 1001 UTF-16 units", "layout_class_list_too_long", initial_layout_class_list=too_long)


def options_of_projects():
    yield refused_options("jti with a project", "unsupported_option", jti=JTI)
    without_nonce = {"create_time": CREATE_TIME, "jti": JTI, "token_format": "t1"}
    yield refused(
        "generate",
        "t1, jti with a project",
        "unsupported_option",
        SOURCE_OF_LIMITS,
        session_id=SESSION_ID_OF_PROJECT,
        options=without_nonce,
    )


def sessions():
    yield generated("session empty", "invalid_session_id", "")
    yield generated("session without a prefix", "invalid_session_id", SESSION_ID[2:])
    yield generated("session with a line feed behind", "invalid_session_id", f"{SESSION_ID}\n")
    other = "session_of_other_project"
    for name, session_id in {
        "of a project": SESSION_ID_OF_PROJECT,
        "of another application": OTHER_SESSION_ID,
        "whose owner starts with the ID": session_id_of(f"1~{APPLICATION_ID}0~~1547080521136~x~~"),
        "whose owner is a part of the ID": session_id_of(f"1~{APPLICATION_ID[:-1]}~~1547080521136~x~~"),
        "whose owner has no hyphens": session_id_of(f"1~{APPLICATION_ID.replace('-', '')}~~1547080521136~x~~"),
        "with the ID in a later field": session_id_of(f"1~{OTHER_APPLICATION_ID}~{APPLICATION_ID}~x~"),
    }.items():
        yield generated(f"session {name}", other, session_id)
    yield generated("session with a full-width owner", other, session_id_of(f"1~\uff41{APPLICATION_ID[1:]}~~1~x~~"))


def verifiers():
    code = "no_private_key"
    yield generated("a verifier", code, credentials=VERIFIER)
    yield rest("a verifier", code, VERIFIER)


def two_faults():
    """The order of the checks: the first fault names the error."""
    bad = {
        "role": ("invalid_role", {"role": "admin"}),
        "unknown format": ("invalid_token_format", {"token_format": "T1"}),
        "data with half a surrogate pair": ("invalid_data", {"data": utf16(0x61, 0xD800)}),
        "session": ("invalid_session_id", {"session_id": "1_"}),
        "owner": ("session_of_other_project", {"session_id": OTHER_SESSION_ID}),
        "a verifier": ("no_private_key", {}),
        "a nonce": ("unsupported_option", {"nonce": NONCE}),
        "create_time": ("invalid_create_time", {"create_time": -1}),
        "expires_in": ("invalid_expire_time", {"expires_in": 0}),
        "data": ("data_too_long", {"data": repeat("x", 1001)}),
        "layout": ("invalid_layout_class", {"initial_layout_class_list": ["a b"]}),
        "jti": ("invalid_jti", {"jti": "x"}),
    }
    pairs = [*pairwise(bad), ("a verifier", "jti"), ("a nonce", "jti"), ("owner", "create_time")]
    pairs.append(("session", "a verifier"))
    pairs.remove(("session", "owner"))
    for first, second in pairs:
        code, options = bad[first][0], {**bad[first][1], **bad[second][1]}
        credentials = VERIFIER if "a verifier" in (first, second) else APPLICATION
        yield generated(f"two faults, {first} before {second}", code, credentials=credentials, **options)
    t1_before_time = {"token_format": "t1", "create_time": -1}
    yield generated("two faults, format t1 before create_time", "unsupported_option", **t1_before_time)
    of_other = {"session_id": PROJECT_OF_2016[2], "options": {"create_time": CREATE_TIME, "jti": JTI}}
    name = "two faults, owner before a jti with a project"
    yield refused("generate", name, "session_of_other_project", SOURCE_OF_LIMITS, **of_other)
    name = "two faults, a jti with a project before create_time"
    yield refused_options(name, "unsupported_option", jti=JTI, create_time=-1)
    name = "two faults, a jti with a project, which is no UUID"
    yield refused_options(name, "unsupported_option", jti="x")

    yield rest("two faults, a verifier before create_time", "no_private_key", VERIFIER, create_time=-1)
    for kind, credentials in (("application", APPLICATION), ("project", PROJECT)):
        both = {"create_time": -1, "expires_in": 0}
        yield rest(f"{kind}, two faults, create_time before expires_in", "invalid_create_time", credentials, **both)
        both = {"expires_in": 0, "jti": "x"}
        yield rest(f"{kind}, two faults, expires_in before jti", "invalid_expire_time", credentials, **both)


def rest_tokens():
    for kind, credentials in (("application", APPLICATION), ("project", PROJECT)):
        for expires_in in (0, -1, 86401, SMALLEST_I64, LARGEST_I64):
            yield rest(f"{kind}, expires_in {expires_in}", "invalid_expire_time", credentials, expires_in=expires_in)
        for create_time in (-1, 100000000001, SMALLEST_I64, LARGEST_I64):
            name = f"{kind}, create_time {create_time}"
            yield rest(name, "invalid_create_time", credentials, create_time=create_time)
        for name, jti in WRONG_JTIS.items():
            yield rest(f"{kind}, jti {name}", "invalid_jti", credentials, jti=jti)


# --- verify ---


def sdk_tokens():
    """REST tokens, which are not for clients, and those of the SDKs' defects."""
    for token in SDK_TOKENS["tokens"]:
        if token["kind"] == "rest" and token["header"]["alg"] == "RS256":
            source = f"{token['version']}; copied from rs256_tokens.json"
            name = f"REST token of {token['sdk']}, {token['id']}"
            yield verified(name, token["token"], source=source, now=int(token["now"]))
    codes = {"expired": "token_expired", "exp_too_far": "lifetime_too_long", "exp_missing": "missing_expiry"}
    for name, peer in peers():
        if is_refused(peer):
            (because,) = peer["verify"]["because"]
            source = f"{peer['producer']} {peer['version']}; copied from peer_tokens.json"
            credentials = {"application_id": peer["application_id"], "public_key": "peer"}
            now = peer["verify"]["now"]
            yield verified(name, peer["token"], codes[because], source, credentials, now=now)
    yield verified("a REST token", rs256(rest_claims()))
    yield verified("a REST token, with a public key", rs256(rest_claims()), credentials=VERIFIER)


def other_kinds():
    """A token of one kind, given to credentials of the other."""
    yield verified("an HS256 token of a project", jwt(), "unsupported_algorithm")
    yield verified(
        "an HS256 token of a project, with a public key", jwt(), "unsupported_algorithm", credentials=VERIFIER
    )
    yield verified("a T1 token of a project", t1(), "token_of_other_project")
    yield verified("a T1 token of a project, with a public key", t1(), "token_of_other_project", credentials=VERIFIER)
    yield refused_token("jwt, an RS256 token of an application", rs256(), "unsupported_algorithm")
    forged = jwt_sign(API_SECRET, signing_input())
    yield refused_token("jwt, RS256 in the header, signed with the secret", forged, "unsupported_algorithm")


def attack_cases():
    """Those of attacks.json with an application."""
    codes = {"alg": "unsupported_algorithm", "signature": "invalid_signature"}
    for case in attacks():
        name, context = f"attacks.json, {case['id']}", case["context"]
        source = f"copied from attacks.json, {case['id']}"
        if case["api"] == "generate":
            key = context["private_key_pem"].encode("ascii")
            application_id = context["application_id"]
            yield refused_constructor("for_application", name, application_id, key, "invalid_private_key", source)
        elif case["expected"] == "reject":
            credentials = {"application_id": context["application_id"], "public_key": "rfc7515"}
            code = codes[case["code"]]
            yield verified(name, case["input"], code, source, credentials, now=context["now"])


def hmac_with_public_key():
    """HS256, the public key as the secret, in every form in which a library may hold it."""
    public_key = private_key_of(MAIN).public_key()
    encoding, formats = serialization.Encoding, serialization.PublicFormat
    pem = KEYS["main"]["public_key"]
    numbers = public_key.public_numbers()
    modulus = numbers.n.to_bytes(256, "big")
    secrets = {
        "PEM": pem.encode(),
        "PEM without its last line feed": pem.rstrip("\n").encode(),
        "PEM with CRLF": pem.replace("\n", "\r\n").encode(),
        "PEM in one line with escapes": pem.replace("\n", "\\n").encode(),
        "PKCS #1 PEM": public_key.public_bytes(encoding.PEM, formats.PKCS1),
        "DER": public_key.public_bytes(encoding.DER, formats.SubjectPublicKeyInfo),
        "PKCS #1 DER": public_key.public_bytes(encoding.DER, formats.PKCS1),
        "base64 of its DER": "".join(pem.splitlines()[1:-1]).encode(),
        "certificate": key_text("public", "public.certificate.pem"),
        "JWK": key_text("public", "public.jwk.json"),
        "modulus": modulus,
        "modulus in hexadecimal": modulus.hex().encode(),
        "application ID": APPLICATION_ID.encode(),
        "nothing": b"",
    }
    for name, secret in secrets.items():
        token = jwt_sign(secret, signing_input(header=JWT_HEADER))
        yield verified(f"HS256 with the public key as secret, {name}", token, "unsupported_algorithm")
        yield verified(
            f"HS256 with the public key as secret, {name}, with a public key",
            token,
            "unsupported_algorithm",
            credentials=VERIFIER,
        )
    as_rs256 = jwt_sign(pem.encode(), signing_input())
    yield verified("an HMAC under RS256", as_rs256, "invalid_signature", credentials=VERIFIER)
    mac = hmac.new(pem.encode(), signing_input().encode(), hashlib.sha256).digest()
    padded = with_signature(bytes(256 - len(mac)) + mac)
    yield verified("an HMAC under RS256, as long as a signature", padded, "invalid_signature", credentials=VERIFIER)


def algorithms():
    code = "unsupported_algorithm"
    for name, header in {
        "alg none": {"alg": "none", "typ": "JWT"},
        "alg None": {"alg": "None"},
        "alg NONE": {"alg": "NONE"},
        "alg empty": {"alg": ""},
        "alg null": {"alg": None},
        "alg missing": {"typ": "JWT"},
        "alg is a list": {"alg": ["RS256"]},
        "alg rs256": {"alg": "rs256"},
        "alg RS256 with NUL behind": {"alg": "RS256\x00"},
        "alg RS256 with a space behind": {"alg": "RS256 "},
        "alg ES256": {"alg": "ES256"},
        "alg EdDSA": {"alg": "EdDSA"},
        "crit": {**APPLICATION_HEADER, "crit": ["exp"], "exp": EXPIRE_TIME},
        "empty crit": {**APPLICATION_HEADER, "crit": []},
        "crit null": {**APPLICATION_HEADER, "crit": None},
        "b64 false": {**APPLICATION_HEADER, "b64": False},
        "zip": {**APPLICATION_HEADER, "zip": "DEF"},
    }.items():
        yield verified(name, rs256(header=header), code)
    # Correctly signed by the algorithm that they name.
    for name, algorithm in {"384": hashes.SHA384(), "512": hashes.SHA512()}.items():
        header = {"alg": f"RS{name}", "typ": "JWT"}
        signature = rsa_signature(MAIN, signing_input(header=header).encode(), algorithm=algorithm)
        yield verified(f"alg RS{name}", with_signature(signature, header=header), code)
    header = {"alg": "PS256", "typ": "JWT"}
    pss = rsa_signature(MAIN, signing_input(header=header).encode(), pss_without_salt())
    yield verified("alg PS256", with_signature(pss, header=header), code)


def pss_without_salt():
    """Without a salt the signature is the same each time."""
    return padding.PSS(padding.MGF1(hashes.SHA256()), 0)


def keys_of_the_attacker():
    """The header names the attacker's key, which signed the token."""
    numbers = private_key_of(OTHER).public_key().public_numbers()

    def segment(number):
        return base64url(number.to_bytes((number.bit_length() + 7) // 8, "big"))

    jwk = {"kty": "RSA", "n": segment(numbers.n), "e": segment(numbers.e)}
    der = (
        private_key_of(OTHER)
        .public_key()
        .public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    code = "invalid_signature"
    yield verified("signed with another key", rs256(key=OTHER), code)
    yield verified("signed with another key, with a public key", rs256(key=OTHER), code, credentials=VERIFIER)
    for name in ("rsa3072", "rsa4096", "exponent3"):
        yield verified(f"signed with key {name}", rs256(key=KEYS[name]["private_key"]), code)
    for name, parameters in {
        "jwk": {"jwk": jwk},
        "jwk and kid": {"kid": "attacker", "jwk": {**jwk, "kid": "attacker"}},
        "jku": {"kid": "attacker", "jku": "http://127.0.0.1:9/jwks.json"},
        "x5u": {"x5u": "http://127.0.0.1:9/certificate.pem"},
        "x5c": {"x5c": [base64.b64encode(der).decode("ascii")]},
        "kid that is a path": {"kid": "../../../../dev/null"},
        "kid that is an injection": {"kid": "' UNION SELECT 'key"},
        "kid that is the key": {"kid": KEYS["other"]["public_key"]},
    }.items():
        token = rs256(header={**APPLICATION_HEADER, **parameters}, key=OTHER)
        yield verified(f"signed with another key, {name} in the header", token, code, credentials=VERIFIER)
    among_claims = rs256(claims(jwk=jwk, public_key=KEYS["other"]["public_key"]), key=OTHER)
    yield verified("signed with another key, which is among the claims", among_claims, code)


def bare_rsa(pem, block):
    """RSA of a whole block, with no padding of its own."""
    numbers = private_key_of(pem).private_numbers()
    modulus = numbers.public_numbers.n
    return pow(int.from_bytes(block, "big"), numbers.d, modulus).to_bytes((modulus.bit_length() + 7) // 8, "big")


SHA256_PREFIX = bytes.fromhex("3031300d060960864801650304020105000420")


def block(message, prefix=SHA256_PREFIX, kind=1, length=256, filling=0xFF, garbage=b""):
    """EMSA-PKCS1-v1_5 (RFC 8017, section 9.2), right by default."""
    info = prefix + hashlib.sha256(message).digest()
    filled = bytes([filling]) * (length - 3 - len(info) - len(garbage))
    return bytes([0, kind]) + filled + b"\0" + info + garbage


def cube_root(number):
    low, high = 0, 1 << (number.bit_length() // 3 + 1)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if middle**3 <= number else (low, middle - 1)
    return low


def forged_without_key(message):
    """Bleichenbacher's forgery for e = 3: its cube starts as a right block does and ends in garbage (CVE-2006-4339)."""
    info = SHA256_PREFIX + hashlib.sha256(message).digest()
    start = bytes([0, 1]) + b"\xff" * 8 + b"\0" + info
    largest = int.from_bytes(start + b"\xff" * (256 - len(start)), "big")
    root = cube_root(largest)
    assert (root**3).to_bytes(256, "big").startswith(start)
    return root.to_bytes(256, "big")


def signatures():
    code = "invalid_signature"
    message = signing_input().encode()
    right = rsa_signature(MAIN, message)
    assert bare_rsa(MAIN, block(message)) == right
    modulus = private_key_of(MAIN).public_key().public_numbers().n
    n = modulus.to_bytes(256, "big")
    sha256_without_parameters = bytes.fromhex("302f300b0609608648016503040201") + bytes.fromhex("0420")
    wrong = {
        "one byte short": right[:-1],
        "without its first byte": right[1:],
        "one byte long": right + b"\0",
        "with a zero before": b"\0" + right,
        "twice": right + right,
        "of one byte": b"\x01",
        "cut to 32 bytes": right[:32],
        "first bit flipped": bytes([right[0] ^ 0x80]) + right[1:],
        "last bit flipped": right[:-1] + bytes([right[-1] ^ 1]),
        "backwards": right[::-1],
        "all zeros": bytes(256),
        "one": bytes(255) + b"\x01",
        "the modulus": n,
        "the modulus less one": (modulus - 1).to_bytes(256, "big"),
        "all ones": b"\xff" * 256,
        "negated": (modulus - int.from_bytes(right, "big")).to_bytes(256, "big"),
        "of PS256": rsa_signature(MAIN, message, pss_without_salt()),
        "of RS384": rsa_signature(MAIN, message, algorithm=hashes.SHA384()),
        "of RS512": rsa_signature(MAIN, message, algorithm=hashes.SHA512()),
        "of SHA-1": rsa_signature(MAIN, message, algorithm=hashes.SHA1()),
        "of the payload only": rsa_signature(MAIN, message.split(b".")[1]),
        "the block itself": block(message),
        "with garbage behind the hash": bare_rsa(MAIN, block(message, garbage=bytes(range(100)))),
        "with zeros behind the hash": bare_rsa(MAIN, block(message, garbage=bytes(100))),
        "with block type 2": bare_rsa(MAIN, block(message, kind=2)),
        "with block type 0": bare_rsa(MAIN, block(message, kind=0, filling=0)),
        "filled with FE": bare_rsa(MAIN, block(message, filling=0xFE)),
        "without parameters in its DigestInfo": bare_rsa(MAIN, block(message, sha256_without_parameters)),
        "without DigestInfo": bare_rsa(MAIN, block(message, b"")),
    }
    for name, signature in wrong.items():
        yield verified(f"signature {name}", with_signature(signature), code)
    yield verified("signature and the modulus added", signature_beyond_modulus(modulus), code)
    forged = with_signature(forged_without_key(message))
    of_exponent3 = {"application_id": APPLICATION_ID, "public_key": "exponent3"}
    yield verified("signature forged for exponent 3", forged, code, credentials=of_exponent3)
    garbage = with_signature(bare_rsa(KEYS["exponent3"]["private_key"], block(message, garbage=bytes(194))))
    yield verified("signature for exponent 3 with garbage behind the hash", garbage, code, credentials=of_exponent3)
    signature_segment = base64url(right)
    for name, payload in {"role": claims(role="moderator"), "expiry": claims(exp=EXPIRE_TIME + 1)}.items():
        yield verified(f"{name} changed", f"{signing_input(payload)}.{signature_segment}", code)
    of_other_header = f"{signing_input(header={'typ': 'JWT', 'alg': 'RS256'})}.{signature_segment}"
    yield verified("header rewritten", of_other_header, code)


def signature_beyond_modulus(modulus):
    """s + n is congruent to s; RFC 8017 has a verifier refuse what is not below n."""
    payloads = (claims(x=number) for number in count())
    sums = (
        (payload, modulus + int.from_bytes(rsa_signature(MAIN, signing_input(payload).encode()), "big"))
        for payload in payloads
    )
    payload, signature = next(pair for pair in sums if pair[1] < 2**2048)
    return with_signature(signature.to_bytes(256, "big"), payload)


def unsigned():
    bare = signing_input(header={"alg": "none", "typ": "JWT"})
    yield verified("alg none without a signature", f"{bare}.", "unsupported_algorithm")
    yield verified("two parts", signing_input())
    yield verified("four parts", f"{rs256()}.AAAA")


def spelling():
    header, payload, signature = rs256().split(".")
    yield verified("white space behind", f"{rs256()}\n")
    yield verified("padded signature", f"{rs256()}==")
    yield verified("unused bits set in the signature", f"{header}.{payload}.{with_other_trailing_bits(signature)}")
    standard = base64.b64encode(base64.urlsafe_b64decode(signature + "==")).decode("ascii").rstrip("=")
    assert "+" in standard or "/" in standard
    yield verified("signature in the standard alphabet", f"{header}.{payload}.{standard}")
    yield verified("alg twice in the header", rs256(header='{"alg":"RS256","alg":"RS256"}'))
    yield verified("header with a byte order mark", rs256(header='\ufeff{"alg":"RS256"}'))
    yield verified("payload with a byte order mark", rs256("\ufeff" + compact_json(CLAIMS)))
    for name, text in {
        "claim twice, equal": claims_text_with('"role":"publisher"'),
        "claim twice, different": claims_text_with('"role":"moderator"'),
        "claim twice, once escaped": claims_text_with('"application\\u005fid":"x"'),
        "name twice in the acl": claims_text('"paths":{', '"paths":{},"paths":{'),
        "nested to depth 33": claims_text_with('"x":' + "[" * 32 + "]" * 32),
        "lone surrogate in data": claims_text_with('"connection_data":"\\ud800"'),
        "NaN as exp": claims_text(str(EXPIRE_TIME), "NaN"),
        "exp 1e400": claims_text(str(EXPIRE_TIME), "1e400"),
        "payload cut short": compact_json(CLAIMS)[:-1],
        "payload is an array": "[]",
    }.items():
        yield verified(name, rs256(text))
    ill_formed = octets(claims(connection_data="!!")).replace(b"!!", b"\xff!")
    yield verified("a byte that is no UTF-8 in data", rs256(ill_formed))


def claim_rules():
    for name in ("scope", "session_id", "iat", "application_id"):
        yield verified(f"no {name}", rs256(claims_without(name)))
        yield verified(f"{name} is null", rs256(claims(**{name: None})))
    yield verified("no exp", rs256(claims_without("exp")), "missing_expiry")
    yield verified("exp is null", rs256(claims(exp=None)), "missing_expiry")
    for name, change in {
        "wrong scope": {"scope": "session.create"},
        "scope is a list": {"scope": ["session.connect"]},
        "sub of another product": {"sub": "messages"},
        "sub in capitals": {"sub": "Video"},
        "sub is empty": {"sub": ""},
        "sub is a number": {"sub": 1},
        "sub is a list": {"sub": ["video"]},
        "application_id is a number": {"application_id": 1},
        "application_id is a list": {"application_id": [APPLICATION_ID]},
        "unknown role": {"role": "admin"},
        "role in capitals": {"role": "Publisher"},
        "role is empty": {"role": ""},
        "role is a number": {"role": 1},
        "role is false": {"role": False},
        "session_id is a number": {"session_id": 1},
        "its session ID is no session ID": {"session_id": "not-a-session"},
        "exp is text": {"exp": str(EXPIRE_TIME)},
        "exp is negative": {"exp": -1},
        "exp is true": {"exp": True},
        "iat is text": {"iat": str(CREATE_TIME)},
        "iat is negative": {"iat": -1},
        "nbf is text": {"nbf": str(CREATE_TIME)},
        "jti is true": {"jti": True},
        "jti is an object": {"jti": {}},
        "jti is a list": {"jti": [JTI]},
        "connection_data is a number": {"connection_data": 5},
        "connection_data is an object": {"connection_data": {}},
        "layout is an array with a number": {"initial_layout_class_list": ["focus", 1]},
        "layout is a number": {"initial_layout_class_list": 1},
    }.items():
        yield verified(name, rs256(claims(**change)))


def owners_and_times():
    other = "token_of_other_project"
    yield verified("application_id of another", rs256(claims(application_id=OTHER_APPLICATION_ID)), other)
    yield verified("application_id is an API key", rs256(claims(application_id=API_KEY)), other)
    yield verified("application_id with a character behind", rs256(claims(application_id=f"{APPLICATION_ID}0")), other)
    yield verified("application_id in braces", rs256(claims(application_id=f"{{{APPLICATION_ID}}}")), other)
    full_width = f"\uff41{APPLICATION_ID[1:]}"
    yield verified("application_id with a full-width letter", rs256(claims(application_id=full_width)), other)
    iss_is_right = claims(application_id=OTHER_APPLICATION_ID, iss=APPLICATION_ID)
    yield verified("application_id of another, iss of this one", rs256(iss_is_right), other)
    for name, session_id in {
        "of a project": SESSION_ID_OF_PROJECT,
        "of another application": OTHER_SESSION_ID,
        "with the ID in a later field": session_id_of(f"1~{OTHER_APPLICATION_ID}~{APPLICATION_ID}~x~"),
    }.items():
        yield verified(f"session {name}", rs256(claims(session_id=session_id)), "session_of_other_project")
    expected = {"session_id": ANOTHER_SESSION_ID}
    yield verified("another session is expected", rs256(), "token_of_other_session", **expected)

    yield verified("expired exactly now", rs256(), "token_expired", now=EXPIRE_TIME)
    yield verified("expired 9 seconds ago, leeway 9", rs256(), "token_expired", now=EXPIRE_TIME + 9, leeway=9)
    yield verified("exp half a second ahead: rounded down", rs256(claims(exp=NOW + 0.5)), "token_expired")
    early = "token_not_yet_valid"
    yield verified("issued 61 seconds in the future", rs256(), early, now=CREATE_TIME - 61)
    yield verified("nbf in one second", rs256(claims(nbf=NOW + 1)), early)
    long = "lifetime_too_long"
    yield verified("one second beyond 30 days", rs256(claims(exp=CREATE_TIME + THIRTY_DAYS + 1)), long)
    yield verified("exp in milliseconds", rs256(claims(exp=EXPIRE_TIME * 1000)), long)
    in_milliseconds = claims(iat=CREATE_TIME * 1000, exp=CREATE_TIME * 1000 + 3600)
    yield verified("iat in milliseconds", rs256(in_milliseconds), early)
    yield verified("leeway 3601", rs256(), "invalid_leeway", leeway=3601)


def vectors():
    for group in (
        application_ids,
        keys,
        options_of_applications,
        options_of_projects,
        sessions,
        verifiers,
        two_faults,
        rest_tokens,
        sdk_tokens,
        other_kinds,
        attack_cases,
        hmac_with_public_key,
        algorithms,
        keys_of_the_attacker,
        signatures,
        unsigned,
        spelling,
        claim_rules,
        owners_and_times,
    ):
        yield from group()
