"""Every SQL statement about the audit log. There is no statement that changes it."""

from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from backend.kit.audit import AuditLine


def search(session: Session, q: str | None, before_id: int | None, limit: int) -> Sequence[AuditLine]:
    """Return lines by actor, table, row, action or trace, newest first."""
    query = select(AuditLine).order_by(AuditLine.id.desc()).limit(limit)
    if before_id is not None:
        query = query.where(AuditLine.id < before_id)
    if q:
        query = query.where(
            or_(
                AuditLine.actor_name.contains(q, autoescape=True),
                AuditLine.entity.contains(q, autoescape=True),
                AuditLine.entity_id == q,
                AuditLine.action == q,
                AuditLine.trace_id == q,
            )
        )
    return session.scalars(query).all()
