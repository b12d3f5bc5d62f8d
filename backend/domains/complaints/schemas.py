"""What the complaints API takes and gives."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from backend.domains.complaints.domain import KINDS, NewComplaint, Status, Terms
from backend.kit.fields import Count, MaybeName, MaybeWords, OneOf, RowId, Words

Kind = Annotated[str, OneOf(KINDS)]


class Strict(BaseModel):
    """A body that refuses unknown fields."""

    model_config = ConfigDict(extra="forbid")


class ComplaintIn(Strict):
    """A new complaint. ``complainant`` and ``against`` (ids of people) are for the desk only."""

    words: Words
    kind: Kind = "other"
    order_number: MaybeName = Field(None, description="the work order it is about")
    community: MaybeName = None
    complainant: RowId | None = None
    against: RowId | None = Field(None, description="who it is about and must not see it; else the order's technician")

    def to_new(self, key: str | None) -> NewComplaint:
        """Return the dataclass."""
        return NewComplaint(
            self.words, self.kind, self.order_number, self.community, self.complainant, self.against, key
        )


class MoveIn(Strict):
    """A requested move."""

    to: Status
    note: MaybeWords = None
    version: Count | None = None


class AnswerIn(Strict):
    """What who complained is told."""

    text: Words
    version: Count | None = None


class NoteIn(Strict):
    """Words added to a complaint; those of the desk stay inside."""

    text: Words


class ComplaintAllowedOut(BaseModel):
    """A legal next move for the viewer."""

    model_config = ConfigDict(from_attributes=True)

    to: str
    title: str
    needs_note: bool
    primary: bool


class ComplaintOut(BaseModel):
    """A complaint as the viewer may see it."""

    model_config = ConfigDict(from_attributes=True)

    number: str
    community: str
    status: str
    status_title: str
    status_tone: str
    kind: str
    kind_title: str
    words: str
    order_number: str | None
    complainant_id: int
    complainant_name: str
    complainant_phone: str | None
    against_name: str | None = Field(description="for the desk; never that person themselves")
    round: int = Field(description="2 after the answer was refused")
    level: str
    level_title: str
    handler_name: str | None
    reply_by: datetime
    answer_by: datetime
    replied_at: datetime | None
    answered_at: datetime | None
    answer: str | None
    ended_at: datetime | None
    late: bool
    created_at: datetime
    updated_at: datetime
    version: int
    allowed: list[ComplaintAllowedOut]


class FiledOut(ComplaintOut):
    """A filed complaint; ``joined`` when the words were added to the one that the speaker had just filed."""

    joined: bool


class ComplaintLineOut(BaseModel):
    """One line of a complaint's history; ``internal`` ones are shown to the desk only."""

    model_config = ConfigDict(from_attributes=True)

    at: datetime
    actor_name: str
    actor_kind: str
    kind: str
    title: str
    text: str | None
    from_status: str | None
    to_status: str | None
    internal: bool


class ComplaintDetail(ComplaintOut):
    """A complaint with its history."""

    timeline: list[ComplaintLineOut]


class ComplaintPage(BaseModel):
    """A page of complaints."""

    items: list[ComplaintOut]
    next: str | None
    total: int | None = None


class ValueOut(BaseModel):
    """A value and its title."""

    value: str
    title: str


class ComplaintEnumsOut(BaseModel):
    """Values of complaints and their titles."""

    statuses: list[ValueOut]
    kinds: list[ValueOut]
    levels: list[ValueOut]


class ComplaintTermsBody(Strict):
    """An estate's deadlines."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    reply_h: Annotated[Count, Field(ge=1, le=720)]
    answer_d: Annotated[Count, Field(ge=1, le=90)]
    close_d: Annotated[Count, Field(ge=1, le=90)]

    def to_terms(self) -> Terms:
        """Return the dataclass."""
        return Terms(self.reply_h, self.answer_d, self.close_d)
