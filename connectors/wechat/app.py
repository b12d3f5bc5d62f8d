"""The callback ``/wechat``: verifies and opens what WeChat sends, hands it to the backend, answers within its 5 seconds.

WeChat sends three times when it gets no answer in time. ``success`` says that there is nothing to show now; the answer
follows as a customer-service message, which the backend sends.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from connectors.channel import ChannelDoor, NotTaken
from connectors.web.problems import BACKEND_DOWN, BODY_TOO_LARGE, ProblemKind, kind_for, problem_response
from connectors.web.visitor import TRACE
from connectors.wechat import xml
from connectors.wechat.crypto import Cipher, Refused, Sealed, check
from connectors.wechat.parse import Unreadable, to_message
from connectors.wechat.replays import Replays
from connectors.wechat.xml import BadXml

log = logging.getLogger(__name__)

PATH = "/wechat"
MAX_BODY_BYTES = 64 * 1024
SUCCESS = "success"
AES = "aes"


@dataclass(frozen=True, slots=True)
class Account:
    """What the platform's page 「服务器配置」 says. With ``aes_key`` only encrypted messages are taken."""

    token: str
    app_id: str
    aes_key: str = ""


@dataclass(frozen=True, slots=True)
class Times:
    """``wait_s`` for the bot, ``limit_s`` for everything (WeChat: 5), ``fresh_s`` from the signing of a request."""

    wait_s: float = 3.5
    limit_s: float = 4.5
    fresh_s: float = 600.0


class _TooLarge(Exception):
    pass


class WeChat:
    """ASGI endpoint of the callback."""

    def __init__(
        self, account: Account, door: ChannelDoor, times: Times, clock: Callable[[], float] = time.time
    ) -> None:
        self._account, self._door, self._times, self._clock = account, door, times, clock
        self._cipher = Cipher(account.token, account.aes_key, account.app_id) if account.aes_key else None
        self._replays = Replays()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope, receive)
        response = await self._answer(request)
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        try:
            if request.method not in ("GET", "POST"):
                return _refusal(request, kind_for(405))
            self._check_signature(request)
            if request.method == "GET":
                return PlainTextResponse(request.query_params.get("echostr", ""))
            return await self._heard(request)
        except _TooLarge:
            return _refusal(request, BODY_TOO_LARGE)
        except Refused as why:
            log.warning("refused: %s trace=%s", why, request.scope[TRACE])
            return _refusal(request, kind_for(403))
        except (BadXml, Unreadable, ClientDisconnect) as why:
            log.warning("not readable: %s trace=%s", why, request.scope[TRACE])
            return _refusal(request, kind_for(400))
        except NotTaken as why:
            log.warning("the backend did not take it: %s trace=%s", why, request.scope[TRACE])
            return _refusal(request, BACKEND_DOWN)

    def _check_signature(self, request: Request) -> None:
        said = request.query_params
        timestamp, nonce = said.get("timestamp", ""), said.get("nonce", "")
        check(said.get("signature", ""), self._account.token, timestamp, nonce)
        if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
            raise Refused("no timestamp")
        if abs(self._clock() - int(timestamp)) > self._times.fresh_s:
            raise Refused("signed too long ago")

    async def _heard(self, request: Request) -> Response:
        body = await _body(request)
        said = request.query_params
        self._replays.check(said["timestamp"], said.get("nonce", ""), body)
        fields = self._opened(request, xml.read(body))
        message = to_message(fields)
        if message is None:
            return PlainTextResponse(SUCCESS)
        answer = await self._door.hand_over(message, self._times.wait_s, self._times.limit_s, request.scope[TRACE])
        text = answer.get("text")
        if not text:
            return PlainTextResponse(SUCCESS)
        reply = xml.text_reply(fields["FromUserName"], fields.get("ToUserName", ""), text, int(self._clock()))
        return Response(self._closed(reply, said.get("nonce", "")), media_type="application/xml")

    def _opened(self, request: Request, fields: dict[str, str]) -> dict[str, str]:
        """Return the fields of the message itself; beside an encrypted one the plain one counts for nothing."""
        if self._cipher is None:
            return fields
        said = request.query_params
        if said.get("encrypt_type") != AES or not fields.get("Encrypt"):
            raise Refused("not encrypted")
        sealed = Sealed(fields["Encrypt"], said.get("msg_signature", ""), said["timestamp"], said.get("nonce", ""))
        return xml.read(self._cipher.open(sealed))

    def _closed(self, reply: str, nonce: str) -> str:
        if self._cipher is None:
            return reply
        return xml.sealed_reply(self._cipher.seal(reply, str(int(self._clock())), nonce))


async def _body(request: Request) -> bytes:
    declared = request.headers.get("content-length", "0")
    if declared.isdigit() and int(declared) > MAX_BODY_BYTES:
        raise _TooLarge
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            raise _TooLarge
    return bytes(body)


def _refusal(request: Request, kind: ProblemKind) -> Response:
    return problem_response(kind, request.url.path, request.scope[TRACE])
