"""The callback: what is let in, what reaches the backend, what WeChat gets and when."""

import time
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from backend.domains.conversations.api_channels import ChannelMessageIn
from connectors.wechat.app import MAX_BODY_BYTES
from tests.connectors.wechat.conftest import SERVICE, ChannelApi, made
from tests.connectors.wechat.sender import KEY, OPENID, Sender, event_xml, text_xml

BOMB = (
    '<?xml version="1.0"?><!DOCTYPE xml [<!ENTITY a "aaaaaaaaaa">'
    '<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]><xml><MsgType>&b;</MsgType></xml>'
)
OUTSIDE = '<!DOCTYPE xml [<!ENTITY a SYSTEM "file:///etc/passwd">]><xml><MsgType>&a;</MsgType></xml>'


class TestSetUp:
    async def test_the_platform_gets_its_echo_back(self, wechat: Sender) -> None:
        answer = await wechat.get(**wechat.query(echostr="1616140317555161061"))
        assert (answer.status_code, answer.text) == (200, "1616140317555161061")

    async def test_not_with_a_wrong_signature(self, wechat: Sender) -> None:
        answer = await wechat.get(**wechat.query(echostr="1", signature="0" * 40))
        assert (answer.status_code, answer.headers["content-type"]) == (403, "application/problem+json")

    async def test_without_an_account_there_is_no_callback(self, channel: ChannelApi) -> None:
        sender = Sender(made(channel, wechat_token=""), "")
        assert (await sender.get(**sender.query(echostr="1"))).status_code in (404, 503)

    @pytest.mark.parametrize("method", ["PUT", "DELETE"])
    async def test_other_methods_are_refused(self, wechat: Sender, method: str) -> None:
        assert (await wechat._client.request(method, "/wechat", params=wechat.query())).status_code == 405


class TestLetIn:
    async def test_the_answer_comes_back_encrypted_to_the_sender(self, wechat: Sender, channel: ChannelApi) -> None:
        reply = wechat.opened(await wechat.send(text_xml()))
        assert (reply["ToUserName"], reply["FromUserName"], reply["Content"]) == (OPENID, "gh_tests", "收到")

    async def test_in_plain_mode_it_comes_back_plain(self, plain: Sender) -> None:
        assert plain.opened(await plain.send(text_xml()))["Content"] == "收到"

    async def test_the_backend_hears_who_and_what_with_our_token(self, wechat: Sender, channel: ChannelApi) -> None:
        await wechat.send(text_xml())
        (heard,) = channel.heard
        assert (heard["channel_user"], heard["kind"], heard["text"]) == (OPENID, "text", "楼下灯坏了")
        assert heard["external_id"] == f"{OPENID}:1234567890123456"
        assert channel.tokens == [f"Bearer {SERVICE}"]

    async def test_in_compatible_mode_the_encrypted_body_counts(self, wechat: Sender, channel: ChannelApi) -> None:
        await wechat.send(text_xml("真的"), beside="<Content>假的</Content><FromUserName>somebody</FromUserName>")
        assert (channel.heard[0]["text"], channel.heard[0]["channel_user"]) == ("真的", OPENID)

    @pytest.mark.parametrize("text", ["]]>", "a]]>b<x>", "\u0001电\ufffe", "😀" * 10, "<![CDATA[x]]>"])
    async def test_whatever_is_answered_is_well_formed(self, wechat: Sender, channel: ChannelApi, text: str) -> None:
        channel.answer = {"text": text}
        told = wechat.opened(await wechat.send(text_xml()))["Content"]
        assert told == text.replace("\u0001", "").replace("\ufffe", "")


