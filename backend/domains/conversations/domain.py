"""Words of the inbox: states, reasons to hand over, replies from the bot. Pure."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


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
    "not_understood": "机器人没听懂",
    "failed": "机器人没办成",
    "bot_down": "机器人暂时不可用",
    "emergency": "紧急情况",
    "staff": "客服主动接手",
}
RESUME_BOT = "/resume_bot"
RESUME_TITLE = "还是问管家"
WAITING_WORD_EVERY_S = 180
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
    """A message as a connector hands it over. ``external_id`` is the channel's own id."""

    text: str
    external_id: str
    channel: str = "web"
    attachments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PersonCard:
    """The person of a conversation as the desk sees them."""

    id: int
    name: str
    roles: list[str]
    homes: list[str]
    phone_masked: str | None


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
    """A conversation as the desk sees it."""

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


BOT_DOWN = "我这会儿有点忙不过来，您说的话已经记下，并转给值班客服了，会尽快在这里回复您。"
WITH_STAFF = "已转给客服，会在这里回复您。"
TOO_LONG = "您写得很详细，我已经转给客服细看。如果是报修，也可以用一句话告诉我：哪里、什么坏了。"
NOTHING_READABLE = "我没看懂这条消息。您可以用一句话告诉我，例如「我家楼下的灯坏了」，或者说「转人工」。"
PICTURE_ONLY = "图片收到了。请再说一句：在哪里、什么问题？我马上登记。"
STILL_WAITING = "您的话都记下了，还在等客服接手。要是不急，也可以让我继续帮您。"
BOT_BACK = "好的，我是管家，您接着说。"
