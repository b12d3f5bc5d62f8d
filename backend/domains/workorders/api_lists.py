"""Routes of the lists that the desk works with."""

from collections.abc import Iterator
from datetime import date
from typing import IO, Annotated
from urllib.parse import quote

from fastapi import APIRouter, Header, Query, Response
from fastapi.responses import StreamingResponse

from backend.domains.estate import service as estate
from backend.domains.workorders import schemas_lists as schemas
from backend.domains.workorders import service
from backend.domains.workorders.filtering import FilterDep, SortBy, require_readable, sorted_by
from backend.domains.workorders.service import Filter
from backend.kit import clock
from backend.kit.auth import Principal
from backend.kit.fields import Day, SoughtId
from backend.kit.http import PrincipalDep, SessionDep, requires, written
from backend.kit.problems import InvalidInput

router = APIRouter()
READS, MANAGES = requires("workorders.read"), requires("workorders.manage")
Community = Annotated[str | None, Query(max_length=32)]
Key = Annotated[str | None, Header(alias="Idempotency-Key", max_length=128)]
DAYS_AT_MOST = 42
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PIECE_BYTES = 64 * 1024


@router.get("/count", summary="How many orders a filter finds")
def count(session: SessionDep, wanted: FilterDep) -> schemas.CountOut:
    """The number of orders one may see of a filter; counting stops at some thousands."""
    total, more = service.total(session, wanted)
    return schemas.CountOut(total=total, more=more)


@router.get("/board", response_model=schemas.BoardOut, dependencies=[READS], summary="Orders by state")
def board(session: SessionDep, wanted: FilterDep, ended: bool = False) -> Response:
    """Each state with its count and first orders: the most urgent and earliest promised, with ``ended`` also what is over."""
    columns = service.board(session, wanted, ended)
    return written(schemas.BoardOut(columns=[schemas.BoardColumnOut.model_validate(c) for c in columns]))


@router.get(
    "/export.xlsx",
    dependencies=[READS],
    summary="The list as a spreadsheet",
    response_class=StreamingResponse,
    responses={200: {"content": {SPREADSHEET: {}}, "description": "Up to 50,000 rows; phones are masked"}},
)
def export(session: SessionDep, wanted: FilterDep, sort: SortBy = "newest") -> StreamingResponse:
    """The orders of a filter as Excel reads them."""
    file = service.sheet(session, wanted, sorted_by(sort, wanted))
    name = quote(f"工单-{clock.local_day(clock.now())}.xlsx")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
    return StreamingResponse(_pieces(file), media_type=SPREADSHEET, headers=headers)


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while piece := file.read(PIECE_BYTES):
            yield piece


@router.get("/map", dependencies=[READS], summary="What is open in which building")
def map_of(session: SessionDep, who: PrincipalDep, community: Annotated[str, Query(max_length=32)]) -> schemas.MapOut:
    """The buildings of an estate, their units and floors, with what is open, late and how urgent the worst is."""
    here = estate.community_by_code(session, community, who.staff_community_ids)
    found, outside = service.map_of(session, here.id)
    return schemas.MapOut(
        community=here.code,
        buildings=[
            schemas.HouseOut(
                number=h.number,
                units=h.units,
                floors=h.floors,
                open=h.whole.open,
                late=h.whole.late,
                urgency=h.whole.urgency,
                cells=[
                    schemas.CellOut(unit=unit, floor=floor, open=t.open, late=t.late, urgency=t.urgency)
                    for (unit, floor), t in h.cells.items()
                ],
            )
            for h in found
        ],
        outside=schemas.TallyOut.model_validate(outside),
    )


@router.get("/calendar", dependencies=[READS], summary="Orders by the time promised")
def calendar(
    session: SessionDep,
    who: PrincipalDep,
    first: Annotated[Day, Query(alias="from")],
    last: Annotated[Day, Query(alias="to", description="last calendar day")],
    technician: SoughtId | None = None,
    community: Community = None,
) -> schemas.CalendarOut:
    """Orders that are promised or wished for on some days, earliest first."""
    start, end = _span(first, last)
    here = estate.filter_id(session, community, who.staff_community_ids)
    days = (clock.day_of(start)[0], clock.day_of(end)[1])
    return schemas.CalendarOut.model_validate(service.calendar(session, *days, here, technician))


