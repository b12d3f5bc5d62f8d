"""problem+json answers (RFC 9457) that this process gives by itself, in words for people."""

import json
from dataclasses import dataclass

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
    "/problems/body-too-large",
    413,
    "Request body too large",
    "发送的内容太大了，单次最多 12 MB，请压缩或分开发送",
)
NOT_FOUND = ProblemKind("/problems/not-found", 404, "Not found", "没有这个页面，请检查地址")


def problem_response(kind: ProblemKind, path: str, trace_id: str) -> Response:
    """The answer for one refusal; retryable ones say when to come back."""
    body = {
        "type": kind.type,
        "title": kind.title,
        "status": kind.status,
        "detail": kind.detail,
        "instance": path,
        "trace_id": trace_id,
    }
    headers = {"X-Request-ID": trace_id, "Cache-Control": "no-store"}
    if kind.status == 503:
        headers["Retry-After"] = "3"
    return Response(
        json.dumps(body, ensure_ascii=False).encode(),
        status_code=kind.status,
        media_type="application/problem+json",
        headers=headers,
    )
