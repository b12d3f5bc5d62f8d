"""Who should get an order: every technician judged by what it adds to what they have to do already."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from backend.domains.dispatch.domain import (
    OFF_LIMITS,
    Candidate,
    Choice,
    Duty,
    Errand,
    Situation,
    Technician,
    tier,
)
from backend.domains.dispatch.planning import (
    HORIZON_S,
    WEIGHTS,
    Spot,
    Task,
    Worker,
    best_insertion,
    sequence,
)
from backend.domains.dispatch.service.roster import technicians
from backend.domains.dispatch.service.rules import rules
from backend.domains.estate import service as estate
from backend.kit import clock
from backend.kit.geo import distance_m
from backend.kit.scope import system_scope

WISHED_LATE = timedelta(minutes=30)
"""Who wished for three o'clock does not mind half past three."""
DUE_ANYWAY = timedelta(hours=24)
REMAINS_S = 300
"""Work that takes longer than usual is thought to be done in five minutes."""


@dataclass(frozen=True, slots=True)
class LastJob:
    """Where a technician worked last."""

    building: str | None
    place: str | None


def situation(
    session: Session,
    community_id: int,
    errands: Sequence[Errand],
    load: Mapping[int, int],
    last_jobs: Mapping[int, LastJob],
) -> Situation:
    """Return an estate as it is now: ``errands`` are the orders that somebody holds or that wait."""
    with system_scope(session):
        points = estate.positions(session, community_id)
        last_at = {p: points.of(job.building, job.place) for p, job in last_jobs.items()}
        known = {p: point for p, point in last_at.items() if point is not None}
        return Situation(
            community_id=community_id,
            moment=clock.now(),
            technicians=technicians(session, community_id, load, known),
            errands=tuple(errands),
            rules=rules(session, community_id),
            points=points,
        )


def _seconds(now: datetime, then: datetime) -> int:
    return round((then - now).total_seconds())


def spot_of(here: Situation, errand: Errand) -> Spot:
    """Return where an order is."""
    floor = errand.floor or "1"
    storey = -int(floor[1:]) if floor.startswith("B") else int(floor)
    return Spot(here.points.of(errand.building, errand.place), storey)


def task_of(here: Situation, errand: Errand, fits: frozenset[int]) -> Task:
    """Return an order as the planner knows it."""
    due_at = errand.due_at or here.moment + DUE_ANYWAY
    if errand.wished_at is not None:
        due_at = max(due_at, errand.wished_at + WISHED_LATE)
    return Task(
        id=errand.order_id,
        spot=spot_of(here, errand),
        urgency=errand.urgency,
        service_s=here.rules[errand.category].service_minutes * 60,
        due_s=_seconds(here.moment, due_at),
        fits=fits,
        ready_s=max(0, _seconds(here.moment, errand.wished_at)) if errand.wished_at else 0,
        holder=errand.holder_id,
    )


def worker_of(here: Situation, who: Technician) -> Worker:
    """Return a technician as the planner knows them: free when what they are doing right now is done."""
    spans = who.roster.windows(here.moment)
    windows = tuple((_seconds(here.moment, s.start), min(_seconds(here.moment, s.end), HORIZON_S)) for s in spans)
    spot, free_s = Spot(who.point), 0
    for errand in here.errands:
        if errand.holder_id == who.person_id and errand.started_at is not None:
            usual_s = here.rules[errand.category].service_minutes * 60
            remains_s = max(REMAINS_S, usual_s - _seconds(errand.started_at, here.moment))
            spot, free_s = spot_of(here, errand), max(free_s, remains_s)
    return Worker(who.person_id, spot, windows, free_s, on_call=who.duty in (Duty.ON, Duty.ON_CALL))


def rank(here: Situation, errand: Errand, anybody: bool = False) -> list[Candidate]:
    """Return every technician of the estate for an order, the best first."""
    return sorted((_judged(here, errand, who, anybody) for who in here.technicians), key=lambda c: c.rank)


def _judged(here: Situation, errand: Errand, who: Technician, anybody: bool) -> Candidate:
    mine = frozenset({who.person_id})
    worker = worker_of(here, who)
    held = [
        task_of(here, e, mine)
        for e in here.errands
        if e.holder_id == who.person_id and e.started_at is None and e.order_id != errand.order_id
    ]
    found = best_insertion(worker, sequence(worker, held), task_of(here, errand, mine))
    there = spot_of(here, errand).point
    way_m = distance_m(worker.spot.point, there) if worker.spot.point and there else None
    return Candidate(
        technician=who,
        fits=errand.category in who.skills,
        refused=who.person_id in errand.refused,
        tier=tier(who.duty, errand.urgency, anybody),
        cost=found.cost,
        arrives_s=found.arrives_s,
        distance_m=round(way_m) if way_m is not None else None,
    )


def choose(here: Situation, errand: Errand, anybody: bool = False, also_refused: bool = False) -> Choice | None:
    """Return who should get an order, None when nobody fits. Who gave it back gets it only when ``also_refused`` and
    nobody else is there; ``anybody`` also asks those who do not work now."""
    fitting = [c for c in rank(here, errand, anybody) if c.fits and c.tier < OFF_LIMITS]
    willing = [c for c in fitting if not c.refused]
    left = willing or (fitting if also_refused else [])
    if not left:
        return None
    first = [c for c in left if c.tier == min(c.tier for c in left)]
    return Choice(first[0], tuple(first))


SCORE_SCALE_S = 600


def scores(ranked: Sequence[Candidate], errand: Errand) -> list[int]:
    """Return 100 for the best, less for those with whom it costs more, 0 for those who cannot be sent."""
    able = [c.cost for c in ranked if c.fits and c.tier < OFF_LIMITS]
    scale = WEIGHTS[errand.urgency] * SCORE_SCALE_S
    best = min(able, default=0)
    return [
        round(100 * scale / (scale + c.cost - best) / (2 if c.refused else 1)) if c.fits and c.tier < OFF_LIMITS else 0
        for c in ranked
    ]
