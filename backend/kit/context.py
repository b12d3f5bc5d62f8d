"""Who and where from, for the request or task that runs now: correlation id, channel, client address."""

import uuid
from contextvars import ContextVar
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a change comes from; copied into audit lines, logs and problem+json."""

    trace_id: str
    channel: str = "system"
    ip: str | None = None


_origin: ContextVar[Origin | None] = ContextVar("origin", default=None)


def origin() -> Origin:
    """Return the current origin; a new one where none was set."""
    current = _origin.get()
    if current is None:
        current = Origin(trace_id=uuid.uuid4().hex)
        _origin.set(current)
    return current


def set_origin(trace_id: str | None = None, channel: str = "system", ip: str | None = None) -> Origin:
    """Start a new origin for this request or task and return it."""
    value = Origin(trace_id=trace_id or uuid.uuid4().hex, channel=channel, ip=ip)
    _origin.set(value)
    return value


def set_channel(channel: str) -> None:
    """Name the channel once it is known (a token says that the bot speaks for somebody)."""
    _origin.set(replace(origin(), channel=channel))
