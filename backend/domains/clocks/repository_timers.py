"""Every SQL statement about running clocks."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, case, func, or_, select, update
from sqlalchemy.orm import Session

from backend.domains.clocks.models import Clock


@dataclass(frozen=True, slots=True)
class Subject:
    """A row that has clocks."""

    type: str
    id: int


def of(session: Session, subject: Subject) -> Sequence[Clock]:
    """Return the clocks of a row, in the order in which they were started."""
    query = select(Clock).where(Clock.subject_type == subject.type, Clock.subject_id == subject.id)
    return session.scalars(query.order_by(Clock.id).execution_options(populate_existing=True)).all()


def not_stopped(session: Session, subject: Subject) -> Sequence[Clock]:
    """Return the clocks of a row that run or are paused, locked until the transaction ends."""
    query = select(Clock).where(
        Clock.subject_type == subject.type, Clock.subject_id == subject.id, Clock.stopped_at.is_(None)
    )
    locked = query.order_by(Clock.id).with_for_update().execution_options(populate_existing=True)
    return session.scalars(locked).all()


def last_round(session: Session, subject: Subject) -> int:
    """Return the number of a row's latest round, 0 when it never had a clock."""
    query = select(func.max(Clock.round)).where(Clock.subject_type == subject.type, Clock.subject_id == subject.id)
    return session.scalar(query) or 0


def timed(session: Session, subject_type: str, ids: Collection[int]) -> set[int]:
    """Return those of the rows that have, or had, a clock."""
    query = select(Clock.subject_id).where(Clock.subject_type == subject_type, Clock.subject_id.in_(ids))
    return set(session.scalars(query.distinct()))


def stop(session: Session, subject: Subject, kinds: Collection[str] | None, moment: datetime) -> int:
    """Stop clocks of a row; one that was over by then is breached. Returns how many."""
    over = and_(Clock.breached_at.is_(None), Clock.paused_at.is_(None), Clock.due_at < moment)
    query = update(Clock).where(
        Clock.subject_type == subject.type, Clock.subject_id == subject.id, Clock.stopped_at.is_(None)
    )
    if kinds is not None:
        query = query.where(Clock.kind.in_(kinds))
    breached = case((over, Clock.due_at), else_=Clock.breached_at)
    done = session.execute(
        query.values(stopped_at=moment, next_step_at=None, breached_at=breached).execution_options(
            synchronize_session=False
        )
    )
    return int(done.rowcount)  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A clock whose step is due, as it was seen without a lock."""

    id: int
    subject: Subject
    at: datetime


def due(
    session: Session, now: datetime, types: Collection[str], after: Candidate | None, limit: int
) -> list[Candidate]:
    """Return clocks whose next step is due, in order, from behind ``after``."""
    query = select(Clock.id, Clock.subject_type, Clock.subject_id, Clock.next_step_at).where(
        Clock.next_step_at <= now, Clock.subject_type.in_(types)
    )
    if after is not None:
        behind = or_(Clock.next_step_at > after.at, and_(Clock.next_step_at == after.at, Clock.id > after.id))
        query = query.where(Clock.next_step_at >= after.at, behind)
    rows = session.execute(query.order_by(Clock.next_step_at, Clock.id).limit(limit))
    return [Candidate(int(i), Subject(str(t), int(s)), at) for i, t, s, at in rows if at is not None]


def lock_due(session: Session, ids: Sequence[int], now: datetime) -> Sequence[Clock]:
    """Lock those of the clocks whose step is still due and that nobody else has in hand."""
    query = select(Clock).where(Clock.id.in_(ids), Clock.next_step_at <= now)
    locked = query.order_by(Clock.next_step_at, Clock.id).with_for_update(skip_locked=True)
    return session.scalars(locked.execution_options(populate_existing=True)).all()


_CLAIM = (
    update(Clock.__table__)  # type: ignore[arg-type]
    .where(
        Clock.__table__.c.id == bindparam("clock"),
        Clock.__table__.c.level == bindparam("seen_level"),
        Clock.__table__.c.next_step_at == bindparam("seen_at"),
    )
    .values(level=bindparam("to_level"), next_step_at=bindparam("to_at"), breached_at=bindparam("over_at"))
)


def claim(session: Session, steps: Sequence[Mapping[str, Any]]) -> int:
    """Move clocks to their next level, each only if it stands where it was seen. Returns how many moved."""
    done = session.connection().execute(_CLAIM, [dict(s) for s in steps])
    return int(done.rowcount)


def escalated(session: Session, told: Mapping[str, Iterable[int]]) -> None:
    """Keep to whom clocks were last escalated, by role."""
    for role, ids in told.items():
        query = update(Clock).where(Clock.id.in_(list(ids))).values(escalated_to=role)
        session.execute(query.execution_options(synchronize_session=False))
