"""Every SQL statement about labels."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select, update
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


def count_one(session: Session, key: str, most: int, until: datetime) -> bool:
    """Count one more under a key; False when there are as many as may be. Right under many at once."""
    return _one_more(session, key, most) or _first(session, key, until) or _one_more(session, key, most)


def _one_more(session: Session, key: str, most: int) -> bool:
    done = session.execute(
        update(LabelCount).where(LabelCount.key == key, LabelCount.count < most).values(count=LabelCount.count + 1)
    )
    return done.rowcount == 1  # type: ignore[attr-defined,no-any-return]


def _first(session: Session, key: str, until: datetime) -> bool:
    if session.scalar(select(LabelCount.count).where(LabelCount.key == key)) is not None:
        return False
    try:
        with session.begin_nested():
            session.add(LabelCount(key=key, count=1, until=until))
    except IntegrityError:
        return False
    return True


def forget_counts(session: Session, before: datetime) -> int:
    """Delete counts whose window is over."""
    done = session.execute(delete(LabelCount).where(LabelCount.until < before))
    return int(done.rowcount)  # type: ignore[attr-defined]
