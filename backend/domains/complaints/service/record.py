"""What goes with every change of a complaint: its line of history, the notices, the live update, its deadlines."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from backend.domains.complaints import repository
from backend.domains.complaints.domain import LEVEL_ROLES, LEVEL_TITLES, LEVELS, Due, Level, Status, Terms, next_alarm
from backend.domains.complaints.models import Complaint, ComplaintDeadline, ComplaintEvent
from backend.domains.complaints.wording import BECAUSE_OF, COMPLAINANT, HANDLER, Tell, tap
from backend.domains.identity import service as identity
from backend.domains.notices import service as notices
from backend.domains.workorders import service as workorders
from backend.kit import clock, live
from backend.kit.auth import Principal, Role
from backend.kit.scope import system_scope

SHORT = 60
DESK_ROLES = (Role.CUSTOMER_SERVICE, Role.MANAGER, Role.REGIONAL, Role.ADMINISTRATOR)


def write(
    session: Session,
    complaint: Complaint,
    who: Principal | None,
    kind: str,
    title: str,
    text: str | None = None,
    moved: tuple[str | None, str] | None = None,
    internal: bool = False,
) -> ComplaintEvent:
    """Append a line to a complaint's history; ``moved`` is (from, to). ``who`` None is the system."""
    own = who is not None and who.person_id == complaint.complainant_id
    line = ComplaintEvent(
        complaint_id=complaint.id,
        community_id=complaint.community_id,
        at=clock.now(),
        actor_id=who.person_id if who else None,
        actor_name=who.name if who else "系统",
        actor_kind="system" if who is None else "person" if own else "staff",
        kind=kind,
        title=title,
        text=text,
        from_status=moved[0] if moved else None,
        to_status=moved[1] if moved else None,
        internal=internal,
    )
    session.add(line)
    complaint.updated_at = line.at
    session.flush()
    return line


def moved(complaint: Complaint, to: Status) -> tuple[str, str]:
    """Set the complaint's status, the one place that does, and return (from, to)."""
    before = complaint.status
    complaint.status = to
    return before, to


def set_deadline(session: Session, complaint: Complaint, due: Due, due_at: datetime) -> None:
    """Let the alarms of a deadline ring in time."""
    session.add(
        ComplaintDeadline(
            complaint_id=complaint.id,
            community_id=complaint.community_id,
            round=complaint.round,
            due=due,
            due_at=due_at,
            next_at=next_alarm(due, due_at, 0),
        )
    )
    session.flush()


def terms_of(session: Session, community_id: int) -> Terms:
    """Return an estate's deadlines."""
    with system_scope(session):
        own = repository.terms(session, community_id)
    return Terms(own.reply_h, own.answer_d, own.close_d) if own else Terms()


def at_level(session: Session, complaint: Complaint, level: str) -> list[int]:
    """Return who has to see to a complaint at a level; those above where the estate has nobody there."""
    for one in LEVELS[LEVELS.index(Level(level)) :]:
        found = identity.staff_ids(session, complaint.community_id, LEVEL_ROLES[one])
        fit = [i for i in found if i not in (complaint.against_id, complaint.complainant_id)]
        if fit:
            return fit
    return []


def _audience(session: Session, complaint: Complaint, audience: str) -> list[int]:
    if audience == COMPLAINANT:
        return [complaint.complainant_id]
    if audience == HANDLER:
        return [i for i in (complaint.answered_by_id or complaint.handler_id,) if i is not None]
    return at_level(session, complaint, complaint.level)


def _fields(session: Session, complaint: Complaint) -> dict[str, str]:
    with system_scope(session):
        ids = [complaint.work_order_id] if complaint.work_order_id is not None else []
        numbers = workorders.numbers(session, ids)
    people = identity.views(session, [i for i in (complaint.handler_id,) if i is not None])
    words = complaint.words if len(complaint.words) <= SHORT else complaint.words[:SHORT] + "…"
    return {
        "number": complaint.number,
        "words": words.rstrip("。"),
        "about": BECAUSE_OF.format(number=next(iter(numbers.values()))) if numbers else "",
        "reply_by": clock.in_words(complaint.reply_by),
        "answer_by": clock.in_words(complaint.answer_by),
        "handler": next((f"客服{p.name}" for p in people.values()), "客服"),
        "level": LEVEL_TITLES[Level(complaint.level)],
    }


def tell(
    session: Session,
    complaint: Complaint,
    tells: Iterable[Tell],
    key: str,
    skip: int | None = None,
    **more: str,
) -> None:
    """Queue the notices of a change; ``skip`` is who did it. ``text`` may be among the fields, ``reason`` follows it."""
    text = more.get("text", "")
    fields = {**_fields(session, complaint), "reason": f"：{text.rstrip('。！')}" if text else "", **more}
    for at, one in enumerate(tells):
        people = [i for i in _audience(session, complaint, one.audience) if i != skip]
        telling = notices.Telling(
            community_id=complaint.community_id,
            text=one.text.format(**fields),
            key=f"{key}:{at}",
            buttons=tuple(tap(title, intent, complaint.number) for title, intent in one.buttons),
        )
        notices.tell(session, people, telling)


def show_live(session: Session, complaint: Complaint) -> None:
    """Push the change to who complained and to the desk, but not to the person it is about."""
    data = {"number": complaint.number, "status": complaint.status, "version": complaint.version}
    desk = identity.staff_ids(session, complaint.community_id, DESK_ROLES)
    for person_id in sorted({*desk, complaint.complainant_id} - {complaint.against_id}):
        live.publish(session, "complaint", data, community_id=complaint.community_id, person_id=person_id)
