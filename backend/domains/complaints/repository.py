"""Every SQL statement about complaints."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, and_, func, or_, select, update
from sqlalchemy.orm import Session

from backend.domains.complaints.domain import UNANSWERED
from backend.domains.complaints.models import (
    Complaint,
    ComplaintDeadline,
    ComplaintEvent,
    EstateComplaintTerms,
)


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list shows. Empty fields do not filter."""

    statuses: tuple[str, ...] = ()
    community_id: int | None = None
    complainant_id: int | None = None
    work_order_id: int | None = None
    level: str | None = None
    late_at: datetime | None = None
    q: str | None = None


def terms(session: Session, community_id: int) -> EstateComplaintTerms | None:
    """Return an estate's own deadlines."""
    return session.scalar(select(EstateComplaintTerms).where(EstateComplaintTerms.community_id == community_id))


def by_number(session: Session, number: str) -> Complaint | None:
    """Return the complaint with this number."""
    return session.scalar(select(Complaint).where(Complaint.number == number))


def by_source_key(session: Session, key: str) -> Complaint | None:
    """Return the complaint that was filed for this key."""
    return session.scalar(select(Complaint).where(Complaint.source_key == key))


def lately(session: Session, person_id: int, work_order_id: int | None, since: datetime) -> Complaint | None:
    """Return what a person has complained of since a moment about the same order (or none), not answered yet."""
    query = select(Complaint).where(
        Complaint.complainant_id == person_id,
        Complaint.work_order_id.is_not_distinct_from(work_order_id),
        Complaint.created_at > since,
        Complaint.status.in_(UNANSWERED),
    )
    return session.scalars(query.order_by(Complaint.id.desc()).limit(1)).first()


def _filtered(wanted: Filter) -> Select[Complaint]:
    query = select(Complaint)
    if wanted.statuses:
        query = query.where(Complaint.status.in_(wanted.statuses))
    if wanted.community_id is not None:
        query = query.where(Complaint.community_id == wanted.community_id)
    if wanted.complainant_id is not None:
        query = query.where(Complaint.complainant_id == wanted.complainant_id)
    if wanted.work_order_id is not None:
        query = query.where(Complaint.work_order_id == wanted.work_order_id)
    if wanted.level is not None:
        query = query.where(Complaint.level == wanted.level)
    if wanted.late_at is not None:
        no_reply = and_(Complaint.replied_at.is_(None), Complaint.reply_by < wanted.late_at)
        query = query.where(Complaint.status.in_(UNANSWERED), or_(no_reply, Complaint.answer_by < wanted.late_at))
    if wanted.q:
        number = Complaint.number.contains(wanted.q.upper(), autoescape=True)
        query = query.where(or_(number, Complaint.words.contains(wanted.q, autoescape=True)))
    return query


def search(session: Session, wanted: Filter, before_id: int | None, limit: int) -> Sequence[Complaint]:
    """Return complaints, newest first."""
    query = _filtered(wanted).order_by(Complaint.id.desc()).limit(limit)
    if before_id is not None:
        query = query.where(Complaint.id < before_id)
    return session.scalars(query).all()


def count(session: Session, wanted: Filter) -> int:
    """Count complaints."""
    return session.scalars(_filtered(wanted).with_only_columns(func.count(Complaint.id)).order_by(None)).one()


def timeline(session: Session, complaint_id: int, with_internal: bool) -> Sequence[ComplaintEvent]:
    """Return a complaint's history, oldest first."""
    query = select(ComplaintEvent).where(ComplaintEvent.complaint_id == complaint_id).order_by(ComplaintEvent.id)
    if not with_internal:
        query = query.where(ComplaintEvent.internal.is_(False))
    return session.scalars(query).all()


def last_move(session: Session, complaint_id: int) -> ComplaintEvent | None:
    """Return the latest change of state."""
    query = select(ComplaintEvent).where(
        ComplaintEvent.complaint_id == complaint_id, ComplaintEvent.to_status.is_not(None)
    )
    return session.scalars(query.order_by(ComplaintEvent.id.desc()).limit(1)).first()


def touch(session: Session, complaint_id: int) -> Complaint:
    """Lock a complaint for this transaction and return it as it is in the database now."""
    session.execute(update(Complaint).where(Complaint.id == complaint_id).values(id=Complaint.id))
    query = select(Complaint).where(Complaint.id == complaint_id).execution_options(populate_existing=True)
    return session.scalars(query).one()


def meet(session: Session, complaint: Complaint, due: str | None, now: datetime) -> None:
    """Let no alarm of a deadline ring any more; None for all of the complaint's."""
    query = update(ComplaintDeadline).where(
        ComplaintDeadline.complaint_id == complaint.id, ComplaintDeadline.met_at.is_(None)
    )
    if due is not None:
        query = query.where(ComplaintDeadline.due == due)
    session.execute(query.values(met_at=now, next_at=None).execution_options(synchronize_session=False))


def to_ring(session: Session, now: datetime, after_id: int, limit: int) -> list[tuple[int, int]]:
    """Return (deadline, complaint) of a page of the deadlines with an alarm that is due, by id."""
    query = select(ComplaintDeadline.id, ComplaintDeadline.complaint_id).where(
        ComplaintDeadline.next_at <= now, ComplaintDeadline.id > after_id
    )
    rows = session.execute(query.order_by(ComplaintDeadline.id).limit(limit))
    return [(int(deadline), int(complaint)) for deadline, complaint in rows]


def deadline(session: Session, deadline_id: int) -> ComplaintDeadline:
    """Return a deadline as it is in the database now."""
    query = select(ComplaintDeadline).where(ComplaintDeadline.id == deadline_id)
    return session.scalars(query.execution_options(populate_existing=True)).one()


def ring(session: Session, seen: ComplaintDeadline, rung: int, next_at: datetime | None) -> bool:
    """Note that alarms ring, unless somebody else was faster or the deadline is met."""
    done = session.execute(
        update(ComplaintDeadline)
        .where(
            ComplaintDeadline.id == seen.id,
            ComplaintDeadline.rung == seen.rung,
            ComplaintDeadline.met_at.is_(None),
            ComplaintDeadline.next_at.is_not(None),
        )
        .values(rung=rung, next_at=next_at)
        .execution_options(synchronize_session=False)
    )
    return bool(done.rowcount == 1)  # type: ignore[attr-defined]
