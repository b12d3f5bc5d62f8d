"""From a chat in the emulated WeChat to the row in the database, and back to the chat."""

import re
import uuid
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.bench.system import System
from tests.people import Door, until

PHONE, HOME = "13800000002", "5号楼1单元302"


class Phone:
    """Somebody's WeChat in the emulator."""

    def __init__(self, client: httpx.Client) -> None:
        self.client, self.openid, self.seq = client, f"o-{uuid.uuid4().hex[:20]}", 0

    def do(self, **what: Any) -> None:
        self.client.post("/emulator/do", json={"openid": self.openid, "shown": "", **what}).raise_for_status()

    def say(self, text: str) -> None:
        self.do(kind="text", shown=text, fields={"Content": text})

    def state(self) -> dict[str, Any]:
        found: dict[str, Any] = self.client.get(
            "/emulator/state", params={"openid": self.openid, "after": str(self.seq)}
        ).json()
        return found

    def hears(self, words: str) -> str:
        """Wait for the next line of the account that has the words."""

        def look() -> str | None:
            for line in self.state()["lines"]:
                if line["side"] == "them" and words in line["text"]:
                    self.seq = line["seq"]
                    return str(line["text"])
            return None

        return until(look, f"{words} in {self.state()['lines']}")

    def code(self) -> str:
        sms = [one["text"] for one in self.state()["sms"] if one["phone"] == PHONE]
        return re.findall(r"\d{6}", sms[-1])[0]


@pytest.fixture
def phone(system: System) -> Iterator[Phone]:
    with httpx.Client(base_url=system.emulator_url, timeout=30, trust_env=False) as client:
        yield Phone(client)


def test_follow_bind_report_and_hear_from_staff(phone: Phone, door: Door) -> None:
    phone.do(event="subscribe", shown="关注", fields={"EventKey": ""})
    phone.hears("手机号")
    phone.say(PHONE)
    phone.hears("验证码")
    phone.say(f"{phone.code()} {HOME}")
    phone.hears("绑定好了，王芳")

    phone.say("我家厨房水管漏水，很急")
    if "提交" in phone.hears(""):
        phone.say("提交")
        phone.hears("工单")
    orders = door.get("wangfang", "/work-orders", limit=50)["items"]
    assert [order["category"] for order in orders if order["source"] == "wechat"] == ["plumbing"]

    talk = next(t for t in door.get("kefu", "/conversations", q="王芳")["items"])
    door.post("kefu", f"/conversations/{talk['id']}/messages", {"text": "我是周敏，师傅马上联系您"})
    phone.hears("我是周敏")
