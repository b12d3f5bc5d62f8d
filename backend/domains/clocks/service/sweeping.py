"""The sweep: clocks whose step is due reach it, once, in the transaction in which it is told.

Many workers may sweep at once and die at any moment. A batch first takes the rows that are timed, as everybody does who
changes them, then their clocks; what somebody else holds is left for the next sweep. Each clock moves on only from the
level and moment at which it was seen, and what is told goes with that or not at all.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from backend.domains.clocks import repository_timers as repository
from backend.domains.clocks.business import Calendar
from backend.domains.clocks.domain import BREACH, Kind, Reached, level_at, next_moment
from backend.domains.clocks.models import Clock
from backend.domains.clocks.repository_timers import Candidate
from backend.domains.clocks.service.calendar import calendars
from backend.domains.clocks.service.timers import running
from backend.kit import clock, db
from backend.kit.scope import system_scope

BATCH = 500

Handler = Callable[[Session, Sequence[Reached]], Mapping[str, Sequence[int]]]
"""Tells of steps; returns the clocks that were escalated, by role."""
Lock = Callable[[Session, Sequence[int]], set[int]]
"""Locks rows that are timed; returns those that nobody else has in hand."""


@dataclass(frozen=True, slots=True)
class _Subjects:
    handle: Handler
    lock: Lock


_subjects: dict[str, _Subjects] = {}


def on_step(subject_type: str, handle: Handler, lock: Lock) -> None:
    """Have steps of the clocks of this type of row told by ``handle``, in the sweep's transaction."""
    _subjects[subject_type] = _Subjects(handle, lock)


class ClaimLost(RuntimeError):
    """A clock moved although it was locked; the batch is undone and the next sweep looks again."""


def sweep(batch: int = BATCH) -> int:
    """Let every clock whose step is due reach it. Returns how many steps were made."""
    now, after, made = clock.now(), None, 0
    while True:
        with db.transaction() as session, system_scope(session):
            found = repository.due(session, now, list(_subjects), after, batch)
            made += _make(session, found, now) if found else 0
        if len(found) < batch:
            return made
        after = found[-1]


def _make(session: Session, found: Sequence[Candidate], now: datetime) -> int:
    ours: set[int] = set()
    for subject_type, subjects in _subjects.items():
        of_type = [c for c in found if c.subject.type == subject_type]
        locked = subjects.lock(session, sorted({c.subject.id for c in of_type})) if of_type else set()
        ours |= {c.id for c in of_type if c.subject.id in locked}
    rows = repository.lock_due(session, sorted(ours), now) if ours else []
    if not rows:
        return 0
    times = calendars(session, sorted({r.community_id for r in rows}))
    moves = [_step(row, None if row.round_the_clock else times[row.community_id], now) for row in rows]
    if repository.claim(session, moves) != len(moves):
        raise ClaimLost()
    told: dict[str, list[int]] = {}
    for subject_type, subjects in _subjects.items():
        reached = [
            _reached(row, move["to_level"])
            for row, move in zip(rows, moves, strict=True)
            if row.subject_type == subject_type
        ]
        for role, ids in (subjects.handle(session, reached) if reached else {}).items():
            told.setdefault(role, []).extend(ids)
    repository.escalated(session, told)
    return len(rows)


def _step(row: Clock, calendar: Calendar | None, now: datetime) -> dict[str, Any]:
    level = level_at(row.level, running(row), calendar, now)
    return {
        "clock": row.id,
        "seen_level": row.level,
        "seen_at": row.next_step_at,
        "to_level": level,
        "to_at": next_moment(level, running(row), calendar, now),
        "over_at": row.due_at if level >= BREACH else row.breached_at,
    }


def _reached(row: Clock, level: int) -> Reached:
    key = f"clock:{row.id}:{row.revision}:{level}"
    return Reached(row.id, row.subject_id, Kind(row.kind), level, row.due_at, key)
