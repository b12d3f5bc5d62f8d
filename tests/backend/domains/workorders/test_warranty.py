"""Not repaired after all: the same technician, another when they are gone, and a new order after the warranty."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from backend.domains.identity.models import Membership
from backend.kit import clock, db
from backend.kit.auth import Role
from backend.kit.scope import system_scope
from tests.backend.conftest import sqlite_only
from tests.backend.domains.workorders.judged import at, done, finished, judging, long_ago, seen, told
from tests.backend.support import User, World, together

DAY = timedelta(days=1)


def closed(world: World, moment: datetime, **fields: object) -> str:
    """Let work be accepted and closed at a moment."""
    number = finished(world, moment, **fields)
    with at(moment):
        for to in ("accepted_by_owner", "closed"):
            assert world.zhangwei.move(number, to).status_code == 200
    return number


class TestWithin:
    def test_up_to_the_last_moment_the_same_order_goes_back_to_its_technician(self, world: World) -> None:
        start = long_ago(95)
        number = closed(world, start)
        with at(start + 90 * DAY):
            again = world.zhangwei.move(number, "reopened", note="又漏了").json()
        assert (again["number"], again["status"], again["technician"]["id"]) == (
            number,
            "dispatched",
            world.lishifu.id,
        )
        assert again["answer"] is None
        assert again["promised_at"] > again["created_at"]
        assert datetime.fromisoformat(again["promised_at"]) > start + 90 * DAY

    @sqlite_only
    def test_another_goes_when_the_technician_has_left(self, world: World) -> None:
        gone = world.new(Role.TECHNICIAN, skills=("greening",))
        other = world.new(Role.TECHNICIAN, skills=("greening",))
        with world.retired(other):
            number = self.done_by(world, gone)
            with db.transaction() as session, system_scope(session):
                for row in session.scalars(select(Membership).where(Membership.person_id == gone.id)):
                    session.delete(row)
            again = world.zhangwei.move(number, "reopened", note="又枯了").json()
            assert (again["status"], again["technician"]["id"]) == ("dispatched", other.id)
            assert any("请在" in n.text for n in told(world, other, number))

    @sqlite_only
    def test_the_desk_is_told_when_nobody_fits(self, world: World) -> None:
        gone = world.new(Role.TECHNICIAN, skills=("greening",))
        with world.retired(gone):
            number = self.done_by(world, gone)
        again = world.zhangwei.move(number, "reopened", note="又枯了").json()
        assert (again["status"], again["technician"]) == ("reopened", None)
        assert any("没有人接" in n.text for n in told(world, world.kefu, number))

    @staticmethod
    def done_by(world: World, technician: User) -> str:
        with at(long_ago(0.01)):
            number = str(world.zhangwei.open_order(category="greening", scope="public")["number"])
            world.kefu.move(number, "dispatched", technician=technician.id)
        done(world, number, long_ago(0.01), technician)
        return number


class TestAfter:
    @pytest.fixture
    def old(self, world: World) -> tuple[str, datetime]:
        start = long_ago(95)
        return closed(world, start, fault="阳台地漏返水"), start + 90 * DAY + timedelta(seconds=1)

    @sqlite_only
    def test_it_is_a_new_order_and_one_is_told_so(self, world: World, old: tuple[str, datetime]) -> None:
        number, moment = old
        with at(moment):
            new = world.zhangwei.move(number, "reopened", note="地漏又返水了").json()
        assert new["number"] != number
        assert (new["status"], new["fault"], new["category"]) == ("dispatched", "阳台地漏返水", "plumbing")
        assert number in new["answer"]
        assert new["number"] in new["answer"]
        assert "90 天" in new["answer"]
        assert any(line["text"] == "地漏又返水了" for line in new["timeline"])
        before = seen(world.zhangwei, number)
        assert before["status"] == "closed"
        assert new["number"] in before["timeline"][-1]["text"]
        related = "/work-orders/{}/after-warranty"
        assert world.zhangwei.get(related.format(number)).json() == {"earlier": None, "later": [new["number"]]}
        assert world.zhangwei.get(related.format(new["number"])).json() == {"earlier": number, "later": []}

    def test_saying_it_again_or_twice_at_once_gives_the_same_order(
        self, world: World, old: tuple[str, datetime]
    ) -> None:
        number, moment = old
        with at(moment):
            answers = together([lambda: world.zhangwei.move(number, "reopened", note="还漏")] * 3)
            again = world.zhangwei.move(number, "reopened", note="还在漏")
        assert {a.status_code for a in (*answers, again)} == {200}
        assert len({a.json()["number"] for a in (*answers, again)}) == 1
        assert len(world.zhangwei.get(f"/work-orders/{number}/after-warranty").json()["later"]) == 1

    @sqlite_only
    def test_the_desk_opens_it_for_who_reported_it(self, world: World, old: tuple[str, datetime]) -> None:
        number, moment = old
        with at(moment):
            new = world.kefu.move(number, "reopened", note="业主来电又返水").json()
        assert new["reporter"]["id"] == world.zhangwei.id

    @sqlite_only
    def test_each_category_and_estate_has_its_own_days(self, world: World) -> None:
        start = long_ago(20)
        number = closed(world, start, category="plumbing")
        path = "/work-orders/terms?community=sunshine"
        terms = world.jingli.get("/work-orders/terms", community="sunshine").json()
        assert terms["warranty_days"]["electrical"] == 180
        try:
            own = {**terms, "warranty_days": {**terms["warranty_days"], "plumbing": 10}}
            assert world.jingli.call("PUT", path, json=own).json()["warranty_days"]["plumbing"] == 10
            assert judging(world.zhangwei, number)["in_warranty"] is False
        finally:
            assert world.jingli.call("PUT", path, json={**terms, "warranty_days": {}}).status_code == 200
        stands = judging(world.zhangwei, number)
        assert (stands["in_warranty"], stands["warranty_days"]) == (True, 90)
        assert datetime.fromisoformat(stands["warranty_until"]) - start == 90 * DAY
        assert clock.now() < datetime.fromisoformat(stands["warranty_until"])
