"""What the API of judging work takes and gives."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from backend.domains.workorders.schemas import Category, Strict
from backend.domains.workorders.service import AcceptanceTerms, EstateTerms
from backend.kit.fields import Count, refusal

Hours = Annotated[Count, Field(ge=1, le=2160)]


class JudgingOut(BaseModel):
    """How the judging of an order stands."""

    model_config = ConfigDict(from_attributes=True)

    round: int = Field(description="how often the work was finished")
    stage: str | None = Field(description="waiting, reminded, last_called, accepted, over")
    finished_at: datetime | None
    remind_at: datetime | None
    last_call_at: datetime | None
    accept_at: datetime | None = Field(description="when the system accepts it without a word")
    accepted_at: datetime | None
    by_system: bool
    close_at: datetime | None
    can_rate: bool = Field(description="the viewer may give stars for this round")
    warranty_days: int
    warranty_until: datetime | None
    in_warranty: bool


class ReasonOut(BaseModel):
    """A tag beside the stars."""

    value: str
    title: str
    good: bool


class RoundRatingOut(BaseModel):
    """The rating of one round of work."""

    round: int
    stars: int
    words: str | None
    reasons: list[ReasonOut]
    at: datetime


class AroundOut(BaseModel):
    """Numbers of orders for the same fault, before and after the warranty."""

    model_config = ConfigDict(from_attributes=True)

    earlier: str | None
    later: list[str]


class TermsBody(Strict):
    """An estate's hours, and its days of warranty by category; a category that is left out has the usual ones."""

    accept_after_h: Hours
    remind_after_h: Hours
    last_call_h: Hours
    close_after_h: Hours
    warranty_days: dict[Category, Annotated[Count, Field(le=3650)]] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _in_order(cls, data: Any) -> Any:
        try:
            late = data["remind_after_h"] + data["last_call_h"] > data["accept_after_h"]
        except (KeyError, TypeError):
            return data  # the fields say it
        if late:
            raise refusal("提醒和最后一次提醒要都在自动验收之前")
        return data

    def to_terms(self) -> EstateTerms:
        """Return the dataclass."""
        hours = self.model_dump(exclude={"warranty_days"})
        return EstateTerms(AcceptanceTerms(**hours), dict(self.warranty_days))
