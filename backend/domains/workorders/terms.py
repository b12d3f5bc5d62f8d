"""How long work may be judged and how long it is warranted, and why people give the stars they give, as data. Pure.

Hours are hours of the clock, days are times 24 hours. An estate's own numbers stand in its tables; these are for the rest.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from backend.domains.workorders.domain import CATEGORIES


@dataclass(frozen=True, slots=True)
class AcceptanceTerms:
    """Hours from when the work was finished: until the reminder, until the system accepts; and from then until it
    closes. ``last_call_h`` is before the end."""

    accept_after_h: int = 72
    remind_after_h: int = 24
    last_call_h: int = 12
    close_after_h: int = 168


DEFAULT_TERMS = AcceptanceTerms()

DEFAULT_WARRANTY_D = 90
WARRANTY_D: Mapping[str, int] = {
    "plumbing": 90,
    "electrical": 180,
    "low_voltage": 180,
    "civil": 180,
    "hvac": 180,
    "lighting": 90,
    "appliance": 90,
    "elevator": 90,
    "access_security": 90,
    "fire_safety": 90,
    "gas": 90,
    "cleaning": 7,
    "noise": 7,
    "parking": 7,
    "pest": 30,
    "greening": 30,
}
"""Days after acceptance in which the same fault is repaired again under the same order."""


def warranty_days(category: str, own: Mapping[str, int]) -> int:
    """Return the days of a category; ``own`` are the estate's own."""
    return own.get(category, WARRANTY_D.get(category, DEFAULT_WARRANTY_D))


def all_warranty_days(own: Mapping[str, int]) -> dict[str, int]:
    """Return the days of every category."""
    return {category: warranty_days(category, own) for category in CATEGORIES}


class Stage(StrEnum):
    """How far the judging of one finished round has come."""

    WAITING = "waiting"
    REMINDED = "reminded"
    LAST_CALLED = "last_called"
    ACCEPTED = "accepted"
    OVER = "over"


UNJUDGED = (Stage.WAITING, Stage.REMINDED, Stage.LAST_CALLED)


@dataclass(frozen=True, slots=True)
class Timetable:
    """When a finished round is reminded of, called for the last time, and accepted."""

    remind_at: datetime
    last_call_at: datetime
    accept_at: datetime

    def due(self, stage: str, now: datetime) -> Stage | None:
        """Return the stage that is due, the last one where several are; None when none is."""
        moments = (
            (Stage.REMINDED, self.remind_at),
            (Stage.LAST_CALLED, self.last_call_at),
            (Stage.ACCEPTED, self.accept_at),
        )
        left = moments[UNJUDGED.index(Stage(stage)) :]
        found = [stage for stage, at in left if at <= now]
        return found[-1] if found else None

    def after(self, stage: Stage) -> datetime | None:
        """Return when something follows a stage in which the work is not judged yet."""
        return {
            Stage.WAITING: self.remind_at,
            Stage.REMINDED: self.last_call_at,
            Stage.LAST_CALLED: self.accept_at,
        }.get(stage)


def timetable(finished_at: datetime, terms: AcceptanceTerms) -> Timetable:
    """Return the moments for work that was finished then."""
    accept_at = finished_at + timedelta(hours=terms.accept_after_h)
    return Timetable(
        finished_at + timedelta(hours=terms.remind_after_h), accept_at - timedelta(hours=terms.last_call_h), accept_at
    )


@dataclass(frozen=True, slots=True)
class Reason:
    """A tag beside the stars."""

    title: str
    good: bool


REASONS: Mapping[str, Reason] = {
    "prompt": Reason("上门及时", True),
    "friendly": Reason("态度好", True),
    "skilled": Reason("手艺好", True),
    "fair_price": Reason("收费合理", True),
    "tidy": Reason("收拾干净", True),
    "explained": Reason("讲得清楚", True),
    "late": Reason("来得太晚", False),
    "rude": Reason("态度差", False),
    "unskilled": Reason("手艺差", False),
    "not_fixed": Reason("没修好", False),
    "overpriced": Reason("收费不合理", False),
    "messy": Reason("没收拾干净", False),
    "unexplained": Reason("没讲清楚", False),
}
MIDDLE_STARS = 3
LOW_STARS = 2
"""Stars up to which somebody calls."""


def unfitting(stars: int, reasons: Collection[str]) -> list[str]:
    """Return the reasons that do not go with the stars: praise goes with many, blame with few, both with the middle."""
    return [r for r in reasons if stars != MIDDLE_STARS and REASONS[r].good != (stars > MIDDLE_STARS)]


def in_words(stars: int, words: str | None, reasons: Collection[str] = ()) -> str:
    """Return a rating as the history says it: 2 星（来得太晚、态度差）：等了一天."""
    tags = f"（{'、'.join(REASONS[r].title for r in reasons)}）" if reasons else ""
    return f"{stars} 星{tags}" + (f"：{words}" if words else "")
