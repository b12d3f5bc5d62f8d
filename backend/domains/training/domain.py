"""Words of training: why a message is listed, what a label says, the states of a run. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class Why(StrEnum):
    """Why a message is listed."""

    REJECTED = "rejected"
    FALSE_ALARM = "false_alarm"
    MISSED_DANGER = "missed_danger"
    STAFF_INTENT = "staff_intent"
    STAFF_FIELDS = "staff_fields"
    MERGED = "merged"
    SPLIT = "split"
    FALLBACK = "fallback"
    HAND_OVER = "hand_over"
    LOW = "low"


WHY_TITLES: dict[str, str] = {
    Why.REJECTED: "说不是这个意思",
    Why.FALSE_ALARM: "问危险，答没有",
    Why.MISSED_DANGER: "没听出危险",
    Why.STAFF_INTENT: "员工改了意图",
    Why.STAFF_FIELDS: "员工改了工单",
    Why.MERGED: "员工合并了工单",
    Why.SPLIT: "拆成了两张工单",
    Why.FALLBACK: "没听懂",
    Why.HAND_OVER: "转了人工",
    Why.LOW: "拿不准",
}
"""In the order of what teaches most; a list shows them so."""


class SampleState(StrEnum):
    """Whether somebody has looked at a sample."""

    WAITING = "waiting"
    LABELLED = "labelled"
    SKIPPED = "skipped"


class RunState(StrEnum):
    """How far a training is."""

    QUEUED = "queued"
    SNAPSHOT = "snapshot"
    TRAINING = "training"
    SCORING = "scoring"
    READY = "ready"
    REFUSED = "refused"
    FAILED = "failed"
    PROMOTED = "promoted"
    SUPERSEDED = "superseded"


class Event(StrEnum):
    """What happens to a run."""

    CLAIM = "claim"
    TRAIN = "train"
    SCORE = "score"
    PASS = "pass"
    REFUSE = "refuse"
    FAIL = "fail"
    PROMOTE = "promote"
    SUPERSEDE = "supersede"


_S, _E = RunState, Event
ACTIVE: tuple[RunState, ...] = (_S.QUEUED, _S.SNAPSHOT, _S.TRAINING, _S.SCORING)
TRANSITIONS: dict[tuple[RunState, Event], RunState] = {
    (_S.QUEUED, _E.CLAIM): _S.SNAPSHOT,
    (_S.SNAPSHOT, _E.TRAIN): _S.TRAINING,
    (_S.TRAINING, _E.SCORE): _S.SCORING,
    (_S.SCORING, _E.PASS): _S.READY,
    (_S.SCORING, _E.REFUSE): _S.REFUSED,
    **{(state, _E.FAIL): _S.FAILED for state in ACTIVE},
    (_S.READY, _E.PROMOTE): _S.PROMOTED,
    (_S.READY, _E.SUPERSEDE): _S.SUPERSEDED,
    (_S.PROMOTED, _E.SUPERSEDE): _S.SUPERSEDED,
    (_S.SUPERSEDED, _E.PROMOTE): _S.PROMOTED,
}

RUN_TITLES: dict[str, str] = {
    _S.QUEUED: "排队中",
    _S.SNAPSHOT: "准备数据",
    _S.TRAINING: "训练中",
    _S.SCORING: "评分中",
    _S.READY: "可以启用",
    _S.REFUSED: "不能启用",
    _S.FAILED: "没有完成",
    _S.PROMOTED: "使用中",
    _S.SUPERSEDED: "已被替换",
}
RUN_TONES: dict[str, str] = {
    _S.QUEUED: "waiting",
    _S.SNAPSHOT: "active",
    _S.TRAINING: "active",
    _S.SCORING: "active",
    _S.READY: "info",
    _S.REFUSED: "warn",
    _S.FAILED: "danger",
    _S.PROMOTED: "done",
    _S.SUPERSEDED: "off",
}


def next_state(state: RunState, event: Event) -> RunState | None:
    """Return the state after an event, None when the event is not for this state."""
    return TRANSITIONS.get((state, event))


class ModelState(StrEnum):
    """Whether a model's file is there, and whether it answers people."""

    KEPT = "kept"
    IN_USE = "in_use"
    GONE = "gone"


