"""A small backend that tells what reached it, and servers on free ports."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp

from connectors.settings import Settings
from connectors.web.app import create_app


class Backend:
    """The stand-in backend: an app and the events that its stream hands out."""

    def __init__(self) -> None:
        self.release = asyncio.Event()
        self.stream_closed = asyncio.Event()
        self.app = Starlette(
            routes=[
                Route("/api/v1/echo", self.echo, methods=["GET", "POST", "DELETE"]),
                Route("/api/v1/events", self.events),
                Route("/healthz", self.healthz),
            ]
        )

    async def echo(self, request: Request) -> Response:
        body = await request.body()
        answer = {
            "method": request.method,
            "query": request.url.query,
            "headers": dict(request.headers.items()),
            "size": len(body),
        }
        return JSONResponse(answer, headers={"Set-Cookie": "a=b", "Keep-Alive": "timeout=1"})

    async def healthz(self, _: Request) -> Response:
        return JSONResponse({"status": "alive"}, headers={"Content-Security-Policy": "sandbox"})

    async def events(self, _: Request) -> Response:
        async def stream() -> AsyncIterator[bytes]:
            try:
                yield b"id: 1\ndata: first\n\n"
                await self.release.wait()
                yield b"id: 2\ndata: second\n\n"
                await asyncio.Event().wait()
            finally:
                self.stream_closed.set()

        return StreamingResponse(stream(), media_type="text/event-stream")


@asynccontextmanager
async def serve(app: ASGIApp) -> AsyncIterator[str]:
    """Run an app on a free port of this machine, in this event loop, and give its address."""
    config = uvicorn.Config(app, port=0, log_level="warning", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    started = asyncio.Event()
    startup = server.startup

    async def startup_and_tell(sockets: list[socket.socket] | None = None) -> None:
        await startup(sockets)
        started.set()

    server.startup = startup_and_tell  # type: ignore[method-assign]
    running = asyncio.create_task(server.serve())
    await asyncio.wait_for(started.wait(), 10)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        await running


@pytest.fixture
def pages_dir(tmp_path: Path) -> Path:
    """A small build."""
    assets = tmp_path / "dist" / "assets"
    assets.mkdir(parents=True)
    (tmp_path / "dist" / "index.html").write_text("<p>chat</p>")
    (tmp_path / "dist" / "console.html").write_text("<p>console</p>")
    (tmp_path / "dist" / "scan.html").write_text("<p>scan</p>")
    (assets / "app-1a2b.js").write_text("let a = 1;\n" * 200)
    (tmp_path / "secret.txt").write_text("secret")
    return tmp_path / "dist"


@pytest.fixture
def backend() -> Backend:
    """A fresh stand-in backend."""
    return Backend()


@pytest.fixture
def settings(pages_dir: Path) -> Settings:
    """Settings of a small server with a small body limit."""
    return Settings(pages_dir=pages_dir, backend_url="http://backend.test", max_body_bytes=1000)


@pytest.fixture
def front(settings: Settings, backend: Backend) -> ASGIApp:
    """The public app with the backend behind it in this process."""
    return create_app(settings, httpx.ASGITransport(app=backend.app))
