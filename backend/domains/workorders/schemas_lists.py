"""What the lists of the desk take and give."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from backend.domains.workorders.schemas import Strict, Urgency
from backend.domains.workorders.service.bulk import AT_MOST, Wanted
from backend.kit.fields import VISIBLE, MaybeName, MaybeWords, RowId

Number = Annotated[str, StringConstraints(strip_whitespace=True, to_upper=True, min_length=1, max_length=24)]
FILTERS = Literal[
    "status", "category", "urgency", "scope", "source", "building", "unit", "floor", "technician", "reporter", "asset",
    "finished_on", "created_from", "created_to", "q", "open", "mine", "late", "unassigned",
    "outdoors", "missed", "sort",
]  # fmt: skip


class FromRow(BaseModel):
    """An answer that is made from a dataclass."""

    model_config = ConfigDict(from_attributes=True)


class NamedOut(FromRow):
    """A person by id and name."""

    id: int
    name: str


class CardOut(FromRow):
    """What a card shows of an order; the whole is at ``/work-orders/{number}``."""

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
    technician: NamedOut | None
    preferred_time: datetime | None
    promised_at: datetime | None
    late: bool = Field(description="the promised time has passed and nobody is there")
    confirmation: Literal["pending", "confirmed"] | None
    created_at: datetime
    updated_at: datetime
    version: int


class CountOut(BaseModel):
    """How many; ``more`` when there are more than ``total``."""

    total: int
    more: bool


class BoardColumnOut(FromRow):
    """A state and its first orders."""

    status: str
    title: str
    tone: str
    count: int
    more: bool = Field(description="there are more than ``count``")
    items: list[CardOut]


class BoardOut(BaseModel):
    """The states in the order of the work; states that end an order only when there are any."""

    columns: list[BoardColumnOut]


class TallyOut(FromRow):
    """What is open somewhere; ``urgency`` is the worst."""

    open: int
    late: int
    urgency: str | None


class CellOut(TallyOut):
    """What is open on a floor of a unit; without a floor in the unit, without a unit in the building."""

    unit: str | None
    floor: str | None


class HouseOut(TallyOut):
    """A building and what is open in it."""

    number: str
    units: int
    floors: int
    cells: list[CellOut]


class MapOut(BaseModel):
    """The buildings of an estate, and what is open outside of them."""

    community: str
    buildings: list[HouseOut]
    outside: TallyOut


class CalendarOut(FromRow):
    """Orders by the time wished for or promised, earliest first."""

    items: list[CardOut]
    more: bool


class LoadOut(FromRow):
    """A technician as they stand now."""

    id: int
    name: str
    phone: str | None
    skills: list[str]
    skill_titles: list[str]
    in_hand: dict[str, int] = Field(description="open orders by state")
    late: int
    finished_today: int
    current: CardOut | None
    next: CardOut | None


class LoadsOut(BaseModel):
    """The technicians, those with most in hand first; ``waiting`` is what nobody has taken."""

    items: list[LoadOut]
    waiting: int


class SavedFilterIn(Strict):
    """A list to keep: a name and what its address says."""

    name: Annotated[str, StringConstraints(max_length=32), VISIBLE]
    query: dict[FILTERS, Annotated[list[Annotated[str, StringConstraints(max_length=64)]], Field(max_length=50)]]
    shared: bool = False
    community: MaybeName = Field(None, description="estate in which it is shared; needed by who works for several")


class SavedFilterOut(FromRow):
    """A list that was kept. ``by`` kept it."""

    id: int
    name: str
    query: dict[str, list[str]]
    own: bool
    shared: bool
    by: str


class SavedFiltersOut(BaseModel):
    """One's own lists and those that colleagues share."""

    items: list[SavedFilterOut]


class BulkIn(Strict):
    """One change of several orders."""

    numbers: Annotated[list[Number], Field(min_length=1, max_length=AT_MOST)]
    action: Literal["dispatch", "cancel", "close", "urgency", "note"]
    technician: RowId | None = Field(None, description="with dispatch; without it each goes to who fits")
    urgency: Urgency | None = None
    note: MaybeWords = None

    def to_wanted(self) -> Wanted:
        """Return the dataclass."""
        return Wanted(tuple(self.numbers), self.action, self.technician, self.urgency, self.note)


class BulkResultOut(FromRow):
    """What came of one order; ``reason`` when nothing did."""

    number: str
    done: bool
    reason: str | None
    status: str | None
    status_title: str | None
    version: int | None


class BulkOut(FromRow):
    """What came of each; ``undoable`` are those that ``POST /work-orders/bulk/{id}/undo`` takes back."""

    id: int
    action: str
    results: list[BulkResultOut]
    undoable: list[str]
