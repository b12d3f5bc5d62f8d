"""Complaints: filing, who sees them, the answer, refusing it once, and the deadlines."""

import json
import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from backend.domains.complaints import service
from backend.domains.complaints.domain import ALARMS, MOVES, Due, Status, next_alarm, ringing
from backend.kit import clock
from backend.kit.auth import Role
from backend.kit.outbox import OutboxRow
from tests.backend.conftest import sqlite_only
from tests.backend.domains.workorders.judged import at, finished, long_ago
from tests.backend.support import User, World, is_problem, together

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def file(who: User, words: str = "保安态度太差", key: str | None = None, **more: Any) -> dict[str, Any]:
    answer = who.post("/complaints", {"words": words, **more}, key)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def seen(who: User, number: str) -> dict[str, Any]:
    answer = who.get(f"/complaints/{number}")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def move(who: User, number: str, to: str, **more: Any) -> Any:
    return who.post(f"/complaints/{number}/transitions", {"to": to, **more})


def answer(who: User, number: str, text: str = "已批评教育，并安排轮岗", **more: Any) -> Any:
    return who.post(f"/complaints/{number}/answers", {"text": text, **more})


def told(world: World, who: User, number: str) -> list[OutboxRow]:
    query = select(OutboxRow).where(OutboxRow.person_id == who.id, OutboxRow.text.contains(number))
    return world.rows(query.order_by(OutboxRow.id))


def refused(world: World, who: User, by: User | None = None) -> str:
    number = str(file(who)["number"])
    assert answer(by or world.kefu, number).status_code == 200
    assert move(who, number, "refused", note="避重就轻").status_code == 200
    return number


def bot(world: World, who: User) -> User:
    return world.user(who.id, who.username, via="bot", channel="wechat", message_id="m")


class TestFile:
    @sqlite_only
    def test_it_has_a_number_and_deadlines_and_customer_service_hears(self, world: World, owner: User) -> None:
        made = file(owner, "保安态度太差", kind="security")
        assert made["number"].startswith(f"TS-SH{clock.local(clock.now()):%y%m}-")
        assert (made["status"], made["kind_title"], made["joined"]) == ("received", "安保秩序", False)
        reply, final = (datetime.fromisoformat(made[k]) for k in ("reply_by", "answer_by"))
        created = datetime.fromisoformat(made["created_at"])
        assert (reply - created, final - created) == (24 * HOUR, 7 * DAY)
        (notice,) = told(world, world.kefu, made["number"])
        assert "保安态度太差" in notice.text
        assert told(world, owner, made["number"]) == []

    def test_one_key_is_one_complaint_also_at_once(self, world: World, owner: User) -> None:
        key = uuid.uuid4().hex
        body = {"words": "电梯天天坏"}
        answers = together([lambda: owner.post("/complaints", body, key)] * 3)
        assert {a.json()["number"] for a in answers if a.status_code == 201} == {
            file(owner, "电梯天天坏", key)["number"]
        }
        assert len(owner.get("/complaints").json()["items"]) == 1

    def test_numbers_are_given_once(self, world: World) -> None:
        people = [world.new() for _ in range(4)]
        made = together([lambda p=p: file(p) for p in people])
        assert len({m["number"] for m in made}) == 4

    @sqlite_only
    def test_angry_words_in_several_messages_are_one(self, world: World, owner: User) -> None:
        chat = bot(world, owner)
        first, second = file(chat, "物业太差了"), file(chat, "三天没人来收垃圾")
        assert (second["number"], second["joined"]) == (first["number"], True)
        assert [t["text"] for t in seen(owner, first["number"])["timeline"]] == ["物业太差了", "三天没人来收垃圾"]
        assert answer(world.kefu, first["number"]).status_code == 200
        assert file(chat, "还是没人来")["number"] != first["number"]

    @sqlite_only
    def test_the_desk_files_for_somebody(self, world: World, owner: User) -> None:
        made = file(world.kefu, complainant=owner.id)
        assert seen(owner, made["number"])["words"] == "保安态度太差"
        assert "编号" in told(world, owner, made["number"])[0].text
        is_problem(owner.post("/complaints", {"words": "他家太吵", "complainant": world.zhangwei.id}), 403)


