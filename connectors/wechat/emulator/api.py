"""The endpoints of api.weixin.qq.com that are used here. HTTP is 200 also for errors, as there."""

import asyncio
import json
import secrets
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from connectors.wechat.emulator.platform import API_FAULTS, OTHER_FAULTS, Platform

SLOW_S = 6.0
LONGEST_TEXT_BYTES = 2048
OK = {"errcode": 0, "errmsg": "ok"}


class Api:
    """The routes over one platform."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route("/cgi-bin/token", self._token),
            Route("/cgi-bin/stable_token", self._stable_token, methods=["POST"]),
            Route("/cgi-bin/message/custom/send", self._send, methods=["POST"]),
            Route("/cgi-bin/message/template/send", self._template, methods=["POST"]),
            Route("/cgi-bin/media/get", self._media),
            Route("/cgi-bin/qrcode/create", self._qrcode, methods=["POST"]),
            Route("/cgi-bin/menu/create", self._menu, methods=["POST"]),
            Route("/cgi-bin/menu/get", self._menu_now),
        ]

    async def _token(self, request: Request) -> Response:
        said = request.query_params
        return self._issued(said.get("appid", ""), said.get("secret", ""), True)

    async def _stable_token(self, request: Request) -> Response:
        said = await _json(request)
        return self._issued(
            str(said.get("appid", "")), str(said.get("secret", "")), bool(said.get("force_refresh", False))
        )

    def _issued(self, app_id: str, secret: str, another: bool) -> Response:
        if app_id != self._platform.app_id:
            return JSONResponse({"errcode": 40013, "errmsg": "invalid appid"})
        if not secrets.compare_digest(secret.encode(), self._platform.secret.encode()):
            return JSONResponse({"errcode": 40125, "errmsg": "invalid appsecret"})
        return JSONResponse(self._platform.new_token(another))

    async def _stopped(self, request: Request) -> Response | None:
        """Return the answer of a fault or of a bad token, None where the request may go on."""
        fault = self._platform.fault(*OTHER_FAULTS, *API_FAULTS)
        if fault == "slow":
            await asyncio.sleep(SLOW_S)
            return None
        if fault == "bad_gateway":
            return Response("<html>502 Bad Gateway</html>", 502, media_type="text/html")
        if fault == "not_json":
            return Response("<html>busy</html>", media_type="text/html")
        if fault is not None:
            return JSONResponse(API_FAULTS[fault])
        refused = self._platform.refuse_token(request.query_params.get("access_token", ""))
        return JSONResponse(refused) if refused else None

    async def _send(self, request: Request) -> Response:
        if (stopped := await self._stopped(request)) is not None:
            return stopped
        said = await _json(request)
        openid, kind = str(said.get("touser", "")), said.get("msgtype")
        shown = _shown(said)
        if shown is None:
            return JSONResponse({"errcode": 40008, "errmsg": "invalid message type"})
        if len(shown["text"].encode()) > LONGEST_TEXT_BYTES:
            return JSONResponse({"errcode": 45002, "errmsg": "content size out of limit"})
        if (refused := self._platform.refuse_message(openid)) is not None:
            return JSONResponse(refused)
        self._platform.sent.append({"to": openid, "kind": kind, **shown})
        self._platform.write(openid, "them", by="客服消息", **shown)
        return JSONResponse(OK)

    async def _template(self, request: Request) -> Response:
        if (stopped := await self._stopped(request)) is not None:
            return stopped
        said = await _json(request)
        openid = str(said.get("touser", ""))
        one = self._platform.followers.get(openid)
        if one is None or not one.follows:
            return JSONResponse({"errcode": 43004, "errmsg": "require subscribe"})
        words = "\n".join(str(part.get("value", "")) for part in said.get("data", {}).values())
        self._platform.sent.append({"to": openid, "kind": "template", "text": words})
        self._platform.write(openid, "them", words, by="模板消息", url=str(said.get("url", "")))
        return JSONResponse({**OK, "msgid": len(self._platform.sent)})

    async def _media(self, request: Request) -> Response:
        if (stopped := await self._stopped(request)) is not None:
            return stopped
        data = self._platform.media.get(request.query_params.get("media_id", ""))
        if data is None:
            return JSONResponse({"errcode": 40007, "errmsg": "invalid media_id"})
        headers = {"Content-Disposition": 'attachment; filename="media"'}
        return Response(data, media_type="image/jpeg", headers=headers)

    async def _qrcode(self, request: Request) -> Response:
        if (stopped := await self._stopped(request)) is not None:
            return stopped
        scene = (await _json(request)).get("action_info", {}).get("scene", {})
        ticket = str(scene.get("scene_str") or scene.get("scene_id") or "")
        return JSONResponse({"ticket": ticket, "expire_seconds": 2592000, "url": f"http://emulated/{ticket}"})

    async def _menu(self, request: Request) -> Response:
        if (stopped := await self._stopped(request)) is not None:
            return stopped
        self._platform.menu = await _json(request)
        return JSONResponse(OK)

    async def _menu_now(self, request: Request) -> Response:
        if (stopped := await self._stopped(request)) is not None:
            return stopped
        return JSONResponse({"menu": self._platform.menu})


async def _json(request: Request) -> dict[str, Any]:
    try:
        said = json.loads(await request.body() or b"{}")
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _shown(said: dict[str, Any]) -> dict[str, str] | None:
    """Return what a customer-service message shows, None for a kind that is not emulated."""
    if said.get("msgtype") == "text":
        return {"text": str(said.get("text", {}).get("content", ""))}
    if said.get("msgtype") == "news":
        article = (said.get("news", {}).get("articles") or [{}])[0]
        return {key: str(article.get(name, "")) for key, name in
                (("text", "description"), ("title", "title"), ("url", "url"))}  # fmt: skip
    return None
