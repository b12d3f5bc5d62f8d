"""How fast something must be: read and change the table of targets."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from backend.domains.clocks import repository
from backend.domains.clocks.domain import SEED_TARGETS, URGENCIES, Target, closest
from backend.domains.clocks.errors import CompanyWide
from backend.domains.clocks.models import ClockTarget
from backend.kit.auth import Principal
from backend.kit.problems import InvalidInput
from backend.kit.scope import system_scope

_FIELDS = (
    *("category", "urgency", "scope", "community_id"),
    *("response_min", "arrival_min", "resolution_min", "round_the_clock", "escalate_min", "source"),
)


def seed(session: Session) -> int:
    """Add the company's targets where there are none. Returns how many. System work."""
    if repository.targets(session, None):
        return 0
    session.add_all(_row(t) for t in SEED_TARGETS)
    session.flush()
    return len(SEED_TARGETS)


def _row(target: Target) -> ClockTarget:
    return ClockTarget(slot=target.slot, **{name: getattr(target, name) for name in _FIELDS})


def _target(row: ClockTarget) -> Target:
    return Target(**{name: getattr(row, name) for name in _FIELDS})


def listed(session: Session, community_id: int | None) -> list[Target]:
    """Return the targets of an estate, or (None) those of the company."""
    return [_target(row) for row in repository.targets(session, community_id)]


def put(session: Session, community_id: int | None, wanted: Sequence[Target], who: Principal) -> list[Target]:
    """Put targets in place of those of the estate or the company. They hold for what is reported from now on.

    Raises CompanyWide, InvalidInput.
    """
    if community_id is None and "clocks.company" not in who.permissions:
        raise CompanyWide()
    _require_sound(wanted, community_id is None)
    given = {t.slot: t for t in (replace(t, community_id=community_id) for t in wanted)}
    for row in repository.targets(session, community_id):
        new = given.pop(row.slot, None)
        if new is None:
            session.delete(row)
            continue
        for name in _FIELDS:
            setattr(row, name, getattr(new, name))
    session.flush()  # what goes makes room first
    session.add_all(_row(t) for t in given.values())
    session.flush()
    return listed(session, community_id)


def _require_sound(wanted: Sequence[Target], complete: bool) -> None:
    for number, t in enumerate(wanted):
        if not t.response_min <= t.arrival_min <= t.resolution_min:
            raise _wrong(f"items.{number}", "接单、到场、完工的时限要一个比一个长")
    if len({t.slot for t in wanted}) != len(wanted):
        raise _wrong("items", "同样的条件写了两次")
    general = {t.urgency for t in wanted if t.category is None and t.scope is None}
    if complete and general != set(URGENCIES):
        raise _wrong("items", "每个紧急程度都要有一行不限类别和范围的时限")


def _wrong(field: str, why: str) -> InvalidInput:
    return InvalidInput(f"{why}。", errors=[{"field": field, "message": why}])


def target_for(session: Session, community_id: int, category: str, urgency: str, scope: str) -> Target:
    """Return the target for something reported in an estate, whoever asks."""
    with system_scope(session):
        rows = repository.targets(session, community_id, with_default=True)
    return closest([_target(row) for row in rows], community_id, category, urgency, scope)
