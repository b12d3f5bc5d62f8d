"""problem+json answers (RFC 9457) that this process gives by itself, in words for people."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace

from starlette.responses import Response


@dataclass(frozen=True, slots=True)
class ProblemKind:
    """One kind of refusal: its type, status and the Chinese sentence a person reads."""

    type: str
    status: int
    title: str
    detail: str


BACKEND_DOWN = ProblemKind(
    "/problems/backend-unavailable",
    503,
    "Backend unavailable",
    "服务正在启动或暂时连不上，请稍后再试",
)
BACKEND_SLOW = ProblemKind(
    "/problems/backend-timeout",
    504,
    "Backend did not answer in time",
    "等了很久没有收到回应，请稍后看看是否已经办好，再决定要不要重试",
)
BODY_TOO_LARGE = ProblemKind(
    "/problems/too-large",
    413,
    "Content too large",
    "发送的内容太大了，单次最多 12 MB，请压缩或分开发送",
)
NOT_FOUND = ProblemKind("/problems/not-found", 404, "Not found", "没有这个页面，请检查地址")
HEADERS_TOO_LARGE = ProblemKind(
    "/problems/headers-too-large", 431, "Request header fields too large", "请求的地址或请求头太长了，请缩短后再试"
)
UNEXPECTED = ProblemKind(
    "/problems/unexpected", 500, "Unexpected error", "这一步没有完成，请稍后再试，或联系客服并告知编号"
)
_KINDS = {
    kind.status: kind
    for kind in (
        ProblemKind("/problems/bad-request", 400, "Bad request", "这个请求没法处理，请检查后再试"),
        NOT_FOUND,
        ProblemKind("/problems/method-not-allowed", 405, "Method not allowed", "这个地址不支持这种操作"),
        BODY_TOO_LARGE,
        ProblemKind("/problems/no-such-range", 416, "Range not satisfiable", "文件没有这一段"),
        HEADERS_TOO_LARGE,
        UNEXPECTED,
        BACKEND_DOWN,
        BACKEND_SLOW,
    )
}


def kind_for(status: int) -> ProblemKind:
    """The words for a bare status."""
    return _KINDS.get(status) or replace(_KINDS[400] if status < 500 else UNEXPECTED, status=status)


def problem_response(kind: ProblemKind, path: str, trace_id: str, kept: Mapping[str, str] | None = None) -> Response:
    """The answer for one refusal; retryable ones say when to come back. ``kept`` are headers that belong to it."""
    body = {
        "type": kind.type,
        "title": kind.title,
        "status": kind.status,
        "detail": kind.detail,
        "instance": path,
        "trace_id": trace_id,
    }
    headers = {"X-Request-ID": trace_id, "Cache-Control": "no-store", **(kept or {})}
    if kind.status == 503:
        headers.setdefault("Retry-After", "3")
    return Response(
        json.dumps(body, ensure_ascii=False).encode(),
        status_code=kind.status,
        media_type="application/problem+json",
        headers=headers,
    )
