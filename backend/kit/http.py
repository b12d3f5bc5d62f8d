"""The HTTP edge: one session and one transaction a request, and the principal."""

from collections.abc import Callable, Iterator
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.security import OAuth2PasswordBearer
from sqlalchemy.orm import Session

from backend.kit import auth, context, db, scope
from backend.kit.auth import Claims, Principal
from backend.kit.problems import NotLoggedIn

oauth2 = OAuth2PasswordBearer(tokenUrl="/api/v1/auth/token", auto_error=False)
PrincipalLoader = Callable[[Session, Claims], Principal]
READING = ("GET", "HEAD")


def _session(request: Request) -> Iterator[Session]:
    session = db.open_session(read_only=request.method in READING)
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
    who = _speaker(session, token, load)
    scope.bind(session, who)
    context.set_channel(who.via)
    return who


def _speaker(session: Session, token: str | None, load: PrincipalLoader) -> Principal:
    if not token:
        raise NotLoggedIn("请先登录。")
    with scope.system_scope(session):
        return load(session, auth.read_token(token))


def _principal(request: Request, session: SessionDep, token: TokenDep) -> Principal:
    load = request.app.state.load_principal
    if request.method in READING:
        return authenticate(session, token, load)
    # Who writes begins the transaction in the route itself. Were it begun here, SQLite's one writer could wait for a
    # thread while all threads wait for the writer.
    with db.transaction(read_only=True) as reading:
        who = _speaker(reading, token, load)
    scope.bind(session, who)
    context.set_channel(who.via)
    return who


PrincipalDep = Annotated[Principal, Depends(_principal)]
"""The logged-in person; asking for it binds the request's session to them."""


def requires(permission: str) -> Any:
    """Return a dependency that refuses people without the permission."""

    def check(who: PrincipalDep) -> None:
        who.require(permission)

    return Depends(check)
