"""抢单: offered to all who fit; of many who take it at once exactly one gets it; what nobody takes is dispatched."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select

from backend.domains.identity.models import Membership
from backend.domains.workorders.service import dispatching
from backend.kit import clock, db
from backend.kit.auth import Role
from backend.kit.outbox import OutboxRow
from backend.kit.scope import system_scope
from tests.backend.conftest import sqlite_only
from tests.backend.support import User, World, is_problem, together

CROWD = 60
CATEGORY = "parking"


def set_mode(world: World, category: str, mode: str, minutes: int = 5) -> None:
    rule = {"category": category, "mode": mode, "grab_minutes": minutes, "service_minutes": 20}
    answer = world.jingli.call("PUT", "/dispatch/rules", json={"community": "sunshine", "rules": [rule]})
    assert answer.status_code == 200, answer.text


@contextmanager
def mode(world: World, category: str, wanted: str) -> Iterator[None]:
    set_mode(world, category, wanted)
    try:
        yield
    finally:
        set_mode(world, category, "auto")


@pytest.fixture
def crew(world: World) -> Iterator[list[User]]:
    with ExitStack() as stack:
        made = [world.new(Role.TECHNICIAN, skills=(CATEGORY,)) for _ in range(3)]
        for one in made:
            stack.enter_context(world.retired(one))
        stack.enter_context(mode(world, CATEGORY, "grab"))
        yield made


def told(world: World, who: User, number: str) -> list[OutboxRow]:
    return world.rows(select(OutboxRow).where(OutboxRow.person_id == who.id, OutboxRow.text.contains(number)))


def seen(world: World, number: str) -> dict[str, Any]:
    return dict(world.kefu.get(f"/work-orders/{number}").json())


class TestOffer:
    def test_everybody_who_fits_is_asked_and_nobody_has_it(self, world: World, crew: list[User]) -> None:
        order = world.zhangwei.open_order(category=CATEGORY)
        assert (order["status"], order["technician"]) == ("triaged", None)
        for one in crew:
            [row] = told(world, one, order["number"])
            assert row.text.startswith("抢单 ")
            assert [b["title"] for b in row.payload["buttons"]] == ["接单"]
        assert told(world, world.lishifu, order["number"]) == []
        offer = world.kefu.get(f"/work-orders/{order['number']}/candidates").json()["offer"]
        assert (offer["round"], offer["offered_to"], offer["closed_at"]) == (1, 3, None)

    def test_who_takes_it_has_it_and_the_slower_hear_who(self, world: World, crew: list[User]) -> None:
        number = world.zhangwei.open_order(category=CATEGORY)["number"]
        assert crew[0].move(number, "accepted").json()["status"] == "accepted"
        problem = is_problem(crew[1].move(number, "accepted"), 409)
        assert problem["type"] == "/problems/taken-by-another"
        assert problem["detail"] == "手慢了一步，新师傅已经接了。"
        assert crew[0].move(number, "accepted").status_code == 200  # a double tap
        offer = world.kefu.get(f"/work-orders/{number}/candidates").json()["offer"]
        assert offer["taken_by_id"] == crew[0].id

    @sqlite_only
    def test_to_whom_it_never_was_offered_it_does_not_exist(self, world: World, crew: list[User]) -> None:
        number = world.zhangwei.open_order(category=CATEGORY)["number"]
        crew[0].move(number, "accepted")
        is_problem(world.lishifu.move(number, "accepted"), 404)
        is_problem(world.zhangwei.move(number, "accepted"), 409)

    @sqlite_only
    def test_an_emergency_is_dispatched_at_once(self, world: World, crew: list[User]) -> None:
        order = world.zhangwei.open_order(category=CATEGORY, urgency="emergency")
        assert order["status"] == "dispatched"

    @sqlite_only
    def test_what_is_given_back_is_offered_to_the_others(self, world: World, crew: list[User]) -> None:
        number = world.zhangwei.open_order(category=CATEGORY)["number"]
        crew[0].move(number, "accepted")
        assert crew[0].move(number, "triaged", note="来不了").status_code == 200
        assert seen(world, number)["status"] == "triaged"
        assert [len(told(world, one, number)) for one in crew] == [1, 2, 2]

    @sqlite_only
    def test_staff_may_assign_what_is_on_offer(self, world: World, crew: list[User]) -> None:
        number = world.zhangwei.open_order(category=CATEGORY)["number"]
        assert world.kefu.move(number, "dispatched", technician=crew[2].id).status_code == 200
        is_problem(crew[0].move(number, "accepted"), 404)
        assert world.kefu.get(f"/work-orders/{number}/candidates").json()["offer"]["closed_at"]


class TestNobodyTakesIt:
    def test_it_is_dispatched_when_the_time_is_over(self, world: World, crew: list[User]) -> None:
        number = world.zhangwei.open_order(category=CATEGORY)["number"]
        dispatching.expire_offers()
        assert seen(world, number)["status"] == "triaged"
        later = clock.now() + timedelta(minutes=6)
        with clock.use_clock(lambda: later):
            together([dispatching.expire_offers] * 3)
        order = seen(world, number)
        assert order["status"] == "dispatched"
        assert [t["title"] for t in order["timeline"]].count("派单") == 1
        is_problem(next(o for o in crew if o.id != order["technician"]["id"]).move(number, "accepted"), 404)

    @sqlite_only
    def test_the_desk_is_told_when_nobody_is_there(self, world: World, crew: list[User]) -> None:
        number = world.zhangwei.open_order(category=CATEGORY)["number"]
        with db.transaction() as session, system_scope(session):
            session.execute(delete(Membership).where(Membership.person_id.in_([o.id for o in crew])))
        later = clock.now() + timedelta(minutes=6)
        with clock.use_clock(lambda: later):
            dispatching.expire_offers()
        assert seen(world, number)["status"] == "triaged"
        assert any("发出抢单后没有人接" in row.text for row in told(world, world.kefu, number))


class TestAssignMode:
    @sqlite_only
    def test_it_waits_for_staff_who_are_told(self, world: World) -> None:
        second = world.new(Role.TECHNICIAN, skills=("noise",))
        with world.retired(second), mode(world, "noise", "assign"):
            order = world.zhangwei.open_order(category="noise")
            assert order["status"] == "triaged"
            assert any("等您指派师傅" in row.text for row in told(world, world.kefu, order["number"]))
            assert world.kefu.move(order["number"], "dispatched").json()["technician"]["id"] == second.id


class TestAtOnce:
    def test_of_sixty_exactly_one_gets_it(self, world: World, crew: list[User]) -> None:
        number = world.zhangwei.open_order(category=CATEGORY)["number"]
        crowd = [*crew, *(world.new(Role.TECHNICIAN, skills=(CATEGORY,)) for _ in range(CROWD - len(crew)))]
        try:
            answers = together([lambda one=one: one.move(number, "accepted") for one in crowd])
            codes = sorted(a.status_code for a in answers)
            assert codes == [200, *[409] * (CROWD - 1)], [a.text for a in answers if a.status_code not in (200, 409)]
            held = seen(world, number)
            winner = next(one for one, a in zip(crowd, answers, strict=True) if a.status_code == 200)
            assert held["technician"]["id"] == winner.id
            assert {a.json()["detail"] for a in answers if a.status_code == 409} == {"手慢了一步，新师傅已经接了。"}
            assert [t["to_status"] for t in held["timeline"]].count("accepted") == 1
        finally:
            with db.transaction() as session, system_scope(session):
                session.execute(delete(Membership).where(Membership.person_id.in_([o.id for o in crowd])))
