"""Call-backs: who sees them, what comes of a call, a share of what was done, and what is late goes up once."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from backend.domains.callbacks import service
from backend.domains.callbacks.domain import is_sampled
from backend.kit import clock, db
from backend.kit.outbox import OutboxRow
from backend.kit.scope import system_scope
from tests.backend.conftest import sqlite_only
from tests.backend.domains.workorders.judged import at, finished, long_ago
from tests.backend.support import User, World, is_problem, together

HOUR = timedelta(hours=1)


def opened(world: World, days_ago: float = 0.0, who: User | None = None) -> dict[str, Any]:
    """Let somebody be called about a thing of its own; return the call-back as the desk sees it."""
    label, person = uuid.uuid4().hex[:12], who or world.zhangwei
    with at(long_ago(days_ago)), db.transaction() as session, system_scope(session):
        community_id = min(person.principal.community_ids)
        new = service.NewCallback(community_id, "test", 1, label, person.id, "low_rating", "1 星", f"test:{label}")
        service.open_callback(session, new)
        service.open_callback(session, new)
    (found,) = [c for c in listed(world.quyu) if c["subject"] == label]
    return found


def listed(who: User, **query: Any) -> list[dict[str, Any]]:
    answer = who.get("/callbacks", limit=200, **query)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


def result(who: User, call: dict[str, Any], **body: Any) -> Any:
    return who.post(f"/callbacks/{call['id']}/result", body)


class TestWhoSees:
    @sqlite_only
    def test_the_desk_of_the_estate_and_nobody_else(self, world: World) -> None:
        here, there = opened(world), opened(world, who=world.chenjing)
        seen = [c["id"] for c in listed(world.kefu)]
        assert here["id"] in seen
        assert there["id"] not in seen
        is_problem(result(world.kefu, there, result="unreachable"), 404)
        for who in (world.zhangwei, world.lishifu, world.caiwu):
            is_problem(who.get("/callbacks"), 403)

    @sqlite_only
    def test_one_alone_is_as_in_the_list_and_found_when_it_is_over(self, world: World) -> None:
        call, there = opened(world), opened(world, who=world.chenjing)
        assert world.kefu.get(f"/callbacks/{call['id']}").json() == call
        done = result(world.kefu, call, result="done", outcome="satisfied").json()
        assert world.kefu.get(f"/callbacks/{call['id']}").json() == done
        is_problem(world.kefu.get(f"/callbacks/{there['id']}"), 404)
        is_problem(world.kefu.get("/callbacks/999999999"), 404)
        is_problem(world.lishifu.get(f"/callbacks/{call['id']}"), 403)

    @sqlite_only
    def test_it_says_whom_to_call_about_what_by_when(self, world: World) -> None:
        call = opened(world)
        assert (call["person_name"], call["person_phone"]) == ("张伟", "13800000001")
        assert (call["status_title"], call["reason_title"], call["words"]) == ("待回访", "评价偏低", "1 星")
        assert call["due_at"] > call["created_at"]


class TestResult:
    @sqlite_only
    def test_done_with_an_outcome(self, world: World) -> None:
        call = opened(world)
        is_problem(result(world.kefu, call, result="done"), 422)
        done = result(world.kefu, call, result="done", outcome="satisfied", notes="师傅已道歉").json()
        assert (done["status"], done["outcome_title"], done["assigned_to_id"]) == ("done", "满意", world.kefu.id)
        is_problem(result(world.jingli, call, result="done", outcome="satisfied"), 409)
        assert call["id"] not in [c["id"] for c in listed(world.kefu, pending=True)]
        assert call["id"] in [c["id"] for c in listed(world.kefu, status="done")]

    @sqlite_only
    def test_who_is_not_reached_is_tried_three_times(self, world: World) -> None:
        call = opened(world, 2)
        for tries in (1, 2):
            left = result(world.kefu, call, result="unreachable").json()
            assert (left["status"], left["tries"], left["overdue"]) == ("unreachable", tries, False)
            assert left["next_try_at"] is not None
        last = result(world.kefu, call, result="unreachable", notes="停机").json()
        assert (last["tries"], last["next_try_at"]) == (3, None)
        assert last["done_at"] is not None
        is_problem(result(world.kefu, call, result="unreachable"), 409)

    def test_one_of_two_gets_it(self, world: World) -> None:
        call = opened(world)
        takes = together([lambda w=w: w.post(f"/callbacks/{call['id']}/take") for w in (world.kefu, world.jingli)])
        assert sorted(a.status_code for a in takes) == [200, 409]

    def test_of_two_results_at_once_one_counts(self, world: World) -> None:
        call = opened(world)
        both = [lambda w=w: result(w, call, result="done", outcome="explained") for w in (world.kefu, world.jingli)]
        assert sorted(a.status_code for a in together(both)) == [200, 409]


class TestLate:
    def test_the_manager_hears_once(self, world: World) -> None:
        late, in_time = opened(world, 1.1), opened(world, 0.5)
        together([service.sweep] * 3)
        service.sweep()
        assert len(heard(world, late)) == len({i for i, _ in heard(world, late)}) >= 1
        assert world.jingli.id in {i for i, _ in heard(world, late)}
        assert world.kefu.id not in {i for i, _ in heard(world, late)}
        assert heard(world, in_time) == []
        assert late["id"] in [c["id"] for c in listed(world.kefu, overdue=True)]

    @sqlite_only
    def test_what_is_done_is_not_late(self, world: World) -> None:
        call = opened(world, 1.1)
        with at(clock.now() - HOUR):
            result(world.kefu, call, result="done", outcome="satisfied")
        service.sweep()
        assert heard(world, call) == []


def heard(world: World, call: dict[str, Any]) -> list[tuple[int, str]]:
    rows = world.rows(select(OutboxRow).where(OutboxRow.text.contains(call["subject"])))
    return [(row.person_id, row.text) for row in rows]


@sqlite_only
class TestShare:
    def test_none_unless_the_estate_says_so(self, world: World) -> None:
        path = "/callbacks/terms?community=sunshine"
        assert world.kefu.get("/callbacks/terms", community="sunshine").json() == {"due_h": 24, "sample_percent": 0}
        is_problem(world.kefu.call("PUT", path, json={"due_h": 24, "sample_percent": 100}), 403)
        is_problem(world.jingli.call("PUT", path, json={"due_h": 24, "sample_percent": 101}), 422)
        without = self.closed(world)
        try:
            assert world.jingli.call("PUT", path, json={"due_h": 8, "sample_percent": 100}).status_code == 200
            numbers = [self.closed(world) for _ in range(2)]
            low = self.closed(world, 1)
        finally:
            world.jingli.call("PUT", path, json={"due_h": 24, "sample_percent": 0})
        calls = {(c["subject"], c["reason"]) for c in listed(world.kefu)}
        assert not any(subject == without for subject, _ in calls)
        assert {(n, "sample") for n in numbers} <= calls
        assert (low, "low_rating") in calls
        assert (low, "sample") not in calls

    @staticmethod
    def closed(world: World, stars: int = 5) -> str:
        number = finished(world, long_ago(0.1))
        assert world.zhangwei.post(f"/work-orders/{number}/rating", {"stars": stars}).json()["status"] == "closed"
        return number


@given(st.integers(1, 10**9), st.integers(0, 100), st.integers(0, 100))
def test_a_larger_share_contains_the_smaller_one(subject: int, one: int, other: int) -> None:
    assert not is_sampled(subject, min(one, other)) or is_sampled(subject, max(one, other))


@pytest.mark.parametrize("percent", [0, 30, 70, 100])
def test_a_share_is_a_share(percent: int) -> None:
    assert abs(sum(is_sampled(i, percent) for i in range(1, 5001)) / 50 - percent) < 3
