"""The HTTP edge: one session and one transaction a request, and the principal."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Annotated, Any

from fastapi import Depends, Request, Response
from fastapi.security import OAuth2PasswordBearer
from pydantic import BaseModel
from sqlalchemy.orm import Session

from backend.kit import auth, context, db, scope
from backend.kit.auth import Claims, Principal
from backend.kit.problems import NotLoggedIn

oauth2 = OAuth2PasswordBearer(tokenUrl="/api/v1/auth/token", auto_error=False)
PrincipalLoader = Callable[[Session, Claims], Principal]


AT_ONCE = 24
"""Requests that may have a session at once, fewer than there are threads and connections.

Whoever waits for a locked row, or for SQLite's one writer, waits in a thread; whoever has the lock needs another thread to
finish. Without this limit forty who wait leave none for the one they wait for. More requests wait in the event loop.
"""


async def _admitted(request: Request) -> AsyncIterator[None]:
    state = request.app.state
    if not hasattr(state, "admission"):
        state.admission = asyncio.Semaphore(AT_ONCE)
    async with state.admission:
        yield


def _session(request: Request, _admitted: Annotated[None, Depends(_admitted, scope="function")]) -> Iterator[Session]:
    session = db.open_session(read_only=request.method in ("GET", "HEAD"))
    try:
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.close()


SessionDep = Annotated[Session, Depends(_session, scope="function")]
"""The request's transaction: committed before the answer is sent, rolled back on any error."""

TokenDep = Annotated[str | None, Depends(oauth2)]


def authenticate(session: Session, token: str | None, load: PrincipalLoader) -> Principal:
    """Return the principal of a token and bind the session to it. Raises NotLoggedIn."""
    if not token:
        raise NotLoggedIn("请先登录。")
    with scope.system_scope(session):
        who = load(session, auth.read_token(token))
    scope.bind(session, who)
    context.set_channel(who.via)
    return who


def _principal(request: Request, session: SessionDep, token: TokenDep) -> Principal:
    return authenticate(session, token, request.app.state.load_principal)


PrincipalDep = Annotated[Principal, Depends(_principal)]
"""The logged-in person; asking for it binds the request's session to them."""


def requires(permission: str) -> Any:
    """Return a dependency that refuses people without the permission."""

    def check(who: PrincipalDep) -> None:
        who.require(permission)

    return Depends(check)


def written(answer: BaseModel) -> Response:
    """Return a long answer as it is sent: the framework would check it and turn it over once more."""
    return Response(answer.model_dump_json(), media_type="application/json")
