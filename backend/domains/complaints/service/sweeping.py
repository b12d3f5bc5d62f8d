"""Deadlines of complaints: reminded of before, sent up when late, closed in silence. Each alarm rings once."""

import logging

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from backend.domains.complaints import repository
from backend.domains.complaints.domain import CLOSE, DUE_TITLES, LEVEL_TITLES, Alarm, Due, higher, next_alarm, ringing
from backend.domains.complaints.models import Complaint, ComplaintDeadline
from backend.domains.complaints.service import record
from backend.domains.complaints.service.moves import close_in_silence
from backend.domains.complaints.wording import LATE, REMINDER, SILENCE
from backend.kit import audit, clock, db
from backend.kit.scope import system_scope

log = logging.getLogger("guanjia.complaints")
AT_ONCE = 200


def sweep() -> int:
    """Ring every alarm that is due, each complaint in a transaction of its own. Returns how many rang."""
    rung, after = 0, 0
    while True:
        with db.transaction(read_only=True) as session, system_scope(session):
            page = repository.to_ring(session, clock.now(), after, AT_ONCE)
        if not page:
            return rung
        after = page[-1][0]
        rung += sum(_ring(deadline_id, complaint_id) for deadline_id, complaint_id in page)


def _ring(deadline_id: int, complaint_id: int) -> int:
    try:
        with db.transaction() as session, system_scope(session), audit.by_system(session):
            complaint = repository.touch(session, complaint_id)
            deadline = repository.deadline(session, deadline_id)
            due = Due(deadline.due)
            alarms = ringing(due, deadline.due_at, deadline.rung, clock.now())
            rung = deadline.rung
            while (at := next_alarm(due, deadline.due_at, rung)) is not None and at <= clock.now():
                rung += 1
            if not alarms or not repository.ring(session, deadline, rung, next_alarm(due, deadline.due_at, rung)):
                return 0
            for alarm in alarms:
                _sound(session, complaint, deadline, alarm)
            return len(alarms)
    except (StaleDataError, OperationalError):  # somebody moves the complaint just now; what is left rings next time
        log.info("complaint %s is being moved", complaint_id)
        return 0
    except Exception:  # one complaint that goes wrong must not silence the others
        log.exception("an alarm of complaint %s failed", complaint_id)
        return 0


def _sound(session: Session, complaint: Complaint, deadline: ComplaintDeadline, alarm: Alarm) -> None:
    due = Due(deadline.due)
    key = f"complaint:{complaint.id}:{deadline.round}:{due}:{alarm.name}:{alarm.level}"
    if alarm.name == CLOSE:
        if close_in_silence(session, complaint):
            record.tell(session, complaint, SILENCE, key)
        return
    what, by = DUE_TITLES[due], clock.in_words(deadline.due_at)
    if alarm.level is None:
        record.write(session, complaint, None, "reminder", f"快到期：{what}", None, internal=True)
        record.tell(session, complaint, REMINDER, key, due=what, due_at=by)
        return
    complaint.level = higher(complaint.level, alarm.level)
    title = f"超时：{what}，转{LEVEL_TITLES[alarm.level]}"
    record.write(session, complaint, None, "escalated", title, None, internal=True)
    record.tell(session, complaint, LATE, key, due=what, due_at=by)
    record.show_live(session, complaint)
