"""Every SQL statement about conversations."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, false, func, or_, select, true, update
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


def recent_out(session: Session, conversation_id: str, since: datetime, limit: int = 60) -> Sequence[Message]:
    """Return what the person was told since a moment, newest first."""
    query = select(Message).where(
        Message.conversation_id == conversation_id, Message.direction == "out", Message.at >= since
    )
    return session.scalars(query.order_by(Message.seq.desc()).limit(limit)).all()


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


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the desk looks at: ``kind`` is waiting, mine (of ``staff_id``) or all; ``people`` are those ``q`` names.

    ``desk`` is left out, ``staff`` comes after the residents (people by id).
    """

    kind: str
    staff_id: int
    community_id: int | None = None
    q: str | None = None
    people: Sequence[int] = ()
    desk: Sequence[int] = ()
    staff: Sequence[int] = ()


def queue(session: Session, wanted: Wanted, offset: int, limit: int) -> Sequence[Conversation]:
    """Return conversations for the desk: danger first, then waiting residents, then waiting staff, then the newest."""
    query = select(Conversation).where(Conversation.person_id.not_in(wanted.desk))
    if wanted.kind == "waiting":
        query = query.where(Conversation.waiting_since.is_not(None))
    elif wanted.kind == "mine":
        query = query.where(Conversation.staff_id == wanted.staff_id, Conversation.mode == STAFF)
    if wanted.community_id is not None:
        query = query.where(Conversation.community_id == wanted.community_id)
    if wanted.q:
        said = select(Message.conversation_id).where(_says(wanted.q))
        query = query.where(or_(Conversation.person_id.in_(wanted.people), Conversation.id.in_(said)))
    order = (
        Conversation.danger.desc(),
        Conversation.waiting_since.is_(None),
        case((Conversation.waiting_since.is_(None), 0), (Conversation.person_id.in_(wanted.staff), 1), else_=0),
        Conversation.waiting_since,
        Conversation.last_at.desc(),
    )
    return session.scalars(query.order_by(*order).offset(offset).limit(limit)).all()


def _says(q: str) -> ColumnElement[bool]:
    return or_(Message.text.icontains(q, autoescape=True), Message.label.icontains(q, autoescape=True))


def lines_with(session: Session, q: str, conversation_ids: Sequence[str], limit: int = 500) -> Sequence[Message]:
    """Return the messages of these conversations that contain ``q``, newest first."""
    query = select(Message).where(Message.conversation_id.in_(conversation_ids), _says(q))
    return session.scalars(query.order_by(Message.seq.desc()).limit(limit)).all()


def people_of(session: Session, conversation_ids: Sequence[str]) -> dict[str, int]:
    """Return whose conversations these are."""
    rows = session.execute(
        select(Conversation.id, Conversation.person_id).where(Conversation.id.in_(conversation_ids))
    )  # fmt: skip
    return {str(talk): int(person) for talk, person in rows}


def ids_of(session: Session, person_ids: Sequence[int]) -> Sequence[str]:
    """Return the conversations of these people."""
    return session.scalars(select(Conversation.id).where(Conversation.person_id.in_(person_ids))).all()


def count_ahead(session: Session, talk: Conversation, desk: Sequence[int], staff: Sequence[int]) -> int:
    """Count who of the estate waits and is served before this conversation: in danger, or a resident, or longer."""
    longer = Conversation.waiting_since < talk.waiting_since if talk.waiting_since else true()
    resident = Conversation.person_id.not_in(staff)
    first = Conversation.danger if not talk.danger else false()
    before = or_(first, resident, longer) if talk.person_id in staff else or_(first, and_(resident, longer))
    query = select(func.count(Conversation.id)).where(
        Conversation.community_id == talk.community_id,
        Conversation.waiting_since.is_not(None),
        Conversation.id != talk.id,
        Conversation.person_id.not_in(desk),
        before,
    )
    return session.scalars(query).one()


def count_waiting(session: Session, community_id: int | None, desk: Sequence[int]) -> int:
    """Count who waits for a person; the desk itself is left out."""
    query = select(func.count(Conversation.id)).where(
        Conversation.waiting_since.is_not(None), Conversation.person_id.not_in(desk)
    )
    if community_id is not None:
        query = query.where(Conversation.community_id == community_id)
    return session.scalars(query).one()
