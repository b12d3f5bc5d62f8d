"""What a technician has finished lately, to look at again."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from backend.kit import clock
from backend.kit.auth import Role
from tests.backend.conftest import sqlite_only
from tests.backend.support import User, World

pytestmark = sqlite_only


@pytest.fixture
def technician(world: World) -> Iterator[User]:
    """Somebody with no past."""
    made = world.new(Role.TECHNICIAN)
    with world.retired(made):
        yield made


def listed(who: User) -> list[str]:
    answer = who.get("/work-orders/finished")
    assert answer.status_code == 200, answer.text
    return [f["order"]["number"] for f in answer.json()]


def finish(world: World, technician: User) -> str:
    number = str(world.zhangwei.open_order(category="noise")["number"])
    assert world.kefu.move(number, "dispatched", technician=technician.id).status_code == 200
    for to in ("accepted", "on_site", "finished"):
        answer = technician.move(number, to, note="好了")
        assert answer.status_code == 200, answer.text
    return number


class TestFinished:
    def test_the_newest_stands_first(self, world: World, technician: User) -> None:
        first, second = finish(world, technician), finish(world, technician)
        assert listed(technician) == [second, first]

    def test_it_says_how_it_stands_and_offers_nothing_to_undo(self, world: World, technician: User) -> None:
        number = finish(world, technician)
        [shown] = technician.get("/work-orders/finished").json()
        assert (shown["order"]["number"], shown["order"]["status_title"]) == (number, "待验收")
        assert shown["order"]["allowed"] == []
        assert shown["finished_at"] <= clock.now().isoformat()
        world.zhangwei.move(number, "accepted_by_owner")
        assert technician.get("/work-orders/finished").json()[0]["order"]["status_title"] == "已验收"

    def test_what_was_not_repaired_after_all_is_a_job_again(self, world: World, technician: User) -> None:
        number = finish(world, technician)
        world.zhangwei.move(number, "reopened", note="还在响")
        assert listed(technician) == []

    def test_it_is_of_today_and_yesterday(self, world: World, technician: User) -> None:
        number, now = finish(world, technician), clock.now()
        with clock.use_clock(lambda: now + timedelta(days=1)):
            assert listed(technician) == [number]
        with clock.use_clock(lambda: now + timedelta(days=2)):
            assert listed(technician) == []

    def test_others_see_their_own_only(self, world: World, technician: User) -> None:
        number = finish(world, technician)
        for who in (world.zhaoshifu, world.zhangwei, world.chenjing, world.kefu):
            assert number not in listed(who)
