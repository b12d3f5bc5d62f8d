"""Deliver notices from the outbox into a person's conversation (the in-page mailbox); show what did not reach a channel."""

from sqlalchemy.orm import Session

from backend.domains.conversations import repository
from backend.domains.conversations.service import transcript
from backend.domains.conversations.service.transcript import Line
from backend.kit.outbox import OutboxRow
from backend.kit.scope import system_scope


def to_mailbox(session: Session, row: OutboxRow) -> None:
    """Write the notice as a line of the conversation; delivering it again changes nothing."""
    with system_scope(session):
        talk = transcript.conversation_of(session, row.person_id, row.community_id)
        transcript.say(
            session,
            talk,
            Line(
                "notice",
                "管家",
                row.text,
                f"outbox:{row.id}",
                list(row.payload.get("buttons") or []),
                row.payload.get("card"),
            ),
        )


def given_up(session: Session, row: OutboxRow, why: str) -> None:
    """Show the desk that a line has not reached the person's channel. On their own page they have it."""
    with system_scope(session):
        line = repository.by_external_id(session, "out", str(row.payload.get("line")))
        if line is not None:
            line.undelivered = why[:500]
            session.flush()
            transcript.push_message(session, line)
