"""What the latest message says, typed. Entities of the latest message only; a slot never stands in for them.

A tapped button carries no words. When the bot had just asked with that button, the words of the message
that made it ask still count (「换了灯管，修好了」 → which order? → tap). A button that is answered in words
(「第二张」) is read as if it had been tapped.
"""

from dataclasses import dataclass, field
from typing import Any

from rasa_sdk import Tracker

from actions._lately import Line, lines, meaning

UNSURE = frozenset({"nlu_fallback", "out_of_scope"})
CAUSES: dict[str, frozenset[str]] = {
    "report_repair": frozenset({"report_emergency", "complain"}),
    "reject_work_order": frozenset({"report_repair"}),
}
"""What else, but itself and the unsure, a message may have meant for its words to go with a button of an intent."""


@dataclass(frozen=True, slots=True)
class Entity:
    """Something the message names: its normal value, and the words as written."""

    name: str
    value: str
    text: str = ""
    start: int = -1
    end: int = -1


@dataclass(frozen=True, slots=True)
class Said:
    """The speaker and their latest message. ``words`` is None when nothing but a button was tapped.

    ``typed`` are the words of the latest message itself, ``cause`` is what the message meant that a tap settles.
    """

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
    typed: str | None = None
    cause: str | None = None
    found: tuple[Entity, ...] = ()
    lately: tuple[Line, ...] = ()
    home: str | None = None
    danger: float | None = None
    """How much the backend thinks that the words speak of danger."""
    tap: str | None = None
    """The payload of the button that was tapped, or picked in words."""
    tasks: tuple[dict[str, Any], ...] = ()
    """{intent, text, start, end} of each when the message wants several things."""

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


def read(tracker: Tracker, tap: str | None = None, own_words: bool = False) -> Said:
    """Return what the latest message says; with a ``tap``, as if this button had been tapped instead.

    ``own_words``: what was typed is kept as the words all the same.
    """
    latest = tracker.latest_message
    meta = latest.get("metadata") or {}
    typed = _typed(latest)
    intent = latest.get("intent") or {}
    tapped = meaning(tap) if tap else None
    before = None if own_words else _asked_about(tracker, tap)
    spoken: dict[str, Any] = before or ({} if tapped and not own_words else latest)
    mine = tapped[1] if tapped else _entities(latest)
    return Said(
        token=str(meta.get("token") or ""),
        message_id=str(meta.get("message_id") or latest.get("message_id") or ""),
        channel=str(meta.get("channel") or "web"),
        name=str(meta.get("name") or ""),
        roles=tuple(meta.get("roles") or ()),
        intent=tapped[0] if tapped else str(intent.get("name") or ""),
        confidence=1.0 if tapped else float(intent.get("confidence") or 0.0),
        words=_typed(spoken),
        entities={**_entities(before or {}), **mine, **_beside(latest)},
        items=list(spoken.get("items") or []),
        attachments=_media(meta) or _media(spoken.get("metadata") or {}),
        ranking=[str(r.get("name")) for r in latest.get("intent_ranking") or []],
        typed=typed,
        cause=str((before.get("intent") or {}).get("name")) if before else None,
        found=_found(spoken),
        lately=lines(meta),
        home=meta.get("home"),
        danger=None if tapped else meta.get("danger"),
        tap=tap or _tapped(latest),
        tasks=() if tapped else tuple(spoken.get("tasks") or ()),
    )


def just_offered(tracker: Tracker, payload: str) -> bool:
    """Whether the bot's words before the latest message offered this button."""
    return _offered_after(_before(tracker), payload)[0]


def _tapped(message: dict[str, Any]) -> str | None:
    text = str(message.get("text") or "").strip()
    return text if text.startswith("/") else None


def _beside(message: dict[str, Any]) -> dict[str, str]:
    """Return what the tapped button says: more than the model has entities for, which the parse leaves out."""
    tapped = meaning(_tapped(message) or "")
    return tapped[1] if tapped else {}


def _typed(message: dict[str, Any]) -> str | None:
    text = str(message.get("text") or "").strip()
    return text if text and not text.startswith("/") else None


def _entities(message: dict[str, Any]) -> dict[str, str]:
    found: dict[str, str] = {}
    for entity in message.get("entities") or []:
        found.setdefault(str(entity.get("entity")), str(entity.get("value")))
    return found


def _found(message: dict[str, Any]) -> tuple[Entity, ...]:
    text = str(message.get("text") or "")
    return tuple(
        Entity(
            str(e.get("entity")),
            str(e.get("value")),
            text[start:end] if 0 <= (start := int(e.get("start", -1))) < (end := int(e.get("end", -1))) else "",
            start,
            int(e.get("end", -1)),
        )
        for e in message.get("entities") or []
    )


def _media(meta: dict[str, Any]) -> list[str]:
    return [str(a["media_id"] if isinstance(a, dict) else a) for a in meta.get("attachments") or []]


def _before(tracker: Tracker) -> list[dict[str, Any]]:
    """Return what had happened before the latest message, newest first."""
    latest = tracker.latest_message.get("text")
    events = list(reversed(tracker.events))
    said = [i for i, event in enumerate(events) if event.get("event") == "user"]
    if said and events[said[0]].get("text") == latest:
        return events[said[0] + 1 :]
    return events


def _offered_after(events: list[dict[str, Any]], payload: str) -> tuple[bool, dict[str, Any] | None]:
    """Return whether the bot's newest words (events newest first) offer a button, and the message before them."""
    offered = False
    for event in events:
        if event.get("event") == "bot":
            buttons = (event.get("data") or {}).get("buttons") or []
            offered = offered or any(b.get("payload") == payload for b in buttons)
        elif event.get("event") == "user":
            return offered, event
    return offered, None


def _asked_about(tracker: Tracker, tap: str | None) -> dict[str, Any] | None:
    """Return the parse of the message that the tapped button settles, None when there is none."""
    payload = tap or str(tracker.latest_message.get("text") or "")
    tapped = meaning(payload)
    if tapped is None:
        return None
    offered, event = _offered_after(_before(tracker), payload)
    if not offered or event is None:
        return None
    parse: dict[str, Any] = event.get("parse_data") or {}
    cause = (parse.get("intent") or {}).get("name")
    known = cause == tapped[0] or cause in UNSURE or cause in CAUSES.get(tapped[0], ())
    return parse if known else None
