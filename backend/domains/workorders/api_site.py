"""The route for the place of an order."""

from fastapi import APIRouter

from backend.domains.workorders.schemas_site import SiteOut
from backend.domains.workorders.service.work.site import site
from backend.kit.http import PrincipalDep, SessionDep

router = APIRouter()


@router.get("/{number}/site", summary="Where a work order is")
def get_site(number: str, session: SessionDep, who: PrincipalDep) -> SiteOut:
    """The address, and the building's position where it is known; for who works on the order."""
    return SiteOut.of(site(session, number, who))