class TestWhoSees:
    def test_only_who_complained_and_the_desk(self, world: World, owner: User) -> None:
        number = file(owner)["number"]
        for who in (world.zhangwei, world.lishifu, world.caiwu, world.chenjing):
            is_problem(who.get(f"/complaints/{number}"), 404)
            assert number not in [c["number"] for c in who.get("/complaints", limit=200).json()["items"]]
        for who in (owner, world.kefu, world.jingli, world.quyu):
            assert number in [c["number"] for c in who.get("/complaints", limit=200).json()["items"]]

    @sqlite_only
    def test_the_technician_of_the_order_does_not_see_it(self, world: World) -> None:
        order = finished(world, long_ago(0.1))
        made = file(world.zhangwei, "师傅乱收费", order_number=order)
        assert made["order_number"] == order
        assert made["against_name"] is None
        assert seen(world.kefu, made["number"])["against_name"] == "李强"
        is_problem(world.lishifu.get(f"/complaints/{made['number']}"), 404)
        assert told(world, world.lishifu, made["number"]) == []
        assert made["number"] not in json.dumps(world.lishifu.get(f"/work-orders/{order}").json(), ensure_ascii=False)

    @sqlite_only
    def test_whom_it_is_about_is_one_of_the_staff_and_said_by_the_desk(self, world: World, owner: User) -> None:
        there = world.new(Role.TECHNICIAN, "lakeside")
        with world.retired(there):
            for person in (owner.id, there.id, 2**40):
                body = {"words": "态度差", "complainant": owner.id, "against": person}
                problem = is_problem(world.kefu.post("/complaints", body), 422)
                assert problem["errors"] == [{"field": "against", "message": "不是本小区的员工"}]
            for person in (there.id, world.lishifu.id):
                problem = is_problem(owner.post("/complaints", {"words": "态度差", "against": person}), 422)
                assert problem["errors"] == [{"field": "against", "message": "只有客服可以填"}]
            problem = is_problem(owner.post("/complaints", {"words": "态度差", "technician": "李师傅"}), 422)
            assert [e["field"] for e in problem["errors"]] == ["technician"]
        assert owner.get("/complaints").json()["items"] == []
        made = file(world.kefu, "态度差", complainant=owner.id, against=world.lishifu.id)
        assert made["against_name"] == "李强"

    @sqlite_only
    def test_nor_does_a_colleague_of_the_desk_whom_it_is_about(self, world: World, owner: User) -> None:
        other = world.new(Role.CUSTOMER_SERVICE)
        with world.retired(other):
            number = file(world.kefu, "客服态度差", complainant=owner.id, against=other.id)["number"]
            is_problem(other.get(f"/complaints/{number}"), 404)
            is_problem(answer(other, number), 404)
            assert told(world, other, number) == []
            assert other.get("/complaints", q=number).json()["items"] == []

    @sqlite_only
    def test_an_order_of_others_is_as_good_as_absent(self, world: World, owner: User) -> None:
        order = finished(world, long_ago(0.1))
        is_problem(owner.post("/complaints", {"words": "太慢", "order_number": order}), 404)

    @sqlite_only
    def test_what_the_desk_notes_stays_inside(self, world: World, owner: User) -> None:
        number = file(owner)["number"]
        world.kefu.post(f"/complaints/{number}/notes", {"text": "已看监控，确有其事"})
        owner.post(f"/complaints/{number}/notes", {"text": "有录像"}, "k" + number)
        owner.post(f"/complaints/{number}/notes", {"text": "有录像"}, "k" + number)
        mine = [t["text"] for t in seen(owner, number)["timeline"]]
        assert mine == ["保安态度太差", "有录像"]
        assert "已看监控，确有其事" in [t["text"] for t in seen(world.kefu, number)["timeline"]]


