"""A storm of reports is one incident: what is folded, what never is, who hears what, and how it ends."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from sqlalchemy import select

from backend.domains.workorders import incident_rules
from backend.domains.workorders.incident_rules import RULES, Area, Told, storm
from backend.domains.workorders.models_incidents import Incident
from backend.kit import clock
from backend.kit.outbox import OutboxRow
from tests.backend.conftest import sqlite_only
from tests.backend.support import User, World, is_problem, together

_day = count(1)


@pytest.fixture(autouse=True)
def quiet_hour() -> Iterator[None]:
    """Give each test an hour in which nobody else reported anything."""
    start = clock.now() + timedelta(hours=next(_day))
    with clock.use_clock(lambda: start):
        yield


@pytest.fixture(autouse=True)
def no_incident_left(world: World) -> Iterator[None]:
    yield
    for item in world.kefu.get("/incidents", state="open").json()["items"]:
        world.kefu.post(f"/incidents/{item['number']}/resolve", {"note": "测试结束"})


def at(room: str, building: str = "4", unit: str = "1") -> dict[str, str]:
    return {"community": "sunshine", "building": building, "unit": unit, "room": room}


def living(world: World, number: int, building: str = "4") -> list[User]:
    return [world.new(home=(building, "1", f"{floor}01")) for floor in range(1, number + 1)]


def reports(
    people: list[User], fault: str = "家里突然停电了", category: str = "electrical", building: str = "4", **more: Any
) -> list[dict[str, Any]]:
    return [
        p.open_order(category=category, fault=fault, location=at(f"{n}01", building), **more)
        for n, p in enumerate(people, start=1)
    ]


def seen(who: User, number: str) -> dict[str, Any]:
    return dict(who.get(f"/work-orders/{number}").json())


def heard(world: World, who: User) -> list[OutboxRow]:
    return world.rows(select(OutboxRow).where(OutboxRow.person_id == who.id).order_by(OutboxRow.id))


def the_open(world: World, category: str = "electrical") -> dict[str, Any]:
    found = [i for i in world.kefu.get("/incidents", state="open").json()["items"] if i["category"] == category]
    assert len(found) == 1, found
    return dict(world.kefu.get(f"/incidents/{found[0]['number']}").json())


class TestValues:
    @sqlite_only
    def test_what_can_be_opened_and_where_it_may_stand(self, world: World) -> None:
        values = world.kefu.get("/incidents/enums").json()
        assert [s["value"] for s in values["states"]] == ["open", "resolved", "closed"]
        assert {c["value"]: c["title"] for c in values["categories"]}["plumbing"] == "停水"
        for category in values["categories"]:
            body = {"community": "sunshine", "category": category["value"], "building": "8"}
            made = world.kefu.post("/incidents", body)
            assert (made.status_code, made.json()["category_title"]) == (201, category["title"])
        is_problem(world.kefu.post("/incidents", {"community": "sunshine", "category": "pest"}), 422)

    @sqlite_only
    def test_the_dashboard_counts_those_that_go_on_and_leads_to_them(self, world: World) -> None:
        def card(who: User, **where: str) -> dict[str, Any]:
            cards = who.get("/dashboard", **where).json()["cards"]
            return dict(next(c for c in cards if c["key"] == "incidents"))

        before, there = card(world.kefu)["value"], card(world.quyu, community="lakeside")["value"]
        made = world.kefu.post("/incidents", {"community": "sunshine", "category": "gas", "building": "7"}).json()
        after = card(world.kefu)
        assert (after["value"], after["query"]) == (before + 1, "/incidents?state=open")
        assert len(world.kefu.get("/incidents", state="open").json()["items"]) == after["value"]
        assert card(world.quyu, community="lakeside")["value"] == there
        world.kefu.post(f"/incidents/{made['number']}/resolve", {"note": "已通气"})
        assert card(world.kefu)["value"] == before


class TestFolding:
    def test_the_fourth_home_makes_it_an_incident(self, world: World) -> None:
        people = living(world, 5)
        made = reports(people)
        incident = the_open(world)
        assert (incident["title"], incident["orders"], incident["homes"]) == ("4号楼停电", 5, 5)
        assert incident["area"] == {"building": "4", "unit": None, "zone": None}
        assert incident["master"] == made[0]["number"]
        after = [seen(world.kefu, o["number"]) for o in made]
        assert [o["status"] for o in after] == ["dispatched", *["triaged"] * 4]
        assert [o["technician"] is None for o in after] == [False, True, True, True, True]

    def test_everybody_hears_kindly_that_it_is_known(self, world: World) -> None:
        people = living(world, 5)
        made = reports(people)
        for person, order in zip(people, made, strict=True):
            known = [row.text for row in heard(world, person) if "我们已经知道了" in row.text]
            assert len(known) == 1
            assert order["number"] in known[0]
            assert "户受影响" in known[0]
        assert "5 户" in heard(world, people[4])[-1].text
        assert "恢复时间一确定就告诉您" in heard(world, people[4])[-1].text

    def test_called_back_technicians_are_told_once_each(self, world: World) -> None:
        before = len(heard(world, world.lishifu))
        made = reports(living(world, 6))
        texts = [row.text for row in heard(world, world.lishifu)[before:]]
        assert sum("新工单" in t for t in texts) == 3
        assert sum("不用单独去了" in t for t in texts) == 2
        assert not any(made[5]["number"] in t for t in texts)

    def test_a_folded_order_is_not_free_to_take(self, world: World) -> None:
        made = reports(living(world, 5))
        is_problem(world.lishifu.get(f"/work-orders/{made[4]['number']}"), 404)
        is_problem(world.lishifu.move(made[4]["number"], "accepted"), 404)

    def test_the_reporter_sees_the_incident_without_names_and_rooms(self, world: World) -> None:
        people = living(world, 5)
        made = reports(people)
        answer = people[4].get(f"/work-orders/{made[4]['number']}/relations")
        under = answer.json()["incident"]
        assert (under["title"], under["homes"], under["is_master"]) == ("4号楼停电", 5, False)
        for room in ("101", "201", "301"):
            assert room not in answer.text
        is_problem(people[4].get("/incidents"), 403)

    def test_the_desk_hears_once(self, world: World) -> None:
        reports(living(world, 7))
        incident = the_open(world)
        assert len([row for row in heard(world, world.kefu) if incident["number"] in row.text]) == 1

    @pytest.mark.parametrize(
        ("category", "fault", "title"),
        [
            ("plumbing", "水龙头不出水了", "4号楼停水"),
            ("elevator", "电梯停了不动", "4号楼1单元电梯停运"),
            ("low_voltage", "家里断网了", "4号楼断网"),
            ("hvac", "暖气不热", "4号楼停暖"),
        ],
    )
    @sqlite_only
    def test_each_kind_has_its_name(self, world: World, category: str, fault: str, title: str) -> None:
        reports(living(world, 4), fault, category)
        assert the_open(world, category)["title"] == title

    @sqlite_only
    def test_gas_is_only_proposed(self, world: World) -> None:
        made = reports(living(world, 4), "家里停气了", "gas")
        assert world.kefu.get("/incidents", state="open").json()["items"] == []
        proposal = next(p for p in world.kefu.get("/incidents/proposals").json()["items"] if p["category"] == "gas")
        assert proposal["orders"] == [o["number"] for o in made]
        assert any("可能是同一件事" in row.text for row in heard(world, world.kefu))
        assert not any(i["master"] for i in world.chenjing.get("/incidents").json().get("items", []))


class TestNotFolded:
    def test_danger_to_a_person_never_is(self, world: World) -> None:
        people = living(world, 6)
        reports(people[:5])
        urgent = people[5].open_order(
            category="electrical", urgency="emergency", fault="停电了，老人困在电梯里", location=at("601")
        )
        assert seen(world.kefu, urgent["number"])["status"] == "dispatched"
        said = people[5].open_order(category="electrical", fault="停电了，插座还在冒烟", location=at("601"))
        assert seen(world.kefu, said["number"])["status"] == "dispatched"
        assert the_open(world)["orders"] == 5

    def test_one_that_becomes_an_emergency_is_let_go(self, world: World) -> None:
        made = reports(living(world, 5))
        folded = seen(world.kefu, made[4]["number"])
        world.kefu.patch(f"/work-orders/{folded['number']}", {"version": folded["version"], "urgency": "emergency"})
        assert seen(world.kefu, folded["number"])["status"] == "dispatched"
        assert the_open(world)["orders"] == 4

    @sqlite_only
    def test_another_fault_of_the_same_craft_is_not(self, world: World) -> None:
        people = living(world, 6)
        reports(people[:5])
        other = people[5].open_order(category="electrical", fault="插座松了", location=at("601"))
        assert seen(world.kefu, other["number"])["status"] == "dispatched"

    @sqlite_only
    def test_one_home_that_reports_often_is_no_storm(self, world: World) -> None:
        person = living(world, 1)[0]
        for _ in range(5):
            person.open_order(category="electrical", fault="家里停电了", location=at("101"))
        assert world.kefu.get("/incidents", state="open").json()["items"] == []

    @sqlite_only
    def test_another_building_is_not(self, world: World) -> None:
        reports(living(world, 4))
        other = reports(living(world, 1, "6"), building="6")[0]
        assert seen(world.kefu, other["number"])["status"] == "dispatched"


class TestEstate:
    @sqlite_only
    def test_many_buildings_make_it_the_estates(self, world: World) -> None:
        made = []
        for building in ("1", "2", "4", "5", "6", "7", "8"):
            made += reports(living(world, 1, building), building=building)
        assert world.kefu.get("/incidents", state="open").json()["items"] == []
        made += reports(living(world, 1, "3"), building="3")
        incident = the_open(world)
        assert (incident["title"], incident["orders"]) == ("全小区停电", 8)

    @sqlite_only
    def test_it_takes_over_those_of_the_buildings(self, world: World) -> None:
        for building in ("4", "5", "6"):
            reports(living(world, 4, building), building=building)
        incident = the_open(world)
        assert incident["area_text"] == "全小区"
        assert incident["orders"] >= 11
        closed = world.kefu.get("/incidents", state="closed").json()["items"]
        assert any(i["title"] == "4号楼停电" for i in closed)


class TestRules:
    def test_one_building_alone_is_never_the_estates(self) -> None:
        told = [Told(n, "3", "1", f"room {n}") for n in range(40)] + [
            Told(90 + b, str(b), "1", f"r{b}") for b in (5, 6)
        ]
        assert storm(RULES[0], told) == Area("3")

    def test_nothing_is_there_below_the_number(self) -> None:
        assert storm(RULES[0], [Told(n, "3", "1", f"room {n}") for n in range(3)]) is None

    def test_every_category_has_one_rule(self) -> None:
        categories = [c for r in RULES for c in r.categories]
        assert len(categories) == len(set(categories))

    @pytest.mark.parametrize("words", ["电梯停了有人困在里面", "停电了，配电箱冒烟", "没气了，一股煤气味"])
    def test_words_of_danger_stand_alone(self, words: str) -> None:
        for category in ("elevator", "electrical", "gas"):
            assert incident_rules.rule_for(category, "normal", words) is None


class TestByHand:
    def test_open_update_resolve_and_who_says_no(self, world: World) -> None:
        people = living(world, 3)
        made = reports(people)
        opened = world.kefu.post(
            "/incidents",
            {"community": "sunshine", "category": "electrical", "building": "4"},
            "key-1" + people[0].username,
        )
        assert opened.status_code == 201, opened.text
        number = opened.json()["number"]
        assert opened.json()["orders"] == 3
        is_problem(
            world.kefu.post("/incidents", {"community": "sunshine", "category": "electrical", "building": "4"}), 409
        )
        soon = (clock.now() + timedelta(hours=2)).isoformat()
        body = {"text": "供电局正在换变压器", "expected_at": soon}
        for _ in range(2):
            assert world.kefu.post(f"/incidents/{number}/updates", body, f"{number}-u").status_code == 201
        for person in people:
            assert len([r for r in heard(world, person) if "换变压器，预计" in r.text]) == 1
        late = people[0]
        done = world.kefu.post(f"/incidents/{number}/resolve", {"note": "变压器换好了，已送电"})
        assert done.json()["state"] == "resolved", done.text
        assert {o["status"] for o in done.json()["items"]} == {"finished"}
        asked = heard(world, late)[-1]
        assert "恢复了吗" in asked.text
        assert [b["title"] for b in asked.payload["buttons"]] == ["恢复了", "还没有"]
        no = people[2].move(made[2]["number"], "reopened", note="我家还是没电")
        assert no.json()["status"] == "dispatched", no.text
        for person, order in zip(people[:2], made[:2], strict=True):
            assert person.move(order["number"], "accepted_by_owner").status_code == 200
            world.kefu.move(order["number"], "closed")
        after = world.kefu.get(f"/incidents/{number}").json()
        assert (after["state"], after["orders"]) == ("closed", 2)
        assert [o["number"] for o in after["came_back"]] == [made[2]["number"]]
        is_problem(world.kefu.post(f"/incidents/{number}/resolve", {"note": "再来"}), 409)

    def test_an_order_that_is_something_else_is_sent_for(self, world: World) -> None:
        people = living(world, 5)
        made = reports(people)
        incident = the_open(world)["number"]
        for _ in range(2):
            answer = world.kefu.call("DELETE", f"/incidents/{incident}/orders/{made[4]['number']}")
            assert answer.json()["orders"] == 4, answer.text
        assert seen(world.kefu, made[4]["number"])["status"] == "dispatched"
        assert any("已单独处理" in row.text for row in heard(world, people[4]))
        back = world.kefu.post(f"/incidents/{incident}/orders", {"orders": [made[4]["number"]]})
        assert back.json()["orders"] == 5
        assert seen(world.kefu, made[4]["number"])["status"] == "triaged"

    def test_when_the_master_is_withdrawn_another_is_sent(self, world: World) -> None:
        people = living(world, 4)
        made = reports(people)
        assert people[0].move(made[0]["number"], "cancelled", note="是我家空开").status_code == 200
        incident = the_open(world)
        assert incident["master"] == made[1]["number"]
        assert seen(world.kefu, made[1]["number"])["status"] == "dispatched"

    @sqlite_only
    def test_the_desk_may_send_somebody_for_one_all_the_same(self, world: World) -> None:
        made = reports(living(world, 4))
        held = made[3]["number"]
        assert held not in [o["number"] for o in world.kefu.get("/work-orders", unassigned=True).json()["items"]]
        assert world.kefu.move(held, "dispatched", technician=world.lishifu.id).status_code == 200
        assert world.lishifu.get(f"/work-orders/{held}").json()["technician"]["id"] == world.lishifu.id
        assert the_open(world)["orders"] == 4

    @sqlite_only
    def test_an_emergency_is_refused(self, world: World) -> None:
        people = living(world, 5)
        reports(people[:4])
        urgent = people[4].open_order(category="electrical", urgency="emergency", fault="触电", location=at("501"))
        answer = world.kefu.post(f"/incidents/{the_open(world)['number']}/orders", {"orders": [urgent["number"]]})
        assert "人身安全" in is_problem(answer, 409)["detail"]

    @sqlite_only
    def test_the_first_report_under_an_empty_incident_is_sent(self, world: World) -> None:
        body = {"community": "sunshine", "category": "plumbing", "title": "市政停水"}
        number = world.kefu.post("/incidents", body).json()["number"]
        made = reports(living(world, 2), "停水了", "plumbing")
        assert seen(world.kefu, made[0]["number"])["status"] == "dispatched"
        assert seen(world.kefu, made[1]["number"])["status"] == "triaged"
        assert world.kefu.get(f"/incidents/{number}").json()["master"] == made[0]["number"]

    @sqlite_only
    def test_only_the_desk_of_the_estate(self, world: World) -> None:
        reports(living(world, 4))
        number = the_open(world)["number"]
        for who in (world.lishifu, world.zhangwei, world.caiwu):
            is_problem(who.get(f"/incidents/{number}"), 403)
            is_problem(who.post(f"/incidents/{number}/resolve", {"note": "好"}), 403)


def test_thirty_at_once_are_one_incident(world: World) -> None:
    people = [world.new(home=("4", "1" if n < 15 else "2", f"{n % 15 + 1}01")) for n in range(30)]
    before = len(world.rows(select(Incident)))

    def say(n: int) -> int:
        body = {
            "category": "electrical",
            "fault": "家里没电了",
            "location": at(f"{n % 15 + 1}01", unit="1" if n < 15 else "2"),
        }
        return people[n].post("/work-orders", body, f"storm-{people[n].username}").status_code

    assert together([lambda n=n: say(n) for n in range(30)]) == [201] * 30  # type: ignore[misc]
    assert len(world.rows(select(Incident))) == before + 1
    incident = the_open(world)
    assert (incident["orders"], incident["homes"]) == (30, 30)
    sent = [o for o in incident["items"] if o["technician"]]
    assert [o["number"] for o in sent] == [incident["master"]]
