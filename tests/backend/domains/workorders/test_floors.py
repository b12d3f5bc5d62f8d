"""The floor of an order is that of its room; one that the building does not have is refused."""

from typing import Any

import pytest

from tests.backend.conftest import sqlite_only
from tests.backend.support import World, is_problem

pytestmark = sqlite_only

HOME = {"community": "sunshine", "building": "3", "unit": "2", "room": "1201"}
BODY = {"category": "plumbing", "fault": "厨房水管漏水"}


def corrected(world: World, order: dict[str, Any], **location: Any) -> Any:
    version = world.kefu.get(f"/work-orders/{order['number']}").json()["version"]
    return world.kefu.patch(f"/work-orders/{order['number']}", {"version": version, "location": location})


def spot(answer: Any) -> tuple[str | None, str | None]:
    assert answer.is_success, answer.text
    where = answer.json()["location"]
    return where["floor"], where["room"]


class TestNew:
    @pytest.mark.parametrize("where", [HOME, {**HOME, "unit": None}, {**HOME, "floor": "12"}])
    def test_it_is_that_of_the_room(self, world: World, where: dict[str, Any]) -> None:
        for who in (world.kefu, world.zhangwei):
            assert spot(who.post("/work-orders", {**BODY, "location": where})) == ("12", "1201")

    def test_also_in_a_building_where_two_units_have_the_room(self, world: World) -> None:
        where = {"community": "sunshine", "building": "4", "room": "901"}
        assert spot(world.kefu.post("/work-orders", {**BODY, "location": where})) == ("9", "901")

    def test_another_one_is_refused(self, world: World) -> None:
        for who in (world.kefu, world.zhangwei):
            problem = is_problem(who.post("/work-orders", {**BODY, "location": {**HOME, "floor": "5"}}), 422)
            said = "阳光花园3号楼2单元1201室在12层，不在5层"
            assert problem["errors"] == [{"field": "location.floor", "message": said}]

    @pytest.mark.parametrize("floor", ["0", "19", "99"])
    def test_one_that_the_building_does_not_have_is_refused(self, world: World, floor: str) -> None:
        where = {"community": "sunshine", "building": "3", "unit": "2", "floor": floor, "place": "楼道"}
        problem = is_problem(world.kefu.post("/work-orders", {**BODY, "location": where}), 422)
        assert problem["errors"] == [{"field": "location.floor", "message": f"阳光花园3号楼没有{floor}层"}]

    def test_in_words_it_need_not_be_said(self, world: World) -> None:
        answer = world.zhangwei.post("/work-orders", {**BODY, "scope": "public", "location": "3号楼2单元楼道"})
        assert spot(answer) == (None, None)


class TestCorrected:
    def test_it_follows_the_room(self, world: World) -> None:
        order = world.kefu.open_order(location=HOME)
        assert spot(corrected(world, order, room="1101")) == ("11", "1101")

    def test_also_when_a_form_sends_the_old_one_along(self, world: World) -> None:
        order = world.kefu.open_order(location=HOME)
        assert spot(corrected(world, order, building="3", unit="2", floor="12", room="1101")) == ("11", "1101")

    def test_and_into_another_building(self, world: World) -> None:
        order = world.kefu.open_order(location=HOME)
        assert spot(corrected(world, order, building="4", unit="1", room="602")) == ("6", "602")

    def test_a_floor_that_is_not_the_rooms_is_refused(self, world: World) -> None:
        order = world.kefu.open_order(location=HOME)
        problem = is_problem(corrected(world, order, floor="5", room="1201"), 422)
        assert [e["field"] for e in problem["errors"]] == ["location.floor"]

    def test_so_is_one_that_there_is_not(self, world: World) -> None:
        order = world.kefu.open_order(location=HOME)
        is_problem(corrected(world, order, floor="99"), 422)
        assert spot(world.kefu.get(f"/work-orders/{order['number']}")) == ("12", "1201")

    def test_another_floor_alone_leaves_the_room(self, world: World) -> None:
        order = world.kefu.open_order(location=HOME)
        assert spot(corrected(world, order, floor="5")) == ("5", None)
