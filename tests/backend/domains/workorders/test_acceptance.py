"""Work that nobody judges: reminders, acceptance by the system, closing; each once, whoever looks and however often."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.domains.workorders import service
from backend.domains.workorders.service import acceptance as by_the_clock
from backend.domains.workorders.terms import AcceptanceTerms, Stage, timetable
from backend.kit import clock
from tests.backend.conftest import sqlite_only
from tests.backend.domains.workorders.judged import at, done, finished, judging, long_ago, rounds, seen, told
from tests.backend.support import World, is_problem, together

HOUR = timedelta(hours=1)
TERMS = {"accept_after_h": 72, "remind_after_h": 24, "last_call_h": 12, "close_after_h": 168}


def sweep(moment: Any) -> int:
    with at(moment):
        return service.sweep()


class TestSilence:
    def test_the_owner_is_reminded_twice_then_the_system_accepts_and_closes(self, world: World) -> None:
        start = long_ago(20)
        number = finished(world, start)
        said = len(told(world, world.zhangwei, number))
        for hours, status, more in ((23, "finished", 0), (25, "finished", 1), (59, "finished", 1), (61, "finished", 2)):
            sweep(start + hours * HOUR)
            assert seen(world.zhangwei, number)["status"] == status
            assert len(told(world, world.zhangwei, number)) == said + more, hours
        sweep(start + 71.99 * HOUR)
        assert seen(world.zhangwei, number)["status"] == "finished"
        sweep(start + 72 * HOUR)
        order = seen(world.zhangwei, number)
        assert order["status"] == "accepted_by_owner"
        line = order["timeline"][-1]
        assert (line["actor"]["kind"], line["title"]) == ("system", "系统验收")
        assert "72 小时" in line["text"]
        sweep(start + 72 * HOUR + 167 * HOUR)
        assert seen(world.zhangwei, number)["status"] == "accepted_by_owner"
        sweep(start + 72 * HOUR + 168 * HOUR)
        assert seen(world.zhangwei, number)["status"] == "closed"
        assert judging(world.zhangwei, number)["stage"] == "over"

    @sqlite_only
    def test_reminders_have_buttons_and_say_until_when(self, world: World) -> None:
        start = long_ago(8)
        number = finished(world, start)
        for hours in (24, 60, 72):
            sweep(start + hours * HOUR)
        reminder, last, accepted = told(world, world.zhangwei, number)[-3:]
        for notice in (reminder, last):
            assert [b["title"] for b in notice.payload["buttons"]] == ["验收通过", "没修好"]
            assert clock.local(start + 72 * HOUR).strftime("%H:%M") in notice.text
        assert [b["title"] for b in accepted.payload["buttons"]] == ["没修好", "评价"]
        assert any("系统已验收" in n.text for n in told(world, world.lishifu, number))

    @sqlite_only
    def test_a_worker_that_was_away_accepts_at_once_without_old_reminders(self, world: World) -> None:
        start = long_ago(9)
        number = finished(world, start)
        said = len(told(world, world.zhangwei, number))
        sweep(start + 90 * HOUR)
        assert seen(world.zhangwei, number)["status"] == "accepted_by_owner"
        assert len(told(world, world.zhangwei, number)) == said + 1

    def test_two_sweeps_at_once_do_everything_once(self, world: World) -> None:
        start = long_ago(10)
        numbers = [finished(world, start) for _ in range(3)]
        with at(start + 73 * HOUR):
            together([service.sweep] * 3)
            service.sweep()
        for number in numbers:
            order = seen(world.zhangwei, number)
            assert [line["to_status"] for line in order["timeline"]].count("accepted_by_owner") == 1
            assert sum("一直没有您的回音" in n.text for n in told(world, world.zhangwei, number)) == 1

    def test_a_worker_that_dies_in_the_middle_loses_nothing(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        start = long_ago(11)
        number = finished(world, start)

        def dies(*_: Any) -> None:
            raise RuntimeError("killed")

        monkeypatch.setattr(by_the_clock, "_accept", dies)
        sweep(start + 73 * HOUR)
        assert (seen(world.zhangwei, number)["status"], judging(world.zhangwei, number)["stage"]) == (
            "finished",
            "waiting",
        )
        monkeypatch.undo()
        sweep(start + 73 * HOUR)
        assert seen(world.zhangwei, number)["status"] == "accepted_by_owner"

    def test_owner_and_system_at_the_same_moment(self, world: World) -> None:
        start = long_ago(12)
        number = finished(world, start)
        with at(start + 73 * HOUR):
            together([service.sweep, lambda: world.zhangwei.move(number, "accepted_by_owner")])
            service.sweep()
        order = seen(world.zhangwei, number)
        assert order["status"] == "accepted_by_owner"
        assert [line["to_status"] for line in order["timeline"]].count("accepted_by_owner") == 1
        assert [r.stage for r in rounds(world, number)] == ["accepted"]


class TestJudged:
    @sqlite_only
    def test_who_accepts_is_not_reminded_any_more(self, world: World) -> None:
        start = long_ago(6)
        number = finished(world, start)
        with at(start + HOUR):
            world.zhangwei.move(number, "accepted_by_owner")
        said = len(told(world, world.zhangwei, number))
        sweep(start + 73 * HOUR)
        assert len(told(world, world.zhangwei, number)) == said
        assert judging(world.zhangwei, number)["by_system"] is False

    @sqlite_only
    def test_work_that_was_refused_has_a_round_of_its_own_when_done_again(self, world: World) -> None:
        start = long_ago(14)
        number = finished(world, start)
        with at(start + 70 * HOUR):
            assert world.zhangwei.move(number, "reopened", note="还漏").json()["status"] == "dispatched"
        sweep(start + 80 * HOUR)
        assert seen(world.zhangwei, number)["status"] == "dispatched"
        done(world, number, start + 100 * HOUR)
        sweep(start + 130 * HOUR)
        assert seen(world.zhangwei, number)["status"] == "finished"
        sweep(start + 172 * HOUR)
        assert seen(world.zhangwei, number)["status"] == "accepted_by_owner"
        assert [(r.round, r.stage) for r in rounds(world, number)] == [(1, "over"), (2, "accepted")]

    @sqlite_only
    def test_what_the_system_accepted_may_still_be_refused(self, world: World) -> None:
        start = long_ago(7)
        number = finished(world, start)
        sweep(start + 72 * HOUR)
        with at(start + 80 * HOUR):
            assert world.zhangwei.move(number, "reopened", note="又漏了").json()["status"] == "dispatched"

    @sqlite_only
    def test_a_rating_closes_it_before_the_system_does(self, world: World) -> None:
        start = long_ago(15)
        number = finished(world, start)
        with at(start + HOUR):
            assert world.zhangwei.post(f"/work-orders/{number}/rating", {"stars": 5}).json()["status"] == "closed"
        sweep(start + 300 * HOUR)
        assert [line["to_status"] for line in seen(world.zhangwei, number)["timeline"]].count("closed") == 1

    @sqlite_only
    def test_nobody_can_pass_for_the_system(self, world: World) -> None:
        number = finished(world, long_ago(1))
        problem = is_problem(world.lishifu.move(number, "accepted_by_owner"), 403)
        assert "系统" not in problem["detail"]


class TestWithoutOwner:
    @sqlite_only
    def test_the_desk_is_asked_and_reminded_and_then_the_system_accepts(self, world: World) -> None:
        start = long_ago(13)
        fields = {"scope": "public", "location": {"place": "水泵房"}}
        number = finished(world, start, world.lishifu, **fields)
        sweep(start + 24 * HOUR)
        assert any("请客服看一下" in n.text for n in told(world, world.kefu, number))
        assert not any("请客服看一下" in n.text for n in told(world, world.lishifu, number))
        sweep(start + 72 * HOUR)
        assert seen(world.kefu, number)["status"] == "accepted_by_owner"


class TestTerms:
    @sqlite_only
    def test_an_estate_may_have_its_own_hours(self, world: World) -> None:
        start, path = long_ago(5), "/work-orders/terms?community=lakeside"
        own = {"accept_after_h": 48, "remind_after_h": 12, "last_call_h": 6, "close_after_h": 24}
        answer = world.quyu.call("PUT", path, json=own)
        assert answer.status_code == 200, answer.text
        made = world.chenjing
        with at(start):
            number = made.open_order(category="hvac", location={"place": "湖心亭"})["number"]
            for to in ("dispatched", "accepted", "on_site", "finished"):
                technician = self.technician(world).id if to == "dispatched" else None
                assert world.quyu.move(number, to, note="好了", technician=technician).status_code == 200
        sweep(start + 47 * HOUR)
        assert seen(made, number)["status"] == "finished"
        sweep(start + 48 * HOUR)
        assert seen(made, number)["status"] == "accepted_by_owner"
        assert world.quyu.get("/work-orders/terms", community="sunshine").json()["accept_after_h"] == 72

    @staticmethod
    def technician(world: World) -> Any:
        from backend.kit.auth import Role

        return world.new(Role.TECHNICIAN, "lakeside", skills=("greening",))

    @sqlite_only
    def test_they_are_in_order_and_the_managers(self, world: World) -> None:
        path = "/work-orders/terms?community=sunshine"
        is_problem(world.kefu.call("PUT", path, json=TERMS), 403)
        is_problem(world.zhangwei.get("/work-orders/terms", community="sunshine"), 403)
        is_problem(world.jingli.call("PUT", path, json={**TERMS, "remind_after_h": 70}), 422)
        is_problem(world.jingli.call("PUT", path, json={**TERMS, "warranty_days": {"magic": 3}}), 422)
        is_problem(world.jingli.get("/work-orders/terms", community="lakeside"), 422)

    @settings(max_examples=80)
    @given(st.integers(1, 200), st.integers(1, 200), st.integers(1, 200), st.lists(st.integers(0, 400), max_size=6))
    def test_whenever_one_looks_the_steps_are_in_order_and_each_comes_once(
        self, accept: int, remind: int, last: int, looks: list[int]
    ) -> None:
        start = long_ago(0)
        moments = timetable(start, AcceptanceTerms(accept, min(remind, accept), min(last, accept), 1))
        stage, seen_stages = Stage.WAITING, []
        for hours in sorted(looks):
            found = moments.due(stage, start + hours * HOUR) if stage is not Stage.ACCEPTED else None
            assert found is not stage
            if found is not None:
                stage = found
                seen_stages.append(found)
            assert (stage is Stage.ACCEPTED) is (hours >= accept)
        assert len(set(seen_stages)) == len(seen_stages)
