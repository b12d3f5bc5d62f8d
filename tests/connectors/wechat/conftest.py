"""The callback in the public app, over a stand-in for the backend's channel API."""

import asyncio
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from connectors.settings import Settings
from connectors.web.app import create_app
from tests.connectors.wechat.sender import KEY, Sender

SERVICE = "service-token-of-the-connectors"


class ChannelApi:
    """What the backend would hear; ``answer`` is what it says, after ``release`` when that is cleared."""

    def __init__(self) -> None:
        self.heard: list[dict[str, Any]] = []
        self.tokens: list[str] = []
        self.answer: dict[str, Any] = {"text": "收到", "message_id": "m1"}
        self.status = 200
        self.never = False
        self.app = Starlette(routes=[Route("/api/v1/channels/wechat/messages", self.hear, methods=["POST"])])

    async def hear(self, request: Request) -> Response:
        self.tokens.append(request.headers.get("authorization", ""))
        self.heard.append(await request.json())
        if self.never:
            await asyncio.Event().wait()
        return JSONResponse(self.answer, status_code=self.status)


@pytest.fixture
def channel() -> ChannelApi:
    return ChannelApi()


def made(channel: ChannelApi, transport: httpx.AsyncBaseTransport | None = None, **more: Any) -> ASGIApp:
    """Return the public app for the account of ``Sender``; ``more`` are settings."""
    values: dict[str, Any] = {
        "backend_url": "http://backend.test",
        "service_token": SERVICE,
        "wechat_token": "token-of-tests",
        "wechat_app_id": "wx-tests",
        "wechat_aes_key": KEY,
        "wechat_limit_s": 2.0,
        **more,
    }
    return create_app(Settings(**values), transport or httpx.ASGITransport(app=channel.app))


@pytest.fixture
def wechat(channel: ChannelApi) -> Sender:
    """WeChat itself, in safe mode."""
    return Sender(made(channel), KEY)


@pytest.fixture
def plain(channel: ChannelApi) -> Sender:
    """WeChat itself, in plain mode."""
    return Sender(made(channel, wechat_aes_key=""), "")
