"""The sweep under kill -9, under several workers at once, and beside people who move the same orders."""

import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from backend.domains.clocks import service as clocks
from backend.domains.clocks.models import Clock
from backend.domains.workorders.models import WorkOrder, WorkOrderEvent
from backend.kit import clock, db
from backend.kit.outbox import OutboxRow
from backend.kit.scope import system_scope
from tests.backend.support import World, together

START = datetime(2036, 6, 11, 2, 0, tzinfo=UTC)
ORDERS = 7
HOME = {"community": "sunshine", "building": "3", "unit": "2", "room": "1201"}


@pytest.fixture
def numbers(world: World) -> Iterator[list[str]]:
    """Orders whose response is half over in 7.5 minutes, while nothing else is due."""
    with db.transaction() as session, system_scope(session):
        session.execute(update(Clock).values(next_step_at=None))
    with clock.use_clock(lambda: START):
        yield [world.zhangwei.open_order(urgency="high", location=HOME)["number"] for _ in range(ORDERS)]


def later(minutes: float) -> Any:
    return clock.use_clock(lambda: START + timedelta(minutes=minutes))


def made(world: World, numbers: list[str]) -> tuple[Counter[str], Counter[str], list[int]]:
    """Return lines of history and notices by order, and the levels of the response clocks."""
    found = world.rows(select(WorkOrder).where(WorkOrder.number.in_(numbers)))
    ids = {o.id: str(o.number) for o in found}
    lines = world.rows(
        select(WorkOrderEvent).where(WorkOrderEvent.work_order_id.in_(ids), WorkOrderEvent.kind == "clock")
    )
    notices = world.rows(select(OutboxRow).where(OutboxRow.dedupe_key.startswith("clock:")))
    told = Counter(n for n in numbers for row in notices if n in row.text)
    timed = world.rows(select(Clock).where(Clock.subject_id.in_(ids), Clock.kind == "response"))
    return Counter(ids[line.work_order_id] for line in lines), told, [c.level for c in timed]


def everyone_once(world: World, numbers: list[str]) -> None:
    lines, told, levels = made(world, numbers)
    assert lines == dict.fromkeys(numbers, 1)
    assert told == dict.fromkeys(numbers, 1)
    assert levels == [1] * ORDERS


class TestKilled:
    def test_each_step_once_whatever_dies(self, world: World, numbers: list[str]) -> None:
        """The first batch is kept whole, the second is undone whole, and the next sweep makes the rest."""
        moment = (START + timedelta(minutes=7.5)).isoformat()
        script = Path(__file__).with_name("sweeper.py")
        root = str(Path(__file__).parents[4])
        code = "import runpy, sys; sys.path.insert(0, sys.argv.pop(1)); runpy.run_path(sys.argv.pop(1))"
        command = [sys.executable, "-W", "ignore", "-c", code, root, str(script), "3", moment]
        died = subprocess.run(command, capture_output=True, timeout=120, check=False)
        assert died.returncode == -9, died.stderr.decode()[-2000:]
        lines, told, levels = made(world, numbers)
        assert (sum(lines.values()), sum(told.values()), sum(levels)) == (3, 3, 3)
        with later(7.5):
            assert clocks.sweep() == ORDERS - 3
            assert clocks.sweep() == 0
        everyone_once(world, numbers)


class TestTogether:
    def test_several_workers_make_each_step_once(self, world: World, numbers: list[str]) -> None:
        with later(7.5):
            found = together([lambda: clocks.sweep(batch=2)] * 4)
            assert not [error for error in found if isinstance(error, Exception)]
            clocks.sweep()
        everyone_once(world, numbers)

    def test_an_order_in_somebodys_hands_waits_for_the_next_sweep(self, world: World, numbers: list[str]) -> None:
        if world.kind == "sqlite":
            pytest.skip("SQLite has one writer at a time")
        with later(7.5), db.transaction() as session, system_scope(session):
            held = select(WorkOrder).where(WorkOrder.number == numbers[0]).with_for_update()
            session.scalars(held).one()
            assert clocks.sweep() == ORDERS - 1
        with later(7.5):
            assert clocks.sweep() == 1
        everyone_once(world, numbers)

    def test_who_accepts_meanwhile_is_not_blamed(self, world: World, numbers: list[str]) -> None:
        def accept() -> Any:
            return [world.lishifu.move(n, "accepted").status_code for n in numbers]

        with later(15):
            accepted, _ = together([accept, clocks.sweep])
            assert accepted == [200] * ORDERS
            clocks.sweep()
        stopped = world.rows(select(Clock).where(Clock.kind == "response", Clock.stopped_at.is_(None)))
        ids = {o.id for o in world.rows(select(WorkOrder).where(WorkOrder.number.in_(numbers)))}
        assert not [c for c in stopped if c.subject_id in ids]


class TestFailing:
    def test_what_cannot_be_told_is_not_made(self, world: World, numbers: list[str], monkeypatch: Any) -> None:
        def broken(*_: Any) -> None:
            raise RuntimeError("no outbox")

        with later(7.5):
            with monkeypatch.context() as patch:
                patch.setattr("backend.kit.outbox.enqueue_all", broken)
                with pytest.raises(RuntimeError):
                    clocks.sweep()
            assert sum(made(world, numbers)[2]) == 0
            assert clocks.sweep() == ORDERS
        everyone_once(world, numbers)
