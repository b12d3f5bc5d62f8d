"""Danger: the card comes in any case."""

from typing import Any

import pytest

from actions._base import BackendAction
from actions.common import Deny
from actions.emergency import ReportEmergency
from actions.repair import ReportRepair
from actions.work_order import CancelWorkOrder, QueryWorkOrder
from tests.actions.conftest import FakeBackend, Run, line

TRAPPED = {"text": "电梯困人了", "category": "elevator", "urgency": "high", "fault": "电梯困人"}

YES, NO = "/report_emergency", "/deny"
ASKED = [
    {
        "event": "user",
        "text": "电梯困人了",
        "parse_data": {"text": "电梯困人了", "intent": {"name": "report_emergency"}, "items": [TRAPPED]},
    },
    {"event": "bot", "text": "有危险吗？", "data": {"buttons": [{"title": "有危险", "payload": YES}]}},
]


class TestReportEmergency:
    async def test_the_model_alone_asks_and_tells_staff(self, backend: FakeBackend, run: Run) -> None:
        out = await run(ReportEmergency(), "我快被你们气炸了", "report_emergency", confidence=0.99)
        assert [p for p, _ in backend.made()] == ["/chat/hand-over"]
        assert (out.payloads, out.cards) == ([YES, NO], [])
        assert "119" in out.text

    async def test_a_yes_opens_an_emergency_and_says_what_to_do(self, backend: FakeBackend, run: Run) -> None:
        out = await run(ReportEmergency(), YES, "report_emergency", events=ASKED)
        sent = backend.made()[0][1]
        assert (sent["items"][0]["text"], sent["items"][0]["urgency"], sent["answer"]) == (
            "电梯困人了",
            "emergency",
            "",
        )
        assert "SH2611-0032" in out.text
        assert (out.cards[0]["type"], len(out.cards[0]["lines"])) == ("danger", 3)

    async def test_danger_said_again_is_believed(self, backend: FakeBackend, run: Run) -> None:
        out = await run(ReportEmergency(), "快点啊真的困住了", "report_emergency", events=ASKED, items=[TRAPPED])
        assert out.cards[0]["type"] == "danger"

    async def test_the_card_comes_even_when_the_backend_is_down(self, backend: FakeBackend, run: Run) -> None:
        backend.fail = {"": (500, {})}
        out = await run(ReportEmergency(), YES, "report_emergency", events=ASKED)
        assert out.cards[0]["phones"]
        assert "请直接打下面的电话" in out.text


HOB = {
    "text": "煤气灶打不着火",
    "category": "gas",
    "category_confidence": 0.97,
    "urgency": "emergency",
    "fault": "煤气灶打不着火",
}
LIGHT = {"text": "灯坏了", "category": "lighting", "urgency": "normal", "fault": "灯坏了"}
NO_BUT = "/report_repair"


def asked_about(item: dict[str, Any]) -> list[dict[str, Any]]:
    parse = {"text": item["text"], "intent": {"name": "report_emergency"}, "items": [item]}
    buttons = [{"title": "有危险", "payload": YES}, {"title": "没有危险", "payload": NO_BUT}]
    return [
        {"event": "user", "text": item["text"], "parse_data": parse},
        {"event": "bot", "text": "有危险吗？", "data": {"buttons": buttons}},
    ]


class TestNoDanger:
    @pytest.mark.parametrize(
        ("item", "payload"),
        [
            (HOB, NO_BUT),
            ({**HOB, "text": "如果煤气漏了怎么办"}, NO),
            ({**HOB, "category_confidence": 0.53}, NO),
            ({**HOB, "category": "other"}, NO),
        ],
    )
    async def test_a_fault_is_offered_as_a_repair(
        self, backend: FakeBackend, run: Run, item: dict[str, Any], payload: str
    ) -> None:
        out = await run(ReportEmergency(), item["text"], "report_emergency", items=[item])
        assert out.payloads == [YES, payload]

    @pytest.mark.parametrize(("words", "intent"), [(NO_BUT, "report_repair"), ("没有危险", "deny"), ("没有", "deny")])
    async def test_a_no_opens_the_order_that_was_meant(
        self, backend: FakeBackend, run: Run, words: str, intent: str
    ) -> None:
        shown = line("您那边现在有危险吗？", ("有危险", YES), ("没有危险，正常报修", NO_BUT))
        action = ReportRepair() if intent == "report_repair" else Deny()
        out = await run(action, words, intent, events=asked_about(HOB), lately=[shown])
        [(path, sent)] = backend.made()
        assert (path, sent["items"]) == ("/work-orders/reports", [{**HOB, "urgency": "high"}])
        assert "SH2611-0032" in out.text

    async def test_a_report_half_made_goes_on(self, backend: FakeBackend, run: Run) -> None:
        ended = [{"event": "user", "text": "气炸了"}, {"event": "active_loop", "name": None}]
        slots = {"repair_items": {"items": [LIGHT], "attachments": ["p1"]}}
        asked = await run(ReportEmergency(), "气炸了", "report_emergency", slots=slots, events=ended)
        assert asked.replies[0]["buttons"][1]["title"] == "没有危险，接着报修"
        angry = {**HOB, "text": "气炸了", "category_confidence": 0.5}
        out = await run(ReportRepair(), NO_BUT, "report_repair", slots=asked.slots, events=asked_about(angry))
        sent = backend.made()[-1][1]
        assert (sent["items"], sent["attachments"]) == ([LIGHT], ["p1"])
        assert out.slots["repair_items"] is None

    async def test_a_report_of_long_ago_does_not(self, backend: FakeBackend, run: Run) -> None:
        slots = {"repair_items": {"items": [LIGHT]}}
        out = await run(ReportEmergency(), "气炸了", "report_emergency", slots=slots, events=[{"event": "user"}])
        assert (out.payloads, out.slots) == ([YES, NO], {"repair_items": None})


