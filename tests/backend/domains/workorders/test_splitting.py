"""One report with two crafts becomes two orders; relations of orders; a merge taken back; words after a merge."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from backend.kit import clock
from backend.kit.outbox import OutboxRow
from tests.backend.conftest import sqlite_only
from tests.backend.support import User, World, is_problem, together

LOBBY = {"community": "sunshine", "building": "3", "unit": "2", "place": "大堂"}
PARTS = [
    {"category": "plumbing", "fault": "水龙头滴水"},
    {"category": "elevator", "fault": "电梯按键不亮", "urgency": "high"},
]


def seen(who: User, number: str) -> dict[str, Any]:
    answer = who.get(f"/work-orders/{number}")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def heard(world: World, who: User) -> list[str]:
    return [r.text for r in world.rows(select(OutboxRow).where(OutboxRow.person_id == who.id).order_by(OutboxRow.id))]


def whole(who: User, **more: Any) -> str:
    fields = {
        "category": "plumbing",
        "fault": "水龙头滴水，电梯按键也不亮",
        "scope": "public",
        "location": LOBBY,
        **more,
    }
    return str(who.open_order(**fields)["number"])


def public(who: User, fault: str = "大堂灯不亮", **more: Any) -> str:
    return str(who.open_order(category="greening", scope="public", fault=fault, location=LOBBY, **more)["number"])


class TestSplit:
    def test_both_are_dispatched_and_told_once(self, world: World, owner: User) -> None:
        number = whole(owner)
        before = len(heard(world, owner))
        answer = world.kefu.post(f"/work-orders/{number}/splits", {"parts": PARTS})
        assert answer.status_code == 201, answer.text
        first, second = answer.json()["items"]
        assert (first["number"], first["fault"], first["technician"]["id"]) == (number, "水龙头滴水", world.lishifu.id)
        assert (second["category"], second["urgency"], second["status"]) == ("elevator", "high", "dispatched")
        assert second["technician"]["id"] == world.zhaoshifu.id
        assert (second["reporter"]["id"], second["place_text"]) == (owner.id, first["place_text"])
        told = heard(world, owner)[before:]
        assert len(told) == 1
        assert "分成 2 张工单" in told[0]
        assert second["number"] in told[0]
        assert seen(owner, second["number"])["fault"] == "电梯按键不亮"

    def test_the_same_key_splits_once(self, world: World, owner: User) -> None:
        number = whole(owner)
        calls = [lambda: world.kefu.post(f"/work-orders/{number}/splits", {"parts": PARTS}, f"split-{number}")] * 4
        answers = together(calls)
        assert {a.status_code for a in answers} <= {201, 409}, [a.text for a in answers]
        made = [{o["number"] for o in a.json()["items"]} for a in answers if a.status_code == 201]
        assert made
        assert len({tuple(sorted(m)) for m in made}) == 1
        related = world.kefu.get(f"/work-orders/{number}/relations").json()["items"]
        assert [r["kind"] for r in related] == ["split"]

    @sqlite_only
    def test_a_technician_without_the_craft_is_replaced(self, world: World, owner: User) -> None:
        number = whole(owner)
        parts = [PARTS[1], PARTS[0]]
        first, second = world.kefu.post(f"/work-orders/{number}/splits", {"parts": parts}).json()["items"]
        assert first["technician"]["id"] == world.zhaoshifu.id
        assert second["technician"]["id"] == world.lishifu.id
        assert any(number in text and "新工单" in text for text in heard(world, world.zhaoshifu))

    @sqlite_only
    def test_who_may_and_what_may_be_split(self, world: World, owner: User) -> None:
        number = whole(owner)
        is_problem(owner.post(f"/work-orders/{number}/splits", {"parts": PARTS}), 403)
        is_problem(world.kefu.post(f"/work-orders/{number}/splits", {"parts": PARTS[:1]}), 422)
        world.put(number, "closed", world.lishifu)
        is_problem(world.kefu.post(f"/work-orders/{number}/splits", {"parts": PARTS}), 409)


class TestRelations:
    def test_given_and_taken_by_the_desk(self, world: World, owner: User) -> None:
        one, other = public(owner), public(owner, "花坛缺水")
        for _ in range(2):
            answer = world.kefu.post(f"/work-orders/{one}/relations", {"number": other, "kind": "again"})
            assert answer.status_code == 201, answer.text
        (found,) = world.kefu.get(f"/work-orders/{other}/relations").json()["items"]
        assert (found["kind_title"], found["earlier"], found["order"]["number"]) == ("又坏了", True, one)
        for _ in range(2):
            gone = world.kefu.call("DELETE", f"/work-orders/{one}/relations/{other}", params={"kind": "again"})
            assert gone.json()["items"] == [], gone.text

    @sqlite_only
    def test_a_neighbour_does_not_see_what_they_may_not(self, world: World, owner: User) -> None:
        one, other = public(owner), public(world.zhangwei)
        world.kefu.post(f"/work-orders/{one}/relations", {"number": other})
        assert owner.get(f"/work-orders/{one}/relations").json()["items"] == []
        is_problem(owner.get(f"/work-orders/{other}/relations"), 404)
        is_problem(owner.post(f"/work-orders/{one}/relations", {"number": other}), 403)

    @sqlite_only
    def test_not_to_itself_nor_to_nothing(self, world: World, owner: User) -> None:
        one = public(owner)
        is_problem(world.kefu.post(f"/work-orders/{one}/relations", {"number": one}), 422)
        is_problem(world.kefu.post(f"/work-orders/{one}/relations", {"number": "SH0000-0000"}), 404)
        is_problem(world.kefu.post(f"/work-orders/{one}/relations", {"number": one, "kind": "split"}), 422)


class TestAfterAMerge:
    def test_later_words_go_to_the_master(self, world: World, owner: User) -> None:
        master, double = public(world.zhangwei), public(owner)
        world.kefu.move(double, "merged", into=master)
        for path, text in (("notes", "西边那盏也不亮"), ("amendments", "晚上更暗")):
            assert owner.post(f"/work-orders/{double}/{path}", {"text": text}).status_code == 201
        lines = [t["text"] for t in seen(world.kefu, master)["timeline"]]
        assert {"西边那盏也不亮", "晚上更暗"} <= set(lines)
        assert "西边那盏也不亮" not in str(seen(world.zhangwei, master))

    def test_everybody_who_reported_the_merged_one_follows(self, world: World, owner: User) -> None:
        third = world.new()
        master, second, first = public(world.zhangwei), public(owner), public(third)
        world.kefu.move(first, "merged", into=second)
        world.kefu.move(second, "merged", into=master)
        for person in (owner, third):
            assert any(master in text for text in heard(world, person))
            assert seen(person, master)["following"] is True
        assert third.post(f"/work-orders/{first}/notes", {"text": "还在等"}).json()["number"] == master

    def test_a_technician_on_the_way_need_not_come(self, world: World, owner: User) -> None:
        master, double = public(world.zhangwei), public(owner)
        world.kefu.move(double, "dispatched", technician=world.lishifu.id)
        world.kefu.move(double, "merged", into=master)
        assert any(double in t and "不用单独去了" in t for t in heard(world, world.lishifu))


class TestUnmerge:
    def test_it_is_as_before(self, world: World, owner: User) -> None:
        master = public(world.zhangwei)
        double = public(owner, urgency="high")
        was = seen(world.kefu, double)["status"]
        promised = seen(world.kefu, master)["promised_at"]
        world.kefu.move(double, "merged", into=master)
        for _ in range(2):
            answer = world.kefu.post(f"/work-orders/{double}/unmerge")
            assert answer.json()["status"] == was, answer.text
        after = seen(world.kefu, master)
        assert (after["followers"], after["urgency"], after["promised_at"]) == (0, "normal", promised)
        is_problem(owner.get(f"/work-orders/{master}"), 404)
        assert seen(owner, double)["merged_into"] is None
        assert any("弄错了" in text for text in heard(world, owner))
        assert world.kefu.move(double, "merged", into=master).json()["status"] == "merged"

    @sqlite_only
    def test_who_followed_before_still_does(self, world: World, owner: User) -> None:
        master, one, two = public(world.zhangwei), public(owner), public(owner, "灯还是不亮")
        world.kefu.move(one, "merged", into=master)
        world.kefu.move(two, "merged", into=master)
        world.kefu.post(f"/work-orders/{two}/unmerge")
        assert seen(owner, master)["following"] is True

    @sqlite_only
    @pytest.mark.parametrize("late", [True, False])
    def test_not_after_ten_minutes_nor_when_the_master_has_ended(self, world: World, owner: User, late: bool) -> None:
        master, double = public(world.zhangwei), public(owner)
        world.kefu.move(double, "merged", into=master)
        now = clock.now() + timedelta(minutes=11 if late else 1)
        if not late:
            world.put(master, "closed")
        with clock.use_clock(lambda: now):
            is_problem(world.kefu.post(f"/work-orders/{double}/unmerge"), 409)
        is_problem(owner.post(f"/work-orders/{double}/unmerge"), 403)
