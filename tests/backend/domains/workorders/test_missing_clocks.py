"""Orders that were open before there were clocks."""

from datetime import datetime

import pytest
from sqlalchemy import delete, select, update

from backend.domains.clocks.models import Clock, Promise
from backend.domains.workorders.models import WorkOrder
from backend.domains.workorders.service import missing_clocks
from backend.domains.workorders.service.clocks import SUBJECT
from backend.kit import db
from backend.kit.outbox import OutboxRow
from backend.kit.scope import system_scope
from tests.backend.domains.workorders.test_clocks import Now, now, opened
from tests.backend.support import World

__all__ = ["now"]
DAY_MIN = 24 * 60


def shown(world: World, number: str) -> list[dict[str, object]]:
    answer = world.kefu.get(f"/work-orders/{number}/clocks")
    assert answer.status_code == 200, answer.text
    return list(answer.json())


def untimed(world: World, status: str = "dispatched", promised_at: datetime | None = None, **more: str) -> str:
    """An order as a version left it that had no clocks."""
    number = opened(world.new(), category="lighting", scope="public")
    steps = {"dispatched": (), "accepted": ("accepted",), "on_site": ("accepted", "on_site")}
    for to in (*steps.get(status, ("accepted", "on_site")), *((status,) if status not in steps else ())):
        body = {"note": "等配件", **more} if to in ("suspended", "finished") else {}
        answer = world.kefu.move(number, to, **body)
        assert answer.status_code == 200, answer.text
    with db.transaction() as session, system_scope(session):
        order_id = session.scalar(select(WorkOrder.id).where(WorkOrder.number == number))
        session.execute(delete(Clock).where(Clock.subject_type == SUBJECT, Clock.subject_id == order_id))
        session.execute(delete(Promise).where(Promise.subject_id == order_id))
        if promised_at is not None:
            session.execute(update(WorkOrder).where(WorkOrder.id == order_id).values(promised_at=promised_at))
    assert shown(world, number) == []
    return number


class TestGive:
    @pytest.mark.parametrize(
        ("status", "kinds"),
        [
            ("dispatched", ["response", "arrival", "resolution"]),
            ("accepted", ["arrival", "resolution"]),
            ("on_site", ["resolution"]),
            ("finished", []),
        ],
    )
    def test_an_order_gets_the_clocks_of_its_state(self, world: World, status: str, kinds: list[str]) -> None:
        number = untimed(world, status)
        missing_clocks.give()
        assert [c["kind"] for c in shown(world, number)] == kinds

    def test_once(self, world: World) -> None:
        number = untimed(world)
        assert missing_clocks.give() >= 1
        first = shown(world, number)
        assert missing_clocks.give() == 0
        assert shown(world, number) == first

    def test_what_is_past_is_not_escalated(self, world: World, now: Now) -> None:
        number = untimed(world, promised_at=now.at)
        now.later(3 * DAY_MIN)
        missing_clocks.give()
        before = len(world.rows(select(OutboxRow).where(OutboxRow.text.contains(number))))
        now.sweep()
        clocks = shown(world, number)
        assert {c["breached"] for c in clocks} == {False}
        assert all(datetime.fromisoformat(str(c["due_at"])) > now.at for c in clocks)
        assert len(world.rows(select(OutboxRow).where(OutboxRow.text.contains(number)))) == before

    def test_a_promise_that_is_not_over_is_kept(self, world: World) -> None:
        number = untimed(world)
        promised = world.kefu.get(f"/work-orders/{number}").json()["promised_at"]
        missing_clocks.give()
        assert {c["kind"]: c["due_at"] for c in shown(world, number)}["arrival"] == promised

    def test_they_go_on_like_any_others(self, world: World) -> None:
        number = untimed(world)
        missing_clocks.give()
        for to in ("accepted", "on_site"):
            assert world.kefu.move(number, to).status_code == 200
        stopped = {c["kind"]: c["stopped_at"] is not None for c in shown(world, number)}
        assert stopped == {"response": True, "arrival": True, "resolution": False}

    def test_suspended_work_waits_for_its_parts(self, world: World) -> None:
        number = untimed(world, "suspended", reason_kind="waiting_parts")
        missing_clocks.give()
        assert {c["paused"] for c in shown(world, number)} == {True}