class TestAnswer:
    @sqlite_only
    def test_from_received_to_accepted(self, world: World, owner: User) -> None:
        number = file(owner)["number"]
        assert [m["to"] for m in seen(world.kefu, number)["allowed"]] == ["investigating"]
        taken = move(world.kefu, number, "investigating").json()
        assert taken["handler_name"] == "周敏"
        assert "客服周敏处理" in told(world, owner, number)[-1].text
        is_problem(move(world.kefu, number, "answered"), 422)
        assert answer(world.kefu, number).json()["status"] == "answered"
        notice = told(world, owner, number)[-1]
        assert "已批评教育" in notice.text
        assert [(b["title"], b["payload"]) for b in notice.payload["buttons"]] == [
            ("认可", f'/accept_answer{{"complaint_number": "{number}"}}'),
            ("不认可", f'/refuse_answer{{"complaint_number": "{number}"}}'),
        ]
        is_problem(move(world.kefu, number, "accepted"), 403)
        first, second = move(owner, number, "accepted").json(), move(owner, number, "accepted").json()
        assert (first["status"], second["version"]) == ("accepted", first["version"])
        assert "认可了答复" in told(world, world.kefu, number)[-1].text
        is_problem(owner.post(f"/complaints/{number}/notes", {"text": "等等"}), 409)

    @sqlite_only
    def test_an_answer_right_away_begins_it_too(self, world: World, owner: User) -> None:
        number = file(owner)["number"]
        moved = [t["to_status"] for t in answer(world.kefu, number).json()["timeline"]]
        assert moved == ["received", "investigating", "answered"]

    @sqlite_only
    def test_nobody_answers_their_own(self, world: World) -> None:
        number = file(world.kefu)["number"]
        is_problem(answer(world.kefu, number), 403)

    def test_of_two_answers_at_once_one_counts(self, world: World, owner: User) -> None:
        number = file(owner)["number"]
        both = [lambda w=w: answer(w, number, f"{w.username}的答复") for w in (world.kefu, world.jingli)]
        assert sorted(a.status_code for a in together(both)) == [200, 409]
        assert len([n for n in told(world, owner, number) if "您认可吗" in n.text]) == 1

    @sqlite_only
    def test_a_stale_page_is_told_so(self, world: World, owner: User) -> None:
        made = file(owner)
        move(world.kefu, made["number"], "investigating")
        is_problem(answer(world.kefu, made["number"], version=made["version"]), 409)

    @sqlite_only
    def test_it_can_be_withdrawn_until_it_is_answered(self, world: World, owner: User) -> None:
        number = file(owner)["number"]
        assert move(owner, number, "withdrawn", note="误会了").json()["status"] == "withdrawn"
        assert "误会了" in told(world, world.kefu, number)[-1].text
        is_problem(answer(world.kefu, number), 409)


class TestRefuse:
    @sqlite_only
    def test_somebody_else_and_above_answers_again(self, world: World, owner: User) -> None:
        number = refused(world, owner)
        stands = seen(owner, number)
        assert (stands["status"], stands["round"], stands["level_title"]) == ("investigating", 2, "项目经理")
        assert "避重就轻" in told(world, world.jingli, number)[-1].text
        is_problem(answer(world.kefu, number), 403)
        assert [m["to"] for m in seen(world.kefu, number)["allowed"]] == []
        assert answer(world.jingli, number, "已换人，退还费用").json()["status"] == "answered"

    def test_only_once(self, world: World, owner: User) -> None:
        number = refused(world, owner)
        assert move(owner, number, "refused").json()["round"] == 2  # the same tap again
        answer(world.jingli, number, "已换人")
        notice = told(world, owner, number)[-1]
        assert "12345" in notice.text
        assert [b["title"] for b in notice.payload["buttons"]] == ["结束"]
        problem = is_problem(move(owner, number, "refused"), 409)
        assert problem["type"] == "/problems/refused-twice"
        assert "12345" in problem["detail"]
        assert [m["to"] for m in seen(owner, number)["allowed"]] == ["closed"]
        assert move(owner, number, "closed").json()["status"] == "closed"

    def test_two_taps_at_once_are_one_refusal(self, world: World, owner: User) -> None:
        number = file(owner)["number"]
        answer(world.kefu, number)
        together([lambda: move(owner, number, "refused")] * 3)
        lines = [t["to_status"] for t in seen(owner, number)["timeline"]]
        assert lines.count("refused") == 1
        assert seen(owner, number)["round"] == 2

    @sqlite_only
    def test_a_manager_who_answered_first_is_not_the_one_who_answers_again(self, world: World, owner: User) -> None:
        number = refused(world, owner, world.jingli)
        assert seen(world.kefu, number)["level"] == "regional"
        problem = is_problem(answer(world.jingli, number), 403)
        assert problem["type"] == "/problems/another-must-answer"
        assert told(world, world.quyu, number)
        assert answer(world.quyu, number, "区域已复核").status_code == 200

    @pytest.mark.parametrize("round_", [1, 2])
    def test_every_state_has_a_way_out_or_is_an_end(self, round_: int) -> None:
        table = MOVES[round_]
        ends = {Status.ACCEPTED, Status.CLOSED, Status.WITHDRAWN}
        assert {m.frm for m in table} == set(Status) - ends
        assert (Status.ANSWERED, Status.REFUSED) not in {(m.frm, m.to) for m in table} or round_ == 1


