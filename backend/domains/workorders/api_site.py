"""The route for the place of an order."""

from fastapi import APIRouter

from backend.domains.workorders.schemas_site import SiteOut
from backend.domains.workorders.service.work.site import site
from backend.kit.http import PrincipalDep, SessionDep

router = APIRouter()


@router.get("/{number}/site", summary="Where a work order is, and who could come along")
def get_site(number: str, session: SessionDep, who: PrincipalDep) -> SiteOut:
    """The building's position where it is known, and the estate's other technicians; for who works on the order."""
    return SiteOut.of(site(session, number, who))
