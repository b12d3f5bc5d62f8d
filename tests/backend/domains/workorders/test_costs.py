"""What an order costs and who pays: to the fen, from the store, and nothing of an owner who has not agreed."""

import uuid
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import select

from backend.kit.outbox import OutboxRow
from tests.backend.conftest import sqlite_only
from tests.backend.domains.stock.support import item, ledger, on_hand
from tests.backend.support import User, World, is_problem, together

LOBBY = {"community": "sunshine", "building": "3", "unit": "2", "place": "大堂"}
HOME = {"community": "sunshine", "building": "7", "unit": "1", "room": "901"}


def public(world: World) -> str:
    number = str(world.kefu.open_order(scope="public", fault=f"坏了{uuid.uuid4().hex[:5]}", location=LOBBY)["number"])
    world.put(number, "on_site", world.lishifu)
    return number


def private(world: World, owner: User) -> str:
    number = str(owner.open_order(scope="private", location=HOME)["number"])
    world.put(number, "on_site", world.lishifu)
    return number


def costs(who: User, number: str) -> dict[str, Any]:
    answer = who.get(f"/work-orders/{number}/costs")
    assert answer.status_code == 200, answer.text
    return right(answer.json())


def right(found: dict[str, Any]) -> dict[str, Any]:
    """Check what holds for all costs, and return them."""
    lines = found["lines"]
    kinds = ("material", "labour", "service", "custom")
    parts = [sum(n["amount_fen"] for n in lines if n["kind"] == kind) for kind in kinds]
    assert [found[name] for name in ("materials_fen", "labour_fen", "services_fen", "custom_fen")] == parts
    assert found["total_fen"] == sum(parts) == found["owner_fen"] + (found["company_fen"] or 0)
    return found


def agreed(world: World, owner: User, number: str, *lines: dict[str, Any]) -> dict[str, Any]:
    made = world.lishifu.post(f"/work-orders/{number}/quotes", {"lines": list(lines)})
    assert made.status_code == 201, made.text
    quote = made.json()["quote"]
    answer = owner.post(f"/work-orders/{number}/quotes/{quote['id']}/decision", {"accept": True})
    assert answer.status_code == 200, answer.text
    return dict(quote)


