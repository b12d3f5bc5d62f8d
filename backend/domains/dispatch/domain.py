"""Modes, rosters and the arrival that is promised. Pure. Minutes of a day count from its midnight in Shanghai."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Protocol

from backend.kit import clock
from backend.kit.geo import Point


class Points(Protocol):
    """Knows where buildings and places are."""

    def of(self, building: str | None, place: str | None = None) -> Point | None:
        """Return where something is."""


class Mode(StrEnum):
    """How an order finds its technician."""

    GRAB = "grab"
    ASSIGN = "assign"
    AUTO = "auto"


MODE_TITLES: Mapping[str, str] = {Mode.GRAB: "抢单", Mode.ASSIGN: "指派", Mode.AUTO: "自动派单"}


class Duty(StrEnum):
    """Whether a technician works right now."""

    ON = "on"
    ON_CALL = "on_call"
    OFF = "off"
    LEAVE = "leave"


SERVICE_MINUTES: Mapping[str, int] = {
    "lighting": 30, "plumbing": 50, "electrical": 50, "low_voltage": 40, "elevator": 60, "access_security": 40,
    "hvac": 70, "gas": 40, "fire_safety": 50, "civil": 90, "greening": 60, "cleaning": 30, "parking": 20,
    "noise": 20, "pest": 40, "appliance": 45, "other": 40,
}  # fmt: skip
"""How long the work usually takes, by category, until an estate says otherwise."""

GRAB_MINUTES = 5
"""How long an offer stands until an estate says otherwise."""

DAY_MINUTES = 24 * 60
LOOK_AHEAD = timedelta(days=4)
EVERY_DAY = 0b111_1111


@dataclass(frozen=True, slots=True)
class Rule:
    """How the orders of a category are dispatched in an estate."""

    category: str
    mode: Mode
    grab_minutes: int
    service_minutes: int


@dataclass(frozen=True, slots=True)
class Shift:
    """When somebody works: on the weekdays of a mask (bit 0 is Monday) or on one day.

    A shift that ends at or before its start ends on the next day. ``on_call``: at home, comes for what cannot wait.
    """

    starts_min: int
    ends_min: int
    weekdays: int = 0
    day: date | None = None
    on_call: bool = False

    def covers(self, day: date) -> bool:
        """Tell whether the shift begins on this day."""
        return self.day == day if self.day is not None else bool(self.weekdays >> day.weekday() & 1)

    def on(self, day: date) -> "Span":
        """Return from when to when the shift of this day lasts."""
        midnight = clock.day_of(day)[0]
        ends = self.ends_min if self.ends_min > self.starts_min else self.ends_min + DAY_MINUTES
        return Span(midnight + timedelta(minutes=self.starts_min), midnight + timedelta(minutes=ends))

    def hours(self) -> str:
        """Return the hours as people read them: 08:00–20:00."""
        return f"{hour_text(self.starts_min)}–{hour_text(self.ends_min)}"


def hour_text(minutes: int) -> str:
    """Return minutes of a day as 08:00."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time: from, and before when."""

    start: datetime
    end: datetime

    def holds(self, moment: datetime) -> bool:
        """Tell whether a moment lies inside."""
        return self.start <= moment < self.end


@dataclass(frozen=True, slots=True)
class Roster:
    """When one technician works. Without any shift nobody keeps a roster for them: they always work."""

    shifts: tuple[Shift, ...] = ()
    leaves: tuple[Span, ...] = ()

    def duty(self, moment: datetime) -> Duty:
        """Return whether they work at a moment."""
        if any(leave.holds(moment) for leave in self.leaves):
            return Duty.LEAVE
        if not self.shifts or self.shift_at(moment) is not None:
            return Duty.ON
        return Duty.ON_CALL if self.shift_at(moment, on_call=True) is not None else Duty.OFF

    def shift_at(self, moment: datetime, on_call: bool = False) -> Shift | None:
        """Return the shift under way at a moment."""
        today = clock.local_day(moment)
        return next(
            (
                shift
                for day in (today, today - timedelta(days=1))
                for shift in self._of(day, on_call)
                if shift.on(day).holds(moment)
            ),
            None,
        )

    def windows(self, moment: datetime) -> list[Span]:
        """Return when they work in the days from a moment on, leave taken out."""
        until = moment + LOOK_AHEAD
        if not self.shifts:
            spans = [Span(moment, until)]
        else:
            first = clock.local_day(moment) - timedelta(days=1)
            days = [first + timedelta(days=n) for n in range(LOOK_AHEAD.days + 2)]
            spans = _joined(shift.on(day) for day in days for shift in self._of(day, on_call=False))
        for leave in self.leaves:
            spans = [rest for span in spans for rest in _without(span, leave)]
        return [Span(max(s.start, moment), min(s.end, until)) for s in spans if s.end > moment and s.start < until]

    def _of(self, day: date, on_call: bool) -> list[Shift]:
        """The shifts that begin on a day; those made for this day stand instead of those of the week."""
        found = [s for s in self.shifts if s.on_call is on_call and s.covers(day)]
        return [s for s in found if s.day is not None] or found


