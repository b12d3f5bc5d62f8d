"""Routes of the estate: find a home by its address."""

from typing import Annotated

from fastapi import APIRouter, Query

from backend.domains.estate import service
from backend.domains.estate.schemas import RoomOut, RoomPage
from backend.kit.fields import Sought
from backend.kit.http import PrincipalDep, SessionDep, requires

router = APIRouter(prefix="/rooms", tags=["estate"])


@router.get("", dependencies=[requires("people.read")], summary="Find rooms")
def find_rooms(
    session: SessionDep,
    who: PrincipalDep,
    q: Sought = None,
    community: Annotated[str | None, Query(max_length=32)] = None,
    limit: Annotated[int, Query(ge=1, le=50)] = 10,
) -> RoomPage:
    """Rooms of one's estates whose address begins with the words, in any writing (三号楼1201, 3-2-1201, 1201)."""
    here = service.filter_id(session, community, who.staff_community_ids)
    found = service.find_rooms(session, q) if q else []
    mine = [r for r in found if here is None or r.community_id == here]
    return RoomPage(items=[RoomOut(id=r.id, community=r.home.community, label=r.label) for r in mine[:limit]])
