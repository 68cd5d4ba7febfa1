"""Creates a video session with httpx, and prints its ID.

    pip install tokmint httpx
    TOKMINT_API_KEY=... TOKMINT_API_SECRET=... python create_session_httpx.py
    TOKMINT_APPLICATION_ID=... TOKMINT_PRIVATE_KEY="$(cat private.key)" python create_session_httpx.py

An address as an argument replaces that of the platform.
"""

import asyncio
import os
import sys
from collections.abc import Generator

import httpx

from tokmint import OpenTok


class PlatformAuth(httpx.Auth):
    """Puts a fresh token into each request: it ends after minutes."""

    def __init__(self, opentok: OpenTok) -> None:
        self.opentok = opentok

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        token = self.opentok.generate_rest_token()
        if self.opentok.application_id:
            request.headers["Authorization"] = f"Bearer {token}"
        else:
            request.headers["X-OPENTOK-AUTH"] = token
        yield request


def platform(opentok: OpenTok, server: str | None = None) -> httpx.AsyncClient:
    """One client for the whole process, as it keeps its connections."""
    default = "https://video.api.vonage.com" if opentok.application_id else "https://api.opentok.com"
    headers = {"Accept": "application/json"}
    return httpx.AsyncClient(base_url=server or default, auth=PlatformAuth(opentok), headers=headers)


async def create_session(client: httpx.AsyncClient) -> str:
    response = await client.post("/session/create", data={"p2p.preference": "disabled", "archiveMode": "manual"})
    response.raise_for_status()
    session_id: str = response.json()[0]["session_id"]
    return session_id


def opentok_of_environment() -> OpenTok:
    if "TOKMINT_APPLICATION_ID" in os.environ:
        return OpenTok.for_application(os.environ["TOKMINT_APPLICATION_ID"], os.environ["TOKMINT_PRIVATE_KEY"])
    return OpenTok(os.environ["TOKMINT_API_KEY"], os.environ["TOKMINT_API_SECRET"])


async def main() -> None:
    async with platform(opentok_of_environment(), *sys.argv[1:]) as client:
        print(await create_session(client))


if __name__ == "__main__":
    asyncio.run(main())
