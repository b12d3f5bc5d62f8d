"""When two reports are one fault: place, thing, words, time, home. A table of cases."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from backend.domains.duplicates import aspects, places
from backend.domains.duplicates.aspects import Words
from backend.domains.duplicates.domain import (
    ENDED_WITHIN,
    NEIGHBOURS,
    OPENED_WITHIN,
    SURE_FROM,
    Fault,
    Verdict,
    categories_fit,
    judge,
)
from backend.domains.duplicates.places import Where, spot_at_home, spot_of
from backend.domains.duplicates.words import fault_words
from backend.domains.workorders.domain import CATEGORIES

NOW = datetime(2026, 11, 25, 4, 0, tzinfo=UTC)
NO, LIKELY, SURE = Verdict.NO, Verdict.LIKELY, Verdict.SURE


def spot(text: str, category: str = "lighting", asset: int | None = None) -> places.Spot:
    """``3-2-12 楼道`` is building-unit-floor and place; ``-`` is not known."""
    address, _, place = text.partition(" ")
    parts = [p if p != "?" else None for p in address.split("-")] if address != "." else []
    building, unit, floor = (*parts, None, None, None)[:3]
    return spot_of(category, building, unit, floor, place or None, asset)


class TestPlaces:
    @pytest.mark.parametrize(
        ("a", "b", "where"),
        [
            ("3-2 楼下", "3-2 楼下", Where.SAME),
            ("3-2 楼下", "3-1 楼下", Where.APART),
            ("3-2 楼下", "5-2 楼下", Where.APART),
            ("3-2-12 楼道", "3-2-12 楼道", Where.SAME),
            ("3-2-12 楼道", "3-2-11 楼道", Where.APART),
            ("3-2-12 楼道", "3-2 楼道", Where.PARTLY),
            ("3-2-12 楼道", "3 楼道", Where.PARTLY),
            ("3-2 大堂", "3 大堂", Where.PARTLY),
            ("3-2 大堂", "3-2 楼顶", Where.APART),
            ("3-2 大堂", "3-2 单元门", Where.NEAR),
            ("3-2 大堂", "3-2", Where.NEAR),
            ("3-2", "3-2", Where.WIDE),
            ("3-2-9 大堂", "3-2-12 大堂", Where.SAME),
            (". 东门", ". 东门", Where.SAME),
            (". 东门", ". 西门", Where.APART),
            (". 东门", ". 小区大门", Where.NEAR),
            ("3-2 东门", "5-1 东门", Where.SAME),
            (". 园区", ". 园区", Where.WIDE),
            (". 地下车库", ". 地下车库", Where.WIDE),
            (". 地下车库A区", ". 地下车库A区", Where.SAME),
            (". 地下车库A区", ". 地下车库B区", Where.APART),
            (". 地下车库A区", ". 地下车库", Where.NEAR),
            ("3-2 楼下", ".", Where.UNKNOWN),
            (".", ".", Where.UNKNOWN),
            ("3-2 楼下", ". 垃圾点", Where.PARTLY),
        ],
    )
    def test_table(self, a: str, b: str, where: Where) -> None:
        assert places.compare(spot(a), spot(b)) is where
        assert places.compare(spot(b), spot(a)) is where

    def test_a_lift_is_one_lift_on_every_floor(self) -> None:
        a, b = spot("3-2-12 电梯厅", "elevator"), spot("3-2-5", "elevator")
        assert places.compare(a, b) is Where.SAME

    def test_one_device_is_one_place(self) -> None:
        a, b = spot("3-2 大堂", asset=7), spot("3-2 单元门", asset=7)
        assert places.compare(a, b) is Where.SAME

    def test_two_devices_are_two_places(self) -> None:
        a, b = spot("3-2 单元门", asset=7), spot("3-2 单元门", asset=8)
        assert places.compare(a, b) is Where.APART

    def test_one_device_on_two_floors_is_two_places(self) -> None:
        a, b = spot("3-2-12 楼道", asset=7), spot("3-2-11 楼道", asset=7)
        assert places.compare(a, b) is Where.APART

    def test_rooms_of_a_home(self) -> None:
        assert places.compare(spot_at_home("厨房"), spot_at_home("厨房")) is Where.SAME
        assert places.compare(spot_at_home("厨房"), spot_at_home("卫生间")) is Where.APART
        assert places.compare(spot_at_home("厨房"), spot_at_home(None)) is Where.NEAR


class TestWords:
    @pytest.mark.parametrize(
        ("a", "b", "found"),
        [
            ("灯不亮", "灯坏了", Words.AGREE),
            ("灯不亮", "窗户关不上", Words.DIFFER),
            ("电梯有异响", "电梯停了", Words.DIFFER),
            ("电梯停运了", "电梯不动了", Words.AGREE),
            ("电梯坏了", "电梯坏了", Words.OPEN),
            ("电梯按键不亮", "电梯有异响", Words.DIFFER),
            ("空调不制冷", "空调滴水", Words.DIFFER),
            ("左边的灯不亮", "右边的灯不亮", Words.DIFFER),
            ("12号柱旁的灯不亮", "40号柱旁的灯不亮", Words.DIFFER),
            ("12号柱旁的灯不亮", "灯不亮", Words.AGREE),
            ("女厕所堵了", "男厕所堵了", Words.DIFFER),
            ("跷跷板坏了", "那个跷跷板有铁刺", Words.SHARED),
            ("怪怪的", "不太对劲", Words.OPEN),
        ],
    )
    def test_table(self, a: str, b: str, found: Words) -> None:
        assert aspects.compare(aspects.aspects(a), aspects.aspects(b)) is found
        assert aspects.compare(aspects.aspects(b), aspects.aspects(a)) is found

    @pytest.mark.parametrize(
        ("said", "left"),
        [
            ("我家楼下的灯坏了", "灯坏了"),
            ("3号楼2单元12楼楼道灯不亮", "灯不亮"),
            ("三栋二单元八楼走廊声控灯没反应", "声控灯没反应"),
            ("师傅，麻烦看看地库B区，灯全灭了", "看看 灯全灭了"),
            ("楼下", "楼下"),
        ],
    )
    def test_address_and_courtesies_are_left_out(self, said: str, left: str) -> None:
        assert fault_words(said) == left


def fault(**changes: Any) -> Fault:
    made = Fault(1, "lighting", "public", "灯不亮", spot("3-2 楼下"), NOW)
    return replace(made, **changes)


AN_HOUR_AGO = fault(opened_at=NOW - timedelta(hours=1))


class TestJudge:
    @pytest.mark.parametrize(
        ("first", "second", "score", "verdict"),
        [
            ({}, {}, 1.0, SURE),
            ({}, {}, SURE_FROM[Where.SAME, Words.AGREE], SURE),
            ({}, {}, SURE_FROM[Where.SAME, Words.AGREE] - 0.01, NO),
            ({"community_id": 2}, {}, 1.0, NO),
            ({"spot": spot("5-1 楼下")}, {}, 1.0, NO),
            ({"spot": spot("3 楼下")}, {}, 1.0, LIKELY),
            ({"spot": spot("3-2 大堂")}, {}, 0.95, SURE),
            ({"spot": spot("3-2 大堂")}, {}, 0.90, LIKELY),
            ({"words": "窗户关不上", "category": "civil"}, {}, 1.0, NO),
            ({"words": "灯常亮关不掉"}, {}, 1.0, LIKELY),
            ({"category": "electrical"}, {}, 0.95, SURE),
            ({"category": "pest"}, {}, 1.0, LIKELY),
            ({"category": "other"}, {}, 0.95, SURE),
            ({"finished": True, "ended_at": NOW - timedelta(hours=1)}, {}, 1.0, LIKELY),
            ({"finished": True, "ended_at": NOW - ENDED_WITHIN - timedelta(minutes=1)}, {}, 1.0, NO),
            ({"opened_at": NOW - OPENED_WITHIN + timedelta(minutes=1)}, {}, 1.0, SURE),
            ({"opened_at": NOW - OPENED_WITHIN - timedelta(minutes=1)}, {}, 1.0, NO),
            ({"scope": "private", "home": 5}, {}, 1.0, NO),
            ({"scope": "private", "home": 5}, {"scope": "private", "home": 6}, 1.0, NO),
            ({"scope": "private", "home": 5}, {"scope": "private", "home": 5}, 1.0, SURE),
            ({"scope": "private", "home": None}, {"scope": "private", "home": None}, 1.0, NO),
        ],
    )
    def test_table(self, first: dict[str, Any], second: dict[str, Any], score: float, verdict: Verdict) -> None:
        assert judge(replace(AN_HOUR_AGO, **first), fault(**second), score).verdict is verdict

    def test_lifts_need_more_alike_words(self) -> None:
        lift = {"category": "elevator", "words": "电梯停了", "spot": spot("3-2 电梯", "elevator")}
        first, second = replace(AN_HOUR_AGO, **lift), fault(**lift)
        assert judge(first, second, 0.86).verdict is not SURE
        assert judge(first, second, 0.88).verdict is SURE

    def test_neighbours_are_categories_of_the_contract(self) -> None:
        assert {c for pair in NEIGHBOURS for c in pair} <= set(CATEGORIES)
        assert all(len(pair) == 2 for pair in NEIGHBOURS)

    @pytest.mark.parametrize("category", sorted(CATEGORIES))
    def test_every_category_fits_itself_and_other(self, category: str) -> None:
        assert categories_fit(category, category)
        assert categories_fit(category, "other")
