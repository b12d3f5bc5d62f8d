"""Nobody is sent into a home because somebody else says so."""

from typing import Any

import pytest
from sqlalchemy import select

from backend.domains.estate import service as estate
from backend.kit import db
from backend.kit.auth import Role
from backend.kit.outbox import OutboxRow
from backend.kit.scope import system_scope
from tests.backend.support import User, World, is_problem

HOME = {"community": "sunshine", "building": "3", "unit": "2", "floor": "12", "room": "1201"}
LINE = "非本人住户报修，待客服核实"


@pytest.fixture
def reported(world: World, owner: User) -> dict[str, Any]:
    """A fault in 张伟's home, reported by somebody who lives elsewhere."""
    return owner.open_order(location=HOME)


def told(world: World, number: str) -> dict[int, list[str]]:
    rows = world.rows(select(OutboxRow).where(OutboxRow.text.contains(number)).order_by(OutboxRow.id))
    found: dict[int, list[str]] = {}
    for row in rows:
        found.setdefault(row.person_id, []).append(row.text)
    return found


def correct(world: World, number: str, **changes: Any) -> dict[str, Any]:
    version = world.kefu.get(f"/work-orders/{number}").json()["version"]
    answer = world.kefu.patch(f"/work-orders/{number}", {"version": version, **changes})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


class TestReport:
    def test_it_waits_for_the_desk(self, reported: dict[str, Any]) -> None:
        assert (reported["status"], reported["technician"], reported["confirmation"]) == ("triaged", None, "pending")

    def test_the_history_says_why(self, reported: dict[str, Any]) -> None:
        assert LINE in [line["title"] for line in reported["timeline"]]

    def test_the_desk_is_told(self, world: World, reported: dict[str, Any]) -> None:
        heard = told(world, reported["number"])
        assert any("非本人住户报修" in text for text in heard[world.kefu.id])
        assert world.lishifu.id not in heard

    def test_the_reporter_is_told(self, world: World, owner: User, reported: dict[str, Any]) -> None:
        assert any("客服会先核实" in text for text in told(world, reported["number"])[owner.id])

    def test_an_order_of_ones_own_home_is_dispatched_at_once(self, world: World) -> None:
        order = world.zhangwei.open_order(location=HOME)
        assert (order["status"], order["confirmation"]) == ("dispatched", None)

    def test_ones_own_home_needs_no_unit(self, world: World) -> None:
        order = world.zhangwei.open_order(location={"building": "3", "room": "1201"})
        assert (order["status"], order["location"]["unit"], order["location"]["floor"]) == ("dispatched", "2", "12")

    def test_of_a_public_place_anybody_may_report(self, owner: User) -> None:
        place = {"building": "3", "unit": "2", "place": "大堂"}
        assert owner.open_order(location=place, category="lighting")["status"] == "dispatched"

    def test_one_that_turns_out_to_be_about_another_home_is_the_desks(self, world: World) -> None:
        number = world.zhangwei.open_order(location=HOME)["number"]
        corrected = correct(world, number, location={"room": "1101"})
        assert (corrected["confirmation"], corrected["technician"]["id"]) == ("confirmed", world.lishifu.id)
        is_problem(world.lishifu.post(f"/work-orders/{number}/quotes", {"lines": [{"price_code": "RG-01"}]}), 409)

    def test_a_public_one_that_turns_out_to_be_inside_a_home_too(self, world: World) -> None:
        place = {"building": "3", "unit": "2", "place": "楼道"}
        number = world.wangfang.open_order(location=place, scope="public")["number"]
        assert correct(world, number, scope="private", location=HOME)["confirmation"] == "confirmed"

    def test_one_that_turns_out_to_be_about_ones_own_home_is_dispatched(self, world: World) -> None:
        other = {"community": "sunshine", "building": "3", "unit": "2", "floor": "11", "room": "1101"}
        order = world.zhangwei.open_order(location=other)
        assert (order["confirmation"], order["technician"]) == ("pending", None)
        corrected = correct(world, order["number"], location=HOME)
        assert (corrected["status"], corrected["confirmation"]) == ("dispatched", None)
        quote = {"lines": [{"price_code": "RG-01"}]}
        assert world.lishifu.post(f"/work-orders/{order['number']}/quotes", quote).status_code == 201

    @pytest.mark.parametrize("who", ["kefu", "lishifu"])
    def test_what_staff_report_is_dispatched(self, world: World, who: str) -> None:
        assert getattr(world, who).open_order(location=HOME)["status"] == "dispatched"

    def test_what_the_desk_reports_for_somebody_is_dispatched(self, world: World, owner: User) -> None:
        assert world.kefu.open_order(location=HOME, reporter=owner.username)["status"] == "dispatched"

    def test_a_private_fault_without_a_home_waits_too(self, owner: User) -> None:
        order = owner.open_order(location={"building": "3", "unit": "2"}, scope="private")
        assert (order["technician"], order["confirmation"]) == (None, "pending")

    def test_calling_a_home_public_sends_nobody_there(self, owner: User) -> None:
        order = owner.open_order(location=HOME, scope="public")
        assert (order["technician"], order["confirmation"]) == (None, "pending")

    def test_a_neighbours_water_can_be_reported(self, world: World) -> None:
        items = [{"text": "楼上漏水到我家了", "category": "plumbing", "scope": "private", "scope_confidence": 0.9}]
        order = world.zhangwei.post("/work-orders/reports", {"items": items}).json()["orders"][0]
        assert (order["location"]["room"], order["confirmation"]) == ("1301", "pending")

    def test_danger_does_not_wait(self, world: World, owner: User) -> None:
        order = owner.open_order(location=HOME, urgency="emergency")
        assert (order["status"], order["confirmation"]) == ("dispatched", "pending")
        assert any("非本人住户报修" in text for text in told(world, order["number"])[world.kefu.id])


class TestMeanwhile:
    def test_no_technician_takes_it(self, world: World, reported: dict[str, Any]) -> None:
        is_problem(world.lishifu.move(reported["number"], "accepted"), 404)
        assert reported["number"] not in world.lishifu.get("/work-orders", limit=200).text

    def test_the_household_does_not_read_what_is_said_of_it(self, world: World, reported: dict[str, Any]) -> None:
        is_problem(world.zhangwei.get(f"/work-orders/{reported['number']}"), 404)

    def test_the_reporter_may_take_it_back(self, owner: User, reported: dict[str, Any]) -> None:
        assert owner.move(reported["number"], "cancelled").json()["status"] == "cancelled"

    def test_the_desk_confirms_by_sending_somebody(self, world: World, reported: dict[str, Any]) -> None:
        sent = world.kefu.move(reported["number"], "dispatched").json()
        assert (sent["status"], sent["confirmation"]) == ("dispatched", "confirmed")
        assert world.lishifu.move(reported["number"], "accepted").status_code == 200

    def test_given_back_by_the_only_technician_it_is_free_then(self, world: World) -> None:
        second = world.new(Role.TECHNICIAN, skills=("greening",))
        with world.retired(second):
            number = world.new().open_order(location=HOME, category="greening")["number"]
            world.kefu.move(number, "dispatched", technician=second.id)
            second.move(number, "triaged", note="忙不过来")
            assert second.move(number, "accepted").status_code == 200


def test_the_same_room_number_of_another_unit_is_a_strangers(world: World) -> None:
    with db.transaction(read_only=True) as session, system_scope(session):
        other = estate.find_room_id(session, 1, estate.Location(None, "3", "1", None, "1201"))
    assert other is not None
    assert world.zhangwei.open_order(location={**HOME, "unit": "1"})["confirmation"] == "pending"
