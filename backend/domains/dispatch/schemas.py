"""What the dispatch API takes and gives. Hours are texts (08:00), weekdays 1 (Monday) to 7."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, Strict, StringConstraints

from backend.domains.dispatch.domain import (
    DAY_MINUTES,
    MODE_TITLES,
    SERVICE_MINUTES,
    Leave,
    Mode,
    PersonRoster,
    Rule,
    Shift,
    hour_text,
)
from backend.kit.fields import Day, Moment, Name, OneOf, Real, RowId, refusal


class Body(BaseModel):
    """A body without unknown fields."""

    model_config = ConfigDict(extra="forbid")


def _hour(text: str) -> str:
    if int(text[:2]) * 60 + int(text[3:]) > DAY_MINUTES or int(text[3:]) > 59:
        raise refusal("时间写成 08:00 这样")
    return text


Hour = Annotated[str, StringConstraints(pattern=r"^[0-9]{2}:[0-9]{2}$"), AfterValidator(_hour)]
"""A time of day; 24:00 is the end of it."""
Minutes = Annotated[int, Strict(), Field(ge=1, le=DAY_MINUTES)]


def _minutes(hour: str) -> int:
    return int(hour[:2]) * 60 + int(hour[3:])


class RuleIn(Body):
    """How orders of a category are dispatched."""

    category: Annotated[str, OneOf(SERVICE_MINUTES)]
    mode: Annotated[str, OneOf(MODE_TITLES)]
    grab_minutes: Minutes
    service_minutes: Minutes

    def to_rule(self) -> Rule:
        """Return the dataclass the service takes."""
        return Rule(self.category, Mode(self.mode), self.grab_minutes, self.service_minutes)


class RulesIn(Body):
    """Rules of some categories; the others stay as they are."""

    community: Name
    rules: list[RuleIn] = Field(min_length=1, max_length=len(SERVICE_MINUTES))


class RuleOut(BaseModel):
    """A rule in force."""

    category: str
    mode: str
    mode_title: str
    grab_minutes: int = Field(description="how long an offer stands before it is dispatched automatically")
    service_minutes: int = Field(description="how long the work usually takes")


class RulesOut(BaseModel):
    """The rules of an estate, one for each category."""

    community: str
    rules: list[RuleOut]


class ShiftIn(Body):
    """A shift: on weekdays, every week, or on one day. A shift to an earlier hour ends on the next day."""

    weekdays: list[Annotated[int, Strict(), Field(ge=1, le=7)]] = Field(default_factory=list, max_length=7)
    day: Day | None = None
    starts: Hour = Field(alias="from")
    ends: Hour = Field(alias="to")
    on_call: bool = False

    def to_shift(self) -> Shift:
        """Return the dataclass the service takes. Raises ValueError for a shift on no day at all."""
        mask = sum(1 << (n - 1) for n in set(self.weekdays)) if self.day is None else 0
        return Shift(_minutes(self.starts) % DAY_MINUTES, _minutes(self.ends), mask, self.day, self.on_call)


class ShiftsIn(Body):
    """All the shifts of a technician, in place of those before."""

    community: Name
    person_id: RowId
    shifts: list[ShiftIn] = Field(max_length=60)


class ShiftOut(BaseModel):
    """A shift."""

    model_config = ConfigDict(serialize_by_alias=True)

    weekdays: list[int]
    day: date | None
    starts: str = Field(serialization_alias="from")
    ends: str = Field(serialization_alias="to")
    on_call: bool


class LeaveIn(Body):
    """A technician is away."""

    community: Name
    person_id: RowId
    starts: Moment = Field(alias="from")
    ends: Moment = Field(alias="to")
    reason: Name


class LeaveOut(BaseModel):
    """A leave."""

    model_config = ConfigDict(serialize_by_alias=True)

    id: int
    person_id: int
    starts: datetime = Field(serialization_alias="from")
    ends: datetime = Field(serialization_alias="to")
    reason: str


class PersonShiftsOut(BaseModel):
    """A technician with shifts and coming leave. Without any shift nobody keeps a roster: they always work."""

    person_id: int
    name: str
    skills: list[str]
    duty: str = Field(description="now: on, on_call, off, leave")
    shifts: list[ShiftOut]
    leaves: list[LeaveOut]


class ShiftsOut(BaseModel):
    """The technicians of an estate."""

    community: str
    items: list[PersonShiftsOut]


class PositionIn(Body):
    """Where a phone is (WGS-84)."""

    lat: Annotated[Real, Field(ge=-90, le=90)]
    lng: Annotated[Real, Field(ge=-180, le=180)]
    accuracy_m: Annotated[Real, Field(ge=0, le=100_000)] | None = None
    source: Literal["gps", "network", "qr"] = "gps"


class PositionOut(BaseModel):
    """Whether the position was kept: only while one works."""

    kept: bool


def rule_out(rule: Rule) -> RuleOut:
    """Return a rule as the API gives it."""
    return RuleOut(
        category=rule.category,
        mode=rule.mode,
        mode_title=MODE_TITLES[rule.mode],
        grab_minutes=rule.grab_minutes,
        service_minutes=rule.service_minutes,
    )


def shift_out(shift: Shift) -> ShiftOut:
    """Return a shift as the API gives it."""
    days = [n + 1 for n in range(7) if shift.weekdays >> n & 1]
    return ShiftOut(
        weekdays=days,
        day=shift.day,
        starts=hour_text(shift.starts_min),
        ends=hour_text(shift.ends_min),
        on_call=shift.on_call,
    )


def leave_out(leave: Leave) -> LeaveOut:
    """Return a leave as the API gives it."""
    return LeaveOut(
        id=leave.id, person_id=leave.person_id, starts=leave.span.start, ends=leave.span.end, reason=leave.reason
    )


def person_out(person: PersonRoster) -> PersonShiftsOut:
    """Return a technician's roster as the API gives it."""
    return PersonShiftsOut(
        person_id=person.person_id,
        name=person.name,
        skills=list(person.skills),
        duty=person.duty,
        shifts=[shift_out(s) for s in person.shifts],
        leaves=[leave_out(leave) for leave in person.leaves],
    )
