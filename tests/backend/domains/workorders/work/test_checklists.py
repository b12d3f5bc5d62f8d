"""Checklists: an estate's lists, an order's copy, and finishing."""

from typing import Any

import pytest

from backend.domains.workorders.checklists import DEFAULTS, ITEM_KINDS
from backend.domains.workorders.domain import CATEGORIES
from backend.kit.auth import Role
from tests.backend.conftest import sqlite_only
from tests.backend.domains.workorders.work.acting import fill, heard, in_chat, job, lines, photo, work
from tests.backend.support import User, World, is_problem

SEEDED = ("elevator", "fire_safety", "electrical", "plumbing", "hvac", "gas", "lighting", "access_security")


def items(world: World, number: str) -> dict[str, dict[str, Any]]:
    return {i["text"]: i for i in work(world.kefu, number)["checklist"]["items"]}


def fill_required(world: World, who: User, number: str) -> None:
    for item in items(world, number).values():
        if item["required"]:
            answer = {"check": {"ok": True}, "number": {"value": 0.2}}[item["kind"]]
            assert fill(who, number, item_id=item["id"], **answer).status_code == 200


class TestDefaults:
    def test_these_categories_have_one(self) -> None:
        assert set(DEFAULTS) == set(SEEDED) <= set(CATEGORIES)

    @pytest.mark.parametrize("category", SEEDED)
    def test_each_is_short_and_of_known_kinds(self, category: str) -> None:
        made = DEFAULTS[category]
        assert 3 <= len(made.items) <= 6
        assert all(i.kind in ITEM_KINDS and 4 <= len(i.text) <= 20 for i in made.items)

    def test_power_is_off_before_anything_is_touched(self) -> None:
        assert [i.text for i in DEFAULTS["electrical"].items if i.required][:2] == ["断电并挂牌", "验电，确认无电"]


@sqlite_only
class TestTemplates:
    @pytest.fixture
    def lakeside(self, world: World) -> User:
        return world.new(Role.CUSTOMER_SERVICE, "lakeside")

    def test_an_estate_makes_its_own(self, world: World, lakeside: User) -> None:
        read = lakeside.get("/checklists/civil").json()
        assert (read["items"], read["version"]) == ([], 0)
        body = {"title": "门窗", "items": [{"text": "合页上油", "required": True}], "version": 0}
        made = lakeside.call("PUT", "/checklists/civil", json=body).json()
        assert (made["version"], made["items"][0]) == (1, {"text": "合页上油", "kind": "check", "required": True})
        assert lakeside.get("/checklists/civil").json() == made
        assert world.kefu.get("/checklists/civil").json()["items"] == []
        is_problem(lakeside.call("PUT", "/checklists/civil", json=body), 409)
        changed = {**body, "items": [], "version": 1}
        assert lakeside.call("PUT", "/checklists/civil", json=changed).json()["version"] == 2
        assert "civil" in [t["category"] for t in lakeside.get("/checklists").json()]

    def test_who_works_for_several_says_which(self, world: World) -> None:
        assert is_problem(world.quyu.get("/checklists/gas"), 422)["errors"][0]["field"] == "community"
        assert world.quyu.get("/checklists/gas", community="lakeside").json()["title"] == "燃气"
        is_problem(world.kefu.get("/checklists/gas", community="lakeside"), 422)

    def test_technicians_read_and_residents_do_not(self, world: World) -> None:
        assert world.lishifu.get("/checklists/gas").status_code == 200
        is_problem(world.zhangwei.get("/checklists/gas"), 403)
        body = {"title": "x", "items": [], "version": 0}
        is_problem(world.lishifu.call("PUT", "/checklists/gas", json=body), 403)
        is_problem(world.zhangwei.call("PUT", "/checklists/gas", json=body), 403)

    @pytest.mark.parametrize(
        "wrong",
        [
            {"items": [{"text": " "}]},
            {"items": [{"text": "x", "kind": "dance"}]},
            {"items": [{"text": "x"}] * 31},
            {"title": ""},
            {"more": 1},
        ],
    )
    def test_what_is_wrong_is_refused(self, lakeside: User, wrong: dict[str, Any]) -> None:
        is_problem(
            lakeside.call("PUT", "/checklists/pest", json={"title": "x", "items": [], "version": 0, **wrong}), 422
        )

    def test_there_is_no_such_category(self, world: World) -> None:
        is_problem(world.kefu.get("/checklists/rockets"), 422)


