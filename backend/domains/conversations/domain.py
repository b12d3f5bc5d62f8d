"""Words of the inbox: states, reasons to hand over, replies from the bot. Pure."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from backend.kit.auth import PERMISSIONS, STAFF_ROLES, Role


class Inbox(StrEnum):
    """State of an inbound message."""

    RECEIVED = "received"
    ANSWERING = "answering"
    ANSWERED = "answered"
    HANDED_OVER = "handed_over"
    FAILED = "failed"


UNSETTLED = (Inbox.RECEIVED, Inbox.ANSWERING)
SENT = "sent"
BOT, STAFF = "bot", "staff"

REASONS: dict[str, str] = {
    "asked": "要求人工",
    "topic": "需要人工办理",
    "not_understood": "管家没听懂",
    "failed": "管家没办成",
    "bot_down": "管家暂时不可用",
    "emergency": "紧急情况",
    "staff": "客服主动接手",
}
ANSWERING: tuple[Role, ...] = tuple(r for r in Role if "conversations.answer" in PERMISSIONS[r])
"""Roles that answer conversations; nobody of them waits for themselves."""


def standing_of(roles: Collection[str]) -> str:
    """Return where somebody stands in the queue: resident first, then (other) staff, desk not at all."""
    if any(role in roles for role in ANSWERING):
        return "desk"
    return "staff" if any(role in roles for role in STAFF_ROLES) else "resident"


RESUME_BOT = "/resume_bot"
RESUME_TITLE = "还是问管家"
WAITING_WORD_EVERY_S = 180
DANGER_SHOWN_S = 6 * 3600
"""How long a danger counts as present when nobody says otherwise."""
MAX_TEXT = 5000
TOO_LONG_FOR_BOT = 1000


@dataclass(frozen=True, slots=True)
class Reply:
    """One reply: words, and buttons or a card beside them."""

    text: str
    buttons: list[dict[str, str]] = field(default_factory=list)
    card: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message as a connector hands it over: the channel's own id of it, and of the account that sent it."""

    text: str
    external_id: str
    channel: str = "web"
    attachments: tuple[str, ...] = ()
    channel_user: str | None = None


@dataclass(frozen=True, slots=True)
class PersonCard:
    """The person of a conversation as the desk sees them. ``phone`` is whole, for those who may call."""

    id: int
    name: str
    roles: list[str]
    standing: str
    homes: list[str]
    phone_masked: str | None
    phone: str | None


@dataclass(frozen=True, slots=True)
class StaffRef:
    """Who has taken a conversation."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class LastMessage:
    """The newest line of a conversation."""

    text: str
    at: datetime
    direction: str


@dataclass(frozen=True, slots=True)
class ConversationView:
    """A conversation as the desk sees it. ``found`` is the line that a search has found in it."""

    id: str
    community: str
    community_name: str
    person: PersonCard
    mode: str
    waiting: bool
    waiting_since: datetime | None
    reason: str | None
    reason_title: str | None
    topic: str | None
    danger: bool
    staff: StaffRef | None
    last_message: LastMessage | None
    unread: int
    found: str | None = None


EXCERPT_BEFORE, EXCERPT_AFTER = 12, 40


def excerpt(text: str, words: str) -> str:
    """Return the part of a text around the words, with … where it was cut."""
    line = " ".join(text.split())
    at = max(line.lower().find(words.lower()), 0)
    start, end = max(at - EXCERPT_BEFORE, 0), at + len(words) + EXCERPT_AFTER
    return f"{'…' if start else ''}{line[start:end]}{'…' if end < len(line) else ''}"


DANGER_AGAIN = "这句也已转给值班人员，工单 {number} 正在处理。请先照上面做，人到之前不要冒险。"
MAYBE_DANGER_TOPIC = "可能有紧急情况"
MAYBE_DANGER = (
    "听着可能有危险，我已通知客服和值班人员。先离开危险的地方：火警 119，急救 120，报警 110。"
    "需要马上派人，请说一句是什么事、在几号楼，例如「3号楼电梯困人」。"
)
BOT_DOWN = "我这会儿有点忙不过来，您说的话已经记下，并转给值班客服了，会尽快在这里回复您。"
WITH_STAFF = "已转给客服，会在这里回复您。"
TOO_LONG = "您写得很详细，我已经转给客服细看。如果是报修，也可以用一句话告诉我：哪里、什么坏了。"
NOTHING_READABLE = "我没看懂这条消息。您可以用一句话告诉我，例如「我家楼下的灯坏了」，或者说「转人工」。"
PICTURE_ONLY = "图片收到了。请再说一句：在哪里、什么问题？我马上登记。"
STILL_WAITING = "您的话都记下了，还在等客服接手。要是不急，也可以让我继续帮您。"
DANGER_OVER = (
    "没事就好。我已告诉值班人员和师傅；工单 {number} 先不撤，等他们看过再关。要是又有情况，马上告诉我，或者直接打电话。"
)
BOT_BACK = "好的，我是管家，您接着说。"
