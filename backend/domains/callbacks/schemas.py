"""What the call-back API takes and gives."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from backend.domains.callbacks.domain import OUTCOMES, Result, Terms
from backend.kit.fields import Count, MaybeWords, OneOf


class Strict(BaseModel):
    """A body that refuses unknown fields."""

    model_config = ConfigDict(extra="forbid")


class ResultIn(Strict):
    """What came of a call; ``outcome`` goes with ``done``."""

    result: Literal["done", "unreachable"]
    outcome: Annotated[str, OneOf(OUTCOMES)] | None = None
    notes: MaybeWords = None

    def to_result(self) -> Result:
        """Return the dataclass."""
        return Result(self.result == "done", self.outcome if self.result == "done" else None, self.notes)


class CallbackOut(BaseModel):
    """A call to make, or one that was made. ``subject`` is what it is called, a work order's number."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    community: str
    status: Literal["open", "unreachable", "done"]
    status_title: str
    subject_type: str
    subject_id: int
    subject: str
    person_id: int
    person_name: str
    person_phone: str | None
    reason: str
    reason_title: str
    words: str
    created_at: datetime
    due_at: datetime
    overdue: bool
    escalated_at: datetime | None
    assigned_to_id: int | None
    assigned_to_name: str | None
    tries: int
    next_try_at: datetime | None
    outcome: str | None
    outcome_title: str | None
    notes: str | None
    done_at: datetime | None


class CallbackPage(BaseModel):
    """A page of call-backs."""

    items: list[CallbackOut]
    next: str | None
    total: int | None = None


class OutcomeOut(BaseModel):
    """A value and its title."""

    value: str
    title: str


class CallbackTermsBody(Strict):
    """An estate's numbers."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    due_h: Annotated[Count, Field(ge=1, le=720)]
    sample_percent: Annotated[Count, Field(le=100)]

    def to_terms(self) -> Terms:
        """Return the dataclass."""
        return Terms(self.due_h, self.sample_percent)
