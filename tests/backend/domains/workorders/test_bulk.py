"""Changes of many orders at once: each by itself, once per key, taken back where that is possible."""

from typing import Any

import pytest
from sqlalchemy import select

from backend.domains.workorders.models import WorkOrder
from backend.kit.auth import Role
from backend.kit.outbox import OutboxRow
from tests.backend.conftest import sqlite_only
from tests.backend.support import User, World, is_problem, together


def orders(world: World, count: int, **fields: Any) -> list[str]:
    where = {"community": "sunshine", "building": "6", "unit": "1", "floor": "4", "place": "楼道"}
    body = {"category": "lighting", "fault": "灯不亮", "scope": "public", "location": where, **fields}
    return [str(world.kefu.open_order(**body)["number"]) for _ in range(count)]


def change(user: User, numbers: list[str], action: str, key: str | None = None, **more: Any) -> dict[str, Any]:
    answer = user.post("/work-orders/bulk", {"numbers": numbers, "action": action, **more}, key)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def of(world: World, number: str) -> WorkOrder:
    [order] = world.rows(select(WorkOrder).where(WorkOrder.number == number))
    assert isinstance(order, WorkOrder)
    return order


class TestDispatch:
    def test_each_goes_to_the_one_named_and_back_to_who_had_it(self, world: World) -> None:
        other = world.new(Role.TECHNICIAN, skills=("pest",))
        with world.retired(other):
            had, none = orders(world, 2)
            first = of(world, had).technician_id
            world.put(none, "triaged")
            made = change(world.kefu, [had, none], "dispatch", technician=other.id)
            assert [r["done"] for r in made["results"]] == [True, True]
            assert made["undoable"] == [had]
            assert {of(world, n).technician_id for n in (had, none)} == {other.id}
            told = world.rows(select(OutboxRow.text).where(OutboxRow.person_id == other.id))
            assert all(any(n in text for text in told) for n in (had, none))
            back = world.kefu.post(f"/work-orders/bulk/{made['id']}/undo").json()
            assert [(r["number"], r["done"]) for r in back["results"]] == [(had, True)]
            assert of(world, had).technician_id == first
            assert of(world, none).technician_id == other.id
            again = world.kefu.post(f"/work-orders/bulk/{made['id']}/undo")
            assert again.json()["results"] == back["results"]
            for number in (had, none):
                world.put(number, "closed")

    def test_what_somebody_touched_since_is_left(self, world: World) -> None:
        [number] = orders(world, 1)
        made = change(world.kefu, [number], "urgency", urgency="high")
        assert world.kefu.post(f"/work-orders/{number}/notes", {"text": "业主又来电"}).status_code == 201
        back = world.kefu.post(f"/work-orders/bulk/{made['id']}/undo").json()
        assert back["results"][0]["done"] is False
        assert "有人动过" in back["results"][0]["reason"]
        assert of(world, number).urgency == "high"


class TestEachByItself:
    def test_what_is_refused_says_why_and_the_others_are_done(self, world: World) -> None:
        fine, over, working = orders(world, 3)
        world.put(over, "closed")
        theirs = world.quyu.open_order(
            category="lighting",
            scope="public",
            location={"community": "lakeside", "building": "1", "unit": "1", "place": "大堂"},
        )["number"]
        made = change(world.kefu, [fine, over, theirs, "SH0000-0000", working, fine], "cancel", note="重复登记")
        found = {r["number"]: (r["done"], r["reason"]) for r in made["results"]}
        assert len(made["results"]) == 5
        assert found[fine] == found[working] == (True, None)
        assert "不能变成「已取消」" in found[over][1]
        assert found[theirs] == (False, "没有找到这张工单，请核对一下单号。")
        assert found["SH0000-0000"][0] is False
        assert made["undoable"] == []
        assert of(world, over).status == "closed"
        assert of(world, theirs).status != "cancelled"
        is_problem(world.kefu.post(f"/work-orders/bulk/{made['id']}/undo"), 409)

    def test_what_is_so_already_is_not_done_again(self, world: World) -> None:
        [number] = orders(world, 1, urgency="high")
        made = change(world.kefu, [number], "urgency", urgency="high")
        assert made["results"][0] | {"done": False, "reason": "本来就是这样，没有改动。"} == made["results"][0]

    def test_words_for_all_and_closing(self, world: World) -> None:
        one, two = orders(world, 2)
        world.put(one, "accepted_by_owner", world.lishifu)
        change(world.kefu, [one, two], "note", note="周五统一更换")
        lines = world.kefu.get(f"/work-orders/{two}").json()["timeline"]
        assert "周五统一更换" in [line["text"] for line in lines]
        made = change(world.kefu, [one, two], "close")
        assert [r["done"] for r in made["results"]] == [True, False]
        assert of(world, one).status == "closed"


class TestOnce:
    def test_the_same_key_gives_the_same_answer(self, world: World) -> None:
        [number] = orders(world, 1)
        first = change(world.kefu, [number], "urgency", "bulk-1" + world.kind, urgency="high")
        change(world.kefu, [number], "urgency", urgency="low")
        assert change(world.kefu, [number], "urgency", "bulk-1" + world.kind, urgency="high") == first
        assert of(world, number).urgency == "low"
        body = {"numbers": [number], "action": "urgency", "urgency": "normal"}
        is_problem(world.kefu.post("/work-orders/bulk", body, "bulk-1" + world.kind), 409)

    def test_a_double_tap_is_one_change(self, world: World) -> None:
        numbers = orders(world, 2)
        key = "bulk-2" + world.kind
        answers = together([lambda: change(world.kefu, numbers, "urgency", key, urgency="high")] * 2)
        assert answers[0] == answers[1]
        for number in numbers:
            lines = world.kefu.get(f"/work-orders/{number}").json()["timeline"]
            assert len([line for line in lines if line["kind"] == "edit"]) == 1


@sqlite_only
class TestRefused:
    @pytest.mark.parametrize(
        "body",
        [
            {"numbers": [], "action": "close"},
            {"numbers": ["SH2611-0001"] * 101, "action": "close"},
            {"numbers": ["SH2611-0001"], "action": "explode"},
            {"numbers": ["SH2611-0001"], "action": "cancel"},
            {"numbers": ["SH2611-0001"], "action": "note"},
            {"numbers": ["SH2611-0001"], "action": "urgency"},
        ],
    )
    def test_what_makes_no_sense(self, world: World, body: dict[str, Any]) -> None:
        is_problem(world.kefu.post("/work-orders/bulk", body), 422)

    @pytest.mark.parametrize("who", ["zhangwei", "lishifu", "caiwu"])
    def test_people_who_do_not_run_orders(self, world: World, who: str) -> None:
        is_problem(getattr(world, who).post("/work-orders/bulk", {"numbers": ["SH2611-0001"], "action": "close"}), 403)

    def test_another_persons_change_is_as_good_as_absent(self, world: World) -> None:
        [number] = orders(world, 1)
        made = change(world.kefu, [number], "urgency", urgency="high")
        is_problem(world.jingli.post(f"/work-orders/bulk/{made['id']}/undo"), 404)