class TestDeadlines:
    def sweep(self, moment: datetime) -> int:
        with at(moment):
            return service.sweep()

    def test_a_reply_is_reminded_of_then_goes_up_twice_each_once(self, world: World) -> None:
        start, owner = long_ago(20), world.new()
        with at(start):
            number = file(owner)["number"]
        before = len(told(world, world.kefu, number))
        for hours, who, level in (
            (19, None, "customer_service"),
            (20, world.kefu, "customer_service"),
            (24, world.jingli, "manager"),
            (36, world.quyu, "regional"),
        ):
            heard = len(told(world, who, number)) if who else 0
            for _ in range(2):
                self.sweep(start + hours * HOUR)
            assert seen(world.kefu, number)["level"] == level
            assert who is None or len(told(world, who, number)) == heard + 1
        assert len(told(world, world.kefu, number)) == before + 1
        assert not any(t["internal"] for t in seen(owner, number)["timeline"])
        assert any("转区域经理" in t["title"] for t in seen(world.kefu, number)["timeline"])

    def test_two_workers_at_once_ring_once(self, world: World) -> None:
        start, owner = long_ago(19), world.new()
        with at(start):
            number = file(owner)["number"]
        with at(start + 24 * HOUR):
            together([service.sweep] * 3)
        assert sum("超时" in n.text for n in told(world, world.jingli, number)) == 1
        assert not any("快到期" in n.text for n in told(world, world.kefu, number))

    @sqlite_only
    def test_what_was_taken_in_time_waits_for_its_answer(self, world: World) -> None:
        start, owner = long_ago(18), world.new()
        with at(start):
            number = file(owner)["number"]
            move(world.kefu, number, "investigating")
        self.sweep(start + 6 * DAY - HOUR)
        assert not any("超时" in n.text for n in told(world, world.jingli, number))
        self.sweep(start + 6 * DAY)
        assert "给出答复" in told(world, world.kefu, number)[-1].text
        self.sweep(start + 7 * DAY)
        assert "超时" in told(world, world.jingli, number)[-1].text
        assert number in [c["number"] for c in world.kefu.get("/complaints", late=True, limit=200).json()["items"]]

    def test_silence_after_an_answer_ends_it(self, world: World) -> None:
        start, owner = long_ago(17), world.new()
        with at(start):
            number = file(owner)["number"]
            answer(world.kefu, number)
        self.sweep(start + 7 * DAY - HOUR)
        assert seen(owner, number)["status"] == "answered"
        self.sweep(start + 7 * DAY)
        stands = seen(owner, number)
        assert (stands["status"], stands["timeline"][-1]["actor_kind"]) == ("closed", "system")
        assert "先结束了" in told(world, owner, number)[-1].text

    @sqlite_only
    def test_a_refused_answer_has_a_new_deadline(self, world: World) -> None:
        start, owner = long_ago(16), world.new()
        with at(start):
            number = file(owner)["number"]
            answer(world.kefu, number)
        with at(start + DAY):
            move(owner, number, "refused")
        self.sweep(start + 8 * DAY - HOUR)
        assert not any("超时" in n.text for n in told(world, world.jingli, number))
        self.sweep(start + 8 * DAY)
        assert any("超时" in n.text for n in told(world, world.jingli, number))

    @sqlite_only
    def test_an_estate_may_have_its_own(self, world: World) -> None:
        path = "/complaints/terms?community=lakeside"
        is_problem(world.kefu.get("/complaints/terms", community="lakeside"), 422)
        is_problem(world.kefu.call("PUT", path, json={"reply_h": 1, "answer_d": 1, "close_d": 1}), 403)
        assert world.quyu.call("PUT", path, json={"reply_h": 2, "answer_d": 3, "close_d": 4}).status_code == 200
        made = file(world.chenjing)
        created = datetime.fromisoformat(made["created_at"])
        assert datetime.fromisoformat(made["reply_by"]) - created == 2 * HOUR
        assert made["number"].startswith("TS-LS")

    @given(st.sampled_from(Due), st.lists(st.integers(-100, 400), max_size=8))
    def test_whenever_one_looks_each_alarm_rings_at_most_once_and_none_that_goes_up_is_lost(
        self, due: Due, looks: list[int]
    ) -> None:
        due_at, rung, rang = long_ago(0), 0, []
        for hours in sorted(looks):
            now = due_at + hours * HOUR
            rang += ringing(due, due_at, rung, now)
            while (moment := next_alarm(due, due_at, rung)) is not None and moment <= now:
                rung += 1
        assert len(rang) == len(set(rang))
        last = max(looks, default=-1000)
        up = [a for a in ALARMS[due] if a.level and a.after <= last * HOUR]
        assert [a for a in rang if a.level] == up
