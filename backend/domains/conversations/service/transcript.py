"""Write lines of a conversation and push them live, in the transaction of what they report."""

import uuid
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from backend.domains.conversations import repository
from backend.domains.conversations.domain import SENT, Inbox, Incoming
from backend.domains.conversations.models import Conversation, Message
from backend.domains.conversations.service import pushing
from backend.domains.identity import service as identity
from backend.kit import clock, context, live
from backend.kit.auth import Principal


@dataclass(frozen=True, slots=True)
class Line:
    """An outbound line. ``external_id`` makes it once; ``answers`` is the message it replies to."""

    sender_kind: str
    sender_name: str
    text: str
    external_id: str
    buttons: list[dict[str, str]] = field(default_factory=list)
    card: dict[str, Any] | None = None
    answers: str | None = None


def conversation_of(session: Session, person_id: int, community_id: int) -> Conversation:
    """Return the person's conversation, new if there was none."""
    found = repository.of_person(session, person_id)
    if found is not None:
        return found
    identity.lock(session, person_id)  # first messages at once: one of them opens the conversation
    found = repository.of_person(session, person_id)
    if found is not None:
        return found
    moment = clock.now()
    made = Conversation(
        id=uuid.uuid4().hex,
        person_id=person_id,
        community_id=community_id,
        mode="bot",
        danger=False,
        unread=0,
        last_at=moment,
        created_at=moment,
    )
    session.add(made)
    session.flush()
    return made


def store_inbound(session: Session, talk: Conversation, said: Incoming, who: Principal, label: str | None) -> Message:
    """Store a message as it came, before anything happens to it."""
    row = Message(
        id=uuid.uuid4().hex,
        conversation_id=talk.id,
        community_id=talk.community_id,
        person_id=talk.person_id,
        at=clock.now(),
        direction="in",
        sender_kind="person",
        sender_name=who.name,
        channel=said.channel,
        external_id=said.external_id,
        channel_user=said.channel_user,
        text=said.text,
        label=label,
        buttons=[],
        attachments=list(said.attachments),
        status=Inbox.RECEIVED,
        attempts=0,
        trace_id=context.origin().trace_id,
    )
    return _append(session, talk, row)


def say(session: Session, talk: Conversation, line: Line) -> Message:
    """Add an outbound line; one with the same external id is there already and is returned."""
    existing = repository.by_external_id(session, "out", line.external_id)
    if existing is not None:
        return existing
    row = Message(
        id=uuid.uuid4().hex,
        conversation_id=talk.id,
        community_id=talk.community_id,
        person_id=talk.person_id,
        at=clock.now(),
        direction="out",
        sender_kind=line.sender_kind,
        sender_name=line.sender_name,
        channel="out",
        external_id=line.external_id,
        text=line.text,
        buttons=line.buttons,
        card=line.card,
        attachments=[],
        status=SENT,
        attempts=0,
        answers=line.answers,
        trace_id=context.origin().trace_id,
    )
    written = _append(session, talk, row)
    pushing.line(session, written)
    return written


def _append(session: Session, talk: Conversation, row: Message) -> Message:
    session.add(row)
    talk.last_at, talk.last_direction = row.at, row.direction
    talk.last_text = (row.label or row.text)[:200]
    if row.direction == "in":
        talk.unread += 1
    session.flush()
    push_message(session, row)
    push_conversation(session, talk)
    return row


def push_message(session: Session, row: Message) -> None:
    """Tell the pages of the person and of the desk that a line is there or has changed."""
    data = {"conversation_id": row.conversation_id, "message_id": row.id}
    live.publish(
        session,
        "message",
        data,
        community_id=row.community_id,
        person_id=row.person_id,
        permission="conversations.read",
    )


def push_conversation(session: Session, talk: Conversation) -> None:
    """Tell the pages that the conversation's state has changed."""
    live.publish(
        session,
        "conversation",
        {"conversation_id": talk.id},
        community_id=talk.community_id,
        person_id=talk.person_id,
        permission="conversations.read",
    )
