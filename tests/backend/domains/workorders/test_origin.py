"""Where an order was reported: the conversation, for who may read it."""

from typing import Any

from sqlalchemy import select

from backend.domains.conversations.models import Message
from tests.backend.conftest import sqlite_only
from tests.backend.support import FakeRasa, User, World

LOBBY = {"community": "sunshine", "building": "3", "unit": "2", "place": "大堂"}


def seen(who: User, number: str) -> dict[str, Any]:
    answer = who.get(f"/work-orders/{number}")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def said(world: World, who: User, text: str) -> Message:
    """Say something; return the message as it was stored."""
    who.say(text)
    query = select(Message).where(Message.person_id == who.id, Message.direction == "in").order_by(Message.seq.desc())
    return world.rows(query)[0]


class TestConversation:
    @sqlite_only
    def test_the_desk_reads_where_it_was_said(self, world: World, rasa: FakeRasa, owner: User) -> None:
        message = said(world, owner, "大堂的灯不亮")
        number = owner.open_order(message.id, scope="public", location=LOBBY, category="lighting")["number"]
        shown = seen(world.kefu, number)["conversation_id"]
        assert shown == message.conversation_id
        assert world.kefu.get(f"/conversations/{shown}").json()["person"]["id"] == owner.id
        assert seen(owner, number)["conversation_id"] == message.conversation_id

    @sqlite_only
    def test_nobody_else_does(self, world: World, rasa: FakeRasa, owner: User) -> None:
        message = said(world, owner, "大堂的灯又不亮了")
        number = owner.open_order(message.id, scope="public", location=LOBBY, category="plumbing")["number"]
        world.put(number, "on_site", world.lishifu)
        assert seen(world.lishifu, number)["conversation_id"] is None

    @sqlite_only
    def test_danger_leads_to_where_it_was_said(self, world: World, rasa: FakeRasa) -> None:
        owner = world.new()
        message = said(world, owner, "楼道着火了")
        (order,) = owner.get("/work-orders", mine=True).json()["items"]
        assert seen(world.kefu, order["number"])["conversation_id"] == message.conversation_id

    @sqlite_only
    def test_what_the_desk_filed_has_none(self, world: World) -> None:
        number = world.kefu.open_order(scope="public", location=LOBBY, category="civil", fault="门关不上")["number"]
        assert seen(world.kefu, number)["conversation_id"] is None
