"""How often something was done lately, to keep it in limits: by an address, a label, an account of a channel.

Keys are digests. Windows are fixed: the first moment of each is a multiple of its length. What is refused is rolled back
with its transaction and so is not counted.
"""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects import mysql, postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from backend.kit import clock
from backend.kit.db import Base, UtcDateTime, code_column
from backend.kit.scope import Open
from backend.settings import get_settings


class Count(Open, Base):
    """How often something was done under a key until a moment."""

    __tablename__ = "counts"
    __audited__ = False
    why_open = "digests and numbers, nobody's data"

    key: Mapped[str] = code_column(96, primary_key=True)
    count: Mapped[int]
    until: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


def window_end(window_s: int) -> datetime:
    """Return when the present window ends."""
    start = int(clock.now().timestamp()) // window_s * window_s
    return datetime.fromtimestamp(start, UTC) + timedelta(seconds=window_s)


def count_one(session: Session, what: str, by: str, whose: str, window_s: int) -> int:
    """Count one more within the window and return how many it is now. The row is locked until the transaction ends."""
    until = window_end(window_s)
    secret = get_settings().secret_key.get_secret_value()
    digest = hashlib.sha256(f"{secret}:{by}:{whose}".encode()).hexdigest()[:40]
    key = f"{what}:{by}:{int(until.timestamp())}:{digest}"
    values = {"key": key, "count": 1, "until": until}
    more = {"count": Count.count + 1}
    dialect = session.get_bind().dialect.name
    if dialect in _UPSERTS:
        upsert = _UPSERTS[dialect](Count).values(**values)
        session.execute(upsert.on_conflict_do_update(index_elements=["key"], set_=more))
    else:
        session.execute(mysql.insert(Count).values(**values).on_duplicate_key_update(**more))
    return session.scalars(select(Count.count).where(Count.key == key)).one()


_UPSERTS: dict[str, Any] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


def prune(session: Session) -> int:
    """Delete counts whose window is over. Returns how many."""
    done = session.execute(delete(Count).where(Count.until < clock.now()))
    return int(done.rowcount)  # type: ignore[attr-defined]
