"""Several things in one message, in the order they were said; one thing stays one."""

import pytest

from bot.components.task_planner import plan
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
