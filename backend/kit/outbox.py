"""The outbox: everything that leaves, written in the transaction of the change that it reports.

A row is delivered at least once, with its ``dedupe_key`` as the idempotency key, in order per person and channel: a row
waits until every earlier one of the same person and channel has gone or has been given up.

What is written into the database is delivered in a transaction (``Deliver``). What goes out over the network is pushed
(``Push``): nothing is held meanwhile, several at once, and it raises Postponed or GivenUp where it knows more than
「try again」.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, Text, and_, exists, func, insert, or_, select, update
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from backend.kit import clock, context, db
from backend.kit.db import Base, BigId, UtcDateTime, code_column, id_column
from backend.kit.scope import Open
from backend.settings import get_settings

PENDING, SENDING, DELIVERED, FAILED = "pending", "sending", "delivered", "failed"
LEASE = timedelta(seconds=60)
LONGEST_WAIT_S = 600
PUSHED_AT_ONCE, PUSHED_A_BATCH = 8, 32


class OutboxRow(Open, Base):
    """One thing to deliver to one person over one channel."""

    __tablename__ = "outbox"
    __audited__ = False
    why_open = "read by the delivery worker only; no API shows it"

    id: Mapped[int] = id_column()
    dedupe_key: Mapped[str] = code_column(190, unique=True)
    person_id: Mapped[int] = mapped_column(BigId, index=True)
    community_id: Mapped[int] = mapped_column(BigId)
    channel: Mapped[str] = code_column(16)
    text: Mapped[str] = mapped_column(Text)
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    status: Mapped[str] = code_column(16, default=PENDING, index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    delivered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_error: Mapped[str | None] = mapped_column(Text)
    trace_id: Mapped[str] = code_column(64)


@dataclass(frozen=True, slots=True)
class Notice:
    """What to tell somebody. ``payload`` may hold ``buttons`` and a ``card``."""

    person_id: int
    community_id: int
    text: str
    dedupe_key: str
    payload: dict[str, Any] = field(default_factory=dict)
    channel: str = "web"
    not_before: datetime | None = None


class Postponed(Exception):
    """Not now: try again, not before ``wait_s``."""

    def __init__(self, why: str, wait_s: int = 0) -> None:
        self.wait_s = wait_s
        super().__init__(why)


class GivenUp(Exception):
    """Trying again would not help; why is for staff."""


Deliver = Callable[[Session, OutboxRow], None]


@dataclass(frozen=True, slots=True)
class Push:
    """How a channel sends, and whom it tells (in a transaction) that a row was given up."""

    send: Callable[[OutboxRow], None]
    given_up: Callable[[Session, OutboxRow, str], None]


wake: Callable[[], None] = lambda: None  # noqa: E731


def set_wake(call: Callable[[], None]) -> None:
    """Say how the delivery worker is woken after a commit (the composition root knows)."""
    global wake
    wake = call


def enqueue(session: Session, notice: Notice) -> None:
    """Add a notice to the session's transaction; one that is there already (same key) is left alone."""
    if session.scalar(select(OutboxRow.id).where(OutboxRow.dedupe_key == notice.dedupe_key)):
        return
    session.add(OutboxRow(**_fields(notice)))
    db.after_commit(session, _wake)


def enqueue_all(session: Session, notices: Sequence[Notice]) -> None:
    """Add many notices in one statement; those that are there already are left alone."""
    wanted = {notice.dedupe_key: notice for notice in notices}
    known = (
        session.scalars(select(OutboxRow.dedupe_key).where(OutboxRow.dedupe_key.in_(list(wanted)))) if wanted else ()
    )
    there = set(known)
    rows = [_fields(notice) for key, notice in wanted.items() if key not in there]
    if rows:
        session.execute(insert(OutboxRow), rows)
        db.after_commit(session, _wake)


def _fields(notice: Notice) -> dict[str, Any]:
    moment = clock.now()
    return {
        "dedupe_key": notice.dedupe_key,
        "person_id": notice.person_id,
        "community_id": notice.community_id,
        "channel": notice.channel,
        "text": notice.text,
        "payload": notice.payload,
        "next_attempt_at": notice.not_before or moment,
        "created_at": moment,
        "trace_id": context.origin().trace_id,
    }


def _wake() -> None:
    wake()


def due(session: Session, of: Collection[str] | None = None, but: Collection[str] = (), limit: int = 100) -> list[int]:
    """Return the ids of rows to deliver now: due or abandoned by a dead worker, and first in line.

    ``of`` limits them to channels; those of ``but`` are left out.
    """
    moment = clock.now()
    earlier = aliased(OutboxRow)
    blocked = exists(
        select(earlier.id).where(
            earlier.person_id == OutboxRow.person_id,
            earlier.channel == OutboxRow.channel,
            earlier.id < OutboxRow.id,
            earlier.status.in_((PENDING, SENDING)),
        )
    )
    ready = and_(OutboxRow.status.in_((PENDING, SENDING)), OutboxRow.next_attempt_at <= moment, ~blocked)
    if of is not None:
        ready = and_(ready, OutboxRow.channel.in_(sorted(of)))
    if but:
        ready = and_(ready, OutboxRow.channel.not_in(sorted(but)))
    return list(session.scalars(select(OutboxRow.id).where(ready).order_by(OutboxRow.id).limit(limit)))


