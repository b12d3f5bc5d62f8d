"""Chinese for orders."""

from datetime import UTC, datetime
from typing import Any, cast

import pytest

from actions._client import Order
from actions._words import arrival, promised, stands, what


def order(place_text: str, fault: str, **location: Any) -> Order:
    return cast(Order, {"place_text": place_text, "fault": fault, "location": location})


NOW = datetime(2026, 11, 26, 4, 0, tzinfo=UTC)


class TestPromised:
    @pytest.mark.parametrize(
        ("since", "until", "said"),
        [
            ("2026-11-26T07:00:00+00:00", "2026-11-26T08:30:00+00:00", "今天 15:00–16:30 之间到"),
            ("2026-11-27T01:00:00+00:00", "2026-11-27T03:00:00+00:00", "明天 09:00–11:00 之间到"),
            ("2026-11-26T15:30:00+00:00", "2026-11-26T17:00:00+00:00", "今天 23:30–明天 01:00 之间到"),
            (None, "2026-11-26T06:30:00+00:00", "今天 14:30 前到"),
            (None, None, ""),
        ],
    )
    def test_an_interval_where_there_is_one(self, since: str | None, until: str | None, said: str) -> None:
        found = {"promised_from": since, "promised_at": until}
        assert promised(cast(Order, found), NOW) == said

    def test_an_order_from_before_there_were_intervals(self) -> None:
        assert promised(cast(Order, {"promised_at": "2026-11-26T06:30:00+00:00"}), NOW) == "今天 14:30 前到"

    @pytest.mark.parametrize("status", ["dispatched", "accepted"])
    def test_it_is_said_wherever_an_order_stands(self, status: str) -> None:
        times = {"promised_from": "2026-11-26T07:00:00+00:00", "promised_at": "2026-11-26T08:30:00+00:00"}
        made = cast(
            Order,
            {
                "status": status,
                "status_title": "x",
                "technician": {"id": 1, "name": "李强"},
                "preferred_time": None,
                **times,
            },
        )
        assert "15:00–16:30 之间到" in stands(made)
        assert "15:00–16:30 之间到" in arrival(made)


class TestWhat:
    @pytest.mark.parametrize(
        ("given", "said"),
        [
            (order("3号楼2单元 楼下", "灯坏了", place="楼下", raw="我家楼下的灯坏了"), "3号楼2单元 楼下的灯坏了"),
            (order("3号楼2单元 楼下", "楼下的灯坏了", place="楼下"), "3号楼2单元 楼下的灯坏了"),
            (order("3号楼2单元1201", "没电", raw="家里没电了", building="3"), "3号楼2单元1201，没电了"),
            (order("", "灯坏了"), "灯坏了"),
            (order("灯坏了", "灯坏了", raw="灯坏了"), "灯坏了"),
            (order("如果着火了怎么办？", "如果着火了怎么办", raw="如果着火了怎么办？"), "如果着火了怎么办"),
            (order("3号楼2单元 电梯", "手机掉电梯缝里了", place="电梯"), "3号楼2单元 电梯，手机掉电梯缝里了"),
            (order("3号楼2单元 楼下", "楼下草坪都秃了", place="楼下"), "3号楼2单元 楼下的草坪都秃了"),
        ],
    )
    def test_place_and_fault_in_one_breath(self, given: Order, said: str) -> None:
        assert what(given) == said
