"""When somebody will be there: at the time wished for where nothing is urgent, else what past arrivals allow to promise."""

from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy.orm import Session

from backend.domains.clocks import service as clocks
from backend.domains.clocks.service import Interval

CAN_WAIT = frozenset({"normal", "low"})


class Wanted(Protocol):
    """A report, or an order: what a promise depends on."""

    @property
    def category(self) -> str:
        """The trade."""

    @property
    def urgency(self) -> str:
        """How soon."""

    @property
    def scope(self) -> str:
        """A home, or what belongs to all."""

    @property
    def preferred_time(self) -> datetime | None:
        """When they wish somebody to come."""


def is_appointment(wanted: Wanted) -> bool:
    """Tell whether somebody comes at a time that was wished for."""
    return wanted.preferred_time is not None and wanted.urgency in CAN_WAIT


def promise(session: Session, community_id: int, wanted: Wanted, since: datetime) -> Interval:
    """Return what to promise for something reported then; its end is never later than the target or the wish."""
    if wanted.preferred_time is not None and is_appointment(wanted):
        return Interval(None, max(wanted.preferred_time, since))
    target = clocks.target_for(session, community_id, wanted.category, wanted.urgency, wanted.scope)
    calendar = None if target.round_the_clock else clocks.calendar_of(session, community_id)
    due_at = clocks.add(calendar, since, timedelta(minutes=target.arrival_min))
    return clocks.interval(session, community_id, wanted.category, wanted.urgency, since, due_at)
