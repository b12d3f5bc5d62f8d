"""How errors leave the backend: every one as application/problem+json, with a Chinese detail and a trace id."""

import logging
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict
from sqlalchemy.exc import DataError, IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from starlette.exceptions import HTTPException
from starlette.routing import Match
from starlette.types import Scope

from backend.kit import context
from backend.kit.fields import SAID
from backend.kit.problems import Conflict, InvalidInput, Problem, TooLarge, Unavailable, UnsupportedMedia

log = logging.getLogger("guanjia.http")

_MESSAGES = {
    "missing": "必填",
    "extra_forbidden": "不认识的字段",
    "string_too_short": "不能为空或太短",
    "string_too_long": "太长了",
    "string_type": "应为文字",
    "int_type": "应为整数",
    "int_parsing": "应为整数",
    "int_parsing_size": "太大了",
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
    "datetime_from_date_parsing": "时间格式不对",
    "timezone_aware": "时间要带时区",
    "string_pattern_mismatch": "格式不对",
    "model_attributes_type": "应为对象",
}
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def _field(location: tuple[Any, ...], kind: str, given: Any) -> str:
    """Return the field as the sender wrote it: pydantic's path without the names of our types."""
    if location[:1] != ("body",):
        return ".".join(part for part in location[1:] if isinstance(part, str)) or "body"
    parts: list[str] = []
    for n, part in enumerate(location[1:], start=2):
        if _has(given, part):
            given = given[part]
        elif not (kind == "missing" and n == len(location)):
            continue
        parts.append(str(part))
    return ".".join(parts) or "body"


def _has(given: Any, part: Any) -> bool:
    if isinstance(given, list):
        return isinstance(part, int) and part < len(given)
    return isinstance(given, Mapping) and part in given


def invalid_input(error: RequestValidationError) -> InvalidInput:
    """Return pydantic's complaints as a problem that names each field in Chinese."""
    found = [
        {
            "field": _field(e["loc"], e["type"], error.body),
            "message": e["msg"] if e["type"] == SAID else _MESSAGES.get(e["type"], "格式不对"),
        }
        for e in error.errors()
    ]
    return InvalidInput(errors=found)


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


class NoSuchRange(Problem):
    """A part of a file that the file does not have."""

    status, type, title = 416, "/problems/no-such-range", "Range not satisfiable"
    default_detail = "文件没有这一段。"


_BY_STATUS: dict[int, type[Problem]] = {
    kind.status: kind
    for kind in (NoSuchAddress, MethodNotAllowed, TooLarge, UnsupportedMedia, NoSuchRange, Unavailable)
}


def problem_for(status: int) -> Problem:
    """Return the problem for a bare status that something below us has answered."""
    return _BY_STATUS.get(status, Unexpected if status >= 500 else Problem)()


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
        if error.status_code == 400 and error.__cause__ is not None:
            return InvalidInput(errors=[{"field": "body", "message": "内容读不懂，请检查格式"}])
        return problem_for(error.status_code)
    if isinstance(error, DataError | OverflowError):  # a number or a character that the database cannot keep
        return InvalidInput(errors=[{"field": "body", "message": "有数字太大，或有不能保存的字符"}])
    if isinstance(error, IntegrityError):
        log.warning("refused by the database: %s", error)
        return Conflict("已经有同样的内容，或者刚刚有人改过，请刷新后再看。")
    if isinstance(error, OperationalError):
        log.exception("database unavailable")
        return Unavailable()
    log.exception("unexpected error")
    return Unexpected()


def problem_response(problem: Problem, request: Request, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """Return the problem as application/problem+json."""
    body = {**problem.body(), "instance": request.url.path, "trace_id": context.origin().trace_id}
    sent = {**(headers or {}), **({"WWW-Authenticate": "Bearer"} if problem.status == 401 else {})}
    if "retry_after_s" in problem.extras:
        sent["Retry-After"] = str(problem.extras["retry_after_s"])
    return JSONResponse(body, problem.status, headers=sent, media_type="application/problem+json")


def allowed_methods(app: FastAPI, path: str) -> list[str]:
    """Return the methods that an address takes."""

    def takes(method: str) -> bool:
        scope: Scope = {"type": "http", "path": path, "root_path": "", "method": method, "headers": []}
        return any(route.matches(scope)[0] is Match.FULL for route in app.router.routes)

    found = [method for method in _METHODS if takes(method)]
    return ["HEAD", *found] if "GET" in found else found


def install_problem_handlers(app: FastAPI) -> None:
    """Make every error of the app leave as problem+json."""

    async def handle(request: Request, error: Exception) -> JSONResponse:
        problem = as_problem(error)
        if problem.status != MethodNotAllowed.status:
            return problem_response(problem, request)
        return problem_response(problem, request, {"Allow": ", ".join(allowed_methods(app, request.scope["path"]))})

    for kind in (
        Problem,
        RequestValidationError,
        HTTPException,
        StaleDataError,
        IntegrityError,
        OperationalError,
        DataError,
        OverflowError,
    ):
        app.add_exception_handler(kind, handle)


class FieldOut(BaseModel):
    """A field that is wrong, and why."""

    field: str
    message: str


class ProblemOut(BaseModel):
    """What is sent for every error (RFC 9457). ``detail`` is Chinese and meant for people."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    detail: str
    instance: str
    trace_id: str
    errors: list[FieldOut] | None = None


_ANSWERS = {
    401: ("NotLoggedIn", "Not logged in"),
    403: ("Forbidden", "Without the right"),
    404: ("NotFound", "Not there, or not for this person"),
    409: ("Conflict", "Not in this state, or somebody was faster"),
    413: ("TooLarge", "Too large"),
    422: ("InvalidInput", "A field is missing or wrong"),
    429: ("TooManyRequests", "Too often"),
}
RESPONSES: dict[int | str, dict[str, Any]] = {
    status: {"model": ProblemOut, "description": words} for status, (_, words) in _ANSWERS.items()
}
"""The errors that any address under /api/v1 may answer."""


def document_problems(app: FastAPI) -> None:
    """Describe the errors in OpenAPI once, with the media type that they really have."""
    plain = app.openapi

    def described() -> dict[str, Any]:
        if app.openapi_schema is None:
            _share(plain())
        return plain()

    app.openapi = described  # type: ignore[method-assign]


def _share(schema: dict[str, Any]) -> None:
    content = {"application/problem+json": {"schema": {"$ref": f"#/components/schemas/{ProblemOut.__name__}"}}}
    schema["components"]["responses"] = {
        name: {"description": words, "content": content} for name, words in _ANSWERS.values()
    }
    for operation in (o for item in schema["paths"].values() for o in item.values()):
        for status, (name, _) in _ANSWERS.items():
            if "ProblemOut" in str(operation["responses"].get(str(status), "")):
                operation["responses"][str(status)] = {"$ref": f"#/components/responses/{name}"}