SOCKET = {
    "text": "卧室那个插座没电了 快叫个人来瞧瞧",
    "category": "electrical",
    "category_confidence": 0.97,
    "urgency": "emergency",
    "fault": "卧室那个插座没电了 快叫个人来瞧瞧",
}


class TestPlainFault:
    """A call for somebody beside a plain fault is no danger."""

    async def test_is_reported_without_a_question(self, backend: FakeBackend, run: Run) -> None:
        given: dict[str, Any] = {"items": [SOCKET], "meta": {"danger": 0.005}}
        out = await run(ReportEmergency(), SOCKET["text"], "report_emergency", **given)
        [(path, sent)] = backend.made()
        assert (path, sent["answer"]) == ("/work-orders/reports", None)
        [item] = sent["items"]
        assert (item["urgency"], item["fault"], item["text"]) == ("high", "卧室那个插座没电了", SOCKET["text"])
        assert "危险" not in out.text

    @pytest.mark.parametrize(
        ("item", "score"),
        [
            (SOCKET, 0.4),
            (SOCKET, None),
            ({**SOCKET, "category": "other"}, 0.005),
            ({**SOCKET, "text": "卧室那个插座没电了"}, 0.005),
        ],
    )
    async def test_anything_else_is_asked_about(
        self, backend: FakeBackend, run: Run, item: dict[str, Any], score: float | None
    ) -> None:
        out = await run(ReportEmergency(), item["text"], "report_emergency", items=[item], meta={"danger": score})
        assert "有危险吗？" in out.text

    async def test_a_report_half_made_comes_along(self, backend: FakeBackend, run: Run) -> None:
        ended = [{"event": "user", "text": SOCKET["text"]}, {"event": "active_loop", "name": None}]
        slots = {"repair_items": {"items": [LIGHT], "attachments": []}}
        given: dict[str, Any] = {"items": [SOCKET], "slots": slots, "events": ended, "meta": {"danger": 0.005}}
        await run(ReportEmergency(), SOCKET["text"], "report_emergency", **given)
        assert [i["category"] for i in backend.made()[0][1]["items"]] == ["lighting", "electrical"]


class TestAfterTheQuestion:
    SHOWN = line("您那边现在有危险吗？", ("有危险，快来人", YES), ("没有危险，正常报修", NO_BUT))

    @pytest.mark.parametrize(
        ("action", "intent"),
        [(Deny(), "deny"), (CancelWorkOrder(), "cancel_work_order"), (ReportEmergency(), "report_emergency")],
    )
    async def test_who_gives_up_reports_nothing(
        self, backend: FakeBackend, run: Run, action: BackendAction, intent: str
    ) -> None:
        out = await run(action, "算了", intent, events=asked_about(HOB), lately=[self.SHOWN])
        assert (backend.made(), out.text) == ([], "好的，那先这样。有需要随时跟我说。")

    @pytest.mark.parametrize("words", ["什么时候有人来啊", "还要等多久", "师傅几点能到啊，我都在家等了一上午了"])
    @pytest.mark.parametrize(
        ("action", "intent"), [(QueryWorkOrder(), "query_work_order"), (ReportEmergency(), "report_emergency")]
    )
    async def test_who_asks_when_somebody_comes_has_it_reported(
        self, backend: FakeBackend, run: Run, action: BackendAction, intent: str, words: str
    ) -> None:
        out = await run(action, words, intent, events=asked_about(HOB), lately=[self.SHOWN])
        [(path, sent)] = backend.made()
        assert (path, sent["items"]) == ("/work-orders/reports", [{**HOB, "urgency": "high"}])
        assert "李师傅预计" in out.text

    async def test_another_question_is_answered_as_such(self, backend: FakeBackend, run: Run) -> None:
        await run(QueryWorkOrder(), "我的单到哪了", "query_work_order", events=asked_about(HOB), lately=[self.SHOWN])
        assert (backend.made(), bool(backend.calls)) == ([], True)
