"""The rosters of the demo community: technicians work from eight to eight, and are on call around the clock."""

from sqlalchemy.orm import Session

from backend.domains.dispatch import repository
from backend.domains.dispatch.domain import DAY_MINUTES, EVERY_DAY, Shift
from backend.domains.dispatch.service.roster import put_shifts

DEMO_SHIFTS = (
    Shift(8 * 60, 20 * 60, EVERY_DAY),
    Shift(0, DAY_MINUTES, EVERY_DAY, on_call=True),
)


def seed(session: Session, community_id: int, person_id: int) -> None:
    """Give a technician without any shift the shifts of the demo. System work."""
    if not repository.shifts_of(session, community_id, person_id):
        put_shifts(session, community_id, person_id, DEMO_SHIFTS)
