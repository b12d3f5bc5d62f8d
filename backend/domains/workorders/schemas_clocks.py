"""What the API gives about the clocks of an order."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from backend.domains.clocks.service import ClockView
from backend.domains.workorders.service.clock_steps import role_title


class ClockOut(BaseModel):
    """A clock: 接单, 到场 or 完工."""

    kind: Literal["response", "arrival", "resolution"]
    title: str
    round: int = Field(description="1, and one more for each rework")
    started_at: datetime
    due_at: datetime
    warn_at: datetime
    paused: bool
    remaining_s: int = Field(description="of its own time (business hours or round the clock); negative: overdue")
    stopped_at: datetime | None
    breached: bool
    level: int = Field(description="steps reached: 1 half, 2 warning, 3 breach, then escalations")
    escalated_to: str | None = Field(description="title of the role that was told last, once it was overdue")


class PromiseOut(BaseModel):
    """A promise; ``expected_*`` once it would hardly be kept."""

    model_config = ConfigDict(from_attributes=True)

    since: datetime | None
    until: datetime
    kept_at: datetime | None
    told_at: datetime | None
    expected_from: datetime | None
    expected_until: datetime | None


def clock_out(view: ClockView) -> ClockOut:
    """Return a clock as it is shown."""
    fields = {name: getattr(view, name) for name in ClockOut.model_fields if name != "escalated_to"}
    return ClockOut(**fields, escalated_to=role_title(view.escalated_to))
