"""Use cases of conversations; other domains import from here."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from backend.domains.conversations import repository
from backend.domains.conversations.danger import Danger
from backend.domains.conversations.danger import find as find_danger
from backend.domains.conversations.domain import ConversationView
from backend.domains.conversations.service.desk import HandedOver, queue
from backend.domains.conversations.service.standing import standing
from backend.domains.workorders import service as workorders
from backend.kit.auth import Principal

__all__ = ["ConversationView", "Danger", "HandedOver", "count_waiting", "find_danger", "ids_of", "people_of", "waiting"]


def count_waiting(session: Session, community_id: int | None = None) -> int:
    """Count who waits for a person, within the session's limits."""
    return repository.count_waiting(session, community_id, sorted(standing(session, community_id).desk))


def people_of(session: Session, conversation_ids: Sequence[str]) -> dict[str, int]:
    """Return whose conversations these are, of those that the session's principal may read."""
    return repository.people_of(session, conversation_ids) if conversation_ids else {}


def ids_of(session: Session, person_ids: Sequence[int]) -> list[str]:
    """Return the conversations of these people, of those that the session's principal may read."""
    return list(repository.ids_of(session, person_ids)) if person_ids else []


def waiting(session: Session, who: Principal, limit: int, community: str | None = None) -> list[ConversationView]:
    """Return who waits for a person: danger first, then the longest."""
    return queue(session, "waiting", who, None, community, 0, limit).items


def conversation_of(session: Session, message_id: str) -> str | None:
    """Return the conversation of a message, if the session's principal may read it."""
    row = repository.message(session, message_id)
    return row.conversation_id if row is not None else None


workorders.said_in(conversation_of)
