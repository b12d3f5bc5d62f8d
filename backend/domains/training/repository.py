"""SQL statements about samples: what is listed, labelled and exported. Runs and models: ``repository_runs``."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from backend.domains.training.domain import SampleState
from backend.domains.training.models import GatherMark, Sample, SampleReason
from backend.kit.audit import AuditLine


@dataclass(frozen=True, slots=True)
class Filter:
    """Which samples a list shows. Empty fields do not filter."""

    state: str | None = None
    why: str | None = None
    q: str | None = None
    intent: str | None = None
    community_id: int | None = None


def _filtered(wanted: Filter) -> Select[Sample]:
    query = select(Sample)
    if wanted.state:
        query = query.where(Sample.state == wanted.state)
    if wanted.why:
        query = query.where(Sample.id.in_(select(SampleReason.sample_id).where(SampleReason.why == wanted.why)))
    if wanted.intent:
        query = query.where(Sample.intent == wanted.intent)
    if wanted.community_id is not None:
        query = query.where(Sample.community_id == wanted.community_id)
    if wanted.q:
        query = query.where(Sample.text.contains(wanted.q, autoescape=True))
    return query


def search(session: Session, wanted: Filter, offset: int, limit: int) -> Sequence[Sample]:
    """Return samples: waiting ones by what teaches most and then the newest, others by the latest label."""
    if wanted.state == SampleState.WAITING:
        order: tuple[Any, ...] = (Sample.priority, Sample.id.desc())
    else:
        order = (Sample.labelled_at.desc(), Sample.id.desc())
    return session.scalars(_filtered(wanted).order_by(*order).offset(offset).limit(limit)).all()


def count(session: Session, wanted: Filter) -> int:
    """Count the samples of a filter."""
    return session.scalars(_filtered(wanted).with_only_columns(func.count(Sample.id)).order_by(None)).one()


def count_by_state(session: Session) -> dict[str, int]:
    """Count samples by state."""
    return {
        str(s): int(n) for s, n in session.execute(select(Sample.state, func.count(Sample.id)).group_by(Sample.state))
    }


def count_waiting_by_why(session: Session) -> dict[str, int]:
    """Count waiting samples by reason; one with two reasons counts in both."""
    query = (
        select(SampleReason.why, func.count(SampleReason.sample_id.distinct()))
        .join(Sample, Sample.id == SampleReason.sample_id)
        .where(Sample.state == SampleState.WAITING)
        .group_by(SampleReason.why)
    )
    return {str(why): int(n) for why, n in session.execute(query)}


def get(session: Session, sample_id: int) -> Sample | None:
    """Return a sample."""
    return session.scalar(select(Sample).where(Sample.id == sample_id))


def many(session: Session, ids: Iterable[int]) -> Sequence[Sample]:
    """Return samples by id, in the order of their ids."""
    return session.scalars(select(Sample).where(Sample.id.in_(list(ids))).order_by(Sample.id)).all()


def of_message(session: Session, message_id: str) -> Sample | None:
    """Return the sample of a message."""
    return session.scalar(select(Sample).where(Sample.message_id == message_id))


def waiting_texts(session: Session, but: int, limit: int) -> Sequence[tuple[int, str]]:
    """Return (id, text) of the newest waiting samples, without one of them."""
    query = select(Sample.id, Sample.text).where(Sample.state == SampleState.WAITING, Sample.id != but)
    return [(int(i), str(t)) for i, t in session.execute(query.order_by(Sample.id.desc()).limit(limit))]


def labelled(session: Session) -> Sequence[Sample]:
    """Return every labelled sample, the earliest label first."""
    query = select(Sample).where(Sample.state == SampleState.LABELLED)
    return session.scalars(query.order_by(Sample.labelled_at, Sample.id)).all()


def count_labelled(session: Session) -> int:
    """Count the labelled samples."""
    return count(session, Filter(state=SampleState.LABELLED))


def reasons(session: Session, sample_ids: Sequence[int]) -> dict[int, list[SampleReason]]:
    """Return why each sample is listed, the earliest reason first."""
    found: dict[int, list[SampleReason]] = {}
    query = select(SampleReason).where(SampleReason.sample_id.in_(sample_ids)).order_by(SampleReason.id)
    for row in session.scalars(query):
        found.setdefault(row.sample_id, []).append(row)
    return found


def known_sources(session: Session, sources: Sequence[str]) -> set[str]:
    """Return which of the sources have given a reason already."""
    return set(session.scalars(select(SampleReason.source).where(SampleReason.source.in_(sources))))


def mark(session: Session, name: str) -> GatherMark:
    """Return up to where something has been read."""
    found = session.get(GatherMark, name)
    if found is None:
        found = GatherMark(name=name, last_id=0)
        session.add(found)
    return found


def audit_after(session: Session, line_id: int, limit: int) -> Sequence[AuditLine]:
    """Return the audit lines of orders, of orders told apart and of conversations after a line, oldest first."""
    about = or_(
        (AuditLine.entity == "work_orders") & (AuditLine.action == "update"),
        (AuditLine.entity == "not_same_faults") & (AuditLine.action == "create"),
        (AuditLine.entity == "conversations") & (AuditLine.action == "update"),
    )
    query = select(AuditLine).where(AuditLine.id > line_id, about).order_by(AuditLine.id).limit(limit)
    return session.scalars(query).all()


def newest_audit_id(session: Session) -> int:
    """Return the id of the newest audit line, 0 when there is none."""
    return session.scalar(select(func.max(AuditLine.id))) or 0


def forget_skipped(session: Session, before: datetime) -> int:
    """Delete samples that nobody wanted, with their reasons. Returns how many."""
    old = session.scalars(
        select(Sample.id).where(Sample.state == SampleState.SKIPPED, Sample.labelled_at < before).limit(500)
    ).all()
    for row in session.scalars(select(SampleReason).where(SampleReason.sample_id.in_(old))):
        session.delete(row)
    for sample in many(session, old):
        session.delete(sample)
    return len(old)
