"""Coming to the place: through the steps before, with where the phone was."""

from datetime import UTC, datetime, timedelta

import pytest

from backend.domains.estate import service as estate
from backend.kit import clock, geo
from tests.backend.conftest import sqlite_only
from tests.backend.domains.workorders.work.acting import do, done, heard, in_chat, job, lines, work
from tests.backend.support import World, is_problem

BUILDING = (31.2304, 121.4737)
NEAR = {"lat": 31.2307, "lng": 121.4739, "accuracy_m": 20}
FAR = {"lat": 31.2404, "lng": 121.4737, "accuracy_m": 20}


@pytest.fixture(autouse=True)
def position(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(estate, "position_of", lambda _session, _community, number: BUILDING if number == "3" else None)


class TestDistance:
    def test_a_degree_of_latitude_is_111_km(self) -> None:
        assert geo.distance_m((31, 121), (32, 121)) == pytest.approx(111_195, rel=0.001)

    def test_it_is_the_same_there_and_back_also_over_the_date_line(self) -> None:
        assert geo.distance_m((0, 179.9), (0, -179.9)) == pytest.approx(22_239, rel=0.001)
        assert geo.distance_m((1, 2), (3, 4)) == geo.distance_m((3, 4), (1, 2))


@sqlite_only
class TestArrive:
    @pytest.mark.parametrize("status", ["dispatched", "accepted"])
    def test_the_steps_before_are_made_up_for(self, world: World, status: str) -> None:
        number = job(world, status)
        shown = done(world.lishifu, number, "arrival", **NEAR)
        assert (shown["status"], shown["arrivals"][0]["distance_m"]) == ("on_site", pytest.approx(38, abs=3))
        assert "到场 离 3号楼 约 40 米" in lines(world.kefu, number, "arrival")

    def test_suspended_work_goes_on(self, world: World) -> None:
        number = job(world)
        world.lishifu.move(number, "suspended", note="业主不在")
        assert done(world.lishifu, number, "arrival")["status"] == "on_site"

    def test_the_owner_hears_it_once_and_never_where_the_phone_was(self, world: World) -> None:
        number = job(world, "dispatched")
        done(world.lishifu, number, "arrival", **NEAR)
        assert sum("已到现场" in text for text in heard(world, world.zhangwei, number)) == 1
        assert lines(world.zhangwei, number, "arrival") == []
        assert work(world.zhangwei, number)["arrivals"] == []

    def test_far_away_is_kept_and_shown_not_refused(self, world: World) -> None:
        number = job(world, "accepted")
        shown = done(world.lishifu, number, "arrival", **FAR)["arrivals"][0]
        assert (shown["far"], shown["distance_m"] > 1000) == (True, True)
        assert "离 3号楼 约 1.1 公里，偏远" in lines(world.kefu, number, "arrival")[0]

    def test_a_phone_that_is_not_sure_is_given_credit(self, world: World) -> None:
        number = job(world, "accepted")
        shown = done(world.lishifu, number, "arrival", lat=31.2350, lng=121.4737, accuracy_m=400)["arrivals"][0]
        assert not shown["far"]
        assert "定位误差约 400 米" in lines(world.kefu, number, "arrival")[0]

    def test_where_a_building_stands_may_be_unknown(self, world: World) -> None:
        elsewhere = {"community": "sunshine", "building": "5", "unit": "1", "place": "大堂"}
        number = job(world, "accepted", public=True, location=elsewhere)
        assert done(world.lishifu, number, "arrival", **NEAR)["arrivals"][0]["distance_m"] is None

    def test_without_a_position_he_is_there_all_the_same(self, world: World) -> None:
        shown = done(world.lishifu, job(world, "accepted"), "arrival")
        assert (shown["status"], shown["arrivals"][0]["lat"]) == ("on_site", None)

    @pytest.mark.parametrize(
        "body",
        [
            {"lat": 91, "lng": 0},
            {"lat": 31},
            {"lat": "here", "lng": 1},
            {"lat": 1, "lng": 181},
            {"lat": 1, "lng": 1, "accuracy_m": -1},
            {"at": "2026-01-01"},
            {"at": "yesterday"},
        ],
    )
    def test_no_such_place_or_time(self, world: World, body: dict[str, object]) -> None:
        is_problem(do(world.lishifu, job(world, "accepted"), "arrival", **body), 422)

    def test_not_everybody_arrives(self, world: World) -> None:
        number = job(world, "accepted")
        is_problem(do(world.zhangwei, number, "arrival"), 403)
        is_problem(do(world.zhaoshifu, number, "arrival"), 404)
        is_problem(do(world.wangfang, number, "arrival"), 404)
        assert work(world.kefu, number)["status"] == "accepted"

    def test_what_is_finished_is_not_arrived_at(self, world: World) -> None:
        number = job(world)
        world.lishifu.move(number, "finished", note="好了")
        is_problem(do(world.lishifu, number, "arrival"), 409)

    def test_coming_again_leaves_another_arrival_and_no_other_move(self, world: World) -> None:
        number = job(world, "accepted")
        done(world.lishifu, number, "arrival", **NEAR)
        assert len(done(world.lishifu, number, "arrival", **NEAR)["arrivals"]) == 2
        assert len([x for x in lines(world.kefu, number, "transition") if x == "到场"]) == 1

    def test_in_chat_it_still_works(self, world: World) -> None:
        number = job(world, "accepted")
        assert in_chat(world, world.lishifu).move(number, "on_site").status_code == 200


@sqlite_only
class TestOffline:
    def test_a_queued_arrival_that_is_sent_twice_happens_once(self, world: World) -> None:
        number = job(world, "accepted")
        for _ in range(2):
            shown = done(world.lishifu, number, "arrival", key=f"{number}-a", **NEAR)
        assert len(shown["arrivals"]) == 1

    def test_the_same_key_for_another_place_is_refused(self, world: World) -> None:
        number = job(world, "accepted")
        done(world.lishifu, number, "arrival", key=f"{number}-b", **NEAR)
        is_problem(do(world.lishifu, number, "arrival", key=f"{number}-b", **FAR), 409)

    @pytest.mark.parametrize(
        ("ago", "kept"),
        [
            (timedelta(hours=5), True),
            (timedelta(hours=47, minutes=59), True),
            (timedelta(hours=49), False),
            (-timedelta(hours=1), False),
        ],
    )
    def test_when_it_happened_is_kept_beside_when_it_came(self, world: World, ago: timedelta, kept: bool) -> None:
        number, now = job(world, "accepted"), datetime(2026, 7, 1, 4, 0, tzinfo=UTC)
        with clock.use_clock(lambda: now):
            arrival = done(world.lishifu, number, "arrival", at=(now - ago).isoformat())["arrivals"][0]
        assert datetime.fromisoformat(arrival["received_at"]) == now
        assert datetime.fromisoformat(arrival["at"]) == (now - ago if kept else now)

    @pytest.mark.parametrize("at", ["9999-12-31T23:59:59-23:00", "0001-01-01T00:00:00+23:00"])
    def test_the_ends_of_the_calendar_are_now(self, world: World, at: str) -> None:
        assert done(world.lishifu, job(world, "accepted"), "arrival", at=at)["arrivals"][0]["at"] > "2020"

    def test_a_move_with_the_same_key_happens_once(self, world: World) -> None:
        number = job(world)
        body = {"to": "suspended", "note": "等配件"}
        for _ in range(2):
            assert world.lishifu.post(f"/work-orders/{number}/transitions", body, f"{number}-c").status_code == 200
        world.lishifu.move(number, "accepted")
        again = world.lishifu.post(f"/work-orders/{number}/transitions", body, f"{number}-c").json()
        assert again["status"] == "accepted"
