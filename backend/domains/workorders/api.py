"""Routes of work orders."""

from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Header, Response
from sqlalchemy.orm import Session

from backend.domains.estate import service as estate
from backend.domains.identity import service as identity
from backend.domains.workorders import (
    api_acceptance,
    api_clocks,
    api_costs,
    api_dispatch,
    api_incidents,
    api_lists,
    api_similar,
    api_site,
    api_work,
    schemas,
    service,
)
from backend.domains.workorders.filtering import FilterDep, SortBy, sorted_by
from backend.domains.workorders.service import OrderWithHistory, Status
from backend.kit import once
from backend.kit.auth import Principal
from backend.kit.http import PrincipalDep, SessionDep, written
from backend.kit.paging import Cursor, Limit
from backend.kit.problems import Forbidden, InvalidInput
from backend.kit.scope import system_scope

router = APIRouter(prefix="/work-orders", tags=["work orders"])
Key = Annotated[str | None, Header(alias="Idempotency-Key", max_length=128)]
router.include_router(api_work.router)
router.include_router(api_acceptance.router)


def detail(session: Session, found: OrderWithHistory) -> schemas.OrderDetail:
    """Return the order with its history as the API gives it."""
    order = schemas.OrderOut.model_validate(found.order)
    lines = [
        schemas.TimelineOut(
            at=e.at,
            actor=schemas.ActorOut(name=e.actor_name, kind=e.actor_kind),
            kind=e.kind,
            title=e.title,
            text=e.text,
            from_status=e.from_status,
            to_status=e.to_status,
        )
        for e in found.timeline
    ]
    return schemas.OrderDetail(**order.model_dump(), timeline=lines, conversation_id=found.conversation_id)


@router.post("/reports", summary="Report what a message says")
def report(body: schemas.ReportIn, session: SessionDep, who: PrincipalDep, key: Key = None) -> schemas.ReportedOut:
    """Open an order for each fault of a message or join the one that is there; or return the question that comes first."""
    sent = service.Sent(tuple(body.attachments), f"{who.person_id}:{key}" if key else None)
    if body.separate_from:
        made = service.Reported([service.report_separately(session, body.separate_from, who)], None)
    else:
        made = service.report_items(session, [i.to_item() for i in body.items], who, sent, body.answer)
    if made.orders or made.known:
        once.claim(session, who.person_id, "reports", key, body.model_dump())
    return schemas.ReportedOut(
        orders=[
            detail(session, service.shown(session, o, who)).model_copy(update={"answer": made.answers.get(o.number)})
            for o in made.orders
        ],
        known=[
            schemas.KnownOut(order=detail(session, service.shown(session, k.order, who)), own=k.own) for k in made.known
        ],
        question=schemas.QuestionOut.model_validate(made.question) if made.question else None,
    )


@router.post("", status_code=201, summary="Open a work order")
def open_order(body: schemas.OrderIn, session: SessionDep, who: PrincipalDep, key: Key = None) -> schemas.OrderDetail:
    """Open an order for oneself or, by the desk, for ``reporter``. The same Idempotency-Key gives the same order."""
    once.claim(session, who.person_id, "order", key, body.model_dump())
    speaker = _reporter(session, body, who)
    location, scope, asset_id = _location(session, body, speaker)
    wanted = schemas.to_report(body, location, scope, asset_id)
    wanted = replace(wanted, source_key=f"{who.person_id}:{key}" if key else None)
    if speaker.person_id != who.person_id:
        wanted = replace(wanted, reporter_id=speaker.person_id)
    order = service.report(session, wanted, who)
    return detail(session, service.shown(session, order, who))


def _reporter(session: Session, body: schemas.OrderIn, who: Principal) -> Principal:
    if not body.reporter:
        return who
    if not who.is_desk:
        raise Forbidden("只有客服可以替别人报修。")
    found = [p for p in identity.search(session, body.reporter, [], None, 50)
             if p.username == body.reporter]  # fmt: skip
    if not found:
        raise InvalidInput(errors=[{"field": "reporter", "message": "没有这个人"}])
    with system_scope(session):
        return identity.load_principal(session, identity.Claims(found[0].id))


def _location(session: Session, body: schemas.OrderIn, speaker: Principal) -> tuple[dict[str, Any], str, int | None]:
    if isinstance(body.location, str):
        item = service.Item(f"{body.location} {body.fault}", body.category, body.urgency, body.scope, 1.0)
        drafted = service.drafts(session, [item], speaker, answer=body.location)
        if drafted.absent:
            errors = [{"field": "location", "message": drafted.absent}]
            raise InvalidInput(f"{drafted.absent}。", errors=errors)
        made = drafted.drafts[0]
        place = {**made.location.as_dict(), "raw": body.location}
        return place, body.scope or made.scope, body.asset_id or made.asset_id
    location = body.location.model_dump()
    with system_scope(session):
        if not location["community"]:
            location["community"] = estate.community(session, service.estate_of(session, speaker)).code
        here = estate.community_by_code(session, location["community"], speaker.community_ids)
        estate.require_existing(session, here.id, estate.Location(**location))
    return location, body.scope or ("private" if location["room"] else "public"), body.asset_id


