"""How the orders of a category find their technician in an estate."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from backend.domains.dispatch import repository
from backend.domains.dispatch.domain import GRAB_MINUTES, SERVICE_MINUTES, Mode, Rule
from backend.domains.dispatch.models import DispatchRule
from backend.domains.dispatch.service.changes import changed
from backend.kit.problems import InvalidInput


def rules(session: Session, community_id: int) -> dict[str, Rule]:
    """Return the rule of every category, those that nobody has set as they are at first. System work, or the desk's."""
    made = {
        r.category: Rule(r.category, Mode(r.mode), r.grab_minutes, r.service_minutes)
        for r in repository.rules(session, community_id)
    }
    return {c: made.get(c) or Rule(c, Mode.AUTO, GRAB_MINUTES, minutes) for c, minutes in SERVICE_MINUTES.items()}


def put_rules(session: Session, community_id: int, wanted: Sequence[Rule]) -> dict[str, Rule]:
    """Set the rules of some categories; the others stay. Raises InvalidInput when one is named twice."""
    if len({r.category for r in wanted}) < len(wanted):
        raise InvalidInput("同一类别只能写一次。", errors=[{"field": "rules", "message": "类别重复"}])
    rows = {r.category: r for r in repository.rules(session, community_id)}
    for rule in wanted:
        row = rows.get(rule.category) or DispatchRule(community_id=community_id, category=rule.category)
        row.mode, row.grab_minutes, row.service_minutes = rule.mode.value, rule.grab_minutes, rule.service_minutes
        session.add(row)
    session.flush()
    changed(session, community_id)
    return rules(session, community_id)
