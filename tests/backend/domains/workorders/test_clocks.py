"""The clocks of orders: what starts, pauses and stops them, whom each step reaches, what owners are promised."""

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from backend.domains.clocks import service as clocks
from backend.domains.clocks.models import Clock, Promise
from backend.domains.identity.models import Membership
from backend.domains.workorders.models import WorkOrder, WorkOrderEvent
from backend.domains.workorders.models_lists import OrderWords
from backend.domains.workorders.service import arrivals
from backend.kit import clock, db
from backend.kit.auth import STAFF_ROLES, Role
from backend.kit.outbox import OutboxRow
from backend.kit.scope import system_scope
from tests.backend.conftest import sqlite_only
from tests.backend.support import User, World

WEDNESDAY = datetime(2036, 6, 11, 2, 0, tzinfo=UTC)
"""10:00 in Shanghai, in a year whose days off nobody knows; tokens that are given out then are good."""
MINUTE = timedelta(minutes=1)


class Now:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.at = WEDNESDAY

    def later(self, minutes: float) -> None:
        self.at += timedelta(minutes=minutes)

    def sweep(self, minutes: float = 0) -> None:
        self.later(minutes)
        clocks.sweep()


@pytest.fixture(autouse=True)
def now(world: World) -> Iterator[Now]:
    """Stop what other tests left running, and the time."""
    with db.transaction() as session, system_scope(session):
        session.execute(update(Clock).values(next_step_at=None))
    moment = Now()
    with clock.use_clock(lambda: moment.at):
        yield moment


HOME = {"community": "sunshine", "building": "7", "unit": "1", "room": "901"}


def report(who: User, urgency: str = "high", **more: Any) -> dict[str, Any]:
    return who.open_order(urgency=urgency, **{"location": HOME, **more})


def opened(who: User, urgency: str = "high", **more: Any) -> str:
    return str(report(who, urgency, **more)["number"])


def unassigned(world: World, urgency: str = "high") -> str:
    """Open an order that no technician of the estate can do."""
    return opened(world.new(), urgency, category="pest", fault="楼道有老鼠", scope="public")


def shown(who: User, number: str) -> dict[str, dict[str, Any]]:
    answer = who.get(f"/work-orders/{number}/clocks")
    assert answer.status_code == 200, answer.text
    latest = max(c["round"] for c in answer.json())
    return {c["kind"]: c for c in answer.json() if c["round"] == latest}


def told(world: World, number: str) -> list[tuple[int, str]]:
    query = select(OutboxRow).where(OutboxRow.text.contains(number), OutboxRow.dedupe_key.startswith("clock:"))
    return [(row.person_id, row.text) for row in world.rows(query.order_by(OutboxRow.id))]


def lines(world: World, number: str) -> list[tuple[str, str | None]]:
    query = select(WorkOrderEvent).join(WorkOrder, WorkOrder.id == WorkOrderEvent.work_order_id)
    query = query.where(WorkOrder.number == number, WorkOrderEvent.kind == "clock")
    rows = world.rows(query.order_by(WorkOrderEvent.id))
    return [(row.title, row.text) for row in rows]


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def due_after(clocks_: dict[str, Any], kind: str) -> timedelta:
    return moment(clocks_[kind]["due_at"]) - WEDNESDAY