TRAINING_LOCK, SWITCH_LOCK = "training", "switch"

FALLBACK_INTENT = "nlu_fallback"
EMERGENCY, DENY = "report_emergency", "deny"
REPORTING = frozenset({"report_repair", EMERGENCY, "complain"})
"""Intents whose examples carry category, urgency and scope."""
FIELDS = ("category", "urgency", "scope")
ORDER_FIELDS: dict[str, str] = {
    "category": "类别",
    "urgency": "紧急程度",
    "scope": "范围",
    "building": "楼号",
    "unit": "单元",
    "floor": "楼层",
    "room": "房号",
    "place": "地点",
}
"""What staff correct on an order, as the audit log calls it."""


@dataclass(frozen=True, slots=True)
class Label:
    """What a message should have been understood as."""

    intent: str
    category: str | None = None
    urgency: str | None = None
    scope: str | None = None

    def as_dict(self) -> dict[str, str]:
        """Return what is known."""
        known = {"intent": self.intent, "category": self.category, "urgency": self.urgency, "scope": self.scope}
        return {name: value for name, value in known.items() if value}

    @property
    def fields(self) -> dict[str, str]:
        """Return the fields of an order that it names."""
        return {name: value for name, value in self.as_dict().items() if name in FIELDS}


def label_of(known: Mapping[str, Any]) -> Label:
    """Return a label from its stored form; fields stay only where the intent has an order."""
    intent = str(known["intent"])
    fields = {name: known.get(name) or None for name in FIELDS} if intent in REPORTING else {}
    return Label(intent, **fields)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A label that can be chosen with one key. ``source`` says where it comes from."""

    label: Label
    source: str
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class ReasonView:
    """One reason to look at a message; ``text`` says what happened."""

    why: str
    title: str
    text: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class SampleView:
    """A sample as the training page shows it; nothing in it names a person."""

    id: int
    message_id: str
    community: str
    said_at: datetime
    role: str
    text: str
    state: str
    intent: str | None
    confidence: float | None
    ranking: list[dict[str, Any]]
    items: list[dict[str, Any]]
    model: str | None
    reasons: list[ReasonView]
    label: dict[str, str] | None
    labelled_by: str | None
    labelled_at: datetime | None


@dataclass(frozen=True, slots=True)
class SimilarView:
    """Another waiting message, and how alike it is (0 to 1)."""

    sample: SampleView
    likeness: float


@dataclass(frozen=True, slots=True)
class SampleDetail:
    """What is needed to label one message: suggestions, best first, and messages like it."""

    sample: SampleView
    suggestions: list[Suggestion] = field(default_factory=list)
    similar: list[SimilarView] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class RunView:
    """A run as the training page shows it. ``new`` and ``old`` are figures of ``bot.score``; ``done`` is 0 to 1."""

    id: int
    state: str
    title: str
    tone: str
    started_by: str
    created_at: datetime
    ended_at: datetime | None
    stage_at: datetime
    done: float
    line: str
    labels: int
    data_digest: str | None
    model: str | None
    compared_with: str | None
    problem: str | None
    new: dict[str, Any] | None
    old: dict[str, Any] | None
    refusals: list[dict[str, Any]]
    measured: int
    changed: int
    changes: list[dict[str, Any]]
    may_promote: bool


@dataclass(frozen=True, slots=True)
class ModelView:
    """A model as the training page shows it. ``labels``: whether labels of the training page are in it."""

    id: int
    name: str
    state: str
    run_id: int | None
    labels: bool
    data_digest: str | None
    figures: dict[str, Any] | None
    created_at: datetime
    created_by: str | None
    used_since: datetime | None
    used_by: str | None
    switching: bool
    problem: str | None
    may_use: bool
