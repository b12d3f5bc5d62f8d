"""Quantities are written in plain digits, and a price's code is one that an address can hold."""

from typing import Any

import pytest

from tests.backend.conftest import sqlite_only
from tests.backend.domains.stock.support import item, on_hand
from tests.backend.support import World, is_problem

PRICE: dict[str, Any] = {
    "community": "sunshine", "name": "换门铃", "category": "弱电", "unit": "次", "labour_fen": 3000,
}  # fmt: skip


@sqlite_only
class TestQuantities:
    @pytest.mark.parametrize("said", ["1_0", "٣", "３", "1e1", "+1", " 1", "1 ", "0x1", "", ".", "1" * 40, True, "一"])
    def test_quirks_are_refused(self, world: World, said: Any) -> None:
        made = item(world.kefu, "5")
        for kind in ("in", "adjust"):
            body = {"item_id": made["id"], "kind": kind, "quantity": said}
            problem = is_problem(world.kefu.post("/stock/movements", body), 422)
            assert problem["errors"] == [{"field": "quantity", "message": "要写数字"}]
        assert on_hand(world.kefu, made["id"]) == 5

    @pytest.mark.parametrize(
        ("said", "left"), [("10", 10), ("2.500", 2.5), (".5", 0.5), ("3.", 3), (7, 7), (0.25, 0.25)]
    )
    def test_digits_and_a_point_are_taken(self, world: World, said: Any, left: float) -> None:
        made = item(world.kefu, "0")
        body = {"item_id": made["id"], "kind": "adjust", "quantity": said}
        assert world.kefu.post("/stock/movements", body).status_code == 201
        assert on_hand(world.kefu, made["id"]) == left


@sqlite_only
class TestCodes:
    @pytest.mark.parametrize("code", ["..", ".", "...", "%2E%2E", "a%2Fb", "a b", "编码", "a" * 33])
    def test_one_that_no_address_holds_is_refused(self, world: World, code: str) -> None:
        answer = world.jingli.call("PUT", f"/stock/prices/{code}", json=PRICE)
        assert answer.status_code in (404, 405, 422), answer.text
        known = [p["code"] for p in world.jingli.get("/stock/prices", all=True).json()["items"]]
        assert not any(set(k) <= {"."} or "/" in k for k in known)

    @pytest.mark.parametrize("code", ["..", ".", "a/b", "编码"])
    def test_also_for_an_item(self, world: World, code: str) -> None:
        body = {"community": "sunshine", "name": "编码不对的件", "unit": "个", "price_fen": 1, "code": code}
        problem = is_problem(world.kefu.post("/stock/items", body), 422)
        assert [e["field"] for e in problem["errors"]] == ["code"]

    @pytest.mark.parametrize("code", ["RG-01.a", "A_B", ".5", "1."])
    def test_letters_digits_dash_underscore_and_dot_are_taken(self, world: World, code: str) -> None:
        assert world.jingli.call("PUT", f"/stock/prices/{code}", json=PRICE).json()["code"] == code.upper()
