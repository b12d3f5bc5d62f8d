"""The state of one's own conversation, as its person may see it."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from backend.domains.conversations.domain import BOT
from backend.domains.conversations.models import Conversation
from backend.domains.conversations.service.standing import ahead
from backend.domains.identity import service as identity


@dataclass(frozen=True, slots=True)
class OwnState:
    """Who answers now, and how many are served before while one waits."""

    id: str | None
    mode: str
    staff_name: str | None
    ahead: int | None


def own_state(session: Session, talk: Conversation | None) -> OwnState:
    """Return the state of a person's conversation; None is one that has not begun."""
    if talk is None:
        return OwnState(None, BOT, None, None)
    staff = identity.views(session, [talk.staff_id] if talk.staff_id else [])
    name = next((p.name for p in staff.values()), None)
    return OwnState(talk.id, talk.mode, name, ahead(session, talk) if talk.waiting_since else None)
