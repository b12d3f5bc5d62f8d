"""What the API gives about who could do an order."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field


class CandidateOut(BaseModel):
    """A technician beside an order."""

    model_config = ConfigDict(from_attributes=True)

    person_id: int
    name: str
    phone: str | None
    fits: bool
    score: int = Field(description="100 for the best, 0 for who cannot be sent")
    reasons: list[str]
    distance_m: int | None = Field(description="from where they are or worked last, None when that is not known")
    load: int
    on_duty: bool
    duty: str = Field(description="on, on_call, off, leave")
    arrives_at: datetime | None = Field(description="when they could be there, after what they have to do already")


class OfferOut(BaseModel):
    """The latest offer of an order (抢单)."""

    model_config = ConfigDict(from_attributes=True)

    round: int
    offered_to: int
    opened_at: datetime
    ends_at: datetime
    closed_at: datetime | None
    taken_by_id: int | None


class CandidatesOut(BaseModel):
    """Everybody who could be sent, the best first."""

    model_config = ConfigDict(from_attributes=True)

    mode: str
    mode_title: str
    offer: OfferOut | None
    items: list[CandidateOut]
