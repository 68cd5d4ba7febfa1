"""The cases of generate.json for Vonage applications, and the cases of rest.json: inputs only.

A case of generate.json is (name, application_id, name of the key, session_id, options). Data, layout classes and times
are those of generate_cases.py. Every case gives `create_time` and `jti`: a token is reproducible only with both.
"""

from applications import (
    ANOTHER_SESSION_ID,
    APPLICATION_ID,
    JTI,
    KEYS,
    LONGEST_SESSION_ID,
    OTHER_APPLICATION_ID,
    OTHER_SESSION_ID,
    SESSION_ID,
    SESSION_ID_IN_CAPITALS,
)
from generate_cases import (
    CREATE_TIME,
    DATA,
    DATA_OF_1000_UNITS,
    DAY,
    LARGEST_EXPIRE_TIME,
    LAYOUT_CLASSES,
    THIRTY_DAYS,
)
from notation import repeat
from projects import API_KEY, API_SECRET, PROJECT_OF_2025

LONGEST_REST_LIFETIME = 86400
JTI_OF_VERSION_7 = "018bcfe5-6800-7abc-8def-abcdefabcdef"


def case(name, options, application_id=APPLICATION_ID, key="main", session_id=SESSION_ID):
    return f"application: {name}", application_id, key, session_id, {"create_time": CREATE_TIME, "jti": JTI, **options}


def options_one_by_one():
    yield case("no option: for a publisher, 24 hours", {})
    yield case("the format is jwt", {"token_format": "jwt"})
    for role in ("subscriber", "publisher", "publisheronly", "moderator"):
        yield case(f"role {role}", {"role": role})
    yield case("expires one second after creation", {"expire_time": CREATE_TIME + 1})
    yield case("expires exactly 30 days after creation", {"expire_time": CREATE_TIME + THIRTY_DAYS})
    yield case("expires in one second", {"expires_in": 1})
    yield case("expires in exactly 30 days", {"expires_in": THIRTY_DAYS})
    yield case("expires in 15 minutes", {"expires_in": 900})
    yield case("created at the epoch", {"create_time": 0})
    yield case("created in the last second of 31 bits", {"create_time": 2**31 - 1})
    yield case("created after 32 bits", {"create_time": 2**32})
    yield case("latest default expiry", {"create_time": LARGEST_EXPIRE_TIME - DAY})
    latest = {"create_time": LARGEST_EXPIRE_TIME - THIRTY_DAYS, "expire_time": LARGEST_EXPIRE_TIME}
    yield case("latest expiry there is", latest)
    yield case("jti of letters and of version 7", {"jti": JTI_OF_VERSION_7})


def data_and_layout():
    yield case("empty data is no data", {"data": ""})
    for name, text in DATA.items():
        yield case(f"data: {name}", {"data": text})
    for name, text in DATA_OF_1000_UNITS.items():
        yield case(f"data of exactly 1000 UTF-16 units: {name}", {"data": text})
    for name, classes in LAYOUT_CLASSES.items():
        yield case(f"layout: {name}", {"initial_layout_class_list": classes})


def everything_at_once():
    everything = {
        "role": "moderator",
        "expire_time": CREATE_TIME + 3600,
        "data": "name=Ada & co",
        "initial_layout_class_list": ["focus", "full-screen"],
        "token_format": "jwt",
        "jti": "4bf92f35-77b3-4da6-a3ce-929d0e0e4736",
    }
    yield case("every option set", everything)
    worst = {
        "role": "publisheronly",
        "expires_in": THIRTY_DAYS,
        "data": repeat("\u4e2d", 1000),
        "initial_layout_class_list": [repeat("\u6587", 1000)],
    }
    yield case("long in every field", worst, session_id=LONGEST_SESSION_ID)


def applications_and_sessions():
    capitals = APPLICATION_ID.upper()
    yield case("ID in capitals, written in lower case", {}, application_id=capitals)
    yield case("ID in capitals and small letters", {}, application_id=capitals[:18] + APPLICATION_ID[18:])
    yield case("owner of the session in capitals", {}, session_id=SESSION_ID_IN_CAPITALS)
    yield case("ID and owner in capitals", {}, application_id=capitals, session_id=SESSION_ID_IN_CAPITALS)
    yield case("session with prefix 1_", {}, session_id=ANOTHER_SESSION_ID)
    yield case("longest session ID", {}, session_id=LONGEST_SESSION_ID)
    yield case("another application", {}, OTHER_APPLICATION_ID, "other", OTHER_SESSION_ID)


def keys():
    for name in KEYS:
        if KEYS[name]["private_key"] != KEYS["main"]["private_key"]:
            yield case(f"key {name}", {}, key=name)


def cases():
    for group in (options_one_by_one, data_and_layout, everything_at_once, applications_and_sessions, keys):
        yield from group()


# --- rest.json ---


def rest_options():
    """(name, options) of both kinds of credentials."""
    yield "no option", {}
    yield "expires in one second", {"expires_in": 1}
    yield "expires in 5 minutes", {"expires_in": 300}
    yield "expires in 24 hours", {"expires_in": LONGEST_REST_LIFETIME}
    yield "created at the epoch", {"create_time": 0}
    yield "created after 32 bits", {"create_time": 2**32}
    yield "every option set", {"create_time": 1800000000, "expires_in": 60, "jti": JTI_OF_VERSION_7}


def rest_cases():
    """(name, credentials, options); credentials as a vector has them."""

    def complete(options):
        return {"create_time": CREATE_TIME, "jti": JTI, **options}

    project = {"api_key": API_KEY, "api_secret": API_SECRET}
    application = {"application_id": APPLICATION_ID, "private_key": "main"}
    for kind, credentials in (("project", project), ("application", application)):
        for name, options in rest_options():
            yield f"{kind}: {name}", credentials, complete(options)
    key, secret, _ = PROJECT_OF_2025
    yield "project: another one", {"api_key": key, "api_secret": secret}, complete({})
    in_capitals = {**application, "application_id": APPLICATION_ID.upper()}
    yield "application: ID in capitals, written in lower case", in_capitals, complete({})
    for name in ("other", "rsa3072", "rsa4096"):
        yield f"application: key {name}", {**application, "private_key": name}, complete({})
