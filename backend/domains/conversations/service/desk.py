"""What the desk does with conversations: take over, answer, give back; and how one gets to the desk."""

import uuid
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from backend.domains.conversations import repository
from backend.domains.conversations.domain import BOT, BOT_BACK, MAYBE_DANGER_TOPIC, STAFF, ConversationView, excerpt
from backend.domains.conversations.models import Conversation, Message
from backend.domains.conversations.repository import Wanted
from backend.domains.conversations.service import transcript
from backend.domains.conversations.service.standing import ahead, is_desk, standing
from backend.domains.conversations.service.transcript import Line
from backend.domains.conversations.service.views import views
from backend.domains.estate import service as estate
from backend.domains.identity import service as identity
from backend.kit import clock, once
from backend.kit.auth import Principal, Role
from backend.kit.paging import Page, encode
from backend.kit.problems import Conflict, NotFound

LEADING = frozenset({Role.MANAGER, Role.REGIONAL, Role.ADMINISTRATOR})
NAMED_AT_MOST = 1000
"""People that the words of a search may name."""


@dataclass(frozen=True, slots=True)
class HandedOver:
    """Who will answer and how many are served before. Not ``open``: there is nobody else to hand over to."""

    staff_name: str | None
    ahead: int
    open: bool = True


def ask_for_staff(
    session: Session, talk: Conversation, reason: str, topic: str | None = None, take: bool = False
) -> HandedOver:
    """Put a conversation into the desk's queue. ``take``: the bot falls silent until it is given back.

    Whoever answers conversations does not wait for themselves: nothing changes, and ``open`` is False.
    """
    if is_desk(session, talk):
        return HandedOver(None, 0, open=False)
    if talk.waiting_since is None or _gravity(reason, topic) >= _gravity(talk.reason, talk.topic):
        talk.reason, talk.topic = reason, topic
    talk.waiting_since = talk.waiting_since or clock.now()
    if take:
        talk.mode = STAFF
    session.flush()
    transcript.push_conversation(session, talk)
    return HandedOver(_on_duty(session, talk.community_id), ahead(session, talk))


def _gravity(reason: str | None, topic: str | None) -> int:
    """What somebody waits for is not hidden by a smaller thing that they say meanwhile."""
    return 0 if reason != "emergency" else 1 if topic == MAYBE_DANGER_TOPIC else 2


def _on_duty(session: Session, community_id: int) -> str | None:
    ids = identity.staff_ids(session, community_id, [Role.CUSTOMER_SERVICE])
    names = [p.name for p in identity.views(session, ids).values()]
    return names[0] if names else None


def get(session: Session, conversation_id: str) -> Conversation:
    """Return a conversation that the session's principal may read. Raises NotFound."""
    found = repository.get(session, conversation_id)
    if found is None:
        raise NotFound("没有找到这个会话。")
    return found


def queue(
    session: Session,
    kind: str,
    who: Principal,
    q: str | None,
    community: str | None,
    offset: int,
    limit: int,
) -> Page[ConversationView]:
    """Return a page of the desk's queue."""
    others = standing(session)
    wanted = Wanted(
        kind,
        who.person_id,
        community_id=estate.filter_id(session, community, who.staff_community_ids),
        q=q,
        people=[p.id for p in identity.search(session, q, [], None, NAMED_AT_MOST)] if q else (),
        desk=sorted(others.desk),
        staff=sorted(others.staff),
    )
    rows = repository.queue(session, wanted, offset, limit + 1)
    items = views(session, rows[:limit], who)
    if q:
        items = _with_found(session, items, q)
    return Page(items, encode(offset + limit) if len(rows) > limit else None)


def _with_found(session: Session, items: list[ConversationView], q: str) -> list[ConversationView]:
    """Add to each conversation the newest line that holds the words, cut around them."""
    newest: dict[str, str] = {}
    for line in repository.lines_with(session, q, [item.id for item in items]):
        newest.setdefault(line.conversation_id, excerpt(line.label or line.text, q))
    return [replace(item, found=newest.get(item.id)) for item in items]


def one(session: Session, conversation_id: str, who: Principal) -> ConversationView:
    """Return one conversation."""
    return views(session, [get(session, conversation_id)], who)[0]


def read(session: Session, conversation_id: str) -> None:
    """Mark a conversation as read by the desk."""
    talk = get(session, conversation_id)
    if talk.unread:
        talk.unread = 0
        session.flush()
        transcript.push_conversation(session, talk)


def take_over(session: Session, conversation_id: str, who: Principal) -> ConversationView:
    """Answer in person from now on. Raises Conflict when a colleague has it, or when it is one's own."""
    talk = get(session, conversation_id)
    if talk.person_id == who.person_id:
        raise Conflict("这是您自己的会话，要由同事来接待。")
    if talk.mode == STAFF and talk.staff_id not in (None, who.person_id):
        name = identity.views(session, [talk.staff_id or 0])[talk.staff_id or 0].name
        raise Conflict(f"{name}正在接待，如需接手请先让对方交回。")
    talk.mode, talk.staff_id, talk.unread = STAFF, who.person_id, 0
    talk.waiting_since, talk.danger = None, False
    talk.reason = talk.reason or "staff"
    session.flush()
    transcript.push_conversation(session, talk)
    return views(session, [talk], who)[0]


def give_back(session: Session, conversation_id: str, who: Principal) -> ConversationView:
    """Let the bot answer again. Raises Conflict when a colleague has it; those who lead may take it from them."""
    talk = get(session, conversation_id)
    if talk.staff_id not in (None, who.person_id) and not LEADING & who.roles:
        name = identity.views(session, [talk.staff_id or 0])[talk.staff_id or 0].name
        raise Conflict(f"{name}正在接待，请让对方交回，或者由经理处理。")
    resume_bot(session, talk)
    return views(session, [talk], who)[0]


def resume_bot(session: Session, talk: Conversation) -> None:
    """Put the conversation back to the bot and clear what the desk had marked."""
    talk.mode, talk.staff_id, talk.waiting_since = BOT, None, None
    talk.reason, talk.topic, talk.danger = None, None, False
    session.flush()
    transcript.push_conversation(session, talk)


def answer(session: Session, conversation_id: str, text: str, who: Principal, key: str | None) -> Message:
    """Say something as a member of staff; takes the conversation over when nobody has it. Raises Conflict, KeyReused."""
    talk = get(session, conversation_id)
    once.claim(session, who.person_id, "say", key, [conversation_id, text])
    if talk.staff_id != who.person_id:
        take_over(session, conversation_id, who)
    talk.waiting_since, talk.danger = None, False
    external_id = f"staff:{who.person_id}:{key or uuid.uuid4().hex}"
    return transcript.say(session, talk, Line("staff", who.name, text, external_id))


def bot_back_line(external_id: str, answers: str) -> Line:
    """Return what the bot says when it is asked back."""
    return Line("bot", "管家", BOT_BACK, external_id, answers=answers)
