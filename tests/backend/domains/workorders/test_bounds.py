"""Days that nothing can happen on, and saved lists that the list itself would refuse."""

from typing import Any

import pytest

from tests.backend.conftest import sqlite_only
from tests.backend.domains.workorders.judged import finished, long_ago
from tests.backend.domains.workorders.work.acting import do, fill, job, work
from tests.backend.support import World, is_problem

pytestmark = sqlite_only

FAR_DAYS = ("0001-01-01", "1999-12-31", "2101-01-01", "9999-12-31")


class TestDays:
    @pytest.mark.parametrize("day", FAR_DAYS)
    @pytest.mark.parametrize("field", ["finished_on", "created_from", "created_to"])
    def test_a_day_beyond_the_calendar_is_refused(self, world: World, field: str, day: str) -> None:
        for path in ("", "/count", "/board", "/export.xlsx"):
            problem = is_problem(world.kefu.get(f"/work-orders{path}", **{field: day}), 422)
            assert problem["errors"] == [{"field": field, "message": "日期要在 2000 年到 2100 年之间"}], path
        for path in ("", "/count"):
            is_problem(world.zhangwei.get(f"/work-orders{path}", **{field: day}), 422)

    def test_the_first_and_the_last_day_find_nothing(self, world: World) -> None:
        for day in ("2000-01-01", "2100-12-31"):
            assert world.kefu.get("/work-orders", finished_on=day).json()["items"] == []

    @pytest.mark.parametrize("day", FAR_DAYS)
    def test_nor_does_the_calendar_show_one(self, world: World, day: str) -> None:
        is_problem(world.kefu.get("/work-orders/calendar", **{"from": day, "to": day}), 422)

    @pytest.mark.parametrize("at", ["0001-01-01T00:00:00+08:00", "1970-01-01T00:00:00Z", "9999-12-31T23:59:59-08:00"])
    def test_a_phone_whose_clock_is_wrong_may_still_work(self, world: World, at: str) -> None:
        assert do(world.lishifu, job(world, "accepted"), "arrival", at=at).status_code == 201


class TestSaved:
    @pytest.mark.parametrize(
        ("query", "field"),
        [
            ({"status": ["x"]}, "query.status"),
            ({"finished_on": ["0001-01-01"]}, "query.finished_on"),
            ({"building": ["三"]}, "query.building"),
            ({"technician": ["0"]}, "query.technician"),
            ({"open": ["maybe"]}, "query.open"),
            ({"missed": ["367"]}, "query.missed"),
            ({"sort": ["random"]}, "query.sort"),
            ({"reporter": ["1", "2"]}, "query.reporter"),
        ],
    )
    def test_what_the_list_refuses_is_not_kept(self, world: World, query: dict[str, Any], field: str) -> None:
        problem = is_problem(world.kefu.post("/work-orders/filters", {"name": "存不下", "query": query}), 422)
        assert [e["field"] for e in problem["errors"]] == [field]
        assert "存不下" not in [f["name"] for f in world.kefu.get("/work-orders/filters").json()["items"]]

    def test_all_that_the_list_takes_is_kept_as_it_was_said(self, world: World) -> None:
        query = {
            "status": ["triaged", "reopened"], "category": ["pest"], "urgency": ["low"], "scope": ["public"],
            "source": ["web"], "building": ["3"], "unit": ["2"], "floor": ["B1"], "technician": ["1"],
            "reporter": ["1"], "asset": ["1"], "finished_on": ["2026-11-01"], "created_from": ["2026-11-01"],
            "created_to": ["2026-11-02"], "q": ["漏水"], "open": ["true"], "mine": ["true"], "late": ["true"],
            "unassigned": ["true"], "missed": ["7"], "sort": ["urgency"],
        }  # fmt: skip
        made = world.kefu.post("/work-orders/filters", {"name": "都要", "query": query})
        assert made.status_code == 201, made.text
        assert made.json()["query"] == query
        assert world.kefu.get("/work-orders", **query).status_code == 200


class TestReadings:
    @pytest.mark.parametrize("value", [1e308, -1e308, 1e9 + 1, True, "12"])
    def test_a_reading_that_no_gauge_shows_is_refused(self, world: World, value: Any) -> None:
        number = job(world)
        gauge = next(i for i in work(world.kefu, number)["checklist"]["items"] if i["kind"] == "number")
        is_problem(fill(world.lishifu, number, item_id=gauge["id"], value=value), 422)
        assert fill(world.lishifu, number, item_id=gauge["id"], value=-3.5).status_code == 200

    def test_a_place_is_told_in_numbers(self, world: World) -> None:
        is_problem(do(world.lishifu, job(world, "accepted"), "arrival", lat=True, lng=False), 422)


class TestStars:
    @pytest.mark.parametrize(
        ("stars", "reason"), [(1, "prompt"), (2, "friendly"), (4, "late"), (5, "rude"), (1, "explained")]
    )
    def test_a_reason_fits_the_stars(self, world: World, stars: int, reason: str) -> None:
        number = finished(world, long_ago(0.1))
        problem = is_problem(
            world.zhangwei.post(f"/work-orders/{number}/rating", {"stars": stars, "reasons": [reason]}), 422
        )
        assert [e["field"] for e in problem["errors"]] == ["reasons"]

    def test_in_the_middle_both_do(self, world: World) -> None:
        number = finished(world, long_ago(0.1))
        body = {"stars": 3, "reasons": ["prompt", "messy"]}
        assert world.zhangwei.post(f"/work-orders/{number}/rating", body).status_code == 200
