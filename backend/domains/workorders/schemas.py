"""What the work-order API takes and gives (field names are the contract's)."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from backend.domains.workorders.domain import Edit, Report, Status, Step
from backend.domains.workorders.intake import Item

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
Short = Annotated[str, StringConstraints(strip_whitespace=True, max_length=64)]
Digits = Annotated[str, StringConstraints(strip_whitespace=True, max_length=8)]
Attachments = list[Annotated[str, StringConstraints(max_length=32)]]


class Strict(BaseModel):
    """A body that refuses unknown fields."""

    model_config = ConfigDict(extra="forbid")


class LocationIn(Strict):
    """A place. Numbers are strings of digits."""

    community: Short | None = None
    building: Digits | None = None
    unit: Digits | None = None
    floor: Digits | None = None
    room: Short | None = None
    place: Short | None = None
    raw: Words | None = None


class ItemIn(BaseModel):
    """One fault as the bot understood it."""

    model_config = ConfigDict(extra="ignore")

    text: Words
    category: Short = "other"
    urgency: Short = "normal"
    scope: Short | None = None
    scope_confidence: float = 0.0
    place_words: str | None = None
    fault: str | None = None

    def to_item(self) -> Item:
        """Return the dataclass."""
        return Item(**self.model_dump())


class ReportIn(Strict):
    """What a message reports. With an ``answer``, even an empty one, nothing is asked any more."""

    items: list[ItemIn] = Field(default_factory=list, max_length=20)
    answer: str | None = Field(None, max_length=2000)
    attachments: Attachments = Field(default_factory=list, max_length=9)
    source: Short = "web"


class LocationOut(BaseModel):
    """A place as in the contract."""

    model_config = ConfigDict(from_attributes=True)

    community: str | None
    building: str | None
    unit: str | None
    floor: str | None
    room: str | None
    place: str | None
    raw: str | None


class QuestionOut(BaseModel):
    """The one thing to ask first."""

    model_config = ConfigDict(from_attributes=True)

    item: int
    about: str
    text: str
    options: list[str]


class OrderIn(Strict):
    """A new order. ``location`` is an object, or words that are resolved for the reporter."""

    category: Short
    fault: Words
    location: LocationIn | Words
    urgency: Short = "normal"
    scope: Literal["private", "public"] | None = None
    asset_id: int | None = None
    preferred_time: AwareDatetime | None = None
    attachments: Attachments = Field(default_factory=list, max_length=9)
    source: Short = "web"
    reporter: Short | None = Field(None, description="username; for the desk only")


class TransitionIn(Strict):
    """A requested move."""

    to: Status
    note: Words | None = None
    version: int | None = None
    technician: int | None = Field(None, description="id of the technician, with dispatched")
    into: Short | None = Field(None, description="number of the master, with merged")

    def to_step(self) -> Step:
        """Return the dataclass."""
        return Step(self.to, self.note, self.version, self.technician, self.into)


class OrderEdit(Strict):
    """A correction by staff."""

    version: int
    category: Short | None = None
    urgency: Short | None = None
    scope: Short | None = None
    fault: Words | None = None
    location: LocationIn | None = None
    asset_id: int | None = None

    def to_command(self) -> Edit:
        """Return the dataclass; only the location's given fields change."""
        location = self.location.model_dump(exclude_unset=True) if self.location else None
        return Edit(self.version, self.category, self.urgency, self.scope, self.fault, location, self.asset_id)


class NoteIn(Strict):
    """Words added to an order."""

    text: Words
    kind: Literal["note", "parts", "urge"] = "note"


class RatingIn(Strict):
    """Stars 1–5 and words."""

    stars: int = Field(ge=1, le=5)
    words: Words | None = None


class PersonRefOut(BaseModel):
    """A person on an order."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    name: str
    phone: str | None


class AllowedOut(BaseModel):
    """A legal next move for the viewer."""

    model_config = ConfigDict(from_attributes=True)

    to: str
    title: str
    needs_note: bool
    primary: bool


class StepOut(BaseModel):
    """A step of the strip that owners see."""

    title: str
    state: Literal["done", "active", "todo"]


class RatingOut(BaseModel):
    """A given rating."""

    stars: int
    words: str | None


class OrderOut(BaseModel):
    """An order as the viewer may see it."""

    model_config = ConfigDict(from_attributes=True)

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
    location: LocationOut
    place_text: str
    asset_id: int | None
    asset_name: str | None
    fault: str
    reporter: PersonRefOut | None
    technician: PersonRefOut | None
    preferred_time: datetime | None
    attachments: list[str]
    source: str
    source_title: str
    created_at: datetime
    updated_at: datetime
    promised_at: datetime | None
    version: int
    steps: list[StepOut]
    rating: RatingOut | None
    merged_into: str | None
    allowed: list[AllowedOut]


class ActorOut(BaseModel):
    """Who did it."""

    name: str
    kind: str


class TimelineOut(BaseModel):
    """One line of an order's history."""

    at: datetime
    actor: ActorOut
    kind: str
    title: str
    text: str | None
    from_status: str | None
    to_status: str | None


class OrderDetail(OrderOut):
    """An order with its history."""

    timeline: list[TimelineOut]
    conversation_id: str | None = None


class ReportedOut(BaseModel):
    """The orders that were opened, or the question that comes first."""

    orders: list[OrderDetail]
    question: QuestionOut | None


class OrderPage(BaseModel):
    """A page of orders."""

    items: list[OrderOut]
    next: str | None
    total: int | None = None


def to_report(body: OrderIn, location: dict[str, Any], scope: str, asset_id: int | None, key: str | None) -> Report:
    """Return the dataclass the service takes."""
    fields = {k: location.get(k) for k in ("building", "unit", "floor", "room", "place", "raw")}
    return Report(
        category=body.category,
        urgency=body.urgency,
        scope=scope,
        fault=body.fault,
        community=location["community"],
        asset_id=asset_id,
        preferred_time=body.preferred_time,
        attachments=tuple(body.attachments),
        source=body.source,
        source_key=key,
        **fields,
    )