@sqlite_only
class TestLifeOfClocks:
    def test_a_report_starts_three_and_the_arrival_is_due_as_promised(self, world: World, owner: User) -> None:
        order = report(owner)
        found = shown(owner, order["number"])
        assert [due_after(found, k) for k in ("response", "arrival", "resolution")] == [
            timedelta(minutes=15), timedelta(minutes=120), timedelta(hours=12),
        ]  # fmt: skip
        assert found["arrival"]["due_at"] == order["promised_at"]
        assert moment(found["arrival"]["warn_at"]) == WEDNESDAY + 96 * MINUTE
        assert found["arrival"]["title"] == "到场"

    def test_what_is_not_urgent_runs_in_business_hours(self, world: World, owner: User, now: Now) -> None:
        now.at = WEDNESDAY + timedelta(days=2, hours=6)  # Friday 16:00
        order = report(owner, "normal")
        assert moment(order["promised_at"]) == now.at + timedelta(days=3)
        now.at = datetime(2026, 9, 30, 8, 0, tzinfo=UTC)  # 16:00 before the national holiday
        assert moment(report(owner, "normal")["promised_at"]) == datetime(2026, 10, 8, 8, 0, tzinfo=UTC)

    def test_each_step_of_the_work_stops_its_clock(self, world: World, owner: User, now: Now) -> None:
        number = opened(owner)
        for to, still in (("accepted", {"arrival", "resolution"}), ("on_site", {"resolution"}), ("finished", set())):
            now.later(5)
            assert world.lishifu.move(number, to, note="好了").status_code == 200
            assert {k for k, c in shown(owner, number).items() if c["stopped_at"] is None} == still
        now.sweep(6000)
        assert told(world, number) == []
        assert not any(c["breached"] for c in shown(owner, number).values())

    @pytest.mark.parametrize("to", ["cancelled", "merged"])
    def test_what_is_over_has_no_clocks(self, world: World, owner: User, now: Now, to: str) -> None:
        number = opened(owner, scope="public", location={"community": "sunshine", "place": "健身房"})
        into = opened(world.new(), scope="public", location={"community": "sunshine", "place": "健身房"})
        assert world.kefu.move(number, to, **({"into": into} if to == "merged" else {})).status_code == 200
        now.sweep(6000)
        assert told(world, number) == []

    def test_suspending_pauses_them_and_what_was_left_is_left(self, world: World, owner: User, now: Now) -> None:
        number = opened(owner)
        world.lishifu.move(number, "accepted")
        now.later(30)
        world.lishifu.move(number, "suspended", note="等业主回家")
        paused = shown(owner, number)["arrival"]
        assert (paused["paused"], paused["remaining_s"]) == (True, 90 * 60)
        now.sweep(600)
        assert told(world, number) == []
        world.lishifu.move(number, "accepted")
        running = shown(owner, number)["arrival"]
        assert moment(running["due_at"]) == now.at + 90 * MINUTE
        assert owner.get(f"/work-orders/{number}").json()["promised_at"] == running["due_at"]
        now.later(89)
        world.lishifu.move(number, "on_site")
        assert shown(owner, number)["arrival"]["breached"] is False

    def test_rework_is_another_round(self, world: World, owner: User, now: Now) -> None:
        number = opened(owner)
        for to in ("accepted", "on_site", "finished"):
            world.lishifu.move(number, to, note="好了")
        now.later(60)
        assert owner.move(number, "reopened", note="还在漏").status_code == 200
        again = shown(owner, number)
        assert {c["round"] for c in again.values()} == {2}
        assert moment(again["arrival"]["due_at"]) == now.at + 120 * MINUTE
        assert moment(owner.get(f"/work-orders/{number}").json()["promised_at"]) == now.at + 120 * MINUTE
        now.sweep(96)
        assert any("到场" in text for _, text in told(world, number))

    def test_another_urgency_is_reckoned_from_the_report(self, world: World, owner: User, now: Now) -> None:
        order = report(owner, "normal")
        now.later(60)
        version = owner.get(f"/work-orders/{order['number']}").json()["version"]
        changed = world.kefu.patch(f"/work-orders/{order['number']}", {"version": version, "urgency": "high"}).json()
        found = shown(owner, order["number"])
        assert due_after(found, "arrival") == timedelta(minutes=120)
        assert changed["promised_at"] == found["arrival"]["due_at"]
        now.sweep()
        assert ("接单超时", "已提醒李师傅") in lines(world, order["number"])

    def test_an_appointment_is_reminded_of_shortly_before(self, world: World, owner: User, now: Now) -> None:
        saturday = WEDNESDAY + timedelta(days=3)
        number = opened(owner, "low", preferred_time=saturday.isoformat())
        arrival = shown(owner, number)["arrival"]
        assert moment(arrival["due_at"]) == saturday
        assert saturday - moment(arrival["warn_at"]) < timedelta(hours=26)
        assert moment(shown(owner, number)["resolution"]["due_at"]) > saturday


