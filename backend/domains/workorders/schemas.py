"""What the work-order API takes and gives (field names are the contract's)."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    FiniteFloat,
    StringConstraints,
    Tag,
    ValidationInfo,
    field_validator,
)

from backend.domains.workorders.domain import CATEGORIES, SCOPES, SOURCES, URGENCIES, Edit, Report, Status, Step
from backend.domains.workorders.intake import Item
from backend.domains.workorders.suspension import REASON_KINDS
from backend.domains.workorders.terms import REASONS, unfitting
from backend.kit.fields import (
    CLEAN,
    Count,
    MaybeDoor,
    MaybeHouse,
    MaybeName,
    MaybeStorey,
    MaybeWords,
    OneOf,
    RowId,
    SoonMoment,
    Words,
    refusal,
)

Attachments = list[Annotated[str, StringConstraints(max_length=32)]]
Category = Annotated[str, OneOf(CATEGORIES)]
Urgency = Annotated[str, OneOf(URGENCIES)]
Scope = Annotated[str, OneOf(SCOPES)]
Source = Annotated[str, OneOf(SOURCES)]
ReasonKind = Annotated[str, OneOf(REASON_KINDS)]


class Strict(BaseModel):
    """A body that refuses unknown fields."""

    model_config = ConfigDict(extra="forbid")


class LocationIn(Strict):
    """A place. Numbers are strings of digits."""

    community: MaybeName = None
    building: MaybeHouse = None
    unit: MaybeHouse = None
    floor: MaybeStorey = None
    room: MaybeDoor = None
    place: MaybeName = None
    raw: MaybeWords = None


def _form(value: Any) -> str:
    return "words" if isinstance(value, str) else "object"


Where = Annotated[
    Annotated[LocationIn, Tag("object")] | Annotated[Words, Tag("words")],
    Discriminator(_form),
]
"""A place as an object, or the words for it."""


class ItemIn(BaseModel):
    """One fault as the bot understood it."""

    model_config = ConfigDict(extra="ignore")

    text: Words
    category: Category = "other"
    urgency: Urgency = "normal"
    scope: Scope | None = None
    scope_confidence: FiniteFloat = Field(0.0, ge=0, le=1)
    place_words: MaybeWords = None
    fault: MaybeWords = None

    def to_item(self) -> Item:
        """Return the dataclass."""
        return Item(**self.model_dump())


class ReportIn(Strict):
    """What a message reports. With an ``answer``, even an empty one, nothing is asked any more."""

    items: list[ItemIn] = Field(default_factory=list, max_length=20)
    answer: Annotated[str, StringConstraints(max_length=2000), CLEAN] | None = None
    attachments: Attachments = Field(default_factory=list, max_length=9)
    source: Source | None = Field(None, description="what is true is kept, whatever is written here")
    separate_from: MaybeName = Field(
        None, description="number of an order that the speaker joined: open one of their own after all"
    )


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

    category: Category
    fault: Words
    location: Where
    urgency: Urgency = "normal"
    scope: Scope | None = None
    asset_id: RowId | None = None
    preferred_time: SoonMoment | None = None
    attachments: Attachments = Field(default_factory=list, max_length=9)
    source: Source | None = Field(None, description="what is true is kept, whatever is written here")
    reporter: MaybeName = Field(None, description="username; for the desk only")


class TransitionIn(Strict):
    """A requested move."""

    to: Status
    note: MaybeWords = None
    version: Count | None = None
    technician: RowId | None = Field(None, description="id of the technician, with dispatched")
    into: MaybeName = Field(None, description="number of the master, with merged")
    quiet: bool = Field(False, description="a step made up for; the reporter hears only of the one that follows")
    reason_kind: ReasonKind | None = Field(None, description="what is waited for, with suspended")
    until: SoonMoment | None = Field(None, description="when it goes on, with suspended")
    unfilled: MaybeWords = Field(None, description="why required items of the checklist stay open, with finished")

    def to_step(self) -> Step:
        """Return the dataclass."""
        return Step(
            self.to, self.note, self.version, self.technician, self.into, self.quiet,
            self.reason_kind, self.until, self.unfilled,
        )  # fmt: skip


class OrderEdit(Strict):
    """A correction by staff."""

    version: Count
    category: Category | None = None
    urgency: Urgency | None = None
    scope: Scope | None = None
    fault: Words | None = None
    location: LocationIn | None = None
    asset_id: RowId | None = None

    def to_command(self) -> Edit:
        """Return the dataclass; only the location's given fields change."""
        location = self.location.model_dump(exclude_unset=True) if self.location else None
        return Edit(self.version, self.category, self.urgency, self.scope, self.fault, location, self.asset_id)


class NoteIn(Strict):
    """Words added to an order."""

    text: Words
    kind: Literal["note", "parts", "urge", "remark"] = "note"


class AmendmentIn(Strict):
    """Words that add to an order or correct it."""

    text: Words


class RatingIn(Strict):
    """Stars 1–5 and words."""

    stars: Annotated[Count, Field(ge=1, le=5)]
    words: MaybeWords = None
    reasons: list[Annotated[str, OneOf(REASONS)]] = Field(default_factory=list, max_length=8)

    @field_validator("reasons")
    @classmethod
    def _fit(cls, reasons: list[str], given: ValidationInfo) -> list[str]:
        if "stars" in given.data and (strange := unfitting(given.data["stars"], reasons)):
            titles = "、".join(REASONS[r].title for r in strange)
            raise refusal(f"「{titles}」和 {given.data['stars']} 星对不上")
        return reasons


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
    promised_from: datetime | None
    promised_at: datetime | None
    suspended_until: datetime | None = Field(description="when the work goes on, while it is suspended")
    version: int
    steps: list[StepOut]
    rating: RatingOut | None
    merged_into: str | None
    confirmation: Literal["pending", "confirmed"] | None = Field(description="of a home that is not the reporter's")
    followers: int = Field(description="how many others reported it as well")
    following: bool = Field(description="the viewer reported it as well; it is another's order")
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
    conversation_id: str | None = Field(None, description="in which it was reported, if one may read that")
    answer: str | None = Field(None, description="a word for who asked, where things went other than asked")


class AmendedOut(OrderDetail):
    """An order after an amendment; ``changes`` say what is other now, empty when the words are only a note."""

    changes: list[str] = Field(description="上门时间 周六 11-28 09:00")


class KnownOut(BaseModel):
    """An order that was there already; the speaker is told how it goes. ``own`` when they had told it themselves."""

    order: OrderDetail
    own: bool


class ReportedOut(BaseModel):
    """The orders that were opened and those that were there already, or the question that comes first."""

    orders: list[OrderDetail]
    known: list[KnownOut]
    question: QuestionOut | None


class OrderPage(BaseModel):
    """A page of orders."""

    items: list[OrderOut]
    next: str | None
    total: int | None = None
    more: bool = Field(False, description="there are more than ``total``: counting stopped")


def to_report(body: OrderIn, location: dict[str, Any], scope: str, asset_id: int | None) -> Report:
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
        **fields,
    )
