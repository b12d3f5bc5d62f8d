"""What the bot understands, for staff: intent, entities, and drafts resolved for a speaker."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from sqlalchemy.orm import Session

from backend.domains.conversations import bot_client, danger, turn
from backend.domains.conversations.bot_client import BotUnavailable
from backend.domains.conversations.schemas import ParseIn, ParseOut
from backend.domains.conversations.service import inbox
from backend.domains.estate import service as estate
from backend.domains.identity import service as identity
from backend.domains.workorders import service as workorders
from backend.kit.auth import Principal
from backend.kit.http import TokenDep, authenticate
from backend.kit.problems import InvalidInput, Unavailable
from backend.kit.scope import system_scope

router = APIRouter(tags=["understanding"])

DANGER, UNSURE = "report_emergency", "nlu_fallback"


@router.post("/nlu/parse", summary="What does the bot understand?")
async def parse(request: Request, body: ParseIn, token: TokenDep) -> ParseOut:
    """Parse words as the logged-in person or (staff) as somebody of their estates; nothing is stored."""

    score = danger.score(body.text)

    def prepare(session: Session) -> tuple[Principal, dict[str, Any]]:
        who = authenticate(session, token, request.app.state.load_principal)
        who.require("nlu.parse")
        speaker = _speaker(session, body.as_, who)
        return speaker, {**inbox.speaker_facts(session, speaker), "danger": danger.evidence(body.text, score)}

    speaker, facts = await run_in_threadpool(turn.in_transaction, prepare)
    try:
        nlu = await bot_client.parse(body.text, facts)
    except BotUnavailable as error:
        raise Unavailable("管家暂时没有应答，请稍后再试。") from error
    items = await run_in_threadpool(turn.in_transaction, lambda s: _drafts(s, nlu.get("items") or [], speaker))
    found = danger.certain(body.text, score)
    guess = _best_guess(nlu)
    return ParseOut(
        intent=DANGER if found else guess["name"],
        confidence=guess["confidence"],
        unsure=found is None and nlu["intent"]["name"] == UNSURE,
        intent_ranking=nlu.get("intent_ranking") or [],
        entities=nlu.get("entities") or [],
        items=items,
        tasks=nlu.get("tasks") or [],
        danger=found.title if found else None,
    )


def _best_guess(nlu: dict[str, Any]) -> dict[str, Any]:
    """Return the likeliest intent, even where the bot would rather ask."""
    guesses = (one for one in nlu.get("intent_ranking") or [] if one.get("name") != UNSURE)
    return dict(next(guesses, nlu["intent"]))


def _speaker(session: Session, username: str | None, who: Principal) -> Principal:
    if username is None:
        return who
    matching = identity.search(session, username, [], None, 50)
    person = next((p for p in matching if p.username == username), None)
    if person is None:
        raise InvalidInput(errors=[{"field": "as", "message": "没有这个人"}])
    with system_scope(session):
        return identity.load_principal(session, identity.Claims(person.id))


def _drafts(session: Session, items: list[dict[str, Any]], speaker: Principal) -> list[dict[str, Any]]:
    known = ("text", "category", "urgency", "scope", "scope_confidence", "place_words", "fault")
    wanted = [workorders.Item(**{k: i[k] for k in known if i.get(k) is not None}) for i in items if i.get("text")]
    if not wanted:
        return []
    made = workorders.drafts(session, wanted, speaker).drafts
    return [
        {
            "category": d.category,
            "urgency": d.urgency,
            "scope": d.scope,
            "location": d.location.as_dict(),
            "place_text": estate.in_words(d.location),
            "asset_id": d.asset_id,
            "fault": d.fault,
            "reporter": speaker.name,
            "preferred_time": d.preferred_time.isoformat() if d.preferred_time else None,
            "attachments": [],
            "source": "web",
        }
        for d in made
    ]
