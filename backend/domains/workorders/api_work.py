"""Routes of the work on site. Everything that is sent may come twice (Idempotency-Key) and late (``at``)."""

from typing import Annotated

from fastapi import APIRouter, Header, Path, Query
from sqlalchemy.orm import Session

from backend.domains.estate import service as estate
from backend.domains.workorders.models import WorkOrder
from backend.domains.workorders.schemas import Category, OrderOut, OrderPage
from backend.domains.workorders.schemas_work import (
    ArrivalIn,
    ChecklistAnswerIn,
    ColleagueOut,
    DecidedOut,
    DecisionIn,
    FinishedOut,
    MateIn,
    PhotosIn,
    SignatureIn,
    TemplateIn,
    TemplateOut,
    TransferIn,
    WorkOut,
)
from backend.domains.workorders.service import (
    arrive,
    checklists,
    colleagues,
    finished,
    mates,
    photos,
    showing,
    signing,
    transfers,
)
from backend.kit import once
from backend.kit.auth import Principal
from backend.kit.fields import LARGEST_ID
from backend.kit.http import PrincipalDep, SessionDep, requires
from backend.kit.problems import Forbidden, InvalidInput

router = APIRouter()
templates = APIRouter(prefix="/checklists", tags=["checklists"])
Key = Annotated[str | None, Header(alias="Idempotency-Key", max_length=128)]
Id = Annotated[int, Path(ge=1, le=LARGEST_ID)]
Estate = Annotated[str | None, Query(max_length=32, description="code of the estate")]


def _work(session: Session, order: WorkOrder, who: Principal) -> WorkOut:
    session.flush()
    return WorkOut.model_validate(showing.work_of(session, order, who))


@router.get("/helping", summary="Orders one helps with or is asked to take over")
def helping(session: SessionDep, who: PrincipalDep) -> OrderPage:
    """For a technician: the open and the past, newest first."""
    return OrderPage(items=[OrderOut.model_validate(o) for o in mates.shared(session, who)], next=None)


@router.get("/finished", summary="Orders one has finished lately")
def finished_lately(session: SessionDep, who: PrincipalDep) -> list[FinishedOut]:
    """Of a technician: today's and yesterday's, newest first, however they stand now; not those that were opened again."""
    return [FinishedOut.model_validate(f) for f in finished.finished(session, who)]


@router.get("/{number}/work", summary="The work on an order")
def get_work(number: str, session: SessionDep, who: PrincipalDep) -> WorkOut:
    """Arrivals, photos, checklist, mates, transfers, signature, and what is waited for."""
    return WorkOut.model_validate(showing.work(session, number, who))


@router.post("/{number}/arrival", status_code=201, summary="Be on site")
def arrive_on_site(number: str, body: ArrivalIn, session: SessionDep, who: PrincipalDep, key: Key = None) -> WorkOut:
    """Move to 处理中, accepted first if need be, and keep where the phone was. Far away is kept as well, not refused."""
    return _work(session, arrive(session, number, body.to_fix(), who, key, body.at), who)


@router.post("/{number}/photos", status_code=201, summary="Photos of the work")
def add_photos(number: str, body: PhotosIn, session: SessionDep, who: PrincipalDep, key: Key = None) -> WorkOut:
    """Put uploaded pictures with the work; owners see before and after."""
    return _work(session, photos.add(session, number, body.media_ids, body.kind, who, key, body.at), who)


@router.put("/{number}/checklist", summary="Answer an item of the checklist")
def fill_checklist(
    number: str, body: ChecklistAnswerIn, session: SessionDep, who: PrincipalDep, key: Key = None
) -> WorkOut:
    """Answer an item, or answer it otherwise."""
    return _work(session, checklists.fill(session, number, body.to_answer(), who, key), who)


@router.get("/{number}/colleagues", summary="The other technicians of the estate")
def list_colleagues(number: str, session: SessionDep, who: PrincipalDep) -> list[ColleagueOut]:
    """Who could come along or take over, those of the order's trade first; for who works on it and the desk."""
    return [ColleagueOut.model_validate(c) for c in colleagues.of_order(session, number, who)]


@router.post("/{number}/mates", status_code=201, summary="Have a colleague come along")
def add_mate(number: str, body: MateIn, session: SessionDep, who: PrincipalDep, key: Key = None) -> WorkOut:
    """A technician of the estate sees the order, hears of it and may write down what was done; the holder stays one."""
    return _work(session, mates.add(session, number, body.person_id, who, key, body.at), who)


@router.delete("/{number}/mates/{person_id}", status_code=204, summary="Go without a colleague")
def remove_mate(number: str, person_id: Id, session: SessionDep, who: PrincipalDep) -> None:
    """By the holder, the desk or the colleague."""
    mates.remove(session, number, person_id, who)


@router.post("/{number}/transfers", status_code=201, summary="Ask a colleague to take over")
def ask_transfer(number: str, body: TransferIn, session: SessionDep, who: PrincipalDep, key: Key = None) -> WorkOut:
    """By the holder, who stays it until the colleague accepts."""
    return _work(session, transfers.ask(session, number, body.to, body.reason, who, key, body.at), who)


@router.post("/{number}/transfers/{transfer_id}/decision", summary="Answer a transfer")
def decide_transfer(
    number: str, transfer_id: Id, body: DecisionIn, session: SessionDep, who: PrincipalDep, key: Key = None
) -> DecidedOut:
    """Accept or decline (the colleague), withdraw (the holder, the desk). The same again changes nothing."""
    once.claim(session, who.person_id, f"decision:{transfer_id}", key, body.model_dump())
    row = transfers.decide(session, number, transfer_id, body.decision, who, body.note)
    return DecidedOut(id=row.id, status=row.status, status_title=transfers.TITLES[row.status])


@router.post("/{number}/signature", status_code=201, summary="Sign at the door")
def sign(number: str, body: SignatureIn, session: SessionDep, who: PrincipalDep, key: Key = None) -> WorkOut:
    """A PNG that was drawn on the holder's phone. It is proof; acceptance stays with the owner."""
    return _work(session, signing.sign(session, number, body.media_id, body.name, who, key, body.at), who)


def _community(session: Session, code: str | None, who: Principal) -> int:
    if not who.is_staff:
        raise Forbidden()
    here = estate.filter_id(session, code, who.staff_community_ids)
    if here is None and len(who.staff_community_ids) == 1:
        (here,) = who.staff_community_ids
    if here is None:
        raise InvalidInput("请选小区。", errors=[{"field": "community", "message": "必填"}])
    return here


@templates.get("", summary="The checklists of an estate")
def list_templates(session: SessionDep, who: PrincipalDep, community: Estate = None) -> list[TemplateOut]:
    """By category; for staff."""
    here = _community(session, community, who)
    return [TemplateOut.model_validate(t) for t in checklists.templates(session, here)]


@templates.get("/{category}", summary="The checklist of a category")
def get_template(category: Category, session: SessionDep, who: PrincipalDep, community: Estate = None) -> TemplateOut:
    """The estate's own, else the one every estate starts with; empty where there is none."""
    here = _community(session, community, who)
    return TemplateOut.model_validate(checklists.template(session, here, category))


@templates.put("/{category}", summary="Change a checklist", dependencies=[requires("workorders.manage")])
def put_template(category: Category, body: TemplateIn, session: SessionDep, who: PrincipalDep) -> TemplateOut:
    """Give the estate a list of its own. Orders that were accepted before keep theirs."""
    here = _community(session, body.community, who)
    made = checklists.change_template(session, here, body.to_checklist(category), who)
    return TemplateOut.model_validate(made)
