"""Routes of splits, relations and merges taken back (under an order), and of incidents (``/incidents``)."""

from typing import Annotated, Literal

from fastapi import APIRouter, Header, Query

from backend.domains.estate import service as estate
from backend.domains.workorders import schemas
from backend.domains.workorders import schemas_incidents as shapes
from backend.domains.workorders.service import incident_views, incidents, queries, relating, splitting, unmerging, views
from backend.domains.workorders.service.folding import NewIncident
from backend.kit.http import PrincipalDep, SessionDep, requires
from backend.kit.paging import Cursor, Limit, decode_int

router = APIRouter()
incident_router = APIRouter(prefix="/incidents", tags=["incidents"])
READ, MANAGE = requires("workorders.read"), requires("workorders.manage")
Key = Annotated[str | None, Header(alias="Idempotency-Key", max_length=128)]


@router.post("/{number}/splits", status_code=201, dependencies=[MANAGE], summary="Split a work order")
def split_order(
    number: str, body: shapes.SplitIn, session: SessionDep, who: PrincipalDep, key: Key = None
) -> shapes.SplitOut:
    """The first part stays in the order, each other gets one of its own; the reporter is told once."""
    made = splitting.split(session, number, body.to_parts(), who, key)
    return shapes.SplitOut(items=[schemas.OrderOut.model_validate(v) for v in views.views(session, made, who)])


@router.post("/{number}/unmerge", dependencies=[MANAGE], summary="Take a merge back")
def unmerge_order(number: str, session: SessionDep, who: PrincipalDep) -> schemas.OrderOut:
    """Within ten minutes; the order stands again as it did, and its people no longer follow the other."""
    order = unmerging.unmerge(session, number, who)
    return schemas.OrderOut.model_validate(queries.shown(session, order, who).order)


@router.get("/{number}/relations", summary="What belongs to a work order")
def get_relations(number: str, session: SessionDep, who: PrincipalDep) -> shapes.RelationsOut:
    """Orders split from it, the same again, related ones, and the incident over it, of what one may see."""
    return shapes.RelationsOut.of(relating.relations(session, number, who))


@router.post("/{number}/relations", status_code=201, dependencies=[MANAGE], summary="Relate two work orders")
def add_relation(number: str, body: shapes.RelationIn, session: SessionDep, who: PrincipalDep) -> shapes.RelationsOut:
    """Saying it again changes nothing."""
    return shapes.RelationsOut.of(relating.say_related(session, number, body.number, body.kind, who))


@router.delete("/{number}/relations/{other}", dependencies=[MANAGE], summary="Take a relation back")
def remove_relation(
    number: str,
    other: str,
    session: SessionDep,
    who: PrincipalDep,
    kind: Annotated[Literal["again", "related"], Query()] = "related",
) -> shapes.RelationsOut:
    """One that is not there changes nothing."""
    return shapes.RelationsOut.of(relating.say_unrelated(session, number, other, kind, who))


@incident_router.get("", dependencies=[READ], summary="List incidents")
def list_incidents(
    session: SessionDep,
    who: PrincipalDep,
    state: Annotated[Literal["open", "resolved", "closed"] | None, Query()] = None,
    community: Annotated[str | None, Query(max_length=32)] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> shapes.IncidentPage:
    """A page of incidents of one's estates, newest first."""
    community_id = estate.filter_id(session, community, who.staff_community_ids)
    page = incident_views.listed(session, state, community_id, decode_int(cursor), limit)
    return shapes.IncidentPage(items=[shapes.IncidentOut.of(i) for i in page.items], next=page.next)


@incident_router.get("/enums", summary="Values of incidents and their titles")
def enums(_who: PrincipalDep) -> shapes.IncidentEnumsOut:
    """States, and what can be an incident."""
    return shapes.IncidentEnumsOut.all()


@incident_router.get("/proposals", dependencies=[READ], summary="What may be an incident")
def list_proposals(session: SessionDep, who: PrincipalDep) -> shapes.ProposalsOut:
    """Orders of the last minutes that look like one thing and lie under no incident."""
    found = incident_views.proposals(session, who)
    return shapes.ProposalsOut(items=[shapes.ProposalOut.model_validate(p) for p in found])


@incident_router.post("", status_code=201, dependencies=[MANAGE], summary="Open an incident")
def open_incident(
    body: shapes.IncidentIn, session: SessionDep, who: PrincipalDep, key: Key = None
) -> shapes.IncidentDetail:
    """With the orders named and those of the last minutes that its rule finds in the area."""
    community_id = estate.community_by_code(session, body.community, who.staff_community_ids).id
    new = NewIncident(community_id, body.category, body.area(), body.title or "", body.expected_at, body.message)
    made = incidents.open_by_hand(session, new, body.orders, who, key)
    return shapes.IncidentDetail.of_all(incident_views.shown(session, made, who))


@incident_router.get("/{number}", dependencies=[READ], summary="One incident")
def get_incident(number: str, session: SessionDep, who: PrincipalDep) -> shapes.IncidentDetail:
    """With its orders and history."""
    return shapes.IncidentDetail.of_all(incident_views.one(session, number, who))


@incident_router.post("/{number}/orders", dependencies=[MANAGE], summary="Put orders under an incident")
def add_orders(
    number: str, body: shapes.IncidentOrdersIn, session: SessionDep, who: PrincipalDep
) -> shapes.IncidentDetail:
    """Their technicians are called back, their reporters told; emergencies are refused."""
    made = incidents.add_orders(session, number, body.orders, who)
    return shapes.IncidentDetail.of_all(incident_views.shown(session, made, who))


@incident_router.delete("/{number}/orders/{order}", dependencies=[MANAGE], summary="Take an order out")
def remove_order(number: str, order: str, session: SessionDep, who: PrincipalDep) -> shapes.IncidentDetail:
    """It is something else: a technician is sent for it."""
    made = incidents.detach(session, number, order, who)
    return shapes.IncidentDetail.of_all(incident_views.shown(session, made, who))


@incident_router.post("/{number}/updates", status_code=201, dependencies=[MANAGE], summary="Tell all reporters")
def tell_all(
    number: str, body: shapes.IncidentUpdateIn, session: SessionDep, who: PrincipalDep, key: Key = None
) -> shapes.IncidentDetail:
    """One update to the reporters of all its orders, each once."""
    made = incidents.say(session, number, body.text, body.expected_at, who, key)
    return shapes.IncidentDetail.of_all(incident_views.shown(session, made, who))


@incident_router.post("/{number}/resolve", dependencies=[MANAGE], summary="Resolve an incident")
def resolve_incident(
    number: str, body: shapes.ResolveIn, session: SessionDep, who: PrincipalDep
) -> shapes.IncidentDetail:
    """All its orders are finished and each home is asked; who says no gets a technician."""
    made = incidents.resolve(session, number, body.note, who)
    return shapes.IncidentDetail.of_all(incident_views.shown(session, made, who))


@incident_router.post("/{number}/close", dependencies=[MANAGE], summary="Close an incident")
def close_incident(number: str, session: SessionDep, who: PrincipalDep) -> shapes.IncidentDetail:
    """A resolved one closes by itself when every home has answered; this does not wait for them."""
    made = incidents.close(session, number, who)
    return shapes.IncidentDetail.of_all(incident_views.shown(session, made, who))
