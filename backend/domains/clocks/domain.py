"""Kinds of day, clock and step, targets and their seed, and when a step is due. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from backend.domains.clocks.business import Calendar, DayKind, Hours, add

DAY_TITLES: Mapping[DayKind, str] = {DayKind.REST: "休", DayKind.WORK: "班", DayKind.FESTIVAL: "节"}
DEFAULT_HOURS = Hours(8 * 60 + 30, 17 * 60 + 30)
MISSING_YEAR = "{year} 年的放假安排还没有导入，先按周一至周五上班计算，节假日和调休可能不准。"


class Kind(StrEnum):
    """What a clock waits for."""

    RESPONSE = "response"
    ARRIVAL = "arrival"
    RESOLUTION = "resolution"


KIND_TITLES: Mapping[str, str] = {Kind.RESPONSE: "接单", Kind.ARRIVAL: "到场", Kind.RESOLUTION: "完工"}
URGENCIES = ("emergency", "high", "normal", "low")
SCOPES = ("private", "public")
CATEGORIES = (
    "lighting", "plumbing", "electrical", "low_voltage", "elevator", "access_security", "hvac", "gas", "fire_safety",
    "civil", "greening", "cleaning", "parking", "noise", "pest", "appliance", "other",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a clock: at ``percent`` of its span, or ``intervals`` after it is due."""

    key: str
    title: str
    percent: int | None = None
    intervals: int = 0


STEPS: tuple[Step, ...] = (
    Step("half", "过半", percent=50),
    Step("warning", "快到时限", percent=80),
    Step("breach", "超时", percent=100),
    Step("service", "超时，报客服", intervals=1),
    Step("manager", "超时，报项目经理", intervals=2),
    Step("regional", "超时，报区域经理", intervals=3),
)
"""In this order; the level of a clock is how many of them it has reached."""
WARNING = 1 + [s.key for s in STEPS].index("warning")
BREACH = 1 + [s.key for s in STEPS].index("breach")
LAST = len(STEPS)


@dataclass(frozen=True, slots=True)
class Target:
    """How fast something must be, from its report. Minutes of business hours unless ``round_the_clock``.

    ``category``, ``scope`` and ``community_id`` None: any. ``escalate_min`` is the time between escalations.
    """

    urgency: str
    response_min: int
    arrival_min: int
    resolution_min: int
    round_the_clock: bool
    escalate_min: int
    category: str | None = None
    scope: str | None = None
    community_id: int | None = None
    source: str | None = None

    def minutes(self, kind: Kind) -> int:
        """Return the minutes for a kind of clock."""
        return int(getattr(self, f"{kind.value}_min"))

    @property
    def slot(self) -> str:
        """What the target is for, as one unique text."""
        return slot(self.community_id, self.category, self.urgency, self.scope)


def slot(*parts: object) -> str:
    """Return one text for a combination of values, some of them any."""
    return ":".join("*" if p is None else str(p) for p in parts)


REFERENCE = "行业参考（24 小时按一个工作日 9 小时计）"
SEED_TARGETS: tuple[Target, ...] = (
    Target("emergency", 1, 5, 120, True, 5, source="行业参考"),
    Target("high", 15, 120, 720, True, 15, source="行业参考"),
    Target("normal", 30, 540, 1080, False, 60, source=REFERENCE),
    Target("low", 540, 1620, 2160, False, 120, source=REFERENCE),
)
"""Where a table says nothing. No national rule exists; an estate's own promises go over these."""


def closest(targets: list[Target], community_id: int, category: str, urgency: str, scope: str) -> Target:
    """Return the target that fits most closely: the estate's before the company's, then by category, then by scope."""

    def fits(t: Target) -> bool:
        wanted = ((t.community_id, community_id), (t.category, category), (t.scope, scope))
        return t.urgency == urgency and all(has in (None, is_) for has, is_ in wanted)

    found = [t for t in (*targets, *SEED_TARGETS) if fits(t)]
    return max(found, key=lambda t: (t.community_id is not None, t.category is not None, t.scope is not None))


@dataclass(frozen=True, slots=True)
class Running:
    """A clock while it runs: since when, what was left of it then, the span that percentages are of, when it is due."""

    since: datetime
    remaining_s: int
    span_s: int
    due_at: datetime
    interval_s: int


def moment_of(level: int, clock: Running, calendar: Calendar | None) -> datetime:
    """Return when a clock reaches a level. ``calendar`` None: it runs round the clock."""
    step = STEPS[level - 1]
    if level == BREACH:
        return clock.due_at
    if step.percent is None:
        return add(calendar, clock.due_at, timedelta(seconds=step.intervals * clock.interval_s))
    before_due_s = clock.span_s * (100 - step.percent) // 100
    left_s = clock.remaining_s - before_due_s
    if left_s <= 0:
        return min(clock.since, clock.due_at)
    return min(add(calendar, clock.since, timedelta(seconds=left_s)), clock.due_at)


def next_moment(
    level: int, clock: Running, calendar: Calendar | None, not_before: datetime | None = None
) -> datetime | None:
    """Return when the step after ``level`` is due. Nobody is passed over: an escalation leaves the one before it its
    whole interval after ``not_before``, however late that was."""
    if level >= LAST:
        return None
    planned = moment_of(level + 1, clock, calendar)
    if level < BREACH or not_before is None:
        return planned
    return max(planned, add(calendar, not_before, timedelta(seconds=clock.interval_s)))


def level_at(level: int, clock: Running, calendar: Calendar | None, now: datetime) -> int:
    """Return the level that a clock whose next step is due reaches now; a reminder that is too late is left out."""
    reached = level + 1
    while reached < BREACH and moment_of(reached + 1, clock, calendar) <= now:
        reached += 1
    return reached


@dataclass(frozen=True, slots=True)
class Start:
    """A clock to start. Without ``due_at`` it is due when ``target_min`` are over; ``span_min`` limits what percentages
    are of (an appointment next week is not half over today)."""

    kind: Kind
    community_id: int
    started_at: datetime
    target_min: int
    round_the_clock: bool
    escalate_min: int
    round: int = 1
    due_at: datetime | None = None
    span_min: int | None = None


@dataclass(frozen=True, slots=True)
class Reached:
    """A step that a clock has reached; told to the domain whose row it times."""

    clock_id: int
    subject_id: int
    kind: Kind
    level: int
    due_at: datetime
    key: str

    @property
    def step(self) -> Step:
        """The step as the table has it."""
        return STEPS[self.level - 1]


@dataclass(frozen=True, slots=True)
class ClockView:
    """A clock as it is shown."""

    kind: str
    title: str
    round: int
    started_at: datetime
    due_at: datetime
    warn_at: datetime
    paused: bool
    remaining_s: int
    stopped_at: datetime | None
    breached: bool
    level: int
    escalated_to: str | None


@dataclass(frozen=True, slots=True)
class Day:
    """A day that is not what its weekday says, or a festival."""

    date: date
    kind: DayKind
    source: str
    name: str | None = None
