"""The person says that the danger is over: the instructions are taken back, those on their way are told."""

from typing import Any

import pytest

from backend.domains.conversations import danger
from tests.backend.domains.conversations.reading import talk_of
from tests.backend.support import FakeRasa, User, World

OVER = (
    "没事了", "已经没事了", "人救出来了", "我们出来了，没事", "火已经灭了", "扑灭了", "总阀关上了", "水停了", "弄错了，没着火",
    "虚惊一场", "误报", "不用来了", "电闸拉下了",
)  # fmt: skip
NOT_OVER = (
    "还没出来", "火没灭", "没事了吗", "人出不来", "水关了但还在漏", "什么时候来", "快来", "又烧起来了", "灯修好了", "你好",
    "救命", "火灭了怎么办",
)  # fmt: skip


class TestIsOver:
    @pytest.mark.parametrize("text", OVER)
    def test_over(self, text: str) -> None:
        assert danger.is_over(text)

    @pytest.mark.parametrize("text", NOT_OVER)
    def test_not_over(self, text: str) -> None:
        assert not danger.is_over(text)

    @pytest.mark.parametrize("text", OVER)
    def test_what_is_over_is_no_new_danger(self, text: str) -> None:
        assert danger.find(text) is None


def danger_card(who: User) -> dict[str, Any]:
    return next(m["card"] for m in reversed(who.history()) if m["card"] and m["card"]["type"] == "danger")


class TestCalledOff:
    @pytest.fixture
    def number(self, rasa: FakeRasa, owner: User) -> str:
        return str(owner.say("电梯困人了").json()["replies"][0]["card"]["order_number"])

    def test_the_card_is_over_and_the_order_hears_it(self, world: World, owner: User, number: str) -> None:
        assert not danger_card(owner).get("over")
        reply = owner.say("没事了，人出来了").json()["replies"][0]
        assert number in reply["text"]
        assert [b["title"] for b in reply["buttons"]] == ["撤单"]
        assert danger_card(owner)["over"] is True
        order = world.kefu.get(f"/work-orders/{number}").json()
        assert order["status"] == "dispatched"
        assert order["timeline"][-1]["text"] == "报修人说：没事了，人出来了"

    def test_the_desk_still_sees_it_waiting(self, world: World, owner: User, number: str) -> None:
        owner.say("没事了")
        assert talk_of(world, owner).danger

    def test_said_again_it_is_the_bots(self, owner: User, number: str) -> None:
        owner.say("没事了")
        assert owner.say("没事了").json()["replies"][0]["text"] == "收到：没事了"

    def test_without_a_danger_it_is_the_bots(self, rasa: FakeRasa, owner: User) -> None:
        assert owner.say("没事了").json()["replies"][0]["text"] == "收到：没事了"

    def test_after_the_order_has_ended_it_is_the_bots(self, world: World, owner: User, number: str) -> None:
        world.put(number, "closed")
        assert owner.say("没事了").json()["replies"][0]["text"] == "收到：没事了"

    @pytest.mark.parametrize("ended", ["finished", "closed", "cancelled"])
    def test_after_the_order_has_ended_the_same_danger_is_a_new_one(
        self, world: World, owner: User, number: str, ended: str
    ) -> None:
        world.put(number, ended)
        again = owner.say("电梯又困人了，快来").json()["replies"][0]["card"]["order_number"]
        assert again != number
        assert world.kefu.get(f"/work-orders/{again}").json()["urgency"] == "emergency"

    def test_while_staff_has_it_the_card_is_over_without_a_word(self, world: World, owner: User, number: str) -> None:
        world.kefu.post(f"/conversations/{talk_of(world, owner).id}/take-over")
        assert owner.say("没事了").json()["replies"] == []
        assert danger_card(owner)["over"] is True

    def test_a_new_danger_is_a_new_card(self, owner: User, number: str) -> None:
        owner.say("没事了")
        owner.say("楼道着火了")
        assert not danger_card(owner).get("over")
