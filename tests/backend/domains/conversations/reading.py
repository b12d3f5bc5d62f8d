"""What the database holds of conversations, for assertions."""

from sqlalchemy import select

from backend.domains.conversations.models import Conversation, Message
from tests.backend.support import User, World


def row_of(world: World, message_id: str) -> Message:
    return world.rows(select(Message).where(Message.id == message_id))[0]


def talk_of(world: World, who: User) -> Conversation:
    return world.rows(select(Conversation).where(Conversation.person_id == who.id))[0]


def heard(world: World, who: User) -> list[str]:
    mine = select(Message.text).where(Message.person_id == who.id, Message.direction == "in").order_by(Message.seq)
    return world.rows(mine)
