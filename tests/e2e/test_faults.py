"""Processes die at bad moments: what went in comes out once, and people are told."""

import signal
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.bench.system import System
from tests.people import Door, until

PATIENCE_S = 120.0


def healthy(base_url: str) -> bool:
    """Tell whether every process answers."""
    try:
        answer = httpx.get(f"{base_url}/readyz", timeout=5, trust_env=False)
    except httpx.HTTPError:
        return False
    return answer.status_code == 200 and set(answer.json()["dependencies"].values()) == {"ok"}


@pytest.fixture(autouse=True)
def whole_again(door: Door, base_url: str) -> Iterator[None]:
    """Each test starts and ends with everything running and the bot in charge, and starts with nothing reported."""
    door.with_bot("zhangwei")
    door.empty_hands()
    yield
    until(lambda: healthy(base_url), "every process is back", PATIENCE_S)
    door.with_bot("zhangwei")


def back_under_a_new_pid(system: System, base_url: str, name: str, old: int) -> None:
    """Wait until the supervisor has replaced a process and all are ready."""
    until(lambda: system.pids().get(name, old) != old and healthy(base_url), f"{name} is back", PATIENCE_S)


def orders_of(door: Door) -> set[str]:
    """Return the numbers of all orders of the estate."""
    return {o["number"] for o in door.get("kefu", "/work-orders", limit=200)["items"]}


@pytest.mark.parametrize("victim", ["rasa", "actions"])
def test_without_the_bot_people_are_told_and_the_desk_gets_it(
    system: System, door: Door, base_url: str, victim: str
) -> None:
    old = system.signal(victim, signal.SIGKILL)
    answer = door.say("zhangwei", "我家楼下的灯坏了")
    assert "转给值班客服" in answer["replies"][0]["text"]
    waiting = door.get("kefu", "/conversations", queue="waiting", q="张伟")["items"]
    assert [c["reason"] for c in waiting] == ["bot_down"]
    stored = door.get("zhangwei", "/chat/messages", limit=10)["items"]
    assert any(m["id"] == answer["message_id"] and m["status"] == "handed_over" for m in stored)

    back_under_a_new_pid(system, base_url, victim, old)
    assert door.order_card(door.say("zhangwei", "我家楼下的灯坏了"))["status"] == "dispatched"


def test_a_bot_that_hangs_keeps_nobody_waiting(system: System, door: Door) -> None:
    door.empty_hands()
    system.signal("rasa", signal.SIGSTOP)
    try:
        answer = door.say("zhangwei", "我家楼下的灯坏了")
    finally:
        system.signal("rasa", signal.SIGCONT)
    assert "转给值班客服" in answer["replies"][0]["text"]
    assert [c["reason"] for c in door.get("kefu", "/conversations", queue="waiting", q="张伟")["items"]] == ["bot_down"]


def test_a_turn_whose_backend_is_killed_is_answered_once_with_one_order(
    system: System, door: Door, base_url: str
) -> None:
    words = f"厨房水龙头一直滴水，从第{uuid.uuid4().int % 9 + 1}天开始"
    before = orders_of(door)
    system.signal("rasa", signal.SIGSTOP)
    with ThreadPoolExecutor(1) as pool:
        lost = pool.submit(lambda: door.post("zhangwei", "/chat/messages", {"text": words}, uuid.uuid4().hex))

        def stored() -> str | None:
            lines = door.get("liuyang", "/me") and door.get("kefu", "/conversations", q="张伟")["items"]
            found = door.get("kefu", f"/conversations/{lines[0]['id']}/messages", limit=5)["items"]
            return next((m["id"] for m in found if m["text"] == words and m["status"] == "answering"), None)

        message_id = until(stored, "the message is stored and being answered")
        old = system.signal("backend", signal.SIGKILL)
        system.signal("rasa", signal.SIGCONT)
        assert lost.result().status_code >= 500
    back_under_a_new_pid(system, base_url, "backend", old)

    def answered() -> bool:
        lines = door.get("zhangwei", "/chat/messages", limit=20)["items"]
        return any(m["id"] == message_id and m["status"] == "answered" for m in lines)

    until(answered, "the message is answered after all", PATIENCE_S)
    new = orders_of(door) - before
    assert len(new) == 1
    lines = door.get("zhangwei", "/chat/messages", limit=20)["items"]
    replies = [m for m in lines if m["direction"] == "out" and new & {(m["card"] or {}).get("number")}]
    assert len([m for m in replies if m["sender"]["kind"] == "bot"]) == 1


def test_notices_survive_the_death_of_the_worker_and_come_once(system: System, door: Door, base_url: str) -> None:
    number = door.order_card(door.say("zhangwei", "我家楼下的灯坏了"))["number"]
    old = system.signal("worker", signal.SIGKILL)
    for to in ("accepted", "on_site"):
        assert door.post("kefu", f"/work-orders/{number}/transitions", {"to": to}).status_code == 200
    back_under_a_new_pid(system, base_url, "worker", old)
    door.heard("zhangwei", f"已到现场，正在处理 {number}")
    lines = [m["text"] for m in door.get("zhangwei", "/chat/messages", limit=30)["items"] if number in m["text"]]
    assert len([t for t in lines if "已接单" in t]) == 1
    assert len([t for t in lines if "已到现场" in t]) == 1
    accepted, on_site = (next(i for i, t in enumerate(lines) if w in t) for w in ("已接单", "已到现场"))
    assert accepted < on_site


def test_one_message_sent_ten_times_at_once_is_one_order(door: Door) -> None:
    before = orders_of(door)
    door.headers("zhangwei")
    key = uuid.uuid4().hex
    with ThreadPoolExecutor(10) as pool:
        sent = list(
            pool.map(lambda _: door.post("zhangwei", "/chat/messages", {"text": "我家楼下的灯坏了"}, key), range(10))
        )
    assert {a.status_code for a in sent} == {200}
    assert len({a.json()["message_id"] for a in sent}) == 1
    assert len(orders_of(door) - before) == 1
