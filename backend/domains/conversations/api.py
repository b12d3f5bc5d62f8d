"""Routes of the person's own chat and of the desk's inbox."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Header, Query, Request
from fastapi.concurrency import run_in_threadpool
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from backend.domains.conversations import api_channels, api_live, api_nlu, repository, turn
from backend.domains.conversations.domain import Incoming
from backend.domains.conversations.schemas import (
    ChatIn,
    ChatOut,
    ConversationOut,
    ConversationPage,
    HandOverIn,
    HandOverOut,
    HistoryOut,
    MessageOut,
    MineOut,
    ReplyOut,
    SayIn,
    message_out,
)
from backend.domains.conversations.service import desk, inbox, transcript
from backend.domains.conversations.service.own import own_state
from backend.kit.fields import Sought
from backend.kit.http import PrincipalDep, SessionDep, TokenDep, authenticate, requires
from backend.kit.paging import Cursor, Limit, decode_int
from backend.kit.problems import InvalidInput, NotFound

router = APIRouter()
chat = APIRouter(prefix="/chat", tags=["chat"])
inbox_routes = APIRouter(prefix="/conversations", tags=["conversations"], dependencies=[requires("conversations.read")])
Key = Annotated[str | None, Header(alias="Idempotency-Key", max_length=100)]
Before = Annotated[str | None, Query(max_length=32)]


@chat.post("/messages", summary="Say something")
async def say(request: Request, body: ChatIn, token: TokenDep, key: Key = None) -> ChatOut:
    """Store the message, answer it, return the replies. The same Idempotency-Key changes nothing and answers the same."""

    def receive(session: Session) -> inbox.Job:
        who = authenticate(session, token, request.app.state.load_principal)
        external_id = f"{who.person_id}:{key or uuid.uuid4().hex}"
        attachments = tuple(a.media_id for a in body.attachments)
        return inbox.receive(session, Incoming(body.text, external_id, "web", attachments), who)

    try:
        stored = await run_in_threadpool(turn.in_transaction, receive)
    except IntegrityError:  # the same message came twice at once: the other one has been stored by now
        stored = await run_in_threadpool(turn.in_transaction, receive)
    job = await turn.answer(stored, request.app.state.feed)
    return ChatOut(message_id=job.message_id, replies=[ReplyOut.model_validate(r) for r in job.replies])


def _page(session: Session, conversation_id: str, before: str | None, limit: int, for_staff: bool) -> HistoryOut:
    anchor = repository.message(session, before) if before else None
    if before and (anchor is None or anchor.conversation_id != conversation_id):
        raise InvalidInput(errors=[{"field": "before", "message": "没有这条消息"}])
    rows = repository.history(session, conversation_id, anchor.seq if anchor else None, limit + 1)
    items = [message_out(r, for_staff) for r in reversed(rows[:limit])]
    return HistoryOut(items=items, next=items[0].id if len(rows) > limit else None)


@chat.get("/messages", summary="What was said")
def my_history(session: SessionDep, who: PrincipalDep, before: Before = None, limit: Limit = 30) -> HistoryOut:
    """One's own conversation, oldest first, with who answers now and how many are served before."""
    talk = repository.of_person(session, who.person_id)
    page = _page(session, talk.id if talk else "", before, limit, False)
    page.conversation = MineOut.model_validate(own_state(session, talk))
    return page


@chat.post("/hand-over", summary="Ask for a person")
def hand_over(body: HandOverIn, session: SessionDep, who: PrincipalDep) -> HandOverOut:
    """Put one's own conversation into the desk's queue."""
    talk = transcript.conversation_of(session, who.person_id, inbox.community_of(session, who))
    done = desk.ask_for_staff(session, talk, body.reason, body.topic, body.take)
    return HandOverOut.model_validate(done)


@inbox_routes.get("", summary="The desk's queue")
def queue(
    session: SessionDep,
    who: PrincipalDep,
    queue: Annotated[str, Query(pattern="^(waiting|mine|all)$")] = "all",
    q: Sought = None,
    community: Annotated[str | None, Query(max_length=32)] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> ConversationPage:
    """Danger first, then who waits longest, then the newest."""
    found = desk.queue(session, queue, who, q, community, decode_int(cursor) or 0, limit)
    return ConversationPage(items=[ConversationOut.model_validate(c) for c in found.items], next=found.next)


@inbox_routes.get("/{conversation_id}", summary="One conversation")
def one(conversation_id: str, session: SessionDep, who: PrincipalDep) -> ConversationOut:
    """The conversation's state."""
    return ConversationOut.model_validate(desk.one(session, conversation_id, who))


@inbox_routes.get("/{conversation_id}/messages", summary="Its messages")
def history(
    conversation_id: str,
    session: SessionDep,
    _who: PrincipalDep,
    before: Before = None,
    limit: Limit = 30,
) -> HistoryOut:
    """Oldest first, with what the bot understood."""
    talk = desk.get(session, conversation_id)
    return _page(session, talk.id, before, limit, True)


@inbox_routes.get("/{conversation_id}/messages/{message_id}", summary="One message")
def one_message(conversation_id: str, message_id: str, session: SessionDep, _who: PrincipalDep) -> MessageOut:
    """A line, for live updates."""
    row = repository.message(session, message_id)
    if row is None or row.conversation_id != conversation_id:
        raise NotFound()
    return message_out(row, True)


@inbox_routes.post(
    "/{conversation_id}/messages",
    status_code=201,
    dependencies=[requires("conversations.answer")],
    summary="Answer in person",
)
def answer(conversation_id: str, body: SayIn, session: SessionDep, who: PrincipalDep, key: Key = None) -> MessageOut:
    """Say something; takes the conversation over when nobody has it."""
    return message_out(desk.answer(session, conversation_id, body.text, who, key), True)


@inbox_routes.post("/{conversation_id}/read", status_code=204, summary="Mark as read")
def mark_read(conversation_id: str, session: SessionDep, _who: PrincipalDep) -> None:
    """Nothing in it is new to the desk any more."""
    desk.read(session, conversation_id)


@inbox_routes.post(
    "/{conversation_id}/take-over",
    dependencies=[requires("conversations.answer")],
    summary="Take over",
)
def take_over(conversation_id: str, session: SessionDep, who: PrincipalDep) -> ConversationOut:
    """From now on a person answers."""
    return ConversationOut.model_validate(desk.take_over(session, conversation_id, who))


@inbox_routes.post(
    "/{conversation_id}/give-back",
    dependencies=[requires("conversations.answer")],
    summary="Give back to the bot",
)
def give_back(conversation_id: str, session: SessionDep, who: PrincipalDep) -> ConversationOut:
    """From now on the bot answers again."""
    return ConversationOut.model_validate(desk.give_back(session, conversation_id, who))


for part in (chat, inbox_routes, api_channels.router, api_live.router, api_nlu.router):
    router.include_router(part)
