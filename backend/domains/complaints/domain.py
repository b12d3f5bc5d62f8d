"""States, moves, deadlines and terms of complaints, as data. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from backend.kit.auth import Role
from backend.kit.statemachine import Move


class Status(StrEnum):
    """Where a complaint stands."""

    RECEIVED = "received"
    INVESTIGATING = "investigating"
    ANSWERED = "answered"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


STATUS_TITLES: Mapping[Status, str] = {
    Status.RECEIVED: "已收到",
    Status.INVESTIGATING: "处理中",
    Status.ANSWERED: "已答复",
    Status.ACCEPTED: "已认可",
    Status.REFUSED: "不认可",
    Status.CLOSED: "已结束",
    Status.WITHDRAWN: "已撤回",
}
STATUS_TONES: Mapping[Status, str] = {
    Status.RECEIVED: "danger",
    Status.INVESTIGATING: "active",
    Status.ANSWERED: "waiting",
    Status.ACCEPTED: "done",
    Status.REFUSED: "danger",
    Status.CLOSED: "done",
    Status.WITHDRAWN: "off",
}
ENDED = frozenset({Status.ACCEPTED, Status.CLOSED, Status.WITHDRAWN})
OPEN = frozenset(Status) - ENDED
UNANSWERED = frozenset({Status.RECEIVED, Status.INVESTIGATING, Status.REFUSED})

KINDS: Mapping[str, str] = {
    "repair": "维修",
    "service": "服务态度",
    "security": "安保秩序",
    "cleaning": "环境卫生",
    "noise": "噪音扰民",
    "parking": "停车",
    "fee": "收费",
    "other": "其他",
}

COMPLAINANT, DESK, MANAGER, SYSTEM = "complainant", "desk", "manager", "system"
ACTOR_TITLES = {COMPLAINANT: "投诉人", DESK: "客服或经理", MANAGER: "经理", SYSTEM: "系统"}

_S = Status


def _move(frm: Status, to: Status, actor: str, title: str, **kwargs: bool) -> Move:
    return Move(frm, to, frozenset({actor}), title, **kwargs)


_ALWAYS = (
    _move(_S.RECEIVED, _S.INVESTIGATING, DESK, "开始处理", primary=True),
    _move(_S.RECEIVED, _S.WITHDRAWN, COMPLAINANT, "撤回"),
    _move(_S.INVESTIGATING, _S.WITHDRAWN, COMPLAINANT, "撤回"),
    _move(_S.REFUSED, _S.INVESTIGATING, SYSTEM, "转上级复查"),
)
MOVES: Mapping[int, tuple[Move, ...]] = {
    1: (
        *_ALWAYS,
        _move(_S.INVESTIGATING, _S.ANSWERED, DESK, "答复", primary=True, needs_note=True),
        _move(_S.ANSWERED, _S.ACCEPTED, COMPLAINANT, "认可", primary=True),
        _move(_S.ANSWERED, _S.REFUSED, COMPLAINANT, "不认可"),
        _move(_S.ANSWERED, _S.CLOSED, SYSTEM, "结束"),
    ),
    2: (
        *_ALWAYS,
        _move(_S.INVESTIGATING, _S.ANSWERED, MANAGER, "复查答复", primary=True, needs_note=True),
        Move(_S.ANSWERED, _S.CLOSED, frozenset({COMPLAINANT, SYSTEM}), "结束", primary=True),
    ),
}
"""Every legal move by round: an answer may be refused once."""
LAST_ROUND = 2


class Level(StrEnum):
    """Who has to see to it."""

    CUSTOMER_SERVICE = "customer_service"
    MANAGER = "manager"
    REGIONAL = "regional"


LEVELS: tuple[Level, ...] = tuple(Level)
LEVEL_TITLES: Mapping[Level, str] = {
    Level.CUSTOMER_SERVICE: "客服",
    Level.MANAGER: "项目经理",
    Level.REGIONAL: "区域经理",
}
LEVEL_ROLES: Mapping[Level, tuple[Role, ...]] = {
    Level.CUSTOMER_SERVICE: (Role.CUSTOMER_SERVICE,),
    Level.MANAGER: (Role.MANAGER,),
    Level.REGIONAL: (Role.REGIONAL,),
}
MANAGERS = frozenset({Role.MANAGER, Role.REGIONAL, Role.ADMINISTRATOR})
"""Who may answer after a refusal."""


def higher(one: str, other: Level) -> Level:
    """Return the higher of two levels."""
    return max(Level(one), other, key=LEVELS.index)


@dataclass(frozen=True, slots=True)
class Terms:
    """Hours until the first reply, days until the answer, days after an answer until silence ends it."""

    reply_h: int = 24
    answer_d: int = 7
    close_d: int = 7


DEFAULT_TERMS = Terms()


class Due(StrEnum):
    """What has a deadline."""

    REPLY = "reply"
    ANSWER = "answer"
    WORD = "word"


@dataclass(frozen=True, slots=True)
class Alarm:
    """What happens so long after (before: negative) a deadline; ``level`` is who hears of it from then on."""

    name: str
    after: timedelta
    level: Level | None = None


REMINDER, LATE, CLOSE = "reminder", "late", "close"
ALARMS: Mapping[Due, tuple[Alarm, ...]] = {
    Due.REPLY: (
        Alarm(REMINDER, timedelta(hours=-4)),
        Alarm(LATE, timedelta(0), Level.MANAGER),
        Alarm(LATE, timedelta(hours=12), Level.REGIONAL),
    ),
    Due.ANSWER: (
        Alarm(REMINDER, timedelta(hours=-24)),
        Alarm(LATE, timedelta(0), Level.MANAGER),
        Alarm(LATE, timedelta(hours=48), Level.REGIONAL),
    ),
    Due.WORD: (Alarm(CLOSE, timedelta(0)),),
}
"""Alarms of each deadline in the order of time; each rings once."""
DUE_TITLES: Mapping[Due, str] = {Due.REPLY: "先回复业主", Due.ANSWER: "给出答复", Due.WORD: "业主表态"}


def ringing(due: Due, due_at: datetime, rung: int, now: datetime) -> list[Alarm]:
    """Return the alarms to ring now; a reminder not once it is late."""
    left = [a for a in ALARMS[due][rung:] if due_at + a.after <= now]
    return [a for a in left if a.name != REMINDER or len(left) == 1]


def next_alarm(due: Due, due_at: datetime, rung: int) -> datetime | None:
    """Return when the next alarm rings after so many."""
    return due_at + ALARMS[due][rung].after if rung < len(ALARMS[due]) else None


@dataclass(frozen=True, slots=True)
class NewComplaint:
    """What is needed to file one. ``source_key`` makes it once; ``complainant_id`` and ``against_id`` are for the desk."""

    words: str
    kind: str = "other"
    order_number: str | None = None
    community: str | None = None
    complainant_id: int | None = None
    against_id: int | None = None
    source_key: str | None = None


@dataclass(frozen=True, slots=True)
class Filed:
    """The complaint's view; ``joined`` when the words were added to one that the person had just filed."""

    complaint: "ComplaintView"
    joined: bool = False


@dataclass(frozen=True, slots=True)
class AllowedMove:
    """A button."""

    to: str
    title: str
    needs_note: bool
    primary: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a complaint's history."""

    at: datetime
    actor_name: str
    actor_kind: str
    kind: str
    title: str
    text: str | None
    from_status: str | None
    to_status: str | None
    internal: bool


@dataclass(frozen=True, slots=True)
class ComplaintView:
    """A complaint as a viewer sees it."""

    number: str
    community: str
    status: str
    status_title: str
    status_tone: str
    kind: str
    kind_title: str
    words: str
    order_number: str | None
    complainant_id: int
    complainant_name: str
    complainant_phone: str | None
    round: int
    level: str
    level_title: str
    handler_name: str | None
    reply_by: datetime
    answer_by: datetime
    replied_at: datetime | None
    answered_at: datetime | None
    answer: str | None
    ended_at: datetime | None
    late: bool
    created_at: datetime
    updated_at: datetime
    version: int
    allowed: list[AllowedMove] = field(default_factory=list)
    against_name: str | None = None
