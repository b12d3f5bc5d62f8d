"""The other technicians of an order's estate: one list for the page and for names said in chat."""

from backend.kit.auth import Role
from tests.backend.conftest import sqlite_only
from tests.backend.domains.workorders.work.acting import do, done, job
from tests.backend.support import User, World, is_problem

pytestmark = sqlite_only


def listed(who: User, number: str) -> list[dict[str, object]]:
    answer = who.get(f"/work-orders/{number}/colleagues")
    assert answer.status_code == 200, answer.text
    return list(answer.json())


class TestColleagues:
    def test_neither_the_holder_nor_oneself_is_one(self, world: World) -> None:
        number = job(world, "accepted")
        for who in (world.lishifu, world.kefu):
            names = [c["name"] for c in listed(who, number)]
            assert ("赵军" in names, "李强" in names) == (True, False)

    def test_each_with_what_they_can_do(self, world: World) -> None:
        found = {c["id"]: c for c in listed(world.lishifu, job(world, "accepted"))}
        assert found[world.zhaoshifu.id]["skill_titles"] == ["电梯", "门禁监控", "消防"]

    def test_whoever_has_the_craft_comes_first(self, world: World) -> None:
        fits = [c["fits"] for c in listed(world.lishifu, job(world, "accepted", category="elevator"))]
        assert fits[0]
        assert fits == sorted(fits, reverse=True)

    def test_who_reported_it_may_take_it_over_but_not_help(self, world: World) -> None:
        where = {"community": "sunshine", "building": "3", "unit": "2", "place": "大堂"}
        body = {"category": "lighting", "fault": "灯不亮", "location": where, "scope": "public"}
        number = world.zhaoshifu.post("/work-orders", body).json()["number"]
        world.kefu.move(number, "dispatched", technician=world.lishifu.id)
        found = {c["id"]: c["reported"] for c in listed(world.lishifu, number)}
        assert found[world.zhaoshifu.id] is True
        is_problem(do(world.lishifu, number, "mates", person_id=world.zhaoshifu.id), 422)
        shown = done(world.lishifu, number, "transfers", to_name="赵师傅", reason="您先发现的")
        assert shown["transfers"][0]["to"]["id"] == world.zhaoshifu.id

    def test_of_two_with_one_name_neither_is_guessed(self, world: World) -> None:
        number = job(world, "accepted")
        twins = [world.new(Role.TECHNICIAN) for _ in range(2)]
        with world.retired(twins[0]), world.retired(twins[1]):
            name = next(c["name"] for c in listed(world.lishifu, number) if c["id"] == twins[0].id)
            problem = is_problem(do(world.lishifu, number, "transfers", to_name=name, reason="忙不过来"), 422)
            assert "请说全名" in problem["detail"]

    def test_owners_do_not_read_it(self, world: World) -> None:
        is_problem(world.zhangwei.get(f"/work-orders/{job(world, 'accepted')}/colleagues"), 403)

    def test_another_estate_does_not_know_of_it(self, world: World) -> None:
        is_problem(world.chenjing.get(f"/work-orders/{job(world, 'accepted')}/colleagues"), 404)
