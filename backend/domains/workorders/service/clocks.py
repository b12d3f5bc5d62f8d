"""The clocks of an order: which move starts, pauses and stops them, and what a correction makes of them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from backend.domains.clocks import service as clocks
from backend.domains.clocks.service import ClockView, Interval, Kind, Start, Subject
from backend.domains.workorders import repository
from backend.domains.workorders.domain import ACTIVE, SUBJECT, Status
from backend.domains.workorders.models import WorkOrder, WorkOrderEvent
from backend.domains.workorders.service import record
from backend.domains.workorders.service.promising import is_appointment, promise
from backend.domains.workorders.suspension import REASON_KINDS, pauses_clocks
from backend.kit import audit, clock

APPOINTMENT_SPAN_MIN = 120
"""Reminders of an appointment come in the last two hours before it."""

STOPS: dict[Status, frozenset[Kind]] = {
    Status.ACCEPTED: frozenset({Kind.RESPONSE}),
    Status.ON_SITE: frozenset({Kind.RESPONSE, Kind.ARRIVAL}),
    **{
        status: frozenset(Kind)
        for status in (Status.FINISHED, Status.ACCEPTED_BY_OWNER, Status.CLOSED, Status.CANCELLED, Status.MERGED)
    },
}
"""Which clocks a state stops."""
VOID = frozenset({Status.CANCELLED, Status.MERGED})


def subject(order: WorkOrder) -> Subject:
    """Return an order as clocks know it."""
    return Subject(SUBJECT, order.id)


@record.after_move
def keep_time(session: Session, order: WorkOrder, line: WorkOrderEvent) -> None:
    """Start, pause, resume and stop the order's clocks as it moves."""
    to = Status(str(line.to_status))
    with audit.by_system(session):
        if line.from_status == Status.SUSPENDED:
            _go_on(session, order)
        if line.from_status == Status.MERGED:
            _start_separated(session, order)
        elif to is Status.REPORTED:
            _start(session, order, order.created_at, 1)
            told = Interval(order.promised_from, order.promised_at or order.created_at)
            clocks.promise(session, subject(order), order.community_id, order.category, told)
        elif to is Status.REOPENED:
            _start_again(session, order, line.at)
        if to is Status.SUSPENDED and pauses_clocks(order.suspended_kind):
            clocks.pause(session, subject(order), line.text)
            clocks.promise_paused(session, subject(order))
        if to in STOPS:
            clocks.stop(session, subject(order), STOPS[to])
        if to in VOID:
            clocks.promise_void(session, subject(order))
        elif Kind.ARRIVAL in STOPS.get(to, ()):
            clocks.promise_kept(session, subject(order))


def _starts(session: Session, order: WorkOrder, since: datetime, number: int) -> Iterator[Start]:
    """Yield the clocks of an order. That of arrival is due as was promised, that of the work after an appointment."""
    target = clocks.target_for(session, order.community_id, order.category, order.urgency, order.scope)
    appointed = is_appointment(order) and order.promised_at is not None and order.promised_at > since
    for kind in Kind:
        due_at = order.promised_at if kind is Kind.ARRIVAL else None
        if kind is Kind.RESOLUTION and appointed and order.promised_at is not None:
            calendar = None if target.round_the_clock else clocks.calendar_of(session, order.community_id)
            work = timedelta(minutes=target.resolution_min - target.arrival_min)
            by_target = clocks.add(calendar, since, timedelta(minutes=target.resolution_min))
            due_at = max(by_target, clocks.add(calendar, order.promised_at, work))
        yield Start(
            kind=kind,
            community_id=order.community_id,
            started_at=since,
            target_min=target.minutes(kind),
            round_the_clock=target.round_the_clock,
            escalate_min=target.escalate_min,
            round=number,
            due_at=due_at,
            span_min=APPOINTMENT_SPAN_MIN if appointed and kind is Kind.ARRIVAL else None,
        )


def _start(session: Session, order: WorkOrder, since: datetime, number: int) -> None:
    clocks.start(session, subject(order), _starts(session, order, since, number))


def _start_again(session: Session, order: WorkOrder, since: datetime) -> None:
    """Another round: somebody is promised anew; the time wished for was that of the first visit."""
    clocks.stop(session, subject(order))
    order.preferred_time = None
    told = promise(session, order.community_id, order, since)
    order.promised_from, order.promised_at = told.start, told.end
    _start(session, order, since, clocks.last_round(session, subject(order)) + 1)


def _go_on(session: Session, order: WorkOrder) -> None:
    clocks.resume(session, subject(order))
    due_at = clocks.due_of(session, subject(order), Kind.ARRIVAL)
    clocks.promise_resumed(session, subject(order), due_at)
    _follow_clock(order, due_at)


