"""One turn: store → bot → settle. While the bot thinks, no thread, connection or transaction is held."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool

from backend.domains.conversations import bot_client
from backend.domains.conversations.bot_client import BotUnavailable
from backend.domains.conversations.domain import Inbox
from backend.domains.conversations.service import inbox
from backend.domains.conversations.service.inbox import Job
from backend.kit import db
from backend.kit.feed import Feed
from backend.settings import get_settings

log = logging.getLogger("guanjia.turn")
T = TypeVar("T")


def in_transaction(call: Callable[[Session], T]) -> T:
    """Run a call in a transaction of its own."""
    with db.transaction() as session:
        return call(session)


async def answer(job: Job, feed: Feed | None = None) -> Job:
    """Let the bot answer a stored message and settle it; on any failure of the bot the desk gets it.

    The answer of a message that is being answered elsewhere is waited for, for a while.
    """
    if job.elsewhere and feed is not None:
        return await _answered_elsewhere(job, feed)
    if job.bot is None:
        return job
    try:
        said = await bot_client.turn(job.bot)
    except BotUnavailable as failure:
        log.warning("bot gave no answer to %s: %s", job.message_id, failure)
        nlu = failure.nlu
        return await run_in_threadpool(in_transaction, lambda s: inbox.bot_failed(s, job.message_id, nlu))
    return await run_in_threadpool(
        in_transaction,
        lambda s: inbox.settle(s, job.message_id, said.replies, Inbox.ANSWERED, said.nlu),
    )


async def _answered_elsewhere(job: Job, feed: Feed) -> Job:
    message_id = job.message_id
    with feed.subscribe() as queue, suppress(TimeoutError):
        async with asyncio.timeout(get_settings().same_message_wait_s):
            while job.elsewhere and not feed.closing:
                job = await run_in_threadpool(in_read, lambda s: inbox.as_it_stands(s, message_id))
                while job.elsewhere and not feed.closing:
                    if any(event.data.get("message_id") == message_id for event in await queue.get()):
                        break
    return job


def in_read(call: Callable[[Session], T]) -> T:
    """Run a call in a read-only transaction of its own."""
    with db.transaction(read_only=True) as session:
        return call(session)
