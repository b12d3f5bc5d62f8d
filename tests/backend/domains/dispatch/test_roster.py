"""Who works when: shifts over midnight, days of their own, leave, and who is asked first."""

from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domains.dispatch.domain import (
    EVERY_DAY,
    LOOK_AHEAD,
    OFF_LIMITS,
    SERVICE_MINUTES,
    Duty,
    Roster,
    Shift,
    Span,
    tier,
)
from backend.domains.workorders.domain import CATEGORIES
from backend.kit.clock import SHANGHAI

MONDAY = date(2026, 11, 30)
DAY = Shift(8 * 60, 20 * 60, EVERY_DAY)
NIGHT = Shift(20 * 60, 8 * 60, EVERY_DAY)
ON_CALL = Shift(0, 24 * 60, EVERY_DAY, on_call=True)


def at(hour: int, minute: int = 0, day: date = MONDAY) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=SHANGHAI)


SHIFTS = st.builds(
    Shift, st.integers(0, 1439), st.integers(0, 1440), st.integers(0, EVERY_DAY), st.none(), st.booleans()
)
MOMENTS = st.integers(0, 366 * 24 * 60).map(lambda minutes: at(0) + timedelta(minutes=minutes))
SPANS = st.builds(lambda s, h: Span(s, s + timedelta(hours=h)), MOMENTS, st.integers(1, 200))


def test_every_category_has_its_time() -> None:
    assert set(SERVICE_MINUTES) == set(CATEGORIES)


class TestDuty:
    @pytest.mark.parametrize(
        ("shifts", "moment", "duty"),
        [
            ((), at(3), Duty.ON),
            ((DAY,), at(8), Duty.ON),
            ((DAY,), at(20), Duty.OFF),
            ((DAY, ON_CALL), at(20), Duty.ON_CALL),
            ((NIGHT,), at(3), Duty.ON),
            ((Shift(20 * 60, 8 * 60, 0b1),), at(3, day=MONDAY + timedelta(days=1)), Duty.ON),
            ((Shift(20 * 60, 8 * 60, 0b1),), at(3), Duty.OFF),
            ((DAY, Shift(12 * 60, 13 * 60, day=MONDAY)), at(9), Duty.OFF),
            ((DAY, Shift(12 * 60, 13 * 60, day=MONDAY)), at(12), Duty.ON),
        ],
    )
    def test_at_a_moment(self, shifts: tuple[Shift, ...], moment: datetime, duty: Duty) -> None:
        assert Roster(shifts).duty(moment) is duty

    def test_leave_is_stronger(self) -> None:
        away = Span(at(9), at(10))
        assert Roster((DAY, ON_CALL), (away,)).duty(at(9, 30)) is Duty.LEAVE
        assert Roster((), (away,)).duty(at(10)) is Duty.ON


class TestWindows:
    @given(st.lists(SHIFTS, max_size=4), st.lists(SPANS, max_size=3), MOMENTS)
    def test_they_are_when_somebody_is_on_duty(self, shifts: list[Shift], leaves: list[Span], now: datetime) -> None:
        roster = Roster(tuple(shifts), tuple(leaves))
        windows = roster.windows(now)
        assert all(w.start < w.end for w in windows)
        assert all(a.end <= b.start for a, b in pairwise(windows))
        assert all(now <= w.start and w.end <= now + LOOK_AHEAD for w in windows)
        for moment in (now, now + timedelta(hours=7), now + timedelta(hours=40)):
            inside = any(w.holds(moment) for w in windows)
            assert inside == (roster.duty(moment) is Duty.ON)


class TestTier:
    @pytest.mark.parametrize("urgency", ["emergency", "high", "normal", "low"])
    def test_nobody_is_called_back_from_leave(self, urgency: str) -> None:
        assert tier(Duty.LEAVE, urgency, anybody=True) == OFF_LIMITS

    def test_who_is_at_home_comes_in_an_emergency_only(self) -> None:
        assert tier(Duty.OFF, "emergency") < OFF_LIMITS
        assert tier(Duty.OFF, "high") == OFF_LIMITS
        assert tier(Duty.OFF, "high", anybody=True) > tier(Duty.ON_CALL, "high") > tier(Duty.ON, "high")
