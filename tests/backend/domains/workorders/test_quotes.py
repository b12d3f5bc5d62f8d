"""Quotes: who is asked, who may answer, and what their word is good for."""

import json
import uuid
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select

from backend.domains.workorders.models_costs import WorkOrderQuote
from backend.kit.auth import Role
from backend.kit.outbox import OutboxRow
from tests.backend.conftest import sqlite_only
from tests.backend.domains.stock.support import item
from tests.backend.domains.workorders.test_costs import HOME, agreed, costs, private, public
from tests.backend.support import User, World, is_problem, together

TAP = {"lines": [{"price_code": "RG-01"}]}


def quoted(world: World, number: str, body: dict[str, Any] = TAP) -> dict[str, Any]:
    answer = world.lishifu.post(f"/work-orders/{number}/quotes", body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json()["quote"])


def answer(who: User, number: str, quote: dict[str, Any], accept: bool, words: str | None = None) -> Any:
    return who.post(f"/work-orders/{number}/quotes/{quote['id']}/decision", {"accept": accept, "words": words})


def told(world: World, who: User) -> list[OutboxRow]:
    return world.rows(select(OutboxRow).where(OutboxRow.person_id == who.id).order_by(OutboxRow.id))


class TestAsked:
    def test_with_lines_total_and_two_buttons(self, world: World, owner: User) -> None:
        made, number = item(world.kefu, "5", price_fen=2550), private(world, owner)
        body = {"lines": [{"price_code": "RG-01"}, {"item_id": made["id"], "quantity": 2}]}
        quote = quoted(world, number, body)
        notice = told(world, owner)[-1]
        for words in (number, "换水龙头", made["name"], "¥40.00", "¥51.00", "合计 ¥91.00"):
            assert words in notice.text
        buttons = {b["title"]: b["payload"] for b in notice.payload["buttons"]}
        assert buttons["同意"] == f"/accept_quote{json.dumps({'order_number': number, 'quote': str(quote['id'])})}"
        assert buttons["不同意"].startswith("/decline_quote{")
        assert number in [q["number"] for q in owner.get("/work-orders/quotes/waiting").json()]
        assert costs(owner, number)["quote"]["yours"] is True

    @sqlite_only
    def test_what_stands_in_no_list_is_marked_for_the_owner(self, world: World, owner: User) -> None:
        number = private(world, owner)
        own = {"custom": {"what": "墙面开孔", "unit": "个", "price_fen": 3050}, "quantity": 2}
        body = {"lines": [*TAP["lines"], own]}
        for who in (world.lishifu, world.kefu):
            is_problem(who.post(f"/work-orders/{number}/quotes", body), 403)
        assert costs(owner, number)["quote"] is None
        made = world.jingli.post(f"/work-orders/{number}/quotes", body)
        assert made.status_code == 201, made.text
        quote = costs(owner, number)["quote"]
        assert [(n["custom"], n["amount_fen"]) for n in quote["lines"]] == [(False, 4000), (True, 6100)]
        assert quote["lines"][1]["kind_title"] == "自定义项目"
        text = told(world, owner)[-1].text
        assert "墙面开孔 2 个 × ¥30.50 = ¥61.00（自定义项目）" in text
        assert answer(owner, number, quote, True).json()["consented_fen"] == 10100

    @sqlite_only
    def test_the_whole_household_but_no_neighbour(self, world: World, owner: User) -> None:
        tenant = world.new(Role.TENANT, home=("7", "1", "901"))
        neighbour = world.new(home=("7", "1", "902"))
        number = private(world, owner)
        quote = quoted(world, number)
        assert "合计" in told(world, tenant)[-1].text
        assert told(world, neighbour) == []
        is_problem(answer(neighbour, number, quote, True), 404)
        assert answer(tenant, number, quote, True).status_code == 200

    @sqlite_only
    def test_neither_the_technician_nor_the_desk_answers(self, world: World, owner: User) -> None:
        number = private(world, owner)
        quote = quoted(world, number)
        for who in (world.lishifu, world.kefu, world.jingli):
            is_problem(answer(who, number, quote, True), 403)
        assert costs(world.kefu, number)["quote"]["state"] == "open"

    @sqlite_only
    def test_nobody_for_a_public_place_or_a_strangers_home(self, world: World, owner: User) -> None:
        is_problem(world.lishifu.post(f"/work-orders/{public(world)}/quotes", TAP), 409)
        stranger = world.new(home=("7", "2", "902"))
        number = stranger.open_order(scope="private", location=HOME)["number"]
        world.put(number, "on_site", world.lishifu)
        is_problem(world.lishifu.post(f"/work-orders/{number}/quotes", TAP), 409)

    @sqlite_only
    @pytest.mark.parametrize(
        "lines", [[], [{}], [{"price_code": "RG-01", "item_id": 1}], [{"price_code": "RG-01", "quantity": 0}]]
    )
    def test_of_nothing_is_none(self, world: World, owner: User, lines: list[Any]) -> None:
        is_problem(world.lishifu.post(f"/work-orders/{private(world, owner)}/quotes", {"lines": lines}), 422)


