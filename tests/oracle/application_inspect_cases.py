"""The vectors of inspect.json for Vonage applications: with an application's credentials, with its public key alone,
with none, and tokens of one kind held against credentials of the other.

Left out, because the rules leave it open: a signature that was cut, which is as long as any key makes it, and JWTs that
are neither client tokens nor for REST calls.
"""

import inspect_cases
from applications import (
    ANOTHER_SESSION_ID,
    APPLICATION_ID,
    CLAIMS_OF_DOTNET,
    CLAIMS_OF_JAVA,
    CLAIMS_OF_NODE,
    CLAIMS_OF_PHP,
    CLAIMS_OF_PYTHON,
    CLAIMS_OF_RUBY,
    KEYS,
    MAIN,
    OTHER,
    OTHER_APPLICATION_ID,
    OTHER_SESSION_ID,
    SESSION_ID,
    SESSION_ID_IN_CAPITALS,
    claims,
    claims_of,
    claims_text,
    claims_text_with,
    claims_without,
    rest_claims,
    rs256,
    signing_input,
    with_signature,
)
from encoder import APPLICATION_HEADER, JWT_HEADER, jwt_sign, rsa_signature
from inspect_cases import DAY, IN_PART, NOT_AT_ALL, SOURCE, folded
from projects import SESSION_ID as SESSION_ID_OF_PROJECT
from workshop import CREATE_TIME, EXPIRE_TIME, NOW, THIRTY_DAYS, jwt, t1

APPLICATION = {"application_id": APPLICATION_ID, "private_key": "main"}
VERIFIER = {"application_id": APPLICATION_ID, "public_key": "main"}
NOBODY = {}
KINDS = ((APPLICATION, ""), (VERIFIER, ", with a public key"), (NOBODY, ", without credentials"))


def inspected(
    name,
    token,
    *findings,
    credentials=APPLICATION,
    token_format="jwt",
    signature="valid",
    is_token=True,
    expire_time=EXPIRE_TIME,
    now=NOW,
    **options,
):
    note = next(note for kind, note in KINDS if kind.keys() == credentials.keys())
    return {
        "name": f"application: {name}{note}",
        "source": SOURCE,
        **credentials,
        "token": token,
        "options": {"now": now, **options},
        "expected": {
            "format": token_format,
            "signature": signature if credentials else "unchecked",
            "findings": list(findings),
            "is_token": is_token,
            "remaining_lifetime": None if expire_time is None else expire_time - now,
        },
    }


def with_and_without(name, token, *findings, **differences):
    for credentials in (APPLICATION, NOBODY):
        yield inspected(name, token, *findings, credentials=credentials, **differences)


def in_all_forms(name, token, *findings, **differences):
    yield from with_and_without(name, token, *findings, **differences)
    yield inspected(name, token, *findings, credentials=VERIFIER, **differences)


def sound_tokens():
    yield from in_all_forms("the claims tokmint writes", rs256())
    everything = claims(connection_data="name=Ada, level 4", initial_layout_class_list="focus full-screen")
    yield from with_and_without("every claim", rs256(everything))
    yield inspected("unknown claims", rs256(claims(iss="x", ist="y", nonce=5, x=[1, {"y": None}])))
    yield inspected("ID in capitals in the token", rs256(claims(application_id=APPLICATION_ID.upper())))
    in_capitals = {**APPLICATION, "application_id": APPLICATION_ID.upper()}
    yield inspected("ID in capitals in the credentials", rs256(), credentials=in_capitals)
    in_capitals = rs256(claims(session_id=SESSION_ID_IN_CAPITALS))
    yield from with_and_without("owner of the session in capitals", in_capitals)
    yield from with_and_without("the expected session", rs256(), session_id=SESSION_ID)
    yield inspected("no sub, as older SDKs write", rs256(claims_without("sub")))
    yield inspected("jti of the .NET SDK", rs256(claims(jti="AAECAwQFBgcICQoLDA0ODw==")))
    yield inspected("a key in the header", rs256(header={**APPLICATION_HEADER, "kid": "a", "jwk": {"kty": "RSA"}}))
    foreign = rs256(claims(application_id=OTHER_APPLICATION_ID, session_id=OTHER_SESSION_ID), key=OTHER)
    yield inspected("of whatever application it names", foreign, credentials=NOBODY)


