"""Targets, business hours, the calendar and the figure over HTTP: who may read and change what."""

from collections.abc import Iterator
from typing import Any

import pytest

from backend.kit.auth import Role
from tests.backend.conftest import sqlite_only
from tests.backend.support import World, is_problem

pytestmark = sqlite_only

ROW: dict[str, Any] = {
    **{"category": "elevator", "urgency": "emergency", "scope": None, "source": "TSG T5002-2017"},
    **{"response_min": 1, "arrival_min": 30, "resolution_min": 120, "round_the_clock": True, "escalate_min": 5},
}


@pytest.fixture
def own_targets(world: World) -> Iterator[None]:
    yield
    world.jingli.call("PUT", "/clocks/targets", json={"community": "sunshine", "items": []})


@pytest.mark.usefixtures("own_targets")
class TestTargets:
    def test_every_installation_starts_with_the_reference(self, world: World) -> None:
        rows = world.kefu.get("/clocks/targets").json()["defaults"]
        assert {r["urgency"] for r in rows} == {"emergency", "high", "normal", "low"}
        assert all("行业参考" in r["source"] for r in rows)
        assert [r["round_the_clock"] for r in rows] == [True, True, False, False]

    def test_a_manager_changes_those_of_their_estate(self, world: World) -> None:
        body = {"community": "sunshine", "items": [ROW]}
        answer = world.jingli.call("PUT", "/clocks/targets", json=body)
        assert answer.json()["items"] == [ROW]
        assert world.kefu.get("/clocks/targets", community="sunshine").json()["items"] == [ROW]
        again = {"community": "sunshine", "items": [{**ROW, "arrival_min": 20}]}
        assert world.jingli.call("PUT", "/clocks/targets", json=again).json()["items"][0]["arrival_min"] == 20

    def test_but_neither_anothers_nor_those_of_all(self, world: World) -> None:
        is_problem(world.jingli.call("PUT", "/clocks/targets", json={"community": "lakeside", "items": [ROW]}), 422)
        is_problem(world.jingli.call("PUT", "/clocks/targets", json={"items": [ROW]}), 403)

    def test_only_managers_change_and_only_staff_read(self, world: World) -> None:
        body = {"community": "sunshine", "items": [ROW]}
        for who in (world.kefu, world.lishifu, world.zhangwei):
            is_problem(who.call("PUT", "/clocks/targets", json=body), 403)
        is_problem(world.zhangwei.get("/clocks/targets"), 403)

    @pytest.mark.parametrize(
        ("items", "field"),
        [
            ([{**ROW, "arrival_min": 200}], "items.0"),
            ([ROW, ROW], "items"),
            ([{**ROW, "response_min": 0}], "items.0.response_min"),
            ([{**ROW, "urgency": "soon"}], "items.0.urgency"),
            ([{**ROW, "category": "spaceship"}], "items.0.category"),
            ([{**ROW, "response_min": True}], "items.0.response_min"),
        ],
    )
    def test_what_makes_no_sense_is_refused(self, world: World, items: list[Any], field: str) -> None:
        answer = world.jingli.call("PUT", "/clocks/targets", json={"community": "sunshine", "items": items})
        assert is_problem(answer, 422)["errors"][0]["field"] == field

    def test_those_of_all_must_stay_complete(self, world: World) -> None:
        answer = world.quyu.call("PUT", "/clocks/targets", json={"items": [ROW]})
        assert is_problem(answer, 422)["errors"][0]["field"] == "items"
        rows = world.quyu.get("/clocks/targets").json()["defaults"]
        assert world.quyu.call("PUT", "/clocks/targets", json={"items": rows}).json()["defaults"] == rows


class TestCalendar:
    def test_known_years_are_there(self, world: World) -> None:
        year = world.kefu.get("/clocks/calendar", year=2026).json()
        assert (year["known"], year["warning"]) == (True, None)
        days = {d["date"]: d["title"] for d in year["days"]}
        assert (days["2026-10-01"], days["2026-10-10"]) == ("节", "班")
        assert days["2026-02-23"] == "休"

    def test_a_missing_year_warns_until_it_is_imported(self, world: World) -> None:
        year = world.kefu.get("/clocks/calendar", year=2031).json()
        assert (year["known"], year["days"]) == (False, [])
        assert "2031" in year["warning"]
        days = [{"date": "2031-01-01", "kind": "festival", "name": "元旦"}, {"date": "2031-01-04", "kind": "work"}]
        body = {"year": 2031, "source": "国办发明电〔2030〕1号", "days": days}
        assert world.quyu.call("PUT", "/clocks/calendar", json=body).json()["known"] is True
        body["days"] = days[:1]
        shown = world.quyu.call("PUT", "/clocks/calendar", json=body).json()["days"]
        assert [(d["date"], d["title"], d["name"]) for d in shown] == [("2031-01-01", "节", "元旦")]

    def test_it_is_the_same_for_every_estate(self, world: World) -> None:
        body = {"year": 2032, "source": "x", "days": [{"date": "2032-01-01", "kind": "festival"}]}
        is_problem(world.jingli.call("PUT", "/clocks/calendar", json=body), 403)
        body["year"] = 2033
        is_problem(world.quyu.call("PUT", "/clocks/calendar", json=body), 422)


class TestHours:
    def test_of_an_estate(self, world: World) -> None:
        assert world.kefu.get("/clocks/hours", community="sunshine").json()["opens"] == "08:30"
        manager = world.new(Role.MANAGER, "lakeside")
        body = {"community": "lakeside", "opens": "09:00", "closes": "18:00"}
        with world.retired(manager):
            assert manager.call("PUT", "/clocks/hours", json=body).json() == body
            assert manager.get("/clocks/hours", community="lakeside").json() == body
            is_problem(manager.call("PUT", "/clocks/hours", json={**body, "closes": "08:00"}), 422)
        is_problem(world.kefu.get("/clocks/hours", community="lakeside"), 422)


class TestPromises:
    def test_only_for_staff_and_their_estates(self, world: World) -> None:
        is_problem(world.zhangwei.get("/clocks/promises"), 403)
        is_problem(world.kefu.get("/clocks/promises", community="lakeside"), 422)
        assert set(world.kefu.get("/clocks/promises").json()) == {"kept", "missed", "rate", "by_category"}
