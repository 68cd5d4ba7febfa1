"""tokmint beside the official SDKs and a JWT library: each reads what the other writes, on random options."""

import base64
import hashlib
import hmac
import random
import time
from typing import Any
from urllib.parse import parse_qsl

import jwt
import pytest
from opentok import Client, Roles
from vonage_http_client import Auth, HttpClient
from vonage_jwt import verify_signature
from vonage_video import Video
from vonage_video.models import TokenOptions

from support import (
    API_KEY,
    API_SECRET,
    APPLICATION_ID,
    PRIVATE_KEY,
    PUBLIC_KEY,
    SESSION_ID,
    SESSION_OF_APPLICATION,
    application,
    project,
    verifier,
)

OPENTOK = project()
APPLICATION = application()
ROLES = {role.value: role for role in Roles}
LETTERS = "abcXYZ019 -_.~&=+%/?#\"'\\<>\n\täßπ語😀"


def random_options(random: random.Random) -> "dict[str, Any]":
    """What both take. Names of classes are those that need no escaping: the SDK writes them raw."""
    options: dict[str, Any] = {"role": random.choice(list(ROLES))}
    if random.random() < 0.7:
        options["data"] = "".join(random.choices(LETTERS, k=random.randint(1, 200)))
    if random.random() < 0.5:
        options["initial_layout_class_list"] = random.choices(
            ["focus", "full", "side-bar", "größe"], k=random.randint(1, 5)
        )
    if random.random() < 0.5:
        options["expires_in"] = random.randint(60, 2_500_000)
    return options


OPTION_SETS = [random_options(random.Random(seed)) for seed in range(1000)]
assert len({str(options) for options in OPTION_SETS}) > 900


def test_pyjwt_verifies_our_tokens() -> None:
    for options in OPTION_SETS:
        token = OPENTOK.generate_token(SESSION_ID, **options)
        claims = jwt.decode(
            token, API_SECRET, algorithms=["HS256"], issuer=API_KEY,
            options={"require": ["iss", "iat", "exp"], "strict_aud": True},
        )  # fmt: skip
        assert claims["session_id"] == SESSION_ID
        assert claims["role"] == options["role"]
        assert claims.get("connection_data", "") == options.get("data", "")
        classes = " ".join(options.get("initial_layout_class_list", []))
        assert claims.get("initial_layout_class_list", "") == classes
        assert claims["exp"] - claims["iat"] == options.get("expires_in", 86_400)
        assert jwt.get_unverified_header(token) == {"alg": "HS256", "typ": "JWT"}


def decode_t1(token: str) -> "dict[str, str]":
    """Reads and verifies a T1 token as the test helpers of the official SDK do."""
    decoded = base64.b64decode(token.removeprefix("T1==")).decode()
    head, said = decoded.split(":", 1)
    key, signature = (part.split("=", 1)[1] for part in head.split("&"))
    assert key == API_KEY
    assert signature == hmac.new(API_SECRET.encode(), said.encode(), hashlib.sha1).hexdigest()
    return dict(parse_qsl(said, keep_blank_values=True, strict_parsing=True))


def test_the_test_helpers_of_the_sdk_read_our_t1_tokens() -> None:
    for options in OPTION_SETS:
        fields = decode_t1(OPENTOK.generate_token(SESSION_ID, token_format="t1", **options))
        assert fields["session_id"] == SESSION_ID
        assert fields["role"] == options["role"]
        assert fields.get("connection_data", "") == options.get("data", "")
        classes = " ".join(options.get("initial_layout_class_list", []))
        assert fields.get("initial_layout_class_list", "") == classes
        assert int(fields["expire_time"]) - int(fields["create_time"]) == options.get("expires_in", 86_400)


@pytest.mark.parametrize("token_format", ["jwt", "t1"])
def test_we_verify_the_tokens_of_the_sdk(token_format: str) -> None:
    client = Client(API_KEY, API_SECRET)
    for options in OPTION_SETS:
        asked = dict(options, role=ROLES[options["role"]], use_jwt=token_format == "jwt")
        lifetime = asked.pop("expires_in", None)
        if lifetime:
            asked["expire_time"] = int(time.time()) + lifetime
        verified = OPENTOK.verify_token(client.generate_token(SESSION_ID, **asked), session_id=SESSION_ID)
        assert verified.format == token_format
        assert verified.role == options["role"]
        assert verified.data == options.get("data", "")
        assert list(verified.initial_layout_class_list) == options.get("initial_layout_class_list", [])
        assert verified.expire_time == asked.get("expire_time", verified.create_time + 86_400)


def test_pyjwt_verifies_our_tokens_of_applications() -> None:
    for options in OPTION_SETS[:200]:
        token = APPLICATION.generate_token(SESSION_OF_APPLICATION, **options)
        claims = jwt.decode(token, PUBLIC_KEY, algorithms=["RS256"], options={"require": ["sub", "iat", "exp", "jti"]})
        assert (claims["application_id"], claims["session_id"]) == (APPLICATION_ID, SESSION_OF_APPLICATION)
        assert claims["role"] == options["role"]
        assert claims.get("connection_data", "") == options.get("data", "")
        assert claims["initial_layout_class_list"] == " ".join(options.get("initial_layout_class_list", []))
        assert claims["exp"] - claims["iat"] == options.get("expires_in", 86_400)
        assert jwt.get_unverified_header(token) == {"alg": "RS256", "typ": "JWT"}


def test_we_verify_the_tokens_of_the_sdk_of_applications() -> None:
    video = Video(HttpClient(Auth(application_id=APPLICATION_ID, private_key=PRIVATE_KEY)))
    for options in OPTION_SETS[:25]:
        asked = {"session_id": SESSION_OF_APPLICATION, "role": options["role"]}
        asked["connection_data"] = options.get("data")
        if "initial_layout_class_list" in options:
            asked["initial_layout_class_list"] = options["initial_layout_class_list"]
        if "expires_in" in options:
            asked["exp"] = int(time.time()) + options["expires_in"]
        token = video.generate_client_token(TokenOptions(**asked))
        # The SDK returns bytes.
        verified = verifier().verify_token(token, session_id=SESSION_OF_APPLICATION)
        assert (verified.application_id, verified.role) == (APPLICATION_ID, options["role"])
        assert verified.data == options.get("data", "")
        assert list(verified.initial_layout_class_list) == options.get("initial_layout_class_list", [])
        assert verified.expire_time == asked.get("exp", verified.expire_time)


def test_others_verify_our_rest_tokens() -> None:
    claims = jwt.decode(OPENTOK.generate_rest_token(), API_SECRET, algorithms=["HS256"], issuer=API_KEY)
    assert (claims["ist"], claims["exp"] - claims["iat"]) == ("project", 180)
    token = APPLICATION.generate_rest_token(expires_in=60)
    claims = jwt.decode(token, PUBLIC_KEY, algorithms=["RS256"])
    assert (claims["application_id"], claims["exp"] - claims["iat"]) == (APPLICATION_ID, 60)
    sdk = Auth(application_id=APPLICATION_ID, private_key=PRIVATE_KEY).generate_application_jwt()
    assert set(claims) == set(jwt.decode(sdk, PUBLIC_KEY, algorithms=["RS256"]))
    assert verify_signature(OPENTOK.generate_rest_token(), API_SECRET)
