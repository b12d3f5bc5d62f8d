"""What was said to the person lately, replies and notices alike: the backend sends it along with each message."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from actions._words import Button

_PAYLOAD = re.compile(r"^/([a-z_]+)(\{.*\})?$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Line:
    """One line. ``turn`` 0 came since the person's message before this one; ``number`` is the order of its card."""

    text: str
    buttons: tuple[Button, ...] = ()
    number: str | None = None
    turn: int = 0


def lines(meta: dict[str, Any]) -> tuple[Line, ...]:
    """Return the lines of a message's metadata, oldest first."""
    return tuple(
        Line(
            str(one.get("text") or ""),
            tuple(one.get("buttons") or ()),
            one.get("order"),
            int(one.get("turn") or 0),
        )
        for one in meta.get("lately") or ()
    )


def meaning(payload: str) -> tuple[str, dict[str, str]] | None:
    """Return intent and entities of a button's payload, None for one that only says words."""
    match = _PAYLOAD.match(payload)
    if match is None:
        return None
    try:
        entities = json.loads(match[2] or "{}")
    except ValueError:
        return None
    return match[1], {str(k): str(v) for k, v in entities.items()}


def just_said(said: Sequence[Line]) -> list[Line]:
    """Return what the person has not answered yet, newest first."""
    return [line for line in reversed(said) if line.turn == 0]


def listed(said: Sequence[Line]) -> list[Button]:
    """Return the newest buttons to choose one of: all of one intent, or none about a certain order."""
    for line in just_said(said):
        meant = [meaning(b["payload"]) for b in line.buttons]
        known = [m for m in meant if m is not None]
        alike = len({intent for intent, _ in known}) == 1 or all("order_number" not in e for _, e in known)
        if len(known) == len(meant) >= 2 and alike:
            return list(line.buttons)
    return []


def numbers(said: Sequence[Line]) -> list[str]:
    """Return the orders of these lines, each once, in order."""
    found: dict[str, None] = {}
    for line in said:
        of_buttons = [m[1].get("order_number") for b in line.buttons if (m := meaning(b["payload"]))]
        found.update(dict.fromkeys(n for n in (line.number, *of_buttons) if n))
    return list(found)


def offered(said: Sequence[Line]) -> list[str]:
    """Return the orders that the person sees before them: those of the newest list, else all just shown."""
    for line in just_said(said):
        found = numbers([line])
        if len(found) >= 2:
            return found
    return numbers([line for line in said if line.turn == 0])


def last_shown(said: Sequence[Line], turns: int) -> str | None:
    """Return the one order that was shown last, at most ``turns`` turns ago; None when several were shown together."""
    for turn in range(turns):
        found = numbers([line for line in said if line.turn == turn])
        if found:
            return found[0] if len(found) == 1 else None
    return None