def _span(first: date, last: date) -> tuple[date, date]:
    if not 0 <= (last - first).days < DAYS_AT_MOST:
        raise InvalidInput(
            f"请选 {DAYS_AT_MOST} 天以内的日期。", errors=[{"field": "to", "message": f"要在 {DAYS_AT_MOST} 天以内"}]
        )
    return first, last


@router.get("/technicians", dependencies=[READS], summary="Technicians and what they have in hand")
def technicians(session: SessionDep, who: PrincipalDep, community: Community = None) -> schemas.LoadsOut:
    """Each technician of one's estates: in hand by state, late, finished today, what they are at and go to next."""
    here = estate.filter_id(session, community, who.staff_community_ids)
    ids = sorted(who.staff_community_ids) if here is None else [here]
    wanted = Filter(statuses=("triaged", "reopened"), community_id=here, unassigned=True)
    return schemas.LoadsOut(
        items=[
            schemas.LoadOut.model_validate(
                {
                    **{name: getattr(load, name) for name in schemas.LoadOut.model_fields if hasattr(load, name)},
                    "skill_titles": [service.CATEGORIES.get(s, s) for s in load.skills],
                }
            )
            for load in service.loads(session, ids, who)
        ],
        waiting=service.total(session, wanted)[0],
    )


@router.get("/filters", dependencies=[READS], summary="Saved lists")
def saved_filters(session: SessionDep, who: PrincipalDep) -> schemas.SavedFiltersOut:
    """One's own saved lists and those that colleagues share."""
    items = [schemas.SavedFilterOut.model_validate(s) for s in service.saved(session, who)]
    return schemas.SavedFiltersOut(items=items)


@router.post("/filters", status_code=201, dependencies=[READS], summary="Save a list")
def save_filter(body: schemas.SavedFilterIn, session: SessionDep, who: PrincipalDep) -> schemas.SavedFilterOut:
    """Keep what a list's address says under a name; one's own of that name is replaced."""
    shared_in = _shared_in(session, body.community, who) if body.shared else None
    query = {str(name): values for name, values in body.query.items()}
    require_readable(query)
    return schemas.SavedFilterOut.model_validate(service.save(session, body.name, query, shared_in, who))


def _shared_in(session: SessionDep, code: str | None, who: Principal) -> int:
    if code is None and len(who.staff_community_ids) == 1:
        return next(iter(who.staff_community_ids))
    if code is None:
        raise InvalidInput("请先选一个小区，再共享给那里的同事。", errors=[{"field": "community", "message": "必填"}])
    return estate.community_by_code(session, code, who.staff_community_ids).id


@router.delete("/filters/{filter_id}", status_code=204, dependencies=[READS], summary="Forget a saved list")
def forget_filter(filter_id: SoughtId, session: SessionDep, who: PrincipalDep) -> Response:
    """Drop one of one's own saved lists."""
    service.forget(session, filter_id, who)
    return Response(status_code=204)


@router.post("/bulk", dependencies=[MANAGES], summary="Change several orders")
def change_several(body: schemas.BulkIn, session: SessionDep, who: PrincipalDep, key: Key = None) -> schemas.BulkOut:
    """Each order by itself: done, or refused with the reason. The same Idempotency-Key gives the same answer."""
    return schemas.BulkOut.model_validate(service.change(session, body.to_wanted(), who, key))


@router.post("/bulk/{change_id}/undo", dependencies=[MANAGES], summary="Take back a change of several orders")
def undo_several(change_id: SoughtId, session: SessionDep, who: PrincipalDep) -> schemas.BulkOut:
    """What can be taken back is, where nobody has changed the order since."""
    return schemas.BulkOut.model_validate(service.undo(session, change_id, who))
