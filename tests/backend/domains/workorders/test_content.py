"""What may stand on an order: equipment, pictures, places and words of its own estate and sender only."""

import uuid
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from backend.domains.equipment.models import Asset
from backend.kit import clock
from backend.kit.auth import Role
from tests.backend.conftest import sqlite_only
from tests.backend.pictures import PICTURE
from tests.backend.support import User, World, is_problem

GOOD: dict[str, Any] = {"category": "hvac", "fault": "不制冷", "location": {"place": "会议室"}}


def asset(world: World, community: int, name: str) -> int:
    return int(world.rows(select(Asset.id).where(Asset.community_id == community, Asset.name == name))[0])


def picture_of(who: User) -> str:
    answer = who.call("POST", "/media", files={"file": ("a.png", PICTURE, "image/png")})
    return str(answer.json()["media_id"])


def wrong(answer: httpx.Response, field: str, status: int = 422) -> dict[str, str]:
    errors = is_problem(answer, status)["errors"]
    assert [e["field"] for e in errors] == [field]
    return dict(errors[0])


@pytest.fixture
def number(world: World) -> str:
    return str(world.zhangwei.open_order(category="hvac", scope="public")["number"])


def correct(world: World, number: str, **changes: Any) -> httpx.Response:
    version = world.kefu.get(f"/work-orders/{number}").json()["version"]
    return world.kefu.patch(f"/work-orders/{number}", {"version": version, **changes})


class TestEquipment:
    @pytest.fixture
    def elsewhere(self, world: World) -> int:
        return asset(world, 2, "1号楼1号梯")

    def test_equipment_of_the_estate_is_kept(self, world: World) -> None:
        lift = asset(world, 1, "3号楼2号梯")
        assert world.zhangwei.post("/work-orders", {**GOOD, "asset_id": lift}).json()["asset_name"] == "3号楼2号梯"

    @pytest.mark.parametrize("who", ["zhangwei", "kefu", "quyu"])
    def test_that_of_another_estate_is_refused(self, world: World, elsewhere: int, who: str) -> None:
        body = {**GOOD, "asset_id": elsewhere, "location": {"community": "sunshine", "place": "会议室"}}
        assert wrong(getattr(world, who).post("/work-orders", body), "asset_id")["message"] == "没有这台设备"

    def test_what_does_not_exist_is_refused_in_the_same_words(self, world: World, elsewhere: int) -> None:
        there, nowhere = (
            world.zhangwei.post("/work-orders", {**GOOD, "asset_id": i}).json() for i in (elsewhere, 999_999_999)
        )
        assert (there["detail"], there["errors"]) == (nowhere["detail"], nowhere["errors"])

    @pytest.mark.parametrize("known", [True, False])
    def test_no_correction_leads_to_it(self, world: World, number: str, elsewhere: int, known: bool) -> None:
        answer = correct(world, number, asset_id=elsewhere if known else 999_999_999)
        assert wrong(answer, "asset_id")["message"] == "没有这台设备"

    @pytest.mark.parametrize("value", [True, "1", 1.0, 0, -1])
    def test_its_id_is_a_number(self, world: World, number: str, value: Any) -> None:
        wrong(correct(world, number, asset_id=value), "asset_id")


class TestPictures:
    def test_ones_own_are_kept(self, world: World) -> None:
        mine = picture_of(world.zhangwei)
        order = world.zhangwei.post("/work-orders", {**GOOD, "attachments": [mine]}).json()
        assert order["attachments"] == [mine]

    @pytest.mark.parametrize("address", ["/work-orders", "/work-orders/reports"])
    def test_those_of_others_are_refused(self, world: World, owner: User, address: str) -> None:
        theirs = picture_of(owner)
        items = [{"text": "楼道灯不亮", "category": "lighting"}]
        body = {"items": items} if address.endswith("reports") else GOOD
        answer = world.zhangwei.post(address, {**body, "attachments": [theirs]})
        assert wrong(answer, "attachments")["message"] == "找不到图片"

    @pytest.mark.parametrize("made_up", ["nothing", "../../etc/passwd", "http://evil/x.png", ""])
    def test_made_up_ones_are_refused(self, world: World, made_up: str) -> None:
        wrong(world.zhangwei.post("/work-orders", {**GOOD, "attachments": [made_up]}), "attachments")

    def test_the_desk_adds_those_of_its_estate(self, world: World) -> None:
        theirs = picture_of(world.zhangwei)
        assert world.kefu.post("/work-orders", {**GOOD, "attachments": [theirs]}).status_code == 201

    def test_the_desk_does_not_add_those_of_another_estate(self, world: World) -> None:
        theirs = picture_of(world.chenjing)
        wrong(world.kefu.post("/work-orders", {**GOOD, "attachments": [theirs]}), "attachments")


