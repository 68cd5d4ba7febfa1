"""A backend that lets its users join video sessions: it authorises the caller, chooses a role and returns a token.

    pip install tokmint fastapi uvicorn
    TOKMINT_API_KEY=... TOKMINT_API_SECRET=... uvicorn fastapi_app:app
    curl -X POST -H 'Authorization: Bearer ada-access-token' localhost:8000/sessions/<session ID>/token

Replace `USERS` by your own users and `may_join` by your own rule; keep the order: authorise first, then mint.
"""

import os
from datetime import datetime, timedelta
from typing import Annotated, NamedTuple

from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel

from tokmint import OpenTok, Role, SessionError


class User(NamedTuple):
    id: str
    role: Role


class JoinToken(BaseModel):
    token: str
    role: Role
    expires_at: datetime


# One object for the whole process. Bad credentials stop the server here, not at the first request.
opentok = OpenTok(os.environ["TOKMINT_API_KEY"], os.environ["TOKMINT_API_SECRET"])
app = FastAPI()

USERS = {
    "ada-access-token": User("ada", Role.MODERATOR),
    "bob-access-token": User("bob", Role.PUBLISHER),
    "eve-access-token": User("eve", Role.SUBSCRIBER),
}


def current_user(credentials: Annotated[HTTPAuthorizationCredentials, Depends(HTTPBearer())]) -> User:
    user = USERS.get(credentials.credentials)
    if user is None:
        raise HTTPException(401, "unknown access token")
    return user


def may_join(user: User, session_id: str) -> bool:
    return user.id != "eve"


@app.post("/sessions/{session_id}/token")
def join(session_id: str, user: Annotated[User, Depends(current_user)]) -> JoinToken:
    if not may_join(user, session_id):
        raise HTTPException(403, "you are not invited to this session")
    try:
        # Everybody in the session can read the data: an identifier, nothing private.
        token = opentok.generate_token(session_id, user.role, data=f"user={user.id}", expires_in=timedelta(hours=1))
    except SessionError as error:
        # The session ID came from the client. Every other error is the server's own and becomes a 500.
        raise HTTPException(404, str(error)) from None
    verified = opentok.verify_token(token)
    return JoinToken(token=token, role=verified.role, expires_at=verified.expires_at)