def shapes_of_official_sdks():
    yield from with_and_without("shape of Vonage's Node SDK", rs256(claims_of(CLAIMS_OF_NODE)))
    yield from with_and_without("shape of Vonage's Java SDK", rs256(claims_of(CLAIMS_OF_JAVA)), "no_acl")
    python = claims_of(CLAIMS_OF_PYTHON)
    yield from with_and_without("shape of Vonage's Python SDK", rs256(python), "subject_claim")
    layout = rs256(claims_of(CLAIMS_OF_PYTHON, initial_layout_class_list=["focus", "full"]))
    yield inspected("Vonage's Python SDK, layout classes", layout, "layout_as_array", "subject_claim")
    ruby = rs256(claims_of(CLAIMS_OF_RUBY, data="Ada"), dict(reversed(APPLICATION_HEADER.items())))
    yield from with_and_without("Vonage's Ruby SDK, data", ruby, "data_claim")
    php = rs256(claims_of(CLAIMS_OF_PHP), dict(reversed(APPLICATION_HEADER.items())))
    yield from with_and_without("Vonage's PHP SDK, the default: no role", php, "default_role")
    options = rs256(claims_of(CLAIMS_OF_PHP, role="publisher", data="Ada", expireTime=EXPIRE_TIME))
    yield inspected("Vonage's PHP SDK, options as claims", options, "data_claim", "misnamed_claim")
    dotnet = rs256(claims_of(CLAIMS_OF_DOTNET))
    yield from with_and_without("Vonage's .NET SDK, no expiry", dotnet, "missing_expiry", "no_acl", **NOT_AT_ALL)
    rounded = rs256(claims(exp=CREATE_TIME + DAY + 1))
    name = "Vonage's Node SDK, its time rounded up"
    yield inspected(name, rounded, "long_lifetime", expire_time=CREATE_TIME + DAY + 1)


def wrappings():
    python = rs256(claims_of(CLAIMS_OF_PYTHON))
    as_bytes = f"b'{python}'"
    yield from with_and_without("Vonage's Python SDK, bytes in a text", as_bytes, "python_bytes", "subject_claim")
    yield inspected("line feed behind", f"{rs256()}\n", "white_space_around")
    yield inspected("in quotes", f'"{rs256()}"', "quotes_around")
    yield inspected("the scheme of HTTP before", f"Bearer {rs256()}", "text_around")
    yield inspected("lines of 64 characters", folded(rs256()), "white_space_inside")
    header_segment, payload_segment, _ = rs256().split(".")
    no_signature = f"{header_segment}.{payload_segment}"
    yield from with_and_without("cut before the second dot", no_signature, "truncated", signature="unchecked")
    inside_header = header_segment[:22]
    cut = {**NOT_AT_ALL, "signature": "unchecked"}
    yield from with_and_without("cut inside the header", inside_header, "truncated", **cut)


def shape_and_algorithm():
    yield inspected("role twice", rs256(claims_text_with('"role":"moderator"')), "duplicate_field", **IN_PART)
    acl_twice = rs256(claims_text('"paths":{', '"paths":{},"paths":{'))
    yield inspected("a name of the acl twice", acl_twice, "duplicate_field", **IN_PART)
    yield inspected("payload is an array", rs256("[]"), "malformed_payload", **NOT_AT_ALL)
    yield inspected("signature padded", f"{rs256()}==", "malformed_signature")
    unchecked = {"signature": "unchecked"}
    unsupported = "unsupported_algorithm"
    for name, header in {
        "alg none": {"alg": "none", "typ": "JWT"},
        "alg PS256": {"alg": "PS256", "typ": "JWT"},
        "alg rs256": {"alg": "rs256", "typ": "JWT"},
        "alg missing": {"typ": "JWT"},
    }.items():
        yield from with_and_without(name, rs256(header=header), unsupported, **unchecked)
    crit = rs256(header={**APPLICATION_HEADER, "crit": ["exp"]})
    yield from with_and_without("crit", crit, "critical_extension", **unchecked)
    with_public_key = jwt_sign(KEYS["main"]["public_key"], signing_input(header=JWT_HEADER))
    name = "HS256 with the public key as secret"
    # By its algorithm it would be a project's, but it lacks the key of one.
    yield inspected(name, with_public_key, unsupported, credentials=VERIFIER, **IN_PART, **unchecked)


