"""Creates a video session with nothing but the standard library, and prints its ID.

    TOKMINT_API_KEY=... TOKMINT_API_SECRET=... python create_session_urllib.py
    TOKMINT_APPLICATION_ID=... TOKMINT_PRIVATE_KEY="$(cat private.key)" python create_session_urllib.py

An address as an argument replaces that of the platform.
"""

import json
import os
import sys
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from tokmint import OpenTok


def opentok_of_environment() -> OpenTok:
    if "TOKMINT_APPLICATION_ID" in os.environ:
        return OpenTok.for_application(os.environ["TOKMINT_APPLICATION_ID"], os.environ["TOKMINT_PRIVATE_KEY"])
    return OpenTok(os.environ["TOKMINT_API_KEY"], os.environ["TOKMINT_API_SECRET"])


def create_session(opentok: OpenTok, server: str | None = None) -> str:
    # A token for each call: it ends after minutes.
    token = opentok.generate_rest_token()
    if opentok.application_id:
        server = server or "https://video.api.vonage.com"
        headers = {"Authorization": f"Bearer {token}"}
    else:
        server = server or "https://api.opentok.com"
        headers = {"X-OPENTOK-AUTH": token}
    headers["Accept"] = "application/json"
    options = urlencode({"p2p.preference": "disabled", "archiveMode": "manual"}).encode()
    with urlopen(Request(f"{server}/session/create", options, headers), timeout=30) as response:
        session_id: str = json.load(response)[0]["session_id"]
    return session_id


if __name__ == "__main__":
    print(create_session(opentok_of_environment(), *sys.argv[1:]))
