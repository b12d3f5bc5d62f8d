"""A message of a channel from the door to its answer, within the time that the channel gives.

The answer is taken along when it is ready in time; otherwise the turn goes on and the worker sends what comes of it.
"""

import asyncio
import logging
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool

from backend.domains.channels import service as channels
from backend.domains.channels.service import Spoken, Told
from backend.domains.conversations import turn
from backend.domains.conversations.service import pushing, spoken
from backend.domains.conversations.service.inbox import Job
from backend.kit.feed import Feed
from backend.kit.http import PrincipalLoader
from backend.settings import get_settings

log = logging.getLogger("guanjia.hearing")
T = TypeVar("T")
BUSY_S = 1.0
"""Where storing alone takes longer, the machine is busy: the channel hears at once that the message is there."""
_waiting = 0
_under_way: set[asyncio.Task[Any]] = set()


@dataclass(frozen=True, slots=True)
class Heard:
    """What to answer now. ``text`` None: nothing, or not yet."""

    text: str | None
    message_id: str | None = None


async def hear(said: Spoken, wait_s: float, feed: Feed, load: PrincipalLoader) -> Heard:
    """Store a message, answer it, and return the answer if it is there within ``wait_s``."""
    clock = asyncio.get_running_loop().time
    began = clock()
    found = await _stored(said, load)
    end = began + wait_s if clock() - began < BUSY_S else began
    if isinstance(found, Told):
        if found.sms is not None:
            await run_in_threadpool(channels.send_sms, found.sms)
        return Heard(found.text)
    if found.bot is not None or found.elsewhere:
        task = _kept(asyncio.create_task(turn.answer(found, feed)))
        if not await _ready(task, end):
            _kept(asyncio.create_task(_send_when_ready(task, found.message_id)))
            return Heard(None, found.message_id)
    text = await run_in_threadpool(turn.in_transaction, lambda s: pushing.take_answer(s, found.message_id))
    return Heard(text, found.message_id)


async def _stored(said: Spoken, load: PrincipalLoader) -> Job | Told:
    picture = None
    if said.kind is channels.Kind.IMAGE:
        known = await run_in_threadpool(turn.in_read, lambda s: spoken.look(s, said))
        if known.job is not None:
            return known.job
        picture = await run_in_threadpool(channels.fetch_picture, said) if known.bound else None

    def hear_it(session: Session) -> Job | Told:
        return spoken.hear(session, said, picture, load)

    try:
        return await run_in_threadpool(turn.in_transaction, hear_it)
    except IntegrityError:  # the same message came twice at once: the other one has been stored by now
        return await run_in_threadpool(turn.in_transaction, hear_it)


async def _ready(answering: asyncio.Task[Job], end: float) -> bool:
    """Wait for an answer until ``end``. Where many wait already the bot is busy, and nobody else waits for it."""
    global _waiting
    if _waiting >= get_settings().channel_waiting_at_most:
        return False
    _waiting += 1
    try:
        async with asyncio.timeout_at(end):
            await asyncio.shield(answering)
        return True
    except TimeoutError:
        return False
    finally:
        _waiting -= 1


def _kept(task: asyncio.Task[T]) -> asyncio.Task[T]:
    """Keep a task that nobody waits for until it ends."""
    _under_way.add(task)
    task.add_done_callback(_ended)
    return task


async def _send_when_ready(answering: asyncio.Task[Job], message_id: str) -> None:
    """Let the worker send the answer as soon as it is there: the request that could have taken it along is over."""
    await answering
    await run_in_threadpool(turn.in_transaction, lambda s: pushing.send_now(s, message_id))


def _ended(task: asyncio.Task[Any]) -> None:
    _under_way.discard(task)
    if not task.cancelled() and task.exception() is not None:
        log.error("a turn failed; the worker takes it up again", exc_info=task.exception())
