"""Chinese for orders."""

from typing import Any, cast

import pytest

from actions._client import Order
from actions._words import what


def order(place_text: str, fault: str, **location: Any) -> Order:
    return cast(Order, {"place_text": place_text, "fault": fault, "location": location})


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