class TestConsent:
    def test_no_charge_before_it(self, world: World, owner: User) -> None:
        number = private(world, owner)
        work = partial(world.lishifu.post, f"/work-orders/{number}/labour", {"price_code": "RG-01"})
        assert "先报价" in is_problem(work(), 409)["detail"]
        quote = quoted(world, number)
        assert "等业主答复" in is_problem(work(), 409)["detail"]
        answer(owner, number, quote, False, "太贵了")
        assert "没有同意" in is_problem(work(), 409)["detail"]
        answer(owner, number, quote, True)
        assert work().json()["owner_fen"] == 4000

    def test_its_total_is_the_most(self, world: World, owner: User) -> None:
        made, number = item(world.kefu, "9", price_fen=1), private(world, owner)
        agreed(world, owner, number, {"price_code": "RG-01"})
        assert world.lishifu.post(f"/work-orders/{number}/labour", {"price_code": "RG-01"}).status_code == 201
        answers = is_problem(world.lishifu.post(f"/work-orders/{number}/materials", {"item_id": made["id"]}), 409)
        assert "¥40.00" in answers["detail"]
        assert world.kefu.get(f"/stock/items/{made['id']}").json()["on_hand"] == "9"
        is_problem(world.lishifu.post(f"/work-orders/{number}/quotes", {"lines": [{"price_code": "RG-05"}]}), 409)

    def test_not_exceeded_by_many_at_once(self, world: World, owner: User) -> None:
        number = private(world, owner)
        agreed(world, owner, number, {"price_code": "RG-05", "quantity": 2})
        work = partial(world.lishifu.post, f"/work-orders/{number}/labour", {"price_code": "RG-05"})
        assert sorted(a.status_code for a in together([work] * 4)) == [201, 201, 409, 409]
        assert costs(world.kefu, number)["owner_fen"] == 3000

    def test_is_kept_with_its_lines_time_and_words(self, world: World, owner: User) -> None:
        number = private(world, owner)
        quote = quoted(world, number)
        answer(owner, number, quote, True, "行，就按这个价修")
        found = owner.get(f"/work-orders/{number}/quotes").json()[-1]
        assert (found["state"], found["words"], found["decided_by"]) == ("accepted", "行，就按这个价修", "新人")
        assert found["decided_at"] is not None
        assert [(n["what"], n["amount_fen"]) for n in found["lines"]] == [("换水龙头", 4000)]
        assert any(number in n.text and "同意报价" in n.text for n in told(world, world.lishifu))

    @sqlite_only
    def test_a_changed_price_list_changes_no_quote(self, world: World, owner: User) -> None:
        code, number = f"T{uuid.uuid4().hex[:6]}", private(world, owner)
        price = {"community": "sunshine", "name": "换门铃", "category": "弱电", "unit": "个", "labour_fen": 3000}
        world.jingli.call("PUT", f"/stock/prices/{code}", json=price)
        quote = quoted(world, number, {"lines": [{"price_code": code}]})
        world.jingli.call("PUT", f"/stock/prices/{code}", json={**price, "labour_fen": 9000})
        assert answer(owner, number, quote, True).json()["consented_fen"] == 3000
        is_problem(world.lishifu.post(f"/work-orders/{number}/labour", {"price_code": code}), 409)


