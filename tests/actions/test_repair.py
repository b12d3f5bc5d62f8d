"""Reporting a repair: what is asked, what is opened, what is said."""

from typing import Any

import pytest

from actions.repair import AskRepairAnswer, RepairAbandon, RepairSubmit, ValidateRepairForm
from tests.actions.conftest import FakeBackend, Run

LIGHT = {"text": "我家楼下灯坏了", "category": "lighting", "fault": "灯坏了"}
QUESTION = {"item": 0, "about": "scope", "text": "是家里的，还是公共区域的？", "options": ["我家里", "楼下"]}


def draft(fault: str, place: str = "楼下") -> dict[str, Any]:
    location = {"building": "3", "unit": "2", "floor": None, "room": None, "place": place}
    return {
        "category": "lighting",
        "urgency": "normal",
        "scope": "public",
        "location": location,
        "place_text": f"3号楼2单元 {place}",
        "fault": fault,
        "asset_id": None,
        "preferred_time": None,
    }


def answered(words: str) -> list[dict[str, Any]]:
    return [
        {"event": "action", "name": "repair_form"},
        {"event": "slot", "name": "repair_answer", "value": words},
    ]


class TestForm:
    async def test_asks_nothing_when_nothing_is_missing(self, backend: FakeBackend, run: Run) -> None:
        backend.drafted = [{"drafts": [draft("灯坏了")], "question": None}]
        out = await run(ValidateRepairForm(), "我家楼下灯坏了", "report_repair", items=[LIGHT])
        assert out.slots["requested_slot"] is None
        assert backend.made()[0][1] == {"text": "我家楼下灯坏了", "items": [LIGHT], "answer": None}

    async def test_asks_one_question_with_its_answers_to_tap(self, backend: FakeBackend, run: Run) -> None:
        backend.drafted = [{"drafts": [draft("灯坏了")], "question": QUESTION}]
        started = await run(ValidateRepairForm(), "灯坏了", "report_repair", items=[LIGHT])
        assert started.slots["requested_slot"] == "repair_answer"
        asked = await run(AskRepairAnswer(), "灯坏了", "report_repair", slots=started.slots)
        assert asked.text == QUESTION["text"]
        assert asked.payloads == ["我家里", "楼下"]

    async def test_an_answer_is_never_followed_by_a_second_question(self, backend: FakeBackend, run: Run) -> None:
        backend.drafted = [{"drafts": [draft("灯坏了")], "question": QUESTION}]
        kept = {"drafts": [draft("灯坏了")], "items": [LIGHT], "attachments": ["p1"]}
        out = await run(
            ValidateRepairForm(), "楼下", "nlu_fallback", slots={"repair_items": kept}, events=answered("楼下")
        )
        assert backend.made()[0][1] == {"text": "楼下", "items": [LIGHT], "answer": "楼下"}
        assert out.slots["requested_slot"] is None
        assert out.slots["repair_items"]["attachments"] == ["p1"]

    @pytest.mark.parametrize(
        ("words", "found", "answers"),
        [
            ("楼道的灯坏了，马桶也堵了", ["lighting", "plumbing"], True),
            ("厨房水龙头漏水", ["plumbing"], False),
            ("客厅的灯坏了", ["lighting"], True),
        ],
    )
    async def test_another_fault_in_the_answer_is_not_lost(
        self, backend: FakeBackend, run: Run, words: str, found: list[str], answers: bool
    ) -> None:
        said = [{"text": words, "category": category, "fault": words} for category in found]
        backend.drafted = [{"drafts": [draft("灯坏了")], "question": QUESTION}]
        kept = {"drafts": [draft("灯坏了")], "items": [LIGHT], "attachments": []}
        slots = {"repair_items": kept}
        form = ValidateRepairForm()
        out = await run(form, words, "report_repair", items=said, slots=slots, events=answered(words))
        more = [item for item in said if item["category"] != "lighting"]
        assert backend.made()[0][1] == {"text": words, "items": [LIGHT, *more], "answer": words if answers else None}
        assert out.slots["requested_slot"] is None

    async def test_the_answer_to_what_is_broken_is_the_report(self, backend: FakeBackend, run: Run) -> None:
        backend.drafted = [{"drafts": [draft("灯坏了")], "question": None}]
        given: dict[str, Any] = {"slots": {"repair_items": {"drafts": [], "items": []}}, "items": [LIGHT]}
        await run(ValidateRepairForm(), "楼下灯坏了", "report_repair", events=answered("楼下灯坏了"), **given)
        assert backend.made()[0][1] == {"text": "楼下灯坏了", "items": [LIGHT], "answer": None}

    @pytest.mark.parametrize(
        ("words", "intent", "confidence", "counts"),
        [
            ("我家里", "greet", 0.9, True),
            ("家里那个", "greet", 0.3, True),
            ("你好", "greet", 0.9, False),
            ("算了", "deny", 0.4, False),
        ],
    )
    async def test_short_answers_count_whatever_their_intent(
        self, backend: FakeBackend, run: Run, words: str, intent: str, confidence: float, counts: bool
    ) -> None:
        backend.drafted = [{"drafts": [draft("灯坏了")], "question": None}]
        slots = {"repair_items": {"drafts": [], "items": [LIGHT]}, "repair_question": QUESTION}
        given: dict[str, Any] = {"slots": slots, "loop": "repair_form", "confidence": confidence}
        out = await run(ValidateRepairForm(), words, intent, **given)
        assert bool(out.events) is counts

    async def test_an_interruption_fills_nothing(self, backend: FakeBackend, run: Run) -> None:
        out = await run(ValidateRepairForm(), "我的单到哪了", "query_work_order")
        assert (out.events, out.replies, backend.calls) == ([], [], [])

    async def test_a_failure_ends_the_form_and_fetches_a_person(self, backend: FakeBackend, run: Run) -> None:
        backend.fail["/drafts"] = (500, {"type": "/problems/unexpected", "detail": "Traceback"})
        out = await run(ValidateRepairForm(), "灯坏了", "report_repair", items=[LIGHT])
        assert out.text == "这一步没办成，我已经转给客服，请稍等。"
        assert out.slots["requested_slot"] is None
        assert backend.made()[-1][1]["reason"] == "failed"


