"""Routes of call-backs."""

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query

from backend.domains.callbacks import service
from backend.domains.callbacks.schemas import CallbackOut, CallbackPage, CallbackTermsBody, OutcomeOut, ResultIn
from backend.domains.callbacks.service import OUTCOMES, Filter
from backend.domains.estate import service as estate
from backend.kit import clock
from backend.kit.fields import LARGEST_ID
from backend.kit.http import PrincipalDep, SessionDep, requires
from backend.kit.paging import Cursor, Limit, decode_int

router = APIRouter(prefix="/callbacks", tags=["call-backs"], dependencies=[requires("workorders.manage")])
Id = Annotated[int, Path(ge=1, le=LARGEST_ID)]
Community = Annotated[str, Query(max_length=32)]


@router.get("", summary="List call-backs")
def list_callbacks(
    session: SessionDep,
    who: PrincipalDep,
    status: Annotated[list[Literal["open", "unreachable", "done"]] | None, Query()] = None,
    community: Annotated[str | None, Query(max_length=32)] = None,
    pending: bool = False,
    overdue: bool = False,
    mine: bool = False,
    total: bool = False,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> CallbackPage:
    """A page of the call-backs of one's estates, newest first; ``pending`` are those somebody still has to make."""
    wanted = Filter(
        statuses=tuple(status or ()),
        community_id=estate.filter_id(session, community, who.staff_community_ids),
        assigned_to_id=who.person_id if mine else None,
        pending=pending,
        overdue_at=clock.now() if overdue else None,
    )
    page = service.search(session, wanted, decode_int(cursor), limit)
    return CallbackPage(
        items=[CallbackOut.model_validate(row) for row in page.items],
        next=page.next,
        total=service.count(session, wanted) if total else None,
    )


@router.get("/outcomes", summary="What may come of a call")
def outcomes() -> list[OutcomeOut]:
    """Values and titles."""
    return [OutcomeOut(value=value, title=title) for value, title in OUTCOMES.items()]


@router.get("/terms", summary="An estate's numbers for call-backs")
def get_terms(session: SessionDep, who: PrincipalDep, community: Community) -> CallbackTermsBody:
    """Hours until a call must have been made, and the share of ended orders."""
    here = estate.community_by_code(session, community, who.staff_community_ids)
    return CallbackTermsBody.model_validate(service.terms_of(session, here.id))


@router.put("/terms", dependencies=[requires("terms.manage")], summary="Set an estate's numbers for call-backs")
def set_terms(
    body: CallbackTermsBody, session: SessionDep, who: PrincipalDep, community: Community
) -> CallbackTermsBody:
    """They hold for what is opened from now on."""
    here = estate.community_by_code(session, community, who.staff_community_ids)
    return CallbackTermsBody.model_validate(service.set_terms(session, here.id, body.to_terms()))


@router.get("/{callback_id}", summary="One call-back")
def get_callback(callback_id: Id, session: SessionDep) -> CallbackOut:
    """Whom to call and what about, whether it is over or not."""
    return CallbackOut.model_validate(service.one(session, callback_id))


@router.post("/{callback_id}/take", summary="Take a call-back")
def take(callback_id: Id, session: SessionDep, who: PrincipalDep) -> CallbackOut:
    """Say that one will call."""
    return CallbackOut.model_validate(service.take(session, callback_id, who))


@router.post("/{callback_id}/result", summary="Say what came of a call")
def report(callback_id: Id, body: ResultIn, session: SessionDep, who: PrincipalDep) -> CallbackOut:
    """Done with an outcome, or nobody answered: then it is tried again."""
    return CallbackOut.model_validate(service.report(session, callback_id, body.to_result(), who))
