"""SQL statements about what people said, for those who teach the bot."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from backend.domains.conversations.models import Message


def _inbound() -> Select[Message]:
    return select(Message).where(Message.direction == "in")


def _typed() -> Select[Message]:
    return _inbound().where(Message.label.is_(None), Message.text != "", Message.text.not_like("/%"))


def inbound_after(session: Session, seq: int, limit: int) -> Sequence[Message]:
    """Return inbound messages after a position, oldest first."""
    return session.scalars(_inbound().where(Message.seq > seq).order_by(Message.seq).limit(limit)).all()


def newest_inbound(session: Session) -> int | None:
    """Return the position of the newest inbound message."""
    return session.scalar(select(func.max(Message.seq)).where(Message.direction == "in"))


def inbound_by_id(session: Session, message_id: str) -> Sequence[Message]:
    """Return the inbound message with this id."""
    return session.scalars(_inbound().where(Message.id == message_id)).all()


def typed_before(session: Session, conversation_id: str, seq: int | None, at: datetime | None) -> Sequence[Message]:
    """Return the last typed message of a conversation before a position or not after a moment."""
    query = _typed().where(Message.conversation_id == conversation_id)
    if seq is not None:
        query = query.where(Message.seq < seq)
    if at is not None:
        query = query.where(Message.at <= at)
    return session.scalars(query.order_by(Message.seq.desc()).limit(1)).all()


def latest_typed(session: Session, limit: int) -> Sequence[Message]:
    """Return the newest typed messages, newest first."""
    return session.scalars(_typed().order_by(Message.seq.desc()).limit(limit)).all()
