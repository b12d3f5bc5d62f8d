"""Fields, states and moves of a work order (the contract), as data. Pure."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from backend.kit.statemachine import Move


class Status(StrEnum):
    """Where an order stands."""

    REPORTED = "reported"
    TRIAGED = "triaged"
    DISPATCHED = "dispatched"
    ACCEPTED = "accepted"
    ON_SITE = "on_site"
    FINISHED = "finished"
    ACCEPTED_BY_OWNER = "accepted_by_owner"
    CLOSED = "closed"
    SUSPENDED = "suspended"
    REOPENED = "reopened"
    CANCELLED = "cancelled"
    MERGED = "merged"


class Confirmation(StrEnum):
    """What the desk knows of a fault in a home that is not its reporter's. Orders of one's own home have none."""

    PENDING = "pending"
    CONFIRMED = "confirmed"


STATUS_TITLES: dict[Status, str] = {
    Status.REPORTED: "已报修",
    Status.TRIAGED: "已受理",
    Status.DISPATCHED: "已派单",
    Status.ACCEPTED: "已接单",
    Status.ON_SITE: "处理中",
    Status.FINISHED: "待验收",
    Status.ACCEPTED_BY_OWNER: "已验收",
    Status.CLOSED: "已完成",
    Status.SUSPENDED: "已挂起",
    Status.REOPENED: "返修",
    Status.CANCELLED: "已取消",
    Status.MERGED: "已合并",
}

STATUS_TONES: dict[Status, str] = {
    Status.REPORTED: "waiting",
    Status.TRIAGED: "waiting",
    Status.DISPATCHED: "info",
    Status.ACCEPTED: "active",
    Status.ON_SITE: "active",
    Status.FINISHED: "waiting",
    Status.ACCEPTED_BY_OWNER: "done",
    Status.CLOSED: "done",
    Status.SUSPENDED: "late",
    Status.REOPENED: "danger",
    Status.CANCELLED: "done",
    Status.MERGED: "done",
}

SUBJECT = "work_order"
"""What other domains know an order as."""
ENDED = frozenset({Status.CLOSED, Status.CANCELLED, Status.MERGED})
OPEN = frozenset(Status) - ENDED
JUDGED = frozenset({Status.FINISHED, Status.ACCEPTED_BY_OWNER, Status.CLOSED})
"""States in which the work is judged: not by the one who did it."""
ACTIVE = OPEN - {Status.FINISHED, Status.ACCEPTED_BY_OWNER}
"""States in which the fault is known to be there still: who reports it now joins the order."""
IN_HAND = frozenset({Status.DISPATCHED, Status.ACCEPTED, Status.ON_SITE, Status.SUSPENDED})
"""States that count as a technician's load."""

CATEGORIES: dict[str, str] = {
    "lighting": "照明",
    "plumbing": "给排水",
    "electrical": "强电",
    "low_voltage": "弱电网络",
    "elevator": "电梯",
    "access_security": "门禁监控",
    "hvac": "空调暖通",
    "gas": "燃气",
    "fire_safety": "消防",
    "civil": "门窗土建",
    "greening": "绿化",
    "cleaning": "保洁",
    "parking": "停车",
    "noise": "噪音扰民",
    "pest": "虫鼠",
    "appliance": "户内电器",
    "other": "其他",
}
URGENCIES: dict[str, str] = {"emergency": "紧急", "high": "较急", "normal": "一般", "low": "可约时间"}
SCOPES: dict[str, str] = {"private": "户内", "public": "公共区域"}
SOURCES: dict[str, str] = {
    "wechat": "微信",
    "web": "网页",
    "voice": "语音",
    "alarm": "设备报警",
    "inspection": "巡检",
    "staff": "客服登记",
    "open311": "开放接口",
    "scan": "扫码",
}

REPORTER, HOLDER, TECHNICIAN, DESK, SYSTEM = "reporter", "holder", "technician", "desk", "system"
MATE = "mate"
"""Another technician who does the job together with its holder."""
FOLLOWER = "follower"
"""Somebody else who reported the same public fault: hears how it goes and judges the work, but the order is not theirs."""
ACTOR_TITLES = {
    REPORTER: "报修人",
    FOLLOWER: "一同反映的业主",
    HOLDER: "接单师傅",
    TECHNICIAN: "对口的师傅",
    DESK: "客服或经理",
    SYSTEM: "系统",
}


def _moves(
    sources: tuple[Status, ...], to: Status, actors: tuple[str, ...], title: str, **kwargs: bool
) -> tuple[Move, ...]:
    return tuple(Move(s, to, frozenset(actors), title, **kwargs) for s in sources)


