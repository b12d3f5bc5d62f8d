"""Work that was finished waits for a word: reminded of, accepted by the system when none comes, closed later.

Each finished round has a row with the moment of its next step. The worker looks for what is due; a step is taken in a
transaction of its own, with the order's row locked first (as in every move) and then by a conditional UPDATE, so that
two workers take it once and a worker that dies takes it later.
"""

import logging
from datetime import timedelta

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from backend.domains.callbacks import service as callbacks
from backend.domains.workorders import repository, repository_acceptance
from backend.domains.workorders.domain import MOVES, SYSTEM, Status
from backend.domains.workorders.models import WorkOrder, WorkOrderEvent
from backend.domains.workorders.models_acceptance import Acceptance, EstateAcceptanceTerms
from backend.domains.workorders.service import record, warranty
from backend.domains.workorders.terms import (
    DEFAULT_TERMS,
    UNJUDGED,
    AcceptanceTerms,
    Stage,
    Timetable,
    timetable,
)
from backend.domains.workorders.wording_acceptance import (
    ACCEPTED_BY_SYSTEM,
    ACCEPTED_NOTE,
    CLOSED_NOTE,
    LAST_CALL,
    NOBODY_WAITS,
    REMIND,
    REMIND_DESK,
)
from backend.kit import audit, clock, db
from backend.kit.scope import system_scope
from backend.kit.statemachine import find_move

log = logging.getLogger("guanjia.workorders")
AT_ONCE = 200


def terms_of(session: Session, community_id: int) -> AcceptanceTerms:
    """Return an estate's hours."""
    with system_scope(session):
        own = repository_acceptance.terms(session, community_id)
    if own is None:
        return DEFAULT_TERMS
    return AcceptanceTerms(own.accept_after_h, own.remind_after_h, own.last_call_h, own.close_after_h)


def set_terms(session: Session, community_id: int, wanted: AcceptanceTerms) -> None:
    """Give an estate hours of its own, for work that is finished from now on."""
    own = repository_acceptance.terms(session, community_id) or EstateAcceptanceTerms(community_id=community_id)
    own.accept_after_h, own.remind_after_h = wanted.accept_after_h, wanted.remind_after_h
    own.last_call_h, own.close_after_h = wanted.last_call_h, wanted.close_after_h
    session.add(own)
    session.flush()


@record.after_move
def keep_time(session: Session, order: WorkOrder, line: WorkOrderEvent) -> None:
    """Start a round when work is finished; go on with it when it is judged."""
    with system_scope(session):
        if line.to_status == Status.FINISHED:
            _begin(session, order, line)
        elif line.from_status in (Status.FINISHED, Status.ACCEPTED_BY_OWNER):
            _judged(session, order, line)
        if line.to_status == Status.CLOSED:
            _sample(session, order, line)


def _begin(session: Session, order: WorkOrder, line: WorkOrderEvent) -> None:
    moments = timetable(line.at, terms_of(session, order.community_id))
    session.add(
        Acceptance(
            community_id=order.community_id,
            work_order_id=order.id,
            round=repository_acceptance.finished_times(session, order.id),
            finished_at=line.at,
            remind_at=moments.remind_at,
            last_call_at=moments.last_call_at,
            accept_at=moments.accept_at,
            stage=Stage.WAITING,
            next_at=moments.remind_at,
        )
    )
    session.flush()
    if order.reporter_id is None and not _judges(session, order):
        record.tell(session, order, NOBODY_WAITS, f"order:{order.id}:{line.id}:desk", line.text)


def _judged(session: Session, order: WorkOrder, line: WorkOrderEvent) -> None:
    timer = repository_acceptance.latest(session, order.id)
    if timer is None or timer.stage == Stage.OVER:
        return
    if line.to_status == Status.ACCEPTED_BY_OWNER:
        after = timedelta(hours=terms_of(session, order.community_id).close_after_h)
        timer.stage, timer.accepted_at, timer.by_system = Stage.ACCEPTED, line.at, line.actor_id is None
        timer.close_at = timer.next_at = line.at + after
    else:
        timer.stage, timer.next_at, timer.done_at = Stage.OVER, None, line.at
    session.flush()


