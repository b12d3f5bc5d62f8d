"""Work that waits: for what, until when, and the reminder when the day has come."""

from datetime import datetime

from sqlalchemy.orm import Session

from backend.domains.workorders import repository_work
from backend.domains.workorders.domain import Step
from backend.domains.workorders.models import WorkOrder
from backend.domains.workorders.service import record
from backend.domains.workorders.suspension import REASON_KINDS, kind_of
from backend.domains.workorders.wording_work import RESUME_DUE
from backend.kit import clock, db, time_words
from backend.kit.auth import Principal
from backend.kit.scope import system_scope

AT_ONCE = 100


def suspend(session: Session, order: WorkOrder, step: Step, who: Principal) -> None:
    """Keep why and until when; what was not chosen is taken from the words: 「等配件，周五到」."""
    order.suspended_kind = step.reason_kind or kind_of(step.note)
    order.suspended_until = step.until or _said_until(step.note)
    order.resume_told_at = None
    _write(session, order, step, who)


def _said_until(note: str | None) -> datetime | None:
    now = clock.now()
    said = time_words.find(note, now) if note else None
    return said.start if said and said.start and said.start > now else None


def suspended_again(session: Session, order: WorkOrder, step: Step, who: Principal) -> None:
    """Who suspends what they have suspended may say another reason or day."""
    kind, until = step.reason_kind or order.suspended_kind, step.until or order.suspended_until
    if (kind, until) == (order.suspended_kind, order.suspended_until):
        return
    order.suspended_kind, order.suspended_until, order.resume_told_at = kind, until, None
    _write(session, order, step, who)


def _write(session: Session, order: WorkOrder, step: Step, who: Principal) -> None:
    if step.reason_kind or order.suspended_until:
        title = REASON_KINDS[order.suspended_kind or "other"]
        record.write(session, order, who, "note", f"挂起：{title}", expected(order.suspended_until))


def expected(until: datetime | None) -> str | None:
    """Return when it goes on, in words."""
    return f"预计 {clock.in_words(until)} 继续" if until else None


def remind_due() -> int:
    """Remind the holders of suspended orders whose day has come, each once. Returns how many."""
    moment, told = clock.now(), 0
    with db.transaction() as session, system_scope(session):
        for order in repository_work.to_resume(session, moment, AT_ONCE):
            if repository_work.take_reminder(session, order, moment):
                record.tell(session, order, [RESUME_DUE], f"order:{order.id}:resume:{order.suspended_until:%y%m%d%H%M}")
                told += 1
    return told