class TestChanged:
    def test_a_new_quote_needs_a_new_word(self, world: World, owner: User) -> None:
        number = private(world, owner)
        old = quoted(world, number)
        new = quoted(world, number, {"lines": [{"price_code": "FW-03"}]})
        assert "¥120.00" in is_problem(answer(owner, number, old, True), 409)["detail"]
        assert costs(owner, number)["consented_fen"] == 0
        assert answer(owner, number, new, True).json()["consented_fen"] == 12000
        states = [q["state_title"] for q in owner.get(f"/work-orders/{number}/quotes").json()]
        assert states == ["已改报", "业主已同意"]

    def test_answering_and_changing_at_once_leaves_no_word_for_the_new(self, world: World, owner: User) -> None:
        number = private(world, owner)
        old = quoted(world, number)
        dear = {"lines": [{"price_code": "FW-03"}]}
        together(
            [
                lambda: answer(owner, number, old, True),
                lambda: world.lishifu.post(f"/work-orders/{number}/quotes", dear),
            ]
        )
        found = costs(world.kefu, number)
        assert (found["quote"]["state"], found["quote"]["total_fen"]) == ("open", 12000)
        assert found["consented_fen"] in (0, 4000)  # the old one, if the word came first

    @sqlite_only
    @pytest.mark.parametrize("answered", [None, False, True])
    def test_what_was_agreed_holds_until_another_quote_is(
        self, world: World, owner: User, answered: bool | None
    ) -> None:
        number = private(world, owner)
        agreed(world, owner, number, {"price_code": "RG-05", "quantity": 2})
        labour = partial(world.lishifu.post, f"/work-orders/{number}/labour")
        assert labour({"price_code": "RG-05"}).status_code == 201
        new = quoted(world, number, {"lines": [{"price_code": "FW-03"}]})
        if answered is not None:
            answer(owner, number, new, answered)
        assert costs(owner, number)["consented_fen"] == (12000 if answered else 3000)
        assert labour({"price_code": "RG-05"}).status_code == 201
        assert labour({"price_code": "RG-05"}).status_code == (201 if answered else 409)

    @sqlite_only
    def test_a_lower_quote_holds_while_it_waits(self, world: World, owner: User) -> None:
        number = private(world, owner)
        agreed(world, owner, number, {"price_code": "RG-05", "quantity": 4})
        new = quoted(world, number, {"lines": [{"price_code": "RG-05", "quantity": 1}]})
        labour = partial(world.lishifu.post, f"/work-orders/{number}/labour", {"price_code": "RG-05"})
        assert [labour().status_code, labour().status_code] == [201, 409]
        answer(owner, number, new, False)
        assert labour().status_code == 201

    def test_the_same_answer_twice_is_one(self, world: World, owner: User) -> None:
        number = private(world, owner)
        quote = quoted(world, number)
        answers = together([lambda: answer(owner, number, quote, True)] * 3)
        assert {a.status_code for a in answers} == {200}
        lines = owner.get(f"/work-orders/{number}").json()["timeline"]
        assert [line["title"] for line in lines].count("同意报价") == 1
        is_problem(answer(owner, number, quote, False), 409)

    @sqlite_only
    def test_declining_is_told_with_the_words(self, world: World, owner: User) -> None:
        number = private(world, owner)
        answer(owner, number, quoted(world, number), False, "太贵了先不修了")
        for who in (world.lishifu, world.kefu):
            assert any("不同意报价" in n.text and "太贵了" in n.text for n in told(world, who) if number in n.text)
        assert world.lishifu.move(number, "suspended", note="业主不同意报价").json()["status"] == "suspended"

    @sqlite_only
    def test_nothing_waits_when_the_order_has_ended(self, world: World, owner: User) -> None:
        number = private(world, owner)
        quote = quoted(world, number)
        world.kefu.move(number, "cancelled", note="不修了")
        assert number not in [q["number"] for q in owner.get("/work-orders/quotes/waiting").json()]
        is_problem(answer(owner, number, quote, True), 409)
        assert world.rows(select(WorkOrderQuote.state).where(WorkOrderQuote.id == quote["id"])) == ["withdrawn"]
