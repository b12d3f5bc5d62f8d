"""Incidents as the desk sees them, and what may be one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from backend.domains.estate import service as estate
from backend.domains.workorders import repository_incidents as rows
from backend.domains.workorders.domain import ENDED, OrderView
from backend.domains.workorders.errors import NoSuchIncident
from backend.domains.workorders.incident_rules import RULES, Area, State, rule_of
from backend.domains.workorders.models import WorkOrder
from backend.domains.workorders.models_incidents import Incident, IncidentUpdate
from backend.domains.workorders.service import folding, membership
from backend.domains.workorders.service.views import views
from backend.kit.auth import Principal
from backend.kit.paging import Page, page_of
from backend.kit.scope import system_scope


@dataclass(frozen=True, slots=True)
class IncidentView:
    """An incident outside its session."""

    number: str
    community: str
    category: str
    category_title: str
    area: Area
    area_text: str
    title: str
    state: State
    started_at: datetime
    resolved_at: datetime | None
    expected_at: datetime | None
    message: str | None
    orders: int
    homes: int
    going_on: int
    master: str | None


@dataclass(frozen=True, slots=True)
class IncidentWithOrders:
    """An incident, its orders and its history. ``came_back`` are orders whose reporters said that it was not over."""

    incident: IncidentView
    orders: list[OrderView]
    came_back: list[OrderView]
    updates: Sequence[IncidentUpdate]


@dataclass(frozen=True, slots=True)
class Proposal:
    """What may be an incident, for the desk to decide."""

    community: str
    category: str
    category_title: str
    area: Area
    area_text: str
    homes: int
    orders: list[str]


def find(session: Session, number: str) -> Incident:
    """Return an incident that the session's principal may see. Raises NoSuchIncident."""
    found = rows.incident_by_number(session, number.strip().upper())
    if found is None:
        raise NoSuchIncident()
    return found


def one(session: Session, number: str, who: Principal) -> IncidentWithOrders:
    """Return an incident with its orders and history."""
    return shown(session, find(session, number), who)


def shown(session: Session, incident: Incident, who: Principal) -> IncidentWithOrders:
    """Return an incident that is at hand."""
    orders = rows.members(session, incident.id)
    back: list[WorkOrder] = []
    if incident.master_id is not None:
        related = rows.relations(session, incident.master_id)
        back = rows.orders(session, [r.second_id for r in related if r.kind == "incident"])
    return IncidentWithOrders(
        _view(session, incident),
        views(session, orders, who),
        views(session, back, who),
        rows.updates(session, incident.id),
    )


def listed(
    session: Session, state: str | None, community_id: int | None, before_id: int | None, limit: int
) -> Page[IncidentView]:
    """Return a page of incidents, newest first."""
    page = page_of(rows.incidents(session, state, community_id, before_id, limit + 1), limit, lambda i: i.id)
    return Page([_view(session, i) for i in page.items], page.next)


def count_open_incidents(session: Session, community_id: int | None) -> int:
    """Count the incidents that go on, in one estate or in all that the session's principal may see."""
    return rows.count_incidents(session, State.OPEN, community_id)


def _view(session: Session, incident: Incident) -> IncidentView:
    with system_scope(session):
        orders = rows.members(session, incident.id)
        homes = membership.affected(session, orders).homes
        master = rows.orders(session, [incident.master_id]) if incident.master_id is not None else []
        code = estate.community(session, incident.community_id).code
    area = membership.area_of(incident)
    return IncidentView(
        number=incident.number,
        community=code,
        category=incident.category,
        category_title=rule_of(incident.category).title,
        area=area,
        area_text=area.in_words(),
        title=incident.title,
        state=State(incident.state),
        started_at=incident.started_at,
        resolved_at=incident.resolved_at,
        expected_at=incident.expected_at,
        message=incident.message,
        orders=len(orders),
        homes=homes,
        going_on=sum(o.status not in ENDED for o in orders),
        master=master[0].number if master else None,
    )


def proposals(session: Session, who: Principal) -> list[Proposal]:
    """Return what the rules would take for one thing right now and nobody has opened yet."""
    found: list[Proposal] = []
    with system_scope(session):
        for community_id in sorted(who.staff_community_ids):
            code = estate.community(session, community_id).code
            for rule in RULES:
                storm = folding.find_storm(session, community_id, rule)
                free = [o for o in storm.orders if o.incident_id is None] if storm else []
                if storm is None or len(free) < rule.homes:
                    continue
                area, words = storm.area, storm.area.in_words()
                numbers = [o.number for o in free]
                found.append(Proposal(code, rule.category, rule.title, area, words, storm.homes, numbers))
    return found
