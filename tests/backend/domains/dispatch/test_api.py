"""Rules, shifts, leave and positions over the API: who may, and what is kept."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from backend.domains.dispatch.models import Position
from backend.domains.estate import service as estate
from backend.kit import clock, db
from backend.kit.audit import AuditLine
from backend.kit.auth import Role
from backend.kit.geo import distance_m
from backend.kit.scope import system_scope
from tests.backend.conftest import sqlite_only
from tests.backend.support import User, World, is_problem

HERE = {"lat": 22.5501, "lng": 114.0502}
OFF_WORK = [{"day": "2030-01-01", "from": "08:00", "to": "09:00"}]


@pytest.fixture
def technician(world: World) -> Iterator[User]:
    made = world.new(Role.TECHNICIAN, skills=("noise",))
    with world.retired(made):
        yield made


def put_shifts(who: User, technician: User, shifts: list[dict[str, Any]], community: str = "sunshine") -> Any:
    body = {"community": community, "person_id": technician.id, "shifts": shifts}
    return who.call("PUT", "/dispatch/shifts", json=body)


def of(answer: Any, person: User) -> dict[str, Any]:
    return next(i for i in answer.json()["items"] if i["person_id"] == person.id)


class TestRules:
    def test_at_first_everything_is_dispatched_at_once(self, world: World) -> None:
        found = world.jingli.get("/dispatch/rules", community="sunshine").json()["rules"]
        assert {r["mode"] for r in found} == {"auto"}
        assert all(r["service_minutes"] > 0 for r in found)

    def test_a_manager_sets_them(self, world: World) -> None:
        rule = {"category": "noise", "mode": "assign", "grab_minutes": 7, "service_minutes": 25}
        answer = world.quyu.call("PUT", "/dispatch/rules", json={"community": "lakeside", "rules": [rule]})
        assert answer.status_code == 200, answer.text
        kept = world.quyu.get("/dispatch/rules", community="lakeside").json()["rules"]
        assert {**rule, "mode_title": "指派"} in kept
        assert next(r for r in kept if r["category"] == "pest")["mode"] == "auto"
        assert world.quyu.call(
            "PUT", "/dispatch/rules", json={"community": "lakeside", "rules": [{**rule, "mode": "auto"}]}
        ).is_success

    @sqlite_only
    @pytest.mark.parametrize("who", ["kefu", "lishifu", "zhangwei", "caiwu"])
    def test_others_do_not(self, world: World, who: str) -> None:
        is_problem(getattr(world, who).get("/dispatch/rules", community="sunshine"), 403)

    @sqlite_only
    def test_another_estate_is_as_good_as_absent(self, world: World) -> None:
        is_problem(world.jingli.get("/dispatch/rules", community="lakeside"), 422)

    @sqlite_only
    @pytest.mark.parametrize(
        "wrong", [{"mode": "lottery"}, {"category": "x"}, {"grab_minutes": 0}, {"service_minutes": 1.5}, {"more": 1}]
    )
    def test_what_is_wrong_is_refused(self, world: World, wrong: dict[str, Any]) -> None:
        rule = {"category": "noise", "mode": "grab", "grab_minutes": 7, "service_minutes": 25, **wrong}
        is_problem(world.jingli.call("PUT", "/dispatch/rules", json={"community": "sunshine", "rules": [rule]}), 422)


class TestShifts:
    def test_the_desk_replaces_them(self, world: World, technician: User) -> None:
        shifts = [
            {"weekdays": [1, 2, 7], "from": "08:00", "to": "20:00"},
            {"day": "2026-12-24", "from": "20:00", "to": "24:00", "on_call": True},
        ]
        for _ in range(2):
            kept = of(put_shifts(world.kefu, technician, shifts), technician)["shifts"]
            assert kept == [
                {"weekdays": [1, 2, 7], "day": None, "from": "08:00", "to": "20:00", "on_call": False},
                {"weekdays": [], "day": "2026-12-24", "from": "20:00", "to": "24:00", "on_call": True},
            ]
        assert "周敏" in world.rows(select(AuditLine.actor_name).where(AuditLine.entity == "shifts"))

    @sqlite_only
    def test_the_demo_technicians_can_be_sent_at_any_hour(self, world: World) -> None:
        found = of(world.kefu.get("/dispatch/shifts", community="sunshine"), world.lishifu)
        assert [(s["from"], s["to"], s["on_call"]) for s in found["shifts"]] == [
            ("08:00", "20:00", False),
            ("00:00", "24:00", True),
        ]
        assert found["duty"] in ("on", "on_call")

    @sqlite_only
    @pytest.mark.parametrize(
        "wrong",
        [{"from": "25:00"}, {"to": "8:00"}, {"from": "08:61"}, {"weekdays": []}, {"weekdays": [0]}, {"weekdays": [8]}],
    )
    def test_what_is_wrong_is_refused(self, world: World, technician: User, wrong: dict[str, Any]) -> None:
        shift = {"weekdays": [1], "from": "08:00", "to": "20:00", **wrong}
        is_problem(put_shifts(world.kefu, technician, [shift]), 422)

    @sqlite_only
    def test_only_for_technicians_of_the_estate(self, world: World) -> None:
        is_problem(put_shifts(world.kefu, world.zhangwei, []), 422)
        is_problem(put_shifts(world.quyu, world.lishifu, [], "lakeside"), 422)

    @sqlite_only
    @pytest.mark.parametrize("who", ["lishifu", "zhangwei", "caiwu"])
    def test_the_desk_alone(self, world: World, technician: User, who: str) -> None:
        is_problem(put_shifts(getattr(world, who), technician, []), 403)
        is_problem(getattr(world, who).get("/dispatch/shifts", community="sunshine"), 403)


class TestLeaves:
    def leave(self, technician: User, hours: int = 8) -> dict[str, Any]:
        now = clock.now()
        ends = now + timedelta(hours=hours)
        return {
            "community": "sunshine",
            "person_id": technician.id,
            "from": now.isoformat(),
            "to": ends.isoformat(),
            "reason": "看病",
        }

    def test_it_is_entered_and_taken_back(self, world: World, technician: User) -> None:
        made = world.kefu.post("/dispatch/leaves", self.leave(technician))
        assert made.status_code == 201, made.text
        assert of(world.kefu.get("/dispatch/shifts", community="sunshine"), technician)["duty"] == "leave"
        assert world.kefu.call("DELETE", f"/dispatch/leaves/{made.json()['id']}").status_code == 204
        assert of(world.kefu.get("/dispatch/shifts", community="sunshine"), technician)["leaves"] == []
        is_problem(world.kefu.call("DELETE", f"/dispatch/leaves/{made.json()['id']}"), 404)

    @sqlite_only
    def test_it_ends_after_it_begins(self, world: World, technician: User) -> None:
        problem = is_problem(world.kefu.post("/dispatch/leaves", self.leave(technician, -1)), 422)
        assert problem["errors"][0]["field"] == "to"

    @sqlite_only
    def test_of_another_estate_it_cannot_be_taken_back(self, world: World, technician: User) -> None:
        desk = world.new(Role.CUSTOMER_SERVICE, "lakeside")
        made = world.kefu.post("/dispatch/leaves", self.leave(technician)).json()["id"]
        is_problem(desk.call("DELETE", f"/dispatch/leaves/{made}"), 404)
        world.kefu.call("DELETE", f"/dispatch/leaves/{made}")


class TestPosition:
    def rows(self, world: World, who: User) -> list[Position]:
        return world.rows(select(Position).where(Position.person_id == who.id))

    def test_the_last_one_is_kept(self, world: World, technician: User) -> None:
        for lat in (22.55, 22.56):
            answer = technician.post("/dispatch/position", {**HERE, "lat": lat, "accuracy_m": 12.5})
            assert answer.json() == {"kept": True}, answer.text
        [row] = self.rows(world, technician)
        assert (row.lat, row.lng, row.source) == (22.56, HERE["lng"], "gps")

    @sqlite_only
    def test_off_work_nothing_is_kept(self, world: World, technician: User) -> None:
        put_shifts(world.kefu, technician, OFF_WORK)
        assert technician.post("/dispatch/position", HERE).json() == {"kept": False}
        assert self.rows(world, technician) == []

    @sqlite_only
    @pytest.mark.parametrize("wrong", [{"lat": 91}, {"lng": "NaN"}, {"source": "magic"}, {"lat": None}])
    def test_what_is_wrong_is_refused(self, technician: User, wrong: dict[str, Any]) -> None:
        is_problem(technician.post("/dispatch/position", {**HERE, **wrong}), 422)

    @sqlite_only
    @pytest.mark.parametrize("who", ["zhangwei", "kefu"])
    def test_technicians_alone(self, world: World, who: str) -> None:
        is_problem(getattr(world, who).post("/dispatch/position", HERE), 403)


class TestEstate:
    @sqlite_only
    def test_the_buildings_of_the_demo_stand_on_a_grid(self, world: World) -> None:
        with db.transaction(read_only=True) as session, system_scope(session):
            here = estate.community_by_code(session, "sunshine").id
            first, second = (estate.position_of(session, here, b) for b in ("1", "2"))
            assert first is not None
            assert second is not None
            assert 55 < distance_m(first, second) < 65
            assert estate.position_of(session, here, "99") is None
            assert {"东门", "地下车库B区"} <= set(estate.positions(session, here).places)
