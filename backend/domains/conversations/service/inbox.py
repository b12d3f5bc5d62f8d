"""The inbox: store first, decide who answers, settle what came back. Each function is one short transaction."""

import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from backend.domains.conversations import danger, domain, repository
from backend.domains.conversations.domain import STAFF, Inbox, Incoming, Reply
from backend.domains.conversations.models import Conversation, Message
from backend.domains.conversations.service import desk, emergency, lately, pushing, transcript
from backend.domains.conversations.service.transcript import Line
from backend.domains.conversations.way_back import wants_bot
from backend.domains.estate import service as estate
from backend.domains.media import service as media
from backend.domains.workorders import service as workorders
from backend.kit import auth, clock
from backend.kit.auth import Claims, Principal, Role
from backend.kit.once import KeyReused
from backend.kit.problems import InvalidInput
from backend.kit.scope import system_scope
from backend.settings import get_settings

_READABLE = re.compile(r"[0-9A-Za-z\u3400-\u9fff]")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u202a-\u202e\ufeff]")


@dataclass(frozen=True, slots=True)
class Job:
    """What is left to do for a stored message. ``bot`` None: it is settled, ``replies`` hold the answer.

    ``elsewhere``: the same message came before, and its answer is still being found.
    """

    message_id: str
    conversation_id: str
    bot: dict[str, Any] | None = None
    replies: list[Reply] = field(default_factory=list)
    elsewhere: bool = False


def receive(session: Session, said: Incoming, who: Principal) -> Job:
    """Store a message (once per channel and external id) and decide who answers it.

    Raises InvalidInput, Forbidden, KeyReused (the id belongs to other words).
    """
    if len(said.text) > domain.MAX_TEXT:
        raise InvalidInput(
            f"一条消息最多 {domain.MAX_TEXT} 字，请分开发。",
            errors=[{"field": "text", "message": f"最多 {domain.MAX_TEXT} 字"}],
        )
    if not said.text.strip() and not said.attachments:
        raise InvalidInput("请先写一句话，或者选一张图片。", errors=[{"field": "text", "message": "不能为空"}])
    with system_scope(session):
        talk = transcript.conversation_of(session, who.person_id, community_of(session, who))
        talk = repository.lock(session, talk.id)  # the same message sent twice at once waits here for the first
    existing = repository.by_external_id(session, said.channel, said.external_id)
    if existing is not None:
        if (existing.text, existing.attachments) != (said.text, list(said.attachments)):
            raise KeyReused()
        return settled(session, existing)
    media.require(session, said.attachments)
    with system_scope(session):
        label = _label(session, talk, said.text)
        row = transcript.store_inbound(session, talk, said, who, label)
        return _route(session, talk, row, who)


def community_of(session: Session, who: Principal) -> int:
    """Return the estate a person's conversation belongs to. Raises Forbidden for people who belong to none."""
    return workorders.estate_of(session, who)


def _label(session: Session, talk: Conversation, text: str) -> str | None:
    """Return the title of the button that was tapped, None when the text was typed."""
    if not text.startswith("/"):
        return None
    offered = repository.recent_buttons(session, talk.id)
    return next((b["title"] for b in offered if b["payload"] == text), None)


def settled(session: Session, row: Message) -> Job:
    """Return the stored answer of a message that is known already."""
    answers = [Reply(m.text, list(m.buttons), m.card) for m in repository.replies_to(session, row.id)]
    return Job(row.id, row.conversation_id, None, answers, row.status in domain.UNSETTLED)


def as_it_stands(session: Session, message_id: str) -> Job:
    """Return what has been answered to a message by now."""
    with system_scope(session):
        row = repository.message(session, message_id)
        return settled(session, row) if row else Job(message_id, "")


def _route(session: Session, talk: Conversation, row: Message, who: Principal) -> Job:
    text = _CONTROL.sub("", row.text).strip()
    if _wants_bot_back(row, talk, text):
        desk.resume_bot(session, talk)
        return settle(session, row.id, [Reply(domain.BOT_BACK)], Inbox.ANSWERED)
    score = danger.score(text) if row.label is None else None
    found = danger.certain(text, score) if row.label is None else None
    if found is not None:
        return settle(session, row.id, [emergency.answer(session, talk, row, who, found)], Inbox.ANSWERED)
    calm = emergency.called_off(session, talk, row, who) if danger.is_over(text) else None
    if calm is not None and talk.staff_id is None:
        return settle(session, row.id, [calm], Inbox.ANSWERED)
    if talk.mode == STAFF:
        replies = _maybe_danger(session, talk, score) or _still_waiting(session, talk)
        return settle(session, row.id, replies, Inbox.HANDED_OVER)
    if not _READABLE.search(text):
        words = domain.PICTURE_ONLY if row.attachments else domain.NOTHING_READABLE
        return settle(session, row.id, [Reply(words)], Inbox.ANSWERED)
    if len(text) > domain.TOO_LONG_FOR_BOT:
        desk.ask_for_staff(session, talk, "not_understood")
        return settle(session, row.id, [Reply(domain.TOO_LONG)], Inbox.HANDED_OVER)
    return _for_bot(session, talk, row, who, text)


def _wants_bot_back(row: Message, talk: Conversation, text: str) -> bool:
    """Tell whether the person taps, or while they wait or talk to staff says, that the bot should go on."""
    tapped = row.text == domain.RESUME_BOT and row.label is not None
    return tapped or (talk.mode == STAFF and wants_bot(text))


