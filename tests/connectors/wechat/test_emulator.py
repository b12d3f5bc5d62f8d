"""The emulated platform against the callback: wechatpy's encryption on one side, ours on the other."""

import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest

from connectors.settings import Settings
from connectors.wechat.emulator import sending
from connectors.wechat.emulator.app import create_app
from connectors.wechat.emulator.platform import API_FAULTS, OTHER_FAULTS, Platform
from connectors.wechat.emulator.sending import DOOR_FAULTS, UNAVAILABLE
from tests.connectors.wechat.conftest import ChannelApi, made
from tests.connectors.wechat.sender import KEY

ME = "o-me"


class Emulator:
    """The emulator's page and API, in this process."""

    def __init__(self, channel: ChannelApi, var: Path, key: str = KEY, **more: Any) -> None:
        settings = Settings(
            wechat_token="token-of-tests", wechat_app_id="wx-tests", wechat_aes_key=key, wechat_secret="s",
            wechat_callback_url="http://public.test/wechat", var_dir=var,
        )  # fmt: skip
        self.platform = Platform("wx-tests", "s")
        public = httpx.ASGITransport(app=made(channel, wechat_aes_key=key, **more))
        app = create_app(settings, self.platform, public)
        self.client = httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://emulator.test")

    async def do(self, **what: Any) -> None:
        answer = await self.client.post("/emulator/do", json={"openid": ME, "shown": "…", **what})
        assert answer.status_code == 200

    async def say(self, text: str, *faults: str) -> None:
        await self.do(kind="text", fields={"Content": text}, faults=faults)

    async def lines(self, side: str) -> list[str]:
        state = (await self.client.get("/emulator/state", params={"openid": ME})).json()
        return [line["text"] for line in state["lines"] if line["side"] == side]

    async def token(self) -> str:
        body = {"grant_type": "client_credential", "appid": "wx-tests", "secret": "s"}
        return str((await self.client.post("/cgi-bin/stable_token", json=body)).json()["access_token"])

    async def send(self, text: str, token: str) -> Any:
        body = {"touser": ME, "msgtype": "text", "text": {"content": text}}
        answer = await self.client.post("/cgi-bin/message/custom/send", params={"access_token": token}, json=body)
        return answer.json()["errcode"]


@pytest.fixture
def emulator(channel: ChannelApi, tmp_path: Path) -> Emulator:
    return Emulator(channel, tmp_path)


class TestChat:
    async def test_what_is_said_is_heard_and_the_answer_shown(self, emulator: Emulator, channel: ChannelApi) -> None:
        await emulator.say("<楼下灯坏了> & 没人修")
        assert channel.heard[0]["text"] == "<楼下灯坏了> & 没人修"
        assert await emulator.lines("them") == ["收到"]

    async def test_in_plain_mode_too(self, channel: ChannelApi, tmp_path: Path) -> None:
        emulator = Emulator(channel, tmp_path, key="")
        await emulator.say("你好")
        assert await emulator.lines("them") == ["收到"]

    async def test_success_shows_nothing(self, emulator: Emulator, channel: ChannelApi) -> None:
        channel.answer = {"text": None}
        await emulator.say("你好")
        assert (await emulator.lines("them"), await emulator.lines("note")) == ([], [])

    async def test_following_and_leaving_are_events(self, emulator: Emulator, channel: ChannelApi) -> None:
        await emulator.do(event="subscribe", fields={"EventKey": ""})
        await emulator.do(event="unsubscribe", fields={"EventKey": ""})
        assert [heard["kind"] for heard in channel.heard] == ["follow", "unfollow"]

    async def test_the_page_is_there(self, emulator: Emulator) -> None:
        assert "模拟器" in (await emulator.client.get("/")).text

    async def test_text_messages_of_the_demo_are_shown(self, emulator: Emulator, tmp_path: Path) -> None:
        (tmp_path / "run").mkdir()
        (tmp_path / "run" / "sms.jsonl").write_text('{"phone": "1", "text": "码"}\n', encoding="utf-8")
        state = (await emulator.client.get("/emulator/state", params={"openid": ME})).json()
        assert state["sms"] == [{"phone": "1", "text": "码"}]