class TestKeptOut:
    async def test_a_wrong_signature(self, wechat: Sender, channel: ChannelApi) -> None:
        answer = await wechat.send(text_xml(), signature="0" * 40)
        assert (answer.status_code, channel.heard) == (403, [])

    async def test_a_wrong_signature_of_the_message(self, wechat: Sender, channel: ChannelApi) -> None:
        answer = await wechat.send(text_xml(), msg_signature="0" * 40)
        assert (answer.status_code, channel.heard) == (403, [])

    async def test_a_message_for_another_account(self, channel: ChannelApi) -> None:
        sender = Sender(made(channel, wechat_app_id="wx-another"), KEY)
        assert ((await sender.send(text_xml())).status_code, channel.heard) == (403, [])

    async def test_a_plain_message_where_messages_are_encrypted(self, wechat: Sender, channel: ChannelApi) -> None:
        answer = await wechat.post(text_xml(), wechat.query())
        assert (answer.status_code, channel.heard) == (403, [])

    async def test_what_was_signed_long_ago(self, wechat: Sender, channel: ChannelApi) -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(time, "time", lambda: 1_700_000_000.0)
            old = wechat.query()
        assert ((await wechat.post(text_xml(), old)).status_code, channel.heard) == (403, [])

    async def test_another_body_under_a_used_nonce(self, plain: Sender, channel: ChannelApi) -> None:
        said = plain.query()
        assert (await plain.post(text_xml("一"), said)).status_code == 200
        assert (await plain.post(text_xml("二"), said)).status_code == 403
        assert [heard["text"] for heard in channel.heard] == ["一"]

    async def test_the_same_body_again_is_the_same_message(self, plain: Sender, channel: ChannelApi) -> None:
        said = plain.query()
        answers = [await plain.post(text_xml(), said) for _ in range(2)]
        assert [a.status_code for a in answers] == [200, 200]
        assert len({heard["external_id"] for heard in channel.heard}) == 1

    @pytest.mark.parametrize("body", [BOMB, OUTSIDE, "", "<xml>", "{}", "<html/>", "\x00", "<xml/>"])
    async def test_what_is_not_its_xml(self, plain: Sender, channel: ChannelApi, body: str) -> None:
        answer = await plain.post(body, plain.query())
        assert (answer.status_code, channel.heard) == (400, [])

    async def test_a_bomb_inside_the_encryption(self, wechat: Sender, channel: ChannelApi) -> None:
        assert ((await wechat.send(BOMB)).status_code, channel.heard) == (400, [])

    async def test_too_much(self, plain: Sender, channel: ChannelApi) -> None:
        answer = await plain.post(text_xml("灯" * MAX_BODY_BYTES), plain.query())
        assert (answer.status_code, channel.heard) == (413, [])

    @given(body=st.one_of(st.binary(max_size=300), st.text(max_size=200).map(lambda t: f"<xml>{t}</xml>".encode())))
    @hypothesis_settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    async def test_no_body_breaks_the_door(self, plain: Sender, channel: ChannelApi, body: bytes) -> None:
        assert (await plain.post(body, plain.query())).status_code in (200, 400)

    @given(fields=st.dictionaries(
        st.sampled_from(["FromUserName", "CreateTime", "MsgType", "Event", "EventKey", "MsgId", "MsgID", "Content",
                         "Location_X", "Location_Y", "Recognition", "MediaId"]),
        st.one_of(st.sampled_from(["event", "text", "voice", "location", "subscribe", "CLICK", OPENID, "1700000000"]),
                  st.text(st.characters(exclude_characters="<&\x0c\x0b", min_codepoint=32, max_codepoint=60000,
                                        exclude_categories=("Cs",)), max_size=40)),
    ))  # fmt: skip
    @hypothesis_settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    async def test_no_fields_break_the_door(self, plain: Sender, channel: ChannelApi, fields: dict[str, str]) -> None:
        body = "<xml>" + "".join(f"<{k}>{v.replace(']]>', '')}</{k}>" for k, v in fields.items()) + "</xml>"
        channel.heard.clear()
        assert (await plain.post(body, plain.query())).status_code in (200, 400)
        for heard in channel.heard:
            ChannelMessageIn.model_validate(heard)


class TestInTime:
    async def test_nothing_to_say_is_success(self, wechat: Sender, channel: ChannelApi) -> None:
        channel.answer = {"text": None}
        answer = await wechat.send(text_xml())
        assert (answer.status_code, answer.text) == (200, "success")

    async def test_the_backend_is_told_how_long_to_wait(self, wechat: Sender, channel: ChannelApi) -> None:
        await wechat.send(text_xml())
        assert 3.0 < channel.heard[0]["wait_s"] <= 3.5

    async def test_a_backend_that_says_nothing_makes_wechat_send_again(self, channel: ChannelApi) -> None:
        channel.never = True
        sender = Sender(made(channel, wechat_limit_s=0.2), KEY)
        answer = await sender.send(text_xml())
        assert answer.status_code == 503

    async def test_a_backend_that_just_starts_is_tried_again(self, channel: ChannelApi) -> None:
        class Starting(httpx.ASGITransport):
            refusals = 2

            async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
                if self.refusals:
                    self.refusals -= 1
                    raise httpx.ConnectError("refused", request=request)
                return await super().handle_async_request(request)

        sender = Sender(made(channel, Starting(app=channel.app)), KEY)
        assert sender.opened(await sender.send(text_xml()))["Content"] == "收到"

    async def test_a_backend_that_refuses_makes_wechat_send_again(self, wechat: Sender, channel: ChannelApi) -> None:
        channel.status = 500
        assert (await wechat.send(text_xml())).status_code == 503


