"""Photos of the work: who may add them, who sees which."""

from typing import Any

import pytest

from backend.kit.auth import Role
from tests.backend.conftest import sqlite_only
from tests.backend.domains.workorders.work.acting import do, done, job, lines, photo, work
from tests.backend.support import User, World, is_problem

pytestmark = sqlite_only


def with_photos(world: World, **more: Any) -> tuple[str, dict[str, str]]:
    number = job(world, **more)
    taken = {kind: photo(world.lishifu) for kind in ("before", "after", "other")}
    for kind, media_id in taken.items():
        done(world.lishifu, number, "photos", media_ids=[media_id], kind=kind)
    return number, taken


def sees(who: User, media_id: str) -> bool:
    answers = {who.get(f"/media/{media_id}").status_code, who.get(f"/media/{media_id}", size="thumb").status_code}
    assert len(answers) == 1
    return answers == {200}


class TestAdd:
    def test_the_work_shows_who_took_which(self, world: World) -> None:
        number, taken = with_photos(world)
        shown = work(world.kefu, number)["photos"]
        assert [(p["media_id"], p["kind_title"], p["by"]["name"]) for p in shown] == [
            (taken["before"], "处理前", "李强"),
            (taken["after"], "处理后", "李强"),
            (taken["other"], "其他", "李强"),
        ]

    def test_a_picture_is_a_photo_of_the_work_once(self, world: World) -> None:
        number = job(world)
        media_id = photo(world.lishifu)
        done(world.lishifu, number, "photos", media_ids=[media_id, media_id], kind="before")
        assert len(done(world.lishifu, number, "photos", media_ids=[media_id], kind="after")["photos"]) == 1

    def test_nobody_adds_what_another_has_sent(self, world: World) -> None:
        theirs = photo(world.zhangwei)
        answer = do(world.lishifu, job(world), "photos", media_ids=[theirs], kind="before")
        assert is_problem(answer, 422)["errors"][0]["field"] == "media_ids"

    @pytest.mark.parametrize(("who", "status"), [("zhangwei", 403), ("wangfang", 404), ("zhaoshifu", 404)])
    def test_who_does_not_work_on_it_adds_none(self, world: World, who: str, status: int) -> None:
        person = getattr(world, who)
        is_problem(do(person, job(world), "photos", media_ids=[photo(person)], kind="before"), status)

    def test_before_it_is_accepted_there_is_nothing_to_show(self, world: World) -> None:
        is_problem(do(world.lishifu, job(world, "dispatched"), "photos", media_ids=["x"], kind="before"), 409)

    @pytest.mark.parametrize("body", [{"media_ids": []}, {"kind": "selfie"}, {"media_ids": ["x"] * 10}])
    def test_what_is_wrong_is_named(self, world: World, body: dict[str, Any]) -> None:
        is_problem(do(world.lishifu, job(world), "photos", **{"media_ids": ["x"], "kind": "before", **body}), 422)

    def test_the_desk_adds_photos_that_came_by_phone(self, world: World) -> None:
        number = job(world)
        assert done(world.kefu, number, "photos", media_ids=[photo(world.kefu)], kind="after")["photos"]


class TestSee:
    def test_the_owner_sees_before_and_after(self, world: World) -> None:
        number, taken = with_photos(world)
        assert {p["kind"] for p in work(world.zhangwei, number)["photos"]} == {"before", "after"}
        assert [sees(world.zhangwei, taken[k]) for k in ("before", "after", "other")] == [True, True, False]
        assert lines(world.zhangwei, number, "photo") == ["现场照片 处理前 1 张", "现场照片 处理后 1 张"]
        assert "其他" not in str(lines(world.zhangwei, number))

    def test_neighbours_and_other_estates_see_none_of_a_home(self, world: World) -> None:
        number, taken = with_photos(world)
        for who in (world.wangfang, world.liuyang, world.chenjing, world.zhaoshifu, world.caiwu):
            assert not any(sees(who, media_id) for media_id in taken.values())
            is_problem(who.get(f"/work-orders/{number}/work"), 404)

    def test_who_reported_anothers_home_sees_none_of_it(self, world: World) -> None:
        number = str(world.wangfang.open_order(scope="private")["number"])
        world.kefu.move(number, "dispatched", technician=world.lishifu.id)
        world.lishifu.move(number, "accepted")
        media_id = photo(world.lishifu)
        done(world.lishifu, number, "photos", media_ids=[media_id], kind="before")
        assert work(world.wangfang, number)["photos"] == []
        assert not sees(world.wangfang, media_id)

    def test_the_desk_sees_all_and_the_next_holder_too(self, world: World) -> None:
        number, taken = with_photos(world)
        assert all(sees(world.kefu, media_id) for media_id in taken.values())
        world.kefu.move(number, "dispatched", technician=world.zhaoshifu.id)
        assert all(sees(world.zhaoshifu, media_id) for media_id in taken.values())

    def test_a_technician_who_could_take_it_does_not_look_into_the_home(self, world: World) -> None:
        number, taken = with_photos(world)
        world.put(number, "triaged")
        plumber = world.new(Role.TECHNICIAN, skills=("plumbing",))
        with world.retired(plumber):
            assert work(plumber, number)["photos"] == []
            assert not sees(plumber, taken["before"])

    def test_who_waits_for_a_public_repair_sees_how_it_looks(self, world: World, owner: User) -> None:
        number, taken = with_photos(world, public=True, category="hvac", fault="大堂空调不制冷")
        double = owner.open_order(category="hvac", scope="public", fault="大堂空调坏了", location={
            "community": "sunshine", "building": "3", "unit": "2", "place": "大堂"})["number"]  # fmt: skip
        world.kefu.move(double, "merged", into=number)
        shown = work(owner, number)
        assert {p["kind"] for p in shown["photos"]} == {"before", "after"}
        assert (sees(owner, taken["before"]), sees(owner, taken["other"])) == (True, False)
        assert (shown["mates"], shown["checklist"], shown["signature"]) == ([], None, None)