class TestFaultsAtTheDoor:
    async def test_three_at_once_are_one_message(self, emulator: Emulator, channel: ChannelApi) -> None:
        await emulator.say("一", "duplicate")
        assert (len(channel.heard), len({h["external_id"] for h in channel.heard})) == (3, 1)
        assert await emulator.lines("them") == ["收到"]

    @pytest.mark.parametrize("fault", ["bad_signature", "other_app"])
    async def test_what_is_not_from_the_platform_is_refused(
        self, emulator: Emulator, channel: ChannelApi, fault: str
    ) -> None:
        await emulator.say("一", fault)
        assert (channel.heard, await emulator.lines("note")) == ([], [UNAVAILABLE])

    async def test_the_plain_part_counts_for_nothing(self, emulator: Emulator, channel: ChannelApi) -> None:
        await emulator.say("真的", "plain_differs")
        assert channel.heard[0]["text"] == "真的"

    async def test_a_late_unsubscription_carries_its_own_time(self, emulator: Emulator, channel: ChannelApi) -> None:
        await emulator.say("一", "late_unsubscribe")
        first, late = channel.heard
        assert (late["kind"], late["at"] < first["at"]) == ("unfollow", True)

    async def test_no_answer_in_three_tries_is_told(
        self, channel: ChannelApi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        channel.never = True
        emulator = Emulator(channel, tmp_path, wechat_limit_s=0.1)
        await emulator.say("一")
        assert len({h["external_id"] for h in channel.heard}) == 1
        assert (len(channel.heard), await emulator.lines("note")) == (3, [UNAVAILABLE])

    def test_every_fault_has_a_name_on_the_page(self) -> None:
        page = (Path(sending.__file__).parent / "page.html").read_text(encoding="utf-8")
        missing = [name for name in (*DOOR_FAULTS, *API_FAULTS, *OTHER_FAULTS) if f" {name}: '" not in page]
        assert missing == []


class TestApi:
    async def test_a_token_stays_the_same_until_another_is_wanted(self, emulator: Emulator) -> None:
        first, second = await emulator.token(), await emulator.token()
        body = {"appid": "wx-tests", "secret": "s", "force_refresh": True}
        forced = (await emulator.client.post("/cgi-bin/stable_token", json=body)).json()["access_token"]
        assert first == second != forced
        assert await emulator.send("x", first) == 42001

    @pytest.mark.parametrize(
        ("query", "code"),
        [({"appid": "no", "secret": "s"}, 40013), ({"appid": "wx-tests", "secret": "no"}, 40125)],
    )
    async def test_who_may_not_have_a_token(self, emulator: Emulator, query: dict[str, str], code: int) -> None:
        assert (await emulator.client.get("/cgi-bin/token", params=query)).json()["errcode"] == code

    async def test_whom_it_may_send_to(self, emulator: Emulator, channel: ChannelApi) -> None:
        channel.answer = {"text": None}
        token = await emulator.token()
        assert await emulator.send("x", token) == 40003
        await emulator.do(event="subscribe", fields={"EventKey": ""})
        assert [await emulator.send(str(n), token) for n in range(6)] == [0, 0, 0, 0, 0, 45047]
        emulator.platform.clock = lambda: emulator.platform.followers[ME].spoke_at + 48 * 3600 + 1
        assert await emulator.send("x", await emulator.token()) == 45015
        await emulator.do(event="unsubscribe", fields={"EventKey": ""})
        assert await emulator.send("x", await emulator.token()) == 43004

    async def test_a_token_that_is_none(self, emulator: Emulator) -> None:
        assert [await emulator.send("x", token) for token in ("", "wrong")] == [41001, 40001]

    @pytest.mark.parametrize("name", list(API_FAULTS))
    async def test_faults_come_as_often_as_was_said(self, emulator: Emulator, channel: ChannelApi, name: str) -> None:
        await emulator.do(event="subscribe", fields={"EventKey": ""})
        await emulator.client.post("/emulator/faults", json={name: 1, "unknown": 1})
        token = await emulator.token()
        assert [await emulator.send("x", token) for _ in range(2)] == [API_FAULTS[name]["errcode"], 0]

    async def test_a_picture_goes_up_and_can_be_fetched(self, emulator: Emulator) -> None:
        kept = (await emulator.client.post("/emulator/picture", content=b"jpeg")).json()["media_id"]
        params = {"access_token": await emulator.token(), "media_id": kept}
        assert (await emulator.client.get("/cgi-bin/media/get", params=params)).content == b"jpeg"
        missing = await emulator.client.get("/cgi-bin/media/get", params={**params, "media_id": "gone"})
        assert missing.json()["errcode"] == 40007

    async def test_codes_and_menus(self, emulator: Emulator) -> None:
        at = {"access_token": await emulator.token()}
        scene = {"action_name": "QR_LIMIT_STR_SCENE", "action_info": {"scene": {"scene_str": "label"}}}
        assert (await emulator.client.post("/cgi-bin/qrcode/create", params=at, json=scene)).json()["ticket"] == "label"
        menu = {"button": [{"type": "click", "name": "报修", "key": "REPAIR"}]}
        await emulator.client.post("/cgi-bin/menu/create", params=at, json=menu)
        assert (await emulator.client.get("/cgi-bin/menu/get", params=at)).json()["menu"] == menu

    async def test_a_slow_answer_is_slow(self, emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
        waited: list[float] = []

        async def sleep(seconds: float) -> None:
            waited.append(seconds)

        monkeypatch.setattr(asyncio, "sleep", sleep)
        emulator.platform.faults = {"slow": 1}
        await emulator.send("x", await emulator.token())
        assert waited == [6.0]
