"""What a phone sends again after a bad connection: done once, and said to be done, whatever happened meanwhile."""

import uuid
from typing import Any

import pytest

from tests.backend.conftest import sqlite_only
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