class TestSteps:
    def test_technician_then_service_then_manager_then_regional(self, world: World, owner: User, now: Now) -> None:
        number = opened(owner)
        world.lishifu.move(number, "accepted")
        steps = [(60, "lishifu"), (36, "lishifu"), (24, "lishifu"), (15, "kefu"), (15, "jingli"), (15, "quyu")]
        for minutes, who in steps:
            before = len(told(world, number))
            now.sweep(minutes)
            now.sweep()
            fresh = [t for t in told(world, number)[before:] if t[0] != owner.id]
            assert world.people[who].id in [person for person, _ in fresh], (minutes, fresh)
            assert all("到场" in text for _, text in fresh)
        assert [title for title, _ in lines(world, number)] == [
            "到场时限过半", "到场快到时限", "已告诉业主可能晚到", "到场超时",
            "到场超时未处理", "到场超时未处理", "到场超时未处理",
        ]  # fmt: skip
        assert lines(world, number)[-1][1] == "已通知区域经理"
        arrival = shown(owner, number)["arrival"]
        assert (arrival["breached"], arrival["level"], arrival["escalated_to"]) == (True, 6, "区域经理")
        now.sweep(600)
        assert len([t for t, _ in lines(world, number) if t.startswith("到场")]) == 6

    @sqlite_only
    def test_half_time_is_the_technicians_alone(self, world: World, owner: User, now: Now) -> None:
        number = opened(owner)
        now.sweep(7.5)
        assert [person for person, _ in told(world, number)] == [world.lishifu.id]

    @sqlite_only
    def test_what_nobody_has_goes_up_too(self, world: World, now: Now) -> None:
        number = unassigned(world)
        now.sweep(15)
        people = [person for person, _ in told(world, number)]
        assert world.kefu.id in people
        assert world.jingli.id not in people
        assert ("接单超时", "已通知客服") in lines(world, number)
        now.sweep(15)
        assert world.jingli.id in [person for person, _ in told(world, number)]
        assert world.quyu.id not in [person for person, _ in told(world, number)]
        now.sweep(15)
        assert world.quyu.id in [person for person, _ in told(world, number)]
        assert all("还没有人接" in text for _, text in told(world, number))

    @sqlite_only
    def test_who_is_no_technician_any_more_is_not_told(self, world: World, owner: User, now: Now) -> None:
        gone = world.new(Role.TECHNICIAN, skills=("greening",))
        with world.retired(gone):
            number = opened(owner, category="greening", fault="树倒了")
            world.kefu.move(number, "dispatched", technician=gone.id)
        assert not world.rows(select(Membership).where(Membership.person_id == gone.id))
        now.sweep(15)
        people = [person for person, text in told(world, number) if "接单" in text]
        assert gone.id not in people
        assert world.kefu.id in people
        assert any("已经不是本小区的师傅" in text for _, text in told(world, number))

    @sqlite_only
    def test_an_estate_without_staff_reports_upwards(self, world: World, now: Now) -> None:
        with db.transaction() as session, system_scope(session):  # earlier tests had some
            here = Membership.community_id.in_(world.chenjing.principal.community_ids)
            session.execute(delete(Membership).where(here, Membership.role.in_(STAFF_ROLES)))
        place = {"community": "lakeside", "place": "南门"}
        number = opened(world.chenjing, location=place, scope="public")
        now.sweep(15)
        assert world.quyu.id in [person for person, _ in told(world, number)]

    @sqlite_only
    def test_a_worker_that_was_away_skips_reminders_but_nobody(self, world: World, owner: User, now: Now) -> None:
        number = opened(owner)
        world.lishifu.move(number, "accepted")
        now.sweep(3000)
        found = lines(world, number)
        assert ("到场超时", "已提醒李师傅") in found
        assert ("到场时限过半", "已提醒李师傅") not in found
        assert shown(owner, number)["arrival"]["level"] == 3
        now.sweep(15)
        assert shown(owner, number)["arrival"]["escalated_to"] == "客服"

    @sqlite_only
    def test_a_clock_that_is_set_back_tells_nothing_again(self, world: World, owner: User, now: Now) -> None:
        number = opened(owner)
        now.sweep(7.5)
        before = told(world, number)
        now.later(-120)
        now.sweep()
        now.sweep(120)
        assert told(world, number) == before
        now.later(-30)
        assert world.lishifu.move(number, "accepted").status_code == 200
        assert world.lishifu.move(number, "suspended", note="等配件").status_code == 200
        now.later(-30)
        assert world.lishifu.move(number, "accepted").status_code == 200
        assert shown(owner, number)["arrival"]["paused"] is False