def claim(session: Session, row_id: int) -> OutboxRow | None:
    """Take a row for delivery; None when another worker has it. The lease ends by itself if this worker dies."""
    moment = clock.now()
    taken = session.execute(
        update(OutboxRow)
        .where(
            OutboxRow.id == row_id,
            OutboxRow.status.in_((PENDING, SENDING)),
            OutboxRow.next_attempt_at <= moment,
        )
        .values(status=SENDING, next_attempt_at=moment + LEASE, attempts=OutboxRow.attempts + 1)
    )
    return session.get(OutboxRow, row_id, populate_existing=True) if taken.rowcount == 1 else None  # type: ignore[attr-defined]


def deliver_due(deliverers: Mapping[str, Deliver], pushes: Mapping[str, Push] | None = None) -> int:
    """Deliver everything that is due, each row in a transaction of its own. Returns how many went out.

    A batch of pushes is not large: a network that hangs must not keep what is delivered here waiting for long.
    """
    sent, ways = 0, pushes or {}
    while True:
        with db.transaction(read_only=True) as session:
            ids, to_push = due(session, but=ways), due(session, of=ways, limit=PUSHED_A_BATCH) if ways else []
        if not ids and not to_push:
            return sent
        sent += sum(_deliver_one(row_id, deliverers, ways) for row_id in ids)
        if to_push:
            with ThreadPoolExecutor(PUSHED_AT_ONCE, thread_name_prefix="push") as pool:
                # One row of a person and channel at a time is due, so these are in no order among themselves.
                sent += sum(pool.map(lambda row_id: _deliver_one(row_id, deliverers, ways), to_push))


def _deliver_one(row_id: int, deliverers: Mapping[str, Deliver], pushes: Mapping[str, Push]) -> bool:
    with db.transaction() as session:
        row = claim(session, row_id)
    if row is None:
        return False
    context.set_origin(trace_id=row.trace_id, channel=row.channel)
    push = pushes.get(row.channel)
    try:
        if push is not None:
            push.send(row)
        with db.transaction() as session:
            mine = session.merge(row, load=True)
            if push is None:
                deliverers[mine.channel](session, mine)
            mine.status, mine.delivered_at, mine.last_error = DELIVERED, clock.now(), None
        return True
    except Exception as error:  # a neighbour's failure of any kind must not stop the queue
        with db.transaction() as session:
            put_back = _put_back(session, row_id, error)
            if push is not None and put_back.status == FAILED:
                push.given_up(session, put_back, str(error))
        return False


def _put_back(session: Session, row_id: int, error: Exception) -> OutboxRow:
    row = session.get_one(OutboxRow, row_id)
    wait_s = min(2**row.attempts, LONGEST_WAIT_S)
    if isinstance(error, Postponed):
        wait_s = max(wait_s, error.wait_s)
    row.last_error = f"{type(error).__name__}: {error}"[:500]
    over = isinstance(error, GivenUp) or row.attempts >= get_settings().outbox_attempts
    row.status = FAILED if over else PENDING
    row.next_attempt_at = clock.now() + timedelta(seconds=wait_s)
    return row


def take(session: Session, key_prefix: str) -> list[OutboxRow]:
    """Take the rows whose key begins so, to hand them over in another way; none when one of them is on its way already, or
    has to wait for an earlier one of its person.

    Rows that were taken so before may be taken again: whoever asked did not get the answer.
    """
    mine = select(OutboxRow).where(OutboxRow.dedupe_key.startswith(key_prefix, autoescape=True))
    rows = list(session.scalars(mine.order_by(OutboxRow.id).with_for_update()))
    if not rows or any(not (row.status == PENDING and row.attempts == 0) and not _was_taken(row) for row in rows):
        return []
    first = rows[0]
    earlier = select(OutboxRow.id).where(
        OutboxRow.person_id == first.person_id,
        OutboxRow.channel == first.channel,
        OutboxRow.id < first.id,
        OutboxRow.status.in_((PENDING, SENDING)),
    )
    if session.scalar(earlier.limit(1)) is not None:
        return []
    for row in rows:
        row.status, row.delivered_at = DELIVERED, row.delivered_at or clock.now()
    return rows


def hasten(session: Session, key_prefix: str) -> None:
    """Make the rows whose key begins so due now, those that nobody has tried yet."""
    waiting = (OutboxRow.status == PENDING, OutboxRow.attempts == 0)
    mine = OutboxRow.dedupe_key.startswith(key_prefix, autoescape=True)
    session.execute(update(OutboxRow).where(mine, *waiting).values(next_attempt_at=clock.now()))
    db.after_commit(session, _wake)


def _was_taken(row: OutboxRow) -> bool:
    return row.status == DELIVERED and row.attempts == 0


def backlog(session: Session) -> dict[str, int]:
    """Return how many rows wait and how many were given up (for /metrics and the dashboard)."""
    rows = session.execute(
        select(OutboxRow.status, func.count())
        .where(or_(OutboxRow.status == PENDING, OutboxRow.status == SENDING, OutboxRow.status == FAILED))
        .group_by(OutboxRow.status)
    )
    return {str(status): int(count) for status, count in rows}