def _joined(spans: Iterable[Span]) -> list[Span]:
    joined: list[Span] = []
    for span in sorted(spans, key=lambda s: s.start):
        if joined and span.start <= joined[-1].end:
            joined[-1] = Span(joined[-1].start, max(joined[-1].end, span.end))
        else:
            joined.append(span)
    return joined


def _without(span: Span, leave: Span) -> list[Span]:
    if leave.end <= span.start or leave.start >= span.end:
        return [span]
    parts = [Span(span.start, leave.start), Span(leave.end, span.end)]
    return [part for part in parts if part.start < part.end]


@dataclass(frozen=True, slots=True)
class Errand:
    """An order as dispatch knows it. ``holder_id`` has it; ``stays``: with its holder, who accepted it or whom staff
    chose; ``started_at``: on the spot since then; ``moves``: how often a plan has moved it; ``refused``: who gave it back.
    """

    order_id: int
    category: str
    urgency: str
    building: str | None = None
    place: str | None = None
    floor: str | None = None
    due_at: datetime | None = None
    wished_at: datetime | None = None
    holder_id: int | None = None
    stays: bool = False
    started_at: datetime | None = None
    moves: int = 0
    refused: frozenset[int] = frozenset()

    @property
    def where(self) -> str:
        """Return the place in a word or two: 3号楼."""
        return f"{self.building}号楼" if self.building else self.place or "那边"


@dataclass(frozen=True, slots=True)
class Technician:
    """A technician of an estate at a moment. ``called`` is 李师傅; ``point`` where they were last, if that is known."""

    person_id: int
    called: str
    name: str
    phone: str | None
    skills: frozenset[str]
    roster: Roster
    duty: Duty
    load: int = 0
    point: Point | None = None


@dataclass(frozen=True, slots=True)
class Situation:
    """An estate at a moment: who is there, and the orders that they hold or that wait."""

    community_id: int
    moment: datetime
    technicians: tuple[Technician, ...]
    errands: tuple[Errand, ...]
    rules: Mapping[str, Rule]
    points: Points

    def technician(self, person_id: int | None) -> Technician | None:
        """Return a technician of the estate by id."""
        return next((t for t in self.technicians if t.person_id == person_id), None)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A technician judged for one order. ``arrives_s`` from now; ``distance_m`` None where coordinates are missing."""

    technician: Technician
    fits: bool
    refused: bool
    tier: int
    cost: int
    arrives_s: int
    distance_m: int | None

    @property
    def rank(self) -> tuple[bool, bool, int, int, int, int]:
        """The best comes first."""
        who = self.technician
        return not self.fits, self.refused, self.tier, self.cost, who.load, who.person_id


@dataclass(frozen=True, slots=True)
class Choice:
    """Who gets an order, and among whom they were chosen."""

    candidate: Candidate
    among: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class Relocation:
    """A change that a plan proposes: an order goes to somebody else (from nobody, when ``from_id`` is None), and why."""

    order_id: int
    from_id: int | None
    to_id: int
    why: str


@dataclass(frozen=True, slots=True)
class PersonRoster:
    """A technician with their roster, as the desk manages it."""

    person_id: int
    name: str
    skills: tuple[str, ...]
    duty: Duty
    shifts: tuple[Shift, ...] = ()
    leaves: tuple["Leave", ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Leave:
    """Somebody is away."""

    id: int
    person_id: int
    span: Span
    reason: str


OFF_LIMITS = 9
"""Tier of those who are not sent."""


def tier(duty: Duty, urgency: str, anybody: bool = False) -> int:
    """Return in which group somebody is asked: of those who fit, the lowest group that is not empty.

    An emergency may call anybody who is not on leave; ``anybody`` says that staff want somebody whatever the hour.
    """
    if duty is Duty.LEAVE:
        return OFF_LIMITS
    if urgency == "emergency":
        return 1 if duty is Duty.OFF else 0
    if duty is Duty.OFF:
        return 2 if anybody else OFF_LIMITS
    return 0 if duty is Duty.ON else 1
