"""Business time: which days and hours count, adding time and measuring it. Days are Asia/Shanghai. Pure.

Without a calendar (None) every hour counts.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from backend.kit import clock

ONE_DAY = timedelta(days=1)
NOTHING = timedelta()


class DayKind(StrEnum):
    """A day off in place of another 休, a weekend day worked 班, a festival 节."""

    REST = "rest"
    WORK = "work"
    FESTIVAL = "festival"


@dataclass(frozen=True, slots=True)
class Hours:
    """Opening hours in minutes of the day."""

    opens: int
    closes: int


@dataclass(frozen=True, slots=True)
class Calendar:
    """When an estate works: its hours, and the days that are not what their weekday says."""

    hours: Hours
    kinds: Mapping[date, DayKind] = field(default_factory=dict)

    def is_workday(self, day: date) -> bool:
        """Tell whether a day is worked; a day of no special kind goes by its weekday."""
        kind = self.kinds.get(day)
        return day.weekday() < 5 if kind is None else kind is DayKind.WORK

    def open_on(self, day: date) -> tuple[datetime, datetime] | None:
        """Return the opening and the closing of a day, None for a day off."""
        if not self.is_workday(day):
            return None
        start = datetime.combine(day, time.min, clock.SHANGHAI)
        return start + timedelta(minutes=self.hours.opens), start + timedelta(minutes=self.hours.closes)


def add(calendar: Calendar | None, moment: datetime, length: timedelta) -> datetime:
    """Return the moment when ``length`` of business time has passed since ``moment``; nothing added changes nothing."""
    if calendar is None or length <= NOTHING:
        return moment + max(length, NOTHING)
    day, left = clock.local_day(moment), length
    while True:
        hours = calendar.open_on(day)
        if hours is not None:
            start = max(moment, hours[0])
            if left <= hours[1] - start:
                return (start + left).astimezone(UTC)
            left -= max(hours[1] - start, NOTHING)
        day += ONE_DAY


def between(calendar: Calendar | None, start: datetime, end: datetime) -> timedelta:
    """Return how much business time lies between two moments; negative when they are the other way round."""
    if end < start:
        return -between(calendar, end, start)
    if calendar is None:
        return end - start
    total, day, last = NOTHING, clock.local_day(start), clock.local_day(end)
    while day <= last:
        hours = calendar.open_on(day)
        if hours is not None:
            total += max(min(end, hours[1]) - max(start, hours[0]), NOTHING)
        day += ONE_DAY
    return total