PLACES: dict[str, tuple[dict[str, str], str]] = {
    "no such building": ({"building": "99"}, "building"),
    "no such unit": ({"building": "3", "unit": "3"}, "unit"),
    "no such room": ({"building": "3", "unit": "2", "room": "9999"}, "room"),
    "a building with a zero before": ({"building": "03"}, "building"),
    "a unit without a building": ({"unit": "2"}, "building"),
    "a room without a building": ({"room": "1201"}, "building"),
    "letters": ({"building": "A"}, "building"),
    "digits of another width": ({"building": "３"}, "building"),
    "a floor in words": ({"building": "3", "floor": "顶层"}, "floor"),
    "a basement as a building": ({"building": "B1"}, "building"),
}


class TestPlaces:
    @pytest.mark.parametrize("what", PLACES)
    def test_what_does_not_exist_is_named(self, world: World, what: str) -> None:
        location, field = PLACES[what]
        wrong(world.zhangwei.post("/work-orders", {**GOOD, "location": location}), f"location.{field}")

    @pytest.mark.parametrize("what", PLACES)
    def test_no_correction_leads_there(self, world: World, number: str, what: str) -> None:
        nowhere = correct(
            world, number, location={"building": "", "unit": "", "room": "", "floor": "", "place": "东门"}
        )
        assert nowhere.status_code == 200, nowhere.text
        location, field = PLACES[what]
        wrong(correct(world, number, location=location), f"location.{field}")

    @pytest.mark.parametrize("floor", ["1", "18", "B1"])
    def test_floors_and_basements_are_kept(self, world: World, floor: str) -> None:
        location = {"building": "3", "unit": "2", "floor": floor}
        assert world.zhangwei.post("/work-orders", {**GOOD, "location": location}).json()["location"]["floor"] == floor

    def test_another_building_has_none_of_the_old_parts(self, world: World, number: str) -> None:
        where = correct(world, number, location={"building": "5"}).json()["location"]
        assert (where["building"], where["unit"], where["floor"], where["room"], where["place"]) == (
            ("5", None, None, None, None)
        )  # fmt: skip

    def test_parts_that_come_along_stay(self, world: World, number: str) -> None:
        where = correct(world, number, location={"building": "5", "unit": "1", "room": "302"}).json()["location"]
        assert (where["building"], where["unit"], where["room"]) == ("5", "1", "302")

    def test_the_same_building_again_changes_nothing(self, world: World, number: str) -> None:
        before = world.kefu.get(f"/work-orders/{number}").json()
        after = correct(world, number, location={"building": "3"}).json()
        assert (after["location"], after["version"]) == (before["location"], before["version"])

    def test_an_order_does_not_move_to_another_estate(self, world: World, number: str) -> None:
        wrong(correct(world, number, location={"community": "lakeside"}), "location.community")

    def test_words_that_name_another_estate_are_refused(self, world: World) -> None:
        answer = world.zhangwei.post("/work-orders", {**GOOD, "location": "翠湖里1号楼大堂"})
        assert is_problem(answer, 403)["type"] == "/problems/not-your-estate"

    @pytest.mark.parametrize("words", ["99号楼大堂", "3号楼9单元大堂", "3号楼2单元9901"])
    def test_words_that_name_what_does_not_exist_are_refused(self, world: World, words: str) -> None:
        assert "没有" in wrong(world.zhangwei.post("/work-orders", {**GOOD, "location": words}), "location")["message"]

    def test_a_building_that_does_not_exist_is_asked_about(self, world: World) -> None:
        items = [{"text": "88号楼大堂的灯坏了", "category": "lighting", "scope": "public", "scope_confidence": 1}]
        made = world.zhangwei.post("/work-orders/reports", {"items": items}).json()
        assert made["orders"] == []
        assert "没有88号楼" in made["question"]["text"]

    def test_its_answer_is_taken(self, world: World) -> None:
        items = [{"text": "88号楼大堂的灯坏了", "category": "lighting", "scope": "public", "scope_confidence": 1}]
        made = world.zhangwei.post("/work-orders/reports", {"items": items, "answer": "8号楼1单元"}).json()
        where = made["orders"][0]["location"]
        assert (where["building"], where["unit"], where["place"]) == ("8", "1", "大堂")


