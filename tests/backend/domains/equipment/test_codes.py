"""A code stands on one piece of equipment of an estate, also when two people enter it at once."""

import uuid
from typing import Any

import pytest

from tests.backend.support import World, is_problem, together


def pump(code: str | None = None, **more: Any) -> dict[str, Any]:
    name = f"泵{uuid.uuid4().hex[:6]}"
    return {"name": name, "kind": "pump", "community": "sunshine", **({"code": code} if code else {}), **more}


def new_code() -> str:
    return f"T-{uuid.uuid4().hex[:10]}"


class TestCode:
    def test_a_code_that_is_taken_is_refused_in_words(self, world: World) -> None:
        code = new_code()
        assert world.kefu.post("/equipment", pump(code)).status_code == 201
        problem = is_problem(world.kefu.post("/equipment", pump(code)), 409)
        assert problem["type"] == "/problems/code-taken"
        assert code in problem["detail"]

    def test_in_a_race_one_gets_it(self, world: World) -> None:
        code = new_code()
        answers = together([lambda: world.kefu.post("/equipment", pump(code))] * 6)
        assert sorted(a.status_code for a in answers) == [201, 409, 409, 409, 409, 409]

    def test_codes_of_our_own_making_never_meet(self, world: World) -> None:
        answers = together([lambda: world.kefu.post("/equipment", pump())] * 6)
        assert [a.status_code for a in answers] == [201] * 6
        assert len({a.json()["code"] for a in answers}) == 6

    def test_another_estate_may_have_the_same(self, world: World) -> None:
        code = new_code()
        both = [world.quyu.post("/equipment", pump(code, community=c)) for c in ("sunshine", "lakeside")]
        assert [a.status_code for a in both] == [201, 201]

    @pytest.mark.parametrize("code", ["", "  "])
    def test_no_code_gets_one(self, world: World, code: str) -> None:
        assert world.kefu.post("/equipment", {**pump(), "code": code}).json()["code"].startswith("EQ")

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"building": "99"}, "building"),
            ({"building": "3", "unit": "9"}, "unit"),
            ({"unit": "1"}, "building"),
            ({"floor": "顶"}, "floor"),
            ({"kind": "dragon"}, "kind"),
            ({"name": "\u200b"}, "name"),
            ({"code": "x" * 40}, "code"),
            ({"aliases": ["\u202e"]}, "aliases.0"),
        ],
    )
    def test_what_is_wrong_is_named(self, world: World, change: dict[str, Any], field: str) -> None:
        errors = is_problem(world.kefu.post("/equipment", {**pump(), **change}), 422)["errors"]
        assert [e["field"] for e in errors] == [field]
