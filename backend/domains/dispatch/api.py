"""Routes of dispatch: rules of an estate, shifts and leave, positions of technicians."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response
from sqlalchemy.orm import Session

from backend.domains.dispatch import schemas, service
from backend.domains.dispatch.domain import Span
from backend.domains.estate import service as estate
from backend.kit.auth import Principal
from backend.kit.fields import LARGEST_ID
from backend.kit.http import PrincipalDep, SessionDep, requires
from backend.kit.problems import InvalidInput

router = APIRouter(prefix="/dispatch", tags=["dispatch"])
LeaveId = Annotated[int, Path(ge=1, le=LARGEST_ID)]
Community = Annotated[str, Query(max_length=32)]
DESK = requires("workorders.manage")
MANAGER = requires("dispatch.manage")


def _estate_id(session: Session, code: str, who: Principal) -> int:
    return estate.community_by_code(session, code, who.staff_community_ids).id


@router.get("/rules", dependencies=[MANAGER], summary="How orders are dispatched")
def get_rules(community: Community, session: SessionDep, who: PrincipalDep) -> schemas.RulesOut:
    """One rule for each category: grab, assign or auto; how long an offer stands; how long the work usually takes."""
    found = service.rules(session, _estate_id(session, community, who))
    return schemas.RulesOut(community=community, rules=[schemas.rule_out(r) for r in found.values()])


@router.put("/rules", dependencies=[MANAGER], summary="Set how orders are dispatched")
def put_rules(body: schemas.RulesIn, session: SessionDep, who: PrincipalDep) -> schemas.RulesOut:
    """Set the rules of some categories. Emergencies are dispatched at once whatever the mode."""
    community_id = _estate_id(session, body.community, who)
    found = service.put_rules(session, community_id, [r.to_rule() for r in body.rules])
    return schemas.RulesOut(community=body.community, rules=[schemas.rule_out(r) for r in found.values()])


@router.get("/shifts", dependencies=[DESK], summary="Who works when")
def get_shifts(community: Community, session: SessionDep, who: PrincipalDep) -> schemas.ShiftsOut:
    """The technicians of an estate with their shifts and their leave from now on."""
    return _shifts(session, community, _estate_id(session, community, who))


def _shifts(session: Session, community: str, community_id: int) -> schemas.ShiftsOut:
    found = service.person_rosters(session, community_id)
    return schemas.ShiftsOut(community=community, items=[schemas.person_out(p) for p in found])


@router.put("/shifts", dependencies=[DESK], summary="Set the shifts of a technician")
def put_shifts(body: schemas.ShiftsIn, session: SessionDep, who: PrincipalDep) -> schemas.ShiftsOut:
    """Replace all the shifts of a technician; an empty list means that nobody keeps a roster for them."""
    community_id = _estate_id(session, body.community, who)
    for number, shift in enumerate(body.shifts):
        if not shift.weekdays and shift.day is None:
            raise InvalidInput(errors=[{"field": f"shifts.{number}.weekdays", "message": "请选星期几，或某一天"}])
    service.put_shifts(session, community_id, body.person_id, [s.to_shift() for s in body.shifts])
    session.flush()
    return _shifts(session, body.community, community_id)


@router.post("/leaves", status_code=201, dependencies=[DESK], summary="Enter leave")
def add_leave(body: schemas.LeaveIn, session: SessionDep, who: PrincipalDep) -> schemas.LeaveOut:
    """A technician is away; orders that they have not accepted go to others."""
    community_id = _estate_id(session, body.community, who)
    span = Span(body.starts, body.ends)
    return schemas.leave_out(service.add_leave(session, community_id, body.person_id, span, body.reason))


@router.delete("/leaves/{leave_id}", status_code=204, dependencies=[DESK], summary="Take leave back")
def remove_leave(leave_id: LeaveId, session: SessionDep, _who: PrincipalDep) -> Response:
    """The technician comes after all, or is back early."""
    service.remove_leave(session, leave_id)
    return Response(status_code=204)


@router.post("/position", dependencies=[requires("workorders.work")], summary="Say where one is")
def report_position(body: schemas.PositionIn, session: SessionDep, who: PrincipalDep) -> schemas.PositionOut:
    """The phone of a technician says where it is. Only the last place is kept, and only while they work."""
    seen = service.Seen((body.lat, body.lng), body.accuracy_m, body.source)
    return schemas.PositionOut(kept=service.report_position(session, seen, who))
