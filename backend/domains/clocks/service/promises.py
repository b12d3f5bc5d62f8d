"""What people were promised: the interval, whether it was kept, and what they hear when it hardly will be."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select
from sqlalchemy.orm import Session

from backend.domains.clocks import learning, repository
from backend.domains.clocks.domain import slot
from backend.domains.clocks.learning import Arrival, Interval, Quantiles
from backend.domains.clocks.models import Promise
from backend.domains.clocks.repository_timers import Subject
from backend.domains.clocks.service.calendar import calendar_of, calendars
from backend.kit import clock
from backend.kit.scope import system_scope


def learned(session: Session, community_ids: Sequence[int]) -> dict[str, Quantiles]:
    """Return what was learned of these estates and of all together, by slot. System work."""
    rows = repository.statistics(session, community_ids)
    return {r.slot: Quantiles(r.p10_min, r.p50_min, r.p90_min, r.n) for r in rows}


def interval(
    session: Session, community_id: int, category: str, urgency: str, reported_at: datetime, due_at: datetime
) -> Interval:
    """Return when somebody will be there, from past arrivals; without enough of them, by the target ``due_at``."""
    with system_scope(session):
        known = learned(session, [community_id])
    day = learning.day_class(calendar_of(session, community_id), reported_at)
    return learning.promise(
        reported_at, due_at, learning.closest(known, learning.groups_of(community_id, category, urgency, day))
    )


def learn(session: Session, arrivals: Sequence[Arrival]) -> int:
    """Put what these arrivals teach in place of what was known. Returns how many groups. System work."""
    times = calendars(session, sorted({a.community_id for a in arrivals}))
    now = clock.now()
    rows = [
        {
            "slot": slot(*group),
            **dict(zip(("community_id", "category", "urgency", "day_class"), group, strict=True)),
            "p10_min": q.p10,
            "p50_min": q.p50,
            "p90_min": q.p90,
            "n": q.n,
            "learned_at": now,
        }
        for group, q in learning.learn(arrivals, times).items()
    ]
    repository.put_statistics(session, rows)
    return len(rows)


def promise(session: Session, subject: Subject, community_id: int, category: str, told: Interval) -> None:
    """Keep what was promised first; a later promise about the same row changes nothing."""
    with system_scope(session):
        if repository.promise_of(session, subject.type, subject.id) is not None:
            return
        session.add(
            Promise(
                subject_type=subject.type,
                subject_id=subject.id,
                community_id=community_id,
                category=category,
                made_at=clock.now(),
                since=told.start,
                until=told.end,
            )
        )


def promise_anew(session: Session, subject: Subject, told: Interval) -> None:
    """Another promise in place of the first, because the person who waits wished it."""
    with system_scope(session):
        row = repository.promise_of(session, subject.type, subject.id)
        if row is not None and row.kept_at is None:
            row.since, row.until = told.start, told.end
            row.told_at = row.expected_from = row.expected_until = None


def promise_kept(session: Session, subject: Subject) -> None:
    """Note that somebody is there, the first time."""
    _mark(session, subject, "kept_at")


def promise_void(session: Session, subject: Subject) -> None:
    """Note that nobody needs to come any more."""
    _mark(session, subject, "void_at")


def promise_again(session: Session, subject: Subject) -> None:
    """Note that somebody needs to come after all: what was promised counts again."""
    with system_scope(session):
        row = repository.promise_of(session, subject.type, subject.id)
        if row is not None:
            row.void_at = None


def promise_paused(session: Session, subject: Subject) -> None:
    """Note that the one who waits, or what is missing, keeps people from coming."""
    _mark(session, subject, "paused_at")


def promise_resumed(session: Session, subject: Subject, until: datetime | None) -> None:
    """Give a promise that had not been missed by the pause the time that the pause took."""
    with system_scope(session):
        row = repository.promise_of(session, subject.type, subject.id)
        if row is None or row.paused_at is None:
            return
        if until is not None and row.until >= row.paused_at:
            row.until = max(row.until, until)
        row.paused_at = None


def _mark(session: Session, subject: Subject, name: str) -> None:
    with system_scope(session):
        row = repository.promise_of(session, subject.type, subject.id)
        if row is not None and getattr(row, name) is None:
            setattr(row, name, clock.now())


def expect_later(session: Session, subject_type: str, rows: Sequence["Late"]) -> dict[int, Interval]:
    """Return what to tell now those whose promise will hardly be kept, each once. System work."""
    known = learned(session, sorted({r.community_id for r in rows}))
    times = calendars(session, sorted({r.community_id for r in rows}))
    by_id = {r.subject_id: r for r in rows}
    found: dict[int, Interval] = {}
    now = clock.now()
    for row in repository.untold(session, subject_type, list(by_id)):
        late = by_id[row.subject_id]
        day = learning.day_class(times[late.community_id], row.made_at)
        groups = learning.groups_of(late.community_id, late.category, late.urgency, day)
        end = max(late.due_at, now)
        told = learning.later(end, max(row.until - row.made_at, timedelta()), learning.closest(known, groups))
        if repository.tell_later(session, row.id, now, told.start, told.end):
            found[row.subject_id] = told
    return found


@dataclass(frozen=True, slots=True)
class Late:
    """A row whose promise will hardly be kept, and when its clock is due."""

    subject_id: int
    community_id: int
    category: str
    urgency: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Kept:
    """How many promises were kept; ``rate`` is a share, None without any."""

    kept: int
    missed: int
    rate: float | None
    by_category: list["KeptOf"]


@dataclass(frozen=True, slots=True)
class KeptOf:
    """The same of one category."""

    category: str
    kept: int
    missed: int
    rate: float | None


def kept(session: Session, community_id: int | None, days: int) -> Kept:
    """Count how promises of the last days were kept, in the estates that the session's person may see."""
    now = clock.now()
    counted = repository.promises_kept(session, community_id, now - timedelta(days=days), now)
    rows = [KeptOf(c.category, c.kept, c.missed, _rate(c.kept, c.missed)) for c in counted if c.kept + c.missed]
    total = (sum(r.kept for r in rows), sum(r.missed for r in rows))
    return Kept(*total, _rate(*total), rows)


def missed(subject_type: str, days: int) -> Select[int]:
    """Return the query of the rows whose promises ``kept`` counts as missed, for a condition on those rows."""
    now = clock.now()
    return repository.promises_missed(subject_type, now - timedelta(days=days), now)


def _rate(kept: int, missed: int) -> float | None:
    return round(kept / (kept + missed), 4) if kept + missed else None


@dataclass(frozen=True, slots=True)
class PromiseView:
    """What somebody was promised first, and what they were told when it would hardly be kept."""

    since: datetime | None
    until: datetime
    kept_at: datetime | None
    told_at: datetime | None
    expected_from: datetime | None
    expected_until: datetime | None


def promise_view(session: Session, subject: Subject) -> PromiseView | None:
    """Return the promise about a row, whoever asks."""
    with system_scope(session):
        row = repository.promise_of(session, subject.type, subject.id)
    if row is None:
        return None
    return PromiseView(row.since, row.until, row.kept_at, row.told_at, row.expected_from, row.expected_until)
