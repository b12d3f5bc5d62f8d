"""What the latest message says, typed. Entities of the latest message only; a slot never stands in for them.

A tapped button carries no words. When the bot had just asked with that button, the words of the message
that made it ask still count (「换了灯管，修好了」 → which order? → tap).
"""

from dataclasses import dataclass, field
from typing import Any

from rasa_sdk import Tracker

UNSURE = frozenset({"nlu_fallback", "out_of_scope"})


@dataclass(frozen=True, slots=True)
class Said:
    """The speaker and their latest message. ``words`` is None when nothing but a button was tapped."""

    token: str
    message_id: str
    channel: str
    name: str
    roles: tuple[str, ...]
    intent: str
    confidence: float
    words: str | None
    entities: dict[str, str]
    items: list[dict[str, Any]] = field(default_factory=list)
    attachments: list[str] = field(default_factory=list)
    ranking: list[str] = field(default_factory=list)

    @property
    def order_number(self) -> str | None:
        """The number of an order, as said or tapped."""
        number = self.entities.get("order_number")
        return number.upper() if number else None

    @property
    def stars(self) -> int | None:
        """Stars from 1 to 5; anything else is not a rating."""
        value = self.entities.get("stars", "")
        return int(value) if value in {"1", "2", "3", "4", "5"} else None

    @property
    def is_technician(self) -> bool:
        """Whether a technician speaks."""
        return "technician" in self.roles


def read(tracker: Tracker) -> Said:
    """Return what the latest message says."""
    latest = tracker.latest_message
    meta = latest.get("metadata") or {}
    before = _asked_about(tracker)
    spoken = before or latest
    text = str(spoken.get("text") or "").strip()
    return Said(
        token=str(meta.get("token") or ""),
        message_id=str(meta.get("message_id") or latest.get("message_id") or ""),
        channel=str(meta.get("channel") or "web"),
        name=str(meta.get("name") or ""),
        roles=tuple(meta.get("roles") or ()),
        intent=str((latest.get("intent") or {}).get("name") or ""),
        confidence=float((latest.get("intent") or {}).get("confidence") or 0.0),
        words=text if text and not text.startswith("/") else None,
        entities={**_entities(before or {}), **_entities(latest)},
        items=list(spoken.get("items") or []),
        attachments=_media(meta) or _media(spoken.get("metadata") or {}),
        ranking=[str(r.get("name")) for r in latest.get("intent_ranking") or []],
    )


def just_offered(tracker: Tracker, payload: str) -> bool:
    """Whether the bot's words before the latest message offered this button."""
    latest = tracker.latest_message.get("text")
    for event in reversed(tracker.events):
        if event.get("event") == "bot":
            buttons = (event.get("data") or {}).get("buttons") or []
            if any(b.get("payload") == payload for b in buttons):
                return True
        elif event.get("event") == "user" and event.get("text") != latest:
            return False
    return False


def _entities(message: dict[str, Any]) -> dict[str, str]:
    found: dict[str, str] = {}
    for entity in message.get("entities") or []:
        found.setdefault(str(entity.get("entity")), str(entity.get("value")))
    return found


def _media(meta: dict[str, Any]) -> list[str]:
    return [str(a["media_id"] if isinstance(a, dict) else a) for a in meta.get("attachments") or []]


def _asked_about(tracker: Tracker) -> dict[str, Any] | None:
    """Return the parse of the message that the tapped button settles, None when there is none."""
    payload = str(tracker.latest_message.get("text") or "")
    if not payload.startswith("/"):
        return None
    intent = (tracker.latest_message.get("intent") or {}).get("name")
    offered = False
    for event in reversed(tracker.events):
        if event.get("event") == "bot":
            buttons = (event.get("data") or {}).get("buttons") or []
            offered = offered or any(b.get("payload") == payload for b in buttons)
        elif event.get("event") == "user" and event.get("text") != payload:
            parse: dict[str, Any] = event.get("parse_data") or {}
            cause = (parse.get("intent") or {}).get("name")
            return parse if offered and (cause == intent or cause in UNSURE) else None
    return None
