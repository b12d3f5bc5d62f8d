"""Time. ``now()`` is UTC and aware; local days and words use the estate's zone (Asia/Shanghai).

Tests put their own clock in with ``use_clock``; nothing else may call ``datetime.now``.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
WEEKDAYS = "一二三四五六日"

_read: Callable[[], datetime] = lambda: datetime.now(UTC)  # noqa: E731


def now() -> datetime:
    """Return the current moment, aware, in UTC."""
    return _read()


@contextmanager
def use_clock(read: Callable[[], datetime]) -> Iterator[None]:
    """Replace the clock inside the block (tests, replays)."""
    global _read
    before, _read = _read, read
    try:
        yield
    finally:
        _read = before


def local(moment: datetime) -> datetime:
    """Return the moment in the estate's zone."""
    return moment.astimezone(SHANGHAI)


def local_day(moment: datetime) -> date:
    """Return the calendar day of the moment in the estate's zone."""
    return local(moment).date()


def day_of(day: date) -> tuple[datetime, datetime]:
    """Return the first moment of a calendar day in the estate's zone, and the first of the next."""
    start = datetime.combine(day, time.min, SHANGHAI)
    return start, start + timedelta(days=1)


def in_words(moment: datetime, reference: datetime | None = None) -> str:
    """Return the moment as people read it: 今天 14:05, 明天 09:00, 周六 11-28 09:00.

    A time in words always carries the day, so that it can be checked.
    """
    there, here = local(moment), local(reference or now())
    days = (there.date() - here.date()).days
    near = {-1: "昨天", 0: "今天", 1: "明天", 2: "后天"}
    if days in near:
        return f"{near[days]} {there:%H:%M}"
    if there.year != here.year:
        return f"{there:%Y-%m-%d %H:%M}"
    return f"周{WEEKDAYS[there.weekday()]} {there:%m-%d %H:%M}"
