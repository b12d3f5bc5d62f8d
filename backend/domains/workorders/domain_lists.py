"""What the desk's lists show: cards, the board, the buildings, the calendar, the technicians. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from backend.domains.workorders.domain import URGENCIES, PersonRef, Status

FLOW: tuple[Status, ...] = (
    Status.REPORTED,
    Status.TRIAGED,
    Status.REOPENED,
    Status.DISPATCHED,
    Status.ACCEPTED,
    Status.ON_SITE,
    Status.SUSPENDED,
    Status.FINISHED,
    Status.ACCEPTED_BY_OWNER,
    Status.CLOSED,
    Status.CANCELLED,
    Status.MERGED,
)
"""The columns of the board, in the order in which work flows."""
EXPECTED = frozenset({Status.REPORTED, Status.TRIAGED, Status.DISPATCHED, Status.ACCEPTED})
"""States in which somebody is still expected: late when the promised time has passed."""
BY_RANK: tuple[str, ...] = tuple(URGENCIES)


@dataclass(frozen=True, slots=True)
class Card:
    """What a card shows of an order."""

    number: str
    community: str
    status: str
    status_title: str
    status_tone: str
    category: str
    category_title: str
    urgency: str
    urgency_title: str
    place_text: str
    fault: str
    technician: PersonRef | None
    preferred_time: datetime | None
    promised_at: datetime | None
    late: bool
    confirmation: str | None
    created_at: datetime
    updated_at: datetime
    version: int


@dataclass(frozen=True, slots=True)
class BoardColumn:
    """A state of the board: how many orders are in it, and the first of them. ``more`` when there are at least so many."""

    status: str
    title: str
    tone: str
    count: int
    more: bool
    items: list[Card]


@dataclass(frozen=True, slots=True)
class Spot:
    """Open orders of one place: of a home, a floor or a whole unit."""

    building: str | None
    unit: str | None
    floor: str | None
    room: str | None
    open: int
    late: int
    rank: int


@dataclass(slots=True)
class Tally:
    """Open orders of a part of the estate: how many, how many of them late, how urgent the worst is."""

    open: int = 0
    late: int = 0
    rank: int | None = None

    def add(self, spot: Spot) -> None:
        """Count a place in."""
        self.open += spot.open
        self.late += spot.late
        self.rank = spot.rank if self.rank is None else min(self.rank, spot.rank)

    @property
    def urgency(self) -> str | None:
        """The worst urgency, None where nothing is open."""
        return None if self.rank is None else BY_RANK[self.rank]


@dataclass(frozen=True, slots=True)
class House:
    """A building as it stands in the estate, with what is open in it: as a whole, and by (unit, floor)."""

    number: str
    units: int
    floors: int
    whole: Tally
    cells: dict[tuple[str | None, str | None], Tally]


def storey(spot: Spot) -> str | None:
    """Return the floor of a place; a room says it where nobody did (1201 is on the 12th)."""
    if spot.floor or not spot.room or len(spot.room) < 3:
        return spot.floor
    return spot.room[:-2].lstrip("0") or None


def houses(shape: Iterable[tuple[str, int, int]], spots: Iterable[Spot]) -> tuple[list[House], Tally]:
    """Return the buildings (number, units, floors) with what is open in each, and what is open outside of them."""
    known = {number: House(number, units, floors, Tally(), {}) for number, units, floors in shape}
    outside = Tally()
    for spot in spots:
        house = known.get(spot.building or "")
        if house is None:
            outside.add(spot)
            continue
        house.whole.add(spot)
        house.cells.setdefault((spot.unit, storey(spot)), Tally()).add(spot)
    return list(known.values()), outside


@dataclass(frozen=True, slots=True)
class Load:
    """A technician as they stand now."""

    id: int
    name: str
    phone: str | None
    skills: list[str]
    in_hand: dict[str, int] = field(default_factory=dict)
    late: int = 0
    finished_today: int = 0
    current: Card | None = None
    next: Card | None = None
