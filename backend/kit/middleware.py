"""ASGI layers around the app: correlation id, body limit, HEAD, last-resort error answer, access log and metrics."""

import json
import logging
import re
import time
from contextlib import suppress
from typing import Any

from prometheus_client import Counter, Histogram
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from backend.kit import context
from backend.kit.address import Networks, client_address
from backend.kit.problems import BadRequest, TooLarge
from backend.kit.refusals import as_problem, problem_for, problem_response

log = logging.getLogger("guanjia.access")

REQUESTS = Counter("guanjia_http_requests_total", "HTTP requests", ["method", "route", "status"])
SECONDS = Histogram("guanjia_http_request_seconds", "HTTP request time in seconds", ["route"])

_TRACE = re.compile(r"^[A-Za-z0-9._-]{8,64}$")


API = "/api/"
WORDLESS = ("", "text/plain")
_KEPT_WITH_WORDS = ("allow", "content-range", "retry-after", "www-authenticate")


class RequestContext:
    """Sets the origin, gives every error its words as problem+json, counts and logs the request."""

    def __init__(self, app: ASGIApp, connectors: Networks) -> None:
        self.app, self._connectors = app, connectors

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        origin = context.set_origin(
            trace_id=given if _TRACE.match(given) else None,
            channel="web",
            ip=client_address(scope, self._connectors),
        )
        started, status, reworded = time.perf_counter(), 0, False

        async def send_marked(message: Message) -> None:
            nonlocal status, reworded
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                if status >= 400 and headers.get("content-type", "").partition(";")[0] in WORDLESS:
                    reworded = True
                    kept = {name: headers[name] for name in _KEPT_WITH_WORDS if name in headers}
                    await problem_response(problem_for(status), Request(scope), kept)(scope, receive, send_whole)
                    return
                mark(headers)
            if not reworded:
                await send(message)

        async def send_whole(message: Message) -> None:
            if message["type"] == "http.response.start":
                mark(MutableHeaders(scope=message))
            await send(message)

        def mark(headers: MutableHeaders) -> None:
            headers["X-Request-ID"] = origin.trace_id
            if scope["path"].startswith(API):
                headers.setdefault("Cache-Control", "no-store")

        try:
            await self.app(scope, receive, send_marked)
        except Exception as error:
            if status:
                raise
            response = problem_response(as_problem(error), Request(scope))
            await response(scope, receive, send_marked)
        finally:
            self._record(scope, status, time.perf_counter() - started, origin.trace_id)

    @staticmethod
    def _record(scope: Scope, status: int, seconds: float, trace_id: str) -> None:
        route = getattr(scope.get("route"), "path", "-")
        REQUESTS.labels(scope["method"], route, status).inc()
        SECONDS.labels(route).observe(seconds)
        log.info("%s %s %s %.1fms trace=%s", scope["method"], route, status, seconds * 1000, trace_id)


class _HeadersSent(Exception):
    """A HEAD is answered: nothing of what follows is wanted."""


class HeadAsGet:
    """Answers HEAD as GET without the body. An answer that has no end, such as a stream of events, ends at once."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return

        async def send_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                await send(message)
                await send({"type": "http.response.body", "body": b"", "more_body": False})
                raise _HeadersSent

        with suppress(_HeadersSent):
            await self.app({**scope, "method": "GET"}, receive, send_headers)


class BodyLimit:
    """Refuses bodies over a limit, by their declared length and by what really arrives."""

    def __init__(self, app: ASGIApp, limit_bytes: int, larger: dict[str, int]) -> None:
        self.app, self.limit_bytes, self.larger = app, limit_bytes, larger

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        limit = self.larger.get(scope["path"], self.limit_bytes)
        declared = Headers(scope=scope).get("content-length", "0")
        if not declared.isdigit():
            raise BadRequest()
        if int(declared) > limit:
            raise TooLarge()
        received = 0

        async def receive_limited() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > limit:
                raise TooLarge()
            return message

        await self.app(scope, receive_limited, send)


class JsonLogs(logging.Formatter):
    """Log lines as JSON with the correlation id. Phone numbers are masked."""

    _phone = re.compile(r"(?<!\d)(1\d{2})\d{4}(\d{4})(?!\d)")

    def format(self, record: logging.LogRecord) -> str:
        """Return one line."""
        line: dict[str, Any] = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            "trace": context.origin().trace_id,
        }
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return self._phone.sub(r"\1****\2", json.dumps(line, ensure_ascii=False))


def configure_logs() -> None:
    """Send all logs to standard error as JSON lines."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLogs())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.INFO)
    for noisy in ("httpx", "httpcore", "uvicorn.access", "jieba", "celery.app.trace"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
