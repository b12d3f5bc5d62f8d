"""Every SQL statement about labels."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects import mysql, postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from backend.domains.labels.models import Label, LabelCount


def by_token(session: Session, token: str) -> Label | None:
    """Return the label with this token, unless it was revoked."""
    return session.scalar(select(Label).where(Label.token == token, Label.revoked_at.is_(None)))


def live(session: Session, keys: Sequence[str]) -> dict[str, Label]:
    """Return the labels that are in use, by what they are on."""
    return {str(row.live_key): row for row in session.scalars(select(Label).where(Label.live_key.in_(keys)))}


def add(session: Session, label: Label) -> bool:
    """Add a label; False when its target has got one at this moment."""
    try:
        with session.begin_nested():
            session.add(label)
    except IntegrityError:
        return False
    return True


def count_one(session: Session, key: str, until: datetime) -> int:
    """Count one more under a key and return how many it is now. The row is locked until the transaction ends."""
    values = {"key": key, "count": 1, "until": until}
    more = {"count": LabelCount.count + 1}
    dialect = session.get_bind().dialect.name
    if dialect in _UPSERTS:
        upsert = _UPSERTS[dialect](LabelCount).values(**values)
        session.execute(upsert.on_conflict_do_update(index_elements=["key"], set_=more))
    else:
        session.execute(mysql.insert(LabelCount).values(**values).on_duplicate_key_update(**more))
    return session.scalars(select(LabelCount.count).where(LabelCount.key == key)).one()


_UPSERTS: dict[str, Any] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


def forget_counts(session: Session, before: datetime) -> int:
    """Delete counts whose window is over."""
    done = session.execute(delete(LabelCount).where(LabelCount.until < before))
    return int(done.rowcount)  # type: ignore[attr-defined]
