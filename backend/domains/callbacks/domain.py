"""Values, terms and rules of call-backs, as data. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256


class Status(StrEnum):
    """Where a call-back stands."""

    OPEN = "open"
    UNREACHABLE = "unreachable"
    DONE = "done"


STATUS_TITLES: Mapping[Status, str] = {
    Status.OPEN: "待回访",
    Status.UNREACHABLE: "未接通",
    Status.DONE: "已回访",
}
REASONS: Mapping[str, str] = {"low_rating": "评价偏低", "sample": "完工抽样"}
OUTCOMES: Mapping[str, str] = {
    "satisfied": "满意",
    "explained": "已解释，业主接受",
    "to_repair": "需要返修",
    "complaint": "要投诉",
    "dissatisfied": "仍不满意",
}
MOST_TRIES = 3
TRY_AGAIN_AFTER = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class Terms:
    """An estate's numbers: hours until somebody must have called, and the share of ended orders that are called about."""

    due_h: int = 24
    sample_percent: int = 0


DEFAULT_TERMS = Terms()


@dataclass(frozen=True, slots=True)
class NewCallback:
    """A call to make. ``source_key`` makes it once."""

    community_id: int
    subject_type: str
    subject_id: int
    label: str
    person_id: int
    reason: str
    words: str
    source_key: str


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a call. ``outcome`` goes with having reached somebody."""

    reached: bool
    outcome: str | None = None
    notes: str | None = None


@dataclass(frozen=True, slots=True)
class CallbackView:
    """A call-back as the desk sees it."""

    id: int
    community: str
    status: str
    status_title: str
    subject_type: str
    subject_id: int
    subject: str
    person_id: int
    person_name: str
    person_phone: str | None
    reason: str
    reason_title: str
    words: str
    created_at: datetime
    due_at: datetime
    overdue: bool
    escalated_at: datetime | None
    assigned_to_id: int | None
    assigned_to_name: str | None
    tries: int
    next_try_at: datetime | None
    outcome: str | None
    outcome_title: str | None
    notes: str | None
    done_at: datetime | None


def is_sampled(subject_id: int, percent: int) -> bool:
    """Tell whether a subject is among the share that is called about; the same subject always gets the same answer."""
    return int.from_bytes(sha256(str(subject_id).encode()).digest()[:4], "big") % 100 < percent
