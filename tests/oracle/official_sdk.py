"""The official Python SDK (`opentok` 3.15.0 on PyPI) as an oracle: its clock and its nonce are frozen.

The SDK reads `time.time()` and `random.randint()` through the names `time` and `random` of its own module, so
those two names are replaced for the length of one call and nothing else in the process notices.

Left out: what the SDK cannot say. It escapes every character of a JWT above U+007E as \\uXXXX, where tokmint
writes raw UTF-8, so `writes_tokmint_bytes` says for which grants its JWT is tokmint's, byte for byte.
"""

import importlib
from types import SimpleNamespace
from unittest import mock

import opentok

NAME_AND_VERSION = "opentok 3.15.0 (PyPI)"
REST_LIFETIME = 180

sdk_module = importlib.import_module("opentok.opentok")


def token(grant):
    frozen_clock = SimpleNamespace(time=lambda: float(grant["create_time"]))
    frozen_random = SimpleNamespace(randint=lambda lowest, highest: grant["nonce"])
    client = opentok.Client(grant["api_key"], grant["api_secret"])
    with mock.patch.object(sdk_module, "time", frozen_clock), mock.patch.object(sdk_module, "random", frozen_random):
        return client.generate_token(
            grant["session_id"],
            role=opentok.Roles(grant["role"]),
            # Where the vector gives no expiry the SDK must come to the same one by its own default.
            expire_time=grant["expire_time"] if grant["expiry_is_given"] else None,
            data=grant["data"],
            initial_layout_class_list=grant["initial_layout_class_list"],
            use_jwt=grant["token_format"] == "jwt",
        )


def rest_token(grant):
    """The token of the header X-OPENTOK-AUTH: the claims of tokmint's in another order, for 180 seconds."""
    frozen_clock = SimpleNamespace(time=lambda: float(grant["create_time"]))
    frozen_random = SimpleNamespace(random=lambda: grant["jti"])
    client = opentok.Client(grant["api_key"], grant["api_secret"])
    assert grant["expire_time"] == grant["create_time"] + REST_LIFETIME
    with mock.patch.object(sdk_module, "time", frozen_clock), mock.patch.object(sdk_module, "random", frozen_random):
        return client.get_headers()["X-OPENTOK-AUTH"]


def writes_tokmint_bytes(grant):
    """True for every T1 token, and for a JWT whose strings have no character after U+007E.

    The bound is "~" and not U+007F because the SDK's JSON writer escapes DEL, which JSON does not ask for.
    """
    texts = [grant["data"], *grant["initial_layout_class_list"]]
    return grant["token_format"] == "t1" or all(character <= "~" for text in texts for character in text)
