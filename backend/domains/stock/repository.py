"""Every SQL statement about the store and the price list."""

import json
from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, Text, cast, func, or_, select, update
from sqlalchemy.orm import Session

from backend.domains.stock.domain import HOUR, LABOUR
from backend.domains.stock.models import PriceItem, StockBalance, StockItem, StockMovement

Kept = tuple[StockItem, int]
"""An item and what is on hand."""


def _kept() -> Select[StockItem, int]:
    return select(StockItem, StockBalance.on_hand_milli).join(StockBalance, StockBalance.item_id == StockItem.id)


def _pairs(session: Session, query: Select[StockItem, int]) -> list[Kept]:
    return [(item, int(on_hand)) for item, on_hand in session.execute(query)]


def get(session: Session, item_id: int) -> Kept | None:
    """Return an item."""
    return next(iter(_pairs(session, _kept().where(StockItem.id == item_id))), None)


def of_community(session: Session, community_id: int, only_active: bool = False) -> list[Kept]:
    """Return all items of an estate by their codes."""
    query = _kept().where(StockItem.community_id == community_id).order_by(StockItem.code, StockItem.id)
    return _pairs(session, query.where(StockItem.active.is_(True)) if only_active else query)


def search(
    session: Session, q: str | None, community_id: int | None, low: bool, after_id: int | None, limit: int
) -> list[Kept]:
    """Return items by what they are called, ordered by id; ``low``: only those below their minimum."""
    query = _kept().order_by(StockItem.id).limit(limit)
    if q:
        query = query.where(_called(q))
    if community_id is not None:
        query = query.where(StockItem.community_id == community_id)
    if low:
        query = query.where(StockItem.active.is_(True), StockBalance.on_hand_milli < StockItem.minimum_milli)
    if after_id is not None:
        query = query.where(StockItem.id > after_id)
    return _pairs(session, query)


def _called(words: str) -> ColumnElement[bool]:
    """The words in a name, code or alias. Aliases are JSON, which writes Chinese as escapes."""
    in_aliases = cast(StockItem.aliases, Text).contains(json.dumps(words)[1:-1], autoescape=True)
    return or_(
        StockItem.name.icontains(words, autoescape=True),
        StockItem.code.icontains(words, autoescape=True),
        in_aliases,
    )


def by_codes(session: Session, community_id: int, codes: Sequence[str]) -> dict[str, StockItem]:
    """Return the items of an estate that have one of the codes."""
    query = select(StockItem).where(StockItem.community_id == community_id, StockItem.code.in_(codes))
    return {item.code: item for item in session.scalars(query)}


def count(session: Session, community_id: int) -> int:
    """Count the items of an estate."""
    return session.scalars(
        select(func.count()).select_from(StockItem).where(StockItem.community_id == community_id)
    ).one()


def add(session: Session, item: StockItem) -> None:
    """Add an item with nothing on hand."""
    session.add(item)
    session.flush()
    session.add(StockBalance(item_id=item.id, community_id=item.community_id, on_hand_milli=0, low_told=False))
    session.flush()


def change(session: Session, item_id: int, change_milli: int) -> bool:
    """Change what is on hand unless that would leave less than nothing; the row stays locked until the end."""
    done = session.execute(
        update(StockBalance)
        .where(StockBalance.item_id == item_id, StockBalance.on_hand_milli + change_milli >= 0)
        .values(on_hand_milli=StockBalance.on_hand_milli + change_milli)
        .execution_options(synchronize_session=False)
    )
    return bool(done.rowcount)  # type: ignore[attr-defined]


def on_hand(session: Session, item_id: int) -> int:
    """Return what is on hand."""
    return session.scalars(select(StockBalance.on_hand_milli).where(StockBalance.item_id == item_id)).one()


def set_low_told(session: Session, item_id: int, told: bool) -> bool:
    """Remember whether the desk knows; True when that is new."""
    done = session.execute(
        update(StockBalance)
        .where(StockBalance.item_id == item_id, StockBalance.low_told.is_(not told))
        .values(low_told=told)
        .execution_options(synchronize_session=False)
    )
    return bool(done.rowcount)  # type: ignore[attr-defined]


def movement_by_key(session: Session, key: str) -> StockMovement | None:
    """Return the movement that was made under this key."""
    return session.scalar(select(StockMovement).where(StockMovement.source_key == key))


def has_moved(session: Session, item_id: int) -> bool:
    """Tell whether an item has a movement."""
    return session.scalar(select(StockMovement.id).where(StockMovement.item_id == item_id).limit(1)) is not None


def movements(session: Session, item_id: int, before_id: int | None, limit: int) -> Sequence[StockMovement]:
    """Return the ledger of an item, newest first."""
    query = select(StockMovement).where(StockMovement.item_id == item_id)
    if before_id is not None:
        query = query.where(StockMovement.id < before_id)
    return session.scalars(query.order_by(StockMovement.id.desc()).limit(limit)).all()


def price_by_code(session: Session, community_id: int, code: str) -> PriceItem | None:
    """Return a line of an estate's price list."""
    return session.scalar(select(PriceItem).where(PriceItem.community_id == community_id, PriceItem.code == code))


def prices(session: Session, community_id: int | None, q: str | None, all_: bool) -> Sequence[PriceItem]:
    """Return the price list, by category and code."""
    query = select(PriceItem).order_by(PriceItem.community_id, PriceItem.category, PriceItem.code)
    if community_id is not None:
        query = query.where(PriceItem.community_id == community_id)
    if not all_:
        query = query.where(PriceItem.active.is_(True))
    if q:
        words = (PriceItem.name, PriceItem.code, PriceItem.category)
        query = query.where(or_(*(column.icontains(q, autoescape=True) for column in words)))
    return session.scalars(query).all()


def hourly(session: Session, community_id: int) -> PriceItem | None:
    """Return the labour by the hour of an estate, the first by code."""
    query = select(PriceItem).where(
        PriceItem.community_id == community_id,
        PriceItem.unit == HOUR,
        PriceItem.kind == LABOUR,
        PriceItem.active.is_(True),
    )
    return session.scalars(query.order_by(PriceItem.code).limit(1)).first()
