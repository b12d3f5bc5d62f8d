"""The audit log as people read it: names for ids, Chinese titles, the system for what nobody did by hand."""

from typing import Any

import pytest

from backend.domains.audit.domain import ENTITIES, ids_in, keys_called
from backend.kit.auth import Role
from tests.backend.support import FakeRasa, User, World


def lines(world: World, q: str, **wanted: Any) -> list[dict[str, Any]]:
    answer = world.jingli.get("/audit", q=q, limit=200)
    assert answer.status_code == 200, answer.text
    return [x for x in answer.json()["items"] if all(x[k] == v for k, v in wanted.items())]


class TestOrders:
    @pytest.fixture
    def order(self, world: World) -> dict[str, Any]:
        return world.kefu.open_order(category="lighting", scope="public")

    def test_found_and_named_by_number(self, world: World, order: dict[str, Any]) -> None:
        found = lines(world, order["number"].lower())
        assert {x["subject"] for x in found} == {order["number"]}
        assert {(x["entity_title"], x["channel_title"]) for x in found} >= {("工单", "网页")}

    def test_triage_and_dispatch_are_the_systems(self, world: World, order: dict[str, Any]) -> None:
        found = lines(world, order["number"], action="update")
        moves = {(x["actor"], (x["after"] or {}).get("status")) for x in found if "status" in (x["after"] or {})}
        assert moves == {("系统", "triaged"), ("系统", "dispatched")}
        assigned = [x for x in found if "technician_id" in (x["after"] or {})]
        assert [(x["actor"], x["channel_title"], x["ip"]) for x in assigned] == [("系统", "系统", None)]
        assert assigned[0]["names"]["technician_id"][str(world.lishifu.id)] == "李强"

    def test_what_the_desk_does_is_the_desks(self, world: World, order: dict[str, Any]) -> None:
        world.kefu.move(order["number"], "cancelled", note="重复")
        newest = lines(world, order["number"], action="update")[0]
        assert (newest["actor"], newest["after"]["status"]) == ("周敏", "cancelled")

    def test_given_back_it_is_dispatched_again_by_the_system(self, world: World) -> None:
        second = world.new(Role.TECHNICIAN, skills=("elevator",))
        with world.retired(second):
            number = world.kefu.open_order(category="elevator", scope="public")["number"]
            holder = world.kefu.get(f"/work-orders/{number}").json()["technician"]
            user: User = next(u for u in (world.zhaoshifu, second) if u.id == holder["id"])
            assert user.move(number, "triaged", note="来不了").json()["status"] == "dispatched"
        moves = [x for x in lines(world, number, action="update") if "status" in (x["after"] or {})]
        assert [(x["actor"], x["after"]["status"]) for x in moves[:2]] == [
            ("系统", "dispatched"),
            (holder["name"], "triaged"),
        ]

    def test_the_reporter_has_a_name(self, world: World, order: dict[str, Any]) -> None:
        created = lines(world, order["number"], action="create")[0]
        assert created["names"]["reporter_id"] == {str(world.kefu.id): "周敏"}


class TestConversations:
    def test_found_and_named_by_the_person(self, world: World, rasa: FakeRasa) -> None:
        world.wangfang.say("你好")
        talk = world.kefu.get("/conversations", q="王芳").json()["items"][0]["id"]
        world.kefu.post(f"/conversations/{talk}/take-over")
        found = lines(world, "王芳", entity="conversations", action="update")
        assert {x["subject"] for x in found} == {"王芳"}
        taken = next(x for x in found if (x["after"] or {}).get("mode") == "staff")
        assert taken["names"]["staff_id"] == {str(world.kefu.id): "周敏"}
        assert taken["entity_title"] == "会话"
        world.kefu.post(f"/conversations/{talk}/give-back")


class TestSearch:
    def test_tables_and_actions_by_their_chinese_names(self, world: World) -> None:
        world.kefu.open_order()
        assert {x["entity"] for x in lines(world, "工单")} >= {"work_orders"}
        assert {x["action"] for x in lines(world, "新建")} == {"create"}

    def test_another_estates_order_is_not_found(self, world: World) -> None:
        where = {"community": "lakeside", "building": "1", "unit": "1", "floor": "5", "room": "501"}
        number = world.chenjing.open_order(location=where)["number"]
        assert lines(world, number) == []
        assert world.quyu.get("/audit", q=number).json()["items"]


class TestDomain:
    def test_every_table_that_is_logged_has_a_title(self) -> None:
        from backend.kit.scope import scoped_tables

        logged = {t.__tablename__ for t in scoped_tables() if getattr(t, "__audited__", True)}
        assert logged - set(ENTITIES) == set()

    def test_keys_by_title(self) -> None:
        assert keys_called({"a": "工单", "b": "工单关注人", "c": "设备"}, "工单") == ["a", "b"]

    def test_ids_in_a_row(self) -> None:
        assert ids_in({"reporter_id": 7, "technician_id": None, "status": "x"}) == [("person", 7)]
        assert ids_in(None) == []
