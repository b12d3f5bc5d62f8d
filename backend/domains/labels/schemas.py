"""What the API of labels takes and gives."""

import re
from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from backend.domains.labels.domain import KIND_TITLES, Kind, Printed, Said, Target
from backend.domains.labels.service import Answer, Scan
from backend.domains.workorders.schemas import Category, OrderOut
from backend.kit.fields import BLANK_IS_NONE, VISIBLE, MaybeName, refusal

_PHONE = re.compile(r"^(?:1[3-9]\d{9}|0\d{2,3}\d{7,8})$")


def _phone(value: str) -> str:
    digits = re.sub(r"[\s-]", "", value)
    if not _PHONE.match(digits):
        raise refusal("电话号码格式不对")
    return digits


Phone = Annotated[str, StringConstraints(max_length=24), AfterValidator(_phone)]
Short = Annotated[str, StringConstraints(max_length=500), VISIBLE]
Target_ = Annotated[str, StringConstraints(max_length=24, strip_whitespace=True, pattern=r"^[A-Za-z0-9-]+$")]


class Strict(BaseModel):
    """A body that refuses unknown fields."""

    model_config = ConfigDict(extra="forbid")


class LabelsIn(Strict):
    """Targets that need labels: ids of devices or places, numbers of orders."""

    kind: Kind
    ids: Annotated[list[Target_], Field(min_length=1, max_length=480)]


class TakeIn(Strict):
    """Which order of a device is taken, where there are several."""

    number: MaybeName = None


class ScannedReportIn(Strict):
    """What is wrong with the device or place of a label."""

    words: Short
    phone: Annotated[Phone | None, BLANK_IS_NONE] = None
    category: Category | None = Field(None, description="at a place; a device knows its own")
    media: list[Annotated[str, StringConstraints(max_length=32)]] = Field(default_factory=list, max_length=3)

    def to_said(self, key: str | None) -> Said:
        """Return the dataclass."""
        return Said(self.words, self.category, self.phone, tuple(self.media), key)


class LabelOut(BaseModel):
    """A label as it is printed."""

    token: str
    url: str
    kind: Kind
    target: str
    name: str
    place_text: str
    code: str

    @classmethod
    def of(cls, p: Printed) -> "LabelOut":
        """Return what is sent."""
        t = p.target
        target = t.code if t.kind is Kind.ORDER else str(t.id)
        return cls(
            token=p.token, url=p.url, kind=t.kind, target=target, name=t.name, place_text=t.place_text, code=t.code
        )


class LabelsOut(BaseModel):
    """Labels, in the order asked for."""

    items: list[LabelOut]


class PlaceOut(BaseModel):
    """A named place that may get a label."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    name: str
    place_text: str

    @classmethod
    def of(cls, target: Target) -> "PlaceOut":
        """Return what is sent."""
        return cls.model_validate(target)


class PlacesOut(BaseModel):
    """The named places of an estate."""

    items: list[PlaceOut]


class BriefOut(BaseModel):
    """An order of a device."""

    model_config = ConfigDict(from_attributes=True)

    number: str
    status: str
    status_title: str
    status_tone: str
    category_title: str
    fault: str
    created_at: datetime
    can_take: bool


class ScanOut(BaseModel):
    """What a label is, for whoever scans it."""

    model_config = ConfigDict(from_attributes=True)

    kind: Kind
    kind_title: str
    seen_as: Literal["login", "public", "resident", "technician", "desk"]
    words: str | None
    estate: str | None
    name: str | None
    place_text: str | None
    code: str | None
    category: str | None
    can_report: bool
    can_take: bool
    order: OrderOut | None
    open_orders: list[BriefOut]
    history: list[BriefOut]

    @classmethod
    def of(cls, found: Scan) -> "ScanOut":
        """Return what is sent."""
        names = set(cls.model_fields) - {"kind_title", "order"}
        fields = {name: getattr(found, name) for name in names}
        order = OrderOut.model_validate(found.order) if found.order is not None else None
        return cls.model_validate({**fields, "kind_title": KIND_TITLES[found.kind], "order": order})


class PhoneOut(BaseModel):
    """A number to call."""

    title: str
    number: str


class DangerOut(BaseModel):
    """What to do at once."""

    title: str
    lines: list[str]
    phones: list[PhoneOut]


class ReportedOut(BaseModel):
    """What came of a report, in words for who scanned."""

    words: str
    number: str
    joined: bool
    danger: DangerOut | None

    @classmethod
    def of(cls, answer: Answer) -> "ReportedOut":
        """Return what is sent."""
        danger = None
        if answer.danger is not None:
            phones = [*answer.danger.phones, *([("物业值班", answer.phone)] if answer.phone else [])]
            danger = DangerOut(
                title=answer.danger.title,
                lines=list(answer.danger.lines),
                phones=[PhoneOut(title=t, number=n) for t, n in phones],
            )
        return cls(words=answer.words, number=answer.number, joined=answer.joined, danger=danger)


class PictureOut(BaseModel):
    """A picture that was kept."""

    media_id: str
