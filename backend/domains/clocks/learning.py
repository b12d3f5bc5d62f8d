"""What past arrivals teach: quantiles by group, the closest group with enough of them, and the interval to promise. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from backend.domains.clocks.business import Calendar
from backend.domains.clocks.domain import slot
from backend.kit import clock

ENOUGH = 8
"""Arrivals that a group needs before it is believed."""
NIGHT_FROM, NIGHT_UNTIL = 20, 7
WORKDAY, REST_DAY, NIGHT = "workday", "rest", "night"
GRID = timedelta(minutes=5)
SHORTEST = timedelta(minutes=15)
"""An interval that is shorter says more than is known."""

Group = tuple[int | None, str | None, str, str | None]
"""Estate, category, urgency, class of the day; None is any."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """One order of the past: where and what it was, and how long it took until somebody was there."""

    community_id: int
    category: str
    urgency: str
    reported_at: datetime
    minutes: float


@dataclass(frozen=True, slots=True)
class Quantiles:
    """How long arrivals of a group took, in minutes, and how many there were."""

    p10: int
    p50: int
    p90: int
    n: int


@dataclass(frozen=True, slots=True)
class Interval:
    """From when to when somebody is promised; ``start`` None: any time until the end."""

    start: datetime | None
    end: datetime


def day_class(calendar: Calendar, moment: datetime) -> str:
    """Return whether a report came at night, on a day off, or on a workday."""
    there = clock.local(moment)
    if there.hour >= NIGHT_FROM or there.hour < NIGHT_UNTIL:
        return NIGHT
    return WORKDAY if calendar.is_workday(there.date()) else REST_DAY


def groups_of(community_id: int, category: str, urgency: str, day: str) -> tuple[Group, ...]:
    """Return the groups an order belongs to, the closest first."""
    return (
        (community_id, category, urgency, day),
        (community_id, category, urgency, None),
        (community_id, None, urgency, day),
        (community_id, None, urgency, None),
        (None, category, urgency, day),
        (None, category, urgency, None),
        (None, None, urgency, day),
        (None, None, urgency, None),
    )


def quantile(ordered: Sequence[float], share: float) -> int:
    """Return the smallest value that at least this share does not exceed, in whole minutes, rounded up."""
    at = max(-(-len(ordered) * share // 1) - 1, 0)
    return int(-(-ordered[int(at)] // 1))


def learn(arrivals: Iterable[Arrival], calendars: Mapping[int, Calendar]) -> dict[Group, Quantiles]:
    """Return the quantiles of every group that has arrivals."""
    found: dict[Group, list[float]] = {}
    for a in arrivals:
        day = day_class(calendars[a.community_id], a.reported_at)
        for group in groups_of(a.community_id, a.category, a.urgency, day):
            found.setdefault(group, []).append(a.minutes)
    return {group: _quantiles(sorted(minutes)) for group, minutes in found.items()}


def _quantiles(ordered: Sequence[float]) -> Quantiles:
    p10, p50, p90 = (quantile(ordered, share) for share in (0.1, 0.5, 0.9))
    return Quantiles(p10, p50, p90, len(ordered))


def closest(known: Mapping[str, Quantiles], groups: Iterable[Group]) -> Quantiles | None:
    """Return the first group with enough arrivals, None when none has. ``known`` is by slot."""
    found = (known.get(slot(*group)) for group in groups)
    return next((q for q in found if q is not None and q.n >= ENOUGH), None)


def promise(reported_at: datetime, due_at: datetime, learned: Quantiles | None) -> Interval:
    """Return what to promise: nine of ten arrivals were before its end, which is never later than the target."""
    if learned is None:
        return Interval(None, due_at)
    end = min(_up(reported_at + timedelta(minutes=learned.p90)), due_at)
    start = _down(reported_at + timedelta(minutes=learned.p10))
    return Interval(start if start > reported_at and end - start >= SHORTEST else None, end)


def later(end: datetime, span: timedelta, learned: Quantiles | None) -> Interval:
    """Return what to expect when a promise will hardly be kept: from its end on, for as long as the slow ones vary."""
    wide = timedelta(minutes=learned.p90 - learned.p50) if learned else span / 4
    return Interval(end, _up(end + max(wide, SHORTEST)))


def _down(moment: datetime) -> datetime:
    return moment - timedelta(seconds=moment.timestamp() % GRID.total_seconds())


def _up(moment: datetime) -> datetime:
    return moment + timedelta(seconds=-moment.timestamp() % GRID.total_seconds())
