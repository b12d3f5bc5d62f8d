"""SQL of what people keep about lists: saved filters, and the changes of many orders they made."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.domains.workorders.models_lists import BulkChange, SavedFilter


def bulk(session: Session, change_id: int) -> BulkChange | None:
    """Return a change, locked until the transaction ends, so that it is undone once."""
    return session.scalar(select(BulkChange).where(BulkChange.id == change_id).with_for_update())


def bulk_by_key(session: Session, person_id: int, key: str) -> BulkChange | None:
    """Return the change that was made under a key."""
    return session.scalar(select(BulkChange).where(BulkChange.person_id == person_id, BulkChange.key == key))


def filters(session: Session) -> Sequence[SavedFilter]:
    """Return the saved filters the session's person may use, by name."""
    return session.scalars(select(SavedFilter).order_by(SavedFilter.name, SavedFilter.id)).all()


def filter_named(session: Session, person_id: int, name: str) -> SavedFilter | None:
    """Return a person's own filter by its name."""
    return session.scalar(select(SavedFilter).where(SavedFilter.person_id == person_id, SavedFilter.name == name))


def own_filter(session: Session, person_id: int, filter_id: int) -> SavedFilter | None:
    """Return a person's own filter."""
    return session.scalar(select(SavedFilter).where(SavedFilter.person_id == person_id, SavedFilter.id == filter_id))


def filters_of(session: Session, person_id: int) -> int:
    """Count a person's own filters."""
    return session.scalars(select(func.count(SavedFilter.id)).where(SavedFilter.person_id == person_id)).one()