def _follow_clock(order: WorkOrder, due_at: datetime | None) -> None:
    if due_at is not None and due_at != order.promised_at:
        order.promised_from, order.promised_at = None, due_at


def recompute(session: Session, order: WorkOrder, more_urgent_since: datetime | None = None) -> None:
    """Reckon the clocks of an order anew after it became another kind of order: from its report, or, when others have
    found it more urgent, from then on and never later than before."""
    if clocks.due_of(session, subject(order), Kind.ARRIVAL) is None:
        told = None  # somebody has been there
    else:
        since = more_urgent_since or _since(session, order)
        told = promise(session, order.community_id, order, since)
        if more_urgent_since is None or order.promised_at is None or told.end < order.promised_at:
            order.promised_from, order.promised_at = told.start, told.end
    for wanted in _starts(session, order, more_urgent_since or _since(session, order), 1):
        clocks.restart(session, subject(order), wanted)
    if told is not None:
        _follow_clock(order, clocks.due_of(session, subject(order), Kind.ARRIVAL))


def _since(session: Session, order: WorkOrder) -> datetime:
    """Return when the order's present round began."""
    return max((view.started_at for view in clocks.views(session, subject(order))), default=order.created_at)


def begin_again(session: Session, order: WorkOrder, promised_at: datetime | None) -> None:
    """Reckon the clocks of an order as when its round began, after what made it more urgent is gone. Where somebody has
    been there, ``promised_at`` is what they were to keep to."""
    since = _round_began(session, order)
    told = promise(session, order.community_id, order, since)
    been_there = clocks.due_of(session, subject(order), Kind.ARRIVAL) is None
    if been_there and promised_at is not None and promised_at != told.end:
        told = Interval(None, promised_at)
    order.promised_from, order.promised_at = told.start, told.end
    for wanted in _starts(session, order, since, 1):
        clocks.restart(session, subject(order), wanted)
    _follow_clock(order, clocks.due_of(session, subject(order), Kind.ARRIVAL))


def _round_began(session: Session, order: WorkOrder) -> datetime:
    """Return when the order's present round began by its history; one from before promises were kept is timed from now."""
    again = repository.last_beginning(session, order.id)
    if again is not None:
        return again.at
    return order.created_at if promise_of(session, order) is not None else clock.now()


def appointed(session: Session, order: WorkOrder) -> None:
    """The owner wishes another time: where nothing is urgent it is what they are promised."""
    if not is_appointment(order):
        return
    now = clock.now()
    told = promise(session, order.community_id, order, now)
    order.promised_from, order.promised_at = told.start, told.end
    clocks.promise_anew(session, subject(order), told)
    for wanted in _starts(session, order, now, 1):
        if wanted.kind is not Kind.RESPONSE:
            clocks.restart(session, subject(order), wanted)


def give_missing(session: Session, order: WorkOrder) -> bool:
    """Give an order that never had clocks those of its state. Tells whether it got any.

    They run from now on: nobody is escalated to for hours in which nothing was timed. A promise that still holds is kept.
    """
    if order.status not in ACTIVE or clocks.last_round(session, subject(order)):
        return False
    with audit.by_system(session):
        _start_from_now(session, order, 1, frozenset(Kind) - STOPS.get(Status(order.status), frozenset()))
    return True


def _start_separated(session: Session, order: WorkOrder) -> None:
    """Time an order again whose merge was taken back: what the merge stopped runs from now on."""
    clocks.promise_again(session, subject(order))
    number = clocks.last_round(session, subject(order))
    stopped = {v.kind: v.stopped_at for v in clocks_of(session, order) if v.round == number and v.stopped_at}
    last = frozenset(kind for kind, at in stopped.items() if at == max(stopped.values()))
    _start_from_now(session, order, number + 1, last)


def _start_from_now(session: Session, order: WorkOrder, number: int, kinds: frozenset[str]) -> None:
    """Start clocks of an order by itself; what was promised is kept to where it can be."""
    now = clock.now()
    still = [w for w in _starts(session, order, now, number) if w.kind in kinds]
    for place, wanted in enumerate(still):
        if wanted.due_at is not None and wanted.due_at <= now:
            still[place] = replace(wanted, due_at=None)
    clocks.start(session, subject(order), still)
    if order.status == Status.SUSPENDED and pauses_clocks(order.suspended_kind):
        clocks.pause(session, subject(order), REASON_KINDS.get(order.suspended_kind or ""))


def clocks_of(session: Session, order: WorkOrder) -> list[ClockView]:
    """Return the clocks of an order that is at hand."""
    return clocks.views(session, subject(order))


def promise_of(session: Session, order: WorkOrder) -> clocks.PromiseView | None:
    """Return what was promised about an order that is at hand, None for one from before promises were kept."""
    return clocks.promise_view(session, subject(order))
