"""The table of moves: what it allows happens, everything else is refused."""

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import func, select

from backend.domains.workorders import repository, service
from backend.domains.workorders.domain import MOVES, Status
from backend.domains.workorders.errors import IllegalTransition, NoSuchOrder, NotYourMove
from backend.domains.workorders.models import WorkOrder
from backend.kit import db, scope
from backend.kit.auth import Role
from backend.kit.outbox import OutboxRow
from backend.kit.scope import system_scope
from tests.backend.conftest import sqlite_only
from tests.backend.support import User, World, is_problem, together

ROLES = ("reporter", "holder", "technician", "desk")
LOOKS_FREE = (Status.TRIAGED, Status.REOPENED)
LEGAL = sorted({(m.frm, m.to, role) for m in MOVES for role in m.actors if role in ROLES})


def step(to: Status, world: World, master: str) -> service.Step:
    technician = world.zhaoshifu.id if to is Status.DISPATCHED else None
    return service.Step(to, "因为要试", None, technician, master if to is Status.MERGED else None)


def body_of(wanted: service.Step) -> dict[str, Any]:
    return {"note": wanted.note, "technician": wanted.technician_id, "into": wanted.into}


@pytest.fixture(scope="module")
def master(world: World) -> str:
    return str(world.zhangwei.open_order(category="hvac")["number"])


@pytest.fixture(scope="module")
def tried(world: World) -> str:
    """An order of 张伟, of a trade that nobody has, so that only the holder holds it."""
    return str(world.zhangwei.open_order(category="hvac", scope="public")["number"])


@pytest.fixture
def cast(world: World) -> Iterator[dict[str, User]]:
    return {"reporter": world.zhangwei, "holder": world.lishifu, "technician": world.lishifu, "desk": world.kefu}


@sqlite_only
@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("to", Status)
@pytest.mark.parametrize("frm", Status)
class TestEveryTriple:
    def test_the_table_decides(
        self, world: World, cast: dict[str, User], tried: str, master: str, frm: Status, to: Status, role: str
    ) -> None:
        who = cast[role].principal
        with db.open_session() as session:
            with system_scope(session):
                order = repository.by_number(session, tried)
                order.status = frm
                order.category = "plumbing" if role == "technician" else "hvac"
                order.technician_id = None if role == "technician" else world.lishifu.id
            scope.bind(session, who)
            expected: type[Exception] | None = None
            if role == "technician" and frm not in LOOKS_FREE:
                expected = NoSuchOrder
            elif not any((m.frm, m.to) == (frm, to) for m in MOVES):
                expected = IllegalTransition
            elif (frm, to, role) not in LEGAL:
                expected = NotYourMove
            if expected is None:
                moved = service.move(session, tried, step(to, world, master), who)
                # What is given back is offered to the next technician, where one fits.
                assert moved.status == to or (to is Status.TRIAGED and moved.status == Status.DISPATCHED)
            else:
                with pytest.raises(expected) as refused:
                    service.move(session, tried, step(to, world, master), who)
                assert refused.type is expected
            session.rollback()


