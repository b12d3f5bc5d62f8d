"""The emulator's process: WeChat's API, and a page with a chat (``uvicorn connectors.wechat.emulator.app:app``)."""

import json
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from connectors.settings import Settings, get_settings
from connectors.wechat.emulator.api import Api
from connectors.wechat.emulator.platform import API_FAULTS, OTHER_FAULTS, Platform
from connectors.wechat.emulator.sending import DOOR_FAULTS, Callback, Sending

PAGE = Path(__file__).parent / "page.html"
SMS_SHOWN = 5
MOST_PICTURE_BYTES = 10 * 1024 * 1024


class Desk:
    """The page's own routes."""

    def __init__(self, platform: Platform, sending: Sending, sms_file: Path) -> None:
        self._platform, self._sending, self._sms_file = platform, sending, sms_file

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route("/", self._page),
            Route("/emulator/state", self._state),
            Route("/emulator/do", self._do, methods=["POST"]),
            Route("/emulator/picture", self._picture, methods=["POST"]),
            Route("/emulator/faults", self._set_faults, methods=["POST"]),
        ]

    async def _page(self, _: Request) -> Response:
        return HTMLResponse(PAGE.read_text(encoding="utf-8"))

    async def _state(self, request: Request) -> Response:
        """Return what the page shows: new lines, whether one follows, faults to come, text messages of the demo."""
        openid = request.query_params.get("openid", "")
        after = request.query_params.get("after", "0")
        one = self._platform.follower(openid)
        state = {
            "lines": self._platform.since(openid, int(after) if after.isdigit() else 0),
            "follows": one.follows,
            "faults": self._platform.faults,
            "sms": self._sms(),
            "known_faults": {"api": [*API_FAULTS, *OTHER_FAULTS], "door": list(DOOR_FAULTS)},
        }
        return JSONResponse(state)

    def _sms(self) -> list[dict[str, Any]]:
        try:
            with self._sms_file.open(encoding="utf-8") as file:
                return [json.loads(line) for line in deque(file, maxlen=SMS_SHOWN)]
        except (OSError, ValueError):
            return []

    async def _do(self, request: Request) -> Response:
        """Do what a follower does; the answer to it comes as a line of the chat."""
        said = json.loads(await request.body())
        openid, faults = str(said["openid"]), tuple(str(f) for f in said.get("faults", ()))
        fields = {str(k): str(v) for k, v in said.get("fields", {}).items()}
        self._platform.write(openid, "me", str(said.get("shown", "")))
        if said.get("event"):
            task = BackgroundTask(self._sending.event, openid, str(said["event"]), faults, **fields)
        else:
            task = BackgroundTask(self._sending.message, openid, str(said["kind"]), faults, **fields)
        return JSONResponse({"ok": True}, background=task)

    async def _picture(self, request: Request) -> Response:
        data = await request.body()
        if len(data) > MOST_PICTURE_BYTES:
            return JSONResponse({"ok": False}, 413)
        media_id = f"media-{len(self._platform.media) + 1}"
        self._platform.media[media_id] = data
        return JSONResponse({"media_id": media_id})

    async def _set_faults(self, request: Request) -> Response:
        said = json.loads(await request.body())
        known = {*API_FAULTS, *OTHER_FAULTS}
        self._platform.faults = {str(k): int(v) for k, v in said.items() if k in known}
        return JSONResponse({"faults": self._platform.faults})


def create_app(
    settings: Settings, platform: Platform | None = None, transport: httpx.AsyncBaseTransport | None = None
) -> Starlette:
    """Return the emulator; a transport stands in for the way to the callback in tests."""
    platform = platform or Platform(settings.wechat_app_id, settings.wechat_secret.get_secret_value())
    callback = Callback(
        settings.wechat_callback_url,
        settings.wechat_token.get_secret_value(),
        settings.wechat_aes_key.get_secret_value(),
    )
    client = httpx.AsyncClient(trust_env=False, transport=transport)
    desk = Desk(platform, Sending(platform, callback, client), settings.var_dir / "run" / "sms.jsonl")

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        await client.aclose()

    return Starlette(routes=[*Api(platform).routes(), *desk.routes()], lifespan=lifespan)


app = create_app(get_settings())
