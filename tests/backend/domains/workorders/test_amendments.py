"""What a reporter adds to an order in words: kept always, and changing what the words change."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select

from backend.domains.estate.domain import Location
from backend.domains.workorders import corrections
from backend.domains.workorders.corrections import Correction
from backend.kit import clock
from backend.kit.outbox import OutboxRow
from tests.backend.support import User, World, is_problem

NOW = datetime(2026, 11, 25, 16, 36, tzinfo=clock.SHANGHAI)
SATURDAY = datetime(2026, 11, 28, 9, 0, tzinfo=clock.SHANGHAI)


class TestCorrections:
    @pytest.mark.parametrize(
        ("text", "wrong", "right"),
        [
            ("不是水龙头，是水管", "水龙头", "水管"),
            ("搞错了，不是灯，是插座", "灯", "插座"),
            ("是插座不是灯", "灯", "插座"),
            ("说错了，是5号楼的", None, "5号楼"),
            ("应该是厨房漏水才对", None, "厨房漏水"),
            ("搞错了 在3号楼大堂", None, "3号楼大堂"),
            ("哎呀说错了 是洗手池漏水", None, "洗手池漏水"),
            ("错了错了 是5号楼", None, "5号楼"),
            ("不对不对，是阳台的灯", None, "阳台的灯"),
            ("更正一下，漏水的是洗手池", None, "洗手池"),
            ("打错字了，是门禁", None, "门禁"),
            ("口误，是厨房", None, "厨房"),
            ("写错房号了 1202", None, "1202"),
            ("我弄混了，坏的是门铃", None, "门铃"),
        ],
    )
    def test_what_is_right_and_what_was_wrong(self, text: str, wrong: str | None, right: str) -> None:
        assert corrections.find(text) == Correction(right, wrong)

    @pytest.mark.parametrize(
        "text",
        [
            "补充一下，带梯子",
            "明天下午来",
            "我是3号楼的业主",
            "水还在漏",
            "师傅装错了",
            "你们是不是弄错了",
            "上次师傅说错了时间",
            "不对劲",
        ],
    )
    def test_an_addition_is_no_correction(self, text: str) -> None:
        assert corrections.find(text) is None

    @pytest.mark.parametrize(
        ("fault", "said", "after"),
        [
            ("厨房水龙头滴水", Correction("水管", "水龙头"), "厨房水管滴水"),
            ("灯坏了", Correction("插座没电"), "插座没电"),
            ("灯坏了", Correction("插座", None), None),
            ("灯坏了", Correction("5号楼", "3号楼"), None),
            ("厨房水龙头漏水", Correction("洗手池", slip=True), "洗手池漏水"),
            ("厨房水龙头漏水", Correction("5号楼", slip=True), None),
            ("厨房水龙头漏水", Correction("1202", slip=True), None),
            ("厨房水龙头漏水", Correction("明天上午", slip=True), None),
        ],
    )
    def test_the_words_of_the_fault(self, fault: str, said: Correction, after: str | None) -> None:
        assert corrections.corrected_fault(fault, said) == after

    @pytest.mark.parametrize(
        ("meant", "after"),
        [
            (Location(building="5"), ("5", None, None, None, "楼下")),
            (Location(unit="1"), ("3", "1", None, None, "楼下")),
            (Location(place="大堂"), ("3", "2", None, None, "大堂")),
            (Location(building="5", unit="1", place="楼道", floor="3"), ("5", "1", "3", None, "楼道")),
        ],
    )
    def test_the_parts_of_a_place(self, meant: Location, after: tuple[str | None, ...]) -> None:
        before = Location(building="3", unit="2", place="楼下")
        assert tuple(corrections.corrected_location(before, meant).values()) == after


@pytest.fixture(autouse=True)
def wednesday() -> Iterator[None]:
    with clock.use_clock(lambda: NOW):
        yield


@pytest.fixture
def number(world: World) -> str:
    return str(world.zhangwei.open_order()["number"])


def amend(who: User, number: str, text: str, key: str | None = None) -> Any:
    answer = who.post(f"/work-orders/{number}/amendments", {"text": text}, key)
    assert answer.status_code == 201, answer.text
    return answer.json()


def told(world: World, number: str, words: str) -> list[tuple[int, str]]:
    query = select(OutboxRow).where(OutboxRow.text.contains(number), OutboxRow.text.contains(words))
    return [(row.person_id, row.text) for row in world.rows(query)]


class TestTime:
    def test_it_becomes_the_time_to_come(self, world: World, number: str) -> None:
        made = amend(world.zhangwei, number, "改到周六上午")
        assert made["changes"] == ["上门时间 周六 11-28 09:00"]
        assert [datetime.fromisoformat(made[name]) for name in ("preferred_time", "promised_at")] == [SATURDAY] * 2

    def test_the_technician_is_told_once(self, world: World, number: str) -> None:
        amend(world.zhangwei, number, "改到周六上午")
        [(who, text)] = told(world, number, "有更改")
        assert who == world.lishifu.id
        assert "上门时间 周六 11-28 09:00" in text
        assert "改到周六上午" in text
        assert told(world, number, "有补充") == []

    def test_what_is_urgent_keeps_its_promise(self, world: World) -> None:
        order = world.zhangwei.open_order(urgency="high")
        made = amend(world.zhangwei, order["number"], "改到周六上午")
        before, after = (datetime.fromisoformat(o["promised_at"]) for o in (order, made))
        assert (after, made["changes"]) == (before, ["上门时间 周六 11-28 09:00"])

    def test_a_time_that_has_passed_stays_in_the_note(self, world: World, number: str) -> None:
        made = amend(world.zhangwei, number, "今天上午十点在家")
        assert (made["changes"], made["answer"]) == ([], "时间我记在备注里了。")

    def test_who_is_there_already_needs_no_time(self, world: World, number: str) -> None:
        world.put(number, "on_site", world.lishifu)
        made = amend(world.zhangwei, number, "明天下午再来也行")
        assert (made["changes"], made["preferred_time"]) == ([], None)


class TestFault:
    def test_the_wrong_words_are_replaced(self, world: World, number: str) -> None:
        made = amend(world.zhangwei, number, "搞错了，不是水龙头，是水管")
        assert (made["fault"], made["changes"]) == ("厨房水管滴水", ["故障 厨房水龙头滴水 → 厨房水管滴水"])
        assert told(world, number, "更正了故障")

    def test_only_a_note_otherwise(self, world: World, number: str) -> None:
        made = amend(world.zhangwei, number, "补充一下，带梯子")
        lines = [(e["kind"], e["text"]) for e in made["timeline"]]
        assert (made["changes"], lines[-1]) == ([], ("note", "补充一下，带梯子"))
        assert [who for who, _ in told(world, number, "有补充")] == [world.lishifu.id]


class TestPlace:
    @pytest.fixture
    def public(self, world: World) -> str:
        where = {"community": "sunshine", "building": "3", "unit": "2", "place": "楼下"}
        fields: dict[str, Any] = {"category": "lighting", "fault": "灯不亮", "scope": "public", "location": where}
        return str(world.zhangwei.open_order(**fields)["number"])

    def test_another_building(self, world: World, public: str) -> None:
        made = amend(world.zhangwei, public, "不是3号楼，是5号楼")
        assert made["place_text"] == "5号楼 楼下"
        assert made["changes"] == ["地点 3号楼2单元 楼下 → 5号楼 楼下"]

    def test_another_place_of_ones_unit(self, world: World, public: str) -> None:
        assert amend(world.zhangwei, public, "说错了，是大堂")["place_text"] == "3号楼2单元 大堂"

    def test_what_does_not_exist_changes_nothing(self, world: World, public: str) -> None:
        made = amend(world.zhangwei, public, "不是3号楼，是99号楼")
        assert (made["changes"], made["place_text"]) == ([], "3号楼2单元 楼下")
        assert "没有99号楼" in made["answer"]

    def test_into_a_strangers_home_only_the_desk_leads(self, world: World, number: str) -> None:
        made = amend(world.zhangwei, number, "不是1201，是1101")
        assert (made["changes"], made["location"]["room"]) == ([], "1201")
        assert "客服会先核实" in made["answer"]
        assert world.kefu.id in [who for who, _ in told(world, number, "别人家")]


class TestWho:
    def test_the_words_of_the_holder_are_a_note(self, world: World, number: str) -> None:
        made = amend(world.lishifu, number, "明天下午再来")
        assert (made["changes"], made["preferred_time"]) == ([], None)

    def test_a_stranger_does_not_see_it(self, world: World, number: str) -> None:
        answer = world.liuyang.post(f"/work-orders/{number}/amendments", {"text": "改到周六"})
        assert is_problem(answer, 404)["type"] == "/problems/no-such-order"

    def test_what_has_ended_is_not_amended(self, world: World, number: str) -> None:
        world.zhangwei.move(number, "cancelled")
        is_problem(world.zhangwei.post(f"/work-orders/{number}/amendments", {"text": "改到周六"}), 409)

    def test_the_same_key_changes_once_and_answers_the_same(self, world: World, number: str) -> None:
        first, again = (amend(world.zhangwei, number, "改到周六上午", key=f"k-{number}") for _ in range(2))
        assert first["changes"] == again["changes"] == ["上门时间 周六 11-28 09:00"]
        assert len([e for e in again["timeline"] if e["kind"] == "note"]) == 1


class TestFirstReport:
    def report(self, world: World, text: str) -> Any:
        item = {"text": text, "category": "plumbing", "fault": "水龙头漏水", "place_words": "厨房"}
        return world.zhangwei.post("/work-orders/reports", {"items": [item]}).json()["orders"][0]

    def test_a_time_that_has_passed_is_kept_as_a_note(self, world: World) -> None:
        order = self.report(world, "厨房水龙头漏水，下午三点以后在家")
        assert (order["preferred_time"], order["answer"]) == (None, "时间我记在备注里了。")
        assert ("note", "说的时间：下午三点以后") in [(e["kind"], e["text"]) for e in order["timeline"]]
        world.zhangwei.move(order["number"], "cancelled")

    def test_a_time_of_day_means_the_next_day_where_it_can(self, world: World) -> None:
        order = self.report(world, "厨房水龙头漏水，上午十点来修")
        assert datetime.fromisoformat(order["preferred_time"]) == datetime(2026, 11, 26, 10, tzinfo=clock.SHANGHAI)
        world.zhangwei.move(order["number"], "cancelled")

    def test_when_it_broke_is_not_when_to_come(self, world: World) -> None:
        order = self.report(world, "厨房水龙头晚上老漏水")
        assert (order["preferred_time"], order["answer"]) == (None, None)
        world.zhangwei.move(order["number"], "cancelled")
