"""Leave and shifts within the calendar, and positions in numbers."""

from collections.abc import Iterator
from typing import Any

import pytest

from backend.kit.auth import Role
from tests.backend.conftest import sqlite_only
from tests.backend.support import User, World, is_problem

pytestmark = sqlite_only


@pytest.fixture
def technician(world: World) -> Iterator[User]:
    made = world.new(Role.TECHNICIAN, skills=("noise",))
    with world.retired(made):
        yield made


class TestLeaves:
    def enter(self, world: World, technician: User, start: str, end: str) -> Any:
        body = {"community": "sunshine", "person_id": technician.id, "from": start, "to": end, "reason": "事假"}
        return world.kefu.post("/dispatch/leaves", body)

    @pytest.mark.parametrize(
        ("start", "end", "field"),
        [
            ("0001-01-01T00:00:00+08:00", "2026-12-02T00:00:00+08:00", "from"),
            ("1970-01-01T00:00:00Z", "2026-12-02T00:00:00+08:00", "from"),
            ("2026-12-01T00:00:00+08:00", "9999-12-31T23:59:59-08:00", "to"),
            ("2026-12-01T00:00:00+08:00", "2027-12-03T00:00:00+08:00", "to"),
        ],
    )
    def test_out_of_bounds_is_refused(self, world: World, technician: User, start: str, end: str, field: str) -> None:
        problem = is_problem(self.enter(world, technician, start, end), 422)
        assert [e["field"] for e in problem["errors"]] == [field]

    def test_a_year_is_the_longest(self, world: World, technician: User) -> None:
        start = "2026-12-01T00:00:00+08:00"
        problem = is_problem(self.enter(world, technician, start, "2027-12-02T00:00:01+08:00"), 422)
        assert problem["detail"] == "一次请假最长 366 天，请分几次登记。"
        assert self.enter(world, technician, start, "2027-12-02T00:00:00+08:00").status_code == 201


class TestShifts:
    @pytest.mark.parametrize("day", ["0001-01-01", "1999-12-31", "2101-01-01", "9999-12-31"])
    def test_a_day_beyond_the_calendar_is_refused(self, world: World, technician: User, day: str) -> None:
        shifts = [{"day": day, "from": "08:00", "to": "09:00"}]
        body = {"community": "sunshine", "person_id": technician.id, "shifts": shifts}
        problem = is_problem(world.kefu.call("PUT", "/dispatch/shifts", json=body), 422)
        assert [e["field"] for e in problem["errors"]] == ["shifts.0.day"]


class TestPosition:
    @pytest.mark.parametrize("wrong", [{"lat": True}, {"lng": False}, {"accuracy_m": True}])
    def test_true_is_no_number(self, technician: User, wrong: dict[str, Any]) -> None:
        is_problem(technician.post("/dispatch/position", {"lat": 22.55, "lng": 114.05, **wrong}), 422)

    def test_a_whole_number_is_one(self, technician: User) -> None:
        assert technician.post("/dispatch/position", {"lat": 22, "lng": 114, "accuracy_m": 5}).json() == {"kept": True}
