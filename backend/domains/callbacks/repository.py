"""Every SQL statement about call-backs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session

from backend.domains.callbacks.models import Callback, CallbackTerms


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list shows. Empty fields do not filter; ``pending`` are those that are not over."""

    statuses: tuple[str, ...] = ()
    community_id: int | None = None
    assigned_to_id: int | None = None
    subject: tuple[str, int] | None = None
    pending: bool = False
    overdue_at: datetime | None = None


def terms(session: Session, community_id: int) -> CallbackTerms | None:
    """Return an estate's own numbers."""
    return session.scalar(select(CallbackTerms).where(CallbackTerms.community_id == community_id))


def by_key(session: Session, key: str) -> Callback | None:
    """Return the call-back that was opened under this key."""
    return session.scalar(select(Callback).where(Callback.source_key == key))


def by_id(session: Session, callback_id: int) -> Callback | None:
    """Return a call-back as it is in the database now."""
    query = select(Callback).where(Callback.id == callback_id)
    return session.scalar(query.execution_options(populate_existing=True))


def _filtered(wanted: Filter) -> Select[Callback]:
    query = select(Callback)
    if wanted.statuses:
        query = query.where(Callback.status.in_(wanted.statuses))
    if wanted.community_id is not None:
        query = query.where(Callback.community_id == wanted.community_id)
    if wanted.assigned_to_id is not None:
        query = query.where(Callback.assigned_to_id == wanted.assigned_to_id)
    if wanted.subject is not None:
        query = query.where(Callback.subject_type == wanted.subject[0], Callback.subject_id == wanted.subject[1])
    if wanted.pending or wanted.overdue_at is not None:
        query = query.where(Callback.done_at.is_(None))
    if wanted.overdue_at is not None:
        query = query.where(Callback.due_at < wanted.overdue_at)
    return query


def search(session: Session, wanted: Filter, before_id: int | None, limit: int) -> Sequence[Callback]:
    """Return call-backs, newest first."""
    query = _filtered(wanted).order_by(Callback.id.desc()).limit(limit)
    if before_id is not None:
        query = query.where(Callback.id < before_id)
    return session.scalars(query).all()


def count(session: Session, wanted: Filter) -> int:
    """Count call-backs."""
    return session.scalars(_filtered(wanted).with_only_columns(func.count(Callback.id)).order_by(None)).one()


def to_escalate(session: Session, now: datetime, limit: int) -> Sequence[int]:
    """Return call-backs that are late and that nobody above has heard of."""
    query = select(Callback.id).where(
        Callback.due_at < now, Callback.done_at.is_(None), Callback.escalated_at.is_(None)
    )
    return session.scalars(query.order_by(Callback.id).limit(limit)).all()


def mark_escalated(session: Session, callback_id: int, now: datetime) -> bool:
    """Note that somebody above hears of a late call-back, unless it is done or they have heard already."""
    done = session.execute(
        update(Callback)
        .where(
            Callback.id == callback_id,
            Callback.due_at < now,
            Callback.done_at.is_(None),
            Callback.escalated_at.is_(None),
        )
        .values(escalated_at=now)
        .execution_options(synchronize_session=False)
    )
    return bool(done.rowcount == 1)  # type: ignore[attr-defined]
