"""Deliver notices from the outbox into a person's conversation (the in-page mailbox)."""

from sqlalchemy.orm import Session

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