def _maybe_danger(session: Session, talk: Conversation, score: float | None) -> list[Reply]:
    """Return what to do in danger, to somebody who waits for or talks to staff and may be in danger; staff are told."""
    if score is None or score < danger.POSSIBLE:
        return []
    desk.ask_for_staff(session, talk, "emergency", domain.MAYBE_DANGER_TOPIC)
    return [Reply(domain.MAYBE_DANGER)]


def _still_waiting(session: Session, talk: Conversation) -> list[Reply]:
    """Return a word to somebody whom no member of staff has taken yet, now and then; nothing once one has."""
    known = [m for m in (repository.last_said_at(session, talk.id), talk.waiting_since) if m is not None]
    quiet = timedelta(seconds=domain.WAITING_WORD_EVERY_S)
    if talk.staff_id is not None or (known and clock.now() - max(known) < quiet):
        return []
    return [Reply(domain.STILL_WAITING, [{"title": domain.RESUME_TITLE, "payload": domain.RESUME_BOT}])]


def _for_bot(session: Session, talk: Conversation, row: Message, who: Principal, text: str) -> Job:
    settings = get_settings()
    lease = clock.now() + timedelta(seconds=settings.turn_lease_s)
    row.status, row.lease_until, row.attempts = Inbox.ANSWERING, lease, row.attempts + 1
    session.flush()
    if text.startswith("/") and row.label is None:
        text = "／" + text[1:]
    told = lately.told(session, talk, row)
    text = _button_said(told, text) or text
    claims = Claims(who.person_id, "bot", row.id, row.channel)
    speaker = {
        "token": auth.issue_token(claims, settings.turn_token_ttl_s),
        "name": who.name,
        "channel": row.channel,
        "attachments": list(row.attachments),
        "lately": told,
        "danger": danger.evidence(text, danger.score(text)),
        **speaker_facts(session, who),
    }
    return Job(
        row.id,
        talk.id,
        {"sender": talk.id, "message_id": row.id, "text": text, "speaker": speaker},
    )


def _button_said(told: list[dict[str, Any]], text: str) -> str | None:
    """Return what the button does whose words were typed instead of tapped, None when no such button was just offered."""
    offered = (button for line in reversed(told) if line["turn"] == 0 for button in line["buttons"])
    return next((str(button["payload"]) for button in offered if button["title"] == text), None)


def speaker_facts(session: Session, who: Principal) -> dict[str, Any]:
    """Return what the model may know about the speaker: roles, estate, home, open orders."""
    with system_scope(session):
        homes = estate.rooms(session, sorted(who.room_ids))
        here = estate.community(session, community_of(session, who))
        held = workorders.count(
            session,
            workorders.Filter(statuses=workorders.OPEN_STATUSES, technician_id=who.person_id),
        ) if Role.TECHNICIAN in who.roles else 0  # fmt: skip
    return {
        "roles": sorted(who.roles),
        "community": here.code,
        "home": homes[0].label if homes else None,
        "open_orders": held or workorders.open_reported_by(session, who.person_id),
    }


def settle(
    session: Session,
    message_id: str,
    replies: list[Reply],
    status: Inbox,
    nlu: dict[str, Any] | None = None,
) -> Job:
    """Write the answer and close the inbox row, in one transaction; a row that is closed already stays as it is."""
    with system_scope(session):
        row = repository.message(session, message_id)
        if row is None or row.status not in domain.UNSETTLED:
            return settled(session, row) if row else Job(message_id, "", None, [])
        talk = desk.get(session, row.conversation_id)
        row.status, row.lease_until, row.nlu = status, None, nlu
        for number, reply in enumerate(replies):
            transcript.say(
                session,
                talk,
                Line(
                    "bot", "管家", reply.text, f"reply:{message_id}:{number}",
                    reply.buttons, reply.card, message_id,
                ),
            )  # fmt: skip
        pushing.answer(session, row, replies)
        session.flush()
        transcript.push_message(session, row)
    return Job(message_id, talk.id, None, replies)


def bot_failed(session: Session, message_id: str, nlu: dict[str, Any] | None = None) -> Job:
    """The bot did not answer: tell the person and put the conversation into the desk's queue."""
    replies = [Reply(domain.BOT_DOWN)]
    with system_scope(session):
        row = repository.message(session, message_id)
        if row is not None and row.status in domain.UNSETTLED:
            talk = desk.get(session, row.conversation_id)
            replies = _maybe_danger(session, talk, danger.score(row.text)) or replies
            desk.ask_for_staff(session, talk, "bot_down")
    return settle(session, message_id, replies, Inbox.HANDED_OVER, nlu)


def retake(session: Session, message_id: str, load: Any) -> Job | None:
    """Take up a message whose answering died; None when another worker has it. Given up after the allowed attempts."""
    moment = clock.now()
    lease = moment + timedelta(seconds=get_settings().turn_lease_s)
    with system_scope(session):
        if not repository.claim(session, message_id, moment, lease):
            return None
        row = repository.message(session, message_id)
        if row is None:
            return None
        session.refresh(row)
        if row.attempts > get_settings().turn_attempts:
            return bot_failed(session, message_id)
        who = load(session, Claims(row.person_id))
        return _for_bot(session, desk.get(session, row.conversation_id), row, who, row.text)
