"""Jobs for two: the mate sees, hears and writes; the holder stays one."""

import pytest

from backend.kit.auth import Role
from tests.backend.conftest import sqlite_only
from tests.backend.domains.workorders.work.acting import do, done, fill, heard, job, lines, photo, work
from tests.backend.support import World, is_problem

pytestmark = sqlite_only


def with_mate(world: World, status: str = "on_site", category: str = "electrical") -> str:
    number = job(world, status, category=category)
    done(world.lishifu, number, "mates", person_id=world.zhaoshifu.id)
    return number


class TestMate:
    def test_sees_the_order_and_the_holder_stays(self, world: World) -> None:
        number = with_mate(world)
        order = world.zhaoshifu.get(f"/work-orders/{number}").json()
        assert (order["technician"]["id"], order["allowed"]) == (world.lishifu.id, [])
        assert work(world.zhaoshifu, number)["parts"] == ["mate"]
        assert number in [o["number"] for o in world.zhaoshifu.get("/work-orders/helping").json()["items"]]
        assert number not in [o["number"] for o in world.zhaoshifu.get("/work-orders", mine=True).json()["items"]]

    def test_sees_the_pictures_of_the_report(self, world: World) -> None:
        media_id = photo(world.zhangwei)
        number = job(world, attachments=[media_id])
        is_problem(world.zhaoshifu.get(f"/media/{media_id}"), 404)
        done(world.lishifu, number, "mates", person_id=world.zhaoshifu.id)
        assert world.zhaoshifu.get(f"/media/{media_id}").status_code == 200

    def test_adds_photos_answers_items_notes_parts_and_arrives(self, world: World) -> None:
        number = with_mate(world, "accepted")
        arrived = done(world.zhaoshifu, number, "arrival")
        assert (arrived["status"], arrived["arrivals"][0]["by"]["name"]) == ("accepted", "赵军")
        done(world.zhaoshifu, number, "photos", media_ids=[photo(world.zhaoshifu)], kind="before")
        item = work(world.zhaoshifu, number)["checklist"]["items"][0]["id"]
        assert fill(world.zhaoshifu, number, item_id=item, ok=True).status_code == 200
        for kind in ("note", "parts", "remark"):
            answer = world.zhaoshifu.post(f"/work-orders/{number}/notes", {"text": "角阀一个", "kind": kind})
            assert answer.status_code == 201

    @pytest.mark.parametrize("to", ["finished", "suspended", "triaged", "cancelled", "dispatched"])
    def test_makes_no_move(self, world: World, to: str) -> None:
        number = with_mate(world)
        assert world.zhaoshifu.move(number, to, note="x").status_code in (403, 409)
        assert work(world.kefu, number)["status"] == "on_site"

    def test_hears_what_the_holder_hears_but_gets_no_buttons_of_his(self, world: World) -> None:
        number = with_mate(world)
        world.zhangwei.post(f"/work-orders/{number}/notes", {"text": "请带鞋套"})
        world.lishifu.move(number, "suspended", note="等配件")
        texts = "\n".join(heard(world, world.zhaoshifu, number))
        assert all(words in texts for words in ("一起处理", "请带鞋套", "先挂起了：等配件"))
        assert "新工单" not in texts

    def test_the_owner_knows_who_comes(self, world: World) -> None:
        number = with_mate(world)
        assert [m["name"] for m in work(world.zhangwei, number)["mates"]] == ["赵军"]
        assert "同行 赵师傅一起处理" in lines(world.zhangwei, number)


class TestAddAndRemove:
    def test_twice_changes_nothing(self, world: World) -> None:
        number = with_mate(world)
        assert len(done(world.lishifu, number, "mates", person_id=world.zhaoshifu.id)["mates"]) == 1
        assert len(lines(world.kefu, number, "mate")) == 1

    def test_only_technicians_of_the_estate_and_not_the_holder(self, world: World) -> None:
        number = job(world)
        stranger = world.new(Role.TECHNICIAN, "lakeside")
        for person in (world.lishifu, world.kefu, world.zhangwei, stranger):
            answer = do(world.lishifu, number, "mates", person_id=person.id)
            assert is_problem(answer, 422)["errors"][0]["field"] == "person_id"

    def test_who_reported_it_does_not_do_it_as_well(self, world: World) -> None:
        number = str(world.zhaoshifu.open_order(scope="public")["number"])
        world.kefu.move(number, "dispatched", technician=world.lishifu.id)
        is_problem(do(world.lishifu, number, "mates", person_id=world.zhaoshifu.id), 422)

    @pytest.mark.parametrize(("who", "status"), [("zhangwei", 403), ("zhaoshifu", 404)])
    def test_others_add_nobody(self, world: World, who: str, status: int) -> None:
        is_problem(do(getattr(world, who), job(world), "mates", person_id=world.zhaoshifu.id), status)

    @pytest.mark.parametrize("who", ["lishifu", "kefu", "zhaoshifu"])
    def test_afterwards_he_sees_nothing_any_more(self, world: World, who: str) -> None:
        number = with_mate(world)
        path = f"/work-orders/{number}/mates/{world.zhaoshifu.id}"
        assert getattr(world, who).call("DELETE", path).status_code == 204
        is_problem(world.zhaoshifu.get(f"/work-orders/{number}"), 404)
        assert world.lishifu.call("DELETE", path).status_code == 204

    def test_who_becomes_the_holder_is_no_mate_any_more(self, world: World) -> None:
        number = with_mate(world)
        world.kefu.move(number, "dispatched", technician=world.zhaoshifu.id)
        assert work(world.kefu, number)["mates"] == []

    def test_nobody_helps_with_what_was_given_back(self, world: World) -> None:
        number = with_mate(world, "accepted")
        world.lishifu.move(number, "triaged", note="去不了")
        assert work(world.kefu, number)["mates"] == []
