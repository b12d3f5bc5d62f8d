"""Where technicians are, from their phones: the last place only, while they work, and for nobody but dispatch."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from backend.domains.dispatch import repository
from backend.domains.dispatch.domain import Duty
from backend.domains.dispatch.models import Position
from backend.domains.dispatch.service.roster import duty_of
from backend.kit import clock
from backend.kit.auth import Principal
from backend.kit.geo import Point
from backend.kit.scope import system_scope

KEEP = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Seen:
    """What a phone says. ``source``: gps, network or qr."""

    point: Point
    accuracy_m: float | None
    source: str


def report_position(session: Session, seen: Seen, who: Principal) -> bool:
    """Keep where a technician is now, in place of where they were. False: they do not work now, nothing is kept."""
    with system_scope(session):
        if duty_of(session, sorted(who.staff_community_ids), who.person_id) not in (Duty.ON, Duty.ON_CALL):
            return False
        row = repository.position(session, who.person_id)
        if row is None:
            try:
                with session.begin_nested():
                    session.add(_filled(Position(person_id=who.person_id), seen))
                return True
            except IntegrityError:  # the same phone twice at the same moment
                row = repository.position(session, who.person_id)
        if row is not None:
            _filled(row, seen)
        return True


def _filled(row: Position, seen: Seen) -> Position:
    row.lat, row.lng = seen.point
    row.accuracy_m, row.source, row.at = seen.accuracy_m, seen.source, clock.now()
    return row


def forget_positions(session: Session) -> int:
    """Delete positions of those who have gone home. Returns how many. System work."""
    return repository.forget_positions(session, clock.now() - KEEP)
