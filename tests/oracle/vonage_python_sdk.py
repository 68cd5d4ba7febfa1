"""The official Python SDKs of Vonage applications (`vonage-video` and `vonage-jwt` on PyPI) as an oracle, their
clock and UUIDs frozen.

Their client tokens have other claims than tokmint's (`subject` for `sub`, layout classes as an array), so they are for
verify_token to read. Their REST tokens are tokmint's byte for byte if they live 900 seconds.
"""

import importlib
from unittest import mock

from vonage_http_client import Auth, HttpClient
from vonage_video import Video
from vonage_video.models import TokenOptions

REST_NAME_AND_VERSION = "vonage-jwt 1.1.5 (PyPI)"
REST_LIFETIME = 900

jwt_module = importlib.import_module("vonage_jwt.jwt")
token_module = importlib.import_module("vonage_video.models.token")


def frozen(module, grant):
    return mock.patch.multiple(module, time=lambda: float(grant["create_time"]), uuid4=lambda: grant["jti"])


def authentication(grant):
    return Auth(application_id=grant["application_id"].lower(), private_key=grant["private_key"])


def client_token(grant):
    video = Video(HttpClient(authentication(grant)))
    options = {"session_id": grant["session_id"], "role": grant["role"], "connection_data": grant["data"] or None}
    if grant["initial_layout_class_list"]:
        options["initial_layout_class_list"] = grant["initial_layout_class_list"]
    if grant["expiry_is_given"]:
        options["exp"] = grant["expire_time"]
    with frozen(jwt_module, grant), frozen(token_module, grant):
        return video.generate_client_token(TokenOptions(**options)).decode("ascii")


def rest_token(grant):
    assert grant["expire_time"] == grant["create_time"] + REST_LIFETIME
    with frozen(jwt_module, grant):
        return authentication(grant).generate_application_jwt().decode("ascii")
