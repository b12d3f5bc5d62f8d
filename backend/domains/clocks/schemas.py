"""What the API of clocks takes and gives."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from pydantic import Strict as StrictNumber

from backend.domains.clocks.business import DayKind, Hours
from backend.domains.clocks.domain import CATEGORIES, DAY_TITLES, SCOPES, URGENCIES, Day, Target
from backend.kit.fields import BLANK_IS_NONE, MaybeName, Name, OneOf
from backend.kit.fields import Day as CalendarDay

LONGEST_MIN = 60 * 24 * 90
Minutes = Annotated[int, StrictNumber(), Field(ge=1, le=LONGEST_MIN)]
TimeOfDay = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$")]
Category = Annotated[str, OneOf(CATEGORIES)]
MaybeCategory = Annotated[Category | None, BLANK_IS_NONE]
Scope = Annotated[str, OneOf(SCOPES)]
MaybeScope = Annotated[Scope | None, BLANK_IS_NONE]


class Strict(BaseModel):
    """A body that refuses unknown fields."""

    model_config = ConfigDict(extra="forbid")


class TargetFields(Strict):
    """How fast something must be. Minutes are of business hours unless it runs round the clock."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    category: str | None = Field(None, description="null: any")
    urgency: Annotated[str, OneOf(URGENCIES)]
    scope: MaybeScope = Field(None, description="null: any")
    response_min: Minutes
    arrival_min: Minutes
    resolution_min: Minutes
    round_the_clock: bool
    escalate_min: Minutes = Field(description="between two escalations")
    source: MaybeName = None

    def to_target(self) -> Target:
        """Return the dataclass."""
        return Target(**self.model_dump())


class TargetIn(TargetFields):
    """A target as it should be."""

    category: MaybeCategory = Field(None, description="null: any")


class TargetsIn(Strict):
    """All targets of an estate, or (without one) of the company."""

    community: MaybeName = None
    items: list[TargetIn] = Field(max_length=500)


class TargetsOut(BaseModel):
    """The targets of an estate and, below them, those of the company."""

    community: str | None
    items: list[TargetFields]
    defaults: list[TargetFields]


class HoursIn(Strict):
    """The business hours of an estate."""

    community: Name
    opens: TimeOfDay
    closes: TimeOfDay

    def to_hours(self) -> Hours:
        """Return the dataclass."""
        return Hours(*(int(t[:2]) * 60 + int(t[3:]) for t in (self.opens, self.closes)))


class HoursOut(BaseModel):
    """The business hours of an estate."""

    community: str
    opens: str
    closes: str


def hours_out(community: str, hours: Hours) -> HoursOut:
    """Return hours as they are shown."""
    opens, closes = (f"{m // 60:02d}:{m % 60:02d}" for m in (hours.opens, hours.closes))
    return HoursOut(community=community, opens=opens, closes=closes)


class DayIn(Strict):
    """A special day."""

    date: CalendarDay
    kind: Literal["rest", "work", "festival"]
    name: MaybeName = None


class YearIn(Strict):
    """All special days of a year, and where they are from (the notice's number)."""

    year: Annotated[int, Field(ge=2000, le=2100)]
    source: Annotated[str, StringConstraints(min_length=1, max_length=190)]
    days: list[DayIn] = Field(min_length=1, max_length=366)

    def to_days(self) -> list[Day]:
        """Return the dataclasses."""
        return [Day(d.date, DayKind(d.kind), self.source, d.name) for d in self.days]


class DayOut(BaseModel):
    """A special day with its title 休, 班 or 节."""

    date: date
    kind: Literal["rest", "work", "festival"]
    title: str
    name: str | None
    source: str


class YearOut(BaseModel):
    """The special days of a year; with a warning when only weekdays are known."""

    year: int
    known: bool
    warning: str | None
    days: list[DayOut]


def year_out(found: Any) -> YearOut:
    """Return a year as it is shown."""
    days = [
        DayOut(date=d.date, kind=d.kind.value, title=DAY_TITLES[d.kind], name=d.name, source=d.source)
        for d in found.days
    ]
    return YearOut(year=found.year, known=found.warning is None, warning=found.warning, days=days)


class KeptOfOut(BaseModel):
    """Promises about one category."""

    model_config = ConfigDict(from_attributes=True)

    category: str
    kept: int
    missed: int
    rate: float | None


class KeptOut(BaseModel):
    """How promises were kept; ``rate`` is a share, null without any."""

    model_config = ConfigDict(from_attributes=True)

    kept: int
    missed: int
    rate: float | None
    by_category: list[KeptOfOut]