@sqlite_only
class TestCopy:
    def test_an_order_gets_it_when_it_is_accepted(self, world: World) -> None:
        number = job(world, "dispatched", category="electrical")
        assert work(world.lishifu, number)["checklist"] is None
        world.lishifu.move(number, "accepted")
        shown = work(world.lishifu, number)["checklist"]
        assert (shown["title"], shown["open"]) == ("强电作业", 3)
        world.lishifu.move(number, "suspended", note="等配件")
        world.lishifu.move(number, "accepted")
        assert len(work(world.lishifu, number)["checklist"]["items"]) == len(shown["items"])

    def test_a_category_without_one_asks_nothing(self, world: World) -> None:
        assert work(world.lishifu, job(world, category="greening"))["checklist"] is None

    def test_a_corrected_category_brings_its_own_as_long_as_nothing_is_answered(self, world: World) -> None:
        number = job(world, "accepted")
        version = work(world.kefu, number)["version"]
        world.kefu.patch(f"/work-orders/{number}", {"version": version, "category": "electrical"})
        world.lishifu.move(number, "on_site")
        assert work(world.lishifu, number)["checklist"]["title"] == "强电作业"

    def test_owners_do_not_see_it(self, world: World) -> None:
        assert work(world.zhangwei, job(world, category="electrical"))["checklist"] is None


@sqlite_only
class TestFill:
    def test_an_answer_is_kept_with_who_and_when(self, world: World) -> None:
        number = job(world, category="electrical")
        item = items(world, number)["绝缘电阻（MΩ）"]
        assert fill(world.lishifu, number, item_id=item["id"], value=0.5, note="潮湿").status_code == 200
        kept = items(world, number)["绝缘电阻（MΩ）"]
        assert (kept["value"], kept["note"], kept["by"]["name"], kept["done"]) == (0.5, "潮湿", "李强", True)

    def test_not_all_right_is_an_answer(self, world: World) -> None:
        number = job(world, category="electrical")
        item = items(world, number)["送电试验正常"]
        fill(world.lishifu, number, item_id=item["id"], ok=False, note="还跳闸")
        assert items(world, number)["送电试验正常"]["done"]

    def test_a_photo_answers_and_only_staff_see_it(self, world: World) -> None:
        number, media_id = job(world, category="electrical"), photo(world.lishifu)
        item = items(world, number)["处理后拍照"]
        assert fill(world.lishifu, number, item_id=item["id"], media_id=media_id).status_code == 200
        assert world.kefu.get(f"/media/{media_id}").status_code == 200
        is_problem(world.zhangwei.get(f"/media/{media_id}"), 404)

    @pytest.mark.parametrize("answer", [{"value": 3}, {}, {"media_id": "x"}, {"ok": "maybe"}, {"value": "NaN"}])
    def test_an_answer_of_another_kind_is_refused(self, world: World, answer: dict[str, Any]) -> None:
        number = job(world, category="electrical")
        is_problem(fill(world.lishifu, number, item_id=items(world, number)["断电并挂牌"]["id"], **answer), 422)

    def test_another_orders_item_is_not_there(self, world: World) -> None:
        other = items(world, job(world, category="electrical"))["断电并挂牌"]["id"]
        is_problem(fill(world.lishifu, job(world, category="electrical"), item_id=other, ok=True), 404)

    @pytest.mark.parametrize(("who", "status"), [("zhangwei", 403), ("zhaoshifu", 404)])
    def test_who_does_not_work_on_it_answers_nothing(self, world: World, who: str, status: int) -> None:
        number = job(world, category="electrical")
        item = items(world, number)["断电并挂牌"]["id"]
        is_problem(fill(getattr(world, who), number, item_id=item, ok=True), status)


