"""What a phone sends again after a bad connection: done once, and said to be done, whatever happened meanwhile."""

import uuid
from collections.abc import Sequence
from typing import Any

import pytest

from tests.backend.conftest import sqlite_only
from tests.backend.domains.stock.support import item, on_hand
from tests.backend.domains.workorders.test_costs import costs, public
from tests.backend.support import World, is_problem


@sqlite_only
@pytest.mark.parametrize(("what", "body"), [("materials", {"words": "胶带"}), ("labour", {"price_code": "RG-05"})])
def test_what_was_sent_before_the_end_and_again_after_it_is_done(world: World, what: str, body: dict[str, Any]) -> None:
    number, key = public(world), uuid.uuid4().hex
    path = f"/work-orders/{number}/{what}"
    first = world.lishifu.post(path, body, key)
    world.put(number, "closed", world.lishifu)
    again = world.lishifu.post(path, body, key)
    assert (first.status_code, again.status_code, len(costs(world.kefu, number)["lines"])) == (201, 201, 1)
    is_problem(world.lishifu.post(path, body, uuid.uuid4().hex), 409)


@sqlite_only
class TestTold:
    """What was written down by hand is told once more with the work: 「修好了，换了一个角阀」."""

    @pytest.mark.parametrize(
        ("said", "left"),
        [
            (["换了一个{}"], 4),
            (["换了一个{}", "换了一个{}"], 4),
            (["换了三个{}"], 2),
            (["又换了一个{}"], 3),
            (["换了一个{}", "还换了一个{}"], 3),
        ],
    )
    def test_is_taken_once(self, world: World, said: Sequence[str], left: int) -> None:
        name = f"阀{uuid.uuid4().hex[:6]}"
        made, number = item(world.kefu, "5", name=name), public(world)
        assert world.lishifu.post(f"/work-orders/{number}/materials", {"item_id": made["id"]}).status_code == 201
        for text in said:
            note = {"text": text.format(name), "kind": "parts"}
            assert world.lishifu.post(f"/work-orders/{number}/notes", note).status_code == 201
        assert on_hand(world.kefu, made["id"]) == left
        assert sum(float(line["quantity"]) for line in costs(world.kefu, number)["lines"]) == 5 - left
        assert {line["what"] for line in costs(world.kefu, number)["lines"]} == {name}
