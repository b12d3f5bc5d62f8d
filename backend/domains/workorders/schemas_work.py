"""What the API of the work on site takes and gives."""

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from backend.domains.workorders.checklists import ITEM_KINDS, MOST_ITEMS, Checklist, Item
from backend.domains.workorders.on_site import PHOTO_KINDS, Fix
from backend.domains.workorders.schemas import OrderOut, PersonRefOut, Strict
from backend.domains.workorders.service.work.checklists import Answer
from backend.kit.fields import (
    VISIBLE,
    Count,
    MaybeName,
    MaybeWords,
    Name,
    OneOf,
    PhoneMoment,
    Reading,
    Real,
    RowId,
    Words,
    refusal,
)

MediaId = Annotated[str, StringConstraints(min_length=1, max_length=32)]
PhotoKind = Annotated[str, OneOf(PHOTO_KINDS)]
ItemKind = Annotated[str, OneOf(ITEM_KINDS)]
ItemText = Annotated[str, StringConstraints(max_length=200), VISIBLE]


class FromPhone(Strict):
    """Something that may have happened while the phone was offline."""

    at: PhoneMoment | None = Field(None, description="when it happened on the phone; within 48 hours, else it is now")


class ArrivalIn(FromPhone):
    """Where the phone is (WGS 84), if it says."""

    lat: Annotated[Real, Field(ge=-90, le=90)] | None = None
    lng: Annotated[Real, Field(ge=-180, le=180)] | None = None
    accuracy_m: Annotated[Real, Field(ge=0, le=1_000_000)] | None = None

    @model_validator(mode="after")
    def _both(self) -> Self:
        if (self.lat is None) != (self.lng is None):
            raise refusal("经纬度要一起给")
        return self

    def to_fix(self) -> Fix | None:
        """Return the dataclass; None without a position."""
        return None if self.lat is None or self.lng is None else Fix(self.lat, self.lng, self.accuracy_m)


class PhotosIn(FromPhone):
    """Uploaded pictures of the work."""

    media_ids: list[MediaId] = Field(min_length=1, max_length=9)
    kind: PhotoKind


class ChecklistAnswerIn(FromPhone):
    """An answer: ``ok`` for a check, ``value`` for a number, ``media_id`` for a photo; a note with any."""

    item_id: RowId
    ok: bool | None = None
    value: Reading | None = None
    media_id: MediaId | None = None
    note: MaybeWords = None

    def to_answer(self) -> Answer:
        """Return the dataclass."""
        return Answer(**self.model_dump())


class MateIn(FromPhone):
    """A colleague who comes along."""

    person_id: RowId


class TransferIn(FromPhone):
    """A colleague who should take over (by id, or as they are called: 老赵), and why."""

    to_person_id: RowId | None = None
    to_name: MaybeName = None
    reason: Words

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.to_person_id is None) == (self.to_name is None):
            raise refusal("请选一位师傅")
        return self

    @property
    def to(self) -> int | str:
        """Whom to ask."""
        return self.to_person_id if self.to_person_id is not None else str(self.to_name)


class DecisionIn(Strict):
    """The answer to a transfer; ``withdraw`` is for the holder and the desk."""

    decision: Literal["accept", "decline", "withdraw"]
    note: MaybeWords = None


class SignatureIn(FromPhone):
    """A small PNG that was drawn on the page, and who drew it."""

    media_id: MediaId
    name: Name


class _Out(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class ArrivalOut(_Out):
    """Somebody came. For staff."""

    by: PersonRefOut
    at: datetime
    received_at: datetime
    lat: float | None
    lng: float | None
    accuracy_m: float | None
    distance_m: float | None = Field(description="to the order's building; null where one of the two is not known")
    far: bool = Field(description="more than 300 m away")


class PhotoOut(_Out):
    """A photo of the work."""

    media_id: str
    kind: str
    kind_title: str
    by: PersonRefOut
    at: datetime
    received_at: datetime


class ChecklistItemOut(_Out):
    """An item and its answer."""

    id: int
    text: str
    kind: str
    required: bool
    done: bool
    ok: bool | None
    value: float | None
    media_id: str | None
    note: str | None
    by: PersonRefOut | None
    at: datetime | None


class OrderChecklistOut(_Out):
    """The checklist of an order; ``open`` counts required items without an answer."""

    title: str
    items: list[ChecklistItemOut]
    open: int


class ColleagueOut(_Out):
    """A technician who could come along or take over."""

    id: int
    name: str
    skill_titles: list[str]
    fits: bool = Field(description="has the craft of the order")
    reported: bool = Field(description="reported the order: may take it over, but not come along")


class TransferOut(_Out):
    """A wish to hand an order over. ``may``: what the viewer may answer (accept, decline, withdraw)."""

    id: int
    from_: PersonRefOut = Field(serialization_alias="from")
    to: PersonRefOut
    reason: str
    status: str
    status_title: str
    at: datetime
    received_at: datetime
    decided_at: datetime | None
    answer: str | None
    may: list[str]


class FinishedOut(_Out):
    """An order that is done, and when the work was finished."""

    order: OrderOut
    finished_at: datetime


class DecidedOut(_Out):
    """What became of a transfer."""

    id: int
    status: str
    status_title: str


class SignatureOut(_Out):
    """A signature: proof, not acceptance."""

    media_id: str
    name: str
    by: PersonRefOut
    at: datetime
    received_at: datetime


class SuspendedOut(_Out):
    """What is waited for, and until when."""

    kind: str
    kind_title: str
    until: datetime | None


class WorkOut(_Out):
    """The work on an order, as much of it as the viewer may see. ``parts``: holder, mate, desk, reporter …"""

    number: str
    status: str
    version: int
    parts: list[str]
    arrivals: list[ArrivalOut]
    photos: list[PhotoOut]
    checklist: OrderChecklistOut | None
    mates: list[PersonRefOut]
    transfers: list[TransferOut]
    signature: SignatureOut | None
    suspended: SuspendedOut | None


class TemplateItem(Strict):
    """An item of a list."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    text: ItemText
    kind: ItemKind = "check"
    required: bool = False


class TemplateIn(Strict):
    """A list for a category of an estate. ``version`` is the one that was read."""

    community: Name | None = Field(None, description="code of the estate; needed by who works for several")
    title: Name
    items: list[TemplateItem] = Field(max_length=MOST_ITEMS)
    version: Count

    def to_checklist(self, category: str) -> Checklist:
        """Return the dataclass."""
        return Checklist(category, self.title, tuple(Item(**i.model_dump()) for i in self.items), self.version)


class TemplateOut(_Out):
    """A list for a category; version 0 is the one that every estate starts with."""

    category: str
    title: str
    items: list[TemplateItem]
    version: int
