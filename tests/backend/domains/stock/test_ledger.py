"""The ledger: the balance is its sum and never below zero, whoever moves what when; the desk hears once of too little."""

import uuid
from decimal import Decimal
from functools import partial

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import select

from backend.domains.stock.models import StockMovement
from backend.kit.append_only import LogIsAppendOnly
from backend.kit.outbox import OutboxRow
from tests.backend.conftest import sqlite_only
from tests.backend.domains.stock.support import item, ledger, on_hand
from tests.backend.support import World, is_problem, together


def held(world: World) -> str:
    """Return an order of a public place that 李师傅 has at hand."""
    place = {"community": "sunshine", "building": "3", "unit": "2", "place": "大堂"}
    number = str(
        world.kefu.open_order(scope="public", fault=f"大堂坏了{uuid.uuid4().hex[:4]}", location=place)["number"]
    )
    world.put(number, "on_site", world.lishifu)
    return number


class TestMovements:
    def test_in_out_return_and_count(self, world: World) -> None:
        made, number = item(world.kefu, "10"), held(world)
        used = world.lishifu.post(f"/work-orders/{number}/materials", {"item_id": made["id"], "quantity": "2.5"})
        assert used.status_code == 201, used.text
        line = used.json()["lines"][-1]
        back = world.lishifu.post(f"/work-orders/{number}/materials/{line['id']}/return", {"quantity": 0.5})
        assert back.json()["lines"][-1]["returned"] == "0.5"
        counted = world.kefu.post("/stock/movements", {"item_id": made["id"], "kind": "adjust", "quantity": "7.25"})
        assert (counted.json()["quantity"], counted.json()["balance"]) == ("-0.75", "7.25")
        lines = ledger(world.kefu, made["id"])
        assert [line["kind_title"] for line in lines] == ["入库", "出库", "退库", "盘点"]
        assert (lines[1]["order_number"], lines[1]["by"]) == (number, "李强")

    def test_there_is_never_less_than_nothing(self, world: World) -> None:
        made, number = item(world.kefu, "2"), held(world)
        answer = world.lishifu.post(f"/work-orders/{number}/materials", {"item_id": made["id"], "quantity": "2.001"})
        assert "只剩 2 个" in is_problem(answer, 409)["detail"]
        assert on_hand(world.kefu, made["id"]) == 2
        assert world.lishifu.get(f"/work-orders/{number}/costs").json()["lines"] == []

    def test_not_even_when_many_take_together(self, world: World) -> None:
        made = item(world.kefu, "3")
        numbers = [held(world) for _ in range(6)]
        body = {"item_id": made["id"], "quantity": 1}
        answers = together([partial(world.lishifu.post, f"/work-orders/{n}/materials", body) for n in numbers])
        assert sorted(a.status_code for a in answers) == [201] * 3 + [409] * 3
        assert len(ledger(world.kefu, made["id"])) == 4

    def test_the_same_key_together_moves_once(self, world: World) -> None:
        made, key = item(world.kefu, "0"), uuid.uuid4().hex
        body = {"item_id": made["id"], "kind": "in", "quantity": 5}
        answers = together([lambda: world.kefu.post("/stock/movements", body, key)] * 4)
        assert {a.status_code for a in answers} == {201}
        assert {a.json()["id"] for a in answers} == {ledger(world.kefu, made["id"])[0]["id"]}
        is_problem(world.kefu.post("/stock/movements", {**body, "quantity": 6}, key), 409)

    @sqlite_only
    def test_a_line_is_never_changed(self, world: World) -> None:
        made = item(world.kefu, "1")
        session = world.session_for(world.kefu)
        line = session.scalars(select(StockMovement).where(StockMovement.item_id == made["id"])).one()
        line.change_milli = 99
        with pytest.raises(LogIsAppendOnly):
            session.flush()
        session.close()

    @sqlite_only
    @pytest.mark.parametrize("quantity", ["-1", "0.0001", "NaN", "1e9", True, "很多", 0])
    def test_strange_quantities_are_refused(self, world: World, quantity: object) -> None:
        made = item(world.kefu, "1")
        body = {"item_id": made["id"], "kind": "in", "quantity": quantity}
        assert is_problem(world.kefu.post("/stock/movements", body), 422)["errors"][0]["field"] == "quantity"


@sqlite_only
class TestAlways:
    def test_the_balance_is_the_sum_of_the_ledger(self, world: World) -> None:
        number = held(world)

        class Store(RuleBasedStateMachine):
            def __init__(self) -> None:
                super().__init__()
                self.id, self.there = item(world.kefu, "0")["id"], Decimal(0)
                self.lines: list[tuple[int, Decimal]] = []

            @rule(kind=st.sampled_from(["in", "adjust"]), milli=st.integers(1, 9000))
            def book(self, kind: str, milli: int) -> None:
                quantity = Decimal(milli) / 1000
                world.kefu.post("/stock/movements", {"item_id": self.id, "kind": kind, "quantity": str(quantity)})
                self.there = quantity + (self.there if kind == "in" else 0)

            @rule(milli=st.integers(1, 9000))
            def take(self, milli: int) -> None:
                quantity = Decimal(milli) / 1000
                body = {"item_id": self.id, "quantity": str(quantity)}
                answer = world.lishifu.post(f"/work-orders/{number}/materials", body)
                assert answer.status_code == (201 if quantity <= self.there else 409)
                if answer.status_code == 201:
                    self.there -= quantity
                    self.lines.append((answer.json()["lines"][-1]["id"], quantity))

            @rule(part=st.integers(1, 1000))
            def give_back(self, part: int) -> None:
                if self.lines:
                    line, left = self.lines.pop()
                    back = min(left, Decimal(part) / 500)
                    world.lishifu.post(f"/work-orders/{number}/materials/{line}/return", {"quantity": str(back)})
                    self.there += back

            @invariant()
            def sums(self) -> None:
                ledger(world.kefu, self.id)
                assert on_hand(world.kefu, self.id) == self.there

        few = settings(max_examples=3, stateful_step_count=5, deadline=None, suppress_health_check=list(HealthCheck))
        run_state_machine_as_test(Store, settings=few)


def heard(world: World, name: str) -> int:
    rows = world.rows(select(OutboxRow.text).where(OutboxRow.person_id == world.kefu.id))
    return sum(name in text and "低于最低库存" in text for text in rows)


@sqlite_only
class TestTooLittle:
    def test_the_desk_hears_once_until_it_is_refilled(self, world: World) -> None:
        made, number = item(world.kefu, "5", minimum="4"), held(world)
        body = {"item_id": made["id"], "quantity": 1}
        use = partial(world.lishifu.post, f"/work-orders/{number}/materials", body)
        use()
        assert heard(world, made["name"]) == 0  # as much as there should be
        use()
        use()
        assert heard(world, made["name"]) == 1
        assert world.kefu.get(f"/stock/items/{made['id']}").json()["low"] is True
        assert made["id"] in [i["id"] for i in world.kefu.get("/stock/items", low=True, limit=200).json()["items"]]
        world.kefu.post("/stock/movements", {"item_id": made["id"], "kind": "in", "quantity": 3})
        use()
        use()
        assert heard(world, made["name"]) == 2
