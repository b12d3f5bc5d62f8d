"""Business time: adding and measuring, over days off and days worked instead."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.domains.clocks import known_years
from backend.domains.clocks.business import Calendar, DayKind, Hours, add, between
from backend.kit.clock import SHANGHAI

HOURS = Hours(8 * 60 + 30, 17 * 60 + 30)
YEAR = {d.date: d.kind for d in known_years.days(2026)}
NATIONAL = Calendar(HOURS, YEAR)
NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)


def at(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI)


moments = st.integers(0, 350 * 24 * 3600).map(lambda s: NEW_YEAR + timedelta(seconds=s))
lengths = st.integers(0, 3 * 9 * 3600).map(lambda s: timedelta(seconds=s))


@st.composite
def any_calendar(draw: st.DrawFn) -> Calendar:
    opens = draw(st.integers(0, 23 * 60))
    closes = draw(st.integers(opens + 30, 24 * 60))
    days = st.dates(date(2026, 1, 1), date(2026, 12, 31))
    return Calendar(Hours(opens, closes), draw(st.dictionaries(days, st.sampled_from(list(DayKind)), max_size=20)))


class TestAdd:
    @pytest.mark.parametrize(
        ("start", "minutes", "end"),
        [
            (at(11, 25, 9), 30, at(11, 25, 9, 30)),
            (at(11, 25, 17), 60, at(11, 26, 9)),
            (at(11, 25, 17), 30, at(11, 25, 17, 30)),  # closing time is still that day
            (at(11, 25, 3), 30, at(11, 25, 9)),
            (at(11, 25, 22), 30, at(11, 26, 9)),
            (at(11, 27, 16), 540, at(11, 30, 16)),  # Friday to Monday
        ],
    )
    def test_runs_in_business_hours_only(self, start: datetime, minutes: int, end: datetime) -> None:
        assert add(NATIONAL, start, timedelta(minutes=minutes)) == end

    def test_a_festival_and_the_days_off_around_it_do_not_count(self) -> None:
        assert add(NATIONAL, at(9, 30, 16), timedelta(hours=2)) == at(10, 8, 9, 0) + timedelta(minutes=0)

    def test_a_weekend_day_worked_instead_counts(self) -> None:
        assert date(2026, 10, 10).weekday() == 5
        assert add(NATIONAL, at(10, 9, 17), timedelta(hours=1)) == at(10, 10, 9)

    def test_without_a_calendar_every_hour_counts(self) -> None:
        assert add(None, at(10, 1, 23), timedelta(hours=2)) == at(10, 2, 1)

    @settings(deadline=None)
    @given(any_calendar(), moments, lengths)
    def test_what_was_added_lies_between(self, calendar: Calendar, start: datetime, length: timedelta) -> None:
        assert between(calendar, start, add(calendar, start, length)) == length

    @settings(deadline=None)
    @given(any_calendar(), moments, lengths, lengths)
    def test_in_two_parts_is_the_same(self, calendar: Calendar, start: datetime, a: timedelta, b: timedelta) -> None:
        if a and b:
            assert add(calendar, add(calendar, start, a), b) == add(calendar, start, a + b)

    @settings(deadline=None)
    @given(any_calendar(), moments, lengths)
    def test_never_ends_outside_of_business_hours(self, calendar: Calendar, start: datetime, length: timedelta) -> None:
        if length:
            end = add(calendar, start, length).astimezone(SHANGHAI)
            day = (end - timedelta(microseconds=1)).date()
            opens, closes = calendar.open_on(day) or (None, None)
            assert opens is not None
            assert closes is not None
            assert opens < end <= closes


class TestBetween:
    @settings(deadline=None)
    @given(any_calendar(), moments, moments, moments)
    def test_adds_up(self, calendar: Calendar, a: datetime, b: datetime, c: datetime) -> None:
        assert between(calendar, a, b) + between(calendar, b, c) == between(calendar, a, c)

    @settings(deadline=None)
    @given(any_calendar(), moments, moments)
    def test_is_never_more_than_the_time_itself(self, calendar: Calendar, a: datetime, b: datetime) -> None:
        assert abs(between(calendar, a, b)) <= abs(b - a)


class TestKnownYears:
    def test_the_library_knows_2026_as_it_was_published(self) -> None:
        assert known_years.years()[-1] >= 2026
        assert YEAR[date(2026, 2, 14)] is DayKind.WORK
        assert YEAR[date(2026, 10, 1)] is DayKind.FESTIVAL
        off = [d for d, kind in YEAR.items() if kind is not DayKind.WORK and d.month == 2]
        assert (min(off), max(off)) == (date(2026, 2, 15), date(2026, 2, 23))
