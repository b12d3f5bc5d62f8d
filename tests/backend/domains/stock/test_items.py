"""Items and prices: who may see and change them, how they are found, what they may be."""

import uuid

import pytest
from sqlalchemy import func, select

from backend.domains.stock.models import StockBalance, StockItem, StockMovement
from backend.kit.auth import Role
from tests.backend.conftest import sqlite_only
from tests.backend.domains.stock.support import item
from tests.backend.support import User, World, is_problem


class TestItems:
    @pytest.mark.parametrize("q", ["角阀", "三角阀", "SN-001", "sn-001"])
    def test_found_by_name_code_and_what_technicians_say(self, world: World, q: str) -> None:
        found = world.lishifu.get("/stock/items", q=q, community="sunshine").json()["items"]
        assert "SN-001" in [i["code"] for i in found]

    def test_the_demo_store_begins_with_a_ledger(self, world: World) -> None:
        sums = select(func.sum(StockMovement.change_milli)).where(StockMovement.item_id == StockBalance.item_id)
        wrong = select(StockBalance).where(StockBalance.on_hand_milli != sums.scalar_subquery())
        assert world.rows(wrong) == []
        assert world.rows(select(func.count()).select_from(StockItem))[0] >= 25

    def test_a_code_belongs_to_one_item(self, world: World) -> None:
        code = uuid.uuid4().hex[:8]
        assert item(world.kefu, code=code)["code"] == code.upper()
        body = {"community": "sunshine", "name": "别的", "unit": "个", "price_fen": 1, "code": code}
        is_problem(world.kefu.post("/stock/items", body), 409)

    def test_the_unit_of_what_has_moved_stays(self, world: World) -> None:
        made = item(world.kefu, "1")
        is_problem(world.kefu.patch(f"/stock/items/{made['id']}", {"unit": "米"}), 409)
        changed = world.kefu.patch(
            f"/stock/items/{made['id']}", {"price_fen": 999, "aliases": ["甲", "甲", "乙"]}
        ).json()
        assert (changed["price_fen"], changed["aliases"], changed["unit"]) == (999, ["甲", "乙"], "个")


@sqlite_only
class TestWho:
    def test_residents_see_nothing(self, world: World, owner: User) -> None:
        made = item(world.kefu)
        for path in ("/stock/items", f"/stock/items/{made['id']}", "/stock/prices"):
            is_problem(owner.get(path), 403)

    def test_technicians_look_but_do_not_touch(self, world: World) -> None:
        made = item(world.kefu)
        assert world.lishifu.get(f"/stock/items/{made['id']}").status_code == 200
        is_problem(world.lishifu.post("/stock/movements", {"item_id": made["id"], "kind": "in", "quantity": 1}), 403)
        is_problem(world.lishifu.patch(f"/stock/items/{made['id']}", {"price_fen": 1}), 403)

    def test_another_estates_store_is_as_good_as_absent(self, world: World) -> None:
        made, there = item(world.kefu), world.new(Role.CUSTOMER_SERVICE, "lakeside")
        is_problem(there.get(f"/stock/items/{made['id']}"), 404)
        is_problem(there.get(f"/stock/items/{made['id']}/movements"), 404)
        is_problem(there.post("/stock/movements", {"item_id": made["id"], "kind": "in", "quantity": 1}), 404)
        is_problem(there.get("/stock/items/export", community="sunshine"), 422)

    def test_what_is_out_of_use_is_not_taken(self, world: World) -> None:
        made = item(world.kefu, "5")
        world.kefu.patch(f"/stock/items/{made['id']}", {"active": False})
        is_problem(world.kefu.post("/stock/movements", {"item_id": made["id"], "kind": "in", "quantity": 1}), 422)


@sqlite_only
class TestPrices:
    def price(self, **fields: object) -> dict[str, object]:
        return {
            "community": "sunshine",
            "name": "换门铃",
            "category": "弱电",
            "unit": "个",
            "labour_fen": 3000,
            **fields,
        }

    def test_managers_set_them_and_technicians_read_them(self, world: World) -> None:
        code = f"T{uuid.uuid4().hex[:6]}".upper()
        made = world.jingli.call("PUT", f"/stock/prices/{code}", json=self.price())
        assert made.status_code == 200, made.text
        world.jingli.call("PUT", f"/stock/prices/{code}", json=self.price(labour_fen=3500))
        found = world.lishifu.get("/stock/prices", q=code).json()["items"]
        assert [(p["name"], p["labour_fen"], p["kind_title"]) for p in found] == [("换门铃", 3500, "人工")]
        world.jingli.call("PUT", f"/stock/prices/{code}", json=self.price(active=False))
        assert world.lishifu.get("/stock/prices", q=code).json()["items"] == []
        assert len(world.lishifu.get("/stock/prices", q=code, all=True).json()["items"]) == 1

    def test_others_do_not(self, world: World) -> None:
        for who in (world.kefu, world.lishifu):
            is_problem(who.call("PUT", "/stock/prices/RG-01", json=self.price()), 403)
