"""Routes of complaints."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query

from backend.domains.complaints import schemas, service
from backend.domains.complaints.service import Filter, Status, WithHistory
from backend.domains.estate import service as estate
from backend.domains.workorders import service as workorders
from backend.kit import clock, once
from backend.kit.fields import OneOf, Sought
from backend.kit.http import PrincipalDep, SessionDep, requires
from backend.kit.paging import Cursor, Limit, decode_int

router = APIRouter(prefix="/complaints", tags=["complaints"])
Key = Annotated[str | None, Header(alias="Idempotency-Key", max_length=128)]
Community = Annotated[str, Query(max_length=32)]


def _detail(found: WithHistory) -> schemas.ComplaintDetail:
    shown = schemas.ComplaintOut.model_validate(found.complaint)
    lines = [schemas.ComplaintLineOut.model_validate(line) for line in found.timeline]
    return schemas.ComplaintDetail(**shown.model_dump(), timeline=lines)


def _values(titles: Mapping[Any, str]) -> list[schemas.ValueOut]:
    return [schemas.ValueOut(value=value, title=title) for value, title in titles.items()]


@router.post("", status_code=201, summary="File a complaint")
def file(body: schemas.ComplaintIn, session: SessionDep, who: PrincipalDep, key: Key = None) -> schemas.FiledOut:
    """File a complaint of oneself or, by the desk, of ``complainant``. The same Idempotency-Key gives the same one."""
    once.claim(session, who.person_id, "complaint", key, body.model_dump())
    filed = service.file(session, body.to_new(f"{who.person_id}:{key}" if key else None), who)
    shown = schemas.ComplaintOut.model_validate(filed.complaint)
    return schemas.FiledOut(**shown.model_dump(), joined=filed.joined)


@router.get("", summary="List complaints")
def list_complaints(
    session: SessionDep,
    who: PrincipalDep,
    status: Annotated[list[Status] | None, Query()] = None,
    level: Annotated[str | None, OneOf(service.LEVEL_TITLES), Query()] = None,
    community: Annotated[str | None, Query(max_length=32)] = None,
    order: Annotated[str | None, Query(max_length=24, description="number of a work order")] = None,
    q: Sought = None,
    open: bool = False,
    late: bool = False,
    mine: bool = False,
    total: bool = False,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> schemas.ComplaintPage:
    """A page of complaints, newest first: the desk's estates, or one's own."""
    wanted = Filter(
        statuses=tuple(status or (service.OPEN_STATUSES if open else ())),
        community_id=estate.filter_id(session, community, who.community_ids),
        complainant_id=who.person_id if mine else None,
        work_order_id=workorders.get(session, order).id if order else None,
        level=level,
        late_at=clock.now() if late else None,
        q=q,
    )
    page = service.search(session, wanted, who, decode_int(cursor), limit)
    return schemas.ComplaintPage(
        items=[schemas.ComplaintOut.model_validate(c) for c in page.items],
        next=page.next,
        total=service.count(session, wanted) if total else None,
    )


@router.get("/enums", summary="Values of complaints and their titles")
def enums(_who: PrincipalDep) -> schemas.ComplaintEnumsOut:
    """States, kinds and levels."""
    return schemas.ComplaintEnumsOut(
        statuses=_values(service.STATUS_TITLES), kinds=_values(service.KINDS), levels=_values(service.LEVEL_TITLES)
    )


@router.get("/terms", dependencies=[requires("workorders.manage")], summary="An estate's deadlines for complaints")
def get_terms(session: SessionDep, who: PrincipalDep, community: Community) -> schemas.ComplaintTermsBody:
    """Hours until the first reply, days until the answer, days until silence ends it."""
    here = estate.community_by_code(session, community, who.staff_community_ids)
    return schemas.ComplaintTermsBody.model_validate(service.terms_of(session, here.id))


@router.put("/terms", dependencies=[requires("terms.manage")], summary="Set an estate's deadlines for complaints")
def set_terms(
    body: schemas.ComplaintTermsBody, session: SessionDep, who: PrincipalDep, community: Community
) -> schemas.ComplaintTermsBody:
    """They hold for what is filed or answered from now on."""
    here = estate.community_by_code(session, community, who.staff_community_ids)
    return schemas.ComplaintTermsBody.model_validate(service.set_terms(session, here.id, body.to_terms()))


@router.get("/{number}", summary="One complaint")
def get_complaint(number: str, session: SessionDep, who: PrincipalDep) -> schemas.ComplaintDetail:
    """The complaint with its history and the legal next moves."""
    return _detail(service.one(session, number, who))


@router.post("/{number}/transitions", summary="Move a complaint")
def move(number: str, body: schemas.MoveIn, session: SessionDep, who: PrincipalDep) -> schemas.ComplaintDetail:
    """Make a move of the table; the same move twice changes nothing. The words of an answer are its ``note``."""
    complaint = service.move(session, number, body.to, body.note, body.version, who)
    return _detail(service.shown(session, complaint, who))


@router.post("/{number}/answers", summary="Answer a complaint")
def answer(number: str, body: schemas.AnswerIn, session: SessionDep, who: PrincipalDep) -> schemas.ComplaintDetail:
    """Who complained is told and may accept or refuse it; after a refusal somebody else has to answer."""
    complaint = service.answer(session, number, body.text, body.version, who)
    return _detail(service.shown(session, complaint, who))


@router.post("/{number}/notes", status_code=201, summary="Add words to a complaint")
def add_note(
    number: str, body: schemas.NoteIn, session: SessionDep, who: PrincipalDep, key: Key = None
) -> schemas.ComplaintDetail:
    """Words of who complained reach those who see to it; words of the desk stay inside."""
    if once.claim(session, who.person_id, f"complaint:{number}", key, body.model_dump()):
        service.add(session, number, body.text, who)
    return _detail(service.one(session, number, who))
