"""Tell people something, in the transaction of what happened."""

from collections.abc import Iterable
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
        outbox.enqueue(
            session,
            outbox.Notice(
                person_id=person_id,
                community_id=telling.community_id,
                text=telling.text,
                dedupe_key=f"{telling.key}:{person_id}",
                payload={"buttons": list(telling.buttons), "card": telling.card},
            ),
        )
