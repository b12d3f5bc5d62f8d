"""What a technician has finished lately, to look at again."""

from datetime import timedelta

from backend.kit import clock
from tests.backend.conftest import sqlite_only
from tests.backend.domains.workorders.work.acting import job
from tests.backend.support import User, World

pytestmark = sqlite_only


def listed(who: User) -> list[str]:
    answer = who.get("/work-orders/finished")
    assert answer.status_code == 200, answer.text
    return [f["order"]["number"] for f in answer.json()]


def finish(world: World) -> str:
    number = job(world, category="noise")
    answer = world.lishifu.move(number, "finished", note="好了")
    assert answer.status_code == 200, answer.text
    return number


class TestFinished:
    def test_the_newest_stands_first(self, world: World) -> None:
        first, second = finish(world), finish(world)
        assert listed(world.lishifu)[:2] == [second, first]

    def test_it_says_how_it_stands_and_offers_nothing_to_undo(self, world: World) -> None:
        number = finish(world)
        shown = world.lishifu.get("/work-orders/finished").json()[0]
        assert (shown["order"]["number"], shown["order"]["status_title"]) == (number, "待验收")
        assert shown["order"]["allowed"] == []
        assert shown["finished_at"] <= clock.now().isoformat()
        world.zhangwei.move(number, "accepted_by_owner")
        assert world.lishifu.get("/work-orders/finished").json()[0]["order"]["status_title"] == "已验收"

    def test_what_was_not_repaired_after_all_is_a_job_again(self, world: World) -> None:
        number = finish(world)
        world.zhangwei.move(number, "reopened", note="还在响")
        assert number not in listed(world.lishifu)

    def test_it_is_of_today_and_yesterday(self, world: World) -> None:
        number = finish(world)
        now = clock.now()
        with clock.use_clock(lambda: now + timedelta(days=1)):
            assert number in listed(world.lishifu)
        with clock.use_clock(lambda: now + timedelta(days=2)):
            assert number not in listed(world.lishifu)

    def test_others_see_their_own_only(self, world: World) -> None:
        number = finish(world)
        for who in (world.zhaoshifu, world.zhangwei, world.chenjing, world.kefu):
            assert number not in listed(who)
