"""The desk's lists: filters, orders, pages, the board, the buildings, the calendar, the technicians, saved lists."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from backend.domains.workorders.models_lists import OrderWords
from backend.kit import clock
from backend.kit.auth import Role
from tests.backend.conftest import sqlite_only
from tests.backend.support import User, World, is_problem

LAKE = {"community": "lakeside", "building": "2", "unit": "1", "place": "大堂"}
DOOR = {"community": "sunshine", "building": "6", "unit": "2", "floor": "5", "place": "楼道"}


def numbers(user: User, path: str = "/work-orders", **filters: Any) -> list[str]:
    answer = user.get(path, limit=200, **filters)
    assert answer.status_code == 200, answer.text
    return [o["number"] for o in answer.json()["items"]]


def public(world: World, **fields: Any) -> str:
    body = {"category": "lighting", "fault": "灯不亮", "scope": "public", "location": DOOR, **fields}
    return str(world.kefu.open_order(**body)["number"])


class TestSearch:
    def test_two_characters_in_the_middle_of_a_word(self, world: World) -> None:
        number = public(world, fault="消防通道的感应灯罩掉了")
        for q in ("灯罩", "感应灯", "罩", "道的感", number, number[-4:], number.lower()):
            assert number in numbers(world.kefu, q=q), q
        for q in ("罩灯", "感灯"):
            assert number not in numbers(world.kefu, q=q), q

    def test_all_of_several_words(self, world: World) -> None:
        number = public(world, fault="天花板渗水发霉")
        assert number in numbers(world.kefu, q="渗水 6号楼")
        assert number in numbers(world.kefu, q="六号楼2单元渗水")
        assert number not in numbers(world.kefu, q="渗水 7号楼")

    def test_a_building_is_not_the_end_of_another(self, world: World) -> None:
        number = public(world, fault="地砖空鼓", location={**DOOR, "building": "8"})
        assert number in numbers(world.kefu, q="地砖空鼓 8号楼")
        assert numbers(world.kefu, q="地砖空鼓 号楼") == numbers(world.kefu, q="地砖空鼓号楼") == []

    def test_whole_phone_and_the_home_of_who_reported(self, world: World) -> None:
        number = world.zhangwei.open_order(fault="灯", scope="public", location={**DOOR, "place": "大堂"})["number"]
        assert number in numbers(world.kefu, q="13800000001")
        assert number in numbers(world.kefu, q="3-2-1201")
        assert number in numbers(world.kefu, q="zhangwei")
        assert number not in numbers(world.kefu, q="1380000000")

    def test_what_was_corrected_is_found_by_its_new_words(self, world: World) -> None:
        number = public(world, fault="井盖松动响")
        version = world.kefu.get(f"/work-orders/{number}").json()["version"]
        body = {
            "version": version,
            "fault": "篦子缺了一块",
            "location": {"building": "4", "unit": "1", "place": "门口"},
        }
        assert world.kefu.patch(f"/work-orders/{number}", body).status_code == 200
        assert number in numbers(world.kefu, q="篦子")
        assert number in numbers(world.kefu, q="4号楼1单元门口")
        assert number not in numbers(world.kefu, q="井盖松动响")

    @pytest.mark.parametrize("q", ["'", "\\", "a'b\\c & | !", "%", "_", "<->", ":*", "（）", "  ，", "\u3000"])
    def test_signs_are_only_signs(self, world: World, q: str) -> None:
        assert isinstance(numbers(world.kefu, q=q), list)

    def test_words_of_others_stay_theirs(self, world: World, owner: User) -> None:
        number = world.zhangwei.open_order(fault="书房窗台长蘑菇")["number"]
        assert number in numbers(world.zhangwei, q="蘑菇")
        assert number not in numbers(owner, q="蘑菇")
        assert number not in numbers(world.chenjing, q="蘑菇")
        assert number in numbers(world.quyu, q="蘑菇")

    def test_nobody_reads_the_words_themselves(self, world: World) -> None:
        with world.session_for(world.kefu) as session:
            assert session.scalars(select(OrderWords)).all() == []


class TestFilters:
    def test_each_narrows(self, world: World) -> None:
        number = public(world, urgency="high", location={**DOOR, "building": "7", "floor": "9"})
        asked = {
            "building": "7", "unit": "2", "floor": "9", "urgency": "high", "scope": "public", "source": "staff",
            "category": "lighting", "created_from": str(clock.local_day(clock.now())),
        }  # fmt: skip
        assert number in numbers(world.kefu, **asked)
        others = {
            "building": "6", "unit": "1", "floor": "8", "urgency": "low", "scope": "private", "source": "wechat",
            "category": "pest", "created_from": str(clock.local_day(clock.now()) + timedelta(days=1)),
        }  # fmt: skip
        for name, value in others.items():
            assert number not in numbers(world.kefu, **{**asked, name: value}), name

    def test_several_values_of_one(self, world: World) -> None:
        one, two = public(world, category="greening"), public(world, category="pest")
        found = numbers(world.kefu, category=["greening", "pest"])
        assert {one, two} <= set(found)

    @sqlite_only
    @pytest.mark.parametrize(
        "bad", [{"building": "x"}, {"created_from": "0001-01-01"}, {"sort": "fault"}, {"scope": "all"}]
    )
    def test_unknown_values_are_refused(self, world: World, bad: dict[str, str]) -> None:
        is_problem(world.kefu.get("/work-orders", **bad), 422)


class TestSorts:
    @pytest.mark.parametrize("sort", ["newest", "created", "updated", "promised", "urgency"])
    def test_pages_are_the_list_cut(self, world: World, sort: str) -> None:
        for urgency in ("low", "emergency", "normal", "high", "normal"):
            public(world, urgency=urgency, location={**DOOR, "building": "8", "floor": "7"})
        with_nothing_promised(world, public(world, location={**DOOR, "building": "8", "floor": "7"}))
        asked = {"building": "8", "floor": "7", "sort": sort}
        whole = numbers(world.kefu, **asked)
        cut, cursor = [], None
        while True:
            page = world.kefu.get("/work-orders", limit=2, **asked, **({"cursor": cursor} if cursor else {})).json()
            cut += [o["number"] for o in page["items"]]
            cursor = page["next"]
            if cursor is None:
                break
        assert cut == whole
        assert len(whole) >= 6

    def test_the_most_urgent_first_then_the_earliest(self, world: World) -> None:
        items = world.kefu.get("/work-orders", sort="urgency", limit=200).json()["items"]
        ranks = ["emergency", "high", "normal", "low"]
        keys = [(ranks.index(o["urgency"]), o["promised_at"] is None, o["promised_at"] or "") for o in items]
        assert keys == sorted(keys)

    @sqlite_only
    @pytest.mark.parametrize(
        "cursor",
        ["x", "W10", "WyJhIiwxXQ", "WzEsMiwzLDRd", "bnVsbA", "\ud83d".encode("utf-8", "ignore").decode() or "-"],
    )
    @pytest.mark.parametrize("sort", ["updated", "urgency"])
    def test_a_foreign_cursor_is_refused(self, world: World, cursor: str, sort: str) -> None:
        is_problem(world.kefu.get("/work-orders", sort=sort, cursor=cursor), 422)


def with_nothing_promised(world: World, number: str) -> None:
    from backend.domains.workorders import repository
    from backend.kit import db
    from backend.kit.scope import system_scope

    with db.transaction() as session, system_scope(session):
        order = repository.by_number(session, number)
        assert order is not None
        order.promised_at = None


class TestBoard:
    def test_states_in_the_order_of_the_work_with_the_most_urgent_first(self, world: World) -> None:
        calm = public(world, urgency="low", location={**DOOR, "building": "5", "floor": "16"})
        urgent = public(world, urgency="high", location={**DOOR, "building": "5", "floor": "16"})
        over = public(world, location={**DOOR, "building": "5", "floor": "16"})
        assert world.kefu.move(over, "cancelled", note="报错了").status_code == 200
        columns = world.kefu.get("/work-orders/board", building="5", floor="16", ended=True).json()["columns"]
        by_status = {c["status"]: c for c in columns}
        shown = [o["number"] for o in by_status["dispatched"]["items"]]
        assert shown.index(urgent) < shown.index(calm)
        assert [o["number"] for o in by_status["cancelled"]["items"]] == [over]
        assert by_status["cancelled"]["count"] == 1
        assert "merged" not in by_status
        assert by_status["triaged"] | {"count": 0, "items": []} == by_status["triaged"]
        for column in columns:
            found = world.kefu.get("/work-orders", status=column["status"], building="5", floor="16", total=True)
            assert found.json()["total"] == column["count"]

    def test_only_ones_own_estates(self, world: World) -> None:
        there = world.quyu.open_order(category="lighting", scope="public", location=LAKE)["number"]

        def cards(user: User) -> set[str]:
            columns = user.get("/work-orders/board", q=there).json()["columns"]
            return {o["number"] for c in columns for o in c["items"]}

        assert there in cards(world.quyu)
        assert there not in cards(world.kefu)
        assert there not in {
            o["number"]
            for c in world.quyu.get("/work-orders/board", q=there, community="sunshine").json()["columns"]
            for o in c["items"]
        }

    @sqlite_only
    @pytest.mark.parametrize(
        "path", ["board", "map?community=sunshine", "calendar?from=2026-11-01&to=2026-11-07", "technicians", "filters"]
    )
    @pytest.mark.parametrize("who", ["zhangwei", "lishifu", "caiwu"])
    def test_for_the_desk_only(self, world: World, path: str, who: str) -> None:
        is_problem(getattr(world, who).get(f"/work-orders/{path}"), 403)


class TestMap:
    def test_open_orders_stand_where_they_are(self, world: World) -> None:
        def cell() -> dict[str, Any]:
            houses = world.kefu.get("/work-orders/map", community="sunshine").json()["buildings"]
            assert [h["number"] for h in houses] == [str(n) for n in range(1, 9)]
            eight = houses[7]
            nothing = {"open": 0, "late": 0, "urgency": None}
            return next((c for c in eight["cells"] if (c["unit"], c["floor"]) == ("1", "17")), nothing)

        before = cell()["open"]
        where = {"community": "sunshine", "building": "8", "unit": "1", "floor": "17", "room": "1701"}
        world.kefu.open_order(location=where)
        number = public(world, urgency="emergency", location={**where, "room": None, "place": "楼道"})
        now = cell()
        assert (now["open"], now["urgency"]) == (before + 2, "emergency")
        later = clock.now() + timedelta(hours=1)
        with clock.use_clock(lambda: later):
            assert cell()["late"] >= 1
        world.kefu.move(number, "cancelled", note="没事了")
        assert cell()["open"] == before + 1

    def test_what_is_in_no_building_has_a_list_as_long_as_its_number(self, world: World) -> None:
        outside = public(world, location={"community": "sunshine", "place": "中心花园"})
        inside = public(world)
        listed = numbers(world.kefu, community="sunshine", open=True, outdoors=True)
        assert outside in listed
        assert inside not in listed
        shown = world.kefu.get("/work-orders/map", community="sunshine").json()["outside"]["open"]
        assert shown == world.kefu.get("/work-orders", open=True, outdoors=True, total=True, limit=1).json()["total"]

    def test_another_estate_is_as_good_as_absent(self, world: World) -> None:
        is_problem(world.kefu.get("/work-orders/map", community="lakeside"), 422)


class TestCalendar:
    def test_by_the_time_that_is_promised(self, world: World) -> None:
        moment = clock.now() + timedelta(days=20)
        number = world.zhangwei.open_order(preferred_time=moment.isoformat())["number"]
        day = clock.local_day(moment)
        found = world.kefu.get("/work-orders/calendar", **{"from": str(day), "to": str(day)}).json()
        assert number in [o["number"] for o in found["items"]]
        assert found["more"] is False
        before = str(day - timedelta(days=1))
        found = world.kefu.get("/work-orders/calendar", **{"from": before, "to": before}).json()
        assert number not in [o["number"] for o in found["items"]]

    @sqlite_only
    @pytest.mark.parametrize(
        "days", [{"from": "2026-11-07", "to": "2026-11-01"}, {"from": "2026-01-01", "to": "2026-12-01"}, {}]
    )
    def test_too_many_days_are_refused(self, world: World, days: dict[str, str]) -> None:
        is_problem(world.kefu.get("/work-orders/calendar", **days), 422)


class TestTechnicians:
    def test_what_each_has_in_hand_and_is_at(self, world: World) -> None:
        hand = world.new(Role.TECHNICIAN, skills=("greening",))
        with world.retired(hand):
            first, second, third = (public(world, category="greening") for _ in range(3))
            for number in (first, second, third):
                world.put(number, "dispatched", hand)
            for to in ("accepted", "on_site"):
                assert hand.move(first, to).status_code == 200
            for to in ("accepted", "on_site", "finished"):
                assert hand.move(third, to, note="修好了").status_code == 200
            loads = world.kefu.get("/work-orders/technicians", community="sunshine").json()["items"]
            mine = next(load for load in loads if load["id"] == hand.id)
            assert mine["in_hand"] == {"on_site": 1, "dispatched": 1, "finished": 1}
            assert mine["finished_today"] == 1
            assert mine["current"]["number"] == first
            assert mine["next"]["number"] == second
            assert mine["skill_titles"] == ["绿化"]
            assert mine["phone"].startswith("139")
            for number in (first, second, third):
                world.put(number, "closed")


class TestSaved:
    def test_one_keeps_shares_and_forgets(self, world: World) -> None:
        body = {"name": "三号楼漏水", "query": {"building": ["3"], "q": ["漏水"], "status": ["triaged", "reopened"]}}
        made = world.kefu.post("/work-orders/filters", body)
        assert made.status_code == 201, made.text

        def named(user: User) -> list[dict[str, Any]]:
            items = user.get("/work-orders/filters").json()["items"]
            return [f for f in items if f["name"] == "三号楼漏水"]

        assert named(world.kefu)[0] | {"own": True, "shared": False, "query": body["query"]} == named(world.kefu)[0]
        assert named(world.jingli) == []
        world.kefu.post("/work-orders/filters", {**body, "shared": True})
        assert [f["own"] for f in named(world.kefu)] == [True]
        assert [(f["own"], f["by"]) for f in named(world.jingli)] == [(False, "周敏")]
        is_problem(world.jingli.call("DELETE", f"/work-orders/filters/{made.json()['id']}"), 404)
        assert world.kefu.call("DELETE", f"/work-orders/filters/{made.json()['id']}").status_code == 204
        assert named(world.kefu) == named(world.jingli) == []

    @sqlite_only
    @pytest.mark.parametrize(
        "bad",
        [{"name": " ", "query": {}}, {"name": "x", "query": {"password": ["1"]}}, {"name": "x" * 33, "query": {}}],
    )
    def test_only_what_a_list_knows(self, world: World, bad: dict[str, Any]) -> None:
        is_problem(world.kefu.post("/work-orders/filters", bad), 422)

    @sqlite_only
    def test_who_works_for_several_estates_says_where(self, world: World) -> None:
        body = {"name": "全部紧急", "query": {"urgency": ["emergency"]}, "shared": True}
        is_problem(world.quyu.post("/work-orders/filters", body), 422)
        assert world.quyu.post("/work-orders/filters", {**body, "community": "sunshine"}).status_code == 201
        assert "全部紧急" in [f["name"] for f in world.kefu.get("/work-orders/filters").json()["items"]]
