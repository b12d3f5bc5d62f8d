"""Routes of clocks: targets, business hours, the calendar, and how promises were kept."""

from typing import Annotated

from fastapi import APIRouter, Query
from sqlalchemy.orm import Session

from backend.domains.clocks import schemas, service
from backend.domains.estate import service as estate
from backend.kit.auth import Principal
from backend.kit.http import PrincipalDep, SessionDep, requires

router = APIRouter(prefix="/clocks", tags=["clocks"])
READ, MANAGE = requires("workorders.read"), requires("clocks.manage")
Code = Annotated[str | None, Query(max_length=32)]
YEARS = Query(ge=2000, le=2100)


def _shown(session: Session, code: str | None, community_id: int | None) -> schemas.TargetsOut:
    def fields(of: int | None) -> list[schemas.TargetFields]:
        found = service.listed(session, of)
        return [
            schemas.TargetFields(
                **{name: getattr(target, name) for name in schemas.TargetFields.model_fields},
            )
            for target in found
        ]

    own = [] if community_id is None else fields(community_id)
    return schemas.TargetsOut(community=code, items=own, defaults=fields(None))


def _estate(session: Session, code: str, who: Principal) -> int:
    return estate.community_by_code(session, code, who.staff_community_ids).id


@router.get("/targets", dependencies=[READ], summary="How fast things must be")
def get_targets(session: SessionDep, who: PrincipalDep, community: Code = None) -> schemas.TargetsOut:
    """The targets of an estate, and those of the company that hold where it has none."""
    return _shown(session, community, _estate(session, community, who) if community else None)


@router.put("/targets", dependencies=[MANAGE], summary="Change how fast things must be")
def put_targets(body: schemas.TargetsIn, session: SessionDep, who: PrincipalDep) -> schemas.TargetsOut:
    """All targets of an estate, or of the company, at once; they hold for what is reported from now on."""
    here = _estate(session, body.community, who) if body.community else None
    service.put(session, here, [item.to_target() for item in body.items], who)
    return _shown(session, body.community, here)


@router.get("/hours", dependencies=[READ], summary="Business hours of an estate")
def get_hours(
    session: SessionDep, who: PrincipalDep, community: Annotated[str, Query(max_length=32)]
) -> schemas.HoursOut:
    """When the estate works on workdays."""
    return schemas.hours_out(community, service.hours(session, _estate(session, community, who)))


@router.put("/hours", dependencies=[MANAGE], summary="Change the business hours of an estate")
def put_hours(body: schemas.HoursIn, session: SessionDep, who: PrincipalDep) -> schemas.HoursOut:
    """They hold for what is reported from now on."""
    changed = service.put_hours(session, _estate(session, body.community, who), body.to_hours())
    return schemas.hours_out(body.community, changed)


@router.get("/calendar", dependencies=[READ], summary="Special days of a year")
def get_calendar(session: SessionDep, _who: PrincipalDep, year: Annotated[int, YEARS]) -> schemas.YearOut:
    """Days off, days worked instead and festivals; a warning for a year that has not been published or imported."""
    return schemas.year_out(service.year(session, year))


@router.put("/calendar", dependencies=[MANAGE], summary="Import the special days of a year")
def put_calendar(body: schemas.YearIn, session: SessionDep, who: PrincipalDep) -> schemas.YearOut:
    """All special days of a year in place of those that are there."""
    return schemas.year_out(service.put_year(session, body.year, body.to_days(), who))


@router.get("/promises", dependencies=[READ], summary="How promises were kept")
def promises(
    session: SessionDep, who: PrincipalDep, community: Code = None, days: Annotated[int, Query(ge=1, le=366)] = 30
) -> schemas.KeptOut:
    """Arrivals within what was promised first; those still awaited and overdue were missed, cancelled ones do not count."""
    here = estate.filter_id(session, community, who.staff_community_ids)
    return schemas.KeptOut.model_validate(service.kept(session, here, days))