class TestLegalMoves:
    @pytest.mark.parametrize(("frm", "to", "role"), LEGAL)
    def test_it_succeeds_over_the_api(
        self, world: World, cast: dict[str, User], tried: str, master: str, frm: Status, to: Status, role: str
    ) -> None:
        category = "plumbing" if role == "technician" else "hvac"
        with db.transaction() as session, system_scope(session):
            repository.by_number(session, tried).category = category
        world.put(tried, frm, None if role == "technician" else world.lishifu)
        answer = cast[role].move(tried, to, **body_of(step(to, world, master)))
        assert answer.status_code == 200, answer.text
        assert answer.json()["timeline"][-1]["kind"] in ("transition", "assign")

    def test_an_illegal_move_is_a_conflict(self, world: World, tried: str) -> None:
        world.put(tried, Status.CLOSED, world.lishifu)
        assert is_problem(world.kefu.move(tried, "on_site"), 409)["type"] == "/problems/illegal-transition"

    def test_somebody_elses_move_is_forbidden(self, world: World, tried: str) -> None:
        world.put(tried, Status.ON_SITE, world.lishifu)
        assert is_problem(world.zhangwei.move(tried, "finished", note="好了"), 403)["type"] == "/problems/not-your-move"

    def test_a_move_that_needs_words_is_refused_without(self, world: World, tried: str) -> None:
        world.put(tried, Status.ON_SITE, world.lishifu)
        assert is_problem(world.lishifu.move(tried, "finished"), 422)["errors"][0]["field"] == "note"

    def test_a_stale_version_is_a_conflict(self, world: World, tried: str) -> None:
        world.put(tried, Status.ACCEPTED, world.lishifu)
        is_problem(world.lishifu.move(tried, "on_site", version=1), 409)

    def test_the_same_move_twice_changes_nothing(self, world: World, tried: str) -> None:
        world.put(tried, Status.ACCEPTED, world.lishifu)
        first = world.lishifu.move(tried, "on_site").json()
        again = world.lishifu.move(tried, "on_site").json()
        assert (again["version"], len(again["timeline"])) == (first["version"], len(first["timeline"]))

    def test_the_same_move_from_an_old_page_is_a_conflict(self, world: World, tried: str) -> None:
        world.put(tried, Status.ACCEPTED, world.lishifu)
        version = world.lishifu.get(f"/work-orders/{tried}").json()["version"]
        assert world.lishifu.move(tried, "on_site", version=version).status_code == 200
        is_problem(world.lishifu.move(tried, "on_site", version=version), 409)

    def test_what_is_said_with_the_same_move_again_is_kept(self, world: World, tried: str) -> None:
        world.put(tried, Status.ON_SITE, world.lishifu)
        world.lishifu.move(tried, "finished", note="换了阀芯")
        again = world.lishifu.move(tried, "finished", note="还换了软管").json()["timeline"]
        assert [(line["kind"], line["text"]) for line in again[-2:]] == [
            ("transition", "换了阀芯"),
            ("note", "还换了软管"),
        ]
        assert world.lishifu.move(tried, "finished", note="换了阀芯").json()["timeline"] == again

    def test_work_is_not_judged_by_who_did_it(self, world: World) -> None:
        number = world.lishifu.open_order(category="plumbing", location={"place": "会议室"})["number"]
        world.put(number, Status.ON_SITE, world.lishifu)
        finished = world.lishifu.move(number, "finished", note="修好了").json()
        assert finished["allowed"] == []
        is_problem(world.lishifu.move(number, "accepted_by_owner"), 403)
        told = select(OutboxRow.person_id).where(OutboxRow.text.contains(f"{number} 是师傅自己报的"))
        assert world.kefu.id in world.rows(told)
        assert world.kefu.move(number, "accepted_by_owner").status_code == 200

    def test_only_technicians_of_the_estate_are_sent(self, world: World, tried: str) -> None:
        world.put(tried, Status.TRIAGED)
        answer = world.kefu.move(tried, "dispatched", technician=world.zhangwei.id)
        assert is_problem(answer, 422)["errors"][0]["field"] == "technician"

    def test_without_a_fitting_technician_nobody_is_sent(self, world: World) -> None:
        number = world.zhangwei.open_order(category="pest")["number"]
        assert is_problem(world.kefu.move(number, "dispatched"), 409)["type"] == "/problems/no-technician"

    def test_an_order_that_came_back_goes_to_its_technician_again(self, world: World, tried: str) -> None:
        world.put(tried, Status.FINISHED, world.lishifu)
        again = world.zhangwei.move(tried, "reopened", note="还在漏").json()
        assert (again["status"], again["technician"]["id"]) == ("dispatched", world.lishifu.id)

    def test_a_declined_order_goes_to_the_next_who_fits(self, world: World) -> None:
        second = world.new(Role.TECHNICIAN, skills=("greening",))
        third = world.new(Role.TECHNICIAN, skills=("greening",))
        with world.retired(second), world.retired(third):
            order = world.zhangwei.open_order(category="greening")
            first = {second.id: second, third.id: third}[order["technician"]["id"]]
            other = third if first is second else second
            assert first.move(order["number"], "triaged", note="忙不过来").status_code == 200
            assert other.get(f"/work-orders/{order['number']}").json()["technician"]["id"] == other.id

    def test_one_who_declines_is_told_that_it_worked(self, world: World) -> None:
        second = world.new(Role.TECHNICIAN, skills=("greening",))
        with world.retired(second):
            number = world.zhangwei.open_order(category="greening")["number"]
            assert second.move(number, "triaged", note="不会修").status_code == 200


class TestMerge:
    def test_the_second_reporter_follows_the_master(self, world: World) -> None:
        other = world.new()
        master = world.zhangwei.open_order(category="hvac", scope="public")["number"]
        double = other.open_order(category="hvac", scope="public")["number"]
        assert world.kefu.move(double, "merged", into=master).json()["merged_into"] == master
        assert other.get(f"/work-orders/{master}").status_code == 200

    def test_an_order_is_not_merged_into_itself(self, world: World) -> None:
        number = world.zhangwei.open_order(category="hvac")["number"]
        assert is_problem(world.kefu.move(number, "merged", into=number), 422)["errors"][0]["field"] == "into"

    def test_an_order_is_not_merged_across_estates(self, world: World) -> None:
        here = world.zhangwei.open_order(category="hvac")["number"]
        there = world.chenjing.open_order(category="hvac", location={"place": "湖心亭"})["number"]
        assert is_problem(world.quyu.move(here, "merged", into=there), 422)["errors"][0]["field"] == "into"

    def test_an_order_is_not_merged_into_nothing(self, world: World) -> None:
        number = world.zhangwei.open_order(category="hvac")["number"]
        is_problem(world.kefu.move(number, "merged", into="SH9999-0001"), 404)

    def test_an_order_is_not_merged_into_a_merged_one(self, world: World) -> None:
        one, two, three = (world.zhangwei.open_order(category="hvac")["number"] for _ in range(3))
        assert world.kefu.move(two, "merged", into=one).status_code == 200
        is_problem(world.kefu.move(three, "merged", into=two), 422)


