"""Dispatch for other domains."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from backend.domains.dispatch.domain import Candidate, choose, promised_arrival
from backend.domains.identity import service as identity

__all__ = ["choose_technician", "fits", "promised_arrival"]


def choose_technician(
    session: Session,
    community_id: int,
    category: str,
    load: Mapping[int, int],
    avoid: frozenset[int] = frozenset(),
) -> int | None:
    """Return the technician of the estate who should get an order of this category, None when nobody fits."""
    candidates = [Candidate(t.id, frozenset(t.skills)) for t in identity.technicians(session, community_id)]
    return choose(category, candidates, load, avoid)


def fits(session: Session, community_id: int, person_id: int) -> bool:
    """Tell whether a person is a technician of the estate (staff may assign outside the skill)."""
    return any(t.id == person_id for t in identity.technicians(session, community_id))
