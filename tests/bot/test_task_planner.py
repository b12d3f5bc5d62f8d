"""Several things in one message, in the order they were said; one thing stays one."""

import pytest

from bot.components.clauses import asides
from bot.components.task_planner import opening, plan
from bot.components.zh_normalizer import clean


@pytest.mark.parametrize(
    ("text", "intents"),
    [
        ("灯坏了，顺便把物业费交了，明天再约个羽毛球场", ["report_repair", "pay_bill", "book_facility"]),
        ("帮我查下水费 另外单元门禁刷不开", ["query_bill", "report_repair"]),
        ("厨房水龙头漏水然后给我开张发票", ["report_repair", "request_invoice"]),
        ("明天有朋友来给开个访客码，再订个车位", ["invite_visitor", "book_parking"]),
    ],
)
def test_each_thing_is_a_task(text: str, intents: list[str]) -> None:
    assert [part.intent for part in plan(clean(text), "report_repair")] == intents


@pytest.mark.parametrize(
    "text",
    [
        "灯坏了，好几天了，晚上看不见，麻烦快点",
        "灯坏了，水龙头也漏水",
        "物业费交了这么多年，楼道灯坏了都没人管",
        "我要交物业费",
        "羽毛球场的灯坏了",
        "车位地锁坏了，怎么办",
        "",
    ],
)
def test_one_kind_of_thing_is_no_plan(text: str) -> None:
    assert plan(clean(text), "report_repair") == []


class TestWhatTheModelHearsBeside:
    def test_clauses_in_passing_and_what_stands_before_them(self) -> None:
        text = clean("厨房漏水了，也问下宠物能不能进电梯")
        assert list(asides(text).values()) == ["厨房漏水了", "问下宠物能不能进电梯"]

    @pytest.mark.parametrize("text", ["厨房漏水了，麻烦快点", "顺便帮我看看", ""])
    def test_without_an_aside_nothing_is_judged_by_itself(self, text: str) -> None:
        assert asides(clean(text)) == {}

    def test_a_question_beside_a_fault_is_a_task(self) -> None:
        text = clean("厨房漏水了，也问下宠物能不能进电梯")
        first, second = asides(text)
        beside = {first: ("report_repair", 0.9), second: ("ask_faq", 0.9)}
        assert [part.intent for part in plan(text, "report_repair", beside)] == ["report_repair", "ask_faq"]

    @pytest.mark.parametrize("guess", [("ask_faq", 0.4), ("thank", 0.9), ("amend_work_order", 0.9)])
    def test_a_weak_guess_and_small_talk_are_none(self, guess: tuple[str, float]) -> None:
        text = clean("厨房漏水了，另外辛苦你们师傅了")
        first, second = asides(text)
        assert plan(text, "report_repair", {first: ("report_repair", 0.9), second: guess}) == []

    def test_a_report_with_thanks_is_a_report(self) -> None:
        text = clean("水管爆了 对了谢谢你们")
        first, second = asides(text)
        beside = {first: ("report_emergency", 0.9), second: ("thank", 0.99)}
        assert opening(beside, {"name": "thank"}) == "report_emergency"
        assert opening(beside, {"name": "report_repair"}) is None
