"""The audit log: every change of every audited row, written in the transaction of the change.

A table opts out with ``__audited__ = False`` (it is a log itself). Columns marked ``info={"secret": True}`` are kept as
「***」, those that follow from another (``info={"derived": True}``) are left out. Lines are never changed or deleted by
the product. What the system does by itself in somebody's request (triage, dispatch) is its own: ``by_system``.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, ColumnElement, event, insert, inspect
from sqlalchemy.orm import Mapped, Session, UOWTransaction, mapped_column

from backend.kit import clock, context
from backend.kit.auth import Principal
from backend.kit.db import Base, BigId, UtcDateTime, code_column, id_column
from backend.kit.scope import Scoped, principal_of


class AuditLine(Scoped, Base):
    """Who did what to which row: before, after, from where."""

    __tablename__ = "audit_lines"
    __audited__ = False

    id: Mapped[int] = id_column()
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    actor_id: Mapped[int | None] = mapped_column(BigId, index=True)
    actor_name: Mapped[str] = code_column(64)
    community_id: Mapped[int | None] = mapped_column(BigId, index=True)
    action: Mapped[str] = code_column(16)
    entity: Mapped[str] = code_column(64, index=True)
    entity_id: Mapped[str] = code_column(64)
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    channel: Mapped[str] = code_column(16)
    ip: Mapped[str | None] = code_column(64)
    trace_id: Mapped[str] = code_column(64)

    @classmethod
    def readable_by(cls, who: Principal) -> ColumnElement[bool]:
        """Those who may read the log read the lines of their own estates."""
        return cls.community_id.in_(who.staff_community_ids)

    def writable_by(self, who: Principal) -> bool:
        """Lines are inserted by the flush hook only."""
        return False


SYSTEM = "系统"
_BY_SYSTEM = "audit_by_system"


@contextmanager
def by_system(session: Session) -> Iterator[None]:
    """Name the system as the actor of what changes inside the block; the rights stay those of the session's person."""
    session.flush()
    depth = session.info.get(_BY_SYSTEM, 0)
    session.info[_BY_SYSTEM] = depth + 1
    try:
        yield
        session.flush()
    finally:
        session.info[_BY_SYSTEM] = depth


def _plain(value: Any) -> Any:
    if isinstance(value, date):  # a moment, too
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return value


def _changes(row: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    state = inspect(row)
    for column in state.mapper.column_attrs:
        info = column.columns[0].info
        if info.get("derived"):
            continue
        secret = info.get("secret", False)
        history = state.attrs[column.key].history
        if history.has_changes():
            if history.deleted:
                before[column.key] = "***" if secret else _plain(history.deleted[0])
            if history.added:
                after[column.key] = "***" if secret else _plain(history.added[0])
    return before, after


def _line(session: Session, row: Any, action: str) -> dict[str, Any]:
    before, after = _changes(row)
    by_itself = bool(session.info.get(_BY_SYSTEM))
    who = None if by_itself else principal_of(session)
    origin = context.origin()
    if by_itself:
        origin = replace(origin, channel="system", ip=None)
    key = inspect(row).mapper.primary_key_from_instance(row)
    return {
        "at": clock.now(),
        "actor_id": who.person_id if who else None,
        "actor_name": who.name if who else SYSTEM,
        "community_id": getattr(row, "community_id", None),
        "action": action,
        "entity": row.__tablename__,
        "entity_id": ",".join(str(k) for k in key),
        "before": before or None,
        "after": after or None,
        "channel": "bot" if who and who.via == "bot" else origin.channel,
        "ip": origin.ip,
        "trace_id": origin.trace_id,
    }


@event.listens_for(Session, "after_flush")
def _record(session: Session, _context: UOWTransaction) -> None:
    if session.info.get("unaudited"):
        return
    work = [(row, "create") for row in session.new]
    work += [(row, "update") for row in session.dirty if session.is_modified(row)]
    work += [(row, "delete") for row in session.deleted]
    lines = [_line(session, row, action) for row, action in work if getattr(row, "__audited__", True)]
    if lines:
        session.connection().execute(insert(AuditLine), lines)
