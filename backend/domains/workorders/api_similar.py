"""Routes for what may be the same fault: suggestions for staff, and what people said about them."""

from fastapi import APIRouter

from backend.domains.workorders import schemas_similar as schemas
from backend.domains.workorders import service
from backend.kit.http import PrincipalDep, SessionDep

router = APIRouter()


@router.get("/{number}/similar", summary="Orders that may be the same fault")
def similar(number: str, session: SessionDep, who: PrincipalDep) -> schemas.BesideOut:
    """Orders at this place, or perhaps at it, that were told in like words; and those said to be other faults."""
    return schemas.BesideOut.model_validate(service.similar(session, number, who))


@router.post("/{number}/similar/dismissals", summary="Say that another order is another fault")
def dismiss(number: str, body: schemas.DismissalIn, session: SessionDep, who: PrincipalDep) -> schemas.BesideOut:
    """Remembered for both orders and never suggested again; saying it again changes nothing."""
    return schemas.BesideOut.model_validate(service.say_different(session, number, body.number, who))
