"""A merge taken back: how urgent the master is then, what it promises, and its clocks; an order is merged once."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from backend.kit import clock
from tests.backend.conftest import sqlite_only
from tests.backend.support import User, World, is_problem, together

LOBBY = {"community": "sunshine", "building": "3", "unit": "2", "place": "大堂"}


class Now:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.at = clock.now()

    def later(self, minutes: float) -> None:
        self.at += timedelta(minutes=minutes)


@pytest.fixture
def now() -> Iterator[Now]:
    moment = Now()
    with clock.use_clock(lambda: moment.at):
        yield moment


def public(who: User, urgency: str = "normal", **more: Any) -> str:
    fields = {"category": "greening", "scope": "public", "fault": "大堂灯不亮", "location": LOBBY}
    return str(who.open_order(urgency=urgency, **{**fields, **more})["number"])


def several(world: World, *urgencies: str) -> list[str]:
    """Open an order of each urgency, each by somebody new."""
    return [public(world.new(), urgency) for urgency in urgencies]


def merge(world: World, number: str, into: str) -> None:
    answer = world.kefu.move(number, "merged", into=into)
    assert answer.status_code == 200, answer.text


def unmerge(world: World, number: str) -> None:
    answer = world.kefu.post(f"/work-orders/{number}/unmerge")
    assert answer.status_code == 200, answer.text


def seen(world: World, number: str) -> dict[str, Any]:
    answer = world.kefu.get(f"/work-orders/{number}")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def urgency(world: World, number: str) -> str:
    return str(seen(world, number)["urgency"])


def clocks_of(world: World, number: str) -> list[dict[str, Any]]:
    answer = world.kefu.get(f"/work-orders/{number}/clocks")
    assert answer.status_code == 200, answer.text
    return list(answer.json())


def timed(world: World, number: str) -> dict[str, Any]:
    """Return what a master is held to: its urgency, its promise, and what each of its clocks runs to."""
    order = seen(world, number)
    due = {c["kind"]: (c["started_at"], c["due_at"], c["warn_at"], c["breached"]) for c in clocks_of(world, number)}
    return {name: order[name] for name in ("urgency", "promised_from", "promised_at")} | due


def correct(world: World, number: str, to: str) -> None:
    changed = {"version": seen(world, number)["version"], "urgency": to}
    assert world.kefu.patch(f"/work-orders/{number}", changed).status_code == 200


class TestMaster:
    def test_its_promise_and_clocks_are_those_of_before(self, world: World, now: Now) -> None:
        master, one = several(world, "normal", "emergency")
        before = timed(world, master)
        now.later(3)
        merge(world, one, master)
        assert timed(world, master)["resolution"] != before["resolution"]
        now.later(9)
        unmerge(world, one)
        assert timed(world, master) == before

    @sqlite_only
    def test_an_appointment_is_kept(self, world: World, now: Now) -> None:
        wish = (now.at + timedelta(days=3)).isoformat()
        master, one = public(world.new(), preferred_time=wish), public(world.new(), "emergency")
        before = timed(world, master)
        now.later(1)
        merge(world, one, master)
        unmerge(world, one)
        assert timed(world, master) == before

    @sqlite_only
    def test_its_present_round_counts(self, world: World, now: Now) -> None:
        master, one = several(world, "normal", "emergency")
        world.put(master, "finished", world.lishifu)
        now.later(300)
        assert world.kefu.move(master, "reopened", note="还是不亮").status_code == 200
        before = timed(world, master)
        now.later(1)
        merge(world, one, master)
        unmerge(world, one)
        assert timed(world, master) == before

    def test_what_is_still_merged_counts(self, world: World, now: Now) -> None:
        master, one, two = several(world, "normal", "emergency", "emergency")
        before = timed(world, master)
        merge(world, one, master)
        now.later(1)
        merge(world, two, master)
        unmerge(world, one)
        assert urgency(world, master) == "emergency"
        unmerge(world, two)
        assert timed(world, master) == before

    @pytest.mark.parametrize("first", [0, 1])
    def test_in_whatever_order_they_are_taken_back(self, world: World, now: Now, first: int) -> None:
        master, *both = several(world, "normal", "high", "emergency")
        before = timed(world, master)
        for number in both:
            now.later(1)
            merge(world, number, master)
        unmerge(world, both[first])
        assert urgency(world, master) == ("emergency", "high")[first]
        unmerge(world, both[1 - first])
        assert timed(world, master) == before

    @sqlite_only
    def test_the_milder_that_stays_times_it_from_its_own_merge(self, world: World, now: Now) -> None:
        master, high, emergency = several(world, "normal", "high", "emergency")
        now.later(1)
        merge(world, high, master)
        then = timed(world, master)
        now.later(1)
        merge(world, emergency, master)
        unmerge(world, emergency)
        assert timed(world, master) == then

    @sqlite_only
    def test_a_milder_one_taken_back_leaves_all(self, world: World, now: Now) -> None:
        master, emergency, low = several(world, "normal", "emergency", "low")
        merge(world, emergency, master)
        now.later(1)
        merge(world, low, master)
        before, version = timed(world, master), len(seen(world, master)["timeline"])
        unmerge(world, low)
        assert timed(world, master) == before
        titles = [line["title"] for line in seen(world, master)["timeline"][version:]]
        assert titles == ["撤销合并"]

    @pytest.mark.parametrize("to", ["high", "low"])
    def test_a_correction_by_staff_stands(self, world: World, now: Now, to: str) -> None:
        master, one, two = several(world, "normal", "emergency", "emergency")
        merge(world, one, master)
        now.later(1)
        correct(world, master, to)
        now.later(1)
        merge(world, two, master)
        assert urgency(world, master) == "emergency"
        unmerge(world, two)
        assert urgency(world, master) == to
        before = timed(world, master)
        unmerge(world, one)
        assert timed(world, master) == before

    @sqlite_only
    def test_so_does_one_to_what_it_was_made_by_the_merge(self, world: World, now: Now) -> None:
        master, one = several(world, "normal", "emergency")
        merge(world, one, master)
        for to in ("high", "emergency"):
            now.later(1)
            correct(world, master, to)
        unmerge(world, one)
        assert urgency(world, master) == "emergency"

    def test_two_taken_back_at_once(self, world: World) -> None:
        master, *both = several(world, "normal", "high", "emergency")
        for number in both:
            merge(world, number, master)
        answers = together([lambda n=n: world.kefu.post(f"/work-orders/{n}/unmerge") for n in both])
        assert [a.status_code for a in answers] == [200, 200], [getattr(a, "text", a) for a in answers]
        assert urgency(world, master) == "normal"


class TestSeparated:
    """The order that was merged, by itself again."""

    @sqlite_only
    def test_its_clocks_run_again_from_then_on(self, world: World, now: Now) -> None:
        master, one = several(world, "normal", "emergency")
        promised = seen(world, one)["promised_at"]
        merge(world, one, master)
        now.later(2)
        unmerge(world, one)
        running = {c["kind"]: c for c in clocks_of(world, one) if c["stopped_at"] is None}
        assert list(running) == ["response", "arrival", "resolution"]
        assert running["response"]["remaining_s"] == 60
        assert seen(world, one)["promised_at"] == running["arrival"]["due_at"] == promised

    @sqlite_only
    def test_nobody_is_late_for_the_time_it_was_merged(self, world: World, now: Now) -> None:
        master, one = several(world, "normal", "emergency")
        merge(world, one, master)
        now.later(9)
        unmerge(world, one)
        running = {c["kind"]: c for c in clocks_of(world, one) if c["stopped_at"] is None}
        assert [c["breached"] for c in running.values()] == [False] * 3
        assert running["arrival"]["remaining_s"] == 5 * 60

    @sqlite_only
    def test_what_was_done_before_is_not_timed_again(self, world: World, now: Now) -> None:
        master, one = several(world, "normal", "high")
        assert world.kefu.move(one, "dispatched", technician=world.lishifu.id).status_code == 200
        assert world.lishifu.move(one, "accepted").status_code == 200
        now.later(1)
        merge(world, one, master)
        unmerge(world, one)
        assert [c["kind"] for c in clocks_of(world, one) if c["stopped_at"] is None] == ["arrival", "resolution"]

    @sqlite_only
    def test_what_waited_waits_on(self, world: World, now: Now) -> None:
        master, one = several(world, "normal", "high")
        assert world.kefu.move(one, "dispatched", technician=world.lishifu.id).status_code == 200
        for to, more in (("accepted", {}), ("suspended", {"note": "等业主回家"})):
            answer = world.lishifu.move(one, to, **more)
            assert answer.status_code == 200, answer.text
        now.later(1)
        merge(world, one, master)
        unmerge(world, one)
        waiting = [(c["kind"], c["paused"]) for c in clocks_of(world, one) if c["stopped_at"] is None]
        assert waiting == [("arrival", True), ("resolution", True)]

    @sqlite_only
    def test_its_promise_counts_again(self, world: World, now: Now) -> None:
        master, one = several(world, "normal", "high")
        merge(world, one, master)
        unmerge(world, one)
        now.later(24 * 60)
        late = world.kefu.get("/work-orders", missed=2, limit=100)
        assert late.status_code == 200, late.text
        assert one in [order["number"] for order in late.json()["items"]]


class TestMergedOnce:
    def test_into_the_same_again_changes_nothing(self, world: World) -> None:
        master, one = several(world, "normal", "normal")
        merge(world, one, master)
        lines = len(seen(world, master)["timeline"])
        merge(world, one, master.lower())
        assert len(seen(world, master)["timeline"]) == lines

    def test_into_another_is_refused_and_says_where_it_is(self, world: World) -> None:
        master, one, other = several(world, "normal", "normal", "normal")
        merge(world, one, master)
        for into in (other, one, "SH9999-0001", "乱写", None):
            problem = is_problem(world.kefu.move(one, "merged", into=into), 409)
            assert master in problem["detail"], into
        assert seen(world, one)["merged_into"] == master

    def test_of_two_at_once_one_wins(self, world: World) -> None:
        one, *masters = several(world, "normal", "normal", "normal")
        answers = together([lambda m=m: world.kefu.move(one, "merged", into=m) for m in masters])
        assert sorted(a.status_code for a in answers) == [200, 409], [getattr(a, "text", a) for a in answers]
        won = masters[[a.status_code for a in answers].index(200)]
        lost = next(a for a in answers if a.status_code == 409)
        assert won in is_problem(lost, 409)["detail"]
        assert seen(world, one)["merged_into"] == won
        assert [seen(world, m)["followers"] for m in masters] == [int(m == won) for m in masters]

    def test_of_two_into_each_other_one_wins(self, world: World) -> None:
        one, two = several(world, "normal", "normal")
        pairs = [(one, two), (two, one)]
        answers = together([lambda a=a, b=b: world.kefu.move(a, "merged", into=b) for a, b in pairs])
        assert sorted(a.status_code for a in answers) == [200, 422], [getattr(a, "text", a) for a in answers]