class TestItems:
    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("category", "magic"),
            ("urgency", "yesterday"),
            ("scope", "secret"),
            ("scope_confidence", 7),
            ("text", "\u200b"),
            ("text", 5),
        ],
    )
    def test_an_item_outside_the_contract_is_named(self, world: World, field: str, value: Any) -> None:
        items = [{"text": "楼道灯不亮", "category": "lighting", field: value}]
        wrong(world.zhangwei.post("/work-orders/reports", {"items": items}), f"items.0.{field}")

    def test_words_are_cleaned(self, world: World) -> None:
        order = world.zhangwei.post("/work-orders", {**GOOD, "fault": " 灯\u202e坏\x07了\n快来\u2066 "}).json()
        assert order["fault"] == "灯坏了\n快来"

    def test_signs_that_nobody_sees_find_nothing(self, world: World) -> None:
        world.zhangwei.post("/work-orders", GOOD)
        assert world.zhangwei.get("/work-orders", q="\x00").json()["items"] == []

    @pytest.mark.parametrize(("after", "status"), [(timedelta(minutes=-2), 201), (timedelta(days=300), 201),
                                                   (timedelta(minutes=-10), 422), (timedelta(days=400), 422)])  # fmt: skip
    def test_a_time_is_soon(self, world: World, after: timedelta, status: int) -> None:
        body = {**GOOD, "preferred_time": (clock.now() + after).isoformat()}
        assert world.zhangwei.post("/work-orders", body).status_code == status


class TestSource:
    @pytest.mark.parametrize("said", [None, "wechat", "alarm", "staff", "open311"])
    def test_a_resident_does_not_choose_it(self, world: World, said: str | None) -> None:
        body = {**GOOD, **({"source": said} if said else {})}
        assert world.zhangwei.post("/work-orders", body).json()["source"] == "web"

    @pytest.mark.parametrize("who", ["kefu", "lishifu"])
    def test_of_staff_it_is_staff(self, world: World, who: str) -> None:
        answer = getattr(world, who).post("/work-orders", {**GOOD, "category": "plumbing", "source": "wechat"})
        assert answer.json()["source"] == "staff"

    @pytest.mark.parametrize("channel", ["wechat", "voice", "web"])
    def test_in_chat_it_is_the_channel_of_the_message(self, world: World, channel: str) -> None:
        bot = world.user(world.zhangwei.id, "zhangwei", via="bot", message_id="m", channel=channel)
        assert bot.post("/work-orders", {**GOOD, "source": "alarm"}).json()["source"] == channel


class TestKeys:
    def test_another_order_under_the_same_key_is_refused(self, world: World) -> None:
        key = uuid.uuid4().hex
        assert world.zhangwei.post("/work-orders", GOOD, key).status_code == 201
        answer = world.zhangwei.post("/work-orders", {**GOOD, "fault": "别的事"}, key)
        assert is_problem(answer, 409)["type"] == "/problems/key-reused"

    def test_another_report_under_the_same_key_is_refused(self, world: World) -> None:
        key = uuid.uuid4().hex
        for fault, status in (("楼道灯不亮", 200), ("大堂灯不亮", 409)):
            body = {"items": [{"text": fault, "category": "lighting"}]}
            assert world.zhangwei.post("/work-orders/reports", body, key).status_code == status

    def test_a_question_uses_no_key_up(self, world: World) -> None:
        key, items = uuid.uuid4().hex, [{"text": "灯坏了", "category": "lighting"}]
        assert world.zhangwei.post("/work-orders/reports", {"items": items}, key).json()["question"]
        made = world.zhangwei.post("/work-orders/reports", {"items": items, "answer": "楼下"}, key).json()
        assert len(made["orders"]) == 1

    def test_an_order_that_was_refused_uses_no_key_up(self, world: World) -> None:
        key = uuid.uuid4().hex
        wrong(world.zhangwei.post("/work-orders", {**GOOD, "asset_id": 999_999_999}, key), "asset_id")
        assert world.zhangwei.post("/work-orders", GOOD, key).status_code == 201


@sqlite_only
class TestFilters:
    @pytest.mark.parametrize("path", ["/work-orders", "/people", "/equipment", "/dashboard", "/conversations"])
    def test_an_estate_of_others_is_as_good_as_absent(self, world: World, path: str) -> None:
        there, nowhere = (wrong(world.kefu.get(path, community=c), "community") for c in ("lakeside", "atlantis"))
        assert there == nowhere

    def test_no_equipment_is_entered_there(self, world: World) -> None:
        body = {"name": "梯", "kind": "elevator", "community": "lakeside"}
        assert wrong(world.kefu.post("/equipment", body), "community")["message"] == "没有这个小区"

    def test_who_belongs_nowhere_is_told(self, world: World) -> None:
        somebody = world.new(Role.OWNER)
        with world.retired(somebody):
            pass
        is_problem(somebody.post("/work-orders", GOOD), 403)
