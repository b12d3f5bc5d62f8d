"""Every SQL statement about vectors and pairs that are not the same."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, delete, func, or_, select
from sqlalchemy.orm import Session

from backend.domains.duplicates.models import FaultVector, NotSame

MANY = 500
"""Ids in one statement."""


def keys_after(session: Session, community_id: int, encoder: str, row_id: int) -> list[tuple[int, int]]:
    """Return (row, order) of the public vectors of an estate that were added after a row, in that order."""
    rows = session.execute(
        select(FaultVector.id, FaultVector.order_id)
        .where(_searched(community_id, encoder), FaultVector.id > row_id)
        .order_by(FaultVector.id)
    )
    return [(int(row), int(order)) for row, order in rows]


def vectors(session: Session, order_ids: Sequence[int], encoder: str) -> list[tuple[int, bytes]]:
    """Return (order, vector) of those orders that have one of this encoder."""
    found: list[tuple[int, bytes]] = []
    for start in range(0, len(order_ids), MANY):
        part = order_ids[start : start + MANY]
        rows = session.execute(
            select(FaultVector.order_id, FaultVector.vector).where(
                FaultVector.order_id.in_(part), FaultVector.encoder == encoder
            )
        )
        found += [(int(order), bytes(vector)) for order, vector in rows]
    return found


def count(session: Session, community_id: int, encoder: str) -> int:
    """Count the public vectors of an estate."""
    return session.scalars(select(func.count(FaultVector.id)).where(_searched(community_id, encoder))).one()


def _searched(community_id: int, encoder: str) -> ColumnElement[bool]:
    return and_(FaultVector.community_id == community_id, FaultVector.encoder == encoder, FaultVector.public.is_(True))


def having(session: Session, order_ids: Sequence[int], encoder: str) -> set[int]:
    """Return those of the orders that have a vector of this encoder."""
    query = select(FaultVector.order_id).where(FaultVector.order_id.in_(order_ids), FaultVector.encoder == encoder)
    return set(session.scalars(query))


def drop(session: Session, order_ids: Sequence[int]) -> None:
    """Delete the vectors of orders."""
    for start in range(0, len(order_ids), MANY):
        session.execute(delete(FaultVector).where(FaultVector.order_id.in_(order_ids[start : start + MANY])))


def ordered_ids(session: Session, after_order: int, limit: int) -> list[int]:
    """Return a page of the orders that have a vector, by order id."""
    query = select(FaultVector.order_id).where(FaultVector.order_id > after_order).order_by(FaultVector.order_id)
    return list(session.scalars(query.limit(limit)))


def pair(session: Session, first_id: int, second_id: int) -> NotSame | None:
    """Return the row of a pair."""
    return session.scalar(select(NotSame).where(NotSame.first_id == first_id, NotSame.second_id == second_id))


def pairs_with(session: Session, order_id: int) -> list[NotSame]:
    """Return the pairs an order is in."""
    either = or_(NotSame.first_id == order_id, NotSame.second_id == order_id)
    return list(session.scalars(select(NotSame).where(either).order_by(NotSame.id)))
