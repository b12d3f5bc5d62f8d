"""Start, pause, resume, stop and show clocks. The caller holds the row that they time; everything is system work."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from backend.domains.clocks import repository_timers as repository
from backend.domains.clocks.business import Calendar, add, between
from backend.domains.clocks.domain import (
    KIND_TITLES,
    WARNING,
    ClockView,
    Running,
    Start,
    moment_of,
    next_moment,
)
from backend.domains.clocks.models import Clock
from backend.domains.clocks.repository_timers import Subject
from backend.domains.clocks.service.calendar import calendar_of
from backend.kit import clock
from backend.kit.scope import system_scope


def running(row: Clock) -> Running:
    """Return a clock as the rules take it."""
    return Running(row.running_since, row.remaining_s, row.span_s, row.due_at, row.interval_s)


def calendar_for(session: Session, row: Clock | Start) -> Calendar | None:
    """Return in which time a clock runs; None is round the clock."""
    return None if row.round_the_clock else calendar_of(session, row.community_id)


def start(session: Session, subject: Subject, wanted: Iterable[Start]) -> None:
    """Start clocks of a row; one that has been started is left alone."""
    with system_scope(session):
        known = {(c.kind, c.round) for c in repository.of(session, subject)}
        for one in wanted:
            if (one.kind, one.round) in known:
                continue
            row = Clock(
                subject_type=subject.type,
                subject_id=subject.id,
                kind=one.kind,
                round=one.round,
                community_id=one.community_id,
            )
            _set(session, row, one)
            session.add(row)


def _set(session: Session, row: Clock, wanted: Start) -> None:
    calendar = calendar_for(session, wanted)
    due_at = wanted.due_at or add(calendar, wanted.started_at, timedelta(minutes=wanted.target_min))
    whole_s = max(_seconds(between(calendar, wanted.started_at, due_at)), 0)
    row.started_at = row.running_since = wanted.started_at
    row.due_at, row.remaining_s = due_at, whole_s
    row.span_s = whole_s if wanted.span_min is None else min(whole_s, wanted.span_min * 60)
    row.interval_s, row.round_the_clock = wanted.escalate_min * 60, wanted.round_the_clock
    row.level, row.paused_s, row.breached_at, row.escalated_to = 0, 0, None, None
    row.warn_at = moment_of(WARNING, running(row), calendar)
    row.next_step_at = next_moment(0, running(row), calendar)


def _seconds(length: timedelta) -> int:
    return round(length.total_seconds())


def restart(session: Session, subject: Subject, wanted: Start) -> None:
    """Give a clock that has not stopped another target, reckoned from ``wanted.started_at``; what it was paused stays."""
    now = clock.now()
    with system_scope(session):
        for row in repository.not_stopped(session, subject):
            if row.kind != wanted.kind:
                continue
            paused_at, paused_s = row.paused_at, row.paused_s
            _set(session, row, wanted)
            row.revision += 1
            if paused_s:
                _shift(session, row, paused_s)
            if paused_at is not None:
                _pause(session, row, min(paused_at, now), row.pause_reason)


def _shift(session: Session, row: Clock, paused_s: int) -> None:
    calendar = calendar_for(session, row)
    row.paused_s = paused_s
    row.due_at = add(calendar, row.due_at, timedelta(seconds=paused_s))
    row.remaining_s += paused_s
    row.warn_at = moment_of(WARNING, running(row), calendar)
    row.next_step_at = next_moment(row.level, running(row), calendar)


def pause(session: Session, subject: Subject, reason: str | None) -> None:
    """Stop the time of every running clock of a row until it is resumed."""
    with system_scope(session):
        for row in repository.not_stopped(session, subject):
            if row.paused_at is None:
                _pause(session, row, clock.now(), reason)


def _pause(session: Session, row: Clock, moment: datetime, reason: str | None) -> None:
    row.remaining_s = _seconds(between(calendar_for(session, row), moment, row.due_at))
    row.paused_at, row.pause_reason, row.next_step_at = moment, (reason or "")[:190] or None, None
    if row.due_at < moment:
        row.breached_at = row.breached_at or row.due_at


def resume(session: Session, subject: Subject) -> None:
    """Let the paused clocks of a row run again with what was left of them."""
    with system_scope(session):
        for row in repository.not_stopped(session, subject):
            if row.paused_at is not None:
                _resume(session, row, clock.now())


def _resume(session: Session, row: Clock, now: datetime) -> None:
    calendar = calendar_for(session, row)
    assert row.paused_at is not None
    now = max(now, row.paused_at)  # the clock of the machine may have been set back
    row.paused_s += _seconds(between(calendar, row.paused_at, now))
    row.paused_at, row.pause_reason, row.running_since = None, None, now
    if row.remaining_s > 0:
        row.due_at = add(calendar, now, timedelta(seconds=row.remaining_s))
        row.warn_at = moment_of(WARNING, running(row), calendar)
    row.next_step_at = next_moment(row.level, running(row), calendar, now)


def stop(session: Session, subject: Subject, kinds: Collection[str] | None = None) -> int:
    """Stop clocks of a row for good, all or those of some kinds. Returns how many."""
    with system_scope(session):
        return repository.stop(session, subject, kinds, clock.now())


def last_round(session: Session, subject: Subject) -> int:
    """Return the number of a row's latest round, 0 when it never had a clock."""
    with system_scope(session):
        return repository.last_round(session, subject)


def without(session: Session, subject_type: str, ids: Collection[int]) -> list[int]:
    """Return those of the rows that never had a clock, in the order in which they are given."""
    with system_scope(session):
        timed = repository.timed(session, subject_type, ids) if ids else set()
    return [one for one in ids if one not in timed]


def due_of(session: Session, subject: Subject, kind: str) -> datetime | None:
    """Return when the clock of a kind that has not stopped is due."""
    with system_scope(session):
        return next((c.due_at for c in repository.of(session, subject) if c.kind == kind and not c.stopped_at), None)


def views(session: Session, subject: Subject) -> list[ClockView]:
    """Return the clocks of a row as they stand now, whoever asks."""
    with system_scope(session):
        return [_view(session, row) for row in repository.of(session, subject)]


def _view(session: Session, row: Clock) -> ClockView:
    now = clock.now()
    stands = row.paused_at is not None
    until = row.stopped_at or now
    left = row.remaining_s if stands else _seconds(between(calendar_for(session, row), until, row.due_at))
    return ClockView(
        kind=row.kind,
        title=KIND_TITLES[row.kind],
        round=row.round,
        started_at=row.started_at,
        due_at=row.due_at,
        warn_at=row.warn_at,
        paused=stands and row.stopped_at is None,
        remaining_s=left,
        stopped_at=row.stopped_at,
        breached=row.breached_at is not None or (not stands and row.due_at < until),
        level=row.level,
        escalated_to=row.escalated_to,
    )
