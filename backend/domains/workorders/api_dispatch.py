"""Routes about who could do an order."""

from fastapi import APIRouter

from backend.domains.workorders import schemas_dispatch as schemas
from backend.domains.workorders import service
from backend.kit.http import PrincipalDep, SessionDep

router = APIRouter()


@router.get("/{number}/candidates", summary="Who could do a work order")
def candidates(number: str, session: SessionDep, who: PrincipalDep) -> schemas.CandidatesOut:
    """The technicians of the estate, the best first, with the reasons in words (desk)."""
    return schemas.CandidatesOut.model_validate(service.candidates(session, number, who))