class TestMaterials:
    def test_public_repairs_are_the_companys(self, world: World) -> None:
        made, number = item(world.kefu, "5", price_fen=333), public(world)
        body = {"item_id": made["id"], "quantity": "1.5"}
        found = right(world.lishifu.post(f"/work-orders/{number}/materials", body).json())
        assert (found["company_fen"], found["owner_fen"]) == (500, 0)
        asked = {**body, "charge": "owner"}
        is_problem(world.lishifu.post(f"/work-orders/{number}/materials", asked), 409)
        assert on_hand(world.kefu, made["id"]) == Decimal("3.5")

    def test_the_same_key_takes_once(self, world: World) -> None:
        made, number, key = item(world.kefu, "5"), public(world), uuid.uuid4().hex
        body = {"item_id": made["id"], "quantity": 2}
        answers = together([lambda: world.lishifu.post(f"/work-orders/{number}/materials", body, key)] * 3)
        assert {a.status_code for a in answers} == {201}
        assert on_hand(world.kefu, made["id"]) == 3

    def test_more_is_never_returned_than_was_taken(self, world: World) -> None:
        made, number = item(world.kefu, "5"), public(world)
        body = {"item_id": made["id"], "quantity": 2}
        line = world.lishifu.post(f"/work-orders/{number}/materials", body).json()["lines"][0]["id"]
        back = f"/work-orders/{number}/materials/{line}/return"
        answers = together([lambda: world.lishifu.post(back, {"quantity": 2})] * 3)
        assert sorted(a.status_code for a in answers) == [200, 422, 422]
        assert on_hand(world.kefu, made["id"]) == 5
        assert costs(world.kefu, number)["total_fen"] == 0
        ledger(world.kefu, made["id"])

    @sqlite_only
    def test_who_reported_it_reads_what_was_used_but_no_price(self, world: World, owner: User) -> None:
        made = item(world.kefu, "5")
        number = str(owner.open_order(scope="public", fault="大堂门坏了", location=LOBBY)["number"])
        world.put(number, "on_site", world.lishifu)
        world.lishifu.post(f"/work-orders/{number}/materials", {"item_id": made["id"]})
        seen = owner.get(f"/work-orders/{number}").text
        assert made["name"] in seen
        assert "¥" not in seen
        mine = costs(owner, number)
        assert (mine["lines"], mine["total_fen"], mine["company_fen"]) == ([], 0, None)

    @sqlite_only
    def test_what_was_not_used_comes_back_after_the_end(self, world: World) -> None:
        made, number = item(world.kefu, "5"), public(world)
        body = {"item_id": made["id"], "quantity": 2}
        line = world.lishifu.post(f"/work-orders/{number}/materials", body).json()["lines"][0]["id"]
        world.put(number, "closed", world.lishifu)
        assert world.lishifu.post(f"/work-orders/{number}/materials/{line}/return", {}).status_code == 200
        assert on_hand(world.kefu, made["id"]) == 5
        is_problem(world.lishifu.post(f"/work-orders/{number}/materials", body), 409)

    @sqlite_only
    def test_only_the_holder_and_the_desk(self, world: World, owner: User) -> None:
        made, number = item(world.kefu, "5"), private(world, owner)
        body = {"item_id": made["id"], "charge": "warranty"}
        is_problem(owner.post(f"/work-orders/{number}/materials", body), 403)
        is_problem(world.zhaoshifu.post(f"/work-orders/{number}/materials", body), 404)
        assert world.kefu.post(f"/work-orders/{number}/materials", body).status_code == 201

    @sqlite_only
    def test_an_item_of_another_estate_is_none(self, world: World) -> None:
        made = item(world.kefu, "5")
        number = public(world)
        is_problem(world.lishifu.post(f"/work-orders/{number}/materials", {"item_id": made["id"] + 10_000}), 404)


class TestNotes:
    """「换了两个角阀」 as a note of kind parts."""

    def note(self, world: World, number: str, text: str) -> dict[str, Any]:
        answer = world.lishifu.post(f"/work-orders/{number}/notes", {"text": text, "kind": "parts"})
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    def test_takes_what_is_named_with_a_number(self, world: World) -> None:
        name = f"阀{uuid.uuid4().hex[:6]}"
        made, number = item(world.kefu, "5", name=name, price_fen=2500), public(world)
        said = self.note(world, number, f"换了两个{name}")
        assert (said["timeline"][-1]["title"], said["timeline"][-1]["text"]) == ("用料", f"换了两个{name}")
        found = costs(world.kefu, number)
        assert [(n["what"], n["quantity"], n["amount_fen"]) for n in found["lines"]] == [(name, "2", 5000)]
        assert on_hand(world.kefu, made["id"]) == 3

    def test_short_stock_becomes_words_and_the_desk_hears(self, world: World) -> None:
        name = f"阀{uuid.uuid4().hex[:6]}"
        made, number = item(world.kefu, "1", name=name), public(world)
        said = self.note(world, number, f"换了两个{name}")
        assert "库存不足" in said["answer"]
        assert any(line["title"] == "库存不足" for line in said["timeline"])
        found = costs(world.kefu, number)
        assert [(n["movement_id"], n["amount_fen"], n["why_title"]) for n in found["lines"]] == [(None, 0, "未定价")]
        assert on_hand(world.kefu, made["id"]) == 1
        told = world.rows(select(OutboxRow.text).where(OutboxRow.person_id == world.kefu.id))
        assert any("库存不足" in text and number in text and name in text for text in told)

    @sqlite_only
    def test_other_words_are_kept_without_a_price(self, world: World) -> None:
        number = public(world)
        self.note(world, number, "换了个什么垫圈")
        assert [(n["what"], n["price_fen"]) for n in costs(world.kefu, number)["lines"]] == [("换了个什么垫圈", None)]

    @sqlite_only
    def test_in_a_home_without_consent_it_is_the_companys_for_now(self, world: World, owner: User) -> None:
        name = f"阀{uuid.uuid4().hex[:6]}"
        item(world.kefu, "5", name=name, price_fen=2500)
        number = private(world, owner)
        self.note(world, number, f"{name} 1 个")
        line = costs(world.kefu, number)["lines"][0]
        assert (line["charged_to"], line["why_title"], line["amount_fen"]) == ("company", "业主未同意", 2500)
        agreed(world, owner, number, {"price_code": "RG-02"})
        answer = world.kefu.post(f"/work-orders/{number}/costs/{line['id']}/charge", {"charge": "owner"})
        assert right(answer.json())["owner_fen"] == 2500


