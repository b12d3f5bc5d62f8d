"""Several things in one message: all are done, in order, in one reply."""

from typing import Any

from actions.repair import ReportRepair
from tests.actions.conftest import FakeBackend, Run

TEXT = "灯坏了，顺便把物业费交了，明天再约个羽毛球场"
LIGHT = {"text": "灯坏了", "category": "lighting", "fault": "灯不亮"}
QUESTION = {"item": 0, "about": "scope", "text": "是家里的，还是公共区域的？", "options": ["我家里", "楼下"]}


def tasks() -> list[dict[str, Any]]:
    said = [("report_repair", "灯坏了"), ("pay_bill", "顺便把物业费交了"), ("book_facility", "明天再约个羽毛球场")]
    return [{"intent": i, "text": t, "start": TEXT.index(t), "end": TEXT.index(t) + len(t)} for i, t in said]


async def test_each_is_done_in_order_in_one_reply(backend: FakeBackend, run: Run) -> None:
    out = await run(ReportRepair(), TEXT, "report_repair", items=[LIGHT], tasks=tasks())
    lines = [r["text"] for r in out.replies if r.get("text")]
    assert len(lines) == 1
    first, second, third = lines[0].split("\n")
    assert "SH2611-0032" in first
    assert "缴费" in second
    assert "订场地" in third
    assert [c["number"] for c in out.cards] == ["SH2611-0032"]


async def test_a_failure_is_said_in_its_place_and_the_others_go_on(backend: FakeBackend, run: Run) -> None:
    backend.fail["/reports"] = (403, {"type": "/problems/forbidden", "detail": "您还没有绑定小区。"})
    out = await run(ReportRepair(), TEXT, "report_repair", items=[LIGHT], tasks=tasks())
    assert out.text.startswith("1. 您还没有绑定小区。")
    assert len(backend.made()) == 3


async def test_a_question_about_the_fault_does_not_hold_up_the_rest(backend: FakeBackend, run: Run) -> None:
    backend.asks = [QUESTION]
    out = await run(ReportRepair(), TEXT, "report_repair", items=[LIGHT], tasks=tasks())
    assert len(out.text.split("\n")) == 2
    assert out.slots["repair_question"] == QUESTION