class TestAtOnce:
    def test_one_of_two_technicians_gets_the_order(self, world: World) -> None:
        second = world.new(Role.TECHNICIAN, skills=("plumbing",))
        with world.retired(second):
            number = world.zhangwei.open_order()["number"]
            world.put(number, Status.TRIAGED)
            both = (world.lishifu, second)
            answers = together([lambda who=who: who.move(number, "accepted") for who in both])
            won = [who.id for who, a in zip(both, answers, strict=True) if a.status_code == 200]
            held = world.kefu.get(f"/work-orders/{number}").json()["technician"]["id"]
            assert won == [held]

    def test_the_one_who_was_slower_is_told_so(self, world: World) -> None:
        second = world.new(Role.TECHNICIAN, skills=("plumbing",))
        with world.retired(second):
            number = world.zhangwei.open_order()["number"]
            world.put(number, Status.TRIAGED)
            answers = together([lambda who=who: who.move(number, "accepted") for who in (world.lishifu, second)])
            assert sorted(a.status_code for a in answers)[1] in (403, 404, 409)

    def test_one_of_two_desks_sends_the_technician(self, world: World) -> None:
        order = world.zhangwei.open_order(category="hvac")
        sent = [(world.kefu, world.lishifu), (world.jingli, world.zhaoshifu)]
        answers = together(
            [
                lambda d=d, t=t: d.move(order["number"], "dispatched", technician=t.id, version=order["version"])
                for d, t in sent
            ]
        )
        assert sorted(a.status_code for a in answers) == [200, 409]


class TestOpenOnce:
    def test_the_same_key_gives_the_same_order(self, world: World) -> None:
        key = uuid.uuid4().hex
        assert world.zhangwei.open_order(key)["number"] == world.zhangwei.open_order(key)["number"]

    def test_the_same_key_of_two_people_gives_two_orders(self, world: World) -> None:
        key = uuid.uuid4().hex
        assert world.zhangwei.open_order(key)["number"] != world.wangfang.open_order(key)["number"]

    def test_eight_at_once_with_one_key_give_one_order(self, world: World) -> None:
        key = uuid.uuid4().hex
        numbers = together([lambda: world.zhangwei.open_order(key)["number"]] * 8)
        assert len(set(map(str, numbers))) == 1, numbers

    def test_eight_at_once_with_one_key_leave_one_row(self, world: World) -> None:
        key = uuid.uuid4().hex
        together([lambda: world.zhangwei.open_order(key)] * 8)
        mine = WorkOrder.source_key == f"{world.zhangwei.id}:{key}"
        assert world.rows(select(func.count(WorkOrder.id)).where(mine)) == [1]

    def test_sixteen_at_once_get_sixteen_numbers(self, world: World) -> None:
        numbers = together([lambda: world.zhangwei.open_order(category="hvac")["number"]] * 16)
        assert len(set(map(str, numbers))) == 16
        assert all(str(n).startswith("SH") for n in numbers)


class TestNumber:
    def test_a_number_has_estate_year_and_month(self, world: World) -> None:
        from backend.kit import clock

        with clock.use_clock(lambda: datetime(2031, 1, 31, 17, 0, tzinfo=UTC)):  # the 1st of February in Shanghai
            assert world.zhangwei.open_order(category="hvac")["number"].startswith("SH3102-")


class TestMadeUpFor:
    @pytest.fixture
    def number(self, world: World) -> str:
        number = str(world.zhangwei.open_order(category="hvac", scope="public")["number"])
        world.put(number, "dispatched", world.lishifu)
        return number

    @staticmethod
    def heard(world: World, number: str) -> list[str]:
        texts = select(OutboxRow.text).where(OutboxRow.person_id == world.zhangwei.id, OutboxRow.text.contains(number))
        return world.rows(texts.order_by(OutboxRow.id))

    def test_the_owner_hears_only_of_the_last_step(self, world: World, number: str) -> None:
        before = len(self.heard(world, number))
        for to in ("accepted", "on_site"):
            assert world.lishifu.move(number, to, quiet=True).status_code == 200
        assert world.lishifu.move(number, "finished", note="换了灯管").status_code == 200
        [told] = self.heard(world, number)[before:]
        assert "换了灯管" in told

    def test_every_step_stands_in_the_history(self, world: World, number: str) -> None:
        world.lishifu.move(number, "accepted", quiet=True)
        moves = [e["to_status"] for e in world.kefu.get(f"/work-orders/{number}").json()["timeline"]]
        assert moves[-1] == "accepted"

    def test_what_matters_is_never_quiet(self, world: World, number: str) -> None:
        world.put(number, "on_site", world.lishifu)
        before = len(self.heard(world, number))
        world.lishifu.move(number, "finished", note="换了灯管", quiet=True)
        assert len(self.heard(world, number)) == before + 1
