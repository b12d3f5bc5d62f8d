"""Use cases of conversations; other domains import from here."""

from sqlalchemy.orm import Session

from backend.domains.conversations import repository
from backend.domains.conversations.domain import ConversationView
from backend.domains.conversations.service.desk import HandedOver, queue
from backend.domains.conversations.service.standing import standing
from backend.kit.auth import Principal

__all__ = ["ConversationView", "HandedOver", "count_waiting", "waiting"]


def count_waiting(session: Session, community_id: int | None = None) -> int:
    """Count who waits for a person, within the session's limits."""
    return repository.count_waiting(session, community_id, sorted(standing(session, community_id).desk))


def waiting(session: Session, who: Principal, limit: int, community: str | None = None) -> list[ConversationView]:
    """Return who waits for a person: danger first, then the longest."""
    return queue(session, "waiting", who, None, community, 0, limit).items
