"""What people said and what the bot made of it, for those who teach the bot. System work: call it in ``system_scope``."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from backend.domains.conversations import danger, danger_model
from backend.domains.conversations import repository_heard as repository
from backend.domains.conversations.domain import UNSETTLED
from backend.domains.conversations.models import Message
from backend.settings import get_settings


@dataclass(frozen=True, slots=True)
class Heard:
    """An inbound message. ``label`` is the title of a tapped button; ``nlu`` what the bot understood, if it was asked."""

    seq: int
    id: str
    conversation_id: str
    community_id: int
    person_id: int
    at: datetime
    text: str
    label: str | None
    settled: bool
    nlu: dict[str, Any]

    @property
    def is_tap(self) -> bool:
        """Whether a button was tapped instead of words being said."""
        return self.label is not None or self.text.startswith("/")

    @property
    def intent(self) -> str | None:
        """The intent that the bot acted on."""
        return (self.nlu.get("intent") or {}).get("name")

    @property
    def ranking(self) -> list[dict[str, Any]]:
        """Intents with their confidences, best first, without 「not understood」."""
        return [r for r in self.nlu.get("intent_ranking") or [] if r.get("name") not in (None, "nlu_fallback")]


def after(session: Session, seq: int, limit: int) -> list[Heard]:
    """Return inbound messages after a position, oldest first."""
    return _all(repository.inbound_after(session, seq, limit))


def newest(session: Session) -> int:
    """Return the position of the newest inbound message, 0 when there is none."""
    return repository.newest_inbound(session) or 0


def by_id(session: Session, message_id: str) -> Heard | None:
    """Return an inbound message."""
    return next(iter(_all(repository.inbound_by_id(session, message_id))), None)


def typed_before(
    session: Session, conversation_id: str, seq: int | None = None, at: datetime | None = None
) -> Heard | None:
    """Return the last message of a conversation that was typed, before a position or not after a moment."""
    return next(iter(_all(repository.typed_before(session, conversation_id, seq, at))), None)


def latest_typed(session: Session, limit: int) -> list[Heard]:
    """Return the newest typed messages, oldest first."""
    return list(reversed(_all(repository.latest_typed(session, limit))))


def remember(session: Session, message_id: str, nlu: dict[str, Any]) -> None:
    """Keep what the bot makes of a message that was answered without it; what it said at the time stays."""
    for row in repository.inbound_by_id(session, message_id):
        if not row.nlu:
            row.nlu = nlu


def is_danger(text: str, score: float) -> bool:
    """Tell whether such words are answered as danger before the bot is asked."""
    return danger.certain(text, score) is not None


def danger_evidence(text: str, score: float) -> float:
    """Return what the bot is told of danger with such a message."""
    told = danger.evidence(text, score)
    return score if told is None else told


def danger_scores(texts: Sequence[str]) -> list[float]:
    """Return how much each text sounds like danger. Needs no session."""
    settings = get_settings()
    model = danger_model.load(settings.from_root(settings.training_data), settings.var_dir)
    return [round(danger.score(text, model.score) or 0.0, 4) for text in texts]


def _all(rows: Sequence[Message]) -> list[Heard]:
    return [
        Heard(
            row.seq,
            row.id,
            row.conversation_id,
            row.community_id,
            row.person_id,
            row.at,
            row.text,
            row.label,
            row.status not in UNSETTLED,
            row.nlu or {},
        )
        for row in rows
    ]
