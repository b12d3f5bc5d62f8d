"""The desk's queue: who stands in it and in which order, what a search finds, and the one number of who is ahead."""

import uuid
from typing import Any

import pytest

from backend.domains.conversations.domain import excerpt
from backend.kit.auth import Role
from tests.backend.support import FakeRasa, User, World


def waits(who: User) -> dict[str, Any]:
    answer = who.post("/chat/hand-over", {"reason": "asked", "take": True})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def queue(world: World, kind: str = "waiting", **more: Any) -> list[dict[str, Any]]:
    answer = world.kefu.get("/conversations", queue=kind, limit=200, **more)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


def names_waiting(world: World, *people: User) -> list[int]:
    """The ids of these people in the order of the queue."""
    wanted = {p.id for p in people}
    return [t["person"]["id"] for t in queue(world) if t["person"]["id"] in wanted]


class TestStanding:
    def test_residents_come_before_staff_who_wait_longer(self, world: World, rasa: FakeRasa) -> None:
        technician = world.new(Role.TECHNICIAN)
        with world.retired(technician):
            owner = world.new()
            waits(technician)
            waits(owner)
            assert names_waiting(world, technician, owner) == [owner.id, technician.id]
            stands = {t["person"]["id"]: t["person"]["standing"] for t in queue(world)}
            assert (stands[owner.id], stands[technician.id]) == ("resident", "staff")

    @pytest.mark.parametrize("role", [Role.CUSTOMER_SERVICE, Role.MANAGER])
    def test_the_desk_does_not_wait_for_itself(self, world: World, rasa: FakeRasa, role: Role) -> None:
        clerk = world.new(role)
        with world.retired(clerk):
            before = world.kefu.get("/dashboard").json()["cards"]
            told = waits(clerk)
            assert (told["open"], told["staff_name"], told["ahead"]) == (False, None, 0)
            assert clerk.say("在吗").json()["replies"]
            assert names_waiting(world, clerk) == []
            assert clerk.id not in [t["person"]["id"] for t in queue(world, "all")]
            assert world.kefu.get("/dashboard").json()["cards"] == before

    def test_danger_stays_on_top(self, world: World, rasa: FakeRasa) -> None:
        calm, endangered = world.new(), world.new()
        waits(calm)
        endangered.say("楼道着火了")
        assert names_waiting(world, calm, endangered) == [endangered.id, calm.id]


class TestAhead:
    def test_the_page_shows_the_number_the_bot_says(self, world: World, rasa: FakeRasa) -> None:
        waits(world.new())
        owner = world.new()
        said = waits(owner)["ahead"]
        assert said >= 1
        assert owner.get("/chat/messages").json()["conversation"]["ahead"] == said

    def test_it_falls_when_somebody_before_is_taken(self, world: World, rasa: FakeRasa) -> None:
        first, second = world.new(), world.new()
        waits(first)
        before = waits(second)["ahead"]
        talk = next(t for t in queue(world) if t["person"]["id"] == first.id)
        world.kefu.post(f"/conversations/{talk['id']}/take-over")
        assert second.get("/chat/messages").json()["conversation"]["ahead"] == before - 1

    def test_who_comes_later_and_staff_do_not_count(self, world: World, rasa: FakeRasa) -> None:
        technician = world.new(Role.TECHNICIAN)
        with world.retired(technician):
            waits(technician)
            owner = world.new()
            said = waits(owner)["ahead"]
            waits(world.new())
            assert owner.get("/chat/messages").json()["conversation"]["ahead"] == said
            assert technician.get("/chat/messages").json()["conversation"]["ahead"] > said

    def test_nobody_is_ahead_of_those_who_do_not_wait(self, world: World, rasa: FakeRasa) -> None:
        owner = world.new()
        assert owner.get("/chat/messages").json()["conversation"]["ahead"] is None
        owner.say("你好")
        assert owner.get("/chat/messages").json()["conversation"]["ahead"] is None


class TestSearch:
    @pytest.fixture
    def words(self) -> str:
        return f"暗号{uuid.uuid4().hex[:8]}"

    def found(self, world: World, q: str) -> list[int]:
        return [t["person"]["id"] for t in queue(world, "all", q=q)]

    def test_words_said_long_ago(self, world: World, rasa: FakeRasa, words: str) -> None:
        owner = world.new()
        owner.say(f"我想问{words.upper()}的事")
        owner.say("算了")
        talk = next(t for t in queue(world, "all", q=words) if t["person"]["id"] == owner.id)
        assert "算了" in talk["last_message"]["text"]
        assert words.upper() in talk["found"]

    def test_the_name(self, world: World, rasa: FakeRasa) -> None:
        world.wangfang.say("你好")
        assert self.found(world, "王芳") == [world.wangfang.id]

    @pytest.mark.parametrize("q", ["1502", "8号楼2单元1502", "八号楼二单元1502", "8-2-1502", "8栋1502室"])
    def test_the_home(self, world: World, rasa: FakeRasa, q: str) -> None:
        owner = world.new(home=("8", "2", "1502"))
        other = world.new(home=("8", "2", "1501"))
        owner.say("你好")
        other.say("你好")
        found = self.found(world, q)
        assert owner.id in found
        assert other.id not in found

    def test_percent_and_underscore_are_letters(self, world: World, rasa: FakeRasa, words: str) -> None:
        owner = world.new()
        owner.say(f"{words}打折50%吗")
        assert self.found(world, f"{words}打折5_%") == []
        assert self.found(world, "打折50%吗") == [owner.id]

    def test_another_estate_is_not_found(self, world: World, rasa: FakeRasa, words: str) -> None:
        world.chenjing.say(words)
        assert self.found(world, words) == []
        assert self.found(world, "陈静") == []
        mine = [t["person"]["id"] for t in world.quyu.get("/conversations", queue="all", q=words).json()["items"]]
        assert mine == [world.chenjing.id]


class TestPhone:
    def test_the_desk_may_call(self, world: World, rasa: FakeRasa) -> None:
        world.zhangwei.say("你好")
        person = next(t for t in queue(world, "all", q="张伟"))["person"]
        assert (person["phone"], person["phone_masked"]) == ("13800000001", "138****0001")


class TestExcerpt:
    @pytest.mark.parametrize(
        ("text", "words", "shown"),
        [
            ("灯坏了", "灯", "灯坏了"),
            ("一\n二", "二", "一 二"),
            ("零一二三四五六七八九零一二三WiFi断了", "wifi", "…二三四五六七八九零一二三WiFi断了"),
            ("x" + "长" * 60, "x", "x" + "长" * 40 + "…"),
            ("没有这个词", "别的", "没有这个词"),
        ],
    )  # fmt: skip
    def test_cut_around_the_words(self, text: str, words: str, shown: str) -> None:
        assert excerpt(text, words) == shown
