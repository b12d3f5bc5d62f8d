"""Who stands where in the desk's queue: residents first, other staff after them, the desk itself not at all."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from backend.domains.conversations import repository
from backend.domains.conversations.domain import ANSWERING
from backend.domains.conversations.models import Conversation
from backend.domains.identity import service as identity
from backend.kit.auth import STAFF_ROLES
from backend.kit.scope import system_scope


@dataclass(frozen=True, slots=True)
class Standing:
    """People by id: ``desk`` are left out of the queue, ``staff`` come after the residents."""

    desk: frozenset[int]
    staff: frozenset[int]


def standing(session: Session, community_id: int | None = None) -> Standing:
    """Return who is no resident in an estate (None: in any)."""
    return Standing(
        desk=frozenset(identity.staff_ids(session, community_id, ANSWERING)),
        staff=frozenset(identity.staff_ids(session, community_id, sorted(STAFF_ROLES))),
    )


def is_desk(session: Session, talk: Conversation) -> bool:
    """Tell whether the person of a conversation answers conversations themselves."""
    return talk.person_id in standing(session, talk.community_id).desk


def ahead(session: Session, talk: Conversation) -> int:
    """Count who is served before this person: the one number that the bot says and the page shows."""
    who = standing(session, talk.community_id)
    with system_scope(session):
        return repository.count_ahead(session, talk, sorted(who.desk), sorted(who.staff))
