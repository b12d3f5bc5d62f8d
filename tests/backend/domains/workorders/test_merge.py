"""Merging: what may become one order, what its followers see, and what the master takes over."""

import json
from typing import Any

import pytest
from sqlalchemy import select

from backend.domains.workorders.domain import Status
from backend.kit.auth import Role
from backend.kit.outbox import OutboxRow
from tests.backend.support import User, World, is_problem

LOBBY = {"community": "sunshine", "building": "3", "unit": "2", "place": "大堂"}
SECRETS = ("张伟", "13800000001", "1201", "我是张伟")


def home(building: str, unit: str, room: str) -> dict[str, str]:
    return {"community": "sunshine", "building": building, "unit": unit, "room": room}


def public(who: User, fault: str = "大堂灯不亮", **more: Any) -> dict[str, Any]:
    return who.open_order(category="hvac", scope="public", fault=fault, location=LOBBY, **more)


def private(who: User, room: tuple[str, str, str], **more: Any) -> dict[str, Any]:
    return who.open_order(category="hvac", scope="private", location=home(*room), **more)


def seen(who: User, number: str) -> dict[str, Any]:
    answer = who.get(f"/work-orders/{number}")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


class TestPrivate:
    def test_orders_of_different_homes_are_not_merged(self, world: World, owner: User) -> None:
        master = private(world.zhangwei, ("3", "2", "1201"))["number"]
        double = private(owner, ("7", "1", "901"))["number"]
        problem = is_problem(world.kefu.move(double, "merged", into=master), 409)
        assert "户" in problem["detail"]
        is_problem(owner.get(f"/work-orders/{master}"), 404)
        assert seen(owner, double)["status"] != "merged"

    def test_two_homes_of_one_person_are_not_merged(self, world: World) -> None:
        one = private(world.kefu, ("3", "2", "1201"), reporter="zhangwei")["number"]
        two = private(world.kefu, ("3", "2", "1202"), reporter="zhangwei")["number"]
        is_problem(world.kefu.move(two, "merged", into=one), 409)

    def test_a_public_order_is_not_merged_into_anothers_home(self, world: World, owner: User) -> None:
        master = private(world.zhangwei, ("3", "2", "1201"))["number"]
        double = public(owner)["number"]
        is_problem(world.kefu.move(double, "merged", into=master), 409)
        is_problem(owner.get(f"/work-orders/{master}"), 404)

    def test_orders_of_one_household_are_merged(self, world: World) -> None:
        tenant = world.new(Role.TENANT, home=("3", "2", "1201"))
        master = private(world.zhangwei, ("3", "2", "1201"))["number"]
        double = private(tenant, ("3", "2", "1201"))["number"]
        assert world.kefu.move(double, "merged", into=master).json()["status"] == "merged"
        assert seen(tenant, master)["number"] == master

    def test_a_follower_sees_nothing_any_more_when_it_turns_out_to_be_private(self, world: World, owner: User) -> None:
        master, double = public(world.zhangwei)["number"], public(owner)["number"]
        world.kefu.move(double, "merged", into=master)
        version = seen(world.kefu, master)["version"]
        changed = {"version": version, "scope": "private", "location": home("3", "2", "1201")}
        assert world.kefu.patch(f"/work-orders/{master}", changed).status_code == 200
        is_problem(owner.get(f"/work-orders/{master}"), 404)
        before = len(heard(world, owner))
        world.kefu.move(master, "dispatched", technician=world.lishifu.id)
        world.kefu.move(master, "accepted")
        assert len(heard(world, owner)) == before


class TestEnded:
    @pytest.mark.parametrize("status", ["cancelled", "closed", "merged"])
    def test_nothing_is_merged_into_what_has_ended(self, world: World, owner: User, status: str) -> None:
        master, double = public(world.zhangwei)["number"], public(owner)["number"]
        world.put(master, status)
        answer = world.kefu.move(double, "merged", into=master)
        assert is_problem(answer, 422)["errors"][0]["field"] == "into"
        assert seen(owner, double)["status"] != "merged"


class TestUrgency:
    def test_an_emergency_makes_the_master_one(self, world: World, owner: User) -> None:
        master = public(world.zhangwei)
        double = public(owner, urgency="emergency")["number"]
        world.kefu.move(double, "merged", into=master["number"])
        after = seen(world.kefu, master["number"])
        assert after["urgency"] == "emergency"
        assert after["promised_at"] < master["promised_at"]
        line = next(t for t in after["timeline"] if t["kind"] == "edit")
        assert (line["title"], line["text"]) == ("紧急程度提高", "一般 → 紧急")

    def test_the_desk_hears_of_it(self, world: World, owner: User) -> None:
        master = public(world.zhangwei)["number"]
        double = public(owner, urgency="emergency")["number"]
        world.kefu.move(double, "merged", into=master)
        assert any(text.startswith("紧急：") and master in text for text in heard(world, world.jingli))

    def test_a_milder_one_leaves_it(self, world: World, owner: User) -> None:
        master = public(world.zhangwei, urgency="high")
        double = public(owner, urgency="low")["number"]
        world.kefu.move(double, "merged", into=master["number"])
        after = seen(world.kefu, master["number"])
        assert (after["urgency"], after["promised_at"]) == ("high", master["promised_at"])


def heard(world: World, who: User) -> list[str]:
    return [row.text for row in world.rows(select(OutboxRow).where(OutboxRow.person_id == who.id))]


def sent(world: World, who: User) -> str:
    rows = world.rows(select(OutboxRow).where(OutboxRow.person_id == who.id))
    return json.dumps([[row.text, row.payload] for row in rows], ensure_ascii=False)


