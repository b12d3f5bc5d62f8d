"""What other domains may ask: nearest reports by meaning, whether two are one, and what people said about that."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from sqlalchemy.orm import Session

from backend.domains.duplicates import memory, repository
from backend.domains.duplicates.domain import ENDED_WITHIN, OPENED_WITHIN, Fault, Judged, Verdict, judge
from backend.domains.duplicates.embedding import Vector, embed, embed_now, encoder_name
from backend.domains.duplicates.models import FaultVector, NotSame
from backend.domains.duplicates.places import WHERE_TITLES, Spot, Where, spot_at_home, spot_of
from backend.domains.duplicates.words import fault_words
from backend.kit import clock, db
from backend.kit.auth import Principal
from backend.kit.scope import system_scope
from backend.kit.vector_index import Near

__all__ = [
    "ENDED_WITHIN",
    "OPENED_WITHIN",
    "WHERE_TITLES",
    "Different",
    "Fault",
    "Judged",
    "Near",
    "Spot",
    "Vector",
    "Verdict",
    "Where",
    "different_from",
    "embed",
    "embed_now",
    "encoder_name",
    "fault_words",
    "forget",
    "judge",
    "nearest",
    "remember",
    "remembered",
    "say_different",
    "spot_at_home",
    "spot_of",
    "vectors_of",
    "without_vector",
]


@dataclass(frozen=True, slots=True)
class Different:
    """Somebody said that the other order is another fault."""

    order_id: int
    said_by_id: int
    by_staff: bool
    at: datetime


def remember(session: Session, order_id: int, community_id: int, vector: Vector, *, public: bool) -> None:
    """Keep the vector of an order's words in the session's transaction, instead of an older one."""
    name = encoder_name()
    if name is None:
        return
    with system_scope(session):
        repository.drop(session, [order_id])
        raw = np.ascontiguousarray(vector, dtype=np.float32).tobytes()
        session.add(FaultVector(community_id=community_id, order_id=order_id, encoder=name, public=public, vector=raw))


def forget(session: Session, order_id: int, community_id: int) -> None:
    """Drop the vector of an order that can no longer be told again."""
    with system_scope(session):
        repository.drop(session, [order_id])
    for held in memory.held(session, community_id):
        db.after_commit(session, lambda held=held: held.remove(order_id))  # type: ignore[misc]


def nearest(session: Session, community_id: int, vector: Vector, most: int) -> list[Near]:
    """Return the orders of an estate with the nearest words, best first. Some of them may have ended since."""
    name = encoder_name()
    if name is None:
        return []
    held = memory.of(session, community_id, name, len(vector))
    with system_scope(session):
        held.refresh(session)
    return held.search(vector, most)


def vectors_of(session: Session, order_ids: Sequence[int]) -> dict[int, Vector]:
    """Return the vectors of those orders that have one."""
    name = encoder_name()
    if name is None or not order_ids:
        return {}
    with system_scope(session):
        rows = repository.vectors(session, list(order_ids), name)
    return {order: np.frombuffer(raw, dtype=np.float32) for order, raw in rows}


def without_vector(session: Session, order_ids: Sequence[int]) -> list[int]:
    """Return those of the orders that have no vector of the present encoder."""
    name = encoder_name()
    if name is None or not order_ids:
        return []
    known = repository.having(session, order_ids, name)
    return [i for i in order_ids if i not in known]


def remembered(session: Session, after_order: int, limit: int) -> list[int]:
    """Return a page of the orders that have a vector, of any encoder."""
    return repository.ordered_ids(session, after_order, limit)


def say_different(
    session: Session, one: int, other: int, community_id: int, who: Principal, score: float | None = None
) -> None:
    """Remember that two orders are different faults; said again it changes nothing."""
    first, second = sorted((one, other))
    with system_scope(session):
        if first == second or repository.pair(session, first, second) is not None:
            return
        session.add(
            NotSame(
                community_id=community_id,
                first_id=first,
                second_id=second,
                said_by_id=who.person_id,
                by_staff=who.is_desk,
                score=score,
                at=clock.now(),
            )
        )


def different_from(session: Session, order_id: int) -> list[Different]:
    """Return the orders that are said to be other faults than this one."""
    with system_scope(session):
        rows = repository.pairs_with(session, order_id)
    return [
        Different(r.second_id if r.first_id == order_id else r.first_id, r.said_by_id, r.by_staff, r.at) for r in rows
    ]