@router.get("", response_model=schemas.OrderPage, summary="List work orders")
def list_orders(
    session: SessionDep,
    who: PrincipalDep,
    wanted: FilterDep,
    mine: bool = False,
    can: Status | None = None,
    sort: SortBy = "newest",
    total: bool = False,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """A page of the orders one may see. ``can`` gives those one may move to a state."""
    if can is not None:
        found = service.movable(session, can, who, mine)
        return written(schemas.OrderPage(items=[schemas.OrderOut.model_validate(o) for o in found], next=None))
    page = service.page(session, wanted, sorted_by(sort, wanted), who, cursor, limit)
    n, more = service.total(session, wanted) if total else (None, False)
    items = [schemas.OrderOut.model_validate(o) for o in page.items]
    return written(schemas.OrderPage(items=items, next=page.next, total=n, more=more))


router.include_router(api_lists.router)


@router.get("/{number}", summary="One work order")
def get_order(number: str, session: SessionDep, who: PrincipalDep) -> schemas.OrderDetail:
    """The order with its whole history and the legal next moves."""
    return detail(session, service.one(session, number, who))


@router.post("/{number}/transitions", summary="Move a work order")
def move_order(
    number: str, body: schemas.TransitionIn, session: SessionDep, who: PrincipalDep, key: Key = None
) -> schemas.OrderDetail:
    """Make a move of the table; the same move twice changes nothing, nor does the same Idempotency-Key.

    ``answer`` names required items of the checklist that were left open; after the warranty 「没修好」 gives a new order
    and ``answer`` says so.
    """
    if not once.claim(session, who.person_id, f"move:{number}", key, body.model_dump()):
        return detail(session, service.one(session, number, who))
    order = service.move(session, number, body.to_step(), who)
    service.move_back_to_technician(session, order)
    shown = detail(session, service.shown(session, order, who))
    asked = order.number == number.strip().upper()
    answer = service.told_back(session, order, who) if asked else service.why_anew(session, order)
    return shown.model_copy(update={"answer": answer})


@router.patch("/{number}", summary="Correct a work order")
def edit_order(number: str, body: schemas.OrderEdit, session: SessionDep, who: PrincipalDep) -> schemas.OrderDetail:
    """Correct category, urgency, scope, fault or place (desk)."""
    order = service.edit(session, number, body.to_command(), who)
    return detail(session, service.shown(session, order, who))


@router.post("/{number}/notes", status_code=201, summary="Add words to a work order")
def add_note(
    number: str, body: schemas.NoteIn, session: SessionDep, who: PrincipalDep, key: Key = None
) -> schemas.OrderDetail:
    """A note, the parts used, or urging. ``answer`` says when urging again so soon was only noted."""
    noted = service.add_note(session, number, body.kind, body.text, who, key)
    shown = detail(session, service.shown(session, noted.order, who))
    return shown.model_copy(update={"answer": noted.answer})


@router.post("/{number}/amendments", status_code=201, summary="Add to a work order or correct it, in words")
def amend_order(
    number: str, body: schemas.AmendmentIn, session: SessionDep, who: PrincipalDep, key: Key = None
) -> schemas.AmendedOut:
    """Keep the words; a time in them becomes the time to come, 「不是…，是…」 corrects fault and place."""
    made = service.amend(session, number, body.text, who, key)
    shown = detail(session, service.shown(session, made.order, who))
    return schemas.AmendedOut(**{**shown.model_dump(), "answer": made.answer}, changes=made.changes)


@router.post("/{number}/rating", summary="Rate a work order")
def rate_order(
    number: str, body: schemas.RatingIn, session: SessionDep, who: PrincipalDep, key: Key = None
) -> schemas.OrderDetail:
    """Stars, words and reasons by the reporter, once a round of work; the order is closed with it."""
    given = service.Given(body.stars, body.words, tuple(dict.fromkeys(body.reasons)))
    order = service.rate(session, number, given, who, key)
    return detail(session, service.shown(session, order, who))


router.include_router(api_similar.router)
router.include_router(api_clocks.router)
router.include_router(api_dispatch.router)
router.include_router(api_costs.router)
router.include_router(api_incidents.router)
router.include_router(api_site.router)
beside = [api_incidents.incident_router, api_work.templates]
"""Routers of this domain with an address of their own."""
