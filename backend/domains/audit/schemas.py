"""What the audit API gives."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel

from backend.domains.audit.domain import ACTIONS, CHANNELS, ENTITIES, title_of
from backend.domains.audit.service import Entry


class AuditLineOut(BaseModel):
    """Who did what to which row, and from where.

    ``subject`` is what the row is called (an order's number, a name); ``names`` has the names of the ids in before and
    after: column → id → name.
    """

    at: datetime
    actor: str
    action: str
    action_title: str
    entity: str
    entity_title: str
    entity_id: str
    subject: str | None
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    names: dict[str, dict[str, str]]
    channel: str
    channel_title: str
    ip: str | None
    trace_id: str


class AuditPage(BaseModel):
    """A page of the log."""

    items: list[AuditLineOut]
    next: str | None


def line_out(entry: Entry) -> AuditLineOut:
    """Return a line for its reader."""
    line = entry.line
    return AuditLineOut(
        at=line.at,
        actor=line.actor_name,
        action=line.action,
        action_title=title_of(ACTIONS, line.action),
        entity=line.entity,
        entity_title=title_of(ENTITIES, line.entity),
        entity_id=line.entity_id,
        subject=entry.subject,
        before=line.before,
        after=line.after,
        names=entry.names,
        channel=line.channel,
        channel_title=title_of(CHANNELS, line.channel),
        ip=line.ip,
        trace_id=line.trace_id,
    )
