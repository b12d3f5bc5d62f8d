"""Finished work, at moments of the test's choosing: everything that happens lies in the past, so that no row that a
test leaves behind waits for a moment to come."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from backend.domains.workorders.models_acceptance import Acceptance
from backend.kit import clock
from backend.kit.outbox import OutboxRow
from tests.backend.support import User, World

STEPS = (("accepted", None), ("on_site", None), ("finished", "换了阀芯"))


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let it be this moment."""
    with clock.use_clock(lambda: moment):
        yield


def long_ago(days: float) -> datetime:
    """Return a moment in the past."""
    return clock.now() - timedelta(days=days)


def finished(world: World, moment: datetime, who: User | None = None, **fields: Any) -> str:
    """Report a fault and let 李师傅 finish the work, all at one moment; return the order's number."""
    with at(moment):
        made = (who or world.zhangwei).open_order(**{"category": "plumbing", "scope": "private", **fields})
        number = str(made["number"])
        done(world, number, moment)
    return number


def done(world: World, number: str, moment: datetime, technician: User | None = None) -> None:
    """Let the technician who has the order finish it."""
    with at(moment):
        for to, note in STEPS:
            answer = (technician or world.lishifu).move(number, to, note=note)
            assert answer.status_code == 200, answer.text


def seen(who: User, number: str) -> dict[str, Any]:
    """Return an order as somebody sees it."""
    answer = who.get(f"/work-orders/{number}")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def judging(who: User, number: str) -> dict[str, Any]:
    """Return how the judging of an order stands."""
    answer = who.get(f"/work-orders/{number}/acceptance")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def told(world: World, who: User, number: str) -> list[OutboxRow]:
    """Return the notices about an order that somebody got."""
    query = select(OutboxRow).where(OutboxRow.person_id == who.id, OutboxRow.text.contains(number))
    return world.rows(query.order_by(OutboxRow.id))


def rounds(world: World, number: str) -> list[Acceptance]:
    """Return the rounds of an order."""
    from backend.domains.workorders.models import WorkOrder

    order = select(WorkOrder.id).where(WorkOrder.number == number)
    return world.rows(select(Acceptance).where(Acceptance.work_order_id.in_(order)).order_by(Acceptance.round))
