"""What WeChat does, done with WeRoBot's implementation of its encryption, which shares nothing with ours."""

import hashlib
import time
import uuid
from typing import Any

import httpx
from starlette.types import ASGIApp
from werobot.crypto import MessageCrypt

from connectors.wechat import xml

TOKEN = "token-of-tests"
APP_ID = "wx-tests"
KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
OPENID = "o6_bmjrPTlm6_2sgVt7hMZOPfL2M"
ACCOUNT = "gh_tests"


def text_xml(content: str = "楼下灯坏了", **more: str) -> str:
    """Return a text message as WeChat writes it."""
    fields = {
        "ToUserName": ACCOUNT,
        "FromUserName": OPENID,
        "CreateTime": "1700000000",
        "MsgType": "text",
        "Content": content,
        "MsgId": "1234567890123456",
        **more,
    }
    return "<xml>" + "".join(f"<{k}><![CDATA[{v}]]></{k}>" for k, v in fields.items() if v is not None) + "</xml>"


def event_xml(event: str, key: str | None = "", **more: str) -> str:
    """Return an event as WeChat writes it."""
    named = {} if key is None else {"EventKey": key}
    fields = {
        "ToUserName": ACCOUNT,
        "FromUserName": OPENID,
        "CreateTime": "1700000000",
        "MsgType": "event",
        "Event": event,
        **named,
        **more,
    }
    return "<xml>" + "".join(f"<{k}><![CDATA[{v}]]></{k}>" for k, v in fields.items()) + "</xml>"


class Sender:
    """Sends to the callback as the platform does."""

    def __init__(self, app: ASGIApp, key: str) -> None:
        self._client = httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://public.test")
        self.crypt = MessageCrypt(TOKEN, key, APP_ID) if key else None

    def query(self, **more: str) -> dict[str, str]:
        timestamp, nonce = str(int(time.time())), uuid.uuid4().hex[:10]
        signed = hashlib.sha1("".join(sorted((TOKEN, timestamp, nonce))).encode()).hexdigest()
        return {"signature": signed, "timestamp": timestamp, "nonce": nonce, **more}

    async def get(self, **query: str) -> httpx.Response:
        return await self._client.get("/wechat", params=query)

    async def post(self, body: str | bytes, query: dict[str, str]) -> httpx.Response:
        content = body.encode() if isinstance(body, str) else body
        return await self._client.post("/wechat", params=query, content=content)

    async def send(self, message: str, beside: str = "", **query: str) -> httpx.Response:
        """Send a message; ``beside`` is what compatible mode has in plain beside the encrypted text."""
        said = self.query()
        if self.crypt is None:
            return await self.post(message, {**said, **query})
        sealed = xml.read(self.crypt.encrypt_message(message, said["timestamp"], said["nonce"]))
        said |= {"encrypt_type": "aes", "msg_signature": sealed["MsgSignature"], "openid": OPENID, **query}
        envelope = f"<xml><ToUserName>{ACCOUNT}</ToUserName><Encrypt>{sealed['Encrypt']}</Encrypt>{beside}</xml>"
        return await self.post(envelope, said)

    def opened(self, answer: httpx.Response) -> dict[str, str]:
        """Return the fields of a passive reply."""
        fields = xml.read(answer.content)
        if self.crypt is None:
            return fields
        told: Any = self.crypt.decrypt_message(
            fields["TimeStamp"], fields["Nonce"], fields["MsgSignature"], fields["Encrypt"]
        )
        return xml.read(told)
