"""However the words are looked for (the latest orders, the index, open orders one by one), the same orders are found."""

import uuid
from typing import Any

import pytest

from backend.domains.workorders import repository
from tests.backend.support import User, World

SAID = ("龙头滴水", "灯不亮")


@pytest.fixture(scope="module")
def word(world: World) -> str:
    """A word that some orders say; every third of them has ended."""
    word = f"样{uuid.uuid4().hex[:6]}"
    who = world.new()
    for number in range(9):
        order = who.open_order(fault=f"{word}{SAID[number % 2]}")["number"]
        if number % 3 == 0:
            world.kefu.move(order, "cancelled", note="重复")
    return word


def pages(who: User, limit: int, **asked: Any) -> list[str]:
    found: list[str] = []
    cursor = None
    while True:
        answer = who.get("/work-orders", limit=limit, **asked, **({"cursor": cursor} if cursor else {})).json()
        found += [o["number"] for o in answer["items"]]
        cursor = answer["next"]
        if cursor is None:
            return found


@pytest.mark.parametrize("limit", [1, 2, 4, 50])
@pytest.mark.parametrize("latest", [0, 1, 5, 100_000])
def test_the_newest_first_whatever_is_read_first(
    world: World, word: str, monkeypatch: pytest.MonkeyPatch, limit: int, latest: int
) -> None:
    monkeypatch.setattr(repository, "LATEST", latest)
    found = pages(world.kefu, limit, q=word)
    assert (len(found), found) == (9, sorted(found, reverse=True))
    assert len(pages(world.kefu, limit, q=f"{word} 灯不亮")) == 4


def test_open_ones_are_those_of_all_that_are_open(world: World, word: str) -> None:
    every = {o["number"] for o in world.kefu.get("/work-orders", q=word).json()["items"] if o["status"] != "cancelled"}
    assert set(pages(world.kefu, 50, q=word, open=True)) == every
    board = world.kefu.get("/work-orders/board", q=word).json()["columns"]
    assert (sum(c["count"] for c in board), {o["number"] for c in board for o in c["items"]}) == (6, every)


def test_who_lives_there_is_found_among_open_ones_too(world: World) -> None:
    who = world.new(home=("7", "1", "902"))
    number = who.open_order(fault="窗户关不上", category="civil", scope="public")["number"]
    phone = world.kefu.get(f"/work-orders/{number}").json()["reporter"]["phone"]
    assert number in pages(world.kefu, 50, q=phone)
    assert number in pages(world.kefu, 50, q=phone, open=True)


def test_the_other_estate_finds_nothing(world: World, word: str) -> None:
    assert pages(world.chenjing, 50, q=word) == []
