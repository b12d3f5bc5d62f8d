"""What a follower does, sent to the callback as WeChat sends it: signed, encrypted, three tries of five seconds."""

import asyncio
import hashlib
import itertools
import secrets
import time
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

import httpx
from wechatpy.crypto import WeChatCrypto

from connectors.wechat.emulator.platform import Platform
from connectors.wechat.xml import BadXml, read

ACCOUNT = "gh_emulated"
TRIES, TRY_S = 3, 5.0
UNAVAILABLE = "该公众号暂时无法提供服务，请稍后再试"
DOOR_FAULTS = ("duplicate", "bad_signature", "other_app", "plain_differs", "late_unsubscribe")
"""``duplicate``: three times at once. ``late_unsubscribe``: an old unsubscription arrives after the message."""


@dataclass(frozen=True)
class Callback:
    """Where the account is served, and its secrets."""

    url: str
    token: str
    aes_key: str


def _written(fields: dict[str, str]) -> str:
    return "<xml>" + "".join(f"<{name}>{escape(value)}</{name}>" for name, value in fields.items()) + "</xml>"


class Sending:
    """Sends for the followers of a platform."""

    def __init__(self, platform: Platform, callback: Callback, client: httpx.AsyncClient) -> None:
        self._platform, self._callback, self._client = platform, callback, client
        self._ids = itertools.count(int(time.time() * 1000) * 1000)
        self._crypto = self._crypto_for(platform.app_id)

    def _crypto_for(self, app_id: str) -> Any:
        return WeChatCrypto(self._callback.token, self._callback.aes_key, app_id) if self._callback.aes_key else None

    async def message(self, openid: str, kind: str, faults: tuple[str, ...] = (), **fields: str) -> None:
        """Send a message."""
        self._platform.spoke(openid)
        await self._deliver(openid, {"MsgType": kind, **fields, "MsgId": str(next(self._ids))}, faults)

    async def event(self, openid: str, event: str, faults: tuple[str, ...] = (), **fields: str) -> None:
        """Send an event."""
        one = self._platform.follower(openid)
        one.follows = event != "unsubscribe" and (one.follows or event == "subscribe")
        if one.follows:
            self._platform.spoke(openid)
        await self._deliver(openid, {"MsgType": "event", "Event": event, **fields}, faults)

    async def _deliver(self, openid: str, fields: dict[str, str], faults: tuple[str, ...]) -> None:
        now = int(self._platform.clock())
        head = {"ToUserName": ACCOUNT, "FromUserName": openid, "CreateTime": str(now)}
        xml = _written({**head, **fields})
        copies = TRIES if "duplicate" in faults else 1
        answers = await asyncio.gather(*(self._tried(xml, faults) for _ in range(copies)))
        self._show(openid, next((a for a in answers if a is not None and a != "success"), answers[0]))
        if "late_unsubscribe" in faults:
            old = {**head, "CreateTime": str(now - 60), "MsgType": "event", "Event": "unsubscribe", "EventKey": ""}
            await self._tried(_written(old), ())

    async def _tried(self, xml: str, faults: tuple[str, ...]) -> str | None:
        """Return the body of the answer, None when there was none in three tries."""
        for _ in range(TRIES):
            query, body = self._sealed(xml, faults)
            try:
                answer = await self._client.post(
                    self._callback.url, params=query, content=body.encode(), timeout=TRY_S,
                    headers={"Content-Type": "text/xml"},
                )  # fmt: skip
            except httpx.HTTPError:
                continue
            if answer.status_code == 200:
                return answer.text
            if answer.status_code < 500:
                return None
        return None

    def _sealed(self, xml: str, faults: tuple[str, ...]) -> tuple[dict[str, str], str]:
        """Return query and body of one try; each has a nonce of its own."""
        timestamp, nonce = str(int(self._platform.clock())), str(secrets.randbelow(10**10))
        signed = hashlib.sha1("".join(sorted((self._callback.token, timestamp, nonce))).encode()).hexdigest()
        query = {"signature": signed, "timestamp": timestamp, "nonce": nonce}
        crypto = self._crypto_for("wx-other") if "other_app" in faults else self._crypto
        if crypto is None:
            return ({**query, "signature": "0" * 40} if "bad_signature" in faults else query), xml
        sealed = read(crypto.encrypt_message(xml, nonce, timestamp))
        signature = "0" * 40 if "bad_signature" in faults else sealed["MsgSignature"]
        beside = {"Content": "这句没有加密，不算数"} if "plain_differs" in faults else {}
        body = _written({"ToUserName": ACCOUNT, "Encrypt": sealed["Encrypt"], **beside})
        return {**query, "encrypt_type": "aes", "msg_signature": signature}, body

    def _show(self, openid: str, answer: str | None) -> None:
        if answer is None:
            self._platform.write(openid, "note", UNAVAILABLE)
        elif answer not in ("", "success"):
            text = self._opened(answer)
            self._platform.write(openid, "note" if text is None else "them", text or UNAVAILABLE, by="被动回复")

    def _opened(self, answer: str) -> str | None:
        """Return the text of a passive reply, None when it is not well formed."""
        try:
            fields = read(answer)
            if self._crypto is not None:
                opened = self._crypto.decrypt_message(
                    {"Encrypt": fields["Encrypt"]}, fields["MsgSignature"], fields["TimeStamp"], fields["Nonce"]
                )
                fields = read(opened)
            return fields["Content"]
        except (BadXml, KeyError):
            return None
        except Exception:  # whatever the library raises for a bad signature or cipher
            return None