class TestSubmit:
    async def test_opens_and_says_who_comes_when(self, backend: FakeBackend, run: Run) -> None:
        kept = {"drafts": [draft("灯不亮")], "attachments": ["p1"]}
        out = await run(
            RepairSubmit(), "我家楼下灯不亮", "report_repair", slots={"repair_items": kept}, meta={"channel": "wechat"}
        )
        assert out.text.startswith("收到，3号楼2单元 楼下的灯不亮，工单 SH2611-0032，李师傅预计 ")
        assert out.text.endswith("14:30 前到。")
        assert out.cards[0]["type"] == "work_order"
        assert out.payloads == ['/cancel_work_order{"order_number": "SH2611-0032"}']
        assert out.slots == {"repair_items": None, "repair_question": None, "repair_answer": None}
        sent = backend.made()[0][1]
        assert (sent["attachments"], sent["source"]) == (["p1"], "wechat")
        assert backend.headers[0]["idempotency-key"] == "m1:0"
        assert backend.headers[0]["authorization"] == "Bearer t0"

    async def test_two_faults_are_two_orders_in_one_reply(self, backend: FakeBackend, run: Run) -> None:
        kept = {"drafts": [draft("灯不亮"), draft("门关不上", "大堂")], "attachments": []}
        out = await run(RepairSubmit(), "灯不亮，门也关不上", "report_repair", slots={"repair_items": kept})
        assert [r["text"] for r in out.replies if r.get("text")] == [out.text]
        assert "SH2611-0032" in out.text
        assert "SH2611-0033" in out.text
        assert [c["number"] for c in out.cards] == ["SH2611-0032", "SH2611-0033"]

    async def test_refusal_of_the_backend_is_said_in_its_own_words(self, backend: FakeBackend, run: Run) -> None:
        backend.fail["/work-orders"] = (403, {"type": "/problems/forbidden", "detail": "您还没有绑定小区。"})
        out = await run(RepairSubmit(), "x", "report_repair", slots={"repair_items": {"drafts": [draft("灯不亮")]}})
        assert out.text == "您还没有绑定小区。"

    async def test_after_a_failed_form_nothing_is_opened(self, backend: FakeBackend, run: Run) -> None:
        out = await run(RepairSubmit(), "x", "report_repair", slots={"repair_items": None})
        assert (out.replies, backend.calls) == ([], [])


class TestAbandon:
    async def test_forgets_the_report(self, run: Run) -> None:
        out = await run(RepairAbandon(), "算了", "deny", slots={"repair_items": {"drafts": [draft("灯")]}})
        assert "没有开工单" in out.text
        assert out.slots["repair_items"] is None