def _sample(session: Session, order: WorkOrder, line: WorkOrderEvent) -> None:
    if order.reporter_id is None or order.reporter_id == order.technician_id:
        return
    words = f"完工回访：{order.fault}"
    key = f"closed:{order.id}:{repository_acceptance.finished_times(session, order.id)}"
    new = callbacks.NewCallback(
        order.community_id, "work_order", order.id, order.number, order.reporter_id, "sample", words, key
    )
    callbacks.open_sample(session, new)


def _judges(session: Session, order: WorkOrder) -> list[int]:
    """Return who may judge the work besides the desk."""
    return [i for i in record.reporters(session, order) if i != order.technician_id]


def sweep() -> int:
    """Take every step that is due. Returns how many were taken here."""
    taken, after = 0, 0
    while True:
        with db.transaction(read_only=True) as session, system_scope(session):
            page = repository_acceptance.due(session, clock.now(), after, AT_ONCE)
        if not page:
            return taken
        after = page[-1][0]
        taken += sum(_step(timer_id, order_id) for timer_id, order_id in page)


def _step(timer_id: int, order_id: int) -> bool:
    try:
        with db.transaction() as session, system_scope(session), audit.by_system(session):
            repository.touch(session, order_id)
            timer = repository_acceptance.latest(session, order_id)
            if timer is None or timer.id != timer_id or timer.next_at is None or timer.next_at > clock.now():
                return False
            return _take(session, repository_acceptance.order_now(session, order_id), timer)
    except (StaleDataError, OperationalError):  # somebody moves the order just now; what is left is due again next time
        log.info("order %s is being moved", order_id)
        return False
    except Exception:  # one order that cannot be judged must not stop the others
        log.exception("order %s could not be judged by the system", order_id)
        return False


def _take(session: Session, order: WorkOrder, timer: Acceptance) -> bool:
    if timer.stage not in UNJUDGED:
        return repository_acceptance.step(session, timer, stage=Stage.OVER, next_at=None) and _close(session, order)
    moments = Timetable(timer.remind_at, timer.last_call_at, timer.accept_at)
    stage = moments.due(timer.stage, clock.now())
    if stage is None or not repository_acceptance.step(session, timer, stage=stage, next_at=moments.after(stage)):
        return False
    if stage is Stage.ACCEPTED:
        _accept(session, order)
    else:
        _remind(session, order, stage, moments)
    return True


def _remind(session: Session, order: WorkOrder, stage: Stage, moments: Timetable) -> None:
    until, skip = clock.in_words(moments.accept_at), [order.technician_id] if order.technician_id else []
    tells = REMIND_DESK if not _judges(session, order) else REMIND if stage is Stage.REMINDED else LAST_CALL
    round_ = repository_acceptance.finished_times(session, order.id)
    record.tell(session, order, tells, f"acceptance:{order.id}:{round_}:{stage}", until, skip)


def _accept(session: Session, order: WorkOrder) -> None:
    hours = terms_of(session, order.community_id).accept_after_h
    line = _move(session, order, Status.ACCEPTED_BY_OWNER, "系统验收", ACCEPTED_NOTE.format(hours=hours))
    until = clock.in_words(warranty.ends(session, order))
    record.tell(session, order, ACCEPTED_BY_SYSTEM, f"order:{order.id}:{line.id}", until)


def _close(session: Session, order: WorkOrder) -> bool:
    _move(session, order, Status.CLOSED, "结单", CLOSED_NOTE)
    return True


def _move(session: Session, order: WorkOrder, to: Status, title: str, note: str) -> WorkOrderEvent:
    legal = find_move(MOVES, Status(order.status), to)
    if legal is None or SYSTEM not in legal.actors:
        raise RuntimeError(f"the system cannot move {order.number} from {order.status} to {to}")
    line = record.write(session, order, None, "transition", title, note, record.moved(order, to))
    record.show_live(session, order)
    return line
