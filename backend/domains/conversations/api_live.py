"""Live updates for pages: server-sent events over the database's change feed."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Header, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse
from sqlalchemy.orm import Session

from backend.domains.conversations import repository, turn
from backend.domains.conversations.schemas import ConversationOut, MineOut, message_out
from backend.domains.conversations.service.own import own_state
from backend.domains.conversations.service.views import views
from backend.kit import live
from backend.kit.auth import Principal
from backend.kit.feed import Feed
from backend.kit.http import TokenDep, authenticate
from backend.kit.live import Event
from backend.kit.problems import TooManyRequests
from backend.kit.scope import bind
from backend.settings import get_settings

router = APIRouter(tags=["live"])
RETRY_S = 15


def _data(session: Session, event: Event, who: Principal) -> dict[str, Any] | None:
    """Return what the page gets for an event, built with the reader's own rights; None when it is gone."""
    if event.topic == "message":
        row = repository.message(session, event.data["message_id"])
        if row is None:
            return None
        own = row.person_id == who.person_id
        shown = message_out(row, not own and "conversations.read" in who.permissions)
        return {"conversation_id": row.conversation_id, "message": shown.model_dump(mode="json")}
    if event.topic == "conversation":
        talk = repository.get(session, event.data["conversation_id"])
        if talk is None:
            return None
        if talk.person_id == who.person_id:
            return MineOut.model_validate(own_state(session, talk)).model_dump(mode="json")
        shown_talk = ConversationOut.model_validate(views(session, [talk], who)[0])
        return shown_talk.model_dump(mode="json")
    return event.data


def _render(session: Session, events: list[Event], who: Principal) -> list[str]:
    bind(session, who)
    lines: list[str] = []
    for event in events:
        data = _data(session, event, who) if event.visible_to(who) else None
        if data is not None:
            body = json.dumps(data, ensure_ascii=False)
            lines.append(f"id: {event.id}\nevent: {event.topic}\ndata: {body}\n\n")
    return lines


async def _stream(feed: Feed, who: Principal, after: int) -> AsyncIterator[str]:
    settings, clock = get_settings(), asyncio.get_running_loop().time
    with feed.subscribe(after, who.person_id) as queue:
        if feed.streams_of(who.person_id) > settings.streams_per_person:
            return
        yield ": connected\n\n"
        spoke = clock()
        while not feed.closing:
            try:
                events = await asyncio.wait_for(queue.get(), max(0.0, spoke + settings.live_heartbeat_s - clock()))
            except TimeoutError:
                yield ": still here\n\n"
                spoke = clock()
                continue
            visible = [e for e in events if e.visible_to(who)]
            lines = await run_in_threadpool(turn.in_read, lambda s, v=visible: _render(s, v, who)) if visible else []
            for line in lines:
                yield line
                spoke = clock()


@router.get("/events", summary="Live updates (SSE)", response_class=StreamingResponse)
async def events(
    request: Request,
    token: TokenDep,
    last: Annotated[str | None, Header(alias="Last-Event-ID", max_length=20)] = None,
) -> StreamingResponse:
    """``message``, ``conversation`` and ``work_order`` events; ``Last-Event-ID`` resumes where the page left off."""

    def prepare(session: Session) -> tuple[Principal, int]:
        who = authenticate(session, token, request.app.state.load_principal)
        newest = live.newest_id(session)
        wanted = int(last) if last and last.isdigit() else newest
        return who, min(wanted, newest)

    who, after = await run_in_threadpool(turn.in_read, prepare)
    feed: Feed = request.app.state.feed
    if feed.streams_of(who.person_id) >= get_settings().streams_per_person:
        raise TooManyRequests("您打开的页面太多了，请先关掉几个。", retry_after_s=RETRY_S)
    return StreamingResponse(
        _stream(feed, who, after),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-cache", "X-Accel-Buffering": "no"},
    )
