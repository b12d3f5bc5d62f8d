"""Every SQL statement about labels."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from backend.domains.labels.models import Label


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
