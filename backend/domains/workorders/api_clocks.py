"""Routes for the clocks of an order and for what was promised."""

from fastapi import APIRouter

from backend.domains.workorders import schemas_clocks as schemas
from backend.domains.workorders import service
from backend.kit.http import PrincipalDep, SessionDep

router = APIRouter()


@router.get("/{number}/clocks", summary="Clocks of a work order")
def order_clocks(number: str, session: SessionDep, _who: PrincipalDep) -> list[schemas.ClockOut]:
    """By when it must be taken, somebody be there and the work be done, with what came of it; rounds of rework too."""
    found = service.clocks_of(session, service.get(session, number))
    return [schemas.clock_out(view) for view in found]


@router.get("/{number}/promise", summary="What was promised about a work order")
def order_promise(number: str, session: SessionDep, _who: PrincipalDep) -> schemas.PromiseOut | None:
    """The first promise, and what the owner was told when it would hardly be kept; null for older orders."""
    found = service.promise_of(session, service.get(session, number))
    return schemas.PromiseOut.model_validate(found) if found else None
