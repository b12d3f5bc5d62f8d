"""Every SQL statement about the calendar, targets, promises and what was learned; clocks are in ``repository_timers``."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, delete, extract, func, insert, or_, select, update
from sqlalchemy.orm import Session

from backend.domains.clocks.models import ArrivalStatistic, CalendarDay, ClockHours, ClockTarget, Promise
from backend.kit.memo import remembered


def calendar_days(session: Session, start: date, end: date) -> Sequence[CalendarDay]:
    """Return the special days from ``start`` to before ``end``."""
    query = select(CalendarDay).where(CalendarDay.date >= start, CalendarDay.date < end).order_by(CalendarDay.date)
    return remembered(session, (CalendarDay,), ("days", start, end), lambda: session.scalars(query).all())


def known_years(session: Session) -> set[int]:
    """Return the years that have special days."""
    return {int(y) for y in session.scalars(select(extract("year", CalendarDay.date)).distinct())}


def all_hours(session: Session) -> Sequence[ClockHours]:
    """Return the hours of every estate that has its own."""
    return remembered(session, (ClockHours,), "hours", lambda: session.scalars(select(ClockHours)).all())


def hours_of(session: Session, community_id: int) -> ClockHours | None:
    """Return an estate's own hours."""
    return session.scalar(select(ClockHours).where(ClockHours.community_id == community_id))


def targets(session: Session, community_id: int | None, with_default: bool = False) -> Sequence[ClockTarget]:
    """Return the targets of an estate (None: of the company), or both."""
    own = ClockTarget.community_id.is_not_distinct_from(community_id)
    wanted = or_(own, ClockTarget.community_id.is_(None)) if with_default else own
    query = select(ClockTarget).where(wanted).order_by(ClockTarget.id)
    key = ("targets", community_id, with_default)
    return remembered(session, (ClockTarget,), key, lambda: session.scalars(query).all())


def promise_of(session: Session, subject_type: str, subject_id: int) -> Promise | None:
    """Return the promise about a row."""
    return session.scalar(select(Promise).where(Promise.subject_type == subject_type, Promise.subject_id == subject_id))


def untold(session: Session, subject_type: str, subject_ids: Sequence[int]) -> Sequence[Promise]:
    """Return the promises about these rows whose people have not been told that they will hardly be kept."""
    query = select(Promise).where(
        Promise.subject_type == subject_type,
        Promise.subject_id.in_(subject_ids),
        Promise.told_at.is_(None),
        Promise.kept_at.is_(None),
        Promise.void_at.is_(None),
    )
    return session.scalars(query).all()


def tell_later(session: Session, promise_id: int, moment: datetime, start: datetime | None, end: datetime) -> bool:
    """Keep what is expected now, once. False when somebody else did."""
    done = session.execute(
        update(Promise)
        .where(Promise.id == promise_id, Promise.told_at.is_(None))
        .values(told_at=moment, expected_from=start, expected_until=end)
        .execution_options(synchronize_session=False)
    )
    return bool(done.rowcount == 1)  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Counted:
    """How many promises about a category were kept and how many were not."""

    category: str
    kept: int
    missed: int


def promises_kept(session: Session, community_id: int | None, since: datetime, now: datetime) -> list[Counted]:
    """Count the promises made since a moment; those still open and overdue were missed, void ones do not count."""
    kept = and_(Promise.kept_at.is_not(None), Promise.kept_at <= Promise.until)
    counts = [func.coalesce(func.sum(case((rule, 1), else_=0)), 0) for rule in (kept, _missed(now))]
    query = select(Promise.category, *counts).where(Promise.made_at >= since, Promise.void_at.is_(None))
    if community_id is not None:
        query = query.where(Promise.community_id == community_id)
    rows = session.execute(query.group_by(Promise.category).order_by(Promise.category))
    return [Counted(str(category), int(k), int(m)) for category, k, m in rows]


def _missed(now: datetime) -> ColumnElement[bool]:
    still_open = and_(Promise.kept_at.is_(None), Promise.paused_at.is_(None), Promise.until < now)
    return or_(and_(Promise.kept_at.is_not(None), Promise.kept_at > Promise.until), still_open)


def promises_missed(subject_type: str, since: datetime, now: datetime) -> Select[int]:
    """Return the query of the rows about which a promise was made since a moment and not kept, void ones left out."""
    return select(Promise.subject_id).where(
        Promise.subject_type == subject_type, Promise.made_at >= since, Promise.void_at.is_(None), _missed(now)
    )


def statistics(session: Session, community_ids: Sequence[int] | None = None) -> Sequence[ArrivalStatistic]:
    """Return what was learned: of these estates and of all together, or everything."""
    query = select(ArrivalStatistic)
    if community_ids is not None:
        here = ArrivalStatistic.community_id
        query = query.where(or_(here.is_(None), here.in_(community_ids)))
    return session.scalars(query).all()


def put_statistics(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Put what was learned in the place of what was known."""
    session.execute(delete(ArrivalStatistic))
    if rows:
        session.execute(insert(ArrivalStatistic), [dict(r) for r in rows])
