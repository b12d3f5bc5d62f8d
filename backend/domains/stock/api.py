"""Routes of the store and the price list."""

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, File, Form, Header, Path, Query, Request, Response, UploadFile
from sqlalchemy.orm import Session

from backend.domains.estate import service as estate
from backend.domains.stock import service, sheet
from backend.domains.stock.domain import Cause, to_milli
from backend.domains.stock.schemas import (
    ImportedOut,
    ItemIn,
    ItemOut,
    ItemPage,
    ItemPatch,
    MovementIn,
    MovementOut,
    MovementPage,
    PriceIn,
    PriceList,
    PriceOut,
)
from backend.kit import db, once
from backend.kit.fields import CODE_PATTERN, LARGEST_ID, Sought
from backend.kit.http import PrincipalDep, SessionDep, TokenDep, authenticate, requires
from backend.kit.paging import Cursor, Limit, decode_int, page_of
from backend.kit.problems import InvalidInput
from backend.settings import get_settings

router = APIRouter(prefix="/stock", tags=["stock"])
READ, MANAGE, PRICES = "stock.read", "stock.manage", "prices.manage"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ItemId = Annotated[int, Path(ge=1, le=LARGEST_ID)]
PriceCode = Annotated[str, Path(max_length=32, pattern=CODE_PATTERN)]
Community = Annotated[str | None, Query(max_length=32)]
Key = Annotated[str | None, Header(alias="Idempotency-Key", max_length=128)]


def _out(session: Session, item: service.ItemView) -> ItemOut:
    return ItemOut.of(item, estate.community(session, item.community_id).code)


@router.get("/items", dependencies=[requires(READ)], summary="List what is in store")
def list_items(
    session: SessionDep,
    who: PrincipalDep,
    q: Sought = None,
    community: Community = None,
    low: bool = False,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> ItemPage:
    """A page of the store; ``q`` finds names, codes and what technicians say, ``low`` what has to be bought."""
    community_id = estate.filter_id(session, community, who.staff_community_ids)
    page = page_of(service.search(session, q, community_id, low, decode_int(cursor), limit + 1), limit, lambda i: i.id)
    return ItemPage(items=[_out(session, item) for item in page.items], next=page.next)


@router.post("/items", status_code=201, dependencies=[requires(MANAGE)], summary="Enter an item")
def add_item(body: ItemIn, session: SessionDep, who: PrincipalDep) -> ItemOut:
    """Enter an item with nothing on hand."""
    here = estate.community_by_code(session, body.community, who.staff_community_ids)
    return _out(session, service.add(session, here.id, body.to_command()))


@router.get(
    "/items/export", dependencies=[requires(READ)], summary="The store as an Excel file", response_class=Response
)
def export_items(session: SessionDep, who: PrincipalDep, community: Annotated[str, Query(max_length=32)]) -> Response:
    """All items of an estate; texts that a spreadsheet would take for formulas stand behind an apostrophe."""
    here = estate.community_by_code(session, community, who.staff_community_ids)
    name = quote(f"{here.name}库存.xlsx")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}", "X-Content-Type-Options": "nosniff"}
    return Response(sheet.write(service.of_community(session, here.id)), media_type=XLSX, headers=headers)


@router.post("/items/import", summary="Enter items from an Excel file")
def import_items(
    request: Request,
    token: TokenDep,
    file: Annotated[UploadFile, File(description="an .xlsx file with the headings of the export")],
    community: Annotated[str, Form(max_length=32)],
) -> ImportedOut:
    """Enter and correct items by their codes: all rows or none. What is on hand is not taken from the file."""
    load = request.app.state.load_principal
    with db.transaction(read_only=True) as session:  # reading takes a while; nobody else may wait for it
        who = authenticate(session, token, load)
        who.require(MANAGE)
        estate.community_by_code(session, community, who.staff_community_ids)
    items = sheet.read(file.file.read(get_settings().upload_limit_bytes + 1))
    with db.transaction() as session:
        who = authenticate(session, token, load)
        who.require(MANAGE)
        here = estate.community_by_code(session, community, who.staff_community_ids)
        return ImportedOut(**service.put_all(session, here.id, items))


@router.get("/items/{item_id}", dependencies=[requires(READ)], summary="One item")
def one_item(item_id: ItemId, session: SessionDep, _who: PrincipalDep) -> ItemOut:
    """An item of one's estates."""
    return _out(session, service.get(session, item_id))


@router.patch("/items/{item_id}", dependencies=[requires(MANAGE)], summary="Correct an item")
def edit_item(item_id: ItemId, body: ItemPatch, session: SessionDep, _who: PrincipalDep) -> ItemOut:
    """Correct an item, or put it out of use or back."""
    return _out(session, service.edit(session, item_id, body.to_command()))


@router.get("/items/{item_id}/movements", dependencies=[requires(READ)], summary="The ledger of an item")
def list_movements(
    item_id: ItemId, session: SessionDep, _who: PrincipalDep, limit: Limit = 50, cursor: Cursor = None
) -> MovementPage:
    """What came, went, was returned and counted, newest first."""
    page = page_of(service.page(session, item_id, decode_int(cursor), limit + 1), limit, lambda m: m.id)
    return MovementPage(items=[MovementOut.of(m) for m in page.items], next=page.next)


@router.post("/movements", status_code=201, dependencies=[requires(MANAGE)], summary="Take in or count")
def add_movement(body: MovementIn, session: SessionDep, who: PrincipalDep, key: Key = None) -> MovementOut:
    """Write a line of the ledger; the same Idempotency-Key writes it once."""
    item = service.get(session, body.item_id)
    if body.kind == "in" and not body.quantity:
        raise InvalidInput(errors=[{"field": "quantity", "message": "要大于零"}])
    once.claim(session, who.person_id, "movement", key, body.model_dump(mode="json"))
    book = {"in": service.enter, "adjust": service.count}[body.kind]
    cause = Cause(body.reason, key=f"{who.person_id}:{key}" if key else None)
    return MovementOut.of(book(session, item.id, to_milli(body.quantity), who, cause))


@router.get("/prices", dependencies=[requires(READ)], summary="The price list")
def list_prices(
    session: SessionDep, who: PrincipalDep, community: Community = None, q: Sought = None, all: bool = False
) -> PriceList:
    """What paid repairs in a home cost; ``all`` shows also what is not offered any more."""
    community_id = estate.filter_id(session, community, who.staff_community_ids)
    found = service.listed(session, community_id, q, all)
    codes = {i: estate.community(session, i).code for i in {p.community_id for p in found}}
    return PriceList(items=[PriceOut.of(p, codes[p.community_id]) for p in found])


@router.put("/prices/{code}", dependencies=[requires(PRICES)], summary="Set a price")
def put_price(code: PriceCode, body: PriceIn, session: SessionDep, who: PrincipalDep) -> PriceOut:
    """Make a line of the price list be so; ``active: false`` takes it off the list. Quotes that were made stay."""
    here = estate.community_by_code(session, body.community, who.staff_community_ids)
    return PriceOut.of(service.put(session, here.id, body.to_command(code.upper())), here.code)
