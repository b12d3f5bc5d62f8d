"""Who gets an order and why: the first choice, who gave it back, who is away, and what staff see beside an order."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from backend.domains.dispatch import service as dispatch
from backend.domains.estate import service as estate
from backend.domains.identity.models import Membership
from backend.domains.workorders.domain import OPEN, Status
from backend.domains.workorders.models import WorkOrder
from backend.domains.workorders.service import replanning
from backend.kit import clock, db
from backend.kit.auth import Role
from backend.kit.outbox import OutboxRow
from backend.kit.scope import system_scope
from tests.backend.conftest import sqlite_only
from tests.backend.support import User, World, is_problem

CATEGORY = "gas"
AT = {"community": "sunshine", "building": "3", "unit": "2", "floor": "1"}
NEAR, FAR = {"lat": 22.5500, "lng": 114.0512}, {"lat": 22.5600, "lng": 114.0600}


@pytest.fixture
def pair(world: World) -> Iterator[tuple[User, User]]:
    one, two = (world.new(Role.TECHNICIAN, skills=(CATEGORY,)) for _ in range(2))
    with world.retired(one), world.retired(two):
        yield one, two


def report(world: World, **more: Any) -> dict[str, Any]:
    fields = {"category": CATEGORY, "scope": "public", "fault": "大堂有声音", "location": AT, **more}
    return world.zhangwei.open_order(**fields)


def seen(world: World, number: str) -> dict[str, Any]:
    return dict(world.kefu.get(f"/work-orders/{number}").json())


def beside(world: World, number: str, who: User) -> dict[str, Any]:
    found = world.kefu.get(f"/work-orders/{number}/candidates").json()["items"]
    return next(c for c in found if c["person_id"] == who.id)


def texts(world: World, who: User, number: str) -> list[str]:
    return world.rows(select(OutboxRow.text).where(OutboxRow.person_id == who.id, OutboxRow.text.contains(number)))


def away(world: World, who: User, hours: int = 24) -> None:
    now = clock.now()
    body = {"community": "sunshine", "person_id": who.id, "reason": "休息"}
    span = {"from": now.isoformat(), "to": (now + timedelta(hours=hours)).isoformat()}
    assert world.kefu.post("/dispatch/leaves", {**body, **span}).status_code == 201


TURNS = count(1)


def turn() -> datetime:
    """Return a moment at which an estate may be planned again."""
    return clock.now() + next(TURNS) * timedelta(seconds=31)


def plan(world: World) -> int:
    """Let the clock of dispatch come round."""
    with db.transaction(read_only=True) as session, system_scope(session):
        here = estate.community_by_code(session, "sunshine").id
    moment = turn()
    with clock.use_clock(lambda: moment):
        return replanning.replan_estate(here, 5.0)


class TestFirstChoice:
    def test_the_nearer_of_two_is_sent_and_the_order_says_why(self, world: World, pair: tuple[User, User]) -> None:
        far, near = pair
        assert far.post("/dispatch/position", FAR).json()["kept"]
        assert near.post("/dispatch/position", NEAR).json()["kept"]
        order = report(world)
        assert order["technician"]["id"] == near.id
        line = seen(world, order["number"])["timeline"][-1]
        assert (line["kind"], line["title"]) == ("assign", "派单")
        assert line["text"].startswith("新师傅：会修燃气，手上没有别的单，")
        assert "3号楼" in line["text"]

    @sqlite_only
    def test_who_has_less_to_do_is_sent(self, world: World, pair: tuple[User, User]) -> None:
        for one in pair:
            one.post("/dispatch/position", NEAR)
        held = [report(world)["technician"]["id"] for _ in range(4)]
        assert sorted(held[:2]) == sorted(held[2:]) == sorted(one.id for one in pair)

    @sqlite_only
    def test_nobody_is_sent_who_is_away(self, world: World, pair: tuple[User, User]) -> None:
        away(world, pair[0])
        assert report(world)["technician"]["id"] == pair[1].id
        away(world, pair[1])
        order = report(world, urgency="emergency")
        assert order["status"] == "triaged"
        assert any("没有对口的师傅在班" in text for text in texts(world, world.kefu, order["number"]))

    @sqlite_only
    def test_off_work_they_come_in_an_emergency_only(self, world: World, pair: tuple[User, User]) -> None:
        for one in pair:
            off = [{"day": "2030-01-01", "from": "08:00", "to": "09:00"}]
            body = {"community": "sunshine", "person_id": one.id, "shifts": off}
            assert world.kefu.call("PUT", "/dispatch/shifts", json=body).status_code == 200
        assert report(world)["status"] == "triaged"
        assert report(world, urgency="emergency")["status"] == "dispatched"

    @sqlite_only
    def test_an_estate_without_technicians_tells_the_desk(self, world: World) -> None:
        desk = world.new(Role.CUSTOMER_SERVICE, "lakeside")
        with world.retired(desk):
            order = world.chenjing.open_order(category=CATEGORY, location={"place": "湖心亭"})
            assert order["status"] == "triaged"
            assert any("没有对口的师傅" in text for text in texts(world, desk, order["number"]))
            found = desk.get(f"/work-orders/{order['number']}/candidates").json()
            assert found["mode"] == "auto"
            assert not any(candidate["fits"] for candidate in found["items"])


class TestGivenBack:
    @sqlite_only
    def test_it_does_not_come_back_to_who_refused_it(self, world: World, pair: tuple[User, User]) -> None:
        number = report(world)["number"]
        for _ in pair:
            holder = next(p for p in pair if p.id == seen(world, number)["technician"]["id"])
            assert holder.move(number, "triaged", note="不会").status_code == 200
        assert seen(world, number)["status"] == "triaged"
        plan(world)
        assert seen(world, number)["status"] == "triaged"

    @sqlite_only
    def test_staff_who_insist_get_somebody_all_the_same(self, world: World, pair: tuple[User, User]) -> None:
        away(world, pair[1])
        number = report(world)["number"]
        assert pair[0].move(number, "triaged", note="不会").status_code == 200
        assert "此前退回过这张单" in beside(world, number, pair[0])["reasons"]
        assert world.kefu.move(number, "dispatched").json()["technician"]["id"] == pair[0].id

    @sqlite_only
    def test_what_the_desk_takes_back_goes_to_another(self, world: World, pair: tuple[User, User]) -> None:
        order = report(world)
        after = world.kefu.move(order["number"], "triaged", note="换个人").json()
        assert after["status"] == "dispatched"
        assert after["technician"]["id"] != order["technician"]["id"]

    @sqlite_only
    def test_reopened_it_goes_to_another_when_its_technician_is_away(
        self, world: World, pair: tuple[User, User]
    ) -> None:
        number = report(world)["number"]
        world.put(number, "finished", pair[0])
        away(world, pair[0])
        again = world.zhangwei.move(number, "reopened", note="还有味").json()
        assert (again["status"], again["technician"]["id"]) == ("dispatched", pair[1].id)


class TestCandidates:
    def test_everybody_is_listed_the_best_first_with_reasons(self, world: World, pair: tuple[User, User]) -> None:
        far, near = pair
        far.post("/dispatch/position", FAR)
        near.post("/dispatch/position", NEAR)
        number = report(world)["number"]
        found = world.kefu.get(f"/work-orders/{number}/candidates").json()["items"]
        assert [c["person_id"] for c in found[:2]] == [near.id, far.id]
        best, unskilled = found[0], beside(world, number, world.zhaoshifu)
        assert (best["fits"], best["score"], best["on_duty"], best["load"]) == (True, 100, True, 1)
        assert best["phone"].startswith("139")
        assert best["reasons"][:3] == ["会修燃气", "在班", "手上 1 单"]
        assert 0 < best["distance_m"] < found[1]["distance_m"]
        assert found[1]["score"] < 100
        assert (unskilled["fits"], unskilled["score"]) == (False, 0)
        assert "不会修燃气" in unskilled["reasons"]
        assert any("08:00–20:00" in r or "00:00–24:00" in r for r in unskilled["reasons"])

    @sqlite_only
    def test_the_desk_alone_sees_them(self, world: World, pair: tuple[User, User]) -> None:
        number = report(world)["number"]
        is_problem(world.zhangwei.get(f"/work-orders/{number}/candidates"), 403)
        is_problem(world.lishifu.get(f"/work-orders/{number}/candidates"), 403)
        stranger = world.new(Role.CUSTOMER_SERVICE, "lakeside")
        is_problem(stranger.get(f"/work-orders/{number}/candidates"), 404)


@pytest.fixture
def nothing_else(world: World) -> None:
    """End what earlier tests left open, so that the plan is about the orders of the test."""
    with db.transaction() as session, system_scope(session):
        session.execute(update(WorkOrder).where(WorkOrder.status.in_(OPEN)).values(status=Status.CANCELLED))


@pytest.mark.usefixtures("nothing_else")
class TestReplan:
    def test_what_waits_goes_to_who_comes_back(self, world: World, pair: tuple[User, User]) -> None:
        for one in pair:
            away(world, one, hours=24)
        number = report(world)["number"]
        assert seen(world, number)["status"] == "triaged"
        leaves = world.kefu.get("/dispatch/shifts", community="sunshine").json()["items"]
        [leave] = next(p for p in leaves if p["person_id"] == pair[0].id)["leaves"]
        world.kefu.call("DELETE", f"/dispatch/leaves/{leave['id']}")
        assert plan(world) >= 1
        after = seen(world, number)
        assert (after["status"], after["technician"]["id"]) == ("dispatched", pair[0].id)

    def test_what_is_not_accepted_moves_when_its_holder_is_away(self, world: World, pair: tuple[User, User]) -> None:
        numbers = [report(world)["number"] for _ in range(2)]
        first = next(n for n in numbers if seen(world, n)["technician"]["id"] == pair[0].id)
        away(world, pair[0])
        plan(world)
        after = seen(world, first)
        assert after["technician"]["id"] == pair[1].id
        line = after["timeline"][-1]
        assert (line["title"], line["actor"]["kind"]) == ("重新安排", "system")
        assert line["text"].startswith("改派给新师傅：新师傅暂时不在")
        assert any("您不用去了" in text for text in texts(world, pair[0], first))
        assert any(text.startswith("新工单") for text in texts(world, pair[1], first))

    def test_an_urgent_one_goes_to_who_is_free_sooner(self, world: World, pair: tuple[User, User]) -> None:
        busy, free = pair
        away(world, free)
        first, urgent = report(world)["number"], report(world, urgency="high")["number"]
        busy.move(first, "accepted")
        busy.move(first, "on_site")
        leaves = world.kefu.get("/dispatch/shifts", community="sunshine").json()["items"]
        [leave] = next(p for p in leaves if p["person_id"] == free.id)["leaves"]
        world.kefu.call("DELETE", f"/dispatch/leaves/{leave['id']}")
        assert plan(world) >= 1
        after = seen(world, urgent)
        assert after["technician"]["id"] == free.id
        assert "还在 3号楼 忙" in after["timeline"][-1]["text"]
        assert "分钟" in after["timeline"][-1]["text"]
        assert seen(world, first)["technician"]["id"] == busy.id

    @sqlite_only
    def test_what_was_accepted_or_chosen_by_staff_stays(self, world: World, pair: tuple[User, User]) -> None:
        accepted, chosen = (report(world)["number"] for _ in range(2))
        world.kefu.move(chosen, "dispatched", technician=pair[0].id)
        holder = next(p for p in pair if p.id == seen(world, accepted)["technician"]["id"])
        holder.move(accepted, "accepted")
        plan(world)
        assert seen(world, chosen)["technician"]["id"] == pair[0].id
        assert seen(world, accepted)["technician"]["id"] == holder.id

    @sqlite_only
    def test_nothing_moves_for_nothing(self, world: World, pair: tuple[User, User]) -> None:
        numbers = [report(world)["number"] for _ in range(4)]
        before = [seen(world, n)["version"] for n in numbers]
        plan(world)
        assert [seen(world, n)["version"] for n in numbers] == before

    def test_who_has_left_keeps_nothing(self, world: World, pair: tuple[User, User]) -> None:
        numbers = [report(world)["number"] for _ in range(4)]
        mine = [n for n in numbers if seen(world, n)["technician"]["id"] == pair[0].id]
        begun, waiting = mine
        for to in ("accepted", "on_site"):
            pair[0].move(begun, to)
        with db.transaction() as session, system_scope(session):
            session.execute(delete(Membership).where(Membership.person_id == pair[0].id))
        plan(world)
        plan(world)
        assert seen(world, waiting)["technician"]["id"] == pair[1].id
        assert seen(world, begun)["technician"]["id"] == pair[0].id
        told = [text for text in texts(world, world.kefu, begun) if "已经不在本小区" in text]
        assert len(told) == 1

    @sqlite_only
    def test_an_estate_is_planned_at_most_every_half_minute(self, world: World) -> None:
        number = world.zhangwei.open_order(category="hvac")["number"]
        moment = turn()
        for seconds, due in ((0, True), (29, False), (30, True)):
            with clock.use_clock(lambda s=seconds: moment + timedelta(seconds=s)):
                world.kefu.post(f"/work-orders/{number}/notes", {"text": "看一下"})
                with db.transaction(read_only=True) as session, system_scope(session):
                    here = estate.community_by_code(session, "sunshine").id
                    assert (here in dispatch.to_plan(session, [here])) is due
                if seconds == 0:
                    replanning.replan()
                    world.zhangwei.open_order(category="hvac")
