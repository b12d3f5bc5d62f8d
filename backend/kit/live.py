"""Live updates: a change feed in the database, so that any process can write and any can push to its pages.

A row is written in the transaction of the change. Readers poll the feed a few times a second (and at once after a commit
in their own process); ids may become visible out of order, so a reader looks back over a short window and skips what
it has seen.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, delete, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from backend.kit import clock, db
from backend.kit.auth import Principal
from backend.kit.db import Base, BigId, UtcDateTime, code_column, id_column
from backend.kit.scope import Open

KEEP = timedelta(hours=24)


class LiveEvent(Open, Base):
    """One change to push: to staff of an estate who hold ``permission``, and to ``person_id`` where given."""

    __tablename__ = "live_events"
    __audited__ = False
    why_open = "filtered by visible_to before anything is pushed"

    id: Mapped[int] = id_column()
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    community_id: Mapped[int] = mapped_column(BigId)
    person_id: Mapped[int | None] = mapped_column(BigId)
    permission: Mapped[str | None] = code_column(32)
    topic: Mapped[str] = code_column(32)
    data: Mapped[dict[str, Any]] = mapped_column(JSON)


@dataclass(frozen=True, slots=True)
class Event:
    """A feed row outside its session."""

    id: int
    community_id: int
    person_id: int | None
    permission: str | None
    topic: str
    data: dict[str, Any]

    def visible_to(self, who: Principal) -> bool:
        """Tell whether this person may receive the event."""
        if self.person_id == who.person_id:
            return True
        return (
            self.permission is not None
            and self.permission in who.permissions
            and self.community_id in who.staff_community_ids
        )


_wakers: list[Any] = []


def on_publish(waker: Any) -> None:
    """Register a call that wakes this process's readers after a commit."""
    _wakers.append(waker)


def off_publish(waker: Any) -> None:
    """Forget a call registered with ``on_publish``."""
    if waker in _wakers:
        _wakers.remove(waker)


def _wake() -> None:
    for waker in _wakers:
        waker()


def publish(
    session: Session,
    topic: str,
    data: dict[str, Any],
    *,
    community_id: int,
    person_id: int | None = None,
    permission: str | None = None,
) -> None:
    """Add an event to the session's transaction."""
    session.add(
        LiveEvent(
            at=clock.now(),
            community_id=community_id,
            person_id=person_id,
            permission=permission,
            topic=topic,
            data=data,
        )
    )
    db.after_commit(session, _wake)


def publish_all(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Add many events in one statement; each names what ``publish`` takes."""
    if not rows:
        return
    moment = clock.now()
    session.execute(insert(LiveEvent), [{"at": moment, **row} for row in rows])
    db.after_commit(session, _wake)


def newest_id(session: Session) -> int:
    """Return the highest id in the feed, 0 when it is empty."""
    return session.scalar(select(LiveEvent.id).order_by(LiveEvent.id.desc()).limit(1)) or 0


def since(session: Session, after_id: int, limit: int = 500) -> list[Event]:
    """Return the events after an id, oldest first."""
    rows = session.scalars(select(LiveEvent).where(LiveEvent.id > after_id).order_by(LiveEvent.id).limit(limit))
    return [Event(r.id, r.community_id, r.person_id, r.permission, r.topic, r.data) for r in rows]


def prune(session: Session) -> int:
    """Delete events that nobody can still be waiting for. Returns how many."""
    done = session.execute(delete(LiveEvent).where(LiveEvent.at < clock.now() - KEEP))
    return int(done.rowcount)  # type: ignore[attr-defined]