@sqlite_only
class TestLabour:
    def test_minutes_and_lines_of_the_price_list(self, world: World) -> None:
        number = public(world)
        world.lishifu.post(f"/work-orders/{number}/labour", {"minutes": 50})
        found = right(world.lishifu.post(f"/work-orders/{number}/labour", {"price_code": "fw-01"}).json())
        assert [(n["kind"], n["amount_fen"]) for n in found["lines"]] == [("labour", 6667), ("service", 8000)]
        is_problem(world.lishifu.post(f"/work-orders/{number}/labour", {"price_code": "NONE"}), 404)
        is_problem(world.lishifu.post(f"/work-orders/{number}/labour", {}), 422)
        is_problem(world.lishifu.post(f"/work-orders/{number}/labour", {"minutes": 5, "price_code": "GS"}), 422)

    def test_a_mistake_is_crossed_out(self, world: World) -> None:
        number = public(world)
        line = world.lishifu.post(f"/work-orders/{number}/labour", {"minutes": 50}).json()["lines"][0]
        answer = world.lishifu.post(f"/work-orders/{number}/materials/{line['id']}/return", {})
        assert right(answer.json())["total_fen"] == 0


@sqlite_only
class TestWhoPays:
    def test_the_company_only_when_the_desk_says_so(self, world: World, owner: User) -> None:
        number = private(world, owner)
        body = {"price_code": "RG-01", "charge": "company"}
        is_problem(world.lishifu.post(f"/work-orders/{number}/labour", body), 403)
        assert right(world.kefu.post(f"/work-orders/{number}/labour", body).json())["company_fen"] == 4000
        body = {"price_code": "RG-01", "charge": "warranty"}
        found = right(world.lishifu.post(f"/work-orders/{number}/labour", body).json())
        assert [n["why_title"] for n in found["lines"]] == ["公司决定", "质保期内"]

    def test_the_owner_sees_what_is_charged_to_them(self, world: World, owner: User) -> None:
        number = private(world, owner)
        agreed(world, owner, number, {"price_code": "RG-01"})
        world.lishifu.post(f"/work-orders/{number}/labour", {"price_code": "RG-01"})
        world.lishifu.post(f"/work-orders/{number}/labour", {"price_code": "FW-03", "charge": "warranty"})
        mine = costs(owner, number)
        assert ([n["what"] for n in mine["lines"]], mine["owner_fen"], mine["company_fen"]) == (
            ["换水龙头"],
            4000,
            None,
        )
        assert costs(world.kefu, number)["total_fen"] == 16000
        is_problem(world.new(home=("7", "2", "902")).get(f"/work-orders/{number}/costs"), 404)

    def test_a_home_that_turns_out_to_be_another_owes_nothing(self, world: World, owner: User) -> None:
        number = private(world, owner)
        agreed(world, owner, number, {"price_code": "RG-01"})
        world.lishifu.post(f"/work-orders/{number}/labour", {"price_code": "RG-01"})
        version = world.kefu.get(f"/work-orders/{number}").json()["version"]
        changed = world.kefu.patch(f"/work-orders/{number}", {"version": version, "scope": "public"})
        assert changed.status_code == 200, changed.text
        found = costs(world.kefu, number)
        assert (found["owner_fen"], found["company_fen"], found["quote"]) == (0, 4000, None)
        assert costs(owner, number)["lines"] == []


