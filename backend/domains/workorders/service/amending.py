"""What a reporter adds to an order afterwards, in words: a note always, and what it changes of time, fault and place."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy.orm import Session

from backend.domains.estate import service as estate
from backend.domains.workorders import corrections, repository
from backend.domains.workorders.corrections import Correction
from backend.domains.workorders.domain import DESK, FOLLOWER, HOLDER, MATE, REPORTER, TECHNICIAN, Status
from backend.domains.workorders.errors import NotYourMove
from backend.domains.workorders.models import WorkOrder
from backend.domains.workorders.service import clocks, merging, quotes, record
from backend.domains.workorders.service.checks import require_open
from backend.domains.workorders.service.moves import get
from backend.domains.workorders.service.vectors import embed_again
from backend.domains.workorders.service.views import location_of, parts_of
from backend.domains.workorders.wording import ADDED, CHANGED, CHANGED_FAULT, CHECK_PLACE, TIME_IN_NOTE, Tell
from backend.kit import clock, once, time_words
from backend.kit.auth import Principal
from backend.kit.scope import system_scope

MAY_ADD = frozenset({REPORTER, FOLLOWER, HOLDER, MATE, TECHNICIAN, DESK})
MAY_CHANGE = frozenset({REPORTER, DESK})
BEFORE_ARRIVAL = frozenset(
    {Status.REPORTED, Status.TRIAGED, Status.DISPATCHED, Status.ACCEPTED, Status.SUSPENDED, Status.REOPENED}
)
"""States in which another time can still be kept."""
APART = "；"


@dataclass(frozen=True, slots=True)
class Amended:
    """The order, what has changed in words, and a word for who amended where things went other than asked."""

    order: WorkOrder
    changes: list[str] = field(default_factory=list)
    answer: str | None = None


@dataclass(slots=True)
class _Found:
    """What the words change: lines for the history, further notices, and an answer."""

    changes: list[str] = field(default_factory=list)
    tells: list[Tell] = field(default_factory=list)
    answer: str | None = None


def amend(session: Session, number: str, text: str, who: Principal, key: str | None = None) -> Amended:
    """Add words to an order that has not ended and change what they change; the same ``key`` does it once.

    Only the reporter and the desk change an order; the words of others are a note. Raises NoSuchOrder, NotYourMove,
    IllegalTransition, KeyReused.
    """
    order = merging.standing_for(session, get(session, number))
    actors = parts_of(session, order, who)
    if not actors & MAY_ADD:
        raise NotYourMove()
    if not once.claim(session, who.person_id, f"amend:{order.number}", key, text):
        return Amended(order, _said_before(session, order, who, text))
    require_open(order)
    note = record.write(session, order, who, "note", "补充", text)
    home = quotes.home_of(order)
    found = _changes(session, order, text, who) if actors & MAY_CHANGE else _Found()
    if found.changes:
        record.write(session, order, who, "edit", "更正", APART.join(found.changes))
        quotes.home_changed(session, order, home)
    heard = APART.join([*found.changes, f"原话「{text}」"]) if found.changes else text
    tells = [*(CHANGED if found.changes else ADDED), *found.tells]
    record.tell(session, order, tells, f"order:{order.id}:{note.id}", heard, [who.person_id])
    record.show_live(session, order)
    return Amended(order, found.changes, found.answer)


def _said_before(session: Session, order: WorkOrder, who: Principal, text: str) -> list[str]:
    """Return what the same words changed when they came first."""
    with system_scope(session):
        lines = [e for e in repository.timeline(session, order.id) if e.actor_id == who.person_id]
    after = next((lines[n + 1 :] for n, e in enumerate(lines) if (e.kind, e.text) == ("note", text)), [])
    return str(after[0].text).split(APART) if after and after[0].kind == "edit" else []


def _changes(session: Session, order: WorkOrder, text: str, who: Principal) -> _Found:
    found = _Found()
    said = corrections.find(text)
    _time(session, order, text, said, found)
    if said is not None:
        meant = _meant(session, order, said.right, who)
        _fault(session, order, said, found, meant.location)
        _place(session, order, meant, who, found)
    return found


def _time(session: Session, order: WorkOrder, text: str, said: Correction | None, found: _Found) -> None:
    now = clock.now()
    time = (time_words.find(said.right, now) if said else None) or time_words.find(text, now)
    if time is None or order.status not in BEFORE_ARRIVAL:
        return
    if time.start is None:
        found.answer = TIME_IN_NOTE
        return
    if order.preferred_time == time.start:
        return
    order.preferred_time = time.start
    clocks.appointed(session, order)
    found.changes.append(f"上门时间 {dated(time.start)}")


def dated(moment: datetime) -> str:
    """Return a moment with weekday and date, so that a misunderstanding shows: 周六 11-28 09:00."""
    there = clock.local(moment)
    return f"周{clock.WEEKDAYS[there.weekday()]} {there:%m-%d %H:%M}"


def _fault(session: Session, order: WorkOrder, said: Correction, found: _Found, meant: estate.Location) -> None:
    is_place = bool(meant.place) and len(said.right.replace(meant.place or "", "").strip("的里")) < 2
    fault = corrections.corrected_fault(order.fault, said, is_place)
    if fault is None:
        return
    found.changes.append(f"故障 {order.fault} → {fault}")
    found.tells += CHANGED_FAULT
    order.fault = fault
    embed_again(session, order)


def _place(session: Session, order: WorkOrder, meant: estate.Resolved, who: Principal, found: _Found) -> None:
    """Change the place when what is right names one that exists; into a stranger's home only the desk leads."""
    with system_scope(session):
        code = estate.community(session, order.community_id).code
        before = location_of(order, code)
        after, absent = estate.without_absent(
            session, order.community_id, replace(before, **corrections.corrected_location(before, meant.location))
        )
        room_id = estate.find_room_id(session, order.community_id, after)
    if absent:
        found.answer = f"{absent}，地点没有改，您的话记在工单上了。"
        return
    if after == before:
        return
    scope = meant.scope or (estate.PRIVATE if after.room else order.scope)
    if scope == estate.PRIVATE and not who.is_desk and room_id not in who.room_ids:
        found.tells += CHECK_PLACE
        found.answer = "这不是您登记的房屋，客服会先核实再改地点。"
        return
    for name in corrections.PARTS:
        setattr(order, name, getattr(after, name))
    order.room_id, order.scope = room_id, scope
    found.changes.append(f"地点 {estate.in_words(before)} → {estate.in_words(after)}")


def _meant(session: Session, order: WorkOrder, right: str, who: Principal) -> estate.Resolved:
    with system_scope(session):
        return _resolved(session, order, right, who)


def _resolved(session: Session, order: WorkOrder, right: str, who: Principal) -> estate.Resolved:
    code = estate.community(session, order.community_id).code
    homes = [r.home for r in estate.rooms(session, sorted(who.room_ids)) if r.community_id == order.community_id]
    words = f"{right}室" if right.isdigit() else right
    names = estate.place_names(session, order.community_id)
    return estate.resolve(words, homes[0] if homes else None, code, names)
