"""What a message opens for its speaker, and the one question that comes first."""

from typing import Any

import pytest

from tests.backend.support import World, is_problem


def item(text: str, category: str = "lighting", **more: Any) -> dict[str, Any]:
    return {"text": text, "category": category, "fault": text, **more}


def report(who: Any, *items: dict[str, Any], key: str | None = None, **more: Any) -> Any:
    return who.post("/work-orders/reports", {"items": list(items), **more}, key)


class TestReports:
    def test_each_fault_becomes_an_order_at_its_place(self, world: World) -> None:
        items = item("楼道灯不亮"), item("厨房水龙头漏水", "plumbing")
        orders = report(world.zhangwei, *items).json()["orders"]
        places = [(o["location"]["floor"], o["location"]["room"], o["location"]["place"]) for o in orders]
        assert places == [("12", None, "楼道"), ("12", "1201", "厨房")]

    def test_the_same_message_opens_its_orders_once(self, world: World) -> None:
        items = item("楼道灯不亮"), item("厨房水龙头漏水", "plumbing")
        first, again = (report(world.zhangwei, *items, key="reports-once").json() for _ in range(2))
        assert [o["number"] for o in first["orders"]] == [o["number"] for o in again["orders"]]

    def test_one_question_comes_before_anything_is_opened(self, world: World) -> None:
        made = report(world.zhangwei, item("灯坏了")).json()
        assert made["orders"] == []
        assert "楼下" in made["question"]["options"]

    @pytest.mark.parametrize(("answer", "place"), [("楼下", "楼下"), ("", None)])
    def test_after_an_answer_nothing_is_asked(self, world: World, answer: str, place: str | None) -> None:
        made = report(world.zhangwei, item("灯坏了"), answer=answer).json()
        assert [o["location"]["place"] for o in made["orders"]] == [place]

    def test_an_emergency_without_a_place_is_at_home(self, world: World) -> None:
        sparks = item("配电箱里面打火花", "electrical", urgency="emergency", scope="public", scope_confidence=0.9)
        where = report(world.zhangwei, sparks, answer="").json()["orders"][0]["location"]
        assert (where["building"], where["unit"], where["room"]) == ("3", "2", "1201")

    def test_nothing_said_is_asked_about(self, world: World) -> None:
        assert report(world.zhangwei).json()["question"]["about"] == "fault"


class TestPlaces:
    def test_a_bare_number_is_a_room_of_the_speakers_unit(self, world: World) -> None:
        words = item("1301 家小孩蹦床从八点蹦到十一点", "noise", scope="private", scope_confidence=0.9)
        where = world.zhangwei.post("/work-orders/reports", {"items": [words]}).json()["orders"][0]["location"]
        assert (where["building"], where["unit"], where["room"]) == ("3", "2", "1301")

    @pytest.mark.parametrize("lift", ["1", "2"])
    def test_the_number_of_a_lift_says_its_unit(self, world: World, lift: str) -> None:
        made = report(world.zhangwei, item(f"{lift}号梯的按钮按不动", "elevator", scope="public", scope_confidence=0.9))
        order = (made.json()["orders"] or [known["order"] for known in made.json()["known"]])[0]
        assert (order["location"]["unit"], order["asset_name"]) == (lift, f"3号楼{lift}号梯")

    def test_an_address_said_before_the_fault_is_its_own(self, world: World) -> None:
        words = item("大堂的灯也不亮", place_words="5号楼1单元大堂")
        where = report(world.zhangwei, words).json()["orders"][0]["location"]
        assert (where["building"], where["unit"], where["place"]) == ("5", "1", "大堂")


class TestEstates:
    def test_anothers_estate_is_refused_in_words(self, world: World) -> None:
        problem = is_problem(report(world.chenjing, item("阳光花园3号楼的灯坏了")), 403)
        assert "翠湖里" in problem["detail"]
        assert "转人工" in problem["detail"]

    def test_the_name_of_ones_own_estate_is_no_garden(self, world: World) -> None:
        order = report(world.zhangwei, item("阳光花园5号楼大堂的灯坏了")).json()["orders"][0]
        assert (order["location"]["building"], order["location"]["place"]) == ("5", "大堂")

    def test_who_belongs_to_both_reports_where_they_say(self, world: World) -> None:
        order = report(world.quyu, item("翠湖里1号楼大堂的灯坏了")).json()["orders"][0]
        assert order["location"]["community"] == "lakeside"


def test_a_bare_thing_is_asked_about_however_sure_the_model_is(world: World) -> None:
    made = report(world.zhangwei, item("灯坏了", scope="private", scope_confidence=0.95)).json()
    assert made["question"]["about"] == "scope"
