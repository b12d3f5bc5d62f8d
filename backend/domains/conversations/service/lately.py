"""What a person was told lately, replies and notices alike, so that the bot knows what 「第二张」 and 「好了」 refer to."""

from typing import Any

from sqlalchemy.orm import Session

from backend.domains.conversations import repository
from backend.domains.conversations.models import Conversation, Message

LOOKED_AT = 24
"""Lines looked back at, those of the person included."""
TEXT_AT_MOST = 120


def told(session: Session, talk: Conversation, before: Message) -> list[dict[str, Any]]:
    """Return the lines before a message, oldest first.

    ``turn`` counts the person's messages between a line and this one; ``order`` is the number of its card.
    """
    found: list[dict[str, Any]] = []
    turn = 0
    for row in repository.history(session, talk.id, before.seq, LOOKED_AT):
        if row.direction == "in":
            turn += 1
            continue
        found.append(
            {"text": row.text[-TEXT_AT_MOST:], "buttons": list(row.buttons), "order": _number(row), "turn": turn}
        )
    return found[::-1]


def _number(row: Message) -> str | None:
    card = row.card or {}
    return card.get("number") if card.get("type") == "work_order" else card.get("order_number")
