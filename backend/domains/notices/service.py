"""Tell people something, in the transaction of what happened."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from backend.kit import outbox


@dataclass(frozen=True, slots=True)
class Telling:
    """What to tell: words, and buttons or a card beside them. ``key`` makes it once per person."""

    community_id: int
    text: str
    key: str
    buttons: tuple[dict[str, str], ...] = ()
    card: dict[str, Any] | None = field(default=None)


def tell(session: Session, person_ids: Iterable[int], telling: Telling) -> None:
    """Queue the notice for each person once, on the channel they use (the in-page mailbox)."""
    for person_id in dict.fromkeys(person_ids):
        outbox.enqueue(session, _notice(person_id, telling))


def tell_all(session: Session, wanted: Sequence[tuple[int, Telling]]) -> None:
    """Queue many notices at once, each for one person and once."""
    outbox.enqueue_all(session, [_notice(person_id, telling) for person_id, telling in wanted])


def _notice(person_id: int, telling: Telling) -> outbox.Notice:
    return outbox.Notice(
        person_id=person_id,
        community_id=telling.community_id,
        text=telling.text,
        dedupe_key=f"{telling.key}:{person_id}",
        payload={"buttons": list(telling.buttons), "card": telling.card},
    )
