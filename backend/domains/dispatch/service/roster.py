"""Who works when: shifts and leave, as the desk keeps them, and the technicians of an estate at a moment."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from sqlalchemy.orm import Session

from backend.domains.dispatch import repository
from backend.domains.dispatch.domain import Duty, Leave, PersonRoster, Roster, Shift, Span, Technician
from backend.domains.dispatch.errors import NoSuchLeave, NotATechnician
from backend.domains.dispatch.models import LeaveRow, ShiftRow
from backend.domains.dispatch.service.changes import changed
from backend.domains.identity import service as identity
from backend.kit import clock
from backend.kit.auth import Role
from backend.kit.geo import Point
from backend.kit.problems import InvalidInput

LONGEST_LEAVE = timedelta(days=366)
POSITION_HOLDS = timedelta(hours=2)
"""A position older than this says nothing about where somebody is now."""


def _shift(row: ShiftRow) -> Shift:
    return Shift(row.starts_min, row.ends_min, row.weekdays, row.day, row.on_call)


def _leave(row: LeaveRow) -> Leave:
    return Leave(row.id, row.person_id, Span(row.starts_at, row.ends_at), row.reason)


def rosters(session: Session, community_id: int) -> dict[int, Roster]:
    """Return the rosters of an estate's technicians by id; who has none is left out. System work."""
    shifts, leaves = repository.shifts(session, community_id), repository.leaves(session, community_id, clock.now())
    return {
        person_id: Roster(
            tuple(_shift(r) for r in shifts if r.person_id == person_id),
            tuple(_leave(r).span for r in leaves if r.person_id == person_id),
        )
        for person_id in {r.person_id for r in shifts} | {r.person_id for r in leaves}
    }


def technicians(
    session: Session, community_id: int, load: Mapping[int, int], last_at: Mapping[int, Point]
) -> tuple[Technician, ...]:
    """Return the technicians of an estate now: ``load`` is what they have in hand, ``last_at`` where they worked last.

    System work.
    """
    people = identity.technicians(session, community_id)
    kept, moment = rosters(session, community_id), clock.now()
    seen = repository.positions(session, [p.id for p in people], moment - POSITION_HOLDS)
    points: dict[int, Point] = {**last_at, **{s.person_id: (s.lat, s.lng) for s in seen}}
    return tuple(
        Technician(
            person_id=p.id,
            called=identity.called(p.name, Role.TECHNICIAN),
            name=p.name,
            phone=p.phone,
            skills=frozenset(p.skills),
            roster=(roster := kept.get(p.id, Roster())),
            duty=roster.duty(moment),
            load=load.get(p.id, 0),
            point=points.get(p.id),
        )
        for p in people
    )


def duty_of(session: Session, community_ids: Sequence[int], person_id: int) -> Duty:
    """Return whether somebody works now in any of their estates. System work."""
    now = clock.now()
    found = {rosters(session, c).get(person_id, Roster()).duty(now) for c in community_ids}
    return next((duty for duty in Duty if duty in found), Duty.OFF)


def person_rosters(session: Session, community_id: int) -> list[PersonRoster]:
    """Return the technicians of an estate with their shifts and their leave from now on."""
    shifts, leaves = repository.shifts(session, community_id), repository.leaves(session, community_id, clock.now())
    found = []
    for person in identity.technicians(session, community_id):
        mine = tuple(_shift(r) for r in shifts if r.person_id == person.id)
        away = tuple(_leave(r) for r in leaves if r.person_id == person.id)
        duty = Roster(mine, tuple(leave.span for leave in away)).duty(clock.now())
        found.append(PersonRoster(person.id, person.name, person.skills, duty, mine, away))
    return found


def put_shifts(session: Session, community_id: int, person_id: int, wanted: Sequence[Shift]) -> None:
    """Replace the shifts of a technician. Raises NotATechnician."""
    _require_technician(session, community_id, person_id)
    for row in repository.shifts_of(session, community_id, person_id):
        session.delete(row)
    for shift in wanted:
        session.add(
            ShiftRow(
                community_id=community_id,
                person_id=person_id,
                weekdays=shift.weekdays,
                day=shift.day,
                starts_min=shift.starts_min,
                ends_min=shift.ends_min,
                on_call=shift.on_call,
            )
        )
    changed(session, community_id)


def add_leave(session: Session, community_id: int, person_id: int, span: Span, reason: str) -> Leave:
    """Enter that a technician is away. Raises NotATechnician, InvalidInput."""
    _require_technician(session, community_id, person_id)
    if span.end <= span.start:
        raise InvalidInput("请假的结束时间要晚于开始时间。", errors=[{"field": "to", "message": "要晚于开始时间"}])
    if span.end - span.start > LONGEST_LEAVE:
        said = f"一次请假最长 {LONGEST_LEAVE.days} 天"
        raise InvalidInput(f"{said}，请分几次登记。", errors=[{"field": "to", "message": said}])
    row = LeaveRow(
        community_id=community_id, person_id=person_id, starts_at=span.start, ends_at=span.end, reason=reason
    )
    session.add(row)
    session.flush()
    changed(session, community_id)
    return _leave(row)


def remove_leave(session: Session, leave_id: int) -> None:
    """Take a leave back. Raises NoSuchLeave."""
    row = repository.leave(session, leave_id)
    if row is None:
        raise NoSuchLeave()
    session.delete(row)
    changed(session, row.community_id)


def _require_technician(session: Session, community_id: int, person_id: int) -> None:
    if not is_technician(session, community_id, person_id):
        raise NotATechnician(errors=[{"field": "person_id", "message": "不是本小区的师傅"}])


def is_technician(session: Session, community_id: int, person_id: int) -> bool:
    """Tell whether a person is a technician of the estate (staff may assign outside the skill)."""
    return any(t.id == person_id for t in identity.technicians(session, community_id))
