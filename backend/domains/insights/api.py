"""Routes of insights: the dashboard, and the titles."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Query

from backend.domains.conversations import service as conversations
from backend.domains.conversations.schemas import ConversationOut
from backend.domains.estate import service as estate
from backend.domains.insights import service
from backend.domains.insights.schemas import CardOut, ChoiceOut, DashboardOut, EnumsOut, StatusOut
from backend.domains.insights.service import SHOWN
from backend.domains.vocabulary.intents import INTENT_TITLES
from backend.domains.workorders import service as workorders
from backend.domains.workorders.schemas import OrderOut
from backend.kit.http import PrincipalDep, SessionDep, requires

router = APIRouter(tags=["insights"])


@router.get("/dashboard", dependencies=[requires("workorders.manage")], summary="What to look at first")
def dashboard(
    session: SessionDep,
    who: PrincipalDep,
    community: Annotated[str | None, Query(max_length=32)] = None,
) -> DashboardOut:
    """Numbers with their lists, and late orders, of all one's estates or of one."""
    here = estate.filter_id(session, community, who.staff_community_ids)
    cards = service.cards(session, here)
    return DashboardOut(
        cards=[CardOut.model_validate(card) for card in cards],
        late=[OrderOut.model_validate(order) for order in service.late(session, who, here)],
        waiting=[
            ConversationOut.model_validate(talk) for talk in conversations.waiting(session, who, SHOWN, community)
        ],
    )


@router.get("/enums", summary="Values and their titles")
def enums(_who: PrincipalDep) -> EnumsOut:
    """Statuses, categories, urgencies, scopes, sources and intents, each with its title."""
    return EnumsOut(
        statuses=[
            StatusOut(value=s, title=title, tone=workorders.STATUS_TONES[s])
            for s, title in workorders.STATUS_TITLES.items()
        ],
        categories=_choices(workorders.CATEGORIES),
        urgencies=_choices(workorders.URGENCIES),
        scopes=_choices(workorders.SCOPES),
        sources=_choices(workorders.SOURCES),
        intents=_choices(INTENT_TITLES),
    )


def _choices(titles: Mapping[str, str]) -> list[ChoiceOut]:
    return [ChoiceOut(value=value, title=title) for value, title in titles.items()]
