"""The public port: built pages, and everything else by one table of prefixes to the backend."""

import logging
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from connectors.channel import ChannelDoor
from connectors.settings import Settings, get_settings
from connectors.web.answers import Answers
from connectors.web.headers import API_CSP, DOCS_CSP, SecurityHeaders
from connectors.web.pages_server import Pages
from connectors.web.problems import NOT_FOUND, problem_response
from connectors.web.proxy import Proxy, make_client
from connectors.web.visitor import TRACE, Visitor
from connectors.wechat import app as wechat

# Prefix of the path → content policy of an answer that names none. Everything here goes to the backend.
BACKEND_PREFIXES: dict[str, str] = {
    "/api": API_CSP,
    "/docs": DOCS_CSP,
    "/openapi.json": API_CSP,
    "/open311": API_CSP,
    "/pay": API_CSP,
    "/healthz": API_CSP,
    "/readyz": API_CSP,
    "/metrics": API_CSP,
}
CHAT_ENTRY = "index.html"
CONSOLE_ENTRY = "console.html"
SCAN_ENTRY = "scan.html"


def backend_policy(path: str) -> str | None:
    """The content policy when this path belongs to the backend, else None."""
    first = "/" + path[1:].partition("/")[0]
    return BACKEND_PREFIXES.get(first)


class Front:
    """ASGI app in front of everything: channels have their path, backend paths are passed on, the rest are pages."""

    def __init__(self, proxy: Proxy, pages: Starlette, channels: Mapping[str, ASGIApp]) -> None:
        self._proxy = proxy
        self._pages = pages
        self._channels = channels

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Choose by the table."""
        if scope["type"] == "http" and scope["path"] in self._channels:
            await self._channels[scope["path"]](scope, receive, send)
            return
        csp = backend_policy(scope["path"]) if scope["type"] == "http" else None
        if csp is not None:
            await self._proxy.forward(scope, receive, send, csp)
        else:
            await self._pages(scope, receive, send)


def _pages_app(pages: Pages, clients: Sequence[httpx.AsyncClient]) -> Starlette:
    def chat(request: Request) -> Response:
        return pages.entry(request, CHAT_ENTRY)

    def console(request: Request) -> Response:
        return pages.entry(request, CONSOLE_ENTRY)

    def scan(request: Request) -> Response:
        return pages.entry(request, SCAN_ENTRY)

    def file(request: Request) -> Response:
        found = pages.file(request, request.path_params["path"])
        return found or problem_response(NOT_FOUND, request.url.path, request.scope[TRACE])

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        logging.getLogger("httpx").setLevel(logging.WARNING)
        yield
        for client in clients:
            await client.aclose()

    app = Starlette(
        routes=[
            Route("/", chat),
            Route("/console", console),
            Route("/console/{rest:path}", console),
            Route("/s/{token}", scan),
            Route("/{path:path}", file),
        ],
        lifespan=lifespan,
    )
    app.router.redirect_slashes = False
    return app


def _channels(settings: Settings, client: httpx.AsyncClient) -> dict[str, ASGIApp]:
    """The channels that are set up, by the path of their callback."""
    token = settings.wechat_token.get_secret_value()
    if not token:
        return {}
    account = wechat.Account(token, settings.wechat_app_id, settings.wechat_aes_key.get_secret_value())
    times = wechat.Times(settings.wechat_wait_s, settings.wechat_limit_s, settings.wechat_fresh_s)
    door = ChannelDoor(client, "wechat", settings.service_token.get_secret_value())
    return {wechat.PATH: wechat.WeChat(account, door, times)}


def create_app(settings: Settings, transport: httpx.AsyncBaseTransport | None = None) -> Visitor:
    """The whole public app; a transport stands in for the network in tests."""
    client, streams = (
        make_client(settings.backend_url, settings.connect_timeout_s, settings.read_timeout_s, transport)
        for _ in range(2)
    )
    proxy = Proxy(client, streams, settings.max_body_bytes)
    pages = _pages_app(Pages(settings.pages_dir), [client, streams])
    front = Front(proxy, pages, _channels(settings, client))
    return Visitor(SecurityHeaders(Answers(front)), settings.trusted_proxies)


app = create_app(get_settings())
