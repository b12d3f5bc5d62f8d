"""What the worker does for conversations: deliver notices, take up abandoned messages, keep the feed short."""

import asyncio

from celery import shared_task
from sqlalchemy.orm import Session

from backend.domains.channels import service as channels
from backend.domains.conversations import bot_client, repository, turn
from backend.domains.conversations.service import delivery, inbox
from backend.domains.identity import service as identity
from backend.kit import clock, context, live, outbox
from backend.kit.scope import system_scope

SCHEDULE: dict[str, tuple[str, float]] = {
    "deliver what is due": ("conversations.deliver_outbox", 5.0),
    "take up abandoned messages": ("conversations.resume_turns", 10.0),
    "keep the feed short": ("conversations.prune", 3600.0),
}


@shared_task(name="conversations.deliver_outbox")
def deliver_outbox() -> int:
    """Deliver every notice that is due."""
    pushes = {channels.WECHAT: outbox.Push(channels.to_wechat, delivery.given_up)}
    return outbox.deliver_due({"web": delivery.to_mailbox}, pushes)


@shared_task(name="conversations.resume_turns")
def resume_turns() -> int:
    """Answer messages whose answering died with its process."""
    return asyncio.run(_resume())


async def _resume() -> int:
    taken = 0
    try:
        for message_id in turn.in_read(lambda s: _abandoned(s)):
            context.set_origin(channel="system")
            job = turn.in_transaction(
                lambda s, m=message_id: inbox.retake(s, m, identity.load_principal)  # type: ignore[misc]
            )
            if job is not None:
                await turn.answer(job)
                taken += 1
    finally:
        await bot_client.close()
    return taken


def _abandoned(session: Session) -> list[str]:
    with system_scope(session):
        return list(repository.abandoned(session, clock.now()))


@shared_task(name="conversations.prune")
def prune() -> int:
    """Delete old rows of the change feed."""
    return turn.in_transaction(live.prune)
