"""The trained model: what must never be misunderstood, and how good it is on independent words."""

import asyncio
import csv
import time
from pathlib import Path
from typing import Any

import pytest
from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage

HOLDOUT = Path(__file__).parent / "data" / "holdout.tsv"


@pytest.fixture(scope="module")
def agent(model_path: Path) -> Agent:
    return Agent.load(str(model_path))


def parse(agent: Agent, text: str, role: str = "owner") -> dict[str, Any]:
    assert agent.processor is not None
    return asyncio.run(agent.processor.parse_message(UserMessage(text, metadata={"roles": [role]})))


@pytest.mark.parametrize(
    "text", ["电梯困人了", "我家厨房着火了", "家里好大煤气味 头晕", "有人触电了", "有人晕倒了", "家里爆管了 全屋都淹了"]
)
def test_danger_is_danger(agent: Agent, text: str) -> None:
    parsed = parse(agent, text)
    assert parsed["intent"]["name"] == "report_emergency"
    assert parsed["items"][0]["urgency"] == "emergency"


@pytest.mark.parametrize("text", ["锅烧糊了已经灭了", "电梯里有人抽烟", "燃气灶打不着火"])
def test_near_misses_are_no_danger(agent: Agent, text: str) -> None:
    assert parse(agent, text)["intent"]["name"] != "report_emergency"


def test_item_of_a_repair(agent: Agent) -> None:
    (item,) = parse(agent, "我家楼下的灯坏了")["items"]
    assert (item["category"], item["urgency"], item["scope"]) == ("lighting", "normal", "public")
    assert (item["place_words"], item["fault"]) == ("我家楼下", "灯坏了")


def test_two_faults_are_two_items(agent: Agent) -> None:
    items = parse(agent, "灯坏了，水龙头也漏水")["items"]
    assert [item["category"] for item in items] == ["lighting", "plumbing"]


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("厨房水管漏水漏了一地", 1),
        ("灯坏了，好几天了，晚上看不见，麻烦快点", 1),
        ("跳闸了，空调开不了，灯也不亮", 1),
        ("你好，3号楼2单元，大堂灯坏了", 1),
        ("晚上下楼全靠摸", 1),
        ("电梯里的灯一闪一闪", 1),
        ("水龙头漏水卫生间灯也不亮了", 2),
        ("马桶堵了，顺便看看阳台窗户关不严", 2),
        ("电梯坏了 另外大堂的门禁也失灵", 2),
        ("楼道灯不亮，垃圾也没人收", 2),
        ("客厅的灯和厨房的水龙头都坏了", 2),
        ("厨房和卫生间的下水都堵了", 2),
    ],
)
def test_each_fault_is_an_item(agent: Agent, text: str, faults: int) -> None:
    assert len(parse(agent, text)["items"]) == faults


def test_button_payload_is_left_alone(agent: Agent) -> None:
    parsed = parse(agent, '/confirm_work_order{"order_number": "SH2611-0032"}')
    assert parsed["intent"]["name"] == "confirm_work_order"
    assert parsed["entities"][0]["value"] == "SH2611-0032"
    assert not parsed.get("items")


def test_technician_and_owner_mean_different_things(agent: Agent) -> None:
    assert parse(agent, "修好了", "technician")["intent"]["name"] == "finish_order"
    assert parse(agent, "修好了", "owner")["intent"]["name"] == "confirm_work_order"


def test_independent_words(agent: Agent) -> None:
    with HOLDOUT.open(encoding="utf-8") as lines:
        cases = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    started = time.perf_counter()
    parsed = [parse(agent, case["text"], case["role"]) for case in cases]
    took_ms = (time.perf_counter() - started) * 1000 / len(cases)
    first = [p["intent"]["name"] == c["intent"] for p, c in zip(parsed, cases, strict=True)]
    assert sum(first) / len(cases) >= 0.8
    assert took_ms < 250  # 30 ms on a quiet machine
