"""The same as before: the order that was finished last is asked about, and taken up again."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from actions._again import is_again
from actions._base import BackendAction
from actions.common import Affirm, AskAffirmation, Deny
from actions.repair import ReportRepair
from actions.work_order import AmendWorkOrder, RejectWorkOrder
from tests.actions.conftest import FakeBackend, Run, line, order

A, B = "SH2611-0001", "SH2611-0002"
ITEM = {"text": "又坏了", "category": "other", "fault": "又坏了"}


def done(number: str, days: float, status: str = "closed", **more: Any) -> dict[str, Any]:
    at = (datetime.now(UTC) - timedelta(days=days)).isoformat()
    timeline = [{"at": at, "to_status": "finished"}, {"at": at, "to_status": status}]
    return order(number, status, updated_at=at, timeline=timeline, **more)


def asked(number: str) -> dict[str, Any]:
    yes = ("是的，返修", f'/reject_work_order{{"order_number": "{number}"}}')
    return line(f"是 {number}（灯不亮）又坏了吗？", yes, ("不是，另外报修", "/report_repair"), order=number)


class TestWords:
    @pytest.mark.parametrize("words", ["还是老毛病", "又坏了", "老地方", "又不行了！", "跟上次一样", "怎么又坏了啊"])
    def test_nothing_else_is_said(self, words: str) -> None:
        assert is_again(words)

    @pytest.mark.parametrize("words", ["灯又坏了", "老地方的灯坏了", "厨房又漏了", "坏了", "好了"])
    def test_what_says_more_is_a_report(self, words: str) -> None:
        assert not is_again(words)


class TestAsked:
    @pytest.mark.parametrize(
        ("action", "intent"),
        [
            (ReportRepair(), "report_repair"),
            (RejectWorkOrder(), "reject_work_order"),
            (AmendWorkOrder(), "amend_work_order"),
            (AskAffirmation(), "nlu_fallback"),
        ],
    )
    async def test_the_order_finished_last(
        self, backend: FakeBackend, run: Run, action: BackendAction, intent: str
    ) -> None:
        backend.add(done(A, 9), done(B, 2))
        out = await run(action, "又坏了", intent, items=[ITEM])
        assert "又坏了吗" in out.text
        assert out.payloads == [f'/reject_work_order{{"order_number": "{B}"}}', "/report_repair"]
        assert backend.made() == []

    async def test_the_one_that_the_words_point_at(self, backend: FakeBackend, run: Run) -> None:
        backend.add(done(A, 9, fault="门铃不响"), done(B, 2))
        out = await run(RejectWorkOrder(), "门铃那个又坏了", "reject_work_order")
        assert A in out.payloads[0]

    async def test_after_fifteen_days_it_is_a_new_report(self, backend: FakeBackend, run: Run) -> None:
        backend.add(done(A, 16))
        await run(ReportRepair(), "又坏了", "report_repair", items=[ITEM])
        assert backend.made()[0][0] == "/work-orders/reports"

    async def test_what_waits_for_acceptance_is_simply_refused(self, backend: FakeBackend, run: Run) -> None:
        backend.add(done(A, 0.1, "finished"), done(B, 3))
        await run(RejectWorkOrder(), "还是老毛病", "reject_work_order")
        assert [(p, b["note"]) for p, b in backend.made()] == [(f"/work-orders/{A}/transitions", "还是老毛病")]


class TestAnswered:
    @pytest.mark.parametrize(("action", "words", "intent"), [(Affirm(), "是的", "affirm"), (Affirm(), "对", "affirm")])
    async def test_a_yes_takes_it_up_again(
        self, backend: FakeBackend, run: Run, action: BackendAction, words: str, intent: str
    ) -> None:
        backend.add(done(A, 2))
        await run(action, words, intent, lately=[asked(A)])
        assert (backend.moves(), backend.orders[A]["status"]) == (["reopened"], "reopened")

    @pytest.mark.parametrize("cause", ["report_repair", "reject_work_order"])
    async def test_a_no_asks_what_is_broken(self, backend: FakeBackend, run: Run, cause: str) -> None:
        backend.add(done(A, 2))
        backend.asks = [{"item": 0, "about": "fault", "text": "哪里坏了？", "options": []}]
        events = [
            {
                "event": "user",
                "text": "又坏了",
                "parse_data": {"text": "又坏了", "intent": {"name": cause}, "items": [ITEM]},
            },
            {"event": "bot", "text": "又坏了吗？", "data": {"buttons": asked(A)["buttons"]}},
            {"event": "user", "text": "不是", "parse_data": {}},
        ]
        out = await run(Deny(), "不是", "deny", lately=[asked(A)], events=events)
        assert backend.made()[0][1]["items"] == []
        assert out.slots["repair_question"]["about"] == "fault"
