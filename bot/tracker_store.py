"""Keeps the dialogue state of a conversation: one row each, only its latest turns.

The cost of a turn grows with the number of events in the tracker, and the transcript is kept by the
backend anyway. So only the last `KEPT_TURNS` user turns are stored; what earlier events had set
(slots) is carried over as the first events of the row. Access tokens are removed
before anything is written.
"""

from __future__ import annotations

import copy
import json
import time
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

KEPT_TURNS = 6

_meta = sa.MetaData()
dialogues = sa.Table(
    "dialogues",
    _meta,
    sa.Column("sender_id", sa.String(255), primary_key=True),
    sa.Column("events", sa.Text, nullable=False),
    sa.Column("updated_at", sa.Float, nullable=False),
)


def trim(tracker: DialogueStateTracker, kept_turns: int = KEPT_TURNS) -> list[Event]:
    """Return the events to keep: the last turns, led by what the earlier ones had set.

    Nothing is cut while a form is active. Otherwise reverted turns (a misunderstanding that was
    cleared up) go first: cut in two they would revert other turns than their own.
    """
    events = list(tracker.events)
    if tracker.active_loop_name:
        return events
    events = tracker.applied_events()
    starts = [i for i, event in enumerate(events) if isinstance(event, UserUttered)]
    if len(starts) <= kept_turns:
        return [SessionStarted(timestamp=tracker.events[0].timestamp), *events] if events else events
    cut = starts[-kept_turns]
    before = DialogueStateTracker(tracker.sender_id, tracker.slots.values())
    for event in events[:cut]:
        before.update(copy.deepcopy(event))
    at = events[cut].timestamp
    lead: list[Event] = [SessionStarted(timestamp=at)]
    for name, value in before.current_slot_values().items():
        if value is not None:
            lead.append(SlotSet(name, value, timestamp=at))
    lead.append(ActionExecuted("action_listen", timestamp=at))
    return lead + events[cut:]


def without_tokens(event: dict[str, Any]) -> dict[str, Any]:
    """Return the serialised event without the speaker's access token."""
    for holder in (event, event.get("parse_data") or {}):
        metadata = holder.get("metadata")
        if isinstance(metadata, dict) and "token" in metadata:
            holder["metadata"] = {k: v for k, v in metadata.items() if k != "token"}
    return event


def _driver(url: str) -> str:
    """Return the URL with the driver of this environment (psycopg2), whichever the backend uses."""
    return url.replace("postgresql+psycopg://", "postgresql+psycopg2://").replace("postgres://", "postgresql://")


class TrimmedTrackerStore(TrackerStore):
    """SQL tracker store (SQLite or PostgreSQL) with one small row per conversation."""

    def __init__(self, domain: Domain | None = None, host: str = "", event_broker: Any = None, **kwargs: Any) -> None:
        """Connect to the database at `host` (Rasa passes the `url` of endpoints.yml so) and create the table."""
        super().__init__(domain, event_broker, **kwargs)
        options: dict[str, Any] = {"pool_pre_ping": True}
        if host.startswith("sqlite"):
            options = {"connect_args": {"timeout": 10}}
        self.engine = sa.create_engine(_driver(host), **options)
        _meta.create_all(self.engine)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Write the trimmed events of the tracker."""
        kept = [without_tokens(copy.copy(event.as_dict())) for event in trim(tracker)]
        row = {"events": json.dumps(kept, ensure_ascii=False), "updated_at": time.time()}
        with self.engine.begin() as connection:
            where = dialogues.c.sender_id == tracker.sender_id
            changed = connection.execute(dialogues.update().where(where).values(**row)).rowcount
            if not changed:
                connection.execute(dialogues.insert().values(sender_id=tracker.sender_id, **row))

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """Return the tracker, or None for a new conversation."""
        query = sa.select(dialogues.c.events).where(dialogues.c.sender_id == sender_id)
        with self.engine.connect() as connection:
            row = connection.execute(query).first()
        if row is None:
            return None
        return DialogueStateTracker.from_dict(sender_id, json.loads(row[0]), self.domain.slots)

    async def keys(self) -> Iterable[str]:
        """Return the ids of all conversations."""
        with self.engine.connect() as connection:
            return [row[0] for row in connection.execute(sa.select(dialogues.c.sender_id))]
