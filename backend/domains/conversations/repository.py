"""Every SQL statement about conversations."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from backend.domains.conversations.domain import STAFF, UNSETTLED, Inbox
from backend.domains.conversations.models import Conversation, Message


def of_person(session: Session, person_id: int) -> Conversation | None:
    """Return the person's conversation."""
    return session.scalar(select(Conversation).where(Conversation.person_id == person_id))


def get(session: Session, conversation_id: str) -> Conversation | None:
    """Return a conversation by id."""
    return session.scalar(select(Conversation).where(Conversation.id == conversation_id))


def lock(session: Session, conversation_id: str) -> Conversation:
    """Return a conversation as it is now, and keep others from changing it until the transaction ends."""
    query = select(Conversation).where(Conversation.id == conversation_id).with_for_update()
    return session.scalars(query, execution_options={"populate_existing": True}).one()


def message(session: Session, message_id: str) -> Message | None:
    """Return a message by id."""
    return session.scalar(select(Message).where(Message.id == message_id))


def by_external_id(session: Session, channel: str, external_id: str) -> Message | None:
    """Return the message that a channel delivered under this id."""
    return session.scalar(select(Message).where(Message.channel == channel, Message.external_id == external_id))


def replies_to(session: Session, message_id: str) -> Sequence[Message]:
    """Return what was answered to a message."""
    return session.scalars(select(Message).where(Message.answers == message_id).order_by(Message.seq)).all()


def history(session: Session, conversation_id: str, before_seq: int | None, limit: int) -> Sequence[Message]:
    """Return messages newest first."""
    query = select(Message).where(Message.conversation_id == conversation_id)
    if before_seq is not None:
        query = query.where(Message.seq < before_seq)
    return session.scalars(query.order_by(Message.seq.desc()).limit(limit)).all()


def last_said_at(session: Session, conversation_id: str) -> datetime | None:
    """Return when the person was last answered."""
    return session.scalar(
        select(Message.at)
        .where(Message.conversation_id == conversation_id, Message.direction == "out")
        .order_by(Message.seq.desc())
        .limit(1)
    )


def recent_buttons(session: Session, conversation_id: str, limit: int = 40) -> list[dict[str, str]]:
    """Return the buttons offered lately, newest first."""
    rows = session.scalars(
        select(Message.buttons)
        .where(Message.conversation_id == conversation_id, Message.direction == "out")
        .order_by(Message.seq.desc())
        .limit(limit)
    )
    return [b for buttons in rows for b in buttons]


def claim(session: Session, message_id: str, now: datetime, lease_until: datetime) -> bool:
    """Take an unsettled message for answering; False when somebody else has it."""
    taken = session.execute(
        update(Message)
        .where(
            Message.id == message_id,
            Message.status.in_(UNSETTLED),
            or_(Message.lease_until.is_(None), Message.lease_until < now),
        )
        .values(status=Inbox.ANSWERING, lease_until=lease_until, attempts=Message.attempts + 1)
        .execution_options(synchronize_session=False)
    )
    return bool(taken.rowcount == 1)  # type: ignore[attr-defined]


def abandoned(session: Session, now: datetime, limit: int = 50) -> Sequence[str]:
    """Return ids of messages whose answering has died."""
    return session.scalars(
        select(Message.id)
        .where(
            Message.direction == "in",
            Message.status.in_(UNSETTLED),
            Message.lease_until < now,
        )
        .order_by(Message.seq)
        .limit(limit)
    ).all()


def queue(
    session: Session,
    kind: str,
    staff_id: int,
    q: str | None,
    community_id: int | None,
    person_ids: Sequence[int] | None,
    offset: int,
    limit: int,
) -> Sequence[Conversation]:
    """Return conversations for the desk: danger first, then who waits longest, then the newest."""
    query = select(Conversation)
    if kind == "waiting":
        query = query.where(Conversation.waiting_since.is_not(None))
    elif kind == "mine":
        query = query.where(Conversation.staff_id == staff_id, Conversation.mode == STAFF)
    if community_id is not None:
        query = query.where(Conversation.community_id == community_id)
    if q:
        query = query.where(
            or_(
                Conversation.last_text.contains(q, autoescape=True),
                Conversation.person_id.in_(person_ids or []),
            )
        )
    order = (
        Conversation.danger.desc(),
        Conversation.waiting_since.is_(None),
        Conversation.waiting_since,
        Conversation.last_at.desc(),
    )
    return session.scalars(query.order_by(*order).offset(offset).limit(limit)).all()


def count_waiting(session: Session, community_id: int | None = None) -> int:
    """Count who waits for a person."""
    query = select(func.count(Conversation.id)).where(Conversation.waiting_since.is_not(None))
    if community_id is not None:
        query = query.where(Conversation.community_id == community_id)
    return session.scalars(query).one()