class TestFollower:
    """王芳-like second reporter of a public fault: what happens, never who."""

    @pytest.fixture
    def master(self, world: World, owner: User) -> str:
        fault = "我是张伟，3号楼2单元1201的，电话13800000001，大堂灯不亮"
        number = str(public(world.zhangwei, fault, preferred_time=None)["number"])
        double = public(owner)["number"]
        assert world.kefu.move(double, "merged", into=number).status_code == 200
        return number

    def test_sees_what_it_is_and_how_it_stands(self, owner: User, master: str) -> None:
        view = seen(owner, master)
        assert (view["number"], view["status"], view["place_text"]) == (master, "triaged", "3号楼2单元 大堂")
        assert view["fault"] == "大堂灯不亮"
        assert view["following"] is True

    def test_sees_nothing_of_the_first_reporter(self, world: World, owner: User, master: str) -> None:
        world.zhangwei.post(f"/work-orders/{master}/notes", {"text": "我是张伟，1201，13800000001"})
        world.kefu.move(master, "dispatched", technician=world.lishifu.id)
        world.lishifu.move(master, "accepted")
        world.lishifu.move(master, "on_site")
        world.lishifu.move(master, "suspended", note="给1201的张先生打电话13800000001没人接，张伟说明天在家")
        body = owner.get(f"/work-orders/{master}").text + owner.get("/work-orders", mine=True).text
        for secret in (*SECRETS, "张先生"):
            assert secret not in body, secret
            assert secret not in sent(world, owner), secret

    def test_residents_in_the_history_are_called_owners(self, owner: User, master: str) -> None:
        names = {(line["actor"]["kind"], line["actor"]["name"]) for line in seen(owner, master)["timeline"]}
        assert ("person", "业主") in names
        assert not any(name == "张伟" for _, name in names)

    def test_neither_does_the_first_reporter_learn_of_the_second(self, world: World, owner: User, master: str) -> None:
        owner.post(f"/work-orders/{master}/notes", {"text": "我住7号楼，姓新"})
        text = json.dumps(seen(world.zhangwei, master), ensure_ascii=False)
        assert "新人" not in text
        assert "我住7号楼" not in text

    def test_pictures_stay_with_who_sent_them(self, world: World, owner: User, master: str) -> None:
        assert seen(owner, master)["attachments"] == []
        assert seen(owner, master)["reporter"] is None

    def test_words_of_others_cannot_be_searched_in(self, world: World, owner: User, master: str) -> None:
        for q in ("张伟", "13800000001", "1201", "大堂灯不亮"):
            found = owner.get("/work-orders", q=q).json()["items"]
            assert master not in [order["number"] for order in found], q
        assert master in [
            order["number"] for order in world.zhangwei.get("/work-orders", q="大堂灯不亮").json()["items"]
        ]

    def test_a_room_on_a_public_order_is_not_shown(self, world: World, owner: User) -> None:
        place = home("3", "2", "1201")
        number = world.zhangwei.open_order(category="hvac", scope="public", location=place)["number"]
        double = owner.open_order(category="hvac", scope="public", location=LOBBY)["number"]
        assert world.kefu.move(double, "merged", into=number).status_code == 200
        assert "1201" not in owner.get(f"/work-orders/{number}").text

    def test_the_history_of_the_master_says_so(self, world: World, master: str) -> None:
        line = next(t for t in seen(world.kefu, master)["timeline"] if t["kind"] == "again")
        assert line["title"] == "又有业主反映（第 2 位）"
        assert line["text"].endswith("并入：大堂灯不亮")

    def test_staff_see_how_many_follow(self, world: World, master: str) -> None:
        assert seen(world.kefu, master)["followers"] == 1

    def test_it_is_among_ones_own_orders(self, owner: User, master: str) -> None:
        mine = owner.get("/work-orders", mine=True, open=True).json()["items"]
        assert master in [order["number"] for order in mine]

    def test_may_accept_but_not_cancel_or_rate(self, world: World, owner: User, master: str) -> None:
        is_problem(owner.move(master, "cancelled"), 403)
        world.put(master, Status.FINISHED, world.lishifu)
        is_problem(owner.post(f"/work-orders/{master}/rating", {"stars": 1}), 403)
        assert {m["to"] for m in seen(owner, master)["allowed"]} == {"accepted_by_owner", "reopened"}
        assert owner.move(master, "accepted_by_owner").json()["status"] == "accepted_by_owner"

    def test_hears_the_same_moves(self, world: World, owner: User, master: str) -> None:
        world.kefu.move(master, "dispatched", technician=world.lishifu.id)
        for to, note in (("accepted", None), ("on_site", None), ("finished", "换了灯管")):
            assert world.lishifu.move(master, to, note=note).status_code == 200
        world.zhangwei.move(master, "accepted_by_owner")
        told = [text for text in heard(world, owner) if master in text]
        for words in ("已派给李师傅", "李师傅已接单", "已到现场", "换了灯管", "已确认修好"):
            assert any(words in text for text in told), (words, told)

    def test_is_asked_whether_it_is_over_when_the_first_cancels(self, world: World, owner: User, master: str) -> None:
        world.zhangwei.move(master, "cancelled", note="我自己换好了")
        row = world.rows(select(OutboxRow).where(OutboxRow.person_id == owner.id).order_by(OutboxRow.id.desc()))[0]
        assert "还没好" in [button["title"] for button in row.payload["buttons"]]
        assert "我自己换好了" not in row.text  # a neighbour's words
        assert any("还有 1 位业主" in text for text in heard(world, world.kefu))