def arrived(world: World, minutes: list[int], reported: datetime) -> None:
    """Put orders of the past into the database: category greening, each reached after these minutes."""
    with db.transaction() as session, system_scope(session):
        here = session.scalars(select(WorkOrder).limit(1)).one().community_id
        for number, waited in enumerate(minutes):
            order = WorkOrder(
                community_id=here, number=f"PAST-{uuid.uuid4().hex[:8]}-{number}", status="closed", category="greening", urgency="normal",
                scope="public", fault="草长高了", source="web", created_at=reported, updated_at=reported,
            )  # fmt: skip
            session.add(order)
            session.flush()
            line = {"actor_name": "李强", "actor_kind": "technician", "kind": "transition", "title": "到场"}
            session.add(
                WorkOrderEvent(
                    work_order_id=order.id, community_id=here, at=reported + waited * MINUTE,
                    from_status="accepted", to_status="on_site", **line,
                )
            )  # fmt: skip


@pytest.fixture
def learned(world: World, owner: User) -> Iterator[None]:
    opened(owner)
    arrived(world, list(range(61, 161)), WEDNESDAY - timedelta(days=7))
    arrivals.learn()
    yield
    with db.transaction() as session, system_scope(session):
        past = list(session.scalars(select(WorkOrder.id).where(WorkOrder.number.startswith("PAST-"))))
        session.execute(delete(WorkOrderEvent).where(WorkOrderEvent.work_order_id.in_(past)))
        session.execute(delete(OrderWords).where(OrderWords.work_order_id.in_(past)))
        session.execute(delete(WorkOrder).where(WorkOrder.id.in_(past)))
    arrivals.learn()


