"""Routes of the equipment ledger."""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from sqlalchemy.orm import Session

from backend.domains.equipment import service
from backend.domains.equipment.schemas import AssetIn, AssetOut, AssetPage, AssetPatch, KindOut
from backend.domains.estate import service as estate
from backend.kit.fields import LARGEST_ID, Sought
from backend.kit.http import PrincipalDep, SessionDep, requires
from backend.kit.paging import Cursor, Limit, decode_int, page_of

router = APIRouter(prefix="/equipment", tags=["equipment"])
AssetId = Annotated[int, Path(ge=1, le=LARGEST_ID)]


def _out(session: Session, a: service.AssetView) -> AssetOut:
    code = estate.community(session, a.community_id).code
    where = estate.Location(code, a.building, a.unit, a.floor, None, a.place)
    return AssetOut(
        id=a.id,
        code=a.code,
        name=a.name,
        aliases=list(a.aliases),
        kind=a.kind,
        kind_title=service.KINDS.get(a.kind, a.kind),
        community=code,
        building=a.building,
        unit=a.unit,
        floor=a.floor,
        place=a.place,
        place_text=estate.in_words(where),
        status=a.status,
        status_title=service.STATUSES.get(a.status, a.status),
    )


@router.get("", dependencies=[requires("equipment.read")], summary="List equipment")
def list_equipment(
    session: SessionDep,
    who: PrincipalDep,
    q: Sought = None,
    community: Annotated[str | None, Query(max_length=32)] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> AssetPage:
    """A page of the ledger, filtered by words and estate."""
    community_id = estate.filter_id(session, community, who.staff_community_ids)
    found = service.search(session, q, community_id, decode_int(cursor), limit + 1)
    page = page_of(found, limit, lambda a: a.id)
    return AssetPage(items=[_out(session, a) for a in page.items], next=page.next)


@router.get("/kinds", summary="Kinds of equipment")
def list_kinds(_who: PrincipalDep) -> list[KindOut]:
    """The kinds an asset can have."""
    return [KindOut(value=k, title=t) for k, t in service.KINDS.items()]


@router.get("/{asset_id}", dependencies=[requires("equipment.read")], summary="One piece of equipment")
def one(asset_id: AssetId, session: SessionDep, _who: PrincipalDep) -> AssetOut:
    """An asset of one's estates."""
    return _out(session, service.get(session, asset_id))


@router.patch("/{asset_id}", dependencies=[requires("equipment.manage")], summary="Correct equipment")
def edit_equipment(asset_id: AssetId, body: AssetPatch, session: SessionDep, _who: PrincipalDep) -> AssetOut:
    """Correct an asset, or put it out of use or back."""
    return _out(session, service.edit(session, asset_id, body.to_command()))


@router.post("", status_code=201, dependencies=[requires("equipment.manage")], summary="Add equipment")
def add_equipment(body: AssetIn, session: SessionDep, who: PrincipalDep) -> AssetOut:
    """Enter an asset into the ledger. It is understood in chat at once."""
    community_id = estate.community_by_code(session, body.community, who.staff_community_ids).id
    return _out(session, service.add(session, community_id, body.to_command()))
