"""Complaints as a viewer may see them, with the legal next moves; lists and counts."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from backend.domains.complaints import repository
from backend.domains.complaints.domain import (
    COMPLAINANT,
    DESK,
    KINDS,
    LEVEL_TITLES,
    MANAGER,
    MANAGERS,
    MOVES,
    STATUS_TITLES,
    STATUS_TONES,
    UNANSWERED,
    AllowedMove,
    ComplaintView,
    Level,
    Line,
    Status,
)
from backend.domains.complaints.errors import NoSuchComplaint
from backend.domains.complaints.models import Complaint
from backend.domains.complaints.repository import Filter
from backend.domains.estate import service as estate
from backend.domains.identity import service as identity
from backend.domains.workorders import service as workorders
from backend.kit import clock
from backend.kit.auth import Principal
from backend.kit.paging import Page, page_of
from backend.kit.scope import system_scope
from backend.kit.statemachine import moves_from


@dataclass(frozen=True, slots=True)
class WithHistory:
    """A complaint and its history."""

    complaint: ComplaintView
    timeline: list[Line]


def actors_of(complaint: Complaint, who: Principal) -> frozenset[str]:
    """Return what ``who`` is for this complaint, in the words of the moves' table; nobody judges their own."""
    if complaint.complainant_id == who.person_id:
        return frozenset({COMPLAINANT})
    here = complaint.community_id in who.staff_community_ids and who.is_desk
    if not here or complaint.against_id == who.person_id:
        return frozenset()
    return frozenset({DESK, MANAGER} if who.roles & MANAGERS else {DESK})


def get(session: Session, number: str) -> Complaint:
    """Return a complaint that the session's principal may see. Raises NoSuchComplaint."""
    complaint = repository.by_number(session, number.strip().upper())
    if complaint is None:
        raise NoSuchComplaint()
    return complaint


def one(session: Session, number: str, who: Principal) -> WithHistory:
    """Return a complaint with its history. Raises NoSuchComplaint."""
    return shown(session, get(session, number), who)


def shown(session: Session, complaint: Complaint, who: Principal) -> WithHistory:
    """Return a complaint that is at hand, with its history as ``who`` may read it."""
    own = complaint.complainant_id == who.person_id
    lines = [
        Line(e.at, e.actor_name, e.actor_kind, e.kind, e.title, e.text, e.from_status, e.to_status, e.internal)
        for e in repository.timeline(session, complaint.id, with_internal=not own)
    ]
    return WithHistory(view(session, complaint, who), lines)


def search(session: Session, wanted: Filter, who: Principal, before_id: int | None, limit: int) -> Page[ComplaintView]:
    """Return a page of complaints, newest first."""
    page = page_of(repository.search(session, wanted, before_id, limit + 1), limit, lambda c: c.id)
    return Page(_views(session, page.items, who), page.next)


def count(session: Session, wanted: Filter) -> int:
    """Count the complaints of a filter."""
    return repository.count(session, wanted)


def view(session: Session, complaint: Complaint, who: Principal) -> ComplaintView:
    """Return one complaint as ``who`` sees it."""
    return _views(session, [complaint], who)[0]


def _views(session: Session, rows: Sequence[Complaint], who: Principal) -> list[ComplaintView]:
    ids = {i for c in rows for i in (c.complainant_id, c.handler_id, c.against_id) if i is not None}
    people = identity.views(session, sorted(ids))
    codes = {c.id: c.code for c in estate.communities(session)}
    with system_scope(session):
        orders = workorders.numbers(session, sorted({c.work_order_id for c in rows if c.work_order_id}))
    return [_view(c, who, people, codes[c.community_id], orders) for c in rows]


def _is_late(c: Complaint) -> bool:
    now = clock.now()
    return c.status in UNANSWERED and ((c.replied_at is None and c.reply_by < now) or c.answer_by < now)


def _view(
    c: Complaint, who: Principal, people: dict[int, identity.PersonView], community: str, orders: dict[int, str]
) -> ComplaintView:
    status, level = Status(c.status), Level(c.level)
    person = people[c.complainant_id]
    own = c.complainant_id == who.person_id
    handler = people.get(c.handler_id) if c.handler_id is not None else None
    against = people.get(c.against_id) if c.against_id is not None and not own else None
    return ComplaintView(
        number=c.number,
        community=community,
        status=status,
        status_title=STATUS_TITLES[status],
        status_tone=STATUS_TONES[status],
        kind=c.kind,
        kind_title=KINDS[c.kind],
        words=c.words,
        order_number=orders.get(c.work_order_id) if c.work_order_id is not None else None,
        complainant_id=person.id,
        complainant_name=person.name,
        complainant_phone=person.phone if own or identity.may_call(who) else None,
        round=c.round,
        level=level,
        level_title=LEVEL_TITLES[level],
        handler_name=handler.name if handler else None,
        reply_by=c.reply_by,
        answer_by=c.answer_by,
        replied_at=c.replied_at,
        answered_at=c.answered_at,
        answer=c.answer,
        ended_at=c.ended_at,
        late=_is_late(c),
        created_at=c.created_at,
        updated_at=c.updated_at,
        version=c.version,
        allowed=_allowed(c, who),
        against_name=against.name if against else None,
    )


def _allowed(c: Complaint, who: Principal) -> list[AllowedMove]:
    found = moves_from(MOVES[c.round], Status(c.status), actors_of(c, who))
    answered_before = c.round > 1 and c.answered_by_id == who.person_id
    return [
        AllowedMove(m.to, m.title, m.needs_note, m.primary)
        for m in found
        if not (answered_before and m.to is Status.ANSWERED)
    ]