class TestPromise:
    @pytest.mark.usefixtures("learned")
    def test_past_arrivals_narrow_it(self, world: World, owner: User) -> None:
        order = report(owner, "normal", category="greening", fault="树枝断了")
        assert [moment(order[n]) - WEDNESDAY for n in ("promised_from", "promised_at")] == [70 * MINUTE, 150 * MINUTE]
        assert shown(owner, order["number"])["arrival"]["due_at"] == order["promised_at"]
        world.kefu.move(order["number"], "dispatched", technician=world.lishifu.id)
        query = select(OutboxRow).where(OutboxRow.person_id == owner.id, OutboxRow.text.contains(order["number"]))
        assert any("预计 今天 11:10–12:30 之间到" in row.text for row in world.rows(query))
        told = select(OutboxRow).where(
            OutboxRow.person_id == world.lishifu.id, OutboxRow.text.contains(order["number"])
        )
        assert any("请在 今天 11:10–12:30 之间到场" in row.text for row in world.rows(told))

    @pytest.mark.usefixtures("learned")
    def test_the_owners_time_is_kept(self, world: World, owner: User) -> None:
        saturday = (WEDNESDAY + timedelta(days=3)).isoformat()
        order = report(owner, "normal", category="greening", fault="树枝断了", preferred_time=saturday)
        assert (order["promised_from"], moment(order["promised_at"])) == (None, moment(saturday))

    def test_the_owner_hears_before_it_is_missed_and_once(self, world: World, owner: User, now: Now) -> None:
        number = opened(owner)
        world.lishifu.move(number, "accepted")
        now.sweep(96)
        [(person, text)] = [t for t in told(world, number) if "可能晚到" in t[1]]
        assert person == owner.id
        assert "新的预计：今天 12:00–12:30 之间到" in text
        promise = owner.get(f"/work-orders/{number}/promise").json()
        assert moment(promise["until"]) == WEDNESDAY + 120 * MINUTE
        assert moment(promise["told_at"]) < moment(promise["until"]) <= moment(promise["expected_from"])
        for _ in range(4):
            now.sweep(24)
        assert len([t for t in told(world, number) if "可能晚到" in t[1]]) == 1


def kept(world: World) -> tuple[int, int]:
    found = world.kefu.get("/clocks/promises", community="sunshine", days=30).json()
    assert found["kept"] == sum(c["kept"] for c in found["by_category"])
    return found["kept"], found["missed"]


@pytest.fixture
def no_promises(world: World) -> None:
    with db.transaction() as session, system_scope(session):
        session.execute(update(Promise).values(void_at=WEDNESDAY))


@pytest.mark.usefixtures("no_promises")
class TestKept:
    def test_on_time_late_still_awaited_and_cancelled(self, world: World, now: Now) -> None:
        numbers = [opened(world.new()) for _ in range(4)]
        for number in numbers[:2]:
            world.lishifu.move(number, "accepted")
        now.later(100)
        world.lishifu.move(numbers[0], "on_site")
        assert kept(world) == (1, 0)
        now.later(100)
        world.lishifu.move(numbers[1], "on_site")
        world.kefu.move(numbers[2], "cancelled")
        assert kept(world) == (1, 2)
        found = world.kefu.get("/clocks/promises", community="sunshine").json()
        assert found["rate"] == 0.3333
        card = next(c for c in world.kefu.get("/dashboard").json()["cards"] if c["key"] == "promises")
        assert (card["title"], card["value"], card["unit"], card["tone"]) == ("承诺兑现率", 33, "%", "danger")
        assert card["query"] == "/orders?missed=30"
        listed = world.kefu.get("/work-orders", missed=30, total=True, limit=50).json()
        assert {o["number"] for o in listed["items"]} == {numbers[1], numbers[3]}
        assert listed["total"] == found["missed"]
        assert world.kefu.get("/work-orders/count", missed=30).json()["total"] == 2
        now.later(2 * 24 * 60)
        assert world.kefu.get("/work-orders", missed=1, total=True).json()["total"] == 0

    def test_the_first_promise_counts_and_a_pause_is_not_held_against_it(self, world: World, now: Now) -> None:
        number = opened(world.new())
        world.lishifu.move(number, "accepted")
        world.lishifu.move(number, "suspended", note="业主不在家")
        now.later(600)
        assert kept(world) == (0, 0)
        world.lishifu.move(number, "accepted")
        now.later(119)
        world.lishifu.move(number, "on_site")
        assert kept(world) == (1, 0)

    def test_a_milder_urgency_afterwards_changes_nothing(self, world: World, now: Now) -> None:
        number = opened(world.new())
        version = world.kefu.get(f"/work-orders/{number}").json()["version"]
        world.kefu.patch(f"/work-orders/{number}", {"version": version, "urgency": "low"})
        now.later(121)
        assert kept(world) == (0, 1)