@sqlite_only
class TestAlways:
    """Sums hold, and the owner never pays more than they agreed to, whatever happens in whatever order."""

    @pytest.mark.parametrize("scope", ["private", "public"])
    def test_over_any_story(self, world: World, owner: User, scope: str) -> None:
        made = item(world.kefu, "1000", price_fen=333)
        charges = st.sampled_from([None, "owner", "warranty", "company"])

        class Story(RuleBasedStateMachine):
            def __init__(self) -> None:
                super().__init__()
                self.number = private(world, owner) if scope == "private" else public(world)
                self.agreed = 0

            def say(self, path: str, **body: Any) -> None:
                given = {k: v for k, v in body.items() if v is not None}
                answer = world.kefu.post(f"/work-orders/{self.number}/{path}", given)
                assert answer.status_code in (200, 201, 409, 422), answer.text

            def line(self, at: int) -> int:
                lines = costs(world.kefu, self.number)["lines"]
                return int(lines[at % len(lines)]["id"]) if lines else 1

            @rule(milli=st.integers(1, 5000), charge=charges)
            def material(self, milli: int, charge: str | None) -> None:
                self.say("materials", item_id=made["id"], quantity=str(milli / 1000), charge=charge)

            @rule(minutes=st.integers(1, 200), charge=charges)
            def minutes(self, minutes: int, charge: str | None) -> None:
                self.say("labour", minutes=minutes, charge=charge)

            @rule(code=st.sampled_from(["RG-01", "FW-01"]), charge=charges)
            def work(self, code: str, charge: str | None) -> None:
                self.say("labour", price_code=code, charge=charge)

            @rule(at=st.integers(0, 9), milli=st.integers(1, 3000))
            def back(self, at: int, milli: int) -> None:
                if costs(world.kefu, self.number)["lines"]:
                    self.say(f"materials/{self.line(at)}/return", quantity=str(milli / 1000))

            @rule(at=st.integers(0, 9), charge=st.sampled_from(["owner", "warranty", "company"]))
            def charge(self, at: int, charge: str) -> None:
                if costs(world.kefu, self.number)["lines"]:
                    self.say(f"costs/{self.line(at)}/charge", charge=charge)

            @rule(many=st.integers(1, 4), accept=st.sampled_from([True, True, False, None]))
            def quote(self, many: int, accept: bool | None) -> None:
                self.say("quotes", lines=[{"price_code": "FW-01", "quantity": many}])
                quote = costs(world.kefu, self.number)["quote"]
                if quote is not None and accept is not None and quote["state"] == "open":
                    path = f"/work-orders/{self.number}/quotes/{quote['id']}/decision"
                    assert owner.post(path, {"accept": accept}).status_code == 200
                    self.agreed = quote["total_fen"] if accept else self.agreed

            @invariant()
            def sums(self) -> None:
                found = costs(world.kefu, self.number)
                assert found["owner_fen"] <= self.agreed
                assert scope == "private" or found["owner_fen"] == 0

        few = settings(max_examples=3, stateful_step_count=6, deadline=None, suppress_health_check=list(HealthCheck))
        run_state_machine_as_test(Story, settings=few)
        ledger(world.kefu, made["id"])


HOLE = {"what": "墙面开孔", "unit": "个", "price_fen": 3050}


