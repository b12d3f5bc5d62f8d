"""Every SQL statement about equipment."""

import json
from collections.abc import Sequence

from sqlalchemy import ColumnElement, Text, and_, cast, func, or_, select
from sqlalchemy.orm import Session

from backend.domains.equipment.domain import Search
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
    session: Session, wanted: Search | None, community_id: int | None, after_id: int | None, limit: int
) -> Sequence[Asset]:
    """Return assets by what they and their place are called, ordered by id."""
    query = select(Asset).order_by(Asset.id).limit(limit)
    if wanted is not None:
        query = query.where(_is_meant(wanted))
    if community_id is not None:
        query = query.where(Asset.community_id == community_id)
    if after_id is not None:
        query = query.where(Asset.id > after_id)
    return session.scalars(query).all()


def has_code(session: Session, community_id: int, code: str) -> bool:
    """Tell whether an estate has equipment with this code."""
    query = select(Asset.id).where(Asset.community_id == community_id, Asset.code == code)
    return session.scalar(query) is not None


def _called(words: str) -> ColumnElement[bool]:
    """The words in a name, code, place or alias. Aliases are JSON, which writes Chinese as escapes."""
    in_aliases = cast(Asset.aliases, Text).contains(json.dumps(words)[1:-1], autoescape=True)
    return or_(
        Asset.name.icontains(words, autoescape=True),
        Asset.code.icontains(words, autoescape=True),
        Asset.place.contains(words, autoescape=True),
        in_aliases,
    )


def _is_meant(wanted: Search) -> ColumnElement[bool]:
    whole = or_(_called(wanted.words), _called(wanted.address))
    if not (wanted.building or wanted.unit):
        return or_(whole, Asset.kind.in_(wanted.kinds))
    here: list[ColumnElement[bool]] = []
    if wanted.building:
        here.append(Asset.building == wanted.building)
    if wanted.unit:
        here.append(Asset.unit == wanted.unit)
    if wanted.rest:
        here.append(or_(_called(wanted.rest), Asset.kind.in_(wanted.kinds)))
    return or_(whole, and_(*here))


def same_name(session: Session, community_id: int, name: str, but: int | None = None) -> Asset | None:
    """Return an asset of the estate with exactly this name, other than ``but``."""
    query = select(Asset).where(Asset.community_id == community_id, Asset.name == name, Asset.id != (but or 0))
    return session.scalars(query.order_by(Asset.id).limit(1)).first()


def count(session: Session, community_id: int) -> int:
    """Count the assets of an estate."""
    return session.scalars(select(func.count()).select_from(Asset).where(Asset.community_id == community_id)).one()
