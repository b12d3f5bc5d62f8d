"""Every SQL statement about media."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.domains.media.models import Media


def get(session: Session, media_id: str) -> Media | None:
    """Return a picture's row."""
    return session.scalar(select(Media).where(Media.id == media_id))


def by_ids(session: Session, ids: Sequence[str]) -> Sequence[Media]:
    """Return the rows of pictures."""
    return session.scalars(select(Media).where(Media.id.in_(ids))).all()
