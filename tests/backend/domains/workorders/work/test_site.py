"""Where an order is: for those who work on it."""

from tests.backend.conftest import sqlite_only
from tests.backend.domains.workorders.work.acting import job
from tests.backend.support import World, is_problem

pytestmark = sqlite_only


class TestSite:
    def test_says_where_the_building_is(self, world: World) -> None:
        number = job(world, "accepted")
        found = world.lishifu.get(f"/work-orders/{number}/site").json()
        assert found["address"].startswith("阳光花园 ")
        assert abs(found["position"]["lat"] - 22.55) < 0.1
        assert "colleagues" not in found

    def test_a_place_without_a_building_has_no_position(self, world: World) -> None:
        where = {"community": "sunshine", "place": "东门"}
        body = {"category": "lighting", "fault": "路灯不亮", "location": where}
        number = world.kefu.post("/work-orders", body).json()["number"]
        assert world.kefu.get(f"/work-orders/{number}/site").json()["position"] is None

    def test_owners_do_not_read_it(self, world: World) -> None:
        number = job(world, "accepted")
        is_problem(world.zhangwei.get(f"/work-orders/{number}/site"), 403)
