"""A job at 张伟's home in the hands of 李师傅, with 赵师傅 as his colleague."""

import uuid
from typing import Any

import httpx
from sqlalchemy import select

from backend.kit.outbox import OutboxRow
from tests.backend.pictures import picture
from tests.backend.support import User, World

HOME = {"community": "sunshine", "building": "3", "unit": "2", "room": "1201"}
LOBBY = {"community": "sunshine", "building": "3", "unit": "2", "place": "大堂"}


def job(world: World, status: str = "on_site", public: bool = False, **more: Any) -> str:
    """Open an order and bring it along its way."""
    where = {"scope": "public", "location": LOBBY} if public else {"scope": "private", "location": HOME}
    order = world.zhangwei.open_order(**{"category": "plumbing", **where, **more})
    number = str(order["number"])
    if order["technician"] is None or order["technician"]["id"] != world.lishifu.id:
        assert world.kefu.move(number, "dispatched", technician=world.lishifu.id).status_code == 200
    for to in ("accepted", "on_site"):
        if status == "dispatched":
            break
        answer = world.lishifu.move(number, to)
        assert answer.status_code == 200, answer.text
        if to == status:
            break
    return number


def photo(who: User, colour: int = 0, content_type: str = "image/jpeg", **options: Any) -> str:
    """Upload a picture and return its id."""
    data = picture(content_type, (24 + colour, 16), **options)
    answer = who.call("POST", "/media", files={"file": ("a", data, content_type)})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["media_id"])


def work(who: User, number: str) -> dict[str, Any]:
    """Return the work on an order as somebody sees it."""
    answer = who.get(f"/work-orders/{number}/work")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def do(who: User, number: str, what: str, key: str | None = None, **body: Any) -> httpx.Response:
    """Post to a part of an order."""
    return who.post(f"/work-orders/{number}/{what}", body, key)


def done(who: User, number: str, what: str, key: str | None = None, **body: Any) -> dict[str, Any]:
    """Post to a part of an order, and it must work."""
    answer = do(who, number, what, key, **body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def fill(who: User, number: str, **body: Any) -> httpx.Response:
    """Answer an item of the checklist."""
    return who.call("PUT", f"/work-orders/{number}/checklist", json=body)


def lines(who: User, number: str, kind: str | None = None) -> list[str]:
    """Return the history as somebody reads it: title and text."""
    answer = who.get(f"/work-orders/{number}")
    assert answer.status_code == 200, answer.text
    return [f"{t['title']} {t['text'] or ''}".strip() for t in answer.json()["timeline"] if kind in (None, t["kind"])]


def heard(world: World, who: User, number: str) -> list[str]:
    """Return what somebody was told about an order."""
    rows = world.rows(select(OutboxRow).where(OutboxRow.person_id == who.id).order_by(OutboxRow.id))
    return [row.text for row in rows if number in row.text]


def in_chat(world: World, who: User) -> User:
    """Return somebody for whom the bot speaks."""
    return world.user(who.id, who.username, via="bot", message_id=uuid.uuid4().hex)
