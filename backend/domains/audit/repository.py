"""Every SQL statement about the audit log. There is no statement that changes it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from backend.kit.audit import AuditLine


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for: the words as they are, the tables and actions they name, and the rows (table → ids)."""

    words: str
    entities: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    rows: tuple[tuple[str, tuple[str, ...]], ...] = ()


def search(session: Session, wanted: Wanted | None, before_id: int | None, limit: int) -> Sequence[AuditLine]:
    """Return lines by actor, table, row, action or trace, newest first."""
    query = select(AuditLine).order_by(AuditLine.id.desc()).limit(limit)
    if before_id is not None:
        query = query.where(AuditLine.id < before_id)
    if wanted is not None:
        rows = [and_(AuditLine.entity == entity, AuditLine.entity_id.in_(ids)) for entity, ids in wanted.rows]
        query = query.where(
            or_(
                AuditLine.actor_name.contains(wanted.words, autoescape=True),
                AuditLine.entity.contains(wanted.words, autoescape=True),
                AuditLine.entity.in_(wanted.entities),
                AuditLine.entity_id == wanted.words,
                AuditLine.action == wanted.words,
                AuditLine.action.in_(wanted.actions),
                AuditLine.trace_id == wanted.words,
                *rows,
            )
        )
    return session.scalars(query).all()
