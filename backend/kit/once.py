"""Idempotency keys: a request that is sent again under its key happens once; another body under the same key is refused.

Kept as digests only. ``claim`` belongs into the transaction of what must happen once: whoever comes second waits there
until the first has committed.
"""

import hashlib
import json
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from backend.kit import clock
from backend.kit.db import Base, UtcDateTime, code_column
from backend.kit.problems import Conflict
from backend.kit.scope import Open

KEEP = timedelta(days=30)


class UsedKey(Open, Base):
    """A key that was used: for what, by whom (as one digest), and what was sent."""

    __tablename__ = "used_keys"
    __audited__ = False
    why_open = "digests only, nobody's data"

    digest: Mapped[str] = code_column(64, primary_key=True)
    sent: Mapped[str] = code_column(64)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class KeyReused(Conflict):
    """The Idempotency-Key belongs to another request."""

    type, title = "/problems/key-reused", "Idempotency-Key reused"
    default_detail = "这个 Idempotency-Key 已经用过，但这次的内容不一样。内容有变请换一个新的。"


def _digest(*parts: Any) -> str:
    return hashlib.sha256(json.dumps(parts, ensure_ascii=True, sort_keys=True, default=str).encode()).hexdigest()


def claim(session: Session, person_id: int, what: str, key: str | None, body: Any) -> bool:
    """Tell whether this is the first time; without a key it always is. Raises KeyReused for another body."""
    if not key:
        return True
    digest, sent = _digest(person_id, what, key), _digest(body)
    known = _sent(session, digest)
    if known is None:
        try:
            with session.begin_nested():
                session.add(UsedKey(digest=digest, sent=sent, at=clock.now()))
            return True
        except IntegrityError:  # the same key came at the same moment
            known = _sent(session, digest)
    if known != sent:
        raise KeyReused()
    return False


def is_used(session: Session, person_id: int, what: str, key: str) -> bool:
    """Tell whether a key has been used, whatever was sent."""
    return _sent(session, _digest(person_id, what, key)) is not None


def _sent(session: Session, digest: str) -> str | None:
    return session.scalar(select(UsedKey.sent).where(UsedKey.digest == digest))


def prune(session: Session) -> int:
    """Forget keys that nobody will send again. Returns how many."""
    done = session.execute(delete(UsedKey).where(UsedKey.at < clock.now() - KEEP))
    return int(done.rowcount)  # type: ignore[attr-defined]
