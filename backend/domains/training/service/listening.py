"""Messages that were answered without the bot keep what its model makes of them, too: danger, and what staff answered.

``pending`` and ``keep`` are short transactions; the bot is asked in between, with none open.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from backend.domains.conversations.service import bot_models, heard
from backend.domains.conversations.service.bot_models import BotUnavailable
from backend.domains.training import repository
from backend.domains.training.domain import EMERGENCY, Why
from backend.domains.training.service.gathering import AFTERWARDS, SETTLES_WITHIN, role_of
from backend.kit import clock

MARK = "unheard"
LOOKED_AT = 100


@dataclass(frozen=True, slots=True)
class Unheard:
    """Messages that the bot has not been asked about: (id, words, role), and up to where was looked."""

    messages: list[tuple[str, str, str]]
    up_to: int


def pending(session: Session) -> Unheard:
    """Return the next messages without the model's opinion. System work."""
    mark = repository.mark(session, MARK)
    found: list[tuple[str, str, str]] = []
    up_to = mark.last_id
    for said in heard.after(session, mark.last_id, LOOKED_AT):
        if not said.settled and clock.now() - said.at < SETTLES_WITHIN:
            break
        up_to = said.seq
        if not said.nlu and not said.is_tap and said.text.strip():
            found.append((said.id, said.text, role_of(session, said.person_id)))
    return Unheard(found, up_to)


def ask(messages: Sequence[tuple[str, str, str]]) -> list[tuple[str, dict[str, Any]]]:
    """Return (id, what the bot makes of it). Raises BotUnavailable: then all are asked again later."""
    scores = heard.danger_scores([text for _, text, _ in messages])
    made = []
    for (message_id, text, role), score in zip(messages, scores, strict=True):
        nlu = bot_models.understand(text, {"roles": [role], "danger": heard.danger_evidence(text, score)})
        intent = (nlu.get("intent") or {}).get("name")
        missed = intent != EMERGENCY and heard.is_danger(text, score)
        made.append((message_id, {**nlu, AFTERWARDS: Why.MISSED_DANGER if missed else True}))
    return made


def keep(session: Session, said: Unheard, opinions: Sequence[tuple[str, dict[str, Any]]]) -> None:
    """Write the opinions beside the messages. System work."""
    for message_id, nlu in opinions:
        heard.remember(session, message_id, nlu)
    repository.mark(session, MARK).last_id = said.up_to


__all__ = ["BotUnavailable", "Unheard", "ask", "keep", "pending"]
