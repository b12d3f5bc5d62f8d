"""The HTTP edge: one session and one transaction a request, the principal, and every error as problem+json."""

import logging
from collections.abc import Callable, Iterator
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.security import OAuth2PasswordBearer
from sqlalchemy.exc import DataError, OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError
from starlette.exceptions import HTTPException

from backend.kit import auth, context, db, scope
from backend.kit.auth import Claims, Principal
from backend.kit.problems import Conflict, InvalidInput, NotLoggedIn, Problem, Unavailable

log = logging.getLogger("guanjia.http")

oauth2 = OAuth2PasswordBearer(tokenUrl="/api/v1/auth/token", auto_error=False)
PrincipalLoader = Callable[[Session, Claims], Principal]


def _session(request: Request) -> Iterator[Session]:
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


_MESSAGES = {
    "missing": "必填",
    "extra_forbidden": "不认识的字段",
    "string_too_short": "不能为空或太短",
    "string_too_long": "太长了",
    "string_type": "应为文字",
    "int_type": "应为整数",
    "int_parsing": "应为整数",
    "int_from_float": "应为整数",
    "bool_type": "应为是或否",
    "list_type": "应为列表",
    "dict_type": "应为对象",
    "enum": "不在可选范围内",
    "literal_error": "不在可选范围内",
    "greater_than_equal": "太小了",
    "less_than_equal": "太大了",
    "too_long": "数量太多",
    "json_invalid": "不是有效的 JSON",
    "datetime_parsing": "时间格式不对",
    "timezone_aware": "时间要带时区",
    "string_pattern_mismatch": "格式不对",
    "model_attributes_type": "应为对象",
}


def _field(location: tuple[Any, ...]) -> str:
    parts = [str(p) for p in location if p not in ("body", "query", "path", "header", "form")]
    return ".".join(parts) or "body"


def invalid_input(error: RequestValidationError) -> InvalidInput:
    """Return pydantic's complaints as a problem that names each field in Chinese."""
    errors = [{"field": _field(e["loc"]), "message": _MESSAGES.get(e["type"], "格式不对")} for e in error.errors()]
    return InvalidInput(errors=errors)


def problem_response(problem: Problem, request: Request) -> JSONResponse:
    """Return the problem as application/problem+json."""
    body = {
        **problem.body(),
        "instance": request.url.path,
        "trace_id": context.origin().trace_id,
    }
    headers = {"WWW-Authenticate": "Bearer"} if problem.status == 401 else {}
    if "retry_after_s" in problem.extras:
        headers["Retry-After"] = str(problem.extras["retry_after_s"])
    return JSONResponse(body, problem.status, headers=headers, media_type="application/problem+json")


class Unexpected(Problem):
    """A bug. The person gets a reference, the log gets the traceback."""

    status, type, title = 500, "/problems/unexpected", "Unexpected error"
    default_detail = "这一步没有完成，已记录。请稍后再试，或联系客服并告知编号。"


class NoSuchAddress(Problem):
    """No route."""

    status, type, title = 404, "/problems/no-such-address", "No such address"
    default_detail = "没有这个地址。"


class MethodNotAllowed(Problem):
    """A route, but not with this method."""

    status, type, title = 405, "/problems/method-not-allowed", "Method not allowed"
    default_detail = "这个地址不支持这种操作。"


_BY_STATUS: dict[int, type[Problem]] = {404: NoSuchAddress, 405: MethodNotAllowed}


def as_problem(error: Exception) -> Problem:
    """Translate any exception into the problem that leaves the backend."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, RequestValidationError):
        return invalid_input(error)
    if isinstance(error, StaleDataError):
        return Conflict()
    if isinstance(error, HTTPException):
        if isinstance(error.__cause__, Problem):  # FastAPI wraps what went wrong while it read the body
            return error.__cause__
        return _BY_STATUS.get(error.status_code, Problem)()
    if isinstance(error, DataError | OverflowError):  # a NUL in a text, a number beyond the column
        return InvalidInput()
    if isinstance(error, OperationalError):
        log.exception("database unavailable")
        return Unavailable()
    log.exception("unexpected error")
    return Unexpected()


def install_problem_handlers(app: FastAPI) -> None:
    """Make every error of the app leave as problem+json."""

    async def handle(request: Request, error: Exception) -> JSONResponse:
        return problem_response(as_problem(error), request)

    for kind in (
        Problem,
        RequestValidationError,
        HTTPException,
        StaleDataError,
        OperationalError,
        DataError,
        OverflowError,
    ):
        app.add_exception_handler(kind, handle)