def signatures():
    invalid = {"signature": "invalid"}
    yield from in_all_forms_of_bad_signature("another key", rs256(key=OTHER))
    jwk = rs256(header={**APPLICATION_HEADER, "jwk": {"kty": "RSA"}}, key=OTHER)
    yield inspected("another key, named in the header", jwk, "invalid_signature", **invalid)
    longer_key = rs256(key=KEYS["rsa3072"]["private_key"])
    yield inspected("another key of 3072 bits", longer_key, "invalid_signature", **invalid)
    right = rsa_signature(MAIN, signing_input().encode())
    flipped = with_signature(bytes([right[0] ^ 1]) + right[1:])
    yield inspected("one bit flipped", flipped, "invalid_signature", **invalid)
    changed = f"{signing_input(claims(role='moderator'))}.{rs256().rpartition('.')[2]}"
    yield inspected("payload changed", changed, "invalid_signature", **invalid)
    yield inspected("signature of zeros", with_signature(bytes(256)), "invalid_signature", **invalid)


def in_all_forms_of_bad_signature(name, token):
    yield inspected(name, token, "invalid_signature", signature="invalid")
    yield inspected(name, token, "invalid_signature", signature="invalid", credentials=VERIFIER)
    yield inspected(name, token, credentials=NOBODY)


def owners():
    other = "token_of_other_project"
    # The session is held against the application that the token names.
    found = (other, "session_of_other_project")
    yield inspected("application_id of another", rs256(claims(application_id=OTHER_APPLICATION_ID)), *found)
    foreign = claims(application_id=OTHER_APPLICATION_ID, session_id=OTHER_SESSION_ID)
    yield inspected("claims of another application", rs256(foreign), other)
    yield inspected("everything of another application", rs256(foreign, key=OTHER), other, signature="invalid")
    malformed = "malformed_issuer"
    yield from with_and_without("application_id is a number", rs256(claims(application_id=1)), malformed, **IN_PART)
    yield inspected("no application_id", rs256(claims_without("application_id")), malformed, **IN_PART)


def kinds_of_token():
    """REST tokens, and tokens of projects."""
    rest = "rest_token"
    yield from with_and_without("a REST token", rs256(rest_claims()), rest, **IN_PART)
    node = rs256(rest_claims(iss=APPLICATION_ID, ist="project"))
    yield inspected("a REST token of the old Node SDK", node, rest, **IN_PART)
    yield inspected("a REST token of the old Python SDK", rs256(rest_claims(ist="project")), rest, **IN_PART)
    java = {name: value for name, value in rest_claims().items() if name != "exp"}
    yield inspected("a REST token of the Java SDK, no expiry", rs256(java), rest, "missing_expiry", **NOT_AT_ALL)
    yield from with_and_without("no scope", rs256(claims_without("scope")), "not_a_client_token")
    yield inspected("another scope", rs256(claims(scope="session.create")), "not_a_client_token")
    found = "project_token"
    unchecked = {"signature": "unchecked"}
    for credentials in (APPLICATION, VERIFIER):
        yield inspected("a project's JWT", jwt(), found, credentials=credentials, **unchecked)
        yield inspected("a project's T1 token", t1(), found, credentials=credentials, token_format="t1", **unchecked)
    late = {"now": EXPIRE_TIME + 1}
    yield inspected("a project's JWT, expired", jwt(), found, "token_expired", **unchecked, **late)
    yield inspected("a project's JWT in quotes", f'"{jwt()}"', "quotes_around", found, **unchecked)


def subjects():
    found = "malformed_subject"
    yield from with_and_without("sub of another product", rs256(claims(sub="messages")), found)
    yield inspected("sub is a number", rs256(claims(sub=1)), found)
    yield inspected("sub is empty", rs256(claims(sub="")), found)
    yield inspected("sub is null", rs256(claims(sub=None)), "null_field")


def sessions():
    yield from with_and_without("no session_id", rs256(claims_without("session_id")), "missing_session_id", **IN_PART)
    yield inspected("session ID made up", rs256(claims(session_id="not-a-session")), "malformed_session_id", **IN_PART)
    for session_id, finding in (
        (SESSION_ID_OF_PROJECT, "session_of_project"),
        (OTHER_SESSION_ID, "session_of_other_project"),
    ):
        yield from in_all_forms(finding.replace("_", " "), rs256(claims(session_id=session_id)), finding)
    expected = {"session_id": ANOTHER_SESSION_ID}
    yield from with_and_without("another session is expected", rs256(), "token_of_other_session", **expected)


