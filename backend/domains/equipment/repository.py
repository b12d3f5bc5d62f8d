"""Every SQL statement about equipment."""

from collections.abc import Sequence

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from backend.domains.equipment.models import Asset


def get(session: Session, asset_id: int) -> Asset | None:
    """Return an asset by id."""
    return session.scalar(select(Asset).where(Asset.id == asset_id))


def by_ids(session: Session, ids: Sequence[int]) -> Sequence[Asset]:
    """Return assets by id."""
    return session.scalars(select(Asset).where(Asset.id.in_(ids))).all()


def of_community(session: Session, community_id: int, kinds: Sequence[str] = ()) -> Sequence[Asset]:
    """Return the assets of an estate, of some kinds or of all."""
    query = select(Asset).where(Asset.community_id == community_id).order_by(Asset.id)
    if kinds:
        query = query.where(Asset.kind.in_(kinds))
    return session.scalars(query).all()


def search(
    session: Session, q: str | None, community_id: int | None, after_id: int | None, limit: int
) -> Sequence[Asset]:
    """Return assets whose name, code or place contains ``q``, ordered by id."""
    query = select(Asset).order_by(Asset.id).limit(limit)
    if q:
        query = query.where(
            or_(
                Asset.name.contains(q, autoescape=True),
                Asset.code.contains(q, autoescape=True),
                Asset.place.contains(q, autoescape=True),
            )
        )
    if community_id is not None:
        query = query.where(Asset.community_id == community_id)
    if after_id is not None:
        query = query.where(Asset.id > after_id)
    return session.scalars(query).all()


def count(session: Session, community_id: int) -> int:
    """Count the assets of an estate."""
    return session.scalars(select(func.count()).select_from(Asset).where(Asset.community_id == community_id)).one()
