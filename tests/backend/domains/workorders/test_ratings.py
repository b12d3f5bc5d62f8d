"""Ratings: reasons beside the stars, one a round of work, and a call for the low ones."""

from typing import Any

from tests.backend.conftest import sqlite_only
from tests.backend.domains.workorders.judged import done, finished, judging, long_ago, seen
from tests.backend.support import User, World, is_problem, together


def rate(who: User, number: str, stars: int, key: str | None = None, **more: Any) -> Any:
    return who.post(f"/work-orders/{number}/rating", {"stars": stars, **more}, key)


def calls(world: World, number: str) -> list[dict[str, Any]]:
    found = world.kefu.get("/callbacks", limit=200).json()["items"]
    return [c for c in found if c["subject"] == number]


class TestReasons:
    @sqlite_only
    def test_the_tags_have_titles_and_say_whether_they_praise(self, world: World) -> None:
        tags = {t["value"]: t for t in world.zhangwei.get("/work-orders/rating-reasons").json()}
        assert tags["rude"] == {"value": "rude", "title": "态度差", "good": False}
        assert {t["good"] for t in tags.values()} == {True, False}

    @sqlite_only
    def test_they_stand_with_the_rating(self, world: World) -> None:
        number = finished(world, long_ago(0.1))
        order = rate(world.zhangwei, number, 4, reasons=["prompt", "skilled", "prompt"], words="挺好").json()
        assert order["rating"] == {"stars": 4, "words": "挺好"}
        assert [t["text"] for t in order["timeline"] if t["kind"] == "rating"] == ["4 星（上门及时、手艺好）：挺好"]
        (one,) = world.zhangwei.get(f"/work-orders/{number}/ratings").json()
        assert [r["value"] for r in one["reasons"]] == ["prompt", "skilled"]
        assert calls(world, number) == []

    @sqlite_only
    def test_a_reason_that_there_is_not_is_refused(self, world: World) -> None:
        number = finished(world, long_ago(0.1))
        is_problem(rate(world.zhangwei, number, 4, reasons=["looks"]), 422)


class TestRounds:
    def test_once_a_round_and_the_newest_shows(self, world: World) -> None:
        start = long_ago(3)
        number = finished(world, start)
        assert rate(world.zhangwei, number, 2).status_code == 200
        is_problem(rate(world.zhangwei, number, 5), 409)
        world.zhangwei.move(number, "reopened", note="还漏")
        is_problem(rate(world.zhangwei, number, 5), 409)
        done(world, number, long_ago(0.01))
        assert judging(world.zhangwei, number)["can_rate"] is True
        assert rate(world.zhangwei, number, 5).json()["rating"]["stars"] == 5
        assert judging(world.zhangwei, number)["can_rate"] is False
        is_problem(rate(world.zhangwei, number, 4), 409)
        given = world.kefu.get(f"/work-orders/{number}/ratings").json()
        assert [(r["round"], r["stars"]) for r in given] == [(2, 5), (1, 2)]

    def test_two_taps_at_once_are_one_rating(self, world: World) -> None:
        number = finished(world, long_ago(0.1))
        answers = together([lambda: rate(world.zhangwei, number, 1)] * 3)
        assert sorted(a.status_code for a in answers) == [200, 409, 409]
        assert len(calls(world, number)) == 1

    @sqlite_only
    def test_neighbours_do_not_read_them(self, world: World) -> None:
        number = finished(world, long_ago(0.1), scope="public", category="lighting", location={"place": "东门"})
        rate(world.zhangwei, number, 1, words="太慢")
        other = world.new()
        is_problem(other.get(f"/work-orders/{number}/ratings"), 404)


class TestLow:
    @sqlite_only
    def test_two_stars_make_somebody_call(self, world: World) -> None:
        number = finished(world, long_ago(0.1))
        rate(world.zhangwei, number, 2, key="k1" + number, reasons=["late", "rude"])
        rate(world.zhangwei, number, 2, key="k1" + number, reasons=["late", "rude"])
        (call,) = calls(world, number)
        assert (call["status"], call["reason"], call["person_id"]) == ("open", "low_rating", world.zhangwei.id)
        assert call["words"] == "2 星（来得太晚、态度差）"
        assert seen(world.zhangwei, number)["status"] == "closed"

    @sqlite_only
    def test_three_do_not(self, world: World) -> None:
        number = finished(world, long_ago(0.1))
        rate(world.zhangwei, number, 3)
        assert calls(world, number) == []
