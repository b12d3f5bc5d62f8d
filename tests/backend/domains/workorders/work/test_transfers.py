"""Handing over to a named colleague: asked, answered once, and the holder changes only then."""

from typing import Any

import pytest
from sqlalchemy import select

from backend.kit.auth import Role
from backend.kit.outbox import OutboxRow
from tests.backend.conftest import sqlite_only
from tests.backend.domains.workorders.work.acting import do, done, heard, in_chat, job, lines, work
from tests.backend.support import User, World, is_problem

pytestmark = sqlite_only


def asked(world: World, status: str = "accepted", **more: Any) -> tuple[str, int]:
    number = job(world, status, **more)
    shown = done(world.lishifu, number, "transfers", to_person_id=world.zhaoshifu.id, reason="要登高证")
    return number, int(shown["transfers"][0]["id"])


def decide(who: User, number: str, at: int, decision: str, **more: Any) -> Any:
    return who.post(f"/work-orders/{number}/transfers/{at}/decision", {"decision": decision, **more})


def holder(world: World, number: str) -> str:
    return str(world.kefu.get(f"/work-orders/{number}").json()["technician"]["name"])


class TestNames:
    @pytest.mark.parametrize("name", ["赵军", "老赵", "赵师傅"])
    def test_a_colleague_may_be_named(self, world: World, name: str) -> None:
        number = job(world, "accepted")
        shown = done(world.lishifu, number, "transfers", to_name=name, reason="要登高证")
        assert shown["transfers"][0]["to"]["name"] == "赵军"

    @pytest.mark.parametrize("name", ["钱多多", "师傅"])
    def test_a_name_that_nobody_has_is_said(self, world: World, name: str) -> None:
        number = job(world, "accepted")
        answer = do(world.lishifu, number, "transfers", to_name=name, reason="要登高证")
        assert name in is_problem(answer, 422)["detail"]

    def test_one_of_both_is_needed(self, world: World) -> None:
        number = job(world, "accepted")
        is_problem(do(world.lishifu, number, "transfers", reason="要登高证"), 422)


class TestAsk:
    def test_until_it_is_answered_the_holder_stays(self, world: World) -> None:
        number, _ = asked(world)
        shown = work(world.lishifu, number)["transfers"][0]
        assert (shown["status"], shown["from"]["name"], shown["to"]["name"], shown["may"]) == (
            "pending", "李强", "赵军", ["withdraw"],
        )  # fmt: skip
        assert work(world.zhaoshifu, number)["transfers"][0]["may"] == ["accept", "decline"]
        assert holder(world, number) == "李强"

    def test_the_colleague_gets_buttons_and_the_desk_is_told(self, world: World) -> None:
        number, _ = asked(world)
        rows = world.rows(select(OutboxRow).where(OutboxRow.person_id == world.zhaoshifu.id))
        buttons = [r.payload["buttons"] for r in rows if number in r.text and "转给您" in r.text]
        assert [[b["title"] for b in found] for found in buttons] == [["接单", "不接"]]
        assert any("请求转单" in text for text in heard(world, world.kefu, number))

    def test_owners_read_nothing_of_it(self, world: World) -> None:
        number, _ = asked(world)
        assert work(world.zhangwei, number)["transfers"] == []
        assert not any("登高证" in line for line in lines(world.zhangwei, number))

    def test_the_same_again_asks_once(self, world: World) -> None:
        number, at = asked(world)
        again = done(world.lishifu, number, "transfers", to_person_id=world.zhaoshifu.id, reason="要登高证")
        assert [t["id"] for t in again["transfers"]] == [at]

    def test_one_at_a_time(self, world: World) -> None:
        number, _ = asked(world)
        third = world.new(Role.TECHNICIAN)
        with world.retired(third):
            is_problem(do(world.lishifu, number, "transfers", to_person_id=third.id, reason="x"), 409)

    def test_only_by_the_holder_and_only_to_a_colleague(self, world: World) -> None:
        number = job(world)
        is_problem(do(world.kefu, number, "transfers", to_person_id=world.zhaoshifu.id, reason="x"), 403)
        is_problem(do(world.zhangwei, number, "transfers", to_person_id=world.zhaoshifu.id, reason="x"), 403)
        for person in (world.lishifu, world.kefu, world.zhangwei):
            is_problem(do(world.lishifu, number, "transfers", to_person_id=person.id, reason="x"), 422)
        is_problem(do(world.lishifu, number, "transfers", to_person_id=world.zhaoshifu.id), 422)


