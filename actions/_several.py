"""Several things in one message: each is done in order, and one reply confirms them all."""

import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from rasa_sdk.executor import CollectingDispatcher

from actions._client import BackendError
from actions._registry import registry
from actions._replies import FAILED, reply_for
from actions._said import Said

if TYPE_CHECKING:
    from actions._base import Events, Turn

logger = logging.getLogger(__name__)

REPORTS = frozenset({"report_repair", "report_emergency", "complain"})
MOST_BUTTONS = 4


async def act_on_all(turn: "Turn") -> "Events":
    """Do the tasks of the message one after another. What fails is said in its place; the others go on."""
    events: Events = []
    lines: list[str] = []
    buttons: list[dict[str, Any]] = []
    rest: list[dict[str, Any]] = []
    for task in turn.said.tasks:
        heard = CollectingDispatcher()
        try:
            events += (
                await registry()[task["intent"]].act(replace(turn, said=_part(turn.said, task), dispatcher=heard)) or []
            )
        except BackendError as error:
            heard.utter_message(text=reply_for(error) or FAILED)
        for message in heard.messages:
            if message.get("text"):
                lines.append(str(message["text"]))
                buttons += message.get("buttons") or []
            if message.get("custom"):
                rest.append(message["custom"])
    if lines:
        numbered = "\n".join(f"{n}. {line}" for n, line in enumerate(lines, 1)) if len(lines) > 1 else lines[0]
        turn.dispatcher.utter_message(text=numbered, buttons=buttons[:MOST_BUTTONS] or None)
    for card in rest:
        turn.dispatcher.utter_message(json_message=card)
    return events


def is_several(said: Said) -> bool:
    """Tell whether the message wants several things that are all ours to do."""
    return len(said.tasks) > 1 and all(task["intent"] in registry() for task in said.tasks)


def _part(said: Said, task: dict[str, Any]) -> Said:
    inside = tuple(e for e in said.found if task["start"] <= e.start and e.end <= task["end"])
    return replace(
        said,
        intent=str(task["intent"]),
        confidence=1.0,
        words=str(task["text"]),
        typed=str(task["text"]),
        entities={e.name: e.value for e in reversed(inside)},
        found=inside,
        items=said.items if task["intent"] in REPORTS else [],
        tasks=(),
    )