async def _heard(sender: Sender, channel: ChannelApi, message: str) -> dict[str, Any]:
    await sender.send(message)
    return channel.heard[-1]


class TestKinds:
    async def test_three_tries_of_a_message_have_one_id(self, wechat: Sender, channel: ChannelApi) -> None:
        for _ in range(3):
            await wechat.send(text_xml())
        assert len({heard["external_id"] for heard in channel.heard}) == 1

    async def test_a_voice_message_spells_its_id_in_its_own_way(self, wechat: Sender, channel: ChannelApi) -> None:
        voice = {"MsgType": "voice", "MediaId": "m", "Format": "speex", "Recognition": "三号楼没电了"}
        ids = [
            (await _heard(wechat, channel, text_xml(**voice, MsgId="", MsgID=number)))["external_id"]
            for number in ("11", "12")
        ]
        assert ids == [f"{OPENID}:11", f"{OPENID}:12"]
        assert (channel.heard[0]["kind"], channel.heard[0]["text"]) == ("voice", "三号楼没电了")

    async def test_a_voice_message_that_was_not_recognised(self, wechat: Sender, channel: ChannelApi) -> None:
        heard = await _heard(wechat, channel, text_xml(MsgType="voice", MediaId="m", Format="amr"))
        assert (heard["kind"], heard["text"], heard["media_id"]) == ("voice", "", "m")

    async def test_a_picture(self, wechat: Sender, channel: ChannelApi) -> None:
        heard = await _heard(wechat, channel, text_xml(MsgType="image", MediaId="pic", PicUrl="http://x/y"))
        assert (heard["kind"], heard["media_id"]) == ("image", "pic")

    async def test_a_location_is_told_as_gps_has_it(self, wechat: Sender, channel: ChannelApi) -> None:
        where = {"Location_X": "39.908692", "Location_Y": "116.397477", "Label": "天安门"}
        heard = await _heard(wechat, channel, text_xml(MsgType="location", Scale="20", **where))
        assert heard["lat"] == pytest.approx(39.907288, abs=1e-5)
        assert heard["lng"] == pytest.approx(116.391235, abs=1e-5)

    @pytest.mark.parametrize("x", ["", "north", "91", "nan"])
    async def test_a_location_that_is_none(self, wechat: Sender, channel: ChannelApi, x: str) -> None:
        answer = await wechat.send(text_xml(MsgType="location", Location_X=x, Location_Y="1"))
        assert (answer.status_code, channel.heard) == (400, [])

    @pytest.mark.parametrize(
        ("event", "key", "kind", "told"),
        [
            ("subscribe", "", "follow", ""),
            ("subscribe", "qrscene_123", "follow", "123"),
            ("unsubscribe", "", "unfollow", None),
            ("SCAN", "bldg-3-1201", "scan", "bldg-3-1201"),
            ("CLICK", "REPAIR", "tap", "REPAIR"),
        ],
    )
    async def test_events(
        self, wechat: Sender, channel: ChannelApi, event: str, key: str, kind: str, told: str | None
    ) -> None:
        heard = await _heard(wechat, channel, event_xml(event, key))
        assert (heard["kind"], heard.get("key"), heard["at"]) == (kind, told, 1700000000)

    async def test_two_taps_in_one_second_are_two(self, wechat: Sender, channel: ChannelApi) -> None:
        for key in ("REPAIR", "BILL", "REPAIR"):
            await wechat.send(event_xml("CLICK", key))
        assert len({heard["external_id"] for heard in channel.heard}) == 2

    async def test_a_long_event_key_still_has_an_id_that_fits(self, wechat: Sender, channel: ChannelApi) -> None:
        assert len((await _heard(wechat, channel, event_xml("CLICK", "k" * 200)))["external_id"]) <= 150

    @pytest.mark.parametrize("event", ["VIEW", "LOCATION", "subscribe_msg_popup_event", "TEMPLATESENDJOBFINISH"])
    async def test_what_nobody_has_to_hear_is_success(self, wechat: Sender, channel: ChannelApi, event: str) -> None:
        answer = await wechat.send(event_xml(event, "x"))
        assert (answer.text, channel.heard) == ("success", [])
