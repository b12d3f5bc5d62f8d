"""Move a complaint along its table: take it, answer it, accept or refuse the answer, end it, add words."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy.orm import Session

from backend.domains.complaints import repository
from backend.domains.complaints.domain import (
    ACTOR_TITLES,
    ENDED,
    LAST_ROUND,
    MOVES,
    STATUS_TITLES,
    SYSTEM,
    Due,
    Level,
    Status,
    higher,
)
from backend.domains.complaints.errors import AnotherMustAnswer, IllegalTransition, NotYourMove, RefusedTwice
from backend.domains.complaints.models import Complaint, ComplaintEvent
from backend.domains.complaints.service import record
from backend.domains.complaints.service.reading import actors_of, get
from backend.domains.complaints.wording import ACCEPTED, ADDED, ANSWERED, CLOSED, REFUSED, TAKEN, WITHDRAWN
from backend.domains.identity import service as identity
from backend.kit import audit, clock
from backend.kit.auth import Principal, Role
from backend.kit.problems import Conflict, InvalidInput
from backend.kit.scope import system_scope
from backend.kit.statemachine import Move, find_move


def move(session: Session, number: str, to: Status, note: str | None, version: int | None, who: Principal) -> Complaint:
    """Make a move; the same move again by the same person changes nothing.

    Raises NoSuchComplaint, IllegalTransition, NotYourMove, RefusedTwice, AnotherMustAnswer, Conflict (stale version),
    InvalidInput (no words).
    """
    complaint = get(session, number)
    if version is not None and version != complaint.version:
        raise Conflict("这件投诉刚刚有人动过，请看一下最新状态再操作。", version=complaint.version)
    if _repeated(session, complaint, to, note, who):
        return complaint
    legal = _legal(complaint, to, note, who)
    line = record.write(session, complaint, who, "transition", legal.title, note, record.moved(complaint, to))
    with system_scope(session):
        _AFTER[to](session, complaint, line, who)
    record.show_live(session, complaint)
    return complaint


def answer(session: Session, number: str, text: str, version: int | None, who: Principal) -> Complaint:
    """Answer a complaint; one that nobody has begun to look into is begun with it. Raises what ``move`` raises."""
    if get(session, number).status == Status.RECEIVED:
        begun = move(session, number, Status.INVESTIGATING, None, version, who)
        version = None if version is None else begun.version
    return move(session, number, Status.ANSWERED, text, version, who)


def add(session: Session, number: str, text: str, who: Principal) -> Complaint:
    """Add words: of who complained, or of the desk to itself. Raises NoSuchComplaint, IllegalTransition, NotYourMove."""
    complaint = get(session, number)
    actors = actors_of(complaint, who)
    if not actors:
        raise NotYourMove("这件投诉要由投诉人或客服来补充。")
    if complaint.status in ENDED:
        raise IllegalTransition("这件投诉已经结束了，有新情况请重新投诉。")
    own = complaint.complainant_id == who.person_id
    line = record.write(session, complaint, who, "note", "补充" if own else "内部记录", text, internal=not own)
    if own:
        record.tell(session, complaint, ADDED, f"complaint:{complaint.id}:{line.id}", who.person_id, text=text)
    record.show_live(session, complaint)
    return complaint


def _repeated(session: Session, complaint: Complaint, to: Status, note: str | None, who: Principal) -> bool:
    if to is Status.REFUSED and complaint.status == Status.INVESTIGATING and complaint.round == LAST_ROUND:
        return complaint.complainant_id == who.person_id  # the system's own move has followed the refusal
    last = repository.last_move(session, complaint.id)
    mine = last is not None and last.actor_id == who.person_id
    return last is not None and mine and last.to_status == to == complaint.status and note in (None, last.text)


def _legal(complaint: Complaint, to: Status, note: str | None, who: Principal) -> Move:
    status, actors = Status(complaint.status), actors_of(complaint, who)
    if to is Status.REFUSED and status is Status.ANSWERED and complaint.round == LAST_ROUND:
        raise RefusedTwice()
    found = find_move(MOVES[complaint.round], status, to)
    if found is None:
        raise IllegalTransition(
            f"这件投诉现在是「{STATUS_TITLES[status]}」，不能变成「{STATUS_TITLES[to]}」。", frm=status, to=to
        )
    if not found.actors & actors:
        people = "、".join(ACTOR_TITLES[a] for a in sorted(found.actors - {SYSTEM}) or [SYSTEM])
        raise NotYourMove(f"「{found.title}」要由{people}来做。")
    if to is Status.ANSWERED and complaint.answered_by_id == who.person_id:
        raise AnotherMustAnswer()
    if found.needs_note and not (note or "").strip():
        raise InvalidInput(f"「{found.title}」请写一句说明。", errors=[{"field": "note", "message": "必填"}])
    return found


def _key(complaint: Complaint, line: ComplaintEvent) -> str:
    return f"complaint:{complaint.id}:{line.id}"


def _taken(session: Session, complaint: Complaint, line: ComplaintEvent, who: Principal) -> None:
    complaint.handler_id = who.person_id
    complaint.replied_at = line.at
    repository.meet(session, complaint, Due.REPLY, line.at)
    record.tell(session, complaint, TAKEN, _key(complaint, line), who.person_id)


def _answered(session: Session, complaint: Complaint, line: ComplaintEvent, who: Principal) -> None:
    complaint.handler_id = complaint.answered_by_id = who.person_id
    complaint.answer, complaint.answered_at = line.text, line.at
    complaint.replied_at = complaint.replied_at or line.at
    repository.meet(session, complaint, None, line.at)
    close_by = line.at + timedelta(days=record.terms_of(session, complaint.community_id).close_d)
    record.set_deadline(session, complaint, Due.WORD, close_by)
    tells = ANSWERED[complaint.round]
    record.tell(session, complaint, tells, _key(complaint, line), who.person_id, text=line.text or "")


def _refused(session: Session, complaint: Complaint, line: ComplaintEvent, who: Principal) -> None:
    repository.meet(session, complaint, None, line.at)
    complaint.round += 1
    complaint.level = higher(complaint.level, _above(session, complaint))
    complaint.answer_by = line.at + timedelta(days=record.terms_of(session, complaint.community_id).answer_d)
    with audit.by_system(session):
        into = record.moved(complaint, Status.INVESTIGATING)
        record.write(session, complaint, None, "transition", "转上级复查", None, into)
    record.set_deadline(session, complaint, Due.ANSWER, complaint.answer_by)
    record.tell(session, complaint, REFUSED, _key(complaint, line), who.person_id, text=line.text or "")


def _above(session: Session, complaint: Complaint) -> Level:
    """Return who answers next: the manager, or the one above when that was who answered."""
    managers = identity.staff_ids(session, complaint.community_id, [Role.MANAGER])
    others = [i for i in managers if i not in (complaint.answered_by_id, complaint.against_id)]
    return Level.MANAGER if others else Level.REGIONAL


def _accepted(session: Session, complaint: Complaint, line: ComplaintEvent, who: Principal) -> None:
    _over(session, complaint, line)
    record.tell(session, complaint, ACCEPTED, _key(complaint, line), who.person_id)


def _closed(session: Session, complaint: Complaint, line: ComplaintEvent, who: Principal) -> None:
    _over(session, complaint, line)
    record.tell(session, complaint, CLOSED, _key(complaint, line), who.person_id)


def _withdrawn(session: Session, complaint: Complaint, line: ComplaintEvent, who: Principal) -> None:
    _over(session, complaint, line)
    record.tell(session, complaint, WITHDRAWN, _key(complaint, line), who.person_id, text=line.text or "")


def _over(session: Session, complaint: Complaint, line: ComplaintEvent) -> None:
    complaint.ended_at = line.at
    repository.meet(session, complaint, None, line.at)


def close_in_silence(session: Session, complaint: Complaint) -> bool:
    """End an answered complaint about which nobody says anything any more. System work."""
    if complaint.status != Status.ANSWERED:
        return False
    line = record.write(
        session, complaint, None, "transition", "结束", "答复后没有新的意见", record.moved(complaint, Status.CLOSED)
    )
    complaint.ended_at = clock.now()
    repository.meet(session, complaint, None, line.at)
    record.show_live(session, complaint)
    return True


_AFTER: dict[Status, Callable[[Session, Complaint, ComplaintEvent, Principal], None]] = {
    Status.INVESTIGATING: _taken,
    Status.ANSWERED: _answered,
    Status.ACCEPTED: _accepted,
    Status.REFUSED: _refused,
    Status.CLOSED: _closed,
    Status.WITHDRAWN: _withdrawn,
}