class TestAccept:
    @pytest.mark.parametrize(
        ("status", "then"), [("dispatched", "accepted"), ("accepted", "accepted"), ("on_site", "on_site")]
    )
    def test_the_holder_changes(self, world: World, status: str, then: str) -> None:
        number, at = asked(world, status)
        assert decide(world.zhaoshifu, number, at, "accept").json()["status"] == "accepted"
        assert (holder(world, number), work(world.kefu, number)["status"]) == ("赵军", then)
        is_problem(world.lishifu.get(f"/work-orders/{number}"), 404)
        assert "转单 改由赵师傅处理" in lines(world.zhangwei, number)
        assert any("改由赵师傅来处理" in text for text in heard(world, world.zhangwei, number))
        assert any("赵师傅接了" in text for text in heard(world, world.lishifu, number))
        assert any("已转单：李师傅 → 赵师傅" in text for text in heard(world, world.kefu, number))

    def test_suspended_work_waits_on(self, world: World) -> None:
        number = job(world)
        world.lishifu.move(number, "suspended", note="等配件", reason_kind="waiting_parts")
        shown = done(world.lishifu, number, "transfers", to_person_id=world.zhaoshifu.id, reason="休假")
        decide(world.zhaoshifu, number, shown["transfers"][0]["id"], "accept")
        assert work(world.zhaoshifu, number)["suspended"]["kind"] == "waiting_parts"

    def test_a_mate_who_takes_over_is_no_mate_any_more(self, world: World) -> None:
        number = job(world)
        done(world.lishifu, number, "mates", person_id=world.zhaoshifu.id)
        shown = done(world.lishifu, number, "transfers", to_person_id=world.zhaoshifu.id, reason="换我")
        decide(world.zhaoshifu, number, shown["transfers"][0]["id"], "accept")
        assert work(world.kefu, number)["mates"] == []

    @pytest.mark.parametrize("status", ["dispatched", "accepted", "on_site"])
    def test_the_buttons_in_chat_answer_it(self, world: World, status: str) -> None:
        number, _ = asked(world, status)
        assert in_chat(world, world.zhaoshifu).move(number, "accepted").status_code == 200
        assert holder(world, number) == "赵军"


class TestDecline:
    def test_the_holder_keeps_it_and_hears_why(self, world: World) -> None:
        number, at = asked(world)
        assert decide(world.zhaoshifu, number, at, "decline", note="手上满了").json()["status_title"] == "没接"
        assert holder(world, number) == "李强"
        assert any("赵师傅没接（手上满了）" in text for text in heard(world, world.lishifu, number))
        assert any("请改派" in text for text in heard(world, world.kefu, number))
        is_problem(world.zhaoshifu.get(f"/work-orders/{number}"), 404)

    def test_in_chat(self, world: World) -> None:
        number, _ = asked(world)
        assert in_chat(world, world.zhaoshifu).move(number, "triaged", note="师傅不接单").status_code == 200
        assert (holder(world, number), work(world.kefu, number)["status"]) == ("李强", "accepted")


class TestDecisions:
    @pytest.mark.parametrize("decision", ["accept", "decline"])
    def test_the_same_twice_changes_nothing(self, world: World, decision: str) -> None:
        number, at = asked(world)
        first = decide(world.zhaoshifu, number, at, decision).json()
        written = lines(world.kefu, number)
        assert decide(world.zhaoshifu, number, at, decision).json() == first
        assert lines(world.kefu, number) == written

    def test_another_after_it_is_refused(self, world: World) -> None:
        number, at = asked(world)
        decide(world.zhaoshifu, number, at, "decline")
        problem = is_problem(decide(world.zhaoshifu, number, at, "accept"), 409)
        assert problem["type"] == "/problems/transfer-decided"

    def test_only_who_was_asked_answers(self, world: World) -> None:
        number, at = asked(world)
        for who, status in ((world.lishifu, 403), (world.kefu, 403), (world.zhangwei, 404), (world.chenjing, 404)):
            is_problem(decide(who, number, at, "accept"), status)
        is_problem(decide(world.zhaoshifu, number, at, "withdraw"), 403)
        is_problem(decide(world.zhaoshifu, number, at + 10_000, "accept"), 404)

    @pytest.mark.parametrize("who", ["lishifu", "kefu"])
    def test_it_may_be_withdrawn_and_asked_again(self, world: World, who: str) -> None:
        number, at = asked(world)
        assert decide(getattr(world, who), number, at, "withdraw").json()["status"] == "withdrawn"
        assert any("转单已取消" in text for text in heard(world, world.zhaoshifu, number))
        is_problem(decide(world.zhaoshifu, number, at, "accept"), 409)
        again = done(world.lishifu, number, "transfers", to_person_id=world.zhaoshifu.id, reason="还是要转")
        assert [t["status"] for t in again["transfers"]] == ["withdrawn", "pending"]

    @pytest.mark.parametrize(
        ("who", "to", "more"),
        [
            ("lishifu", "finished", {"note": "好了"}),
            ("lishifu", "triaged", {"note": "不行"}),
            ("kefu", "cancelled", {"note": "不修了"}),
        ],
    )
    def test_it_is_over_when_the_order_moves_on(self, world: World, who: str, to: str, more: dict[str, Any]) -> None:
        number, at = asked(world, "accepted" if to == "triaged" else "on_site")
        assert getattr(world, who).move(number, to, **more).status_code == 200
        assert work(world.kefu, number)["transfers"][0]["status"] == "lapsed"
        is_problem(decide(world.zhaoshifu, number, at, "accept"), 409)

    def test_it_is_over_when_the_desk_gives_the_order_to_somebody(self, world: World) -> None:
        number, _ = asked(world)
        world.kefu.move(number, "dispatched", technician=world.zhaoshifu.id)
        assert work(world.kefu, number)["transfers"][0]["status"] == "lapsed"
        assert world.zhaoshifu.move(number, "accepted").json()["status"] == "accepted"
