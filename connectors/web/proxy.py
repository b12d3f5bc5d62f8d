"""Streaming reverse proxy from the public port to the backend.

One shared client with pooled connections, and a second one for event streams: a pool looks at each of its connections
for every request, and hundreds of open streams would slow everybody down. Bodies flow through in both directions
without being gathered, so server sent events arrive as they are written. Raises nothing: what goes wrong becomes a
problem+json answer.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpx
from starlette.types import Receive, Scope, Send

from connectors.web.headers import RawHeaders, end_to_end
from connectors.web.problems import (
    BACKEND_DOWN,
    BACKEND_SLOW,
    BODY_TOO_LARGE,
    ProblemKind,
    problem_response,
)
from connectors.web.visitor import TRACE

log = logging.getLogger(__name__)

SET_HERE = frozenset(
    {b"x-forwarded-for", b"x-forwarded-proto", b"x-forwarded-host", b"x-real-ip", b"forwarded", b"x-request-id"}
)
SAID_BY_SERVER = frozenset({b"date", b"server"})  # the public server says these itself
REPEATABLE = frozenset({"GET", "HEAD", "OPTIONS"})
EVENT_STREAM = b"text/event-stream"
KEEPALIVE_S = 4.0  # below the 5 s after which uvicorn closes an idle connection
MAX_KEEPALIVE = 64


class BodyTooLarge(Exception):
    """The request body passed the limit while it was being read."""


class ClientGone(Exception):
    """The client closed the connection before its request was whole."""


def make_client(
    backend_url: str,
    connect_timeout_s: float,
    read_timeout_s: float,
    transport: httpx.AsyncBaseTransport | None = None,
) -> httpx.AsyncClient:
    """A client that follows no redirect, keeps no cookie and reads no proxy from the environment."""
    return httpx.AsyncClient(
        base_url=backend_url,
        transport=transport,
        trust_env=False,
        cookies=CookieJar(policy=DefaultCookiePolicy(allowed_domains=[])),
        timeout=httpx.Timeout(read_timeout_s, connect=connect_timeout_s, pool=connect_timeout_s),
        limits=httpx.Limits(
            max_connections=None, max_keepalive_connections=MAX_KEEPALIVE, keepalive_expiry=KEEPALIVE_S
        ),
    )


class Proxy:
    """ASGI endpoint that passes a request to the backend and its answer back."""

    def __init__(self, client: httpx.AsyncClient, streams: httpx.AsyncClient, max_body_bytes: int) -> None:
        self._client = client
        self._streams = streams
        self._max_body_bytes = max_body_bytes
        self._timeout = client.timeout.as_dict()

    async def forward(self, scope: Scope, receive: Receive, send: Send, csp: str) -> None:
        """Pass one request on; csp is the policy of the answer when the backend names none."""
        trace_id = scope[TRACE]

        async def refuse(kind: ProblemKind) -> None:
            await problem_response(kind, scope["path"], trace_id)(scope, receive, send)

        try:
            upstream = await self._send(scope, receive, trace_id)
        except BodyTooLarge:
            await refuse(BODY_TOO_LARGE)
        except ClientGone:
            log.info("client left before its request was whole: %s", scope["path"])
        except (httpx.ReadTimeout, httpx.WriteTimeout):
            log.warning("backend slow: %s %s trace=%s", scope["method"], scope["path"], trace_id)
            await refuse(BACKEND_SLOW)
        except httpx.TransportError as error:
            log.warning("backend down: %r %s trace=%s", error, scope["path"], trace_id)
            await refuse(BACKEND_DOWN)
        else:
            await _relay(upstream, receive, send, csp)

    async def _send(self, scope: Scope, receive: Receive, trace_id: str) -> httpx.Response:
        headers = _request_headers(scope, trace_id)
        length = _content_length(headers)
        if length is not None and length > self._max_body_bytes:
            raise BodyTooLarge
        chunked = length is None and any(name == b"transfer-encoding" for name, _ in scope["headers"])
        has_body = chunked or bool(length)
        tries = 2 if scope["method"] in REPEATABLE and not has_body else 1
        client = self._streams if (b"accept", EVENT_STREAM) in headers else self._client
        while True:
            tries -= 1
            request = httpx.Request(
                scope["method"],
                self._url(scope),
                headers=headers,
                content=self._body(receive) if has_body else None,
                extensions={"timeout": self._timeout},
            )
            try:
                return await client.send(request, stream=True, auth=None, follow_redirects=False)
            except (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError):
                if not tries:  # an idle connection may have been closed just as it was picked
                    raise

    def _url(self, scope: Scope) -> httpx.URL:
        raw_path: bytes = scope.get("raw_path") or scope["path"].encode()
        query: bytes = scope["query_string"]
        return self._client.base_url.copy_with(raw_path=raw_path + b"?" + query if query else raw_path)

    async def _body(self, receive: Receive) -> AsyncIterator[bytes]:
        seen = 0
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise ClientGone
            chunk: bytes = message.get("body", b"")
            seen += len(chunk)
            if seen > self._max_body_bytes:
                raise BodyTooLarge
            if chunk:
                yield chunk
            if not message.get("more_body", False):
                return


async def _relay(upstream: httpx.Response, receive: Receive, send: Send, csp: str) -> None:
    headers = end_to_end(upstream.headers.raw, SAID_BY_SERVER)
    if not any(name == b"content-security-policy" for name, _ in headers):
        headers.append((b"content-security-policy", csp.encode()))
    live = upstream.headers.get("content-type", "").startswith(EVENT_STREAM.decode())
    if live:
        headers.append((b"x-accel-buffering", b"no"))
    try:
        await send({"type": "http.response.start", "status": upstream.status_code, "headers": headers})
        if live:
            await _relay_live(upstream, receive, send)
        else:
            await _relay_body(upstream, send)
    except httpx.TransportError as error:
        # The answer is already under way: leaving it unfinished tells the client that it is cut short.
        log.warning("backend broke off: %r %s", error, upstream.request.url.path)
    finally:
        await upstream.aclose()


async def _relay_body(upstream: httpx.Response, send: Send) -> None:
    async for chunk in upstream.aiter_raw():
        await send({"type": "http.response.body", "body": chunk, "more_body": True})
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _relay_live(upstream: httpx.Response, receive: Receive, send: Send) -> None:
    """Relay an event stream until either side ends it."""
    relay = asyncio.ensure_future(_relay_body(upstream, send))
    gone = asyncio.ensure_future(_disconnected(receive))
    try:
        await asyncio.wait({relay, gone}, return_when=asyncio.FIRST_COMPLETED)
        if relay.done():
            relay.result()
    finally:
        for task in (relay, gone):
            task.cancel()
        await asyncio.gather(relay, gone, return_exceptions=True)


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _request_headers(scope: Scope, trace_id: str) -> RawHeaders:
    headers = end_to_end(scope["headers"], SET_HERE)
    host = next((value for name, value in headers if name == b"host"), b"")
    client = scope.get("client")
    headers += [
        (b"x-forwarded-for", (client[0] if client else "unknown").encode()),
        (b"x-forwarded-proto", scope["scheme"].encode()),
        (b"x-forwarded-host", host),
        (b"x-request-id", trace_id.encode()),
    ]
    return headers


def _content_length(headers: RawHeaders) -> int | None:
    for name, value in headers:
        if name == b"content-length" and value.isdigit():
            return int(value)
    return None
