"""Pure rules: when a step is due, which target fits, what past arrivals teach."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.domains.clocks import learning
from backend.domains.clocks.business import Calendar
from backend.domains.clocks.domain import (
    BREACH,
    CATEGORIES,
    DEFAULT_HOURS,
    LAST,
    SEED_TARGETS,
    Running,
    Target,
    closest,
    level_at,
    moment_of,
    next_moment,
)
from backend.domains.clocks.learning import Arrival, Quantiles
from backend.domains.workorders import domain as workorders

START = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)  # Wednesday 10:00 in Shanghai
WEEKDAYS = Calendar(DEFAULT_HOURS)


def hours(n: float) -> timedelta:
    return timedelta(hours=n)


def running(span_s: int = 36000, remaining_s: int | None = None) -> Running:
    left = span_s if remaining_s is None else remaining_s
    return Running(START, left, span_s, START + timedelta(seconds=left), 3600)


def test_they_know_the_categories_of_orders() -> None:
    assert set(CATEGORIES) == set(workorders.CATEGORIES)


class TestSteps:
    @pytest.mark.parametrize(("level", "after"), [(1, 5), (2, 8), (3, 10), (4, 11), (5, 12), (6, 13)])
    def test_half_warning_breach_and_an_interval_for_each_escalation(self, level: int, after: float) -> None:
        assert moment_of(level, running(), None) == START + hours(after)

    def test_percentages_are_of_the_whole_span_after_a_pause(self) -> None:
        assert moment_of(2, running(remaining_s=3 * 3600), None) == START + hours(1)

    def test_a_reminder_that_is_over_is_due_at_once(self) -> None:
        assert moment_of(1, running(remaining_s=3600), None) == START

    def test_a_late_sweep_leaves_reminders_out_and_passes_nobody_over(self) -> None:
        now = START + hours(40)
        assert level_at(0, running(), None, now) == BREACH
        assert next_moment(BREACH, running(), None, now) == now + hours(1)
        assert level_at(BREACH, running(), None, now) == BREACH + 1

    @settings(deadline=None)
    @given(st.integers(0, 400_000), st.integers(0, 400_000), st.integers(1, 90_000), st.sampled_from([None, WEEKDAYS]))
    def test_steps_come_in_order_and_end(self, span: int, left: int, interval: int, calendar: Calendar | None) -> None:
        due = START + timedelta(seconds=left)
        clock = Running(START, left, max(span, left), due, interval)
        moments = [moment_of(level, clock, calendar) for level in range(1, LAST + 1)]
        assert moments == sorted(moments)
        assert next_moment(LAST, clock, calendar) is None


class TestTarget:
    def test_the_closest_one_holds(self) -> None:
        own = Target("high", 1, 2, 3, True, 5, community_id=1)
        trade = Target("high", 2, 3, 4, True, 5, category="elevator")
        both = Target("high", 3, 4, 5, True, 5, category="elevator", community_id=1)
        table = [own, trade, both]
        assert closest(table, 1, "elevator", "high", "public") is both
        assert closest(table, 1, "gas", "high", "public") is own
        assert closest(table, 2, "elevator", "high", "public") is trade
        assert closest(table, 2, "gas", "high", "public") in SEED_TARGETS


def arrivals(n: int, minutes: float, **more: object) -> list[Arrival]:
    fields = {"community_id": 1, "category": "plumbing", "urgency": "normal", "reported_at": START, **more}
    return [Arrival(minutes=minutes + i, **fields) for i in range(n)]  # type: ignore[arg-type]


class TestLearning:
    def known(self, found: list[Arrival]) -> dict[str, Quantiles]:
        calendars = {a.community_id: WEEKDAYS for a in found}
        return {
            ":".join("*" if p is None else str(p) for p in g): q for g, q in learning.learn(found, calendars).items()
        }

    def test_nine_of_ten_were_there_by_the_end(self) -> None:
        found = learning.closest(self.known(arrivals(100, 1)), learning.groups_of(1, "plumbing", "normal", "workday"))
        assert found == Quantiles(10, 50, 90, 100)

    def test_few_arrivals_are_not_believed_but_wider_groups_are(self) -> None:
        known = self.known([*arrivals(3, 500), *arrivals(40, 60, category="lighting")])
        found = learning.closest(known, learning.groups_of(1, "plumbing", "normal", "workday"))
        assert found is not None
        assert found.n == 43
        assert learning.closest(known, learning.groups_of(1, "plumbing", "high", "workday")) is None

    def test_another_estate_is_better_than_nothing(self) -> None:
        known = self.known(arrivals(20, 60, community_id=2))
        found = learning.closest(known, learning.groups_of(1, "plumbing", "normal", "night"))
        assert found is not None
        assert found.n == 20

    def test_nights_and_days_off_are_apart(self) -> None:
        assert learning.day_class(WEEKDAYS, START) == "workday"
        assert learning.day_class(WEEKDAYS, START + hours(12)) == "night"
        assert learning.day_class(WEEKDAYS, START + timedelta(days=3)) == "rest"

    @settings(deadline=None)
    @given(
        st.integers(1, 5000),
        st.lists(st.integers(0, 4000), min_size=3, max_size=3).map(sorted),
    )
    def test_the_promise_never_ends_after_the_target(self, target_min: int, known: list[int]) -> None:
        due = START + timedelta(minutes=target_min)
        told = learning.promise(START, due, Quantiles(known[0], known[1], known[2], 9))
        assert told.end <= due
        assert told.start is None or START < told.start < told.end

    def test_what_is_expected_later_begins_where_the_promise_ends(self) -> None:
        told = learning.later(START, hours(4), Quantiles(10, 50, 110, 20))
        assert (told.start, told.end) == (START, START + hours(1))
        assert learning.later(START, hours(4), None).end == START + hours(1)
