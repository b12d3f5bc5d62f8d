"""Gathers what the dashboard shows; everything is limited to the estates of the session's person."""

from dataclasses import replace

from sqlalchemy.orm import Session

from backend.domains.callbacks import service as callbacks
from backend.domains.clocks import service as clocks
from backend.domains.complaints import service as complaints
from backend.domains.conversations import service as conversations
from backend.domains.insights.domain import Card
from backend.domains.workorders import service as workorders
from backend.domains.workorders.service import Filter, OrderView, Status
from backend.kit import clock
from backend.kit.auth import Principal

__all__ = ["Card", "cards", "late"]

SHOWN = 20
URGENT = "emergency"


def cards(session: Session, community_id: int | None) -> list[Card]:
    """Return the cards, most urgent first, each with the list it leads to."""

    def count(wanted: Filter) -> int:
        return workorders.count(session, replace(wanted, community_id=community_id))

    today = clock.local_day(clock.now())

    return [
        Card(
            "emergency", "紧急工单",
            count(Filter(statuses=workorders.OPEN_STATUSES, urgencies=(URGENT,))),
            "danger", "/orders?urgency=emergency&open=1",
        ),
        Card(
            "waiting", "等人答复", conversations.count_waiting(session, community_id),
            "warn", "/conversations?queue=waiting",
        ),
        Card(
            "incidents", "抢修中的事件", workorders.count_open_incidents(session, community_id),
            "danger", "/incidents?state=open",
        ),
        Card("late", "已经超时", count(Filter(late_at=clock.now())), "danger", "/orders?late=1"),
        Card(
            "unassigned", "等待派单", count(Filter(statuses=(Status.TRIAGED,))),
            "warn", f"/orders?status={Status.TRIAGED}",
        ),
        Card(
            "acceptance", "待验收", count(Filter(statuses=(Status.FINISHED,))),
            "info", f"/orders?status={Status.FINISHED}",
        ),
        Card(
            "complaints", "未结投诉",
            complaints.count(session, complaints.Filter(complaints.OPEN_STATUSES, community_id)),
            "danger", "/complaints?open=1",
        ),
        Card(
            "callbacks", "待回访",
            callbacks.count(session, callbacks.Filter(community_id=community_id, pending=True)),
            "warn", "/callbacks?pending=1",
        ),
        Card(
            "finished_today", "今日完工", count(Filter(finished=clock.day_of(today))),
            "done", f"/orders?finished_on={today}",
        ),
        *_promises(session, community_id),
    ]  # fmt: skip


PROMISES_DAYS = 30
PROMISES_TONES = ((90, "done"), (75, "warn"), (0, "danger"))


def _promises(session: Session, community_id: int | None) -> list[Card]:
    """Return how many promised arrivals were kept, in percent; no card before there was a promise to keep."""
    rate = clocks.kept(session, community_id, PROMISES_DAYS).rate
    if rate is None:
        return []
    percent = int(rate * 100)
    tone = next(tone for least, tone in PROMISES_TONES if percent >= least)
    return [Card("promises", "承诺兑现率", percent, tone, f"/orders?missed={PROMISES_DAYS}", "%")]


def late(session: Session, who: Principal, community_id: int | None) -> list[OrderView]:
    """Return the orders whose promised arrival has passed: emergencies first, then what has waited longest."""
    wanted = Filter(late_at=clock.now(), community_id=community_id)
    others = tuple(u for u in workorders.URGENCIES if u != URGENT)
    found: list[OrderView] = []
    for urgencies in ((URGENT,), others):
        if room := SHOWN - len(found):
            part = replace(wanted, urgencies=urgencies)
            found += workorders.page(session, part, "promised", who, None, room).items
    return found