@sqlite_only
class TestFinish:
    def test_the_phone_page_is_told_what_is_open(self, world: World) -> None:
        number = job(world, category="electrical")
        problem = is_problem(world.lishifu.move(number, "finished", note="好了"), 409)
        assert problem["type"] == "/problems/checklist-open"
        assert problem["titles"] == ["断电并挂牌", "验电，确认无电", "送电试验正常"]
        assert work(world.lishifu, number)["status"] == "on_site"

    def test_with_all_answered_it_ends(self, world: World) -> None:
        number = job(world, category="electrical")
        fill_required(world, world.lishifu, number)
        ended = world.lishifu.move(number, "finished", note="好了").json()
        assert (ended["status"], ended["answer"]) == ("finished", None)
        assert lines(world.kefu, number, "checklist") == []

    def test_a_reason_lets_it_end(self, world: World) -> None:
        number = job(world, category="electrical")
        ended = world.lishifu.move(number, "finished", note="好了", unfilled="业主没让停电").json()
        assert ended["status"] == "finished"
        assert "业主没让停电" in lines(world.kefu, number, "checklist")[0]

    def test_in_chat_it_does_not_end_and_what_is_open_is_said(self, world: World) -> None:
        number = job(world, category="electrical")
        problem = is_problem(in_chat(world, world.lishifu).move(number, "finished", note="修好了"), 409)
        shown = items(world, number)
        assert [(i["id"], i["kind"]) for i in problem["items"]] == [
            (shown[text]["id"], "check") for text in ("断电并挂牌", "验电，确认无电", "送电试验正常")
        ]
        assert problem["page"].endswith(f"/?checklist={number}")
        assert work(world.lishifu, number)["status"] == "on_site"
        fill_required(world, in_chat(world, world.lishifu), number)
        assert in_chat(world, world.lishifu).move(number, "finished", note="修好了").json()["status"] == "finished"

    def test_a_photo_that_must_be_is_asked_for(self, world: World) -> None:
        desk = world.kefu
        version = desk.get("/checklists/pest").json()["version"]
        body = {
            "title": "虫鼠",
            "items": [{"text": "投药点拍照", "kind": "photo", "required": True}],
            "version": version,
        }
        assert desk.call("PUT", "/checklists/pest", json=body).status_code == 200
        number = job(world, category="pest")
        problem = is_problem(in_chat(world, world.lishifu).move(number, "finished", note="修好了"), 409)
        assert [(i["text"], i["kind"]) for i in problem["items"]] == [("投药点拍照", "photo")]

    def test_the_desk_ends_it_and_what_is_open_is_told_back(self, world: World) -> None:
        number = job(world, category="electrical")
        ended = world.kefu.move(number, "finished", note="师傅说修好了").json()
        assert ended["status"] == "finished"
        assert "还有 3 项没填" in ended["answer"]
        assert any("检查单还有没填的：断电并挂牌" in text for text in heard(world, world.lishifu, number))
        assert lines(world.kefu, number, "checklist")[0].startswith("检查单未填 断电并挂牌")
        assert not any("检查单" in line for line in lines(world.zhangwei, number))

    def test_it_may_be_filled_in_after(self, world: World) -> None:
        number = job(world, category="electrical")
        world.kefu.move(number, "finished", note="师傅说修好了")
        fill_required(world, world.lishifu, number)
        assert work(world.kefu, number)["checklist"]["open"] == 0
        assert "检查单补填 断电并挂牌" in lines(world.kefu, number, "checklist")

    def test_a_small_repair_needs_no_list(self, world: World) -> None:
        assert world.lishifu.move(job(world), "finished", note="好了").status_code == 200
