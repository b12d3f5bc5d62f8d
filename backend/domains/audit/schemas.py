"""What the audit API gives."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class AuditLineOut(BaseModel):
    """Who did what to which row, and from where."""

    model_config = ConfigDict(from_attributes=True)

    at: datetime
    actor: str = Field(validation_alias="actor_name")
    action: str
    entity: str
    entity_id: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    channel: str
    ip: str | None
    trace_id: str


class AuditPage(BaseModel):
    """A page of the log."""

    items: list[AuditLineOut]
    next: str | None
