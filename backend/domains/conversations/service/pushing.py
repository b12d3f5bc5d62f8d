"""What a person is told also goes out to the channel they use, as outbox rows of the same transaction.

The answer to a message goes to the account that asked. For a while it may be taken along by the request that brought the
message (``take_answer``); after that the worker sends it. Lines of staff and notices go to every account of the person.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from backend.domains.channels import service as channels
from backend.domains.conversations.domain import Reply
from backend.domains.conversations.models import Message
from backend.kit import clock, outbox
from backend.kit.outbox import Notice
from backend.kit.scope import system_scope
from backend.settings import get_settings

PUSHED = (channels.WECHAT,)
FROM_OTHERS = ("staff", "notice")
MOST_BYTES = 2000
"""WeChat takes 2048."""
CHOICES = "可以直接回复：{titles}"


def answer(session: Session, asked: Message, replies: Sequence[Reply]) -> None:
    """Send the answer to a message back the way it came."""
    if asked.channel not in PUSHED or not asked.channel_user:
        return
    may_be_taken = asked.at + timedelta(seconds=get_settings().wechat_passive_s)
    number = 0
    for at, reply in enumerate(replies):
        for text, more in _parts(reply):
            payload = {"to": asked.channel_user, "line": f"reply:{asked.id}:{at}", **more}
            notice = Notice(
                asked.person_id,
                asked.community_id,
                text,
                f"answer:{asked.id}:{number}",
                payload,
                asked.channel,
                max(clock.now(), may_be_taken),
            )
            outbox.enqueue(session, notice)
            number += 1


def line(session: Session, said: Message) -> None:
    """Send what staff or a notice says to each account of the person."""
    if said.sender_kind not in FROM_OTHERS:
        return
    reply = Reply(said.text, list(said.buttons), said.card)
    with system_scope(session):
        for channel in PUSHED:
            for account in channels.accounts_of(session, said.person_id, channel):
                for number, (text, more) in enumerate(_parts(reply)):
                    payload = {"to": account, "line": said.external_id, **more}
                    key = f"line:{said.id}:{account}:{number}"
                    outbox.enqueue(
                        session, Notice(said.person_id, said.community_id, text, key, payload, channel)
                    )  # fmt: skip


def take_answer(session: Session, message_id: str) -> str | None:
    """Return the whole answer for the request that asks now, so that nobody else sends it; None when it comes later.

    An answer that is too long for one message comes later, too.
    """
    rows = outbox.take(session, f"answer:{message_id}:")
    text = "\n\n".join(row.text for row in rows)
    if not rows or len(text.encode()) > MOST_BYTES:
        session.rollback()
        return None
    return text


def send_now(session: Session, message_id: str) -> None:
    """Let the worker send the answer without waiting for a request that could take it along."""
    outbox.hasten(session, f"answer:{message_id}:")


def _parts(reply: Reply) -> Iterator[tuple[str, dict[str, Any]]]:
    titles = [b["title"] for b in reply.buttons]
    words = "\n".join(filter(None, (reply.text, CHOICES.format(titles=" / ".join(titles)) if titles else "")))
    card = reply.card or {}
    if card.get("type") == "work_order" and len(words) <= 300:
        title = f"工单 {card.get('number')} · {card.get('status_title')}"
        yield words or title, {"news": {"title": title, "url": get_settings().public_url}}
        return
    for part in cut(words, MOST_BYTES):
        yield part, {}


def cut(text: str, most_bytes: int) -> Iterator[str]:
    """Yield the text in parts that fit, cut between lines where there are any, and never inside a character."""
    part = ""
    for piece in text.splitlines(keepends=True):
        for char_run in _runs(piece, most_bytes):
            if part and len((part + char_run).encode()) > most_bytes:
                yield part.strip("\n")
                part = ""
            part += char_run
    if part.strip("\n"):
        yield part.strip("\n")


def _runs(piece: str, most_bytes: int) -> Iterator[str]:
    most = most_bytes // 4 if len(piece.encode()) > most_bytes else len(piece)
    for at in range(0, len(piece), max(most, 1)):
        yield piece[at : at + most]
