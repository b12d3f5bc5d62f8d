"""What a plan hangs on has changed: a mark for the clock, which plans an estate again."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from backend.domains.dispatch import repository
from backend.domains.dispatch.models import DispatchChange
from backend.kit import clock
from backend.kit.memo import remembered
from backend.kit.scope import system_scope

EVERY = timedelta(seconds=30)
"""An estate is planned at most this often."""
ANYWAY = timedelta(minutes=5)
"""And this often even if nothing has changed: shifts begin, leave begins, people are no longer technicians."""


def changed(session: Session, community_id: int) -> None:
    """Mark an estate to be planned again soon. One mark is enough for a transaction."""
    remembered(session, (), ("marked", community_id), lambda: _mark(session, community_id))


def _mark(session: Session, community_id: int) -> None:
    with system_scope(session):
        session.add(DispatchChange(community_id=community_id))


def to_plan(session: Session, communities: list[int]) -> list[int]:
    """Return the estates that are to be planned now. System work."""
    marks, planned, moment = repository.changed(session), repository.planned_at(session), clock.now()
    return [c for c in communities if _is_due(planned.get(c), c in marks, moment)]


def _is_due(planned: datetime | None, marked: bool, moment: datetime) -> bool:
    return planned is None or planned <= moment - (EVERY if marked else ANYWAY)


def claim(session: Session, community_id: int) -> bool:
    """Tell whether it is this caller's turn to plan an estate; its marks are taken away with it. System work."""
    seen = repository.changed(session).get(community_id)
    if not repository.claim_plan(session, community_id, clock.now(), EVERY):
        return False
    if seen is not None:
        repository.forget_changes(session, community_id, seen)
    return True