_S = Status
MOVES: tuple[Move, ...] = (
    *_moves((_S.REPORTED,), _S.TRIAGED, (DESK, SYSTEM), "受理", primary=True),
    *_moves((_S.REPORTED, _S.TRIAGED, _S.REOPENED), _S.DISPATCHED, (DESK, SYSTEM), "派单", primary=True),
    *_moves((_S.DISPATCHED, _S.ACCEPTED), _S.DISPATCHED, (DESK, SYSTEM), "改派"),
    *_moves((_S.ON_SITE, _S.SUSPENDED), _S.DISPATCHED, (DESK,), "改派"),
    *_moves((_S.TRIAGED,), _S.ACCEPTED, (TECHNICIAN,), "接单", primary=True),
    *_moves((_S.DISPATCHED,), _S.ACCEPTED, (HOLDER, DESK), "接单", primary=True),
    *_moves((_S.DISPATCHED, _S.ACCEPTED), _S.TRIAGED, (HOLDER, DESK), "退回", needs_note=True),
    *_moves((_S.ACCEPTED,), _S.ON_SITE, (HOLDER, DESK), "到场", primary=True),
    *_moves((_S.ON_SITE,), _S.FINISHED, (HOLDER, DESK), "完工", primary=True, needs_note=True),
    *_moves((_S.ACCEPTED, _S.ON_SITE), _S.SUSPENDED, (HOLDER, DESK), "挂起", needs_note=True),
    *_moves((_S.SUSPENDED,), _S.ACCEPTED, (HOLDER, DESK), "恢复", primary=True),
    *_moves((_S.FINISHED,), _S.ACCEPTED_BY_OWNER, (REPORTER, FOLLOWER, DESK, SYSTEM), "验收通过", primary=True),
    *_moves((_S.FINISHED, _S.ACCEPTED_BY_OWNER), _S.REOPENED, (REPORTER, FOLLOWER, DESK), "没修好", needs_note=True),
    *_moves((_S.CLOSED,), _S.REOPENED, (REPORTER, DESK), "没修好", needs_note=True),
    *_moves((_S.ACCEPTED_BY_OWNER,), _S.CLOSED, (REPORTER, DESK, SYSTEM), "结单", primary=True),
    *_moves((_S.REPORTED, _S.TRIAGED, _S.DISPATCHED, _S.ACCEPTED), _S.CANCELLED, (REPORTER, DESK), "撤单"),
    *_moves((_S.ON_SITE, _S.SUSPENDED, _S.REOPENED), _S.CANCELLED, (DESK,), "撤单", needs_note=True),
    *_moves((_S.REPORTED, _S.TRIAGED, _S.DISPATCHED, _S.ACCEPTED, _S.SUSPENDED, _S.REOPENED), _S.MERGED, (DESK,), "合并到"),
)  # fmt: skip
"""Every legal move and who may make it. The server enforces this table and the pages draw their buttons from it."""

ON_THE_WAY = frozenset({Status.ACCEPTED, Status.ON_SITE})
"""Steps that may be made up for quietly."""

STEPS: tuple[tuple[str, frozenset[Status]], ...] = (
    ("已受理", frozenset({_S.REPORTED, _S.TRIAGED})),
    ("已派单", frozenset({_S.DISPATCHED, _S.ACCEPTED, _S.REOPENED})),
    ("处理中", frozenset({_S.ON_SITE, _S.SUSPENDED})),
    ("待验收", frozenset({_S.FINISHED})),
    ("已完成", frozenset({_S.ACCEPTED_BY_OWNER, _S.CLOSED})),
)


def steps(status: Status) -> list[dict[str, str]]:
    """Return the five steps an owner sees, each done, active or todo."""
    at = next((i for i, (_, states) in enumerate(STEPS) if status in states), -1)
    finished = status in (_S.ACCEPTED_BY_OWNER, _S.CLOSED)
    return [
        {
            "title": title,
            "state": "done" if i < at or finished else "active" if i == at else "todo",
        }
        for i, (title, _) in enumerate(STEPS)
    ]


@dataclass(frozen=True, slots=True)
class Report:
    """What is needed to open an order. ``source_key`` makes it once (message id and item); without a ``source`` it is
    what the speaker's token says."""

    category: str
    urgency: str
    scope: str
    fault: str
    community: str
    building: str | None = None
    unit: str | None = None
    floor: str | None = None
    room: str | None = None
    place: str | None = None
    raw: str | None = None
    asset_id: int | None = None
    preferred_time: datetime | None = None
    time_said: str | None = None
    attachments: tuple[str, ...] = ()
    source: str | None = None
    source_key: str | None = None
    reporter_id: int | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """A requested move. ``technician_id`` goes with dispatching, ``into`` (a number) with merging.

    ``quiet``: a step made up for on the way to the next one; the reporters do not hear of it. ``reason_kind`` and
    ``until`` go with suspending, ``unfilled`` (why items of the checklist stay open) with finishing.
    """

    to: Status
    note: str | None = None
    version: int | None = None
    technician_id: int | None = None
    into: str | None = None
    quiet: bool = False
    reason_kind: str | None = None
    until: datetime | None = None
    unfilled: str | None = None


@dataclass(frozen=True, slots=True)
class Edit:
    """A correction by staff; None leaves a field as it is."""

    version: int
    category: str | None = None
    urgency: str | None = None
    scope: str | None = None
    fault: str | None = None
    location: dict[str, str | None] | None = None
    asset_id: int | None = None


@dataclass(frozen=True, slots=True)
class PersonRef:
    """A person on an order; ``phone`` only where the viewer may call them."""

    id: int
    name: str
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class AllowedMove:
    """A button."""

    to: str
    title: str
    needs_note: bool
    primary: bool


@dataclass(frozen=True, slots=True)
class OrderView:
    """An order as a viewer sees it; also the content of a chat card."""

    number: str
    community: str
    status: str
    status_title: str
    status_tone: str
    category: str
    category_title: str
    urgency: str
    urgency_title: str
    scope: str
    scope_title: str
    location: dict[str, Any]
    place_text: str
    asset_id: int | None
    asset_name: str | None
    fault: str
    reporter: PersonRef | None
    technician: PersonRef | None
    preferred_time: datetime | None
    attachments: list[str]
    source: str
    source_title: str
    created_at: datetime
    updated_at: datetime
    promised_from: datetime | None
    promised_at: datetime | None
    suspended_until: datetime | None
    version: int
    steps: list[dict[str, str]]
    rating: dict[str, Any] | None
    merged_into: str | None
    confirmation: str | None
    followers: int = 0
    following: bool = False
    allowed: list[AllowedMove] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One line of an order's history."""

    at: datetime
    actor_name: str
    actor_kind: str
    kind: str
    title: str
    text: str | None
    from_status: str | None
    to_status: str | None
    actor_id: int | None = None
