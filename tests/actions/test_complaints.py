"""Complaints: sorry first, which order, who answers by when."""

import re
from typing import Any

import pytest

from actions.complaints import Complain
from actions.repair import ReportRepair
from tests.actions.conftest import FakeBackend, Run, order

A, B = "SH2611-0001", "SH2611-0002"
LIGHT = {"text": "灯坏了没人修", "category": "lighting", "category_confidence": 0.95, "fault": "灯坏了"}


class TestComplain:
    async def test_sorry_first_then_who_answers_by_when(self, backend: FakeBackend, run: Run) -> None:
        out = await run(Complain(), "保安态度太差了", "complain")
        assert out.text.startswith("很抱歉")
        assert re.search(r"客服周敏会在 明天 \d\d:\d\d 前在这里答复您", out.text)
        assert [(p, b) for p, b in backend.made()] == [
            ("/complaints", {"words": "保安态度太差了", "kind": "service", "order_number": None}),
            ("/chat/hand-over", {"reason": "topic", "topic": "投诉", "take": False}),
        ]

    async def test_it_is_filed_and_its_number_is_said(self, backend: FakeBackend, run: Run) -> None:
        backend.add(order(A, fault="楼道灯坏了"))
        out = await run(Complain(), "灯坏了三天没人修，我要投诉", "complain")
        assert "TS-SH2611-0001" in out.text
        assert "处理结果最晚 明天" in out.text
        assert backend.made()[0] == (
            "/complaints",
            {"words": "灯坏了三天没人修，我要投诉", "kind": "repair", "order_number": A},
        )
        filed = next(h for h, (_, path, _) in zip(backend.headers, backend.calls, strict=True) if "complaints" in path)
        assert filed["Idempotency-Key"] == "m1:complaint"

    async def test_what_it_is_about_is_told(self, backend: FakeBackend, run: Run) -> None:
        noise = {"text": "楼上天天蹦迪", "category": "noise", "category_confidence": 0.9, "fault": "蹦迪"}
        await run(Complain(), "楼上天天蹦迪", "complain", items=[noise])
        assert backend.made()[0][1]["kind"] == "noise"

    @pytest.mark.parametrize("orders", [[], [order(A, technician={"id": 5, "name": "李强"})]])
    async def test_manners_are_told_whatever_it_is_about(
        self, backend: FakeBackend, run: Run, orders: list[dict[str, Any]]
    ) -> None:
        backend.add(*orders)
        await run(Complain(), "我要投诉，李师傅态度太差了", "complain")
        assert backend.made()[0][1]["kind"] == "service"

    async def test_customer_service_hears_of_it_even_when_it_cannot_be_filed(
        self, backend: FakeBackend, run: Run
    ) -> None:
        backend.fail["/complaints"] = (422, {"type": "/problems/invalid-input", "detail": "不行。"})
        out = await run(Complain(), "保安态度太差了", "complain")
        assert "前在这里答复您" in out.text
        assert "编号" not in out.text
        assert backend.made()[-1][0] == "/chat/hand-over"

    async def test_a_tap_without_words_files_nothing(self, backend: FakeBackend, run: Run) -> None:
        await run(Complain(), "/complain", "complain")
        assert [p for p, _ in backend.made()] == ["/chat/hand-over"]

    @pytest.mark.parametrize(
        ("words", "named"),
        [
            ("灯坏了三天没人修，我要投诉", A),
            ("门铃到现在还没修，太差劲", B),
            ("楼上天天吵，你们管不管", None),
        ],
    )
    async def test_the_order_it_is_about_and_its_promise(
        self, backend: FakeBackend, run: Run, words: str, named: str | None
    ) -> None:
        backend.add(order(A, fault="楼道灯坏了"), order(B, fault="门铃不响"))
        out = await run(Complain(), words, "complain")
        assert [c["number"] for c in out.cards] == ([named] if named else [])
        assert ("预计" in out.text) is bool(named)

    @pytest.mark.parametrize(("words", "about"), [("怎么还没人来，投诉你们", True), ("保安太凶", False)])
    async def test_the_only_order_only_when_it_fits(
        self, backend: FakeBackend, run: Run, words: str, about: bool
    ) -> None:
        backend.add(order(A))
        assert bool((await run(Complain(), words, "complain")).cards) is about

    async def test_it_opens_nothing_but_offers_to(self, backend: FakeBackend, run: Run) -> None:
        out = await run(Complain(), LIGHT["text"], "complain", items=[LIGHT])
        assert out.payloads == ["/report_repair"]
        before: list[dict[str, Any]] = [
            {
                "event": "user",
                "text": LIGHT["text"],
                "parse_data": {"text": LIGHT["text"], "intent": {"name": "complain"}, "items": [LIGHT]},
            },
            {"event": "bot", "text": out.text, "data": {"buttons": out.replies[0]["buttons"]}},
        ]
        assert "/work-orders/reports" not in [p for p, _ in backend.made()]
        await run(ReportRepair(), "/report_repair", "report_repair", events=before)
        assert backend.made()[-1][1]["items"] == [LIGHT]