def roles():
    yield from in_all_forms("no role", rs256(claims_without("role")), "default_role")
    yield inspected("role is null", rs256(claims(role=None)), "null_field", "default_role")
    for role, finding in (
        ("admin", "unknown_role"),
        ("Publisher", "miscased_role"),
        ("publ\u0131sher", "localized_role"),
    ):
        yield inspected(f"role {role!a}", rs256(claims(role=role)), finding, **IN_PART)
    yield inspected("role is a number", rs256(claims(role=1)), "unknown_role", **IN_PART)


def times():
    yield from with_and_without("no exp", rs256(claims_without("exp")), "missing_expiry", **NOT_AT_ALL)
    yield inspected("exp is text", rs256(claims(exp=str(EXPIRE_TIME))), "malformed_expire_time", **NOT_AT_ALL)
    yield inspected("no iat", rs256(claims_without("iat")), "missing_create_time", **IN_PART)
    yield inspected("iat is text", rs256(claims(iat=str(CREATE_TIME))), "malformed_create_time", **IN_PART)
    yield from with_and_without("expires now", rs256(), "token_expired", now=EXPIRE_TIME)
    yield inspected("issued 1 second ahead", rs256(), "clock_skew", now=CREATE_TIME - 1)
    yield inspected("issued 61 seconds ahead", rs256(), "issued_in_the_future", now=CREATE_TIME - 61)
    yield inspected("nbf in 1 second", rs256(claims(nbf=NOW + 1)), "not_before")
    yield inspected("exp with a fraction", rs256(claims(exp=EXPIRE_TIME + 0.7)), "fractional_time")
    longest = CREATE_TIME + THIRTY_DAYS
    for name, expire_time, *findings in (
        ("lives exactly 24 hours", CREATE_TIME + DAY),
        ("lives 24 hours and 1 second", CREATE_TIME + DAY + 1, "long_lifetime"),
        ("lives exactly 30 days", longest, "long_lifetime"),
        ("lives 30 days and 1 second", longest + 1, "lifetime_too_long"),
        ("expiry in milliseconds", EXPIRE_TIME * 1000, "milliseconds"),
    ):
        token = rs256(claims(exp=expire_time))
        yield from with_and_without(name, token, *findings, expire_time=expire_time)


def types_and_hints():
    yield inspected("jti is an object", rs256(claims(jti={})), "malformed_nonce", **IN_PART)
    yield inspected("data is a number", rs256(claims(connection_data=5)), "malformed_data", **IN_PART)
    yield inspected("layout is a number", rs256(claims(initial_layout_class_list=1)), "malformed_layout", **IN_PART)
    yield from with_and_without("no acl", rs256(claims_without("acl")), "no_acl")
    yield inspected("data of 1001 characters", rs256(claims(connection_data="x" * 1001)), "data_too_long")
    address = rs256(claims(connection_data="ada@example.com"))
    yield inspected("data with an address", address, "data_with_email_address")
    yield inspected("layout with a comma", rs256(claims(initial_layout_class_list="a,b")), "comma_separated_layout")
    yield inspected("subject beside sub", rs256(claims(subject="video")))
    yield inspected("acl is null", rs256(claims(acl=None)), "null_field", "no_acl")


def several_faults():
    late = {"now": EXPIRE_TIME + 1}
    expired = "token_expired"
    badly_signed = {"signature": "invalid"}
    yield inspected("badly signed and expired", rs256(key=OTHER), "invalid_signature", expired, **badly_signed, **late)
    worst = claims_without("acl", "sub", "role")
    worst.update(subject="video", initial_layout_class_list=["focus"], connection_data="ada@example.com")
    yield inspected(
        "refused before warnings before notes",
        rs256(worst),
        expired,
        "data_with_email_address",
        "layout_as_array",
        "subject_claim",
        "default_role",
        "no_acl",
        **late,
    )


def vectors():
    for group in (
        sound_tokens,
        shapes_of_official_sdks,
        wrappings,
        shape_and_algorithm,
        signatures,
        owners,
        kinds_of_token,
        subjects,
        sessions,
        roles,
        times,
        types_and_hints,
        several_faults,
    ):
        for vector in group():
            inspect_cases.assert_findings_are_known_and_ordered(vector)
            yield vector
