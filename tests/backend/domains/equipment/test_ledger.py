"""The ledger: found in any writing, corrected, put out of use, and not entered twice under one name by accident."""

import uuid
from typing import Any

import pytest

from tests.backend.support import World, is_problem


def names(world: World, q: str) -> list[str]:
    answer = world.kefu.get("/equipment", q=q, limit=200)
    assert answer.status_code == 200, answer.text
    return [a["name"] for a in answer.json()["items"]]


def add(world: World, **fields: Any) -> Any:
    body = {"name": f"水泵{uuid.uuid4().hex[:6]}", "kind": "pump", "community": "sunshine", **fields}
    return world.kefu.post("/equipment", body)


class TestSearch:
    @pytest.mark.parametrize("q", ["3号楼2号梯", "三号楼二号梯", "3号楼 2号梯", "三栋2号电梯", "DT-03-2", "dt-03-2"])
    def test_one_elevator_in_every_writing(self, world: World, q: str) -> None:
        assert names(world, q) == ["3号楼2号梯"]

    def test_a_kind_in_a_building(self, world: World) -> None:
        assert names(world, "三号楼电梯") == ["3号楼1号梯", "3号楼2号梯"]
        assert names(world, "3号楼2单元电梯") == ["3号楼2号梯"]

    def test_an_alias(self, world: World) -> None:
        assert names(world, "喷淋泵") == ["消防喷淋泵"]
        assert names(world, "火灾报警主机") == ["消防主机"]

    def test_percent_is_a_letter(self, world: World) -> None:
        assert names(world, "%") == []
        assert names(world, "号_") == []


class TestOne:
    def test_it_is_there(self, world: World) -> None:
        made = add(world, place="泵房").json()
        assert world.kefu.get(f"/equipment/{made['id']}").json() == made

    def test_another_estates_is_as_good_as_absent(self, world: World) -> None:
        other = world.quyu.get("/equipment", community="lakeside").json()["items"][0]
        is_problem(world.kefu.get(f"/equipment/{other['id']}"), 404)
        is_problem(world.kefu.patch(f"/equipment/{other['id']}", {"name": "x"}), 404)

    def test_its_orders(self, world: World) -> None:
        made = add(world).json()
        number = world.kefu.open_order(asset_id=made["id"], scope="public")["number"]
        world.kefu.open_order()
        found = world.kefu.get("/work-orders", asset=made["id"]).json()["items"]
        assert [o["number"] for o in found] == [number]


class TestEdit:
    def test_what_is_given_changes_and_nothing_else(self, world: World) -> None:
        made = add(world, place="泵房", aliases=["老泵"]).json()
        changed = world.kefu.patch(f"/equipment/{made['id']}", {"aliases": ["新泵"], "place": None}).json()
        assert changed == {**made, "aliases": ["新泵"], "place": None, "place_text": changed["place_text"]}

    def test_out_of_use_and_back(self, world: World) -> None:
        made = add(world).json()
        for status, title in (("down", "停用"), ("up", "正常")):
            changed = world.kefu.patch(f"/equipment/{made['id']}", {"status": status}).json()
            assert (changed["status"], changed["status_title"]) == (status, title)

    @pytest.mark.parametrize("body", [{"kind": "ship"}, {"status": "gone"}, {"name": " "}, {"code": "X"}])
    def test_nonsense_is_refused(self, world: World, body: dict[str, str]) -> None:
        made = add(world).json()
        is_problem(world.kefu.patch(f"/equipment/{made['id']}", body), 422)

    def test_only_the_desk_may(self, world: World) -> None:
        made = add(world).json()
        for user in (world.caiwu, world.lishifu, world.zhangwei):
            is_problem(user.patch(f"/equipment/{made['id']}", {"name": "我的"}), 403)


class TestSameName:
    def test_a_second_one_of_the_name_must_be_meant(self, world: World) -> None:
        first = add(world).json()
        told = is_problem(add(world, name=first["name"]), 409)
        assert told["type"] == "/problems/same-name"
        assert first["code"] in told["detail"]
        assert add(world, name=first["name"], same_name_meant=True).status_code == 201

    def test_renaming_to_it_as_well(self, world: World) -> None:
        first, second = add(world).json(), add(world).json()
        is_problem(world.kefu.patch(f"/equipment/{second['id']}", {"name": first["name"]}), 409)
        meant = {"name": first["name"], "same_name_meant": True}
        assert world.kefu.patch(f"/equipment/{second['id']}", meant).json()["name"] == first["name"]

    def test_keeping_its_own_name_is_nothing(self, world: World) -> None:
        made = add(world).json()
        assert world.kefu.patch(f"/equipment/{made['id']}", {"name": made["name"]}).status_code == 200

    def test_another_estates_name_does_not_count(self, world: World) -> None:
        first = add(world).json()
        body = {"name": first["name"], "kind": "pump", "community": "lakeside"}
        assert world.quyu.post("/equipment", body).status_code == 201
