"""Finding people, and homes, from the desk."""

import pytest

from tests.backend.support import World, is_problem


class TestPeople:
    @pytest.mark.parametrize("q", ["三号楼二单元1201", "3-2-1201", "张伟", "13800000001"])
    def test_by_name_phone_or_address_in_any_writing(self, world: World, q: str) -> None:
        people = {p["username"]: p for p in world.kefu.get("/people", q=q, limit=200).json()["items"]}
        assert people["zhangwei"]["homes"] == ["3号楼2单元1201"]
        assert "wangfang" not in people

    def test_only_those_who_may_call_get_the_number(self, world: World) -> None:
        def phone(user: str) -> str | None:
            return str(world.people[user].get("/people", q="张伟").json()["items"][0]["phone"])

        assert phone("kefu") == "13800000001"
        assert phone("caiwu") == "None"


class TestRooms:
    @pytest.mark.parametrize("q", ["三号楼二单元1201", "3-2-1201", "3栋2单元1201室"])
    def test_one_room_in_every_writing(self, world: World, q: str) -> None:
        assert [r["label"] for r in world.kefu.get("/rooms", q=q).json()["items"]] == ["3号楼2单元1201"]

    def test_only_of_ones_own_estates(self, world: World) -> None:
        ours = world.kefu.get("/rooms", q="1号楼1单元501", limit=50).json()["items"]
        assert {r["community"] for r in ours} == {"sunshine"}
        both = world.quyu.get("/rooms", q="1号楼1单元501", limit=50).json()["items"]
        assert {r["community"] for r in both} == {"sunshine", "lakeside"}

    @pytest.mark.parametrize("q", ["", "3", "张伟", "%"])
    def test_words_without_an_address_find_nothing(self, world: World, q: str) -> None:
        assert world.kefu.get("/rooms", q=q).json()["items"] == []

    def test_residents_may_not(self, world: World) -> None:
        is_problem(world.zhangwei.get("/rooms", q="1201"), 403)