class TestCustom:
    @sqlite_only
    def test_only_who_may_set_prices_names_one(self, world: World) -> None:
        number = public(world)
        for who in (world.lishifu, world.kefu):
            problem = is_problem(who.post(f"/work-orders/{number}/labour", {"custom": HOLE}), 403)
            assert "价目" in problem["detail"]
        found = right(world.jingli.post(f"/work-orders/{number}/labour", {"custom": HOLE, "quantity": "1.5"}).json())
        (line,) = found["lines"]
        assert (line["kind_title"], line["what"], line["amount_fen"]) == ("自定义项目", "墙面开孔", 4575)
        assert (found["custom_fen"], found["company_fen"], line["price_code"], line["item_id"]) == (
            4575,
            4575,
            None,
            None,
        )

    @sqlite_only
    def test_the_owner_pays_for_it_only_what_they_agreed_to(self, world: World, owner: User) -> None:
        number = private(world, owner)
        is_problem(world.jingli.post(f"/work-orders/{number}/labour", {"custom": HOLE}), 409)
        made = world.jingli.post(f"/work-orders/{number}/quotes", {"lines": [{"custom": HOLE}]}).json()["quote"]
        owner.post(f"/work-orders/{number}/quotes/{made['id']}/decision", {"accept": True})
        found = right(world.jingli.post(f"/work-orders/{number}/labour", {"custom": HOLE}).json())
        assert (found["owner_fen"], found["consented_fen"]) == (3050, 3050)
        is_problem(world.jingli.post(f"/work-orders/{number}/labour", {"custom": HOLE}), 409)

    @sqlite_only
    @pytest.mark.parametrize(
        "wrong",
        [
            {"price_fen": 0},
            {"price_fen": -1},
            {"price_fen": 10_000_001},
            {"price_fen": 30.5},
            {"what": " "},
            {"what": "孔" * 65},
            {"unit": "九个字那么长的单位"},
            {"per": 2},
        ],
    )
    def test_what_is_no_price_or_no_word_is_refused(self, world: World, wrong: dict[str, Any]) -> None:
        body = {"custom": {**HOLE, **wrong}}
        is_problem(world.jingli.post(f"/work-orders/{public(world)}/labour", body), 422)


class TestTogether:
    def paid(self, world: World, number: str, fen: int) -> None:
        made = item(world.kefu, "9", price_fen=fen)
        answer = world.kefu.post(f"/work-orders/{number}/materials", {"item_id": made["id"], "quantity": 1})
        assert answer.status_code == 201, answer.text

    def test_the_sums_of_all_that_was_merged_with_each_share(self, world: World) -> None:
        first, second, master = (self.open(world) for _ in range(3))
        for number, fen in ((first, 100), (second, 20), (master, 3)):
            self.paid(world, number, fen)
        assert costs(world.kefu, master)["together"] is None
        assert world.kefu.move(first, "merged", into=second).status_code == 200
        assert world.kefu.move(second, "merged", into=master).status_code == 200
        found = costs(world.kefu, master)
        assert found["total_fen"] == 3
        together = found["together"]
        assert (together["total_fen"], together["owner_fen"], together["company_fen"]) == (123, 0, 123)
        assert [(s["number"], s["total_fen"]) for s in together["shares"]] == [(master, 3), (second, 20), (first, 100)]
        assert costs(world.kefu, second)["together"]["total_fen"] == 120
        assert costs(world.kefu, first)["together"] is None

    @sqlite_only
    def test_a_merge_taken_back_is_out_of_it(self, world: World) -> None:
        other, master = self.open(world), self.open(world)
        self.paid(world, other, 100)
        world.kefu.move(other, "merged", into=master)
        assert costs(world.kefu, master)["together"]["total_fen"] == 100
        assert world.kefu.post(f"/work-orders/{other}/unmerge").status_code == 200
        assert costs(world.kefu, master)["together"] is None

    @sqlite_only
    def test_consent_stays_that_of_each_order_and_the_household_sees_its_own(self, world: World, owner: User) -> None:
        other, master = (str(owner.open_order(scope="private", location=HOME)["number"]) for _ in range(2))
        for number in (other, master):
            world.put(number, "accepted", world.lishifu)
        agreed(world, owner, other, {"price_code": "RG-01"})
        world.kefu.post(f"/work-orders/{other}/labour", {"price_code": "RG-01"})
        world.kefu.move(other, "merged", into=master)
        found = costs(world.kefu, master)
        assert (found["owner_fen"], found["consented_fen"]) == (0, 0)
        assert [s["owner_fen"] for s in found["together"]["shares"]] == [0, 4000]
        is_problem(world.kefu.post(f"/work-orders/{master}/labour", {"price_code": "RG-01"}), 409)
        for who in (owner, world.lishifu):
            assert costs(who, master)["together"] is None

    @staticmethod
    def open(world: World) -> str:
        fault = f"坏了{uuid.uuid4().hex[:5]}"
        return str(world.kefu.open_order(category="pest", scope="public", fault=fault, location=LOBBY)["number"])
